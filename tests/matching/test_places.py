import json
from pathlib import Path

import pytest

from marketwright.features.matching.places import country, town

DEMO = Path(__file__).parents[2] / "plugins" / "cybersecurity" / "marketwright_cybersecurity" / "demo"


@pytest.mark.parametrize(("typed", "name"), [
    ("saint etienne", "Saint-Étienne"), ("GAND", "Gent"), ("zurich", "Zürich"), ("Lodz", "Łódź"), ("Munich", "München"),
    ("kobenhavn", "København"),
])  # fmt: skip
def test_a_town_is_found_without_accents_and_in_other_languages(typed, name):
    assert town(typed).name == name


def test_a_name_that_two_countries_share_follows_the_country():
    assert town("Fribourg", "CH").longitude == pytest.approx(7.16)
    assert town("Valence", "FR").latitude == pytest.approx(44.93)
    assert town("Valence", "ES").latitude == pytest.approx(39.47)


@pytest.mark.parametrize(("typed", "country_", "latitude", "longitude"), [
    ("Vaulx-en-Velin", "FR", 45.78, 4.92), ("Bad Homburg vor der Höhe", "DE", 50.23, 8.62),
    ("Tokyo", "JP", 35.69, 139.69), ("Sint-Niklaas", "BE", 51.17, 4.14), ("Saint-Denis", "RE", -20.88, 55.45),
])  # fmt: skip
def test_smaller_towns_of_europe_and_the_cities_of_the_world_are_known(typed, country_, latitude, longitude):
    found = town(typed, country_)
    assert (found.latitude, found.longitude) == (pytest.approx(latitude, abs=0.05), pytest.approx(longitude, abs=0.05))


def test_a_name_that_several_countries_have_means_the_larger_town_where_none_is_given():
    assert town("London").country == "GB"
    assert town("Paris").country == "FR"


def test_a_town_that_is_not_there_is_nowhere():
    assert town("Nowhere at all") is None


@pytest.mark.parametrize("typed", ["Germany", "allemagne", "ALLEMAGNE"])
def test_a_country_is_found_in_both_languages(typed):
    assert country(typed) == "DE"


def test_every_town_of_the_demo_is_known():
    files = [*DEMO.glob("people/*.json"), DEMO / "missions.json", DEMO / "organisations.json"]
    places = {(p["city"], p["country"]) for f in files for p in json.loads(f.read_text()) if p.get("city")}
    assert [p for p in sorted(places) if town(*p) is None] == []
