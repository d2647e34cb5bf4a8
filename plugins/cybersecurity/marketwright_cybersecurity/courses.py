"""What the courses of security work mean for the contract: the retest window with its days, standing by, its price."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from marketwright.plugin import Process, Section
from marketwright_cybersecurity.detection import DETECTION
from marketwright_cybersecurity.engagement import LAST, READ, WINDOW
from marketwright_cybersecurity.governance import GOVERNANCE
from marketwright_cybersecurity.response import CALLED_WITHIN, RESPONSE, STANDBY_BPS, UNANSWERED

AGAIN = 30  # days: to test again once asked, and to ask for one more retest
_RETEST: Mapping[str, Mapping[str, Any]] = {
    "en": {
        "title": "Report, retest and release",
        "text": (
            "The {freelancer} hands over the findings by the date of the milestone. The {client} reads them within "
            "{read} days; the retest window then opens, at the latest by itself, and lasts {window} days.",
            "Within the retest window the {client} says what it has mended. What it marks as mended is tested again "
            "within {again} days, where systems are touched within a window of an authorisation, and is part of the "
            "price. Where the retest finds something not fixed, the {client} may ask within {again} days for one "
            "further retest of that.",
            "The price is released once the retest was handed over and the {client} has agreed, or {last} days after "
            "it without an objection. It is released without a retest where nothing is marked as mended when the "
            "retest window ends.",
        ),
        "dated": "For findings handed over on the date of the milestone these are the latest dates; for findings "
                 "handed over on another day the days count from then.",
        "head": ("Milestone", "Findings due", "Read by", "Retest window ends"),
    },
    "fr": {
        "title": "Rapport, retest et libération du prix",
        "text": (
            "{Freelancer.le} remet les constats au plus tard à la date du jalon. {Client.le} en prend connaissance "
            "sous {read} jours ; la fenêtre de retest s’ouvre ensuite, au besoin d’elle-même, et dure {window} jours.",
            "Pendant la fenêtre de retest, {client.le} indique ce qui a été corrigé. Ce qui est déclaré corrigé est "
            "retesté sous {again} jours, dans une fenêtre couverte par une autorisation lorsque des systèmes sont "
            "atteints, et compris dans le prix. Si le retest conclut qu’un constat n’est pas corrigé, {client.le} peut "
            "demander sous {again} jours un second retest portant sur ce seul constat.",
            "Le prix est libéré après la remise du retest et l’accord {client.du}, ou {last} jours après cette remise "
            "sans objection. Il est libéré sans retest si rien n’est déclaré corrigé à la fin de la fenêtre de retest.",
        ),
        "dated": "Pour des constats remis à la date du jalon, ces dates sont les dernières possibles ; pour une remise "
                 "à une autre date, les délais courent à compter de celle-ci.",
        "head": ("Jalon", "Constats dus le", "Lecture jusqu’au", "Fin de la fenêtre de retest"),
    },
}  # fmt: skip
_PREVAILS = {
    "en": "On the course of this contract these terms take the place of what “Delivery and acceptance” and “Payment” "
          "say of silence and of the moment of release.",
    "fr": "Pour le déroulement du présent contrat, ces stipulations remplacent celles des articles « Livraison et "
          "acceptation » et « Paiement » qui traitent du silence et du moment du versement.",
}  # fmt: skip
_DETECTION: Mapping[str, Mapping[str, Any]] = {
    "en": {
        "title": "Replay, tuning and release",
        "text": (
            "Rules are handed over as code, replayed on recorded events. Where the replay falls short of what the "
            "annex agrees they are mended and handed over again, at no further price. Without an objection tuning "
            "begins {starts} days after a replay that is whole.",
            "The price is released once figures that meet the annex were handed over and the {client} has agreed, or "
            "{last} days after them without an objection. Where there are more false positives than agreed, the "
            "{client} asks for new figures, or releases the price and lives with them.",
        ),
    },
    "fr": {
        "title": "Rejeu, réglage et libération du prix",
        "text": (
            "Les règles sont remises sous forme de code, rejouées sur des événements enregistrés. Si le rejeu "
            "n’atteint pas ce que l’annexe convient, elles sont corrigées et remises à nouveau, sans supplément de "
            "prix. Sans objection, le réglage commence {starts} jours après un rejeu concluant.",
            "Le prix est libéré après la remise de chiffres conformes à l’annexe et l’accord {client.du}, ou {last} "
            "jours après cette remise sans objection. Si les faux positifs dépassent ce qui est convenu, {client.le} "
            "demande de nouveaux chiffres, ou libère le prix et s’en accommode.",
        ),
    },
}  # fmt: skip
_GOVERNANCE: Mapping[str, Mapping[str, Any]] = {
    "en": {
        "title": "Assessment, decisions and release",
        "text": (
            "The {client} agrees to the assessment of gaps or has it corrected; without an answer within {stands} days "
            "it stands. The statement of applicability and its plan are put to the management of the {client}, which "
            "decides on each open requirement.",
            "The price is released once these decisions were handed over and the {client} has agreed, or {last} days "
            "after them without an objection; and where the management decides nothing within {undecided} days.",
        ),
    },
    "fr": {
        "title": "Évaluation, décisions et libération du prix",
        "text": (
            "{Client.le} approuve l’évaluation des écarts ou la fait rectifier ; sans réponse sous {stands} jours, "
            "elle est tenue pour exacte. La déclaration d’applicabilité et son plan sont soumis à la direction "
            "{client.du}, qui décide de chaque exigence ouverte.",
            "Le prix est libéré après la remise de ces décisions et l’accord {client.du}, ou {last} jours après cette "
            "remise sans objection ; il l’est aussi si la direction ne décide rien sous {undecided} jours.",
        ),
    },
}  # fmt: skip
_STANDING_BY: Mapping[str, Mapping[str, Any]] = {
    "en": {
        "title": "Standing by and call-out",
        "text": (
            "From the day the budget is paid in, and for {within} days, the {freelancer} stands by and answers a call "
            "within the time agreed in the annex. A call that nobody has answered after {unanswered} days goes to the "
            "marketplace for a decision.",
            "Standing by is a service with a price of its own. Where no call comes within these {within} days, or the "
            "{client} ends it before a call, {share} of the price of the milestone stays with the {freelancer} and the "
            "rest goes back to the {client}. Where the {freelancer} stands down, everything goes back.",
            "The {freelancer} arranges freely how it stays within reach, and may have the call answered by persons "
            "under its direction whom the {client} knows by name.",
            "Nothing is done on a system beyond the authority to act that its owner and, where there is one, its host "
            "have signed. Nobody is on call before.",
            "After a call, containment counts as confirmed {contained} days after it was handed over, and the report "
            "as accepted {read} days after it, without an objection. The price is released once the lessons were "
            "handed over and the {client} has agreed, or {last} days after them without an objection.",
        ),
    },
    "fr": {
        "title": "Astreinte et appel",
        "text": (
            "À compter du versement du budget et pendant {within} jours, {freelancer.le} se tient disponible et répond "
            "à un appel dans le délai convenu en annexe. Un appel resté sans réponse après {unanswered} jours est "
            "soumis à la décision de la place de marché.",
            "Cette disponibilité est une prestation et a son prix. Si aucun appel ne vient pendant ces {within} jours, "
            "ou si {client.le} y met fin avant tout appel, {share} du prix du jalon restent acquis {freelancer.au} et "
            "le solde est restitué {client.au}. Si {freelancer.le} y renonce, la totalité est restituée.",
            "{Freelancer.le} organise librement sa disponibilité et peut faire répondre à l’appel des personnes "
            "placées sous sa direction, dont le nom est communiqué {client.au}.",
            "Rien n’est entrepris sur un système au-delà de l’autorisation d’agir signée par son propriétaire et, le "
            "cas échéant, son hébergeur. Nul n’est d’astreinte avant cette signature.",
            "Après un appel et sans objection, l’endiguement est tenu pour confirmé {contained} jours après sa remise, "
            "et le rapport pour accepté {read} jours après la sienne. Le prix est libéré après la remise du retour "
            "d’expérience et l’accord {client.du}, ou {last} jours après cette remise sans objection.",
        ),
    },
}  # fmt: skip




def days_of(process: Process, timer: str) -> int:
    """After how many days the clock takes ``timer``."""
    return process.way(timer).timer_days or 0


_OF_COURSE: Mapping[str, tuple[Mapping[str, Mapping[str, Any]], Mapping[str, object]]] = {
    "engagement": (_RETEST, {"read": READ, "window": WINDOW, "again": AGAIN, "last": LAST}),
    "incident_response": (_STANDING_BY, {
        "within": CALLED_WITHIN, "unanswered": UNANSWERED, "share": f"{STANDBY_BPS / 100:g} %",
        "contained": days_of(RESPONSE, "counts_contained"), "read": days_of(RESPONSE, "report_stands"),
        "last": days_of(RESPONSE, "closes"),
    }),
    "detection": (_DETECTION, {"starts": days_of(DETECTION, "tuning_starts"), "last": days_of(DETECTION, "closes")}),
    "governance": (_GOVERNANCE, {
        "stands": days_of(GOVERNANCE, "gaps_stand"), "undecided": days_of(GOVERNANCE, "undecided"),
        "last": days_of(GOVERNANCE, "closes"),
    }),
}  # fmt: skip


def section_for(process: str, language: str, milestones: Sequence[Mapping[str, Any]]) -> Section | None:
    """What the course ``process`` asks to be agreed, with its days; ``None`` for a course that is not of this pack."""
    if process not in _OF_COURSE:
        return None
    words, days = _OF_COURSE[process]
    t = words[language]
    rows = _dated(milestones, language) if "head" in t else []
    text = [*t["text"], *([t["dated"]] if rows else []), _PREVAILS[language]]
    return Section(t["title"], _filled(text, days), (t["head"], *rows) if rows else ())


def _filled(texts: Sequence[str], days: Mapping[str, object]) -> tuple[str, ...]:
    """The days in their places; the places of words stay for whoever speaks them."""
    found = list(texts)
    for name, value in days.items():
        found = [text.replace("{" + name + "}", str(value)) for text in found]
    return tuple(found)


def _dated(milestones: Sequence[Mapping[str, Any]], language: str) -> list[tuple[str, ...]]:
    """For each milestone with a date: when it is due, read by, and when its window ends at the latest."""
    found = []
    for one in milestones:
        if one.get("due"):
            due = date.fromisoformat(one["due"])
            ends = (due, due + timedelta(days=READ), due + timedelta(days=READ + WINDOW))
            found.append((f"{one['number']}. {one['title']}", *(_day(day, language) for day in ends)))
    return found


def _day(day: date, language: str) -> str:
    return f"{day:%d/%m/%Y}" if language == "fr" else f"{day.day} {day:%B %Y}"
