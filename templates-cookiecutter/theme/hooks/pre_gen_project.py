"""Refuses answers that could not work, each with the reason and the fix."""

import re
import sys

ANSWERS = {
{%- for key, value in cookiecutter.items() if not key.startswith("_") %}
    {{ key|tojson }}: {{ value|tojson }},
{%- endfor %}
}

try:
    from marketwright.baking.themes import problems
except ImportError:
    # cookiecutter on its own: what could break the folder is refused here
    found = []
    if not re.fullmatch("[a-z][a-z0-9_]{1,40}", ANSWERS["theme_name"]):
        found.append("theme_name: begins with a small letter and holds 2 to 41 small letters, digits and _.")
    if not re.fullmatch("#[0-9a-fA-F]{6}", ANSWERS["brand_colour"]):
        found.append("brand_colour: write it as #2f5d8a.")
    if not re.fullmatch("[0-9]{1,2}", ANSWERS["roundness"]):
        found.append("roundness: a number of pixels.")
else:
    found = problems(ANSWERS)
for sentence in found:
    print(f"Error: {sentence}", file=sys.stderr)
sys.exit(1 if found else 0)
