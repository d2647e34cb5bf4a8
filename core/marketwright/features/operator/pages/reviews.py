"""Reviews: found by a name or a contract, read, and taken off the pages with a reason."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.operator.pages.base import (
    Pager,
    argument,
    page_number,
    pager,
    pages,
    reason_form,
    show,
)
from marketwright.features.operator.queries import SIZE
from marketwright.features.reviews import queries, service
from marketwright.features.reviews.queries import ReviewRow
from marketwright.kernel.errors import InvalidInput, MarketwrightError, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.web.errors import sentence
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, unit
from marketwright.web.i18n import _
from marketwright.web.policy import staff
from marketwright.web.render import tell

_MODERATE = staff("reviews.moderate").objects("staff sees every review; none there is 404")


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One review: who wrote about whom, and ``state``: ``shown``, ``waiting`` (for its day) or ``hidden``."""

    review: ReviewRow
    about: str
    state: str


@dataclass(frozen=True, slots=True)
class ReviewsContext:
    """Reviews that match a search, newest first."""

    lines: list[ReviewLine]
    total: int
    pager: Pager
    search: str


@dataclass(frozen=True, slots=True)
class ReviewContext:
    """One review, and the form to hide it with; ``because`` says why it was hidden."""

    line: ReviewLine
    because: str
    form: Form


@pages.get("/reviews", staff("reviews.moderate"))
def reviews() -> BaseResponse:
    """What people wrote of each other."""
    search, page = argument("search"), page_number()
    found, total = queries.found(reading(), search, page, SIZE)
    return show("reviews.html", ReviewsContext([_line(r) for r in found], total, pager(total, page), search))


@pages.get("/reviews/<review>", _MODERATE)
def reviews_one(review: str) -> BaseResponse:
    """One review."""
    return _review(review, reason_form())


@pages.post("/reviews/<review>/hide", _MODERATE)
def reviews_hide(review: str) -> BaseResponse:
    """Take it off the pages; the log keeps who did it, and why."""
    form = reason_form()
    if not form.accept(request.form):
        return _review(review, form, 422)
    try:
        with unit() as uow:
            service.hide(uow, review=review, reason=form.value["reason"])
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return _review(review, form, 422)
    except NotFound:
        raise
    except MarketwrightError as error:
        tell(sentence(error), "error")
    else:
        tell(_("Hidden. It counts in no rating any more."))
    return redirect(url_for("operator.reviews_one", review=review), 303)


def _review(review: str, form: Form, status: int = 200) -> BaseResponse:
    found = queries.review(reading(), review)
    if found is None:
        raise NotFound("There is no such review.")
    context = ReviewContext(_line(found), queries.hidden_reason(reading(), review), form)
    return show("review.html", context, status=status)


def _line(found: ReviewRow) -> ReviewLine:
    about = found.freelancer_name if found.side == "client" else found.organisation_name
    shown = found.shown_at(house().clock.business())
    return ReviewLine(found, about, "hidden" if found.hidden else "shown" if shown else "waiting")
