"""One conversation: what was said, the mission beside it, and what can be done next."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flask import redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.messaging import queries, service
from marketwright.features.messaging.briefs import Brief, brief
from marketwright.features.messaging.pages.base import (
    Draft,
    Face,
    MessageSchema,
    ReasonSchema,
    Shown,
    event_text,
    face,
    pages,
    take,
    text_markup,
)
from marketwright.features.messaging.ports import Offer, Offers
from marketwright.features.messaging.queries import MessageRow, ThreadRow
from marketwright.features.messaging.sides import WRITING, roles_for, side_of
from marketwright.features.notices.words import CATEGORIES
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.web.errors import sentence
from marketwright.web.formats import local, show_date
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.limits import keep_within
from marketwright.web.policy import SIGNED_IN
from marketwright.web.render import render, tell

STRANGERS = SIGNED_IN.objects("the freelancer of the conversation and members of its client")


@dataclass(frozen=True, slots=True)
class ThreadContext:
    """Everything of the page; ``side`` is the reader's, ``other`` the name of who they talk with."""

    thread: ThreadRow
    side: str
    other: str
    other_url: str
    person: Face
    messages: Sequence[Shown]
    mission: Brief
    offer: Offer | None
    draft: Draft
    refusal: Form
    may_write: bool
    ended_by_me: bool


def find_thread(thread: str) -> tuple[ThreadRow, str]:
    """The conversation and the viewer's side in it; ``NotFound`` to strangers."""
    row = queries.thread(reading(), thread)
    side = side_of(reading(), row.organisation, row.freelancer, the_viewer().account) if row else ""
    if row is None or not side:
        raise NotFound("There is no such conversation.")
    return row, side


@pages.form("/threads/<thread>", STRANGERS)
def thread(thread: str) -> BaseResponse:
    """Read, and write."""
    row, side = find_thread(thread)
    draft = Draft(Form(MessageSchema()))
    if request.method == "POST":
        draft = take(MessageSchema(), row.organisation, row.freelancer)
        if draft.ready and _posted(draft, thread):
            return redirect(url_for("messaging.thread", thread=thread) + "#end", 303)
    if draft.form.errors:
        row, side = find_thread(thread)  # as it is by now
    return _page(row, side, draft, Form(ReasonSchema()), status=422 if draft.form.errors else 200)


def _posted(draft: Draft, thread: str) -> bool:
    try:
        keep_within("messages")
        with unit() as uow:
            service.post(uow, thread=thread, text=draft.form.value["text"], files=[f.id for f in draft.kept])
            uow.commit()
    except InvalidInput as error:
        draft.form.refuse(error)
        return False
    except Conflict as conflict:
        draft.form.errors.setdefault("", []).append(sentence(conflict))
        return False
    return True


@pages.post("/threads/<thread>/decline", STRANGERS)
def decline(thread: str) -> BaseResponse:
    """Say no, with a reason."""
    _row, side = find_thread(thread)
    form = Form(ReasonSchema())
    if form.accept(request.form) and _declined(form, thread):
        tell(gettext("Your answer was sent, with its reason."))
        return redirect(url_for("messaging.thread", thread=thread), 303)
    return _page(find_thread(thread)[0], side, Draft(Form(MessageSchema())), form, status=422)


def _declined(form: Form, thread: str) -> bool:
    try:
        with unit() as uow:
            service.decline(uow, thread=thread, reason=form.value["reason"])
            uow.commit()
    except Conflict as conflict:
        form.errors["reason"] = [sentence(conflict)]
        return False
    return True


def _page(row: ThreadRow, side: str, draft: Draft, refusal: Form, *, status: int) -> BaseResponse:
    session, me = reading(), the_viewer().account
    mission = brief(session, row.mission, current_locale())
    if mission is None:
        raise NotFound("There is no such {mission}.")
    client = row.client(current_locale(), to_client=side == "client")
    freelancer_face = face(row.freelancer_name, row.freelancer, row.photo_file)
    faces = {"freelancer": freelancer_face, "client": face(client, row.organisation)}
    messages = _shown(row, side, client, faces)
    other = client if side == "freelancer" else row.freelancer_name
    context = ThreadContext(
        thread=row, side=side, other=other, person=faces["client" if side == "freelancer" else "freelancer"],
        other_url=f"/freelancers/{row.freelancer}" if side == "client" else _client_url(row),
        messages=messages, mission=mission, offer=house().ports.get(Offers)(session, [row.id]).get(row.id),
        draft=draft, refusal=refusal, ended_by_me=row.declined_by == side,
        may_write=side == "freelancer" or bool(roles_for(session, row.organisation, me) & WRITING),
    )  # fmt: skip
    response = render("messaging/thread.html", context, status=status)
    _mark(row.id, messages)
    return response


def _client_url(row: ThreadRow) -> str:
    return f"/clients/{row.organisation}" if row.named or row.has_contract else ""


def _mark(thread: str, messages: Sequence[Shown]) -> None:
    """Remember that the reader has seen what was shown, where there was something new."""
    if any(m.fresh for m in messages):
        with unit() as uow:
            service.mark_read(uow, thread=thread, until=messages[-1].at)
            uow.commit()


def _shown(row: ThreadRow, side: str, client: str, faces: dict[str, Face]) -> list[Shown]:
    session, me = reading(), the_viewer().account
    seen = queries.read_by_other_side(session, row, side)
    mine_until = queries.read_until(session, row.id, me)
    unnamed = side == "freelancer" and row.hides_client
    found: list[Shown] = []
    day = ""
    for message in queries.messages(session, row.id):
        today = show_date(local(message.at).date(), "EEEE d MMMM y")
        fresh = message.side != side and (mine_until is None or message.at > mine_until)
        own = client if message.side == "client" else row.freelancer_name
        author = own if unnamed and message.side == "client" else message.author_name or own
        shown = _one(message, author, me, faces[message.side], seen, today if today != day else "", fresh)
        found.append(_moderated(shown, message, side) if message.kind == "text" else shown)
        day = today
    return found


def _one(
    message: MessageRow, author: str, me: str, person: Face, seen: datetime | None, day: str, fresh: bool  # noqa: FBT001
) -> Shown:  # fmt: skip
    event = event_text(message.text, message.params, author) if message.kind == "event" else ""
    text = Markup("") if event else text_markup(message.text) + _answers(message)
    return Shown(
        author=author, mine=message.author == me, at=message.at, day=day, fresh=fresh, event=event, text=text,
        person=person, seen=seen is not None and message.at <= seen,
        files=[(f.name, f"/files/{f.id}") for f in message.files],
    )  # fmt: skip


def _moderated(shown: Shown, message: MessageRow, side: str) -> Shown:
    """The message without what staff hid of it, and where it can be reported."""
    why = gettext(CATEGORIES.get(message.hidden, CATEGORIES["other"]))
    if message.hidden_from(side):
        said = gettext("Hidden by the marketplace: %(why)s", why=why)
        return replace(shown, text=Markup('<p class="muted">{}</p>').format(said), files=())
    note = gettext("The marketplace hid this from the other side: %(why)s", why=why) if message.hidden else ""
    return replace(shown, note=note, report="" if shown.mine or message.author is None
                   else url_for("notices.message", message=message.id))  # fmt: skip


def _answers(message: MessageRow) -> Markup:
    """The answers to the mission's questions, below the message that came with them."""
    pairs = (
        Markup('<p class="small muted">{}</p>').format(question) + text_markup(answer)
        for question, answer in message.answers
    )
    return Markup("").join(pairs)
