"""Which plugins are installed, and what is checked of one before it is enabled."""

import inspect
import re
from collections.abc import Mapping
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import Any, cast
from urllib.parse import urlsplit

from marshmallow import RAISE, ValidationError

from marketwright.hooks import specs
from marketwright.hooks.manifest import ACTS, PERSONAL, READS, Manifest
from marketwright.hooks.marker import PROJECT
from marketwright.kernel.errors import BadSetting, by_key
from marketwright.kernel.packages import offered
from marketwright.strategies.inbox import BODY, SCHEMES, STANDARD
from marketwright.version import __version__

GROUP = "marketwright.plugins"
HOOKS = frozenset(n for n, f in inspect.getmembers(specs, inspect.isfunction) if f.__module__ == specs.__name__)


def installed() -> dict[str, EntryPoint]:
    """Entry points of all installed plugins by name; a name installed twice is refused."""
    found: dict[str, EntryPoint] = {}
    for point in offered(GROUP):
        if point.name in found and found[point.name].value != point.value:
            raise BadSetting(
                f"two installed packages bring a plugin named {point.name!r} "
                f"({found[point.name].value} and {point.value}).", where="plugins", fix="Uninstall one of them.",
            )  # fmt: skip
        found[point.name] = point
    return found


def load_module(name: str) -> ModuleType:
    """The module of the plugin ``name``; says name and fix when it is unknown or cannot be imported."""
    points = installed()
    if name not in points:
        raise BadSetting(
            f"no plugin named {name!r} is installed.", where="marketplace.toml: plugins",
            fix=f"Installed are: {', '.join(sorted(points)) or 'none'}.",
        )  # fmt: skip
    try:
        module = points[name].load()
    except Exception as error:
        raise BadSetting(
            f"the plugin {name!r} cannot be imported: {error}.", where=f"plugin {name}",
            fix="Install what it needs, or take it off the list `plugins`.",
        ) from error  # fmt: skip
    if not isinstance(module, ModuleType):
        raise BadSetting("its entry point names no module.", where=f"plugin {name}", fix="Name the package itself.")
    return module


def check_settings(manifest: Manifest, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """``given`` checked by the plugin's schema; unknown keys are refused."""
    try:
        result: Mapping[str, Any] = manifest.settings(unknown=RAISE).load(dict(given))
    except ValidationError as error:
        errors = by_key(cast(Mapping[str, Any], error.messages), f"plugin.{manifest.name}")
        key = next(iter(errors))
        raise BadSetting(
            " ".join(errors[key]), errors=errors,
            where=f"marketplace.toml: [plugin.{manifest.name}] {key.removeprefix(f'plugin.{manifest.name}.')}",
        ) from error  # fmt: skip
    return result


def check_marks(name: str, module: ModuleType) -> None:
    """``BadSetting`` for a hook without its mark, and for marks that would change the order."""
    for attribute, function in inspect.getmembers(module, inspect.isfunction):
        mark = getattr(function, f"{PROJECT}_impl", None)
        if attribute in HOOKS and mark is None:
            raise BadSetting(f"{attribute}() has a hook's name but no mark.", where=f"plugin {name}",
                             fix="Put @hookimpl above it, or rename it.")  # fmt: skip
        if mark and any(mark.get(k) for k in ("tryfirst", "trylast", "wrapper", "hookwrapper", "optionalhook")):
            raise BadSetting(f"{attribute}() uses tryfirst, trylast, a wrapper or optionalhook.",
                             where=f"plugin {name}", fix="The order is the order of marketplace.toml.")  # fmt: skip


def check_manifest(manifest: Manifest, version: str = __version__) -> None:
    """``BadSetting`` names what the manifest declares and core does not know, and a core range that does not fit."""
    where = f"plugin {manifest.name}"
    if not fits(manifest.core, version):
        raise BadSetting(
            f"it works with marketwright {manifest.core}, this is {version}.", where=where, key="plugins",
            fix="Take another version of one of the two, or take it off the list `plugins`.",
        )  # fmt: skip
    for key, declared, known in (
        ("reads", manifest.reads, READS), ("acts", manifest.acts, ACTS),
        ("personal_data", manifest.personal_data, PERSONAL),
    ):  # fmt: skip
        stray = [d for d in declared if d not in known]
        if stray:
            raise BadSetting(f"its manifest declares {stray[0]!r} under `{key}`.", where=where,
                             fix=f"There are: {', '.join(known)}.")  # fmt: skip
    inbox = manifest.inbox
    if inbox is None:
        return
    if inbox.scheme not in SCHEMES or (inbox.scheme != STANDARD and not inbox.header):
        raise BadSetting("its inbox has no scheme that is known, or names no header.", where=where,
                         fix=f"Schemes: {', '.join(SCHEMES)}; `{BODY}` and `timestamped` need a header.")  # fmt: skip
    absent = [s for s in inbox.secrets if s not in manifest.secrets]
    if absent or not (inbox.secrets or inbox.keys):
        raise BadSetting(f"its inbox is signed with {absent[0] if absent else 'nothing'}.", where=where,
                         fix="Name the variable in the manifest's `secrets` and in `Inbox(secrets=…)`.")  # fmt: skip


def fits(wanted: str, version: str) -> bool:
    """Whether ``version`` lies in the range ``wanted`` (``>=0.1,<0.2``); an empty range takes any."""
    mine = _numbers(version)
    for part in (p.strip() for p in wanted.split(",") if p.strip()):
        found = re.fullmatch(r"(>=|<=|==|!=|>|<)?\s*([0-9][0-9.]*)", part)
        if found is None:
            return False
        other, sign = _numbers(found[2]), found[1] or "=="
        size = max(len(mine), len(other))
        a, b = mine + (0,) * (size - len(mine)), other + (0,) * (size - len(other))
        if not {">=": a >= b, "<=": a <= b, "==": a == b, "!=": a != b, ">": a > b, "<": a < b}[sign]:
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(n) for n in found[0].split(".")) if found else ()


def hosts_of(manifest: Manifest, settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The hosts that the plugin may call, with those that its settings name; lower case, with a port where given."""
    found = []
    for host in manifest.hosts:
        if not host.startswith("setting:"):
            found.append(host.lower())
            continue
        value = settings.get(host.removeprefix("setting:"), "")
        parts = urlsplit(str(value))
        if parts.hostname:
            found.append(f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname)
    return tuple(found)
