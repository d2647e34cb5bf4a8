"""What the pages of the console share: the frame with its navigation, lists in pages, a reason asked for."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.operator.queries import SIZE
from marketwright.features.operator.tasks import Tasks, tasks
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.settings.marketplace import Stage
from marketwright.web.fields import TextField
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer
from marketwright.web.i18n import _
from marketwright.web.render import render
from marketwright.web.routing import Pages

pages = Pages("operator", prefix="/console")
MOST_PAGES = 10_000

ROLE_WORDS: dict[str, str] = {
    "admin": N_("Admin"), "moderator": N_("Moderation"), "vetter": N_("Vetting"), "finance": N_("Finance"),
    "support": N_("Support"), "auditor": N_("Audit"),
}  # fmt: skip
# (title, entries): (label, endpoint, icon, permission, task that it counts, whether the count is a worry)
NAVIGATION: tuple[tuple[str, tuple[tuple[str, str, str, str, str, bool], ...]], ...] = (
    (N_("Every day"), (
        (N_("Today"), "today", "home", "", "", False),
        (N_("Vetting"), "vetting", "verified", "vetting.read", "checks", False),
        (N_("{Mission.other}"), "missions", "layers", "missions.read", "missions", False),
        (N_("{Contract.other}"), "contracts", "pen", "contracts.read", "decisions", False),
        (N_("Reports"), "notices", "flag", "notices.decide", "notices", False),
        (N_("Finance"), "finance", "scale", "ledger.read", "", False),
        (N_("Payments"), "payments", "wallet", "ledger.read", "payments", True),
        (N_("Invoices"), "invoices", "file", "ledger.read", "", False),
    )),
    (N_("The market"), (
        (N_("People"), "people", "users", "people.read", "", False),
        (N_("{Client.other}"), "clients", "building", "people.read", "", False),
        (N_("Reviews"), "reviews", "star", "reviews.moderate", "", False),
        (N_("Skills"), "skills", "target", "settings.read", "", False),
    )),
    (N_("The house"), (
        (N_("Going live"), "live", "flag", "settings.read", "", False),
        (N_("Ledger"), "ledger", "book", "ledger.read", "", False),
        (N_("Pricing"), "pricing", "tag", "ledger.read", "", False),
        (N_("Ranking"), "ranking", "activity", "settings.read", "", False),
        (N_("Mails"), "mails", "mail", "mails.read", "", False),
        (N_("Jobs"), "jobs", "refresh", "jobs.read", "jobs", True),
        (N_("Who did what"), "log", "list", "audit.read", "", False),
        (N_("Staff"), "staff", "key", "staff.manage", "", False),
        (N_("Look"), "look", "eye", "settings.read", "", False),
        (N_("Plugins"), "plugins", "plug", "settings.read", "", False),
        (N_("Country"), "country", "flag", "settings.read", "", False),
        (N_("Pages"), "texts", "book", "settings.read", "", False),
        (N_("Words and menus"), "words", "edit", "settings.read", "", False),
        (N_("Settings"), "settings", "gear", "settings.read", "", False),
    )),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Console:
    """The frame of the console (``layout_console.html``)."""

    nav: list[tuple[str, list[tuple[str, str, str, bool, int, bool]]]]
    stage: str
    role: str
    left_out: tuple[str, ...] | None = None  # a safe start: the plugins that are not there; ``None`` otherwise


@dataclass(frozen=True, slots=True)
class Pager:
    """Pages of a list, as ``ui/lists.html`` draws them."""

    page: int
    last: int
    url: Callable[[int], str]


class Reason(Schema):
    """A reason in writing."""

    reason = TextField(longest=1000, lines=True, required=True)


def console(waiting: Tasks) -> Console:
    """Navigation for this viewer: what their permissions reach, with counts of what waits."""
    me, here = the_viewer(), (request.endpoint or "").partition(".")[2].split("_")[0]
    nav = []
    for title, entries in NAVIGATION:
        shown = [
            (_(label), url_for(f"operator.{name}"), sign, name == here, getattr(waiting, task) if task else 0, hot)
            for label, name, sign, permission, task, hot in entries
            if not permission or me.may(permission)
        ]
        if shown:
            nav.append((_(title), shown))
    stage = house().marketplace.stage
    roles = ", ".join(_(ROLE_WORDS[r]) for r in ROLE_WORDS if r in me.staff_roles)
    left_out = house().left_out if house().marketplace.safe else None
    return Console(nav, "" if stage is Stage.LIVE else str(stage), roles, left_out)


def show(template: str, context: object, *, status: int = 200) -> BaseResponse:
    """A page of the console: the one place where its frame is put together."""
    frame = console(tasks(reading(), house().plugins))
    return render(f"operator/{template}", context, status=status, around={"console": frame, "may": the_viewer().may})


def page_number() -> int:
    """The page asked for; the first for anything that is none."""
    asked = request.args.get("page", "1")
    return min(int(asked), MOST_PAGES) if asked.isascii() and asked.isdigit() and asked != "0" else 1


def argument(name: str, longest: int = 120) -> str:
    """A filter as typed in the address, without what no text has."""
    return "".join(c for c in request.args.get(name, "") if c.isprintable()).strip()[:longest]


def chosen(name: str, allowed: Sequence[str], default: str = "") -> str:
    """A filter that is one of a list."""
    asked = request.args.get(name, default)
    return asked if asked in allowed else default


def pager(total: int, page: int, size: int = SIZE) -> Pager:
    """The pages of a list of ``total`` rows; filters stay in the addresses."""
    kept: dict[str, Any] = {k: v for k, v in request.args.items() if k != "page" and v}

    def url(number: int) -> str:
        return url_for(str(request.endpoint), **(request.view_args or {}), **kept, page=number)

    return Pager(page, max(1, -(-total // size)), url)


def here(**changed: str) -> str:
    """This page with other filters; an empty one is left out, and the list begins anew."""
    kept: dict[str, Any] = {k: v for k, v in {**request.args.to_dict(), **changed}.items() if v and k != "page"}
    return url_for(str(request.endpoint), **(request.view_args or {}), **kept)


def tabs(name: str, choices: Sequence[tuple[str, str, int | None]]) -> list[tuple[str, str, bool, int | None]]:
    """Tabs over one filter: (label, address, current, count)."""
    current = request.args.get(name, "")
    known = {value for value, _label, _count in choices}
    current = current if current in known else choices[0][0]
    return [(label, here(**{name: value}), value == current, count) for value, label, count in choices]


def reason_form() -> Form:
    """An empty form for a reason."""
    return Form(Reason())
