"""Letters: one for an event and a reader, in their language, and never a way to add headers."""

import re
from email.message import EmailMessage

import pytest
from sqlalchemy import func, select

from marketwright.features.accounts import service as accounts
from marketwright.features.missions import service as missions
from marketwright.features.notifications.post import WRITERS, Post, compose
from marketwright.features.notifications.queries import notices, unread_notices
from marketwright.features.notifications.service import mark_read
from marketwright.features.notifications.tables import Mail, Notice
from marketwright.kernel.actors import Actor, system
from marketwright.kernel.events import CATALOGUE
from marketwright.settings.marketplace import Mail as MailSettings
from marketwright.testing.negotiation import Negotiation


@pytest.fixture
def signed_up(house):
    with house.database.unit(Actor(kind="anonymous", id="")) as uow:
        account = accounts.sign_up(
            uow, email="lea@example.org", name="Léa Morel", password="correct horse battery", locale="fr",
            as_freelancer=True,
        )  # fmt: skip
        uow.commit()
    return account


def drain(app, house):
    with app.app_context():
        house.worker.drain()


def mails(house):
    with house.database.reading() as session:
        return list(session.scalars(select(Mail).order_by(Mail.created_at, Mail.id)))


def test_who_signs_up_is_written_to(app, house, signed_up):
    drain(app, house)
    assert [m.address for m in mails(house)] == ["lea@example.org"]


def test_the_letter_speaks_the_language_of_its_reader(app, house, signed_up):
    drain(app, house)
    assert mails(house)[0].subject == "Confirmez votre adresse pour Testing"


def test_the_link_of_the_letter_leads_to_a_page_that_confirms(app, house, browse, signed_up):
    drain(app, house)
    path = mails(house)[0].action_url.removeprefix(house.marketplace.base_url)
    assert browse().get(path).status_code == 200


def test_an_event_told_twice_makes_one_letter(app, house, signed_up):
    drain(app, house)
    with house.database.reading() as session:
        from marketwright.store.tables import EventRow

        row = session.scalar(select(EventRow).where(EventRow.name == "account.signed_up"))
    Post(house).tell(row, None)
    assert len(mails(house)) == 1


def test_without_a_mail_server_a_letter_is_kept_for_the_console(app, house, signed_up):
    drain(app, house)
    assert mails(house)[0].state == "kept"


@pytest.mark.settings(mail=MailSettings(sender="site@example.org", smtp="smtp://127.0.0.1:1"))
def test_with_a_mail_server_a_letter_is_handed_over_once(app, house, signed_up):
    sent = []
    house.worker.handlers["mail.send"] = Post(house, lambda _marketplace, message: sent.append(message)).send
    drain(app, house)
    drain(app, house)
    assert [m["To"] for m in sent] == ["lea@example.org"]
    assert mails(house)[0].state == "sent"


@pytest.mark.settings(mail=MailSettings(sender="site@example.org", smtp="smtp://127.0.0.1:1"))
def test_a_mail_server_that_does_not_answer_loses_no_letter(app, house, signed_up):
    def refuse(_marketplace, _message):
        raise ConnectionRefusedError

    house.worker.handlers["mail.send"] = Post(house, refuse).send
    drain(app, house)
    assert mails(house)[0].state == "waiting"


def test_a_letter_has_plain_text_and_html(app, house, signed_up):
    drain(app, house)
    with app.app_context():
        message = compose(house.marketplace, mails(house)[0])
    assert isinstance(message, EmailMessage)
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_a_name_cannot_add_a_header(app, house):
    mail = Mail(
        id="0123456789abcdef", event_id="e", kind="k", address="a@example.org", locale="en",
        subject="Hello\r\nBcc: everybody@example.org", body=["x"], action_label="", action_url="",
    )  # fmt: skip
    with app.app_context():
        message = compose(house.marketplace, mail)
    assert message["Bcc"] is None


def test_what_a_person_wrote_is_escaped_in_the_html_of_a_letter(app, house):
    mail = Mail(
        id="0123456789abcdef", event_id="e", kind="k", address="a@example.org", locale="en", subject="s",
        body=["<script>alert(1)</script>"], action_label="", action_url="",
    )  # fmt: skip
    with app.app_context():
        html = compose(house.marketplace, mail).get_body(("html",)).get_content()
    assert "<script>" not in html


@pytest.fixture
def noticed(house, signed_up):
    with house.database.unit(system("tests")) as uow:
        uow.session.add(
            Notice(event_id="e1", account_id=signed_up, template="It is your turn on this contract.", params={},
                   href="/contracts", at=uow.now)
        )  # fmt: skip
        uow.commit()
    return signed_up


def test_a_notice_waits_until_it_is_read(house, noticed):
    with house.database.unit(Actor(kind="person", id=noticed)) as uow:
        before = unread_notices(uow.session, noticed)
        mark_read(uow)
        uow.commit()
    with house.database.reading() as session:
        assert (before, unread_notices(session, noticed)) == (1, 0)


def test_nobody_reads_another_ones_notice(house, browse, noticed):
    with house.database.unit(system("tests")) as uow:
        other = accounts.create_account(uow, email="x@example.org", name="X", locale="en", is_freelancer=True)
        uow.commit()
    with house.database.reading() as session:
        notice = notices(session, noticed)[0].id
    assert browse(other).post(f"/notices/{notice}/open").status_code == 404


def test_following_a_notice_marks_it_read_and_leads_on(house, browse, noticed):
    with house.database.reading() as session:
        notice = notices(session, noticed)[0].id
    response = browse(noticed).post(f"/notices/{notice}/open")
    assert response.headers["Location"] == "/contracts"
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Notice).where(Notice.read_at.is_(None))) == 0


def test_a_reset_link_is_different_from_a_confirmation_link(app, house, signed_up):
    with house.database.unit(Actor(kind="anonymous", id="")) as uow:
        accounts.confirm(uow, account=signed_up)
        accounts.ask_reset(uow, email="lea@example.org")
        uow.commit()
    drain(app, house)
    kinds = {re.sub(r"/[^/]+$", "", m.action_url) for m in mails(house)}
    assert {k.rpartition("/")[2] for k in kinds} >= {"reset"}




def test_every_event_with_a_writer_is_in_the_catalogue():
    assert set(WRITERS) <= set(CATALOGUE)


@pytest.fixture
def negotiation(house):
    return Negotiation(house).meet()


@pytest.mark.plugins("commission")
def test_when_a_mission_ends_every_applicant_hears_the_reason(app, house, negotiation):
    mission = negotiation.publish()
    negotiation.talk(mission=mission)
    with negotiation.unit("owner") as uow:
        missions.close(uow, mission=mission, reason="The budget moved to next year.")
        uow.commit()
    drain(app, house)
    letters = [m for m in mails(house) if m.kind == "mission.closed"]
    assert [(m.account_id, m.body) for m in letters] == [
        (negotiation.people["freelancer"], ["The reason given: The budget moved to next year."])
    ]
