"""Plugins that live in a marketplace's own folder: ``plugins/<any>/marketwright_<name>/``, without packaging."""

import sys
from collections.abc import Iterable
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from marketwright.hooks.manager import installed
from marketwright.kernel.errors import BadSetting

PREFIX = "marketwright_"


def local_plugins(folder: Path) -> dict[str, Path]:
    """The packages in the marketplace's ``folder`` by plugin name; a name that two of them share is refused."""
    found: dict[str, Path] = {}
    for init in sorted((folder / "plugins").glob(f"*/{PREFIX}*/__init__.py")):
        name = init.parent.name.removeprefix(PREFIX)
        if name in found:
            raise BadSetting(f"{found[name]} and {init.parent} bring a plugin of one name, {name!r}.", where="plugins",
                             fix="Rename one of the two packages.")  # fmt: skip
        found[name] = init.parent
    return found


def load_local(folder: Path, names: Iterable[str]) -> dict[str, ModuleType]:
    """The modules of those of ``names`` that lie in the marketplace's ``folder``.

    Raises ``BadSetting`` for a plugin that cannot be imported, and for a name that an installed package has too.
    """
    here = local_plugins(folder)
    loaded = {}
    for name in names:
        if name in here:
            _refuse_twice(name, here[name])
            loaded[name] = _load(name, here[name])
    return loaded


def _refuse_twice(name: str, package: Path) -> None:
    point = installed().get(name)
    spec = find_spec(point.value) if point else None
    if point is not None and (spec is None or Path(str(spec.origin)).resolve() != (package / "__init__.py").resolve()):
        raise BadSetting(
            f"{package} brings a plugin {name!r}, and so does the installed {point.value}.", where="plugins",
            fix="Rename the one in the marketplace's folder, or uninstall the other.",
        )  # fmt: skip


def _load(name: str, package: Path) -> ModuleType:
    """Import the package under its own name; another marketplace's package of that name makes way."""
    module_name, init = PREFIX + name, package / "__init__.py"
    known = sys.modules.get(module_name)
    if known is not None and known.__file__ == str(init):
        return known
    _forget(module_name)
    spec = spec_from_file_location(module_name, init, submodule_search_locations=[str(package)])
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[module_name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        _forget(module_name)
        raise BadSetting(f"{init} cannot be imported: {type(error).__name__}: {error}.", where=f"plugin {name}",
                         fix="Mend it, or take it off the list `plugins`.") from error  # fmt: skip
    return module


def _forget(module_name: str) -> None:
    for known in [m for m in sys.modules if m == module_name or m.startswith(f"{module_name}.")]:
        del sys.modules[known]
