"""Services, and what clients say of themselves: reported by who sees them, restricted by the decision."""

import pytest

from marketwright.features.accounts import organisations
from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.queries import organisation as client_of
from marketwright.features.services import queries as services
from marketwright.features.services import service as selling
from marketwright.features.services.service import Package
from marketwright.kernel.errors import NotAllowed
from marketwright.kernel.money import Money
from marketwright.settings.marketplace import DealSettings

from .conftest import VISITOR, WHY

pytestmark = [
    pytest.mark.plugins("standard_contracts", "commission", "sandbox"),
    pytest.mark.settings(deal=DealSettings(processes=("milestones", "package"), provider="sandbox")),
]
ABOUT = "We keep the hospitals of the valley running."


@pytest.fixture
def service(desk):
    """A published service of the freelancer."""
    package = Package("A test of your network", "Two days on site", "Every door is tried.", "en",
                      Money(200_000, "EUR"), 10)  # fmt: skip
    with desk.scene.unit("freelancer") as uow:
        made = selling.write(uow, package=package)
        selling.publish(uow, service=made)
        uow.commit()
    return made


@pytest.fixture
def client(desk):
    """The client, which says something of itself and gave its name to everybody."""
    desk.scene.publish(named=True)
    say(desk, ABOUT)
    return desk.scene.organisation


def say(desk, about):
    with desk.scene.unit("owner") as uow:
        organisations.update_organisation(
            uow, organisation=desk.scene.organisation, name="Sambre Santé", sector="", size=400, city="Lille",
            country="FR", public_name_en="a hospital group", public_name_fr="un groupe hospitalier", about=about,
        )  # fmt: skip
        uow.commit()


def state_of(desk, service):
    with desk.house.database.reading() as session:
        return services.service(session, service).state


def about_of(desk):
    with desk.house.database.reading() as session:
        return client_of(session, desk.scene.organisation).about


def test_a_visitor_reports_a_service(browse, desk, service):
    assert browse().post(f"/report/service/{service}", VISITOR).status_code == 303
    assert (desk.only().kind, desk.only().about) == ("service", desk.scene.people["freelancer"])


def test_the_page_of_a_service_has_the_link_but_for_whose_it_is(browse, page, service):
    link = f"/report/service/{service}"
    assert link in browse().get(f"/services/{service}").text
    assert link not in page("freelancer").get(f"/services/{service}").text


def test_a_draft_of_a_service_is_nothing_to_report(browse, desk, service):
    with desk.scene.unit("freelancer") as uow:
        selling.withdraw(uow, service=service)
        uow.commit()
    assert browse().get(f"/report/service/{service}").status_code == 404


def test_a_restricted_service_is_a_draft_which_its_freelancer_may_publish_again(browse, desk, service):
    browse().post(f"/report/service/{service}", VISITOR)
    desk.decide("restricted")
    assert state_of(desk, service) == "draft"
    with desk.scene.unit("freelancer") as uow:
        selling.publish(uow, service=service)
        uow.commit()
    assert state_of(desk, service) == "published"


def test_whose_service_is_restricted_reads_why(app, browse, desk, service):
    browse().post(f"/report/service/{service}", VISITOR)
    desk.decide("restricted")
    (mail,) = desk.mails(app, "freelancer@example.org")
    assert WHY in " ".join(mail.body)


def test_the_report_keeps_what_the_service_said(browse, desk, service):
    browse().post(f"/report/service/{service}", VISITOR)
    assert "Every door is tried." in desk.only().seen


def test_a_visitor_reports_a_client_that_gave_its_name_to_everybody(browse, desk, client):
    assert browse().post(f"/report/client/{client}", VISITOR).status_code == 303
    assert (desk.only().kind, desk.only().about) == ("client", desk.scene.people["owner"])


def test_a_client_that_kept_its_name_to_itself_is_not_there_to_report(browse, desk):
    with desk.scene.unit() as uow:
        quiet = accounts.create_organisation(uow, owner=desk.scene.people["stranger"], name="Quiet", country="FR")
        uow.commit()
    assert browse().get(f"/report/client/{quiet}").status_code == 404


def test_members_do_not_report_their_own_client(page, client):
    assert page("buyer").get(f"/report/client/{client}").status_code == 404


def test_the_page_of_a_client_has_the_link_but_for_its_members(browse, page, client):
    link = f"/report/client/{client}"
    assert link in browse().get(f"/clients/{client}").text
    assert link not in page("owner").get(f"/clients/{client}").text


def test_what_a_restricted_client_said_of_itself_is_gone_and_it_may_say_something_else(browse, desk, client):
    browse().post(f"/report/client/{client}", VISITOR)
    desk.decide("restricted")
    assert about_of(desk) == ""
    assert ABOUT not in browse().get(f"/clients/{client}").text
    say(desk, "We heal.")
    assert about_of(desk) == "We heal."


def test_a_client_that_says_nothing_is_not_said_to_be_restricted(browse, desk, client):
    say(desk, "")
    browse().post(f"/report/client/{client}", VISITOR)
    mo = browse(desk.moderator)
    path = f"/console/notices/{desk.only().id}"
    assert "says nothing of itself" in mo.get(path).text
    mo.post(path, {"decision": "restricted", "reason": WHY})
    assert desk.only().decision == ""


@pytest.mark.parametrize("who", ["owner", "freelancer"])
def test_nobody_outside_the_staff_takes_away_what_a_client_says(desk, client, who):
    with pytest.raises(NotAllowed), desk.scene.unit(who) as uow:
        organisations.take_off_about(uow, organisation=client)
