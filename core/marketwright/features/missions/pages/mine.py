"""The missions of one's organisations, with where each stands."""

from collections.abc import Sequence

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.missions import queries
from marketwright.features.missions.cards import STATES, MissionView, view
from marketwright.features.missions.pages.base import has_pending, pages, running_for, there
from marketwright.features.missions.ports import Talks
from marketwright.features.missions.queries import MissionRow
from marketwright.kernel.frozen import dataclass
from marketwright.web.house import house, reading, the_viewer
from marketwright.web.i18n import current_locale, gettext, ngettext
from marketwright.web.policy import CLIENT
from marketwright.web.render import render

_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("open", ("published", "paused", "waiting")), ("draft", ("draft",)), ("over", ("filled", "closed")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnRow:
    """One mission in the owner's list: its card, what happens with it, and the next useful step."""

    card: MissionView
    says: str
    step: tuple[str, str]


@dataclass(frozen=True, slots=True)
class MineContext:
    """The owner's list."""

    rows: list[OwnRow]
    tabs: list[tuple[str, str, bool, int | None]]
    group: str
    pending: bool
    runs: bool
    any: bool


@pages.get("/me/missions", CLIENT)
def mine() -> BaseResponse:
    """Open, drafts, over."""
    session = reading()
    rows = queries.missions_of(session, [o.id for o in the_viewer().organisations])
    wanted = request.args.get("show", "")
    groups = {name: [r for r in rows if r.state in states] for name, states in _GROUPS}
    group = wanted if wanted in groups else next((n for n, found in groups.items() if found), "open")
    labels = {"open": gettext("Current"), "draft": gettext("Drafts"), "over": gettext("Over")}
    context = MineContext(
        rows=_rows(groups[group]), group=group, pending=has_pending(), runs=bool(running_for()), any=bool(rows),
        tabs=[(labels[n], url_for("missions.mine", show=n), n == group, len(groups[n])) for n, _ in _GROUPS],
    )  # fmt: skip
    return render("missions/mine.html", context)


def _rows(rows: Sequence[MissionRow]) -> list[OwnRow]:
    session = reading()
    cards = queries.mission_cards(session, [r.id for r in rows], current_locale())
    applied = house().ports.get(Talks).counts(session, [r.id for r in rows])
    found = {c.id: view(c, state=True) for c in cards}
    return [OwnRow(found[r.id], _says(r, applied.get(r.id, 0)), _step(r)) for r in rows]


def _says(row: MissionRow, applied: int) -> str:
    if row.state == "draft":
        return row.refusal or gettext("Only your {organisation} sees it.")
    if row.state == "closed":
        return row.close_reason
    if row.state == "waiting":
        return gettext("We read it and tell you.")
    if not applied:
        return gettext("Nobody has applied yet.")
    return ngettext("%(n)s person applied", "%(n)s people applied", applied)


def _step(row: MissionRow) -> tuple[str, str]:
    if row.state == "draft":
        return gettext("Go on writing"), url_for("missions.edit", mission=row.id)
    matches = f"/missions/{row.id}/matches"
    if row.state in ("published", "paused") and there(matches):
        return gettext("Matches"), matches
    return "", ""


__all__ = ["STATES"]
