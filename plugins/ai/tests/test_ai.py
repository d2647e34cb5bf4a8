import json
from pathlib import Path

import pytest

import marketwright_ai as pack
from marketwright_ai.clauses import AiClauses

HERE = Path(pack.__file__).parent
DEMO = HERE / "demo"


def test_the_demo_tells_deals_on_the_own_course_in_eight_of_its_states():
    deals = json.loads((DEMO / "deals.json").read_text())
    assert len({deal["steps"][-1]["way"] for deal in deals if deal["steps"]}) >= 8


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
