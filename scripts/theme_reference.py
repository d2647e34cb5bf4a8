"""What templates may rely on, read from the code: tokens, slots, pages with their blocks and contexts."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from marketwright.dress import TOKENS_CSS, core_folders
from marketwright.strategies.slots import REQUIRED_SLOTS, SLOTS
from marketwright.theming.blocks import Templates
from marketwright.theming.loader import Layer, LayeredEnvironment, LayeredLoader

CORE = Path(inspect.getfile(import_module("marketwright"))).parent
SHARED = ("layout.html", "layout_plain.html", "layout_console.html", "paper.html", "frame.html", "mail/layout.html",
          "errors/base.html")  # fmt: skip


def templates() -> Templates:
    """Core's templates."""
    loader = LayeredLoader((Layer("core", core_folders()),))
    return Templates(LayeredEnvironment(autoescape=True, extensions=["jinja2.ext.i18n"], loader=loader), loader)


@cache
def own_blocks() -> dict[str, list[str]]:
    """The blocks that each template declares itself, in the order of the file, by template."""
    core = templates()
    found = {}
    for name in core.loader.list_templates():
        if name.endswith(".html"):
            seen = core.line(f"core:{name}")[0][2]
            found[name] = sorted(seen.blocks, key=lambda b: seen.lines[b])
    return found


def parents() -> dict[str, str]:
    """The template that each one extends, '' for none."""
    core = templates()
    return {name: (core.line(f"core:{name}")[0][2].parent or "") for name in own_blocks()}


@cache
def contexts() -> dict[str, list[type]]:
    """The context dataclasses of each page, as the code renders it."""
    found: dict[str, list[type]] = {}
    for file in sorted(CORE.rglob("*.py")):
        text = file.read_text("utf-8")
        if '.html"' not in text or "/testing/" in str(file):
            continue
        name = ".".join(file.relative_to(CORE.parent).with_suffix("").parts).removesuffix(".__init__")
        for template, cls_name in _rendered(ast.parse(text)):
            cls = getattr(import_module(name), cls_name, None)
            if is_dataclass(cls) and isinstance(cls, type) and cls not in found.setdefault(template, []):
                found[template].append(cls)
    return {k: v for k, v in sorted(found.items()) if v}


def _rendered(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(template, name of the context's class) of each page that a module renders."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    gives = {f.name: f.returns.id for f in functions if isinstance(f.returns, ast.Name)}
    for function in functions:
        made = {
            target.id: _class_of(node.value, gives)
            for node in ast.walk(function) if isinstance(node, ast.Assign)
            for target in node.targets if isinstance(target, ast.Name)
        }  # fmt: skip
        for call in (n for n in ast.walk(function) if isinstance(n, ast.Call) and len(n.args) > 1):
            given = call.args[1]
            cls = made.get(given.id, "") if isinstance(given, ast.Name) else _class_of(given, gives)
            for template in _template(call):
                if cls:
                    yield template, cls


def _template(call: ast.Call) -> list[str]:
    callee, first = call.func.id if isinstance(call.func, ast.Name) else "", call.args[0]
    if callee not in ("render", "render_text", "show"):
        return []
    if isinstance(first, ast.Name):  # one form on two pages: each says which, as template="accounts/identity.html"
        return ["accounts/business.html", "accounts/identity.html"] if first.id == "template" else []
    if isinstance(first, ast.JoinedStr):  # profiles/edit_{section}.html: one context for all sections
        parts = [p.value if isinstance(p, ast.Constant) else ".*" for p in first.values]
        return [name for name in own_blocks() if re.fullmatch("".join(map(str, parts)), name)]
    if not isinstance(first, ast.Constant) or not str(first.value).endswith(".html"):
        return []
    return [f"operator/{first.value}" if callee == "show" else str(first.value)]


def _class_of(value: ast.expr, gives: dict[str, str]) -> str:
    """The class whose instance ``value`` is, as far as it can be read; '' where it cannot."""
    if not isinstance(value, ast.Call):
        return ""
    name = value.func.id if isinstance(value.func, ast.Name) else getattr(value.func, "attr", "")
    return gives.get(name, name)


def shape(kind: Any) -> str:
    """A field's type as a reader needs it."""
    text = kind if isinstance(kind, str) else inspect.formatannotation(kind)
    return re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Za-z])", "", text)


def token_rows() -> str:
    """Every token with its value in core, tier by tier."""
    rows = "| token | in core |\n|---|---|\n"
    seen: set[str] = set()
    for name, value in re.findall(r"--mw-([a-z0-9-]+)\s*:\s*([^;]+);", TOKENS_CSS.read_text("utf-8")):
        if name not in seen:
            seen.add(name)
            shown = " ".join(value.split()).replace("|", "\\|")
            rows += f"| `{name}` | `{shown}` |\n"
    return rows


def slot_rows() -> str:
    """The slots that plugins fill, and those that no theme may drop."""
    rows = "| slot | stands | filled for |\n|---|---|---|\n"
    rows += "".join(f"| `{name}` | {stands} | {of} |\n" for name, (of, stands) in SLOTS.items())
    rows += "\n| required slot | is |\n|---|---|\n"
    return rows + "".join(f"| `{name}` | {says} |\n" for name, says in REQUIRED_SLOTS.items())


def page_rows() -> str:
    """Every template: what it extends, its own blocks, and what the page is given."""
    text, above = "", parents()
    for name, blocks in own_blocks().items():
        if not blocks and name not in contexts() and not above[name]:
            continue
        text += f"\n#### {name}\n\n"
        text += f"Extends `{above[name]}`. " if above[name] else ""
        text += f"Blocks: {', '.join(f'`{b}`' for b in blocks)}.\n" if blocks else "No blocks of its own.\n"
        for cls in contexts().get(name, []):
            says = " ".join((inspect.getdoc(cls) or "").replace("``", "`").split())
            text += f"\n`{cls.__name__}`: {says}\n\n| field | type |\n|---|---|\n"
            text += "".join(f"| `{f.name}` | `{shape(f.type).replace('|', chr(92) + '|')}` |\n" for f in fields(cls))
    return text


def promise() -> str:
    """Every block, slot, token and field of a page, a line each: what themes rely on."""
    tokens = sorted(set(re.findall(r"--mw-([a-z0-9-]+)\s*:", TOKENS_CSS.read_text("utf-8"))))
    lines = [f"block {name} {block}" for name, blocks in sorted(own_blocks().items()) for block in blocks]
    lines += [f"slot {name}" for name in sorted(SLOTS)] + [f"required {name}" for name in sorted(REQUIRED_SLOTS)]
    lines += [f"token {name}" for name in tokens]
    lines += [f"field {name} {f.name}" for name, kinds in contexts().items() for cls in kinds for f in fields(cls)]
    return "\n".join(dict.fromkeys(lines)) + "\n"
