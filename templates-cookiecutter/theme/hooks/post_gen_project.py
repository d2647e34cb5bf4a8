"""Says what to do next."""

import os

NAME = {{ cookiecutter.theme_name|tojson }}

if not os.environ.get("MARKETWRIGHT_QUIET"):
    print(f"""
Baked {NAME} into {NAME}/. Next:

  cd {NAME} && python -m pytest""")
