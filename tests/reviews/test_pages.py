"""The page of a review: when it opens, what it shows to whom."""

import pytest
from sqlalchemy import select

from marketwright.features.accounts import service as accounts
from marketwright.features.reviews import service
from marketwright.store.tables import AuditRow

WORDS = "Clear, on time, and the report was read by everybody."


@pytest.fixture
def paid(stage):
    stage.signed(100_000)
    stage.fund()
    stage.deliver()
    stage.answer(stage.take("approve", stage.client).command)
    return stage


@pytest.fixture
def page(browse):
    """Somebody at the review of a contract."""

    def open_(stage, who):
        return browse(who), f"/contracts/{stage.contract}/review"

    return open_


def test_before_paid_work_the_page_says_when_it_opens(stage, page):
    stage.signed(100_000)
    browser, path = page(stage, stage.client)
    assert "released or paid" in browser.get(path).text


def test_a_review_that_is_refused_keeps_its_words(paid, page):
    browser, path = page(paid, paid.client)
    refused = browser.post(path, {"text": WORDS})
    assert refused.status_code == 422
    assert WORDS in refused.text


def test_the_other_side_learns_that_there_is_a_review_and_not_what_it_says(paid, page):
    browser, path = page(paid, paid.client)
    assert browser.post(path, {"rating": "5", "text": WORDS}).status_code == 303
    other, _ = page(paid, paid.freelancer)
    text = other.get(path).text
    assert "has written a review" in text
    assert WORDS not in text


def test_once_both_wrote_each_reads_the_other_and_may_answer(paid, page):
    client, path = page(paid, paid.client)
    freelancer, _ = page(paid, paid.freelancer)
    client.post(path, {"rating": "5", "text": WORDS})
    freelancer.post(path, {"rating": "4", "text": "They answered every question within an hour."})
    assert WORDS in freelancer.get(path).text
    assert freelancer.post(f"{path}/answer", {"answer": "Thank you."}).status_code == 303
    assert "Thank you." in client.get(path).text


def test_strangers_find_no_review(paid, browse):
    assert browse().get(f"/contracts/{paid.contract}/review").status_code == 303


def test_a_moderator_finds_a_review_by_a_name_and_hides_it_with_a_reason(paid, browse):
    with paid.unit(paid.client) as uow:
        reviewed = service.write(uow, contract=paid.contract, rating=1, text=WORDS)
        uow.commit()
    with paid.unit() as uow:
        moderator = accounts.create_account(uow, email="mo@example.org", name="Mo", locale="en", is_freelancer=False)
        accounts.join_staff(uow, account=moderator, roles=["moderator"])
        uow.commit()
    mo = browse(moderator)
    assert f"/console/reviews/{reviewed}" in mo.get("/console/reviews?search=Tomasz").text
    assert f"/console/reviews/{reviewed}" not in mo.get("/console/reviews?search=Nobody").text
    assert mo.post(f"/console/reviews/{reviewed}/hide", {"reason": ""}).status_code == 422
    assert mo.post(f"/console/reviews/{reviewed}/hide", {"reason": "It names a system."}).status_code == 303
    page = mo.get(f"/console/reviews/{reviewed}").text
    assert "It names a system." in page
    assert "Hide it" not in page
    with paid.house.database.reading() as session:
        assert session.scalars(select(AuditRow.subject).where(AuditRow.action == "review.hidden")).all() == [reviewed]
