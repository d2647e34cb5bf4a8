"""docs/invoices.md: its pack is one, its table is what country_fr says."""

import re
from datetime import date
from pathlib import Path

import pytest

import marketwright.plugin as door
from marketwright.plugin import Place, Supply
from marketwright.strategies.countries import faults_of
from marketwright.testing import CountryConformance
from marketwright_country_fr.pack import FRANCE

TEXT = (Path(__file__).parents[2] / "docs" / "invoices.md").read_text()
PARTS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
ROWS = re.findall(r"^\| (standard|franchise|none) \| (\w+) \| (yes|no) \| (\w+) \|(.*)\|$", TEXT, re.MULTILINE)


def test_the_pack_of_the_page_is_complete():
    at_hand = {**vars(door), "CountryConformance": CountryConformance}
    for part in PARTS:
        exec(part, at_hand)
    assert faults_of(at_hand["pack"]) == []
    assert at_hand["TestMyCountry"].countries() == [at_hand["pack"]]


def test_the_table_of_the_page_is_there():
    assert len(ROWS) == 11


@pytest.mark.parametrize(("regime", "place", "number", "category", "mention"), ROWS)
def test_each_row_of_the_table_is_what_the_pack_decides(regime, place, number, category, mention):
    row = FRANCE.decide(Supply(regime, Place(place), number == "yes"))
    texts = [m.text("fr") for m in FRANCE.mentions_for(tags=(), named=row.mention, on=date(2026, 11, 28))]
    assert (row.category, texts) == (category, [mention.strip()] if mention.strip() else [])
