"""The days of silence before work counts as accepted: the settings name them, and a contract keeps its own."""

from dataclasses import replace

import pytest

from marketwright.features.contracts.bundled import BUNDLED
from marketwright.features.contracts.checker import check
from marketwright.features.contracts.registry import with_review_days
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


@pytest.mark.parametrize("process", BUNDLED, ids=lambda p: p.name)
@pytest.mark.parametrize("days", [1, 3, 90])
def test_every_course_of_core_stays_sound_with_other_days(process, days):
    assert not check(with_review_days(process, days), {})
