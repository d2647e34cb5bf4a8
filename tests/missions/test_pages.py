import io

import pytest

from marketwright.features.files import queries as files
from marketwright.features.missions import service
from marketwright.features.missions.ports import ClientFigures, Confidentiality, Figures
from marketwright.settings.marketplace import Access


class Signed:
    """Anna alone has signed."""

    def __init__(self, account):
        self.account = account

    def signed(self, session, mission, account):
        return account == self.account


def test_a_public_mission_is_for_everybody(people, browse):
    page = browse().get(f"/missions/{people.published()}")
    assert page.status_code == 200
    assert "Test our inner network" in page.text
    assert "Sign up to apply" in page.text


@pytest.mark.settings(access=Access(public_missions=False))
def test_an_operator_may_keep_missions_for_members(people, browse):
    mission = people.published()
    assert browse().get(f"/missions/{mission}").status_code == 404
    assert browse(people.anna).get(f"/missions/{mission}").status_code == 200


def test_a_mission_for_members_asks_to_sign_in(people, browse):
    mission = people.published(visibility="members")
    assert browse().get(f"/missions/{mission}").status_code == 404
    assert browse(people.anna).get(f"/missions/{mission}").status_code == 200


def test_a_mission_by_invitation_opens_to_who_was_invited(people, browse):
    mission = people.published(visibility="invited")
    assert browse(people.anna).get(f"/missions/{mission}").status_code == 404
    people.do(lambda u: service.invite(u, mission=mission, freelancer=people.anna), people.clara)
    assert browse(people.anna).get(f"/missions/{mission}").status_code == 200
    assert browse(people.ben).get(f"/missions/{mission}").status_code == 404


def test_a_draft_is_for_the_clients_members_and_staff(people, browse):
    mission = people.draft()
    seen = {who: browse(getattr(people, who)).get(f"/missions/{mission}").status_code
            for who in ("clara", "fred", "stella", "stranger", "anna")}  # fmt: skip
    assert seen == {"clara": 200, "fred": 200, "stella": 200, "stranger": 404, "anna": 404}


def test_an_anonymous_client_is_described_and_not_named(people, browse):
    page = browse().get(f"/missions/{people.published(named=False)}").text
    assert "A port, 2,300 people, Calais" in page
    assert "Port de Dunes" not in page
    assert people.organisation not in page


def test_the_confidential_part_opens_to_who_signed(people, browse):
    mission = people.published()
    people.house.ports.fill(Confidentiality, Signed(people.anna))
    assert "<strong>network</strong>" in browse(people.anna).get(f"/missions/{mission}").text
    for shut in (browse(people.ben), browse(people.stranger), browse()):
        assert "The plan of the" not in shut.get(f"/missions/{mission}").text
    assert "The plan of the" not in browse(people.stella).get(f"/missions/{mission}").text


def test_confidential_files_open_to_who_signed(people, browse):
    mission = people.published(confidential="")
    people.house.ports.fill(Confidentiality, Signed(people.anna))
    sent = {"file": (io.BytesIO(b"%PDF-1.7 the plan"), "plan.pdf")}
    assert browse(people.clara).post(f"/missions/{mission}/files", sent).status_code == 303
    (file,) = people.read(lambda s: files.files_of(s, "mission", mission))
    seen = {who: browse(getattr(people, who)).get(f"/files/{file.id}").status_code
            for who in ("clara", "anna", "ben", "stranger")}  # fmt: skip
    assert seen == {"clara": 200, "anna": 200, "ben": 404, "stranger": 404}
    assert people.mission(mission).confidential


def test_a_confidential_file_can_be_taken_away_by_the_client_alone(people, browse):
    mission = people.published(confidential="")
    browse(people.clara).post(f"/missions/{mission}/files", {"file": (io.BytesIO(b"%PDF-1.7 x"), "plan.pdf")})
    (file,) = people.read(lambda s: files.files_of(s, "mission", mission))
    remove = f"/missions/{mission}/files/{file.id}/remove"
    assert browse(people.stranger).post(remove).status_code == 404
    assert browse(people.clara).post(remove).status_code == 303
    assert not people.mission(mission).confidential


def test_who_may_not_edit_is_told_by_role_and_strangers_learn_nothing(people, browse):
    mission = people.draft()
    assert browse(people.fred).get(f"/missions/{mission}/edit").status_code == 403
    assert browse(people.stranger).get(f"/missions/{mission}/edit").status_code == 404


@pytest.mark.parametrize("deed", ["publish", "pause", "resume", "fill", "close", "take-back"])
def test_every_deed_is_refused_to_strangers(people, browse, deed):
    mission = people.published()
    assert browse(people.stranger).post(f"/missions/{mission}/{deed}", {"reason": "x"}).status_code == 404
    assert people.mission(mission).state == "published"


def test_closing_without_a_reason_is_said_and_changes_nothing(people, browse):
    mission = people.published()
    visitor = browse(people.clara)
    answer = visitor.post(f"/missions/{mission}/close", {"reason": ""}, follow_redirects=True)
    assert "Please give a reason" in answer.text
    assert people.mission(mission).state == "published"


@pytest.mark.settings(access=Access(missions="approval"))
def test_staff_read_and_approve_what_waits(people, browse):
    mission = people.published()
    visitor = browse(people.stella)
    assert "Send back" in visitor.get(f"/missions/{mission}").text
    visitor.post(f"/missions/{mission}/approve")
    assert people.mission(mission).state == "published"


def test_the_owners_list_says_where_each_stands(people, browse):
    people.draft(title="An unfinished thought")
    people.published()
    visitor = browse(people.clara)
    assert "Test our inner network" in visitor.get("/me/missions").text
    assert "An unfinished thought" in visitor.get("/me/missions?show=draft").text


def test_a_clients_page_shows_figures_and_named_missions(people, browse):
    class Known:
        def of(self, session, organisation):
            return Figures(answered=0.9, answer_days=1.5, pay_days=8.0)

    people.house.ports.fill(ClientFigures, Known())
    people.published()
    people.published(title="Without our name", named=False)
    page = browse().get(f"/clients/{people.organisation}").text
    assert "Test our inner network" in page
    assert "Without our name" not in page
    for shown in ("90%", "1.5", "2,300 people", "Transport"):
        assert shown in page


def test_a_client_that_never_gave_its_name_has_no_page(people, browse):
    people.published(named=False)
    assert browse(people.anna).get(f"/clients/{people.organisation}").status_code == 404
    assert browse(people.clara).get(f"/clients/{people.organisation}").status_code == 200


def test_every_page_opens_in_french(people, browse):
    mission = people.published()
    visitor = browse(people.clara)
    visitor.get("/language/fr")
    for page in (f"/missions/{mission}", f"/missions/{mission}/edit", "/missions/new", "/me/missions",
                 f"/clients/{people.organisation}"):  # fmt: skip
        assert visitor.get(page).status_code == 200, page


def test_markup_in_a_brief_stays_text(people, browse):
    mission = people.published(title="<b>x</b>", description="<img src=x onerror=alert(1)> " * 5)
    page = browse().get(f"/missions/{mission}").text
    assert "<img src=x" not in page
    assert "<b>x</b>" not in page
