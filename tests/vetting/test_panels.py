"""Whom a task is in the hands of: never of its author, and of nobody once it is over."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.vetting.test_assessors import FAIR, GOOD, POOR, RULE, Work, rule  # noqa: F401  a fixture

from marketwright.features.accounts import service as accounts
from marketwright.features.notifications.tables import Mail
from marketwright.features.operator.tasks import tasks
from marketwright.features.vetting import assessing, queries, running
from marketwright.features.vetting.checks import Asked
from marketwright.features.vetting.forgetting import withdraw_all
from marketwright.features.vetting.gate import CheckGate
from marketwright.features.vetting.tables import TaskRow
from marketwright.kernel.actors import Actor, system
from marketwright.kernel.errors import Conflict, NotAllowed
from marketwright.store.database import move_clock
from marketwright.store.tables import AuditRow


@pytest.fixture
def work(people, house):
    return Work(people, house)


@pytest.fixture
def vetter_too(people, house):
    """The candidate is of the vetting staff as well."""
    with house.database.unit(system("tests")) as uow:
        accounts.join_staff(uow, account=people.freelancer, roles=["vetter"])
        uow.commit()
    return people.actor(people.freelancer, "vetter")


def test_a_vetter_does_not_choose_who_marks_their_own_task(work, people, vetter_too):
    run = work.begin()
    work.hand_in(run)
    task = work.house.plugins.vetting_checks["task"].it.assessment
    with pytest.raises(NotAllowed, match="about themselves"):
        people.do(vetter_too, lambda u: assessing.invite(
            u, run=run, name="A friend", email="f@example.net", locale="en", assessment=task,
            candidate=people.freelancer))  # fmt: skip


def test_a_vetter_does_not_set_the_hour_of_their_own_defence(work, rule, people, vetter_too):  # noqa: F811
    rule(defence=True)
    run = work.marked(GOOD, FAIR)
    at = work.house.clock.business() + timedelta(days=2)
    with pytest.raises(NotAllowed, match="about themselves"):
        people.do(vetter_too, lambda u: assessing.propose_defence(u, run=run, at=at, where="A call"))


def test_a_vetter_does_not_see_who_marks_their_own_task(work, people, vetter_too, browse):
    run = work.begin()
    work.hand_in(run)
    work.ask(run, "expert@example.org")
    assert "expert@example.org" in browse(people.vetter).get(f"/console/vetting/{run}").text
    assert "expert@example.org" not in browse(people.freelancer).get(f"/console/vetting/{run}").text


def test_the_link_opens_nothing_once_the_attempt_is_over(work, people, browse):
    run = work.begin()
    work.hand_in(run)
    link = f"/assess/{work.link(work.ask(run, 'expert@example.org'))}"
    expert = browse()
    expert.post(link, {"do": "state", "no_conflict": "1", "confidential": "1"})
    assert "Forty two." in expert.get(link).text
    people.do(system("privacy"), lambda u: withdraw_all(u, freelancer=people.freelancer))
    assert expert.get(link).status_code == 404
    marks = {"a_points": "5", "a_reason": "x", "b_points": "5", "b_reason": "x"}
    assert expert.post(link, marks).status_code == 404


def test_an_assessor_who_reads_typed_answers_is_in_the_log(work, browse):
    run = work.begin()
    work.hand_in(run)
    assessor = work.ask(run, "expert@example.org")
    expert, link = browse(), f"/assess/{work.link(assessor)}"
    expert.post(link, {"do": "state", "no_conflict": "1", "confidential": "1"})
    expert.get(link)
    with work.house.database.reading() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "evidence.read")).one()
    assert (row.actor, row.subject) == (f"outsider:{assessor}", run)


def silent(work, rule, people):  # noqa: F811
    """A run whose defence was proposed for in two days and never confirmed, and the hour proposed."""
    rule(defence=True)
    run = work.marked(GOOD, FAIR)
    at = work.house.clock.business() + timedelta(days=2)
    people.do(people.as_vetter, lambda u: assessing.propose_defence(u, run=run, at=at, where="A call"))
    return run, at


def test_a_defence_that_is_never_confirmed_is_ended_as_missed_and_counts(work, rule, people):  # noqa: F811
    run, at = silent(work, rule, people)
    later = at + assessing.SILENCE
    people.do(people.as_vetter, lambda u: assessing.miss_defence(u, run=run), at=later)
    assert work.task(run).state == "missed"
    work.house.worker.drain()
    with work.house.database.reading() as session:
        [mail] = session.scalars(select(Mail).where(Mail.kind == "defence.missed"))
        assert not queries.run(session, run).open
    assert any("You can try again from" in p for p in mail.body)
    with pytest.raises(Conflict, match="try again"):
        work.begin()


def test_both_sides_read_how_an_attempt_ended_whose_defence_nobody_confirmed(work, rule, people, browse):  # noqa: F811
    run, at = silent(work, rule, people)
    people.do(people.as_vetter, lambda u: assessing.miss_defence(u, run=run), at=at + assessing.SILENCE)
    assert "nobody confirmed the defence proposed for" in browse(people.freelancer).get("/me/checks/task").text
    assert "was never confirmed" in browse(people.vetter).get(f"/console/vetting/{run}").text


def test_nobody_is_asked_to_confirm_a_time_that_has_passed(work, rule, people, browse):  # noqa: F811
    silent(work, rule, people)
    people.do(system("tests"), lambda u: move_clock(u, timedelta(days=3)))
    people.house.database.clock.forget()
    page = browse(people.freelancer).get("/me/checks/task").text
    assert ("has passed without your answer" in page, "I will be there" in page) == (True, False)


def test_the_candidate_has_some_days_after_the_proposed_time(work, rule, people):  # noqa: F811
    run, at = silent(work, rule, people)
    with pytest.raises(Conflict, match="passed by 7 days"):
        people.do(people.as_vetter, lambda u: assessing.miss_defence(u, run=run), at=at + timedelta(days=6))


def test_what_the_browser_sends_as_an_hour_is_no_hour(work, rule, people, browse):  # noqa: F811
    run, _ = silent(work, rule, people)
    assert browse(people.freelancer).post("/me/checks/task", {"do": "confirm", "at": "tomorrow"}).status_code == 303
    assert work.task(run).defence_confirmed_at is None


def test_a_task_that_has_begun_is_in_the_hands_of_its_candidate(work, people, browse):
    run = work.begin()
    asked = Asked({("propose", "freelancer"): ("task",)}, {"task": "Sample task"}, frozenset())
    with work.house.database.reading() as session:
        gate = CheckGate(asked, work.house.clock)
        (missing,) = gate.missing(session, "propose", "freelancer", people.freelancer)
        assert "Your task has begun" in missing.how
        assert tasks(session, work.house.plugins).checks == 0
        assert queries.queue(session) == []
        assert queries.counts(session) == {"task": 1}
    assert "Your task has begun" in browse(people.freelancer).get("/me/checks").text
    work.hand_in(run)
    with work.house.database.reading() as session:
        assert tasks(session, work.house.plugins).checks == 1


def test_however_long_their_words_the_candidate_reads_every_criterion(work, people, browse):
    run = work.begin()
    work.hand_in(run)
    for n in (1, 2):
        assessor = work.ask(run, f"e{n}@example.org")

        def deed(uow, assessor=assessor, n=n):
            assessing.state_free_of_conflict(uow, assessor=assessor)
            marks = {"a": (5, "word " * 199), "b": (4, "x" * 900 + f" the end of {n}")}
            return assessing.mark(uow, assessor=assessor, marks=marks, assessment=RULE)

        people.do(Actor(kind="outsider", id=assessor), deed)
    running.conclude(work.house, run)
    (verdict,) = work.verdicts()
    assert "Clear – 4/5" in verdict.reason
    page = browse(people.freelancer).get("/me/checks/task").text
    assert "the end of 1" in page
    assert "the end of 2" in page


def test_what_comes_too_late_is_refused_with_what_was_typed(work, people, browse):
    run = work.begin()
    people.do(system("tests"), lambda u: setattr(u.session.get(TaskRow, run), "due_at", u.now - timedelta(minutes=1)))
    answer = browse(people.freelancer).post("/me/checks/task", {"words": "Two hours of care."})
    assert (answer.status_code, "Two hours of care." in answer.text) == (422, True)
    assert "The days for this task are over." in answer.text
    people.do(system("tests"), lambda u: assessing.miss(u, run=run))
    answer = browse(people.freelancer).post("/me/checks/task", {"words": "Two hours of care."})
    assert (answer.status_code, "Two hours of care." in answer.text) == (422, True)


def test_the_letter_of_a_refused_task_names_the_day_of_the_next_attempt(work):
    work.marked(POOR, POOR)
    work.house.worker.drain()
    with work.house.database.reading() as session:
        [mail] = session.scalars(select(Mail).where(Mail.kind == "verdict.recorded"))
    assert any("You can try again from" in p for p in mail.body)
    assert not any("whenever you like" in p for p in mail.body)
