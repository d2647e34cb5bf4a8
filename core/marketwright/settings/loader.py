"""Reading marketplace.toml: every mistake is named with file, line or key, and the fix."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast
from zoneinfo import available_timezones

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from marketwright.kernel.errors import BadSetting
from marketwright.kernel.money import currencies
from marketwright.settings.marketplace import Access, DealSettings, Legal, Mail, Marketplace, Stage

GATES = ("sign_up", "appear", "publish", "contact", "propose", "sign", "sign_above", "start", "be_paid")
_SIDES = validate.OneOf(("open", "approval", "invitation"))
_DEMO_SECRET = "demo-only-not-a-secret"  # noqa: S105  refused on a live stage


class _Strict(Schema):
    class Meta:
        unknown = RAISE


class _MarketplaceTable(_Strict):
    name = fields.Str(required=True, validate=validate.Length(1, 60))
    slug = fields.Str(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9-]{1,40}$"))
    stage = fields.Str(load_default="demo", validate=validate.OneOf([s.value for s in Stage]))
    languages = fields.List(
        fields.Str(validate=validate.OneOf(("en", "fr"))), load_default=["en"], validate=validate.Length(min=1)
    )
    country = fields.Str(load_default="FR", validate=validate.Regexp(r"^[A-Z]{2}$"))
    currency = fields.Str(load_default="EUR", validate=validate.OneOf(currencies()))
    time_zone = fields.Str(load_default="Europe/Paris")
    base_url = fields.Str(load_default="http://127.0.0.1:8000", validate=validate.Regexp(r"^https?://[^/]+$"))
    theme = fields.Str(load_default="")
    database = fields.Str(load_default="sqlite:///var/marketplace.sqlite")
    tagline = fields.Dict(keys=fields.Str(), values=fields.Str(), load_default=dict)


class _AccessTable(_Strict):
    freelancers = fields.Str(load_default="open", validate=_SIDES)
    clients = fields.Str(load_default="open", validate=_SIDES)
    missions = fields.Str(load_default="open", validate=validate.OneOf(("open", "approval")))
    public_missions = fields.Bool(load_default=True)
    public_freelancers = fields.Bool(load_default=True)


class _DealTable(_Strict):
    processes = fields.List(fields.Str(), load_default=["milestones"], validate=validate.Length(min=1))
    provider = fields.Str(load_default="")
    proposal_days = fields.Int(load_default=14, validate=validate.Range(1, 90))
    review_days = fields.Int(load_default=14, validate=validate.Range(1, 90))
    reauthenticate_above = fields.Int(load_default=500_000, validate=validate.Range(0))


class _LegalTable(_Strict):
    name = fields.Str(load_default="")
    form = fields.Str(load_default="")
    registration_number = fields.Str(load_default="")
    vat_number = fields.Str(load_default="")
    address = fields.Str(load_default="")
    country = fields.Str(load_default="")
    director = fields.Str(load_default="")
    hosting = fields.Str(load_default="")


class _MailTable(_Strict):
    sender = fields.Email(load_default="no-reply@example.org")
    smtp = fields.Str(load_default="")


class _File(_Strict):
    plugins = fields.List(fields.Str(), load_default=list)
    marketplace = fields.Nested(_MarketplaceTable, required=True)
    access = fields.Nested(_AccessTable, load_default=lambda: _AccessTable().load({}))
    deal = fields.Nested(_DealTable, load_default=lambda: _DealTable().load({}))
    legal = fields.Nested(_LegalTable, load_default=lambda: _LegalTable().load({}))
    mail = fields.Nested(_MailTable, load_default=lambda: _MailTable().load({}))
    gates = fields.Dict(
        keys=fields.Str(validate=validate.OneOf(GATES)), values=fields.List(fields.Str()), load_default=dict
    )
    plugin = fields.Dict(keys=fields.Str(), values=fields.Dict(), load_default=dict)


def load_marketplace(path: Path | str, environment: Mapping[str, str] | None = None) -> Marketplace:
    """The marketplace whose file (or folder holding ``marketplace.toml``) is ``path``; raises ``BadSetting``."""
    env = os.environ if environment is None else environment
    file = Path(path)
    if file.is_dir():
        file = file / "marketplace.toml"
    data = _parse(file)
    try:
        loaded = _File().load(data)
    except ValidationError as error:
        key, why = _name(cast(Mapping[str, Any], error.messages))
        raise BadSetting(why, where=f"{file}: {key}", fix="See docs/settings.md for the keys there are.") from error
    return _build(file, loaded, env)


def _parse(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise BadSetting(
            "there is no such file.", where=str(file), fix="Run inside a marketplace's folder, or name it: --folder."
        ) from None
    except UnicodeDecodeError as error:
        raise BadSetting(f"byte {error.start} is not UTF-8.", where=str(file), fix="Save the file as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise BadSetting(f"not valid TOML: {error}.", where=str(file)) from error


def _name(messages: Mapping[Any, Any], above: str = "") -> tuple[str, str]:
    key, value = next(iter(messages.items()))
    path = f"{above}.{key}" if above else str(key)
    if isinstance(value, Mapping):
        return _name(value, path)
    return path, " ".join(str(v) for v in value) if isinstance(value, list) else str(value)


def _build(file: Path, loaded: dict[str, Any], env: Mapping[str, str]) -> Marketplace:
    top = loaded["marketplace"]
    stage = Stage(env.get("MARKETWRIGHT_STAGE", top["stage"]))
    if top["time_zone"] not in available_timezones():
        raise BadSetting(f"{top['time_zone']!r} is no IANA time zone.", where=f"{file}: marketplace.time_zone",
                         fix="For example Europe/Paris.")  # fmt: skip
    secret = env.get("MARKETWRIGHT_SECRET_KEY", "")
    if stage is Stage.LIVE and len(secret) < 32:
        raise BadSetting("a live stage needs a secret of 32 characters or more.",
                         where="environment: MARKETWRIGHT_SECRET_KEY",
                         fix="Make one: python -c 'import secrets; print(secrets.token_urlsafe(48))'.")  # fmt: skip
    deal = loaded["deal"] | {"processes": tuple(loaded["deal"]["processes"])}
    return Marketplace(
        folder=file.parent.resolve(),
        name=top["name"], slug=top["slug"], stage=stage, languages=tuple(top["languages"]), country=top["country"],
        currency=top["currency"], time_zone=top["time_zone"],
        base_url=env.get("MARKETWRIGHT_BASE_URL", top["base_url"]).rstrip("/"), theme=top["theme"],
        database_url=_database_url(file.parent.resolve(), env.get("MARKETWRIGHT_DATABASE_URL", top["database"])),
        secret_key=secret or _DEMO_SECRET, plugins=tuple(loaded["plugins"]), tagline=top["tagline"],
        access=Access(**loaded["access"]), deal=DealSettings(**deal), legal=Legal(**loaded["legal"]),
        mail=Mail(**loaded["mail"]), gates={k: tuple(v) for k, v in loaded["gates"].items()},
        plugin_settings=loaded["plugin"],
    )  # fmt: skip


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
