"""Beginning a conversation: apply, ask, invite."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts.ports import Gate
from marketwright.features.messaging import queries, service
from marketwright.features.messaging.briefs import Brief, brief, missions_to_invite_for
from marketwright.features.messaging.pages.base import Draft, Face, face, pages, take
from marketwright.features.messaging.service import LONGEST
from marketwright.features.missions import queries as missions
from marketwright.features.missions.first import Early, early
from marketwright.features.missions.sight import may_see
from marketwright.features.profiles.queries import ProfileRow, profile
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, Missing, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.web.errors import sentence
from marketwright.web.fields import TextField
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext, translate
from marketwright.web.limits import keep_within
from marketwright.web.policy import FREELANCER, client_with
from marketwright.web.render import render, tell

WHO_SEES = FREELANCER.objects("freelancers who may see the mission")
INVITING = client_with("buyer").objects("owners and buyers, for freelancers whom they may see")
LONGEST_ANSWER = 2000


@dataclass(frozen=True, slots=True)
class OpeningContext:
    """The page of an application or a question; ``missing`` is what the gate ``contact`` still asks for.

    ``early`` where the mission is not open to everybody yet.
    """

    mission: Brief
    questions: Sequence[str]
    draft: Draft
    kind: str
    missing: Sequence[Missing]
    early: Early | None


@dataclass(frozen=True, slots=True)
class InviteContext:
    """The page of an invitation; ``missions`` are the viewer's published ones."""

    freelancer: ProfileRow
    person: Face
    missions: Sequence[tuple[str, str]]
    draft: Draft


class OpeningSchema(Schema):
    """The first message."""

    text = TextField(longest=LONGEST, lines=True, required=True)


class InviteSchema(OpeningSchema):
    """The first message, and the mission it is about."""

    mission = TextField(longest=16, required=True)


def application_schema(questions: Sequence[str]) -> Schema:
    """The first message and an answer to each question, as ``answer_1`` and so on."""
    answers: dict[str, Any] = {
        f"answer_{n}": TextField(longest=LONGEST_ANSWER, lines=True, required=True)
        for n in range(1, len(questions) + 1)
    }
    return Schema.from_dict({**OpeningSchema().declared_fields, **answers})()


def open_mission(mission: str) -> Brief:
    """A mission that the viewer may apply to or ask about; ``NotFound`` where they may not know of it.

    ``Conflict`` where it takes nobody any more; what was typed before it did is taken, and the service refuses it.
    """
    row = missions.mission(reading(), mission)
    found = brief(reading(), mission, current_locale())
    if row is None or found is None or not may_see(reading(), house().ports, row, the_viewer()):
        raise NotFound("There is no such {mission}.")
    if found.state != "published" and request.method != "POST":
        raise Conflict("This {mission} takes nobody any more.", state=found.state)
    return found


@pages.form("/missions/<mission>/apply", WHO_SEES)
def apply(mission: str) -> BaseResponse:
    """Apply: a first message, and an answer to each of the mission's questions."""
    found = open_mission(mission)
    row = queries.thread_of(reading(), mission, the_viewer().account)
    if row is not None and row.applied_at is not None:
        return redirect(url_for("messaging.thread", thread=row.id), 303)
    asked = missions.questions(reading(), mission)
    return _opening(found, "application", application_schema(asked), asked)


@pages.form("/missions/<mission>/ask", WHO_SEES)
def ask(mission: str) -> BaseResponse:
    """Ask a question before applying; who has a conversation already goes on in it."""
    found = open_mission(mission)
    row = queries.thread_of(reading(), mission, the_viewer().account)
    if row is not None:
        return redirect(url_for("messaging.thread", thread=row.id), 303)
    return _opening(found, "question", OpeningSchema(), ())


def _opening(mission: Brief, kind: str, schema: Schema, asked: Sequence[str]) -> BaseResponse:
    me = the_viewer().account
    draft = Draft(Form(schema))
    if request.method == "POST":
        watched = ("text", *(f"answer_{n}" for n in range(1, len(asked) + 1)))
        draft = take(schema, mission.organisation, me, watched=watched)
        thread = ""
        if (before := _read(asked)) != list(asked):
            _under_new_questions(draft.form, before, asked)
        elif draft.ready:
            thread = _begin(draft, mission.id, me, kind, asked)
        if thread:
            tell(gettext("Your application was sent.") if kind == "application" else gettext("Your question was sent."))
            return redirect(url_for("messaging.thread", thread=thread), 303)
    missing = list(house().ports.get(Gate).missing(reading(), "contact", "freelancer", me))
    first = early(reading(), house().marketplace, mission=mission.id, published_at=mission.published_at,
                  freelancer=me, now=house().clock.business())  # fmt: skip
    if first is not None and first.missing is not None:
        missing.append(first.missing)
    context = OpeningContext(mission, asked, draft, kind, missing, first)
    return render("messaging/open.html", context, status=422 if draft.form.errors else 200)


def _read(asked: Sequence[str]) -> list[str]:
    """The questions that stood in the form that was sent; those of now where it named none."""
    count = sum(1 for name in request.form if name.startswith("question_"))
    return [request.form.get(f"question_{n}", "") for n in range(1, count + 1)] or list(asked)


def _under_new_questions(form: Form, before: Sequence[str], asked: Sequence[str]) -> None:
    """Show the form with other questions: each answer under the question it was written to, what has none in the text.

    Nobody answers a question that they have not read.
    """
    typed = {question: str(form.get(f"answer_{n}")).strip() for n, question in enumerate(before, 1)}
    for n, question in enumerate(asked, 1):
        form.values[f"answer_{n}"] = typed.pop(question, "")
    left = [f"{question}\n{answer}" for question, answer in typed.items() if answer]
    form.values["text"] = "\n\n".join([str(form.get("text")), *left])
    form.errors = {"": [gettext(service.OTHER_QUESTIONS)]}


def _begin(draft: Draft, mission: str, freelancer: str, kind: str, asked: Sequence[str] = ()) -> str:
    """Open the thread; '' when the service refused and the form says why."""
    value = draft.form.value
    answers = [(question, value[f"answer_{n}"]) for n, question in enumerate(asked, 1)]
    try:
        keep_within("conversations")
        with unit() as uow:
            thread = service.open_thread(
                uow, mission=mission, freelancer=freelancer, kind=kind, text=value["text"],
                files=[f.id for f in draft.kept], answers=answers,
            )  # fmt: skip
            uow.commit()
    except InvalidInput as error:
        draft.form.refuse(error)
        return ""
    except GateClosed as closed:
        what = "; ".join(translate(m.label) for m in closed.missing)
        draft.form.refuse(InvalidInput({"": [say("Not sent yet: something is still missing (%(what)s).", what=what)]}))
        return ""
    except Conflict as conflict:
        draft.form.errors.setdefault("", []).append(sentence(conflict))
        return ""
    return thread


@pages.form("/freelancers/<freelancer>/invite", INVITING)
def invite(freelancer: str) -> BaseResponse:
    """Invite somebody to one of one's missions."""
    row = profile(reading(), freelancer)
    if row is None or row.suspended or not row.listed:
        raise NotFound("There is no such person.")
    mine = [o.id for o in the_viewer().organisations if o.roles & {"owner", "buyer"}]
    published = missions_to_invite_for(reading(), mine)
    draft = Draft(Form(InviteSchema(), {"mission": request.args.get("mission", "")}))
    if request.method == "POST":
        thread, draft = _invited(row.id, published)
        if thread:
            tell(gettext("Your invitation was sent."))
            return redirect(url_for("messaging.thread", thread=thread), 303)
    context = InviteContext(row, face(row.name, row.id, row.photo_file), published, draft)
    return render("messaging/invite.html", context, status=422 if draft.form.errors else 200)


def _invited(freelancer: str, mine: Sequence[tuple[str, str]]) -> tuple[str, Draft]:
    chosen = request.form.get("mission", "")
    found = brief(reading(), chosen, current_locale())
    if found is None or chosen not in {id_ for id_, _ in mine}:
        draft = take(InviteSchema(), "", freelancer)
        draft.form.errors.setdefault("mission", [gettext("Please choose one of your published {mission.other}.")])
        return "", draft
    draft = take(InviteSchema(), found.organisation, freelancer)
    return (_begin(draft, chosen, freelancer, "invitation") if draft.ready else ""), draft


