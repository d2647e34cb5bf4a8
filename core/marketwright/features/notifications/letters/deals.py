"""Letters about contracts: whose turn it is, until when, and what happens if nobody moves."""

from datetime import datetime

from marketwright.features.accounts import queries as accounts
from marketwright.features.contracts import events as c
from marketwright.features.contracts.registry import pinned
from marketwright.features.contracts.tables import Contract, Milestone
from marketwright.features.notifications.letters import bills, periods, turns
from marketwright.features.notifications.letters.kit import Letter, Told, people
from marketwright.features.notifications.letters.parties import (
    Deal,
    client_of,
    day_of,
    days_to,
    deal_of,
    members_of,
    silence_accepts,
    tell,
    tell_guests,
)
from marketwright.features.payments import events as p
from marketwright.kernel.text import Text, say
from marketwright.strategies.payments import CommandKind


def _contract_events(told: Told) -> list[Letter]:
    deal = deal_of(told)
    if deal is None:
        return []
    title = deal.contract.title
    both = [deal.contract.freelancer_id, *client_of(told, deal)]
    subject, text = {
        c.SENT: (say("The {contract} “%(title)s” is ready to sign", title=title),
                 say("Read the document, then sign it with your password. The signed text never changes.")),
        c.SIGNED: (say("The {contract} “%(title)s” was signed by one side", title=title),
                   say("The other side's signature is in; yours may be waited for.")),
        c.ACTIVE: (say("Both sides have signed “%(title)s”", title=title),
                   say("The course of the deal begins. The {contract}'s page says whose turn it is.")),
        c.ENDED: (say("The {contract} “%(title)s” has ended", title=title),
                  say("Its papers and statement stay on its page. You may review the other side there.")),
        c.AMENDMENT_SENT: (say("A change of “%(title)s” waits for signatures", title=title),
                           say("It takes effect once both sides have signed it.")),
        c.AMENDMENT_SIGNED: (say("Both sides have signed the change of “%(title)s”", title=title),
                             say("It is part of the {contract} from now on.")),
        c.AMENDMENT_WITHDRAWN: (say("The change of “%(title)s” was withdrawn", title=title),
                                say("The {contract} stays as it was.")),
    }[told.event.name]  # fmt: skip
    letters = tell(told, deal, both, subject, text, but=told.actor_account)
    if told.event.name in (c.SENT, c.SIGNED, c.AMENDMENT_SENT):
        letters += tell_guests(told, deal, subject, text)
    return letters


def _milestone_events(told: Told) -> list[Letter]:
    deal = deal_of(told)
    if deal is None or deal.milestone is None or (told.event.name == c.DELIVERED and turns.tells(deal)):
        return []
    part = deal.milestone.title
    freelancer, client = [deal.contract.freelancer_id], client_of(told, deal)
    until = _until(deal)
    subject, texts, ids = {
        c.FUNDED: (say("The money for “%(part)s” is held", part=part),
                   (say("Work on it can start. The money is released when the {client} accepts."),),
                   freelancer + client),
        c.DELIVERED: (say("“%(part)s” was delivered", part=part),
                      (say("Look at it, then accept it or ask for changes."), *until), client),
        c.CHANGES_ASKED: (say("The {client} asks for changes to “%(part)s”", part=part),
                          (say("Nothing is accepted by silence while the request is open."),), freelancer),
        c.APPROVED: (say("“%(part)s” was accepted", part=part),
                     (say("The money is on its way."),), freelancer + client),
        c.RELEASED: (say("The money for “%(part)s” was released", part=part),
                     (say("The statement on the {contract}'s page shows every amount."),), freelancer + client),
        c.REFUNDED: (say("The money for “%(part)s” went back to the {client}", part=part),
                     (say("The statement on the {contract}'s page shows every amount."),), freelancer + client),
        c.RETURNED: (say("The money for “%(part)s” did not move", part=part),
                     (say("The {contract}'s page says why, and what can be done."),), client),
        c.DECISION_ASKED: (say("A decision was asked for “%(part)s”", part=part),
                           (say("A named person of the marketplace will decide, with reasons in writing."),),
                           freelancer + client),
        c.DECIDED: (say("The marketplace has decided about “%(part)s”", part=part),
                    (say("The reasons stand on the {contract}'s page."),), freelancer + client),
        c.BEGUN: (say("It is the turn of “%(part)s”", part=part),
                  (say("The {contract}'s page says who moves next."),), client),
        c.APPROVAL_WAITING: (say("A yes to “%(part)s” waits for you", part=part),
                             (say("Its amount is above the limit of your colleague who said yes to it."),),
                             members_of(told, deal, "approver")),
    }[told.event.name]  # fmt: skip
    return tell(told, deal, ids, subject, *texts, but=told.actor_account)


def _until(deal: Deal) -> tuple[Text, ...]:
    if deal.milestone is None or deal.milestone.deadline_at is None:
        return ()
    return (say("If nobody does anything, it is accepted on %(when)s.", when=deal.milestone.deadline_at),)


def _late_or_until(told: Told, deal: Deal) -> tuple[Text, ...]:
    """What silence does where it accepts; else until when the owner has."""
    if deal.milestone is None or deal.milestone.deadline_at is None:
        return ()
    if silence_accepts(told.session, deal):
        return _until(deal)
    if days_to(told, deal.milestone.deadline_at) < 0:
        return (say("It was due on %(day)s.", day=day_of(told, deal.milestone.deadline_at)),)
    return (say("Until %(when)s.", when=deal.milestone.deadline_at),)


def _reminder(told: Told) -> list[Letter]:
    deal = deal_of(told)
    until = deal.milestone.deadline_at if deal is not None and deal.milestone is not None else None
    if deal is None or deal.milestone is None or until is None or not _still(told, deal, until):
        return []
    owner = told.payload("owner")
    billed = bills.reminder(told) if owner == "client" else None
    if billed is not None:
        return billed
    ids = [deal.contract.freelancer_id] if owner == "freelancer" else client_of(told, deal, "approver", "buyer")
    subject = _reminding(deal.milestone.title, days_to(told, until))
    return tell(told, deal, ids, subject, say("It is your turn on this {contract}."), *_late_or_until(told, deal))


def _still(told: Told, deal: Deal, until: datetime) -> bool:
    """Whether a reminder still holds as it is written: the same one's turn, and ``until`` no further off than then."""
    part = deal.milestone
    if part is None or part.pending or deal.contract.state != "ACTIVE":
        return False
    process = pinned(told.session, deal.contract.process, deal.contract.process_version)
    late = days_to(told, until) < 0
    return (
        str(process.state(part.state).owner) == told.payload("owner")
        and days_to(told, until) <= int(told.payload("days") or 0) + 1
        and not (late and silence_accepts(told.session, deal))
    )


def _reminding(part: str, days: int) -> Text:
    """How many days are left for ``part``, or how many it is late (below zero)."""
    if days == 0:
        return say("Reminder, due today: “%(part)s”", part=part)
    if days == 1:
        return say("Reminder, one day left: “%(part)s”", part=part, days=days)
    if days == -1:
        return say("Reminder, one day late: “%(part)s”", part=part, days=-days)
    if days < 0:
        return say("Reminder, %(days)s days late: “%(part)s”", days=-days, part=part)
    return say("Reminder, %(days)s days left: “%(part)s”", days=days, part=part)


def _payment_events(told: Told) -> list[Letter]:
    milestone = told.session.get(Milestone, told.event.subject)
    contract = told.session.get(Contract, milestone.contract_id) if milestone else None
    if milestone is None or contract is None:
        return []
    if told.event.name == p.FAILED and told.payload("kind") != CommandKind.FUND:
        return []  # what else was refused is no client's doing
    deal = Deal(contract, milestone)
    part = milestone.title
    freelancer, client = [contract.freelancer_id], client_of(told, deal)
    subject, text, ids = {
        p.FAILED: (say("The payment for “%(part)s” was refused", part=part),
                   say("The {contract}'s page says why. Nothing was taken; it can be tried again."), client),
        p.ABANDONED: (say("The payment for “%(part)s” was not finished", part=part),
                      say("Nobody paid on the payment page in time. It can be started again."), client),
        p.RETURNED: (say("A late payment for “%(part)s” goes back", part=part),
                     say("It came after the payment had been given up, so it is returned to the payer."), client),
        p.PAYOUT_WAITS: (say("Your money for “%(part)s” waits for you", part=part),
                         say("It is yours, and leaves for your bank once what is asked of you is there: the "
                             "{contract}'s page says what."), freelancer),
        p.PAID_OUT: (say("Your money for “%(part)s” is on its way to your bank", part=part),
                     say("The statement on the {contract}'s page shows every amount."), freelancer),
        p.PAYOUT_RETURNED: (say("Your money for “%(part)s” came back from your bank", part=part),
                            say("It is still yours. Please check your bank details; we send it once more."),
                            freelancer),
        p.TAKEN_BACK: (say("The payment for “%(part)s” was taken back by the bank", part=part),
                       say("The money is not held any more. The {contract}'s page says what happens now."),
                       freelancer + client),
        p.DISPUTED: (say("The bank disputes the payment for “%(part)s”", part=part),
                     say("The money is frozen until that is decided. We answer the bank; nothing is asked of you now."),
                     freelancer + client),
        p.DISPUTE_WON: (say("The dispute about “%(part)s” is over: the payment stands", part=part),
                        say("The money can move again."), freelancer + client),
        p.DISPUTE_LOST: (say("The dispute about “%(part)s” is over: the bank has taken the money", part=part),
                         say("The statement on the {contract}'s page shows who bears which amount."),
                         freelancer + client),
        p.REFUNDED_LATER: (say("Money for “%(part)s” went back after its release", part=part),
                           say("What you owe of it is kept back from your next payments. The statement on the "
                               "{contract}'s page shows every amount."), freelancer),
    }[told.event.name]  # fmt: skip
    return tell(told, deal, ids, subject, text, suspended=True)


def _payee_events(told: Told) -> list[Letter]:
    subject, text, action = {
        p.PAYEE_WANTED: (say("Something is missing before you can be paid"),
                         say("The payment provider has to know whom it pays. Until then nobody can fund your work."),
                         say("See what is missing")),
        p.PAYEE_READY: (say("You can be paid"), say("The payment provider has all that it needs of you."),
                        say("See how you are paid")),
    }[told.event.name]  # fmt: skip
    return [
        Letter(r, subject, (text,), action, "/account/getting-paid") for r in people(told.session, [told.event.subject])
    ]


def _finance_events(told: Told) -> list[Letter]:
    """What the staff of finance looks at."""
    subject, text = {
        p.UNMATCHED: (say("A payment has not matched for a day"),
                      say("Provider and marketplace do not say the same of it. The console shows what to do.")),
        p.SAME_ACCOUNT: (say("Both sides of a deal use the same account or card"),
                         say("The money is frozen. Look at both before you let it move again.")),
    }[told.event.name]  # fmt: skip
    ids = [s.account for s in accounts.staff(told.session) if {"finance", "admin"} & set(s.roles)]
    return [
        Letter(r, subject, (text,), say("Open the console"), "/console/payments") for r in people(told.session, ids)
    ]


WRITERS = {
    **dict.fromkeys((p.FAILED, p.ABANDONED, p.RETURNED, p.PAYOUT_WAITS, p.PAID_OUT, p.PAYOUT_RETURNED, p.TAKEN_BACK,
                     p.DISPUTED, p.DISPUTE_WON, p.DISPUTE_LOST, p.REFUNDED_LATER), _payment_events),
    **dict.fromkeys((p.PAYEE_WANTED, p.PAYEE_READY), _payee_events),
    **dict.fromkeys((p.UNMATCHED, p.SAME_ACCOUNT), _finance_events),
    **dict.fromkeys((c.SENT, c.SIGNED, c.ACTIVE, c.ENDED, c.AMENDMENT_SENT, c.AMENDMENT_SIGNED,
                     c.AMENDMENT_WITHDRAWN), _contract_events),
    **dict.fromkeys((c.FUNDED, c.DELIVERED, c.CHANGES_ASKED, c.APPROVED, c.RELEASED, c.REFUNDED, c.RETURNED,
                     c.DECISION_ASKED, c.DECIDED, c.BEGUN, c.APPROVAL_WAITING), _milestone_events),
    c.REMINDER_DUE: _reminder,
    **dict.fromkeys((c.SHEET_HANDED, c.DAYS_DISPUTED, c.MOVED), periods.tell),
    c.HOLD_ENDING: periods.hold_ending,
}  # fmt: skip
