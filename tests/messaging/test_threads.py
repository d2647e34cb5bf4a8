"""Who may begin a conversation, write in it, end it; what is unread for whom."""

import pytest
from sqlalchemy.exc import IntegrityError

from marketwright.features.accounts.ports import Gate
from marketwright.features.files import service as files
from marketwright.features.messaging import queries, service
from marketwright.features.messaging.answers import Conversations, client_answers, freelancer_answer_hours
from marketwright.features.messaging.tables import Thread
from marketwright.features.missions.queries import is_invited
from marketwright.features.relations.service import set_linked
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, Missing, NotAllowed, NotFound
from marketwright.kernel.money import Money
from marketwright.store.tables import EventRow

pytestmark = pytest.mark.either_engine


def read(scene, question, *arguments):
    with scene.house.database.reading() as session:
        return question(session, *arguments)


def events(scene):
    with scene.house.database.reading() as session:
        return [e.name for e in session.query(EventRow).order_by(EventRow.at) if e.name.startswith(("thread", "mess"))]


@pytest.mark.both_engines
def test_an_application_opens_a_thread_with_the_answers(scene):
    mission = scene.publish(questions=["Done before?"])
    thread = scene.talk(mission=mission, answers=[("Done before?", "Yes.")])
    (message,) = read(scene, queries.messages, thread)
    assert message.answers == (("Done before?", "Yes."),)
    assert read(scene, queries.thread, thread).kind == "application"
    assert events(scene) == ["thread.opened", "thread.applied"]


@pytest.mark.both_engines
def test_a_mission_and_a_freelancer_have_one_thread(scene):
    thread = scene.talk("question")
    assert scene.talk("application") == thread
    assert read(scene, queries.thread, thread).kind == "application"


def test_nobody_applies_twice(scene):
    scene.talk()
    with pytest.raises(Conflict, match="already"):
        scene.talk()


def test_an_invitation_opens_the_mission_to_the_invited(scene):
    mission = scene.publish(visibility="invited")
    with pytest.raises(NotFound):
        scene.talk(mission=mission)
    scene.talk("invitation", mission=mission)
    assert read(scene, is_invited, mission, scene.people["freelancer"])


@pytest.mark.parametrize("state", ["paused", "filled", "closed"])
def test_a_mission_that_takes_nobody_says_so(scene, state):
    with pytest.raises(Conflict):
        scene.talk(mission=scene.publish(state=state))


def test_a_draft_is_unknown_to_freelancers(scene):
    with pytest.raises(NotFound):
        scene.talk(mission=scene.publish(state="draft"))


def test_nobody_applies_for_somebody_else(scene):
    with scene.unit("other") as uow, pytest.raises(NotAllowed):
        service.open_thread(
            uow, mission=scene.mission, freelancer=scene.people["freelancer"], kind="application", text="Hello"
        )


@pytest.mark.parametrize(("by", "refusal"), [("stranger", NotFound), ("finance", NotAllowed), ("approver", NotAllowed)])
def test_only_owners_and_buyers_invite(scene, by, refusal):
    with scene.unit(by) as uow, pytest.raises(refusal):
        service.open_thread(
            uow, mission=scene.mission, freelancer=scene.people["other"], kind="invitation", text="Hello"
        )


@pytest.mark.both_engines
def test_people_who_are_linked_do_not_apply(scene):
    with scene.unit() as uow:
        set_linked(
            uow, organisation=scene.organisation, freelancer=scene.people["freelancer"], linked=True, reason="family"
        )
        uow.commit()
    with pytest.raises(NotAllowed):
        scene.talk()


def test_the_gate_contact_is_asked(scene):
    class Shut:
        def missing(self, session, gate, subject_kind, subject_id):
            return (Missing("cv", f"{gate} {subject_kind}"),) if gate == "contact" else ()

    scene.house.ports.fill(Gate, Shut())
    with pytest.raises(GateClosed, match="contact freelancer"):
        scene.talk()


def test_strangers_find_no_conversation(scene):
    thread = scene.talk()
    with pytest.raises(NotFound):
        scene.say(thread, "Hello", by="stranger")
    with pytest.raises(NotFound):
        scene.say(thread, "Hello", by="other")


def test_finance_reads_and_does_not_write(scene):
    thread = scene.talk()
    with pytest.raises(NotAllowed):
        scene.say(thread, "Hello", by="finance")


@pytest.mark.parametrize("text", ["", "   ", "x" * 8001])
def test_an_empty_or_endless_message_is_refused_at_its_field(scene, text):
    thread = scene.talk()
    with pytest.raises(InvalidInput) as refused:
        scene.say(thread, text)
    assert list(refused.value.errors) == ["text"]


def test_the_text_is_kept_as_it_was_written(scene):
    thread = scene.talk()
    text = "Call 06 12 34 56 78\n\n  <b>or</b> claire@exemple.fr"
    scene.say(thread, text)
    assert read(scene, queries.messages, thread)[-1].text == text


def test_what_the_other_side_wrote_is_unread_until_it_is_read(scene):
    thread = scene.talk()
    owner, freelancer = scene.people["owner"], scene.people["freelancer"]
    assert [read(scene, queries.unread, who) for who in (owner, freelancer)] == [1, 0]
    with scene.unit("owner") as uow:
        service.mark_read(uow, thread=thread)
        uow.commit()
    assert read(scene, queries.unread, owner) == 0
    scene.say(thread, "Thank you")
    assert [read(scene, queries.unread, who) for who in (owner, freelancer)] == [0, 1]


def test_each_member_of_a_client_reads_for_themselves(scene):
    thread = scene.talk()
    with scene.unit("owner") as uow:
        service.mark_read(uow, thread=thread)
        uow.commit()
    assert read(scene, queries.unread, scene.people["buyer"]) == 1


def test_the_inbox_shows_unread_threads_first_then_the_newest(scene):
    first = scene.talk()
    second = scene.talk(by="other")
    with scene.unit("owner") as uow:
        service.mark_read(uow, thread=second)
        uow.commit()
    rows = read(scene, queries.inbox, scene.people["owner"])
    assert [(r.thread.id, r.unread) for r in rows] == [(first, 1), (second, 0)]


def test_a_stranger_has_an_empty_inbox(scene):
    scene.talk()
    assert read(scene, queries.inbox, scene.people["stranger"]) == []


def test_declining_needs_a_reason_and_ends_the_conversation(scene):
    thread = scene.talk()
    with scene.unit("owner") as uow:
        with pytest.raises(InvalidInput):
            service.decline(uow, thread=thread, reason=" ")
        service.decline(uow, thread=thread, reason="We need somebody on site.")
        uow.commit()
    with pytest.raises(Conflict):
        scene.say(thread, "But I live next door", by="freelancer")
    assert read(scene, queries.thread, thread).decline_reason == "We need somebody on site."


@pytest.mark.both_engines
def test_who_declined_may_take_it_up_again(scene):
    thread = scene.talk()
    with scene.unit("owner") as uow:
        service.decline(uow, thread=thread, reason="Too early.")
        uow.commit()
    scene.say(thread, "We think again.")
    assert read(scene, queries.thread, thread).is_open


def test_what_happened_stands_between_the_messages(scene):
    thread = scene.talk()
    with scene.unit("freelancer") as uow:
        service.note(uow, thread=thread, side="freelancer", text="%(who)s offers %(price)s.", price=Money(100, "EUR"))
        uow.commit()
    event = read(scene, queries.messages, thread)[-1]
    assert (event.kind, event.params) == ("event", {"price": [100, "EUR"]})


@pytest.mark.both_engines
def test_a_file_is_read_by_both_sides_and_nobody_else(scene):
    thread = scene.talk()
    with scene.unit("freelancer") as uow:
        file = files.store(
            uow, data=b"notes", name="notes.txt", purpose="message", owner_kind="account",
            owner_id=scene.people["freelancer"],
        )  # fmt: skip
        service.post(uow, thread=thread, text="", files=[file])
        uow.commit()
    with scene.house.database.reading() as session:
        row = files_row(session, file)
        readers = {p for p, id_ in scene.people.items() if queries.may_read_file(session, id_, row)}
    assert readers == {"owner", "buyer", "approver", "finance", "freelancer"}


def files_row(session, file):
    from marketwright.features.files.queries import file as find

    return find(session, file)


def test_nobody_sends_a_file_of_somebody_else(scene):
    thread = scene.talk()
    with scene.unit("other") as uow:
        file = files.store(
            uow, data=b"secret", name="s.txt", purpose="message", owner_kind="account", owner_id=scene.people["other"]
        )
        uow.commit()
    with scene.unit("freelancer") as uow, pytest.raises(NotFound):
        service.post(uow, thread=thread, text="look", files=[file])


def test_an_unnamed_client_stays_unnamed_until_there_is_a_contract(scene):
    thread = read(scene, queries.thread, scene.talk(mission=scene.publish(named=False)))
    assert thread.client("fr") == "un groupe hospitalier, 400 personnes"
    assert thread.client("en", to_client=True) == "Sambre Santé"


@pytest.mark.both_engines
def test_the_database_keeps_one_thread_a_pair(scene):
    thread = scene.talk()
    with scene.unit() as uow:
        row = uow.session.get(Thread, thread)
        values = {c.name: getattr(row, c.name) for c in Thread.__table__.columns} | {"id": "z" * 16}
        uow.session.add(Thread(**values))
        with pytest.raises(IntegrityError):
            uow.flush()


def test_figures_of_a_client_count_what_freelancers_began(scene):
    assert read(scene, client_answers, scene.organisation) == (None, None)
    thread = scene.talk()
    scene.talk(by="other")
    scene.move(days=2)
    scene.say(thread, "Welcome")
    share, days = read(scene, client_answers, scene.organisation)
    assert (share, days) == (0.5, 2.0)


def test_figures_of_a_freelancer_count_invitations(scene):
    thread = scene.talk("invitation")
    scene.move(hours=3)
    scene.say(thread, "Gladly", by="freelancer")
    assert read(scene, freelancer_answer_hours, scene.people["freelancer"]) == 3.0


def test_missions_and_profiles_hear_who_talks(scene):
    talks = Conversations()
    thread = scene.talk()
    with scene.house.database.reading() as session:
        assert talks.thread(session, scene.mission, scene.people["freelancer"]) == thread
        assert talks.counts(session, [scene.mission]) == {scene.mission: 1}
        assert talks.knows(session, [scene.organisation], scene.people["freelancer"])
        assert not talks.knows(session, [scene.organisation], scene.people["other"])
