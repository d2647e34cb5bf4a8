"""Clauses that AI work needs in its contract, in English and French; which of them, the brief and its class decide."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import EXCLUDE, Schema, fields

from marketwright.plugin import ContractTemplate, Document, Section, worded
from marketwright_ai.act_clauses import ACT, HELP
from marketwright_ai.fields import COMPUTE, DATA_LICENCES, HOLDERS, OWNERS, label


class _Mission(Schema):
    class Meta:
        unknown = EXCLUDE

    fields = fields.Dict(  # type: ignore[assignment]  # the terms name it so
        keys=fields.String(), load_default=dict)


class _Terms(Schema):
    class Meta:
        unknown = EXCLUDE

    mission = fields.Nested(_Mission, load_default=dict)


# What the parties are called where the marketplace does not say otherwise.
_PARTIES: dict[str, dict[str, Mapping[str, str]]] = {
    "en": {"client": {"one": "client"}, "freelancer": {"one": "freelancer"}},
    "fr": {
        noun: {"one": word, "le": f"le {word}", "du": f"du {word}", "au": f"au {word}", "gender": "m"}
        for noun, word in (("client", "client"), ("freelancer", "freelance"))
    },
}
_SAID = {
    "en": {
        "title": "Measurement", "holder": "Test set held by", "compute": "Where it is computed",
        "data": "Training data", "weights": "Weights", "unsaid": "not said in the brief",
    },
    "fr": {
        "title": "Mesure", "holder": "Jeu de test tenu par", "compute": "Lieu du calcul",
        "data": "Données d’entraînement", "weights": "Poids", "unsaid": "non précisé dans le besoin",
    },
}  # fmt: skip
_ROWS = (
    ("holder", "test_set_holder", HOLDERS), ("compute", "compute_where", COMPUTE),
    ("data", "training_data_licence", DATA_LICENCES), ("weights", "weights_owner", OWNERS),
)  # fmt: skip
MEASURE = {
    "en": Section(
        "Measurement and acceptance",
        (
            "A candidate is accepted by the metric and the threshold of the annex, measured on the held-out test set "
            "by whoever the annex names, on weights fixed by their SHA-256, and by nothing else. A demonstration "
            "accepts nothing. This section prevails over the section on delivery and acceptance.",
            "The {freelancer} neither receives nor seeks the cases of the test set, trains on none of them, and says "
            "at once if any became known. A test set that is changed after it was sealed measures nothing.",
            "Each party may contest a measure within five days, with reasons; no annex shortens or lengthens this. The "
            "same weights are then run on the same cases with both parties watching, and the second figure decides on "
            "the terms of the annex.",
            "A candidate that is not measured within fourteen days of its delivery counts as accepted.",
        ),
    ),
    "fr": Section(
        "Mesure et réception",
        (
            "Un candidat est reçu d’après la métrique et le seuil de l’annexe, mesurés sur le jeu de test réservé par "
            "la personne que l’annexe désigne, sur des poids fixés par leur SHA-256, et d’après rien d’autre. Une "
            "démonstration ne vaut pas réception. La présente section prévaut sur celle relative à la livraison et à "
            "l’acceptation.",
            "{Freelancer.le} ne reçoit ni ne recherche les cas du jeu de test, n’entraîne sur aucun d’eux et signale "
            "aussitôt ceux dont il aurait connaissance. Un jeu de test modifié après son scellement ne mesure rien.",
            "Chaque partie peut contester une mesure dans les cinq jours, en la motivant ; ce délai vaut pour toutes "
            "les annexes. Les mêmes poids sont alors passés sur les mêmes cas en présence des deux parties, et le "
            "second chiffre décide selon l’annexe.",
            "Un candidat qui n’est pas mesuré dans les quatorze jours de sa remise est réputé reçu.",
        ),
    ),
}
# Where the course is another one there is no annex: what the brief says stands, and acceptance is the agreement's.
BRIEF = {
    "en": Section("Model and data", (
        "The work is accepted as the section on delivery and acceptance says. The mission says how the model is "
        "measured and what it is made of; the {freelancer} reports the figure with each delivery, and how it was "
        "found.",
    )),
    "fr": Section("Modèle et données", (
        "Les travaux sont reçus comme le prévoit la section sur la livraison et l’acceptation. Le besoin dit comment "
        "le modèle est mesuré et de quoi il est fait ; {freelancer.le} communique à chaque livraison le chiffre obtenu "
        "et la manière dont il l’a été.",
    )),
}  # fmt: skip
CAP = {
    "en": "Compute is paid by the party on whose account or machines it runs. Nobody causes such costs to the other "
          "without its written consent.",
    "fr": "Le calcul est payé par la partie dont le compte ou les machines servent. Nul n’en fait naître le coût pour "
          "l’autre sans son accord écrit.",
}  # fmt: skip
DATA = {
    "en": Section(
        "Licence of the training data",
        (
            "Each party warrants that it may use what it brings for training, for the purpose of this contract. Data "
            "whose right to be used is not clear is not trained on.",
            "The {freelancer} keeps a manifest of every source with its licence and date, and hands it over with each "
            "candidate. Where text and data mining is relied on (Directive (EU) 2019/790, articles 3 and 4), "
            "reservations of rights are respected and the check is recorded.",
            "The {client}’s data serves this contract alone: it trains no other model, and is deleted from the "
            "{freelancer}’s machines within thirty days of acceptance, which the {freelancer} confirms in writing.",
        ),
    ),
    "fr": Section(
        "Licence des données d’entraînement",
        (
            "Chaque partie garantit pouvoir utiliser ce qu’elle apporte pour l’entraînement, aux fins du présent "
            "contrat. Aucune donnée dont le droit d’usage n’est pas clair n’est employée.",
            "{Freelancer.le} tient un registre de chaque source avec sa licence et sa date, et le remet avec chaque "
            "candidat. Lorsque la fouille de textes et de données est invoquée (directive (UE) 2019/790, articles 3 et "
            "4), les réserves de droits sont respectées et la vérification est consignée.",
            "Les données {client.du} ne servent qu’au présent contrat : elles n’entraînent aucun autre modèle et sont "
            "effacées des machines {freelancer.du} dans les trente jours suivant la réception, ce qu’il confirme par "
            "écrit.",
        ),
    ),
}
WEIGHTS: dict[str, dict[str, str]] = {
    "en": {
        "client": "With release of the price, the {client} owns the weights trained under this contract, the adapter, "
                  "the training recipe and the manifest, and may use, change and pass them on.",
        "licence": "The {freelancer} keeps the weights trained under this contract. With release of the price the "
                   "{client} may use and adapt them without limit of time or place, for its own purposes, within the "
                   "price.",
        "open": "With release of the price, the weights trained under this contract, their card and their recipe are "
                "published under the open licence that the parties name in writing before training begins.",
    },
    "fr": {
        "client": "À la libération du prix, les poids entraînés au titre du présent contrat, l’adaptateur, la recette "
                  "d’entraînement et le registre appartiennent {client.au}, qui peut les utiliser, les modifier et les "
                  "transmettre.",
        "licence": "{Freelancer.le} conserve les poids entraînés au titre du présent contrat. À la libération du prix, "
                   "{client.le} peut les utiliser et les adapter sans limite de durée ni de lieu, pour ses propres "
                   "besoins, le tout étant compris dans le prix.",
        "open": "À la libération du prix, les poids entraînés au titre du présent contrat, leur fiche et leur recette "
                "sont publiés sous la licence ouverte que les parties désignent par écrit avant l’entraînement.",
    },
}  # fmt: skip
REST = {
    "en": (
        "Ownership of the weights",
        "A base model keeps its own licence, which the {freelancer} names and attaches before training begins. Methods "
        "and tools that the {freelancer} had before remain the {freelancer}’s; the {client} may use them as far as the "
        "delivery needs them. For the weights this section prevails over the section on intellectual property.",
    ),
    "fr": (
        "Propriété des poids",
        "Un modèle de base garde sa propre licence, que {freelancer.le} indique et joint avant l’entraînement. Les "
        "méthodes et outils antérieurs {freelancer.du} lui restent ; {client.le} peut les utiliser autant que la "
        "livraison l’exige. Pour les poids, la présente section prévaut sur celle relative à la propriété "
        "intellectuelle.",
    ),
}
COMPUTE_AND_CARD = {
    "en": (
        Section("Cost of compute", (
            "Compute is capped by the annex and paid by whom the annex names. Nobody goes over the cap without the "
            "other’s written consent; what goes over without it is borne by whoever caused it.",
        )),
        Section("Model card and technical documentation", (
            "Each candidate comes with a card: intended use, data, measures, known failures, compute used. It is part "
            "of the delivery, and what a user of the model must know stands in it.",
        )),
    ),
    "fr": (
        Section("Coûts de calcul", (
            "Le calcul est plafonné par l’annexe et payé par la partie qu’elle désigne. Personne ne dépasse le plafond "
            "sans l’accord écrit de l’autre ; le dépassement non consenti est à la charge de la partie qui l’a causé.",
        )),
        Section("Fiche du modèle et documentation technique", (
            "Chaque candidat est remis avec sa fiche : usage prévu, données, mesures, échecs connus, calcul utilisé. "
            "Elle fait partie de la livraison et contient ce qu’un utilisateur du modèle doit savoir.",
        )),
    ),
}  # fmt: skip


class AiClauses(ContractTemplate):
    """Measurement, data, weights, compute and documentation; and what the class under the AI Act adds."""

    name = "ai_clauses"
    kind = "clause:agreement"
    version = "1"
    languages: ClassVar[tuple[str, ...]] = ("en", "fr")
    terms_schema: ClassVar[type[Schema]] = _Terms

    def render(self, terms: Mapping[str, Any], language: str) -> Document:
        """The sections in ``language``; the brief's own fields choose their words."""
        words = _PARTIES[language] | dict(terms.get("marketplace", {}).get("words", {}))
        brief = dict(terms.get("mission", {}).get("fields", {}))
        annexed = {d.get("name") for d in terms.get("deliverables") or ()}
        sections = tuple(
            Section(
                worded(s.heading, words, titled=True),
                tuple(worded(p, words, titled=True) for p in s.paragraphs), s.rows,
            )
            for s in self._sections(brief, language, measured="ai.evaluation" in annexed)
        )  # fmt: skip
        return Document(title="", language=language, version=self.version, sections=sections)

    def _sections(self, brief: Mapping[str, Any], language: str, *, measured: bool) -> tuple[Section, ...]:
        said, measure = _SAID[language], (MEASURE if measured else BRIEF)[language]
        rows = tuple(
            (said[key], label(choices, brief[name], language) if brief.get(name) else said["unsaid"])
            for key, name, choices in _ROWS
        )
        owner = WEIGHTS[language].get(brief.get("weights_owner", "client"), WEIGHTS[language]["client"])
        heading, rest = REST[language]
        trained = brief.get("training_data_licence") != "none"
        compute, card = COMPUTE_AND_CARD[language]
        act = ACT[language].get(brief.get("ai_act_class", ""))
        return (
            Section(measure.heading, measure.paragraphs, rows),
            *((DATA[language],) if trained else ()),
            Section(heading, (owner, rest)),
            compute if measured else Section(compute.heading, (CAP[language],)), card,
            *((Section(act.heading, (*act.paragraphs, HELP[language])),) if act else ()),
        )
