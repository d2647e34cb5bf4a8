"""What a vetting check with an assessment holds besides: a task, and a rubric by which two people can mark it."""

import pytest

from marketwright.strategies.vetting import Assessment, Subject, VettingCheck, Waiting, faults_of
from marketwright.testing.kits.frame import PLACE


class AssessedTests:
    """Opened by ``assessment``: without one there is nothing to mark."""

    def subjects_of(self, it: VettingCheck) -> list[Subject]:
        """The subjects that the check is for; the kit's own says them."""
        raise NotImplementedError

    def task_of(self, it: VettingCheck) -> Assessment:
        """The assessment, or a skip."""
        if it.assessment is None:
            pytest.skip("it has no assessment")
        return it.assessment

    def test_its_rubric_can_be_marked(self, it: VettingCheck) -> None:
        """Criteria with keys of their own, anchors that rise from 0, a pass mark within reach: as core asks."""
        found = faults_of(self.task_of(it))
        assert not found, found[0]

    def test_every_anchor_says_what_earns_it(self, it: VettingCheck) -> None:
        """Each criterion has a label, each anchor words: whoever marks reads them, and whoever was marked too."""
        for one in self.task_of(it).rubric:
            assert one.label.strip(), f"{one.key!r} has no label"
            mute = [points for points, words in one.anchors if not words.strip()]
            assert not mute, f"{one.key!r} does not say what earns {mute[0]} points"

    def test_its_task_is_read_as_it_stands(self, it: VettingCheck) -> None:
        """Nothing fills a place in it."""
        assert not PLACE.search(self.task_of(it).task), "a place is left open in the task"

    def test_something_is_handed_in_to_be_marked(self, it: VettingCheck) -> None:
        """Whoever it is for is asked for something."""
        self.task_of(it)
        for subject in self.subjects_of(it):
            assert any(a.required for a in it.evidence(subject)), "nothing has to be handed in for the task"

    def test_its_marks_are_left_to_people(self, it: VettingCheck) -> None:
        """Core finds the marks: begun, it waits for them, whatever was handed in."""
        self.task_of(it)
        for _, _, outcome in self.begun(it):  # type: ignore[attr-defined]
            waits = isinstance(outcome, Waiting) and outcome.for_staff
            assert waits, f"it decides by itself: {outcome}"
