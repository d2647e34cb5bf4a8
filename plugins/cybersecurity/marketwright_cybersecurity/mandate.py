"""The paper of the authority to act in an incident, in English and French."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from marshmallow import Schema

from marketwright.plugin import ContractTemplate, Document, Section
from marketwright_cybersecurity.authority import ACTS, PAPER
from marketwright_cybersecurity.permit import PaperTerms, day_words, listed, named, signers

_T: dict[str, dict[str, Any]] = {
    "en": {
        "title": "Authority to act in an incident",
        "reference": "Contract", "drawn": "Drawn up on",
        "preamble": "Under contract {reference}, {client_whole} may call {freelancer_whole} out when a security "
                    "incident is seen or suspected. Whoever owns or hosts the systems named below allows {freelancer} "
                    "to act on them.",
        "who": "Who authorises", "who_text": (
            "Each signatory states that they may decide for the organisation they sign for over the systems that it "
            "owns or hosts, and agrees that {freelancer} and persons under its direction reach them to preserve "
            "evidence, contain the incident and find its cause.",
            "This authority is the consent of whoever is entitled to the systems. It covers no system that is not "
            "named, and no attack on the systems of others, even those that the attack came from.",
        ),
        "capacity": {"owner": "Owner", "host": "Host"}, "who_head": ("Capacity", "Name", "For"),
        "systems": "Systems", "systems_head": ("No.", "System", "Held by"),
        "held": {"owned": "owned by the client", "hosted": "run by a host"},
        "acts": "What may be done", "acts_text": (
            "Without asking again, from the call on: {allowed}.",
            "Only once whoever decides has said so, in writing or by telephone with a note made at once: {asked}, and "
            "whatever else changes a system.",
            "Who decides, day and night: {decides}.",
            "Evidence comes before mending: what is changed is copied first, or the reason why not is noted with who "
            "decided it.",
            "Personal data and correspondence are read only as far as the incident demands; what is private is left "
            "unread. {freelancer} notes each measure with its time and who decided it, and hands the record over.",
        ),
        "end": "Duration and revocation", "end_text": (
            "From the last signature until {until}, or until the contract ends if that is earlier. What has begun in a "
            "call-out may be brought to a safe state after it.",
            "Each signatory may revoke this authority at any time and without a reason, for what it owns or hosts, by "
            "writing to the client and by telephone to whoever decides. {freelancer} stops at once and says what is "
            "left unsafe.",
        ),
        "none": "nothing",
        "note": "Signed through a link and a code sent to each signatory's own mailbox. The record of signatures "
                "stands below the text, with its hash.",
    },
    "fr": {
        "title": "Autorisation d’agir en cas d’incident",
        "reference": "Contrat", "drawn": "Établie le",
        "preamble": "Par le contrat {reference}, {client_whole} peut appeler {freelancer_whole} lorsqu’un incident de "
                    "sécurité est constaté ou soupçonné. Quiconque possède ou héberge les systèmes désignés ci-dessous "
                    "autorise {freelancer} à y agir.",
        "who": "Qui autorise", "who_text": (
            "Chaque signataire déclare être habilité à décider, pour l’organisation qu’il engage, des systèmes que "
            "celle-ci possède ou héberge, et consent à ce que {freelancer} et les personnes placées sous sa direction "
            "y accèdent pour préserver les preuves, contenir l’incident et en établir l’origine.",
            "La présente autorisation vaut accord du maître du système au sens des articles 323-1 et suivants du code "
            "pénal. Elle ne couvre aucun système non désigné et ne permet aucune attaque contre les systèmes de "
            "tiers, fussent-ils à l’origine de l’incident.",
        ),
        "capacity": {"owner": "Propriétaire", "host": "Hébergeur"}, "who_head": ("Qualité", "Nom", "Pour"),
        "systems": "Systèmes", "systems_head": ("N°", "Système", "Détention"),
        "held": {"owned": "propriété du client", "hosted": "exploité par un hébergeur"},
        "acts": "Ce qui peut être fait", "acts_text": (
            "Sans nouvelle demande, dès l’appel : {allowed}.",
            "Seulement sur décision de qui décide, par écrit, ou par téléphone et consignée aussitôt : {asked}, ainsi "
            "que tout ce qui modifie autrement un système.",
            "Qui décide, jour et nuit : {decides}.",
            "La preuve précède la remise en état : ce qui est modifié est d’abord copié ; à défaut, la raison en est "
            "consignée, avec le nom de qui l’a décidé.",
            "Les données personnelles et les correspondances ne sont lues que dans la mesure où l’incident l’exige, "
            "dans le respect du secret des correspondances ; ce qui est privé n’est pas lu. {freelancer} consigne "
            "chaque mesure, son heure et qui l’a décidée, et remet ce relevé.",
        ),
        "end": "Durée et révocation", "end_text": (
            "Depuis la dernière signature jusqu’au {until}, ou jusqu’à la fin du contrat si elle est antérieure. Ce "
            "qui a été entrepris au cours d’un appel peut encore être mis en état sûr après ce terme.",
            "Chaque signataire peut révoquer cette autorisation à tout moment et sans motif, pour ce qu’il possède ou "
            "héberge, par écrit au client et par téléphone à qui décide. {freelancer} cesse immédiatement et dit ce "
            "qui demeure exposé.",
        ),
        "none": "rien",
        "note": "Signé au moyen d’un lien et d’un code envoyés à l’adresse de chaque signataire. Le relevé des "
                "signatures figure sous le texte, avec son empreinte.",
    },
}  # fmt: skip


class AuthorityPaper(ContractTemplate):
    """Which systems may be acted on, how far, who decides on the rest, and until when."""

    name = "authority"
    kind = PAPER
    version = "1"
    languages: ClassVar[tuple[str, ...]] = ("en", "fr")
    terms_schema: ClassVar[type[Schema]] = PaperTerms

    def render(self, terms: Mapping[str, Any], language: str) -> Document:
        """The paper for what was handed in."""
        terms = PaperTerms().load(dict(terms))
        t, handed = _T[language], terms["handed"]
        picked = set(handed.get("acts_allowed", ()))
        labels = {value: label[language] for value, label in ACTS.choices}
        names = {
            **named(terms, language), "reference": terms["contract"].get("reference", ""),
            "decides": handed["who_decides"],
            "allowed": listed([label for v, label in labels.items() if v in picked], t["none"]),
            "asked": listed([label for v, label in labels.items() if v not in picked], t["none"]),
            "until": day_words(handed["authority_until"], language),
        }  # fmt: skip

        def said(texts: Sequence[str]) -> tuple[str, ...]:
            return tuple(text.format_map(names) for text in texts)

        rows = [(str(n), row["system"], t["held"][row["system_held"]]) for n, row in enumerate(handed["systems"], 1)]
        people = signers(terms["signatories"], t)
        return Document(
            title=t["title"], language=language, version=self.version,
            meta={t["reference"]: names["reference"], t["drawn"]: day_words(terms["drawn_on"], language)},
            preamble=said([t["preamble"]]),
            sections=(
                Section(t["who"], said(t["who_text"]), (t["who_head"], *people)),
                Section(t["systems"], (), (t["systems_head"], *rows)),
                Section(t["acts"], said(t["acts_text"])),
                Section(t["end"], said(t["end_text"])),
            ),
            signatures=tuple(f"{name}\n{company}" for _kind, name, company in people),
            notes=(t["note"],),
        )  # fmt: skip
