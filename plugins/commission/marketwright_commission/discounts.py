"""What vouchers take off a fee, and the bound below which none does. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from marketwright.plugin import N_, Money, Note, Override, Voucher, share_bps
from marketwright_commission.rules import LEAST_BPS, Fee, FeeRule

OFF_RATE = N_("%(rate)s less with the code %(code)s")
OFF_AMOUNT = N_("%(off)s less with the code %(code)s")
AT_THE_BOUND = N_("the code %(code)s takes no more off: both sides together pay at least 5 %%")


@dataclass(frozen=True, slots=True)
class Charge:
    """The fee of one side: the rule, what it comes to and why; ``voucher`` is the signature of a code."""

    side: str
    rule: FeeRule
    fee: Fee
    notes: tuple[Note, ...] = ()
    voucher: Override | None = None

    @property
    def override(self) -> Override | None:
        """The signed exception of its rule or of its voucher."""
        return self.rule.override or self.voucher


def reduced(works: Sequence[int], charges: Sequence[Charge], vouchers: Sequence[Voucher]) -> list[Charge]:
    """The charges on parts of ``works`` less every voucher of their side, in order.

    Without a signature they never come below 5 % together, nor does any part of them.
    """
    found = list(charges)
    for voucher in vouchers:
        for n, charge in enumerate(found):
            if charge.side == voucher.side:
                others = [c.fee for m, c in enumerate(found) if m != n]
                found[n] = _less(works, charge, others, voucher)
    return found


def _less(works: Sequence[int], charge: Charge, others: Sequence[Fee], voucher: Voucher) -> Charge:
    work = sum(works)
    if voucher.bps and charge.fee.bps is not None and all(fee.bps is not None for fee in others):
        least = 0 if voucher.override else max(0, LEAST_BPS - sum(fee.bps or 0 for fee in others))
        wanted = max(0, charge.fee.bps - voucher.bps)
        bps = min(charge.fee.bps, max(wanted, least))
        fee, clipped = Fee(share_bps(work, bps), bps), bps > wanted
    else:
        off = share_bps(work, voucher.bps) if voucher.bps else voucher.amount.amount if voucher.amount else 0
        least = 0 if voucher.override else _least(work, others)
        due = _due(works, charge.fee)
        wanted = max(0, due - off)
        amount = max(wanted, least)
        fee, clipped = Fee(amount), amount > wanted
        if amount >= due:
            fee = charge.fee  # a rate that nothing is taken off stays a rate, which no part rounds below the bound
    notes = [Note(AT_THE_BOUND, {"code": voucher.code})] if clipped else []
    return replace(
        charge, fee=fee, notes=(*charge.notes, _said(voucher), *notes), voucher=voucher.override or charge.voucher
    )


def _due(works: Sequence[int], fee: Fee) -> int:
    """What ``fee`` comes to over the parts, each of which rounds a rate on its own: that is what a code lowers."""
    return fee.amount if fee.bps is None else sum(share_bps(work, fee.bps) for work in works)


def _least(work: int, others: Sequence[Fee]) -> int:
    """The least fee beside ``others``, in minor units, rounded up: the bound itself is never crossed.

    A rate counts exactly, as core counts it part by part: rounded, it would leave a part below the bound.
    """
    rest = sum(fee.amount * 10_000 if fee.bps is None else fee.bps * work for fee in others)
    return max(0, -(-(LEAST_BPS * work - rest) // 10_000))


def _said(voucher: Voucher) -> Note:
    if voucher.bps:
        return Note(OFF_RATE, {"code": voucher.code}, voucher.bps)
    off: Money | str = voucher.amount or ""
    return Note(OFF_AMOUNT, {"off": off, "code": voucher.code})
