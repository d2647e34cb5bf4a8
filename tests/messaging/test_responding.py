"""How people answer clients who write first: counted, kept with their profiles, without a look at what was written."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from marketwright.features.messaging import service as messaging
from marketwright.features.messaging.responding import count_answers
from marketwright.features.messaging.tables import Thread
from marketwright.features.profiles.tables import Profile
from marketwright.kernel.actors import Actor


@pytest.fixture
def stage(scene):
    with scene.unit("freelancer") as uow:
        messaging.open_thread(
            uow, mission=scene.mission, freelancer=scene.people["freelancer"], kind="question", text="When is it?"
        )
        uow.commit()
    return scene


def count(house):
    from marketwright.kernel.actors import system

    with house.database.unit(system("tests")) as uow:
        changed = count_answers(uow)
        uow.commit()
    return changed


def figures(house, account):
    with house.database.reading() as session:
        return tuple(session.execute(
            select(Profile.asked, Profile.answered, Profile.answer_hours).where(Profile.id == account)
        ).one())  # fmt: skip


def thread_of(stage, *, opened_by, hours_ago, answered_after=None):
    """Make the conversation of the stage one that ``opened_by`` began so many hours ago."""
    from marketwright.kernel.actors import system

    with stage.house.database.unit(system("tests")) as uow:
        opened = uow.now - timedelta(hours=hours_ago)
        answer = None if answered_after is None else opened + timedelta(hours=answered_after)
        uow.session.execute(update(Thread).values(opened_by=opened_by, opened_at=opened, first_answer_at=answer))
        uow.commit()


@pytest.mark.parametrize(("hours_ago", "after", "kept"), [
    (100, 5.2, (1, 1, 6)), (100, None, (1, 0, None)), (10, None, (0, 0, None)), (24 * 400, 5, (0, 0, None)),
])  # fmt: skip
def test_a_first_message_of_a_client_counts_once_it_is_answered_or_three_days_old(stage, hours_ago, after, kept):
    thread_of(stage, opened_by=stage.people["owner"], hours_ago=hours_ago, answered_after=after)
    count(stage.house)
    assert figures(stage.house, stage.people["freelancer"]) == kept


def test_what_the_freelancer_began_is_no_question_to_them(stage):
    thread_of(stage, opened_by=stage.people["freelancer"], hours_ago=100)
    assert count(stage.house) == 0


def test_counted_again_nothing_changes_and_what_is_over_a_year_ago_is_forgotten(stage):
    thread_of(stage, opened_by=stage.people["owner"], hours_ago=100, answered_after=3)
    assert (count(stage.house), count(stage.house)) == (1, 0)
    thread_of(stage, opened_by=stage.people["owner"], hours_ago=24 * 400, answered_after=3)
    count(stage.house)
    assert figures(stage.house, stage.people["freelancer"]) == (0, 0, None)


def test_a_no_is_an_answer(stage):
    thread_of(stage, opened_by=stage.people["owner"], hours_ago=100)
    with stage.house.database.unit(Actor(kind="person", id=stage.people["freelancer"], is_freelancer=True)) as uow:
        thread = uow.session.scalar(select(Thread.id))
        messaging.decline(uow, thread=thread, reason="I am away in June.")
        uow.commit()
    count(stage.house)
    assert figures(stage.house, stage.people["freelancer"])[:2] == (1, 1)
