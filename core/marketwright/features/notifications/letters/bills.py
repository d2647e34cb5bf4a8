"""Letters about invoices between the two sides: due, late, paid in part or in full."""

from marketwright.features.accounts import queries as accounts
from marketwright.features.contracts.tables import Contract
from marketwright.features.invoicing import events as e
from marketwright.features.invoicing import queries as invoicing
from marketwright.features.invoicing.owed import numbers
from marketwright.features.invoicing.queries import BillRow
from marketwright.features.invoicing.remittance import creditor_reference, spaced
from marketwright.features.invoicing.standing import payments_of, standing
from marketwright.features.notifications.letters.kit import Letter, Told, members_with, people
from marketwright.features.notifications.letters.parties import day_of, days_to
from marketwright.kernel.text import Text, say

PAYERS = ("finance", "buyer", "approver")


def _number(told: Told, bill: BillRow) -> str:
    return numbers(told.session, [bill.id]).get(bill.id, bill.number)


def reminder(told: Told) -> list[Letter] | None:
    """What is left of an invoice is due soon, today, or was due: to those of the client who pay.

    By the day on which it is written, however late the reminder comes. None where no invoice is open.
    """
    bill = invoicing.bill_of(told.session, told.event.subject)
    if bill is None or bill.state != "open":
        return None
    days, left = days_to(told, bill.due_at), standing(told.session, bill.id).open
    if not left:
        return []  # all of it came, and a step is yet to be taken
    values = {"number": _number(told, bill), "amount": left}
    if days > 1:
        subject = say("Invoice %(number)s: %(amount)s to be paid within %(days)s days", **values, days=days)
    elif days == 1:
        subject = say("Invoice %(number)s: %(amount)s to be paid by tomorrow", **values)
    elif days == 0:
        subject = say("Invoice %(number)s: %(amount)s to be paid today", **values)
    elif days == -1:
        subject = say("Invoice %(number)s: %(amount)s is late by one day", **values)
    else:
        subject = say("Invoice %(number)s: %(amount)s is late by %(days)s days", **values, days=-days)
    texts = [say("Its page says how to pay. The reference to give is %(reference)s.",
                 reference=spaced(creditor_reference(bill.id)))]  # fmt: skip
    if days < 0:
        texts.insert(0, say("It was due on %(day)s.", day=day_of(told, bill.due_at)))
        texts.append(say("Late payment bears the interest and the flat sum that the {contract} names."))
        texts.append(say("If it was paid already, say so on that page: the other side then looks at its account."))
    ids = members_with(told.session, bill.organisation, *PAYERS)
    return [Letter(r, subject, tuple(texts), say("How to pay"), f"/bills/{bill.id}/payment")
            for r in people(told.session, ids)]  # fmt: skip


def _received(told: Told) -> list[Letter]:
    """A payment was recorded: to those of the client who pay, with what is left."""
    bill = invoicing.bill(told.session, told.event.subject)
    row = next((p for p in payments_of(told.session, told.event.subject)
                if p.id == told.payload("payment") and p.kind == "received"), None)  # fmt: skip
    if bill is None or row is None:
        return []
    left = standing(told.session, bill.id).open
    values = {"number": _number(told, bill), "amount": row.amount}
    rest: Text = say("%(left)s of it is still to be paid.", left=left) if left else say("It is paid in full.")
    ids = members_with(told.session, bill.organisation, *PAYERS)
    subject = say("Your payment of %(amount)s on invoice %(number)s has arrived", **values)
    return [Letter(r, subject, (rest,), say("Look at it"), f"/bills/{bill.id}/payment", mail=False)
            for r in people(told.session, ids, but=told.actor_account)]  # fmt: skip


def _paid(told: Told) -> list[Letter]:
    """An invoice counts as paid: to the freelancer, unless they said so themselves."""
    bill = invoicing.bill(told.session, told.event.subject)
    contract = told.session.get(Contract, bill.contract) if bill else None
    if bill is None or contract is None or accounts.account(told.session, bill.freelancer) is None:
        return []
    subject = say("Invoice %(number)s is paid", number=_number(told, bill))
    text = say("%(title)s, in full. Its payments stand on its page.", title=bill.title)
    return [Letter(r, subject, (text,), say("Look at it"), f"/bills/{bill.id}/payment", mail=False)
            for r in people(told.session, [bill.freelancer], but=told.actor_account)]  # fmt: skip


WRITERS = {e.RECEIVED: _received, e.PAID: _paid}
