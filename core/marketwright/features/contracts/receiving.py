"""A payment arrives on a bill; when nothing is left to pay, the milestone counts as paid in the same commit."""

from marketwright.features.contracts.registry import load
from marketwright.features.contracts.standing import roles_of
from marketwright.features.contracts.steps import take
from marketwright.features.contracts.waiting import missing_for
from marketwright.features.invoicing import queries as invoicing
from marketwright.features.invoicing import receiving
from marketwright.features.invoicing.receiving import Arrival
from marketwright.features.invoicing.standing import standing
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import NotFound
from marketwright.kernel.money import Money
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.processes import Action, Process, Role, Transition


def receive(uow: UnitOfWork, *, bill: str, arrival: Arrival) -> Money:
    """Record ``arrival`` on ``bill`` and return what the bill took; the step that counts it as paid is taken with it.

    A process whose version knows no such step for the actor leaves it to the people, and so does a condition that is
    not met before it: the money has come all the same. The bill shows nothing left to pay, and the freelancer confirms.
    """
    row = invoicing.bill(uow.session, bill)
    if row is None:
        raise NotFound("There is no such bill.")
    taken = receiving.receive(uow, bill=bill, arrival=arrival)
    if row.state == "open" and not standing(uow.session, bill).open:
        milestone, contract, process = load(uow.session, row.milestone)
        way = _pays(process, milestone.state, roles_of(uow.session, contract, uow.actor))
        if way is None or contract.state != "ACTIVE":
            return taken
        if not missing_for(uow.session, uow.ports.get(Plugins), milestone, way.name, uow.now):
            take(uow, milestone=row.milestone, transition=way.name)
    return taken


def _pays(process: Process, state: str, roles: tuple[Role, ...]) -> Transition | None:
    """The way by which one of ``roles`` counts what was billed as paid."""
    return next(
        (t for t in process.ways_from(state) if Action.PAID in t.actions and set(roles) & set(t.actors)), None
    )
