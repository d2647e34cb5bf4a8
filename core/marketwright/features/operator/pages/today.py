"""The first page: what waits for this person, and the last weeks."""

from dataclasses import field
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.desk.meters import calls
from marketwright.features.operator import figures, queries
from marketwright.features.operator.pages.ages import held_ages
from marketwright.features.operator.pages.base import pages, show
from marketwright.features.operator.pages.live import LiveCard, card
from marketwright.features.operator.pages.log import ShownLine, shown_lines
from marketwright.features.operator.tasks import Unanswered, tasks, unanswered
from marketwright.features.vetting import queries as vetting
from marketwright.features.vetting.checks import Asked
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money, Sum
from marketwright.web.formats import show_date, show_round_money
from marketwright.web.house import house, reading, the_viewer
from marketwright.web.i18n import _, ngettext, translate
from marketwright.web.policy import STAFF

MOST_UNANSWERED = 20
FAILED_OF_LATE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits: how much, where, and whether it is a worry; ``behind`` lists what to open one by one."""

    text: str
    url: str
    icon: str
    hot: bool
    behind: list[tuple[str, str, str]] = field(default_factory=list)  # a title, its address, since when
    more: int = 0  # those that wait besides


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its last weeks; ``label`` is what somebody hears who does not see the drawing."""

    what: str
    value: str
    note: str
    numbers: list[int]
    label: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The head of the vetting queue."""

    name: str
    url: str
    check: str
    since: datetime


@dataclass(frozen=True, slots=True)
class TodayContext:
    """Everything on the first page; lists are empty where the viewer's roles do not reach."""

    today: datetime
    tasks: list[Task]
    figures: list[Figure]
    queue: list[Waiting]
    lines: list[ShownLine]
    missing: list[str]
    held: list[tuple[str, float, str, Money]]
    live: LiveCard | None


@pages.get("", STAFF)
def today() -> BaseResponse:
    """What waits, and how the marketplace does."""
    session, me, now = reading(), the_viewer(), house().clock.business()
    queue = vetting.queue(session, limit=6) if me.may("vetting.read") else []
    labels = house().ports.get(Asked).labels
    context = TodayContext(
        today=now, tasks=_tasks(), figures=_figures(now),
        queue=[
            Waiting(r.name, url_for("operator.vetting_run", run=r.id), translate(labels.get(r.check, r.check)),
                    r.started_at)
            for r in queue
        ],
        lines=shown_lines(queries.audit(session, size=6).rows) if me.may("audit.read") else [],
        missing=list(house().missing) if me.may("settings.read") else [],
        held=held_ages(now) if me.may("ledger.read") else [],
        live=card(),
    )  # fmt: skip
    return show("today.html", context)


def _tasks() -> list[Task]:
    me, now = the_viewer(), tasks(reading(), house().plugins)
    found = [
        (now.payments, "ledger.read", "payments", "warn", True,
         ngettext("%(num)s payment request has no answer", "%(num)s payment requests have no answer", now.payments)),
        (now.decisions, "contracts.read", "contracts", "scale", False,
         ngettext("%(num)s deal waits for a decision", "%(num)s deals wait for a decision", now.decisions)),
        (now.checks, "vetting.read", "vetting", "verified", False,
         ngettext("%(num)s check waits for a person", "%(num)s checks wait for a person", now.checks)),
        (now.missions, "missions.read", "missions", "layers", False,
         ngettext("%(num)s {mission} waits to be read", "%(num)s {mission.other} wait to be read", now.missions)),
        (now.notices, "notices.decide", "notices", "flag", False,
         ngettext("%(num)s report waits for a decision", "%(num)s reports wait for a decision", now.notices)),
        (now.jobs, "jobs.read", "jobs", "refresh", True,
         ngettext("%(num)s job has given up", "%(num)s jobs have given up", now.jobs)),
    ]  # fmt: skip
    filters: dict[str, dict[str, Any]] = {
        "contracts": {"state": "DECIDE"}, "missions": {"state": "waiting"}, "jobs": {"state": "dead"},
        "payments": {"state": "open"},
    }  # fmt: skip
    return [
        Task(text, url_for(f"operator.{page}", **filters.get(page, {})), sign, hot)
        for count, permission, page, sign, hot, text in found
        if count and me.may(permission)
    ] + (_unanswered() if me.may("matches.place") else []) + (_failing() if me.may("settings.read") else [])


def _failing() -> list[Task]:
    """Enabled plugins of which something failed within a day."""
    after, enabled = house().clock.machine() - FAILED_OF_LATE, {p.name for p in house().plugins.enabled}
    failed = {row.plugin: row.what for row in reversed(calls(reading()))
              if row.plugin in enabled and row.last_error_at and row.last_error_at >= after}  # fmt: skip
    return [
        Task(_("The plugin %(plugin)s failed of late, in %(what)s", plugin=plugin, what=what),
             url_for("operator.plugins_one", name=plugin), "plug", hot=True)
        for plugin, what in sorted(failed.items())
    ]  # fmt: skip


def _unanswered() -> list[Task]:
    """Missions that nobody answered for as many days as the operator says: staff may put somebody on their lists."""
    days = house().marketplace.ranking.unanswered_days
    count, oldest = unanswered(reading(), house().clock.business() - timedelta(days=days), MOST_UNANSWERED)
    if not count:
        return []
    text = ngettext("%(num)s {mission} has no answer yet: put somebody on its list",
                    "%(num)s {mission.other} have no answer yet: put somebody on their lists", count)  # fmt: skip
    behind = [(m.title, url_for("matching.place", mission=m.id), _stands(m)) for m in oldest]
    return [Task(text, "", "clock", hot=False, behind=behind, more=count - len(oldest))]


def _stands(mission: Unanswered) -> str:
    said = [_("published on %(date)s", date=show_date(mission.since))]
    said += [_("by invitation of the {client}")] if mission.invited else []
    if mission.placed:
        said.append(ngettext("%(num)s put on its list already", "%(num)s put on its list already", mission.placed))
    return ", ".join(said)


def _figures(now: datetime) -> list[Figure]:
    me, currency = the_viewer(), house().marketplace.currency
    weeks = figures.weeks(reading(), now, currency)
    found = []
    for permission, what, course in (
        ("people.read", _("Sign-ups"), weeks.sign_ups),
        ("missions.read", _("{Mission.other} published"), weeks.missions),
        ("contracts.read", _("{Contract.other} signed"), weeks.contracts),
    ):  # fmt: skip
        if me.may(permission):
            label = _("%(what)s in each of the last ten weeks: %(numbers)s", what=what,
                      numbers=", ".join(map(str, course.numbers)))  # fmt: skip
            note = _("this week; %(n)s the week before", n=course.before)
            found.append(Figure(what, str(course.now), note, course.numbers, label))
    if me.may("ledger.read"):
        money = [show_round_money(Sum(n, currency)) for n in weeks.held.numbers]
        label = _("%(what)s in each of the last ten weeks: %(numbers)s", what=_("Money held"), numbers=", ".join(money))
        note = _("now; %(amount)s on %(date)s", amount=money[-2], date=show_date(weeks.begin[-1], "d MMM"))
        found.append(Figure(_("Money held"), money[-1], note, weeks.held.numbers, label))
    return found
