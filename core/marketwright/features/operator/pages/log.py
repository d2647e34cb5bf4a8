"""The audit log: who did what."""

from datetime import datetime

from flask import Response
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.operator import queries
from marketwright.features.operator.exports import MOST, csv_file
from marketwright.features.operator.pages.base import Pager, argument, page_number, pager, pages, show
from marketwright.features.operator.queries import AuditLine
from marketwright.features.operator.wording import action_words
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.web.house import reading
from marketwright.web.i18n import _
from marketwright.web.policy import staff


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


_SIDES = {"client": N_("{client}"), "freelancer": N_("{freelancer}")}


def shown_line(line: AuditLine) -> ShownLine:
    """One line as a page shows it."""
    details = [
        (k.replace("_", " "), _(_SIDES[v]) if isinstance(v, str) and v in _SIDES else _plain(v))
        for k, v in line.details.items() if v or (v == 0 and v is not False)
    ]  # fmt: skip
    return ShownLine(line.seq, line.at, line.actor_name or line.actor, action_words(line.action), line.action,
                     line.subject, details, line.request_id)  # fmt: skip


def _plain(value: object) -> str:
    if value is True:
        return _("yes")
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
    return show("log.html", LogContext([shown_line(x) for x in found.rows], found.total, pager(found.total, page),
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
