"""The house stays in shape: short files, short functions, no junk rooms, every folder in the wheel."""

import ast
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = [
    f for base in ("core", "plugins", "themes", "scripts") for f in sorted((ROOT / base).rglob("*.py"))
    if "migrations/versions" not in f.as_posix()
]  # fmt: skip
LONGEST_FILE, LONGEST_FUNCTION = 400, 60


def test_no_file_is_longer_than_four_hundred_lines():
    long = {str(f.relative_to(ROOT)): n for f in SOURCES if (n := len(f.read_text().splitlines())) > LONGEST_FILE}
    assert not long


def test_no_function_is_longer_than_sixty_lines():
    long = []
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    long.append(f"{file.relative_to(ROOT)}:{node.lineno} {node.name} {lines}")
    assert not long


@pytest.mark.parametrize("name", ["utils", "util", "helpers", "common", "misc"])
def test_no_room_is_a_junk_drawer(name):
    assert not [f for f in SOURCES if f.stem == name or name in f.parts]


def test_every_plugin_and_theme_is_in_the_wheel_and_has_its_entry_point():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    found = (*ROOT.glob("plugins/*/marketwright_*"), *ROOT.glob("themes/*/marketwright_theme_*"))
    folders = {str(p.relative_to(ROOT)) for p in found}
    assert folders <= packages
    points = project["project"]["entry-points"]
    values = {*points["marketwright.plugins"].values(), *points["marketwright.themes"].values()}
    assert values == {Path(f).name for f in folders}


def test_the_types_of_every_plugin_are_checked():
    checked = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["packages"])
    assert {p.name for p in ROOT.glob("plugins/*/marketwright_*")} < checked


def test_every_plugin_has_a_readme_and_tests():
    for folder in (ROOT / "plugins").iterdir():
        if folder.is_dir():
            assert (folder / "README.md").is_file(), folder.name
            assert list((folder / "tests").glob("test_*.py")), folder.name


def test_no_path_of_a_machine_and_no_registry_stands_in_the_tree():
    words = ["/home/", "/root/", "pypi.org/simple", "pythonhosted.org"]
    run = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    listed = run.stdout.splitlines()
    found = []
    for name in listed:
        file = ROOT / name
        if file.suffix in (".py", ".md", ".toml", ".sh", ".html", ".txt") and file.is_file() and file != Path(__file__):
            text = file.read_text(errors="ignore")
            found += [f"{name}: {word}" for word in words if word in text]
    assert not found
