from pathlib import Path

import pytest

import marketwright_cybersecurity as pack
from marketwright.kernel.time import FrozenClock
from marketwright.plugin import Claim, Result, Subject, SubjectKind, Submission, Verdict, Waiting
from marketwright_cybersecurity.certificates import RegisterCheck
from marketwright_cybersecurity.clauses import SecurityClauses

HERE = Path(pack.__file__).parent
DEMO = HERE / "demo"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_clauses_speak_of_authorisation_engagement_and_disclosure(language):
    document = SecurityClauses({}, None).render({}, language)
    assert len(document.sections) == 5
    assert all(section.paragraphs for section in document.sections)


class Desk:
    def __init__(self, clock):
        self.clock = clock


@pytest.fixture
def subject():
    return Subject(SubjectKind.FREELANCER, "f1", "Inès", claims=(Claim("c1", "certificate", "OSCP", issuer="OffSec"),))


@pytest.fixture
def check():
    from datetime import UTC, datetime

    return RegisterCheck({}, Desk(FrozenClock(datetime(2026, 5, 1, tzinfo=UTC))))


def test_a_certificate_waits_for_a_person_of_staff(check, subject):
    assert check.start(subject, Submission({"claim": "c1", "number": "7"})) == Waiting(for_staff=True, note="7")


def test_a_passed_certificate_names_its_source_and_ends_after_a_year(check, subject):
    verdict = check.resume(subject, Submission({"claim": "c1"}, decision="passed", by="Ana"))
    assert isinstance(verdict, Verdict)
    assert (verdict.result, verdict.source, verdict.claim) == (Result.PASSED, "OffSec", "c1")
    assert verdict.expires.year == 2027


def test_the_check_is_not_for_people_without_certificates(check):
    assert not check.applies(Subject(SubjectKind.FREELANCER, "f1", "Inès"))


def test_targets_are_private_and_never_a_search_filter():
    targets = next(f for f in pack.register_fields({}) if f.name == "targets")
    assert targets.private
    assert not targets.facet
