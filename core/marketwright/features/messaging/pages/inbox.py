"""The inbox: conversations, unread ones first, and the notices that other rooms have."""

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.messaging import queries
from marketwright.features.messaging.pages.base import Face, event_text, face, pages
from marketwright.features.messaging.ports import Notice, Notices, Offers
from marketwright.features.messaging.sides import WRITING
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.web.house import house, reading, the_viewer
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.names import capital
from marketwright.web.policy import SIGNED_IN
from marketwright.web.render import render

A_PAGE, NOTICES = 20, 12
KINDS = {
    "invitation": N_("Invitation"),
    "application": N_("Application"),
    "question": N_("Question"),
}
OFFER_STATES = {
    "accepted": N_("{Proposal} accepted"),
    "declined": N_("{Proposal} declined"),
    "expired": N_("{Proposal} expired"),
    "withdrawn": N_("{Proposal} withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One conversation in the list."""

    person: Face
    title: str
    url: str
    about: str
    last: str
    at: datetime
    unread: int


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one is in a long list."""

    page: int
    last: int
    url: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class InboxContext:
    """``threads`` of this page, ``count`` of all; ``side`` decides what an empty inbox offers."""

    threads: Sequence[Line]
    count: int
    unread: int
    notices: Sequence[Notice]
    pager: Pager
    side: str


@pages.get("/inbox", SIGNED_IN)
def inbox() -> BaseResponse:
    """The conversations of whoever is signed in."""
    me, session = the_viewer(), reading()
    count = queries.count_threads(session, me.account)
    last = max(1, -(-count // A_PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), last)
    rows = queries.inbox(session, me.account, limit=A_PAGE, offset=(page - 1) * A_PAGE)
    offers = house().ports.get(Offers)(session, [row.thread.id for row in rows])
    lines = [_line(row, _standing(row, offers.get(row.thread.id))) for row in rows]
    context = InboxContext(
        threads=lines, count=count, unread=queries.unread(session, me.account),
        notices=house().ports.get(Notices)(session, me.account, NOTICES),
        pager=Pager(page, last, lambda n: url_for("messaging.inbox", page=n)), side=me.side,
    )  # fmt: skip
    return render("messaging/inbox.html", context)


def _standing(row: queries.InboxRow, offer: object) -> str:
    """In a few words, what the conversation has come to."""
    state = getattr(offer, "state", "")
    if state == "open":
        if getattr(offer, "turn", "") != row.side:
            return gettext(N_("{Proposal}: their turn"))
        return gettext(N_("{Proposal}: your turn") if _writes(row) else N_("{Proposal}: your colleagues’ turn"))
    if state in OFFER_STATES:
        return gettext(OFFER_STATES[state])
    return gettext(N_("Conversation ended")) if row.thread.state == "declined" else gettext(KINDS[row.thread.kind])


def _writes(row: queries.InboxRow) -> bool:
    """Whether the viewer may answer for their side."""
    organisations = the_viewer().organisations
    return row.side == "freelancer" or any(o.id == row.thread.organisation and o.roles & WRITING for o in organisations)


def _line(row: queries.InboxRow, standing: str) -> Line:
    thread, mine = row.thread, row.side == "freelancer"
    client = thread.client(current_locale(), to_client=not mine)
    name = client if mine else thread.freelancer_name
    return Line(
        person=face(name, thread.organisation if mine else thread.freelancer, None if mine else thread.photo_file),
        title=capital(name), url=url_for("messaging.thread", thread=thread.id),
        about=f"{standing} · {thread.mission_title}", last=_excerpt(row), at=thread.last_at, unread=row.unread,
    )  # fmt: skip


def _excerpt(row: queries.InboxRow) -> str:
    message = row.last
    if message is None:
        return ""
    if message.kind == "event":
        known = row.thread.client(current_locale(), to_client=row.side == "client")
        theirs = message.author_name or row.thread.freelancer_name
        return event_text(message.text, message.params, known if message.side == "client" else theirs)
    if message.hidden_from(row.side):
        return gettext(N_("Hidden by the marketplace"))
    text = " ".join(message.text.split())[:180] or gettext(N_("(a file)"))
    return gettext(N_("You: %(text)s")) % {"text": text} if message.author == the_viewer().account else text
