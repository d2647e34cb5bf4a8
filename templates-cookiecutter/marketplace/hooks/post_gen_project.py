"""Takes out what was not chosen, makes the two commands runnable, says what to do next."""

import shutil
from pathlib import Path

LANGUAGES = [code.strip() for code in "{{ cookiecutter.languages }}".split(",")]
for folder in Path("content").iterdir():
    if folder.is_dir() and folder.name not in LANGUAGES:
        shutil.rmtree(folder)
for command in ("demo", "check"):
    Path(command).chmod(0o755)
print("Baked {{ cookiecutter.project_slug }}. Next: cd {{ cookiecutter.project_slug }} && ./demo")
