"""Words of the brief in headline and bio: the same share in both directions, and names have no part in it."""

from dataclasses import replace
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
    brief = mission("m", [("web", True, 0)], title="Un reseau hospitalier", description="Hopital, laboratoire.")
    index = make_index(TREE, PEOPLE, [brief], "EUR")
    found, known = share(index)
    by_name = {index.people.side.ids[i]: round(float(s), 2) for i, s in enumerate(found)}
    assert known.all()
    assert by_name["Ada"] == 1.0
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


def test_words_that_nobody_has_count_in_the_whole():
    who = [person("Ada", [("web", 4, 9)], bio="Charts."), person("Bo", [("web", 4, 9)], bio="Gardens.")]
    brief = mission("m", [("web", True, 0)], title="Kubernetes migration", description="Charts, operated by night.")
    index = make_index(TREE, who, [brief], "EUR")
    found, known = share(index)
    assert known.all()
    assert 0.0 < found[index.people.side.number["Ada"]] < 0.25
    assert found[index.people.side.number["Bo"]] == 0.0


@pytest.mark.parametrize("new", ["Hospitals, banks and ships.", "Nothing of it."])
def test_a_change_counts_the_same_before_it_is_merged(new):
    mine = [person("Bo", [("web", 3, 2)], bio=new)]
    index = make_index(TREE, PEOPLE, [BRIEF], "EUR")
    part = people_part(TREE, mine, people_words(TREE, mine), "EUR")
    twice = renewed(renewed(index.people, ["Bo"], part), ["Bo"], part)
    pending, merged = replace(index, people=twice), make_index(TREE, [PEOPLE[0], *mine, PEOPLE[2]], [BRIEF], "EUR")
    for name in ("Ada", "Bo", "Hôpital"):
        one, other = (share(i)[0][i.people.side.number[name]] for i in (pending, merged))
        assert one == other


def test_who_is_in_no_list_makes_no_word_less_rare():
    hidden = person("Zoe", bio="Hospitals everywhere, and laboratories.", listed=False)
    found, _ = share(make_index(TREE, [*PEOPLE, hidden], [BRIEF], "EUR"))
    assert found[:3].tolist() == share(make_index(TREE, PEOPLE, [BRIEF], "EUR"))[0].tolist()


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
