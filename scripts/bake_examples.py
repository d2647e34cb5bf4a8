"""Bakes the examples again from the template: all but what is their own (words, drawings, legal notice, tagline)."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from marketwright.baking.bake import bake
from marketwright.baking.offers import installed_offers

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = {
    "cybersecurity": {"project_name": "Bastion", "project_slug": "bastion", "niche": "cybersecurity"},
    "ai": {"project_name": "Synapse", "project_slug": "synapse", "niche": "ai", "theme": "synapse"},
    "data": {"project_name": "Lattice", "project_slug": "lattice", "niche": "data", "theme": "lattice"},
}
OWN = ("content", "theme", ".marketwright")  # the record of a baking is for folders that are upgraded
OWN_TABLES = ("marketplace.tagline", "legal")
# What the example alone has stands between these two lines, before two lines that are baked.
OWN_BLOCK = re.compile(r"^ *# Of this example alone:\n.*?^ *# Baked again:\n", re.MULTILINE | re.DOTALL)


def main() -> None:
    """Write every example anew and name what changed."""
    for name, answers in EXAMPLES.items():
        with tempfile.TemporaryDirectory() as scratch:
            baked = bake("marketplace", answers, Path(scratch), offers=installed_offers())
            renew(baked, ROOT / "examples" / name)


def renew(baked: Path, example: Path) -> None:
    """Make ``example`` what was ``baked``, but for what is its own."""
    kept = example / "marketplace.toml"
    settings = kept.read_text("utf-8") if kept.is_file() else ""
    for file in [f for f in sorted(baked.rglob("*")) if f.is_file()]:
        path = file.relative_to(baked)
        target = example / path
        if path.parts[0] == ".marketwright" or (path.parts[0] in OWN and target.exists()):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, target)
    fresh = (example / "marketplace.toml").read_text("utf-8")
    for table in OWN_TABLES:
        shape = re.compile(rf"^\[{re.escape(table)}\]\n(?:(?!\[|#).*\n)*", re.MULTILINE)
        mine = shape.search(settings)
        if mine is not None:
            fresh = shape.sub(mine.group().replace("\\", "\\\\"), fresh)
    for block in OWN_BLOCK.finditer(settings):
        anchor = "".join(settings[block.end() :].splitlines(keepends=True)[:2])
        fresh = fresh.replace(anchor, block.group() + anchor, 1)
    (example / "marketplace.toml").write_text(fresh, "utf-8")


if __name__ == "__main__":
    main()
