"""The page of a mission, for visitors, freelancers, its owner and staff."""

from datetime import date

from flask import url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.ports import Gate
from marketwright.features.accounts.sectors import sector_name
from marketwright.features.facets import forms as own_fields
from marketwright.features.files import queries as files
from marketwright.features.files.queries import FileRow
from marketwright.features.missions import queries, sealing, sizing
from marketwright.features.missions.cards import (
    WantedView,
    length,
    nameless,
    people,
    place,
    reach,
    starts,
    unit_of,
    wanted,
)
from marketwright.features.missions.first import early
from marketwright.features.missions.linked import job_posting
from marketwright.features.missions.pages.base import pages, seen_mission, there
from marketwright.features.missions.pages.sized import SizedView, sized_views
from marketwright.features.missions.ports import ClientFigures, Figures, Talks
from marketwright.features.missions.queries import InvitationRow, MissionRow
from marketwright.features.missions.service import publish_gate
from marketwright.features.missions.sight import belongs, may_see_confidential, runs
from marketwright.features.missions.writing import CONFIDENTIAL, OWNER, SEALED
from marketwright.features.papers import queries as papers
from marketwright.features.questionnaires import queries as answered
from marketwright.kernel.errors import Missing
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.web.formats import show_date, show_datetime, show_number, show_percent, show_round_money
from marketwright.web.head import describe
from marketwright.web.house import house, reading, viewer
from marketwright.web.i18n import current_locale, gettext, ngettext, translate
from marketwright.web.names import capital, language_name
from marketwright.web.policy import PUBLIC
from marketwright.web.render import render
from marketwright.web.slugs import id_of, moved, with_slug

_WHO = PUBLIC.objects("public missions are for everybody; others for members, invited people, the client, staff")


@dataclass(frozen=True, slots=True)
class ClientView:
    """The client beside a mission: by name with a page, or as it describes itself."""

    name: str
    url: str
    line: str
    figures: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ConfidentialView:
    """The part that opens with the agreement: whether it is open, and where to sign.

    ``sealed`` are the labels of what opens on a page of its own.
    """

    open: bool
    text: str
    fields: list[tuple[str, str, bool]]
    files: list[FileRow]
    sealed: list[str]
    asked: list[tuple[str, str, str]]
    sign_url: str


@dataclass(frozen=True, slots=True)
class OwnerView:
    """What the client's members see besides: how it goes, and what can be done."""

    runs: bool
    applied: int
    invited: list[InvitationRow]
    matches_url: str
    shortlist_url: str
    inbox_url: str
    edit_url: str
    gate: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """What a freelancer or a visitor may do here: one main thing, one second thing."""

    main: tuple[str, str]
    second: tuple[str, str]
    note: str


@dataclass(frozen=True, slots=True)
class AskedView:
    """A questionnaire about the mission: where it is, and what it came to ('' where nobody has answered)."""

    label: str
    url: str
    value: str
    caution: str


@dataclass(frozen=True, slots=True)
class ShowContext:
    """The page of a mission."""

    mission: MissionRow
    title: str
    state: str
    client: ClientView
    budget: Money | None
    budget_unit: str
    facts: list[tuple[str, str]]
    must: list[WantedView]
    nice: list[WantedView]
    own: list[tuple[str, str, bool]]
    sized: list[SizedView]
    questions: list[str]
    asked: list[AskedView]
    confidential: ConfidentialView | None
    owner: OwnerView | None
    turn: Turn | None
    moderates: bool
    published: date | None
    changed: date | None


@pages.get("/missions/<mission>", _WHO)
def show(mission: str) -> BaseResponse:
    """What is needed, by whom, for how much, and what to do next."""
    row = seen_mission(id_of(mission))
    path = url_for("missions.show", mission=with_slug(row.id, row.title))
    elsewhere = moved(mission, path)
    if elsewhere is not None:
        return elsewhere
    session, locale, looker = reading(), current_locale(), viewer()
    skills = queries.skills_of(session, row.id, locale)
    fields = own_fields.of(house().plugins, OWNER)
    mine = belongs(row, looker)
    published = row.published_at
    context = ShowContext(
        mission=row, title=row.title or gettext("Without a title yet"), client=client_view(row, mine=mine),
        state="pending" if row.state == "waiting" else row.state, budget=row.price,
        budget_unit=gettext("a day, before tax") if row.budget_kind == "day_rate" else gettext("in all, before tax"),
        facts=_facts(row), must=[wanted(s) for s in skills if s.must], nice=[wanted(s) for s in skills if not s.must],
        own=own_fields.shown(fields, row.fields, locale, private=False),
        sized=sized_views(sizing.kept(session, house().plugins, row.id), row.duration_days),
        questions=queries.questions(session, row.id),
        asked=_asked(row, mine=mine),
        confidential=_confidential(row) if row.confidential else None, owner=_owner(row) if mine else None,
        turn=None if mine else _turn(row),
        moderates=bool(looker and looker.may("missions.moderate")) and row.state == "waiting",
        published=published.date() if published else None,
        changed=row.updated_at.date() if published and row.updated_at.date() > published.date() else None,
    )  # fmt: skip
    _describe(row, path, context)
    return render("missions/show.html", context)


def _asked(row: MissionRow, *, mine: bool) -> list[AskedView]:
    """The questionnaires of plugins: all of them for the client, those that were answered for others who signed in."""
    found = []
    words = {e.it.name: e.it for e in house().plugins.fields}
    for name, entry in house().plugins.questionnaires.items():
        known = answered.latest(reading(), row.id, name)
        if (known is None and not mine) or viewer() is None:
            continue
        labels = dict(words[entry.it.sets].choices)
        value = own_fields.word(labels.get(known.conclusion.value, {"": known.conclusion.value}), current_locale()) \
            if known else ""
        url = url_for("questionnaires.show", mission=row.id, name=name)
        found.append(AskedView(entry.it.label, url, value, entry.it.caution))
    return found


def _describe(row: MissionRow, path: str, context: ShowContext) -> None:
    """Tell search engines of a mission that everybody may see; the others are not for them."""
    market = house().marketplace
    if row.state != "published" or row.visibility != "public" or not market.access.public_missions:
        describe(path, index=False)
        return
    posting = job_posting(
        row, address=market.base_url + path, employer=context.client.name, country=market.country,
        skills=[s.label for s in (*context.must, *context.nice)],
    )  # fmt: skip
    describe(path, kind="article", data=posting)


def _facts(row: MissionRow) -> list[tuple[str, str]]:
    today = house().clock.business().date()
    spoken = capital(", ".join(language_name(c) for c in row.languages))
    facts = [
        (gettext("Begins"), starts(row.start_on, today)),
        (gettext("Workload"), length(row.duration_days, row.days_a_week)),
        (gettext("Where"), place(row.city, row.country, row.remote)),
        (gettext("Who may do it"), reach(row)),
        (gettext("Languages"), spoken),
        (gettext("In all, about"), _whole(row)),
        (gettext("Published"), show_date(row.published_at) if row.published_at else ""),
    ]
    return [(what, value) for what, value in facts if value]


def _whole(row: MissionRow) -> str:
    if row.budget_kind != "day_rate" or not row.price or not row.duration_days:
        return ""
    return show_round_money(row.price * row.duration_days)


def client_view(row: MissionRow, *, mine: bool) -> ClientView:
    """The client by name, or as it describes itself; the figures are shown either way."""
    session, locale = reading(), current_locale()
    organisation = accounts.organisation(session, row.organisation_id)
    assert organisation is not None
    named, size, sector = row.named, people(organisation.size), sector_name(organisation.sector, locale)
    public = row.public_name or organisation.public_name(locale) or nameless(organisation.sector, organisation.size)
    parts = (sector, size, organisation.city)
    line = " · ".join(p for p in parts if p) if named else gettext("The name is given with a first {contract}.")
    if mine and not named:
        line = gettext("Others do not read your name, %(name)s.", name=organisation.name)
    return ClientView(
        name=organisation.name if named else capital(public), line=line,
        url=url_for("missions.client", client=organisation.id) if named else "",
        figures=figure_lines(house().ports.get(ClientFigures).of(session, organisation.id), organisation.id),
    )  # fmt: skip


def figure_lines(figures: Figures, organisation: str) -> list[tuple[str, str]]:
    """How the client deals with people: (what, value), what is known alone."""
    counts = queries.client_counts(reading(), organisation)
    lines = [
        (gettext("{Mission.other} here"), show_number(counts.seen) if counts.seen else ""),
        (gettext("Filled"), show_number(counts.filled) if counts.filled else ""),
        (gettext("Applications answered"), show_percent(figures.answered, 0) if figures.answered is not None else ""),
        (gettext("Days to answer, median"), _days(figures.answer_days)),
        (gettext("Days to pay, median"), _days(figures.pay_days)),
        (gettext("{Contract.other} signed"), show_number(figures.contracts) if figures.contracts else ""),
    ]
    return [(what, value) for what, value in lines if value]


def _days(value: float | None) -> str:
    if value is None:
        return ""
    return gettext("less than one") if value < 1 else show_number(round(value, 1))


def _confidential(row: MissionRow) -> ConfidentialView:
    session, looker, locale = reading(), viewer(), current_locale()
    sign = f"/missions/{row.id}/confidentiality"
    if not may_see_confidential(session, house().ports, row, looker):
        may_sign = looker is not None and looker.is_freelancer and there(sign)
        return ConfidentialView(open=False, text="", fields=[], files=[], sealed=[], asked=[],
                                sign_url=sign if may_sign else "")  # fmt: skip
    fields = [f for f in own_fields.of(house().plugins, OWNER) if f.private]
    sealed = sealing.all_in(session, row.id, fields, row.fields)
    enclosed = files.files_of(session, OWNER, row.id, SEALED)
    return ConfidentialView(
        open=True, text=queries.confidential_text(session, row.id), sign_url="",
        fields=own_fields.shown(fields, own_fields.without_sealed(row.fields), locale, private=True),
        files=files.files_of(session, OWNER, row.id, CONFIDENTIAL),
        sealed=[
            *([gettext("Confidential part")] if sealing.TEXT in sealed else []),
            *(own_fields.word(f.label, locale) for f in fields if f.name in sealed),
            *([ngettext("%(num)s file", "%(num)s files", len(enclosed))] if enclosed else []),
        ],
        asked=_in_confidence(row),
    )  # fmt: skip


def _in_confidence(row: MissionRow) -> list[tuple[str, str, str]]:
    """What is answered under the agreement: (what, address, how it stands), for the client all answers in one line."""
    entries = papers.asked(house().plugins, row.fields)
    if not entries:
        return []
    looker = viewer()
    if belongs(row, looker):
        count = len(papers.answers_of(reading(), row.id))
        return [(gettext("Answers in confidence"), url_for("papers.early_answers", mission=row.id),
                 ngettext("%(num)s so far", "%(num)s so far", count))]  # fmt: skip
    mine = papers.answers_of(reading(), row.id, account=looker.account) if looker else []
    given = {a.name: gettext("answered on %(date)s", date=show_date(a.at)) for a in mine}
    return [
        (translate(e.it.label), url_for("papers.early_answer", mission=row.id, name=e.it.name),
         given.get(e.it.name, gettext("not answered yet")))
        for e in entries
    ]  # fmt: skip


def _owner(row: MissionRow) -> OwnerView:
    session = reading()
    matches, shortlist = f"/missions/{row.id}/matches", f"/missions/{row.id}/shortlist"
    return OwnerView(
        runs=runs(row, viewer()), applied=house().ports.get(Talks).counts(session, [row.id]).get(row.id, 0),
        invited=queries.invitations(session, row.id), matches_url=matches if there(matches) else "",
        shortlist_url=shortlist if there(shortlist) else "", inbox_url="/inbox" if there("/inbox") else "",
        edit_url=url_for("missions.edit", mission=row.id),
        gate=publish_gate(session, house().ports.get(Gate), row.organisation_id, row.id)
        if row.state in ("draft", "paused") else (),
    )  # fmt: skip


def _turn(row: MissionRow) -> Turn | None:
    """What the reader can do: apply, ask, go on talking, sign in."""
    looker = viewer()
    none = ("", "")
    if looker is None:
        if row.state != "published":
            return None
        here = url_for("missions.show", mission=row.id)
        return Turn((gettext("Sign up to apply"), url_for("accounts.sign_up", side="freelancer", next=here)),
                    (gettext("Sign in"), url_for("accounts.sign_in", next=here)), "")  # fmt: skip
    if not looker.is_freelancer:
        return None
    thread = house().ports.get(Talks).thread(reading(), row.id, looker.account)
    talk = (gettext("Your conversation"), f"/threads/{thread}") if thread else none
    if row.state != "published":
        return Turn(talk, none, gettext("This {mission} takes nobody any more.")) if thread else None
    apply = (gettext("Apply"), f"/missions/{row.id}/apply")
    second = talk if thread else (gettext("Ask a question"), f"/missions/{row.id}/ask")
    if queries.is_invited(reading(), row.id, looker.account):
        return Turn(apply, second, gettext("You were invited by name."))
    first = early(reading(), house().marketplace, mission=row.id, published_at=row.published_at,
                  freelancer=looker.account, now=house().clock.business())  # fmt: skip
    if first is None:
        return Turn(apply, second, "")
    opens = show_datetime(first.opens_at)
    if first.missing is None:
        return Turn(apply, second, gettext("You come first with your plan: it opens to everybody on %(at)s.", at=opens))
    return Turn((gettext("Come first with a plan"), first.missing.href), talk,
                gettext("This {mission} opens to everybody on %(at)s.", at=opens))  # fmt: skip


__all__ = ["client_view", "figure_lines", "people", "unit_of"]
