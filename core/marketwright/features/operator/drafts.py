"""One group of settings as the console holds it: what is in force, what was typed, and what that changes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from marshmallow import Schema
from marshmallow import fields as ma

from marketwright.features.overlay.changing import AS_THE_FILE, FIXED_WORDS
from marketwright.features.overlay.queries import Overlay
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.settings.export import hidden
from marketwright.settings.marketplace import Marketplace
from marketwright.settings.overlay import Origin, merge, origin, tables, value_at, why_fixed
from marketwright.web.formats import show_date
from marketwright.web.i18n import _
from marketwright.web.schemaforms import Choices, Control, draw, key_of, kind_of, settled

ORIGIN_WORDS = {
    Origin.DEFAULT: N_("As it comes"), Origin.FILE: N_("From marketplace.toml"),
    Origin.ENVIRONMENT: N_("From the environment"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """A schema whose keys begin with ``above`` (``deal``, ``plugin.commission``), and the choices that it offers."""

    above: str
    schema: Schema
    choices: Choices

    def shown(self, marketplace: Marketplace) -> dict[str, Any]:
        """What is in force, defaults included, as the file would write it; passwords of addresses are hidden."""
        data = merge(tables(marketplace.source.base or marketplace), marketplace.source.overlay)
        return {k: hidden(f"{self.above}.{k}", v) for k, v in self._dumped(data).items()}

    def without_console(self, marketplace: Marketplace) -> dict[str, Any]:
        """The same, as the file alone says it."""
        return self._dumped(tables(marketplace.source.base or marketplace))

    def _dumped(self, data: Mapping[str, Any]) -> dict[str, Any]:
        said = value_at(data, self.above)[1] or {}
        made: dict[str, Any] = self.schema.dump(self.schema.load(said))
        return made

    def leaves(self) -> Iterator[tuple[str, tuple[str, ...], ma.Field[Any]]]:
        """(dotted key, path in the tree, field) of everything that is saved on its own."""
        yield from _leaves(self.schema, self.above, (), self.choices)

    def parts(self, tree: Mapping[str, Any]) -> dict[str, Any]:
        """What ``tree`` says of everything that is saved on its own, by dotted key."""
        return {key: settled(_at(tree, path)) for key, path, _field in self.leaves()}

    def fixed(self, marketplace: Marketplace) -> list[str]:
        """The keys that nobody changes here, which a form does not send: by dotted key."""
        base = marketplace.source.base or marketplace
        return [key for key, _path, _field in self.leaves() if why_fixed(base, key)]

    def bring(self, tree: dict[str, Any], keys: Collection[str], other: Mapping[str, Any]) -> None:
        """Let ``tree`` say of ``keys`` what ``other`` says."""
        for key, path, _field in self.leaves():
            if key in keys:
                here = tree
                for part in path[:-1]:
                    here = here.setdefault(part, {})
                here[path[-1]] = _at(other, path)

    def controls(self, marketplace: Marketplace, saved: Overlay, tree: Mapping[str, Any]) -> list[Control]:
        """The controls, each with where its value comes from and why it is fixed, if it is."""
        return [_placed(c, marketplace, saved) for c in draw(self.schema, self.above, tree, self.choices)]

    def changes(self, marketplace: Marketplace, tree: Mapping[str, Any]) -> dict[str, Any]:
        """What saving ``tree`` would change, by key; a value that is the file's own goes back to the file."""
        base = marketplace.source.base or marketplace
        now, file = self.shown(marketplace), self.without_console(marketplace)
        found: dict[str, Any] = {}
        for key, path, _field in self.leaves():
            if why_fixed(base, key):
                continue
            typed = settled(_at(tree, path))
            if _same(typed, _at(now, path)):
                continue
            found[key] = AS_THE_FILE if typed is None or _same(typed, _at(file, path)) else typed
        return found


def _leaves(
    schema: Schema, above: str, path: tuple[str, ...], choices: Choices
) -> Iterator[tuple[str, tuple[str, ...], ma.Field[Any]]]:
    for name, one in schema.fields.items():
        key = key_of(name, one)
        here = f"{above}.{key}"
        if isinstance(one, ma.Nested):
            yield from _leaves(one.schema, here, (*path, key), choices)
        elif isinstance(one, ma.Dict) and kind_of(one, choices.get(here, ())) == "keyed":
            keys = [k for k, _label in choices.get(here, ())]
            yield from ((f"{here}.{k}", (*path, key, k), one) for k in keys)
            if not keys:
                yield here, (*path, key), one
        else:
            yield here, (*path, key), one


def _at(tree: Any, path: Sequence[str]) -> Any:
    for part in path:
        tree = tree.get(part) if isinstance(tree, Mapping) else None
    return tree


def _same(one: Any, other: Any) -> bool:
    return bool(_plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: p for k, v in value.items() if (p := _plain(v)) not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return None if value in ("", [], {}) else value


def _placed(control: Control, marketplace: Marketplace, saved: Overlay) -> Control:
    if control.kind == "group" and control.parts:
        return replace(control, parts=[_placed(c, marketplace, saved) for c in control.parts])
    base = marketplace.source.base or marketplace
    why = why_fixed(base, control.key)
    if why:
        variable = marketplace.source.environment.get(control.key, "")
        text = _(FIXED_WORDS[why]) % {"variable": variable} if "%" in FIXED_WORDS[why] else _(FIXED_WORDS[why])
        return replace(control, about=text, fixed=why)
    return replace(control, about=about(marketplace, saved, control.key))


def about(marketplace: Marketplace, saved: Overlay, key: str) -> str:
    """Where the value of ``key`` comes from, in words."""
    where = origin(marketplace, key)
    if where is not Origin.CONSOLE:
        return _(ORIGIN_WORDS[where])
    found = next((s for k, s in saved.saved.items() if key == k or key.startswith(f"{k}.")), None)
    if found is None:
        return _("From the console")
    return _("From the console: %(who)s, %(date)s", who=found.by, date=show_date(found.since))


def value_words(value: Any) -> str:
    """A value of the history in one line."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return ", ".join(f"{k}: {value_words(v)}" for k, v in value.items()) or "–"
    if isinstance(value, list | tuple):
        parts = [value_words(v) for v in value]
        return ("; " if any(isinstance(v, Mapping) for v in value) else ", ").join(parts) or "–"
    return str(value) if value not in (None, "") else "–"


