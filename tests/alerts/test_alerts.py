"""Saved searches and new matches: told once, at the time that was chosen, and only what their owner may see then."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import insert, update
from tests.matching.criteria import criterion

from marketwright.features.accounts import service as accounts
from marketwright.features.alerts import jobs, queries, service
from marketwright.features.alerts.finding import Asked, fitting, fitting_together
from marketwright.features.alerts.tables import Alert
from marketwright.features.missions import service as missions
from marketwright.features.notifications.post import compose
from marketwright.features.profiles import service as profiles
from marketwright.kernel.actors import Actor, system
from marketwright.store.database import move_clock

pytestmark = [pytest.mark.either_engine, pytest.mark.plugins("core_matching")]


@pytest.fixture
def ada(market):
    return market.person("Ada Lovelace", ("web", 4, 6), languages=("en", "fr"))


def titles(mail):
    return [title for title, _, _ in mail.items]


def test_a_new_mission_that_fits_a_saved_search_is_told(
    market, ada, browse, saved, work, told
):
    market.mission("There before")
    saved(browse(ada), target="skill=web&rate_from=500")
    market.mission("A web test")
    market.mission("Other work", must=("forensics",))
    work()
    (mail,), notices = told(ada)
    assert titles(mail) == ["A web test"]
    assert mail.subject == "Mine: A web test"
    assert mail.items[0][1].startswith("Ravel Bank · Paris, partly on site")
    assert len(notices) == 1


def test_nothing_is_told_twice_however_often_it_is_looked_at(
    market, ada, browse, saved, work, told
):
    alert = saved(browse(ada), target="skill=web")
    mission = market.mission("A web test")
    work()
    market.write(missions.pause, mission=mission)
    market.write(missions.resume, mission=mission)
    work()
    with market.house.database.unit(system("tests")) as uow:
        uow.job(jobs.LOOK, key=alert, alert=alert)
        uow.commit()
    work()
    assert len(told(ada)[0]) == 1


@pytest.mark.both_engines
def test_two_workers_that_find_the_same_tell_it_once(market, ada, browse, saved, known):
    alert = saved(browse(ada), target="skill=web")
    one = market.mission("A web test")
    with market.house.database.reading() as session:
        fits = fitting(market.house, session, Asked(ada, "missions", "skill=web"))
    counts = [market.write(service.tell, alert=alert, fits=fits) for _ in range(2)]
    assert (fits, counts, known(alert)) == ([one], [1, 0], {one: True})


def test_a_client_hears_of_new_people_by_name_with_what_they_ask_for(market, ada, browse, saved, work, told):
    saved(browse(market.owner), kind="people", target="skill=web", name="Web")
    market.person("Bo Lind", "web", day_rate=61000, headline="Tests what others built")
    market.person("Not Shown", "web", visible=False)
    work()
    (mail,), _ = told(market.owner)
    assert titles(mail) == ["Bo Lind"]
    assert "Tests what others built · Paris, partly on site · €610 a day" in mail.items[0][1]


def test_new_matches_of_a_mission_and_of_a_freelancer_are_told_too(market, ada, browse, saved, work, told):
    mission = market.mission("A web test")
    saved(browse(market.owner), kind="mission_matches", target=mission, name="For the test")
    saved(browse(ada), kind="my_matches", name="For me")
    market.person("Bo Lind", "web", languages=("en",))
    market.mission("Another web test")
    work()
    assert [titles(m) for m in told(market.owner)[0]] == [["Bo Lind"]]
    assert [titles(m) for m in told(ada)[0]] == [["Another web test"]]


@pytest.fixture
def crowd(market):
    """Nine freelancers and some missions that fit them more or less; each freelancer hears of new matches."""
    skills, draw = ("web", "cloud", "forensics", "pentest"), Random(7)
    for n in range(9):
        held = [(s, draw.randint(1, 4), draw.randint(0, 9)) for s in draw.sample(skills, draw.randint(1, 3))]
        market.person(f"Person {n}", *held, day_rate=draw.randrange(30000, 90000), visible=n != 4,
                      remote=draw.choice(("onsite", "remote")),
                      languages=draw.choice((("en",), ("en", "fr"))))  # fmt: skip
    for n in range(14):
        must, *nice = draw.sample(skills, 3)
        market.mission(f"Mission {n}", must=((must, draw.choice((None, 3))),), nice=nice,
                       visibility=draw.choice(("public", "public", "members")))  # fmt: skip

    def hear(uow):
        for n, who in enumerate(market.people.values()):
            row = {"id": f"{n:016d}", "account_id": who, "kind": "my_matches", "name": "Mine"}
            uow.session.execute(insert(Alert).values(**row, frequency="daily", due_at=uow.now, created_at=uow.now))

    market.write(hear)
    return market


def test_many_are_ranked_at_once_as_each_of_them_alone(crowd):
    accounts = [*crowd.people.values(), crowd.owner]
    with crowd.house.database.reading() as session:
        at_once = fitting_together(crowd.house, session, accounts)
        alone = {one: fitting(crowd.house, session, Asked(one, "my_matches", "")) for one in accounts}
    assert at_once == alone
    assert sum(map(len, alone.values())) > 20


def test_where_nothing_ranks_nothing_is_news(crowd):
    gate = criterion(lambda c: c.p["years"] * 0, "gate", weight=0.0, gate=lambda c: c.pair["must_met"] > 0)
    crowd.house.plugins.matching_criteria = (gate, criterion(lambda c: 1 / 0, "moonphase"))
    mission, people = crowd.mission("One more"), [*crowd.people.values()]
    with crowd.house.database.reading() as session:
        found = fitting(crowd.house, session, Asked(crowd.owner, "mission_matches", mission))
        alone = [fitting(crowd.house, session, Asked(one, "my_matches", "")) for one in people]
        assert (found, alone) == ([], [[]] * len(people))
        assert fitting_together(crowd.house, session, people) == {one: [] for one in people}


def test_freelancers_who_hear_of_matches_are_told_together_and_once_each(crowd, work, told):
    with crowd.house.database.reading() as session:
        fits = fitting_together(crowd.house, session, [*crowd.people.values()])
    for _ in range(2):
        crowd.write(lambda uow: uow.session.execute(update(Alert).values(due_at=uow.now)))
        with crowd.house.database.unit(system("tests")) as uow:
            uow.job(jobs.DUE, key="now")
            uow.commit()
        work()
    assert {who: len(told(who)[0]) for who in fits} == {who: bool(some) for who, some in fits.items()}


def test_daily_and_weekly_ones_wait_for_their_time(market, ada, browse, saved, work, told):
    saved(browse(ada), target="skill=web", frequency="weekly")
    market.mission("A web test")
    for days, mails in ((0, 0), (6, 0), (2, 1)):
        market.write(move_clock, by=timedelta(days=days))
        market.house.clock.forget()
        with market.house.database.unit(system("tests")) as uow:
            uow.job(jobs.DUE, key="tick")
            uow.commit()
        work()
        assert len(told(ada)[0]) == mails, days


@pytest.mark.both_engines
def test_what_may_not_be_seen_any_more_when_it_is_told_is_not_told(market, ada, browse, saved, work, told):
    saved(browse(ada), target="skill=web")
    mission = market.mission("A web test")
    with market.house.database.unit(system("tests")) as uow:
        service.tell(uow, alert=queries.alerts_of(uow.session, ada)[0].id, fits=[mission])
        uow.commit()
    market.write(missions.pause, mission=mission)
    work()
    assert told(ada) == ([], [])


@pytest.mark.both_engines
def test_what_was_paused_before_its_letter_is_told_once_after_it_goes_on(market, ada, browse, saved, work, told, known):
    alert = saved(browse(ada), target="skill=web")
    mission = market.mission("A web test")
    market.write(service.tell, alert=alert, fits=[mission])
    market.write(missions.pause, mission=mission)
    work()
    assert known(alert) == {}
    for _ in range(2):
        market.write(missions.resume, mission=mission)
        work()
        market.write(missions.pause, mission=mission)
        work()
    assert [titles(m) for m in told(ada)[0]] == [["A web test"]]
    assert "1 told so far" in browse(ada).get("/me/alerts").text


def test_a_late_letter_takes_back_nothing_that_was_told_since(market, ada, browse, saved, known):
    alert = saved(browse(ada), target="skill=web")
    mission = market.mission("A web test")
    market.write(service.tell, alert=alert, fits=[mission])
    earlier = market.house.clock.business() - timedelta(minutes=5)
    assert market.write(service.take_back, alert=alert, subjects=[mission], told_at=earlier) == 0
    assert known(alert) == {mission: True}


def test_another_name_puts_no_look_off(market, ada, browse, saved):
    alert = saved(browse(ada), target="skill=web", frequency="weekly")

    def due():
        with market.house.database.reading() as session:
            return session.get(Alert, alert).due_at

    first = due()
    market.write(move_clock, by=timedelta(days=3))
    market.house.clock.forget()
    me = browse(ada)
    for frequency, moved in (("weekly", timedelta(0)), ("daily", timedelta(days=-3)), ("weekly", timedelta(days=-3))):
        me.post(f"/me/alerts/{alert}/change", {"name": "Another", "frequency": frequency})
        assert abs(due() - first - moved) < timedelta(minutes=1), frequency


@pytest.mark.parametrize("deed", ["hide", "suspend"])
def test_people_who_left_the_lists_meanwhile_are_not_told_of(market, ada, browse, saved, work, told, deed):
    saved(browse(market.owner), kind="people", target="skill=web")
    bo = market.person("Bo Lind", "web")
    with market.house.database.unit(system("tests")) as uow:
        service.tell(uow, alert=queries.alerts_of(uow.session, market.owner)[0].id, fits=[bo])
        uow.commit()
    if deed == "hide":
        market.write(profiles.hide, profile=bo)
    else:
        market.write(accounts.suspend, account=bo, reason="A stolen name.")
    work()
    assert told(market.owner) == ([], [])


def test_a_mission_by_invitation_is_told_to_the_invited_alone(market, ada, browse, saved, work, told):
    bo = market.person("Bo Lind", "web")
    for who in (ada, bo):
        saved(browse(who), target="skill=web")
    mission = market.mission("Behind closed doors", visibility="invited")
    with market.house.database.unit(Actor(kind="person", id=market.owner, organisations={
        market.organisation: frozenset({"owner"})
    })) as uow:  # fmt: skip
        missions.invite(uow, mission=mission, freelancer=bo)
        uow.commit()
    work()
    assert [titles(m) for m in told(bo)[0]] == [["Behind closed doors"]]
    assert told(ada)[0] == []


def test_the_suspended_hear_nothing(market, ada, browse, saved, work, told):
    saved(browse(ada), target="skill=web")
    market.write(accounts.suspend, account=ada, reason="A stolen name.")
    market.mission("A web test")
    work()
    assert told(ada) == ([], [])


@pytest.mark.both_engines
def test_the_mail_is_written_in_the_readers_language(market, browse, saved, work, told):
    cy = market.person("Cyrille Roux", "web")
    market.write(accounts.save_settings, account=cy, name="Cyrille Roux", locale="fr", time_zone="Europe/Paris")
    saved(browse(cy), target="skill=web", name="Web")
    for number in (1, 2):
        market.mission(f"Essai {number}")
    work()
    (mail,), _ = told(cy)
    assert mail.subject == "Web\u00a0: 2 nouveautés"
    assert mail.body == ["Du nouveau pour «\u00a0Web\u00a0»\u00a0:"]
    assert "en partie sur site" in mail.items[0][1]
    assert mail.action_label == "Tout voir"


def test_one_click_in_the_mail_stops_it_without_signing_in(app, market, ada, browse, saved, work, told):
    saved(browse(ada), target="skill=web")
    market.mission("A web test")
    work()
    mail = told(ada)[0][0]
    with app.app_context():
        message = compose(market.house.marketplace, mail)
    assert message["List-Unsubscribe"] == f"<{mail.leave_url}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.leave_url in message.as_string().replace("=\n", "").replace("=3D", "=")
    path = mail.leave_url.removeprefix(market.house.marketplace.base_url)
    stranger = browse()
    assert "Stop these mails?" in stranger.get(path).text
    market.mission("Told all the same: opening the link does nothing")
    work()
    assert len(told(ada)[0]) == 2
    answer = stranger.client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, "Stopped" in answer.text) == (200, True)
    market.mission("Not told")
    work()
    assert len(told(ada)[0]) == 2


def test_a_forged_link_stops_nothing(browse):
    assert browse().client.post("/alerts/stop/abc.def", data={}).status_code == 404


@pytest.mark.both_engines
def test_a_search_is_saved_from_its_page_listed_renamed_paused_resumed_and_deleted(market, ada, browse, work, told):
    me = browse(ada)
    page = me.get("/missions?skill=web&sort=rate_down").text
    assert "Save this search" in page
    assert 'name="target" value="skill=web"' in page
    me.post("/me/alerts", {"kind": "missions", "target": "skill=web", "frequency": "at_once", "name": ""})
    with market.house.database.reading() as session:
        (row,) = queries.alerts_of(session, ada)
    assert row.name == "Web application pentest"
    assert "Saved as “Web application pentest”" in me.get("/missions?skill=web").text
    me.post(f"/me/alerts/{row.id}/change", {"name": "The web", "frequency": "at_once"})
    assert "The web" in me.get("/me/alerts").text
    me.post(f"/me/alerts/{row.id}/pause")
    market.mission("While it was paused")
    work()
    me.post(f"/me/alerts/{row.id}/resume")
    market.mission("After that")
    work()
    assert [titles(m) for m in told(ada)[0]] == [["After that"]]
    me.post(f"/me/alerts/{row.id}/remove")
    assert "No alerts yet" in me.get("/me/alerts").text


def test_an_alert_of_others_is_not_there(market, ada, browse, saved):
    alert = saved(browse(ada), target="skill=web")
    other = browse(market.owner)
    for deed in ("change", "pause", "resume", "remove"):
        answer = other.post(f"/me/alerts/{alert}/{deed}", {"name": "Mine now", "frequency": "daily"})
        assert answer.status_code == 404, deed


@pytest.mark.parametrize(("given", "status"), [
    ({"kind": "wishes"}, 422), ({"frequency": "hourly"}, 422), ({"target": "check=nobody_checks_this"}, 422),
    ({"target": "x_gone=yes"}, 422), ({"kind": "mission_matches", "target": "0" * 16}, 404),
    ({"target": "skill=was.merged"}, 422),
])  # fmt: skip
def test_what_cannot_be_saved_is_refused(market, ada, browse, given, status):
    asked = {"kind": "missions", "target": "skill=web", "frequency": "daily", "name": "Mine"} | given
    assert browse(ada).post("/me/alerts", asked).status_code == status


def test_an_alert_for_the_matches_of_others_missions_cannot_be_made(market, ada, browse):
    mission = market.mission("A web test")
    asked = {"kind": "mission_matches", "target": mission, "frequency": "daily", "name": "Mine"}
    assert browse(ada).post("/me/alerts", asked).status_code == 404


@pytest.mark.both_engines
def test_a_search_for_what_is_gone_finds_nothing_and_says_so(market, ada, browse, saved, work, told):
    saved(browse(ada), target="skill=cloud")

    def forget(uow):
        from sqlalchemy import delete

        from marketwright.features.skills.tables import Skill, SkillLabel

        uow.session.execute(delete(SkillLabel).where(SkillLabel.skill_id == "cloud"))
        uow.session.execute(delete(Skill).where(Skill.id == "cloud"))

    market.write(forget)
    market.mission("A web test")
    work()
    assert told(ada) == ([], [])
    assert "A filter of this search is not there any more" in browse(ada).get("/me/alerts").text
