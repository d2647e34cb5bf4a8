"""The amendment and the confidentiality agreement, in both languages."""

from collections.abc import Mapping
from typing import Any

from marketwright.plugin import Section
from marketwright_standard_contracts.words import day, milestone_rows, shown

AMENDMENT_TITLE = {"en": "Amendment no. %(n)s to the services agreement %(ref)s",
                   "fr": "Avenant n° %(n)s au contrat de prestation %(ref)s"}  # fmt: skip
CONFIDENTIALITY_TITLE = {"en": "Confidentiality agreement", "fr": "Accord de confidentialité"}


def amendment_sections(t: Mapping[str, Any], language: str) -> tuple[Section, ...]:
    """What changes, what it costs, and that everything else stays."""
    return _amendment_fr(t) if language == "fr" else _amendment_en(t)


def _amendment_en(t: Mapping[str, Any]) -> tuple[Section, ...]:
    a, change = t["amounts"], t["amendment"]
    return (
        Section("Why", (change["reason"],)),
        Section("What is added", (
            "The following milestones are added to the services agreement of "
            f"{day(change['signed_on'], 'en')}, under the same conditions.",
        ), milestone_rows(t["milestones"], t["currency"], "en")),
        Section("Price", (
            f"The price of the agreement was {shown(change['price_before'], t, 'en')} before tax; it is now "
            f"{shown(change['price_after'], t, 'en')}.",
        ), (
            ("Price of the added work, before tax", shown(a["work"], t, "en")),
            ("The {client} pays for it in all", shown(a["client_pays"], t, "en")),
            ("The {freelancer} receives for it", shown(a["freelancer_receives"], t, "en")),
        )),
        Section("What stays", ("Every other provision of the agreement applies, to these milestones as well.",)),
    )  # fmt: skip


def _amendment_fr(t: Mapping[str, Any]) -> tuple[Section, ...]:
    a, change = t["amounts"], t["amendment"]
    return (
        Section("Motif", (change["reason"],)),
        Section("Ce qui s’ajoute", (
            "Les jalons suivants s’ajoutent au contrat de prestation du "
            f"{day(change['signed_on'], 'fr')}, aux mêmes conditions.",
        ), milestone_rows(t["milestones"], t["currency"], "fr")),
        Section("Prix", (
            f"Le prix du contrat, de {shown(change['price_before'], t, 'fr')} hors taxes, est porté à "
            f"{shown(change['price_after'], t, 'fr')}.",
        ), (
            ("Prix de la prestation ajoutée, hors taxes", shown(a["work"], t, "fr")),
            ("{Client.le} paie pour elle en tout", shown(a["client_pays"], t, "fr")),
            ("{Freelancer.le} reçoit pour elle", shown(a["freelancer_receives"], t, "fr")),
        )),
        Section("Ce qui demeure", (
            "Toutes les autres stipulations du contrat demeurent et s’appliquent aussi à ces jalons.",
        )),
    )  # fmt: skip


def confidentiality_sections(t: Mapping[str, Any], s: Mapping[str, Any], language: str) -> tuple[Section, ...]:
    """What is secret, what may be done with it, for how long."""
    return _confidentiality_fr(t, s) if language == "fr" else _confidentiality_en(t, s)


def _confidentiality_en(t: Mapping[str, Any], s: Mapping[str, Any]) -> tuple[Section, ...]:
    mission, years = t["mission"]["title"], s["confidentiality_years"]
    return (
        Section("Purpose", (
            f"The {{client}} wishes to show the {{freelancer}} confidential information about “{mission}”, so that "
            "they can "
            "judge whether to take the mission on and at what price. Neither party is bound to conclude it.",
        )),
        Section("What is confidential", (
            f"All that the {{client}} marks as confidential on {t['marketplace']['brand']} for this mission, and what "
            "the "
            "parties say of it, in whatever form.",
            "Not confidential is what is public without fault of the {freelancer}, what they knew or receive lawfully "
            "from others, and what they develop independently, if they can prove it.",
        )),
        Section("What the {freelancer} undertakes", (
            "To use this information only to assess, propose and carry out the mission; to show it to nobody without "
            "the {client}’s written consent; to protect it as their own secrets; to warn the {client} without delay "
            "of any "
            "loss or disclosure.",
            "On the {client}’s request, and at the latest when the mission is given to somebody else, to destroy what "
            "they hold of it and to confirm this in writing.",
            "What a law or an authority compels them to disclose is excepted; they warn the {client} first where they "
            "may.",
        )),
        Section("No transfer of rights", ("The information remains the {client}’s; no right in it is granted.",)),
        Section("Duration", (f"This agreement applies from its signature and for {years} years.",)),
        Section("Law, place and signature", (
            f"This agreement is governed by {s['law']['en']}; {s['court']['en']} decide on disputes that the parties "
            "cannot settle.",
            "It is signed electronically by the {freelancer}, from their account and after proving who they are once "
            "more; the stored text, its hash and the recorded time prove their consent.",
        )),
    )  # fmt: skip


def _confidentiality_fr(t: Mapping[str, Any], s: Mapping[str, Any]) -> tuple[Section, ...]:
    mission, years = t["mission"]["title"], s["confidentiality_years"]
    return (
        Section("Objet", (
            f"{{Client.le}} souhaite montrer {{freelancer.au}} des informations confidentielles relatives à « "
            f"{mission} », afin "
            "qu’il puisse juger s’il accepte la mission et à quel prix. Aucune des parties n’est tenue de la conclure.",
        )),
        Section("Ce qui est confidentiel", (
            f"Tout ce que {{client.le}} désigne comme confidentiel sur {t['marketplace']['brand']} pour cette "
            "mission, et "
            "ce que les parties en disent, sous quelque forme que ce soit.",
            "N’est pas confidentiel ce qui est public sans faute {freelancer.du}, ce qu’il savait déjà ou reçoit "
            "licitement d’autrui, et ce qu’il développe indépendamment, s’il peut le prouver.",
        )),
        Section("Engagements {freelancer.du}", (
            "N’utiliser ces informations que pour évaluer, proposer et réaliser la mission ; ne les montrer à personne "
            "sans l’accord écrit {client.du} ; les protéger comme ses propres secrets ; avertir {client.le} sans "
            "délai de "
            "toute perte ou divulgation.",
            "À la demande {client.du}, et au plus tard lorsque la mission est confiée à une autre personne, détruire "
            "ce "
            "qu’il en détient et le confirmer par écrit.",
            "Est excepté ce que la loi ou une autorité l’oblige à révéler ; il en avertit {client.le} au préalable "
            "lorsqu’il le peut.",
        )),
        Section("Absence de cession", ("Les informations restent {client.au} ; aucun droit n’est concédé sur elles.",)),
        Section("Durée", (f"Le présent accord s’applique dès sa signature et pendant {years} ans.",)),
        Section("Droit, juridiction et signature", (
            f"Le présent accord est régi par {s['law']['fr']} ; {s['court']['fr']} connaissent des litiges que les "
            "parties ne règlent pas entre elles.",
            "Il est signé par voie électronique par {freelancer.le}, depuis son compte et après avoir de nouveau "
            "prouvé "
            "son identité ; le texte conservé, son empreinte et l’heure enregistrée font preuve de son consentement.",
        )),
    )  # fmt: skip
