"""Reconciliation: every object of the provider is one effect of ours and back, and its balance is ours (E14).

What does not match and can be settled is; the rest is kept until it matches, and told to staff after a day.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from marketwright.features.inbox.ports import HouseLike
from marketwright.features.inbox.tables import InboxMessage
from marketwright.features.ledger import kinds
from marketwright.features.ledger.queries import raw_balance
from marketwright.features.ledger.tables import LedgerLeg
from marketwright.features.payments.commands import asked
from marketwright.features.payments.inbox import checked, take_fact
from marketwright.features.payments.ports import Fence
from marketwright.features.payments.tables import CommandState, Hold, PaymentCommand, PaymentDispute, PaymentFact
from marketwright.features.payments.unmatched import Odd, Report, keep
from marketwright.hooks.calls import Overdue
from marketwright.hooks.manager import Entry
from marketwright.kernel.actors import system
from marketwright.kernel.errors import MarketwrightError, PluginFailed
from marketwright.strategies.payments import Command, Fact, FactKind, Outcome, PaymentProvider

PATIENCE = 45.0  # seconds that a provider may take to list a window: less than a worker's lease of its job
FINER, FINEST = 5, 25  # a slice is divided by so much, at most into so many
EARLIER = timedelta(days=1)  # a thing may have happened this much before we heard of it
MOST_LOOKUPS = 200  # of one run; the next one goes on
_ACTOR = system("payments.reconcile")
_DISPUTES = (FactKind.DISPUTE_OPENED, FactKind.DISPUTE_WON, FactKind.DISPUTE_LOST)


def reconcile(
    house: HouseLike, provider: str, since: datetime, until: datetime, *, fence: Fence | None = None,
    earlier: timedelta = EARLIER, unbalanced: str = "",
) -> Report:  # fmt: skip
    """Match what ``provider`` did from ``since`` up to ``until`` (machine time), settle what can be, keep the rest.

    Called with no unit of work open. ``earlier`` is how much before ``since`` a thing may have happened that we heard
    of in the window. The report's ``until`` is how far it came: where more had to be looked up than one run does, the
    next one goes on from there. A provider that does not answer makes a report with ``trouble``, never an empty one
    that looks fine; one that does not say what it holds, a report that is ``unbalanced``: the window itself counts as
    compared. With a reason given for that no balance is asked for.
    """
    entry = house.plugins.payment_providers[provider]
    try:
        facts = _listed(house, entry, since - earlier, until, fence)
    except MarketwrightError as failed:
        report = Report(provider, since, until, trouble=_said(failed))
    else:
        report = _compare(house, entry, facts, since, until, fence, unbalanced)
    keep(house, report, fence=fence)
    return report


def _listed(
    house: HouseLike, entry: Entry[PaymentProvider], since: datetime, until: datetime, fence: Fence | None
) -> list[Fact]:  # fmt: skip
    """Everything of a window; what takes the provider too long is asked for in shorter and shorter slices."""
    found: list[Fact] = []
    at, slice_ = since, until - since
    least = max(slice_ / FINEST, timedelta(minutes=1))
    while at < until:
        here, end = at, min(at + slice_, until)
        try:
            part = entry.ask("objects", lambda p: list(p.objects(here, end)), limit=PATIENCE)  # noqa: B023
        except PluginFailed as failed:
            if not isinstance(failed.__cause__, Overdue) or slice_ <= least:
                raise
            slice_ = max(slice_ / FINER, least)
        else:
            found += checked(entry, "objects", part)
            at = end
        if fence is not None and at < until:  # it is at work, and keeps its lease
            with house.database.unit(_ACTOR, fence=fence) as uow:
                uow.commit()
    return found


def _compare(
    house: HouseLike, entry: Entry[PaymentProvider], facts: Sequence[Fact], since: datetime, until: datetime,
    fence: Fence | None, unbalanced: str,
) -> Report:  # fmt: skip
    right: set[str] = set()
    odd: list[Odd] = []
    settled = 0
    done: dict[str, str] = {}
    for fact, before in _judged(house, entry, list({f.id: f for f in facts}.values()), done):
        after = before
        if before is not None:
            take_fact(house, entry, fact, way="reconcile", fence=fence)
            with house.database.reading() as session:
                after = _why(session, entry, fact, done)
            settled += after is None
        if after is None:
            right.add(f"fact:{fact.id}")
        else:
            odd.append(Odd(
                f"fact:{fact.id}", str(fact.kind), after, fact.key, fact.answer.amount, fact.currency, fact.at
            ))  # fmt: skip
    listed = {f.answer.reference[:200] for f in facts if f.kind in _DISPUTES}
    mine, missing, until = _ours(house, entry, {f.id for f in facts}, listed, set(done), since, until)
    right |= mine
    drift, unbalanced = ({}, unbalanced) if unbalanced else _balances(house)
    odd += [*missing, *(Odd(f"balance:{c}", "balance", "balance", "", n, c) for c, n in drift.items() if n)]
    right |= {f"balance:{c}" for c, n in drift.items() if not n}
    if unbalanced:
        odd.append(Odd("balances", "balance", "unbalanced"))
    else:
        right.add("balances")
    if settled and _is_silent(house, entry, since, until):
        odd.append(Odd("messages", "messages", "silent"))
    elif not settled:
        right.add("messages")
    return Report(
        entry.it.name, since, until, len(facts), len(right - {"messages", "balances"}), settled, tuple(odd), drift,
        unbalanced=unbalanced, right=frozenset(right),
    )  # fmt: skip


def _judged(
    house: HouseLike, entry: Entry[PaymentProvider], facts: Sequence[Fact], done: dict[str, str]
) -> list[tuple[Fact, str | None]]:
    """Each fact with why it does not match as things stand; ``done`` learns which fact confirms a key first."""
    found = []
    with house.database.reading() as session:
        for fact in facts:
            found.append((fact, _why(session, entry, fact, done)))
            if fact.kind is FactKind.ANSWER and fact.answer.outcome is Outcome.CONFIRMED:
                done.setdefault(fact.key, fact.id)
    return found


def _why(session: Session, entry: Entry[PaymentProvider], fact: Fact, done: dict[str, str]) -> str | None:
    """Why ``fact`` has no effect here that matches it; ``None`` when it has exactly one."""
    if fact.kind is FactKind.PAYEE_CHANGED:
        return None
    if fact.kind is FactKind.ANSWER:
        return _why_answer(session, entry, fact, done)
    row = session.scalar(
        select(PaymentFact).where(PaymentFact.provider == entry.it.name, PaymentFact.fact_id == fact.id[:200])
    )
    if row is not None and (row.had_effect or _told_before(session, entry, fact)):
        return None
    return "waits" if row is not None and row.waits else "no_effect"


def _told_before(session: Session, entry: Entry[PaymentProvider], fact: Fact) -> bool:
    """Whether an earlier or later state of the same dispute is what counts."""
    d = PaymentDispute
    return fact.kind in _DISPUTES and session.scalar(
        select(d.id).where(d.provider == entry.it.name, d.reference == fact.answer.reference[:200])
    ) is not None  # fmt: skip


def _why_answer(
    session: Session, entry: Entry[PaymentProvider], fact: Fact, done: dict[str, str]
) -> str | None:
    row, confirmed = session.get(PaymentCommand, fact.key), fact.answer.outcome is Outcome.CONFIRMED
    if row is None or row.provider != entry.it.name:
        return "unknown_key" if confirmed else None
    if confirmed and done.get(fact.key, fact.id) != fact.id:
        return "twice"
    if confirmed and fact.answer.amount != row.amount:
        return "amount"
    if confirmed:
        refused = "refused_here" if row.state == CommandState.FAILED else "unclear"
        return None if row.state == CommandState.CONFIRMED else refused
    if fact.answer.outcome is Outcome.FAILED and row.state == CommandState.CONFIRMED and row.undone_at is None:
        return "done_here"
    open_here = row.state not in (CommandState.CONFIRMED, CommandState.FAILED)
    return "unclear" if fact.answer.outcome is Outcome.FAILED and open_here else None


def _ours(
    house: HouseLike, entry: Entry[PaymentProvider], told: set[str], listed: set[str], done: set[str], since: datetime,
    until: datetime,
) -> tuple[set[str], list[Odd], datetime]:  # fmt: skip
    """What counts as done here and the provider has not listed: each is looked up, by its own key, oldest first.

    Returns what matches, what does not, and how far this came.
    """
    f, c = PaymentFact, PaymentCommand
    right: set[str] = set()
    odd: list[Odd] = []
    with house.database.reading() as session:
        window = (f.provider == entry.it.name, f.had_effect.is_(True), f.at >= since, f.at < until)
        mine = session.execute(
            select(c, func.min(f.at).label("heard")).join(f, f.command_id == c.id).where(
                *window, f.kind == FactKind.ANSWER, c.state == CommandState.CONFIRMED, c.undone_at.is_(None)
            ).group_by(c.id).order_by("heard", c.id)
        ).all()  # fmt: skip
        loose = session.execute(
            select(f.fact_id, f.kind, f.command_id, f.amount, f.currency, f.at).where(
                *window, f.kind != FactKind.ANSWER, ~_later_state(listed)
            )
        ).all()
        right |= {f"command:{row.id}" for row, _ in mine if row.id in done}
        unlisted = [
            (row, heard, asked(row, session.get(Hold, row.hold_id) if row.hold_id else None, return_to=""))
            for row, heard in mine if row.id not in done
        ]  # fmt: skip
    last = unlisted[MOST_LOOKUPS - 1][1] if len(unlisted) > MOST_LOOKUPS else until
    for row, heard, command in unlisted:
        if heard > last:  # those of the same moment are still looked up: the next run begins after it
            until = heard
            break
        why = _looked_up(entry, row, command)
        if why is None:
            right.add(f"command:{row.id}")
        else:
            odd.append(Odd(f"command:{row.id}", row.kind, why, row.id, row.amount, row.currency, heard))
    odd += [Odd(f"fact:{i}", kind, "not_there", key, n, cur, at) for i, kind, key, n, cur, at in loose
            if i not in told and at < until]  # fmt: skip
    return right, odd, until


def _later_state(listed: set[str]) -> ColumnElement[bool]:
    """Whether a fact is about a dispute that is ``listed`` as it stands now, or was matched when it began, or moved
    nothing: a bank that only asked leaves no trace in a balance.

    A dispute is one object: what was told of it before it ended, and an ending that moves nothing, are not listed.
    """
    f, before = PaymentFact, aliased(PaymentFact)
    begun = exists().where(
        before.provider == f.provider, before.reference == f.reference, before.kind.in_(_DISPUTES), before.at < f.at
    )
    nothing = (f.amount == 0) & (f.fee == 0)
    return f.kind.in_(_DISPUTES) & (f.reference.in_(listed) | begun | nothing)


def _looked_up(entry: Entry[PaymentProvider], row: PaymentCommand, command: Command) -> str | None:
    """Why the provider does not say the same of a command that counts as done; ``None`` when it does."""
    try:
        answer = entry.ask("lookup", lambda p: p.lookup(command))
    except MarketwrightError:
        return "unclear"
    if answer.outcome is Outcome.CONFIRMED and answer.amount == row.amount:
        return None
    return "unclear" if answer.outcome is Outcome.UNKNOWN else "not_there"


def _is_silent(house: HouseLike, entry: Entry[PaymentProvider], since: datetime, until: datetime) -> bool:
    """Whether a provider that sends messages sent none while things happened there (B14)."""
    plugin = house.plugins.plugin(entry.plugin)
    if plugin is None or plugin.manifest.inbox is None:
        return False
    m = InboxMessage
    wanted = select(m.id).where(m.plugin == entry.plugin, m.received_at >= since, m.received_at < until).limit(1)
    with house.database.reading() as session:
        return session.scalar(wanted) is None


def _balances(house: HouseLike) -> tuple[dict[str, int], str]:
    """By currency: what all providers together hold less what the ledger says of it."""
    with house.database.reading() as session:
        used = set(
            session.scalars(select(LedgerLeg.currency).where(LedgerLeg.account == kinds.PSP_CLEARING).distinct())
        )
        ours = {currency: raw_balance(session, kinds.PSP_CLEARING, currency) for currency in used}
    drift: dict[str, int] = {}
    for currency, amount in ours.items():
        theirs = 0
        for entry in house.plugins.payment_providers.values():
            try:
                can = entry.ask("capabilities", lambda p: p.capabilities.currencies)
                theirs += _balance(entry, currency) if currency in can else 0
            except MarketwrightError as failed:
                return {}, f"{entry.plugin}: {_said(failed)}"[:500]
        drift[currency] = theirs - amount
    return drift, ""


def _said(failed: MarketwrightError) -> str:
    """Why a provider did not answer: it failed, or the way to it did."""
    return (failed.reason if isinstance(failed, PluginFailed) else str(failed))[:500]


def _balance(entry: Entry[PaymentProvider], currency: str) -> int:
    return entry.ask("balance", lambda p: p.balance(currency)).amount
