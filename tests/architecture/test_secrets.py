"""Passwords and codes are read as they were typed, in whatever form."""

import ast
from pathlib import Path

import pytest

FOLDERS = ("core/marketwright", "plugins")
HOME = Path(__file__).parents[2]
NAMES = {"password", "current"}
OTHER_FIELDS = {"TextField", "OptionalText", "Str", "String"}


def fields_in(source: str) -> list[tuple[str, str]]:
    """(name, class) of every field that a schema gives a name to, as attribute or as key of a dict."""
    found = []
    for node in ast.walk(ast.parse(source)):
        pairs: list[tuple[object, ast.expr | None]] = []
        if isinstance(node, ast.Assign):
            pairs = [(t.id, node.value) for t in node.targets if isinstance(t, ast.Name)]
        elif isinstance(node, ast.Dict):
            pairs = [(k.value, v) for k, v in zip(node.keys, node.values, strict=True) if isinstance(k, ast.Constant)]
        for name, value in pairs:
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Name | ast.Attribute):
                called = value.func.id if isinstance(value.func, ast.Name) else value.func.attr
                found.append((str(name), called))
    return found


def test_the_search_finds_a_field_that_strips():
    assert fields_in("class A:\n    current = TextField()\nb = {'password': fields.Str()}") == [
        ("current", "TextField"), ("password", "Str"),
    ]  # fmt: skip


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_schema_reads_a_password_but_as_a_secret(folder):
    wrong = [
        (str(file.relative_to(HOME)), name)
        for file in sorted((HOME / folder).rglob("*.py"))
        for name, called in fields_in(file.read_text("utf-8"))
        if name in NAMES and called in OTHER_FIELDS
    ]
    assert wrong == []
