"""Handing over in the form of a deliverable: the delivery, what it says, and what its judgement takes by itself."""

from marketwright.features.contracts import steps
from marketwright.features.contracts.handed import HandedOver
from marketwright.features.contracts.sealed import close
from marketwright.features.contracts.steps import Taken
from marketwright.features.contracts.tables import Contract, Handover, Milestone
from marketwright.features.files import service as files
from marketwright.store.unit import UnitOfWork


def hand_over(uow: UnitOfWork, *, milestone: str, transition: str, handed: HandedOver) -> tuple[Taken, str]:
    """Hand ``handed`` over by ``transition``, as the actor; where it was judged, what the judgement takes is taken too.

    Returns where the milestone stands and the delivery's id, all in one commit.
    """
    taken, delivery = steps.deliver(
        uow, milestone=milestone, transition=transition, note="" if handed.sealed else handed.body["note"],
        has_files=True,
    )
    seal = ""
    if handed.sealed:
        row = uow.session.get_one(Milestone, milestone)
        seal = close(uow, uow.session.get_one(Contract, row.contract_id), handed)
    else:
        for checked in handed.files_by_fingerprint.values():
            files.keep(uow, checked=checked, purpose="delivery", owner_kind="delivery", owner_id=delivery)
    uow.session.add(Handover(
        delivery_id=delivery, deliverable=handed.deliverable, body=None if seal else handed.body,
        judgement=None if seal else handed.judgement, seal=seal, sha256=handed.sha256, met=handed.met,
    ))  # fmt: skip
    uow.flush()
    uow.audit("delivery.handed_over", delivery, deliverable=handed.deliverable, sha256=handed.sha256, met=handed.met)
    if handed.met is not None:
        taken = steps.take_judged(uow, milestone=milestone, met=handed.met) or taken
    return taken, delivery
