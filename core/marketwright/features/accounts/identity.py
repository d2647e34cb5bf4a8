"""Legal identities: who signs and is invoiced, recorded in full or not at all."""

from collections.abc import Callable

from sqlalchemy import select

from marketwright.features.accounts import events, queries
from marketwright.features.accounts.numbers import Packs, checked_postcode, checked_registration, checked_vat
from marketwright.features.accounts.rights import need_role
from marketwright.features.accounts.tables import LegalIdentity
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import InvalidInput, NotFound
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork

VAT_REGIMES = ("standard", "franchise", "none")
PURCHASE_ORDER_RULES = ("none", "asked", "required")
_NEEDED = ("name", "form", "registration_number", "vat_regime", "street", "postcode", "city", "country")
_FIELDS = (*_NEEDED, "vat_number", "signatory_name", "signatory_title", "billing_address", "purchase_order_rule")


def record_identity(uow: UnitOfWork, *, owner_kind: str, owner_id: str, **fields: str) -> None:
    """Record the legal identity of an ``organisation`` or a ``freelancer`` (their account); checks its numbers' keys.

    Fields: name, form, registration_number, vat_regime (standard, franchise, none), vat_number, street, postcode,
    city, country, signatory_name, signatory_title, billing_address, purchase_order_rule (none, asked, required).
    """
    _may(uow, owner_kind, owner_id)
    unknown = set(fields) - set(_FIELDS)
    if unknown:
        msg = f"a legal identity has no field {sorted(unknown)[0]!r}"
        raise TypeError(msg)
    values = {k: (v or "").strip() for k, v in fields.items()}
    values = _checked(owner_kind, values, uow.ports.get(Plugins).identifiers)
    row = uow.session.scalar(
        select(LegalIdentity).where(LegalIdentity.owner_kind == owner_kind, LegalIdentity.owner_id == owner_id)
    )
    if row is None:
        row = LegalIdentity(owner_kind=owner_kind, owner_id=owner_id, version=0)
        uow.session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.version, row.updated_at = (row.version or 0) + 1, uow.now
    uow.flush()
    uow.emit(events.IDENTITY_RECORDED, owner_id, kind=owner_kind, version=row.version)
    uow.audit("identity.recorded", owner_id, kind=owner_kind, version=row.version,
              number=row.registration_number, vat=row.vat_number)  # fmt: skip


def _may(uow: UnitOfWork, owner_kind: str, owner_id: str) -> None:
    if owner_kind == "organisation":
        need_role(uow.actor, owner_id, "signatory", "finance")
        if queries.organisation(uow.session, owner_id) is None:
            raise NotFound("There is no such {organisation}.")
    elif uow.actor.kind != "system" and uow.actor.id != owner_id:
        raise NotFound("There is no such person.")


def _checked(owner_kind: str, values: dict[str, str], packs: Packs) -> dict[str, str]:
    """Every field, its number's key checked; raises ``InvalidInput`` with all that is wrong."""
    values = {"purchase_order_rule": "none", "signatory_name": "", "signatory_title": "", "billing_address": "",
              "vat_number": ""} | values  # fmt: skip
    needed = (*_NEEDED, "signatory_name", "signatory_title") if owner_kind == "organisation" else _NEEDED
    errors: dict[str, list[str]] = {n: [say("Please fill this in.")] for n in needed if not values.get(n)}
    if values.get("vat_regime") not in VAT_REGIMES:
        errors["vat_regime"] = [say("Choose one.")]
    if values["purchase_order_rule"] not in PURCHASE_ORDER_RULES:
        errors["purchase_order_rule"] = [say("Choose one.")]
    country = values.get("country", "")
    if "registration_number" not in errors and "country" not in errors:
        _take(errors, values, "registration_number", lambda: checked_registration(
            country, values["registration_number"], packs=packs))  # fmt: skip
    if "postcode" not in errors and "country" not in errors:
        _take(errors, values, "postcode", lambda: checked_postcode(country, values["postcode"], packs=packs))
    if values.get("vat_regime") == "standard" and not values["vat_number"]:
        errors["vat_number"] = [say("Under the standard regime a VAT number is needed.")]
    elif values["vat_number"] and country:
        registration = "" if "registration_number" in errors else values.get("registration_number", "")
        _take(errors, values, "vat_number", lambda: checked_vat(
            country, values["vat_number"], registration, packs=packs))  # fmt: skip
    if errors:
        raise InvalidInput(errors)
    return values


def _take(errors: dict[str, list[str]], values: dict[str, str], name: str, check: Callable[[], str]) -> None:
    try:
        values[name] = check()
    except InvalidInput as error:
        errors.update(error.errors)
