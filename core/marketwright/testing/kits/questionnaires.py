"""What every questionnaire holds: each way through it ends in a conclusion that core can keep, with reasons."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from marketwright.hooks.questionnaires import checked_questionnaires
from marketwright.kernel.errors import BadSetting
from marketwright.strategies.fields import Field
from marketwright.strategies.questionnaires import Conclusion, Question, Questionnaire
from marketwright.testing.desks import MONDAY
from marketwright.testing.kits.frame import StrategyKit
from marketwright.testing.kits.values import faults, others

WALKS = 200
TODAY = MONDAY.date()


class QuestionnaireConformance(StrategyKit):
    """For a subclass of ``Questionnaire``: ``plugin = my_module``, whose hook ``register_fields`` has what it sets."""

    hook = "register_questionnaires"

    @pytest.fixture
    def own_fields(self) -> dict[str, Field]:
        """The fields of missions that the plugin declares."""
        made = getattr(self.plugin, "register_fields", None)
        return {f.name: f for f in (made(settings=self.checked()) if made else ()) if f.owner == "mission"}

    @pytest.fixture
    def walks(self, it: Questionnaire) -> list[dict[str, Any]]:
        """Ways through it, the same ones each time: what is asked is answered, all else is left out."""
        dice = random.Random(7)
        return [_walk(it.questions, dice) for _ in range(WALKS)]

    def test_it_says_what_it_is_called(self, it: Any) -> None:
        """``<plugin>.<word>``: answers are kept under it."""
        of, _, word = str(getattr(it, "name", "")).partition(".")
        assert of.isidentifier(), f"{it.name!r} is not <plugin>.<word>"
        assert word.isidentifier(), f"{it.name!r} is not <plugin>.<word>"
        assert self.manifest().name in ("alone", of), f"{it.name!r} does not begin with {self.manifest().name!r}"

    def test_it_says_what_it_asks_and_what_it_is_not(self, it: Questionnaire) -> None:
        """Label, version, summary, and the caution that stands on every page: what the conclusion is not."""
        for part in ("label", "version", "summary", "caution"):
            assert str(getattr(it, part, "")).strip(), f"it has no {part}"

    def test_core_takes_it(self, it: Questionnaire, own_fields: Mapping[str, Field]) -> None:
        """What would stop the start: nothing to set, a question that depends on a later one."""
        try:
            checked_questionnaires([SimpleNamespace(plugin=it.name.partition(".")[0], it=it)], own_fields)
        except BadSetting as error:
            pytest.fail(str(error))

    def test_every_question_is_asked_of_somebody(self, it: Questionnaire, walks: list[dict[str, Any]]) -> None:
        """One that no answers lead to asks for a choice that is not there."""
        reached = {name for walk in walks for name in walk}
        lost = [q.field.name for q in it.questions if q.field.name not in reached]
        assert not lost, f"no way leads to the question {lost[0]!r}"

    def test_every_way_ends_in_a_conclusion(self, it: Questionnaire, walks: list[dict[str, Any]]) -> None:
        """Whoever answers what they are asked is told what it comes to."""
        for answers in walks:
            said = it.conclude(answers, TODAY)
            assert isinstance(said, Conclusion), f"conclude gave {said!r} for {answers}"

    def test_its_conclusion_is_a_choice_of_the_field(
        self, it: Questionnaire, walks: list[dict[str, Any]], own_fields: Mapping[str, Field]
    ) -> None:
        """Clauses and conditions read it there."""
        choices = dict(own_fields[it.sets].choices)
        for answers in walks:
            value = it.conclude(answers, TODAY).value
            assert value in choices, f"it concludes {value!r}; the field {it.sets!r} has {sorted(choices)}"

    def test_it_says_why_and_how_old_its_knowledge_is(self, it: Questionnaire, walks: list[dict[str, Any]]) -> None:
        """A headline, reasons and duties in words; ``as_of`` is no day to come."""
        for answers in walks:
            said = it.conclude(answers, TODAY)
            assert said.headline.strip(), f"no headline for {answers}"
            texts = [*said.reasons, *(duty.text for duty in said.duties)]
            assert all(isinstance(t, str) and t.strip() for t in texts), f"a reason or duty is no text: {texts!r}"
            assert said.as_of is None or said.as_of <= datetime.now(UTC).date(), f"as_of is {said.as_of}, a day to come"

    def test_the_same_answers_come_to_the_same(
        self, it: Questionnaire, walks: list[dict[str, Any]], build: Any
    ) -> None:
        """On the same day, in whatever order they were given; the answers stay as they were."""
        for answers in walks[:50]:
            kept = repr(answers)
            first = it.conclude(answers, TODAY)
            assert it.conclude(dict(reversed(answers.items())), TODAY) == first, "another order comes to something else"
            assert build().conclude(answers, TODAY) == first, "another instance comes to something else"
            assert repr(answers) == kept, "conclude changed the answers"


def _walk(questions: tuple[Question, ...], dice: random.Random) -> dict[str, Any]:
    """What is asked, one after the other, answered by lot; what may stay empty sometimes does."""
    known: dict[str, Any] = {}
    for question in questions:
        if question.concerns(known) and (question.field.required or dice.random() < 0.9):
            value = dice.choice(list(others(question.field)))
            if not faults([question.field], {question.field.name: value}):
                known[question.field.name] = value
    return known
