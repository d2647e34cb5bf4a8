"""Cards are kept as text in the lists, and what changes shows with the very next page."""


import pytest
from sqlalchemy import event, update

from marketwright.features.accounts.tables import Account, Organisation
from marketwright.features.missions import service as missions
from marketwright.features.profiles import claiming
from marketwright.features.profiles import service as profiles
from marketwright.features.profiles.claims import ClaimDraft
from marketwright.theming.brand import Brand
from marketwright.web.fragments import FRAGMENTS

pytestmark = pytest.mark.either_engine


@pytest.fixture
def scene(market, browse):
    market.ada = market.person("Ada Lovelace", "web")
    market.one = market.mission("A web test")
    for path in ("/freelancers", "/missions"):
        browse().get(path)
    return market


@pytest.fixture
def cards_read(house):
    """The statements that read whole cards."""
    found = []

    def note(_connection, _cursor, statement, *_rest):
        if "claims.level" in statement or "mission_skills.must" in statement:
            found.append(statement)

    event.listen(house.database.reads, "before_cursor_execute", note)
    yield found
    event.remove(house.database.reads, "before_cursor_execute", note)


def keys(app):
    return list(app.extensions[FRAGMENTS]._texts)


def set_name(uow, table, id_, name):
    uow.session.execute(update(table).where(table.id == id_).values(name=name))


@pytest.mark.parametrize("path", ["/freelancers", "/missions"])
def test_a_card_seen_before_is_not_read_again(scene, browse, cards_read, path):
    page = browse().get(path).text
    assert '<li class="result">' in page
    assert cards_read == []


@pytest.mark.parametrize("path", ["/freelancers", "/missions"])
def test_the_kept_card_is_the_card_that_was_made(scene, browse, app, path):
    kept = browse().get(path).text
    app.extensions[FRAGMENTS]._texts.clear()
    made = browse().get(path).text
    assert _list(kept) == _list(made) != ""


def _list(page):
    return page.partition('<ul class="results">')[2].partition("</section>")[0]


@pytest.mark.both_engines
def test_a_changed_profile_shows_at_once(scene, browse):
    given = {"bio": "", "language": "en", "city": "Lille", "country": "FR"}
    scene.write(profiles.describe, profile=scene.ada, headline="Reads what others wrote", **given)
    assert "Reads what others wrote" in browse().get("/freelancers").text


@pytest.mark.both_engines
def test_changed_claims_and_reviews_show_at_once(scene, browse):
    drafts = [ClaimDraft("skill", skill_id="forensics", level=3, years=None)]
    scene.write(claiming.replace_claims, profile=scene.ada, claims=drafts)
    scene.write(profiles.set_rating, profile=scene.ada, stars=9, count=2)
    card = _list(browse().get("/freelancers").text)
    assert "Digital forensics" in card
    assert "Web application pentest" not in card
    assert "4.5" in card


@pytest.mark.both_engines
def test_another_name_shows_at_once(scene, browse):
    scene.write(set_name, table=Account, id_=scene.ada, name="Ada King")
    assert "Ada King" in _list(browse().get("/freelancers").text)


def test_who_is_hidden_or_suspended_is_not_served_from_what_is_kept(scene, browse, house):
    bo = scene.person("Bo Lind", "web")
    assert "Bo Lind" in browse().get("/freelancers").text

    def suspend(uow):
        values = {"suspended_at": uow.now, "suspension_reason": "A test."}
        uow.session.execute(update(Account).where(Account.id == bo).values(**values))

    scene.write(suspend)
    scene.write(profiles.hide, profile=scene.ada)
    page = browse().get("/freelancers").text
    assert "Bo Lind" not in page
    assert "Ada Lovelace" not in page


@pytest.mark.both_engines
def test_a_changed_mission_shows_at_once_and_a_closed_one_no_more(scene, browse):
    scene.write(set_name, table=Organisation, id_=scene.organisation, name="Ravel and Sons")
    assert "Ravel and Sons" in _list(browse().get("/missions").text)
    scene.write(missions.pause, mission=scene.one)
    assert "A web test" not in browse().get("/missions").text


@pytest.mark.both_engines
def test_each_language_has_its_own_card(scene, browse):
    assert "Test d'intrusion web" in browse().get("/fr/freelancers").text.replace("&#39;", "'")
    assert "Web application pentest" in browse().get("/freelancers").text


def test_visitors_members_and_staff_have_their_own_cards(scene, browse, app):
    for account in ("", scene.owner, scene.staff("moderator")):
        browse(account).get("/freelancers")
    assert {k.audience for k in keys(app) if k.kind == "freelancer"} == {"anonymous", "member", "staff"}


def test_a_card_is_the_same_whoever_of_the_members_looks(scene, browse, app):
    other = scene.account("Somebody else")
    browse(scene.owner).get("/freelancers")
    before = len(keys(app))
    assert "Ada Lovelace" in browse(other).get("/freelancers").text
    assert len(keys(app)) == before


@pytest.mark.plugins("core_matching")
def test_theme_brand_and_plugins_are_part_of_the_key(scene, app, house):
    [key] = [k for k in keys(app) if k.kind == "freelancer"]
    assert house.ports.get(Brand).stamp in key.dress
    assert key.plugins == ("core_matching",)


def test_a_skill_that_was_asked_for_stands_first_on_another_card(scene, browse):
    assert "chip hit" in _list(browse().get("/freelancers?skill=web").text)
    assert "chip hit" not in _list(browse().get("/freelancers").text)
