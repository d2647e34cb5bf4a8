"""The paper of the authorisation to test, with the rules of engagement as its annex, in English and French."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from marshmallow import EXCLUDE, Schema, fields

from marketwright.plugin import ContractTemplate, Document, Section
from marketwright_cybersecurity import scope
from marketwright_cybersecurity.authorisation import METHODS, PAPER


class _Party(Schema):
    class Meta:
        unknown = EXCLUDE

    name = fields.String(required=True)
    form = fields.String(load_default="")
    registration_number = fields.String(load_default="")
    street = fields.String(load_default="")
    postcode = fields.String(load_default="")
    city = fields.String(load_default="")
    country = fields.String(load_default="")


class PaperTerms(Schema):
    """What a paper of this niche is drawn from, of all that core gives."""

    class Meta:
        """Core gives more than a paper names."""

        unknown = EXCLUDE

    client = fields.Nested(_Party, required=True)
    freelancer = fields.Nested(_Party, required=True)
    contract = fields.Dict(required=True)
    handed = fields.Dict(required=True)
    signatories = fields.Dict(required=True)
    zone = fields.String(required=True)
    drawn_on = fields.String(required=True)


_NUMBER = {"en": "registration number {number}", "fr": "immatriculation {number}"}
_T: dict[str, dict[str, Any]] = {
    "en": {
        "title": "Authorisation to test",
        "reference": "Contract", "drawn": "Drawn up on",
        "preamble": "{client_whole} has engaged {freelancer_whole} under contract {reference} to test the security of "
                    "the systems named below. Whoever owns or hosts them authorises the tests by signing this paper.",
        "who": "Who authorises", "who_text": (
            "Each signatory states that they may decide for the organisation they sign for over the systems that it "
            "owns or hosts, and agrees that the tests named here are carried out on them by {freelancer} and persons "
            "under its direction, in the windows and within the limits of this paper.",
            "This authorisation is the consent of whoever is entitled to the systems. It covers nothing beyond it: "
            "not the systems of others that are reached from them, nor data of others beyond what proves a finding.",
        ),
        "capacity": {"owner": "Owner", "host": "Host"}, "who_head": ("Capacity", "Name", "For"),
        "targets": "Targets", "targets_head": ("No.", "Kind", "Target"),
        "held": "Whose they are", "held_head": ("No.", "Domain or range", "Held by"),
        "held_words": {"owned": "owned by the client", "hosted": "run by a host"},
        "out": "Excluded", "out_head": ("No.", "What", "Why"),
        "out_none": "Nothing is excluded beyond what is not named as a target.",
        "windows": "Windows", "windows_head": ("No.", "Opens", "Closes"),
        "windows_text": "In the time zone {zone}. Outside the windows no test runs. This paper holds only if "
                        "everybody has signed before the first window opens; signed later it is worthless.",
        "end": "Revocation", "end_text": (
            "Each signatory may revoke this authorisation at any time and without a reason, for what it owns or "
            "hosts, by writing to the client and by telephone to the contact below. Tests stop at once.",
            "It ends with the last window. A retest of what was found is opened in one of these windows, or in those "
            "of a later authorisation.",
        ),
        "rules": "Annex: rules of engagement", "rules_text": (
            "Allowed beyond observation: {methods}.",
            "Forbidden: {forbidden}.",
            "Also forbidden in any case: to change or delete data beyond what proves a finding, to read more personal "
            "data than proves it, to leave tools or accounts behind.",
            "{freelancer} announces beforehand the addresses that the tests come from, keeps a dated record of what "
            "was done from which address, and hands it over with the report.",
            "{freelancer} stops at once and calls when a system fails, when traces of another intruder are found, or "
            "when something outside the scope is reached.",
            "What puts persons or operations at immediate risk is told on the day it is found, to the contact below.",
            "Whom to call at once, day and night: {contact}.",
        ),
        "never": {"exploit": "exploiting what was found", "credentials": "trying passwords",
                  "social": "deceiving persons (social engineering)", "physical": "entering premises",
                  "denial": "denial of service", "persistence": "staying inside once an access is proved"},
        "none": "nothing", "kinds": {"domain": "domain", "address": "address", "range": "range",
                                     "application": "application"},
        "when": "%d %B %Y, %H:%M",
        "note": "Signed through a link and a code sent to each signatory's own mailbox. The record of signatures "
                "stands below the text, with its hash.",
    },
    "fr": {
        "title": "Autorisation de test",
        "reference": "Contrat", "drawn": "Établie le",
        "preamble": "{client_whole} a chargé {freelancer_whole}, par le contrat {reference}, d’éprouver la sécurité "
                    "des systèmes désignés ci-dessous. Quiconque les possède ou les héberge autorise ces tests en "
                    "signant le présent document.",
        "who": "Qui autorise", "who_text": (
            "Chaque signataire déclare être habilité à décider, pour l’organisation qu’il engage, des systèmes que "
            "celle-ci possède ou héberge, et consent à ce que les tests décrits ici y soient menés par {freelancer} "
            "et les personnes placées sous sa direction, dans les fenêtres et les limites du présent document.",
            "La présente autorisation vaut accord du maître du système au sens des articles 323-1 et suivants du code "
            "pénal. Elle ne couvre rien d’autre : ni les systèmes de tiers atteints depuis ceux-ci, ni les données de "
            "tiers au-delà de ce qui prouve un constat.",
        ),
        "capacity": {"owner": "Propriétaire", "host": "Hébergeur"}, "who_head": ("Qualité", "Nom", "Pour"),
        "targets": "Cibles", "targets_head": ("N°", "Nature", "Cible"),
        "held": "À qui elles appartiennent", "held_head": ("N°", "Domaine ou plage", "Détention"),
        "held_words": {"owned": "propriété du client", "hosted": "exploité par un hébergeur"},
        "out": "Exclusions", "out_head": ("N°", "Quoi", "Pourquoi"),
        "out_none": "Rien n’est exclu au-delà de ce qui n’est pas désigné comme cible.",
        "windows": "Fenêtres d’intervention", "windows_head": ("N°", "Ouverture", "Fermeture"),
        "windows_text": "Heures du fuseau {zone}. Hors de ces fenêtres, aucun test n’a lieu. Le présent document ne "
                        "vaut que si tous l’ont signé avant l’ouverture de la première ; signé plus tard, il est sans "
                        "effet.",
        "end": "Révocation", "end_text": (
            "Chaque signataire peut révoquer cette autorisation à tout moment et sans motif, pour ce qu’il possède ou "
            "héberge, par écrit au client et par téléphone au contact ci-dessous. Les tests cessent immédiatement.",
            "Elle prend fin avec la dernière fenêtre. Le retest s’ouvre dans l’une de ces fenêtres, ou dans "
            "celles d’une autorisation ultérieure.",
        ),
        "rules": "Annexe : règles d’engagement", "rules_text": (
            "Autorisé au-delà de l’observation : {methods}.",
            "Interdit : {forbidden}.",
            "Interdit dans tous les cas : modifier ou supprimer des données au-delà de ce qui prouve un constat, "
            "consulter plus de données personnelles qu’il n’en faut pour le prouver, laisser en place outils ou "
            "comptes.",
            "{freelancer} annonce à l’avance les adresses d’où partent les tests, tient un relevé daté des actions et "
            "des adresses employées, et le remet avec le rapport.",
            "{freelancer} cesse immédiatement et appelle lorsqu’un système tombe, que des traces d’un autre intrus "
            "sont découvertes ou que quelque chose hors du périmètre est atteint.",
            "Ce qui expose des personnes ou l’exploitation à un risque immédiat est signalé le jour même au contact "
            "ci-dessous.",
            "Qui appeler immédiatement, jour et nuit : {contact}.",
        ),
        "never": {"exploit": "exploiter ce qui est trouvé", "credentials": "essayer des mots de passe",
                  "social": "tromper des personnes (ingénierie sociale)", "physical": "pénétrer dans les locaux",
                  "denial": "le déni de service", "persistence": "se maintenir une fois l’accès prouvé"},
        "none": "rien", "kinds": {"domain": "domaine", "address": "adresse IP", "range": "plage d’adresses",
                                  "application": "application"},
        "when": "%d/%m/%Y %H:%M",
        "note": "Signé au moyen d’un lien et d’un code envoyés à l’adresse de chaque signataire. Le relevé des "
                "signatures figure sous le texte, avec son empreinte.",
    },
}  # fmt: skip


class AuthorisationPaper(ContractTemplate):
    """Who authorises what, when and within which limits; the rules of engagement are its annex."""

    name = "authorisation"
    kind = PAPER
    version = "3"
    languages: ClassVar[tuple[str, ...]] = ("en", "fr")
    terms_schema: ClassVar[type[Schema]] = PaperTerms

    def render(self, terms: Mapping[str, Any], language: str) -> Document:
        """The paper for what was handed in."""
        terms = PaperTerms().load(dict(terms))
        t, handed = _T[language], terms["handed"]
        picked = set(handed.get("methods", ()))
        labels = {value: label[language] for value, label in METHODS.choices}
        never = t["never"]
        names = {
            **named(terms, language),
            "reference": terms["contract"].get("reference", ""), "zone": terms["zone"],
            "methods": listed([label for v, label in labels.items() if v in picked], t["none"]),
            "forbidden": listed([never[v] for v in labels if v not in picked], t["none"]),
            "contact": handed["emergency_contact"],
        }  # fmt: skip

        def said(texts: Sequence[str]) -> tuple[str, ...]:
            return tuple(text.format_map(names) for text in texts)

        return Document(
            title=t["title"], language=language, version=self.version,
            meta={t["reference"]: names["reference"], t["drawn"]: day_words(terms["drawn_on"], language)},
            preamble=said([t["preamble"]]),
            sections=(
                Section(t["who"], said(t["who_text"]), (t["who_head"], *signers(terms["signatories"], t))),
                Section(t["targets"], (), (t["targets_head"], *_targets(handed, t))),
                Section(t["held"], (), (t["held_head"], *_holdings(handed, t))),
                _excluded(handed, t),
                Section(t["windows"], said([t["windows_text"]]),
                        (t["windows_head"], *_windows(handed, t, names["zone"]))),
                Section(t["end"], said(t["end_text"])),
                Section(t["rules"], said(t["rules_text"])),
            ),
            signatures=tuple(f"{name}\n{company}" for _kind, name, company in signers(terms["signatories"], t)),
            notes=(t["note"],),
        )  # fmt: skip


def named(terms: Mapping[str, Any], language: str) -> dict[str, str]:
    """The parties by name, and whole: with form, registration number and address."""
    found: dict[str, str] = {}
    for side in ("client", "freelancer"):
        party = terms[side]
        place = " ".join(filter(None, (party["postcode"], party["city"])))
        number = party["registration_number"]
        details = [party["form"], _NUMBER[language].format(number=number) if number else "", party["street"], place,
                   party["country"]]  # fmt: skip
        words = ", ".join(filter(None, details))
        found |= {side: party["name"], f"{side}_whole": f"{party['name']} ({words})" if words else party["name"]}
    return found


def listed(words: Sequence[str], none: str) -> str:
    """``words`` in a sentence, each with a small letter; ``none`` where there are none."""
    return ", ".join(w[0].lower() + w[1:] for w in words) or none


def day_words(iso: str, language: str) -> str:
    """A day as a document writes it."""
    day = date.fromisoformat(iso)
    return f"{day:%d/%m/%Y}" if language == "fr" else f"{day.day} {day:%B %Y}"


def _numbered(rows: Sequence[tuple[str, str]]) -> list[tuple[str, str, str]]:
    return [(str(n), *row) for n, row in enumerate(rows, start=1)]


def signers(signatories: Mapping[str, Any], t: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Who signs: capacity, name, for whom."""
    return [
        (t["capacity"].get(kind, kind), person["name"], person.get("company") or "–")
        for kind, people in signatories.items() for person in people
    ]  # fmt: skip


def _targets(handed: Mapping[str, Any], t: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return _numbered([(t["kinds"][row["kind"]], row["target"]) for row in handed["scope_targets"]])


def _holdings(handed: Mapping[str, Any], t: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return _numbered([(row["what"], t["held_words"][row["held"]]) for row in handed["holdings"]])


def _excluded(handed: Mapping[str, Any], t: Mapping[str, Any]) -> Section:
    rows = [(row["excluded"], row.get("why_excluded") or "–") for row in handed.get("exclusions", ())]
    return Section(t["out"], (), (t["out_head"], *_numbered(rows))) if rows else Section(t["out"], (t["out_none"],))


def _windows(handed: Mapping[str, Any], t: Mapping[str, Any], zone: str) -> list[tuple[str, str, str]]:
    here = ZoneInfo(zone)

    def shown(at: datetime) -> str:
        return at.astimezone(here).strftime(t["when"]).lstrip("0")

    return _numbered([(shown(opens), shown(closes)) for opens, closes in scope.windows_of(handed, here)])
