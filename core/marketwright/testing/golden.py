"""A golden deal: two strangers agree, sign and finish, on a marketplace's own rules, papers and process."""


from collections.abc import Callable
from contextlib import nullcontext

from marketwright.features.contracts.registry import pinned
from marketwright.features.contracts.waiting import opens_next
from marketwright.features.ledger.sealer import seal_all
from marketwright.features.ledger.verify import Finding, verify
from marketwright.features.papers.acting import meet_one, open_conditions
from marketwright.features.payments.ports import onboards
from marketwright.features.payments.tables import Payee
from marketwright.features.proposals.offers import OfferLine
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import exponent
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.processes import Process, Role, Transition
from marketwright.testing.agreed import Stage
from marketwright.testing.negotiation import Negotiation
from marketwright.web.house import House

LONGEST = 60  # steps of one milestone
WORKS = (4_000, 2_500)  # two milestones, in units of the marketplace's currency


def golden_deal(house: House) -> Stage:
    """Play one deal of two milestones from proposal to its end; the provider confirms whatever it is asked.

    Runs on the first process that the marketplace offers, with the fees, documents and conditions of its plugins. At
    each state the way is taken that the process's author named first. Raises what stands in the way.
    """
    stage = agreed_deal(house)
    with house.database.reading() as session:
        row = stage.row()
        process = pinned(session, row.process, row.process_version)
    for n in range(len(stage.milestones)):
        finish(stage, process, n=n)
    return stage


def agreed_deal(house: House) -> Stage:
    """A deal that both sides have signed, its conditions met."""
    talk = Negotiation(house).meet()
    if house.marketplace.subscriptions.head_start:
        talk.move(hours=house.marketplace.subscriptions.head_start)  # strangers come when it is open to everybody
    unit = 10 ** exponent(house.marketplace.currency)
    lines = [OfferLine(f"Part {n + 1}", work * unit) for n, work in enumerate(WORKS)]
    stage = Stage(house, talk.people["owner"], talk.people["freelancer"], talk.organisation, talk.mission)
    stage.contract = talk.accept(talk.propose(*lines), *lines)
    stage.read_milestones()
    stage.send(language=house.marketplace.languages[0])
    stage.sign(stage.freelancer)
    stage.sign(stage.client)
    meet_conditions(stage)
    introduce(stage)
    return stage


def introduce(stage: Stage) -> None:
    """Let the provider know the freelancer, where it must know whom it pays."""
    provider = stage.row().provider
    with stage.unit() as uow:
        if provider and onboards(uow.ports, provider):
            now = uow.machine_now
            uow.session.add(
                Payee(provider=provider, freelancer_id=stage.freelancer, key=new_id(), state="READY", missing=[],
                      marks=[], created_at=now, updated_at=now, ready_at=uow.now)
            )  # fmt: skip
            uow.commit()


def meet_conditions(stage: Stage) -> None:
    """Hand in whatever the enabled plugins ask for before money or work moves."""
    def act(role: Role, deed: Callable[[UnitOfWork], object]) -> None:
        with stage.unit(stage.freelancer if role is Role.FREELANCER else stage.client) as uow:
            deed(uow)
            uow.commit()

    with stage.house.database.reading() as session:
        names = open_conditions(session, stage.contract)
    for name in names:
        meet_one(stage.house, stage.contract, name, act)


def finish(stage: Stage, process: Process, *, n: int) -> None:
    """Take milestone ``n`` to its end, each side doing its part."""
    for _ in range(LONGEST):
        state = process.state(stage.milestone(n).state)
        if state.end:
            return
        step_on(stage, way_on(process, state.name), n)
    msg = f"milestone {n + 1} of the process {process.name} has no end within {LONGEST} steps"
    raise AssertionError(msg)


def way_on(process: Process, state: str) -> Transition:
    """The way out of ``state`` that one of the two sides takes, as the process's author named them first."""
    people = (Role.CLIENT, Role.FREELANCER)
    ways = [t for t in process.ways_from(state) if t.actor in people and not t.danger]
    if not ways:
        msg = f"nobody of the two sides can move on from {state!r} of the process {process.name}"
        raise AssertionError(msg)
    return ways[0]


def step_on(stage: Stage, way: Transition, n: int) -> None:
    """Take ``way`` with milestone ``n``, as the side that may, at the next time that it may be taken."""
    database = stage.house.database
    with database.reading() as session:
        opens = opens_next(session, stage.milestones[n], way.name, stage.house.clock.business())
    with database.pretending(opens) if opens else nullcontext():
        _take(stage, way, n)


def _take(stage: Stage, way: Transition, n: int) -> None:
    if way.delivers:
        stage.hand_over(way.name, n=n)
        return
    if "files" in way.asks:
        stage.deliver(n=n, transition=way.name)
        return
    by = stage.client if way.actor is Role.CLIENT else stage.freelancer
    taken = stage.take(way.name, by, n=n, note="As agreed." if "note" in way.asks else "", reauthenticated=True)
    if taken.command:
        stage.answer(taken.command)


def ledger_findings(house: House) -> list[Finding]:
    """What the ledger's own check has to say once all of it is sealed; an empty list when it is whole."""
    seal_all(house.database, house.marketplace.var)
    with house.database.reading() as session:
        return verify(session)


