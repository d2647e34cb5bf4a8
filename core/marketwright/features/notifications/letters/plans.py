"""Premium plans: a bill that is late, and a plan that has ended, to whoever runs it."""

from collections.abc import Callable

from marketwright.features.invoicing.invoices import number_of
from marketwright.features.invoicing.transfers import transfer_of
from marketwright.features.notifications.letters.kit import Letter, Reader, Told, Writer, members_with, people, person
from marketwright.features.notifications.letters.papers import how_to_pay
from marketwright.features.subscriptions import events
from marketwright.features.subscriptions.queries import BILL, bills
from marketwright.features.subscriptions.service import NONE
from marketwright.features.subscriptions.tables import Subscription
from marketwright.kernel.text import Text, say


def _readers(told: Told, row: Subscription) -> list[Reader]:
    if row.owner_kind == "organisation":
        return people(told.session, members_with(told.session, row.owner_id, "finance"))
    reader = person(told.session, row.owner_id)
    return [reader] if reader else []


def _told(told: Told, subject: Callable[[str], Text], *paragraphs: Text) -> list[Letter]:
    """A letter to each; ``subject`` is given the plan's name in the reader's language."""
    row = told.session.get(Subscription, told.event.subject)
    if row is None:
        return []
    path = "/me/plan" if row.owner_kind == "freelancer" else f"/organisations/{row.owner_id}/plan"
    labels = row.terms.get("label") or {}
    return [
        Letter(reader, subject(labels.get(reader.locale) or row.plan), paragraphs, say("Look at the plan"), path)
        for reader in _readers(told, row)
    ]


def _in_grace(told: Told) -> list[Letter]:
    row = told.session.get(Subscription, told.event.subject)
    if row is None or row.grace_until is None:
        return []
    ends = min(row.grace_until, row.period_end) if row.next_plan == NONE else row.grace_until
    return _told(
        told, lambda plan: say("A bill of your plan %(plan)s is late", plan=plan),
        say("The plan goes on until %(when)s. Paid by then, nothing changes; unpaid, it ends by itself.",
            when=ends), *_how_to_pay(told, row),
    )  # fmt: skip


def _how_to_pay(told: Told, row: Subscription) -> tuple[Text, ...]:
    """How the oldest bill of a plan that is late is paid: its invoice says so."""
    late = next((b for b in reversed(bills(told.session, owner=row.owner_id, states=("open",)))
                 if b.subscription == row.id), None)  # fmt: skip
    found = number_of(told.session, BILL, late.id) if late else []
    return how_to_pay(transfer_of(told.session, found[0], told.marketplace)) if found else ()


def _ended(told: Told) -> list[Letter]:
    why = {
        "unpaid": say("Its bill was not paid. What it entitled to has ended; all else stays as it is."),
        "suspended": say("The account is suspended, so it was not renewed. What it entitled to has ended."),
        "not_offered": say("It is no longer offered. What it entitled to has ended; all else stays as it is."),
    }.get(told.payload("reason"), say("As you asked. What it entitled to has ended; all else stays as it is."))
    return _told(told, lambda plan: say("Your plan %(plan)s has ended", plan=plan), why)


WRITERS: dict[str, Writer] = {events.IN_GRACE: _in_grace, events.ENDED: _ended}
