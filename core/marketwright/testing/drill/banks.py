"""What banks do in a drill: disputes, debits that are taken back, payouts that return, transfers in parts."""

from marketwright.kernel.frozen import dataclass

PATIENT = 0.8  # how often a bank that has to decide something takes its time


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed by its name at the double. ``at``: while the money is ``held``, or once it was ``paid`` out."""

    name: str
    at: str


SCRIPTS: dict[str, tuple[Deed, ...]] = {
    "dispute_won": (Deed("dispute", "held"), Deed("win", "held")),
    "dispute_lost": (Deed("dispute", "held"), Deed("lose", "held")),
    "dispute_won_later": (Deed("dispute", "paid"), Deed("win", "paid")),
    "dispute_lost_later": (Deed("dispute", "paid"), Deed("lose", "paid")),
    "taken_back": (Deed("take_back", "held"),),
    "taken_back_later": (Deed("take_back", "paid"),),
    "payout_returned": (Deed("return_payout", "paid"),),
}


def deeds_of(course: str) -> tuple[str, ...]:
    """The deeds that a double must be able to do for ``course``."""
    return tuple(d.name for d in SCRIPTS[course]) if course in SCRIPTS else ("arrive",)
