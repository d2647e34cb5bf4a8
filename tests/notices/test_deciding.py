"""Deciding: once, by somebody of the staff whom it does not concern, with a reason; and what comes of it."""

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError

from marketwright.features.accounts import service as accounts
from marketwright.features.files import service as files
from marketwright.features.messaging import queries as messaging
from marketwright.features.messaging import service as talks
from marketwright.features.missions.tables import Mission
from marketwright.features.notices import service
from marketwright.features.notices.tables import ContentNotice, ContentStatement
from marketwright.features.privacy import service as privacy
from marketwright.features.privacy.queries import kept_of
from marketwright.features.profiles import service as profiles
from marketwright.features.profiles.queries import profile as profile_of
from marketwright.kernel.actors import Actor, system
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed
from marketwright.store.tables import AuditRow

from .conftest import SAID, VISITOR, WHY


@pytest.fixture
def fake(page, profile):
    """The freelancer's profile, reported by the owner."""
    page("owner").post(profile, {"category": "fake", "explanation": SAID})


@pytest.fixture
def mo(browse, desk):
    return browse(desk.moderator)


def test_staff_reads_the_open_ones_decides_and_finds_them_among_the_decided(mo, desk, fake):
    path = f"/console/notices/{desk.only().id}"
    assert path in mo.get("/console/notices").text
    assert SAID in mo.get(path).text
    assert mo.post(path, {"decision": "kept", "reason": WHY}).status_code == 303
    assert path not in mo.get("/console/notices").text
    assert path in mo.get("/console/notices?state=decided").text
    assert WHY in mo.get(path).text


@pytest.mark.parametrize("who", ["freelancer", "owner"])
def test_people_outside_the_staff_find_no_such_page(page, desk, fake, who):
    path = f"/console/notices/{desk.only().id}"
    assert page(who).get(path).status_code == 404
    assert page(who).post(path, {"decision": "kept", "reason": WHY}).status_code == 404
    assert desk.only().decision == ""


def test_staff_without_the_permission_is_refused(browse, desk, fake):
    with desk.scene.unit() as uow:
        support = accounts.create_account(uow, email="su@example.org", name="Su", locale="en", is_freelancer=False)
        accounts.join_staff(uow, account=support, roles=["support"])
        uow.commit()
    path = f"/console/notices/{desk.only().id}"
    assert browse(support).get(path).status_code == 403
    assert browse(support).post(path, {"decision": "kept", "reason": WHY}).status_code == 403


def test_a_decision_needs_its_reason(mo, desk, fake):
    refused = mo.post(f"/console/notices/{desk.only().id}", {"decision": "restricted", "reason": " "})
    assert refused.status_code == 422
    with pytest.raises(InvalidInput):
        desk.decide("kept", reason=" ")
    assert desk.only().decision == ""


def test_a_notice_is_decided_once(desk, fake):
    desk.decide("kept")
    with pytest.raises(Conflict):
        desk.decide("restricted")


def test_the_database_itself_keeps_a_decision_as_it_was_made(desk, fake):
    desk.decide("kept")
    with desk.scene.unit() as uow, pytest.raises(DatabaseError, match="decided once"):
        uow.session.execute(update(ContentNotice).values(decision="restricted"))


def test_the_database_itself_refuses_a_decision_without_who_when_and_why(desk, fake):
    with desk.scene.unit() as uow, pytest.raises(DatabaseError, match="decided_by_whom_when_why"):
        uow.session.execute(update(ContentNotice).values(decision="kept", decided_at=uow.now))


def test_a_statement_of_reasons_stays_as_it_was_given(desk, fake):
    desk.decide("restricted")
    with desk.scene.unit() as uow, pytest.raises(DatabaseError, match="append only"):
        uow.session.execute(update(ContentStatement).values(reason="Another one"))


def test_no_machine_decides(desk, fake):
    with pytest.raises(NotAllowed):
        desk.decide("restricted", by=system("a-job"))


@pytest.mark.parametrize("who", ["freelancer", "owner"])
def test_staff_decides_on_nothing_that_is_theirs_or_that_they_reported(desk, fake, who):
    theirs = Actor(kind="person", id=desk.scene.people[who], staff=frozenset({"moderator"}))
    with pytest.raises(NotAllowed):
        desk.decide("kept", by=theirs)


def test_a_restricted_profile_leaves_the_lists_and_its_public_page(browse, desk, fake):
    freelancer = desk.scene.people["freelancer"]
    desk.decide("restricted")
    with desk.house.database.reading() as session:
        assert not profile_of(session, freelancer).listed
    assert browse().get(f"/freelancers/{freelancer}").status_code == 404


def test_a_restricted_mission_is_a_draft_again(browse, desk):
    browse().post(f"/report/mission/{desk.scene.mission}", VISITOR)
    desk.decide("restricted")
    with desk.house.database.reading() as session:
        assert session.get_one(Mission, desk.scene.mission).state == "draft"
    assert browse().get(f"/missions/{desk.scene.mission}").status_code == 404


def test_a_mission_that_has_ended_is_not_said_to_be_restricted(browse, mo, desk):
    mission = desk.scene.publish(state="closed")
    browse().post(f"/report/mission/{mission}", VISITOR)
    path = f"/console/notices/{desk.only().id}"
    assert "cannot be taken off here" in mo.get(path).text
    mo.post(path, {"decision": "restricted", "reason": WHY})
    assert desk.only().decision == ""


def test_a_profile_in_no_list_is_not_said_to_be_restricted(page, mo, desk, profile):
    desk.scene.talk()
    with desk.scene.unit("freelancer") as uow:
        profiles.hide(uow, profile=desk.scene.people["freelancer"])
        uow.commit()
    page("owner").post(profile, {"category": "fake", "explanation": SAID})
    path = f"/console/notices/{desk.only().id}"
    assert "only suspending the account ends that" in mo.get(path).text
    mo.post(path, {"decision": "restricted", "reason": WHY})
    assert desk.only().decision == ""


def test_a_hidden_message_is_read_by_its_own_side_and_staff_alone(page, mo, desk, reported):
    message, thread = reported
    desk.decide("restricted")
    theirs, own = page("freelancer").get(f"/threads/{thread}").text, page("owner").get(f"/threads/{thread}").text
    assert "You fool" not in theirs
    assert "Hidden by the marketplace: Insult, threat or hate" in theirs
    assert "You fool" in own
    assert "hid this from the other side" in own
    assert "You fool" not in page("freelancer").get("/inbox").text
    assert "You fool" in mo.get(f"/console/notices/{desk.only().id}").text
    with desk.house.database.reading() as session:
        assert messaging.message(session, message).text.startswith("You fool")


def test_files_of_a_hidden_message_are_no_longer_handed_to_the_other_side(page, desk):
    thread, owner = desk.scene.talk(), page("owner")
    with desk.scene.unit("owner") as uow:
        file = files.store(uow, data=b"Words", name="words.txt", purpose="message", owner_kind="account",
                           owner_id=desk.scene.people["owner"])  # fmt: skip
        message = talks.post(uow, thread=thread, text="Read this.", files=[file])
        uow.commit()
    said = {"category": "hate", "explanation": "The file insults me."}
    page("freelancer").post(f"/report/message/{message}", said)
    assert page("freelancer").get(f"/files/{file}").status_code == 200
    desk.decide("restricted")
    assert page("freelancer").get(f"/files/{file}").status_code == 404
    assert owner.get(f"/files/{file}").status_code == 200


def test_a_hidden_message_is_shown_again_by_nobody(desk, reported):
    desk.decide("restricted")
    with desk.scene.unit() as uow, pytest.raises(DatabaseError, match="append only"):
        uow.session.execute(text("DELETE FROM hidden_messages"))


def test_staff_reads_the_one_message_and_the_log_says_so(mo, desk, reported):
    shown = mo.get(f"/console/notices/{desk.only().id}").text
    assert "You fool" in shown
    assert "Good morning" not in shown
    with desk.house.database.reading() as session:
        assert session.query(AuditRow).filter_by(action="notice.read").one().details["message"] == reported[0]


def test_a_refused_decision_reads_the_message_in_the_log_too(mo, desk, reported):
    refused = mo.post(f"/console/notices/{desk.only().id}", {"decision": "kept", "reason": ""})
    assert "You fool" in refused.text
    with desk.house.database.reading() as session:
        assert session.query(AuditRow).filter_by(action="notice.read").count() == 1


def test_somebody_of_the_staff_does_not_read_who_reported_them(page, desk, fake):
    with desk.scene.unit() as uow:
        accounts.join_staff(uow, account=desk.scene.people["freelancer"], roles=["moderator"])
        uow.commit()
    theirs = page("freelancer")
    assert theirs.get(f"/console/notices/{desk.only().id}").status_code == 403
    assert desk.only().id not in theirs.get("/console/notices").text


def test_who_reported_is_told_the_decision_and_its_reason(app, browse, page, desk, profile, fake):
    browse().post(profile, VISITOR)
    for notice in desk.notices():
        desk.decide("kept", notice=notice.id)
    for address in ("zoe@example.com", "owner@example.org"):
        assert WHY in " ".join(desk.mails(app, address)[-1].body)
    assert WHY in page("owner").get("/me/reports").text


def test_whose_content_is_restricted_reads_what_why_on_what_ground_and_how_to_object(app, page, desk, fake):
    desk.decide("restricted")
    (mail,) = desk.mails(app, "freelancer@example.org")
    said = " ".join([mail.subject, *mail.body])
    told = ("Profile: Freelancer", "off the lists", "Fake identity or CV", "our terms", WHY, "No machine", "object")
    assert all(part in said for part in told)
    assert WHY in page("freelancer").get("/me/reports").text


def test_what_is_kept_tells_its_author_nothing(app, page, desk, fake):
    desk.decide("kept")
    assert desk.mails(app, "freelancer@example.org") == []
    assert WHY not in page("freelancer").get("/me/reports").text


def test_who_reported_is_named_nowhere_to_whose_content_it_is(app, browse, page, desk, profile):
    browse().post(profile, VISITOR)
    desk.decide("restricted")
    mails = [" ".join([m.subject, *m.body]) for m in desk.mails(app, "freelancer@example.org")]
    pages = [page("freelancer").get(p).text for p in ("/me/reports", "/me", "/inbox", "/me/profile")]
    with desk.house.database.reading() as session:
        pages.append(str(kept_of(session, desk.scene.people["freelancer"])))
    for shown in (*mails, *pages):
        assert not [w for w in ("Zoé Lambert", "zoe@example.com", SAID, desk.only().id) if w in shown]


def test_one_restriction_has_one_statement_however_many_reported(app, browse, desk, profile, fake):
    browse().post(profile, VISITOR)
    for notice in desk.notices():
        desk.decide("restricted", notice=notice.id)
    assert len(desk.mails(app, "freelancer@example.org")) == 1


def test_ones_own_notices_are_in_ones_file_without_who_decided(desk, fake):
    desk.decide("kept")
    with desk.house.database.reading() as session:
        (row,) = kept_of(session, desk.scene.people["owner"])["reports"]["content_notices"]
    assert row["explanation"] == SAID
    assert not {"decided_by", "about", "seen"} & set(row)


def test_erasing_somebody_empties_the_words_of_their_notices_and_what_was_kept_of_their_content(desk, browse, page):
    other = desk.scene.people["other"]
    page("other").post(f"/report/profile/{desk.scene.people['freelancer']}", {"category": "fake", "explanation": SAID})
    browse().post(f"/report/profile/{other}", VISITOR)
    browse().post(f"/report/mission/{desk.scene.mission}", VISITOR | {"email": "other@example.org"})
    with desk.house.database.unit(system("tests")) as uow:
        privacy.erase(uow, desk.house, account=other)
        uow.commit()
    mine, about, before = desk.notices()
    assert (mine.explanation, before.explanation) == ("Deleted with the account.",) * 2
    assert (before.name, before.email.partition("@")[2]) == ("", "erased.invalid")
    assert about.seen == "Deleted with the account."
    assert about.explanation == SAID


def test_the_front_of_the_console_counts_what_waits(mo, fake):
    assert "1 report waits for a decision" in mo.get("/console").text


def test_the_list_says_that_nothing_waits(mo):
    assert "Nothing waits" in mo.get("/console/notices").text


def test_a_service_without_the_permission_refuses(desk, fake):
    nobody = Actor(kind="person", id=desk.scene.people["stranger"])
    with desk.house.database.unit(nobody) as uow, pytest.raises(NotAllowed):
        service.decide(uow, notice=desk.only().id, decision="kept", reason=WHY)
