"""The processing agreement of GDPR article 28: what paragraph 3 makes mandatory, filled from what was handed in.

Prepared for review by the operator's adviser.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import EXCLUDE, Schema, fields

from marketwright.plugin import ContractTemplate, Document, Section
from marketwright_data.papers import AGREEMENT_PAPER, MEASURES
from marketwright_data.words import day, said, worded_choice

REVIEWED = "2026-09-01"  # the text as it stood that day; the law it follows: Regulation (EU) 2016/679, article 28(3)


class _Terms(Schema):
    class Meta:
        unknown = EXCLUDE

    contract = fields.Dict(required=True)
    client = fields.Dict(required=True)
    freelancer = fields.Dict(required=True)
    handed = fields.Dict(required=True)
    marketplace = fields.Dict(load_default=dict)


_TEXT: dict[str, dict[str, Any]] = {
    "en": {
        "title": "Processing agreement (GDPR, article 28)",
        "preamble": (
            "Between {controller} (the controller, below: the {client}) and {processor} (the processor, below: the "
            "{freelancer}). Annex to the contract %(reference)s; where the two differ on personal data, this agreement "
            "prevails.",
            "The terms have the meaning of Regulation (EU) 2016/679 (GDPR).",
        ),
        "described": "The processing",
        "labels": ("Subject matter", "Duration", "Nature", "Purpose", "Types of personal data", "Special categories",
                   "Categories of persons", "Contact of the {client}"),
        "until": "until %(day)s, the end of the contract at the latest",
        "no_special": "none declared",
        "sections": (
            ("Instructions", (
                "The {freelancer} processes the data only on documented instructions of the {client}, transfers to a "
                "third country included, unless Union or Member State law requires otherwise; in that case they say "
                "so beforehand, unless that law forbids it. This agreement and the contract are instructions; others "
                "are given in writing on the marketplace.",
                "The {freelancer} tells the {client} at once when an instruction, in their view, infringes the GDPR "
                "or another provision on data protection, and may suspend it until it is confirmed or changed.",
            )),
            ("Confidentiality", (
                "The {freelancer} works alone on the data or has bound everybody whom they let process it to "
                "confidentiality, by contract or by law. The duty outlasts the contract.",
            )),
        ),
        "security": ("Security (article 32)",
                     "The {freelancer} applies at least these measures, and keeps them up while the processing lasts:",
                     "Besides: %(more)s",
                     "The {freelancer} may replace a measure by one that protects no less, and says so."),
        "sub": ("Other processors",
                "The {freelancer} engages no other processor without the {client}’s prior written authorisation, given "
                "for each one.",
                "Authorised at signature:", "No other is authorised at signature.",
                "The {freelancer} imposes on each the obligations of this agreement and remains liable to the {client} "
                "for what it does.",
                ("Name", "For what", "Country")),
        "transfers": ("Transfers outside the European Economic Area", {
            "none": "There are none, remote reading included. Any transfer needs a written instruction and a basis of "
                    "Chapter V.",
            "adequacy": "Only to: %(where)s, covered by an adequacy decision (article 45). When the decision ends the "
                        "transfer ends.",
            "clauses": "Only to: %(where)s, under the standard contractual clauses of Implementing Decision (EU) "
                       "2021/914, which are signed before the first transfer, with the assessment that they ask for.",
        }),
        "more": (
            ("Rights of the persons", (
                "Taking the nature of the processing into account, the {freelancer} helps the {client}, by appropriate "
                "technical and organisational measures, to answer requests of persons (articles 12 to 23). A request "
                "that reaches the {freelancer} is passed on within two working days and is not answered by them.",
            )),
            ("Help with the {client}’s own duties", (
                "The {freelancer} helps the {client} to meet articles 32 to 36: security, notification of breaches, "
                "impact assessment and prior consultation, with the information that they hold.",
                "A breach of personal data is told to the {client}’s contact without undue delay and within 24 hours "
                "of becoming known: what happened, which data and persons, likely consequences, what was done. The "
                "{client} alone notifies the authority and the persons.",
            )),
            ("Proof and audit", (
                "The {freelancer} makes available all information needed to show that article 28 is met, keeps the "
                "record of article 30(2) where it applies, and allows for and contributes to audits, inspections "
                "included, by the {client} or an auditor whom it mandates, with ten working days' notice, and at once "
                "after a breach.",
            )),
        ),
        "end": ("At the end", {
            "delete": "At the end of the processing, the {freelancer} deletes all personal data and existing copies "
                      "within 15 days and confirms it in writing, unless Union or Member State law requires storage.",
            "return": "At the end of the processing, the {freelancer} returns all personal data in a common format, "
                      "then deletes existing copies, within 15 days, and confirms it in writing, unless Union or "
                      "Member State law requires storage.",
        }, "The access list says who had access to which source; its withdrawal is confirmed before the last payment."),
        "client": ("Duties of the {client}", (
            "The {client} has a legal basis for the processing, has informed the persons, gives only the data that the "
            "purpose needs, documents its instructions, and sees to it that the {freelancer} meets this agreement.",
        )),
        "law": ("Liability, law", (
            "Each party answers for the damage it causes by an infringement as article 82 says. This agreement follows "
            "the law and the courts of the contract, and lasts as long as the {freelancer} holds personal data.",
        )),
        "note": "Text of %(day)s, after article 28(3) GDPR. Prepared for review by the operator's adviser.",
    },
    "fr": {
        "title": "Accord de sous-traitance (RGPD, article 28)",
        "preamble": (
            "Entre {controller} (responsable du traitement, ci-après « {client.le} ») et {processor} (sous-traitant, "
            "ci-après « {freelancer.le} »). Annexe au contrat %(reference)s ; en cas de divergence portant sur des "
            "données personnelles, le présent accord prévaut.",
            "Les termes ont le sens que leur donne le règlement (UE) 2016/679 (RGPD).",
        ),
        "described": "Le traitement",
        "labels": ("Objet", "Durée", "Nature", "Finalité", "Types de données personnelles", "Catégories particulières",
                   "Catégories de personnes", "Contact {client.du}"),
        "until": "jusqu’au %(day)s, au plus tard à la fin du contrat",
        "no_special": "aucune déclarée",
        "sections": (
            ("Instructions", (
                "{Freelancer.le} ne traite les données que sur instruction documentée {client.du}, y compris pour un "
                "transfert vers un pays tiers, sauf obligation du droit de l’Union ou d’un État membre ; dans ce cas, "
                "il l’en informe au préalable, à moins que ce droit ne l’interdise. Le présent accord et le contrat "
                "valent instructions ; les autres sont données par écrit sur la place de marché.",
                "{Freelancer.le} informe immédiatement {client.le} lorsqu’une instruction lui paraît constituer une "
                "violation du RGPD ou d’une autre disposition relative à la protection des données, et peut la "
                "suspendre jusqu’à ce qu’elle soit confirmée ou modifiée.",
            )),
            ("Confidentialité", (
                "{Freelancer.le} intervient seul sur les données, ou a soumis toute personne qu’il autorise à les "
                "traiter à une obligation de confidentialité, contractuelle ou légale. Cette obligation survit au "
                "contrat.",
            )),
        ),
        "security": ("Sécurité (article 32)",
                     "{Freelancer.le} applique au moins les mesures suivantes, et les maintient pendant toute la durée "
                     "du traitement :",
                     "En outre : %(more)s",
                     "{Freelancer.le} peut remplacer une mesure par une autre d’un niveau de protection au moins égal, "
                     "et le signale."),
        "sub": ("Autres sous-traitants",
                "{Freelancer.le} ne recrute aucun autre sous-traitant sans l’autorisation écrite préalable "
                "{client.du}, donnée pour chacun.",
                "Autorisés à la signature :", "Aucun n’est autorisé à la signature.",
                "{Freelancer.le} impose à chacun les obligations du présent accord et demeure pleinement responsable "
                "de ses actes devant {client.le}.",
                ("Nom", "Pour quoi", "Pays")),
        "transfers": ("Transferts hors de l’Espace économique européen", {
            "none": "Il n’y en a pas, y compris par consultation à distance. Tout transfert suppose une instruction "
                    "écrite et un fondement du chapitre V.",
            "adequacy": "Uniquement vers : %(where)s, couvert par une décision d’adéquation (article 45). Si la "
                        "décision prend fin, le transfert cesse.",
            "clauses": "Uniquement vers : %(where)s, sous les clauses contractuelles types de la décision d’exécution "
                       "(UE) 2021/914, signées avant le premier transfert, avec l’évaluation qu’elles requièrent.",
        }),
        "more": (
            ("Droits des personnes", (
                "Compte tenu de la nature du traitement, {freelancer.le} aide {client.le}, par des mesures techniques "
                "et organisationnelles appropriées, à donner suite aux demandes des personnes (articles 12 à 23). Une "
                "demande reçue directement est transmise sous deux jours ouvrés, sans y répondre.",
            )),
            ("Aide au respect des obligations {client.du}", (
                "{Freelancer.le} aide {client.le} à respecter les articles 32 à 36 : sécurité, notification des "
                "violations, analyse d’impact et consultation préalable, avec les informations dont il dispose.",
                "Une violation de données personnelles est signalée au contact {client.du} dans les meilleurs délais "
                "et au plus tard 24 heures après sa découverte : faits, données et personnes concernées, conséquences "
                "probables, mesures prises. La notification à l’autorité et aux personnes revient {client.au} seul.",
            )),
            ("Preuve et audit", (
                "{Freelancer.le} met à disposition toutes les informations nécessaires pour démontrer le respect de "
                "l’article 28, tient le registre de l’article 30, paragraphe 2, lorsqu’il s’applique, et permet la "
                "réalisation d’audits, y compris des inspections, par {client.le} ou un auditeur mandaté, moyennant "
                "un préavis de dix jours ouvrés, et sans délai après une violation.",
            )),
        ),
        "end": ("Au terme", {
            "delete": "Au terme du traitement, {freelancer.le} supprime toutes les données personnelles et les copies "
                      "existantes sous 15 jours et l’atteste par écrit, sauf conservation exigée par le droit de "
                      "l’Union ou d’un État membre.",
            "return": "Au terme du traitement, {freelancer.le} restitue toutes les données personnelles dans un format "
                      "courant, puis détruit les copies existantes, sous 15 jours, et l’atteste par écrit, sauf "
                      "conservation exigée par le droit de l’Union ou d’un État membre.",
        }, "La liste d’accès dit qui a eu accès à quelle source ; leur retrait est attesté avant le dernier paiement."),
        "client": ("Obligations {client.du}", (
            "{Client.le} dispose d’une base légale pour le traitement, a informé les personnes, ne confie que les "
            "données nécessaires à la finalité, documente ses instructions et veille au respect du présent accord.",
        )),
        "law": ("Responsabilité, droit applicable", (
            "Chaque partie répond du dommage causé par sa violation dans les conditions de l’article 82. Le présent "
            "accord suit le droit et les juridictions du contrat, et dure aussi longtemps que {freelancer.le} détient "
            "des données personnelles.",
        )),
        "note": "Texte du %(day)s, d’après l’article 28, paragraphe 3, du RGPD. Préparé pour relecture par le conseil "
                "de l’exploitant.",
    },
}  # fmt: skip


class ProcessingAgreement(ContractTemplate):
    """The agreement between controller and processor, signed by both before any source is opened."""

    name = "processing_agreement"
    kind = AGREEMENT_PAPER
    version = "1"
    languages: ClassVar[tuple[str, ...]] = ("en", "fr")
    terms_schema: ClassVar[type[Schema]] = _Terms

    def render(self, terms: Mapping[str, Any], language: str) -> Document:
        """The twelve sections that article 28(3) asks for."""
        t, terms = _TEXT[language], self.terms_schema().load(dict(terms))
        handed = terms["handed"]

        def say(text: str, **params: str) -> str:
            return said(text, terms, language) % params if params else said(text, terms, language)

        def plain(sections: Any) -> list[Section]:
            return [Section(say(h), tuple(say(p) for p in ps)) for h, ps in sections]

        names = {"controller": _party(terms["client"]), "processor": _party(terms["freelancer"])}
        first, second = t["preamble"]
        first = first.replace("{controller}", "%(controller)s").replace("{processor}", "%(processor)s")
        transfers, wordings = t["transfers"]
        end, ends, last = t["end"]
        return Document(
            title=t["title"], language=language, version=self.version,
            preamble=(say(first, reference=terms["contract"]["reference"], **names), say(second)),
            sections=(
                _described(t, handed, say, language),
                *plain(t["sections"]),
                _security(t, handed, say, language),
                _others(t, handed, say),
                Section(say(transfers), (say(wordings[handed["dpa_transfers"]],
                                             where=handed.get("dpa_transfer_country") or "–"),)),
                *plain(t["more"]),
                Section(say(end), (say(ends[handed["dpa_end"]]), say(last))),
                *plain((t["client"], t["law"])),
            ),
            signatures=(_signs(terms["client"]), _signs(terms["freelancer"])),
            notes=(say(t["note"], day=day(REVIEWED, language)),),
        )  # fmt: skip


def _party(party: Mapping[str, Any]) -> str:
    town = " ".join(str(party[k]) for k in ("postcode", "city") if party.get(k))
    where = ", ".join(str(one) for one in (party.get("street"), town, party.get("country")) if one)
    number = f" ({party['registration_number']})" if party.get("registration_number") else ""
    form = f" {party['form']}" if party.get("form") else ""
    return f"{party['name']}{form}{number}, {where}" if where else f"{party['name']}{form}{number}"


def _signs(party: Mapping[str, Any]) -> str:
    """Name, who signs for it, as what: a line each."""
    return "\n".join(str(party[k]) for k in ("name", "signatory_name", "signatory_title") if party.get(k))


def _described(t: Mapping[str, Any], handed: Mapping[str, Any], say: Any, language: str) -> Section:
    values = (
        handed["dpa_subject"], say(t["until"], day=day(handed["dpa_until"], language)), handed["dpa_nature"],
        handed["dpa_purpose"], handed["dpa_types"], handed.get("dpa_special") or t["no_special"],
        handed["dpa_persons"], handed["dpa_contact"],
    )  # fmt: skip
    rows = tuple((say(label), value) for label, value in zip(t["labels"], values, strict=True))
    return Section(t["described"], (), rows)


def _security(t: Mapping[str, Any], handed: Mapping[str, Any], say: Any, language: str) -> Section:
    heading, before, besides, after = t["security"]
    listed = "\n".join(f"– {worded_choice(MEASURES, m, language)}" for m in handed["dpa_measures"])
    more = handed.get("dpa_measures_more")
    return Section(say(heading), (say(before), listed, *([say(besides, more=more)] if more else []), say(after)))


def _others(t: Mapping[str, Any], handed: Mapping[str, Any], say: Any) -> Section:
    heading, rule, some, none, after, head = t["sub"]
    rows = handed.get("dpa_subprocessors") or ()
    table = tuple((r["subprocessor"], r["subprocessor_task"], r["subprocessor_place"]) for r in rows)
    return Section(say(heading), (say(rule), say(after), say(some if table else none)), (head, *table) if table else ())
