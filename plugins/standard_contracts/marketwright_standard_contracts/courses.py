"""What the course of a deal changes in the agreement: work by the day, services, calling off, the end of a hold."""

from collections.abc import Mapping
from typing import Any

from marketwright.plugin import Section
from marketwright_standard_contracts.words import amount, day, milestone_rows

_PERIODS = {
    "en": ("No.", "Period", "Days at most", "Price at most, before tax"),
    "fr": ("N°", "Période", "Jours au plus", "Prix maximal hors taxes"),
}
_FROM_TO = {"en": "%(title)s, from %(start)s to %(due)s", "fr": "%(title)s, du %(start)s au %(due)s"}


def own_invoices(t: Mapping[str, Any]) -> bool:
    """Whether the freelancer makes the invoices for the work, and nobody in their name."""
    return bool(t["papers"]["by"] == "freelancer")


def by_day(t: Mapping[str, Any]) -> bool:
    """Whether the work is counted in days, period by period."""
    return bool(t["process"]["by_day"])


def deliverables(t: Mapping[str, Any], language: str) -> Section:
    """What is handed over when, at which price; by the day the periods and the most that they may come to."""
    if by_day(t):
        heading, text = {
            "en": ("Periods, days and prices",
                   "The work is counted in days and half days. Each line is a period: its days are the most that may "
                   "be worked and paid for in it. More days are the subject of an amendment."),
            "fr": ("Périodes, jours et prix",
                   "Le travail se compte en jours et demi-journées. Chaque ligne est une période : ses jours sont le "
                   "plafond de ce qui peut y être travaillé et payé. Des jours de plus font l’objet d’un avenant."),
        }[language]  # fmt: skip
        return Section(heading, (text,), _period_rows(t, language))
    heading, text = {
        "en": ("Deliverables, dates and prices",
               "Each line is a milestone: it is delivered, accepted and paid on its own."),
        "fr": ("Livrables, dates et prix", "Chaque ligne est un jalon : il est livré, accepté et payé séparément."),
    }[language]  # fmt: skip
    return Section(heading, (text,), milestone_rows(t["milestones"], t["currency"], language))


def _period_rows(t: Mapping[str, Any], language: str) -> tuple[tuple[str, ...], ...]:
    rows = [_PERIODS[language]]
    for m in t["milestones"]:
        dated = {"title": m["title"], "start": day(m["start"], language) if m["start"] else "",
                 "due": day(m["due"], language) if m["due"] else ""}  # fmt: skip
        what = _FROM_TO[language] % dated if m["start"] and m["due"] else m["title"]
        days = f"{m['days']:g}".replace(".", "," if language == "fr" else ".") if m["days"] else ""
        rows.append((str(m["number"]), what, days, amount(m["amount"], t["currency"], language)))
    return tuple(rows)


def timesheets(t: Mapping[str, Any], language: str) -> Section:
    """How days are handed in, approved and disputed."""
    days, brand, decided = t["process"]["silence_days"], t["marketplace"]["brand"], t["process"]["holds"]
    if language == "fr":
        return Section("Relevés d’activité", (
            f"{{Freelancer.le}} note sur {brand} les jours travaillés et remet un relevé dans les cinq jours qui "
            "suivent la fin de la période. {Client.le} l’approuve, ou conteste certains jours en disant pourquoi ; les "
            "jours contestés sont expliqués" + (", corrigés ou soumis à décision." if decided else " ou corrigés."),
            f"Si {{client.le}} ne fait ni l’un ni l’autre dans les {days} jours suivant la remise, les jours sont "
            "réputés approuvés ; {client.le} reçoit des rappels avant ce terme." if days else
            "Le silence ne vaut jamais approbation.",
            "Seuls les jours approuvés sont dus. Une période sans relevé n’est pas payée.",
        ))  # fmt: skip
    return Section("Timesheets", (
        f"The {{freelancer}} notes the days worked on {brand} and hands a timesheet in within five days of the end of "
        "the period. The {client} approves it, or disputes single days and says why; disputed days are explained"
        + (", corrected, or put to a decision." if decided else " or corrected."),
        f"If the {{client}} does neither within {days} days of the timesheet, its days count as approved; the "
        "{client} is reminded before." if days else "Silence never counts as approval.",
        "Approved days alone are due. A period without a timesheet is not paid.",
    ))  # fmt: skip


def released(t: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """What else happens to held money: days not worked, and the end of the time that it can be held."""
    said: list[str] = []
    if by_day(t):
        said.append({
            "en": "At the end of a period the price of the approved days is released; the rest of what was paid in "
                  "goes back to the {client}.",
            "fr": "À la fin d’une période, le prix des jours approuvés est versé ; le reste de ce qui avait été payé "
                  "est restitué {client.au}.",
        }[language])  # fmt: skip
    said.append({
        "en": "A provider holds money for a limited time. Both parties are told 30, 15 and 7 days before its end. Two "
              "days before, what was handed over and not contested is released, and everything else goes back to the "
              "{client}.",
        "fr": "Un prestataire détient les fonds pour une durée limitée. Les deux parties en sont averties 30, 15 et 7 "
              "jours avant le terme. Deux jours avant, ce qui a été remis sans contestation est versé, et tout le "
              "reste est restitué {client.au}.",
    }[language])  # fmt: skip
    return tuple(said)


def calling_off(t: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """What it costs to call paid-in work off before it has begun, as the rules of the course say."""
    rules = [r for r in t["process"]["cancellation"] if r["by"] == "client"]
    if not rules:
        return ()
    parts = [_rule(r["notice_days"], r["freelancer_bps"], language) for r in rules]
    first = {
        "en": "Before paid-in work has begun the {client} may call it off: ",
        "fr": "Avant que le travail financé n’ait commencé, {client.le} peut l’annuler : ",
    }[language]
    last = {
        "en": " Once it has begun it is ended by agreement or by a decision.",
        "fr": " Une fois commencé, il prend fin d’un commun accord ou par une décision.",
    }[language]
    return (first + ("; " if language == "en" else " ; ").join(parts) + "." + last,)


def _rule(notice: int, bps: int, language: str) -> str:
    share = f"{bps / 100:g}".replace(".", "," if language == "fr" else ".")
    when = {
        "en": f"{notice} days or more before the start" if notice else "later",
        "fr": f"{notice} jours ou plus avant le début" if notice else "plus tard",
    }[language]
    cost = {
        "en": f"{share} % of its price is due" if bps else "nothing is due",
        "fr": f"{share} % de son prix est dû" if bps else "rien n’est dû",
    }[language]
    return f"{when}, {cost}"
