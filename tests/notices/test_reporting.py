"""Reporting: without an account, of nothing that one may not see, once, with a receipt."""

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from marketwright.features.messaging.tables import Message
from marketwright.features.notices.tables import ContentNotice
from marketwright.kernel.ids import new_id
from marketwright.store.tables import AuditRow

from .conftest import SAID, VISITOR


def test_a_visitor_reports_a_profile_without_an_account_and_gets_a_receipt_by_mail(app, browse, desk, profile):
    visitor = browse()
    assert visitor.post(profile, VISITOR).location == "/report/received"
    assert desk.only().id in visitor.get("/report/received").text
    (mail,) = desk.mails(app, "zoe@example.com")
    assert desk.only().id in mail.subject


def test_the_receipt_carries_no_words_that_a_stranger_could_send_to_an_address(app, browse, desk, profile):
    browse().post(profile, VISITOR | {"explanation": "Buy pills at example.net", "name": "Buy pills"})
    (mail,) = desk.mails(app, "zoe@example.com")
    assert "pills" not in " ".join([mail.subject, *mail.body])


@pytest.mark.parametrize(("missing", "said"), [
    ("email", "This is not an e-mail address"), ("good_faith", "Please confirm this"),
    ("explanation", "Please say what is wrong"), ("category", "Please choose one of the list"),
])  # fmt: skip
def test_a_visitors_report_says_what_is_missing_and_keeps_what_was_typed(browse, desk, profile, missing, said):
    refused = browse().post(profile, VISITOR | {missing: ""})
    assert refused.status_code == 422
    assert said in refused.text
    assert "Zoé Lambert" in refused.text
    assert desk.notices() == []


def test_everything_that_is_missing_is_said_at_once(browse, desk, profile):
    said = browse().post(profile, {}).text
    for missing in ("Please choose one of the list", "Please say what is wrong", "e-mail address", "confirm this"):
        assert missing in said
    assert desk.notices() == []


def test_who_is_signed_in_is_asked_for_no_name_and_no_oath(page, profile):
    form = page("owner").get(profile).text
    assert 'name="email"' not in form
    assert 'name="good_faith"' not in form


def test_who_is_signed_in_finds_the_notice_among_their_own(page, profile, desk):
    page("owner").post(profile, {"category": "fake", "explanation": SAID})
    assert desk.only().id in page("owner").get("/me/reports").text
    assert desk.only().id not in page("buyer").get("/me/reports").text


def test_the_same_thing_is_reported_again_only_after_the_decision(page, profile, desk):
    owner, said = page("owner"), {"category": "fake", "explanation": SAID}
    owner.post(profile, said)
    assert "Your first report is being looked at" in owner.post(profile, said).text
    assert len(desk.notices()) == 1
    desk.decide("kept")
    assert owner.post(profile, said).status_code == 303


def test_the_database_itself_keeps_one_open_notice_of_a_reporter_about_a_thing(desk, page, profile):
    page("owner").post(profile, {"category": "fake", "explanation": SAID})
    row = desk.only()
    again = {c.key: getattr(row, c.key) for c in ContentNotice.__table__.columns} | {"id": new_id()}
    with desk.scene.unit() as uow, pytest.raises(IntegrityError):
        uow.session.execute(insert(ContentNotice).values(again))


@pytest.mark.parametrize("state", ["draft", "waiting"])
def test_a_mission_that_others_do_not_see_cannot_be_reported(browse, page, desk, state):
    path = f"/report/mission/{desk.scene.publish(state=state)}"
    assert {who.get(path).status_code for who in (browse(), page("freelancer"))} == {404}
    assert browse().post(path, VISITOR).status_code == 404
    assert desk.notices() == []


def test_a_mission_for_everybody_is_reported_by_a_visitor(browse, desk):
    assert browse().post(f"/report/mission/{desk.scene.mission}", VISITOR).status_code == 303
    assert "Three sites." in desk.only().seen


def test_nobody_reports_their_own(page, desk):
    assert page("freelancer").get(f"/report/profile/{desk.scene.people['freelancer']}").status_code == 404
    assert page("buyer").get(f"/report/mission/{desk.scene.mission}").status_code == 404


@pytest.mark.parametrize("who", ["stranger", "other"])
def test_a_message_is_reported_only_by_who_reads_it(page, desk, rude, who):
    path = f"/report/message/{rude[0]}"
    assert page(who).get(path).status_code == 404
    assert page(who).post(path, {"category": "hate", "explanation": "An insult."}).status_code == 404
    assert desk.notices() == []


def test_a_visitor_is_sent_to_sign_in_before_they_learn_of_a_message(browse, rude):
    assert "/sign-in" in browse().get(f"/report/message/{rude[0]}").location


def test_an_event_of_a_conversation_is_nothing_to_report(page, desk, rude):
    with desk.scene.unit() as uow:
        event = new_id()
        uow.session.add(Message(
            id=event, thread_id=rude[1], author_id=desk.scene.people["owner"], side="client", kind="event",
            text="Something happened", params={}, answers=[], at=uow.now,
        ))  # fmt: skip
        uow.commit()
    assert page("freelancer").get(f"/report/message/{event}").status_code == 404


def test_each_message_of_others_has_its_link_and_ones_own_has_none(page, rude):
    message, thread = rude
    assert f"/report/message/{message}" in page("freelancer").get(f"/threads/{thread}").text
    assert f"/report/message/{message}" not in page("owner").get(f"/threads/{thread}").text


def test_pages_of_people_and_missions_have_the_link_but_for_whose_they_are(browse, page, desk, profile):
    freelancer, mission = f"/freelancers/{desk.scene.people['freelancer']}", f"/missions/{desk.scene.mission}"
    assert profile in browse().get(freelancer, follow_redirects=True).text
    assert profile not in page("freelancer").get(freelancer, follow_redirects=True).text
    assert f"/report{mission.replace('missions', 'mission')}" in browse().get(mission, follow_redirects=True).text
    assert "/report/mission/" not in page("owner").get(mission, follow_redirects=True).text


def test_so_many_reports_of_a_browser_are_enough(app, browse, desk, profile):
    app.config["RATELIMIT_ENABLED"] = True
    visitor = browse()
    found = {visitor.post(profile, VISITOR | {"email": f"zoe{n}@example.com"}).status_code for n in range(22)}
    assert found == {303, 422}
    assert len(desk.notices()) == 20


def test_reporting_is_audited(desk, browse, profile):
    browse().post(profile, VISITOR)
    with desk.house.database.reading() as session:
        assert session.query(AuditRow).filter_by(action="notice.filed").one().subject == desk.only().id
