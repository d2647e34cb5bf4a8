"""Days of silence, what calling off costs, reminders: the settings name them, and a contract keeps its own."""

from dataclasses import replace

import pytest

from marketwright.features.contracts.answers import ContractCourses
from marketwright.features.contracts.bundled import BUNDLED
from marketwright.features.contracts.bundled.invoice import INVOICE
from marketwright.features.contracts.bundled.milestones import MILESTONES
from marketwright.features.contracts.checker import check
from marketwright.features.contracts.horizon import Horizon
from marketwright.features.contracts.registry import (
    check_cancellation,
    keep,
    pinned,
    version_of,
    with_review_days,
    with_settings,
)
from marketwright.kernel.errors import BadSetting
from marketwright.settings.courses import Cancellation
from marketwright.settings.marketplace import DealSettings, Marketplace


def days_to_look(stage):
    row = stage.milestone()
    return (row.deadline_at - row.entered_at).days


@pytest.mark.plugins("standard_contracts", "sandbox")
@pytest.mark.settings(deal=DealSettings(provider="sandbox", review_days=5))
def test_a_new_contract_has_the_days_that_the_settings_name(stage):
    stage.signed(100_000).fund()
    stage.deliver()
    assert (days_to_look(stage), stage.row().process_version) == (5, 2005)


@pytest.mark.plugins("standard_contracts", "sandbox")
def test_a_signed_contract_keeps_its_days_when_the_settings_change(stage):
    stage.signed(100_000)
    market = stage.house.marketplace
    stage.house.ports.fill(Marketplace, replace(market, deal=replace(market.deal, review_days=5)))
    stage.fund()
    stage.deliver()
    assert (days_to_look(stage), stage.row().process_version) == (14, 2)


@pytest.mark.plugins("standard_contracts", "sandbox")
@pytest.mark.settings(deal=DealSettings(provider="sandbox"))
def test_how_long_its_work_may_take_stays_what_the_signed_contract_leaves_of_the_hold(stage):
    stage.signed(100_000)
    market = replace(stage.house.marketplace, deal=replace(stage.house.marketplace.deal, review_days=60))
    with stage.house.database.reading() as session:
        process = pinned(session, "milestones", stage.row().process_version)
    horizon = Horizon(market, stage.house.plugins)
    assert horizon.longest(process, "sandbox") == 90 - 14 - 2
    (offered,) = (c for c in ContractCourses(market, stage.house.plugins, horizon).offered() if c.name == "milestones")
    assert offered.longest == 90 - 60 - 2


@pytest.mark.parametrize("process", BUNDLED, ids=lambda p: p.name)
@pytest.mark.parametrize("days", [1, 3, 90])
def test_every_course_of_core_stays_sound_with_other_days(process, days):
    assert not check(with_review_days(process, days), {})


STRICT = (Cancellation("milestones", 14, 1000), Cancellation("milestones", 0, 5000))


def settle_for(stage, **more):
    market = stage.house.marketplace
    stage.house.ports.fill(Marketplace, replace(market, deal=replace(market.deal, **more)))


def rules_of(stage):
    with stage.house.database.reading() as session:
        process = pinned(session, "milestones", stage.row().process_version)
    return [(r.notice_days, r.freelancer_bps) for r in process.cancellation]


@pytest.mark.plugins("standard_contracts", "sandbox")
@pytest.mark.settings(deal=DealSettings(provider="sandbox", cancellation=STRICT))
def test_a_contract_keeps_the_rules_of_calling_off_that_it_was_drawn_up_on(stage):
    stage.signed(100_000)
    settle_for(stage, cancellation=(), remind_days=(5,))
    assert (rules_of(stage), stage.row().process_version) == ([(14, 1000), (0, 5000)], 1_002_000)
    assert stage.row().terms["process"]["cancellation"][0] == {
        "by": "client", "notice_days": 14, "freelancer_bps": 1000}  # fmt: skip
    assert stage.row().terms["process"]["version"] == 2


def test_each_set_of_rules_is_kept_under_a_number_of_its_own(stage):
    one, other = (with_settings(MILESTONES, DealSettings(remind_days=days)) for days in ((5,), (6, 2)))
    with stage.unit() as uow:
        kept = [keep(uow, p).version for p in (one, other, one)]
    assert kept == [1_002_000, 2_002_000, 1_002_000]
    assert version_of(replace(one, version=2_002_005)) == (2, 5)


@pytest.mark.parametrize("process", BUNDLED, ids=lambda p: p.name)
@pytest.mark.parametrize("days", [(1,), (60, 30, 2, -4, -30)])
def test_every_course_of_core_stays_sound_with_other_reminders(process, days):
    assert not check(with_settings(process, DealSettings(remind_days=days, cancellation=STRICT)), {})


def test_reminders_after_a_deadline_stay_where_the_course_has_them():
    ruled = with_settings(INVOICE, DealSettings(remind_days=(5, -3, -10)))
    assert {s.name: s.remind_days for s in ruled.states if s.remind_days}["billed"] == (5, -3, -10)
    assert all(d > 0 for t in ruled.transitions for d in t.remind_days)


def test_without_settings_a_course_stays_as_it_is():
    assert all(with_settings(p, DealSettings()) == with_review_days(p, 14) for p in BUNDLED)


def test_rules_for_a_course_without_calling_off_are_refused_by_name(house):
    wrong = replace(house.marketplace, deal=DealSettings(cancellation=(Cancellation("invoice", 3, 0),)))
    with pytest.raises(BadSetting, match=r"'invoice'.*milestones"):
        check_cancellation(wrong)
