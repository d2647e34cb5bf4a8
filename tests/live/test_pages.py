"""The list in the console, a test mail with its link, an approval by name."""

import re

import pytest

from marketwright.features.accounts import service as accounts
from marketwright.features.operator.pages import live as live_pages
from marketwright.kernel.actors import system
from marketwright.settings.marketplace import Mail, Stage

SMTP = Mail(sender="hello@sambre.eu", smtp="smtp://mail.sambre.eu")
pytestmark = [pytest.mark.plugins("standard_contracts"), pytest.mark.settings(stage=Stage.TEST, mail=SMTP)]


@pytest.fixture(autouse=True)
def nothing_outside(monkeypatch):
    """Ask nothing of the network."""
    from marketwright.features.live.outside import Nobody

    monkeypatch.setattr(live_pages, "Internet", Nobody)


@pytest.fixture
def staff(house):
    """Accounts by role."""
    found = {}
    with house.database.unit(system("tests")) as uow:
        for role in ("admin", "auditor", "vetter"):
            found[role] = accounts.create_account(uow, email=f"{role}@sambre.eu", name=role.title(), locale="en",
                                                  is_freelancer=False)  # fmt: skip
            accounts.join_staff(uow, account=found[role], roles=[role])
        uow.commit()
    return found


def test_the_first_page_of_a_test_stage_says_what_is_next(browse, staff):
    page = browse(staff["admin"]).get("/console")
    assert "Going live:" in page.text
    assert "Next: Secret key." in page.text


def test_the_whole_list_stands_on_a_page_of_its_own(browse, staff):
    page = browse(staff["auditor"]).get("/console/live")
    assert page.status_code == 200
    assert "No backup has been restored or rehearsed yet." in page.text


def test_who_may_not_read_settings_is_not_told(browse, staff):
    visitor = browse(staff["vetter"])
    assert "Going live:" not in visitor.get("/console").text
    assert visitor.get("/console/live").status_code == 403


def test_a_test_mail_is_sent_and_confirmed_by_its_link(browse, staff, monkeypatch):
    sent = []
    monkeypatch.setattr(live_pages, "send_by_smtp", lambda _market, message: sent.append(message))
    visitor = browse(staff["admin"])
    assert visitor.post("/console/live/mail", {"address": "far@elsewhere.eu"}).status_code == 303
    text = sent[0].get_body(("plain",)).get_content()
    path = re.search(r"http://localhost(/live/mail/\S+)", text).group(1)
    reader = browse()
    assert "Yes, it arrived" in reader.get(path).text
    assert "far@elsewhere.eu arrived" not in visitor.get("/console/live").text
    assert reader.post(path, {}).status_code == 200
    assert "A test mail to far@elsewhere.eu arrived on" in visitor.get("/console/live").text


def test_a_forged_link_opens_nothing(browse):
    assert browse().get("/live/mail/abc.def.ghi").status_code == 404


def test_what_the_mail_server_says_is_shown_at_the_field(browse, staff, monkeypatch):
    def refuse(*_given):
        raise OSError("connection refused")

    monkeypatch.setattr(live_pages, "send_by_smtp", refuse)
    page = browse(staff["admin"]).post("/console/live/mail", {"address": "far@elsewhere.eu"})
    assert page.status_code == 422
    assert "connection refused" in page.text


def test_no_address_is_refused_at_the_field(browse, staff):
    assert browse(staff["admin"]).post("/console/live/mail", {"address": "far"}).status_code == 422


def test_an_approval_is_recorded_by_name_and_shown(browse, staff):
    visitor = browse(staff["admin"])
    page = visitor.get("/console/live").text
    form = dict(re.findall(r'name="(subject|language|version)" value="([^"]+)"', page)[:3])
    assert visitor.post("/console/live/approve", {**form, "name": "Me Dupont"}).status_code == 303
    assert "Me Dupont" in visitor.get("/console/live").text


def test_a_text_that_has_changed_meanwhile_cannot_be_approved(browse, staff):
    form = {"subject": "template:standard_contracts.agreement", "language": "en", "version": "0", "name": "Me Dupont"}
    assert browse(staff["admin"]).post("/console/live/approve", form).status_code == 404


def test_who_only_reads_approves_nothing(browse, staff):
    assert browse(staff["auditor"]).post("/console/live/approve", {"name": "Me"}).status_code == 403


