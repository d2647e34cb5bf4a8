"""What a strategy must say of itself, looked at when the site starts: a page would find out too late."""

import re
from collections.abc import Mapping, Sequence
from types import GenericAlias
from typing import Any, ClassVar, Protocol, TypeVar, get_args, get_origin

from marketwright.kernel.errors import BadSetting
from marketwright.strategies.vetting import VettingCheck, faults_of

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")
_SIMPLE: dict[Any, tuple[type, ...]] = {
    str: (str,), int: (int,), float: (int, float), bool: (bool,), tuple: (tuple, list),
}  # fmt: skip
_WORDS = {str: "a text", int: "a whole number", float: "a number", bool: "True or False", tuple: "a tuple"}


class Brought(Protocol):
    """An entry of the facade: which plugin brings it."""

    @property
    def plugin(self) -> str:
        """The plugin's name."""

    @property
    def it(self) -> Any:
        """The strategy."""


B = TypeVar("B", bound=Brought)


def check_sound(plugin: str, it: object, kind: type[Any], personal: Sequence[str] = ()) -> None:
    """``BadSetting`` for a strategy that lacks what ``kind`` declares without a default, or has nonsense there.

    ``personal`` is what the plugin's manifest declares to read of people.
    """
    title = type(it).__name__
    where = f"plugin {plugin}: {title}"
    for attribute, hint in _declared(kind).items():
        if not hasattr(it, attribute):
            raise BadSetting(f"it has no `{attribute}`.", where=where,
                             fix=f"docs/door.md says what a {kind.__name__} declares.")  # fmt: skip
        value, wanted = getattr(it, attribute), get_origin(hint) or hint
        if wanted in _SIMPLE and not isinstance(value, _SIMPLE[wanted]):
            raise BadSetting(f"its `{attribute}` is {value!r}, not {_WORDS[wanted]}.", where=where)
    name = getattr(it, "name", None)
    if name is not None and not _NAME.fullmatch(name):
        raise BadSetting(f"its name {name!r} is no word in small letters, digits and _.", where=where)
    if isinstance(it, VettingCheck) and it.follows_identity:
        _check_following(it, personal, where)
    if isinstance(it, VettingCheck) and it.private and it.shared:
        raise BadSetting("it is private and shared: its papers would go to clients.", where=where,
                         fix="Say one of the two.")  # fmt: skip
    if isinstance(it, VettingCheck) and it.assessment is not None:
        for fault in faults_of(it.assessment):
            raise BadSetting(f"its assessment is not sound: {fault}", where=where)


def _check_following(it: VettingCheck, personal: Sequence[str], where: str) -> None:
    if it.assessment is not None:
        raise BadSetting("it follows the legal identity, and sets a task: nobody would work on it.", where=where)
    if "vat_number" not in personal:
        raise BadSetting("it follows the legal identity, and its manifest does not declare that it reads VAT numbers.",
                         where=where, fix='Add "vat_number" to personal_data.')  # fmt: skip


def _declared(kind: type[Any]) -> Mapping[str, Any]:
    """The public attributes that a strategy's class declares, with their types."""
    found: dict[str, Any] = {}
    for cls in reversed(kind.__mro__):
        for attribute, hint in vars(cls).get("__annotations__", {}).items():
            if not attribute.startswith("_"):
                found[attribute] = get_args(hint)[0] if get_origin(hint) is ClassVar else hint
    return {a: h for a, h in found.items() if isinstance(h, type | GenericAlias)}


def named(entries: Sequence[B]) -> dict[str, B]:
    """By name; ``BadSetting`` names the two plugins that bring one name."""
    found: dict[str, B] = {}
    for entry in entries:
        name = entry.it.name
        if name in found:
            raise BadSetting(
                f"both {found[name].plugin!r} and {entry.plugin!r} bring {type(entry.it).__name__} {name!r}.",
                where="marketplace.toml: plugins", fix="Take one of the two off the list.",
            )  # fmt: skip
        found[name] = entry
    return found


def checked_jobs(entries: tuple[B, ...]) -> tuple[B, ...]:
    """Kinds of jobs; ``BadSetting`` for a doubled or odd kind, and for one that wants to run too often."""
    seen = set()
    for entry in entries:
        kind, every = entry.it.kind, entry.it.every
        if not kind.isidentifier() or len(kind) > 30 or (entry.plugin, kind) in seen:
            raise BadSetting(f"its job {kind!r} is doubled, or its kind is no short word.",
                             where=f"plugin {entry.plugin}")  # fmt: skip
        if every is not None and every.total_seconds() < 60:
            raise BadSetting(f"its job {kind!r} wants to run every {every}.", where=f"plugin {entry.plugin}",
                             fix="Once a minute is the most.")  # fmt: skip
        seen.add((entry.plugin, kind))
    return entries
