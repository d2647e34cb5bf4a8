"""The rounds of a proposal as one table: a row for each thing agreed on, a column a round, what changed marked.

Called while a page is made: cells come out in the reader's language.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from markupsafe import Markup, escape

from marketwright.features.proposals.agreed import shown
from marketwright.features.proposals.offers import OfferLine, Track, follow
from marketwright.features.proposals.queries import RoundRow
from marketwright.hooks.manager import Plugins
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_
from marketwright.web.formats import show_date, show_days, show_money, show_round_money
from marketwright.web.i18n import gettext

Cell = str | tuple[str, str]
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Table:
    """``heads`` are (title, who and when, whether it stands); ``rows`` (label, cells); ``foot`` the prices."""

    heads: list[tuple[str, str, bool]]
    rows: list[tuple[str, list[Cell]]]
    foot: tuple[str, list[Cell]]


def table(
    rounds: Sequence[RoundRow], who: Callable[[RoundRow], str], currency: str, *, open_: bool, plugins: Plugins
) -> Table:
    """The rounds side by side; ``who`` names the author of a round to the reader."""
    tracks = follow([r.lines for r in rounds])
    rows = [row for track in tracks for row in _rows(track, currency, alone=len(tracks) == 1)]
    starts = [show_date(r.start_on) if r.start_on else NOTHING for r in rounds]
    if any(s != NOTHING for s in starts):
        rows.append((gettext(N_("Start")), _marked(starts)))
    rows += _agreed(rounds, plugins)
    prices: list[Cell] = [show_money(Money(r.work, currency)) for r in rounds]
    return Table(_heads(rounds, who, open_=open_), rows, (gettext(N_("Price before tax")), prices))


def _agreed(rounds: Sequence[RoundRow], plugins: Plugins) -> list[tuple[str, list[Cell]]]:
    """A row for each thing that was agreed on beforehand, the deliverable's date of deletion once."""
    said = [{label: text for _, pairs in shown(plugins, r.agreed) for label, text in pairs} for r in rounds]
    names = dict.fromkeys(label for one in said for label in one)
    return [(name, _marked([one.get(name, NOTHING) for one in said])) for name in names]


def _heads(
    rounds: Sequence[RoundRow], who: Callable[[RoundRow], str], *, open_: bool
) -> list[tuple[str, str, bool]]:
    found = []
    for r in rounds:
        stands = r is rounds[-1]
        title = gettext(N_("Round %(n)s, stands"), n=r.number) if stands and open_ else gettext(
            N_("Round %(n)s"), n=r.number)  # fmt: skip
        found.append((title, f"{who(r)}, {show_date(r.at, 'd MMM')}", stands))
    return found


def _rows(track: Track, currency: str, *, alone: bool) -> list[tuple[str, list[Cell]]]:
    """The facts of one line: a row each where it is the only line, else all of them stacked in one row."""
    known = _facts(track, currency, alone=alone)
    facts = [(name, _marked(cells)) for name, cells in known if any(c != NOTHING for c in cells)]
    if alone:
        return [(gettext(name), cells) for name, cells in facts]
    gone = [line is None for line in track.cells]
    stacked: list[Cell] = [
        NOTHING if gone[n] and (n == 0 or gone[n - 1]) else _stacked([cells[n] for _, cells in facts])
        for n in range(len(track.cells))
    ]
    return [(track.title, stacked)]


def _facts(track: Track, currency: str, *, alone: bool) -> list[tuple[str, list[str]]]:
    """What can be said of a line, round by round: days and price a day apart where every round has them."""
    there = [line for line in track.cells if line is not None]
    by_day = all(line.days is not None and line.rate is not None for line in there)

    def cells(show: Callable[[OfferLine], str]) -> list[str]:
        return [show(line) if line else NOTHING for line in track.cells]

    found: list[tuple[str, list[str]]] = []
    if len({line.title for line in there}) > 1 or (not by_day and alone):
        found.append((N_("What for"), cells(lambda line: line.title)))
    if by_day:
        found.append((N_("Days"), cells(lambda line: show_days(line.days or 0))))
        found.append((N_("Price a day"), cells(lambda line: _rate(line, currency, alone=alone))))
    else:
        found.append((N_("Amount"), cells(lambda line: _amount(line, currency))))
    found.append((N_("Handed over by"), cells(lambda line: _due(line, alone=alone))))
    found.append((N_("What it comes to"), cells(lambda line: line.detail or NOTHING)))
    return found


def _stacked(cells: Sequence[Cell]) -> Markup:
    """Several facts below each other; a fact that is not there leaves no line."""
    shown = []
    for cell in cells:
        before, after = cell if isinstance(cell, tuple) else ("", cell)
        if isinstance(cell, tuple):
            old = Markup("<del>{}</del> ").format(before) if before else Markup("")
            shown.append(old if after == NOTHING else old + Markup("<ins>{}</ins>").format(after))
        elif after != NOTHING:
            shown.append(escape(after))
    return Markup("<br>").join(shown)


def _rate(line: OfferLine, currency: str, *, alone: bool) -> str:
    shown = show_round_money(Money(line.rate or 0, currency))
    return shown if alone else gettext(N_("%(amount)s a day"), amount=shown)


def _due(line: OfferLine, *, alone: bool) -> str:
    if line.due is None:
        return NOTHING
    return show_date(line.due) if alone else gettext(N_("handed over by %(date)s"), date=show_date(line.due))


def _amount(line: OfferLine, currency: str) -> str:
    shown = show_round_money(Money(line.amount, currency))
    if line.days is None:
        return shown
    return gettext(N_("%(amount)s, %(days)s"), amount=shown, days=show_days(line.days))


def _marked(cells: Sequence[str]) -> list[Cell]:
    """Each cell beside the one before it: what changed is a pair of before and after."""
    found: list[Cell] = [cells[0]]
    for before, after in pairwise(cells):
        found.append(after if before == after else ("" if before == NOTHING else before, after))
    return found
