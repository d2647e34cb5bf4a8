"""Reading marketplace.toml: every mistake is named with file, line or key, and the fix."""

import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from marshmallow import ValidationError

from marketwright.kernel.errors import BadSetting, by_key
from marketwright.settings.courses import cancellations
from marketwright.settings.marketplace import (
    Access,
    DealSettings,
    Legal,
    Limits,
    Look,
    Mail,
    Marketplace,
    Menu,
    MenuLink,
    Source,
    Stage,
)
from marketwright.settings.offers import extras, subscriptions
from marketwright.settings.places import key_at, spot
from marketwright.settings.ranking import RankingSettings
from marketwright.settings.schema import MarketplaceFile
from marketwright.strategies.fields import Field, FieldForm

_DEMO_SECRET = "demo-only-not-a-secret"  # noqa: S105  refused on a live stage
_KEYS = "environment: MARKETWRIGHT_SEAL_KEYS"
_SHORTEST = 32  # characters of a key
ENVIRONMENT = {
    "marketplace.stage": "MARKETWRIGHT_STAGE", "marketplace.base_url": "MARKETWRIGHT_BASE_URL",
    "marketplace.database": "MARKETWRIGHT_DATABASE_URL",
}  # fmt: skip


def load_marketplace(path: Path | str, environment: Mapping[str, str] | None = None) -> Marketplace:
    """The marketplace whose file (or folder holding ``marketplace.toml``) is ``path``; raises ``BadSetting``."""
    env = os.environ if environment is None else environment
    file = Path(path)
    if file.is_dir():
        file = file / "marketplace.toml"
    return build(file, _parse(file), env)


def build(file: Path, data: Mapping[str, Any], env: Mapping[str, str]) -> Marketplace:
    """The marketplace of ``data``, the tables of ``file``; raises ``BadSetting`` with every mistake by its key."""
    try:
        loaded = MarketplaceFile().load(data)
    except ValidationError as error:
        errors = by_key(cast(Mapping[str, Any], error.messages))
        key = next(iter(errors))
        raise BadSetting(
            " ".join(errors[key]), where=spot(file, key), fix="See docs/settings.md for the keys there are.",
            errors=errors,
        ) from error  # fmt: skip
    return _build(file, data, loaded, env)


def _parse(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        raise BadSetting(
            "there is no such file.", where=str(file), fix="Run inside a marketplace's folder, or name it: --folder."
        ) from None
    except UnicodeDecodeError as error:
        raise BadSetting(f"byte {error.start} is not UTF-8.", where=str(file), fix="Save the file as UTF-8.") from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        number, key = key_at(text, str(error))
        where = f"{file}: {key} (line {number})" if key else str(file)
        raise BadSetting(f"not valid TOML: {error}.", where=where) from error


def _is_zone(name: str) -> bool:
    """Whether ``name`` is a time zone: asked of its one file, where a list of all would walk 600."""
    if not name or name.startswith(("posix/", "right/")) or name in ("localtime", "posixrules"):
        return False
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _build(file: Path, data: Mapping[str, Any], loaded: dict[str, Any], env: Mapping[str, str]) -> Marketplace:
    top = loaded["marketplace"]
    stage = Stage(env.get("MARKETWRIGHT_STAGE", top["stage"]))
    if not _is_zone(top["time_zone"]):
        raise BadSetting(f"{top['time_zone']!r} is no IANA time zone.", where=spot(file, "marketplace.time_zone"),
                         fix="For example Europe/Paris.", key="marketplace.time_zone")  # fmt: skip
    secret = env.get("MARKETWRIGHT_SECRET_KEY", "")
    if stage is Stage.LIVE and len(secret) < 32:
        raise BadSetting("a live stage needs a secret of 32 characters or more.",
                         where="environment: MARKETWRIGHT_SECRET_KEY",
                         fix="Make one: python -c 'import secrets; print(secrets.token_urlsafe(48))'.")  # fmt: skip
    deal = loaded["deal"] | {
        "processes": tuple(loaded["deal"]["processes"]), "remind_days": tuple(loaded["deal"]["remind_days"]),
        "cancellation": cancellations(loaded["deal"]["cancellation"]),
    }  # fmt: skip
    return Marketplace(
        folder=file.parent.resolve(),
        name=top["name"], slug=top["slug"], stage=stage, languages=tuple(top["languages"]), country=top["country"],
        currency=top["currency"], time_zone=top["time_zone"],
        base_url=env.get("MARKETWRIGHT_BASE_URL", top["base_url"]).rstrip("/"), theme=top["theme"],
        database_url=_database_url(file.parent.resolve(), env.get("MARKETWRIGHT_DATABASE_URL", top["database"])),
        secret_key=secret or _DEMO_SECRET, seal_keys=_seal_keys(env),
        plugins=tuple(loaded["plugins"]), tagline=top["tagline"],
        access=Access(**loaded["access"]), deal=DealSettings(**deal),
        limits=Limits(**loaded["limits"]),
        subscriptions=subscriptions(loaded["subscriptions"]), extras=extras(loaded["extras"]),
        legal=Legal(**loaded["legal"]), mail=Mail(**loaded["mail"]),
        gates={k: tuple(v) for k, v in loaded["gates"].items()}, plugin_settings=loaded["plugin"],
        fields=own_fields(file, loaded["fields_"], top["currency"]), vocabulary=loaded["vocabulary"],
        menus=_menus(loaded["menus"]), addresses=loaded["addresses"],
        look=Look(**loaded["look"]), ranking=_ranking(loaded["ranking"]),
        source=Source(file=file, data=data, locked=tuple(loaded["locked"]),
                      environment={k: v for k, v in ENVIRONMENT.items() if v in env}),
    )  # fmt: skip


def _seal_keys(env: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of ``MARKETWRIGHT_SEAL_KEYS``, parted by commas."""
    given = tuple(key.strip() for key in env.get("MARKETWRIGHT_SEAL_KEYS", "").split(",") if key.strip())
    short = next((n for n, key in enumerate(given, 1) if len(key) < _SHORTEST), 0)
    if short:
        raise BadSetting(f"key {short} is shorter than {_SHORTEST} characters.", where=_KEYS,
                         fix="Make one: marketwright seals key.")  # fmt: skip
    return given


def _ranking(table: Mapping[str, Any]) -> RankingSettings:
    return RankingSettings(**{**table, "off": tuple(table["off"])})


def _menus(tables: Mapping[str, Any]) -> dict[str, Menu]:
    def links(rows: list[dict[str, str]]) -> tuple[MenuLink, ...]:
        return tuple(MenuLink(**row) for row in rows)

    return {
        code: Menu(
            header=links(table["header"]) if table.get("header") else None,
            footer=tuple((c["title"], links(c["links"])) for c in table["footer"]) if table.get("footer") else None,
        )
        for code, table in tables.items()
    }


def own_fields(file: Path, declared: Sequence[Mapping[str, Any]], currency: str) -> tuple[Field, ...]:
    """``[[fields]]`` as fields; an amount's unit is the currency. ``BadSetting`` for two of one name."""
    made: list[Field] = []
    for number, one in enumerate(declared):
        if any(f.name == one["name"] for f in made):
            first = next(n for n, f in enumerate(made) if f.name == one["name"])
            raise BadSetting(
                f"two fields are called {one['name']!r}: fields.{first} and fields.{number}.",
                where=spot(file, f"fields.{number}.name"), fix="Each needs a name of its own.",
                key=f"fields.{number}.name",
            )  # fmt: skip
        form = FieldForm(one["form"])
        made.append(
            Field(
                one["owner"], one["name"], form, one["label"], one["hint"] or None,
                tuple((c["value"], c["label"]) for c in one["choices"]), one["required"], one["private"], one["facet"],
                currency if form is FieldForm.MONEY else one["unit"], one["minimum"], one["maximum"], one["column"],
            )
        )  # fmt: skip
    return tuple(made)


def _database_url(folder: Path, url: str) -> str:
    if url.startswith("postgresql://"):
        return url.replace("postgresql://", "postgresql+psycopg://", 1)
    relative = url.removeprefix("sqlite:///")
    if url.startswith("sqlite:///") and not relative.startswith("/") and relative != ":memory:":
        return f"sqlite:///{folder / relative}"
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise BadSetting(f"{url.split(':', 1)[0]!r} is not supported.", where="marketplace.database",
                         fix="Use sqlite:///path or postgresql://user@host/name.")  # fmt: skip
    return url
