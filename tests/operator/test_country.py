"""The console's page Country: what the pack says in the reader's words, and what no pack covers."""

import pytest


@pytest.mark.plugins("standard_contracts", "evidence", "sandbox", "country_fr")
def test_the_pack_is_said_in_words_with_the_issuer_filled_in(house, staff, browse):
    page = browse(staff["admin"]).get("/console/country").text
    assert "the customer declares it" in page
    assert "Fixed hours" in page
    assert "{issuer}" not in page


@pytest.mark.plugins("standard_contracts", "evidence", "sandbox", "country_fr")
def test_a_duty_that_no_gate_asks_for_is_pointed_at(house, staff, browse):
    assert "A duty that nothing asks for" in browse(staff["admin"]).get("/console/country").text


def test_without_a_pack_it_says_what_is_not_covered(house, staff, browse):
    page = browse(staff["admin"]).get("/console/country").text
    assert "Not covered" in page
    assert "no invoice is issued" in page
