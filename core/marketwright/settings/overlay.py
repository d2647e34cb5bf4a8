"""What the console saved, laid over the file: pure data in, a Marketplace out, and where each key came from.

A key is dotted, from the file's tables: ``marketplace.name``, ``gates.propose``, ``plugin.commission.rules``. Lists
and what stands under a list are changed whole.
"""

import os
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import asdict, fields, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, cast

from marshmallow import Schema, ValidationError
from marshmallow import fields as ma

from marketwright.kernel.errors import BadSetting, by_key
from marketwright.settings.loader import build
from marketwright.settings.marketplace import Marketplace, Menu
from marketwright.settings.schema import MarketplaceFile
from marketwright.strategies.fields import Field


class Origin(StrEnum):
    """Where a value in force comes from."""

    DEFAULT = "default"
    FILE = "file"
    CONSOLE = "console"
    ENVIRONMENT = "environment"


def overlaid(
    base: Marketplace, overlay: Mapping[str, Any], environment: Mapping[str, str] | None = None
) -> Marketplace:
    """``base`` with the keys of ``overlay`` changed; raises ``BadSetting`` whose errors name the keys.

    What is locked by now, or not to be changed at all, keeps the value of the file.
    """
    kept = {k: v for k, v in overlay.items() if not why_fixed(base, k)}
    env = os.environ if environment is None else environment
    file = base.source.file or base.folder / "marketplace.toml"
    data = tables(base)
    before, after = build(file, data, env), _build(file, _enabled_only(merge(data, kept), kept), env, kept)
    changed: dict[str, Any] = {
        f.name: getattr(after, f.name)
        for f in fields(Marketplace)
        if f.name != "source" and getattr(after, f.name) != getattr(before, f.name)
    }
    return replace(base, **changed, source=replace(base.source, overlay=kept, base=base))


def _enabled_only(data: dict[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    """Without the settings of plugins that the console has disabled: they wait until it enables them again."""
    enabled, said = data.get("plugins", []), data.get("plugin", {})
    mine = {k.split(".")[1] for k in overlay if k.startswith("plugin.")}
    gone = {n for n in said if n not in enabled and (n in mine or "plugins" in overlay)}
    return data | {"plugin": {n: v for n, v in said.items() if n not in gone}} if gone else data


def _build(file: Path, data: Mapping[str, Any], env: Mapping[str, str], overlay: Mapping[str, Any]) -> Marketplace:
    try:
        return build(file, data, env)
    except BadSetting as error:
        key = next((k for k in error.errors if covering(overlay, k)), "")
        if not key:
            raise
        raise BadSetting(error.errors[key][0], where=f"the console's settings: {key}", errors=error.errors) from error


def covering(overlay: Mapping[str, Any], key: str) -> str:
    """The key of ``overlay`` that says ``key``, itself or a part above or below it; '' when none does."""
    return next((k for k in overlay if k == key or key.startswith(f"{k}.") or k.startswith(f"{key}.")), "")


def merge(data: Mapping[str, Any], overlay: Mapping[str, Any]) -> dict[str, Any]:
    """The tables of ``data`` with the keys of ``overlay`` set, the shorter keys first."""
    made: dict[str, Any] = deepcopy(dict(data))
    for key in sorted(overlay, key=lambda k: k.count(".")):
        *above, last = key.split(".")
        table = made
        for part in above:
            table = table.setdefault(part, {})
            if not isinstance(table, dict):
                raise BadSetting("this is no table.", where=f"the console's settings: {key}", key=key)
        table[last] = overlay[key]
    return made


def tables(marketplace: Marketplace) -> dict[str, Any]:
    """The file's tables; made from the values themselves where there is no file."""
    if marketplace.source.data:
        return dict(marketplace.source.data)
    m = marketplace
    top = {
        "name": m.name, "slug": m.slug, "stage": str(m.stage), "languages": list(m.languages), "country": m.country,
        "currency": m.currency, "time_zone": m.time_zone, "base_url": m.base_url, "theme": m.theme,
        "tagline": dict(m.tagline),
    }  # fmt: skip
    return {
        "plugins": list(m.plugins), "locked": list(m.source.locked), "marketplace": top, "access": asdict(m.access),
        "deal": asdict(m.deal) | {"processes": list(m.deal.processes)}, "limits": asdict(m.limits),
        "legal": asdict(m.legal),
        "mail": asdict(m.mail), "gates": {k: list(v) for k, v in m.gates.items()},
        "plugin": {k: dict(v) for k, v in m.plugin_settings.items()}, "fields": [_field_table(f) for f in m.fields],
        "vocabulary": {c: {t: dict(f) for t, f in w.items()} for c, w in m.vocabulary.items()},
        "look": asdict(m.look), "ranking": _listed(asdict(m.ranking)),
        "subscriptions": _listed(asdict(m.subscriptions)),
        "extras": {"offers": [asdict(offer) for offer in m.extras]},
        "menus": {c: _menu(menu) for c, menu in m.menus.items()},
        "addresses": {c: dict(pairs) for c, pairs in m.addresses.items()},
    }  # fmt: skip


def _listed(value: Any) -> Any:
    """Tuples as the lists that a file has."""
    if isinstance(value, dict):
        return {k: _listed(v) for k, v in value.items()}
    return [_listed(v) for v in value] if isinstance(value, list | tuple) else value


def _menu(menu: Menu) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if menu.header is not None:
        made["header"] = [asdict(link) for link in menu.header]
    if menu.footer is not None:
        made["footer"] = [{"title": t, "links": [asdict(link) for link in links]} for t, links in menu.footer]
    return made


def _field_table(one: Field) -> dict[str, Any]:
    said = asdict(one) | {"form": str(one.form), "hint": one.hint or {}}
    for brought in ("rows", "most", "asked", "sealed"):  # what fields of plugins alone have
        del said[brought]
    return said | {"choices": [{"value": value, "label": dict(label)} for value, label in one.choices]}


def why_fixed(marketplace: Marketplace, key: str) -> str:
    """Why ``key`` cannot be changed in the console: ``locked``, ``environment``, ``fixed``, ``unknown``; '' if it can.

    A key above a locked one is locked too: ``deal`` where the file locks ``deal.provider``.
    """
    for pattern in marketplace.source.locked:
        if fnmatchcase(key, pattern) or covering({pattern: None}, key):
            return "locked"
    if covering(marketplace.source.environment, key):
        return "environment"
    field = field_of(key)
    if field is None:
        return "unknown"
    parts = field.schema.fields.values() if isinstance(field, ma.Nested) else (field,)
    return "fixed" if any(f.metadata.get("fixed") for f in parts) else ""


def field_of(key: str) -> ma.Field[Any] | None:
    """The field of the schema that checks ``key``; ``None`` when the schema knows no such key.

    What stands in a free table (``gates.propose``, ``plugin.commission.rules``) is checked by that table's field.
    """
    schema: Schema = MarketplaceFile()
    for part in key.split("."):
        found = next((f for name, f in schema.fields.items() if (f.data_key or name) == part), None)
        if found is None:
            return None
        if not isinstance(found, ma.Nested):
            return found if part == key.rsplit(".", 1)[-1] or isinstance(found, ma.Dict) else None
        schema = found.schema
    return found


def value_at(data: Mapping[str, Any], key: str) -> tuple[bool, Any]:
    """Whether ``data`` says ``key``, and its value."""
    here: Any = data
    for part in key.split("."):
        if not isinstance(here, Mapping) or part not in here:
            return False, None
        here = here[part]
    return True, here


def origin(marketplace: Marketplace, key: str) -> Origin:
    """Where the value in force of ``key`` comes from."""
    source = marketplace.source
    if key in source.environment:
        return Origin.ENVIRONMENT
    if any(k == key or key.startswith(f"{k}.") for k in source.overlay):
        return Origin.CONSOLE
    return Origin.FILE if value_at(tables(source.base or marketplace), key)[0] else Origin.DEFAULT


def in_force(settings: Marketplace | Mapping[str, Any]) -> dict[str, Any]:
    """Every key of the schema with its value in force, defaults included; free tables key by key.

    ``settings`` is a marketplace, or the tables of a file. Values are as the file would write them; those of the
    environment are not among them. Raises ``BadSetting`` for tables that the schema refuses.
    """
    if isinstance(settings, Marketplace):
        data = merge(tables(settings.source.base or settings), settings.source.overlay)
    else:
        data = dict(settings)
    try:
        loaded = MarketplaceFile().load(data)
    except ValidationError as error:
        errors = by_key(cast("Mapping[str, Any]", error.messages))
        key, why = next(iter(errors.items()))
        raise BadSetting(" ".join(why), where=key, errors=errors) from error
    return dict(_flat(MarketplaceFile(), loaded, ""))


def _flat(schema: Schema, loaded: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    for attribute, field in schema.fields.items():
        name, value = field.data_key or attribute, loaded.get(attribute)
        if isinstance(field, ma.Nested) and isinstance(value, Mapping):
            yield from _flat(field.schema, value, f"{above}{name}.")
        elif isinstance(field, ma.Dict) and isinstance(value, Mapping):
            yield from _leaves(value, f"{above}{name}")
        else:
            yield f"{above}{name}", value


def _leaves(value: Any, key: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for part, inner in value.items():
            yield from _leaves(inner, f"{key}.{part}")
    else:
        yield key, value
