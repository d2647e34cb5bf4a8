"""Refuses answers that could not work, each with the reason and the fix."""

import re
import sys

SLUG = {{ cookiecutter.project_slug|tojson }}
NAME = {{ cookiecutter.project_name|tojson }}
LANGUAGES = [code.strip() for code in {{ cookiecutter.languages|tojson }}.split(",")]
COUNTRY = {{ cookiecutter.country|tojson }}
CURRENCY = {{ cookiecutter.currency|tojson }}
COLOUR = {{ cookiecutter.brand_colour|tojson }}

problems = []
if not NAME.strip() or len(NAME) > 60 or any(c in NAME for c in "\"\\\n"):
    problems.append("project_name: 1 to 60 characters, without quotes or backslashes.")
if not re.fullmatch(r"[a-z][a-z0-9-]{1,40}", SLUG):
    problems.append(f"project_slug: {SLUG!r} must begin with a small letter and hold small letters, digits, hyphens.")
if not LANGUAGES or any(code not in ("en", "fr") for code in LANGUAGES):
    problems.append("languages: en, fr, or both parted by a comma.")
if not re.fullmatch(r"[A-Z]{2}", COUNTRY):
    problems.append(f"country: {COUNTRY!r} is not two capital letters, such as FR.")
if not re.fullmatch(r"[A-Z]{3}", CURRENCY):
    problems.append(f"currency: {CURRENCY!r} is not three capital letters, such as EUR.")
if COLOUR and not re.fullmatch(r"#[0-9a-fA-F]{6}", COLOUR):
    problems.append(f"brand_colour: {COLOUR!r} is not a colour such as #0b5a43.")
for problem in problems:
    print(f"Error: {problem}", file=sys.stderr)
sys.exit(1 if problems else 0)
