"""What banks do in a drill: disputes, inquiries, debits taken back, payouts that return, transfers in parts."""

from marketwright.kernel.frozen import dataclass

PATIENT = 0.8  # how often a bank that has to decide something takes its time
PART = 20_000  # minor units of a dispute about a part


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
    "part_won": (Deed("dispute_part", "held"), Deed("win", "held")),
    "part_lost": (Deed("dispute_part", "held"), Deed("lose", "held")),
    "part_lost_later": (Deed("dispute_part", "paid"), Deed("lose", "paid")),
    "inquiry_closed": (Deed("inquire", "held"), Deed("win", "held")),
    "inquiry_lost": (Deed("inquire", "held"), Deed("escalate", "held"), Deed("lose", "held")),
    "inquiry_won_later": (Deed("inquire", "paid"), Deed("escalate", "paid"), Deed("win", "paid")),
    "taken_back": (Deed("take_back", "held"),),
    "taken_back_later": (Deed("take_back", "paid"),),
    "payout_returned": (Deed("return_payout", "paid"),),
}
ENDS_OF = {  # what a bank that opened something in a race goes on with
    "dispute": ("dispute_won", "dispute_lost"), "dispute_part": ("part_won", "part_lost"),
    "inquire": ("inquiry_closed", "inquiry_lost"),
}  # fmt: skip
PAYERS: dict[str, tuple[str, ...]] = {  # how payers pay otherwise than by card
    "transfer": ("arrive",), "transfer_over": ("arrive",), "debit": ("debit", "settle"),
    "debit_fails": ("debit", "bounce"),
}  # fmt: skip


def deed_of(name: str) -> tuple[str, int]:
    """The deed at the double, and its amount (0: the whole)."""
    return ("dispute", PART) if name == "dispute_part" else (name, 0)


def deeds_of(course: str) -> tuple[str, ...]:
    """The deeds that a double must be able to do for ``course``."""
    return tuple(deed_of(d.name)[0] for d in SCRIPTS[course]) if course in SCRIPTS else PAYERS[course]
