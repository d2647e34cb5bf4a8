"""Questionnaires, each broken on purpose in one way, and one that is not."""

import itertools
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

from marketwright.plugin import Conclusion, Field, FieldForm, Manifest, Question, Questionnaire
from marketwright.testing import QuestionnaireConformance

YES_NO = (("yes", {"en": "Yes"}), ("no", {"en": "No"}))
NOISE = Field("mission", "noise", FieldForm.CHOICE, {"en": "Noise"}, asked=False,
              choices=(("loud", {"en": "Loud"}), ("quiet", {"en": "Quiet"})))  # fmt: skip


def question(name, **when):
    field = Field("questionnaire", name, FieldForm.CHOICE, {"en": name}, choices=YES_NO, required=True)
    return Question(field, {key: (value,) for key, value in when.items()})


class Fair(Questionnaire):
    """Whether the work is loud."""

    name, version, label = "yard.noise", "1", "Noise"
    summary, caution, sets = "Whether neighbours must be told.", "This is no expert's opinion.", "noise"
    questions = (question("machines"), question("by_night", machines="yes"))

    def conclude(self, answers, today):
        loud = answers.get("by_night") == "yes"
        return Conclusion("loud" if loud else "quiet", "It is loud." if loud else "It is quiet.", ("You said so.",),
                          as_of=date(2026, 1, 1))  # fmt: skip


def plugin(questionnaire):
    return SimpleNamespace(
        manifest=Manifest(name="yard", summary="Noise."), register_fields=lambda settings: [NOISE],
        register_questionnaires=lambda settings: [questionnaire],
    )  # fmt: skip


class TestFair(QuestionnaireConformance):
    plugin = plugin(Fair)


class NoName(Fair):
    """Nameless."""

    name = "noise"


class TestNoName(QuestionnaireConformance):
    plugin = plugin(NoName)
    caught_by = "test_it_says_what_it_is_called"


class Undescribed(Fair):
    pass


class TestUndescribed(QuestionnaireConformance):
    plugin = plugin(Undescribed)
    caught_by = "test_its_first_line_says_what_it_does"


class Incautious(Fair):
    """It does not say what it is not."""

    caution = ""


class TestIncautious(QuestionnaireConformance):
    plugin = plugin(Incautious)
    caught_by = "test_it_says_what_it_asks_and_what_it_is_not"


class Backwards(Fair):
    """A question depends on a later one."""

    questions = (question("by_night", machines="yes"), question("machines"))


class TestBackwards(QuestionnaireConformance):
    plugin = plugin(Backwards)
    caught_by = "test_core_takes_it"


class Lost(Fair):
    """A question that no answer leads to."""

    questions = (*Fair.questions, question("how_loud", machines="maybe"))


class TestLost(QuestionnaireConformance):
    plugin = plugin(Lost)
    caught_by = "test_every_question_is_asked_of_somebody"


class Breaks(Fair):
    """It counts on an answer that not everybody is asked for."""

    def conclude(self, answers, today):
        return super().conclude({"by_night": answers["by_night"]}, today)


class TestBreaks(QuestionnaireConformance):
    plugin = plugin(Breaks)
    caught_by = "test_every_way_ends_in_a_conclusion"


class Changed(Fair):
    """The fair conclusion, changed."""

    change: dict = {}

    def conclude(self, answers, today):
        return replace(super().conclude(answers, today), **self.change)


class NoChoice(Changed):
    """It concludes what the field does not have."""

    change = {"value": "deafening"}


class TestNoChoice(QuestionnaireConformance):
    plugin = plugin(NoChoice)
    caught_by = "test_its_conclusion_is_a_choice_of_the_field"


class FromTomorrow(Changed):
    """It knows what is yet to come."""

    change = {"as_of": date(2090, 1, 1)}


class TestFromTomorrow(QuestionnaireConformance):
    plugin = plugin(FromTomorrow)
    caught_by = "test_it_says_why_and_how_old_its_knowledge_is"


class Moody(Fair):
    """It says something else each time."""

    turns = itertools.count()

    def conclude(self, answers, today):
        return replace(super().conclude(answers, today), headline=f"Perhaps. {next(self.turns)}")


class TestMoody(QuestionnaireConformance):
    plugin = plugin(Moody)
    caught_by = "test_the_same_answers_come_to_the_same"
