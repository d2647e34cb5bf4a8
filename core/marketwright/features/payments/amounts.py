"""The amounts of a deal, and how a split cuts them: pure arithmetic on minor units."""

from dataclasses import dataclass

from marketwright.kernel.errors import BrokenInvariant
from marketwright.kernel.money import Money, prorate
from marketwright.strategies.pricing import AMOUNTS, Quote

LEAST_BPS, MOST_BPS = 500, 1500


@dataclass(frozen=True, slots=True)
class Amounts:
    """What one milestone or period costs, minor units of ``currency``. Fees are on work, never on tax."""

    currency: str
    work: int
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
        amounts.client_fee_tax - fee_tax, _share(amounts.freelancer_fee, kept, net),
        _share(amounts.freelancer_fee_tax, kept, net),
    )  # fmt: skip


def _share(amount: int, part: int, whole: int) -> int:
    return (2 * amount * part + whole) // (2 * whole)
