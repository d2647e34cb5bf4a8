"""Making and ending codes, entering them for a deal, and counting them when the deal is agreed: once, within quota."""

import re
from datetime import date

from sqlalchemy import delete, select, update

from marketwright.features.accounts.rights import need
from marketwright.features.pricing import events
from marketwright.features.pricing.codes import by_code, check, normal
from marketwright.features.pricing.tables import Voucher, VoucherEntry, VoucherUse
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money
from marketwright.kernel.text import say
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork
from marketwright.store.upserts import upsert
from marketwright.strategies.pricing import Override

PERMISSION, SIGN = "pricing.change", "pricing.sign"
_CODE = re.compile(r"^[A-Z0-9][A-Z0-9-]{2,39}$")


@dataclass(frozen=True, slots=True)
class NewVoucher:
    """A code to be made: ``bps`` or ``amount`` off the fee of ``side``; ``override`` only with the right to sign."""

    code: str
    side: str
    currency: str
    bps: int = 0
    amount: Money | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    quota: int | None = None
    note: str = ""
    override: Override | None = None


def make(uow: UnitOfWork, new: NewVoucher) -> str:
    """Make a code, as staff; returns its id. ``InvalidInput`` names what cannot be."""
    need(uow.actor, PERMISSION)
    if new.override is not None:
        need(uow.actor, SIGN)
    code, today = normal(new.code), _today(uow)
    starts = new.starts_on or today
    errors: dict[str, list[str]] = {}
    if not _CODE.match(code):
        errors["code"] = [say("From 3 to 40 letters, digits and hyphens.")]
    elif by_code(uow.session, code) is not None:
        errors["code"] = [say("There is such a code already; a code is never used for two things.")]
    if bool(new.bps) == (new.amount is not None):
        errors["bps"] = [say("Say how much it takes off: a rate or an amount, one of the two.")]
    if new.ends_on is not None and new.ends_on < starts:
        errors["ends_on"] = [say("It ends before it begins.")]
    if errors:
        raise InvalidInput(errors)
    signed = new.override
    row = Voucher(
        id=new_id(), code=code, side=new.side, bps=new.bps, amount=new.amount.amount if new.amount else None,
        currency=new.currency, starts_on=starts, ends_on=new.ends_on, quota=new.quota, used=0, note=new.note,
        signed_by=signed.by if signed else "", signed_on=signed.on if signed else None,
        signed_why=signed.why if signed else "", created_by=uow.actor.label, created_at=uow.now,
    )  # fmt: skip
    uow.session.add(row)
    uow.flush()
    uow.emit(events.VOUCHER_MADE, row.id, code=code)
    uow.audit("voucher.made", row.id, code=code, signed_by=row.signed_by, why=row.signed_why)
    return row.id


def _today(uow: UnitOfWork) -> date:
    """The day at the marketplace: codes begin and end at its midnight."""
    return uow.ports.get(Marketplace).day_of(uow.now)


def end(uow: UnitOfWork, *, voucher: str) -> None:
    """End a code from now on, as staff. What was agreed with it stays; open offers are priced without it."""
    need(uow.actor, PERMISSION)
    row = uow.session.get(Voucher, voucher, with_for_update=True)
    if row is None:
        raise NotFound("There is no such code.")
    if row.ended_at is not None:
        raise Conflict("This code has ended already.", state="ended")
    row.ended_at = uow.now
    uow.flush()
    uow.emit(events.VOUCHER_ENDED, row.id, code=row.code)
    uow.audit("voucher.ended", row.id, code=row.code)


def enter(uow: UnitOfWork, *, deal: str, side: str, owner: str, code: str, currency: str) -> None:
    """Enter a code for a deal that is not agreed yet; it takes the place of the one before.

    The caller has checked that the actor writes for ``side``. It counts when the deal is agreed, see :func:`redeem`.
    """
    found = check(uow.session, code, side=side, owner=owner, currency=currency, on=_today(uow))
    values = {"voucher_id": found.id, "owner_id": owner, "entered_by": uow.actor.label, "entered_at": uow.now}
    uow.session.execute(
        upsert(uow.session, VoucherEntry)
        .values(deal=deal, side=side, **values)
        .on_conflict_do_update(index_elements=["deal", "side"], set_=values)
    )
    uow.audit("voucher.entered", found.id, deal=deal, side=side)


def leave_out(uow: UnitOfWork, *, deal: str, side: str) -> None:
    """Take an entered code off again."""
    uow.session.execute(delete(VoucherEntry).where(VoucherEntry.deal == deal, VoucherEntry.side == side))
    uow.audit("voucher.left_out", deal, side=side)


def redeem(uow: UnitOfWork, *, deal: str, codes: tuple[str, ...]) -> None:
    """Count the codes that made the price of ``deal``, in the commit that agrees it; its entries go, counted or not.

    ``Conflict`` where one was used up, ended or used by its owner since: nobody pays by a code that does not count.
    """
    rows = uow.session.execute(
        select(VoucherEntry.voucher_id, VoucherEntry.owner_id, Voucher.code)
        .join(Voucher, Voucher.id == VoucherEntry.voucher_id)
        .where(VoucherEntry.deal == deal)
    ).all()
    known = {code: (voucher, owner) for voucher, owner, code in rows}
    for code in codes:
        voucher, owner = known.get(code, ("", ""))
        if not _take(uow, voucher) or not _note(uow, voucher, owner, deal):
            raise Conflict("The code %(voucher)s no longer counts. Please look at the amounts again.", voucher=code)
    uow.session.execute(delete(VoucherEntry).where(VoucherEntry.deal == deal))


def _take(uow: UnitOfWork, voucher: str) -> bool:
    """One use out of the quota: the conditional update by which the last one is used once."""
    left = Voucher.quota.is_(None) | (Voucher.used < Voucher.quota)
    taken = uow.session.execute(
        update(Voucher)
        .where(Voucher.id == voucher, Voucher.ended_at.is_(None), left)
        .values(used=Voucher.used + 1)
        .returning(Voucher.id)
    ).first()
    return taken is not None


def _note(uow: UnitOfWork, voucher: str, owner: str, deal: str) -> bool:
    """Once an owner: the unique index decides between two deals agreed at the same moment."""
    placed = uow.session.execute(
        upsert(uow.session, VoucherUse)
        .values(id=new_id(), voucher_id=voucher, owner_id=owner, deal=deal, at=uow.now, given_back_at=None)
        .on_conflict_do_nothing()
        .returning(VoucherUse.id)
    ).first()
    return placed is not None


def give_back(uow: UnitOfWork, *, deal: str) -> None:
    """Give back the uses of a deal whose contract was never signed: they count for nobody any more."""
    used = uow.session.scalars(
        update(VoucherUse)
        .where(VoucherUse.deal == deal, VoucherUse.given_back_at.is_(None))
        .values(given_back_at=uow.now)
        .returning(VoucherUse.voucher_id)
    ).all()
    for voucher in used:
        uow.session.execute(update(Voucher).where(Voucher.id == voucher).values(used=Voucher.used - 1))
        uow.audit("voucher.given_back", voucher, deal=deal)
