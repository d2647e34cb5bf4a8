"""Playing a deal through: every condition of a contract is met as its side and its signatories would meet it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.contracts.conditions import meet
from marketwright.features.contracts.service import get
from marketwright.features.contracts.tables import ContractCondition
from marketwright.features.facets import forms
from marketwright.features.files import service as files
from marketwright.features.papers import queries, service
from marketwright.features.papers.handing import Given, prepare
from marketwright.features.papers.tables import OutsideSigner
from marketwright.hooks.manager import Entry
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.conditions import Condition, Outsider
from marketwright.strategies.processes import Role
from marketwright.web.house import House

PEOPLE = ("Camille Rousselin", "Dominique Verhaegen", "Andrea Lindqvist", "Claude Okonkwo")  # who sign
FIRM = "Rousselin Infrastructures"
Act = Callable[[Role, Callable[[UnitOfWork], object]], object]


def open_conditions(session: Session, contract: str) -> list[str]:
    """The names of what a contract still waits for."""
    c = ContractCondition
    return sorted(session.scalars(select(c.name).where(c.contract_id == contract, c.met_at.is_(None)).distinct()))


def meet_one(
    house: House, contract: str, name: str, act: Act, *, words: str = "In writing.",
    values: Mapping[str, Any] | None = None,
) -> Condition:  # fmt: skip
    """Meet the condition ``name`` with its example, and ``values`` over it; returns the condition.

    ``act`` runs a deed as a side in a commit of its own.
    """
    entry = house.plugins.conditions[name]
    if not (entry.it.fields or entry.it.paper):
        act(entry.it.role, lambda uow: _meet(uow, contract, name, words))
        return entry.it
    with house.database.reading() as session:
        given = _example(house, session, entry, contract, values or {})
    act(entry.it.role, lambda uow: service.hand_in(uow, contract=contract, name=name, given=given))
    with house.database.reading() as session:
        handing = queries.latest(session, contract, name)
    if handing is not None and given.paper is not None:
        for signer in handing.signers:
            _sign(house, signer.id, given.paper.sha256)
        signing = partial(service.sign_as_party, handing=handing.id, sha256=given.paper.sha256)
        for side in handing.parties:
            act(Role(side), signing)
    return entry.it


def _meet(uow: UnitOfWork, contract: str, name: str, words: str) -> None:
    file = files.store(uow, data=words.encode(), name="agreed.txt", purpose="condition", owner_kind="contract",
                       owner_id=contract)  # fmt: skip
    meet(uow, contract=contract, name=name, evidence=words, file=file, on=uow.now.date().isoformat())


def _example(house: House, session: Session, entry: Entry[Condition], contract: str, over: Mapping[str, Any]) -> Given:
    now = house.clock.business()
    values = entry.ask("example", lambda c: dict(c.example(now.date())) if c.example else {})
    people = tuple(
        Outsider(kind.name, PEOPLE[(at + n) % len(PEOPLE)], f"{kind.name}{n}@example.org", FIRM)
        for at, kind in enumerate(entry.it.signatories)
        for n in range(max(1, kind.least))
    )
    checked = forms.check(entry.it.fields, {**values, **over})
    return prepare(session, house.plugins, entry, get(session, contract), checked, people, now=now,
                   zone=house.marketplace.time_zone)  # fmt: skip


def _sign(house: House, signer: str, sha256: str) -> None:
    with house.database.reading() as session:
        actor = service.outsider(session.get_one(OutsideSigner, signer))
    with house.database.unit(actor) as uow:
        given = service.Signed(actor.name, "Director", sha256, "I agree to it.", uow.machine_now)
        service.sign_outside(uow, signer=signer, given=given)
        uow.commit()
