"""The platform's own accounts, rolled up: their balance is a sum of legs, kept as of a sealed number (L3).

Nobody updates a balance while posting, so that no row is hot. The sealer rolls up what it has sealed. A kept sum is
believed only while its proof fits, it is for showing, and never lets money move: that is decided from legs.
"""

from hashlib import sha256

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm import Session

from marketwright.features.ledger.kinds import BOOK, PLATFORM
from marketwright.features.ledger.tables import LedgerLeg, LedgerRollup, LedgerSeal, LedgerUnsealed
from marketwright.kernel.frozen import dataclass
from marketwright.store.unit import UnitOfWork

EVERY = 1_000  # sealed numbers


@dataclass(frozen=True, slots=True)
class Rolled:
    """The sum of an account's legs, minor units, debit above zero, up to sealed ``number``; and how many there are."""

    account: str
    currency: str
    number: int
    amount: int
    legs: int


def proof_of(rolled: Rolled, seal: str, among: int) -> str:
    """What ties ``rolled`` to the chain: the hash of it, of the ``seal`` with its number, and of how many are kept."""
    said = f"{seal}|{among}|{rolled.account}|{rolled.currency}|{rolled.number}|{rolled.amount}|{rolled.legs}"
    return sha256(said.encode()).hexdigest()


def kept(session: Session) -> tuple[list[Rolled], bool]:
    """The kept sums, all of one sealed number; none, and true, when a single one of them cannot be believed."""
    rows = session.execute(
        select(LedgerRollup, LedgerSeal.hash)
        .outerjoin(LedgerSeal, (LedgerSeal.book == BOOK) & (LedgerSeal.number == LedgerRollup.number))
        .order_by(LedgerRollup.account, LedgerRollup.currency)
    ).all()
    found = [Rolled(r.account, r.currency, r.number, r.amount, r.legs) for r, _seal in rows]
    fits = all(
        seal is not None and proof_of(rolled, seal, len(rows)) == row.proof
        for rolled, (row, seal) in zip(found, rows, strict=True)
    )
    good = fits and len({r.number for r in found}) <= 1
    return (found, False) if good else ([], True)


def platform_sums(session: Session, *, upto: int | None = None) -> list[Rolled]:
    """The sum of every account of the platform, now or as of sealed number ``upto``; ``number`` is where it began."""
    found, _wrong = kept(session)
    begin = found[0].number if found and (upto is None or found[0].number <= upto) else 0
    sums = {(r.account, r.currency): (r.amount, r.legs) for r in found} if begin else {}
    later = [*_sealed(session, begin, upto), *(_waiting(session) if upto is None else ())]
    for account, currency, amount, legs in later:
        before, count = sums.get((account, currency), (0, 0))
        sums[account, currency] = (before + amount, count + legs)
    return [Rolled(account, currency, begin, *sums[account, currency]) for account, currency in sorted(sums)]


def roll(uow: UnitOfWork, number: int, seal: str) -> bool:
    """Roll up to sealed ``number`` (``seal`` is its hash) when enough was sealed since; true if it did."""
    found, wrong = kept(uow.session)
    if not wrong and number - (found[0].number if found else 0) < EVERY:
        return False
    sums = [Rolled(r.account, r.currency, number, r.amount, r.legs) for r in platform_sums(uow.session, upto=number)]
    uow.session.execute(delete(LedgerRollup))
    if sums:
        uow.session.execute(
            insert(LedgerRollup),
            [{"account": r.account, "currency": r.currency, "number": number, "amount": r.amount, "legs": r.legs,
              "proof": proof_of(r, seal, len(sums))} for r in sums],
        )  # fmt: skip
    if wrong:
        uow.audit("ledger.rollup_mended", "", number=number)
    return True


_Part = tuple[str, str, int, int]
_SUMS = select(LedgerLeg.account, LedgerLeg.currency, func.sum(LedgerLeg.amount), func.count())


def _sealed(session: Session, after: int, upto: int | None) -> list[_Part]:
    found = (
        _SUMS.select_from(LedgerSeal)
        .join(LedgerLeg, LedgerLeg.transaction_id == LedgerSeal.transaction_id)
        .where(LedgerSeal.book == BOOK, LedgerSeal.number > after)
    )
    return _parts(session, found if upto is None else found.where(LedgerSeal.number <= upto))


def _waiting(session: Session) -> list[_Part]:
    return _parts(session, _SUMS.select_from(LedgerUnsealed).join(
        LedgerLeg, LedgerLeg.transaction_id == LedgerUnsealed.transaction_id
    ))  # fmt: skip


def _parts(session: Session, found: Select[str, str, int, int]) -> list[_Part]:
    rows = session.execute(
        found.where(LedgerLeg.kind.in_(PLATFORM)).group_by(LedgerLeg.account, LedgerLeg.currency)
    )
    return [(account, currency, int(amount), count) for account, currency, amount, count in rows]
