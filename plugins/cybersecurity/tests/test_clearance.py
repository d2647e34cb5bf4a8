"""A clearance is asked by the mission and answered to the client alone; nothing else of the site knows it."""

import pytest
from sqlalchemy import inspect, text

from marketwright.app import create_app
from marketwright.features.contracts.confidentiality import confidentiality_terms, sign_confidentiality
from marketwright.features.contracts.drafting import draw
from marketwright.features.contracts.needing import declare
from marketwright.testing.agreed import Stage
from marketwright.testing.browse import Browse
from marketwright_cybersecurity import register_fields

pytestmark = pytest.mark.plugins("standard_contracts", "sandbox", "cybersecurity")


@pytest.fixture
def deal(house):
    """A signed contract on a mission that asks for a clearance."""
    stage = Stage(house).meet().signed(100_000)
    with stage.unit(stage.client) as uow:
        declare(uow, contract=stage.contract, values={"clearance_asked": "secret"})
        uow.commit()
    return stage


def visitor(deal, account):
    app = create_app(deal.house.marketplace, deal.house)
    app.config["RATELIMIT_ENABLED"] = False
    return Browse(app).sign_in(account)


def agree(deal):
    here = deal.house
    with here.database.reading() as session:
        terms = confidentiality_terms(session, here.marketplace, deal.mission, deal.freelancer)
    paper = draw(here.plugins, "confidentiality", "en", terms)
    with deal.unit(deal.freelancer) as uow:
        sign_confidentiality(uow, mission=deal.mission, paper=paper, read=paper.sha256)
        uow.commit()


def where(deal):
    return f"/contracts/{deal.contract}/conditions/cybersecurity.clearance/paper"


YES = {"x_clearance_held": "yes", "x_clearance_level": "top_secret", "send": "1"}


def test_no_field_of_a_profile_asks_for_it_and_none_of_a_mission_is_searched():
    fields = [f for f in register_fields({}) if "clearance" in f.name]
    assert {f.owner for f in fields} == {"mission"}
    assert not any(f.facet or f.column for f in fields)


def test_before_the_confidentiality_agreement_no_answer_is_taken(deal):
    page = visitor(deal, deal.freelancer).post(where(deal), YES)
    assert page.status_code == 422
    assert "confidentiality agreement" in page.text


def test_the_answer_goes_to_the_client_and_to_nobody_else(deal):
    agree(deal)
    assert visitor(deal, deal.freelancer).post(where(deal), YES).status_code == 303
    assert "Top secret" in visitor(deal, deal.client).get(where(deal)).text
    assert "Top secret" not in visitor(deal, deal.client).get(f"/freelancers/{deal.freelancer}").text


def test_no_row_of_any_table_holds_the_answer_in_the_open(deal):
    """It is sealed: no facet, log, event, job, mail or matching row holds it, nor the row of what was handed in."""
    agree(deal)
    visitor(deal, deal.freelancer).post(where(deal), YES)
    deal.house.worker.drain()
    with deal.house.database.reading() as session:
        tables = inspect(session.get_bind()).get_table_names()
        holding = {
            table for table in tables
            for row in session.execute(text(f'SELECT * FROM "{table}"'))
            if any("top_secret" in str(value) or "Top secret" in str(value) for value in row)
        }  # fmt: skip
    assert holding == set()
