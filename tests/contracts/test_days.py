"""Documents and rules count the days of the marketplace's own zone: after midnight there it is tomorrow."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketwright.features.contracts.steps import today_of
from marketwright.features.contracts.tables import ContractDocument
from marketwright.features.pricing.tables import Voucher
from marketwright.features.pricing.vouchers import NewVoucher, make


@pytest.fixture
def tomorrow(stage):
    """Half an hour past midnight in Paris, where it is still the day before in UTC: the day in Paris."""
    now = stage.house.clock.business()
    night = now.replace(hour=23, minute=30, second=0, microsecond=0)
    stage.move(seconds=(night + timedelta(days=night <= now) - now).total_seconds())
    return stage.house.clock.business().date() + timedelta(days=1)


def test_an_agreement_is_dated_where_the_marketplace_is(stage, tomorrow):
    stage.agree(100_000)
    stage.send()
    assert stage.row().terms["contract"]["date"] == tomorrow.isoformat()


def test_pages_and_services_count_the_same_day(stage, tomorrow):
    with stage.unit() as uow:
        assert (today_of(uow), stage.house.today) == (tomorrow, tomorrow)


def test_a_code_begins_on_the_day_that_it_was_made(stage, tomorrow):
    with stage.unit(stage.actor(stage.client, staff=["admin"])) as uow:
        made = make(uow, NewVoucher("SPRING", "client", "EUR", bps=100))
        assert uow.session.get_one(Voucher, made).starts_on == tomorrow


@pytest.mark.plugins("standard_contracts", "commission", "sandbox")
def test_an_amendment_is_dated_where_the_marketplace_is(stage, tomorrow, browse):
    stage.signed(100_000)
    sent = browse(stage.freelancer).post(f"/contracts/{stage.contract}/amend", {
        "reason": "More", "lines-0-title": "Again", "lines-0-amount": "100", "send": "1",
    })  # fmt: skip
    assert sent.status_code == 303
    with stage.house.database.reading() as session:
        body = session.scalars(select(ContractDocument.body).where(ContractDocument.kind == "amendment")).one().decode()
    assert body.count(f"{tomorrow:%-d %B %Y}") == 2  # its own day, and that of the signatures
    assert f"{tomorrow - timedelta(days=1):%-d %B %Y}" not in body
