"""Reviews stand on paid work, once a side, and neither side reads the other's first."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketwright.features.accounts import service as accounts
from marketwright.features.missions.tables import Mission
from marketwright.features.profiles.queries import profile
from marketwright.features.profiles.service import create_profile
from marketwright.features.relations.service import set_linked
from marketwright.features.reviews import queries, service
from marketwright.features.reviews.answers import ReviewsOfClients, ReviewsOfFreelancers
from marketwright.features.reviews.records import FiguresOfClients, RecordsOfPeople
from marketwright.features.reviews.tables import Review
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.ids import new_id
from marketwright.store.tables import EventRow
from marketwright.testing.agreed import Stage
from marketwright.testing.remembered import remembered

WORDS = "Clear, on time, and the report was read by everybody."


@pytest.fixture
def paid(house):
    """A contract of two milestones, the first of them released."""
    return remembered(house, released)


def released(house):
    stage = Stage(house).meet()
    with stage.unit() as uow:
        create_profile(uow, account=stage.freelancer, headline="Networks")
        uow.commit()
    stage.signed(100_000, 50_000)
    stage.fund()
    stage.deliver()
    stage.answer(stage.take("approve", stage.client).command)
    return stage


def write(stage, by, rating=5, text=WORDS):
    with stage.unit(by) as uow:
        made = service.write(uow, contract=stage.contract, rating=rating, text=text)
        uow.commit()
    return made


def shown(stage):
    """What everybody may read of both sides: (of the freelancer, of the client)."""
    now = stage.house.clock.business()
    with stage.house.database.reading() as session:
        return tuple(
            [r.rating for r in queries.reviews_of(session, kind, id_, now)]
            for kind, id_ in (("freelancer", stage.freelancer), ("organisation", stage.organisation))
        )


def rating(stage):
    with stage.house.database.reading() as session:
        found = profile(session, stage.freelancer)
        return found.rating_sum, found.rating_count


def run_job(stage):
    class Held:
        def check(self, session):
            """The lease holds."""

    stage.house.worker.handlers["reviews.show"](Held())


def test_c9_before_any_work_is_paid_nobody_reviews(stage):
    stage.signed(100_000)
    with pytest.raises(Conflict, match="released or paid"):
        write(stage, stage.client)


def test_c9_the_database_refuses_a_review_of_unpaid_work(paid):
    with paid.unit() as uow:
        values = {
            "contract_id": paid.contract, "milestone_id": paid.milestones[1], "mission_id": paid.mission,
            "organisation_id": paid.organisation, "freelancer_id": paid.freelancer, "by_side": "client",
            "by_account": paid.client, "rating": 5, "text": WORDS, "at": uow.now, "shows_at": uow.now,
        }  # fmt: skip
        uow.session.add(Review(**values))
        with pytest.raises((IntegrityError, Exception), match="C9"):
            uow.flush()


def test_one_review_alone_is_read_by_nobody_else(paid):
    write(paid, paid.client)
    assert shown(paid) == ([], [])
    assert rating(paid) == (0, 0)


def test_once_both_wrote_both_are_shown_and_the_rating_counts(paid):
    write(paid, paid.client, rating=4)
    write(paid, paid.freelancer, rating=2)
    assert shown(paid) == ([4], [2])
    assert rating(paid) == (4, 1)


def test_c7_after_14_days_a_review_is_shown_alone_and_not_before(paid):
    write(paid, paid.client, rating=3)
    paid.move(days=13, hours=23)
    run_job(paid)
    assert (shown(paid), rating(paid)) == (([], []), (0, 0))
    paid.move(hours=2)
    assert shown(paid) == ([3], [])
    run_job(paid)
    run_job(paid)
    assert rating(paid) == (3, 1)


def test_c9_each_side_reviews_a_contract_once(paid):
    write(paid, paid.client)
    with pytest.raises(Conflict, match="already"):
        write(paid, paid.client)


def test_a_colleague_does_not_review_again(paid):
    write(paid, paid.client)
    with paid.unit() as uow:
        buyer = accounts.create_account(uow, email="b@example.org", name="B", locale="en", is_freelancer=False)
        accounts.add_member(uow, organisation=paid.organisation, account=buyer, roles=["buyer"])
        uow.commit()
    with pytest.raises(Conflict):
        write(paid, buyer)


def test_strangers_find_no_contract_to_review(paid):
    with paid.unit() as uow:
        stranger = accounts.create_account(uow, email="s@example.org", name="S", locale="en", is_freelancer=True)
        uow.commit()
    with pytest.raises(NotFound):
        write(paid, stranger)


def test_c9_linked_people_do_not_review_each_other(paid):
    with paid.unit() as uow:
        set_linked(uow, organisation=paid.organisation, freelancer=paid.freelancer, linked=True, reason="same owner")
        uow.commit()
    with pytest.raises(NotAllowed):
        write(paid, paid.client)


@pytest.mark.parametrize(
    ("stars", "text", "field"),
    [(0, WORDS, "rating"), (6, WORDS, "rating"), (5, "Good.", "text"), (5, "x" * 3001, "text")],
)
def test_what_cannot_be_kept_is_refused_at_its_field(paid, stars, text, field):
    with pytest.raises(InvalidInput) as refused:
        write(paid, paid.client, rating=stars, text=text)
    assert list(refused.value.errors) == [field]


def test_whom_a_review_is_about_answers_it_once_it_is_shown(paid):
    review = write(paid, paid.client)
    with paid.unit(paid.freelancer) as uow, pytest.raises(NotFound):
        service.answer(uow, review=review, text="Thank you.")
    write(paid, paid.freelancer)
    with paid.unit(paid.freelancer) as uow:
        service.answer(uow, review=review, text="Thank you.")
        with pytest.raises(Conflict):
            service.answer(uow, review=review, text="Again.")
        uow.commit()
    with paid.unit(paid.client) as uow, pytest.raises(NotAllowed):
        service.answer(uow, review=review, text="To myself.")


def test_staff_hides_a_review_with_a_reason_and_the_rating_follows(paid):
    review = write(paid, paid.client)
    write(paid, paid.freelancer)
    with paid.unit(paid.client) as uow, pytest.raises(NotAllowed):
        service.hide(uow, review=review, reason="I changed my mind")
    with paid.unit(paid.actor(paid.client, staff=["moderator"])) as uow:
        service.hide(uow, review=review, reason="It names a system.")
        uow.commit()
    assert shown(paid) == ([], [5])
    assert rating(paid) == (0, 0)


def test_staff_hide_no_review_about_themselves(paid):
    write(paid, paid.client)
    review = write(paid, paid.freelancer)  # about the client's organisation
    with paid.unit(paid.actor(paid.client, staff=["moderator"])) as uow, pytest.raises(NotAllowed, match="themselves"):
        service.hide(uow, review=review, reason="I do not like it.")


def test_profiles_and_client_pages_hear_of_shown_reviews(paid):
    write(paid, paid.client)
    write(paid, paid.freelancer)
    clock = paid.house.clock
    with paid.house.database.reading() as session:
        (of_freelancer,) = ReviewsOfFreelancers(clock).about(session, paid.freelancer, "en", 5)
        (of_client,) = ReviewsOfClients(clock).about(session, paid.organisation, "en", 5)
    assert (of_freelancer.author, of_client.author) == ("Sambre Santé", "Tomasz Wiśniewski")


def test_figures_tell_how_long_a_client_takes_to_pay(paid):
    with paid.house.database.reading() as session:
        assert FiguresOfClients().of(session, paid.organisation).pay_days == 0.0
        assert RecordsOfPeople().of(session, paid.freelancer).contracts == 1


def test_a_review_that_was_hidden_before_its_day_is_told_to_nobody(paid):
    review = write(paid, paid.client, rating=1)
    with paid.unit(paid.actor(paid.client, staff=["moderator"])) as uow:
        service.hide(uow, review=review, reason="It names a system.")
        uow.commit()
    paid.move(days=15)
    run_job(paid)
    with paid.house.database.reading() as session:
        assert session.scalars(select(EventRow.name).where(EventRow.name == "review.shown")).all() == []


def test_however_few_are_asked_for_reviews_of_unnamed_missions_take_no_place(paid):
    write(paid, paid.freelancer, rating=5)
    paid.move(days=1)
    with paid.unit() as uow:
        old = uow.session.get_one(Mission, paid.mission)
        values = {c.key: getattr(old, c.key) for c in Mission.__mapper__.column_attrs}
        values |= {"id": new_id(), "named": False, "public_name": "A hospital"}
        uow.session.add(Mission(**values))
        uow.commit()
    paid.mission = values["id"]
    paid.signed(100_000)
    paid.fund()
    paid.deliver()
    paid.answer(paid.take("approve", paid.client).command)
    write(paid, paid.freelancer, rating=4)
    paid.move(days=20)
    with paid.house.database.reading() as session:
        about = ReviewsOfClients(paid.house.clock).about(session, paid.organisation, "en", 1)
    assert [r.rating for r in about] == [5]
