"""R30: VAT numbers are asked at VIES, whose answer is kept; an outage is no refusal."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

import marketwright_country_fr
from marketwright.plugin import Result, Subject, SubjectKind, Submission, Waiting
from marketwright.testing import FakeHttp, VettingCheckConformance, make_desk
from marketwright.testing.http import answer, lost
from marketwright_country_fr.vies import ADDRESS, Vies

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
CLOCK = SimpleNamespace(business=lambda: NOW, machine=lambda: NOW)
CLIENT = Subject(SubjectKind.CLIENT, "o", "Vesseler GmbH", "DE", vat_number="DE136695976")
KNOWN = {
    "countryCode": "DE", "vatNumber": "136695976", "requestDate": "2026-11-29T11:59:58.123Z", "valid": True,
    "requestIdentifier": "WAPIAAAAZ1ab2cd3", "name": "Vesseler GmbH", "address": "Deichstr. 9\n20459 Hamburg",
}  # fmt: skip
ERROR = {"actionSucceed": False, "errorWrappers": [{"error": "MS_UNAVAILABLE"}]}
SETTINGS = {"vies_requester": "FR 44732829320", "vies_days": 90}


def vies(*answers, stage="test", **settings):
    far = FakeHttp().on("POST", ADDRESS, *answers) if answers else FakeHttp()
    given = SETTINGS | settings
    desk = make_desk(marketwright_country_fr.manifest, given, Path("unused"), clock=CLOCK, stage=stage, http=far)
    return Vies(given, desk), far


class TestViesKit(VettingCheckConformance):
    strategy = Vies
    plugin = marketwright_country_fr
    subjects = {"a German client": CLIENT}

    def outside(self):
        return FakeHttp().on("POST", ADDRESS, answer(KNOWN))


def test_r30_a_number_that_vies_knows_is_kept_with_its_consultation_and_until_when():
    check, far = vies(answer(KNOWN))
    verdict = check.start(CLIENT, Submission())
    assert (verdict.result, verdict.claim, verdict.expires) == (Result.PASSED, "DE136695976", NOW + timedelta(days=90))
    assert verdict.reason == (
        "Vesseler GmbH; Deichstr. 9 20459 Hamburg; 2026-11-29T11:59:58.123Z; WAPIAAAAZ1ab2cd3"
    )  # fmt: skip
    assert "VIES" in verdict.source
    assert b'"requesterMemberStateCode":"FR","requesterNumber":"44732829320"' in far.asked[0].body


def test_r30_who_asks_is_said_where_the_operator_gave_their_number_alone():
    check, far = vies(answer(KNOWN), vies_requester="")
    check.start(CLIENT, Submission())
    assert b"requester" not in far.asked[0].body


def test_r30_a_number_that_vies_does_not_know_is_refused_with_what_to_do():
    check, _far = vies(answer(KNOWN | {"valid": False}))
    verdict = check.start(CLIENT, Submission())
    assert verdict.result is Result.REFUSED
    assert "ask the office" in verdict.reason


@pytest.mark.parametrize("outage", [
    lost(), lost(sent=False), answer(ERROR), answer(ERROR | {"valid": False}), answer(b"<html>"), answer([]),
    answer({"valid": "yes"}), answer(None, status=503),
])  # fmt: skip
def test_r30_an_outage_of_vies_waits_an_hour_and_is_no_refusal(outage):
    check, _far = vies(outage)
    assert check.start(CLIENT, Submission()) == Waiting(
        until=NOW + timedelta(hours=1), note=marketwright_country_fr.vies.SILENT
    )


def test_r30_a_greek_number_is_asked_as_vies_writes_it():
    check, far = vies(answer(KNOWN))
    check.resume(Subject(SubjectKind.FREELANCER, "f", "Νίκη", "GR", vat_number="EL094259216"), Submission())
    assert b'"countryCode":"EL","vatNumber":"094259216"' in far.asked[0].body


@pytest.mark.parametrize("number", ["", "GB980780684", "CHE107787577", "XI123456789"])
def test_r30_numbers_of_others_are_not_asked(number):
    check, _far = vies()
    assert not check.applies(Subject(SubjectKind.CLIENT, "o", "X", vat_number=number))


def test_r30_the_made_up_numbers_of_a_demo_are_not_asked():
    check, _far = vies(stage="demo")
    assert not check.applies(CLIENT)
