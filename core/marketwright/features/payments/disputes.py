"""Disputes at the provider: the hold is frozen while one is open, and a lost one is borne by whoever has the money.

    open     psp_clearing -     dispute_reserve +   psp_fee + for what it costs
    won      psp_clearing +     dispute_reserve -
    lost     dispute_reserve -  hold +                                              while the money is held
                                receivable:{freelancer} + revenue + vat_collected + after the release
                                refundable +                                        what came too late, not gone yet
                                receivable:{client} +                               for what nobody has any more
"""

from datetime import datetime

from sqlalchemy import insert, select, update

from marketwright.features.ledger import kinds
from marketwright.features.payments import events
from marketwright.features.payments.amounts import Amounts, back_parts
from marketwright.features.payments.booking import (
    amounts_of,
    book,
    from_client,
    gone_back,
    is_moving,
    left_of,
    lock_hold,
    move,
    record_return,
    tell,
)
from marketwright.features.payments.commands import give_back_the_rest, wake
from marketwright.features.payments.debts import collect
from marketwright.features.payments.ports import Course
from marketwright.features.payments.tables import Hold, PaymentCommand, PaymentDispute
from marketwright.features.payments.words import LOST_TO_DISPUTE
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.payments import Fact, FactKind
from marketwright.strategies.processes import HoldState

STATES = {FactKind.DISPUTE_OPENED: "OPEN", FactKind.DISPUTE_WON: "WON", FactKind.DISPUTE_LOST: "LOST"}
_RANK = {"OPEN": 0, "WON": 1, "LOST": 2}


def report(uow: UnitOfWork, command: PaymentCommand, fact: Fact, row: str) -> bool:
    """Apply one fact about a dispute on the confirmed funding ``command``; ``row`` is the fact's own.

    The state of a dispute only goes on (open, then won or lost), so the order of its facts does not matter (J3).
    Returns whether something changed.
    """
    hold = lock_hold(uow, str(command.hold_id))
    dispute, fresh = _of(uow, command, fact)
    before = (dispute.state, dispute.taken, dispute.fee)
    state = STATES[fact.kind]
    if _RANK[state] < _RANK[dispute.state] or dispute.absorbed:
        return False
    amount = max(0, fact.answer.amount or 0)
    later = _RANK[state] > _RANK[dispute.state]
    dispute.state = state
    dispute.taken = 0 if state == "WON" else amount if later else max(dispute.taken, amount)
    dispute.fee = fact.answer.fee if later else max(dispute.fee, fact.answer.fee)
    dispute.due, dispute.reason = fact.due or dispute.due, fact.answer.reason[:500] or dispute.reason
    _book(uow, dispute, hold, row)
    if state != "OPEN" and dispute.closed_at is None:
        dispute.closed_at = uow.now
        _thaw(uow, hold)
        wake(uow, hold.id)
    uow.flush()
    if not fresh and before == (dispute.state, dispute.taken, dispute.fee):
        return False
    _tell(uow, dispute, hold)
    absorb(uow, hold)
    if state == "WON":
        give_back_the_rest(uow, hold, command.id)
    return True


def _of(uow: UnitOfWork, command: PaymentCommand, fact: Fact) -> tuple[PaymentDispute, bool]:
    """The dispute's row and whether it is new; a new one freezes its hold."""
    d = PaymentDispute
    same = (d.provider == command.provider) & (d.reference == fact.answer.reference[:200])
    found = uow.session.scalar(select(d).where(same).with_for_update())
    if found is not None:
        return found, False
    uow.session.execute(
        insert(d).values(
            id=new_id(), provider=command.provider, reference=fact.answer.reference[:200], command_id=command.id,
            hold_id=command.hold_id, currency=command.currency, state="OPEN", taken=0, fee=0, reserved=0, charged=0,
            opened_at=uow.now,
        )
    )  # fmt: skip
    uow.session.execute(
        update(Hold).where(Hold.id == command.hold_id).values(disputes=Hold.disputes + 1, version=Hold.version + 1)
    )
    return uow.session.scalars(select(d).where(same)).one(), True


def _thaw(uow: UnitOfWork, hold: Hold) -> None:
    uow.session.execute(
        update(Hold).where(Hold.id == hold.id).values(disputes=Hold.disputes - 1, version=Hold.version + 1)
    )
    uow.session.refresh(hold)


def _book(uow: UnitOfWork, dispute: PaymentDispute, hold: Hold, fact: str) -> None:
    """Book what the provider holds back and charges by now, less what is booked."""
    reserve, fee = dispute.taken - dispute.reserved, dispute.fee - dispute.charged
    dispute.reserved, dispute.charged = dispute.taken, dispute.fee
    book(
        uow, [(kinds.DISPUTE_RESERVE, reserve), (kinds.PSP_FEE, fee), (kinds.PSP_CLEARING, -reserve - fee)],
        cause=("payment_fact", fact), effect=f"dispute_{dispute.state.lower()}", currency=dispute.currency,
        memo=hold.describe, contract=hold.contract_id,
    )  # fmt: skip


def _tell(uow: UnitOfWork, dispute: PaymentDispute, hold: Hold) -> None:
    names = {"OPEN": events.DISPUTED, "WON": events.DISPUTE_WON, "LOST": events.DISPUTE_LOST}
    due: datetime | None = dispute.due
    tell(uow, hold, names[dispute.state], dispute=dispute.id, amount=dispute.taken,
         due=due.isoformat() if due else "")  # fmt: skip


def absorb(uow: UnitOfWork, hold: Hold) -> None:
    """Book every lost dispute of ``hold`` to whoever has the money, once nothing of it is under way any more."""
    if is_moving(hold):
        return
    d = PaymentDispute
    for dispute in uow.session.scalars(
        select(d).where(d.hold_id == hold.id, d.state == "LOST", d.absorbed.is_(False)).order_by(d.reference)
    ).all():
        _absorb(uow, hold, dispute)


def _absorb(uow: UnitOfWork, hold: Hold, dispute: PaymentDispute) -> None:
    loss, ours = dispute.taken, hold.funding == dispute.command_id
    left = left_of(uow.session, hold) if ours else Amounts(hold.currency)
    taken = min(loss, left.client_pays if hold.state in (HoldState.FUNDED, HoldState.SETTLED) else 0)
    legs: list[tuple[str, int]] = []
    if taken:
        parts = back_parts(amounts_of(hold), gone_back(uow.session, hold), taken)
        held = hold.state == HoldState.FUNDED
        legs = _from_hold(uow, hold, taken) if held else _from_both(uow, hold, parts)
        record_return(uow, hold, parts, cause=("dispute", dispute.id), released=not held)
    legs += [*from_client(uow, hold, dispute.command_id, loss - taken), (kinds.DISPUTE_RESERVE, -loss)]
    book(uow, legs, cause=("dispute", dispute.id), effect="dispute_borne", currency=dispute.currency,
         memo=hold.describe, contract=hold.contract_id)  # fmt: skip
    dispute.absorbed = True
    uow.flush()
    collect(uow, hold.freelancer_id, hold.currency, provider=hold.provider, cause=dispute.id)
    give_back_the_rest(uow, hold, dispute.command_id)
    if taken and hold.state == HoldState.SETTLED and hold.dispute_lost == hold.funded:
        uow.ports.get(Course).taken_back(uow, hold.id, settled=True, reason=say(LOST_TO_DISPUTE))


def _from_hold(uow: UnitOfWork, hold: Hold, taken: int) -> list[tuple[str, int]]:
    whole = taken == hold.held
    move(uow, hold, HoldState.SETTLED if whole else HoldState.FUNDED, held=hold.held - taken,
         dispute_lost=hold.dispute_lost + taken, **({"settled_at": uow.now} if whole else {}))  # fmt: skip
    return [(kinds.hold(hold.id), taken)]


def _from_both(uow: UnitOfWork, hold: Hold, parts: Amounts) -> list[tuple[str, int]]:
    """After the release: the freelancer owes their share, the marketplace gives up its fees on it (E15)."""
    move(uow, hold, hold.state, dispute_lost=hold.dispute_lost + parts.client_pays,
         reclaimed=hold.reclaimed + parts.freelancer_receives, fees=hold.fees - parts.fees,
         fee_taxes=hold.fee_taxes - parts.fee_taxes)  # fmt: skip
    return [
        (kinds.receivable(hold.freelancer_id), parts.freelancer_receives), (kinds.REVENUE, parts.fees),
        (kinds.VAT_COLLECTED, parts.fee_taxes),
    ]  # fmt: skip
