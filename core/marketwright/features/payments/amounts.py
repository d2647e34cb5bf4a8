"""The amounts of a deal, and how a split cuts them: pure arithmetic on minor units."""

from marketwright.kernel.errors import BrokenInvariant
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money, prorate, refund_share, share_of
from marketwright.strategies.pricing import AMOUNTS, Quote

LEAST_BPS, MOST_BPS = 500, 1500
PARTS = ("work", "work_tax", "client_fee", "client_fee_tax", "freelancer_fee", "freelancer_fee_tax")


@dataclass(frozen=True, slots=True)
class Amounts:
    """What one milestone or period costs, or a part of it, minor units of ``currency``. Fees are on work alone."""

    currency: str
    work: int = 0
    work_tax: int = 0
    client_fee: int = 0
    client_fee_tax: int = 0
    freelancer_fee: int = 0
    freelancer_fee_tax: int = 0

    @classmethod
    def of(cls, quote: Quote, part: int | None = None) -> "Amounts":
        """The amounts of one part (from 0) of a quote, or of the whole."""
        return cls(quote.deal.currency, *(quote.sum_of(kind, part=part).amount for kind in AMOUNTS))

    @property
    def client_pays(self) -> int:
        """work + work_tax + client_fee + client_fee_tax."""
        return self.work + self.work_tax + self.client_fee + self.client_fee_tax

    @property
    def freelancer_receives(self) -> int:
        """work + work_tax - freelancer_fee - freelancer_fee_tax."""
        return self.work + self.work_tax - self.freelancer_fee - self.freelancer_fee_tax

    @property
    def fees(self) -> int:
        """Both fees, before tax."""
        return self.client_fee + self.freelancer_fee

    @property
    def fee_taxes(self) -> int:
        """The tax on both fees."""
        return self.client_fee_tax + self.freelancer_fee_tax

    def check(self, *, override: str = "") -> None:
        """Raise ``BrokenInvariant`` for amounts that no deal may have (L11, L15).

        ``override`` names the signed exception by which fees may lie outside 5 to 15 % (own network at 0 is one).
        """
        for value in (self.work, self.work_tax, self.client_fee, self.client_fee_tax, self.freelancer_fee,
                      self.freelancer_fee_tax):  # fmt: skip
            if type(value) is not int or value < 0:
                raise BrokenInvariant("The amounts of a deal are whole and not negative.", code="L15")
        Money(self.client_pays, self.currency)
        if self.work < 1 or self.freelancer_receives < 1:
            raise BrokenInvariant("A deal has work to be paid and something left for the freelancer.", code="L15")
        within = LEAST_BPS * self.work - 20_000 <= self.fees * 10_000 <= MOST_BPS * self.work + 20_000  # each rounds
        if not within and not override:
            raise BrokenInvariant("Both fees together lie between 5 and 15 percent of the work.", code="L11")


@dataclass(frozen=True, slots=True)
class Cut:
    """Where the held money goes: to the freelancer, to the marketplace as fees and their tax, back to the client."""

    paid: int
    fees: int
    fee_taxes: int
    refunded: int

    @property
    def whole(self) -> int:
        """All of it."""
        return self.paid + self.fees + self.fee_taxes + self.refunded


def release_cut(amounts: Amounts) -> Cut:
    """All of it released: commission is recognised here and nowhere earlier (E15)."""
    return Cut(amounts.freelancer_receives, amounts.fees, amounts.fee_taxes, 0)


def refund_cut(amounts: Amounts) -> Cut:
    """All of it given back: refunded money leaves no commission (E15)."""
    return Cut(0, 0, 0, amounts.client_pays)


def split_cut(amounts: Amounts, refund: int) -> Cut:
    """``refund`` minor units go back to the client, the rest is released with its own share of every fee and tax."""
    kept = kept_of(amounts, refund)
    return Cut(kept.freelancer_receives, kept.fees, kept.fee_taxes, refund)


def kept_of(amounts: Amounts, refund: int) -> Amounts:
    """What is left of each amount when ``refund`` minor units go back to the client: what a split invoices.

    The refund is shared over what the client paid (largest remainder, L13); fees of the refunded part fall away.
    """
    gross = amounts.client_pays
    if not 0 < refund < gross:
        raise BrokenInvariant("A split gives each side something.", code="E2")
    work, tax, fee, fee_tax = prorate(
        refund, (amounts.work, amounts.work_tax, amounts.client_fee, amounts.client_fee_tax)
    )
    net = amounts.work + amounts.work_tax
    kept = net - work - tax
    return Amounts(
        amounts.currency, amounts.work - work, amounts.work_tax - tax, amounts.client_fee - fee,
        amounts.client_fee_tax - fee_tax, share_of(amounts.freelancer_fee, kept, net),
        share_of(amounts.freelancer_fee_tax, kept, net),
    )  # fmt: skip


def split_parts(amounts: Amounts, refund: int) -> Amounts:
    """What of each amount goes back when a split gives ``refund`` minor units to the client."""
    return minus(amounts, kept_of(amounts, refund))


def back_parts(amounts: Amounts, done: Amounts, refund: int) -> Amounts:
    """What of each amount goes back with ``refund`` more minor units, after ``done`` has gone back already.

    Each follows its own cumulative share (L12: round(fee * refunded / gross) less what is back), so that the last
    cent matches; work and its tax take the residue, and nothing ever goes back twice.
    """
    gross, left = amounts.client_pays, minus(amounts, done)
    if not 0 < refund <= left.client_pays:
        raise BrokenInvariant("More cannot go back than is left.", code="E7")
    back = done.client_pays + refund
    names = ("client_fee_tax", "client_fee", "work_tax", "work")
    parts = {
        n: _within(refund_share(getattr(amounts, n), gross, back, getattr(done, n)), getattr(left, n)) for n in names
    }
    for name in reversed(names):
        parts[name] = _within(parts[name] + refund - sum(parts.values()), getattr(left, name))
    net, gone = amounts.work + amounts.work_tax, done.work + done.work_tax + parts["work"] + parts["work_tax"]
    room = parts["work"] + parts["work_tax"]
    fee = _within(
        refund_share(amounts.freelancer_fee, net, gone, done.freelancer_fee), min(left.freelancer_fee, room)
    )
    tax = _within(
        refund_share(amounts.freelancer_fee_tax, net, gone, done.freelancer_fee_tax),
        min(left.freelancer_fee_tax, room - fee),
    )
    return Amounts(amounts.currency, freelancer_fee=fee, freelancer_fee_tax=tax, **parts)


def minus(amounts: Amounts, parts: Amounts) -> Amounts:
    """What is left of ``amounts`` once ``parts`` have gone back."""
    return Amounts(amounts.currency, *(getattr(amounts, n) - getattr(parts, n) for n in PARTS))


def plus(amounts: Amounts, parts: Amounts) -> Amounts:
    """Both together."""
    return Amounts(amounts.currency, *(getattr(amounts, n) + getattr(parts, n) for n in PARTS))


def _within(amount: int, most: int) -> int:
    return max(0, min(amount, most))
