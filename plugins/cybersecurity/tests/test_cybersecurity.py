import csv
import json
from itertools import combinations
from pathlib import Path

import pytest

import marketwright_cybersecurity as pack
from marketwright.kernel.time import FrozenClock
from marketwright.plugin import Claim, Result, Subject, SubjectKind, Submission, Verdict, Waiting
from marketwright_cybersecurity.certificates import RegisterCheck
from marketwright_cybersecurity.clauses import SecurityClauses

HERE = Path(pack.__file__).parent
DEMO = HERE / "demo"


def skills():
    with (HERE / "taxonomy" / "skills.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def people():
    return [person for file in sorted((DEMO / "people").glob("*.json")) for person in json.loads(file.read_text())]


def missions():
    return json.loads((DEMO / "missions.json").read_text())


def fives(text):
    words = text.casefold().split()
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


def worst_share(texts):
    sequences = [fives(t) for t in texts]
    return max(len(a & b) / min(len(a), len(b)) for a, b in combinations([s for s in sequences if s], 2))


def test_the_taxonomy_names_more_than_two_hundred_skills_in_both_languages():
    rows = skills()
    assert len(rows) >= 200
    assert all(row["label_en"] and row["label_fr"] for row in rows)


def test_every_broader_skill_of_the_taxonomy_exists():
    keys = {row["key"] for row in skills()}
    assert {row["broader"] for row in skills() if row["broader"]} <= keys


def test_the_demo_has_three_hundred_people_and_sixty_missions():
    assert len(people()) >= 300
    assert len(missions()) >= 60


def test_demo_people_and_missions_use_skills_of_the_taxonomy_alone():
    keys = {row["key"] for row in skills()}
    used = {s["skill"] for p in people() for s in p["skills"]}
    used |= {s for m in missions() for s in m["must"] + m["nice"]}
    assert used <= keys


def test_no_two_bios_share_more_than_a_third_of_their_five_word_sequences():
    assert worst_share([p["bio"] for p in people()]) < 1 / 3


def test_no_two_briefs_share_more_than_a_third_of_their_five_word_sequences():
    assert worst_share([m["description"] for m in missions()]) < 1 / 3


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_clauses_speak_of_authorisation_engagement_and_disclosure(language):
    document = SecurityClauses({}, None).render({}, language)
    assert len(document.sections) == 3
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
