"""Two short papers: the access list, and the confirmation that access is withdrawn and copies are gone."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import EXCLUDE, Schema, fields

from marketwright.plugin import ContractTemplate, Document, Section
from marketwright_data.papers import ACCESS_PAPER, COPIES, RIGHTS, WITHDRAWAL_PAPER
from marketwright_data.words import day, said, worded_choice


class _Terms(Schema):
    class Meta:
        unknown = EXCLUDE

    contract = fields.Dict(required=True)
    freelancer = fields.Dict(required=True)
    handed = fields.Dict(required=True)
    marketplace = fields.Dict(load_default=dict)


_ACCESS = {
    "en": ("Access list", "Annex to the contract %(reference)s. The {client} opens these accesses and no others; the "
           "{freelancer} uses each in person, for this contract alone, and passes none on.",
           "Accesses", ("Person", "Source", "Right", "Since", "Granted by"),
           "A new access is added by a new list. Every access is withdrawn before the last payment is released."),
    "fr": ("Liste d’accès", "Annexe au contrat %(reference)s. {Client.le} ouvre ces accès et aucun autre ; "
           "{freelancer.le} use de chacun personnellement, pour ce contrat seul, et n’en transmet aucun.",
           "Accès", ("Personne", "Source", "Droit", "Depuis le", "Accordé par"),
           "Un nouvel accès fait l’objet d’une nouvelle liste. Tous les accès sont retirés avant le dernier paiement."),
}  # fmt: skip
_WITHDRAWN = {
    "en": ("Withdrawal of access and deletion", "Annex to the contract %(reference)s. The {freelancer} confirms that "
           "the accesses below are withdrawn and that they can no longer read the sources.",
           "Accesses withdrawn", ("Person", "Source", "Withdrawn on"), "Copies of the data", "Kept by law: %(what)s"),
    "fr": ("Retrait des accès et suppression", "Annexe au contrat %(reference)s. {Freelancer.le} atteste que les accès "
           "ci-dessous sont retirés et ne plus pouvoir lire les sources.",
           "Accès retirés", ("Personne", "Source", "Retiré le"), "Copies des données",
           "Conservé par obligation légale : %(what)s"),
}  # fmt: skip


class AccessList(ContractTemplate):
    """Who may read which source, with which right, since when, granted by whom."""

    name = "access_list"
    kind = ACCESS_PAPER
    version = "1"
    languages: ClassVar[tuple[str, ...]] = ("en", "fr")
    terms_schema: ClassVar[type[Schema]] = _Terms

    def render(self, terms: Mapping[str, Any], language: str) -> Document:
        """One table, and what follows from it."""
        title, intro, heading, head, after = _ACCESS[language]
        terms = self.terms_schema().load(dict(terms))
        rows = tuple(
            (r["access_person"], r["access_source"], worded_choice(RIGHTS, r["access_right"], language),
             day(r["access_since"], language), r["access_by"])
            for r in terms["handed"]["access_rows"]
        )  # fmt: skip
        return Document(
            title=title, language=language, version=self.version,
            preamble=(said(intro, terms, language) % {"reference": terms["contract"]["reference"]},),
            sections=(Section(heading, (after,), (head, *rows)),), signatures=(terms["freelancer"]["name"],),
        )  # fmt: skip


class Withdrawal(ContractTemplate):
    """When each access was withdrawn, and what became of copies."""

    name = "withdrawal"
    kind = WITHDRAWAL_PAPER
    version = "1"
    languages: ClassVar[tuple[str, ...]] = ("en", "fr")
    terms_schema: ClassVar[type[Schema]] = _Terms

    def render(self, terms: Mapping[str, Any], language: str) -> Document:
        """One table, one sentence on copies."""
        title, intro, heading, head, copies, kept = _WITHDRAWN[language]
        terms = self.terms_schema().load(dict(terms))
        handed = terms["handed"]
        rows = tuple(
            (r["withdrawn_person"], r["withdrawn_source"], day(r["withdrawn_on"], language))
            for r in handed["withdrawn_rows"]
        )
        left = [f"{worded_choice(COPIES, handed['copies_left'], language)}."]
        if handed.get("kept_what"):
            left.append(kept % {"what": handed["kept_what"]})
        return Document(
            title=title, language=language, version=self.version,
            preamble=(said(intro, terms, language) % {"reference": terms["contract"]["reference"]},),
            sections=(Section(heading, (), (head, *rows)), Section(copies, tuple(left))),
            signatures=(terms["freelancer"]["name"],),
        )  # fmt: skip
