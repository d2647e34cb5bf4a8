"""Clauses that security work needs in its contract, in English and French."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import EXCLUDE, Schema, fields

from marketwright.plugin import ContractTemplate, Document, Section, worded


class _Terms(Schema):
    class Meta:
        unknown = EXCLUDE

    client = fields.Raw()


# What the parties are called where the marketplace does not say otherwise.
_PARTIES: dict[str, dict[str, Mapping[str, str]]] = {
    "en": {"client": {"one": "client"}, "freelancer": {"one": "freelancer"}},
    "fr": {
        noun: {"one": word, "le": f"le {word}", "du": f"du {word}", "au": f"au {word}", "gender": "m"}
        for noun, word in (("client", "client"), ("freelancer", "freelance"))
    },
}
_TEXT = {
    "en": (
        Section(
            "Authorisation to test",
            (
                "The {freelancer} takes no action on a system before the {client} has handed in a written "
                "authorisation that names the targets, who owns and who hosts them, the window, and what is excluded.",
                "The {client} states that it may give this authorisation, or has obtained it from the owner and the "
                "host. Without it no work is due and no delay counts against the {freelancer}.",
                "The {freelancer} stops at once when the {client} asks, and when a system outside the authorisation is "
                "reached.",
            ),
        ),
        Section(
            "Rules of engagement",
            (
                "Unless the authorisation says otherwise: no denial of service, no change or deletion of data, no "
                "social engineering of persons, no persistence left behind.",
                "The {freelancer} keeps a dated record of what was done from which address, and hands it over with "
                "the report.",
            ),
        ),
        Section(
            "Findings and disclosure",
            (
                "Findings are the {client}'s. The {freelancer} reports a finding that puts persons or operations at "
                "immediate risk on the day it is made, without waiting for the report.",
                "Neither party makes a finding public without the written consent of the other. Where a third "
                "party's product is affected, the parties agree on a coordinated disclosure.",
                "The {freelancer} deletes the data obtained during the work within thirty days of acceptance and says "
                "so in writing.",
            ),
        ),
    ),
    "fr": (
        Section(
            "Autorisation de test",
            (
                "{Freelancer.le} n’entreprend aucune action sur un système avant que {client.le} ait remis une "
                "autorisation écrite qui nomme les cibles, leur propriétaire et leur hébergeur, la fenêtre "
                "d’intervention et ce qui est exclu.",
                "{Client.le} déclare pouvoir donner cette autorisation, ou l’avoir obtenue du propriétaire et de "
                "l’hébergeur. À défaut, aucune prestation n’est due et aucun retard n’est imputable {freelancer.au}.",
                "{Freelancer.le} cesse immédiatement à la demande {client.du}, ainsi que lorsqu’un système hors du "
                "périmètre autorisé est atteint.",
            ),
        ),
        Section(
            "Règles d’engagement",
            (
                "Sauf mention contraire de l’autorisation : pas de déni de service, pas de modification ni de "
                "suppression de données, pas d’ingénierie sociale visant des personnes, aucune persistance laissée "
                "en place.",
                "{Freelancer.le} tient un relevé daté des actions menées et des adresses employées, et le remet avec "
                "le rapport.",
            ),
        ),
        Section(
            "Constats et divulgation",
            (
                "Les constats appartiennent {client.au}. {Freelancer.le} signale le jour même tout constat qui expose "
                "des personnes ou l’exploitation à un risque immédiat, sans attendre le rapport.",
                "Aucune des parties ne rend un constat public sans l’accord écrit de l’autre. Lorsqu’un produit "
                "tiers est concerné, les parties conviennent d’une divulgation coordonnée.",
                "{Freelancer.le} supprime les données obtenues pendant la mission dans les trente jours suivant "
                "l’acceptation et l’atteste par écrit.",
            ),
        ),
    ),
}


class SecurityClauses(ContractTemplate):
    """Authorisation to test, rules of engagement, findings and disclosure."""

    name = "security_clauses"
    kind = "clause:agreement"
    version = "1"
    languages: ClassVar[tuple[str, ...]] = ("en", "fr")
    terms_schema: ClassVar[type[Schema]] = _Terms

    def render(self, terms: Mapping[str, Any], language: str) -> Document:
        """The three sections in ``language``; they need no term of the deal."""
        words = _PARTIES[language] | dict(terms.get("marketplace", {}).get("words", {}))

        def said(text: str) -> str:
            return worded(text, words, titled=True)

        sections = tuple(Section(said(s.heading), tuple(map(said, s.paragraphs))) for s in _TEXT[language])
        return Document(title="", language=language, version=self.version, sections=sections)
