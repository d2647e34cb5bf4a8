"""A clearance is asked by the mission and answered to the client alone; nothing else of the site knows it."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import inspect, select, text

from marketwright.app import create_app
from marketwright.features.accounts import service as accounts
from marketwright.features.contracts.confidentiality import confidentiality_terms, sign_confidentiality
from marketwright.features.contracts.drafting import draw
from marketwright.features.contracts.needing import declare
from marketwright.features.missions.tables import Mission
from marketwright.features.missions.writing import stored_brief, write
from marketwright.features.notifications.tables import Mail
from marketwright.features.seals.tables import Seal
from marketwright.testing.agreed import Stage
from marketwright.testing.browse import Browse
from marketwright.testing.remembered import remembered
from marketwright_cybersecurity import register_fields

pytestmark = [pytest.mark.either_engine, pytest.mark.plugins("standard_contracts", "sandbox", "cybersecurity")]


@pytest.fixture
def deal(house):
    """A signed contract on a mission that asks for a clearance."""
    return remembered(house, asked)


def asked(house):
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
    agree_as(deal, deal.freelancer)


def new_freelancer(deal):
    with deal.unit() as uow:
        found = accounts.create_account(
            uow, email="ana@example.org", name="Ana Stranger", locale="en", is_freelancer=True, password_hash="x"
        )
        accounts.record_identity(
            uow, owner_kind="freelancer", owner_id=found, name="Stranger", form="SAS",
            registration_number="732829320", vat_regime="franchise", vat_number="", street="1 rue", postcode="59000",
            city="Lille", country="FR", signatory_title="", signatory_name="Ana Stranger",
        )  # fmt: skip
        uow.commit()
    return found


def agree_as(deal, account):
    here = deal.house
    with here.database.reading() as session:
        terms = confidentiality_terms(session, here.marketplace, deal.mission, account)
    paper = draw(here.plugins, "confidentiality", "en", terms)
    with deal.unit(account) as uow:
        sign_confidentiality(uow, mission=deal.mission, paper=paper, read=paper.sha256)
        uow.commit()


def early(deal):
    return f"/missions/{deal.mission}/answers/cybersecurity.clearance"


@pytest.fixture
def mission(house):
    """A published mission that asks for a clearance, and somebody who has signed nothing."""
    stage = Stage(house).meet()
    with stage.unit(stage.client) as uow:
        edit_fields(uow, stage.mission, clearance_asked="secret")
        uow.commit()
    return stage


def edit_fields(uow, mission, **fields):
    brief = stored_brief(uow.session, uow.session.get_one(Mission, mission))
    write(uow, uow.session.get_one(Mission, mission), replace(brief, fields=brief.fields | fields))


def test_a_mission_that_asks_has_a_confidentiality_agreement_and_takes_no_answer_before_it(mission):
    page = visitor(mission, mission.freelancer)
    assert "Read and sign it" in page.get(f"/missions/{mission.mission}").text
    assert page.post(early(mission), YES).status_code == 403


def test_before_any_contract_the_answer_goes_to_the_client_and_to_nobody_else(mission):
    agree(mission)
    freelancer, client = visitor(mission, mission.freelancer), visitor(mission, mission.client)
    assert "not answered yet" in freelancer.get(f"/missions/{mission.mission}").text
    assert freelancer.post(early(mission), YES).status_code == 303
    page = client.get(f"{early(mission)}/{mission.freelancer}").text
    assert "Top secret" in page
    assert "Who read it" in page
    stranger = new_freelancer(mission)
    agree_as(mission, stranger)
    assert visitor(mission, stranger).get(f"{early(mission)}/{mission.freelancer}").status_code == 404
    assert visitor(mission, stranger).get(f"/missions/{mission.mission}/answers").status_code == 403


@pytest.mark.both_engines
def test_the_client_is_told_that_there_is_an_answer_and_not_what_it_says(mission):
    agree(mission)
    visitor(mission, mission.freelancer).post(early(mission), YES)
    mission.house.worker.drain()
    with mission.house.database.reading() as session:
        letters = session.scalars(select(Mail).where(Mail.subject.contains("answered about the clearance"))).all()
    assert letters
    assert not any("op secret" in repr(vars(letter)) for letter in letters)


def test_an_answer_that_is_not_whole_is_refused_at_its_field(mission):
    agree(mission)
    page = visitor(mission, mission.freelancer).post(early(mission), {"x_clearance_held": "yes"})
    assert page.status_code == 422
    assert "Say at which level." in page.text


@pytest.mark.both_engines
def test_a_new_answer_takes_the_place_of_the_first_which_is_deleted(mission):
    agree(mission)
    page = visitor(mission, mission.freelancer)
    page.post(early(mission), YES)
    page.post(early(mission), {"x_clearance_held": "no"})
    assert "Top secret" not in visitor(mission, mission.client).get(f"{early(mission)}/{mission.freelancer}").text
    with mission.house.database.reading() as session:
        kept = session.scalars(select(Seal.token).where(Seal.mission_id == mission.mission)).all()
    assert sorted(token is None for token in kept) == [False, True]


def test_the_contract_begins_with_the_answer_that_was_given(deal):
    with deal.unit(deal.client) as uow:
        edit_fields(uow, deal.mission, clearance_asked="secret")
        uow.commit()
    agree(deal)
    page = visitor(deal, deal.freelancer)
    assert page.post(early(deal), YES).status_code == 303
    assert re.search(r'value="top_secret" selected', page.get(where(deal)).text)


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


@pytest.mark.both_engines
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
