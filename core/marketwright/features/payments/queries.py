"""What pages and the console read of payments."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.payments import booking
from marketwright.features.payments.amounts import Amounts
from marketwright.features.payments.booking import amounts_of
from marketwright.features.payments.payees import missing_of, need_words
from marketwright.features.payments.tables import (
    SETTLED_STATES,
    CommandState,
    Hold,
    Payee,
    PaymentCommand,
    PaymentDispute,
    Reconciliation,
    Unmatched,
)
from marketwright.features.payments.words import (
    HOLD_WORDS,
    KIND_WORDS,
    PAYEE_WORDS,
    STATE_WORDS,
    UNMATCHED_TODO,
    UNMATCHED_WORDS,
    todo_of,
)
from marketwright.hooks.manager import Plugins
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money, Sum
from marketwright.kernel.text import Text, say
from marketwright.strategies.payments import CommandKind
from marketwright.strategies.processes import HoldState


@dataclass(frozen=True, slots=True)
class HoldRow:
    """One hold: its state, where every minor unit is, and ``words`` for people."""

    id: str
    contract: str
    organisation: str
    freelancer: str
    provider: str
    describe: str
    amounts: Amounts
    state: HoldState
    frozen: bool
    disputes: int
    version: int
    funding: str
    funded: Money
    held: Money
    paid: Money
    fees: Money
    fee_taxes: Money
    refunded: Money
    paid_out: Money
    reclaimed: Money
    withheld: Money
    free: Money  # the freelancer's, and neither asked to leave nor kept back
    refunding: Money
    dispute_lost: Money
    funded_at: datetime | None
    hold_until: datetime | None
    settled_at: datetime | None
    words: Text

    @property
    def client_pays(self) -> Money:
        """What the client is asked for."""
        return Money(self.amounts.client_pays, self.amounts.currency)

    @property
    def freelancer_receives(self) -> Money:
        """What the freelancer gets on a full release."""
        return Money(self.amounts.freelancer_receives, self.amounts.currency)


@dataclass(frozen=True, slots=True)
class CommandRow:
    """One thing asked of a provider; ``what``, ``words``, ``todo`` say it to people, ``note`` what is odd about it."""

    id: str
    hold: str
    contract: str
    organisation: str
    freelancer: str
    kind: CommandKind
    state: CommandState
    provider: str
    amount: Money
    cause: str
    ordered_by: str
    what: Text
    words: Text
    todo: Text
    reason: str
    note: str
    page: str
    reference: str
    attempts: int
    at: datetime
    updated_at: datetime
    settled_at: datetime | None
    expires_at: datetime | None
    given_up: bool
    stray: bool
    undone: bool

    @property
    def came_back(self) -> bool:
        """Whether this payout did not reach its bank: staff may send it once more."""
        return self.kind is CommandKind.PAYOUT and (self.state is CommandState.FAILED or self.undone)

    @property
    def settled(self) -> bool:
        """Whether nothing will move it any more."""
        return self.state in SETTLED_STATES


def hold(session: Session, hold: str) -> HoldRow | None:
    """One hold by its id (that of its milestone or period)."""
    row = session.get(Hold, hold)
    return _hold_row(row) if row is not None else None


def holds_of(session: Session, contract: str) -> list[HoldRow]:
    """The holds of a contract, oldest first."""
    rows = session.scalars(select(Hold).where(Hold.contract_id == contract).order_by(Hold.created_at, Hold.id))
    return [_hold_row(row) for row in rows]


def holds_by_id(session: Session, holds: Sequence[str]) -> dict[str, HoldRow]:
    """Holds by id, in one statement; ids without a hold are left out."""
    return {row.id: _hold_row(row) for row in session.scalars(select(Hold).where(Hold.id.in_(holds)))}


@dataclass(frozen=True, slots=True)
class UnmatchedRow:
    """What provider and marketplace do not say the same of, in words; ``amount`` where known."""

    id: str
    provider: str
    what: str
    kind: str
    command: str
    amount: Money | None
    words: Text
    todo: Text
    first_seen: datetime
    last_seen: datetime
    alerted: bool


def unmatched(session: Session, *, limit: int = 200) -> list[UnmatchedRow]:
    """What did not match at the last reconciliations and has not been settled since, oldest first."""
    wanted = select(Unmatched).where(Unmatched.settled_at.is_(None)).order_by(Unmatched.first_seen).limit(limit)
    return [
        UnmatchedRow(
            row.id, row.provider, row.what, row.kind, row.command_id,
            Sum(row.amount, row.currency) if row.amount is not None and row.currency else None,
            say(UNMATCHED_WORDS[row.why]), say(UNMATCHED_TODO[row.why]), row.first_seen, row.last_seen,
            row.alerted_at is not None,
        )
        for row in session.scalars(wanted)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReconciliationRow:
    """One run: ``drift`` is the provider's balance less ours, minor units by currency; ``trouble`` what went wrong.

    ``told`` is false where some provider did not say what it holds: nothing is known of the balances then.
    """

    provider: str
    since: datetime
    until: datetime
    at: datetime
    objects: int
    matched: int
    settled: int
    unmatched: int
    drift: dict[str, int]
    trouble: str
    told: bool = True

    @property
    def result(self) -> str:
        """``same``, ``untold`` where the balance alone is missing, or ``different``."""
        if not self.unmatched:
            return "same"
        return "untold" if not self.told and self.unmatched == 1 else "different"


def reconciliations(session: Session, *, limit: int = 20) -> list[ReconciliationRow]:
    """The last runs, newest first."""
    r, u = Reconciliation, Unmatched
    wanted = select(
        r.provider, r.since, r.until, r.at, r.objects, r.matched, r.settled, r.unmatched, r.drift, r.trouble
    )
    rows = session.execute(wanted.order_by(r.at.desc(), r.id).limit(limit)).all()
    silent = set(session.scalars(select(u.provider).where(u.what == "balances")))  # at this run, or once before
    found = [ReconciliationRow(*row) for row in rows]
    return [replace(row, told=bool(row.drift) or row.provider not in silent) for row in found]


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A dispute at the provider: ``state`` is OPEN, WON or LOST; ``due`` until when evidence is taken."""

    id: str
    provider: str
    reference: str
    hold: str
    contract: str
    describe: str
    state: str
    taken: Money
    fee: Money
    reason: str
    due: datetime | None
    opened_at: datetime


def disputes(session: Session, *, open_only: bool = False, contract: str = "", limit: int = 200) -> list[DisputeRow]:
    """Disputes, newest first."""
    d = PaymentDispute
    wanted = select(d, Hold).join(Hold, Hold.id == d.hold_id).order_by(d.opened_at.desc(), d.id).limit(limit)
    if open_only:
        wanted = wanted.where(d.state == "OPEN")
    if contract:
        wanted = wanted.where(Hold.contract_id == contract)
    return [
        DisputeRow(
            row.id, row.provider, row.reference, hold.id, hold.contract_id, hold.describe, row.state,
            Money(row.taken, row.currency), Money(row.fee, row.currency), row.reason, row.due, row.opened_at,
        )
        for row, hold in session.execute(wanted)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PayeeRow:
    """How a freelancer stands at a provider; ``missing`` in words, each with a detail and until when."""

    provider: str
    state: str
    words: Text
    missing: tuple[tuple[Text, str, datetime | None], ...]
    reason: str
    updated_at: datetime | None

    @property
    def ready(self) -> bool:
        """Whether they can be paid."""
        return self.state == "READY"


def payee(session: Session, provider: str, freelancer: str) -> PayeeRow:
    """How ``freelancer`` stands at ``provider``, also before they began."""
    row = session.scalar(select(Payee).where(Payee.provider == provider, Payee.freelancer_id == freelancer))
    state = row.state if row is not None else ""
    missing = tuple((say(need_words(m)), m.detail, m.due) for m in missing_of(row))
    return PayeeRow(provider, state, say(PAYEE_WORDS[state]), missing, row.reason if row is not None else "",
                    row.updated_at if row is not None else None)  # fmt: skip


def left_of(session: Session, hold: str) -> Amounts:
    """What is left of the amounts of a hold: as agreed, less what has gone back to the client."""
    return booking.left_of(session, session.get_one(Hold, hold))


def command(session: Session, command: str) -> CommandRow | None:
    """One command by its id."""
    found = session.execute(
        select(PaymentCommand, Hold)
        .outerjoin(Hold, Hold.id == PaymentCommand.hold_id)
        .where(PaymentCommand.id == command)
    ).first()
    return _command_row(*found) if found is not None else None


def commands(
    session: Session, *, states: Sequence[CommandState] = (), hold: str = "", contract: str = "", limit: int = 200
) -> list[CommandRow]:
    """Commands, newest first in business time; of some ``states``, one ``hold`` or one ``contract`` where named."""
    wanted = (
        select(PaymentCommand, Hold)
        .outerjoin(Hold, Hold.id == PaymentCommand.hold_id)
        .order_by(PaymentCommand.at.desc(), PaymentCommand.created_at.desc(), PaymentCommand.id)
        .limit(limit)
    )
    if states:
        wanted = wanted.where(PaymentCommand.state.in_(states))
    if hold:
        wanted = wanted.where(PaymentCommand.hold_id == hold)
    if contract:
        wanted = wanted.where(Hold.contract_id == contract)
    return [_command_row(*found) for found in session.execute(wanted)]


def open_command(session: Session, hold: str) -> CommandRow | None:
    """The command that a hold is waiting for, or ``None``."""
    found = session.execute(
        select(PaymentCommand, Hold)
        .outerjoin(Hold, Hold.id == PaymentCommand.hold_id)
        .where(
            PaymentCommand.hold_id == hold, PaymentCommand.state.not_in(SETTLED_STATES),
            PaymentCommand.given_up_at.is_(None), PaymentCommand.kind != CommandKind.PAYOUT,
            PaymentCommand.stray.is_(False),
        )
    ).first()  # fmt: skip
    return _command_row(*found) if found is not None else None


def who_holds(plugins: Plugins, provider: str) -> str:
    """The name of whoever holds the money of holds at ``provider``; empty when it is switched off."""
    entry = plugins.payment_providers.get(provider)
    return entry.ask("capabilities", lambda p: p.capabilities.holder) if entry is not None else ""


def longest_hold(plugins: Plugins, provider: str) -> int:
    """How many days ``provider`` may hold money; 0 where there is no limit, or no provider."""
    entry = plugins.payment_providers.get(provider)
    return entry.ask("capabilities", lambda p: p.capabilities.max_hold_days) if entry is not None else 0


def payment_bounds(plugins: Plugins, provider: str) -> tuple[int, int]:
    """The least and the most that one payment may come to at ``provider``, minor units; 0 where it names none."""
    entry = plugins.payment_providers.get(provider)
    if entry is None:
        return 0, 0
    return entry.ask("capabilities", lambda p: (p.capabilities.least, p.capabilities.most))


def page_origins(plugins: Plugins, provider: str) -> tuple[str, ...]:
    """Origins of the provider's own pages: what ``form-action`` of the paying page must let through."""
    entry = plugins.payment_providers.get(provider)
    return entry.ask("capabilities", lambda p: p.capabilities.origins) if entry is not None else ()


def _hold_row(row: Hold) -> HoldRow:
    def money(amount: int) -> Money:
        return Money(amount, row.currency)

    return HoldRow(
        id=row.id, contract=row.contract_id, organisation=row.organisation_id, freelancer=row.freelancer_id,
        provider=row.provider, describe=row.describe, amounts=amounts_of(row), state=HoldState(row.state),
        frozen=row.frozen or row.disputes > 0, disputes=row.disputes, version=row.version, funding=row.funding,
        funded=money(row.funded), held=money(row.held), paid=money(row.paid), fees=money(row.fees),
        fee_taxes=money(row.fee_taxes), refunded=money(row.refunded), paid_out=money(row.paid_out),
        reclaimed=money(row.reclaimed), withheld=money(row.withheld),
        free=money(row.paid - row.paying_out - row.withheld), refunding=money(row.refunding),
        dispute_lost=money(row.dispute_lost), funded_at=row.funded_at, hold_until=row.hold_until,
        settled_at=row.settled_at, words=say(HOLD_WORDS[row.state]),
    )  # fmt: skip


def _command_row(row: PaymentCommand, hold: Hold | None) -> CommandRow:
    return CommandRow(
        id=row.id, hold=row.hold_id or "", contract=hold.contract_id if hold else "",
        organisation=hold.organisation_id if hold else "", freelancer=hold.freelancer_id if hold else "",
        kind=CommandKind(row.kind), state=CommandState(row.state), provider=row.provider,
        amount=Money(row.amount, row.currency), cause=row.cause, ordered_by=row.ordered_by,
        what=say(KIND_WORDS[row.kind]), words=say(STATE_WORDS[row.state]),
        todo=say(
            todo_of(row.kind, row.state, given_up=row.given_up_at is not None, undone=row.undone_at is not None)
        ),
        reason=row.reason, note=row.note,
        page=row.page, reference=row.reference, attempts=row.attempts, at=row.at, updated_at=row.updated_at,
        settled_at=row.settled_at, expires_at=row.expires_at, given_up=row.given_up_at is not None, stray=row.stray,
        undone=row.undone_at is not None,
    )  # fmt: skip
