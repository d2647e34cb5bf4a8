"""What people type about themselves and their organisations."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import available_timezones

from marshmallow import Schema, ValidationError, fields

from marketwright.features.accounts.identity import PURCHASE_ORDER_RULES, VAT_REGIMES
from marketwright.features.accounts.mailboxes import checked_email
from marketwright.features.accounts.permissions import CLIENT_ROLES
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.text import Text, say
from marketwright.web.fields import IntField, MoneyField, Secret, TextField
from marketwright.web.names import COUNTRIES

_REGIONS = ("Europe", "Africa", "America", "Asia", "Atlantic", "Australia", "Indian", "Pacific")


def time_zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Time zones grouped by region: (region, [(name, place)])."""
    found: dict[str, list[tuple[str, str]]] = {region: [] for region in _REGIONS}
    for name in sorted(available_timezones()):
        region, _, place = name.partition("/")
        if region in found and place:
            found[region].append((name, place.replace("_", " ").replace("/", ", ")))
    return list(found.items())


class Choice(TextField):
    """One of ``choices``."""

    def __init__(self, choices: Iterable[str], **kw: Any) -> None:
        super().__init__(**kw)
        self.choices = frozenset(choices)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kw: Any) -> str:
        text = super()._deserialize(value, attr, data, **kw)
        if text not in self.choices:
            raise ValidationError(say("Choose one."))
        return text


class Choices(fields.Field[list[str]]):
    """Any number of ``choices``: checkboxes; at least one where ``none`` says what to do without."""

    def __init__(self, choices: Sequence[str], none: Text | None = None, **kw: Any) -> None:
        needed: dict[str, Any] = {"required": True, "error_messages": {"required": none}} if none else {}
        super().__init__(**(needed or {"load_default": list}), **kw)
        self.choices = tuple(choices)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kw: Any) -> list[str]:  # noqa: ARG002
        typed = [str(v) for v in (value if isinstance(value, list) else [value]) if v]
        if set(typed) - set(self.choices):
            raise ValidationError(say("Choose from the list."))
        return [c for c in self.choices if c in typed]


SIDES = ("work", "hire", "both")


class SignUp(Schema):
    """A new account; ``side`` is what the person came for."""

    side = Choice(SIDES, required=True)
    name = TextField(required=True, longest=120)
    organisation_name = TextField(longest=120)
    email = TextField(required=True, longest=254)
    password = Secret(required=True)


class SignIn(Schema):
    """An address and a password."""

    email = TextField(required=True, longest=254)
    password = Secret(required=True)


class Code(Schema):
    """One code."""

    code = Secret(required=True)


class Email(Schema):
    """One address."""

    email = TextField(required=True, longest=254)


class NewPassword(Schema):
    """A password to be."""

    password = Secret(required=True)


class Move(Schema):
    """Another address, and the present password."""

    email = TextField(required=True, longest=254)
    current = Secret(required=True)


class ChangePassword(Schema):
    """The present password and the one to be."""

    current = Secret(required=True)
    password = Secret(required=True)


class Present(Schema):
    """The present password, asked again."""

    current = Secret(required=True)


class Settings(Schema):
    """How a person is called, and reads."""

    name = TextField(required=True, longest=120)
    locale = Choice(("en", "fr"), required=True)
    time_zone = TextField(required=True, longest=60)


class Accept(Schema):
    """A new account by invitation; ``code`` for signatories."""

    name = TextField(required=True, longest=120)
    password = Secret(required=True)
    code = Secret()


class OrganisationName(Schema):
    """A new organisation."""

    organisation_name = TextField(required=True, longest=120)


class OrganisationEdit(Schema):
    """What an organisation says about itself; the service knows which sectors there are."""

    name = TextField(required=True, longest=120)
    sector = TextField(longest=80)
    size = IntField(least=1, most=5_000_000, load_default=None)
    city = TextField(longest=80)
    country = Choice(("", *COUNTRIES))
    public_name_en = TextField(longest=160)
    public_name_fr = TextField(longest=160)
    about = TextField(longest=2000, lines=True)


def _can_be_written_to(email: str) -> None:
    try:
        checked_email(email)
    except InvalidInput as error:
        raise ValidationError(list(error.errors["email"])) from error


def member_schema(currency: str, *, invites: bool) -> Schema:
    """Roles and approval limit, in ``currency``; with an address where somebody is invited."""
    parts: dict[str, fields.Field[Any]] = {
        "roles": Choices(CLIENT_ROLES, none=say("Choose at least one role.")),
        "approval_limit": MoneyField(currency, least=0),
    }
    if invites:
        parts["email"] = TextField(required=True, longest=254, validate=_can_be_written_to)
    return Schema.from_dict(parts, name="Member")()


class Identity(Schema):
    """A legal identity; what is needed beyond this the service knows."""

    name = TextField(required=True, longest=160)
    form = TextField(required=True, longest=80)
    country = Choice(COUNTRIES, required=True)
    registration_number = TextField(required=True, longest=40)
    vat_regime = Choice(VAT_REGIMES, required=True)
    vat_number = TextField(longest=20)
    street = TextField(required=True, longest=200)
    postcode = TextField(required=True, longest=20)
    city = TextField(required=True, longest=80)


class OrganisationIdentity(Identity):
    """The identity of a client, with who signs and how it pays."""

    signatory_name = TextField(required=True, longest=120)
    signatory_title = TextField(required=True, longest=120)
    billing_address = TextField(longest=400, lines=True)
    purchase_order_rule = Choice(PURCHASE_ORDER_RULES, required=True)
