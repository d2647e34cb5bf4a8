"""The engagement: findings scored and sealed, mended by the client, tested again, and only then released."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from marketwright.app import build_house
from marketwright.features.contracts.checker import check
from marketwright.features.contracts.handovers import handovers_of
from marketwright.features.contracts.simulate import Sums, simulate
from marketwright.features.contracts.waiting import opens_next
from marketwright.features.desk.life import PluginsInUse, needs
from marketwright.features.notifications.tables import Mail
from marketwright.kernel.errors import GateClosed
from marketwright.plugin import Handed
from marketwright.testing.agreed import Stage
from marketwright.testing.golden import meet_conditions
from marketwright.testing.remembered import remembered
from marketwright_cybersecurity.authorisation import AUTHORISATION
from marketwright_cybersecurity.engagement import ENGAGEMENT
from marketwright_cybersecurity.findings import EXAMPLE, FINDINGS, REMEDIATION, RETEST, Findings, Remediation, scored

GOOD = {
    "x_executive_summary": "One way in.", "x_source_addresses": "192.0.2.14", "findings-0-x_title": "Injection",
    "findings-0-x_affected_target": "shop", "findings-0-x_cvss_vector": EXAMPLE, "findings-0-x_evidence": "Proof",
    "findings-0-x_how_to_mend": "Bind it", "findings-1-x_title": "Cookie", "findings-1-x_affected_target": "shop",
    "findings-1-x_cvss_vector": "CVSS:4.0/AV:A/AC:H/AT:P/PR:N/UI:P/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N",
    "findings-1-x_evidence": "Header", "findings-1-x_how_to_mend": "Set it",
}  # fmt: skip


def test_the_process_is_sound_and_ends_whatever_people_do():
    assert check(ENGAGEMENT, (AUTHORISATION,), (FINDINGS, REMEDIATION, RETEST)) == ()


def test_it_is_walked_on_a_fake_clock_through_the_retest():
    steps = simulate(ENGAGEMENT, at=datetime(2026, 1, 5, tzinfo=UTC), sums=Sums(100_000))
    assert [s.state for s in steps if s.role != "provider"][-3:] == ["retesting", "verified", "verified"]
    assert "plugin" not in {s.role for s in steps}
    assert steps[-1].state == "closed"


@pytest.mark.parametrize("vector", ["", "9.8", "CVSS:4.0/AV:N", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"])
def test_a_vector_that_does_not_parse_is_refused_at_its_row(vector):
    row = {"cvss_vector": vector}
    assert list(Findings({}, None).check({}, Handed({}, {"findings": ({"cvss_vector": EXAMPLE}, row)}))) == [
        "findings-1-cvss_vector"
    ]


def test_a_vector_is_scored_by_the_library():
    assert scored(EXAMPLE) == (9.3, "critical")


def test_after_a_retest_only_what_is_not_fixed_is_left_to_mend():
    before = Handed({}, {"retested": ({"title": "A", "verdict": "fixed"}, {"title": "B", "verdict": "partly_fixed"})})
    assert Remediation({}, None).carried(before) == {"mended": [{"title": "B"}]}


@pytest.fixture
def house(marketplace):
    made = build_house(replace(marketplace, deal=replace(marketplace.deal, processes=("engagement",))))
    yield made
    made.database.dispose()


@pytest.fixture
def deal(house):
    """An engagement that is authorised, paid in and under test."""
    return remembered(house, under_test)


def under_test(house):
    stage = Stage(house).meet().signed(1_200_000, process="engagement")
    meet_conditions(stage)
    stage.answer(stage.take("commit_budget", stage.client).command)
    with pytest.raises(GateClosed):  # the first window of the authorisation opens in a fortnight, at 22:00
        stage.take("open_tests", stage.freelancer, note="We begin at nine.")
    with house.database.reading() as session:
        opens = opens_next(session, stage.milestones[0], "open_tests", house.clock.business())
    stage.move(seconds=(opens - house.clock.business()).total_seconds() + 60)
    stage.take("open_tests", stage.freelancer, note="We begin at nine.")
    return stage


pytestmark = [
    pytest.mark.either_engine,
    pytest.mark.plugins("standard_contracts", "commission", "sandbox", "cybersecurity"),
]


def send(browse, deal, by, way, typed):
    url = f"/contracts/{deal.contract}/milestones/{deal.milestones[0]}/{way}"
    return browse(by).post(url, typed, content_type="multipart/form-data")


def mended(*states):
    typed = {}
    for n, state in enumerate(states):
        typed |= {f"mended-{n}-row": str(n), f"mended-{n}-x_mending": state, f"mended-{n}-x_mended_how": "Release 5"}
    return typed


def retested(*verdicts):
    typed = {"x_retest_day": "2026-06-15"}
    for n, verdict in enumerate(verdicts):
        typed |= {f"retested-{n}-row": str(n), f"retested-{n}-x_verdict": verdict,
                  f"retested-{n}-x_retest_evidence": "Tried it again"}  # fmt: skip
    return typed


def test_a_bad_vector_keeps_everything_that_was_typed(deal, browse):
    answer = send(browse, deal, deal.freelancer, "report_findings", GOOD | {"findings-1-x_cvss_vector": "9.8"})
    assert answer.status_code == 422
    assert 'id="f-findings-1-x_cvss_vector-error"' in answer.text
    assert "Bind it</textarea>" in answer.text
    assert deal.milestone().state == "testing"


@pytest.mark.both_engines
def test_release_waits_for_the_retest(deal, browse):
    assert send(browse, deal, deal.freelancer, "report_findings", GOOD).status_code == 303
    with deal.house.database.reading() as session:
        (report,) = handovers_of(session, deal.contract).values()
    text = browse(deal.client).get(f"/contracts/{deal.contract}/deliveries/{report.delivery}").text
    assert re.search(r"Critical</span>.*?<span class=\"pts\">1<", text, re.DOTALL)
    assert "9.3" in text
    deal.take("open_window", deal.client)
    assert send(browse, deal, deal.client, "ask_retest", mended("mended", "accepted_risk")).status_code == 303
    deal.take("open_retest", deal.freelancer, note="From 192.0.2.14.")
    page = browse(deal.freelancer).get(f"/contracts/{deal.contract}/milestones/{deal.milestones[0]}/report_retest").text
    assert "Injection" in page
    assert "Cookie" not in page
    assert send(browse, deal, deal.freelancer, "report_retest", retested("not_fixed")).status_code == 303
    assert deal.milestone().state == "reopened"
    send(browse, deal, deal.client, "ask_again", mended("mended"))
    deal.take("open_retest", deal.freelancer, note="From 192.0.2.14.")
    send(browse, deal, deal.freelancer, "report_retest", retested("fixed"))
    assert deal.milestone().state == "verified"
    deal.answer(deal.take("close", deal.client, reauthenticated=True).command)
    assert deal.row().state == "ENDED"


def test_halted_tests_go_on_within_a_window_alone(deal):
    deal.take("halt", deal.client, note="A server fell over.")
    deal.move(hours=12)  # the first window has closed, the second opens at 22:00
    with pytest.raises(GateClosed):
        deal.take("resume", deal.client, note="It is up again.")
    deal.move(hours=13)
    deal.take("resume", deal.client, note="It is up again.")
    assert deal.milestone().state == "testing"


def test_a_retest_is_opened_within_a_window_alone(deal, browse):
    send(browse, deal, deal.freelancer, "report_findings", GOOD)
    deal.take("open_window", deal.client)
    send(browse, deal, deal.client, "ask_retest", mended("mended", "accepted_risk"))
    deal.move(days=3)
    with pytest.raises(GateClosed) as refused:
        deal.take("open_retest", deal.freelancer, note="From 192.0.2.14.")
    assert "over" in str(refused.value.missing[0].how)


def test_a_fix_that_nobody_explains_is_refused(deal, browse):
    send(browse, deal, deal.freelancer, "report_findings", GOOD)
    deal.take("open_window", deal.client)
    answer = send(browse, deal, deal.client, "ask_retest", mended("mended", "unmended") | {"mended-0-x_mended_how": ""})
    assert answer.status_code == 422
    assert "Please say what was done" in answer.text


def test_where_nothing_is_mended_nothing_is_tested_again(deal, browse):
    send(browse, deal, deal.freelancer, "report_findings", GOOD)
    deal.take("open_window", deal.client)
    send(browse, deal, deal.client, "ask_retest", mended("accepted_risk", "unmended"))
    assert deal.milestone().state == "verified"


@pytest.mark.both_engines
def test_a_pack_that_an_open_engagement_runs_on_is_not_switched_off_and_the_contract_is_named(deal):
    with deal.house.database.reading() as session:
        (need,) = needs(session, deal.house.plugins, "cybersecurity")
        wrong = PluginsInUse()(session, deal.house.plugins, ["cybersecurity"])
    assert (need.contract, need.what) == (deal.contract, "course")
    assert deal.row().reference in str(wrong["plugins"][0])


@pytest.mark.both_engines
def test_both_sides_are_told_of_each_step_and_what_comes_next(deal, browse):
    send(browse, deal, deal.freelancer, "report_findings", GOOD)
    deal.house.worker.drain()
    with deal.house.database.reading() as session:
        subjects = {m.subject for m in session.scalars(select(Mail).where(Mail.address == "helene@example.org"))}
    assert "“Part 1”: the findings are in" in subjects
    assert not any("was delivered" in subject for subject in subjects)
