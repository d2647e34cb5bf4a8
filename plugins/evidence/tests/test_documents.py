"""Documents: what is asked of whom, and what a decision of staff becomes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from marketwright.hooks.manager import check_settings
from marketwright.kernel.errors import BadSetting
from marketwright.kernel.time import FrozenClock
from marketwright.plugin import Claim, Result, Subject, SubjectKind, Submission, Waiting
from marketwright.testing import make_desk
from marketwright_evidence import manifest
from marketwright_evidence.documents import DocumentsCheck

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
OSCP = Claim("c1", "certificate", "OSCP", "OffSec")
JOB = Claim("c2", "experience", "Lead tester, Nordéclair")
FREELANCER = Subject(SubjectKind.FREELANCER, "f1", "Ada Perrin", "FR", (JOB, OSCP))
CLIENT = Subject(SubjectKind.CLIENT, "o1", "Fjordkraft", "NO")


def check(**given):
    desk = make_desk(manifest, check_settings(manifest, given), Path("unused"), clock=FrozenClock(NOW))
    return DocumentsCheck(desk.settings, replace(desk, time_zone="Europe/Paris"))


def decided(about, decision="passed", **more):
    return check().resume(about, Submission(decision=decision, reason="It reads well.", **more))


def test_a_freelancer_chooses_between_their_papers_and_their_claims_certificates_first():
    ask = check().evidence(FREELANCER)[0]
    assert [value for value, _ in ask.choices] == ["insurance", "c1", "c2"]


def test_a_client_is_asked_for_every_paper_of_the_settings():
    asks = check(client_documents=["registration", "authority"]).evidence(CLIENT)
    assert [a.key for a in asks] == ["file_registration", "file_authority"]
    assert all(a.form == "file" and a.required for a in asks)


def test_a_mission_has_no_papers():
    assert not check().applies(Subject(SubjectKind.MISSION, "m1", "Test our portal"))


def test_a_freelancer_without_claims_can_still_prove_their_insurance():
    assert check().applies(Subject(SubjectKind.FREELANCER, "f2", "New"))


def test_without_papers_and_claims_there_is_nothing_to_prove():
    assert not check(freelancer_documents=[]).applies(Subject(SubjectKind.FREELANCER, "f2", "New"))


def test_a_paper_waits_for_a_person():
    assert check().start(FREELANCER, Submission()) == Waiting(for_staff=True)


def test_without_a_decision_it_goes_on_waiting():
    assert isinstance(check().resume(FREELANCER, Submission()), Waiting)


def test_the_verdict_stands_beside_its_claim_and_says_that_a_document_was_seen():
    verdict = decided(FREELANCER, claim="c1")
    assert (verdict.result, verdict.claim, verdict.document) == (Result.PASSED, "c1", True)
    assert verdict.source == "the document handed in"


def test_an_insurance_is_about_the_person_and_not_about_a_claim():
    assert decided(FREELANCER, claim="insurance").compared == "Certificate of professional liability insurance"


def test_the_day_that_staff_chose_comes_first():
    chosen = NOW + timedelta(days=10)
    evidence = {"until": "2027-01-31"}
    assert decided(FREELANCER, claim="c1", expires=chosen, evidence=evidence).expires == chosen


def test_else_the_day_on_the_paper():
    found = decided(FREELANCER, claim="c1", evidence={"until": "2027-01-31"}).expires
    assert found == datetime(2027, 1, 31, 22, 59, tzinfo=UTC)  # a minute before midnight in Paris


@pytest.mark.parametrize("about", [FREELANCER, replace(FREELANCER, claims=())])
def test_a_paper_of_a_freelancer_is_never_compared_with_the_register_of_companies(about):
    assert decided(about, claim="c1").compared == "what the {profile} says of it"


@pytest.mark.parametrize("until", ["2020-01-01", "2026-05-03"])
def test_a_paper_that_has_expired_is_refused_when_it_is_handed_in(until):
    verdict = check().start(FREELANCER, Submission({"claim": "c1", "until": until}))
    assert (verdict.result, verdict.claim) == (Result.REFUSED, "c1")
    assert "has expired" in verdict.reason


def test_a_paper_is_good_on_its_own_last_day():
    assert check().start(FREELANCER, Submission({"claim": "c1", "until": "2026-05-04"})) == Waiting(for_staff=True)


def test_a_paper_that_expires_before_it_is_read_holds_no_day_longer():
    assert decided(FREELANCER, claim="c1", evidence={"until": "2026-05-03"}).expires < NOW


@pytest.mark.parametrize("until", ["", "soon"])
def test_else_the_usual_days(until):
    assert decided(FREELANCER, claim="c1", evidence={"until": until}).expires == NOW + timedelta(days=365)


def test_a_refusal_does_not_end():
    verdict = decided(CLIENT, "refused")
    assert (verdict.result, verdict.expires) == (Result.REFUSED, None)


def test_a_document_nobody_knows_is_refused_with_those_there_are():
    with pytest.raises(BadSetting, match="known documents are: insurance"):
        check(client_documents=["horoscope"])


def test_a_document_counts_a_day_at_least():
    with pytest.raises(BadSetting, match=r"\[plugin.evidence\] days"):
        check(days=0)


def test_each_outcome_is_explained_in_a_sentence():
    assert "Its issuer was not asked" in check().explain(decided(FREELANCER, claim="c1"))
    assert "company" in check().explain(decided(CLIENT))
