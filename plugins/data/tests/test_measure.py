from types import MappingProxyType

import pytest

from marketwright.plugin import Handed, HandedFile
from marketwright_data.measure import MeasuredDelivery

IT = MeasuredDelivery({}, None)
AGREED, HANDED = IT.example()
FRESH = MappingProxyType({**AGREED, "metric_kind": "freshness", "metric_target": 24})


def counted(*rows, log=b""):
    values = {**HANDED.values, "measure_log": HandedFile("m.csv", "text/csv", log)} if log else {}
    columns = ("check_name", "counted", "passed_count")
    return Handed(values, {"counts": tuple(dict(zip(columns, row, strict=False)) for row in rows)})


def test_the_example_is_whole_and_meets_its_figure():
    assert IT.check(AGREED, HANDED) == {}
    assert IT.judge(AGREED, HANDED).met is True


def test_one_row_below_the_target_misses_it():
    handed = counted(("Rows", 1000, 994))
    assert IT.judge(AGREED, handed).met is False


def test_a_figure_just_below_is_never_rounded_up():
    judged = IT.judge(AGREED, counted(("Rows", 100_000, 99_499)))
    assert judged.met is False
    assert ("Measured", "99.49 %") in judged.figures


def test_nothing_counted_meets_nothing():
    assert IT.judge(AGREED, counted(("Rows", 0, 0))).met is False


def test_the_oldest_data_decides_on_freshness():
    assert IT.judge(FRESH, counted(("Sales", 6), ("Stock", 23))).met is True
    assert IT.judge(FRESH, counted(("Sales", 6), ("Stock", 25))).met is False


@pytest.mark.parametrize(("kind", "target"), [("complete", 101), ("complete", 0), ("freshness", 0)])
def test_a_target_that_nothing_can_meet_is_refused(kind, target):
    assert "metric_target" in IT.check_agreed({**AGREED, "metric_kind": kind, "metric_target": target})


def test_more_passes_than_were_counted_are_refused_at_their_row():
    assert list(IT.check(AGREED, counted(("a", 5, 5), ("b", 5, 6)))) == ["counts-1-passed_count"]


def test_a_share_without_passes_is_asked_for_them():
    assert list(IT.check(AGREED, counted(("a", 5)))) == ["counts-0-passed_count"]


@pytest.mark.parametrize(
    ("log", "says"),
    [
        (b"check,total,passed\na,5,4\n", "The log says otherwise of a"),
        (b"check,total,passed\na,5,5\nz,1,1\n", "The log has z"),
        (b"name;count\na;5\n", "no CSV with the columns check, total, passed"),
        (b"\xff\xfe", "no CSV"),
    ],
)
def test_a_log_that_says_otherwise_than_the_rows_is_refused(log, says):
    (found,) = IT.check(AGREED, counted(("a", 5, 5), log=log))["measure_log"]
    assert says in found


def test_a_log_that_says_the_same_is_taken():
    assert IT.check(AGREED, counted(("a", 5, 5), log=b"check,total,passed\na,5,5\n")) == {}
