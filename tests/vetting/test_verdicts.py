"""Runs and verdicts: what is decided stays, and only a later verdict speaks over it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import ModuleType, SimpleNamespace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from marketwright.app import build_house
from marketwright.features.profiles import queries as profiles
from marketwright.features.profiles.ports import Proofs
from marketwright.features.vetting import queries, running, service
from marketwright.features.vetting.jobs import ADVANCE_JOB, due
from marketwright.kernel.actors import system
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, PluginFailed
from marketwright.plugin import Manifest, Result, Subject, Submission, Verdict, VettingCheck, Waiting, hookimpl
from marketwright.store.database import move_clock
from marketwright.web.i18n import speaking

pytestmark = pytest.mark.plugins("evidence")


def standing(people, kind="freelancer"):
    owner = people.freelancer if kind == "freelancer" else people.organisation
    with people.house.database.reading() as session:
        return queries.standing(session, kind, owner)


def test_what_is_handed_in_waits_for_a_person_of_staff(people):
    run = people.hand_in("documents", about=people.claim)
    with people.house.database.reading() as session:
        assert queries.run(session, run).state == "staff"


def test_a_decision_says_what_was_compared_with_what_by_whom_and_until_when(people):
    people.decide(people.hand_in("documents", about=people.claim))
    verdict = standing(people)[0]
    assert (verdict.result, verdict.about, verdict.by_name) == ("passed", people.claim, "Vera Vetter")
    assert verdict.compared
    assert verdict.source == "the document handed in"
    assert verdict.expires is not None


def test_a_later_verdict_supersedes_the_one_before_and_both_stay(people):
    people.decide(people.hand_in("documents", about=people.claim))
    people.decide(people.hand_in("documents", about=people.claim), reason="The new one.")
    with people.house.database.reading() as session:
        found = queries.verdicts_of(session, "freelancer", people.freelancer)
    assert [(v.reason, v.superseded) for v in found] == [("The new one.", False), ("Read and compared.", True)]


def test_a_refused_attempt_takes_nothing_away_that_holds(people):
    people.decide(people.hand_in("documents", about=people.claim))
    (before,) = standing(people)
    people.decide(people.hand_in("documents", about=people.claim), "refused", reason="Unreadable.")
    (now,) = standing(people)
    assert replace(now, id=before.id) == before
    with people.house.database.reading() as session:
        found = queries.verdicts_of(session, "freelancer", people.freelancer)
    assert [v.result for v in found] == ["refused", "passed"]  # what holds is listed once


def test_a_refused_attempt_speaks_over_what_has_expired(people):
    people.decide(people.hand_in("documents", about=people.claim))
    people.do(system("tests"), lambda u: move_clock(u, timedelta(days=366)))
    people.house.clock.forget()
    people.decide(people.hand_in("documents", about=people.claim), "refused", reason="Unreadable.")
    assert [v.result for v in standing(people)] == ["refused"]


def test_staff_who_say_no_of_their_own_accord_speak_over_what_holds(people):
    for admitted in (True, False):
        people.do(people.as_vetter, lambda u, yes=admitted: service.admit(
            u, check="approval", kind="freelancer", owner=people.freelancer, reason="We met.", admitted=yes,
            compared="what they say", source="the rules"))  # fmt: skip
    assert [v.result for v in standing(people)] == ["refused"]


def test_verdicts_on_two_claims_stand_beside_each_other(people):
    people.decide(people.hand_in("documents", about=people.claim))
    people.decide(people.hand_in("documents", about="insurance"))
    assert {v.about for v in standing(people)} == {people.claim, "insurance"}


@pytest.mark.parametrize("statement", ["UPDATE vetting_verdicts SET result = 'passed'", "DELETE FROM vetting_verdicts"])
def test_the_database_lets_nobody_change_a_verdict(people, statement):
    people.decide(people.hand_in("documents", about=people.claim), "refused", reason="Unreadable.")
    with pytest.raises(DatabaseError, match="append only"), people.house.database.writes.begin() as connection:
        connection.execute(text(statement))


def test_the_same_thing_is_not_handed_in_twice_at_once(people):
    people.hand_in("documents", about=people.claim)
    with pytest.raises(Conflict):
        people.hand_in("documents", about=people.claim)


def test_nobody_hands_in_for_somebody_else(people):
    with pytest.raises(NotFound):
        people.do(people.as_client, lambda u: service.hand_in(
            u, check="documents", kind="freelancer", owner=people.freelancer))  # fmt: skip


def test_an_approver_of_the_client_does_not_hand_in_for_it(people):
    approver = people.actor(people.vetter, **{people.organisation: ("approver",)})
    with pytest.raises(NotAllowed):
        people.do(approver, lambda u: service.hand_in(u, check="documents", kind="client", owner=people.organisation))


def test_who_hands_in_all_day_is_told_to_rest(people):
    for n in range(service.MOST_A_DAY):
        people.do(people.as_freelancer, lambda u, n=n: service.hand_in(
            u, check="documents", kind="freelancer", owner=people.freelancer, about=f"part{n}"))  # fmt: skip
    with pytest.raises(Conflict, match="tomorrow"):
        people.hand_in("documents", about=people.claim)


def test_only_the_vetting_staff_decides(people):
    run = people.hand_in("documents", about=people.claim)
    with pytest.raises(NotAllowed):
        people.decide(run, by=people.actor(people.client, "support"))


def test_nobody_decides_about_themselves(people):
    run = people.hand_in("documents", about=people.claim)
    with pytest.raises(NotAllowed, match="themselves"):
        people.decide(run, by=people.actor(people.freelancer, "vetter"))


def test_nobody_decides_about_their_own_organisation(people):
    run = people.hand_in("documents", kind="client")
    with pytest.raises(NotAllowed, match="themselves"):
        people.decide(run, by=people.actor(people.client, "vetter"))


def test_a_decision_without_a_reason_is_refused(people):
    run = people.hand_in("approval")
    with pytest.raises(InvalidInput, match="reason"):
        people.decide(run, reason=" ")


def test_two_people_of_staff_do_not_decide_the_same_run_twice(people):
    run = people.hand_in("documents", about=people.claim)
    verdict, version = running.decision(people.house, run, decided="passed", reason="Fine.", expires=None, by="V")
    people.decide(run, "refused", reason="No.")
    with pytest.raises(Conflict):
        people.do(people.as_vetter, lambda u: service.decide(u, run=run, version=version, verdict=verdict))


def test_a_verdict_that_ends_in_the_past_is_refused(people):
    run = people.hand_in("documents", about=people.claim)
    with pytest.raises(InvalidInput, match="future"):
        people.decide(run, expires=people.house.clock.business() - timedelta(days=1))


def test_what_was_taken_back_leaves_the_queue(people):
    run = people.hand_in("documents", about=people.claim)
    people.do(people.as_freelancer, lambda u: service.withdraw(u, run=run))
    with people.house.database.reading() as session:
        assert queries.queue(session) == []


def test_a_revoked_verdict_stands_no_more_and_says_why(people):
    verdict = people.decide(people.hand_in("documents", about=people.claim))
    people.do(people.as_vetter, lambda u: service.revoke(u, verdict=verdict, reason="The paper was forged."))
    assert [(v.result, v.reason) for v in standing(people)] == [("revoked", "The paper was forged.")]


def test_a_profile_counts_documents_apart_from_what_was_compared_with_its_source(people):
    people.decide(people.hand_in("documents", about=people.claim))
    with people.house.database.reading() as session:
        row = profiles.profile(session, people.freelancer)
    assert (row.proved, row.documents) == (0, 1)


def test_a_revoked_proof_is_counted_no_more(people):
    verdict = people.decide(people.hand_in("documents", about=people.claim))
    people.do(people.as_vetter, lambda u: service.revoke(u, verdict=verdict, reason="Forged."))
    with people.house.database.reading() as session:
        assert profiles.profile(session, people.freelancer).documents == 0


def test_a_profile_shows_how_a_claim_is_known(people):
    people.decide(people.hand_in("documents", about=people.claim))
    with people.house.database.reading() as session:
        proof = people.house.ports.get(Proofs).of(session, people.freelancer)[people.claim]
    assert (proof.result, proof.document, proof.by) == ("passed", True, "Vera Vetter")


def test_a_refused_claim_stands_as_declared(people):
    people.decide(people.hand_in("documents", about=people.claim), "refused", reason="Unreadable.")
    with people.house.database.reading() as session:
        assert people.house.ports.get(Proofs).of(session, people.freelancer) == {}


def test_an_insurance_is_shown_of_the_person_and_an_admission_is_not(people):
    people.decide(people.hand_in("documents", about="insurance"))
    people.decide(people.hand_in("approval"))
    with people.house.database.reading() as session, speaking("en"):
        found = people.house.ports.get(Proofs).standing(session, people.freelancer)
    assert [p.label for p in found] == ["Certificate of professional liability insurance"]


# -- checks that fail ------------------------------------------------------------------------------------------


class Moody(VettingCheck):
    """Answers what the test wants."""

    name, label = "moody", "Moody"
    answer: object = None

    def applies(self, subject: Subject) -> bool:
        return True

    def evidence(self, subject: Subject):
        return ()

    def start(self, subject: Subject, submission: Submission):
        if isinstance(Moody.answer, Exception):
            raise Moody.answer
        return Moody.answer

    resume = start

    def explain(self, verdict: Verdict) -> str:
        return ""


def moody_module():
    module = ModuleType("moody")
    module.__file__ = None
    module.manifest = Manifest(name="moody", summary="")

    @hookimpl
    def register_vetting_checks(settings):
        return [Moody]

    module.register_vetting_checks = register_vetting_checks
    return module


@pytest.fixture
def moody(marketplace, people_of):
    made = build_house(replace(marketplace, plugins=("moody",)), {"moody": moody_module()})
    yield people_of(made)
    made.database.dispose()


GOOD = Verdict(Result.PASSED, compared="name", source="a register")


def run_state(people, run):
    with people.house.database.reading() as session:
        return queries.run(session, run)


def test_an_outage_is_waiting_and_never_a_refusal(moody):
    Moody.answer = ConnectionError("the register is down")
    run = run_state(moody, moody.hand_in("moody"))
    assert (run.state, run.until is not None) == ("begun", True)
    assert standing(moody) == []


@pytest.mark.parametrize(
    "nonsense",
    ["yes", None, Verdict(Result.PASSED, "", ""), Verdict(Result.REFUSED, "name", "a register"),
     Verdict(Result.PASSED, "name", "a register", expires=date(2030, 1, 1)),
     Verdict(Result.PASSED, "name", "a register", reason=None), Verdict("perhaps", "name", "a register"),
     Verdict(Result.PASSED, "name", "a register", expires=datetime(2030, 1, 1)),  # noqa: DTZ001
     Waiting(until=datetime(2030, 1, 1)), Waiting(note=None)],  # noqa: DTZ001
)  # fmt: skip
def test_nonsense_from_a_check_is_an_outage(moody, nonsense):
    Moody.answer = nonsense
    assert run_state(moody, moody.hand_in("moody")).state == "begun"


def test_a_run_that_breaks_stops_none_of_the_others(moody, monkeypatch):
    Moody.answer = ConnectionError("down")
    bad, good = moody.hand_in("moody"), moody.hand_in("moody", kind="client")
    Moody.answer = GOOD
    moody.do(system("tests"), lambda u: move_clock(u, timedelta(hours=2)))
    moody.house.clock.forget()
    settle = service.settle

    def breaks(uow, *, run, **more):
        if run == bad:
            raise ZeroDivisionError
        return settle(uow, run=run, **more)

    monkeypatch.setattr(service, "settle", breaks)
    moody.house.worker.handlers[ADVANCE_JOB](SimpleNamespace(check=None))
    assert (run_state(moody, bad).state, run_state(moody, good).state) == ("begun", "decided")
    assert due(moody.house) == []


def test_after_an_outage_the_check_is_asked_again_when_its_hour_has_come(moody):
    Moody.answer = ConnectionError("down")
    run = moody.hand_in("moody")
    assert due(moody.house) == []
    Moody.answer = GOOD
    moody.do(system("tests"), lambda u: move_clock(u, timedelta(hours=2)))
    moody.house.clock.forget()
    assert due(moody.house) == [run]
    running.advance(moody.house, run)
    assert standing(moody)[0].result == "passed"


def test_a_check_that_answers_at_once_needs_nobody(moody):
    Moody.answer = GOOD
    moody.hand_in("moody")
    assert (standing(moody)[0].source, standing(moody)[0].by) == ("a register", "plugin:moody")


def test_a_check_that_waits_for_outside_is_asked_again(moody):
    Moody.answer = Waiting(note="The register sends a letter.")
    assert run_state(moody, moody.hand_in("moody")).state == "outside"


def test_a_decision_that_the_check_does_not_take_is_not_written(moody):
    Moody.answer = Waiting(for_staff=True)
    run = moody.hand_in("moody")
    with pytest.raises(PluginFailed):
        moody.decide(run)
    assert run_state(moody, run).state == "staff"


def test_a_run_that_was_put_to_its_check_twice_has_one_verdict(moody):
    Moody.answer = GOOD
    run = moody.hand_in("moody")
    running.advance(moody.house, run)
    with moody.house.database.reading() as session:
        assert len(queries.verdicts_of(session, "freelancer", moody.freelancer)) == 1
