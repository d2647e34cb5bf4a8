"""Whose offer stands: who takes it back, who leaves it, who confirms it, and what is left once a mission has ended."""

import pytest
from sqlalchemy import update

from marketwright.features.messaging import queries as threads
from marketwright.features.missions.tables import Mission
from marketwright.features.proposals import queries, service
from marketwright.features.proposals.offers import OfferLine
from marketwright.kernel.errors import Conflict

MORE = OfferLine("Test", 900_000)
WORDS = "Three careful paragraphs."


@pytest.fixture
def page(browse, scene):
    """Somebody of the scene, signed in."""
    return lambda part: browse(scene.people[part])


def withdraw(scene, proposal, by):
    with scene.unit(by) as uow:
        service.withdraw(uow, proposal=proposal)
        uow.commit()


def last_words(scene, proposal):
    with scene.house.database.reading() as session:
        thread = queries.proposal(session, proposal).thread
        return threads.messages(session, thread)[-1].text


def offered_above_a_limit(scene):
    """The buyer answers with 9,000.00 and the freelancer says yes."""
    proposal = scene.propose()
    scene.counter(proposal, MORE, by="buyer")
    scene.accept(proposal, MORE, by="freelancer", round_number=2)
    return proposal


def end_mission(scene):
    with scene.unit() as uow:
        uow.session.execute(update(Mission).values(state="closed", close_reason="over"))
        uow.commit()


def test_a_client_takes_its_own_offer_back_while_a_colleague_is_to_confirm_it(scene):
    proposal = offered_above_a_limit(scene)
    withdraw(scene, proposal, "buyer")
    assert last_words(scene, proposal) == "%(who)s took back the offer of %(price)s."


def test_a_client_does_not_take_back_the_other_sides_offer(scene):
    with pytest.raises(Conflict, match="not yours"):
        withdraw(scene, scene.propose(), "buyer")


def test_who_leaves_the_other_sides_offer_has_not_taken_it_back(scene):
    proposal = scene.propose()
    scene.counter(proposal, OfferLine("Test", 350_000))
    withdraw(scene, proposal, "freelancer")
    assert last_words(scene, proposal).startswith("%(who)s ended the {proposal}.")


def test_a_colleague_who_says_no_does_not_confirm_it(scene):
    proposal = offered_above_a_limit(scene)
    with scene.unit("owner") as uow:
        service.decline(uow, proposal=proposal, reason="Too dear.")
        uow.commit()
    assert last_words(scene, proposal) == "%(who)s does not confirm the offer of %(price)s."


def test_the_client_reads_its_own_offer_as_its_own(page, scene):
    proposal = offered_above_a_limit(scene)
    text = page("owner").get(f"/proposals/{proposal}").text
    assert "offer waits for a colleague" in text
    assert "Freelancer offers" not in text
    assert "Take the offer back" in text


def test_the_freelancer_reads_that_a_colleague_confirms_what_they_accepted(page, scene):
    text = page("freelancer").get(f"/proposals/{offered_above_a_limit(scene)}").text
    assert "You accepted €9,000.00 before tax." in text
    assert "Your side offers" not in text


def test_a_proposal_to_an_ended_mission_is_declined_or_taken_back_alone(page, scene):
    proposal = scene.propose()
    end_mission(scene)
    text = page("owner").get(f"/proposals/{proposal}").text
    assert "This mission takes nobody any more" in text
    assert "Decline, with a reason" in text
    assert f"/proposals/{proposal}/accept" not in text
    assert "Your counter-offer" not in text


def test_the_list_says_that_the_mission_has_ended(page, scene):
    scene.propose()
    end_mission(scene)
    assert "The mission has ended" in page("freelancer").get("/me/proposals").text


def test_a_counter_offer_that_comes_too_late_is_shown_again(page, scene):
    proposal = scene.propose()
    end_mission(scene)
    typed = {"lines-0-title": "Test", "lines-0-amount": "3500", "valid_days": "14", "note": WORDS}
    answer = page("owner").post(f"/proposals/{proposal}/counter", typed)
    assert answer.status_code == 422
    assert WORDS in answer.text


def test_a_no_that_comes_too_late_is_shown_again(page, scene):
    proposal = scene.propose()
    withdraw(scene, proposal, "freelancer")
    answer = page("owner").post(f"/proposals/{proposal}/decline", {"reason": WORDS})
    assert answer.status_code == 422
    assert WORDS in answer.text
    assert "is closed." in answer.text


def test_a_first_offer_that_comes_too_late_is_shown_again(page, scene):
    end_mission(scene)
    typed = {"lines-0-title": "Test", "lines-0-amount": "3500", "valid_days": "14", "note": WORDS}
    answer = page("freelancer").post(f"/missions/{scene.mission}/propose", typed)
    assert answer.status_code == 422
    assert WORDS in answer.text
