"""Mails: what was written to whom, and its text without the secrets of its link."""

from datetime import datetime

from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.notifications import queries
from marketwright.features.notifications.queries import MailRow
from marketwright.features.operator.pages.base import Pager, argument, page_number, pager, pages, show
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.settings.marketplace import Stage
from marketwright.web.house import house, reading, unit
from marketwright.web.policy import staff


@dataclass(frozen=True, slots=True)
class MailsContext:
    """Mails that match a search, newest first; ``kept`` says that none leaves the house."""

    mails: list[MailRow]
    total: int
    pager: Pager
    search: str
    kept: bool


@dataclass(frozen=True, slots=True)
class MailContext:
    """One mail; ``link`` is shown below the live stage only, since it opens what its reader may open."""

    id: str
    address: str
    subject: str
    body: list[str]
    action: str
    link: str
    state: str
    error: str
    created_at: datetime
    sent_at: datetime | None
    kind: str


@pages.get("/mails", staff("mails.read"))
def mails() -> BaseResponse:
    """What was sent, or kept."""
    search, page = argument("search"), page_number()
    found, total = queries.mails(reading(), search=search, page=page)
    kept = not house().marketplace.mail.smtp
    return show("mails.html", MailsContext(found, total, pager(total, page), search, kept))


@pages.get("/mails/<mail>", staff("mails.read").objects("staff reads every mail; none there is 404"))
def mails_one(mail: str) -> BaseResponse:
    """One mail; the audit log says who read it."""
    found = queries.mail(reading(), mail)
    if found is None:
        raise NotFound("There is no such mail.")
    context = MailContext(
        found.id, found.address, found.subject, list(found.body), found.action_label,
        found.action_url if house().marketplace.stage is not Stage.LIVE else "", found.state, found.error,
        found.created_at, found.sent_at, found.kind,
    )  # fmt: skip
    with unit() as uow:
        uow.audit("mail.read", mail)
        uow.commit()
    return show("mail.html", context)
