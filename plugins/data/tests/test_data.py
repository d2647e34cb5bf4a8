import json
from pathlib import Path

import pytest

import marketwright_data as pack
from marketwright_data.clauses import DataClauses

HERE = Path(pack.__file__).parent
DEMO = HERE / "demo"
FIELDS = {field.name: field for field in pack.register_fields({})}


def test_the_demo_tells_deals_on_the_own_course_in_eight_of_its_states():
    deals = json.loads((DEMO / "deals.json").read_text())
    assert len({deal["steps"][-1]["way"] for deal in deals if deal["steps"]}) >= 8


def test_the_brief_asks_for_sources_volume_sensitivity_and_data_of_persons():
    assert all(FIELDS[name].required for name in ("source_count", "volume", "sensitivity", "data_of_persons"))


def test_the_sources_by_name_are_private_and_never_a_search_filter():
    assert FIELDS["data_sources"].private
    assert not FIELDS["data_sources"].facet


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_clauses_speak_of_rights_quality_access_and_deletion(language):
    document = DataClauses({}, None).render({}, language)
    assert len(document.sections) == 4
    assert all(section.paragraphs for section in document.sections)
