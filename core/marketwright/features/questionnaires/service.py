"""Keeping what was answered, and saying what it came to in the mission's own field."""

from collections.abc import Mapping
from typing import Any

from marketwright.features.missions import service as missions
from marketwright.features.questionnaires import events
from marketwright.features.questionnaires.concluding import to_json
from marketwright.features.questionnaires.queries import latest
from marketwright.features.questionnaires.tables import Answering
from marketwright.kernel.ids import new_id
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.questionnaires import Conclusion, Questionnaire


def answer(
    uow: UnitOfWork, *, mission: str, questionnaire: Questionnaire, answers: Mapping[str, Any], conclusion: Conclusion
) -> bool:
    """Keep ``answers`` and set the mission's field; whether the conclusion is another than before.

    The actor runs the mission, whatever state it is in: an answer that changes after signature is what the parties
    must hear, and what conditions of running contracts turn on with.
    """
    before = latest(uow.session, mission, questionnaire.name)
    missions.set_field(uow, mission=mission, name=questionnaire.sets, value=conclusion.value)
    uow.session.add(
        Answering(
            id=new_id(), mission_id=mission, questionnaire=questionnaire.name, version=questionnaire.version,
            answers=dict(answers), conclusion=to_json(conclusion), by=uow.actor.label, by_name=uow.actor.name,
            at=uow.now,
        )
    )  # fmt: skip
    uow.flush()
    value = before.conclusion.value if before else ""
    uow.audit("questionnaire.answered", mission, questionnaire=questionnaire.name, value=conclusion.value)
    if value == conclusion.value:
        return False
    uow.emit(
        events.CONCLUDED, mission, questionnaire=questionnaire.name, value=conclusion.value, before=value,
        headline=str(conclusion.headline),
    )  # fmt: skip
    return bool(value)
