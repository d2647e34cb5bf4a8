"""Reads of codes: which there are, which one somebody may enter, which were entered for a deal."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.pricing.tables import Voucher as VoucherTable
from marketwright.features.pricing.tables import VoucherEntry, VoucherUse
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.text import say
from marketwright.strategies.pricing import Override, Voucher
from marketwright.web.formats import show_date

WRONG_SIDE = {
    "client": say("This code is for {freelancer.other}."), "freelancer": say("This code is for {client.other}.")
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class VoucherRow:
    """One code; ``amount`` or ``bps`` is what it takes off, ``left`` how often it can still be used (none: always)."""

    id: str
    code: str
    side: str
    bps: int
    amount: Money | None
    starts_on: date
    ends_on: date | None
    quota: int | None
    used: int
    note: str
    override: Override | None
    created_at: datetime
    ended_at: datetime | None

    @property
    def voucher(self) -> Voucher:
        """The code as rules see it."""
        return Voucher(self.code, self.side, self.bps, self.amount, self.override)

    def standing(self, on: date) -> str:
        """``ended``, ``used_up``, ``later``, ``over`` or ``open`` on a day in the marketplace's time zone."""
        if self.ended_at is not None:
            return "ended"
        if self.quota is not None and self.used >= self.quota:
            return "used_up"
        if on < self.starts_on:
            return "later"
        return "over" if self.ends_on is not None and on > self.ends_on else "open"


def row_of(v: VoucherTable) -> VoucherRow:
    """A row as plain values."""
    signed = Override(v.signed_by, v.signed_on, v.signed_why) if v.signed_on else None
    amount = Money(v.amount, v.currency) if v.amount is not None else None
    return VoucherRow(
        v.id, v.code, v.side, v.bps, amount, v.starts_on, v.ends_on, v.quota, v.used, v.note, signed, v.created_at,
        v.ended_at,
    )  # fmt: skip


def normal(code: str) -> str:
    """A code as it is stored: capital letters, without spaces."""
    return "".join(code.split()).upper()


def vouchers(session: Session) -> list[VoucherRow]:
    """Every code, the newest first."""
    rows = session.scalars(select(VoucherTable).order_by(VoucherTable.created_at.desc(), VoucherTable.code))
    return [row_of(row) for row in rows]


def by_code(session: Session, code: str) -> VoucherRow | None:
    """The code as it is written, whatever its capitals."""
    row = session.scalar(select(VoucherTable).where(VoucherTable.code == normal(code)))
    return row_of(row) if row else None


def check(session: Session, code: str, *, side: str, owner: str, currency: str, on: date) -> VoucherRow:
    """The code, if ``owner`` may use it on ``side`` on that day; ``InvalidInput`` at ``code`` says why not."""
    found = by_code(session, code)
    if found is None:
        raise InvalidInput({"code": [say("There is no such code. Check the spelling.")]})
    if found.side != side:
        raise InvalidInput({"code": [WRONG_SIDE[side]]})
    if found.amount is not None and found.amount.currency != currency:
        wrong = say("This code is for deals in %(currency)s.", currency=found.amount.currency)
        raise InvalidInput({"code": [wrong]})
    reasons = {
        "ended": say("This code has ended."), "used_up": say("This code has been used up."),
        "later": say("This code begins on %(date)s.", date=show_date(found.starts_on)),
        "over": say("This code ended on %(date)s.", date=show_date(found.ends_on or on)),
    }  # fmt: skip
    standing = found.standing(on)
    if standing in reasons:
        raise InvalidInput({"code": [reasons[standing]]})
    if was_used(session, found.id, owner):
        raise InvalidInput({"code": [say("You have used this code already; it counts once.")]})
    return found


def was_used(session: Session, voucher: str, owner: str) -> bool:
    """Whether ``owner`` has used a code."""
    mine = (VoucherUse.voucher_id == voucher, VoucherUse.owner_id == owner, VoucherUse.given_back_at.is_(None))
    return session.scalar(select(VoucherUse.id).where(*mine)) is not None


def entered(session: Session, deal: str, on: date) -> dict[str, VoucherRow]:
    """The codes entered for a deal that is not agreed yet, by side, as far as they still count on that day."""
    rows = session.execute(
        select(VoucherTable, VoucherEntry.side, VoucherEntry.owner_id)
        .join(VoucherEntry, VoucherEntry.voucher_id == VoucherTable.id)
        .where(VoucherEntry.deal == deal)
        .order_by(VoucherEntry.side)
    ).all()
    found = {side: (row_of(v), owner) for v, side, owner in rows}
    return {
        side: row for side, (row, owner) in found.items()
        if row.standing(on) == "open" and not was_used(session, row.id, owner)
    }  # fmt: skip


def counting(session: Session, deal: str, on: date) -> tuple[Voucher, ...]:
    """The same as rules see them."""
    return tuple(row.voucher for row in entered(session, deal, on).values())


def uses(session: Session, voucher: str) -> Sequence[tuple[str, str, datetime]]:
    """(owner, deal, when) of every use that was not given back, the newest first."""
    query = (
        select(VoucherUse.owner_id, VoucherUse.deal, VoucherUse.at)
        .where(VoucherUse.voucher_id == voucher, VoucherUse.given_back_at.is_(None))
        .order_by(VoucherUse.at.desc())
    )
    return [(owner, deal, at) for owner, deal, at in session.execute(query)]
