"""France: how invoices are taxed and what must stand on them, the mandate to issue them, and the accountants' FEC."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

from marketwright.plugin import Country, Journal, Manifest, VettingCheck, hookimpl
from marketwright_country_fr.ereporting import EReporting
from marketwright_country_fr.fec import ACCOUNTS, Fec
from marketwright_country_fr.pack import FRANCE
from marketwright_country_fr.vies import HOST, Vies
from marketwright_country_fr.vigilance import Vigilance


class CountryFrSettings(Schema):
    """``[plugin.country_fr]``."""

    accounts = fields.Dict(
        keys=fields.Str(validate=validate.OneOf(
            sorted(ACCOUNTS), error="{input!r} is no kind of account of the ledger.")),
        values=fields.Str(validate=validate.Regexp(
            r"^[0-9]{3}[0-9A-Z]{0,9}$", error="An account begins with three digits of the plan comptable, as 706000.")),
        load_default=dict,
        metadata={"label": "Accounts", "description": "Numbers of your own plan comptable by kind of account."},
    )  # fmt: skip
    vies_requester = fields.Str(load_default="", validate=validate.Regexp(
        r"^$|^[A-Z]{2} ?[0-9A-Z ]{2,16}$", error="A VAT number with its country in front, as FR44732829320.",
    ), metadata={"label": "VAT number that asks VIES", "description": "Your own: with it each answer of VIES carries a "
                 "number that proves the question."})  # fmt: skip
    vies_days = fields.Int(load_default=90, validate=validate.Range(1, 366), metadata={
        "label": "Days after which VIES is asked again"})  # fmt: skip


manifest = Manifest(
    name="country_fr", summary="France: VAT by a decision table, legal mentions, the mandate to invoice, the FEC.",
    settings=CountryFrSettings, core=">=0.1,<0.2", hosts=(HOST,), personal_data=("vat_number", "name", "documents"),
)  # fmt: skip


@hookimpl
def register_countries(settings: Mapping[str, Any]) -> list[Country]:
    """France."""
    return [FRANCE]


@hookimpl
def register_journals(settings: Mapping[str, Any]) -> list[type[Journal]]:
    """The FEC, and the figures of e-reporting."""
    return [Fec, EReporting]


@hookimpl
def register_vetting_checks(settings: Mapping[str, Any]) -> list[type[VettingCheck]]:
    """The papers of the duty of vigilance, and VAT numbers asked at VIES."""
    return [Vigilance, Vies]
