"""Going on after a trial in a longer contract: the same two, the same price a day, new signatures."""

from collections.abc import Sequence
from datetime import timedelta

from flask import redirect, request, url_for
from marshmallow import EXCLUDE, ValidationError
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts import queries
from marketwright.features.contracts.longer import go_on, open_longer
from marketwright.features.contracts.pages.base import PARTIES, Seen, find, pages
from marketwright.features.contracts.queries import ContractRow
from marketwright.features.missions.tables import Mission
from marketwright.features.pricing.receipts import Truth, truth
from marketwright.features.proposals.dealing import quote_of
from marketwright.features.proposals.fitting import misfits
from marketwright.features.proposals.offers import Offer, OfferLine, days_line
from marketwright.features.proposals.ports import CourseChoice, Courses
from marketwright.features.proposals.schemas import offer_of, offer_schema, typed
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, MarketwrightError, NotAllowed
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import share_of
from marketwright.strategies.pricing import Quote
from marketwright.web.errors import sentence
from marketwright.web.forms import Form, gather
from marketwright.web.house import house, reading, unit
from marketwright.web.i18n import gettext
from marketwright.web.render import render, tell

DAYS, WEEKS = 20, 13  # what the form begins with


@dataclass(frozen=True, slots=True)
class ExtendContext:
    """The form, filled in so that it can be sent as it is; ``truth`` is the price of it."""

    contract: ContractRow
    form: Form
    lines: int
    courses: Sequence[tuple[str, str, str]]
    truth: Truth | None
    trouble: str
    by_day: bool


def longer(seen: Seen) -> list[CourseChoice]:
    """The courses that this contract may go on in, of those that the marketplace offers, the process's first first."""
    offered = {c.name: c for c in house().ports.get(Courses).offered()}
    return [offered[name] for name in seen.process.extends_to if name in offered]


@pages.form("/contracts/<contract>/extend", PARTIES)
def extend(contract: str) -> BaseResponse:
    """Draw up the longer contract; both sign it as any other."""
    seen = find(contract)
    if seen.side == "operator":
        raise NotAllowed("One of the two sides goes on.")
    if not longer(seen) or not (seen.contract.state == "ACTIVE" or seen.contract.end_reason == "completed"):
        raise Conflict("This {contract} does not go on in a longer one.", state=seen.contract.state)
    there = open_longer(reading(), contract)
    if there:
        tell(gettext("The longer {contract} is drawn up already: this is it."), "info")
        return redirect(url_for("contracts.show", contract=there), 303)
    form = Form(offer_schema(seen.contract.work.currency), _first_guess(seen))
    if request.method == "POST":
        valid = form.accept_rows(request.form, "lines", "title")
        made = _drawn(seen, form) if valid and "preview" not in request.form else ""
        if made:
            tell(gettext("Drawn up. Look at the {contract}, then send it to both for signature."))
            return redirect(url_for("contracts.send", contract=made), 303)
    return _page(seen, form)


def _drawn(seen: Seen, form: Form) -> str:
    row, course = seen.contract, _course(seen, form)
    try:
        offer = offer_of(form.value, by_day=course.by_day)
        quote = _quote(seen, offer, course)
        wrong = misfits(offer, quote, course, house().today)
        if wrong:
            raise InvalidInput(wrong)
        with unit() as uow:
            made = go_on(uow, contract=row.id, offer=offer, quote=quote, process=course.name, by_side=seen.side)
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return ""
    except (GateClosed, Conflict) as error:
        form.errors.setdefault("", []).append(sentence(error))
        return ""
    return made


def _course(seen: Seen, form: Form) -> CourseChoice:
    offered = longer(seen)
    return next((c for c in offered if c.name == form.get("process")), offered[0])


def _quote(seen: Seen, offer: Offer, course: CourseChoice) -> Quote:
    row = seen.contract
    return quote_of(
        reading(), house().plugins, house().marketplace, client=row.organisation, freelancer=row.freelancer,
        lines=offer.lines, currency=row.work.currency, on=house().today, mission=row.mission, process=course.name,
    )  # fmt: skip


def _first_guess(seen: Seen) -> dict[str, object]:
    """Three months at the price a day of the trial, from next Monday; what one click would draw up."""
    row, course = seen.contract, longer(seen)[0]
    parts = queries.milestones_of(reading(), [row.id])[row.id]
    halves = sum(int((m.days or 0) * 2) for m in parts)
    today = house().today
    start = today + timedelta(days=7 - today.weekday())
    end = start + timedelta(weeks=WEEKS if course.by_day or not course.longest else min(WEEKS, course.longest // 7),
                            days=-1)  # fmt: skip
    title = reading().get_one(Mission, row.mission).title
    line = OfferLine(title, row.work.amount, due=end)
    if halves:
        line = days_line(title, DAYS * 3 if course.by_day else DAYS, share_of(row.work.amount, 2, halves), end)
    return typed(Offer((line,), start_on=start), row.work.currency) | {"process": course.name, "every": "month"}


def _page(seen: Seen, form: Form) -> BaseResponse:
    offered = longer(seen)
    found, trouble = _priced(seen, form)
    context = ExtendContext(
        contract=seen.contract, form=form, lines=form.count("lines"),
        courses=[(c.name, gettext(c.label), gettext(c.summary)) for c in offered], truth=found, trouble=trouble,
        by_day=any(c.by_day for c in offered),
    )  # fmt: skip
    return render("contracts/extend.html", context, status=422 if form.errors else 200)


def _priced(seen: Seen, form: Form) -> tuple[Truth | None, str]:
    """The price of what stands in the form, or why there is none; both empty while it is incomplete."""
    course = _course(seen, form)
    try:
        value = form.schema.load(gather(form.values), unknown=EXCLUDE)
        return truth(_quote(seen, offer_of(value, by_day=course.by_day), course)), ""
    except (ValidationError, InvalidInput):
        return None, ""
    except MarketwrightError as error:
        return None, sentence(error)
