import csv
import json
from itertools import combinations
from pathlib import Path

import pytest

import marketwright_ai as pack
from marketwright_ai import fields
from marketwright_ai.clauses import AiClauses
from marketwright_ai.course import EVALUATION

HERE = Path(pack.__file__).parent
DEMO = HERE / "demo"


def skills():
    with (HERE / "taxonomy" / "skills.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def people():
    return [person for file in sorted((DEMO / "people").glob("*.json")) for person in json.loads(file.read_text())]


def missions():
    return json.loads((DEMO / "missions.json").read_text())


def fives(text):
    words = text.casefold().split()
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


def worst_share(texts):
    sequences = [fives(t) for t in texts]
    return max(len(a & b) / min(len(a), len(b)) for a, b in combinations([s for s in sequences if s], 2))


def test_the_taxonomy_names_more_than_two_hundred_skills_in_both_languages():
    rows = skills()
    assert len(rows) >= 200
    assert all(row["label_en"] and row["label_fr"] for row in rows)


def test_every_broader_skill_of_the_taxonomy_exists():
    keys = {row["key"] for row in skills()}
    assert {row["broader"] for row in skills() if row["broader"]} <= keys


def test_the_demo_has_three_hundred_people_and_sixty_missions_in_both_languages():
    assert len(people()) >= 300
    assert len(missions()) >= 60
    for one in (people(), missions()):
        french = sum(1 for p in one if p["language"] == "fr")
        assert 0.4 < french / len(one) < 0.6


def test_the_demo_tells_deals_on_the_own_course_in_eight_of_its_states():
    deals = json.loads((DEMO / "deals.json").read_text())
    assert {d["mission"] for d in deals} <= {m["key"] for m in missions() if m["state"] != "draft"}
    ways = [step["way"] for deal in deals for step in deal["steps"]]
    assert set(ways) <= {t.name for t in EVALUATION.transitions}
    assert len({deal["steps"][-1]["way"] for deal in deals if deal["steps"]}) >= 8


def test_demo_people_and_missions_use_skills_of_the_taxonomy_alone():
    keys = {row["key"] for row in skills()}
    used = {s["skill"] for p in people() for s in p["skills"]}
    used |= {s for m in missions() for s in m["must"] + m["nice"]}
    assert used <= keys


def test_demo_people_and_missions_fill_the_fields_of_the_pack_alone():
    known = {"mission": {f.name for f in fields.MISSION}, "profile": {f.name for f in fields.PROFILE}}
    assert {name for m in missions() for name in m["fields"]} <= known["mission"]
    assert {name for p in people() for name in p["fields"]} <= known["profile"]


def test_no_two_bios_share_more_than_a_third_of_their_five_word_sequences():
    assert worst_share([p["bio"] for p in people()]) < 1 / 3


def test_no_two_briefs_share_more_than_a_third_of_their_five_word_sequences():
    assert worst_share([m["description"] for m in missions()]) < 1 / 3


def test_what_is_said_of_the_test_set_is_private_and_never_a_search_filter():
    note = next(f for f in pack.register_fields({}) if f.name == "test_set_note")
    assert note.private
    assert not note.facet


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_contract_on_another_course_names_no_annex_that_it_does_not_have(language):
    brief = {"mission": {"fields": {"ai_task": "language", "test_set_holder": "client"}}}
    annexed = brief | {"deliverables": [{"name": "ai.evaluation"}]}
    with_annex, without = (said(AiClauses({}, None).render(t, language)) for t in (annexed, brief))
    assert "annex" in with_annex
    assert "annex" not in without


def said(document):
    return " ".join(p for s in document.sections for p in (s.heading, *s.paragraphs))
