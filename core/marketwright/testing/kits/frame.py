"""What the kits of strategies share: from a class and its settings to a built strategy on a desk of its own."""

import re
import sys
from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest

from marketwright.hooks.manager import check_settings
from marketwright.hooks.manifest import Manifest
from marketwright.kernel.time import FrozenClock
from marketwright.testing.desks import MONDAY, make_desk

PLACE = re.compile(r"%\((\w+)\)s")


class StrategyKit:
    """One strategy under test.

    A subclass sets ``strategy`` (the class) or ``plugin`` (the module: every strategy that its hook returns is
    tested), and ``settings`` as ``[plugin.<name>]`` would have them. ``manifest`` is found in the strategy's own
    package; a class outside any plugin is given its settings as they are.
    """

    hook: ClassVar[str]
    strategy: ClassVar[type[Any] | None] = None
    plugin: ClassVar[ModuleType | None] = None
    settings: ClassVar[Mapping[str, Any]] = {}

    @classmethod
    def module(cls) -> ModuleType | None:
        """The plugin, or the package of a class that is given alone."""
        if cls.plugin is None and cls.strategy is not None:
            return sys.modules.get(cls.strategy.__module__.partition(".")[0])
        return cls.plugin

    @classmethod
    def manifest(cls) -> Manifest:
        """The manifest of the plugin, or a bare one for a class outside any."""
        found = getattr(cls.module(), "manifest", None)
        return found if isinstance(found, Manifest) else Manifest(name="alone", summary="A strategy alone.")

    @classmethod
    def checked(cls) -> Mapping[str, Any]:
        """``settings`` checked by the plugin's schema; as they are where there is no plugin."""
        manifest = cls.manifest()
        return dict(cls.settings) if manifest.name == "alone" else check_settings(manifest, cls.settings)

    @classmethod
    def strategies(cls) -> list[type[Any]]:
        """The classes under test."""
        if cls.strategy is not None:
            return [cls.strategy]
        if cls.plugin is None:
            return []
        return list(getattr(cls.plugin, cls.hook)(settings=cls.checked()))

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One round of tests a class."""
        if "strategy_class" in metafunc.fixturenames:
            cls = metafunc.cls
            assert cls is not None
            found = cls.strategies()
            metafunc.parametrize("strategy_class", found, ids=[getattr(c, "name", c.__name__) for c in found])

    @pytest.fixture
    def clock(self) -> FrozenClock:
        """The clock of the desk; it stands until a test moves it."""
        return FrozenClock(MONDAY)

    @pytest.fixture
    def build(self, strategy_class: type[Any], tmp_path: Path, clock: FrozenClock) -> Any:
        """Build the strategy as core does: ``build()`` gives a new one each time, on the same folder."""

        def make() -> Any:
            settings = self.checked()
            desk = make_desk(self.manifest(), settings, tmp_path / "desk", clock=clock)
            return strategy_class(settings, desk)

        return make

    @pytest.fixture
    def it(self, build: Any) -> Any:
        """The strategy under test."""
        return build()

    def test_it_says_what_it_is_called(self, it: Any) -> None:
        """``name`` is one word in lower case: it stands in settings, files and logs."""
        name = getattr(it, "name", None)
        assert isinstance(name, str), f"name is {name!r}, not a word"
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name), f"name {name!r} is not small letters, digits and _"

    def test_its_first_line_says_what_it_does(self, strategy_class: type[Any]) -> None:
        """A docstring of its own, whose first line is a sentence."""
        said = (vars(strategy_class).get("__doc__") or "").strip()
        assert said.partition("\n")[0].endswith((".", ";", ":")), f"{strategy_class.__name__} has no docstring"


def places(sentence: str) -> set[str]:
    """The names of the ``%(name)s`` places of a sentence."""
    return set(PLACE.findall(sentence))


def filled(sentence: str, params: Mapping[str, Any]) -> str:
    """The sentence with its places filled; fails the test naming a place that nothing fills."""
    try:
        return sentence % dict(params) if params or "%(" in sentence else sentence
    except (KeyError, ValueError, TypeError) as error:
        return pytest.fail(f"{sentence!r} has a place that nothing fills: {error}")


def package_of(module: ModuleType) -> Path:
    """The folder of a plugin's package."""
    assert module.__file__, f"{module.__name__} has no file"
    return Path(module.__file__).parent


def a_year_later(clock: FrozenClock) -> None:
    """Move the clock on, so that what looks at it shows."""
    clock.move(timedelta(days=366))


def load(name: str) -> ModuleType:
    """The module ``name``."""
    return import_module(name)
