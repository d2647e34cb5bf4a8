"""What stands of an erased person where others wrote with them."""

import pytest
from sqlalchemy import select

from marketwright.features.messaging import queries, service
from marketwright.features.messaging.forgetting import forget
from marketwright.features.messaging.tables import Thread
from marketwright.features.missions.tables import MissionInvitation
from marketwright.features.notifications.forgetting import forget as forget_mails
from marketwright.features.notifications.tables import Mail

pytestmark = pytest.mark.either_engine


def forgotten(scene, part):
    with scene.unit() as uow:
        forget(uow, account=scene.people[part], instead="Deleted with the account.")
        forget_mails(uow, account=scene.people[part], address=f"{part}@example.org")
        uow.commit()


def say_no(scene, thread, by):
    with scene.unit(by) as uow:
        service.decline(uow, thread=thread, reason="I am ill.")
        uow.commit()


@pytest.mark.both_engines
def test_the_note_of_an_invitation_goes_with_who_wrote_it(scene):
    scene.talk("invitation", text="I am Zara.")
    forgotten(scene, "owner")
    with scene.house.database.reading() as session:
        assert session.scalars(select(MissionInvitation.note)).all() == [""]


@pytest.mark.both_engines
def test_an_invitation_goes_with_who_was_invited(scene):
    scene.talk("invitation")
    forgotten(scene, "freelancer")
    with scene.house.database.reading() as session:
        assert session.scalars(select(MissionInvitation)).all() == []


@pytest.mark.both_engines
def test_the_name_goes_from_lines_of_what_happened(scene):
    thread = scene.talk()
    say_no(scene, thread, "freelancer")
    forgotten(scene, "freelancer")
    with scene.house.database.reading() as session:
        assert queries.messages(session, thread)[-1].params == {"who": ""}


def test_the_reason_goes_of_a_client_who_said_no(scene):
    thread = scene.talk()
    say_no(scene, thread, "owner")
    forgotten(scene, "owner")
    with scene.house.database.reading() as session:
        assert session.get(Thread, thread).decline_reason == ""


def test_the_reason_of_the_other_side_stays(scene):
    thread = scene.talk()
    say_no(scene, thread, "owner")
    forgotten(scene, "freelancer")
    with scene.house.database.reading() as session:
        assert session.get(Thread, thread).decline_reason == "I am ill."


def test_mails_to_others_about_what_was_written_go(app, scene):
    thread = scene.talk()
    say_no(scene, thread, "freelancer")
    with app.app_context():
        scene.house.worker.drain()
    forgotten(scene, "freelancer")
    with scene.house.database.reading() as session:
        assert "thread.declined" not in session.scalars(select(Mail.kind)).all()
