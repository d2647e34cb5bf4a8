"""Within 50 km of a town, or remotely in the union: one condition of a mission, in gates, search and reasons."""

import numpy as np
import pytest

from marketwright.features.matching.asking import Ask
from marketwright.features.matching.reach import reach_met
from marketwright.features.matching.renewing import Indexes
from marketwright.features.matching.search import search_people
from marketwright.features.matching.towns import country_code
from marketwright.features.missions import service as missions
from marketwright.features.missions.brief import REACHES
from marketwright.kernel.errors import InvalidInput
from marketwright.strategies.matching import Columns

UNION = frozenset(map(country_code, ("FR", "BE")))
LYON, VILLEURBANNE, GENT, BERN = (45.76, 4.84, "FR"), (45.77, 4.88, "FR"), (51.05, 3.72, "BE"), (46.95, 7.45, "CH")


def columns(place, remote, known=True):
    values = {
        "latitude": np.array([place[0]], dtype=np.float32), "longitude": np.array([place[1]], dtype=np.float32),
        "country": np.array([country_code(place[2])], dtype=np.int16), "remote": np.array([remote], dtype=np.int8),
    }  # fmt: skip
    gaps = {name: np.array([known]) for name in ("latitude", "longitude", "country")}
    return Columns(values, gaps)


def met(reach, place, remote, *, mission_remote=1, known=True):
    kind = np.array([REACHES.index(reach)])
    found, asked = reach_met(columns(LYON, mission_remote), columns(place, remote, known), kind, np.array([50]), UNION)
    return bool(found[0]) if asked[0] else None


@pytest.mark.parametrize(("reach", "place", "remote", "fits"), [
    ("near", VILLEURBANNE, 0, True), ("near", GENT, 2, False), ("union", VILLEURBANNE, 0, True),
    ("union", GENT, 2, True), ("union", GENT, 1, False), ("union", GENT, 0, False), ("union", BERN, 2, False),
    ("country", GENT, 2, False), ("anywhere", BERN, 2, True), ("anywhere", BERN, 1, False), ("", BERN, 0, None),
])  # fmt: skip
def test_who_is_within_reach(reach, place, remote, fits):
    assert met(reach, place, remote) is fits


def test_for_a_remote_mission_the_country_alone_decides():
    assert met("union", BERN, 1, mission_remote=2) is False
    assert met("union", GENT, 0, mission_remote=2) is True
    assert met("near", BERN, 0, mission_remote=2) is None


def test_who_does_not_say_where_they_live_is_not_within_reach():
    assert met("union", LYON, 2, known=False) is False


def test_search_takes_both_as_one_choice(market):
    market.house.ports.get(Indexes)._union = UNION
    near = market.person("Near", "web", city="Villeurbanne", remote="onsite")
    far = market.person("Far", "web", city="Gent", country="BE", remote="remote")
    market.person("Beyond", "web", city="Bern", country="CH", remote="remote")
    market.person("Stays", "web", city="Gent", country="BE", remote="onsite")
    today = market.today

    def found(**asked):
        return set(search_people(market.index(), Ask(**asked), today).page(1))

    assert found(place="Lyon") == {near}
    assert found(place="Lyon", or_remote=True) == {near, far}


@pytest.mark.plugins("core_matching", "more_criteria", "country_fr")
def test_it_gates_with_a_reason_and_says_how_many_more_there_would_be_without_it(market, browse):
    market.person("Ada Near", "web", city="Villeurbanne", remote="onsite")
    market.person("Bo Remote", "web", city="Gent", country="BE", remote="remote")
    cy = market.person("Cy Beyond", "web", city="Bern", country="CH", remote="remote")
    one = market.mission(city="Lyon", reach="union", within_km=50)
    page = browse(market.owner).get(f"/missions/{one}/matches").text
    assert "2 freelancers fit" in page
    near = page[page.index("Close, with something missing"):]
    assert "Missing: Area" in near
    assert "Cy Beyond" in near
    assert "Outside the area that the mission allows, about" in near
    assert "From anywhere" in page
    assert "who lives within 50 km, or remotely in the European Union" in browse().get(f"/missions/{one}").text
    assert "Missing: Area" in browse(cy).get("/me/matches").text


@pytest.mark.plugins("core_matching", "more_criteria", "country_fr")
def test_the_form_asks_for_it_and_the_brief_keeps_it(market, browse):
    visitor = browse(market.owner)
    page = visitor.get("/missions/new").text
    assert "works remotely in the European Union" in page
    assert '<option value="">Anybody: distance counts' in page
    one = market.mission(city="Lyon", reach="union", within_km=80)
    page = visitor.get(f"/missions/{one}/edit").text
    assert 'value="80"' in page
    assert '<option value="union" selected' in page


@pytest.mark.plugins("core_matching")
def test_where_no_criterion_keeps_to_it_nobody_is_asked(market, browse):
    assert "Who may do it" not in browse(market.owner).get("/missions/new").text


@pytest.mark.parametrize("given", [{"reach": "moon"}, {"reach": "near"}, {"reach": "near", "within_km": 5000}])
def test_what_makes_no_area_is_refused(market, given):
    with pytest.raises(InvalidInput):
        market.write(missions.publish, mission=market.mission(publish=False, city="Lyon", **given))
