"""People: find one, see where they stand, suspend and reinstate with reasons, let them in."""

from dataclasses import field
from datetime import datetime

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts import second_factor
from marketwright.features.accounts import service as account_service
from marketwright.features.facets import forms as own_fields
from marketwright.features.operator import queries
from marketwright.features.operator.exports import MOST, csv_file, own_cells, own_heads
from marketwright.features.operator.pages.base import (
    ROLE_WORDS,
    Pager,
    argument,
    chosen,
    page_number,
    pager,
    pages,
    reason_form,
    show,
    tabs,
)
from marketwright.features.operator.pages.log import ShownLine, shown_lines
from marketwright.features.operator.queries import ContractLine, PersonRow
from marketwright.features.profiles import service as profiles_service
from marketwright.features.profiles.tables import Profile
from marketwright.features.vetting import queries as vetting
from marketwright.features.vetting import service as vetting_service
from marketwright.features.vetting.checks import APPROVAL, Asked
from marketwright.features.vetting.queries import Run
from marketwright.features.vetting.showing import Shown, shown
from marketwright.features.vetting.subjects import subject
from marketwright.kernel.errors import InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import _, current_locale, translate
from marketwright.web.policy import staff
from marketwright.web.render import tell

WHICH = ("freelancers", "clients", "staff", "suspended", "unconfirmed")
_READ = staff("people.read").objects("staff sees everybody; nobody there is 404")
_SUSPEND = staff("people.suspend").objects("not themselves; staff only by who manages staff")
COMPARED, SOURCE = N_("what they say of themselves"), N_("the rules of this marketplace")


@dataclass(frozen=True, slots=True)
class PeopleContext:
    """People that match a search."""

    people: list[PersonRow]
    total: int
    pager: Pager
    tabs: list[tuple[str, str, bool, int | None]]
    search: str
    which: str


@dataclass(frozen=True, slots=True)
class Vetted:
    """Checks of one subject: what stands, what waits (with its label), and whether staff may let it in unasked."""

    standing: list[Shown]
    runs: list[tuple[str, Run]]
    admission: str  # "" (nothing to decide), "open" (not decided), "passed", "refused"


@dataclass(frozen=True, slots=True)
class PersonContext:
    """One person; parts are empty where the viewer's roles do not reach."""

    person: accounts.AccountRow
    last_seen: datetime | None
    roles: list[str]
    organisations: list[tuple[str, str, list[str]]]
    identity: accounts.IdentityRow | None
    sessions: list[accounts.SessionInfo]
    vetted: Vetted | None
    contracts: list[ContractLine]
    lines: list[ShownLine]
    suspending: Form
    admitting: Form
    lifting: Form
    may_lift: bool
    is_me: bool = field(default=False)


@pages.get("/people", staff("people.read"))
def people() -> BaseResponse:
    """Everybody, by search and kind."""
    which, search, page = chosen("which", WHICH), argument("search"), page_number()
    found = queries.people(reading(), search=search, which=which, page=page)
    labels = ((_("Everybody"), ""), (_("{Freelancer.other}"), "freelancers"), (_("{Client.other}"), "clients"),
              (_("Staff"), "staff"), (_("Suspended"), "suspended"), (_("Not confirmed"), "unconfirmed"))  # fmt: skip
    made = tabs("which", [(value, label, found.total if value == which else None) for label, value in labels])
    pages_of = pager(found.total, page)
    return show("people.html", PeopleContext(list(found.rows), found.total, pages_of, made, search, which))


@pages.get("/people.csv", staff("people.read").limited("exports"))
def people_csv() -> Response:
    """The same as a file, with what their profiles say in public fields; private ones are for nobody else."""
    session, which = reading(), chosen("which", WHICH)
    found = queries.people(session, search=argument("search"), which=which, size=MOST)
    fields = [f for f in own_fields.of(house().plugins, profiles_service.OWNER) if not f.private]
    said = queries.own_values(session, Profile, [p.id for p in found.rows])
    heads = ("id", "name", "email", "freelancer", "organisations", "staff", "confirmed", "suspended", "listed",
             "created", *own_heads(fields))  # fmt: skip
    rows = ([p.id, p.name, p.email, p.is_freelancer, p.organisations, p.staff, p.confirmed, p.suspended, p.listed,
             p.created_at, *own_cells(fields, said.get(p.id, {}))] for p in found.rows)  # fmt: skip
    return csv_file("people", heads, rows)


@pages.get("/people/<person>", _READ)
def people_one(person: str) -> BaseResponse:
    """One person."""
    return _person(person)


def _person(
    person: str, suspending: Form | None = None, admitting: Form | None = None, lifting: Form | None = None,
    status: int = 200,
) -> BaseResponse:  # fmt: skip
    session, me = reading(), the_viewer()
    row = accounts.account(session, person)
    if row is None:
        raise NotFound("There is no such person.")
    roles = next((s.roles for s in accounts.staff(session) if s.account == person), ())
    context = PersonContext(
        person=row, last_seen=queries.last_seen(session, person), roles=[_(ROLE_WORDS[r]) for r in roles],
        organisations=queries.memberships(session, person),
        identity=accounts.identity(session, "freelancer", person) if row.is_freelancer else None,
        sessions=accounts.sessions(session, person, house().clock.machine()),
        vetted=vetted("freelancer", person) if row.is_freelancer and me.may("vetting.read") else None,
        contracts=list(queries.contracts(session, owner=person).rows) if me.may("contracts.read") else [],
        lines=_lines(person), suspending=suspending or reason_form(), admitting=admitting or reason_form(),
        lifting=lifting or reason_form(), is_me=person == me.account,
        may_lift=row.second_factor and person != me.account and me.may("staff.manage" if roles else "people.suspend"),
    )  # fmt: skip
    return show("person.html", context, status=status)


def _lines(subject_id: str) -> list[ShownLine]:
    if not the_viewer().may("audit.read"):
        return []
    return shown_lines(queries.audit(reading(), subject=subject_id, size=15).rows)


def vetted(kind: str, owner: str) -> Vetted:
    """How the checks of a freelancer or client stand."""
    session, now = reading(), house().clock.business()
    asked = house().ports.get(Asked)
    labels = {c.id: c.label for c in subject(session, kind, owner, current_locale()).claims}
    standing = vetting.standing(session, kind, owner)
    runs = [(translate(asked.labels.get(r.check, r.check)), r) for r in vetting.open_runs(session, kind, owner)]
    admission = ""
    if asked.gates(APPROVAL, kind):
        decided = next((v for v in standing if v.check == APPROVAL), None)
        admission = "open" if decided is None or decided.ended(now) else decided.result
    return Vetted([shown(v, labels, now) for v in standing], runs, admission)


@pages.post("/people/<person>/suspend", _SUSPEND)
def people_suspend(person: str) -> BaseResponse:
    """Shut somebody out, in writing."""
    return _with_reason(person, "suspend")


@pages.post("/people/<person>/reinstate", _SUSPEND)
def people_reinstate(person: str) -> BaseResponse:
    """Let somebody in again, in writing."""
    return _with_reason(person, "reinstate")


def _with_reason(person: str, what: str) -> BaseResponse:
    form = reason_form()
    if accounts.account(reading(), person) is None:
        raise NotFound("There is no such person.")
    if form.accept(request.form):
        deed = account_service.suspend if what == "suspend" else account_service.reinstate
        with unit() as uow:
            deed(uow, account=person, reason=form.value["reason"])
            uow.commit()
        tell(_("Suspended. The person was told, and is signed out everywhere.") if what == "suspend"
             else _("Reinstated. The person was told."))  # fmt: skip
        return redirect(url_for("operator.people_one", person=person), 303)
    return _person(person, suspending=form, status=422)


@pages.post("/people/<person>/lift", _SUSPEND)
def people_lift(person: str) -> BaseResponse:
    """Switch the second factor off for somebody who lost phone and recovery codes, in writing."""
    form = reason_form()
    if accounts.account(reading(), person) is None:
        raise NotFound("There is no such person.")
    if not form.accept(request.form):
        return _person(person, lifting=form, status=422)
    with unit() as uow:
        second_factor.lift(uow, account=person, reason=form.value["reason"])
        uow.commit()
    tell(_("The second factor is off. The person was told, and signs in with the password alone."))
    return redirect(url_for("operator.people_one", person=person), 303)


@pages.post("/people/<person>/admit", staff("vetting.decide").objects("freelancers; nobody decides about themselves"))
def people_admit(person: str) -> BaseResponse:
    """Let a freelancer in, or refuse them, without having been asked."""
    if accounts.account(reading(), person) is None:
        raise NotFound("There is no such person.")
    form = reason_form()
    if not form.accept(request.form) or not admit(form, "freelancer", person):
        return _person(person, admitting=form, status=422)
    return redirect(url_for("operator.people_one", person=person), 303)


def admit(form: Form, kind: str, owner: str) -> bool:
    """Write the decision of the form; false, with the form's errors, when it is refused."""
    admitted = request.form.get("decision") != "refused"
    try:
        with unit() as uow:
            vetting_service.admit(
                uow, check=APPROVAL, kind=kind, owner=owner, reason=form.value["reason"], admitted=admitted,
                compared=COMPARED, source=SOURCE,
            )  # fmt: skip
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return False
    tell(_("Let in.") if admitted else _("Refused; the reason was passed on."))
    return True


