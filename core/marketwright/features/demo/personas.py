"""Whom a demo visitor may act as: who stands in the middle of what. Accounts keep the key, pages show the words."""

from collections.abc import Mapping, Sequence

from marketwright.kernel.text import N_

Pair = tuple[str, str]  # the accounts of a client and a freelancer

_DEALS: tuple[tuple[str, str, str, str], ...] = (
    # what was played, the deal's letter, what its client is about to do, what its freelancer
    ("own_course", "L", N_("the trade’s own course"), N_("the trade’s own course")),
    ("proposed", "A", N_("a {proposal} to answer"), N_("waits")),
    ("countered", "B", N_("waits"), N_("an offer to answer")),
    ("half_signed", "C", N_("{contract.a} to sign"), N_("has signed")),
    ("active", "D", N_("{milestone.a} to pay in"), N_("waits")),
    ("funded", "E", N_("work under way"), N_("at work")),
    ("delivered", "F", N_("a delivery to accept"), N_("has delivered")),
    ("running", "H", N_("a month by the day"), N_("notes days")),
    ("submitted", "I", N_("a timesheet to approve"), N_("has handed a timesheet in")),
    ("part_paid", "J", N_("an invoice to pay"), N_("paid in part")),
    ("disagreed", "K", N_("says it has paid"), N_("nothing came")),
    ("ended", "G", N_("done and invoiced"), N_("done and invoiced")),
)
PLAYED = tuple(played for played, *_ in _DEALS)
FRESH, ADMIN, VETTER, FINANCE = "2:fresh", "9:admin", "9:vetter", "9:finance"
_OTHERS = {
    FRESH: N_("{freelancer}, has just arrived"), ADMIN: N_("staff, may do everything"),
    VETTER: N_("staff, reads evidence"), FINANCE: N_("staff, looks after the money"),
}  # fmt: skip


def deal_keys(played: str) -> tuple[str, str]:
    """The keys of the client and the freelancer of a played deal."""
    letter = next(letter for name, letter, *_ in _DEALS if name == played)
    return f"1:{letter}:client", f"1:{letter}:freelancer"


def persona_words(key: str) -> tuple[str, str, str]:
    """The words of a key, to be translated: (deal's letter or '', side or '', what they are about to do)."""
    if key in _OTHERS:
        return "", "", _OTHERS[key]
    _, letter, side = (*key.split(":"), "", "")[:3]
    for _played, one, client, freelancer in _DEALS:
        if one == letter:
            return letter, side, client if side == "client" else freelancer
    return "", "", key.partition(":")[2]


def each_in_one(pairs: Mapping[str, Sequence[Pair]]) -> dict[str, Pair]:
    """One pair a target so that nobody is in two; a target gives way to another where it has a pair to spare."""
    found: dict[str, Pair] = {}

    def place(target: str, asked: set[str]) -> bool:
        asked.add(target)
        for pair in pairs[target]:
            ahead = [t for t, other in found.items() if set(pair) & set(other)]
            before = dict(found)
            for one in ahead:
                del found[one]
            found[target] = pair
            if not asked & set(ahead) and all(place(one, asked) for one in ahead):
                return True
            found.clear()
            found.update(before)
        return False

    for target in pairs:
        place(target, set())
    return found
