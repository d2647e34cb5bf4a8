import re
from datetime import timedelta

import pytest

from marketwright.features.missions import pending, queries
from marketwright.kernel.actors import system
from marketwright.store.ring import Ring

pytestmark = pytest.mark.either_engine

TYPED = {
    "title": "Test our inner network", "description": "Find out how far somebody gets from a desk of ours. " * 3,
    "language": "en", "skills-0-key": "pen", "skills-0-kind": "must", "skills-0-level": "3", "budget_kind": "day_rate",
    "budget": "780", "duration_days": "12", "remote": "hybrid", "city": "Lille", "country": "FR", "languages": "fr",
    "visibility": "public", "named": "1", "questions": "First?\n- Second?", "confidential": "Secret.",
}  # fmt: skip


def mine(people):
    return people.read(lambda s: queries.missions_of(s, [people.organisation]))


def test_a_visitor_writes_a_brief_without_an_account(browse):
    assert browse().get("/missions/new").status_code == 200


def test_a_visitors_brief_waits_while_they_sign_up(people, browse):
    visitor = browse()
    answer = visitor.post("/missions/new", TYPED | {"do": "keep"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-up?side=client&next=/missions/new"
    visitor.sign_in(people.clara)
    page = visitor.get("/missions/new").text
    assert 'value="Test our inner network"' in page
    assert "Your brief is here, as you left it." in page


def test_a_brief_picked_up_again_becomes_a_mission_and_is_gone_from_the_browser(people, browse):
    visitor = browse()
    visitor.post("/missions/new", TYPED | {"do": "keep"})
    visitor.sign_in(people.clara)
    visitor.post("/missions/new", TYPED | {"do": "publish"})
    (mission,) = mine(people)
    assert (mission.state, mission.budget, mission.languages) == ("published", 78_000, ["fr"])
    assert people.read(lambda s: queries.questions(s, mission.id)) == ["First?", "Second?"]
    assert 'value="Test our inner network"' not in visitor.get("/missions/new").text


def test_an_unfinished_brief_is_kept_too(people, browse):
    visitor = browse()
    assert visitor.post("/missions/new", {"title": "Only a title", "do": "keep"}).status_code == 303
    visitor.sign_in(people.clara)
    assert 'value="Only a title"' in visitor.get("/missions/new").text


def test_a_refused_brief_of_a_visitor_is_found_again_after_they_left(people, browse):
    visitor = browse()
    assert visitor.post("/missions/new", {"title": "Only a title", "budget": "a lot", "do": "keep"}).status_code == 422
    visitor.sign_in(people.clara)
    page = visitor.get("/missions/new").text
    assert 'value="Only a title"' in page
    assert 'value="a lot"' in page


def test_pressing_a_list_button_keeps_a_visitors_words(people, browse):
    visitor = browse()
    visitor.post("/missions/new", {"title": "Only a title", "skills_new": "pentest", "skills_add": ""})
    page = visitor.get("/missions/new").text
    assert 'value="Only a title"' in page
    assert 'name="skills-0-key" value="pen"' in page


def test_somebody_without_an_organisation_goes_on_to_make_one(people, browse):
    visitor = browse(people.anna)
    answer = visitor.post("/missions/new", TYPED | {"do": "keep"})
    assert answer.headers["Location"].startswith("/organisations/new?next=/missions/new")


def test_another_browser_does_not_find_the_brief(people, browse):
    browse().post("/missions/new", TYPED | {"do": "keep"})
    assert "Test our inner network" not in browse(people.clara).get("/missions/new").text


@pytest.mark.both_engines
def test_the_browser_holds_a_token_that_the_database_does_not(people, browse):
    visitor = browse()
    visitor.post("/missions/new", TYPED | {"do": "keep"})
    token = visitor.client.get_cookie("testing-brief").value
    ring = people.house.ports.get(Ring)
    assert people.read(lambda s: pending.pending_brief(s, ring, token))["title"] == TYPED["title"]
    assert people.read(lambda s: pending.pending_brief(s, ring, token + "x")) is None
    stored = people.read(lambda s: s.execute(queries.select(pending.PendingBrief.sha256)).scalar())
    assert stored != token


def test_a_refused_brief_keeps_every_word(people, browse):
    visitor = browse(people.clara)
    typed = TYPED | {"budget": "a lot", "start_on": "soon", "do": "draft"}
    answer = visitor.post("/missions/new", typed)
    assert answer.status_code == 422
    for kept in ('value="a lot"', 'value="soon"', "First?\n- Second?", "Secret.", 'value="pen"'):
        assert kept in answer.text, kept
    assert mine(people) == []


def test_publishing_an_incomplete_brief_says_what_is_lacking_and_stores_nothing(people, browse):
    answer = browse(people.clara).post("/missions/new", TYPED | {"budget": "", "do": "publish"})
    assert answer.status_code == 422
    assert "Say a budget" in answer.text
    assert mine(people) == []


def test_a_draft_may_be_kept_incomplete(people, browse):
    browse(people.clara).post("/missions/new", {"title": "A thought", "do": "draft"})
    assert [(m.title, m.state) for m in mine(people)] == [("A thought", "draft")]


def test_six_questions_are_too_many(people, browse):
    answer = browse(people.clara).post("/missions/new", TYPED | {"questions": "a\nb\nc\nd\ne\nf", "do": "draft"})
    assert answer.status_code == 422
    assert "At most 5 questions" in answer.text


@pytest.mark.parametrize("amount", ["0", "-5", "1e3", "NaN", "٤", "1,000,000,000,000"])
def test_amounts_that_are_none_are_refused(people, browse, amount):
    answer = browse(people.clara).post("/missions/new", TYPED | {"budget": amount, "do": "draft"})
    assert answer.status_code == 422
    assert "f-budget-error" in answer.text


@pytest.mark.both_engines
def test_an_edit_goes_through_the_same_form(people, browse):
    mission = people.published()
    visitor = browse(people.clara)
    page = visitor.get(f"/missions/{mission}/edit").text
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    visitor.post(f"/missions/{mission}/edit", TYPED | {"budget": "900", "do": "draft", "version": version})
    assert people.mission(mission).budget == 90_000


def test_an_edit_that_comes_too_late_keeps_what_was_typed(people, browse):
    mission = people.published()
    typed = TYPED | {"budget": "900", "do": "draft", "version": "0"}
    answer = browse(people.clara).post(f"/missions/{mission}/edit", typed)
    assert answer.status_code == 422
    assert "Somebody changed this mission" in answer.text
    assert "One answer needs another look" not in answer.text
    assert 'value="900"' in answer.text
    assert people.mission(mission).budget == 78_000


def kept_since(people, token, age):
    """Whether a brief is still there after a sweep, last touched ``age`` ago."""
    with people.house.database.unit(system("test")) as uow:
        uow.session.get(pending.PendingBrief, pending._hash(token)).updated_at = uow.machine_now - age
        uow.flush()
        pending.sweep_briefs(uow)
        uow.commit()
    return people.read(lambda s: pending.pending_brief(s, people.house.ports.get(Ring), token)) is not None


@pytest.mark.both_engines
def test_briefs_that_nobody_came_back_to_are_forgotten(people, browse):
    visitor = browse()
    visitor.post("/missions/new", TYPED | {"do": "keep"})
    token = visitor.client.get_cookie("testing-brief").value
    assert kept_since(people, token, pending.KEPT - timedelta(days=1))
    assert not kept_since(people, token, pending.KEPT + timedelta(days=1))


def test_a_brief_may_be_thrown_away(people, browse):
    visitor = browse()
    visitor.post("/missions/new", TYPED | {"do": "keep"})
    visitor.post("/missions/new/discard")
    assert "Test our inner network" not in visitor.get("/missions/new").text
