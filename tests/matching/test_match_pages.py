import re
from datetime import timedelta

import pytest

from marketwright.features.accounts import service as accounts
from marketwright.features.content.ports import Showcase
from marketwright.features.matching import service
from marketwright.features.missions import service as missions
from marketwright.features.profiles import service as profiles
from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import Conflict, InvalidInput
from marketwright.kernel.text import say
from marketwright.web.i18n import speaking

from .criteria import criterion

pytestmark = pytest.mark.plugins("core_matching")


@pytest.fixture
def scene(market):
    market.ada = market.person("Ada Lovelace", ("web", 4, 6), "cloud", languages=("en", "fr"))
    market.bo = market.person("Bo Lind", ("web", 2, 1), day_rate=99000, languages=("en", "fr"))
    market.cy = market.person("Cy Roux", "pentest", languages=("en", "fr"))
    market.one = market.mission("A web test", must=(("web", 3),), nice=("cloud",), languages=("fr",))
    return market


def matches(browse, scene, account=None):
    return browse(account or scene.owner).get(f"/missions/{scene.one}/matches")


def cards(page):
    return re.split(r'<li class="card', page)[1:]


def test_the_client_sees_who_fits_best_first_with_scores_that_are_the_sum_of_their_parts(scene, browse):
    page = matches(browse, scene).text
    assert "2 freelancers fit" in page
    assert page.index("Ada Lovelace") < page.index("Bo Lind")
    for card in cards(page)[:2]:
        score = int(re.search(r'class="value">(\d+)<', card)[1])
        parts = [tuple(map(int, p)) for p in re.findall(r'class="pts">(\d+) of (\d+)<', card)]
        assert len(parts) == 8
        assert sum(p for p, _ in parts) == score
        assert sum(of for _, of in parts) == 100


def test_saving_ones_profile_again_and_again_moves_nobody(scene, browse):  # S60
    def order():
        return [re.search("Ada|Bo|Cy", card)[0] for card in cards(matches(browse, scene).text)]

    before = order()
    for n in range(5):
        scene.write(profiles.describe, profile=scene.bo, headline=f"Bo, web test {n}", bio="web " * 50, language="en",
                    city="Paris", country="FR", years=8)  # fmt: skip
    assert order() == before


def test_each_match_says_what_fits_what_is_missing_and_what_would_change_it(scene, browse):
    ada, bo = cards(matches(browse, scene).text)[:2]
    assert "1 of 1 must-haves, 1 of 1 nice-to-haves" in ada
    assert "€100 a day under the budget" in ada
    assert "€190 a day over the budget" in bo
    assert re.search(r"Missing:</strong>\s*Cloud security", bo)
    assert "Full points at €800 a day." in bo


def test_who_lacks_a_must_have_stands_among_the_near_ones_with_what_is_missing(scene, browse):
    page = matches(browse, scene).text
    near = page[page.index("Close, with something missing"):]
    assert "Missing: Web application pentest" in near
    assert "Cy Roux" in near
    assert "Web application pentest missing" in near
    assert "Cy Roux" not in page[: page.index("Close, with something missing")]


def test_with_nobody_who_has_everything_the_page_shows_who_comes_closest(scene, browse):
    scene.one = scene.mission("Rare work", must=("web", "forensics"), languages=("fr",))
    page = matches(browse, scene).text
    assert "No exact match." in page
    assert "Missing: Digital forensics" in page
    assert "Ada Lovelace" in page


def test_opening_a_condition_says_how_many_more_would_fit(scene, browse):
    page = matches(browse, scene).text
    assert "Web application pentest becomes nice-to-have" in page
    assert re.search(r"Web application pentest becomes nice-to-have</a><span[^>]*>\+1<", page)


def test_both_sides_read_the_same_score(scene, browse):
    mine = browse(scene.bo).get("/me/matches").text
    score = re.search(r'class="value">(\d+)<', cards(mine)[0])[1]
    theirs = cards(matches(browse, scene).text)[1]
    assert "A web test" in cards(mine)[0]
    assert re.search(r'class="value">(\d+)<', theirs)[1] == score


@pytest.mark.parametrize("path", ["matches", "shortlist", "compare"])
def test_strangers_do_not_learn_that_a_mission_has_lists(scene, browse, path):
    _, other = scene.client("Another client")
    for account in (scene.ada, other):
        assert browse(account).get(f"/missions/{scene.one}/{path}").status_code == 404
    assert browse().get(f"/missions/{scene.one}/{path}").status_code == 303
    assert browse(scene.staff("moderator")).get(f"/missions/{scene.one}/{path}").status_code == 200


def test_a_draft_is_matched_for_its_client(scene, browse):
    scene.one = scene.mission("Draft", publish=False)
    assert "Ada Lovelace" in matches(browse, scene).text


def test_a_mission_that_has_ended_matches_nobody(scene, browse):
    scene.write(missions.close, mission=scene.one, reason="No budget.")
    assert "This mission has ended" in matches(browse, scene).text
    assert "A web test" not in browse(scene.ada).get("/me/matches").text


def test_who_hides_leaves_the_matches_and_still_sees_missions(scene, browse):
    scene.write(profiles.hide, profile=scene.ada)
    assert "Ada Lovelace" not in matches(browse, scene).text
    mine = browse(scene.ada).get("/me/matches").text
    assert "A web test" in mine
    assert "Clients cannot find you yet" in mine


def test_a_freelancer_without_a_profile_is_told_what_comes_first(scene, browse):
    new = scene.account("Newcomer", freelancer=True)
    assert "Your profile comes first" in browse(new).get("/me/matches").text


def test_a_mission_of_ones_own_is_no_match(scene, browse):
    mission = scene.mission("For myself", must=("web",))
    page = browse(scene.ada).get("/me/matches").text
    assert "For myself" in page
    from marketwright.features.accounts import service as accounts

    scene.write(accounts.add_member, organisation=scene.organisation, account=scene.ada, roles=["buyer"])
    assert f"/missions/{mission}" not in browse(scene.ada).get("/me/matches").text


def test_a_reason_in_french_speaks_french_with_french_amounts(scene, browse):
    visitor = browse(scene.owner)
    visitor.get("/language/fr?next=/")
    page = visitor.get(f"/missions/{scene.one}/matches").text
    assert "190\u00a0€ par jour au-dessus du budget" in page
    assert "Indispensables" in page


def test_a_broken_criterion_is_named_and_the_list_goes_on(scene, browse, house):
    house.plugins.matching_criteria = (*house.plugins.matching_criteria, criterion(lambda c: 1 / 0, "moonphase"))
    page = matches(browse, scene)
    assert page.status_code == 200
    assert "“Moonphase” did not work just now (plugin strange)" in page.text
    assert "Ada Lovelace" in page.text


def test_where_the_one_criterion_that_weighs_breaks_nobody_has_a_score(scene, browse, house):
    gate = criterion(lambda c: c.p["years"] * 0 + 1, "gate", weight=0.0, gate=lambda c: c.p["years"] >= 0)
    house.plugins.matching_criteria = (gate, criterion(lambda c: 1 / 0, "moonphase"))
    for visitor, path in ((browse(scene.owner), f"/missions/{scene.one}/matches"), (browse(scene.ada), "/me/matches")):
        page = visitor.get(path).text
        assert "What ranks here did not work just now: Moonphase." in page
        assert "of 100" not in page


def test_a_broken_gate_ranks_nobody_and_says_which(scene, browse, house):
    bad = criterion(lambda c: c.p["years"] * 0, "moonphase", gate=lambda c: 1 / 0)
    house.plugins.matching_criteria = (*house.plugins.matching_criteria, bad)
    for visitor, path in ((browse(scene.owner), f"/missions/{scene.one}/matches"), (browse(scene.ada), "/me/matches")):
        page = visitor.get(path)
        assert page.status_code == 503
        assert "the gate moonphase of the plugin strange failed" in page.text
        assert "Bo Lind" not in page.text


def test_a_reason_that_breaks_leaves_its_points_without_a_sentence(scene, browse, house):
    bad = criterion(lambda c: c.p["years"] * 0 + 1, "moonphase")
    type(bad.it).reason = lambda self, c, i, score: 1 / 0
    house.plugins.matching_criteria = (*house.plugins.matching_criteria, bad)
    assert "Moonphase" in matches(browse, scene).text


def test_staff_put_a_person_on_the_list_and_both_sides_read_why(scene, browse):
    moderator = browse(scene.staff("moderator"))
    answer = moderator.post(
        f"/missions/{scene.one}/matches/place", {"person": "cy roux", "reason": "Built the client's first lab."}
    )
    assert answer.status_code == 303
    for page in (matches(browse, scene).text, browse(scene.cy).get("/me/matches").text):
        first = cards(page)[0]
        assert "Put here by our team" in first
        assert "Built the client&#39;s first lab." in first
    assert "Built the client" not in browse(scene.ada).get("/me/matches").text


def test_the_form_of_staff_keeps_what_was_typed_when_it_refuses(scene, browse):
    moderator = browse(scene.staff("moderator"))
    page = moderator.post(f"/missions/{scene.one}/matches/place", {"person": "Nobody Known", "reason": "Because."})
    assert page.status_code == 422
    assert "Nobody of that name is in the lists" in page.text
    assert 'value="Nobody Known"' in page.text
    assert "Because." in page.text


def put_by_hand(scene, browse, who):
    sent = {"person": who, "reason": "Knows them."}
    answer = browse(scene.staff("moderator")).post(f"/missions/{scene.one}/matches/place", sent)
    assert answer.status_code == 303


def test_who_is_put_first_by_hand_and_fits_is_counted_among_those_who_fit(scene, browse):
    before = matches(browse, scene).text
    put_by_hand(scene, browse, scene.ada)
    after = matches(browse, scene).text
    assert "2 freelancers fit" in before
    assert "2 freelancers fit" in after


def test_nobody_is_put_on_a_list_by_hand_who_could_not_read_why(scene, browse):
    scene.one = scene.mission("Behind closed doors", visibility="invited")
    moderator, asked = browse(scene.staff("moderator")), {"person": scene.ada, "reason": "Built it."}
    page = moderator.post(f"/missions/{scene.one}/matches/place", asked)
    assert page.status_code == 422
    assert "has to invite them first" in page.text
    assert "Built it." in page.text
    scene.write(missions.invite, mission=scene.one, freelancer=scene.ada)
    assert moderator.post(f"/missions/{scene.one}/matches/place", asked).status_code == 303
    assert "Built it." in browse(scene.ada).get("/me/matches").text


def test_nobody_is_put_on_the_list_of_a_paused_mission(scene):
    scene.write(missions.pause, mission=scene.one)
    with pytest.raises(Conflict, match="paused"):
        scene.write(service.place_by_hand, mission=scene.one, freelancer=scene.ada, reason="Built it.")


def test_staff_are_not_offered_to_put_somebody_on_the_list_of_a_paused_mission(scene, browse):
    scene.write(missions.pause, mission=scene.one)
    moderator = browse(scene.staff("moderator"))
    assert "matches/place" not in moderator.get(f"/missions/{scene.one}/matches").text
    page = moderator.post(f"/missions/{scene.one}/matches/place", {"person": scene.ada, "reason": "Built it."})
    assert page.status_code == 422
    assert "Built it." in page.text


def test_the_form_of_staff_keeps_the_reason_for_a_person_who_hid(scene, browse):
    scene.write(profiles.hide, profile=scene.cy)
    page = browse(scene.staff("moderator")).post(f"/missions/{scene.one}/matches/place",
                                                 {"person": scene.cy, "reason": "Built it."})  # fmt: skip
    assert page.status_code == 422
    assert "Nobody of that name is in the lists" in page.text
    assert "Built it." in page.text


def test_the_clients_own_members_are_no_match_for_its_mission(scene, browse):
    put_by_hand(scene, browse, scene.ada)
    for who in (scene.ada, scene.cy):
        scene.write(accounts.add_member, organisation=scene.organisation, account=who, roles=["buyer"])
    page = matches(browse, scene).text
    assert "1 freelancer fits" in page
    assert "Ada Lovelace" not in page
    assert "Cy Roux" not in page


def test_relaxing_promises_nobody_of_the_clients_own(scene, browse):
    gained = set(re.findall(r"\+\d+", matches(browse, scene).text))
    assert gained
    for who in (scene.ada, scene.bo, scene.cy):
        scene.write(accounts.add_member, organisation=scene.organisation, account=who, roles=["buyer"])
    assert not re.findall(r"\+\d+", matches(browse, scene).text)


def test_a_shortlist_says_of_the_clients_own_that_they_work_for_it(scene, browse):
    browse(scene.owner).post(f"/missions/{scene.one}/shortlist/add", {"freelancer": scene.ada})
    scene.write(accounts.add_member, organisation=scene.organisation, account=scene.ada, roles=["buyer"])
    page = browse(scene.owner).get(f"/missions/{scene.one}/shortlist").text
    assert "works for the client" in page
    assert "not an exact match" not in page


def test_a_member_of_the_client_is_not_put_on_its_list_by_hand(scene):
    scene.write(accounts.add_member, organisation=scene.organisation, account=scene.ada, roles=["buyer"])
    with pytest.raises(InvalidInput):
        scene.write(service.place_by_hand, mission=scene.one, freelancer=scene.ada, reason="Knows them.")


def test_a_client_cannot_reach_the_form_of_staff(scene, browse):
    assert browse(scene.owner).get(f"/missions/{scene.one}/matches/place").status_code == 404


def test_members_keep_people_in_mind_together(scene, browse):
    me = browse(scene.owner)
    me.post(f"/missions/{scene.one}/shortlist/add", {"freelancer": scene.ada, "back": "matches"})
    me.post(f"/missions/{scene.one}/shortlist/thumb", {"freelancer": scene.ada, "thumb": "up"})
    me.post(f"/missions/{scene.one}/shortlist/note", {"freelancer": scene.ada, "text": "Ask about <b>labs</b>."})
    page = me.get(f"/missions/{scene.one}/shortlist").text
    assert "Ada Lovelace" in page
    assert "For: Owner of Ravel Bank." in page
    assert "Ask about &lt;b&gt;labs&lt;/b&gt;." in page
    assert "of 100" in page


def test_the_shortlist_of_a_mission_that_has_ended_says_of_nobody_that_they_are_no_match(scene, browse):
    browse(scene.owner).post(f"/missions/{scene.one}/shortlist/add", {"freelancer": scene.ada})
    scene.write(missions.close, mission=scene.one, reason="No budget.")
    page = browse(scene.owner).get(f"/missions/{scene.one}/shortlist").text
    assert "Ada Lovelace" in page
    assert "not an exact match" not in page
    assert "has ended, so nobody is ranked for it any more" in page


def test_a_shortlist_that_cannot_be_ranked_says_so(scene, browse, house):
    browse(scene.owner).post(f"/missions/{scene.one}/shortlist/add", {"freelancer": scene.ada})
    house.plugins.matching_criteria = (*house.plugins.matching_criteria, criterion(lambda c: 0.5, gate=lambda c: 1 / 0))
    page = browse(scene.owner).get(f"/missions/{scene.one}/shortlist").text
    assert "not an exact match" not in page
    assert "Nobody can be ranked now" in page


def test_who_left_the_lists_is_taken_off_a_shortlist(scene, browse):
    browse(scene.owner).post(f"/missions/{scene.one}/shortlist/add", {"freelancer": scene.ada})
    scene.write(profiles.hide, profile=scene.ada)
    me = browse(scene.owner)
    page = me.get(f"/missions/{scene.one}/shortlist").text
    assert "Nobody is on the shortlist" not in page
    assert f'name="freelancer" value="{scene.ada}"' in page
    me.post(f"/missions/{scene.one}/shortlist/remove", {"freelancer": scene.ada})
    assert "Nobody is on the shortlist" in me.get(f"/missions/{scene.one}/shortlist").text


def test_staff_read_a_shortlist_and_change_nothing(scene, browse):
    moderator = browse(scene.staff("moderator"))
    answer = moderator.post(f"/missions/{scene.one}/shortlist/add", {"freelancer": scene.ada})
    assert answer.status_code == 404


def test_up_to_five_people_stand_side_by_side(scene, browse):
    asked = "&".join(f"with={p}" for p in (scene.ada, scene.bo, scene.cy, "not-a-person"))
    page = browse(scene.owner).get(f"/missions/{scene.one}/compare?{asked}").text
    heads = re.findall(r'<th scope="col">', page)
    assert len(heads) == 3
    assert "Web application pentest" in page
    assert "missing" in page
    assert "€990" in page


def test_a_sixth_person_is_left_out_and_told(scene, browse):
    more = [scene.person(f"Person {n}", "web") for n in range(6)]
    asked = "&".join(f"with={p}" for p in more)
    page = browse(scene.owner).get(f"/missions/{scene.one}/compare?{asked}").text
    assert len(re.findall(r'<th scope="col">', page)) == 5
    assert "Five people fit side by side" in page


def test_one_person_alone_is_not_compared(scene, browse):
    page = browse(scene.owner).get(f"/missions/{scene.one}/compare?with={scene.ada}").text
    assert "Mark two people or more" in page


def test_how_we_rank_is_written_from_the_criteria_that_run(scene, browse, house):
    page = browse().get("/how-we-rank").text
    for entry in house.plugins.matching_criteria:
        assert say(entry.it.about) in page.replace("&#39;", "'")
    assert "35%" in page


def test_the_front_page_shows_what_is_in_the_marketplace(scene, house, app):
    hidden = scene.mission("For members", visibility="members")
    with app.test_request_context("/"), house.database.reading() as session, speaking("en"):
        showcase = house.ports.get(Showcase)
        figures = showcase.figures(session)
        assert (figures.experts, figures.missions) == (3, 1)
        assert len(showcase.people(session, 2)) == 2
        assert [m.title for m in showcase.missions(session, 9)] == ["A web test"]
        assert hidden not in {m.id for m in showcase.missions(session, 9)}


def test_a_later_start_is_offered_where_people_are_free_later(market, browse):
    market.person("Ada", "web", available_from=market.today + timedelta(days=145))
    market.one = market.mission("Soon", must=("web",), start_on=market.today)
    assert "Start on" in matches(browse, market).text


def test_a_hand_pick_of_somebody_who_left_shows_no_more(scene, browse):
    moderator = Actor(kind="person", id=scene.staff("admin"), staff=frozenset({"admin"}))
    with scene.house.database.unit(moderator) as uow:
        service.place_by_hand(uow, mission=scene.one, freelancer=scene.cy, reason="Knows them.")
        uow.commit()
    scene.write(profiles.hide, profile=scene.cy)
    assert "Knows them." not in matches(browse, scene).text


def test_each_criterion_is_asked_once_for_the_reasons_of_a_whole_list(scene, browse):
    meters = scene.house.plugins.meters
    before = {key: meter.calls for key, meter in meters.by_hook.items()}
    matches(browse, scene)
    asked = sum(m.calls - before.get(key, 0) for key, m in meters.by_hook.items() if key[1] == "reason")
    assert asked == len(scene.house.plugins.matching_criteria)
