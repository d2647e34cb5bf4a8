"""What rooms above ask of payments: open a hold, reserve its money, freeze it, close it.

``reserve`` commits with the caller's own update; ``run`` (module ``running``) asks the provider afterwards, and
``apply`` (module ``applying``) books what it says. Both are given here too.
"""

from datetime import timedelta

from sqlalchemy import insert, select, update

from marketwright.features.payments import events
from marketwright.features.payments.amounts import Amounts, Cut, back_parts, refund_cut, release_cut, split_cut
from marketwright.features.payments.applying import apply
from marketwright.features.payments.arrivals import give_back
from marketwright.features.payments.booking import amounts_of, gone_back, left_of, lock_hold
from marketwright.features.payments.commands import reserve_payout, write_command
from marketwright.features.payments.payees import is_ready
from marketwright.features.payments.payouts import missing_for
from marketwright.features.payments.ports import onboards
from marketwright.features.payments.running import give_up, run
from marketwright.features.payments.tables import SETTLED_STATES, Hold, PaymentCommand
from marketwright.features.payments.words import HOLD_WORDS
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, Missing, NotFound
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import Text, say
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.payments import CommandKind
from marketwright.strategies.processes import HoldState

__all__ = [
    "apply", "close_hold", "freeze", "give_back", "give_up", "left_in", "open_hold", "pay_out_again", "reserve",
    "reserve_refund_after_release", "run", "thaw",
]  # fmt: skip
PAGE_OPEN = timedelta(hours=24)  # business time in which a payment page is waited for (A16)
_AUTHORITIES = ("approval", "deadline", "decision")
_MOVES = {
    CommandKind.FUND: (HoldState.NONE, HoldState.FUNDING),
    CommandKind.RELEASE: (HoldState.FUNDED, HoldState.RELEASING),
    CommandKind.REFUND: (HoldState.FUNDED, HoldState.REFUNDING),
    CommandKind.SPLIT: (HoldState.FUNDED, HoldState.SPLITTING),
}


def open_hold(
    uow: UnitOfWork, *, hold: str, contract: str, organisation: str, freelancer: str, amounts: Amounts, provider: str,
    describe: str = "", override: str = "",
) -> str:  # fmt: skip
    """Make the hold of one milestone or period (``hold`` is its id), empty, and return its id.

    ``describe`` is what the payer reads on the provider's page; ``override`` names the signed exception when both
    fees lie outside 5 to 15 % (``own network``). ``BrokenInvariant`` for amounts that no deal may have.
    """
    amounts.check(override=override)
    if onboards(uow.ports, provider) and not is_ready(uow.session, provider, freelancer):
        first = uow.session.scalar(select(Hold.id).where(Hold.contract_id == contract).limit(1)) is None
        if first:
            uow.emit(events.PAYEE_WANTED, freelancer, provider=provider, contract=contract)
    uow.session.execute(
        insert(Hold).values(
            id=hold, contract_id=contract, organisation_id=organisation, freelancer_id=freelancer, provider=provider,
            describe=describe[:200], currency=amounts.currency, work=amounts.work, work_tax=amounts.work_tax,
            client_fee=amounts.client_fee, client_fee_tax=amounts.client_fee_tax,
            freelancer_fee=amounts.freelancer_fee, freelancer_fee_tax=amounts.freelancer_fee_tax, override=override,
            created_at=uow.now,
        )
    )  # fmt: skip
    return hold


def reserve(
    uow: UnitOfWork, *, hold: str, kind: CommandKind, cause: str, by: str, refund: int = 0
) -> str:
    """Take the hold for one command and return the command's id; nothing is asked of the provider yet (E3, E4).

    ``cause`` is ``<what>:<id>``. A RELEASE or SPLIT needs one of ``approval:``, ``deadline:`` or ``decision:`` (E10),
    a ``decision`` a named person in ``by`` (an account's id, or ``person:<id>``). ``refund`` is what a SPLIT gives
    back to the client, minor units of what they paid. ``Conflict`` when the hold has moved on or is frozen: then
    nothing may be asked. The caller commits, with its own update, and may then call ``run``.
    """
    _check_authority(kind, cause, by)
    row = _hold(uow, hold)
    if kind is CommandKind.FUND:
        _check_payee(uow, row)
    before, after = _MOVES[kind]
    command = new_id()
    cut = _cut(kind, left_of(uow.session, row), refund)
    moved = uow.session.execute(
        update(Hold)
        .where(
            Hold.id == hold, Hold.state == before, Hold.version == row.version, Hold.frozen.is_(False),
            Hold.disputes == 0,
        )
        .values(
            state=after, version=Hold.version + 1, **({"funding": command} if kind is CommandKind.FUND else {})
        )
        .returning(Hold.id)
    ).first()
    if moved is None:
        raise _moved_on(uow, hold)
    write_command(
        uow, command=command, hold=hold, kind=kind, provider=row.provider, currency=row.currency, cause=cause, by=by,
        amount={CommandKind.FUND: cut.whole, CommandKind.REFUND: cut.refunded}.get(kind, cut.paid),
        fee=cut.fees + cut.fee_taxes if kind in (CommandKind.RELEASE, CommandKind.SPLIT) else 0,
        refund=cut.refunded if kind is CommandKind.SPLIT else 0,
        funding="" if kind is CommandKind.FUND else row.funding,
        expires_at=uow.now + PAGE_OPEN if kind is CommandKind.FUND else None,
    )  # fmt: skip
    uow.audit("payment.reserved", hold, command=command, kind=str(kind), cause=cause, by=by)
    return command


def left_in(uow: UnitOfWork, *, hold: str) -> Amounts:
    """What is left of the amounts of ``hold``: less what has gone back. Nobody moves it before the commit."""
    return left_of(uow.session, lock_hold(uow, hold))


def _check_payee(uow: UnitOfWork, hold: Hold) -> None:
    """No money comes in that could not be passed on: the provider must know its payee first."""
    if onboards(uow.ports, hold.provider) and not is_ready(uow.session, hold.provider, hold.freelancer_id):
        how = say("They have been told, and do it under “Getting paid” in their account.")
        what = say("what the payment provider asks of the {freelancer} before it may pay them")
        raise GateClosed("be_paid", [Missing("payee", what, how)])


def reserve_refund_after_release(uow: UnitOfWork, *, hold: str, amount: int, cause: str, by: str) -> str:
    """Take ``amount`` of what was released to go back to the client, and return the command to run after the commit.

    The freelancer's share of it is owed by them (kept back from their payouts, or taken from their balance), the
    marketplace gives up its fees on it. ``cause`` is ``decision:<id>`` and ``by`` a named person. Two people decide
    before this is called. ``Conflict`` when nothing was released, more is asked than is left (E7), or the money is
    frozen, disputed or going back already; ``InvalidInput`` names ``amount``.
    """
    _check_authority(CommandKind.SPLIT, cause, by)
    row = _hold(uow, hold)
    left = left_of(uow.session, row)
    if row.state != HoldState.SETTLED or row.paid == 0:
        raise Conflict("Nothing of this money was released.", state=row.state)
    if type(amount) is not int or not 0 < amount <= left.client_pays:
        raise _wrong("amount", say("More than nothing, and no more than is left of what the {client} paid."))
    parts = back_parts(amounts_of(row), gone_back(uow.session, row), amount)
    taken = uow.session.execute(
        update(Hold)
        .where(
            Hold.id == hold, Hold.state == HoldState.SETTLED, Hold.version == row.version, Hold.refunding == 0,
            Hold.disputes == 0, Hold.frozen.is_(False),
        )
        .values(refunding=amount, version=Hold.version + 1)
        .returning(Hold.id)
    ).first()  # fmt: skip
    if taken is None:
        raise _moved_on(uow, hold)
    command = write_command(
        uow, command=new_id(), hold=hold, kind=CommandKind.REFUND, provider=row.provider, currency=row.currency,
        amount=amount, cause=cause, by=by, funding=row.funding, after_release=True,
        reclaim=parts.freelancer_receives,
    )  # fmt: skip
    uow.audit("payment.reserved", hold, command=command, kind="refund", cause=cause, by=by, after_release=True)
    return command


def freeze(uow: UnitOfWork, *, hold: str, reason: str) -> None:
    """Let nothing leave the hold until it is thawed: an open dispute at the provider, a case (E11)."""
    _set_frozen(uow, hold, to=True, reason=reason)


def thaw(uow: UnitOfWork, *, hold: str, reason: str) -> None:
    """Let the hold move again."""
    _set_frozen(uow, hold, to=False, reason=reason)


def close_hold(uow: UnitOfWork, *, hold: str) -> None:
    """End a hold that was never funded (the contract ended first); ``Conflict`` if it is being, or was."""
    row = _hold(uow, hold)
    if row.state == HoldState.EXPIRED:
        return
    done = uow.session.execute(
        update(Hold)
        .where(Hold.id == hold, Hold.state == HoldState.NONE, Hold.version == row.version)
        .values(state=HoldState.EXPIRED, version=Hold.version + 1, settled_at=uow.now)
        .returning(Hold.id)
    ).first()
    if done is None:
        raise _moved_on(uow, hold)


def pay_out_again(uow: UnitOfWork, *, hold: str, by: str) -> str:
    """Ask once more for a payout that the provider refused (staff, after the bank details were mended)."""
    failed = uow.session.scalar(
        select(PaymentCommand)
        .where(PaymentCommand.hold_id == hold, PaymentCommand.kind == CommandKind.PAYOUT)
        .order_by(PaymentCommand.created_at.desc())
        .limit(1)
    )
    row = _hold(uow, hold)
    if failed is None or failed.state not in SETTLED_STATES or row.paying_out + row.withheld >= row.paid:
        raise Conflict("There is no refused payout to repeat here.")
    if missing := missing_for(uow, row.freelancer_id, row.provider):
        raise GateClosed("be_paid", missing)
    again = f"{failed.cause.partition('#')[0]}#{failed.id}" if failed.undone_at else failed.cause
    return reserve_payout(uow, row, cause=again, by=by)


def _check_authority(kind: CommandKind, cause: str, by: str) -> None:
    if kind not in _MOVES:
        msg = f"{kind} is never asked for by itself: it follows a release"
        raise ValueError(msg)
    what, _, which = cause.partition(":")
    if not (what and which and by):
        raise _wrong("cause", say("Money moves for a named cause, by somebody."))
    if kind in (CommandKind.RELEASE, CommandKind.SPLIT) and what not in _AUTHORITIES:
        raise _wrong("cause", say("Held money is released by approval, deadline or decision."))
    if what == "decision" and by.partition(":")[0] in ("system", "plugin"):
        raise _wrong("by", say("A decision about money is taken by a named person."))


def _wrong(name: str, sentence: Text) -> InvalidInput:
    return InvalidInput({name: [sentence]})


def _cut(kind: CommandKind, amounts: Amounts, refund: int) -> Cut:
    if kind is CommandKind.SPLIT:
        if not 0 < refund < amounts.client_pays:
            raise _wrong("refund", say("The amount given back lies between nothing and all that is held."))
        return split_cut(amounts, refund)
    return refund_cut(amounts) if kind is CommandKind.REFUND else release_cut(amounts)


def _hold(uow: UnitOfWork, hold: str) -> Hold:
    row = uow.session.scalar(select(Hold).where(Hold.id == hold).execution_options(populate_existing=True))
    if row is None:
        raise NotFound("There is no such hold.")
    return row


def _moved_on(uow: UnitOfWork, hold: str) -> Conflict:
    state, frozen, disputes = uow.session.execute(
        select(Hold.state, Hold.frozen, Hold.disputes).where(Hold.id == hold)
    ).one()
    if frozen or disputes:
        return Conflict("This money is frozen while a dispute is open.", state=state)
    return Conflict("This cannot be done now: %(now)s", state=state, now=say(HOLD_WORDS[state]))


def _set_frozen(uow: UnitOfWork, hold: str, *, to: bool, reason: str) -> None:
    row = _hold(uow, hold)
    if row.frozen is to:
        return
    uow.session.execute(
        update(Hold).where(Hold.id == hold).values(frozen=to, version=Hold.version + 1)
    )
    uow.audit("payment.frozen" if to else "payment.thawed", hold, reason=reason)
