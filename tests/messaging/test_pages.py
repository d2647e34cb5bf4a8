"""The inbox, a conversation and its beginnings, as people see them."""

from io import BytesIO

import pytest
from sqlalchemy import update

from marketwright.features.messaging import queries
from marketwright.features.missions.tables import Mission
from marketwright.features.relations.service import count_contract


@pytest.fixture
def page(browse, scene):
    """Somebody of the scene, signed in."""
    return lambda part: browse(scene.people[part])


def last_text(scene, thread):
    with scene.house.database.reading() as session:
        return queries.messages(session, thread)[-1].text


def test_an_empty_inbox_says_what_brings_the_first_conversation(page):
    assert "Find a mission" in page("freelancer").get("/inbox").text
    assert "Find a freelancer" in page("owner").get("/inbox").text


def test_the_inbox_tells_what_is_unread_and_reading_it_clears_it(page, scene):
    thread = scene.talk()
    owner = page("owner")
    assert "One unread message." in owner.get("/inbox").text
    assert "Good morning" in owner.get(f"/threads/{thread}").text
    assert "Everything is read." in owner.get("/inbox").text


@pytest.mark.parametrize("who", ["stranger", "other"])
def test_a_conversation_is_unknown_to_strangers(page, scene, who):
    assert page(who).get(f"/threads/{scene.talk()}").status_code == 404


def test_an_application_answers_the_missions_questions(page, scene):
    mission = scene.publish(questions=["Have you done this before?"])
    visitor = page("freelancer")
    assert "Have you done this before?" in visitor.get(f"/missions/{mission}/apply").text
    refused = visitor.post(f"/missions/{mission}/apply", {"text": "I would like to help."})
    assert refused.status_code == 422
    assert "I would like to help." in refused.text
    sent = visitor.post(f"/missions/{mission}/apply", {"text": "I would like to help.", "answer_1": "Eleven times."})
    assert sent.status_code == 303
    assert "Eleven times." in page("owner").get(sent.location).text


@pytest.mark.plugins("evidence")
@pytest.mark.settings(gates={"contact": ("documents",)})
def test_before_a_closed_gate_the_page_says_what_is_missing_and_keeps_what_was_typed(page, scene):
    visitor, address = page("freelancer"), f"/missions/{scene.mission}/apply"
    assert 'href="/me/checks/documents"' in visitor.get(address).text
    assert "Asked for" in visitor.get("/me").text
    refused = visitor.post(address, {"text": "I would like to help."})
    assert refused.status_code == 422
    assert "I would like to help." in refused.text
    assert "something is still missing" in refused.text


def test_who_applied_already_comes_to_the_conversation(page, scene):
    thread = scene.talk()
    assert page("freelancer").get(f"/missions/{scene.mission}/apply").location.endswith(f"/threads/{thread}")


def test_a_question_opens_a_conversation(page, scene):
    sent = page("freelancer").post(f"/missions/{scene.mission}/ask", {"text": "Is there a test system?"})
    assert sent.status_code == 303


def test_an_invitation_is_to_one_of_ones_own_missions(page, scene):
    owner, person = page("owner"), scene.people["freelancer"]
    assert "Internal review" in owner.get(f"/freelancers/{person}/invite").text
    refused = owner.post(f"/freelancers/{person}/invite", {"mission": "z" * 16, "text": "Please have a look."})
    assert refused.status_code == 422
    assert "Please have a look." in refused.text
    sent = owner.post(f"/freelancers/{person}/invite", {"mission": scene.mission, "text": "Please have a look."})
    assert "Please have a look." in page("freelancer").get(sent.location).text


def test_contact_details_are_pointed_out_and_nothing_is_sent_yet(page, scene):
    thread = scene.talk()
    text = "Call me on 06 12 34 56 78\nplease"
    answer = page("owner").post(f"/threads/{thread}", {"text": text})
    assert answer.status_code == 200
    assert "This looks like contact details" in answer.text
    assert "<q>06 12 34 56 78</q>" in answer.text
    assert text in answer.text
    assert last_text(scene, thread) == "Good morning"


def test_contact_details_are_sent_as_they_are_when_the_writer_says_so(page, scene):
    thread = scene.talk()
    text = "Call me on 06 12 34 56 78\nplease"
    assert page("owner").post(f"/threads/{thread}", {"text": text, "as_is": "1"}).status_code == 303
    assert last_text(scene, thread) == text


def test_a_meeting_link_goes_straight_through(page, scene):
    thread = scene.talk()
    assert page("owner").post(f"/threads/{thread}", {"text": "https://meet.google.com/abc-defg-hij"}).status_code == 303


def test_after_a_first_contract_nobody_is_asked(page, scene):
    thread = scene.talk()
    with scene.unit() as uow:
        count_contract(uow, organisation=scene.organisation, freelancer=scene.people["freelancer"], work=1)
        uow.commit()
    assert page("owner").post(f"/threads/{thread}", {"text": "Call 06 12 34 56 78"}).status_code == 303


def test_a_file_survives_the_question_about_contact_details(page, scene):
    thread = scene.talk()
    owner = page("owner")
    upload = {"text": "a@exemple.fr", "files": (BytesIO(b"the plan"), "plan.txt")}
    asked = owner.post(f"/threads/{thread}", upload, content_type="multipart/form-data")
    assert "plan.txt" in asked.text
    kept = asked.text.split('name="kept" value="')[1].split('"')[0]
    owner.post(f"/threads/{thread}", {"text": "a@exemple.fr", "as_is": "1", "kept": kept})
    assert page("freelancer").get(f"/files/{kept}").data == b"the plan"
    assert page("stranger").get(f"/files/{kept}").status_code == 404


def test_a_refused_file_says_why_and_keeps_the_text(page, scene):
    thread = scene.talk()
    upload = {"text": "here it is", "files": (BytesIO(b"<svg onload=alert(1)>"), "x.svg")}
    answer = page("owner").post(f"/threads/{thread}", upload, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "here it is" in answer.text


def test_an_empty_message_is_refused_at_its_field(page, scene):
    answer = page("owner").post(f"/threads/{scene.talk()}", {"text": " "})
    assert answer.status_code == 422
    assert "Please write something." in answer.text


def test_what_people_write_is_never_markup(page, scene):
    thread = scene.talk()
    scene.say(thread, "<script>alert(1)</script> https://example.org/a?b=1&c=2.")
    text = page("freelancer").get(f"/threads/{thread}").text
    assert "<script>alert(1)" not in text
    assert '<a href="https://example.org/a?b=1&amp;c=2"' in text


def test_saying_no_needs_a_reason_and_shows_it(page, scene):
    thread = scene.talk()
    owner = page("owner")
    assert owner.post(f"/threads/{thread}/decline", {"reason": ""}).status_code == 422
    owner.post(f"/threads/{thread}/decline", {"reason": "We found somebody."})
    assert "We found somebody." in page("freelancer").get(f"/threads/{thread}").text


def test_finance_reads_without_a_form(page, scene):
    text = page("finance").get(f"/threads/{scene.talk()}").text
    assert "You may read this conversation" in text
    assert "<textarea" not in text


def test_an_unnamed_client_is_not_named_to_the_freelancer(page, scene):
    thread = scene.talk("invitation", mission=scene.publish(named=False))
    for path in (f"/threads/{thread}", "/inbox"):
        text = page("freelancer").get(path).text
        assert "Sambre" not in text
        assert "hospital group, 400 people" in text


def test_the_page_of_a_client_opens_to_who_talks_with_it_once_they_know_its_name(page, scene):
    thread = scene.talk("invitation")
    with scene.unit() as uow:
        uow.session.execute(update(Mission).values(named=False))
        uow.commit()
    reader, path = page("freelancer"), f"/clients/{scene.organisation}"
    assert reader.get(path).status_code == 404
    with scene.unit() as uow:
        count_contract(uow, organisation=scene.organisation, freelancer=scene.people["freelancer"], work=1)
        uow.commit()
    assert f'href="{path}"' in reader.get(f"/threads/{thread}").text
    assert reader.get(path).status_code == 200
    assert page("other").get(path).status_code == 404


def test_a_mission_for_invited_people_is_not_found_by_others(page, scene):
    mission = scene.publish(visibility="invited")
    assert page("freelancer").get(f"/missions/{mission}/apply").status_code == 404


@pytest.mark.plugins("commission")
@pytest.mark.parametrize(("who", "says"), [
    ("owner", "Proposal: your turn"), ("freelancer", "Proposal: their turn"),
    ("finance", "Proposal: your colleagues’ turn"),
])  # fmt: skip
def test_the_head_of_a_conversation_says_whose_turn_it_is(page, scene, who, says):
    thread = scene.talk()
    scene.propose(thread=thread)
    assert says in page(who).get(f"/threads/{thread}").text
    assert says in page(who).get("/inbox").text


@pytest.mark.plugins("commission")
def test_the_head_of_a_conversation_says_that_a_proposal_was_accepted(page, scene):
    thread = scene.talk()
    scene.accept(scene.propose(thread=thread))
    text = page("freelancer").get(f"/threads/{thread}").text
    assert "Proposal accepted" in text
    assert "Applied" not in text


def test_a_question_left_open_is_named_without_a_second_mark(page, scene):
    mission = scene.publish(questions=["Why you?"])
    text = page("freelancer").post(f"/missions/{mission}/apply", {"text": "Good morning", "answer_1": ""}).text
    assert "Why you? Please fill this in." in text
    assert "Why you?:" not in text
