"""What did not match, kept until it does; told to staff when it is a day old (E14)."""

from dataclasses import field
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from marketwright.features.inbox.ports import HouseLike
from marketwright.features.payments import events
from marketwright.features.payments.ports import Fence
from marketwright.features.payments.tables import Reconciliation, Unmatched
from marketwright.kernel.actors import system
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.store.unit import UnitOfWork
from marketwright.store.upserts import upsert

PATIENCE = timedelta(hours=24)
_ACTOR = system("payments.reconcile")


@dataclass(frozen=True, slots=True)
class Odd:
    """One thing that does not match: ``what`` is ``fact:<id>``, ``command:<id>`` or ``balance:<currency>``.

    Or ``messages`` that do not come, or ``balances`` that nobody could compare.

    ``why`` is a key of ``words.UNMATCHED_WORDS``; ``amount`` in minor units, for a balance the provider's less ours.
    """

    what: str
    kind: str
    why: str
    command: str = ""
    amount: int | None = None
    currency: str = ""
    at: datetime | None = None  # when it happened, as far as known


@dataclass(frozen=True, slots=True)
class Report:
    """What one reconciliation found, from ``since`` up to ``until``: how far it came, which may be less than asked.

    ``settled`` were not known here before; ``trouble`` says why it is not whole, ``unbalanced`` why the balances alone
    were not compared: then the window was.
    """

    provider: str
    since: datetime
    until: datetime
    objects: int = 0
    matched: int = 0
    settled: int = 0
    odd: tuple[Odd, ...] = ()
    drift: dict[str, int] = field(default_factory=dict)
    trouble: str = ""
    unbalanced: str = ""
    right: frozenset[str] = frozenset()  # everything that matches, as ``Odd.what``


def keep(house: HouseLike, report: Report, *, fence: Fence | None = None) -> None:
    """Write the run, what did not match, what does by now, and the alert of what is a day old; one commit."""

    def write(uow: UnitOfWork) -> None:
        now = uow.machine_now
        uow.session.execute(
            insert(Reconciliation).values(
                id=new_id(), provider=report.provider, since=report.since, until=report.until, at=now,
                objects=report.objects, matched=report.matched, settled=report.settled, unmatched=len(report.odd),
                drift=report.drift, trouble=report.trouble,
            )
        )  # fmt: skip
        for odd in report.odd:
            _see(uow, report.provider, odd, now)
        _settle(uow, report, now)
        _alert(uow, now)

    house.database.persist(_ACTOR, write, fence=fence)


def _see(uow: UnitOfWork, provider: str, odd: Odd, now: datetime) -> None:
    what = odd.what[:220]
    uow.session.execute(  # another run may see it at the same moment
        upsert(uow.session, Unmatched).values(
            id=new_id(), provider=provider, what=what, first_seen=_since(odd, now), last_seen=now, kind=odd.kind[:20],
            why=odd.why,
        ).on_conflict_do_nothing()
    )  # fmt: skip
    row = uow.session.scalars(select(Unmatched).where(Unmatched.provider == provider, Unmatched.what == what)).one()
    if row.settled_at is not None:
        row.first_seen, row.settled_at, row.alerted_at = _since(odd, now), None, None
    row.kind, row.command_id, row.why = odd.kind[:20], odd.command[:80], odd.why
    row.amount, row.currency, row.last_seen = odd.amount, odd.currency[:3], now
    uow.flush()


def _since(odd: Odd, now: datetime) -> datetime:
    """Since when it does not match: what is found late in a window long past is as old as it is."""
    return min(odd.at or now, now)


def _settle(uow: UnitOfWork, report: Report, now: datetime) -> None:
    open_rows = uow.session.execute(
        select(Unmatched.id, Unmatched.what).where(
            Unmatched.provider == report.provider, Unmatched.settled_at.is_(None)
        )
    ).all()
    over = [row for row, what in open_rows if what in report.right]
    if over:
        uow.session.execute(update(Unmatched).where(Unmatched.id.in_(over)).values(settled_at=now))


def _alert(uow: UnitOfWork, now: datetime) -> None:
    old = uow.session.scalars(
        select(Unmatched).where(
            Unmatched.settled_at.is_(None), Unmatched.alerted_at.is_(None), Unmatched.first_seen < now - PATIENCE
        )
    ).all()
    for row in old:
        row.alerted_at = now
        uow.emit(events.UNMATCHED, row.id, provider=row.provider, what=row.what, why=row.why)
        uow.audit(events.UNMATCHED, row.id, provider=row.provider, what=row.what, why=row.why)
    uow.flush()
