from datetime import timedelta

import pytest

from marketwright.features.vetting import assessing, jobs, queries, rubric, running, service
from marketwright.hooks.manager import Entry
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.plugin import Ask, Assessment, Criterion, Result, Verdict, VettingCheck, Waiting

RULE = Assessment(
    "Do it.", (Criterion("a", "Right", ((0, "No"), (5, "Yes"))), Criterion("b", "Clear", ((0, "No"), (5, "Yes")))),
    pass_mark=6, apart=3, days=7, retry_days=30,
)  # fmt: skip
GOOD, FAIR, POOR = {"a": 5, "b": 4}, {"a": 4, "b": 3}, {"a": 1, "b": 1}


class Task(VettingCheck):
    name, label, assessment = "task", "Sample task", RULE

    def applies(self, subject):
        return True

    def evidence(self, subject):
        return (Ask("words", "Your answer", "long_text"),)

    def start(self, subject, submission):
        return Waiting(for_staff=True)

    def resume(self, subject, submission):
        if not submission.decision:
            return Waiting(for_staff=True)
        return Verdict(Result(submission.decision), "a task", "a rubric", submission.reason)

    def explain(self, verdict):
        return "Marked by two."


@pytest.fixture(autouse=True)
def rule(house):
    def use(**changes):
        from dataclasses import replace

        class Other(Task):
            assessment = replace(RULE, **changes)

        house.plugins.vetting_checks = {"task": Entry("tests", Other({}, None))}
        return Other.assessment

    use()
    return use


@pytest.mark.parametrize(
    ("first", "third", "state", "passed"),
    [
        ([GOOD], None, "waiting", False), ([GOOD, FAIR], None, "settled", True), ([POOR, POOR], None, "settled", False),
        ([GOOD, POOR], None, "apart", False), ([GOOD, POOR], FAIR, "settled", True),
        ([{"a": 3, "b": 3}, {"a": 3, "b": 2}], None, "apart", False),
    ],
    ids=["one alone", "near", "both refuse", "far apart", "a third decides", "on both sides of the mark"],
)  # fmt: skip
def test_what_marks_come_to(first, third, state, passed):
    found = rubric.outcome(RULE, first, third)
    assert (found.state, found.passed) == (state, passed)


def test_agreement_is_counted_over_files_and_criteria():
    found = rubric.agreement([(GOOD, FAIR), (GOOD, POOR)], agreed=1)
    assert (found.files, found.agreed, found.difference, found.exact, found.near) == (2, 1, 4.5, 0.0, 0.5)


@pytest.fixture
def work(people, house):
    return Work(people, house)


class Work:
    """One attempt, from its begin to its marks."""

    def __init__(self, people, house):
        self.people, self.house = people, house

    def begin(self):
        rule = self.house.plugins.vetting_checks["task"].it.assessment
        return self.people.do(
            self.people.as_freelancer,
            lambda u: assessing.begin(
                u, check="task", kind="freelancer", owner=self.people.freelancer, assessment=rule
            ),
        )

    def hand_in(self, run):
        handed = [service.Handed(Ask("words", "Your answer", "long_text"), "Forty two.")]
        self.people.do(self.people.as_freelancer, lambda u: assessing.hand_in(u, run=run, handed=handed))

    def ask(self, run, email):
        rule = self.house.plugins.vetting_checks["task"].it.assessment
        return self.people.do(
            self.people.as_vetter,
            lambda u: assessing.invite(u, run=run, name=email.split("@")[0], email=email, locale="en", assessment=rule,
                                       candidate=self.people.freelancer),
        )  # fmt: skip

    def link(self, assessor):
        with self.house.database.reading() as session:
            return assessing.link_token(session, assessor, self.house.marketplace.secret_key)

    def mark(self, assessor, points):
        rule = self.house.plugins.vetting_checks["task"].it.assessment

        def deed(uow):
            assessing.state_free_of_conflict(uow, assessor=assessor)
            marks = {k: (p, f"Because {k}.") for k, p in points.items()}
            return assessing.mark(uow, assessor=assessor, marks=marks, assessment=rule)

        from marketwright.kernel.actors import Actor

        return self.people.do(Actor(kind="outsider", id=assessor), deed)

    def task(self, run):
        with self.house.database.reading() as session:
            return assessing.task_of(session, run)

    def verdicts(self):
        with self.house.database.reading() as session:
            return queries.standing(session, "freelancer", self.people.freelancer)

    def marked(self, *points):
        run = self.begin()
        self.hand_in(run)
        for n, one in enumerate(points):
            self.mark(self.ask(run, f"expert{n}@example.org"), one)
        running.conclude(self.house, run)
        return run


def test_two_who_agree_decide_and_the_candidate_reads_their_reasons(work):
    work.marked(GOOD, FAIR)
    (verdict,) = work.verdicts()
    assert (verdict.result, verdict.by_name) == ("passed", "two assessors")
    assert verdict.reason.startswith("8 / 10")
    assert "Because a." in verdict.reason
    assert "expert" not in verdict.reason


def test_two_who_disagree_decide_nothing_and_a_third_is_asked(work):
    run = work.marked(GOOD, POOR)
    assert work.verdicts() == []
    assert (work.task(run).state, work.task(run).agreed, work.task(run).difference) == ("third", False, 7)
    work.mark(work.ask(run, "third@example.org"), GOOD)
    running.conclude(work.house, run)
    assert [v.result for v in work.verdicts()] == ["passed"]


def test_where_the_rule_says_so_both_mark_once_more_before_a_third(work, rule):
    rule(confer=True)
    run = work.begin()
    work.hand_in(run)
    one, two = work.ask(run, "one@example.org"), work.ask(run, "two@example.org")
    work.mark(one, GOOD)
    work.mark(two, POOR)
    assert work.task(run).state == "confer"
    work.mark(one, FAIR)
    work.mark(two, FAIR)
    running.conclude(work.house, run)
    assert [v.result for v in work.verdicts()] == ["passed"]
    assert work.task(run).agreed is False


def test_nobody_marks_their_own_task(work, people, house):
    run = work.begin()
    work.hand_in(run)
    with house.database.reading() as session:
        from marketwright.features.accounts import queries as accounts

        own = accounts.account(session, people.freelancer).email
    with pytest.raises(InvalidInput, match="own task"):
        work.ask(run, own)


def test_a_third_is_not_asked_before_the_two_disagree(work):
    run = work.begin()
    work.hand_in(run)
    work.ask(run, "one@example.org")
    work.ask(run, "two@example.org")
    with pytest.raises(Conflict):
        work.ask(run, "three@example.org")


def test_staff_do_not_decide_while_assessors_mark(work, people):
    run = work.begin()
    work.hand_in(run)
    verdict, version = running.decision(work.house, run, decided="passed", reason="I say so", expires=None, by="V")
    with pytest.raises(Conflict, match="assessors"):
        people.do(people.as_vetter, lambda u: service.decide(u, run=run, version=version, verdict=verdict))


def test_a_task_that_has_begun_is_not_taken_back_to_begin_anew(work, people):
    run = work.begin()
    with pytest.raises(Conflict, match="not taken back"):
        people.do(people.as_freelancer, lambda u: service.withdraw(u, run=run))


def test_who_did_not_pass_tries_again_after_the_days_of_the_rule(work, rule):
    work.marked(POOR, POOR)
    with pytest.raises(Conflict, match="try again"):
        work.begin()
    rule(retry_days=0)
    assert work.begin()


def test_a_task_whose_days_are_over_is_missed_and_counts_as_an_attempt(work, rule, house):
    run = work.begin()
    with house.database.unit(work.people.as_freelancer) as uow:
        uow.session.get(type(work.task(run)), run).due_at = uow.now - timedelta(hours=1)
        uow.commit()
    with pytest.raises(Conflict, match="over"):
        work.hand_in(run)
    missed, _ = jobs.waiting_tasks(house)
    assert missed == [run]
    work.people.do(work.people.as_freelancer, lambda u: assessing.miss(u, run=run))
    with pytest.raises(Conflict, match="try again"):
        work.begin()


def test_the_link_shows_nothing_before_interests_are_stated_and_is_spent_with_the_marks(work, browse):
    run = work.begin()
    work.hand_in(run)
    work.ask(run, "other@example.org")
    assessor = work.ask(run, "expert@example.org")
    address = f"/assess/{work.link(assessor)}"
    expert = browse()
    assert "Forty two." not in expert.get(address).text
    expert.post(address, {"do": "state", "no_conflict": "1"})
    assert "Forty two." not in expert.get(address).text
    expert.post(address, {"do": "state", "no_conflict": "1", "confidential": "1"})
    assert "Forty two." in expert.get(address).text
    marks = {"a_points": "6", "a_reason": "Good", "b_points": "4", "b_reason": ""}
    assert expert.post(address, marks).status_code == 422
    assert expert.post(address, marks | {"a_points": "5", "b_reason": "Clear"}).status_code == 200
    assert expert.get(address).status_code == 404


def test_who_has_a_conflict_of_interest_makes_room_for_another(work, browse):
    run = work.begin()
    work.hand_in(run)
    work.ask(run, "one@example.org")
    assessor = work.ask(run, "two@example.org")
    browse().post(f"/assess/{work.link(assessor)}", {"do": "decline", "why": "We worked together."})
    assert work.link(assessor) == ""
    assert work.ask(run, "three@example.org")


def test_a_forged_link_opens_nothing(work, house):
    with house.database.reading() as session, pytest.raises(NotFound):
        assessing.read_token(session, "nonsense", house.marketplace.secret_key, house.clock.business())


def test_staff_see_no_marks_before_both_are_in(work, people, browse):
    run = work.begin()
    work.hand_in(run)
    work.mark(work.ask(run, "one@example.org"), GOOD)
    vera = browse(people.vetter)
    page = vera.get(f"/console/vetting/{run}").text
    assert "has marked" in page
    assert "9 / 10" not in page
    answer = vera.post(f"/console/vetting/{run}/assessors", {"name": "Two", "email": "two@example.org", "locale": "fr"})
    assert answer.status_code == 303
    assert "two@example.org" in vera.get(f"/console/vetting/{run}").text


def test_a_defence_is_decided_after_a_time_that_the_candidate_confirmed(work, rule, people, house):
    rule(defence=True)
    run = work.marked(GOOD, FAIR)
    assert (work.task(run).state, work.verdicts()) == ("defence", [])
    at = house.clock.business() + timedelta(days=2)
    people.do(people.as_vetter, lambda u: assessing.propose_defence(u, run=run, at=at, where="A call"))
    with pytest.raises(Conflict):
        people.do(people.as_freelancer, lambda u: assessing.confirm_defence(u, run=run, at=at + timedelta(1)))
    people.do(people.as_freelancer, lambda u: assessing.confirm_defence(u, run=run, at=at))

    def decide(uow):
        verdict, version = decided
        return service.decide(uow, run=run, version=version, verdict=verdict)

    decided = running.decision(house, run, decided="passed", reason="Knows why.", expires=None, by="V")
    with pytest.raises(Conflict, match="after the defence"):
        people.do(people.as_vetter, decide)
    people.do(people.as_vetter, decide, at=at + timedelta(hours=1))
    assert [v.result for v in work.verdicts()] == ["passed"]


def test_who_does_not_hold_their_ground_waits_as_after_poor_marks(work, rule, people, house):
    rule(defence=True)
    run = work.marked(GOOD, FAIR)
    at = house.clock.business() + timedelta(days=2)
    people.do(people.as_vetter, lambda u: assessing.propose_defence(u, run=run, at=at, where="A call"))
    people.do(people.as_freelancer, lambda u: assessing.confirm_defence(u, run=run, at=at))
    verdict, version = running.decision(house, run, decided="refused", reason="Not theirs.", expires=None, by="V")
    decided = at + timedelta(hours=1)
    people.do(people.as_vetter, lambda u: service.decide(u, run=run, version=version, verdict=verdict), at=decided)
    with pytest.raises(Conflict, match="try again"):
        work.begin()


def test_the_time_of_a_defence_is_typed_in_the_readers_time_zone(work, rule, people, browse):
    rule(defence=True)
    run = work.marked(GOOD, FAIR)
    browse(people.vetter).post(f"/console/vetting/{run}/defence", {"at": "2036-06-01T14:00", "where": "A call"})
    assert work.task(run).defence_at.isoformat() == "2036-06-01T12:00:00+00:00"


def test_a_profile_names_the_assessors_in_the_readers_language(work, people, browse):
    work.marked(GOOD, FAIR)
    reader = browse(people.freelancer)
    reader.get("/language/fr?next=/about")
    assert "deux évaluateurs" in reader.get(f"/freelancers/{people.freelancer}").text


def test_who_passed_reads_points_and_reasons_and_is_not_asked_to_begin_anew(work, people, browse):
    work.marked(GOOD, FAIR)
    page = browse(people.freelancer).get("/me/checks/task").text
    assert "8 / 10" in page
    assert "Because a." in page
    assert "Begin the task" not in page


def test_the_candidate_begins_reads_the_task_and_hands_in(work, people, browse):
    fanny = browse(people.freelancer)
    page = fanny.get("/me/checks/task").text
    assert "Begin the task" in page
    assert "Do it." not in page
    fanny.post("/me/checks/task", {"do": "begin"})
    assert "Do it." in fanny.get("/me/checks/task").text
    fanny.post("/me/checks/task", {"words": "Forty two."})
    assert "being marked" in fanny.get("/me/checks/task").text
