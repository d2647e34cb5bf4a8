"""A large drill in parts: what each tries, and going on with a report."""

import pytest

from marketwright.kernel.errors import InvalidInput
from marketwright.testing.drill.orders import Orders
from marketwright.testing.drill.parts import open_report
from marketwright.testing.drill.told import Told

pytestmark = pytest.mark.either_engine
WHOLE = Orders("stripe", (), kills=600, races=50, webhooks=8_000, faults=True, seed=7)


def _told(**values):
    told = Told(seconds=2.0, deals=3)
    told.verdict.stuck.append("a job is dead")
    told.races.update(values)
    told.firsts = {name: {"approve": times} for name, times in values.items()}
    return Told.of(told.kept())


def test_a_small_drill_is_one_part():
    small = Orders("stripe", (), kills=50, races=1, webhooks=400, faults=True)
    assert small.parts() == {"all": small}


def test_a_large_drill_tries_in_its_parts_all_that_was_asked():
    parts = WHOLE.parts().values()
    assert sum(p.kills for p in parts) == 600
    assert sum(p.races for p in parts) == 50
    assert sum(p.webhooks for p in parts) == 8_000
    assert sum(p.faults for p in parts) == 1
    assert len({p.seed for p in parts}) == len(parts)


def test_kinds_take_turns():
    assert list(WHOLE.parts())[:5] == ["faults 1", "races 1", "kills 1", "webhooks 1", "races 2"]


def test_a_report_is_gone_on_with(tmp_path):
    report = open_report(WHOLE, tmp_path / "report.json")
    report.done["kills 1"] = _told()
    report.keep()
    again = open_report(WHOLE, tmp_path / "report.json")
    assert "kills 1" not in again.left
    assert len(again.left) == len(WHOLE.parts()) - 1
    assert again.json()["stuck"] == 1
    assert again.json()["not done"]["faults 1"] == "did not begin"


def test_a_report_of_another_drill_is_refused(tmp_path):
    open_report(WHOLE, tmp_path / "report.json").keep()
    with pytest.raises(InvalidInput, match="report"):
        open_report(Orders("stripe", (), kills=1, seed=8), tmp_path / "report.json")


def test_a_file_that_is_no_report_is_refused(tmp_path):
    (tmp_path / "report.json").write_text("[]")
    with pytest.raises(InvalidInput, match="report"):
        open_report(WHOLE, tmp_path / "report.json")


def test_a_hand_that_was_first_in_one_part_was_first():
    whole = Told()
    for times in (12, 12):
        whole.add(_told(**{"release against changes": times}))
    assert whole.never_first == {"release against changes": ["ask_changes"]}
    whole.firsts["release against changes"]["ask_changes"] += 1
    assert whole.clean is False
    assert whole.never_first == {}
