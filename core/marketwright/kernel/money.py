"""Money in integer minor units, and every rule by which amounts are cut, rounded and shared.

An amount is a signed integer of the currency's minor unit (ISO 4217 exponent 0, 2 or 3); floats never touch it.
Rounding has one home: :func:`share_bps` (integer, half up), :func:`refund_share` (cumulative, to the last cent) and
:func:`split` (residue to the first parts).
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

from marketwright.kernel.frozen import dataclass

MAX_MINOR = 10**12  # L15

_EXPONENTS = {
    "EUR": 2, "USD": 2, "GBP": 2, "CHF": 2, "SEK": 2, "NOK": 2, "DKK": 2, "PLN": 2, "CZK": 2, "RON": 2, "BGN": 2,
    "HUF": 2, "CAD": 2, "AUD": 2, "NZD": 2, "SGD": 2, "HKD": 2, "INR": 2, "BRL": 2, "MXN": 2, "ZAR": 2, "MAD": 2,
    "AED": 2, "ILS": 2, "TRY": 2, "JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "VND": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "KWD": 3, "BHD": 3, "TND": 3, "JOD": 3, "OMR": 3,
}  # fmt: skip  # source: ISO 4217 list one, the currencies a European marketplace meets


class BadAmount(ValueError):
    """Not an amount of money: wrong type, too many digits, too large, or another currency."""


def exponent(currency: str) -> int:
    """Digits behind the point of ``currency`` (ISO 4217); raises :class:`BadAmount` for one that is not known."""
    try:
        return _EXPONENTS[currency]
    except KeyError:
        msg = f"{currency!r} is not a supported currency; supported: {', '.join(sorted(_EXPONENTS))}"
        raise BadAmount(msg) from None


def currencies() -> tuple[str, ...]:
    """All supported ISO 4217 codes, sorted."""
    return tuple(sorted(_EXPONENTS))


@dataclass(frozen=True, slots=True)
class Money:
    """``amount`` minor units of ``currency``; adding two currencies raises :class:`BadAmount`."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            msg = f"an amount is a whole number of minor units, not {type(self.amount).__name__}"
            raise BadAmount(msg)
        exponent(self.currency)
        if abs(self.amount) > MAX_MINOR:
            msg = f"{self.amount} is beyond {MAX_MINOR} minor units"
            raise BadAmount(msg)

    def _same(self, other: "Money") -> int:
        if not isinstance(other, Money) or other.currency != self.currency:
            msg = f"cannot combine {self.currency} with {getattr(other, 'currency', type(other).__name__)}"
            raise BadAmount(msg)
        return other.amount

    def __add__(self, other: "Money") -> "Money":
        return type(self)(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return type(self)(self.amount - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return type(self)(-self.amount, self.currency)

    def __mul__(self, factor: int) -> "Money":
        if type(factor) is not int:
            msg = "money is multiplied by whole numbers only; use share_bps for a part of it"
            raise BadAmount(msg)
        return type(self)(self.amount * factor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __bool__(self) -> bool:
        return self.amount != 0

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.amount).scaleb(-exponent(self.currency))

    def __str__(self) -> str:
        return f"{self.decimal:.{exponent(self.currency)}f} {self.currency}"


class Sum(Money):
    """An amount that was summed up, to be shown: of any size, where what is moved at once is bounded (L15).

    It equals the :class:`Money` of the same amount and currency, and what is reckoned from it is a sum again.
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            msg = f"a sum is a whole number of minor units, not {type(self.amount).__name__}"
            raise BadAmount(msg)
        exponent(self.currency)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return (self.amount, self.currency) == (other.amount, other.currency)

    def __hash__(self) -> int:
        return super().__hash__()


def money(major: Decimal | int | str, currency: str) -> Money:
    """``major`` units as :class:`Money`, exact; a float or too many digits raise :class:`BadAmount`."""
    if isinstance(major, bool) or not isinstance(major, Decimal | int | str):
        msg = f"an amount is a Decimal, int or str, not {type(major).__name__}"
        raise BadAmount(msg)
    try:
        value = Decimal(major)
    except InvalidOperation:
        msg = f"{major!r} is not a number"
        raise BadAmount(msg) from None
    if not value.is_finite():
        msg = f"{major!r} is not a finite number"
        raise BadAmount(msg)
    if abs(value) > MAX_MINOR:
        msg = f"{major} is beyond what an amount may be"
        raise BadAmount(msg)
    minor = value.scaleb(exponent(currency))
    if minor != minor.to_integral_value():
        msg = f"{currency} has {exponent(currency)} digits behind the point, {major} has more"
        raise BadAmount(msg)
    return Money(int(minor), currency)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of ``amounts``, zero of ``currency`` when there are none."""
    result = Money(0, currency)
    for amount in amounts:
        result += amount
    return result


def share_bps(amount: int, bps: int) -> int:
    """``bps`` basis points of ``amount`` minor units, integer half up (L11); odd in the amount's sign."""
    if amount < 0:
        return -share_bps(-amount, bps)
    return (amount * bps + 5000) // 10000


def share_bands(amount: int, bands: Sequence[tuple[int, int]], *, before: int = 0) -> int:
    """A progressive share of ``amount`` minor units, rounded once (L11).

    ``bands`` are (upper bound, basis points), rising; the last bound counts as endless. ``before`` is what lies under
    the amount already: with bands (1000, 10 %), (0, 5 %) an amount of 600 after 700 is 300 at 10 % and 300 at 5 %.
    """
    if amount < 0 or before < 0 or not bands:
        msg = "a banded share is of an amount of zero or more, over one band or more"
        raise BadAmount(msg)
    whole, floor = 0, 0
    for number, (bound, bps) in enumerate(bands):
        end = before + amount if number == len(bands) - 1 else min(bound, before + amount)
        whole += max(0, end - max(floor, before)) * bps
        floor = max(floor, bound)
    return (whole + 5000) // 10000


def share_of(amount: int, part: int, whole: int) -> int:
    """``part`` of ``whole`` of ``amount`` minor units, integer half up; nothing where there is no whole (L12)."""
    return (2 * amount * part + whole) // (2 * whole) if whole else 0


def refund_share(part: int, whole: int, refunded: int, already: int) -> int:
    """What of ``part`` (a fee, a tax) goes back once ``refunded`` of ``whole`` is refunded in all (L12).

    round(part * refunded / whole), half up, less what went back ``already``: over any sequence of refunds the shares
    sum to ``part`` exactly when the last cent is refunded. ``whole`` is the captured line's own amount.
    """
    if not 0 <= refunded <= whole or whole <= 0 or part < 0:
        msg = f"{refunded} of {whole} cannot be refunded"
        raise BadAmount(msg)
    return share_of(part, refunded, whole) - already


def half_days_at(half_days: int, rate: int) -> int:
    """The price of ``half_days`` at ``rate`` minor units a whole day, integer half up."""
    return (half_days * rate + 1) // 2


def split(amount: int, parts: int) -> tuple[int, ...]:
    """``amount`` in ``parts`` that differ by at most one minor unit and sum to it (L13); the first get the residue."""
    if parts < 1:
        msg = "an amount is split into one part or more"
        raise BadAmount(msg)
    sign = -1 if amount < 0 else 1
    base, residue = divmod(abs(amount), parts)
    return tuple(sign * (base + (1 if i < residue else 0)) for i in range(parts))


def prorate(amount: int, weights: Sequence[int]) -> tuple[int, ...]:
    """``amount`` shared by ``weights`` (largest remainder, ties to the first) so that the parts sum to it."""
    whole = sum(weights)
    if whole <= 0 or any(w < 0 for w in weights):
        msg = "weights are zero or more, and one is positive"
        raise BadAmount(msg)
    sign = -1 if amount < 0 else 1
    shares = [divmod(abs(amount) * w, whole) for w in weights]
    left = abs(amount) - sum(q for q, _ in shares)
    order = sorted(range(len(weights)), key=lambda i: (-shares[i][1], i))
    extra = set(order[:left])
    return tuple(sign * (q + (1 if i in extra else 0)) for i, (q, _) in enumerate(shares))
