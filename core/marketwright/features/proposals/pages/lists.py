"""Proposals in lists: my own, those to one mission, and up to five side by side."""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import request
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.messaging.pages.base import Face, face
from marketwright.features.messaging.queries import threads_by_id, threads_of_mission
from marketwright.features.messaging.sides import WRITING, roles_for
from marketwright.features.missions import queries as missions
from marketwright.features.pricing.receipts import truth
from marketwright.features.profiles.queries import ProfileRow, profiles_by_id
from marketwright.features.proposals import queries
from marketwright.features.proposals.offers import Days
from marketwright.features.proposals.pages.base import Setting, courses, pages, price_now
from marketwright.features.proposals.queries import ProposalRow, RoundRow
from marketwright.kernel.errors import MarketwrightError, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_
from marketwright.web.formats import show_date, show_money, show_number, show_round_money
from marketwright.web.house import house, reading, the_viewer
from marketwright.web.i18n import current_locale, gettext, ngettext
from marketwright.web.policy import CLIENT, SIGNED_IN
from marketwright.web.render import render, tell

MOST = 5
STATES = {
    "accepted": N_("Accepted"), "declined": N_("Declined"), "expired": N_("Expired"), "withdrawn": N_("Taken back"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal in a list. ``key`` and ``word`` say where it stands, ``mine`` whether the reader acts next."""

    id: str
    url: str
    title: str
    about: str
    person: Face
    price: Money
    key: str
    word: str
    mine: bool
    until: datetime | None
    at: datetime
    rounds: int


@dataclass(frozen=True, slots=True)
class MineContext:
    """The reader's proposals, waiting for them first."""

    lines: Sequence[Line]
    side: str


@dataclass(frozen=True, slots=True)
class Head:
    """Somebody at the top of a column."""

    name: str
    url: str
    initials: str
    photo: str
    portrait: str


@dataclass(frozen=True, slots=True)
class MissionContext:
    """The proposals to one mission; ``heads`` and ``rows`` are the table of those chosen to compare."""

    mission: missions.MissionRow
    lines: Sequence[Line]
    chosen: Sequence[str]
    heads: Sequence[Head]
    rows: Sequence[tuple[str, list[str], int | None]]
    applicants: int


@pages.get("/me/proposals", SIGNED_IN)
def mine() -> BaseResponse:
    """What one proposed, and what was proposed to one's organisations."""
    me = the_viewer().account
    rows = queries.proposals_of_account(reading(), me)
    clients = {t.id: t.client(current_locale()) for t in threads_by_id(reading(), [row.thread for row in rows])}
    lines = [_line(row, "freelancer" if row.freelancer == me else "client", clients[row.thread]) for row in rows]
    lines.sort(key=lambda line: not line.mine)
    return render("proposals/mine.html", MineContext(lines, the_viewer().side))


def _line(row: ProposalRow, side: str, client: str = "") -> Line:
    now = house().clock.business()
    state = "expired" if row.expired_at(now) else row.state
    over = state == "open" and row.over
    mine = state == "open" and not over and row.turn == side and (side == "freelancer" or _writes(row.organisation))
    key, word = ("countered", _turn_word(mine=mine)) if state == "open" else (state, gettext(STATES[state]))
    word = gettext(N_("The {mission} has ended")) if over else word
    person = (
        face(client, row.organisation) if side == "freelancer"
        else face(row.freelancer_name, row.freelancer, row.photo_file)
    )  # fmt: skip
    return Line(
        id=row.id, url=f"/proposals/{row.id}", price=row.price, mine=mine, at=row.updated_at, rounds=row.rounds,
        title=row.mission_title if side == "freelancer" else row.freelancer_name, person=person,
        about=client if side == "freelancer" else row.mission_title, key=key if mine else _quiet(key), word=word,
        until=row.expires_at if state == "open" else None,
    )  # fmt: skip


def _writes(organisation: str) -> bool:
    """Whether the viewer's part of the client answers proposals."""
    return any(o.id == organisation and o.roles & WRITING for o in the_viewer().organisations)


def _turn_word(*, mine: bool) -> str:
    return gettext(N_("Your turn")) if mine else gettext(N_("Waits for an answer"))


def _quiet(key: str) -> str:
    return "pending" if key == "countered" else key


@pages.get("/missions/<mission>/proposals", CLIENT.objects("members of the mission's client"))
def of_mission(mission: str) -> BaseResponse:
    """The proposals to a mission; ``?compare=`` puts up to five side by side."""
    row = missions.mission(reading(), mission)
    if row is None or not roles_for(reading(), row.organisation_id, the_viewer().account):
        raise NotFound("There is no such {mission}.")
    found = queries.proposals_of_mission(reading(), mission)
    wanted = [i for value in request.args.getlist("compare") for i in value.split(",") if i]
    if len(wanted) > MOST:
        tell(gettext("Five {proposal.other} fit side by side; these are the first five."), "info")
    chosen = [p for p in found if p.id in wanted[:MOST]]
    people = profiles_by_id(reading(), [p.freelancer for p in chosen])
    applicants = sum(1 for t in threads_of_mission(reading(), mission) if t.applied_at is not None)
    context = MissionContext(
        mission=row, lines=[_line(p, "client") for p in found], chosen=[p.id for p in chosen],
        heads=[_head(p) for p in chosen], rows=_compared(chosen, people) if chosen else [], applicants=applicants,
    )  # fmt: skip
    return render("proposals/of_mission.html", context)


def _head(row: ProposalRow) -> Head:
    found = face(row.freelancer_name, row.freelancer, row.photo_file)
    return Head(row.freelancer_name, f"/proposals/{row.id}", found.initials, found.photo, found.portrait)


@dataclass(frozen=True, slots=True)
class _Side:
    """One column: the proposal, its standing round, what the client pays, the person."""

    row: ProposalRow
    standing: RoundRow
    pays: Money
    person: ProfileRow | None
    days: Days


def _compared(
    chosen: Sequence[ProposalRow], people: dict[str, ProfileRow]
) -> list[tuple[str, list[str], int | None]]:
    sides = [_side(row, people.get(row.freelancer)) for row in chosen]
    names = {c.name: c.label for c in courses()}
    starts = [s.standing.start_on for s in sides]
    least = {
        "price": _least([s.row.work for s in sides]),
        "pays": _least([s.pays.amount for s in sides]),
        "start": _least([day.toordinal() if day else None for day in starts]),
    }

    def row(label: str, cell: Callable[[_Side], str], best: str = "") -> tuple[str, list[str], int | None]:
        return gettext(label), [cell(s) for s in sides], least.get(best)

    return [
        row(N_("Price before tax"), lambda s: show_money(s.row.price), "price"),
        row(N_("You would pay, taxes included"), lambda s: show_money(s.pays), "pays"),
        row(N_("Days"), lambda s: show_number(s.days) if s.days else "—"),
        row(N_("Price a day"), _rate),
        row(N_("Start"), lambda s: show_date(s.standing.start_on) if s.standing.start_on else "—", "start"),
        row(N_("Lines"), lambda s: ", ".join(line.title for line in s.standing.lines)),
        row(N_("Course of the deal"), lambda s: gettext(names.get(s.row.process, s.row.process))),
        row(N_("Reviews"), lambda s: _rating(s.person)),
        row(N_("Claims checked at their source"), lambda s: show_number(s.person.proved) if s.person else "—"),
        row(N_("Where it stands"), lambda s: _line(s.row, "client").word),
        row(N_("Stands until"), lambda s: show_date(s.row.expires_at) if s.row.is_open else "—"),
        row(N_("In their words"), lambda s: s.standing.note or "—"),
    ]


def _side(row: ProposalRow, person: ProfileRow | None) -> _Side:
    standing = queries.rounds(reading(), row.id)[-1]
    quote = standing.quote
    if row.is_open:
        try:
            quote = price_now(Setting.of(row), standing.lines)
        except MarketwrightError:
            quote = standing.quote
    days = sum(line.days or 0 for line in standing.lines)
    return _Side(row, standing, truth(quote).client.total, person, days)


def _rate(side: _Side) -> str:
    by_day = [line for line in side.standing.lines if line.days]
    days = sum(line.days or 0 for line in by_day)
    if not days:
        return "—"
    return show_round_money(Money(int(sum(line.amount for line in by_day) / days), side.row.currency))


def _rating(person: ProfileRow | None) -> str:
    if person is None or person.rating is None:
        return gettext(N_("none yet"))
    count = ngettext("%(n)s review", "%(n)s reviews", person.rating_count)
    return f"{show_number(person.rating)} ({count})"


def _least(values: Sequence[int | None]) -> int | None:
    """Which column is the lowest, where several differ."""
    known = [v for v in values if v is not None]
    return values.index(min(known)) if len(set(known)) > 1 else None


