"""Who does the work: what the country allows to be asked of their past, and whose a qualification is."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from marketwright.features.notifications.tables import Mail
from marketwright.features.vetting.expiry import expire
from marketwright.features.vetting.service import By, record
from marketwright.kernel.time import end_of_day
from marketwright.plugin import BackgroundRow, Result, Subject, SubjectKind, Submission, Verdict, Waiting
from marketwright.testing.agreed import Stage
from marketwright_cybersecurity.people import BackgroundCheck, QualificationCheck

CLOCK = SimpleNamespace(business=lambda: datetime(2026, 11, 28, 12, tzinfo=UTC))
ALLOWED = {"FR": BackgroundRow("Extract n° 3", "You ask for it yourself.", 3)}
QUERIES = SimpleNamespace(background=ALLOWED.get)
DESK = SimpleNamespace(clock=CLOCK, queries=QUERIES, today=date(2026, 11, 28),
                       end_of_day=lambda day: end_of_day(day, "Europe/Paris"))  # fmt: skip
GIVEN = {"provider": "Audit Nord SAS", "registration": "732829320", "decision": "2025-114", "activity": "pentest",
         "until": "2027-05-31", "attestation": "file"}  # fmt: skip


def person(country="FR"):
    return Subject(SubjectKind.FREELANCER, "f", "Inès", country)


def test_in_france_the_extract_that_the_person_obtained_is_shown_and_no_file_is_asked():
    asks = BackgroundCheck({}, DESK).evidence(person())
    assert asks[0].label == "Extract n° 3"
    assert "file" not in {a.form for a in asks}


@pytest.mark.parametrize("country", ["", "BR"])
def test_where_no_pack_says_what_may_be_asked_nothing_is_and_staff_are_told_so(country):
    check = BackgroundCheck({}, DESK)
    assert check.evidence(person(country)) == ()
    waiting = check.start(person(country), Submission())
    assert isinstance(waiting, Waiting)
    assert "ask for no paper" in waiting.note
    verdict = check.resume(person(country), Submission(decision="passed", reason="Known to us for years."))
    assert "not covered" in verdict.source


@pytest.mark.parametrize(("issued", "says"), [("2026-06-01", "too old"), ("2026-12-24", "still to come"),
                                              ("soon", "still to come")])  # fmt: skip
def test_a_paper_that_is_too_old_or_to_come_is_refused_with_the_fix(issued, says):
    verdict = BackgroundCheck({}, DESK).start(person(), Submission({"issued": issued, "obtained": "myself"}))
    assert verdict.result is Result.REFUSED
    assert says in verdict.reason


def test_the_verdict_on_a_background_says_that_it_was_seen_and_ends_after_a_year():
    verdict = BackgroundCheck({}, DESK).resume(person(), Submission({"issued": "2026-11-02"}, decision="passed"))
    assert (verdict.result, verdict.expires.year) == (Result.PASSED, 2027)


def test_a_qualification_is_the_providers_for_its_activity_until_its_own_day():
    check = QualificationCheck({}, DESK)
    assert isinstance(check.start(person(), Submission(GIVEN)), Waiting)
    verdict = check.resume(person(), Submission(GIVEN, decision="passed"))
    assert isinstance(verdict, Verdict)
    assert verdict.source == "ANSSI: Audit Nord SAS, 2025-114"
    assert verdict.expires == datetime(2027, 5, 31, 21, 59, tzinfo=UTC)  # a minute before midnight in Paris


def test_each_activity_of_a_qualification_stands_by_itself():
    check = QualificationCheck({}, DESK)
    parts = {check.resume(person(), Submission(GIVEN | {"activity": a}, decision="passed")).claim
             for a in ("pentest", "code")}  # fmt: skip
    assert parts == {"pentest", "code"}


def test_a_qualification_that_is_over_is_refused():
    verdict = QualificationCheck({}, DESK).start(person(), Submission(GIVEN | {"until": "2026-11-27"}))
    assert verdict.result is Result.REFUSED


@pytest.mark.plugins("standard_contracts", "sandbox", "cybersecurity")
def test_a_certificate_that_expires_during_the_deal_is_told_to_the_client_and_the_deal_goes_on(house):
    stage = Stage(house).meet().signed(100_000)
    ends = house.clock.business() + timedelta(days=10)
    proof = Verdict(Result.PASSED, compared="number of the certificate", source="OffSec", expires=ends, claim="oscp")
    with stage.unit() as uow:
        record(uow, check="certificate_register", kind="freelancer", owner=stage.freelancer, verdict=proof,
               by=By("staff", "Ana"), about="oscp")  # fmt: skip
        uow.commit()
    stage.move(days=11)
    with stage.unit() as uow:
        expire(uow)
        uow.commit()
    house.worker.drain()
    with house.database.reading() as session:
        told = {(m.address, m.subject) for m in session.scalars(select(Mail).where(Mail.kind == "verdict.expired"))}
    assert ("helene@example.org", "A proof of Tomasz Wiśniewski has expired") in told
    assert stage.row().state == "ACTIVE"
