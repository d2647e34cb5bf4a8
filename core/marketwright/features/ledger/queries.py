"""What the ledger says: balances, statements, and the head of a book."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.ledger.kinds import BOOK, KINDS, PLATFORM, kind_of, natural
from marketwright.features.ledger.rollups import platform_sums
from marketwright.features.ledger.tables import LedgerLeg, LedgerSeal, LedgerTransaction
from marketwright.kernel.errors import BrokenInvariant
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money, Sum


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One account: its balance on its normal side and its number of legs."""

    account: str
    kind: str
    balance: Sum
    legs: int


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One leg: ``amount`` and the account's ``balance`` after it, both on the account's normal side.

    ``number`` is the sealed number, ``None`` until the sealer came by; ``memo`` an English message id.
    """

    number: int | None
    transaction: str
    at: datetime
    account: str
    kind: str
    amount: Money
    balance: Sum
    cause_type: str
    cause_id: str
    effect: str
    memo: str
    contract: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last sealed number of a book and its hash; number 0 of a book with nothing sealed."""

    number: int
    hash: str


def raw_balance(session: Session, account: str, currency: str, *, upto: int | None = None) -> int:
    """The sum of an account's legs, minor units, debit above zero; ``upto`` a sealed number (L10).

    Read from the legs alone: the sum by which it is decided whether money may move (L3).
    """
    wanted = select(func.coalesce(func.sum(LedgerLeg.amount), 0)).where(
        LedgerLeg.account == account, LedgerLeg.currency == currency
    )
    if upto is not None:
        wanted = wanted.join(LedgerSeal, LedgerSeal.transaction_id == LedgerLeg.transaction_id).where(
            LedgerSeal.book == BOOK, LedgerSeal.number <= upto
        )
    return int(session.scalar(wanted) or 0)


def balance(session: Session, account: str, *, currency: str = "", upto: int | None = None) -> Sum:
    """An account's balance on its normal side, from its legs; ``upto`` gives it as of a sealed number.

    Without ``currency`` the account's own is taken (EUR for one without legs); an account in several raises
    ``BrokenInvariant``.
    """
    if not currency:
        found = session.scalars(select(LedgerLeg.currency).where(LedgerLeg.account == account).distinct()).all()
        if len(found) > 1:
            raise BrokenInvariant("%(account)s is kept in several currencies; name one.", code="L6", account=account)
        currency = found[0] if found else "EUR"
    if account in PLATFORM:
        rolled = [r for r in platform_sums(session, upto=upto) if (r.account, r.currency) == (account, currency)]
        return Sum(natural(account, rolled[0].amount if rolled else 0), currency)
    return Sum(natural(account, raw_balance(session, account, currency, upto=upto)), currency)


def balances(session: Session, *, kind: str = "", upto: int | None = None) -> list[BalanceRow]:
    """Every account with its balance, by kind and name; of one ``kind`` only when named, ``upto`` a sealed number."""
    found: list[tuple[str, str, int, int]] = []
    if not kind or not KINDS[kind].owned:
        found += [(r.account, r.currency, r.amount, r.legs) for r in platform_sums(session, upto=upto)]
    if not kind or KINDS[kind].owned:
        found += _owned_sums(session, kind, upto)
    rows = [
        BalanceRow(account, kind_of(account).name, Sum(natural(account, amount), currency), legs)
        for account, currency, amount, legs in found
    ]
    return sorted(
        (r for r in rows if not kind or r.kind == kind), key=lambda r: (r.kind, r.account, r.balance.currency)
    )


def _owned_sums(session: Session, kind: str, upto: int | None) -> list[tuple[str, str, int, int]]:
    wanted = (
        select(LedgerLeg.account, LedgerLeg.currency, func.sum(LedgerLeg.amount), func.count())
        .where(LedgerLeg.account.not_in(PLATFORM))
        .group_by(LedgerLeg.account, LedgerLeg.currency)
    )
    if kind:
        wanted = wanted.where(LedgerLeg.account > f"{kind}:", LedgerLeg.account < f"{kind};")
    if upto is not None:
        wanted = wanted.join(LedgerSeal, LedgerSeal.transaction_id == LedgerLeg.transaction_id).where(
            LedgerSeal.book == BOOK, LedgerSeal.number <= upto
        )
    return [(account, currency, int(amount), legs) for account, currency, amount, legs in session.execute(wanted)]


def statement(
    session: Session, *, account: str = "", contract: str = "", since: datetime | None = None,
    until: datetime | None = None,
) -> list[StatementRow]:  # fmt: skip
    """The legs of one account, of one contract, or of both, oldest first, each with its account's balance.

    Only those booked from ``since`` on and before ``until`` (business time) where they are given; balances count
    what came before.
    """
    if not account and not contract:
        msg = "a statement is of an account or of a contract"
        raise ValueError(msg)
    wanted = (
        select(LedgerLeg, LedgerTransaction, LedgerSeal.number)
        .join(LedgerTransaction, LedgerTransaction.id == LedgerLeg.transaction_id)
        .outerjoin(LedgerSeal, LedgerSeal.transaction_id == LedgerTransaction.id)
        .order_by(
            LedgerTransaction.at, LedgerSeal.number.is_(None), LedgerSeal.number, LedgerTransaction.created_at,
            LedgerTransaction.id, LedgerLeg.position,
        )
    )  # fmt: skip
    if account:
        wanted = wanted.where(LedgerLeg.account == account)
    if contract:
        wanted = wanted.where(LedgerTransaction.contract == contract)
    if until:
        wanted = wanted.where(LedgerTransaction.at < until)
    running: dict[tuple[str, str], int] = {}
    rows = []
    for leg, transaction, number in session.execute(wanted):
        amount = natural(leg.account, leg.amount)
        running[leg.account, leg.currency] = running.get((leg.account, leg.currency), 0) + amount
        if since and transaction.at < since:
            continue
        rows.append(
            StatementRow(
                number, transaction.id, transaction.at, leg.account, leg.kind, Money(amount, leg.currency),
                Sum(running[leg.account, leg.currency], leg.currency), transaction.cause_type,
                transaction.cause_id, transaction.effect, transaction.memo, transaction.contract,
            )
        )  # fmt: skip
    return rows


def head(session: Session, book: str = BOOK) -> Head:
    """The last seal of ``book``."""
    found = session.execute(
        select(LedgerSeal.number, LedgerSeal.hash)
        .where(LedgerSeal.book == book)
        .order_by(LedgerSeal.number.desc())
        .limit(1)
    ).first()
    return Head(found[0], found[1]) if found else Head(0, "")


def head_at(session: Session, number: int, book: str = BOOK) -> str:
    """The hash of seal ``number`` of ``book``; '' when nothing has that number."""
    found = select(LedgerSeal.hash).where(LedgerSeal.book == book, LedgerSeal.number == number)
    return session.scalar(found) or ""


__all__ = [
    "BalanceRow",
    "Head",
    "StatementRow",
    "balance",
    "balances",
    "head",
    "head_at",
    "kind_of",
    "raw_balance",
    "statement",
]
