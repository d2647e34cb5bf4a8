from dataclasses import replace

import pytest

from marketwright_ai.handed import Baseline, Candidate, Evaluation, SecondRun


def handed_of(kind, **values):
    agreed, handed = kind({}, None).example()
    return agreed, replace(handed, values={**handed.values, **values})


@pytest.mark.parametrize("kind", [Baseline, Candidate, Evaluation, SecondRun])
def test_the_example_of_each_deliverable_has_nothing_wrong(kind):
    agreed, handed = kind({}, None).example()
    assert not kind({}, None).check_agreed(agreed)
    assert not kind({}, None).check(agreed, handed)


@pytest.mark.parametrize(
    ("metric", "threshold", "score", "met"),
    [("recall", 0.88, 0.88, True), ("recall", 0.88, 0.87, False), ("wer", 14, 13.2, True), ("wer", 14, 14.5, False)],
)
def test_a_score_meets_the_threshold_in_the_sense_of_its_metric(metric, threshold, score, met):
    agreed, handed = handed_of(Evaluation, test_score=score)
    agreed = {**agreed, "decisive_metric": metric, "decisive_threshold": threshold}
    assert Evaluation({}, None).judge(agreed, handed).met is met


def test_a_threshold_in_per_cent_is_refused_where_the_metric_is_a_share():
    wrong = Evaluation({}, None).check_agreed({"decisive_metric": "f1", "decisive_threshold": 88})
    assert list(wrong) == ["decisive_threshold"]


def test_a_score_out_of_range_and_a_hash_that_is_none_are_refused():
    agreed, handed = handed_of(Evaluation, test_score=88, measured_weights="abc")
    assert set(Evaluation({}, None).check(agreed, handed)) == {"test_score", "measured_weights"}


def test_a_source_whose_licence_is_not_clear_is_refused_at_its_row():
    agreed, handed = Candidate({}, None).example()
    rows = {"training_sources": ({"source_name": "A forum", "source_licence": "unclear"},)}
    wrong = Candidate({}, None).check(agreed, replace(handed, rows=rows))
    assert list(wrong) == ["training_sources-0-source_licence"]


def test_an_adapter_names_its_base_model_and_the_licence_of_it():
    agreed, handed = handed_of(Candidate, base_model="", base_licence="")
    assert set(Candidate({}, None).check(agreed, handed)) == {"base_model", "base_licence"}


def test_a_second_run_judges_by_the_threshold_agreed_for_it():
    agreed, handed = handed_of(SecondRun, rerun_score=0.8)
    assert SecondRun({}, None).judge(agreed, handed).met is False
