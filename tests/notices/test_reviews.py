"""Reviews: reported by whoever comes across them, hidden by the decision."""

import pytest
from sqlalchemy import select

from marketwright.features.accounts import service as accounts
from marketwright.features.missions.tables import Mission, MissionInvitation
from marketwright.features.reviews import queries
from marketwright.features.reviews import service as reviews
from marketwright.features.reviews.tables import Review
from marketwright.testing.agreed import Stage

from .conftest import VISITOR, WHY, hired_by

pytestmark = pytest.mark.plugins("standard_contracts")
WORDS = "Clear, on time, and the report was read by everybody."


@pytest.fixture
def written(house):
    """A deal whose client wrote a review that nobody else reads yet."""
    stage = Stage(house).meet()
    stage.signed(100_000)
    stage.fund()
    stage.deliver()
    stage.answer(stage.take("approve", stage.client).command)
    with stage.unit(stage.client) as uow:
        review = reviews.write(uow, contract=stage.contract, rating=1, text=WORDS)
        uow.commit()
    return stage, review


@pytest.fixture
def shown(written):
    stage, review = written
    with stage.unit(stage.freelancer) as uow:
        reviews.write(uow, contract=stage.contract, rating=4, text="They answered every question within an hour.")
        uow.commit()
    return stage, review


def test_a_review_that_is_not_shown_yet_cannot_be_reported(browse, written):
    stage, review = written
    assert browse(stage.freelancer).get(f"/report/review/{review}").status_code == 404


def test_whom_a_review_is_about_reports_it(browse, shown):
    stage, review = shown
    said = {"category": "personal", "explanation": "It names my daughter."}
    assert browse(stage.freelancer).post(f"/report/review/{review}", said).status_code == 303


def test_a_review_on_a_page_that_strangers_do_not_see_is_not_there_for_them(browse, shown):
    assert browse().post(f"/report/review/{shown[1]}", VISITOR).status_code == 404


def test_who_knows_the_client_by_an_invitation_alone_reports_a_review_on_its_page(browse, shown):
    stage, _ = shown
    with stage.unit() as uow:
        guest = accounts.create_account(uow, email="guest@example.org", name="Guest", locale="en", is_freelancer=True)
        mission = uow.session.get_one(Mission, stage.mission)
        mission.named, mission.visibility, mission.state = True, "invited", "published"
        uow.session.add(MissionInvitation(mission_id=mission.id, freelancer_id=guest, by=stage.client, at=uow.now))
        of_client = uow.session.scalars(select(Review.id).where(Review.by_side == "freelancer")).one()
        page = f"/clients/{mission.organisation_id}"
        uow.commit()
    link = f"/report/review/{of_client}"
    assert link in browse(guest).get(page).text
    assert browse(guest).get(link).status_code == 200


def test_a_shown_review_has_its_link_but_for_who_wrote_it(browse, shown):
    stage, review = shown
    page = f"/contracts/{stage.contract}/review"
    assert f"/report/review/{review}" in browse(stage.freelancer).get(page).text
    assert f"/report/review/{review}" not in browse(stage.client).get(page).text


def test_who_wrote_a_review_does_not_report_it(browse, shown):
    stage, review = shown
    assert browse(stage.client).get(f"/report/review/{review}").status_code == 404


def test_a_restricted_review_is_hidden_with_the_reason(browse, shown):
    stage, review = shown
    said = {"category": "personal", "explanation": "It names my daughter."}
    browse(stage.freelancer).post(f"/report/review/{review}", said)
    desk = hired_by(stage)
    desk.decide("restricted")
    with stage.house.database.reading() as session:
        assert queries.hidden_reason(session, review) == WHY
    assert WORDS not in browse(stage.freelancer).get(f"/contracts/{stage.contract}/review").text
