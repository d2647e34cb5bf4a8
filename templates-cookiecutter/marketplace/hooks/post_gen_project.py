"""Takes out what was not chosen, makes the commands runnable, keeps a record for upgrades, says what to do next."""

import json
import os
import shutil
from pathlib import Path

ANSWERS = {
{%- for key, value in cookiecutter.items() if not key.startswith("_") %}
    {{ key|tojson }}: {{ value|tojson }},
{%- endfor %}
}
LANGUAGES = [code.strip() for code in ANSWERS["languages"].split(",")]

try:
    from marketwright.version import __version__ as VERSION
except ImportError:
    VERSION = ""

for leftover in sorted(Path().rglob("__pycache__")):  # pip compiles what it installs, templates included
    shutil.rmtree(leftover)
for folder in Path("content").iterdir():
    if folder.is_dir() and folder.name not in LANGUAGES:
        shutil.rmtree(folder)
for command in ("demo", "check", "marketwright"):
    Path(command).chmod(0o755)

# what was baked, so that `marketwright upgrade` can tell it from what was changed since
files = {
    file.as_posix(): {"mode": oct(file.stat().st_mode & 0o777)[2:], "text": file.read_text("utf-8")}
    for file in sorted(Path().rglob("*"))
    if file.is_file()
}
record = {"marketwright": VERSION, "template": "marketplace", "answers": ANSWERS, "files": files}
Path(".marketwright").mkdir()
Path(".marketwright/baked.json").write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")

if not os.environ.get("MARKETWRIGHT_QUIET"):
    print(f"""
Baked {ANSWERS["project_name"]} into {ANSWERS["project_slug"]}/. Next:

  cd {ANSWERS["project_slug"]}
  ./demo       serves it with demo data on http://127.0.0.1:8000
  ./check      settings, plugins, theme and tests
  then fill in what README.md lists: who runs it, the texts, the mail, the host name""")
