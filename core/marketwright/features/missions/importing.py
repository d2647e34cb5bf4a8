"""Importing missions for organisations that are there: whole, or without the bad rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.tables import Organisation
from marketwright.features.facets import forms as own_fields
from marketwright.features.missions import service
from marketwright.features.missions.brief import MOST_QUESTIONS, REMOTE, VISIBILITIES, Brief, Wanted
from marketwright.features.missions.sight import RUNS
from marketwright.features.missions.writing import check_fields, declared
from marketwright.features.skills.tables import Skill
from marketwright.kernel.cells import Cells
from marketwright.kernel.errors import GateClosed, InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.rows import Fault, Report, Row
from marketwright.kernel.text import say
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork

COLUMNS = ("organisation", "title")


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rows are compared with; names of organisations that stand twice are left out."""

    organisations: Mapping[str, str]
    skills: frozenset[str]
    fields: list[Any]
    currency: str
    language: str


@dataclass(frozen=True, slots=True)
class _Ready:
    row: int
    organisation: str
    author: str
    brief: Brief
    publish: bool


def import_missions(
    uow: UnitOfWork, rows: Sequence[Row], *, skip_bad_rows: bool = False, notes: Sequence[str] = ()
) -> Report:
    """Make a mission of each row, as a draft, or published where ``state`` says so and the gate lets it.

    ``organisation`` is a name or an id; lists in a cell are parted by bars: ``must`` and ``nice`` hold skills as
    ``key`` or ``key:level``, ``languages`` codes, ``questions`` sentences.
    """
    known = _known(uow)
    ready: list[_Ready] = []
    faults: list[Fault] = []
    for row in rows:
        cells = Cells(row)
        found = _read(uow, cells, known)
        faults.extend(cells.faults)
        if not cells.faults:
            ready.append(found)
    if faults and not skip_bad_rows:
        return Report(len(rows), skipped=len(rows), refused=True, faults=tuple(faults), notes=tuple(notes))
    shut = _write(uow, ready)
    faults.extend(shut)
    uow.audit("missions.imported", "", created=len(ready), skipped=len(rows) - len(ready))
    return Report(
        len(rows), created=len(ready), skipped=len(rows) - len(ready), faults=tuple(faults), notes=tuple(notes)
    )


def _known(uow: UnitOfWork) -> _Known:
    market = uow.ports.get(Marketplace)
    pairs = [(row.name, row.id) for row in uow.session.execute(select(Organisation.name, Organisation.id))]
    names = [name for name, _ in pairs]
    found = {name: id_ for name, id_ in pairs if names.count(name) == 1} | {id_: id_ for _, id_ in pairs}
    skills = frozenset(uow.session.scalars(select(Skill.id)))
    return _Known(found, skills, declared(uow), market.currency, market.languages[0])


def _read(uow: UnitOfWork, cells: Cells, known: _Known) -> _Ready:
    organisation = known.organisations.get(cells.text("organisation", longest=120, required=True), "")
    author = _author(uow, organisation)
    if cells.row.text("organisation") and not author:
        cells.wrong("organisation", say("There is no {organisation} with this name or id, or it has nobody to run it."))
    publish = cells.one_of("state", ("draft", "published"), "draft") == "published"
    brief = _brief(cells, known)
    if publish and not cells.faults:
        for name, sentences in (brief.lacking() | check_fields(known.fields, brief)).items():
            cells.faults.append(Fault(cells.row.number, _column(name), sentences[0]))
    return _Ready(cells.row.number, organisation, author, brief, publish)


def _column(name: str) -> str:
    """The column of a file whose cell the field ``name`` of the form comes from."""
    if name.startswith(own_fields.PREFIX):
        return f"fields.{name.removeprefix(own_fields.PREFIX)}"
    return "must" if name == "skills" else name


def _author(uow: UnitOfWork, organisation: str) -> str:
    """Who runs missions for the organisation; '' when nobody does."""
    members = accounts.members(uow.session, organisation) if organisation else []
    return next((m.account for m in members if RUNS & set(m.roles)), "")


def _brief(cells: Cells, known: _Known) -> Brief:
    return Brief(
        title=cells.text("title", longest=160, required=True), description=cells.text("description", longest=12_000),
        language=cells.one_of("language", ("en", "fr"), known.language),
        skills=(*_wanted(cells, known, "must"), *_wanted(cells, known, "nice")), start_on=cells.day("start_on"),
        duration_days=cells.whole("duration_days", 1, 1000), days_a_week=cells.whole("days_a_week", 1, 7),
        budget_kind=cells.one_of("budget_kind", ("day_rate", "fixed"), "day_rate"),
        budget=cells.amount("budget", known.currency), city=cells.text("city", longest=100),
        country=cells.text("country", longest=2).upper(), remote=cells.one_of("remote", REMOTE, "hybrid"),
        languages=tuple(str(c)[:5] for c in cells.items("languages")),
        visibility=cells.one_of("visibility", VISIBILITIES, "public"), named=cells.yes("named", default=True),
        public_name=cells.text("public_name", longest=160), questions=_questions(cells),
        confidential=cells.text("confidential", longest=8000), fields=_own(cells, known),
    )  # fmt: skip


def _wanted(cells: Cells, known: _Known, column: str) -> list[Wanted]:
    found = []
    for item in cells.items(column):
        key, _, level = str(item).partition(":")
        if key not in known.skills:
            cells.wrong(column, say("There is no skill with the key %(key)s.", key=key))
        if level and level not in ("1", "2", "3", "4"):
            cells.wrong(column, say("A whole number from %(least)s to %(most)s, please.", least=1, most=4))
            level = ""
        found.append(Wanted(key, column == "must", int(level) if level else None))
    return found


def _questions(cells: Cells) -> tuple[str, ...]:
    asked = [str(q).strip()[:400] for q in cells.items("questions")]
    if len(asked) > MOST_QUESTIONS:
        cells.wrong("questions", say("At most %(n)s questions: people answer short lists.", n=MOST_QUESTIONS))
    return tuple(asked[:MOST_QUESTIONS])


def _own(cells: Cells, known: _Known) -> dict[str, Any]:
    try:
        return own_fields.check(known.fields, cells.own())
    except InvalidInput as error:
        for name, sentences in error.errors.items():
            cells.faults.append(Fault(cells.row.number, f"fields.{name}", sentences[0]))
        return {}


def _write(uow: UnitOfWork, ready: Sequence[_Ready]) -> list[Fault]:
    """Store them; a closed gate leaves a draft and says so."""
    shut: list[Fault] = []
    for one in ready:
        mission = service.draft(uow, organisation=one.organisation, brief=one.brief, created_by=one.author)
        if not one.publish:
            continue
        try:
            service.publish(uow, mission=mission)
        except GateClosed as error:
            shut.append(Fault(one.row, "state", say("Kept as a draft: %(why)s", why=str(error))))
    return shut
