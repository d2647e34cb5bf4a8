"""Clauses that security work needs in its contract, in English and French."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import EXCLUDE, Schema, fields

from marketwright.plugin import ContractTemplate, Document, Section, worded
from marketwright_cybersecurity.courses import section_for


class _Terms(Schema):
    class Meta:
        unknown = EXCLUDE

    mission = fields.Raw()
    process = fields.Raw()
    milestones = fields.Raw()


# What the parties are called where the marketplace does not say otherwise.
PARTIES: dict[str, dict[str, Mapping[str, str]]] = {
    "en": {"client": {"one": "client"}, "freelancer": {"one": "freelancer"}},
    "fr": {
        noun: {"one": word, "le": f"le {word}", "du": f"du {word}", "au": f"au {word}", "gender": "m"}
        for noun, word in (("client", "client"), ("freelancer", "freelance"))
    },
}
_AUTHORISATION = {
    "en": Section("Authorisation to test", (
        "The {freelancer} takes no action on a system before whoever owns it, and whoever hosts it, has signed an "
        "authorisation that names the targets, the windows and what is excluded. Work does not start without it.",
        "The {client} obtains these signatures before the first window opens. An authorisation signed later is "
        "worthless: another window is agreed. Until then no work is due and no delay counts against the {freelancer}.",
        "The {freelancer} stops at once when the {client} or a signatory asks, and when a system outside the "
        "authorisation is reached. Acts within the authorisation are the {client}'s to answer for towards its owner "
        "and host; acts beyond it are the {freelancer}'s.",
    )),
    "fr": Section("Autorisation de test", (
        "{Freelancer.le} n’entreprend aucune action sur un système avant que son propriétaire et, le cas échéant, son "
        "hébergeur aient signé une autorisation qui nomme les cibles, les fenêtres d’intervention et ce qui est "
        "exclu. Les travaux ne commencent pas sans elle.",
        "{Client.le} recueille ces signatures avant l’ouverture de la première fenêtre. Une autorisation signée plus "
        "tard est sans effet : une autre fenêtre est convenue. Jusque-là, aucune prestation n’est due et aucun retard "
        "n’est imputable {freelancer.au}.",
        "{Freelancer.le} cesse immédiatement à la demande {client.du} ou d’un signataire, ainsi que lorsqu’un système "
        "hors du périmètre autorisé est atteint. {Client.le} répond, envers le propriétaire et l’hébergeur, des actes "
        "couverts par l’autorisation ; {freelancer.le}, de ceux qui l’excèdent.",
    )),
}  # fmt: skip
_RULES = {
    "en": Section("Annex: rules of engagement", (
        "Unless the authorisation says otherwise: no denial of service, no change or deletion of data, no social "
        "engineering of persons, no persistence left behind. The authorisation carries the rules of each window as "
        "its own annex, and what it allows expressly is allowed; in doubt the stricter reading holds.",
        "The {freelancer} keeps a dated record of what was done from which address, and hands it over with the "
        "report.",
        "The {client} keeps a contact reachable during the windows who can stop the tests.",
    )),
    "fr": Section("Annexe : règles d’engagement", (
        "Sauf mention contraire de l’autorisation : pas de déni de service, pas de modification ni de suppression de "
        "données, pas d’ingénierie sociale visant des personnes, aucune persistance laissée en place. L’autorisation "
        "porte en annexe les règles de chaque fenêtre, et ce qu’elle permet expressément est permis ; dans le doute, "
        "la lecture la plus stricte l’emporte.",
        "{Freelancer.le} tient un relevé daté des actions menées et des adresses employées, et le remet avec le "
        "rapport.",
        "{Client.le} tient joignable, pendant les fenêtres, un contact qui peut faire cesser les tests.",
    )),
}  # fmt: skip
_WORDS = {
    "en": Section("Words of this work", (
        "Target: a system named in the authorisation to test. Window: a span of time named there within which tests "
        "may run. Owner and host: whoever may decide over a target, and whoever runs it for them. Signatory: whoever "
        "signs the authorisation for either.",
        "Finding: a weakness shown on a target, with its evidence. Each is scored by the base metrics of CVSS 4.0, the "
        "Common Vulnerability Scoring System of FIRST. Retest: the test, once more, of what the {client} has marked as "
        "mended.",
    )),
    "fr": Section("Définitions", (
        "Cible : système désigné dans l’autorisation de test. Fenêtre d’intervention : période qui y est fixée et "
        "pendant laquelle des tests peuvent avoir lieu. Propriétaire et hébergeur : qui peut décider d’une cible, et "
        "qui l’exploite pour lui. Signataire : qui signe l’autorisation pour l’un ou l’autre.",
        "Constat : faiblesse démontrée sur une cible, avec sa preuve. Chacun est coté par les métriques de base de "
        "CVSS 4.0, le système d’évaluation des vulnérabilités du FIRST. Retest : nouveau test de ce que {client.le} a "
        "déclaré corrigé.",
    )),
}  # fmt: skip
_CARE = {
    "en": Section("Care and result", (
        "The {freelancer} owes the care and the methods of the profession in looking, and as a result the reports and "
        "files named in the annexes. No test, audit or watch proves that nothing else is wrong: what was not found "
        "within the scope, the time and the methods agreed is no default. This makes section 1 precise, and prevails.",
    )),
    "fr": Section("Moyens et résultat", (
        "L’obligation {freelancer.du} porte sur des moyens quant à ses recherches, conduites selon les règles de "
        "l’art, et sur un résultat quant à la remise des rapports et fichiers désignés en annexe. Aucun test, audit ou "
        "dispositif de détection ne démontre l’absence de tout autre défaut : ce qui n’a pas été trouvé dans le "
        "périmètre, le temps et selon les méthodes convenus n’est pas un manquement. La présente stipulation précise "
        "l’article 1 et prévaut sur lui.",
    )),
}  # fmt: skip
_DISCLOSURE = {
    "en": Section("Findings and disclosure", (
        "Findings are the {client}'s. The {freelancer} reports a finding that puts persons or operations at immediate "
        "risk on the day it is made, without waiting for the report.",
        "Neither party makes a finding public without the written consent of the other. Where a third party's product "
        "is affected, its maker is told within thirty days, by the {client} or with its consent by the {freelancer}; "
        "nothing is published before a correction exists or ninety days have passed. What the law obliges either "
        "party to notify to an authority stays reserved.",
        "So far as personal data is met (names, identifiers, contact and connection data of users and staff), the "
        "{freelancer} processes it on behalf of the {client}, for the work described here alone, within the European "
        "Union, and no more of it than the work demands. It deletes the data obtained within thirty days of acceptance "
        "and says so in writing.",
    )),
    "fr": Section("Constats et divulgation", (
        "Les constats appartiennent {client.au}. {Freelancer.le} signale le jour même tout constat qui expose des "
        "personnes ou l’exploitation à un risque immédiat, sans attendre le rapport.",
        "Aucune des parties ne rend un constat public sans l’accord écrit de l’autre. Lorsqu’un produit tiers est "
        "concerné, son éditeur est prévenu sous trente jours, par {client.le} ou, avec son accord, par "
        "{freelancer.le} ; rien n’est publié avant qu’un correctif existe ou que quatre-vingt-dix jours soient "
        "écoulés. Les notifications que la loi impose à l’une des parties envers une autorité demeurent réservées.",
        "Dans la mesure où des données personnelles sont rencontrées (noms, identifiants, données de contact et de "
        "connexion d’utilisateurs et du personnel), {freelancer.le} les traite pour le compte {client.du}, aux seules "
        "fins des travaux décrits ici, au sein de l’Union européenne, et pas plus que ces travaux ne l’exigent. Les "
        "données obtenues sont supprimées dans les trente jours suivant l’acceptation, ce que {freelancer.le} atteste "
        "par écrit.",
    )),
}  # fmt: skip
_OF_KIND: dict[str, dict[str, Section]] = {
    "audit": {
        "en": Section("Access for the audit", (
            "The {client} gives the documents, accounts and persons that the audit needs, read only. The {freelancer} "
            "changes nothing and attacks nothing; what calls for a test needs an authorisation to test.",
            "The {freelancer} states any tie to what is audited before the work begins.",
        )),
        "fr": Section("Accès pour l’audit", (
            "{Client.le} fournit les documents, comptes et interlocuteurs nécessaires à l’audit, en lecture seule. "
            "{Freelancer.le} ne modifie rien et n’attaque rien ; ce qui demande un test demande une autorisation de "
            "test.",
            "{Freelancer.le} déclare avant le début des travaux tout lien avec ce qui est audité.",
        )),
    },
    "incident_response": {
        "en": Section("Evidence and notification", (
            "The {freelancer} preserves evidence before mending: copies are hashed, dated and listed with who held "
            "them.",
            "The {client} decides on measures and makes the notifications that the law asks of it, to authorities and "
            "persons; the {freelancer} gives the facts for them without delay.",
        )),
        "fr": Section("Preuves et notifications", (
            "{Freelancer.le} préserve les preuves avant de corriger : les copies sont hachées, datées et recensées "
            "avec leurs détenteurs successifs.",
            "{Client.le} décide des mesures et procède aux notifications que la loi lui impose, envers les autorités "
            "et les personnes ; {freelancer.le} lui fournit sans délai les faits nécessaires.",
        )),
    },
    "detection": {
        "en": Section("What is watched", (
            "Logs are read to detect attacks, never to judge how persons work. The {client} has told those concerned "
            "what is logged and for how long.",
            "Rules, queries and playbooks written for the {client} stay with it.",
        )),
        "fr": Section("Ce qui est surveillé", (
            "Les journaux sont lus pour détecter des attaques, jamais pour juger du travail des personnes. "
            "{Client.le} a informé les intéressés de ce qui est journalisé et pour combien de temps.",
            "Les règles, requêtes et procédures écrites pour {client.le} lui restent acquises.",
        )),
    },
    "governance": {
        "en": Section("Advice and decision", (
            "The {freelancer} advises and drafts; decisions, the acceptance of risks and their record are the "
            "{client}'s.",
            "No system is accessed for this work. What needs access needs a further agreement.",
        )),
        "fr": Section("Conseil et décision", (
            "{Freelancer.le} conseille et rédige ; les décisions, l’acceptation des risques et leur consignation "
            "reviennent {client.au}.",
            "Ces travaux ne donnent accès à aucun système. Ce qui demande un accès demande un accord complémentaire.",
        )),
    },
}  # fmt: skip


def sections_for(engagement: str, language: str) -> tuple[Section, ...]:
    """The sections that an engagement of this kind needs; of an unknown kind those of a test."""
    if engagement in _OF_KIND:
        return (_OF_KIND[engagement][language], _CARE[language], _DISCLOSURE[language])
    return (_WORDS[language], _AUTHORISATION[language], _RULES[language], _CARE[language], _DISCLOSURE[language])


class SecurityClauses(ContractTemplate):
    """What the kind of engagement needs: authorisation and rules of engagement for tests; disclosure for all.

    What the course of the deal asks to be agreed comes with it: the retest window, standing by.
    """

    name = "security_clauses"
    kind = "clause:agreement"
    version = "4"
    languages: ClassVar[tuple[str, ...]] = ("en", "fr")
    terms_schema: ClassVar[type[Schema]] = _Terms

    def render(self, terms: Mapping[str, Any], language: str) -> Document:
        """The sections in ``language`` that the mission's kind of engagement needs."""
        words = PARTIES[language] | dict(terms.get("marketplace", {}).get("words", {}))

        def said(text: str) -> str:
            return worded(text, words, titled=True)

        kind = str(((terms.get("mission") or {}).get("fields") or {}).get("engagement", ""))
        process = str((terms.get("process") or {}).get("name", ""))
        agreed = section_for(process, language, terms.get("milestones") or ())
        found = [*sections_for(kind, language), *([agreed] if agreed else [])]
        sections = tuple(Section(said(s.heading), tuple(map(said, s.paragraphs)), s.rows) for s in found)
        return Document(title="", language=language, version=self.version, sections=sections)
