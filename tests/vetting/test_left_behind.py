"""What older versions left of papers that were taken back, and of people who were erased: it goes by itself."""

import pytest
from sqlalchemy import select, update
from tests.vetting.test_kept import handed_in

from marketwright.features.files import queries as files
from marketwright.features.privacy import leftovers
from marketwright.features.privacy.tables import Erasure
from marketwright.features.vetting.tables import CheckRun, Evidence, TaskRow
from marketwright.kernel.actors import system

pytestmark = pytest.mark.plugins("evidence")


def before(people, run, **values):
    """``run`` as an older version left it."""
    with people.house.database.unit(system("tests")) as uow:
        ended = {} if values.get("state") == "staff" else {"ended_at": uow.now}
        uow.session.execute(update(CheckRun).where(CheckRun.id == run).values(**ended, **values))
        uow.commit()


def erased(people, *, finished):
    with people.house.database.unit(system("tests")) as uow:
        uow.session.add(Erasure(account_id=people.freelancer, at=uow.now, by="system:tests", kept=[], until=None,
                                plugins_at=uow.now, finished_at=uow.now if finished else None))  # fmt: skip
        uow.commit()


def kept_of(people, run, file):
    """What is left of a run: (note, name of who began it, what was typed, whether the file is there)."""
    with people.house.database.reading() as session:
        row = session.get_one(CheckRun, run)
        typed = {t for t in session.scalars(select(Evidence.text).where(Evidence.run_id == run)) if t}
        return row.note, row.started_name, typed, files.file(session, file) is not None


@pytest.fixture
def taken_back(people):
    """A run that an older version marked as taken back and kept everything of."""
    run, file, _ = handed_in(people)
    before(people, run, state="withdrawn", note="Ask about OS-101.")
    return run, file


def test_papers_answers_and_notes_that_were_taken_back_go(people, taken_back):
    assert leftovers.clean(people.house) == 1
    note, _, typed, there = kept_of(people, *taken_back)
    assert (note, typed, there) == ("", set(), False)


def test_a_second_round_finds_nothing(people, taken_back):
    leftovers.clean(people.house)
    assert leftovers.clean(people.house) == 0


def test_it_goes_on_until_nothing_is_left(people, taken_back, monkeypatch):
    run, _, _ = handed_in(people)
    before(people, run, state="withdrawn")
    monkeypatch.setattr(leftovers, "BATCH", 1)
    assert leftovers.clean(people.house) == 2


@pytest.mark.parametrize("state", ["staff", "decided"])
def test_what_waits_or_was_decided_stays(people, state):
    run, file, _ = handed_in(people)
    before(people, run, state=state)
    leftovers.clean(people.house)
    assert kept_of(people, run, file)[2:] == ({"OS-101"}, True)


def test_the_work_of_a_task_whose_defence_was_missed_stays(people, taken_back):
    run, file = taken_back
    with people.house.database.unit(system("tests")) as uow:
        uow.session.add(TaskRow(run_id=run, state="missed", due_at=uow.now, handed_at=uow.now))
        uow.commit()
    leftovers.clean(people.house)
    assert kept_of(people, run, file)[2:] == ({"OS-101"}, True)


def test_what_a_law_keeps_of_an_erased_person_stays_until_its_period_is_over(people, taken_back):
    erased(people, finished=False)
    leftovers.clean(people.house)
    assert kept_of(people, *taken_back)[2:] == ({"OS-101"}, True)


def test_the_name_of_an_erased_person_goes_at_once(people):
    run, file, _ = handed_in(people)
    before(people, run, state="decided", started_name="Ada Perrin")
    erased(people, finished=False)
    leftovers.clean(people.house)
    assert kept_of(people, run, file)[1] == ""


def test_so_does_the_name_under_what_they_handed_in_for_a_client(people):
    run, file, _ = handed_in(people, kind="client")
    before(people, run, state="decided", started_by=f"person:{people.freelancer}", started_name="Ada Perrin")
    erased(people, finished=False)
    leftovers.clean(people.house)
    assert kept_of(people, run, file)[1] == ""


def test_notes_about_them_go_once_nothing_keeps_them(people):
    run, file, _ = handed_in(people)
    before(people, run, state="decided", note="Ask Ada Perrin.")
    erased(people, finished=True)
    leftovers.clean(people.house)
    assert kept_of(people, run, file)[0] == ""


def test_nobody_else_loses_a_name(people):
    run, file, _ = handed_in(people)
    before(people, run, state="decided", started_name="Ada Perrin")
    leftovers.clean(people.house)
    assert kept_of(people, run, file)[1] == "Ada Perrin"
