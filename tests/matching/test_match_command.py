"""``marketwright match explain``: one match in words, also where nothing ranks."""

import json

import pytest
from click.testing import CliRunner

from marketwright.app import open_house
from marketwright.cli import group
from marketwright.features.matching.explaining import explain
from marketwright.settings.loader import load_marketplace
from marketwright.web.i18n import speaking

from .conftest import Market, make_skills
from .criteria import criterion


@pytest.fixture(scope="module")
def unranked(tmp_path_factory):
    """``marketwright match explain`` on a marketplace without a matching criterion, for the one who is there."""
    folder = tmp_path_factory.mktemp("unranked")
    text = 'plugins = []\n\n[marketplace]\nname = "Testing"\nslug = "testing"\n'
    (folder / "marketplace.toml").write_text(text)
    assert CliRunner().invoke(group, ["-C", str(folder), "db", "upgrade"]).exit_code == 0
    market = Market(open_house(load_marketplace(folder)))
    market.write(make_skills)
    market.organisation, market.owner = market.client()
    ada, one = market.person("Ada Lovelace", "web"), market.mission()
    return lambda *words: CliRunner().invoke(group, ["-C", str(folder), "match", "explain", one, ada, *words]).output


def test_where_nothing_ranks_it_says_so_instead_of_a_score(unranked):
    said = unranked()
    assert said.startswith("Ada Lovelace: fits.\n\nNobody is ranked: no criterion that weighs anything works.")
    assert "Who fits (1) is everybody in the lists." in said
    assert "of 100" not in said


def test_where_nothing_ranks_the_data_has_no_score_and_no_place(unranked):
    found = json.loads(unranked("--json"))
    assert [found[name] for name in ("ranks", "score", "exact", "place", "of")] == [False, None, None, None, 1]


@pytest.mark.plugins("core_matching")
def test_where_what_weighs_breaks_the_gates_that_decide_are_named(market, house):
    ada, bo, one = market.person("Ada Lovelace", "web"), market.person("Bo Lind", "web", years=1), market.mission()
    gate = criterion(lambda c: c.p["years"] * 0 + 1, "years", weight=0.0, gate=lambda c: c.p["years"] > 5)
    moonphase = criterion(lambda c: 1 / 0, "moonphase")
    del type(moonphase.it).gate  # it brings none of its own
    house.plugins.matching_criteria = (gate, moonphase)
    with house.database.reading() as session, speaking("en"):
        fits, not_ = (explain(house, session, one, who, "en") for who in (ada, bo))
    assert (fits.ranks, fits.gates, fits.score, fits.place, fits.of) == (False, ["Years"], None, None, 1)
    assert [one for one, _ in fits.broken] == ["moonphase"]
    assert (fits.blocked, [what for what, _ in not_.blocked]) == ([], ["Years:"])
