"""The index of a process is renewed row by row, and is always the one that is made from nothing."""

from dataclasses import replace

import pytest
from sqlalchemy import text, update

from marketwright.features.accounts.tables import Account
from marketwright.features.matching import feed, texts
from marketwright.features.matching.asking import Ask
from marketwright.features.matching.renewing import Indexes
from marketwright.features.matching.search import search_people
from marketwright.features.profiles import claiming
from marketwright.features.profiles import service as profiles
from marketwright.features.profiles.claims import ClaimDraft

WORDS = ("pentest", "cloud", "lyon", "ada", "embedded", "audit applicatif", "noor", "zzz")


@pytest.fixture
def three(market):
    """Ada, Bo and Noor, and an index that has seen them."""
    market.person("Ada", "web")
    market.person("Bo", "cloud", city="Lyon")
    market.person("Noor", "forensics")
    return market


@pytest.fixture
def indexes(three):
    made = Indexes("EUR")
    answers(three, made)
    return made


def answers(market, indexes):
    with market.house.database.reading() as session:
        index = indexes.current(session)
        return {q: search_people(index, Ask(q=q), market.today).page(1) for q in WORDS}


def edit(market, name, headline, city="Lyon"):
    market.write(profiles.describe, profile=market.people[name], headline=headline, bio="", language="en", city=city,
                 country="FR")  # fmt: skip


def claim(market, name, *skills):
    market.write(claiming.replace_claims, profile=market.people[name],
                 claims=[ClaimDraft("skill", skill_id=s) for s in skills])  # fmt: skip


def test_an_edited_profile_is_found_by_its_new_words_and_no_longer_by_the_old(three, indexes):
    edit(three, "Bo", "Embedded systems", city="Nantes")
    found = answers(three, indexes)
    assert found == answers(three, Indexes("EUR"))
    assert (found["embedded"], found["lyon"]) == ([three.people["Bo"]], [])


def test_somebody_new_among_the_others_moves_nobodys_words(three, indexes):
    three.person("Aaron", "web", city="Lyon")
    found = answers(three, indexes)
    assert found == answers(three, Indexes("EUR"))
    assert set(found["audit applicatif"]) == {three.people["Aaron"], three.people["Ada"]}


def test_a_changed_claim_is_found_at_once(three, indexes):
    claim(three, "Noor", "cloud")
    found = answers(three, indexes)
    assert found == answers(three, Indexes("EUR"))
    assert three.people["Noor"] in found["cloud"]


def test_who_is_suspended_leaves_the_index(three, indexes):
    who = update(Account).where(Account.id == three.people["Ada"])
    three.write(lambda uow: uow.session.execute(who.values(suspended_at=uow.now, suspension_reason="fraud")))
    found = answers(three, indexes)
    assert found == answers(three, Indexes("EUR"))
    assert found["ada"] == []


def test_only_the_words_of_who_changed_are_read_again(three, indexes, monkeypatch):
    read, person = [], texts._person
    monkeypatch.setattr(texts, "_person", lambda taxonomy, p: read.append(p.name) or person(taxonomy, p))
    edit(three, "Bo", "Embedded systems")
    answers(three, indexes)
    assert read == ["Bo"]


def test_what_began_earlier_and_ends_later_than_what_was_read_is_not_missed(three, indexes):
    writes = three.house.database.writes
    if writes.dialect.name == "sqlite":
        pytest.skip("one writes after the other here")
    renamed = text("UPDATE profiles SET headline = :said WHERE id = :who")
    with writes.connect() as slow:
        slow.begin()
        slow.execute(renamed, {"said": "Embedded systems", "who": three.people["Bo"]})
        edit(three, "Ada", "Embedded audits")
        assert answers(three, indexes)["embedded"] == [three.people["Ada"]]
        slow.commit()
    assert set(answers(three, indexes)["embedded"]) == {three.people["Ada"], three.people["Bo"]}


def test_a_place_of_another_server_is_lost(three):
    with three.house.database.reading() as session:
        place = feed.now(session)
        assert not feed.is_lost(session, place)
        assert feed.is_lost(session, replace(place, horizon=2**40, newest=2**40))
        ahead = replace(place, horizon=2**40)
        assert feed.is_lost(session, ahead) is (session.get_bind().dialect.name == "postgresql")
