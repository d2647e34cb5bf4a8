"""Checks whose work is an assessment, each broken on purpose in one way, and one that is not."""

from dataclasses import replace

from marketwright.plugin import Ask, AssessedCheck, Assessment, Criterion, Result, SubjectKind, Verdict
from marketwright.testing import VettingCheckConformance

RUBRIC = (
    Criterion("order", "Order", ((0, "None to be seen."), (5, "As it should be."))),
    Criterion("care", "Care", ((0, "Careless."), (3, "Careful."), (5, "Nothing is left."))),
)


class FairTask(AssessedCheck):
    """A task marked by two."""

    name, label = "task", "A task"
    compared, source = "a task", "the rubric"
    assessment = Assessment("Sort the shelf.", RUBRIC, pass_mark=6, apart=2)

    def applies(self, subject):
        return subject.kind is SubjectKind.FREELANCER

    def evidence(self, subject):
        return (Ask("shelf", "The shelf", "file"),)

    def explain(self, verdict):
        return "Two people marked a task by a rubric."


class TestFairTask(VettingCheckConformance):
    strategy = FairTask


class OutOfReach(FairTask):
    """More points to pass than there are."""

    assessment = replace(FairTask.assessment, pass_mark=11)


class TestOutOfReach(VettingCheckConformance):
    strategy = OutOfReach
    caught_by = "test_its_rubric_can_be_marked"


class MuteAnchor(FairTask):
    """Points for nothing in particular."""

    mute = Criterion("care", "Care", ((0, "Careless."), (5, "")))
    assessment = replace(FairTask.assessment, rubric=(RUBRIC[0], mute))


class TestMuteAnchor(VettingCheckConformance):
    strategy = MuteAnchor
    caught_by = "test_every_anchor_says_what_earns_it"


class OpenTask(FairTask):
    """A place in the task."""

    assessment = replace(FairTask.assessment, task="Sort the shelf of %(name)s.")


class TestOpenTask(VettingCheckConformance):
    strategy = OpenTask
    caught_by = "test_its_task_is_read_as_it_stands"


class NothingToMark(FairTask):
    """Nobody hands anything in."""

    def evidence(self, subject):
        return ()


class TestNothingToMark(VettingCheckConformance):
    strategy = NothingToMark
    caught_by = "test_something_is_handed_in_to_be_marked"


class MarksItself(FairTask):
    """Decides before anybody has looked."""

    def start(self, subject, submission):
        return Verdict(Result.REFUSED, "a task", "a rubric", "Too short.")


class TestMarksItself(VettingCheckConformance):
    strategy = MarksItself
    caught_by = "test_its_marks_are_left_to_people"
