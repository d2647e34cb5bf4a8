"""Refuses answers that could not work, each with the reason and the fix."""

import re
import sys

ANSWERS = {
{%- for key, value in cookiecutter.items() if not key.startswith("_") %}
    {{ key|tojson }}: {{ value|tojson }},
{%- endfor %}
}

try:
    from marketwright.baking.plugins import problems
except ImportError:
    # cookiecutter on its own: what could break the folder is refused here
    found = []
    if not re.fullmatch("[a-z][a-z0-9_]{1,40}", ANSWERS["plugin_name"]):
        found.append("plugin_name: begins with a small letter and holds 2 to 41 small letters, digits and _.")
    found += [f"{key}: without quotes, braces and \\." for key, value in ANSWERS.items() if set('"\\{}') & set(value)]
else:
    found = problems(ANSWERS)
for sentence in found:
    print(f"Error: {sentence}", file=sys.stderr)
sys.exit(1 if found else 0)
