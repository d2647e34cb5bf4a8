"""Questionnaires about a mission: questions that depend on each other, and a dated conclusion of them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import field as default
from datetime import date
from typing import Any, ClassVar

from marketwright.kernel.frozen import dataclass
from marketwright.strategies.fields import Field


@dataclass(frozen=True, slots=True)
class Question:
    """One question: a :class:`Field` (owner ``questionnaire``), asked where all of ``when`` fit.

    ``when`` names earlier questions and the answers of each that lead here; of several choices one is enough.
    """

    field: Field
    when: Mapping[str, tuple[str, ...]] = default(default_factory=dict)

    def concerns(self, answers: Mapping[str, Any]) -> bool:
        """Whether it is asked after ``answers``."""
        return all(set(_listed(answers.get(name))) & set(wanted) for name, wanted in self.when.items())


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that follows, in a sentence; ``since`` the day from which it holds, ``source`` where it is written."""

    text: str
    since: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What the answers come to: ``value`` is the choice of the mission's field, ``headline`` and ``reasons`` sentences.

    ``duties`` are what follows; ``as_of`` says how old the knowledge is that it was drawn with.
    """

    value: str
    headline: str
    reasons: Sequence[str] = ()
    duties: Sequence[Duty] = ()
    as_of: date | None = None


class Questionnaire(ABC):
    """Asked of whoever runs a mission, answered again at any time; every answering is kept.

    ``name`` is ``<plugin>.<word>``, ``sets`` a field of the mission (a choice that the plugin declares with
    ``asked=False``) that takes the conclusion's ``value``: clauses read it in their terms, conditions turn on with it.
    ``caution`` stands on every page of it: what the conclusion is not. Texts are messages of the plugin.
    """

    name: ClassVar[str]
    version: ClassVar[str]
    label: ClassVar[str]
    summary: ClassVar[str]
    caution: ClassVar[str]
    sets: ClassVar[str]
    questions: ClassVar[tuple[Question, ...]]

    def __init__(self, settings: Mapping[str, Any], desk: Any) -> None:
        self.settings, self.desk = settings, desk

    @abstractmethod
    def conclude(self, answers: Mapping[str, Any], today: date) -> Conclusion:
        """What the answers come to on ``today``; the same answers on the same day always give the same."""


def asked(questions: Sequence[Question], answers: Mapping[str, Any]) -> tuple[Question, ...]:
    """The questions that are asked after ``answers``; what no longer concerns is not counted as an answer."""
    found: list[Question] = []
    known: dict[str, Any] = {}
    for question in questions:
        if question.concerns(known):
            found.append(question)
            if question.field.name in answers:
                known[question.field.name] = answers[question.field.name]
    return tuple(found)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]
