"""The audit log: who did what."""

from collections.abc import Iterable
from datetime import datetime

from flask import Response
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts import registry
from marketwright.features.matching.queries import names as people
from marketwright.features.operator import queries
from marketwright.features.operator.deeds import action_words, detail_words, who_words
from marketwright.features.operator.exports import MOST, csv_file
from marketwright.features.operator.pages.base import Pager, argument, page_number, pager, pages, show
from marketwright.features.operator.queries import AuditLine
from marketwright.features.vetting.checks import checks_of
from marketwright.kernel.frozen import dataclass
from marketwright.web.house import house, reading
from marketwright.web.i18n import translate
from marketwright.web.policy import staff

WHOM = ("freelancer",)  # details that hold the id of a person


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line: when, who, what in plain words, what about, details as (name, value)."""

    seq: int
    at: datetime
    who: str
    what: str
    action: str
    subject: str
    details: list[tuple[str, str]]
    request_id: str


@dataclass(frozen=True, slots=True)
class LogContext:
    """The log with its filters."""

    lines: list[ShownLine]
    total: int
    pager: Pager
    action: str
    who: str
    subject: str
    csv: dict[str, str]


def shown_lines(lines: Iterable[AuditLine]) -> list[ShownLine]:
    """Lines as a page shows them."""
    lines = list(lines)
    names, currency = _names(lines), house().marketplace.currency
    return [
        ShownLine(x.seq, x.at, _who(x), action_words(x.action), x.action, x.subject,
                  [said for k, v in x.details.items() if (said := detail_words(k, v, names=names, currency=currency))],
                  x.request_id)
        for x in lines
    ]  # fmt: skip


def _who(line: AuditLine) -> str:
    return who_words(line.actor, line.actor_name)


def _names(lines: Iterable[AuditLine]) -> dict[str, str]:
    plugins = house().plugins
    checks = {name: translate(e.it.label) for name, e in checks_of(plugins).items()}
    conditions = {name: translate(e.it.label) for name, e in plugins.conditions.items()}
    courses = registry.processes(plugins).values()
    words = {s.name: translate(s.label) for p in courses for s in p.states}
    words |= {t.name: translate(t.label) for p in courses for t in p.transitions}
    words |= {f"{p.name} {p.version}": translate(p.label) for p in courses}
    about = {str(x.details[k]) for x in lines for k in WHOM if k in x.details}
    return words | checks | conditions | (people(reading(), sorted(about)) if about else {})


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(v) for v in value)
    if isinstance(value, dict):
        return ", ".join(f"{k}: {_plain(v)}" for k, v in value.items())
    return str(value)


@pages.get("/log", staff("audit.read"))
def log() -> BaseResponse:
    """The audit log, filtered by deed, person and subject."""
    asked = {"action": argument("action"), "who": argument("who"), "subject": argument("subject")}
    page = page_number()
    found = queries.audit(reading(), page=page, action=asked["action"], who=asked["who"], subject=asked["subject"])
    kept = {k: v for k, v in asked.items() if v}
    return show("log.html", LogContext(shown_lines(found.rows), found.total, pager(found.total, page),
                                       **asked, csv=kept))  # fmt: skip


@pages.get("/log.csv", staff("audit.read").limited("exports"))
def log_csv() -> Response:
    """The same as a file, up to ten thousand lines."""
    found = queries.audit(
        reading(), action=argument("action"), who=argument("who"), subject=argument("subject"), size=MOST
    )
    heads = ("number", "at", "actor", "name", "action", "subject", "details", "request", "address")
    rows = ((x.seq, x.at, x.actor, x.actor_name, x.action, x.subject, _plain(x.details), x.request_id, x.address)
            for x in found.rows)  # fmt: skip
    return csv_file("audit-log", heads, rows)
