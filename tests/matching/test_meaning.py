"""An embedder joins the ranking like any criterion; its vectors are kept with their model and made anew by a job."""

import re
from types import ModuleType

import pytest
from sqlalchemy import select

from marketwright.app import build_house, create_app
from marketwright.features.matching.meaning import renew, stale
from marketwright.features.matching.tables import Embedding
from marketwright.features.profiles import service as profiles
from marketwright.hooks.manager import load_plugins
from marketwright.hooks.manifest import Manifest
from marketwright.hooks.marker import hookimpl
from marketwright.kernel.errors import BadSetting, PluginFailed
from marketwright.testing import EmbedderConformance, WordsEmbedder
from marketwright.testing.plugin import with_plugins

from .conftest import Market, make_skills


class TestTheDouble(EmbedderConformance):
    strategy = WordsEmbedder


def module(name="reader", kind=WordsEmbedder):
    made = ModuleType(name)
    made.manifest = Manifest(name=name, summary="Reads.")

    @hookimpl
    def register_embedders(settings):
        return [kind]

    made.register_embedders = register_embedders
    return made


@pytest.fixture
def built(marketplace):
    """A house with the embedder and the criterion, and its market."""
    made = build_house(with_plugins(marketplace, "core_matching", "more_criteria", "reader"), {"reader": module()})
    market = Market(made)
    market.write(make_skills)
    market.organisation, market.owner = market.client()
    yield market
    made.database.dispose()


@pytest.fixture
def visit(built):
    from marketwright.testing.browse import Browse

    app = create_app(built.house.marketplace, built.house)
    app.testing = True
    return lambda account="": Browse(app).sign_in(account) if account else Browse(app)


def vectors(house):
    with house.database.reading() as session:
        rows = session.execute(select(Embedding.kind, Embedding.owner, Embedding.version, Embedding.digest))
        return {(kind, owner): (version, digest) for kind, owner, version, digest in rows}


def seen(house):
    return house.plugins.embedder.it.seen


def test_who_is_near_in_meaning_comes_first_with_a_reason_for_both_sides(built, visit):
    ada = built.person("Ada Lovelace", "web", headline="Hospital networks", bio="Laboratories of a hospital.")
    built.person("Bo Lind", "web", headline="Ships", bio="Harbours.")
    one = built.mission("A hospital network", description="Laboratories of a hospital network. " * 3)
    before = visit(built.owner).get(f"/missions/{one}/matches").text
    assert before.count("Not compared in meaning yet") == 2
    built.house.worker.handlers["matching.embed"](None)
    page = visit(built.owner).get(f"/missions/{one}/matches").text
    assert page.index("Ada Lovelace") < page.index("Bo Lind")
    assert "Speaks of other things than the brief" in page
    assert "Speaks of the same as the brief" in visit(ada).get("/me/matches").text
    assert "Meaning" in visit().get("/how-we-rank").text


def test_shortlist_and_comparison_show_the_scores_of_the_matches_page(built, visit):
    ada = built.person("Ada Lovelace", "web", headline="Hospital networks", bio="Laboratories of a hospital.")
    bo = built.person("Bo Lind", "web", headline="Ships", bio="Harbours.")
    one = built.mission("A hospital network", description="Laboratories of a hospital network. " * 3)
    built.house.worker.handlers["matching.embed"](None)
    me = visit(built.owner)
    for who in (ada, bo):
        me.post(f"/missions/{one}/shortlist/add", {"freelancer": who})
    scores = sorted(re.findall(r'class="value">(\d+)<', me.get(f"/missions/{one}/matches").text))
    compared = me.get(f"/missions/{one}/compare?with={ada}&with={bo}").text
    assert len(set(scores)) == 2
    assert sorted(re.findall(r"(\d+) of 100", me.get(f"/missions/{one}/shortlist").text)) == scores
    assert sorted(re.findall(r"(\d+) of 100", compared)) == scores
    assert "Not compared in meaning yet" not in compared


def test_vectors_are_made_anew_when_the_text_changes_and_only_then(built):
    ada = built.person("Ada Lovelace", "web", headline="Hospital networks")
    assert renew(built.house) == 1
    assert renew(built.house) == 0
    built.write(profiles.offer, profile=ada, day_rate=99000, available_from=None, days_a_week=4, remote="remote")
    asked = len(seen(built.house))
    renew(built.house)
    assert len(seen(built.house)) == asked
    built.write(profiles.describe, profile=ada, headline="Ships", bio="", language="en", city="", country="FR")
    renew(built.house)
    assert seen(built.house)[asked:] == ["Ships"]


def test_who_is_edited_while_the_embedder_reads_is_read_again(built, monkeypatch):
    ada = built.person("Ada Lovelace", "web", headline="Hospital networks")
    plain = WordsEmbedder.embed

    def slow(self, texts):
        found = plain(self, texts)
        monkeypatch.setattr(WordsEmbedder, "embed", plain)
        built.write(profiles.describe, profile=ada, headline="Ships", bio="", language="en", city="", country="FR")
        return found

    monkeypatch.setattr(WordsEmbedder, "embed", slow)
    assert [renew(built.house) for _ in range(3)] == [1, 1, 0]
    assert seen(built.house)[-1] == "Ships"


def test_a_new_version_of_the_model_makes_them_all_anew(built, monkeypatch):
    ada = built.person("Ada Lovelace", "web")
    renew(built.house)
    monkeypatch.setattr(WordsEmbedder, "version", "2")
    with built.house.database.reading() as session:
        assert [s.owner for s in stale(session, built.house.plugins.embedder.it)] == [ada]
    renew(built.house)
    assert vectors(built.house)["person", ada][0] == "2"


def test_an_embedder_that_answers_nonsense_is_named_and_nothing_is_kept(built, monkeypatch):
    built.person("Ada Lovelace", "web")
    monkeypatch.setattr(WordsEmbedder, "embed", lambda self, texts: [[float("nan")] * 128])
    with pytest.raises(PluginFailed, match="reader"):
        renew(built.house)
    assert vectors(built.house) == {}


def test_two_embedders_are_refused_by_name():
    with pytest.raises(BadSetting, match="'one' and 'other' bring an embedder"):
        load_plugins(["one", "other"], {}, lambda m, s: None, {"one": module("one"), "other": module("other")})


@pytest.mark.plugins("core_matching", "more_criteria")
def test_without_an_embedder_meaning_takes_no_share(house, browse):
    assert "semantic" not in {e.it.name for e in house.plugins.matching_criteria}
    assert "Meaning" not in browse().get("/how-we-rank").text
