"""What a no holds, who hears of what follows in a conversation, and what counts as answered and read."""

import pytest
from sqlalchemy import delete

from marketwright.features.accounts.tables import Membership
from marketwright.features.messaging import queries, service
from marketwright.features.messaging.tables import Thread
from marketwright.kernel.errors import Conflict
from marketwright.store.tables import EventRow


def row(scene, thread):
    with scene.house.database.reading() as session:
        return queries.thread(session, thread)


def say_no(scene, thread, by):
    with scene.unit(by) as uow:
        service.decline(uow, thread=thread, reason="Not for us.")
        uow.commit()


def told(scene, name):
    with scene.house.database.reading() as session:
        return session.query(EventRow).filter_by(name=name).count()


def test_a_freelancer_who_said_no_is_not_invited_into_the_conversation_again(scene):
    thread = scene.talk()
    say_no(scene, thread, "freelancer")
    with pytest.raises(Conflict, match="has ended this conversation"):
        scene.talk("invitation")
    assert told(scene, "mission.invited") == 0


def test_who_asked_and_was_refused_does_not_open_the_conversation_by_applying(scene):
    thread = scene.talk("question")
    say_no(scene, thread, "owner")
    with pytest.raises(Conflict, match="has ended this conversation"):
        scene.talk("application")
    assert row(scene, thread).state == "declined"


def test_who_said_no_takes_it_up_again_by_applying(scene):
    thread = scene.talk("question")
    say_no(scene, thread, "freelancer")
    scene.talk("application")
    assert row(scene, thread).state == "open"


def test_an_invitation_into_a_conversation_is_told_as_a_message(scene):
    scene.talk("question")
    scene.talk("invitation")
    scene.talk("invitation")
    assert told(scene, "message.posted") == 2


@pytest.mark.plugins("commission")
def test_with_an_open_proposal_nobody_ends_the_conversation(scene):
    thread = scene.talk()
    scene.propose(thread=thread)
    with pytest.raises(Conflict, match="open or accepted"):
        say_no(scene, thread, "owner")


@pytest.mark.plugins("commission")
def test_after_a_contract_was_drawn_up_nobody_ends_the_conversation(scene):
    thread = scene.talk()
    scene.accept(scene.propose(thread=thread))
    with pytest.raises(Conflict, match="open or accepted"):
        say_no(scene, thread, "freelancer")


@pytest.mark.plugins("commission")
def test_who_proposes_in_a_conversation_that_they_ended_takes_it_up_again(scene):
    thread = scene.talk()
    say_no(scene, thread, "freelancer")
    scene.propose(thread=thread)
    assert row(scene, thread).state == "open"


def test_answers_to_questions_that_the_mission_does_not_ask_are_refused(scene):
    with pytest.raises(Conflict, match="questions have changed"):
        scene.talk(mission=scene.publish(questions=["In a hospital?"]), answers=[("Done before?", "Yes.")])


def test_a_clients_second_message_is_no_answer_though_its_writer_has_left(scene):
    thread = scene.talk("invitation")
    with scene.unit() as uow:
        uow.session.execute(delete(Membership).where(Membership.account_id == scene.people["owner"]))
        uow.commit()
    scene.say(thread, "Are you there?", by="buyer")
    with scene.house.database.reading() as session:
        assert session.get(Thread, thread).first_answer_at is None


def test_a_message_that_was_not_shown_stays_unread(scene):
    thread = scene.talk()
    with scene.house.database.reading() as session:
        shown = queries.messages(session, thread)[-1].at
    scene.say(thread, "One more", by="freelancer")
    with scene.unit("owner") as uow:
        service.mark_read(uow, thread=thread, until=shown)
        uow.commit()
    with scene.house.database.reading() as session:
        assert queries.unread(session, scene.people["owner"]) == 1
