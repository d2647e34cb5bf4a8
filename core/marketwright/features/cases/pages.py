"""Who may read what is sealed in a contract, who did, and the cases in which staff may."""

from collections.abc import Mapping, Sequence

from flask import redirect, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts.permissions import permissions_of
from marketwright.features.cases import queries, service
from marketwright.features.cases.queries import CaseRow
from marketwright.features.contracts.handovers import HandoverRow, handovers_of
from marketwright.features.contracts.pages.base import PARTIES, Seen, find
from marketwright.features.contracts.pages.reading import FILE
from marketwright.features.contracts.queries import ContractRow
from marketwright.features.seals import queries as seals
from marketwright.features.seals.queries import ReadingRow, SealRow
from marketwright.kernel.errors import InvalidInput, NotAllowed, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.web.fields import TextField
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import gettext
from marketwright.web.render import render, tell
from marketwright.web.routing import Pages

pages = Pages("cases")
ROLES = {"client": N_("the {client}"), "freelancer": N_("the {freelancer}"), "staff": N_("staff, within a case")}


class CaseSchema(Schema):
    """Why a case is opened, and who of the staff works on it."""

    reason = TextField(longest=service.LONGEST, lines=True)
    staff = fields.List(fields.String(), load_default=list)


@dataclass(frozen=True, slots=True)
class AccessContext:
    """``sealed`` are (what, handover, its seal), ``readings`` (reading, as whom, what), ``cases`` (case, runs)."""

    contract: ContractRow
    side: str
    sealed: Sequence[tuple[str, HandoverRow, SealRow]]
    readings: Sequence[tuple[ReadingRow, str, str]]
    cases: Sequence[tuple[CaseRow, bool]]
    may_open: bool
    may_name: bool
    staff: Sequence[tuple[str, str]]
    form: Form
    days: int


@pages.get("/contracts/<contract>/access", PARTIES)
def access(contract: str) -> BaseResponse:
    """What is sealed, who read it, the cases."""
    return _page(find(contract), Form(CaseSchema()))


@pages.post("/contracts/<contract>/access", PARTIES)
def open_case(contract: str) -> BaseResponse:
    """Open a case with a reason; staff name who works on it."""
    seen, form = find(contract), Form(CaseSchema())
    if not form.accept(request.form):
        return _page(seen, form)
    try:
        with unit() as uow:
            service.open_case(uow, contract=contract, reason=form.value["reason"],
                              staff=form.value["staff"] if _decides() else ())  # fmt: skip
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return _page(seen, form)
    tell(gettext("The case is open. Both sides are told."))
    return redirect(url_for("cases.access", contract=contract), 303)


@pages.post("/contracts/<contract>/cases/<case>/staff", PARTIES)
def name_staff(contract: str, case: str) -> BaseResponse:
    """Name who of the staff works on it."""
    _check(find(contract), case)
    with unit() as uow:
        service.name_staff(uow, case=case, staff=request.form.getlist("staff"))
        uow.commit()
    return redirect(url_for("cases.access", contract=contract), 303)


@pages.post("/contracts/<contract>/cases/<case>/close", PARTIES)
def close_case(contract: str, case: str) -> BaseResponse:
    """Close it before its time."""
    _check(find(contract), case)
    with unit() as uow:
        service.close_case(uow, case=case)
        uow.commit()
    tell(gettext("The case is closed: staff read nothing more of what is sealed."), "info")
    return redirect(url_for("cases.access", contract=contract), 303)


def _check(seen: Seen, case: str) -> None:
    if case not in {c.id for c in queries.cases_of(reading(), seen.contract.id)}:
        raise NotFound("There is no such case.")


def _decides() -> bool:
    return "contracts.decide" in permissions_of(the_viewer().staff_roles)


def _page(seen: Seen, form: Form) -> BaseResponse:
    session, now, row = reading(), house().clock.business(), seen.contract
    if seen.side == "operator" and not the_viewer().is_staff:
        raise NotAllowed("Only the two sides and staff see this page.")
    handed = [h for h in handovers_of(session, row.id).values() if h.seal]
    kept = seals.seals_by_id(session, [h.seal for h in handed])
    known = house().plugins.deliverables
    context = AccessContext(
        contract=row, side=seen.side,
        sealed=[(gettext(known[h.deliverable].it.label) if h.deliverable in known else h.deliverable, h, kept[h.seal])
                for h in sorted(handed, key=lambda h: h.at, reverse=True)],
        readings=[(r, gettext(ROLES[r.role]), _what(r, {h.seal: h for h in handed}))
                  for r in seals.readings_of(session, row.id)],
        cases=[(c, c.open_at(now)) for c in queries.cases_of(session, row.id)],
        may_open=seen.side != "operator" or _decides(), may_name=_decides(),
        staff=service.able_staff(session) if _decides() else (), form=form, days=service.DAYS,
    )  # fmt: skip
    return render("cases/access.html", context, status=422 if form.errors else 200)


def _what(reading_: ReadingRow, handed: Mapping[str, HandoverRow]) -> str:
    """What was read, in the language of whoever looks: the delivery, or a file of it."""
    found = handed.get(reading_.seal)
    if found is None:
        return gettext(reading_.what)
    entry = house().plugins.deliverables.get(found.deliverable)
    name = gettext(entry.it.label) if entry else found.deliverable
    words = N_("%(what)s, delivery %(n)s: a file") if reading_.what == FILE else N_("%(what)s, delivery %(n)s")
    return gettext(words, what=name, n=found.number)
