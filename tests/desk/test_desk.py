"""What a plugin may read and do through its desk, and that it may do nothing that its manifest does not declare."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from marketwright.app import build_house
from marketwright.features.accounts import service as accounts
from marketwright.features.desk.queries import HouseQueries
from marketwright.features.notifications.tables import Mail, Notice
from marketwright.features.profiles import service as profiles
from marketwright.features.vetting import queries as vetting
from marketwright.kernel.actors import system
from marketwright.kernel.errors import InvalidInput, NotFound
from marketwright.kernel.time import FrozenClock
from marketwright.plugin import (
    DeskRefused,
    Job,
    Manifest,
    Result,
    Subject,
    SubjectKind,
    Verdict,
    VettingCheck,
    hookimpl,
)
from marketwright.store.tables import AuditRow, JobRow
from marketwright.testing import make_desk


class Own(VettingCheck):
    name, label = "own", "A check of our own"

    def applies(self, subject: Subject):
        return subject.kind is SubjectKind.FREELANCER

    def evidence(self, subject):
        return ()

    def start(self, subject, submission):
        raise NotImplementedError

    resume = start

    def explain(self, verdict):
        return ""


ran = []


def module():
    from types import ModuleType

    made = ModuleType("mine")
    made.manifest = Manifest(
        name="mine", summary="Does what it may.",
        reads=("profiles", "missions", "organisations", "contracts", "verdicts"),
        acts=("record_verdict", "ask_for_document", "notify", "post", "take_transition"),
        personal_data=("name", "email"), secrets=("MINE_KEY",),
    )  # fmt: skip

    @hookimpl
    def register_vetting_checks(settings):
        return [Own]

    @hookimpl
    def register_jobs(settings):
        def fail(payload, desk):
            raise OSError(payload["why"])

        return [Job("count", lambda payload, desk: ran.append((payload, desk.plugin)), every=timedelta(minutes=5)),
                Job("fail", fail)]  # fmt: skip

    made.register_vetting_checks, made.register_jobs = register_vetting_checks, register_jobs
    return made


@pytest.fixture
def house(marketplace):
    ran.clear()
    made = build_house(replace(marketplace, plugins=("mine",)), {"mine": module()})
    yield made
    made.database.dispose()


@pytest.fixture
def desk(house):
    return house.plugins.plugin("mine").desk


@pytest.fixture
def ada(house):
    with house.database.unit(system("tests")) as uow:
        made = accounts.create_account(uow, email="a@example.org", name="Ada", locale="en", is_freelancer=True)
        profiles.create_profile(uow, account=made, headline="Tests networks", visible=True)
        uow.commit()
    return made


def bare(**declared):
    return make_desk(Manifest(name="mine", summary="", **declared), {}, None)


@pytest.mark.parametrize("read", [
    lambda d: d.queries.profile("x"), lambda d: d.queries.profiles(), lambda d: d.queries.mission("x"),
    lambda d: d.queries.missions(), lambda d: d.queries.organisation("x"), lambda d: d.queries.contract("x"),
    lambda d: d.queries.verdicts("client", "x"), lambda d: d.queries.evidence("x"),
    lambda d: d.queries.personal("x", "email"), lambda d: d.secrets["KEY"],
])  # fmt: skip
def test_an_undeclared_read_is_refused(read):
    with pytest.raises(DeskRefused, match="does not declare"):
        read(bare())


@pytest.mark.parametrize("act", [
    lambda a: a.meet_condition("c", "mine.x", "y"), lambda a: a.record_verdict("client", "o", "c", None),
    lambda a: a.ask_for_document("client", "o", "c", "y"), lambda a: a.post("t", "x", to="client"),
    lambda a: a.notify("p", "x"), lambda a: a.take_transition("m", "t"),
])  # fmt: skip
def test_an_undeclared_act_is_refused(act):
    with pytest.raises(DeskRefused, match="does not declare"):
        act(bare().actions)


def test_a_profile_is_a_frozen_row_without_a_name(desk, ada):
    row = desk.queries.profile(ada)
    assert (row.id, row.headline, row.skills) == (ada, "Tests networks", ())
    assert not hasattr(row, "name")


def test_personal_data_is_read_one_by_one_and_the_reading_is_in_the_audit_log(house, desk, ada):
    assert desk.queries.personal(ada, "email") == {"email": "a@example.org"}
    with pytest.raises(DeskRefused, match="'address'"):
        desk.queries.personal(ada, "address")
    with house.database.reading() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "person.read")).one()
    assert (row.actor, row.subject, row.details) == ("plugin:mine", ada, {"what": ["email"]})


def test_the_address_of_a_person_is_that_of_their_business(house, ada):
    with house.database.unit(system("tests")) as uow:
        accounts.record_identity(
            uow, owner_kind="freelancer", owner_id=ada, name="Ada EI", form="EI", street="14 rue des Prés",
            postcode="59000", city="Lille", country="FR", registration_number="732829320", vat_regime="franchise",
        )  # fmt: skip
        uow.commit()
    assert "14 rue des Prés" in HouseQueries(house.database, house.ports).personal("mine", ada, ["address"])["address"]


@pytest.mark.parametrize(("zone", "day"), [("UTC", 30), ("Europe/Paris", 31), ("America/Montreal", 30)])
def test_today_is_the_day_where_the_marketplace_is(desk, zone, day):
    clock = FrozenClock(datetime(2026, 12, 30, 23, 30, tzinfo=UTC))
    assert replace(desk, clock=clock, time_zone=zone).today == date(2026, 12, day)


def test_nobody_there_is_an_empty_answer(desk):
    assert desk.queries.personal("nobody", "name") == {}
    assert desk.queries.contract("nothing") is None


def verdict(**change):
    given = {"result": Result.PASSED, "compared": "the name", "source": "the register"} | change
    return Verdict(**given)


def test_a_verdict_of_an_own_check_is_recorded_as_the_plugins(house, desk, ada):
    desk.actions.record_verdict("freelancer", ada, "own", verdict())
    with house.database.reading() as session:
        (stands,) = vetting.standing(session, "freelancer", ada)
    assert (stands.by, stands.by_name, stands.result) == ("plugin:mine", "A check of our own", "passed")
    assert [v.source for v in desk.queries.verdicts("freelancer", ada)] == ["the register"]


def test_a_verdict_of_another_check_is_refused(desk, ada):
    with pytest.raises(DeskRefused, match="no check named 'approval'"):
        desk.actions.record_verdict("freelancer", ada, "approval", verdict())


@pytest.mark.parametrize("wrong", [{"compared": ""}, {"result": Result.REFUSED},
                                   {"expires": datetime(2020, 1, 1, tzinfo=UTC)}])  # fmt: skip
def test_a_verdict_that_says_too_little_or_has_ended_is_refused(desk, ada, wrong):
    with pytest.raises(InvalidInput):
        desk.actions.record_verdict("freelancer", ada, "own", verdict(**wrong))


def letters(house):
    house.worker.drain()
    with house.database.reading() as session:
        notices = session.execute(select(Notice.template, Notice.params, Notice.href)).all()
        return [tuple(n) for n in notices], session.scalars(select(Mail.subject)).all()


def test_a_person_is_told_in_their_inbox_and_by_mail(house, desk, ada):
    desk.actions.notify(ada, "Your badge is ready.", "/me/checks")
    notices, mails = letters(house)
    assert notices == [("%(text)s", {"text": "Your badge is ready."}, "/me/checks")]
    assert mails == ["Your badge is ready."]


@pytest.mark.parametrize(("text", "path"), [("", ""), ("x" * 2001, ""), ("x", "https://evil.example"), ("x", "//evil")])
def test_nonsense_is_not_told(desk, ada, text, path):
    with pytest.raises(InvalidInput):
        desk.actions.notify(ada, text, path)


def test_nobody_cannot_be_told(desk):
    with pytest.raises(NotFound):
        desk.actions.notify("nobody", "x")


def test_somebody_is_asked_for_a_document_with_the_reason_and_the_page(house, desk, ada):
    desk.actions.ask_for_document("freelancer", ada, "own", "The copy cannot be read.")
    notices, _mails = letters(house)
    assert notices == [("A document is asked of you", {}, "/me/checks/own")]


def test_a_job_asked_for_runs_in_the_worker_with_its_payload(house, desk):
    desk.jobs.later("count", {"n": 1})
    house.worker.drain()
    assert ran == [({"n": 1}, "mine")]


def test_a_job_put_off_does_not_run_yet(house, desk):
    desk.jobs.later("count", {}, timedelta(hours=1))
    house.worker.drain()
    assert ran == []


def test_a_periodic_job_is_woken_by_the_clock_once_a_tick(house):
    house.worker.tick()
    house.worker.tick()
    house.worker.drain()
    assert [payload for payload, _plugin in ran] == [{}]


def test_a_job_that_fails_is_put_back_and_named(house, desk):
    desk.jobs.later("fail", {"why": "no luck"})
    house.worker.drain()
    with house.database.reading() as session:
        row = session.scalars(select(JobRow).where(JobRow.kind == "plugin.mine.fail")).one()
    assert (row.state, row.attempts) == ("ready", 1)
    assert "no luck" in row.last_error


def test_a_job_that_the_plugin_does_not_bring_is_refused(desk):
    with pytest.raises(DeskRefused, match=r"no job 'other' \(register_jobs: count, fail\)"):
        desk.jobs.later("other")


def test_without_its_plugin_a_job_waits_and_is_not_lost(house, desk, marketplace):
    desk.jobs.later("count", {"n": 1})
    with house.database.unit(system("tests")) as uow:
        uow.session.execute(update(JobRow).values(run_at=uow.machine_now - timedelta(days=1)))
        uow.commit()
    other = build_house(marketplace, beside=house.database)
    other.worker.drain()
    with house.database.reading() as session:
        row = session.scalars(select(JobRow).where(JobRow.kind == "plugin.mine.count")).one()
    assert (row.state, row.attempts) == ("ready", 0)


def test_files_are_kept_whole_under_plain_names(desk):
    desk.files.write("a.json", b"1")
    desk.files.write("a.json", b"2")
    assert (desk.files.read("a.json"), desk.files.names(), desk.files.read("b")) == (b"2", ["a.json"], None)
    for name in ("../a", "a/b", "", ".a", "x" * 121):
        with pytest.raises(ValueError, match="no name of a file"):
            desk.files.write(name, b"")
    desk.files.remove("a.json")
    assert desk.files.names() == []
