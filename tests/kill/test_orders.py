"""A large drill in parts: what each tries, and going on with a report."""

from collections import Counter

import pytest

from marketwright.kernel.errors import InvalidInput
from marketwright.testing.drill.code import fingerprint
from marketwright.testing.drill.orders import Orders
from marketwright.testing.drill.parts import open_report, seed_in
from marketwright.testing.drill.site import Site
from marketwright.testing.drill.told import Told

pytestmark = pytest.mark.either_engine
WHOLE = Orders("stripe", (), kills=600, races=50, webhooks=8_000, faults=True, seed=7)


class Ended:
    """A process that is no more."""

    def lives(self):
        return False


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


def kept(file, *done):
    report = open_report(WHOLE, file, "this")
    report.done |= {part: _told() for part in done}
    report.keep()
    return file


def test_a_report_of_other_code_is_refused(tmp_path):
    with pytest.raises(InvalidInput, match="report") as refused:
        open_report(WHOLE, kept(tmp_path / "report.json", "kills 1"), "other")
    assert "other code" in refused.value.errors["report"][0]


@pytest.mark.parametrize(("done", "code", "goes_on"), [
    (["kills 1"], "this", True), (["kills 1"], "other", False), (WHOLE.parts(), "this", False),
], ids=["cut off", "of other code", "over"])  # fmt: skip
def test_only_a_drill_that_was_cut_off_is_gone_on_with_where_a_new_one_was_asked_for(tmp_path, done, code, goes_on):
    again = open_report(WHOLE, kept(tmp_path / "report.json", *done), code, anew=True)
    assert ("kills 1" in again.done) is goes_on
    assert seed_in(tmp_path / "report.json", code, anew=True) == (WHOLE.seed if goes_on else 0)


def test_the_code_is_another_with_each_byte_of_it(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    package = tmp_path / "strange"
    package.mkdir()
    seen = []
    for text in ("one = 1", "one = 2", "one = 1"):
        (package / "__init__.py").write_text(text)
        seen.append(fingerprint(["strange"]))
    assert seen[0] != seen[1]
    assert seen[0] == seen[2]


def test_a_file_that_is_no_report_is_refused(tmp_path):
    (tmp_path / "report.json").write_text("[]")
    with pytest.raises(InvalidInput, match="report"):
        open_report(WHOLE, tmp_path / "report.json")


def test_a_process_that_ended_by_itself_is_told_and_counts():
    whole = Told()
    whole.add(Told(crashes=Counter(["web"])))
    assert whole.clean is False
    assert whole.json(WHOLE)["crashes"] == 1
    assert Told.of(whole.kept()).crashes == Counter(["web"])


def test_what_has_ended_by_itself_is_started_again(tmp_path, monkeypatch):
    site = Site(tmp_path, "sqlite://", "stripe", ())
    started = []
    monkeypatch.setattr(site, "start", started.append)
    site.processes = {"web": Ended(), "double": Ended()}
    site.hunted = True
    site.keep_up()
    assert started == []
    site.hunted = False
    site.keep_up()
    assert started == site.crashes == ["web", "double"]


def test_a_hand_that_was_first_in_one_part_was_first():
    whole = Told()
    for times in (12, 12):
        whole.add(_told(**{"release against changes": times}))
    assert whole.never_first == {"release against changes": ["ask_changes"]}
    whole.firsts["release against changes"]["ask_changes"] += 1
    assert whole.clean is False
    assert whole.never_first == {}
