"""Amounts, dates and parties as the documents write them, by language."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency

from marketwright.plugin import Document, Money, Section, worded

_BEFORE, _AFTER = re.compile(r" (?=[;:?!»])"), re.compile(r"(?<=«) ")
_LOCALES = {"en": Locale("en", "GB"), "fr": Locale("fr", "FR")}
_HEADS = {
    "en": ("No.", "Deliverable", "Due", "Price before tax"),
    "fr": ("N°", "Livrable", "Échéance", "Prix hors taxes"),
}
_NO_DATE = {"en": "to be agreed", "fr": "à convenir"}
_WITHIN = {"en": "%s days from the payment", "fr": "%s jours à compter du paiement"}
_PARTY = {
    "en": "%(name)s, %(form)s, registered under number %(registration_number)s%(vat)s, whose address is %(address)s, "
          "represented by %(signatory)s (“the {%(role)s}”).",
    "fr": "%(name)s, %(form)s, numéro d’immatriculation %(registration_number)s%(vat)s, à l’adresse %(address)s, avec "
          "pour représentant : %(signatory)s (« {%(role)s.le} »).",
}  # fmt: skip
_VAT = {"en": ", VAT number %s", "fr": ", numéro de TVA %s"}
# What the parties are called where the marketplace does not say otherwise.
PARTIES = {
    "en": {"client": {"one": "client"}, "freelancer": {"one": "freelancer"}},
    "fr": {
        noun: {"one": word, "le": f"le {word}", "du": f"du {word}", "au": f"au {word}", "gender": "m"}
        for noun, word in (("client", "client"), ("freelancer", "freelance"))
    },
}


def typeset(document: Document, words: Mapping[str, Mapping[str, str]]) -> Document:
    """``document`` in the marketplace's ``words``, with the spaces that French keeps unbroken.

    Those are the ones before ``; : ? ! »`` and after ``«``.
    """
    said = {**PARTIES[document.language], **words}

    def done(text: str) -> str:
        spoken = worded(text, said, titled=True)
        return _spaced(spoken) if document.language == "fr" else spoken

    return replace(
        document, title=done(document.title), preamble=tuple(map(done, document.preamble)),
        notes=tuple(map(done, document.notes)), sections=tuple(
            Section(done(s.heading), tuple(map(done, s.paragraphs)), tuple(tuple(map(done, row)) for row in s.rows))
            for s in document.sections
        ), signatures=tuple(map(done, document.signatures)),
    )  # fmt: skip


def _spaced(text: str) -> str:
    return _BEFORE.sub("\u00a0", _AFTER.sub("\u00a0", text))


def amount(minor: int, currency: str, language: str) -> str:
    """``€9,360.00`` or ``9 360,00 €``."""
    value: Decimal = Money(minor, currency).decimal
    return str(format_currency(value, currency, locale=_LOCALES[language]))


def day(when: date, language: str) -> str:
    """``11 May 2026`` or ``11 mai 2026``."""
    first = when.day == 1 and language == "fr"
    return str(format_date(when, format="d'er' MMMM y" if first else "d MMMM y", locale=_LOCALES[language]))


def operator(terms: Mapping[str, Any]) -> str:
    """What is known of whoever runs the site beside its name; the legal form unless the name has it."""
    form = "" if terms["form"].casefold() in terms["name"].casefold().split() else terms["form"]
    return ", ".join(part for part in (form, terms["registration_number"], terms["address"]) if part)


def party(terms: Mapping[str, Any], role: str, language: str) -> str:
    """One party in a sentence: who, under which number, where, through whom."""
    signatory = terms["signatory_name"] + (f", {terms['signatory_title']}" if terms["signatory_title"] else "")
    return _PARTY[language] % {
        **terms, "signatory": signatory, "role": role,
        "vat": _VAT[language] % terms["vat_number"] if terms["vat_number"] else "",
        "address": f"{terms['street']}, {terms['postcode']} {terms['city']} ({terms['country']})",
    }  # fmt: skip


def signature(terms: Mapping[str, Any], role: str) -> str:
    """Who signs for a party, on lines of its own."""
    lines = [f"{{{role.capitalize()}}}", terms["name"], terms["signatory_name"], terms["signatory_title"]]
    return "\n".join(line for line in lines if line)


def milestone_rows(
    milestones: Sequence[Mapping[str, Any]], currency: str, language: str
) -> tuple[tuple[str, ...], ...]:
    """The milestones as a table: number, deliverable, due, price."""
    rows = [_HEADS[language]]
    for m in milestones:
        what = m["title"] + (f". {m['description']}" if m["description"] else "")
        due = day(m["due"], language) if m["due"] else _NO_DATE[language]
        if m.get("within") and not m["due"]:
            due = _WITHIN[language] % m["within"]
        rows.append((str(m["number"]), what, due, amount(m["amount"], currency, language)))
    return tuple(rows)


def shown(minor: int, terms: Mapping[str, Any], language: str) -> str:
    """An amount in the currency of ``terms``."""
    return amount(minor, terms["currency"], language)
