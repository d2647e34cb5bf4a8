"""What staff read before and after they put somebody on a list by hand, and how near groups say who is shown."""

import pytest

from marketwright.features.missions import service as missions

pytestmark = pytest.mark.plugins("core_matching")


@pytest.fixture
def scene(market):
    market.ada = market.person("Ada Lovelace", "web", languages=("en", "fr"))
    market.one = market.mission("A web test", must=("web",), languages=("fr",))
    return market


def test_before_a_reason_is_written_staff_read_that_only_the_invited_can_be_put_there(scene, browse):
    scene.one = scene.mission("Behind closed doors", visibility="invited")
    moderator, page = browse(scene.staff("moderator")), f"/missions/{scene.one}/matches/place"
    assert "nobody is yet" in moderator.get(page).text
    scene.write(missions.invite, mission=scene.one, freelancer=scene.ada)
    assert "1 freelancer so far" in moderator.get(page).text


def test_staff_are_not_offered_to_put_who_is_not_invited_on_the_list_of_the_invited(scene, browse):
    scene.one = scene.mission("Behind closed doors", must=("web",), visibility="invited")
    moderator, page = browse(scene.staff("moderator")), f"/missions/{scene.one}/matches"
    assert "person=" + scene.ada not in moderator.get(page).text
    scene.write(missions.invite, mission=scene.one, freelancer=scene.ada)
    assert "person=" + scene.ada in moderator.get(page).text


def test_the_log_names_who_was_put_on_a_list(scene, browse):
    asked = {"person": scene.ada, "reason": "Built it."}
    browse(scene.staff("moderator")).post(f"/missions/{scene.one}/matches/place", asked)
    log = browse(scene.staff("admin")).get("/console/log?action=match.").text
    assert "Ada Lovelace" in log
    assert "Built it." in log


def test_a_near_group_says_how_many_of_it_are_shown(scene, browse):
    for name in ("Bo Lind", "Cy Roux", "Di Ek", "Eb Oz"):
        scene.person(name, "pentest", languages=("en", "fr"))
    scene.one = scene.mission("Forensics", must=("pentest", "forensics"), languages=("fr",))
    page = browse(scene.owner).get(f"/missions/{scene.one}/matches").text
    assert "5 people, the closest 3 are shown" in page
