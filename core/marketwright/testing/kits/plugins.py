"""What every plugin holds: the door alone, names of its own, settings that cannot hurt, no trace once it is gone."""

import ast
import logging
import os
import re
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest
from babel.messages.pofile import read_po
from marshmallow import Schema, fields

from marketwright.hooks import specs
from marketwright.hooks.desk import Desk
from marketwright.hooks.manager import Entry, Plugins, check_settings, load_plugins
from marketwright.hooks.manifest import Manifest
from marketwright.kernel.errors import BadSetting
from marketwright.kernel.events import CATALOGUE
from marketwright.testing.desks import make_desk
from marketwright.testing.kits.frame import package_of, places

DOOR = "marketwright.plugin"
LONGEST_SUMMARY = 140
HOSTILE: tuple[Any, ...] = (
    None, "", "x" * 100_000, "\x00\u202e\ufeff", "<script>alert(1)</script>", "../../../etc/passwd", -1, 0, 10**30,
    1.5, float("nan"), float("inf"), True, [], [None], {}, {"": {"": []}}, [[[[]]]], b"\xff", object(),
)  # fmt: skip


class PluginConformance:
    """For any plugin: ``plugin = marketwright_mine``; ``settings`` only where it cannot run without.

    ``readme`` is the file that explains it, beside the package unless said otherwise.
    """

    plugin: ClassVar[ModuleType]
    settings: ClassVar[Mapping[str, Any]] = {}
    readme: ClassVar[Path | None] = None

    @pytest.fixture
    def manifest(self) -> Manifest:
        """What the plugin says of itself."""
        found = getattr(self.plugin, "manifest", None)
        assert isinstance(found, Manifest), f"{self.plugin.__name__} has no value `manifest` of type Manifest"
        return found

    def load(self, folder: Path, given: Mapping[str, Any] | None = None, module: ModuleType | None = None) -> Plugins:
        """The plugin alone, as core loads it, on a desk in ``folder``; with what its manifest requires."""
        module = module or self.plugin
        manifest: Manifest = module.manifest
        return load_plugins(
            [*manifest.requires, manifest.name], {manifest.name: self.settings if given is None else given},
            _desks(folder), {manifest.name: module},
        )  # fmt: skip

    def test_its_name_is_that_of_its_package(self, manifest: Manifest) -> None:
        """The plugin ``mine`` lives in ``marketwright_mine``: one name for entry point, settings, pages and files."""
        assert self.plugin.__name__ == f"marketwright_{manifest.name}", (
            f"{self.plugin.__name__} calls itself {manifest.name!r}"
        )

    def test_it_says_in_one_line_what_it_brings(self, manifest: Manifest) -> None:
        """``summary`` is one sentence, shown in the console beside its name."""
        said = manifest.summary
        assert 0 < len(said) <= LONGEST_SUMMARY, f"the summary has {len(said)} characters; up to {LONGEST_SUMMARY}"
        assert "\n" not in said, "the summary has several lines"
        assert said.endswith("."), "the summary is no sentence"

    def test_it_has_a_docstring(self) -> None:
        """The package says in its first line what it is."""
        assert (self.plugin.__doc__ or "").strip(), f"{self.plugin.__name__} has no docstring"

    def test_it_has_a_readme(self) -> None:
        """README.md beside the package: what it does, its settings, and what is gone when it is switched off."""
        file = self.readme or package_of(self.plugin).parent / "README.md"
        assert file.is_file(), f"{file} is missing"
        assert len(file.read_text("utf-8").split()) >= 20, f"{file} says almost nothing"

    def test_it_imports_the_door_alone(self) -> None:
        """Of marketwright a plugin imports ``marketwright.plugin`` and nothing else."""
        wrong = [f"{where}: {name}" for where, name in _imports(self.plugin) if _is_core(name)]
        assert not wrong, f"it reaches past the door: {', '.join(wrong)}"

    def test_it_imports_no_other_plugin(self) -> None:
        """Plugins know each other by name in ``requires`` and through core, never by import."""
        own = self.plugin.__name__
        wrong = [
            f"{where}: {name}" for where, name in _imports(self.plugin)
            if name.startswith("marketwright_") and name.partition(".")[0] != own
        ]  # fmt: skip
        assert not wrong, f"it imports another plugin: {', '.join(wrong)}"

    def test_it_loads_as_core_loads_it(self, tmp_path: Path, manifest: Manifest) -> None:
        """Manifest, settings, marks and hooks are in order, and what its hooks return is what they promise."""
        assert self.load(tmp_path).plugin(manifest.name) is not None

    def test_its_courses_are_sound(self, tmp_path: Path, manifest: Manifest) -> None:
        """What would stop the start: a state without a way out, held money without an end, nobody who may act."""
        from marketwright.features.contracts.registry import check_processes

        loaded = self.load(tmp_path)
        if not loaded.processes:
            return
        try:
            check_processes(loaded)
        except BadSetting as error:
            if f"plugin {manifest.name}" in error.where:
                pytest.fail(str(error))

    def test_two_marketplaces_share_nothing_of_it(self, tmp_path: Path) -> None:
        """Loaded twice it brings the same names twice, each built for its own desk."""
        first, second = self.load(tmp_path / "one"), self.load(tmp_path / "two")
        assert _names(first) == _names(second), "the second time it brings something else"
        shared = {id(s) for s in _strategies(first)} & {id(s) for s in _strategies(second)}
        assert not shared, "two marketplaces got one and the same strategy"

    def test_importing_and_loading_it_reaches_for_no_network(self, tmp_path: Path) -> None:
        """The start of a site waits for nobody: what is outside is asked when it is needed."""
        with _no_network() as tried, _fresh(self.plugin) as module:
            self.load(tmp_path, module=module)
        assert not tried, f"it reaches for {tried[0]}"

    def test_loading_it_leaves_no_trace(self, tmp_path: Path) -> None:
        """Environment, folder, path, log, warnings, signals, threads and events are as they were."""
        before = _surroundings()
        with _fresh(self.plugin) as module:
            self.load(tmp_path, module=module)
        after = _surroundings()
        changed = [what for what, was in before.items() if after[what] != was]
        assert not changed, f"loading it changes {', '.join(changed)}"

    def test_no_settings_load_or_are_refused_by_name(self, tmp_path: Path, manifest: Manifest) -> None:
        """An empty table works; where something is required, the refusal names the key."""
        try:
            self.load(tmp_path, {})
        except BadSetting as error:
            if f"plugin.{manifest.name}" not in error.where:
                pytest.fail(f"the refusal names no key: {error}")

    def test_an_unknown_setting_is_refused(self, manifest: Manifest) -> None:
        """A misspelt key stops the start, in nested tables too."""
        with pytest.raises(BadSetting, match="no_such_setting"):
            check_settings(manifest, {**self.settings, "no_such_setting": 1})

    def test_nonsense_in_a_setting_is_refused_and_never_a_crash(self, manifest: Manifest) -> None:
        """Whatever stands in the file: it is taken, or refused as ``BadSetting`` with the key."""
        for key in _keys(manifest.settings()):
            for value in HOSTILE:
                try:
                    check_settings(manifest, {**self.settings, key: value})
                except BadSetting as error:
                    if key not in str(error):
                        pytest.fail(f"{key} = {value!r:.60} is refused without its name: {error}")
                except Exception as error:  # noqa: BLE001  whatever it is, it is what the test is about
                    pytest.fail(f"{key} = {value!r:.60} ends in {type(error).__name__}: {error}")

    def test_its_conditions_are_named_after_it(self, tmp_path: Path, manifest: Manifest) -> None:
        """``<plugin>.<word>``: the desk lets it meet no other."""
        conditions = [e.it.name for e in self.load(tmp_path).conditions.values() if e.plugin == manifest.name]
        wrong = [name for name in conditions if not re.fullmatch(rf"{manifest.name}\.[a-z][a-z0-9_]*", name)]
        assert not wrong, f"a condition is called {wrong[0]!r}, not {manifest.name}.…"

    def test_its_pages_are_named_after_it(self, tmp_path: Path, manifest: Manifest) -> None:
        """A blueprint has the plugin's name, or begins with it: its pages lie under ``/x/<plugin>``."""
        names = [b.name for plugin, b in self.load(tmp_path).blueprints if plugin == manifest.name]
        wrong = [n for n in names if n != manifest.name and not n.startswith(f"{manifest.name}_")]
        assert not wrong, f"a blueprint is called {wrong[0]!r}, not {manifest.name!r}"

    def test_its_templates_lie_under_its_name(self, manifest: Manifest) -> None:
        """``templates/<plugin>/…``: anywhere else they would stand in for a page of core."""
        folder = package_of(self.plugin) / "templates"
        files = [f.relative_to(folder) for f in folder.rglob("*") if f.is_file()]
        wrong = [f for f in files if f.parts[0] != manifest.name]
        assert not wrong, f"templates/{wrong[0]} lies outside templates/{manifest.name}/"

    def test_what_it_brings_is_documented(self, tmp_path: Path) -> None:
        """Each strategy says in a docstring what it does."""
        wrong = [type(s).__name__ for s in _strategies(self.load(tmp_path)) if not (type(s).__doc__ or "").strip()]
        assert not wrong, f"{wrong[0]} has no docstring"

    def test_its_translations_keep_every_place(self) -> None:
        """Each ``translations/<language>.po`` can be read, and its sentences fill the same places as the English."""
        for file in sorted((package_of(self.plugin) / "translations").glob("*.po")):
            with file.open("rb") as stream:
                catalogue = read_po(stream, locale=file.stem)
            for message in catalogue:
                source, target = message.id, message.string
                if isinstance(source, str) and isinstance(target, str) and source and target:
                    assert places(target) == places(source), f"{file.name}: {target!r} fills other places"

    def test_its_secrets_are_variables_of_the_environment(self, manifest: Manifest) -> None:
        """CAPITALS_AND_DIGITS, beginning with the plugin's or its vendor's name: no settings, no values."""
        wrong = [s for s in manifest.secrets if not re.fullmatch(r"[A-Z][A-Z0-9_]{3,}", s)]
        assert not wrong, f"{wrong[0]!r} is no name of an environment variable"

    def test_its_hosts_are_hosts(self, manifest: Manifest) -> None:
        """``api.example.org``, or with a port, or ``setting:<key>``: no scheme, no path, no wildcard."""
        wrong = [h for h in manifest.hosts if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*(:\d+)?|setting:[a-z0-9_.]+", h)]
        assert not wrong, f"{wrong[0]!r} is not a bare host name"


def _desks(folder: Path) -> Any:
    def make(manifest: Manifest, settings: Mapping[str, Any]) -> Desk:
        return make_desk(manifest, settings, folder / manifest.name)

    return make


def _imports(module: ModuleType) -> Iterator[tuple[str, str]]:
    """(file and line, module) of every import in the package; ``from a import b`` counts as ``a`` and ``a.b``."""
    folder = package_of(module)
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            where = f"{file.relative_to(folder.parent)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Import):
                yield from ((where, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                if node.module == "marketwright":
                    yield from ((where, f"marketwright.{alias.name}") for alias in node.names)
                else:
                    yield where, node.module


def _is_core(name: str) -> bool:
    return (name == "marketwright" or name.startswith("marketwright.")) and name != DOOR


def _keys(schema: Schema) -> list[str]:
    return [f.data_key or name for name, f in schema.fields.items() if isinstance(f, fields.Field)]


def _strategies(found: Plugins) -> list[Any]:
    entries: tuple[Entry[Any], ...] = (
        *found.matching_criteria, *found.placements, *found.pricing_rules, *found.contract_templates,
        *found.payment_providers.values(), *found.vetting_checks.values(),
    )  # fmt: skip
    return [e.it for e in entries]


def _names(found: Plugins) -> list[str]:
    values: list[str] = [*found.processes, *found.conditions, *(e.it.name for e in found.fields)]
    return [*(f"{type(s).__name__} {s.name}" for s in _strategies(found)), *values]


@contextmanager
def _fresh(module: ModuleType) -> Iterator[ModuleType]:
    """The package imported anew, as at a start; afterwards everything has the first one back."""
    name, file = module.__name__, module.__file__
    assert file
    mine = [m for m in sys.modules if m == name or m.startswith(f"{name}.")]
    kept = {m: sys.modules.pop(m) for m in mine}
    spec = spec_from_file_location(name, file, submodule_search_locations=[str(Path(file).parent)])
    assert spec is not None
    assert spec.loader is not None
    fresh = module_from_spec(spec)
    sys.modules[name] = fresh
    try:
        spec.loader.exec_module(fresh)
        yield fresh
    finally:
        for m in [m for m in sys.modules if m == name or m.startswith(f"{name}.")]:
            del sys.modules[m]
        sys.modules.update(kept)


@contextmanager
def _no_network() -> Iterator[list[str]]:
    """Refuse every connection and every look-up of a name, and note it."""
    tried: list[str] = []

    def refuse(*given: Any, **_more: Any) -> Any:
        tried.append(repr(given[-1] if given else ""))
        msg = "no network while a plugin is loaded"
        raise OSError(msg)

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in ((socket.socket, "connect"), (socket.socket, "connect_ex"), (socket, "getaddrinfo"),
                            (socket, "gethostbyname"), (socket, "create_connection")):  # fmt: skip
            patch.setattr(owner, name, refuse)
        yield tried


def _surroundings() -> dict[str, Any]:
    root = logging.getLogger()
    return {
        "the environment": dict(os.environ), "the working folder": str(Path.cwd()), "sys.path": list(sys.path),
        "the log": (root.level, list(root.handlers)), "warnings": list(warnings.filters),
        "signals": {s: signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM)},
        "threads": {t.name for t in threading.enumerate()}, "the catalogue of events": dict(CATALOGUE),
        "the default timeout of sockets": socket.getdefaulttimeout(), "the list of hooks": sorted(vars(specs)),
    }  # fmt: skip
