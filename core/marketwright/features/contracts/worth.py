"""What a part of a milestone comes to: worked days, a cancellation, an offer. Pure arithmetic on minor units."""

from datetime import date

from marketwright.features.payments.amounts import PARTS, Amounts
from marketwright.kernel.money import share_of
from marketwright.strategies.processes import CancellationRule, Process, Role

WHOLE_BPS = 10_000


def portion(amounts: Amounts, part: int, whole: int) -> Amounts:
    """``part`` of ``whole`` of every amount, each rounded half up; all of it or nothing is exact."""
    return Amounts(amounts.currency, *(share_of(getattr(amounts, name), part, whole) for name in PARTS))


def back(amounts: Amounts, kept: Amounts) -> int:
    """What the client gets back where only ``kept`` of ``amounts`` is released."""
    return amounts.client_pays - kept.client_pays


def rule_for(process: Process, role: Role, starts_on: date | None, today: date) -> CancellationRule | None:
    """The rule by which ``role`` may call paid-in work off today; ``None`` once it has begun, or where none fits.

    Work whose start nobody named has begun once it is paid in.
    """
    if starts_on is None or today >= starts_on:
        return None
    left = (starts_on - today).days
    return next((r for r in process.cancellation if r.by is role and left >= r.notice_days), None)
