import pytest

from marketwright.plugin import Sizing
from marketwright_data.estimator import DataDays

BRIEF = {"data_work": "warehouse", "source_count": 3, "volume": "tens_gb", "sensitivity": "internal",
         "data_of_persons": "none"}  # fmt: skip


def days(**fields):
    return DataDays({}, None).estimate(Sizing(BRIEF | fields))


def test_three_sources_for_a_warehouse_take_about_three_weeks():
    made = days()
    assert (made.low, made.likely, made.high) == (13, 16, 22)


def test_the_likely_days_are_the_sum_of_the_parts():
    made = days(data_of_persons="special", sensitivity="regulated", source_kinds=["mainframe"])
    assert made.likely == round(sum(p.days for p in made.parts))


def test_the_fifth_source_costs_less_than_the_fourth():
    three, four, six = (days(source_count=n).likely for n in (3, 4, 6))
    assert (six - four) / 2 < four - three


@pytest.mark.parametrize("worse", [{"volume": "tb"}, {"sensitivity": "regulated"}, {"data_of_persons": "special"},
                                   {"data_work": "migration"}, {"source_kinds": ["mainframe"]}])  # fmt: skip
def test_more_volume_care_or_age_takes_more_days(worse):
    assert days(**worse).likely > days().likely


@pytest.mark.parametrize("silent", ["data_work", "source_count", "volume"])
def test_a_brief_that_says_too_little_gets_no_figure(silent):
    assert DataDays({}, None).estimate(Sizing({k: v for k, v in BRIEF.items() if k != silent})) is None
