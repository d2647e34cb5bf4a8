"""Nobody's rate is published, nor can be worked out; wider groups speak where few people are; pages say so."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketwright.features.rates.publishing import EVERYBODY, LEAST, Observed, around, backtest, publish
from marketwright.features.rates.queries import published, rate_for
from marketwright.features.rates.service import draw_up, material, tens_of
from marketwright.features.rates.tables import RateSnapshot
from marketwright.features.skills.merging import merge
from marketwright.kernel.actors import system

pytestmark = pytest.mark.either_engine

TODAY = date(2026, 5, 1)
PEOPLE = st.lists(
    st.tuples(st.sampled_from(["junior", "senior", ""]), st.sampled_from(["FR", "DE"]),
              st.sampled_from(["remote", "onsite"]), st.sets(st.sampled_from(["web", "cloud"]))),
    min_size=8, max_size=60,
)  # fmt: skip


def seen(n, rate=50000, *, skill="web", level="senior", country="FR", mode="remote", signed=False, age=0, first=0):
    return [
        Observed(f"p{first + k}", rate + 1000 * k, TODAY - timedelta(days=age), signed, frozenset({skill}), level,
                 country, mode)
        for k in range(n)
    ]  # fmt: skip


def test_seven_people_have_no_rate():
    assert publish(seen(7), TODAY) == {}


def test_eight_people_have_one():
    cell = publish(seen(8), TODAY)["web", "senior", "FR", "remote"]
    assert (cell.n, cell.low, cell.median, cell.high, cell.signed) == (8, 51000, 53000, 55000, False)


def test_signed_rates_speak_where_enough_people_signed():
    found = publish(seen(8) + seen(8, 70000, signed=True), TODAY)
    assert found[EVERYBODY].signed
    assert found[EVERYBODY].median == 73000


def test_one_person_counts_once_with_the_newest_rate():
    old = [Observed("p0", 10000, TODAY - timedelta(days=k), signed=True, skills=frozenset(), seniority="", country="",
                    mode="") for k in range(20)]  # fmt: skip
    assert publish(old, TODAY) == {}


def test_an_older_rate_counts_less():
    found = publish(seen(8, 50000, age=730) + seen(8, 90000, first=8), TODAY)
    assert found[EVERYBODY].weight == 10.0
    assert found[EVERYBODY].median >= 90000


def test_a_group_that_leaves_one_person_over_is_not_published():
    found = publish([*seen(9), *seen(1, level="junior", first=9)], TODAY)
    assert found["web", "", "", ""].n == 10
    assert ("web", "senior", "", "") not in found


def test_two_groups_of_which_each_has_one_person_of_its_own_are_not_both_published():
    both = [replace(o, skills=frozenset({"cloud", "web"})) for o in seen(8)]
    others = seen(20, skill="other", first=20)
    found = publish([*both, *seen(1, first=8), *seen(1, skill="cloud", first=9), *others], TODAY)
    assert len({("web", "", "", ""), ("cloud", "", "", "")} & set(found)) == 1


def test_any_experience_in_a_country_is_everybody_there_whatever_they_said_of_it():
    said, silent = seen(40, 50000), seen(8, 90000, level="", first=40)
    cells = publish([*said, *silent, *seen(40, 60000, country="DE", first=100)], TODAY)
    answer = rate_for(None, ["web"], "", "FR", cells=cells)
    assert (answer.cell.n, answer.wider) == (48, False)


def test_a_mode_is_answered_without_a_country():
    cells = publish([*seen(20), *seen(20, mode="onsite", country="DE", first=20)], TODAY)
    assert cells["web", "", "", "onsite"].n == 20


def test_who_did_not_say_their_experience_is_no_group_of_their_own():
    cells = publish([*seen(20), *seen(9, level="", first=20)], TODAY)
    assert {key[1] for key in cells} == {"", "senior"}
    assert cells["web", "", "", ""].n == 29


@settings(max_examples=60, deadline=None)
@given(PEOPLE)
def test_no_published_group_can_be_subtracted_from_another(people):
    observed = [
        Observed(f"p{k}", 40000 + 100 * k, TODAY, False, frozenset(skills), level, country, mode)
        for k, (level, country, mode, skills) in enumerate(people)
    ]
    cells = publish(observed, TODAY)
    for one, other in combinations(cells.values(), 2):
        assert not 0 < len(one.members.keys() ^ other.members.keys()) < LEAST
    for key, cell in cells.items():
        for place in (1, 2, 3):
            parts = [c.members for k, c in cells.items() if key in around(k) and k[place] != key[place]]
            assert not parts or not 0 < len(set(cell.members).difference(*parts)) < LEAST


def test_who_joins_this_month_is_not_read_from_the_change_of_a_figure():
    before = publish(seen(10), TODAY)
    after = publish([*seen(10), *seen(1, 500000, first=10)], TODAY + timedelta(days=31), before)
    assert after[EVERYBODY].n == 10
    assert after[EVERYBODY].day == TODAY
    many = publish([*seen(10), *seen(8, 90000, first=10)], TODAY + timedelta(days=31), before)
    assert many[EVERYBODY].n == 18


def test_who_has_another_rate_this_month_is_not_read_from_the_change_of_a_figure():
    people = seen(10)
    before, later = publish(people, TODAY), TODAY + timedelta(days=31)
    dearer = [replace(o, rate=200000) for o in people]
    after = publish([*dearer[:7], *people[7:]], later, before)
    assert (after[EVERYBODY].median, after[EVERYBODY].day) == (before[EVERYBODY].median, TODAY)
    assert publish([*dearer[:8], *people[8:]], later, before)[EVERYBODY].median == 200000


def test_edits_of_a_profile_that_leave_the_rate_do_not_let_a_figure_tell_of_who_joined():
    people, later = seen(10), TODAY + timedelta(days=31)
    before = publish(people, TODAY)
    edited = [replace(o, day=later) for o in people[:7]]
    after = publish([*edited, *people[7:], *seen(1, 500000, first=10)], later, before)
    assert (after[EVERYBODY].n, after[EVERYBODY].day) == (10, TODAY)


def test_one_edit_that_leaves_the_rate_does_not_move_a_figure():
    people, later = seen(10, age=900), TODAY + timedelta(days=31)
    before = publish(people, TODAY)
    after = publish([*people[:9], replace(people[9], day=later)], later, before)
    assert (after[EVERYBODY].median, after[EVERYBODY].high) == (before[EVERYBODY].median, before[EVERYBODY].high)


@pytest.mark.parametrize(("currency", "rate", "told"), [("EUR", 45600, 46000), ("JPY", 9407, 9410), ("KWD", 153400,
                                                                                                     150000)])
def test_figures_are_whole_tens_of_the_currency(currency, rate, told):
    people = [replace(o, rate=rate) for o in seen(8)]
    assert publish(people, TODAY, tens=tens_of(currency))[EVERYBODY].median == told


def test_a_backtest_leaves_each_person_out():
    found = backtest(seen(9, 50000), TODAY)
    assert (found.n, found.within) == (9, 4)
    assert found.error < 0.06
    assert backtest(seen(8), TODAY).n == 0


def test_who_has_two_skills_is_a_group_of_its_own():
    both = [replace(o, skills=frozenset({"cloud", "web"})) for o in seen(8, 90000)]
    found = publish([*both, *seen(8, first=8), *seen(8, skill="cloud", first=16)], TODAY)
    assert (found["cloud web", "", "", ""].n, found["web", "", "", ""].n) == (8, 16)
    assert found["cloud web", "", "", ""].median == 93000


def test_of_two_skills_asked_for_one_alone_is_a_wider_group():
    cells = publish([*seen(8), *seen(8, skill="cloud", first=8)], TODAY)
    assert rate_for(None, ["web", "cloud"], cells=cells).wider
    assert not rate_for(None, ["web"], cells=cells).wider


def test_of_three_skills_asked_for_two_are_a_wider_group():
    both = [replace(o, skills=frozenset({"cloud", "web"})) for o in seen(8)]
    cells = publish([*both, *seen(8, first=8), *seen(8, skill="cloud", first=16)], TODAY)
    answer = rate_for(None, ["web", "cloud", "forensics"], cells=cells)
    assert (answer.cell.key[0], answer.wider) == ("cloud web", True)


def draw(house):
    with house.database.reading() as session:
        found = material(session, day=house.clock.business().date(), currency="EUR")
    if found is None:
        return False
    with house.database.unit(system("tests")) as uow:
        kept = draw_up(uow, month=found.month, cells=found.cells("EUR"))
        uow.commit()
    return kept


@pytest.fixture
def market_of_twelve(house):
    from tests.matching.conftest import Market, make_skills

    made = Market(house)
    made.write(make_skills)
    made.organisation, made.owner = made.client()
    for k in range(12):
        made.person(f"Person {k:02d}", "web", day_rate=60000 + 1000 * k)
    assert draw(house)
    assert not draw(house)
    return made


def test_rates_that_somebody_else_drew_up_meanwhile_stay(market_of_twelve, house):
    month = house.clock.business().strftime("%Y-%m")
    assert not market_of_twelve.write(draw_up, month=month, cells=[])
    with house.database.reading() as session:
        assert published(session)[EVERYBODY].n == 12


def test_the_page_says_the_rate_of_how_many_people_and_from_what(market_of_twelve, browse):
    market_of_twelve.write(lambda uow: merge(uow, old="cloud", new="web"))
    assert "€650 a day" in browse().get("/rates?skill=cloud").text  # a key of before the merge
    page = browse().get("/rates?skill=web").text
    assert "€650 a day" in page
    assert "12 people" in page
    assert "from declared rates" in page


@pytest.mark.both_engines
def test_the_rates_of_a_form_that_said_something_else_are_not_read_and_made_anew(market_of_twelve, house):
    def older(uow):
        made = uow.session.query(RateSnapshot).one()
        made.body = {**made.body, "form": 2}

    market_of_twelve.write(older)
    with house.database.reading() as session:
        assert published(session) == {}
    assert draw(house)
    with house.database.reading() as session:
        assert published(session)["web", "", "FR", ""].n == 12


def test_a_wider_group_speaks_and_says_so(market_of_twelve, browse, house):
    page = browse().get("/rates?skill=web&seniority=senior").text
    assert "a wider group speaks" in page
    with house.database.reading() as session:
        assert rate_for(session, ["web"], "senior").cell.key == ("web", "", "", "")


def test_a_skill_of_too_few_people_is_answered_by_everybody(market_of_twelve, browse):
    page = browse().get("/rates?skill=cloud").text
    assert "a wider group speaks" in page
    assert '<option value="cloud" selected>' in page


def test_a_skill_that_is_none_is_named(market_of_twelve, browse):
    page = browse().get("/rates?skill=alchemy").text
    assert "There is no skill alchemy here" in page
    assert "12 people" in page


def test_with_too_few_people_the_page_says_there_is_not_enough(browse):
    assert "Not enough data" in browse().get("/rates").text


def test_a_freelancer_reads_the_market_where_a_rate_is_set(market_of_twelve, browse):
    page = browse(market_of_twelve.people["Person 03"]).get("/me/profile/availability").text
    assert "The market: €650 a day" in page


def test_a_client_reads_the_market_where_a_budget_is_set(market_of_twelve, browse):
    mission = market_of_twelve.mission("A test", must=("web",), publish=False)
    assert "The market: €650 a day" in browse(market_of_twelve.owner).get(f"/missions/{mission}/edit").text
