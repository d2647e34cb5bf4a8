"""Making a proposal: lines, start, note; the quote for both sides before anything is sent."""

from collections.abc import Sequence
from dataclasses import replace

from flask import redirect, request, url_for
from marshmallow import EXCLUDE, ValidationError
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts.queries import identity
from marketwright.features.messaging import queries as threads
from marketwright.features.messaging import service as messaging
from marketwright.features.messaging.briefs import Brief, brief
from marketwright.features.messaging.pages.openings import open_mission
from marketwright.features.messaging.queries import ThreadRow
from marketwright.features.missions import queries as missions
from marketwright.features.pricing.receipts import Truth
from marketwright.features.profiles.queries import profile
from marketwright.features.proposals import agreed, queries, service
from marketwright.features.proposals.agreed import AgreedPart
from marketwright.features.proposals.offers import Offer, OfferLine, days_line
from marketwright.features.proposals.pages.base import (
    Setting,
    by_day,
    course,
    courses_for,
    default_validity,
    labels,
    pages,
    price_now,
    shown_truth,
    validity,
)
from marketwright.features.proposals.schemas import offer_of, offer_schema, typed
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, MarketwrightError, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.web.errors import sentence
from marketwright.web.forms import Form, gather
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.limits import keep_within
from marketwright.web.policy import FREELANCER
from marketwright.web.render import render, tell

MAKING = FREELANCER.objects("the freelancer of the conversation, or one who may apply to the mission")


@dataclass(frozen=True, slots=True)
class MakingContext:
    """The page of a new proposal. ``truth`` is the quote of what is typed, or ``trouble`` says why there is none."""

    mission: Brief
    form: Form
    lines: int
    labels: dict[str, str]
    courses: Sequence[tuple[str, str, str]]
    agreed: Sequence[AgreedPart]
    validity: Sequence[tuple[str, str]]
    truth: Truth | None
    trouble: str
    needs_identity: bool
    back: str
    by_day: bool


@pages.form("/threads/<thread>/propose", MAKING, endpoint="in_thread")
def in_thread(thread: str) -> BaseResponse:
    """A proposal in a conversation; where one is open, that one."""
    row = threads.thread(reading(), thread)
    if row is None or row.freelancer != the_viewer().account:
        raise NotFound("There is no such conversation.")
    found = brief(reading(), row.mission, current_locale())
    if found is None:
        raise NotFound("There is no such {mission}.")
    open_one = queries.open_in_thread(reading(), thread)
    if open_one:
        return redirect(url_for("proposals.show", proposal=open_one), 303)
    return _make(found, row)


@pages.form("/missions/<mission>/propose", MAKING, endpoint="to_mission")
def to_mission(mission: str) -> BaseResponse:
    """A proposal straight from a mission: it begins the conversation."""
    row = threads.thread_of(reading(), mission, the_viewer().account)
    if row is not None:
        return redirect(url_for("proposals.in_thread", thread=row.id), 303)
    found = open_mission(mission)
    if missions.questions(reading(), mission):
        tell(gettext("This {client} asks a few questions first; {proposal.a} follows in the conversation."), "info")
        return redirect(url_for("messaging.apply", mission=mission), 303)
    return _make(found, None)


def _make(mission: Brief, thread: ThreadRow | None) -> BaseResponse:
    asked = agreed.schema_fields(house().plugins, courses_for(mission.fields))
    form = Form(offer_schema(mission.currency, asked), _first_guess(mission))
    if request.method == "POST":
        valid = form.accept_rows(request.form, "lines", "title")
        sent = _send(form, mission, thread) if valid and "preview" not in request.form else ""
        if sent:
            return redirect(url_for("proposals.show", proposal=sent), 303)
    return _page(form, mission, thread)


def _page(form: Form, mission: Brief, thread: ThreadRow | None) -> BaseResponse:
    truth, trouble = quote_typed(form, _setting(mission, form))
    lines = form.count("lines")
    offered = courses_for(mission.fields)
    context = MakingContext(
        mission=mission, form=form, lines=lines, labels=labels(form, lines), validity=validity(),
        courses=[(c.name, gettext(c.label), gettext(c.summary) if c.summary else "") for c in offered],
        agreed=agreed.parts(house().plugins, offered), truth=truth, trouble=trouble,
        back=f"/threads/{thread.id}" if thread else f"/missions/{mission.id}",
        by_day=any(c.by_day for c in offered),
        needs_identity=identity(reading(), "freelancer", the_viewer().account) is None,
    )  # fmt: skip
    return render("proposals/make.html", context, status=422 if form.errors else 200)


def _setting(mission: Brief, form: Form) -> Setting:
    return Setting(
        mission.organisation, the_viewer().account, mission.currency, mission.id, str(form.get("process") or "")
    )


def quote_typed(form: Form, where: Setting) -> tuple[Truth | None, str]:
    """The quote of what stands in the form, as typed; or why there is none (a sentence, '' while it is incomplete)."""
    try:
        value = form.schema.load(gather(form.values), unknown=EXCLUDE)
        return shown_truth(where, offer_of(value, by_day=by_day(where.process))), ""
    except (ValidationError, InvalidInput):
        return None, ""  # incomplete: the form says so itself when it is sent
    except MarketwrightError as error:
        return None, sentence(error)


def _first_guess(mission: Brief) -> dict[str, object]:
    """A form that can be sent as it is: the mission's own days at one's own price a day."""
    me = profile(reading(), the_viewer().account)
    rate = me.day_rate if me and me.currency == mission.currency else None
    budget = mission.budget.amount if mission.budget else None
    line = OfferLine(mission.title, 0)
    if mission.budget_kind == "day_rate" and (rate or budget) and mission.duration_days:
        line = days_line(mission.title, mission.duration_days, rate or budget or 0)
    elif mission.budget_kind == "fixed" and budget:
        line = OfferLine(mission.title, budget)
    values = typed(Offer((line,), start_on=mission.start_on), mission.currency)
    if not line.amount:
        values["lines"][0]["amount"] = ""
    return values | {"valid_days": default_validity(), "process": courses_for(mission.fields)[0].name}


def _send(form: Form, mission: Brief, thread: ThreadRow | None) -> str:
    """Send the proposal; '' when a service refused and the form says why."""
    me = the_viewer().account
    try:
        process = form.value.get("process") or ""
        offer = replace(
            offer_of(form.value, by_day=by_day(process)),
            agreed=agreed.agreed_of(house().plugins, course(process), form.value, house().today),
        )
        quote = price_now(_setting(mission, form), offer.lines)
        keep_within("proposals")
        with unit() as uow:
            where = thread.id if thread else messaging.open_thread(
                uow, mission=mission.id, freelancer=me, kind="application",
                text=offer.note or gettext(N_("Please find my {proposal} below.")),
            )  # fmt: skip
            proposal = service.propose(
                uow, thread=where, offer=offer, quote=quote, process=process
            )
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return ""
    except (GateClosed, Conflict) as refused:
        form.errors.setdefault("", []).append(sentence(refused))
        return ""
    tell(gettext("Your {proposal} was sent."))
    return proposal
