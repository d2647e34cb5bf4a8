"""Letters about timesheets, and about money that can be held no longer."""

from datetime import datetime

from marketwright.features.accounts.queries import staff
from marketwright.features.notifications.letters import turns
from marketwright.features.notifications.letters.kit import Letter, Told
from marketwright.features.notifications.letters.parties import client_of, deal_of
from marketwright.features.notifications.letters.parties import tell as write
from marketwright.kernel.text import say

LATE = ("turn_late", "turn_overdue")


def tell(told: Told) -> list[Letter]:
    """A timesheet was handed in, days were disputed, or something is late."""
    deal = deal_of(told)
    if deal is None or deal.milestone is None:
        return []
    part, freelancer = deal.milestone.title, [deal.contract.freelancer_id]
    if told.event.name == "timesheet.handed_in":
        text = say("Look at the days, then approve them or dispute single ones. Silence approves them in the end.")
        subject = say("The timesheet of “%(part)s” was handed in", part=part)
        return write(told, deal, client_of(told, deal), subject, text, but=told.actor_account)
    if told.event.name == "timesheet.disputed":
        days = told.event.payload.get("days") or []
        subject = say("Days of “%(part)s” are disputed", part=part)
        text = say("Days disputed: %(n)s. Explain them, or correct the timesheet and hand it in again.", n=len(days))
        return write(told, deal, freelancer, subject, text, but=told.actor_account)
    if told.payload("transition") in LATE:
        subject = say("“%(part)s” is late", part=part)
        text = say("The {contract}'s page says what happens if nothing is handed over.")
        return write(told, deal, freelancer + client_of(told, deal), subject, text)
    return turns.moved(told, deal) if told.event.name == "milestone.moved" else []


def hold_ending(told: Told) -> list[Letter]:
    """The provider may hold money only so long: both sides are told, and who of the staff decides."""
    deal = deal_of(told)
    if deal is None or deal.milestone is None:
        return []
    until = datetime.fromisoformat(str(told.payload("until")))
    subject = say("The money for “%(part)s” can be held for %(days)s days more", part=deal.milestone.title,
                  days=told.payload("days"))  # fmt: skip
    text = say("The payment provider holds it until %(when)s at most. Two days before, the clock decides: what was "
               "handed over and not contested is released, everything else goes back to the {client}.",
               when=until)  # fmt: skip
    deciders = [s.account for s in staff(told.session) if "finance" in s.roles or "admin" in s.roles]
    ids = [deal.contract.freelancer_id, *client_of(told, deal), *deciders]
    return write(told, deal, list(dict.fromkeys(ids)), subject, text)
