"""Keeps the files of the kind that was chosen, and says what to do next."""

import os
import shutil
from pathlib import Path

KIND, NAME = {{ cookiecutter.kind|tojson }}, {{ cookiecutter.plugin_name|tojson }}

chosen = Path("kinds") / KIND
for file in sorted(f for f in chosen.rglob("*") if f.is_file()):
    target = Path(*file.relative_to(chosen).parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    file.rename(target)
shutil.rmtree("kinds")

if not os.environ.get("MARKETWRIGHT_QUIET"):
    print(f"""
Baked {NAME} into {NAME}/. Next:

  cd {NAME} && python -m pytest""")
