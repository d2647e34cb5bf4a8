"""Working with independents in France: papers of vigilance, risky words, holidays, periods (R26, R27, R44, R45)."""

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from marketwright.kernel.time import end_of_day
from marketwright.plugin import Result, Subject, SubjectKind, Submission, Waiting
from marketwright.testing import VettingCheckConformance
from marketwright_country_fr.pack import FRANCE
from marketwright_country_fr.vigilance import Vigilance
from marketwright_country_fr.work import months_after

TODAY = date(2026, 11, 28)
CLOCK = SimpleNamespace(business=lambda: datetime(2026, 11, 28, 12, tzinfo=UTC))
PERSON = Subject(SubjectKind.FREELANCER, "f", "Maëlle", "FR")
GIVEN = {"certificate": "file1", "certificate_on": "2026-10-01", "code": "ABCD1234EFGH567", "extract": "file2",
         "extract_on": "2026-11-02", "employees": "none"}  # fmt: skip


class TestVigilanceKit(VettingCheckConformance):
    strategy = Vigilance
    asks_nobody = True  # the host in the manifest is that of VIES


@pytest.fixture
def check():
    return Vigilance({}, SimpleNamespace(clock=CLOCK, today=TODAY,
                                         end_of_day=lambda day: end_of_day(day, "Europe/Paris")))  # fmt: skip


def hand_in(check, **changed):
    return check.start(PERSON, Submission(evidence=GIVEN | changed))


def test_r26_whole_papers_wait_for_a_person_who_compares_the_code(check):
    answer = hand_in(check)
    assert isinstance(answer, Waiting)
    assert answer.for_staff


def test_r26_the_verdict_ends_six_months_after_the_older_paper(check):
    verdict = check.resume(PERSON, Submission(evidence=GIVEN, decision="passed"))
    assert verdict.expires == datetime(2027, 4, 1, 21, 59, tzinfo=UTC)  # a minute before midnight in Paris


WRONG = {
    "an old certificate": ({"certificate_on": "2026-05-28"}, "older than six months"),
    "a certificate of tomorrow": ({"certificate_on": "2026-11-29"}, "still to come"),
    "an old extract": ({"extract_on": "2026-01-05"}, "extract is older"),
    "a short code": ({"code": "123"}, "12 to 20"),
    "a list that is not there": ({"employees": "list"}, "Hand in the list"),
}


@pytest.mark.parametrize("case", WRONG)
def test_r26_r27_what_the_law_does_not_take_is_refused_with_the_fix(check, case):
    changed, says = WRONG[case]
    answer = hand_in(check, **changed)
    assert answer.result is Result.REFUSED
    assert says in answer.reason


ELSEWHERE = Subject(SubjectKind.FREELANCER, "s", "Tove", "SE")
A1 = {"social": "file1", "social_until": "2027-02-01", "extract": "file2", "extract_on": "2026-11-02",
      "employees": "none"}  # fmt: skip


def test_r26_of_a_business_elsewhere_its_own_papers_are_asked_and_read(check):
    asked = {ask.key for ask in check.evidence(ELSEWHERE)}
    assert {"social", "extract"} < asked
    assert "code" not in asked
    assert check.start(ELSEWHERE, Submission(evidence=A1)).for_staff
    verdict = check.resume(ELSEWHERE, Submission(evidence=A1, decision="passed"))
    assert (verdict.expires.date(), verdict.source) == (date(2027, 2, 1), "the papers handed in")


def test_r26_a_certificate_of_elsewhere_that_is_over_is_refused_with_the_fix(check):
    answer = check.start(ELSEWHERE, Submission(evidence=A1 | {"social_until": "2026-11-27"}))
    assert (answer.result, "not valid any more" in answer.reason) == (Result.REFUSED, True)


def test_r26_people_are_told_thirty_fifteen_and_five_days_before():
    assert Vigilance.remind_days == (30, 15, 5)


def test_r26_the_papers_are_for_the_clients_as_well():
    assert Vigilance.shared


def test_r26_it_begins_at_five_thousand_euros_cumulated():
    found = FRANCE.obligation(TODAY)
    assert (found.check, found.amount, found.currency, found.months) == ("vigilance", 500_000, "EUR", 6)


@pytest.mark.parametrize(("start", "months", "end"), [
    (date(2026, 8, 31), -6, date(2026, 2, 28)), (date(2026, 10, 1), 6, date(2027, 4, 1)),
    (date(2028, 8, 31), 6, date(2029, 2, 28)),
])  # fmt: skip
def test_months_end_on_the_last_day_of_a_shorter_one(start, months, end):
    assert months_after(start, months) == end


RISKY = {
    "Le prestataire travaille de 9h à 18h dans nos locaux.": "fixed_hours",
    "Présence obligatoire trois jours par semaine.": "fixed_hours",
    "Une clause d’exclusivité lie le prestataire.": "exclusivity",
    "Toute demande de congés est soumise au client.": "leave",
    "Il rend compte à son supérieur hiérarchique.": "hierarchy",
}
CLEAN = [
    "Le prestataire n’est soumis à aucune exclusivité.",
    "Sans horaires imposés, il organise son travail comme il l’entend.",
    "Le rapport est remis le 12 mars ; deux restitutions d’une heure.",
]


@pytest.mark.parametrize("text", RISKY)
def test_r44_words_that_read_as_employment_are_pointed_at_with_the_reason(text):
    [flag] = FRANCE.flags(text, language="fr", on=TODAY)
    assert flag.name == RISKY[text]
    assert re.search(r"code du travail", flag.why)


@pytest.mark.parametrize("text", CLEAN)
def test_r44_their_opposite_is_not(text):
    assert FRANCE.flags(text, language="fr", on=TODAY) == []


def test_r44_english_contracts_are_read_too():
    text = "The consultant keeps fixed hours, asks for leave approval and works exclusively for the client."
    assert {f.name for f in FRANCE.flags(text, language="en", on=TODAY)} == {"fixed_hours", "leave", "exclusivity"}


def test_whit_monday_of_2026_is_a_holiday_and_the_day_after_is_worked():
    assert FRANCE.holiday(date(2026, 5, 25)).names["fr"] == "Lundi de Pentecôte"
    assert not FRANCE.is_working_day(date(2026, 5, 25))
    assert FRANCE.is_working_day(date(2026, 5, 26))


def test_every_year_has_its_eleven_holidays():
    per_year = {y: sum(h.day.year == y for h in FRANCE.holidays) for y in range(2024, 2041)}
    assert set(per_year.values()) == {11}


def test_r45_businesses_pay_within_thirty_days_and_sixty_at_most():
    assert (FRANCE.terms.usual_days, FRANCE.terms.longest_days) == (30, 60)


def test_accounting_papers_are_kept_ten_years_and_contracts_five():
    kept = {r.name: r.years for r in FRANCE.retention}
    assert (kept["accounting"], kept["contracts"]) == (10, 5)
