"""Refuses answers that could not work, each with the reason and the fix."""

import re
import sys

ANSWERS = {
{%- for key, value in cookiecutter.items() if not key.startswith("_") %}
    {{ key|tojson }}: {{ value|tojson }},
{%- endfor %}
}

try:
    from marketwright.baking.hooks import refuse
except ImportError:
    # cookiecutter on its own: what could break the folder is refused here, the rest when marketwright first starts
    problems = []
    if not ANSWERS["project_name"].strip() or set('"\\{}<>\n') & set(ANSWERS["project_name"]):
        problems.append("project_name: 1 to 60 characters, without quotes, backslashes, braces or angle brackets.")
    if not re.fullmatch("[a-z][a-z0-9-]{1,40}", ANSWERS["project_slug"]):
        problems.append("project_slug: begins with a small letter and holds 2 to 41 small letters, digits, hyphens.")
    for key, shape in (("languages", "(en|fr)( *, *(en|fr))?"), ("country", "[A-Z]{2}"), ("currency", "[A-Z]{3}"),
                       ("brand_colour", "(#[0-9a-fA-F]{6})?")):
        if not re.fullmatch(shape, ANSWERS[key]):
            problems.append(f"{key}: {ANSWERS[key]!r} could not work.")
    for problem in problems:
        print(f"Error: {problem}", file=sys.stderr)
    sys.exit(1 if problems else 0)
sys.exit(refuse(ANSWERS))
