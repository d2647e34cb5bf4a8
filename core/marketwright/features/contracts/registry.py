"""Which process a contract runs on: the version it was drawn up on is kept, whatever becomes of the plugin (P5)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.contracts.bundled import BUNDLED
from marketwright.features.contracts.checker import check
from marketwright.features.contracts.standing import accepts
from marketwright.features.contracts.tables import Contract, ContractProcess, Milestone
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import BadSetting, NotFound, Unavailable
from marketwright.settings.courses import Cancellation
from marketwright.settings.marketplace import DealSettings, Marketplace
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.processes import (
    Action,
    CancellationRule,
    HoldState,
    Judged,
    Measure,
    Process,
    Role,
    Sale,
    State,
    Transition,
)

_BY_DAYS = 1000
_BY_RULES = 1_000_000


def processes(plugins: Plugins) -> dict[str, Process]:
    """Every process that new contracts may run on, by name: the bundled ones, then those of plugins."""
    found = {p.name: p for p in BUNDLED}
    return found | {name: entry.it for name, entry in plugins.processes.items()}


def check_processes(plugins: Plugins) -> None:
    """Refuse to start with a process in which money or a deal could be stranded: ``BadSetting`` lists every reason."""
    brought = {entry.it.name: entry.plugin for entry in plugins.processes.values()}
    for process in processes(plugins).values():
        wrong = check(process, plugins.conditions, plugins.deliverables)
        if wrong:
            raise BadSetting(
                f"the process {process.name!r} is not sound. " + " ".join(str(r) for r in wrong),
                where=f"plugin {brought.get(process.name, 'core')}", fix="docs/processes.md explains each rule.",
            )  # fmt: skip
        _check_service(process, plugins, brought.get(process.name, "core"))
    doubled = sorted(set(brought) & {p.name for p in BUNDLED})
    if doubled:
        raise BadSetting(f"the process {doubled[0]!r} is core's own.", where=f"plugin {brought[doubled[0]]}",
                         fix="Give yours another name.")  # fmt: skip


def check_sealing(plugins: Plugins, marketplace: Marketplace) -> None:
    """Refuse to start a site whose deliverables are sealed and that has no key to seal with."""
    asked = [e for e in plugins.deliverables.values() if e.it.sealed]
    if asked and not marketplace.sealing:
        raise BadSetting(
            f"the deliverable {asked[0].it.name!r} is sealed, and there is no key.",
            where="environment: MARKETWRIGHT_SEAL_KEYS",
            fix="Make one: marketwright seals key. Keep it apart from the backups.",
        )  # fmt: skip


def _check_service(process: Process, plugins: Plugins, plugin: str) -> None:
    """A service is bought as it is offered: nothing is agreed on beforehand."""
    asked = [name for name in process.deliverables if plugins.deliverables[name].it.agreed]
    if process.sale is Sale.SERVICE and asked:
        raise BadSetting(
            f"the process {process.name!r} sells services, and {asked[0]!r} is agreed on in a proposal.",
            where=f"plugin {plugin}", fix="Let it be sold by proposal, or hand over something without `agreed`.",
        )  # fmt: skip


def offered(plugins: Plugins, name: str) -> Process:
    """The process ``name`` for a new contract; ``Unavailable`` when no enabled plugin brings it."""
    try:
        return processes(plugins)[name]
    except KeyError:
        raise Unavailable("The course of deals %(name)s is not set up on this marketplace.", name=name) from None


def service_process(plugins: Plugins, marketplace: Marketplace) -> Process | None:
    """The process that bought services run on, with the settings in it: the first that they offer, or ``None``.

    One that holds money needs a payment provider.
    """
    known = processes(plugins)
    named = (known[name] for name in marketplace.deal.processes if name in known)
    ready = marketplace.deal.provider in plugins.payment_providers
    found = next((p for p in named if p.sale is Sale.SERVICE and (ready or not p.holds)), None)
    return with_settings(found, marketplace.deal) if found is not None else None


def with_review_days(process: Process, days: int) -> Process:
    """One of core's own courses with ``days`` of silence before work counts as accepted; others name their own.

    It is a version of its own, 1000 times the version and the days, so that a contract stays on what it was signed on.
    """
    silent = [t for t in process.transitions if t.actor is Role.TIMER and not t.expiry and accepts(t)]
    if process not in BUNDLED or all(t.timer_days == days for t in silent):
        return process
    changed = {t.name: _waiting(t, min(days, t.timer_days or days) if process.most_days else days) for t in silent}
    ways = tuple(changed.get(t.name, t) for t in process.transitions)
    return replace(process, version=process.version * _BY_DAYS + days, transitions=ways)


def with_settings(process: Process, deal: DealSettings) -> Process:
    """One of core's own courses as the operator's settings have it; others name everything themselves.

    Where calling off or reminders differ it is a version of its own, which :func:`keep` numbers: a million times what
    tells the variants apart, and the rest as :func:`with_review_days` has it.
    """
    timed = with_review_days(process, deal.review_days)
    if process not in BUNDLED:
        return timed
    ruled = replace(timed, cancellation=_rules(process, deal.cancellation))
    if deal.remind_days:
        ruled = _reminding(ruled, deal.remind_days)
    if ruled == timed:
        return timed
    version = timed.version if timed.version > _BY_DAYS else timed.version * _BY_DAYS
    return replace(ruled, version=_BY_RULES + version)


def _rules(process: Process, wanted: Sequence[Cancellation]) -> tuple[CancellationRule, ...]:
    own = tuple(
        CancellationRule(Role.CLIENT, r.notice_days, r.freelancer_bps) for r in wanted if r.process == process.name
    )
    return own if own and process.cancellation else process.cancellation


def _reminding(process: Process, days: Sequence[int]) -> Process:
    """Who is reminded is what the course says, on the ``days`` that fit its deadline; after one, where it does so."""

    def fitting(own: tuple[int, ...], most: int | None) -> tuple[int, ...]:
        before = tuple(d for d in days if d > 0 and (most is None or d < most))
        return (*before, *(d for d in days if d < 0 and min(own) < 0)) if own else own

    return replace(
        process,
        states=tuple(replace(s, remind_days=fitting(s.remind_days, s.deadline_days)) for s in process.states),
        transitions=tuple(replace(t, remind_days=fitting(t.remind_days, t.timer_days)) for t in process.transitions),
    )


def check_cancellation(marketplace: Marketplace) -> None:
    """Refuse rules of calling off for a course that has none to replace."""
    able = [p.name for p in BUNDLED if p.cancellation]
    for rule in marketplace.deal.cancellation:
        if rule.process not in able:
            raise BadSetting(
                f"the course {rule.process!r} cannot be called off by rules of the settings.",
                where="deal.cancellation", fix=f"These can: {', '.join(able)}.",
                key="deal.cancellation",
            )  # fmt: skip


def _waiting(timer: Transition, days: int) -> Transition:
    """``timer`` after ``days``, with the reminders that fit. Short courses wait no longer than they say themselves."""
    return replace(timer, timer_days=days, remind_days=tuple(d for d in timer.remind_days if d < days))


def version_of(process: Process) -> tuple[int, int]:
    """The version that people know, and the days of silence that the settings had named (0: those of the course)."""
    own = process.name in {p.name for p in BUNDLED} and process.version > _BY_DAYS
    return divmod(process.version % _BY_RULES, _BY_DAYS) if own else (process.version, 0)


def keep(uow: UnitOfWork, process: Process) -> Process:
    """Keep ``process`` as it is today, for the contracts drawn up on this version; returns what is kept."""
    process = _numbered(uow.session, process)
    if uow.session.get(ContractProcess, (process.name, process.version)) is None:
        uow.session.add(
            ContractProcess(name=process.name, version=process.version, body=to_json(process), kept_at=uow.now)
        )
        uow.flush()
    return pinned(uow.session, process.name, process.version)


def _numbered(session: Session, process: Process) -> Process:
    """The process under the number of its own rules: that of the same rules kept before, else the next free one."""
    if process not in BUNDLED and process.name in {p.name for p in BUNDLED}:
        while process.version > _BY_RULES:
            row = session.get(ContractProcess, (process.name, process.version))
            if row is None or from_json(row.body) == process:
                break
            process = replace(process, version=process.version + _BY_RULES)
    return process


def pinned(session: Session, name: str, version: int) -> Process:
    """The process as it was when this version was first contracted on."""
    row = session.get(ContractProcess, (name, version))
    if row is None:
        raise Unavailable("The course of deals %(name)s is not known here.", name=f"{name} {version}")
    return from_json(row.body)


def load(session: Session, milestone: str) -> tuple[Milestone, Contract, Process]:
    """The milestone, its contract and its process; ``NotFound`` where there is none."""
    row = session.scalar(select(Milestone).where(Milestone.id == milestone).execution_options(populate_existing=True))
    if row is None:
        raise NotFound("There is no such {milestone}.")
    contract = session.get_one(Contract, row.contract_id)
    return row, contract, pinned(session, contract.process, contract.process_version)


def to_json(process: Process) -> dict[str, Any]:
    """``process`` as plain JSON values."""
    return {
        **asdict(process),
        "needs": list(process.needs), "extends_to": list(process.extends_to),
        "fits": {name: list(values) for name, values in process.fits.items()},
        "cancellation": [asdict(rule) for rule in process.cancellation],
        "states": [asdict(s) | {"remind_days": list(s.remind_days)} for s in process.states],
        "transitions": [
            {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(t).items()} for t in process.transitions
        ],
    }


def from_json(body: Mapping[str, Any]) -> Process:
    """The process that :func:`to_json` wrote."""
    return Process(**{
        **body,
        "needs": tuple(body["needs"]),
        "states": tuple(_state(s) for s in body["states"]),
        "transitions": tuple(_transition(t) for t in body["transitions"]),
        "sale": Sale(body.get("sale", Sale.PROPOSAL)),
        "extends_to": tuple(body.get("extends_to", ())),
        "fits": {name: tuple(values) for name, values in body.get("fits", {}).items()},
        "cancellation": tuple(
            CancellationRule(**{**rule, "by": Role(rule["by"])}) for rule in body.get("cancellation", ())
        ),
    })  # fmt: skip


def _state(data: Mapping[str, Any]) -> State:
    typed = {"owner": Role(data["owner"]), "hold": HoldState(data["hold"]), "remind_days": tuple(data["remind_days"])}
    return State(**{**data, **typed})


def _transition(data: Mapping[str, Any]) -> Transition:
    typed = {
        "actor": Role(data["actor"]), "actions": tuple(Action(a) for a in data["actions"]),
        "also": tuple(Role(r) for r in data["also"]), "needs": tuple(data["needs"]), "asks": tuple(data["asks"]),
        "remind_days": tuple(data["remind_days"]), "measure": Measure(data.get("measure", Measure.WHOLE)),
        "judged": Judged(data.get("judged", Judged.NOT)),
    }  # fmt: skip
    return Transition(**{**data, **typed})
