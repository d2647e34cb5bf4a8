"""What templates promise each other: blocks that may be overridden, slots that may not be dropped. Read, never run.

Every file of a layer above core is read at start: a block that no parent has, a parent that is not there, a template
that extends itself and a required slot that is gone are refused with file and name, before anybody opens the page.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path

from jinja2 import Environment, TemplateNotFound, TemplateSyntaxError, nodes

from marketwright.kernel.errors import BadSetting
from marketwright.kernel.frozen import dataclass
from marketwright.theming.loader import LayeredLoader

CORE = "core"
REQUIRED = "required"  # {{ required("site.legal", …) }} is a slot that no layer may drop
PAGES = (".html", ".txt")


@dataclass(frozen=True, slots=True)
class Part:
    """What stands in a block or outside of any: the blocks, includes and required slots in it, and ``super()``."""

    blocks: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    calls_super: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """One template: its parent ('' for none, ``None`` for one that is computed), its top part and its blocks by name.

    ``lines`` says where each block begins, ``unescaped`` in which line text would first pass as markup, 0 for nowhere.
    """

    parent: str | None
    top: Part
    blocks: Mapping[str, Part] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    unescaped: int = 0


def outline(environment: Environment, file: Path) -> Outline:
    """The outline of ``file``; ``BadSetting`` naming file and line where it is no template."""
    try:
        return _outline(environment.overlay(), file, file.stat().st_mtime_ns)
    except TemplateSyntaxError as error:
        raise BadSetting(f"no valid template: {error.message}.", where=f"{file}, line {error.lineno}") from error
    except UnicodeDecodeError:
        raise BadSetting("not UTF-8 text.", where=str(file)) from None


_KEPT: dict[tuple[str, int], Outline] = {}


def _outline(environment: Environment, file: Path, stamp: int) -> Outline:
    kept = (str(file), stamp)
    if kept not in _KEPT:
        tree = environment.parse(file.read_text("utf-8"), filename=str(file))
        extends = tree.find(nodes.Extends)
        parent = "" if extends is None else _constant(extends.template)
        found = list(tree.find_all(nodes.Block))
        _KEPT[kept] = Outline(
            parent, _part(tree.body), {b.name: _part(b.body) for b in found}, {b.name: b.lineno for b in found},
            _unescaped(tree),
        )
    return _KEPT[kept]


def _unescaped(tree: nodes.Template) -> int:
    switches = [n.lineno for n in tree.find_all(nodes.ScopedEvalContextModifier)]
    return min(switches + [n.lineno for n in tree.find_all(nodes.Filter) if n.name == "safe"], default=0)


def _constant(expression: nodes.Expr) -> str | None:
    return expression.value if isinstance(expression, nodes.Const) and isinstance(expression.value, str) else None


def _part(body: list[nodes.Node]) -> Part:
    blocks, includes, slots, calls_super = [], [], [], False
    for node in _outside_blocks(body):
        if isinstance(node, nodes.Block):
            blocks.append(node.name)
        elif isinstance(node, nodes.Include):
            name = _constant(node.template)
            includes += [name] if name else []
        elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
            calls_super = calls_super or node.node.name == "super"
            if node.node.name == REQUIRED and node.args and (name := _constant(node.args[0])):
                slots.append(name)
    return Part(tuple(blocks), tuple(includes), tuple(slots), calls_super)


def _outside_blocks(body: list[nodes.Node]) -> Iterator[nodes.Node]:
    """Every node of ``body``, a block itself but nothing inside of it."""
    for node in body:
        yield node
        if not isinstance(node, nodes.Block):
            yield from _outside_blocks(list(node.iter_child_nodes()))


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates of all layers as they stand to each other."""

    environment: Environment
    loader: LayeredLoader

    def line(self, name: str) -> list[tuple[str, Path, Outline]]:
        """``name`` and its parents up to the root: (full name, file, outline).

        ``BadSetting`` for a parent that is not there and for a template that is its own ancestor. It ends early where
        the parent is computed.
        """
        found: list[tuple[str, Path, Outline]] = []
        wanted: str | None = name
        while wanted:
            try:
                layer, path, file = self.loader.resolve(wanted)
            except TemplateNotFound:
                where = str(found[-1][1]) if found else "templates"
                raise BadSetting(f"it extends {wanted!r}, and no layer below has that.", where=where,
                                 fix="marketwright theme explain PAGE prints who has a page.") from None  # fmt: skip
            full = f"{layer.name}:{path}"
            if full in [f for f, _, _ in found]:
                raise BadSetting(f"it is its own ancestor ({' → '.join([*(f for f, _, _ in found), full])}).",
                                 where=str(found[-1][1]), fix=f'Write {{% extends "next:{path}" %}}.')  # fmt: skip
            seen = outline(self.environment, file)
            found.append((full, file, seen))
            wanted = self._next(layer.name, seen.parent, file)
        return found

    def _next(self, layer: str, parent: str | None, file: Path) -> str | None:
        if not parent or not parent.startswith("next:"):
            return parent
        page = file.as_posix().rpartition("/templates/")[2]
        if parent == "next:":
            raise BadSetting("it extends 'next:' and names no page.", where=str(file),
                             fix=f'Write {{% extends "next:{page}" %}}.')  # fmt: skip
        try:
            return self.loader.after(layer, parent.removeprefix("next:"))
        except TemplateNotFound:
            raise BadSetting(f"it extends {parent!r}, and no layer below has that page.", where=str(file),
                             fix="marketwright theme explain PAGE prints who has a page.") from None  # fmt: skip

    def blocks(self, name: str) -> frozenset[str]:
        """The blocks that a template extending ``name`` may override."""
        return frozenset(b for _, _, seen in self.line(name) for b in seen.blocks)

    def slots(self, name: str) -> frozenset[str]:
        """The required slots that stand on the page ``name`` once its parents and overrides are put together."""
        return frozenset(self._slots(name, ()))

    def _slots(self, name: str, above: tuple[str, ...]) -> Iterator[str]:
        if name in above:
            return
        line = self.line(name)
        yield from self._shown(line, line[-1][2].top, 0, (*above, name), "")

    def _shown(
        self, line: list[tuple[str, Path, Outline]], part: Part, depth: int, above: tuple[str, ...], block: str
    ) -> Iterator[str]:
        yield from part.slots
        for included in part.includes:
            asking, file, _ = line[depth]
            full = self._next(asking.partition(":")[0], included, file) or ""
            if any(layer.find(full.rpartition(":")[2]) for layer in self.loader.layers):
                yield from self._slots(full, above)
        for name in part.blocks:
            if name != block:
                yield from self._block(line, name, 0, above)
        if part.calls_super and block:
            yield from self._block(line, block, depth + 1, above)

    def _block(
        self, line: list[tuple[str, Path, Outline]], name: str, start: int, above: tuple[str, ...]
    ) -> Iterator[str]:
        for depth in range(start, len(line)):
            part = line[depth][2].blocks.get(name)
            if part is not None:
                yield from self._shown(line, part, depth, above, name)
                return


def check_layers(environment: Environment, loader: LayeredLoader, *, slots: Mapping[str, str]) -> None:
    """Refuse what a layer above core cannot do; ``slots`` are the required ones.

    ``BadSetting`` names the file and: a block that no parent has, a parent that is not there, a template that is its
    own ancestor, an unknown required slot, a required slot that core's page has and this layer's has not.
    """
    templates = Templates(environment, loader)
    core = Templates(environment, LayeredLoader([layer for layer in loader.layers if layer.name == CORE]))
    for layer in loader.layers:
        if layer.name == CORE:
            continue
        for path in LayeredLoader([layer]).list_templates():
            if path.endswith(PAGES):
                _check(templates, f"{layer.name}:{path}", slots)
                _check_slots(templates, core if core.loader.has(path) else None, layer.name, path)


def _check(templates: Templates, name: str, slots: Mapping[str, str]) -> None:
    (_, file, seen), *parents = templates.line(name)
    if seen.unescaped:
        raise BadSetting(
            "it lets text pass as markup, and whatever people type with it.", where=f"{file}, line {seen.unescaped}",
            fix="Take out |safe and {% autoescape %}; formatted text has the filter |markdown.",
        )
    for part in (seen.top, *seen.blocks.values()):
        for slot in part.slots:
            if slot not in slots:
                raise BadSetting(f"there is no required slot {slot!r}.", where=str(file),
                                 fix=f"There are: {', '.join(sorted(slots))}.")  # fmt: skip
    if not seen.parent:
        return
    known = {b for _, _, parent in parents for b in parent.blocks}
    for block in seen.top.blocks:
        if block not in known:
            raise BadSetting(
                f"it overrides the block {block!r}, which {parents[0][0]} does not have.",
                where=f"{file}, line {seen.lines[block]}",
                fix=f"Its blocks are: {', '.join(sorted(known)) or 'none'} (docs/themes.md).",
            )  # fmt: skip


def _check_slots(templates: Templates, core: Templates | None, layer: str, path: str) -> None:
    line = templates.line(f"{layer}:{path}")
    wanted = core.slots(path) if core else templates.slots(line[1][0]) if len(line) > 1 else frozenset()
    dropped = wanted - templates.slots(f"{layer}:{path}")
    if dropped:
        file = line[0][1]
        raise BadSetting(
            f"it drops the required slot {sorted(dropped)[0]!r} of {path}.", where=str(file),
            fix='Keep {{ super() }} in the block, or write {{ required("…", …) }} as core does.',
        )  # fmt: skip
