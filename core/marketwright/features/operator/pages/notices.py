"""What people report: the open ones, oldest first, the decided ones, and one with its decision."""

from collections.abc import Sequence

from flask import redirect, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.notices import queries, service
from marketwright.features.notices.queries import NoticeRow
from marketwright.features.notices.service import LONGEST_REASON
from marketwright.features.notices.things import Thing, thing
from marketwright.features.notices.words import CATEGORIES, DECISIONS, EFFECTS, GROUNDS, KINDS
from marketwright.features.operator.pages.base import Pager, chosen, page_number, pager, pages, show, tabs
from marketwright.features.operator.queries import SIZE
from marketwright.kernel.errors import InvalidInput, MarketwrightError, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.web.errors import sentence
from marketwright.web.fields import TextField
from marketwright.web.forms import Form
from marketwright.web.house import reading, the_viewer, unit
from marketwright.web.i18n import _
from marketwright.web.policy import staff
from marketwright.web.render import tell

_DECIDE = staff("notices.decide").objects("staff sees every notice; none there is 404")
# Where a thing is seen to by hand: (permission, address of its page in the console).
ELSEWHERE = {
    "mission": ("missions.read", "/console/missions/"), "review": ("reviews.moderate", "/console/reviews/"),
    "client": ("people.read", "/console/clients/"),
}  # fmt: skip


class Decision(Schema):
    """What is decided, on what ground, and why."""

    decision = TextField(required=True, longest=10)
    ground = TextField(longest=10)
    reason = TextField(required=True, longest=LONGEST_REASON, lines=True)


@dataclass(frozen=True, slots=True)
class NoticesContext:
    """Notices (notice, what, category, decision): open ones oldest first, or decided ones."""

    lines: Sequence[tuple[NoticeRow, str, str, str]]
    total: int
    pager: Pager
    tabs: list[tuple[str, str, bool, int | None]]
    decided: bool


@dataclass(frozen=True, slots=True)
class NoticeContext:
    """One notice, the thing (``None`` where it is gone) and whose it is; ``page`` is where staff sees to it by hand.

    ``beyond`` where others see it and nothing done here would change that.
    """

    notice: NoticeRow
    what: str
    category: str
    decision: str
    thing: Thing | None
    changed: bool
    page: tuple[str, str]
    account: str
    others: Sequence[tuple[NoticeRow, str, str, str]]
    effect: str
    form: Form
    grounds: list[tuple[str, str]]
    may_restrict: bool
    beyond: bool


@pages.get("/notices", staff("notices.decide"))
def notices() -> BaseResponse:
    """What waits, oldest first; what was decided."""
    session, page, state = reading(), page_number(), chosen("state", ("", "decided"))
    found, total = (queries.decided if state else queries.waiting)(session, the_viewer().account, page, SIZE)
    choices = [("", _("Waiting"), None if state else total), ("decided", _("Decided"), total if state else None)]
    lines = [_line(n) for n in found]
    return show("notices.html", NoticesContext(lines, total, pager(total, page), tabs("state", choices), bool(state)))


@pages.get("/notices/<report>", _DECIDE)
def notices_one(report: str) -> BaseResponse:
    """One notice."""
    return _page(report, Form(Decision()))


@pages.post("/notices/<report>", _DECIDE, endpoint="notices_decide")
def notices_decide(report: str) -> BaseResponse:
    """Decide, once: nothing is wrong, or it is restricted."""
    _find(report)
    form = Form(Decision())
    if not form.accept(request.form):
        return _page(report, form, 422)
    said = form.value
    try:
        with unit() as uow:
            service.decide(uow, notice=report, decision=said["decision"], reason=said["reason"],
                           ground=said["ground"] or "terms")  # fmt: skip
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return _page(report, form, 422)
    except NotFound:
        raise
    except MarketwrightError as error:
        tell(sentence(error), "error")
    else:
        tell(_("Decided. Who reported it is told, and so is whose content was restricted."))
    return redirect(url_for("operator.notices_one", report=report), 303)


def _find(report: str) -> NoticeRow:
    row = queries.notice(reading(), report)
    if row is None:
        raise NotFound("There is no such notice.")
    found = thing(reading(), row.kind, row.thing)
    service.need_stranger(reading(), the_viewer().account, about=row.about, found=found)  # it names who reported
    return row


def _page(report: str, form: Form, status: int = 200) -> BaseResponse:
    """One notice; that a message is read is logged before it is shown."""
    row = _find(report)
    if row.kind == "message":
        with unit() as uow:
            uow.audit("notice.read", row.id, message=row.thing)
            uow.commit()
    session = reading()
    found = thing(session, row.kind, row.thing)
    permission, page = ELSEWHERE.get(row.kind, ("", ""))
    context = NoticeContext(
        notice=row, what=_(KINDS[row.kind]), category=_(CATEGORIES[row.category]),
        decision=_(DECISIONS[row.decision]) if row.decision else "", thing=found,
        changed=bool(found and row.seen and row.seen != f"{found.title}\n\n{found.text}"),
        page=(permission, page + row.thing if page else ""), account=row.about,
        others=[_line(n) for n in queries.others_about(session, row)], effect=_(EFFECTS[row.kind]), form=form,
        grounds=[(key, _(label)) for key, label in GROUNDS.items()],
        may_restrict=found is not None and found.shown,
        beyond=found is not None and service.beyond_reach(session, found),
    )  # fmt: skip
    return show("notice.html", context, status=status)


def _line(row: NoticeRow) -> tuple[NoticeRow, str, str, str]:
    return row, _(KINDS[row.kind]), _(CATEGORIES[row.category]), _(DECISIONS[row.decision]) if row.decision else ""
