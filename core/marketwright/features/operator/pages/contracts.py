"""Contracts: by state, and one of them with what the operator may decide."""

from datetime import datetime

from flask import redirect, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts import course, registry, steps
from marketwright.features.contracts import queries as contract_queries
from marketwright.features.contracts.documents import DocumentRow, documents_of
from marketwright.features.contracts.queries import ContractRow, MilestoneRow, StepRow
from marketwright.features.contracts.standing import concerned
from marketwright.features.contracts.tables import Contract
from marketwright.features.ledger import queries as ledger
from marketwright.features.ledger.queries import StatementRow
from marketwright.features.operator import queries
from marketwright.features.operator.deeds import who_words
from marketwright.features.operator.pages.base import Pager, argument, chosen, page_number, pager, pages, show, tabs
from marketwright.features.operator.queries import ContractLine
from marketwright.features.operator.tasks import deciding_states, tasks
from marketwright.features.operator.wording import ACCOUNT_WORDS, effect_words
from marketwright.features.payments import queries as payments
from marketwright.features.payments.queries import HoldRow
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_
from marketwright.strategies.processes import Process, Role, Transition
from marketwright.web.fields import MoneyField, TextField
from marketwright.web.forms import Form
from marketwright.web.house import db, house, reading, the_viewer, unit
from marketwright.web.i18n import _, translate
from marketwright.web.policy import staff
from marketwright.web.render import tell

STATES = ("DECIDE", "DRAFT", "SENT", "SIGNED", "ACTIVE", "ENDED")
STATE_WORDS = {
    "DRAFT": N_("Being drawn up"), "SENT": N_("Out for signature"), "SIGNED": N_("Signed"), "ACTIVE": N_("Under way"),
    "ENDED": N_("Ended"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ContractsContext:
    """Contracts of one state."""

    contracts: list[tuple[ContractLine, str]]
    total: int
    pager: Pager
    tabs: list[tuple[str, str, bool, int | None]]
    search: str


@dataclass(frozen=True, slots=True)
class Way:
    """One thing the operator may decide about a milestone."""

    name: str
    label: str
    note: bool
    amount: bool
    danger: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One milestone: where it stands, its money, and what the operator may decide."""

    milestone: MilestoneRow
    label: str
    owner: str
    next: str
    hold: HoldRow | None
    ways: list[Way]
    form: Form
    until: datetime | None
    ours: bool
    first: tuple[StepRow, str, str] | None  # who was quicker than the reader: the step, their name, what they decided

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What may be decided, for a select."""
        return [(w.name, w.label) for w in self.ways]

    @property
    def splits(self) -> bool:
        """Whether one of the ways shares the money."""
        return any(w.amount for w in self.ways)


@dataclass(frozen=True, slots=True)
class ContractContext:
    """One contract as staff sees it."""

    contract: ContractRow
    state: str
    process: str
    version: int
    review_days: int
    milestones: list[Part]
    documents: list[DocumentRow]
    log: list[tuple[StepRow, str, str, str]]
    booked: list[tuple[StatementRow, str, str]]


@pages.get("/contracts", staff("contracts.read"))
def contracts() -> BaseResponse:
    """Contracts by state; first those that wait for a decision."""
    session = reading()
    deciding = deciding_states(house().plugins)
    state, search, page = chosen("state", STATES), argument("search"), page_number()
    found = queries.contracts(session, state=state, search=search, deciding=deciding, page=page)
    counts = queries.counts(session, Contract.state)
    waiting = tasks(session, house().plugins).decisions
    choices = [("", _("All"), sum(counts.values())), ("DECIDE", _("To decide"), waiting)]
    choices += [(s, _(STATE_WORDS[s]), counts.get(s, 0)) for s in STATES[1:]]
    words = _state_labels()
    lines = [(c, words.get(c.waiting, c.waiting)) for c in found.rows]
    return show("contracts.html", ContractsContext(lines, found.total, pager(found.total, page), tabs("state", choices),
                                                   search))  # fmt: skip


def _state_labels() -> dict[str, str]:
    known = registry.processes(house().plugins).values()
    return {s.name: translate(s.label) for p in known for s in p.states}


@pages.get("/contracts/<contract>", staff("contracts.read").objects("staff sees every contract; none there is 404"))
def contracts_one(contract: str) -> BaseResponse:
    """One contract: its course, its money, its papers, its log."""
    return _contract(contract)


def _contract(contract: str, refused: tuple[str, Form] | None = None, late: str = "") -> BaseResponse:
    """The page of ``contract``; ``late`` is the milestone that somebody else of the staff has decided about before."""
    session, me = reading(), the_viewer()
    row = contract_queries.contract(session, contract)
    if row is None:
        raise NotFound("There is no such {contract}.")
    process = registry.pinned(session, row.process, row.process_version)
    milestones = contract_queries.milestones_of(session, [contract])[contract]
    holds = {h.id: h for h in payments.holds_of(session, contract)}
    log = contract_queries.log_of(session, contract)
    labels = {s.name: translate(s.label) for s in process.states} | {k: _(v) for k, v in STATE_WORDS.items()}
    ways = {t.name: translate(t.label) for t in process.transitions}
    may = me.may("contracts.decide") and row.state == "ACTIVE" and not concerned(
        session, session.get_one(Contract, contract), me.account
    )  # fmt: skip
    parts = [
        _part(m, process, holds.get(m.id), refused, _decided(log, m, ways) if m.id == late else None,
              may=may)
        for m in milestones
    ]
    version, review_days = registry.version_of(process)
    context = ContractContext(
        contract=row, state=_(STATE_WORDS.get(row.state, row.state)), process=translate(process.label),
        version=version, review_days=review_days,
        milestones=parts, documents=documents_of(session, row),
        log=[(s, who_words(s.actor, s.actor_name), ways.get(s.transition, s.transition),
              labels.get(s.target, s.target)) for s in log],
        booked=_booked(contract) if me.may("ledger.read") else [],
    )  # fmt: skip
    return show("contract.html", context, status=409 if late else 422 if refused else 200)


def _booked(contract: str) -> list[tuple[StatementRow, str, str]]:
    """The contract's entries, newest first: each with what it is and which account in words."""
    rows = ledger.statement(reading(), contract=contract)
    return [(r, effect_words(r), _(ACCOUNT_WORDS.get(r.kind, r.account))) for r in reversed(rows)]


def _part(
    m: MilestoneRow, process: Process, hold: HoldRow | None, refused: tuple[str, Form] | None,
    first: tuple[StepRow, str, str] | None, *, may: bool,
) -> Part:  # fmt: skip
    state = process.state(m.state)
    ways = course.ways(process, course.Place(m.state, m.pending), Role.OPERATOR) if may else ()
    owner = {Role.CLIENT: _("the {client}"), Role.FREELANCER: _("the {freelancer}"), Role.OPERATOR: _("us"),
             Role.PROVIDER: _("the payment provider"), Role.TIMER: _("the clock"),
             Role.PLUGIN: _("an outside service")}[state.owner]  # fmt: skip
    form = refused[1] if refused and refused[0] == m.id else Form(_decision(m.amounts.currency))
    return Part(m, translate(state.label), "" if state.end else owner, translate(state.next), hold,
                [_way(t) for t in ways], form, m.deadline_at, bool(ways) and state.owner is Role.OPERATOR,
                first)  # fmt: skip


def _decided(log: list[StepRow], m: MilestoneRow, ways: dict[str, str]) -> tuple[StepRow, str, str] | None:
    """The staff's decision about ``m`` after which nobody has taken a step, who it was, and what; else ``None``."""
    last = next((s for s in log if s.milestone == m.number and s.role != Role.PROVIDER), None)
    if last is None or last.role != Role.OPERATOR:
        return None
    return last, who_words(last.actor, last.actor_name), ways.get(last.transition, last.transition)


def _way(t: Transition) -> Way:
    return Way(t.name, translate(t.label), "note" in t.asks, "amount" in t.asks, t.danger)


def _decision(currency: str) -> Schema:
    made = Schema.from_dict({
        "transition": TextField(required=True, longest=40), "note": TextField(longest=2000, lines=True, required=True),
        "amount": MoneyField(currency, load_default=None),
    })  # fmt: skip
    return made()


@pages.post(
    "/contracts/<contract>/milestones/<milestone>/decide",
    staff("contracts.decide").objects("what the process lets the operator decide in this state"),
)
def contracts_decide(contract: str, milestone: str) -> BaseResponse:
    """Take one of the operator's transitions, with reasons that both sides read."""
    row = contract_queries.contract(reading(), contract)
    if row is None or contract_queries.contract_of_milestone(reading(), milestone) != contract:
        raise NotFound("There is no such {milestone}.")
    form = Form(_decision(row.work.currency))
    try:
        if not form.accept(request.form) or not _decide(form, milestone):
            return _contract(contract, (milestone, form))
    except Conflict:
        db.session.remove()  # as it is now, not as it was before
        if not _was_late(contract, milestone):
            raise
        return _contract(contract, late=milestone)
    tell(_("Decided. Both sides were told, with your reasons."))
    return redirect(url_for("operator.contracts_one", contract=contract), 303)


def _was_late(contract: str, milestone: str) -> bool:
    """Whether somebody of the staff has decided about ``milestone``, and nobody has taken a step since."""
    found = contract_queries.milestones_of(reading(), [contract])[contract]
    mine = next(m for m in found if m.id == milestone)
    return _decided(contract_queries.log_of(reading(), contract), mine, {}) is not None


def _decide(form: Form, milestone: str) -> bool:
    amount: Money | None = form.value["amount"]
    ask = steps.Ask(note=form.value["note"], refund=amount.amount if amount else None)
    try:
        with unit() as uow:
            steps.take(uow, milestone=milestone, transition=form.value["transition"], ask=ask)
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return False
    return True
