"""Words of the brief in headline and bio: the same share in both directions, and names have no part in it."""

from datetime import date

import numpy as np
import pytest

from marketwright.features.matching.columns import day_number
from marketwright.features.matching.index import make_index, renewed, renewed_missions, taxonomy_of
from marketwright.features.matching.loading import SkillData
from marketwright.features.matching.parts import missions_part, people_part
from marketwright.features.matching.said import missions_share, own_words, people_share
from marketwright.features.matching.texts import missions_words, people_words

from .factories import mission, person

TODAY = day_number(date(2026, 5, 4))
TREE = taxonomy_of(SkillData([("web", "Web pentest", "Web")], {"web": ["Web pentest"]}, {}))
PEOPLE = [
    person("Ada", [("web", 4, 9)], headline="Réseaux hospitaliers", bio="Hôpitaux et laboratoires."),
    person("Bo", [("web", 3, 2)], bio="Banks and their payment terminals."),
    person("Hôpital", [("web", 3, 2)], bio="Ships."),
]
BRIEF = mission("m", [("web", True, 0)], title="A hospital network", description="Notre hôpital et ses laboratoires.")


def share(index, name="m"):
    row = index.missions.side.number[name]
    rows = np.arange(index.people.size, dtype=np.uint32)
    return people_share(index.people.words, index.missions.said.of(row), rows)


def test_accents_and_plurals_are_forgiven():
    index = make_index(TREE, PEOPLE, [BRIEF], "EUR")
    found, known = share(index)
    by_name = {index.people.side.ids[i]: round(float(s), 2) for i, s in enumerate(found)}
    assert known.all()
    assert by_name["Ada"] > 0.5
    assert by_name["Bo"] == 0.0


def test_a_name_that_the_brief_mentions_brings_nothing():
    found, _ = share(make_index(TREE, PEOPLE, [BRIEF], "EUR"))
    index = make_index(TREE, PEOPLE, [BRIEF], "EUR")
    assert found[index.people.side.number["Hôpital"]] == 0.0


def test_the_skills_asked_for_count_with_the_skills_alone():
    index = make_index(TREE, PEOPLE, [mission("m", [("web", True, 0)], title="Web pentest")], "EUR")
    assert not share(index)[1].any()


def test_a_brief_without_words_is_unknown():
    assert not share(make_index(TREE, PEOPLE, [mission("m")], "EUR"))[1].any()


@pytest.mark.parametrize("later", [False, True])
def test_both_directions_and_later_additions_say_the_same(later):
    whole = make_index(TREE, PEOPLE, [BRIEF], "EUR")
    index = whole
    if later:
        index = make_index(TREE, PEOPLE[1:], [], "EUR")
        mine = PEOPLE[:1]
        people = renewed(index.people, ["Ada"], people_part(TREE, mine, people_words(TREE, mine), "EUR"))
        briefs = missions_part(TREE, [BRIEF], missions_words(TREE, [BRIEF]), "EUR")
        missions = renewed_missions(index.missions, ["m"], briefs)
        index = type(index)(TREE, people, missions)
    found, _ = share(index)
    rows = np.array([index.missions.side.number["m"]], dtype=np.uint32)
    for one in PEOPLE:
        mine = own_words(people_words(TREE, [one])[0])
        back, known = missions_share(index.people.words, index.missions.said, mine, rows)
        assert known.all()
        assert back[0] == pytest.approx(found[index.people.side.number[one.id]])


@pytest.mark.plugins("core_matching", "more_criteria")
def test_it_joins_the_ranking_with_its_reason_for_both_sides(market, browse):
    ada = market.person("Ada Lovelace", "web", headline="Hospital networks", bio="Laboratories too.")
    market.person("Bo Lind", "web", headline="Ships")
    one = market.mission("A hospital network", description="Our hospital and its laboratories. " * 3)
    page = browse(market.owner).get(f"/missions/{one}/matches").text
    assert page.index("Ada Lovelace") < page.index("Bo Lind")
    assert "of what the brief speaks of stands in headline or text" in page
    assert "Headline and text say nothing of what the brief speaks of" in page
    assert "of what the brief speaks of stands in headline or text" in browse(ada).get("/me/matches").text
    assert "Words" in browse().get("/how-we-rank").text


@pytest.mark.plugins("core_matching")
def test_switched_off_the_words_of_the_brief_count_for_nothing(market, browse):
    market.person("Ada Lovelace", "web", headline="Hospital networks")
    one = market.mission("A hospital network")
    assert "what the brief speaks of" not in browse(market.owner).get(f"/missions/{one}/matches").text
