"""An offer as typed and stored: lines, and what changed from one round to the next. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Any

from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import MAX_MINOR, half_days_at
from marketwright.kernel.text import say

MOST_LINES = 20
Days = int | Decimal  # whole days, or a half more


@dataclass(frozen=True, slots=True)
class OfferLine:
    """One line or milestone: ``amount`` in minor units before tax and fees, ``days`` x ``rate`` or a fixed price.

    Days come in halves: 2, or ``Decimal("2.5")``.
    """

    title: str
    amount: int
    days: Days | None = None
    rate: int | None = None
    due: date | None = None
    detail: str = ""
    within: int | None = None  # due so many days after it was paid in

    @property
    def half_days(self) -> int | None:
        """The days, counted in halves."""
        return None if self.days is None else int(self.days * 2)


@dataclass(frozen=True, slots=True)
class Offer:
    """What one side proposes. ``valid_days`` is how long the other side has to answer; 0 is the marketplace's own.

    ``agreed`` is what is agreed on of each deliverable of the course: values by field, by the deliverable's name.
    """

    lines: tuple[OfferLine, ...]
    note: str = ""
    start_on: date | None = None
    valid_days: int = 0
    agreed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def work(self) -> int:
        """All lines, minor units."""
        return sum(line.amount for line in self.lines)


def days_line(title: str, days: Days, rate: int, due: date | None = None, detail: str = "") -> OfferLine:
    """A line of ``days`` (in halves) at ``rate`` minor units each."""
    return OfferLine(title, half_days_at(int(days * 2), rate), days, rate, due, detail)


def whole_or_half(half_days: int | None) -> Days | None:
    """``half_days`` as days: 2, or ``Decimal("2.5")``."""
    if half_days is None:
        return None
    return half_days // 2 if half_days % 2 == 0 else Decimal(half_days) / 2


def check(offer: Offer) -> None:
    """Raise ``InvalidInput`` for an offer that cannot be priced or read."""
    errors: dict[str, list[str]] = {}
    if not offer.lines:
        errors["lines"] = [say("{Proposal.a} needs at least one line.")]
    if len(offer.lines) > MOST_LINES:
        errors["lines"] = [say("At most %(n)s lines.", n=MOST_LINES)]
    for i, line in enumerate(offer.lines):
        if not line.title.strip():
            errors[f"lines-{i}-title"] = [say("Please say what this line is for.")]
        if line.amount <= 0 or line.amount > MAX_MINOR // 100:
            errors[f"lines-{i}-amount"] = [say("Please give an amount above zero.")]
        if line.days is not None and line.days * 2 != int(line.days * 2):
            errors[f"lines-{i}-days"] = [say("Days come in whole and half ones, like 2.5.")]
        elif line.half_days is not None and line.rate is not None and half_days_at(line.half_days, line.rate) != (
            line.amount
        ):
            errors[f"lines-{i}-amount"] = [say("The amount is not the days times the price of a day.")]
    if errors:
        raise InvalidInput(errors)


def to_json(offer: Offer) -> list[dict[str, Any]]:
    """The lines as stored with a round."""
    return [
        {
            "title": line.title.strip(), "detail": line.detail, "amount": line.amount, "half_days": line.half_days,
            "rate": line.rate, "due": line.due.isoformat() if line.due else None,
            **({"within": line.within} if line.within else {}),
        }
        for line in offer.lines
    ]  # fmt: skip


def half_days_of(line: Mapping[str, Any]) -> int | None:
    """The half days of a stored line; lines of earlier versions count whole ``days``."""
    if line.get("half_days") is not None:
        return int(line["half_days"])
    return int(line["days"]) * 2 if line.get("days") is not None else None


def from_json(lines: Sequence[Mapping[str, Any]]) -> tuple[OfferLine, ...]:
    """The lines of a stored round."""
    return tuple(
        OfferLine(
            str(line["title"]), int(line["amount"]), whole_or_half(half_days_of(line)), line.get("rate"),
            date.fromisoformat(line["due"]) if line.get("due") else None, str(line.get("detail") or ""),
            line.get("within"),
        )
        for line in lines
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Track:
    """One line followed through the rounds: ``cells[n]`` is the line in round n, or ``None`` where it is not in it."""

    title: str
    cells: tuple[OfferLine | None, ...] = field(default=())


def follow(rounds: Sequence[Sequence[OfferLine]]) -> tuple[Track, ...]:
    """Each line through all rounds: the same title is the same line, else the same place among those left over.

    Tracks come in the order of the last round, then what was dropped on the way. Titles are the newest ones.
    """
    tracks: list[list[OfferLine | None]] = []
    for n, lines in enumerate(rounds):
        taken = _match([t[-1] for t in tracks], lines)
        for track, i in zip(tracks, taken, strict=True):
            track.append(None if i is None else lines[i])
        for i, line in enumerate(lines):
            if i not in taken:
                tracks.append([*([None] * n), line])
    found = [Track(next(c.title for c in reversed(cells) if c), tuple(cells)) for cells in tracks]
    last = list(rounds[-1]) if rounds else []
    return tuple(sorted(found, key=lambda t: _place(last, t)))


def _place(last: Sequence[OfferLine], track: Track) -> int:
    newest = track.cells[-1]
    return next((i for i, line in enumerate(last) if line is newest), len(last))


def _match(before: Sequence[OfferLine | None], lines: Sequence[OfferLine]) -> list[int | None]:
    """For each track the index of its line among ``lines``, or ``None``."""
    taken: list[int | None] = [None] * len(before)
    free = set(range(len(lines)))
    for same in (_same_title, _same_place):
        for t, old in enumerate(before):
            if taken[t] is not None:
                continue
            taken[t] = next((i for i in sorted(free) if same(before, t, old, lines, i)), None)
            free.discard(taken[t] if taken[t] is not None else -1)
    return taken


def _same_title(
    _before: Sequence[OfferLine | None], _t: int, old: OfferLine | None, lines: Sequence[OfferLine], i: int
) -> bool:
    return old is not None and old.title.strip().casefold() == lines[i].title.strip().casefold()


def _same_place(
    before: Sequence[OfferLine | None], t: int, old: OfferLine | None, lines: Sequence[OfferLine], i: int
) -> bool:
    standing = [n for n, line in enumerate(before) if line is not None]
    known = {line.title.strip().casefold() for line in before if line is not None}
    renamed = lines[i].title.strip().casefold() not in known
    return old is not None and standing.index(t) == i and renamed
