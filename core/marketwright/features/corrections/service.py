"""Corrections of money: asked for by one of the staff, done by another; alone only a day later (E10)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.tables import Account, Organisation
from marketwright.features.corrections import events
from marketwright.features.corrections.queries import others
from marketwright.features.corrections.tables import Correction
from marketwright.features.corrections.words import memo_of
from marketwright.features.ledger import service as ledger
from marketwright.features.ledger.kinds import LOSS, kind_of
from marketwright.features.ledger.owing import one_at_a_time
from marketwright.features.ledger.queries import raw_balance
from marketwright.features.ledger.tables import LedgerLeg, LedgerTransaction
from marketwright.features.payments import service as payments
from marketwright.features.payments.booking import left_of
from marketwright.features.payments.tables import Hold
from marketwright.kernel.errors import BrokenInvariant, Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import MAX_MINOR, Money, Sum, total
from marketwright.kernel.text import Text, say
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.processes import HoldState

ALONE = timedelta(hours=24)  # of business time in which a correction of one person can be withdrawn
ENTRY, REFUND = "entry", "refund"
BY_DEEDS = ("hold", "payable", "refundable")  # their balances are those of holds: they move by deeds alone


def ask_entry(uow: UnitOfWork, *, legs: Sequence[tuple[str, Money]], reason: str) -> str:
    """Ask for an entry of the ledger: ``legs`` are (account, amount), above zero a debit. Returns the correction's id.

    ``InvalidInput`` names ``legs-<n>-account`` or ``legs``: an account that is none or moves by deeds alone, an owner
    that is nobody, more than is owed on a debt, legs that do not sum to zero, are of several currencies or too large.
    """
    _check_legs(uow, legs)
    debits = total([amount for _, amount in legs if amount.amount > 0], legs[0][1].currency)
    body: dict[str, object] = {"legs": [[account, amount.amount] for account, amount in legs]}
    return _ask(uow, ENTRY, body, debits, reason)


def ask_reversal(uow: UnitOfWork, *, transaction: str, reason: str) -> str:
    """Ask for the reversal of an earlier correction's entry, whole (L9). Returns the correction's id.

    ``Conflict`` for one that is taken back already, or is to be.
    """
    row = uow.session.get(LedgerTransaction, transaction, with_for_update=True)  # of two who ask, one sees the other's
    if row is None or row.cause_type != "correction":
        raise InvalidInput({"reverses": [say("Only an entry that was made by hand is taken back by hand.")]})
    _not_taken_back(uow, transaction)
    same = uow.session.scalars(select(Correction).where(Correction.state == "asked", Correction.kind == ENTRY))
    if any(c.body.get("reverses") == transaction for c in same):
        raise Conflict("Somebody has asked already that this entry be taken back.")
    first = uow.session.get_one(Correction, row.cause_id)
    return _ask(uow, ENTRY, {"reverses": transaction}, Money(first.amount, first.currency), reason)


def _not_taken_back(uow: UnitOfWork, transaction: str) -> None:
    if uow.session.scalar(select(LedgerTransaction.id).where(LedgerTransaction.reverses == transaction)):
        raise Conflict("This entry has been taken back already.")


def ask_refund(uow: UnitOfWork, *, hold: str, amount: Money, reason: str) -> str:
    """Ask that ``amount`` of what was released goes back to the client. Returns the correction's id.

    ``InvalidInput`` names ``amount`` when it is more than is left, ``Conflict`` says why nothing can go back.
    """
    row = uow.session.get(Hold, hold)
    if row is None:
        raise NotFound("There is no such hold.")
    if row.state != HoldState.SETTLED or row.paid == 0:
        raise Conflict("Nothing of this money was released.")
    if amount.currency != row.currency or not 0 < amount.amount <= left_of(uow.session, row).client_pays:
        raise InvalidInput({"amount": [say("More than nothing, and no more than is left of what the {client} paid.")]})
    same = uow.session.scalars(select(Correction).where(Correction.state == "asked", Correction.kind == REFUND))
    if any(c.body["hold"] == hold for c in same):
        raise Conflict("A refund of this money waits for its second person already.")
    return _ask(uow, REFUND, {"hold": hold, "contract": row.contract_id}, amount, reason)


def _ask(uow: UnitOfWork, kind: str, body: dict[str, object], amount: Money, reason: str) -> str:
    if not uow.actor.is_person:
        raise NotAllowed("Money is corrected by people.")
    if len(reason.strip()) < 10:
        raise InvalidInput({"reason": [say("Write why, so that an auditor understands it: ten characters or more.")]})
    alone = not others(uow.session, uow.actor.id)
    if alone:  # nobody else will look at it
        _not_their_own(uow, kind, body)
    made = Correction(
        id=new_id(), kind=kind, body=body, amount=amount.amount, currency=amount.currency, reason=reason.strip(),
        asked_by=uow.actor.label, asked_at=uow.now, alone=alone, not_before=uow.now + ALONE if alone else None,
        state="asked",
    )  # fmt: skip
    uow.session.add(made)
    uow.flush()
    uow.emit(events.ASKED, made.id, kind=kind, alone=alone)
    uow.audit(events.ASKED, made.id, kind=kind, amount=made.amount, currency=made.currency, reason=made.reason,
              alone=alone)  # fmt: skip
    return made.id


def confirm(uow: UnitOfWork, *, correction: str) -> str:
    """Carry a correction out as the second person; returns the command to run after the commit, '' for an entry.

    ``NotAllowed`` for whoever asked for it, ``Conflict`` when it is decided already or can be carried out no longer.
    """
    row = _open(uow, correction)
    if not uow.actor.is_person or uow.actor.label == row.asked_by:
        raise NotAllowed("Another person of the staff decides on what you asked for.")
    _not_their_own(uow, row.kind, row.body)
    return _carry_out(uow, row, alone=False)


def _not_their_own(uow: UnitOfWork, kind: str, body: Mapping[str, Any]) -> None:
    """``NotAllowed`` where the money of the actor, or of an organisation that they belong to, would be corrected."""
    if any(accounts.is_theirs(uow.session, uow.actor.id, owner) for owner in _owners(uow, kind, body)):
        raise NotAllowed("Nobody decides about themselves. Ask a colleague.")


def _owners(uow: UnitOfWork, kind: str, body: Mapping[str, Any]) -> set[str]:
    """Whose money a correction moves: both sides of the hold, or the owners of the accounts."""
    if kind == REFUND:
        hold = uow.session.get_one(Hold, body["hold"])
        return {hold.organisation_id, hold.freelancer_id}
    if "reverses" in body:
        undone = LedgerLeg.transaction_id == body["reverses"]
        legs: Iterable[str] = uow.session.scalars(select(LedgerLeg.account).where(undone))
    else:
        legs = [account for account, _ in body["legs"]]
    return {owner for _, _, owner in (account.partition(":") for account in legs) if owner}


def carry_out_due(uow: UnitOfWork, *, correction: str) -> str:
    """Carry out a correction of one person whose day has passed; as :func:`confirm`. The clock does this.

    ``Conflict`` too where they may correct money no longer: nobody stands behind it any more.
    """
    row = _open(uow, correction)
    if not row.alone or row.not_before is None or uow.now < row.not_before:
        raise Conflict("This correction waits for its day.")
    if row.asked_by.partition(":")[2] not in others(uow.session, ""):
        raise Conflict("Whoever asked for this may correct money no longer, and nobody else stands behind it.")
    return _carry_out(uow, row, alone=True)


def due(uow: UnitOfWork) -> list[str]:
    """Corrections of one person whose day has passed."""
    c = Correction
    return list(uow.session.scalars(select(c.id).where(c.state == "asked", c.alone, c.not_before <= uow.now)))


def withdraw(uow: UnitOfWork, *, correction: str) -> None:
    """Take back what the acting person asked for, as long as it is not done."""
    row = _open(uow, correction)
    if uow.actor.label != row.asked_by:
        raise NotAllowed("Whoever asked for a correction withdraws it; you may refuse it.")
    _decide(uow, row, "withdrawn")
    uow.emit(events.DROPPED, row.id, kind=row.kind, state="withdrawn")
    uow.audit("correction.withdrawn", row.id)


def refuse(uow: UnitOfWork, *, correction: str, why: str) -> None:
    """Say no, with a reason: a second person, or the clock where it can be carried out no longer."""
    row = _open(uow, correction)
    if uow.actor.label == row.asked_by:
        raise NotAllowed("Another person of the staff decides on what you asked for.")
    if not why.strip():
        raise InvalidInput({"reason": [say("Write why not.")]})
    _decide(uow, row, "refused", answer=why.strip())
    uow.emit(events.DROPPED, row.id, kind=row.kind, state="refused")
    uow.audit("correction.refused", row.id, why=why.strip())


def _carry_out(uow: UnitOfWork, row: Correction, *, alone: bool) -> str:
    """Decide first, then do: the database lets nothing be booked or sent before the decision stands."""
    memo = memo_of(row.reason, alone=alone)
    _decide(uow, row, "done")
    command = ""
    if row.kind == REFUND:
        who = row.asked_by if alone else uow.actor.label
        command = effect = payments.reserve_refund_after_release(
            uow, hold=row.body["hold"], amount=row.amount, cause=f"decision:{row.id}", by=who
        )
    elif "reverses" in row.body:
        _not_taken_back(uow, row.body["reverses"])
        effect = ledger.reverse(
            uow, transaction=row.body["reverses"], cause_type="correction", cause_id=row.id, memo=memo
        )
    else:
        legs = [(account, Money(amount, row.currency)) for account, amount in row.body["legs"]]
        _check_legs(uow, legs)
        lost = any(account == LOSS for account, _ in legs)
        effect = ledger.post(
            uow, cause_type="correction", cause_id=row.id, effect="platform_loss" if lost else "corrected", legs=legs,
            memo=memo,
        )  # fmt: skip
    uow.session.execute(update(Correction).where(Correction.id == row.id).values(effect=effect))
    uow.emit(events.DONE, row.id, kind=row.kind, alone=alone)
    uow.audit(events.DONE, row.id, asked_by=row.asked_by, alone=alone, effect=effect)
    return command


def _open(uow: UnitOfWork, correction: str) -> Correction:
    row = uow.session.scalar(
        select(Correction).where(Correction.id == correction).execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("There is no such correction.")
    if row.state != "asked":
        raise Conflict("This correction is decided already.")
    return row


def _decide(uow: UnitOfWork, row: Correction, state: str, *, answer: str = "") -> None:
    moment: datetime = uow.now
    moved = uow.session.execute(
        update(Correction)
        .where(Correction.id == row.id, Correction.state == "asked")
        .values(state=state, decided_by=uow.actor.label, decided_at=moment, answer=answer)
        .returning(Correction.id)
    ).first()
    if moved is None:
        raise Conflict("This correction is decided already.")


def _check_legs(uow: UnitOfWork, legs: Sequence[tuple[str, Money]]) -> None:
    errors: dict[str, list[str]] = {}
    for n, (account, _amount) in enumerate(legs):
        if said := _wrong_account(uow, account) or _more_than_owed(uow, account, legs):
            errors[f"legs-{n}-account"] = [said]
    if said := _wrong_together([amount for _, amount in legs]):
        errors["legs"] = [said]
    if errors:
        raise InvalidInput(errors)


def _wrong_together(amounts: Sequence[Money]) -> Text | None:
    if len(amounts) < 2 or len({a.currency for a in amounts}) != 1 or not all(amounts):
        return say("An entry has two lines or more, of one currency, none of them zero.")
    currency = amounts[0].currency
    sides = [sum(a.amount for a in amounts if a.amount > 0), -sum(a.amount for a in amounts if a.amount < 0)]
    if max(sides) > MAX_MINOR:
        return say("An entry moves %(amount)s at most.", amount=Money(MAX_MINOR, currency))
    if left := abs(sides[0] - sides[1]):
        return say("Debits and credits differ by %(amount)s.", amount=Money(left, currency))
    return None


def _more_than_owed(uow: UnitOfWork, account: str, legs: Sequence[tuple[str, Money]]) -> Text | None:
    """Why ``legs`` together cannot take so much of a debt: by now less is owed, or nothing."""
    kind, _, owner = account.partition(":")
    moved = sum(amount.amount for named, amount in legs if named == account)
    if kind != "receivable" or moved >= 0:
        return None
    one_at_a_time(uow, owner)
    currency = legs[0][1].currency
    owed = max(0, raw_balance(uow.session, account, currency))
    return say("Only %(amount)s is owed.", amount=Sum(owed, currency)) if owed < -moved else None


def _wrong_account(uow: UnitOfWork, account: str) -> Text | None:
    try:
        kind = kind_of(account)
    except BrokenInvariant:
        return say("%(account)s is no account of the ledger.", account=account)
    if kind.name in BY_DEEDS:
        return say("This account moves by what people do with their deals, never by hand: use a refund.")
    if kind.owned:
        owner = account.partition(":")[2]
        if uow.session.get(Account, owner) is None and uow.session.get(Organisation, owner) is None:
            return say("Nobody has the id %(id)s.", id=owner)
    return None
