"""Templates in layers, first hit wins: marketplace folder, theme, parent themes, plugins in list order, core.

A template keeps its layer in its name (``bastion:missions/show.html``), so that
``{% extends "next:missions/show.html" %}`` means the next layer that has the page; ``core:missions/show.html``
names a layer outright.
"""

import marshal
import os
import sys
from collections.abc import Callable, MutableMapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import CodeType
from typing import Any, cast

from jinja2 import BaseLoader, Environment, Template, TemplateNotFound
from jinja2 import __version__ as jinja2_version

from marketwright.kernel.frozen import dataclass
from marketwright.theming.quick import REVISION, Generator, Values, escaped, inner

# Compiled once a process: a file's code is the same in every application, its context never is.
_COMPILED: dict[tuple[str, str, int], CodeType] = {}
# Where processes that share a folder keep it for each other, as those of one run of the tests do.
SHELF = "MARKETWRIGHT_COMPILED_TEMPLATES"


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: its name and the folders that it looks into, in order."""

    name: str
    folders: tuple[Path, ...]

    def find(self, path: str) -> Path | None:
        """The file of the template ``path`` in this layer; paths that climb out find nothing."""
        parts = path.split("/")
        if any(p in ("", "..", ".") for p in parts):
            return None
        for folder in self.folders:
            file = folder.joinpath(*parts)
            if file.is_file():
                return file
        return None


class LayeredLoader(BaseLoader):
    """Looks a template up in ``layers``, first hit wins; ``next:`` is resolved by :class:`LayeredEnvironment`."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        self.layers = tuple(layers)

    def explain(self, path: str) -> list[tuple[str, Path | None]]:
        """Each layer with the file that it has for ``path``, or ``None``; the first file wins."""
        return [(layer.name, layer.find(path)) for layer in self.layers]

    def resolve(self, name: str) -> tuple[Layer, str, Path]:
        """The layer, path and file that ``name`` (``path`` or ``layer:path``) means."""
        wanted, _, path = name.rpartition(":")
        for layer in self.layers:
            if wanted and layer.name != wanted:
                continue
            file = layer.find(path)
            if file is not None:
                return layer, path, file
        raise TemplateNotFound(name)

    def has(self, path: str) -> bool:
        """Whether a layer brings ``path``."""
        return any(layer.find(path) is not None for layer in self.layers)

    def after(self, layer_name: str, path: str) -> str:
        """``layer:path`` of the next layer after ``layer_name`` that has ``path``."""
        names = [layer.name for layer in self.layers]
        start = names.index(layer_name) + 1 if layer_name in names else 0
        for layer in self.layers[start:]:
            if layer.find(path) is not None:
                return f"{layer.name}:{path}"
        raise TemplateNotFound(f"next:{path}")

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:  # noqa: ARG002
        """Source, file name and a freshness test, as Jinja asks for them."""
        _, _, file = self.resolve(template)
        stamp = file.stat().st_mtime_ns
        return file.read_text("utf-8"), str(file), lambda: file.is_file() and file.stat().st_mtime_ns == stamp

    def load(
        self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None  # noqa: A002
    ) -> Template:
        """Compile under the name ``layer:path``, so that a template knows its layer."""
        layer, path, file = self.resolve(name)
        full = f"{layer.name}:{path}"
        stamp = file.stat().st_mtime_ns
        kept = (full, str(file), stamp)
        if kept not in _COMPILED:
            _COMPILED[kept] = _compiled(environment, full, file)

        def fresh() -> bool:
            return file.is_file() and file.stat().st_mtime_ns == stamp

        return environment.template_class.from_code(environment, _COMPILED[kept], globals or {}, fresh)

    def list_templates(self) -> list[str]:
        """All template paths of all layers, sorted."""
        found: set[str] = set()
        for layer in self.layers:
            for folder in layer.folders:
                found.update(str(f.relative_to(folder).as_posix()) for f in folder.rglob("*") if f.is_file())
        return sorted(found)


def _compiled(environment: Environment, name: str, file: Path) -> CodeType:
    """The code of a template, from the shelf where there is one and it was compiled before."""
    text = file.read_text("utf-8")
    folder = os.environ.get(SHELF)
    if not folder:
        return environment.compile(text, name, str(file))
    made_of = "\0".join((sys.version, jinja2_version, REVISION, name, str(file), text))
    place = Path(folder) / sha256(made_of.encode()).hexdigest()
    if place.is_file():
        return cast("CodeType", marshal.loads(place.read_bytes()))  # noqa: S302  ours, written below
    code = environment.compile(text, name, str(file))
    fresh = place.with_name(f"{place.name}.{os.getpid()}")
    fresh.write_bytes(marshal.dumps(code))
    fresh.replace(place)
    return code


class LayeredEnvironment(Environment):
    """Resolves ``next:`` from the layer in the asking template's name."""

    code_generator_class = Generator
    context_class = Values
    escaped = staticmethod(escaped)
    inner = staticmethod(inner)

    def __init__(self, *args: Any, **options: Any) -> None:
        self._made: dict[tuple[BaseLoader | None, str], Template] = {}
        super().__init__(*args, **options)

    def overlay(self, **options: Any) -> Environment:  # type: ignore[override]
        """An environment beside this one, with templates of its own."""
        beside = super().overlay(**options)
        beside.__dict__["_made"] = {}
        return beside

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:  # noqa: A002
        """As Jinja's, which takes a lock and a weak reference for each template that a page is made of."""
        if globals or self.auto_reload:
            return super()._load_template(name, globals)
        made = self._made.get((self.loader, name))
        if made is None:
            made = self._made[self.loader, name] = super()._load_template(name, globals)
        return made

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One plain mapping for all templates: every rendering copies it, and Jinja's chain of two is slow at that."""
        return {**self.globals, **d} if d else self.globals

    def join_path(self, template: str, parent: str) -> str:
        """``next:x`` asked from ``layer:…`` is ``x`` in the next layer that has it."""
        if template.startswith("next:") and isinstance(self.loader, LayeredLoader):
            return self.loader.after(parent.partition(":")[0], template.removeprefix("next:"))
        return template
