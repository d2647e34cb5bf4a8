"""Nothing that was typed is lost where it could not be sent, and nobody answers what they have not read."""

import pytest
from sqlalchemy import update

from marketwright.features.messaging import queries, service
from marketwright.features.missions.tables import Mission, Question

WORDS = "Three careful paragraphs."


@pytest.fixture
def page(browse, scene):
    """Somebody of the scene, signed in."""
    return lambda part: browse(scene.people[part])


def change(scene, statement):
    with scene.unit() as uow:
        uow.session.execute(statement)
        uow.commit()


def test_an_application_to_a_mission_that_has_ended_meanwhile_is_shown_again(page, scene):
    change(scene, update(Mission).values(state="closed", close_reason="over"))
    answer = page("freelancer").post(f"/missions/{scene.mission}/apply", {"text": WORDS})
    assert answer.status_code == 422
    assert WORDS in answer.text
    assert "takes nobody any more" in answer.text


def test_a_message_into_an_ended_conversation_is_shown_again(page, scene):
    thread = scene.talk()
    with scene.unit("freelancer") as uow:
        service.decline(uow, thread=thread, reason="Not for me.")
        uow.commit()
    answer = page("owner").post(f"/threads/{thread}", {"text": WORDS})
    assert answer.status_code == 422
    assert WORDS in answer.text
    assert "The other side has ended this conversation." in answer.text


@pytest.mark.plugins("commission")
def test_a_no_that_comes_too_late_is_shown_again(page, scene):
    thread = scene.talk()
    scene.propose(thread=thread)
    answer = page("owner").post(f"/threads/{thread}/decline", {"reason": WORDS})
    assert answer.status_code == 422
    assert WORDS in answer.text
    assert "so it stays open" in answer.text


def test_an_answer_to_a_question_that_has_changed_is_not_filed_under_the_new_one(page, scene):
    mission = scene.publish(questions=["Done this before?", "In a hospital?"])
    change(scene, update(Question).where(Question.number == 1).values(text="Ever convicted of fraud?"))
    typed = {"text": "Hello", "question_1": "Done this before?", "answer_1": "Yes, since 2019.",
             "question_2": "In a hospital?", "answer_2": "In two."}  # fmt: skip
    answer = page("freelancer").post(f"/missions/{mission}/apply", typed)
    assert answer.status_code == 422
    assert "The questions have changed while you were writing." in answer.text
    assert "Done this before?\nYes, since 2019.</textarea>" in answer.text
    assert "In two.</textarea>" in answer.text
    with scene.house.database.reading() as session:
        assert queries.thread_of(session, mission, scene.people["freelancer"]) is None


def test_the_form_says_which_questions_it_asks(page, scene):
    mission = scene.publish(questions=["Why you?"])
    assert '<input type="hidden" name="question_1" value="Why you?">' in page("freelancer").get(
        f"/missions/{mission}/apply"
    ).text
