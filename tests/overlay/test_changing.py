"""What the console saves is in force with the next request, in this process and in the others."""

from dataclasses import replace
from datetime import timedelta
from threading import enumerate as enumerate_threads

import pytest

from marketwright.app import build_house, create_app, open_house
from marketwright.features.overlay import changing, queries
from marketwright.features.overlay.changing import AS_THE_FILE
from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, Overtaken
from marketwright.running import running
from marketwright.settings.marketplace import Source
from marketwright.store.database import move_clock
from marketwright.testing.browse import Browse

pytestmark = pytest.mark.either_engine


def name_on(visitor):
    return visitor.get("/how-it-works").text.partition("<title>")[2].partition("</title>")[0]


def in_force(house):
    with house.database.reading() as session:
        return queries.overlay(session, house.clock.business()).values


def test_the_next_request_wears_the_new_name(browse, save):
    visitor = browse()
    assert "Testing" in name_on(visitor)
    save({"marketplace.name": "Lighthouse"})
    assert "Lighthouse" in name_on(visitor)


def test_who_is_signed_in_stays_signed_in(browse, save, admin):
    visitor = browse(admin.id)
    save({"marketplace.name": "Lighthouse"})
    assert visitor.get("/console").status_code == 200


def test_a_form_opened_before_the_change_can_be_sent_after_it(browse, save, admin):
    visitor = browse(admin.id)
    token = visitor.csrf()
    save({"marketplace.name": "Lighthouse"})
    assert visitor.client.post("/sign-out", data={"csrf_token": token}).status_code == 303


@pytest.fixture
def another_process(house):
    """Another process of the same site: an application on connections of its own."""
    made = []

    def start(marketplace=None):
        made.append(build_house(marketplace or house.marketplace))
        return create_app(made[-1].marketplace, made[-1])

    yield start
    for one in made:
        one.database.dispose()


def test_another_process_follows_when_it_looks(another_process, save):
    other = another_process()
    assert "Testing" in name_on(Browse(other))
    save({"marketplace.name": "Lighthouse"})
    running(other).follow(now=True)
    assert "Lighthouse" in name_on(Browse(other))


def test_the_request_that_finds_a_newer_version_does_not_wait_for_it(another_process, save):
    other = another_process()
    save({"marketplace.name": "Lighthouse"})
    running(other)._look_at = 0.0
    assert "Testing" in name_on(Browse(other))
    for thread in [t for t in enumerate_threads() if t.name == "settings"]:
        thread.join()
    assert "Lighthouse" in name_on(Browse(other))


def test_e9_without_a_thread_left_the_old_site_answers_and_a_later_look_brings_the_newer_one(
    another_process, save, monkeypatch
):
    other = another_process()
    save({"marketplace.name": "Lighthouse"})
    running(other)._look_at = 0.0
    with monkeypatch.context() as patch:
        patch.setattr("marketwright.running.Thread", lambda **_kw: (_ for _ in ()).throw(RuntimeError("no thread")))
        assert "Testing" in name_on(Browse(other))
    assert running(other).follow(now=True)


def test_without_a_newer_version_nothing_is_built_anew(app, save):
    save({"marketplace.name": "Lighthouse"})
    assert not running(app).follow(now=True)


@pytest.mark.both_engines
def test_a_process_that_starts_later_has_it_at_once(house, save):
    save({"marketplace.name": "Lighthouse"})
    later = open_house(house.marketplace)
    later.database.dispose()
    assert later.marketplace.name == "Lighthouse"


def test_a_request_under_way_ends_in_the_application_it_began_in(app, save):
    old = running(app).current
    save({"marketplace.name": "Lighthouse"})
    assert old.house.marketplace.name == "Testing"
    assert running(app).current is not old


def test_jobs_of_the_new_site_are_run_by_the_worker_of_the_new_site(app, save):
    site = running(app)
    worker = site.current.house.worker
    save({"marketplace.name": "Lighthouse"})
    assert site.current.house.worker is not worker
    assert site.current.house.worker.handlers.keys() == worker.handlers.keys()


@pytest.mark.parametrize(
    ("changes", "key", "word"),
    [
        ({"marketplace.name": ""}, "marketplace.name", "between 1 and 60"),
        ({"marketplace.time_zone": "Mars/Olympus"}, "marketplace.time_zone", "IANA"),
        ({"deal.proposal_days": 0}, "deal.proposal_days", "1"),
        ({"deal.nonsense": 1}, "deal.nonsense", "no such setting"),
        ({"marketplace.currency": "USD"}, "marketplace.currency", "marketplace.toml alone"),
        ({"plugin.sandbox.x": 1}, "plugin.sandbox.x", "not enabled"),
        ({"marketplace.theme": "nowhere"}, "", "no theme named"),
        ({"plugins": ["nowhere"]}, "", "no plugin named"),
    ],
)
def test_what_cannot_be_built_is_refused_by_its_key_and_nothing_is_saved(house, save, changes, key, word):
    with pytest.raises(InvalidInput) as caught:
        save({"legal.name": "Kept out", **changes})
    assert word in " ".join(caught.value.errors[key])
    assert in_force(house) == {}


@pytest.mark.settings(source=Source(locked=("deal.*", "marketplace.name")))
@pytest.mark.parametrize("key", ["deal.proposal_days", "marketplace.name"])
def test_what_the_file_locks_is_refused(save, key):
    with pytest.raises(InvalidInput, match="locked in marketplace"):
        save({key: 3})


@pytest.mark.settings(source=Source(environment={"marketplace.base_url": "MARKETWRIGHT_BASE_URL"}))
def test_what_the_environment_says_is_refused_with_its_variable(save):
    with pytest.raises(InvalidInput, match="MARKETWRIGHT_BASE_URL"):
        save({"marketplace.base_url": "https://experts.example"})


def test_a_key_given_back_to_the_file_has_its_value_again(browse, save):
    save({"marketplace.name": "Lighthouse"})
    save({"marketplace.name": AS_THE_FILE})
    assert "Testing" in name_on(browse())


def test_saving_what_is_there_already_makes_no_version(save):
    first = save({"marketplace.name": "Lighthouse"})
    assert save({"marketplace.name": "Lighthouse"}) == first


def test_only_who_may_change_settings_changes_them(app, house, admin):
    auditor = Actor(kind="person", id=admin.id, name="Au Ditor", staff=frozenset(["auditor"]))
    with pytest.raises(NotAllowed):
        changing.save(house, auditor, {"marketplace.name": "Lighthouse"})


@pytest.mark.both_engines
def test_two_who_change_at_once_are_told(house, save):
    save({"marketplace.name": "Lighthouse"}, seen=0)
    with pytest.raises(Overtaken) as refused:
        save({"marketplace.name": "Late", "legal.name": "Late"}, seen=0)
    assert refused.value.parts == ("marketplace.name",)
    assert in_force(house) == {"marketplace.name": "Lighthouse"}


@pytest.mark.both_engines
def test_two_who_change_different_keys_are_both_heard(house, save):
    save({"marketplace.name": "Lighthouse"}, seen=0)
    save({"legal.name": "Late"}, seen=0)
    assert in_force(house) == {"marketplace.name": "Lighthouse", "legal.name": "Late"}


def test_a_change_that_was_made_since_is_named_even_where_it_begins_later(house, save):
    save({"look.brand": "#102030"}, seen=0, starts=house.clock.business() + timedelta(days=3))
    with pytest.raises(Overtaken):
        save({"look.brand": "#a01020"}, seen=0)


@pytest.mark.both_engines
def test_an_undo_brings_back_what_was_before(app, house, save, admin):
    save({"marketplace.name": "First", "legal.name": "One"})
    second = save({"marketplace.name": "Second"})
    changing.undo(running(app).current.house, admin, second)
    assert in_force(house) == {"marketplace.name": "First", "legal.name": "One"}


@pytest.mark.both_engines
def test_an_undo_may_be_undone(app, house, save, admin):
    version = save({"marketplace.name": "First"})
    undo = changing.undo(running(app).current.house, admin, version)
    assert in_force(house) == {}
    changing.undo(running(app).current.house, admin, undo)
    assert in_force(house) == {"marketplace.name": "First"}


@pytest.mark.both_engines
def test_what_was_changed_since_is_not_undone_behind_its_back(app, save, admin):
    first = save({"marketplace.name": "First"})
    save({"marketplace.name": "Second"})
    with pytest.raises(Conflict, match="changed since"):
        changing.undo(running(app).current.house, admin, first)


@pytest.mark.both_engines
def test_the_history_says_who_when_before_after_and_what_was_undone(app, house, save, admin):
    version = save({"marketplace.name": "First"}, note="A better name")
    undo = changing.undo(running(app).current.house, admin, version)
    with house.database.reading() as session:
        newest, first = queries.history(session)
    assert (first.actor_name, first.before, first.after) == ("Ada Min", None, {"value": "First"})
    assert (first.note, first.undone_by, newest.undoes) == ("A better name", undo, version)


def test_a_change_that_begins_later_is_in_force_when_its_time_has_come(app, house, save):
    save({"deal.proposal_days": 30}, starts=house.clock.business() + timedelta(days=3))
    site = running(app)
    assert site.current.house.marketplace.deal.proposal_days == 14
    with house.database.unit(Actor(kind="system", id="tests")) as uow:
        move_clock(uow, timedelta(days=4))
        uow.commit()
    site.current.house.database.clock.forget()
    assert site.follow(now=True)
    assert site.current.house.marketplace.deal.proposal_days == 30


def test_a_version_that_cannot_be_built_here_leaves_the_old_site_at_work(another_process, house, save):
    save({"marketplace.name": "Lighthouse"})
    poorer = another_process(replace(house.marketplace, plugins=()))
    running(poorer)._build = lambda _house, _values: (_ for _ in ()).throw(InvalidInput("not here"))
    assert not running(poorer).follow(now=True)
    assert "Testing" in name_on(Browse(poorer))


def test_plugins_are_switched_on_and_off_with_their_settings_kept(app, house, save):
    save({"plugins": ["commission"], "plugin.commission.rules": [{"name": "fee", "side": "client", "bps": 600}]})
    assert running(app).current.house.plugins.plugin("commission").settings["rules"]
    save({"plugins": []})
    assert running(app).current.house.plugins.enabled == ()
    save({"plugins": ["commission"]})
    assert running(app).current.house.plugins.plugin("commission").settings["rules"][0]["bps"] == 600


def test_a_mistake_in_a_plugins_settings_names_the_row_and_the_key(save):
    with pytest.raises(InvalidInput) as caught:
        save({"plugins": ["commission"], "plugin.commission.rules": [{"name": "x", "side": "client", "bps": -1}]})
    assert "plugin.commission.rules.0.bps" in caught.value.errors
