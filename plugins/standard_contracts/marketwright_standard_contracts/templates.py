"""The three templates."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import Schema

from marketwright.plugin import ContractTemplate, Document
from marketwright_standard_contracts import agreement_en, agreement_fr, others
from marketwright_standard_contracts.terms import AmendmentTerms, ConfidentialityTerms, DealTerms
from marketwright_standard_contracts.words import day, party, signature, typeset

_AGREEMENTS = {"en": agreement_en, "fr": agreement_fr}
_BETWEEN = {"en": "Between", "fr": "Entre"}
_AND = {"en": "and", "fr": "et"}
_TITLE = {"en": "Services agreement", "fr": "Contrat de prestation de services"}
_META = {"en": ("Reference", "Date"), "fr": ("Référence", "Date")}
_NOTE = {
    "en": "Amounts are in %(currency)s. This text is kept unchanged from its signature on.",
    "fr": "Les montants sont en %(currency)s. Ce texte est conservé inchangé à compter de sa signature.",
}


def _parties(terms: Mapping[str, Any], language: str) -> tuple[str, ...]:
    client = party(terms["client"], "client", language)
    freelancer = party(terms["freelancer"], "freelancer", language)
    return (f"{_BETWEEN[language]} {client}", f"{_AND[language]} {freelancer}")


def _signatures(terms: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(signature(terms[role], role) for role in ("client", "freelancer"))


class ServicesAgreement(ContractTemplate):
    """What is made, for how much, how it is accepted and paid, and what both parties owe each other."""

    name = "services_agreement"
    kind = "agreement"
    version = "3"
    languages: ClassVar[tuple[str, ...]] = ("en", "fr")
    jurisdiction = "FR"
    terms_schema: ClassVar[type[Schema]] = DealTerms

    def render(self, terms: Mapping[str, Any], language: str) -> Document:
        """The agreement for ``terms``; raises ``ValidationError`` naming a missing one."""
        t = self.terms_schema().load(terms)
        words = _AGREEMENTS[language]
        reference, on = _META[language]
        document = Document(
            title=f"{_TITLE[language]} {t['contract']['reference']}", language=language, version=self.version,
            meta={reference: t["contract"]["reference"], on: day(t["contract"]["date"], language)},
            preamble=(*_parties(t, language), *words.preamble(t)), sections=words.sections(t, self.settings),
            signatures=_signatures(t), notes=(_NOTE[language] % {"currency": t["currency"]},),
        )  # fmt: skip
        return typeset(document, t["marketplace"]["words"])


class Amendment(ContractTemplate):
    """Milestones added to a running agreement."""

    name = "amendment"
    kind = "amendment"
    version = "1"
    languages: ClassVar[tuple[str, ...]] = ("en", "fr")
    jurisdiction = "FR"
    terms_schema: ClassVar[type[Schema]] = AmendmentTerms

    def render(self, terms: Mapping[str, Any], language: str) -> Document:
        """The amendment for ``terms``; raises ``ValidationError`` naming a missing one."""
        t = self.terms_schema().load(terms)
        reference, on = _META[language]
        title = others.AMENDMENT_TITLE[language] % {"n": t["amendment"]["number"], "ref": t["contract"]["reference"]}
        document = Document(
            title=title, language=language, version=self.version,
            meta={reference: t["contract"]["reference"], on: day(t["amendment"]["date"], language)},
            preamble=_parties(t, language), sections=others.amendment_sections(t, language),
            signatures=_signatures(t), notes=(_NOTE[language] % {"currency": t["currency"]},),
        )  # fmt: skip
        return typeset(document, t["marketplace"]["words"])


class Confidentiality(ContractTemplate):
    """What a freelancer signs before the confidential parts of a mission open."""

    name = "confidentiality"
    kind = "confidentiality"
    version = "1"
    languages: ClassVar[tuple[str, ...]] = ("en", "fr")
    jurisdiction = "FR"
    terms_schema: ClassVar[type[Schema]] = ConfidentialityTerms

    def render(self, terms: Mapping[str, Any], language: str) -> Document:
        """The agreement for ``terms``; raises ``ValidationError`` naming a missing one."""
        t = self.terms_schema().load(terms)
        document = Document(
            title=others.CONFIDENTIALITY_TITLE[language], language=language, version=self.version,
            preamble=_parties(t, language), sections=others.confidentiality_sections(t, self.settings, language),
            signatures=(signature(t["freelancer"], "freelancer"),),
        )  # fmt: skip
        return typeset(document, t["marketplace"]["words"])
