import re
from datetime import date, timedelta

import pytest
from sqlalchemy import event
from werkzeug.datastructures import MultiDict

from marketwright.features.accounts.tables import Account
from marketwright.features.matching.asking import Ask, Reader
from marketwright.features.matching.index import make_index, taxonomy_of
from marketwright.features.matching.loading import SkillData
from marketwright.features.matching.search import MISSION_SORTS, PEOPLE_SORTS, search_missions, search_people
from marketwright.features.missions import service as missions
from marketwright.features.profiles import service as profiles
from marketwright.settings.marketplace import Access, Stage
from marketwright.strategies.fields import Field, FieldForm

from .factories import person

pytestmark = pytest.mark.either_engine

TODAY = date(2026, 5, 4)
NAMES = ("offensive", "pentest", "web", "cloud", "forensics")
LABELS = ("Offensive security", "Penetration testing", "Web application pentest", "Cloud security", "Digital forensics")
OTHERS = ("ethical hacking", "pen testing", "audit applicatif", "sécurité du cloud", "post-mortem analysis")
TREE = taxonomy_of(
    SkillData(
        [(n, label, label) for n, label in zip(NAMES, LABELS, strict=True)],
        {n: [label, other] for n, label, other in zip(NAMES, LABELS, OTHERS, strict=True)},
        {"pentest": ["offensive"], "web": ["pentest"]},
    )
)
ADA = person("Ada", [("web", 4, 9), ("forensics", None, None)], ("en", "fr"), rate=90000, available_from=TODAY,
             headline="Pentests for hôpitaux", bio="Réseaux hospitaliers.", claimed=4, proved=0)  # fmt: skip
BO = person("Bo", [("cloud", 3, 2)], ("en",), city="Lyon", remote="remote", rate=50000,
            available_from=TODAY + timedelta(days=60), claimed=3, proved=1)  # fmt: skip
CY = person("Cy", [("pentest", None, None)], ("nl",), city="Gent", country="BE", remote="onsite", rate=None,
            available_from=None, claimed=2, proved=0, documents=1)  # fmt: skip
INDEX = make_index(TREE, [ADA, BO, CY], [], "EUR")


def people(**asked):
    return " ".join(search_people(INDEX, Ask(**asked), TODAY).page(1))


@pytest.mark.parametrize(("text", "names"), [
    ("hopital", "Ada"), ("réseau hospitalier", "Ada"), ("audits applicatifs", "Ada"), ("pen testing", "Ada Cy"),
    ("post mortem analysis", "Ada"), ("Bo", "Bo"), ("securite du cloud", "Bo"), ("offensive security", "Ada Cy"),
    ("nobody writes this", ""),
])  # fmt: skip
def test_words_find_people_by_text_and_by_any_name_of_their_skills(text, names):
    assert sorted(people(q=text).split()) == names.split()


@pytest.mark.parametrize(("asked", "names"), [
    ({"skills": ("web",)}, "Ada"),
    ({"skills": ("pentest",)}, "Ada Cy"),
    ({"skills": ("pentest", "forensics")}, "Ada"),
    ({"rate_to": 60000}, "Bo"),
    ({"rate_from": 60000, "rate_to": 90000}, "Ada"),
    ({"place": "paris"}, "Ada"),
    ({"place": "Gand"}, "Cy"),
    ({"place": "Belgique"}, "Cy"),
    ({"place": "Villeurbanne", "km": 50}, "Bo"),
    ({"remote": ("remote", "onsite")}, "Bo Cy"),
    ({"languages": ("fr", "nl")}, "Ada Cy"),
    ({"free": TODAY}, "Ada"),
    ({"free": TODAY + timedelta(days=90)}, "Ada Bo"),
    ({"proof": ("checked",)}, "Bo"),
    ({"proof": ("document",)}, "Bo Cy"),
    ({"proof": ("half",)}, ""),
    ({"skills": ("no-such-skill",)}, ""),
    ({"languages": ("xx",)}, ""),
])  # fmt: skip
def test_each_filter_leaves_who_fits(asked, names):
    assert sorted(people(**asked).split()) == names.split()


@pytest.mark.parametrize(("place", "names"), [
    ("London", "in-London"), ("Lyon", "in-Lyon on-the-Rhone"), ("Nowhere", "in-Nowhere"), ("Nowh", ""),
])  # fmt: skip
def test_the_name_of_a_town_decides_only_where_nobody_knows_where_it_is(place, names):
    towns = [("in-London", "London", "GB"), ("in-Ontario", "London", "CA"), ("in-Lyon", "Lyon", "FR"),
             ("in-the-forest", "Lyons-la-Forêt", "FR"), ("on-the-Rhone", "Lyon sur le Rhône", "FR"),
             ("in-Kansas", "Lyon by the river", "US"), ("in-Nowhere", "Nowhere Falls", "US")]  # fmt: skip
    index = make_index(TREE, [person(n, city=city, country=country) for n, city, country in towns], [], "EUR")
    found = search_people(index, Ask(place=place, km=50), TODAY)
    assert sorted(found.page(1)) == names.split()


@pytest.mark.parametrize(("sort", "names"), [
    ("rate_up", "Bo Ada Cy"), ("rate_down", "Ada Bo Cy"), ("free", "Ada Bo Cy"), ("best", "Bo Ada Cy"),
])  # fmt: skip
def test_what_is_unknown_comes_last_in_every_sort(sort, names):
    assert people(sort=sort) == names


@pytest.fixture
def three(market):
    market.person("Ada Lovelace", "web")
    market.person("Bo Lind", "cloud", remote="remote")
    market.person("Cy Roux", "pentest", remote="onsite")
    return market


def listed(market):
    return market.names(search_people(market.index(), Ask(), market.today).page(1))


@pytest.mark.both_engines
def test_somebody_who_hides_is_gone_at_once(three):
    assert "Bo Lind" in listed(three)
    three.write(profiles.hide, profile=three.people["Bo Lind"])
    assert "Bo Lind" not in listed(three)


@pytest.mark.both_engines
def test_somebody_who_is_suspended_is_gone_at_once(three):
    def suspend(uow):
        row = uow.session.get(Account, three.people["Bo Lind"])
        row.suspended_at, row.suspension_reason = uow.now, "test"

    assert "Bo Lind" in listed(three)
    three.write(suspend)
    assert "Bo Lind" not in listed(three)


def test_a_choice_is_counted_as_if_it_were_picked(three, browse):
    page = browse().get("/freelancers?remote=remote").text
    box = re.search(r'name="remote" value="onsite".*?class="count">([^<]+)<', page, re.S)
    assert box[1] == "1"


def titles(market, visible=None, **asked):
    index = market.index()
    mask = index.missions.shown if visible is None else visible
    found = search_missions(index, Ask(**asked), mask)
    return found.page(1)


def test_missions_are_found_by_skill_budget_and_length(market):
    one = market.mission("Web test", must=("web",), budget=90000, duration_days=5)
    two = market.mission("Cloud review", must=("cloud",), budget=40000, duration_days=60)
    assert titles(market, skills=("pentest",)) == [one]
    assert titles(market, rate_to=50000) == [two]
    assert titles(market, length=("short",)) == [one]
    assert titles(market, q="sécurité cloud") == [two]


def test_a_draft_is_not_in_the_list(market):
    market.mission("Draft", publish=False)
    assert titles(market) == []


def test_an_anonymous_client_is_not_found_by_name(market, browse):
    hidden, _ = market.client("Quintessence Holding")
    market.mission("Secret work", organisation=hidden, named=False, public_name="A holding")
    assert titles(market, q="quintessence") == []
    assert len(titles(market, q="holding")) == 1
    assert "Quintessence" not in browse().get("/missions").text


def test_who_may_see_a_mission_finds_it_and_nobody_else(market, browse):
    freelancer, stranger = market.person("Ada", "web"), market.person("Bo", "web")
    market.mission("For everybody")
    market.mission("For members", visibility="members")
    invited = market.mission("For the invited", visibility="invited")
    market.write(missions.invite, mission=invited, freelancer=freelancer)

    def seen(account=""):
        page = browse(account).get("/missions").text
        return [t for t in ("For everybody", "For members", "For the invited") if t in page]

    assert seen() == ["For everybody"]
    assert seen(stranger) == ["For everybody", "For members"]
    assert seen(freelancer) == ["For everybody", "For members", "For the invited"]
    assert seen(market.owner) == ["For everybody", "For members", "For the invited"]


@pytest.mark.both_engines
def test_a_mission_that_is_paused_leaves_the_list(market, browse):
    mission = market.mission("Soon paused")
    assert "Soon paused" in browse().get("/missions").text
    market.write(missions.pause, mission=mission)
    assert "Soon paused" not in browse().get("/missions").text


@pytest.mark.settings(access=Access(public_missions=False, public_freelancers=False))
@pytest.mark.parametrize("path", ["/missions", "/freelancers"])
def test_lists_for_members_show_a_visitor_nothing_but_the_way_in(market, browse, path):
    market.person("Ada Lovelace", "web")
    market.mission("A web test")
    page = browse().get(path).text
    assert "Ada Lovelace" not in page
    assert "A web test" not in page
    assert "/sign-in?next=" in page
    assert browse(market.owner).get(path).text.count("Ada Lovelace" if path == "/freelancers" else "A web test") >= 1


@pytest.mark.settings(stage=Stage.LIVE)
def test_a_page_of_twenty_cards_takes_at_most_four_statements(market, house, browse):
    for n in range(21):
        market.person(f"Person number {n}", ("web", 3), "cloud", "forensics", "pentest")
        market.mission(f"Mission number {n}", must=("web", "cloud"), nice=("forensics",))
    visitor, statements = browse(), []

    def count(_connection, _cursor, statement, *_rest):
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            statements.append(statement)

    visitor.get("/freelancers")
    event.listen(house.database.reads, "before_cursor_execute", count)
    for path in ("/freelancers", "/missions", "/freelancers?q=web&skill=web&place=Paris&sort=rate_up"):
        statements.clear()
        page = visitor.get(path).text
        assert page.count('<li class="result">') == 20, path
        assert len(statements) <= 4, statements


def test_the_second_page_shows_who_is_not_on_the_first(market, browse):
    for n in range(25):
        market.person(f"Person {n:02d}", "web")
    pages = [browse().get(path).text for path in ("/freelancers", "/freelancers?page=2")]
    first, second = (set(re.findall(r"Person \d\d", page)) for page in pages)
    assert len(first) == 20
    assert len(second) == 5
    assert not first & second
    assert browse().get("/freelancers?page=999").status_code == 200


FIELD = Field("mission", "targets", FieldForm.NUMBER, {"en": "Targets"}, facet=True)
CHOICE = Field("mission", "kind", FieldForm.CHOICE, {"en": "Kind"}, choices=(("a", {"en": "A"}),), facet=True)


def test_an_address_says_the_same_question_again():
    ask = Ask(
        q="réseau & co", skills=("web", "cloud"), rate_from=65000, rate_to=110050, place="Lyon", km=100,
        remote=("remote",), languages=("fr",), proof=("checked",), length=("short",), fields={"kind": ("a",)},
        ranges={"targets": (2.0, None)}, sort="new", page=3,
    )  # fmt: skip
    _, _, query = ask.address("/missions", "EUR").partition("?")
    args = MultiDict(tuple(map(_plain, pair.split("=", 1))) for pair in query.split("&"))
    assert Reader(args, "EUR").ask([FIELD, CHOICE], ("best", "new")) == ask


@pytest.mark.parametrize(("currency", "typed"), [("EUR", "12345.67"), ("EUR", "1234567.8"), ("KWD", "1234.567"),
                                                 ("JPY", "12345678")])  # fmt: skip
def test_an_amount_stays_the_same_in_an_address_to_its_last_digit(currency, typed):
    ask = Reader(MultiDict({"rate_to": typed}), currency).ask((), ())
    assert dict(ask.pairs(currency)) == {"rate_to": typed}


def _plain(text):
    from urllib.parse import unquote_plus

    return unquote_plus(text)


@pytest.mark.parametrize("path", ["/freelancers", "/missions"])
def test_what_cannot_be_read_is_left_out_and_told(market, browse, path):
    market.person("Ada Lovelace", "web")
    market.mission("A web test")
    page = browse().get(f"{path}?rate_from=cheap&free=soon&page=-1&km=abc&sort=%00&skill=%27%3B--")
    assert page.status_code == 200
    assert "cheap" in page.text
    assert "not an amount" in page.text
    assert "not a date" in page.text


STRANGE = ("page=99999999999999999999", "q=" + "a" * 5000, "skill=" * 50, "lang=%F0%9F%98%80", "rate_from=-5", "km=0",
           "q=<script>alert(1)</script>")  # fmt: skip


def test_a_strange_address_is_answered_like_any_other(market, browse):
    market.person("Ada Lovelace", "web")
    visitor = browse()
    for query in STRANGE:
        page = visitor.get(f"/freelancers?{query}")
        assert page.status_code == 200, query
        assert "<script>alert" not in page.text


def test_an_empty_list_says_which_filter_to_drop(market, browse):
    market.person("Ada Lovelace", "web", day_rate=70000)
    page = browse().get("/freelancers?skill=web&rate_to=100").text
    assert "Without Up to €100: 1" in page


def test_an_empty_marketplace_has_lists_that_say_so(market, browse):
    assert "Nobody is listed yet" in browse().get("/freelancers").text
    assert "No mission is open yet" in browse().get("/missions").text


def test_every_sort_has_a_name(market, browse):
    market.person("Ada", "web")
    market.mission("One")
    for path, sorts in (("/freelancers", PEOPLE_SORTS), ("/missions", MISSION_SORTS)):
        for sort in sorts:
            assert browse().get(f"{path}?sort={sort}&q=web").status_code == 200
