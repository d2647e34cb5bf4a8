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


def reduced(work: int, charges: Sequence[Charge], vouchers: Sequence[Voucher]) -> list[Charge]:
    """The charges less every voucher of their side, in order; without a signature never below 5 % together."""
    found = list(charges)
    for voucher in vouchers:
        for n, charge in enumerate(found):
            if charge.side == voucher.side:
                others = [c.fee for m, c in enumerate(found) if m != n]
                found[n] = _less(work, charge, others, voucher)
    return found


def _less(work: int, charge: Charge, others: Sequence[Fee], voucher: Voucher) -> Charge:
    if voucher.bps and charge.fee.bps is not None and all(fee.bps is not None for fee in others):
        least = 0 if voucher.override else max(0, LEAST_BPS - sum(fee.bps or 0 for fee in others))
        wanted = max(0, charge.fee.bps - voucher.bps)
        bps = min(charge.fee.bps, max(wanted, least))
        fee, clipped = Fee(share_bps(work, bps), bps), bps > wanted
    else:
        off = share_bps(work, voucher.bps) if voucher.bps else voucher.amount.amount if voucher.amount else 0
        bound = -(-LEAST_BPS * work // 10_000)  # rounded up: the bound itself is never crossed
        least = 0 if voucher.override else max(0, bound - sum(fee.amount for fee in others))
        wanted = max(0, charge.fee.amount - off)
        amount = min(charge.fee.amount, max(wanted, least))
        fee, clipped = Fee(amount), amount > wanted
    notes = [Note(AT_THE_BOUND, {"code": voucher.code})] if clipped else []
    return replace(
        charge, fee=fee, notes=(*charge.notes, _said(voucher), *notes), voucher=voucher.override or charge.voucher
    )


def _said(voucher: Voucher) -> Note:
    if voucher.bps:
        return Note(OFF_RATE, {"code": voucher.code}, voucher.bps)
    off: Money | str = voucher.amount or ""
    return Note(OFF_AMOUNT, {"off": off, "code": voucher.code})
