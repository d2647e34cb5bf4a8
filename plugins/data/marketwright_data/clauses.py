"""Clauses that work on data needs in its contract, in English and French."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import EXCLUDE, Schema, fields

from marketwright.plugin import ContractTemplate, Document, Section
from marketwright_data.words import said


class _Terms(Schema):
    class Meta:
        unknown = EXCLUDE

    client = fields.Raw()


_TEXT = {
    "en": (
        Section(
            "Rights in the data",
            (
                "The data that the {client} makes available, and whatever is derived from it, remain the {client}’s. "
                "The {freelancer} acquires no right in them, neither as author nor as maker of a database, and uses "
                "them for this contract alone.",
                "The {freelancer} trains no model, enriches no other data set and keeps no statistics from which the "
                "data could be found again.",
                "Code, models, mappings and documentation made under this contract pass to the {client} as the "
                "section on intellectual property says. General methods and tools that the {freelancer} brought along "
                "stay theirs; the {client} may use them with the work for as long as it likes.",
            ),
        ),
        Section(
            "Quality and measure",
            (
                "Work is accepted by the measures agreed in this contract: each with its rule, its target, the data "
                "it is measured on and who runs it. A figure at or above its target is accepted; a figure below it is "
                "handed back with the cases that failed. A figure agreed in the annex decides acceptance in place of "
                "the section on delivery and acceptance.",
                "The {client} answers for the accuracy of the sources, the {freelancer} for what is done to them. A "
                "defect of a source that the {freelancer} reports in writing when it is found does not count against "
                "the measure, and the parties record how it is treated.",
                "The {freelancer} changes nothing in a source. Loads can be run again with the same result.",
            ),
        ),
        Section(
            "Access to sources",
            (
                "Access is personal, no wider than the work needs, and written in the access list: who, to which "
                "source, with which right, since when, granted by whom. The {client} keeps the list, the "
                "{freelancer} confirms it.",
                "The {freelancer} passes no access on, works in the place that the brief names, and makes no copy "
                "elsewhere. Samples for development are synthetic or masked unless the {client} agrees in writing.",
                "A lost access or a suspected leak is reported within twenty-four hours of becoming known.",
            ),
        ),
        Section(
            "Withdrawal and deletion",
            (
                "Before the last payment is released the {client} withdraws every access and the list says when; the "
                "{freelancer} returns or deletes what is still in their hands, copies and exports included, and "
                "confirms it in writing.",
                "Where the law obliges the {freelancer} to keep something, they name it, the law and the date on "
                "which it is deleted.",
            ),
        ),
    ),
    "fr": (
        Section(
            "Droits sur les données",
            (
                "Les données mises à disposition par {client.le}, et tout ce qui en est tiré, restent {client.au}. "
                "{Freelancer.le} n’acquiert sur elles aucun droit, ni d’auteur ni de producteur de base de données, "
                "et ne s’en sert que pour ce contrat.",
                "{Freelancer.le} n’entraîne aucun modèle, n’enrichit aucun autre jeu de données et ne conserve aucune "
                "statistique permettant de retrouver les données.",
                "Le code, les modèles, les correspondances et la documentation réalisés au titre de ce contrat sont "
                "cédés {client.au} comme le prévoit la section sur la propriété intellectuelle. Les méthodes et outils "
                "généraux apportés par {freelancer.le} lui restent acquis ; {client.le} peut s’en servir avec les "
                "livrables sans limite de durée.",
            ),
        ),
        Section(
            "Qualité et mesure",
            (
                "La recette se fait sur les mesures convenues au contrat : pour chacune, sa règle, sa cible, les "
                "données sur lesquelles on mesure et qui exécute la mesure. Un résultat égal ou supérieur à la cible "
                "vaut acceptation ; un résultat inférieur est rendu avec les cas en échec. Un chiffre convenu en "
                "annexe décide de la réception à la place de la section sur la livraison et l’acceptation.",
                "{Client.le} répond de l’exactitude des sources, {freelancer.le} de ce qui leur est appliqué. Un "
                "défaut de source signalé par écrit dès sa découverte n’est pas compté dans la mesure, et les parties "
                "consignent le traitement retenu.",
                "{Freelancer.le} ne modifie rien dans une source. Les chargements peuvent être rejoués avec le même "
                "résultat.",
            ),
        ),
        Section(
            "Accès aux sources",
            (
                "Les accès sont personnels, limités à ce que le travail exige, et inscrits sur la liste d’accès : "
                "qui, à quelle source, avec quel droit, depuis quand, accordé par qui. {Client.le} tient la liste, "
                "{freelancer.le} la confirme.",
                "{Freelancer.le} ne transmet aucun accès, travaille au lieu indiqué par le brief et ne fait aucune "
                "copie ailleurs. Les échantillons de développement sont synthétiques ou masqués, sauf accord écrit "
                "{client.du}.",
                "La perte d’un accès ou une fuite soupçonnée est signalée dans les vingt-quatre heures de sa "
                "découverte.",
            ),
        ),
        Section(
            "Retrait des accès et suppression",
            (
                "Avant le versement du dernier paiement, {client.le} retire tous les accès et la liste en indique "
                "la date ; {freelancer.le} restitue ou supprime ce qui reste entre ses mains, copies et exports "
                "compris, et l’atteste par écrit.",
                "Lorsque la loi impose {freelancer.au} une conservation, l’élément conservé, le texte applicable et "
                "la date de suppression sont indiqués.",
            ),
        ),
    ),
}  # fmt: skip


class DataClauses(ContractTemplate):
    """Rights in the data, quality and measure, access to sources, withdrawal and deletion."""

    name = "data_clauses"
    kind = "clause:agreement"
    version = "1"
    languages: ClassVar[tuple[str, ...]] = ("en", "fr")
    terms_schema: ClassVar[type[Schema]] = _Terms

    def render(self, terms: Mapping[str, Any], language: str) -> Document:
        """The four sections in ``language``; they need no term of the deal."""
        sections = tuple(
            Section(said(s.heading, terms, language), tuple(said(p, terms, language) for p in s.paragraphs))
            for s in _TEXT[language]
        )
        return Document(title="", language=language, version=self.version, sections=sections)
