"""Reviewing the other side of a contract, reading both reviews once they are shown, answering."""

from datetime import datetime

from flask import redirect, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.messaging.sides import WRITING, roles_for, side_of
from marketwright.features.reviews import queries, service
from marketwright.features.reviews.queries import Opening, ReviewRow
from marketwright.features.reviews.service import LONGEST, SHORTEST
from marketwright.kernel.errors import InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.web.fields import IntField, TextField
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.policy import SIGNED_IN
from marketwright.web.render import render, tell
from marketwright.web.routing import Pages

pages = Pages("reviews")
PARTIES = SIGNED_IN.objects("the freelancer of the contract and members of its client")


class ReviewSchema(Schema):
    """Stars and words."""

    rating = IntField(required=True, least=1, most=5)
    text = TextField(required=True, longest=LONGEST, shortest=SHORTEST, lines=True)


class AnswerSchema(Schema):
    """The answer of whom a review is about."""

    answer = TextField(required=True, longest=LONGEST, lines=True)


@dataclass(frozen=True, slots=True)
class Shown:
    """One review on the page, as the macro wants it."""

    text: str
    author: str
    role: str
    date: datetime
    rating: int
    answer: str
    answer_by: str
    mission: str = ""
    report: str = ""


@dataclass(frozen=True, slots=True)
class ReviewContext:
    """``mine`` is what my side wrote, ``theirs`` what the other did once it is shown; ``until`` when both are."""

    contract: Opening
    other: str
    side: str
    open: bool
    may_write: bool
    mine: Shown | None
    theirs: Shown | None
    they_wrote: bool
    until: datetime | None
    form: Form
    answer: Form
    may_answer: str


def _find(contract: str) -> tuple[Opening, str]:
    found = queries.opening(reading(), contract)
    side = side_of(reading(), found.organisation, found.freelancer, the_viewer().account) if found else ""
    if found is None or not side:
        raise NotFound("There is no such {contract}.")
    return found, side


@pages.form("/contracts/<contract>/review", PARTIES)
def review(contract: str) -> BaseResponse:
    """Write a review, and read both once they are shown."""
    found, side = _find(contract)
    form = Form(ReviewSchema())
    if request.method == "POST" and form.accept(request.form):
        try:
            with unit() as uow:
                service.write(uow, contract=contract, rating=form.value["rating"], text=form.value["text"])
                uow.commit()
        except InvalidInput as error:
            form.refuse(error)
        else:
            tell(gettext("Thank you. Your review is kept."))
            return redirect(url_for("reviews.review", contract=contract), 303)
    return _page(found, side, form, Form(AnswerSchema()))


@pages.post("/contracts/<contract>/review/answer", PARTIES)
def answer(contract: str) -> BaseResponse:
    """Answer what the other side wrote."""
    found, side = _find(contract)
    other = queries.of_contract(reading(), contract).get("client" if side == "freelancer" else "freelancer")
    if other is None or not other.shown_at(house().clock.business()):
        raise NotFound("There is no such review.")
    form = Form(AnswerSchema())
    if not form.accept(request.form):
        return _page(found, side, Form(ReviewSchema()), form)
    with unit() as uow:
        service.answer(uow, review=other.id, text=form.value["answer"])
        uow.commit()
    tell(gettext("Your answer stands under the review."))
    return redirect(url_for("reviews.review", contract=contract), 303)


def _page(found: Opening, side: str, form: Form, answer_form: Form) -> BaseResponse:
    session, now = reading(), house().clock.business()
    by_side = queries.of_contract(session, found.contract)
    mine = by_side.get(side)
    theirs = by_side.get("client" if side == "freelancer" else "freelancer")
    may_write = side == "freelancer" or bool(roles_for(session, found.organisation, the_viewer().account) & WRITING)
    shown = theirs if theirs and theirs.shown_at(now) else None
    context = ReviewContext(
        contract=found, side=side, open=bool(found.milestone), may_write=may_write, other=_other(found, side),
        mine=_shown(mine) if mine else None, theirs=_shown(shown) if shown else None, they_wrote=theirs is not None,
        until=mine.shows_at if mine and mine.shows_at > now else None, form=form, answer=answer_form,
        may_answer=shown.id if shown and not shown.answer and may_write else "",
    )  # fmt: skip
    return render("reviews/review.html", context, status=422 if form.errors or answer_form.errors else 200)


def _other(found: Opening, side: str) -> str:
    if side == "client":
        person = accounts.account(reading(), found.freelancer)
        return person.name if person else ""
    client = accounts.organisation(reading(), found.organisation)
    return client.name if client else ""


def _shown(row: ReviewRow) -> Shown:
    client = row.client(current_locale())
    names = {"client": client, "freelancer": row.freelancer_name}
    return Shown(
        text=row.text, author=names[row.side], date=row.at, rating=row.rating, answer=row.answer,
        answer_by=names["freelancer" if row.side == "client" else "client"],
        role=gettext("{client}") if row.side == "client" else gettext("{freelancer}"),
        report="" if row.author == the_viewer().account else url_for("notices.review", review=row.id),
    )  # fmt: skip
