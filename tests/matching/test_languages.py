"""More languages than an index has bits for are no fault: those asked for and those spoken most are kept."""

from dataclasses import replace
from datetime import date

import pytest

from marketwright.features.matching.building import both, without
from marketwright.features.matching.columns import Taxonomy, day_number, wanted_of
from marketwright.features.matching.feed import Place
from marketwright.features.matching.index import Full, index_of, renewed
from marketwright.features.matching.parts import LANGUAGES_MOST, missions_part, people_part
from marketwright.features.matching.texts import missions_words, people_words

from .factories import mission, person

TODAY = day_number(date(2026, 5, 4))
NONE = Taxonomy({}, (), {"en": ()}, (), ())
CODES = [f"{a}{b}" for a in "abcdefghij" for b in "abcdefghij"]


def people(*given):
    who = [person(one, languages=some) for one, some in given]
    return people_part(NONE, who, people_words(NONE, who), "EUR")


def missions(*given):
    some = [mission(one, languages=codes) for one, codes in given]
    return missions_part(NONE, some, missions_words(NONE, some), "EUR")


@pytest.fixture
def made():
    """A hundred languages in two runs, one of them spoken by two, and a mission that asks for the last of all."""
    first = people(*[(f"p{k}", (CODES[k],)) for k in range(50)])
    second = people(*[(f"q{k}", (CODES[50 + k],)) for k in range(50)], ("zoe", ("hh",)))
    return both([(first, None), (second, None)], [(missions(("m", (CODES[-1],))), None)], Place())


def asks(index, mission):
    wanted = wanted_of(index.missions.side, index.missions.side.number[mission], TODAY)
    return {code for code, bit in index.languages.items() if wanted.languages >> bit & 1}


def speaks(index, who):
    mask = int(index.people.side.languages[index.people.side.number[who]])
    return {code for code, bit in index.languages.items() if mask >> bit & 1}


def test_what_missions_ask_for_and_what_most_speak_is_kept(made):
    index = index_of(NONE, made.people, made.missions)
    assert len(index.people.languages) == LANGUAGES_MOST
    assert asks(index, "m") == speaks(index, "q49") == {CODES[-1]}
    assert speaks(index, "zoe") == speaks(index, "q27") == {"hh"}


def test_of_one_run_what_most_speak_is_kept():
    part = people(*[(f"p{k}", (CODES[k],)) for k in range(100)], ("zoe", (CODES[-1],)))
    assert len(part.meta["languages"]) == LANGUAGES_MOST
    assert CODES[-1] in part.meta["languages"]


def test_where_all_bits_are_taken_another_language_is_left_out_and_the_index_stays(made):
    index = index_of(NONE, made.people, made.missions)
    index = replace(index, people=renewed(index.people, {"p0"}, people(("p0", ("zz", CODES[-1])))))
    assert speaks(index, "p0") == {CODES[-1]}


def test_while_there_are_bits_another_language_makes_the_index_anew():
    made = both([(people(("p", ("en",))), None)], [(missions(("m", ())), None)], Place())
    with pytest.raises(Full):
        renewed(index_of(NONE, made.people, made.missions).people, {"q"}, people(("q", ("fr",))))


def test_a_mission_asks_for_no_language_that_was_left_out_of_those_who_stay(made):
    kept = [(made.people, without(made.people, ())), (people(), None)]
    later = [(made.missions, without(made.missions, ())), (missions(("n", ("zz", CODES[-1]))), None)]
    again = both(kept, later, Place(), made.people.meta["languages"])
    index = index_of(NONE, again.people, again.missions)
    assert asks(index, "n") == asks(index, "m") == {CODES[-1]}
    assert speaks(index, "q49") == {CODES[-1]}
