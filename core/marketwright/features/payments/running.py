"""Asking the provider: mark SENT and commit, ask outside any unit, apply what it says.

Whoever runs a command holds its lease. What was sent once is looked up before it is sent again, always with the same
key; silence, nonsense and exceptions are UNKNOWN, never FAILED (E5).
"""

import logging
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Event
from time import monotonic
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketwright.features.inbox.ports import HouseLike
from marketwright.features.ledger import kinds
from marketwright.features.ledger.owing import one_at_a_time
from marketwright.features.ledger.queries import raw_balance
from marketwright.features.payments import payees
from marketwright.features.payments.applying import abandon, apply
from marketwright.features.payments.booking import lock_hold, to_give_back
from marketwright.features.payments.commands import COMMAND_JOB, asked
from marketwright.features.payments.destinations import cooling_until
from marketwright.features.payments.payouts import pay_out
from marketwright.features.payments.ports import PERSON_PATIENCE, Fence, onboards
from marketwright.features.payments.tables import SETTLED_STATES, CommandState, Hold, PaymentCommand
from marketwright.features.payments.words import STOPPED, TAKEN_BACK
from marketwright.hooks.manager import Entry
from marketwright.kernel.actors import system
from marketwright.kernel.errors import NotFound, PluginFailed
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.payments import Answer, Command, CommandKind, Fact, Outcome, PaymentProvider

log = logging.getLogger("marketwright.payments")
PATIENCE = 20.0  # seconds that a worker waits for a provider
LEASE = timedelta(seconds=PATIENCE + 15)
WATCHED = timedelta(days=7)  # machine time for which a page that was given up is still looked at
TRANSFER_TIME = timedelta(days=14)  # business time beyond a page's own in which a transfer from a bank is waited for
UNSURE = timedelta(minutes=1)  # machine time until a payout whose payee the provider says nothing about is tried again
_ACTOR = system("payments")
_PAUSE = Event()

@dataclass(frozen=True, slots=True)
class _Taken:
    command: Command
    provider: str
    fence: int
    fresh: bool  # never sent before
    given_up: bool


class _LookFirst(Exception):
    """A payout was about to be sent to ``freelancer``, and nobody knows how they stand now."""

    def __init__(self, provider: str, freelancer: str) -> None:
        super().__init__(freelancer)
        self.provider, self.freelancer = provider, freelancer


def run(
    house: HouseLike, command: str, *, patience: float = PATIENCE, fence: Fence | None = None, mandate: str = ""
) -> Answer:
    """Carry one committed command as far as the provider lets it, and return what is known then.

    Runs twice, late or beside another worker without harm. ``patience`` is in seconds (5 when a person waits);
    ``fence`` guards the commits of a leased job, ``mandate`` is a standing permission of the payer. ``NotFound`` for
    an id that is no command.
    """
    try:
        taken = _take(house, command, fence)
    except _LookFirst as first:
        payees.look(house, first.provider, first.freelancer, fence=fence)
        taken = _take(house, command, fence, looked=True)
    if isinstance(taken, Answer):
        return taken
    taken = replace(taken, command=replace(taken.command, mandate=mandate))
    entry = house.plugins.payment_providers.get(taken.provider)
    try:
        answer, way = _consult(entry, taken, patience)
        hold_days = hold_days_of(entry) if answer.outcome is Outcome.CONFIRMED else 0

        def keep(uow: UnitOfWork) -> Answer:
            said = _netted(uow, command, answer)
            apply(uow, Fact(f"{command}:{said.outcome}", command, said), way=way, hold_days=hold_days)
            if said is not answer:
                _pay_the_rest(uow, command)
            return _let_go(uow, command, taken.fence)

        known = house.database.persist(_ACTOR, keep, fence=fence)
    except BaseException:
        _drop_lease(house, command, taken.fence)
        raise
    return known


_OPEN = (Outcome.WAITING, Outcome.PAGE)  # what a worker beside may be about to end


def run_waited_for(house: HouseLike, command: str) -> Answer:
    """:func:`run` for a person who waits; where a worker was quicker, what that has come to within five seconds.

    Where that left the payment open, what the provider says now: the worker may have asked before the person paid.
    """
    end = monotonic() + PERSON_PATIENCE
    answer, beside = run(house, command, patience=PERSON_PATIENCE), False
    while answer.outcome in _OPEN and monotonic() < end:
        with house.database.reading() as session:
            row = session.get_one(PaymentCommand, command)
            free = row.lease_until is None or row.lease_until <= house.database.clock.machine()
            known = _known(row)
        if free and (not beside or known.outcome not in _OPEN):
            return known
        if free:
            return run(house, command, patience=PERSON_PATIENCE)
        beside = True
        _PAUSE.wait(0.05)
    return answer


def give_up(house: HouseLike, command: str) -> bool:
    """End a payment page on the payer's wish, after a last look at the provider; false when the money did move."""
    run(house, command, patience=PERSON_PATIENCE)
    with house.database.unit(_ACTOR) as uow:
        row = _row(uow.session, command)
        if row.given_up_at is None and may_be_left(row.state, row.page):
            abandon(uow, row)
            uow.commit()
        return row.given_up_at is not None or row.state == CommandState.FAILED


def may_be_left(state: str, page: str) -> bool:
    """Whether a payment waits for its payer alone: on a page, or (WAITING, with a page) for their bank's transfer."""
    return state == CommandState.PAGE or (state == CommandState.WAITING and bool(page))


def _take(house: HouseLike, command: str, fence: Fence | None, *, looked: bool = False) -> "_Taken | Answer":
    """Lease the command and mark it SENT, in a commit of its own: what follows may have been sent.

    ``_LookFirst`` for a payout whose payee is to be looked up before, unless they just were (``looked``).
    """
    with house.database.unit(_ACTOR, fence=fence) as uow:
        row = _row(uow.session, command)
        if row.state in SETTLED_STATES:
            return _known(row)
        now = uow.machine_now
        if row.lease_until is not None and row.lease_until > now:
            _wake(uow, row.id, row.lease_until - now + timedelta(seconds=1))
            uow.commit()
            return _known(row)
        hold = uow.session.get(Hold, row.hold_id) if row.hold_id else None
        if row.state == CommandState.PENDING and hold is not None and _stopped(uow.session, row, hold):
            why = say(TAKEN_BACK if row.stray else STOPPED)
            apply(uow, Fact(f"{row.id}:stopped", row.id, Answer(Outcome.FAILED, reason=why)))
            uow.commit()
            return _known(row)
        if hold is not None and (wait := _waits(uow, row, hold, looked=looked)) is not None:
            _wake(uow, row.id, wait)
            uow.commit()
            return _known(row)
        taken = _Taken(
            asked(row, hold, return_to=f"{house.marketplace.base_url}/payments/return/{row.id}"), row.provider,
            row.fence + 1, fresh=row.state == CommandState.PENDING, given_up=row.given_up_at is not None,
        )  # fmt: skip
        row.state = CommandState.SENT if taken.fresh else row.state
        row.sent_at = row.sent_at or now
        row.fence, row.attempts, row.lease_until, row.updated_at = row.fence + 1, row.attempts + 1, now + LEASE, now
        uow.commit()
        return taken


def _waits(uow: UnitOfWork, row: PaymentCommand, hold: Hold, *, looked: bool) -> timedelta | None:
    """How long a payout that was never sent waits: its payee is not known now, or their destination cools (E13).

    ``None`` for one that may go, and for everything else. What is paid to may have changed after the payout was
    reserved, and the message of it may be lost.
    """
    if row.kind != CommandKind.PAYOUT or row.state != CommandState.PENDING:
        return None
    one_at_a_time(uow, hold.freelancer_id)
    known_there = onboards(uow.ports, row.provider)
    if known_there and payees.unsure(uow.session, row.provider, hold.freelancer_id, uow.machine_now, looked=looked):
        if not looked:
            raise _LookFirst(row.provider, hold.freelancer_id)
        return UNSURE
    until = cooling_until(uow.session, hold.freelancer_id, uow.now, provider=row.provider)
    return min(until - uow.now, timedelta(hours=1)) if until is not None else None


def _stopped(session: Session, row: PaymentCommand, hold: Hold) -> bool:
    """Whether what was reserved and never sent must not leave any more.

    A dispute or a freeze came first (E11); of a payout also a refund, or a debt that it is to settle before (G1). What
    came too late goes back whatever its hold does, unless the bank has taken of it meanwhile (E7).
    """
    if row.kind == CommandKind.FUND or row.stray:
        return row.stray and to_give_back(session, hold, row.funding) < row.amount
    owes = row.kind == CommandKind.PAYOUT and (hold.refunding > 0 or _in_debt(session, hold))
    return hold.frozen or hold.disputes > 0 or owes


def _in_debt(session: Session, hold: Hold) -> bool:
    return raw_balance(session, kinds.receivable(hold.freelancer_id), hold.currency) > 0


def _netted(uow: UnitOfWork, command: str, answer: Answer) -> Answer:
    """``answer``; or a refusal, where a payout waits for money of which a refund after release has taken a part.

    The provider has done nothing of it, and the freelancer owes what is missing: what is left of it is paid (G1).
    """
    if answer.outcome is not Outcome.WAITING or not answer.absent:
        return answer
    row = _row(uow.session, command)
    hold = uow.session.get(Hold, row.hold_id) if row.kind == CommandKind.PAYOUT and row.hold_id else None
    if hold is None or row.state in SETTLED_STATES or hold.frozen or hold.disputes or hold.refunding:
        return answer
    one_at_a_time(uow, hold.freelancer_id)
    return Answer(Outcome.FAILED, reason=say(STOPPED)) if _in_debt(uow.session, hold) else answer


def _pay_the_rest(uow: UnitOfWork, command: str) -> None:
    row = _row(uow.session, command)
    hold = lock_hold(uow, str(row.hold_id))
    pay_out(uow, hold, cause=row.cause)


def _row(session: Session, command: str) -> PaymentCommand:
    row = session.scalar(
        select(PaymentCommand)
        .where(PaymentCommand.id == command)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("There is no such payment.")
    return row


def _known(row: PaymentCommand) -> Answer:
    outcomes = {
        CommandState.CONFIRMED: Outcome.CONFIRMED, CommandState.FAILED: Outcome.FAILED,
        CommandState.PAGE: Outcome.PAGE, CommandState.UNKNOWN: Outcome.UNKNOWN,
    }  # fmt: skip
    outcome = outcomes.get(CommandState(row.state), Outcome.WAITING)
    return Answer(outcome, reference=row.reference, reason=row.reason, page=row.page, amount=row.amount)


def _consult(entry: Entry[PaymentProvider] | None, taken: _Taken, patience: float) -> tuple[Answer, str]:
    """What the provider says, and by which way: a look-up first, unless it was never sent."""
    if entry is None:
        return Answer(Outcome.UNKNOWN, reason=f"the provider {taken.provider} is switched off"), "lookup"
    if not taken.fresh:
        answer = _ask(entry, "lookup", lambda p: p.lookup(taken.command), patience)
        if not (answer.outcome is Outcome.FAILED and answer.absent):
            return answer, "lookup"
        if taken.given_up:
            return Answer(Outcome.FAILED, reason="never reached the provider"), "lookup"
    return _ask(entry, "execute", lambda p: p.execute(taken.command), patience), "answer"


def _ask(
    entry: Entry[PaymentProvider], what: str, question: Callable[[PaymentProvider], Any], patience: float
) -> Answer:
    """The provider's answer within ``patience`` seconds; UNKNOWN for silence, an exception or nonsense (P2)."""
    try:
        answer = entry.ask(what, question, limit=patience)
    except Exception as error:  # noqa: BLE001  whatever a provider throws, we do not know what it did
        log.warning("%s: %s", entry.plugin, error)
        why = error.reason if isinstance(error, PluginFailed) else f"{type(error).__name__}: {error}"
        return Answer(Outcome.UNKNOWN, reason=why[:500])
    if not isinstance(answer, Answer):
        return Answer(Outcome.UNKNOWN, reason=f"not an answer: {type(answer).__name__}")
    return answer


def hold_days_of(entry: Entry[PaymentProvider] | None) -> int:
    """How many days the provider may hold money; 0 for one that is switched off or says no limit."""
    return entry.ask("capabilities", lambda p: p.capabilities).max_hold_days if entry else 0


def _let_go(uow: UnitOfWork, command: str, fence: int) -> Answer:
    """Drop the lease; what is still open is given up when its page has run out, and looked at again later."""
    row = _row(uow.session, command)
    if row.fence == fence:
        row.lease_until = None
    if row.state in SETTLED_STATES:
        return _known(row)
    over = row.expires_at is not None and row.expires_at + (
        TRANSFER_TIME if row.state == CommandState.WAITING else timedelta(0)
    ) <= uow.now  # fmt: skip
    if over and may_be_left(row.state, row.page) and row.given_up_at is None:
        abandon(uow, row)
    if row.given_up_at is None or uow.machine_now - row.created_at < WATCHED:
        _wake(uow, row.id, _delay(row))
    return _known(row)


def _wake(uow: UnitOfWork, command: str, delay: timedelta) -> None:
    uow.job(COMMAND_JOB, key=command, delay=delay, command=command)


def _delay(row: PaymentCommand) -> timedelta:
    if row.given_up_at is not None:
        return timedelta(hours=1)
    least, most = (30, 600) if row.state == CommandState.PAGE else (2, 600)
    seconds = min(least * 2 ** min(row.attempts, 12), most)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311  jitter, not a secret


def _drop_lease(house: HouseLike, command: str, fence: int) -> None:
    with house.database.unit(_ACTOR) as uow:
        uow.session.execute(
            update(PaymentCommand)
            .where(PaymentCommand.id == command, PaymentCommand.fence == fence)
            .values(lease_until=None)
        )
        uow.commit()


__all__ = ["PERSON_PATIENCE", "Fence", "HouseLike", "give_up", "hold_days_of", "run", "run_waited_for"]
