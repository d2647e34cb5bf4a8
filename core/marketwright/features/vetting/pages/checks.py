"""What a person sees of vetting: what gates ask for, how each check stands, and handing in what it asks."""

from datetime import datetime

from flask import redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.missions.sight import RUNS
from marketwright.features.vetting import asking, queries, service
from marketwright.features.vetting.asking import Question
from marketwright.features.vetting.checks import APPROVAL, Asked, checks_of
from marketwright.features.vetting.gate import checks_page
from marketwright.features.vetting.pages.base import Side, pages
from marketwright.features.vetting.pages.task import task_page
from marketwright.features.vetting.queries import Run, Stands
from marketwright.features.vetting.running import advance
from marketwright.features.vetting.showing import GATES, Shown, StateCard, card, said, shown
from marketwright.features.vetting.subjects import subject, told_to
from marketwright.hooks.manager import Entry
from marketwright.kernel.errors import InvalidInput, MarketwrightError, NotFound, PluginFailed
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.vetting import Ask, Result, Subject, Verdict, VettingCheck
from marketwright.web.forms import Form
from marketwright.web.house import db, house, reading, the_viewer, unit
from marketwright.web.i18n import _, current_locale, translate
from marketwright.web.limits import TOO_MUCH, within
from marketwright.web.policy import FREELANCER, SIGNED_IN
from marketwright.web.render import render, tell

_MEMBERS = SIGNED_IN.objects("members of the organisation; its owners and buyers hand in")


@dataclass(frozen=True, slots=True)
class ChecksContext:
    """Every check that concerns one subject: those that gates ask for, and those by choice."""

    side: Side
    asked: list[StateCard]
    optional: list[StateCard]
    history: list[Shown]
    others: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A run that has not ended, with what was handed in: (label, words or file name, file's id or '')."""

    id: str
    title: str
    since: datetime
    for_staff: bool
    note: str
    given: list[tuple[str, str, str]]
    withdraw_url: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CheckContext:
    """One check: which gates ask for it, what stands, what is under way, and its form (``None`` when it has none).

    ``shared``: clients with a signed contract open what is handed in; ``reminded`` lists the days before its end.
    """

    side: Side
    name: str
    label: str
    gates: list[str]
    explain: str
    standing: list[Shown]
    under_way: list[UnderWay]
    history: list[Shown]
    form: Form | None
    questions: list[Question]
    closed: str
    action: str
    private: bool
    shared: bool
    reminded: str


@pages.get("/me/checks", FREELANCER)
def mine() -> BaseResponse:
    """What a freelancer's gates ask for, and what else can be proved."""
    return _all(_own_side())


@pages.form("/me/checks/<check>", FREELANCER)
def mine_one(check: str) -> BaseResponse:
    """One check of the freelancer: hand in, follow, read the outcome."""
    return _one(_own_side(), check)


@pages.post("/me/checks/runs/<run>/withdraw", FREELANCER.objects("whoever handed it in"))
def mine_withdraw(run: str) -> BaseResponse:
    """Take back what was handed in."""
    return _withdraw(_own_side(), run)


@pages.get("/organisations/<organisation>/checks", _MEMBERS)
def theirs(organisation: str) -> BaseResponse:
    """What a client's gates ask for."""
    return _all(_client_side(organisation))


@pages.form("/organisations/<organisation>/checks/<check>", _MEMBERS)
def theirs_one(organisation: str, check: str) -> BaseResponse:
    """One check of a client."""
    return _one(_client_side(organisation), check)


@pages.post("/organisations/<organisation>/checks/runs/<run>/withdraw", _MEMBERS)
def theirs_withdraw(organisation: str, run: str) -> BaseResponse:
    """Take back what was handed in."""
    return _withdraw(_client_side(organisation), run)


def _own_side() -> Side:
    me = the_viewer()
    return Side("freelancer", me.account, me.name)


def _client_side(organisation: str) -> Side:
    found = next((o for o in the_viewer().organisations if o.id == organisation), None)
    if found is None:
        raise NotFound("There is no such {organisation}.")
    return Side("client", organisation, found.name, bool(found.roles & RUNS))


def _all(side: Side) -> BaseResponse:
    session, now = reading(), house().clock.business()
    asked = house().ports.get(Asked)
    standing, open_runs = queries.standing(session, side.kind, side.owner), queries.open_runs(
        session, side.kind, side.owner)  # fmt: skip
    about = subject(session, side.kind, side.owner, current_locale())
    cards: dict[bool, list[StateCard]] = {True: [], False: []}
    for name, entry in checks_of(house().plugins).items():
        gates = asked.gates(name, side.kind)
        if gates or (name != APPROVAL and _applies(entry, about)):
            made = card(name, entry.it.label, [GATES.get(g, g) for g in gates], standing, open_runs, now,
                        private=name in asked.private)  # fmt: skip
            cards[bool(gates)].append(made)
    history = [shown(v, _labels(about), now) for v in queries.verdicts_of(session, side.kind, side.owner)]
    others = [(o.name, checks_page("client", o.id)) for o in the_viewer().organisations if o.id != side.owner]
    return render("vetting/checks.html", ChecksContext(side, cards[True], cards[False], history[:30], others))


def _one(side: Side, check: str) -> BaseResponse:
    entry = checks_of(house().plugins).get(check)
    unasked = check == APPROVAL and not house().ports.get(Asked).gates(check, side.kind)
    if entry is None or unasked:
        raise NotFound(service.GONE)
    about = subject(reading(), side.kind, side.owner, current_locale())
    asks, closed = _asks(entry, about, side)
    if entry.it.assessment is not None:
        return task_page(side, entry, asks, closed)
    form = asking.form_for(asks) if not closed else None
    if request.method == "POST" and form is not None:
        handed = asking.read(form, asks, request.form, request.files)
        if not within("uploads"):
            form.refuse(InvalidInput({"": [TOO_MUCH]}))
        if not form.errors:
            return _ask_again(side, entry, about) if entry.it.follows_identity else _hand_in(side, check, handed)
    context = _context(side, entry, about, form, asks, closed)
    return render("vetting/check.html", context, status=422 if form is not None and form.errors else 200)


def _ask_again(side: Side, entry: Entry[VettingCheck], about: Subject) -> BaseResponse:
    """Put the number to its source now: the attempt that waits, else a new one."""
    name = entry.it.name
    open_runs = queries.open_runs(reading(), side.kind, side.owner)
    run = next((r.id for r in open_runs if r.check == name and r.about == about.vat_number), "")
    db.session.remove()
    if not run:
        with unit() as uow:
            run = service.hand_in(uow, check=name, kind=side.kind, owner=side.owner, about=about.vat_number)
            uow.commit()
    return _answered(side, name, run)


def _hand_in(side: Side, check: str, handed: list[service.Handed]) -> BaseResponse:
    about = next((h.text for h in handed if h.ask.key == "claim"), "")
    db.session.remove()
    with unit() as uow:
        run = service.hand_in(uow, check=check, kind=side.kind, owner=side.owner, about=about, handed=handed)
        uow.commit()
    return _answered(side, check, run)


def _answered(side: Side, check: str, run: str) -> BaseResponse:
    state = advance(house(), run)
    if state == "decided":
        tell(_("The check has answered: see below."), "info")
    else:
        tell(_("Thank you, it was handed in. You hear from us as soon as it is decided."))
    return redirect(side.url(check), 303)


def _asks(entry: Entry[VettingCheck], about: Subject, side: Side) -> tuple[tuple[Ask, ...], str]:
    """What to ask, and why there is nothing to fill in ('' when there is)."""
    if not side.may_hand_in:
        return (), _("Only owners and buyers of the {organisation} hand this in.")
    seen = told_to(entry, about)
    try:
        if not entry.ask("applies", lambda c: c.applies(seen)):
            return (), _("There is nothing to check yet. For a certificate or a post, add it to the {profile} first.")
        return asking.checked_asks(entry, entry.ask("evidence", lambda c: c.evidence(seen))), ""
    except PluginFailed:
        return (), _("This check does not answer at the moment. Please come back later; nothing is lost.")


def _applies(entry: Entry[VettingCheck], about: Subject) -> bool:
    try:
        return bool(entry.ask("applies", lambda c: c.applies(told_to(entry, about))))
    except MarketwrightError:
        return False


def _labels(about: Subject) -> dict[str, str]:
    return {c.id: c.label for c in about.claims}


def _context(
    side: Side, entry: Entry[VettingCheck], about: Subject, form: Form | None, asks: tuple[Ask, ...], closed: str
) -> CheckContext:
    session, now, name = reading(), house().clock.business(), entry.it.name
    asked = house().ports.get(Asked)
    verdicts = queries.verdicts_of(session, side.kind, side.owner, check=name)
    runs = [r for r in queries.open_runs(session, side.kind, side.owner) if r.check == name]
    labels = _labels(about)
    return CheckContext(
        side=side, name=name, label=translate(entry.it.label),
        gates=[translate(GATES.get(g, g)) for g in asked.gates(name, side.kind)],
        explain=_explained(entry, verdicts),
        standing=[shown(v, labels, now) for v in verdicts if not v.superseded],
        under_way=[_under_way(session, r, labels, side) for r in runs],
        history=[shown(v, labels, now) for v in verdicts if v.superseded],
        form=form, questions=asking.questions(asks), closed=closed, action=side.url(name),
        private=name in asked.private,
        shared=entry.it.shared, reminded=", ".join(str(days) for days in entry.it.remind_days),
    )  # fmt: skip


def _explained(entry: Entry[VettingCheck], verdicts: list[Stands]) -> str:
    good = next((v for v in verdicts if v.result == "passed" and not v.superseded), None)
    if good is None:
        return ""
    try:
        return translate(entry.ask("explain", lambda c: c.explain(_as_verdict(good))))
    except MarketwrightError:
        return ""


def _as_verdict(v: Stands) -> Verdict:
    return Verdict(Result.PASSED, v.compared, v.source, v.reason, v.expires, v.about, v.document)


def _under_way(session: Session, run: Run, labels: dict[str, str], side: Side) -> UnderWay:
    given = [
        (translate(g.label), labels.get(g.text) or said(g) if not g.file else "", g.file or "")
        for g in queries.evidence_of(session, run.id)
    ]
    return UnderWay(
        run.id, labels.get(run.about, ""), run.started_at, run.state == "staff",
        translate(run.note) if run.note and run.state != "staff" else "", given,
        f"{side.url()}/runs/{run.id}/withdraw" if side.may_hand_in else "",
        run.until if run.state == "outside" else None,
    )  # fmt: skip


def _withdraw(side: Side, run: str) -> BaseResponse:
    found = queries.run(reading(), run)
    if found is None or (found.kind, found.owner) != (side.kind, side.owner):
        raise NotFound(service.GONE)
    with unit() as uow:
        service.withdraw(uow, run=run)
        uow.commit()
    tell(_("Taken back. You can hand it in again whenever you like."), "info")
    return redirect(side.url(found.check), 303)

