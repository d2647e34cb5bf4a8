"""Checks that follow the legal identity: begun by the worker, asked again after an outage, about one number each."""

from dataclasses import replace
from datetime import timedelta
from types import ModuleType

import pytest

from marketwright.app import build_house, create_app
from marketwright.features.accounts.identity import record_identity
from marketwright.features.vetting import queries
from marketwright.features.vetting.following import begin, unanswered
from marketwright.features.vetting.jobs import due
from marketwright.features.vetting.running import advance
from marketwright.kernel.errors import BadSetting
from marketwright.plugin import Manifest, Result, Verdict, VettingCheck, Waiting, hookimpl
from marketwright.store.database import move_clock
from marketwright.testing.browse import Browse

pytestmark = pytest.mark.either_engine
FIRST, SECOND = "DE136695976", "DE811569869"


class Register(VettingCheck):
    """Knows what a test tells it."""

    name = "register"
    label = "Register"
    follows_identity = True
    remind_days = ()

    def __init__(self, settings, desk):
        super().__init__(settings, desk)
        self.says, self.seen = True, []

    def applies(self, subject):
        return subject.vat_number.startswith("DE")

    def evidence(self, subject):
        return ()

    def start(self, subject, submission):
        self.seen.append(subject.vat_number)
        if self.says is None:
            return Waiting(until=self.desk.clock.business() + timedelta(hours=1))
        ends = self.desk.clock.business() + timedelta(days=30) if self.says else None
        result = Result.PASSED if self.says else Result.REFUSED
        return Verdict(result, "number", "the register", "" if self.says else "Unknown.", ends, subject.vat_number)

    resume = start

    def explain(self, verdict):
        return "Asked."


class Other(Register):
    """Follows nothing."""

    name = "other"
    follows_identity = False


def module(personal=("vat_number",), checks=(Register, Other)):
    it = ModuleType("registers")
    it.manifest = Manifest("registers", "Asks a register.", personal_data=personal)
    it.register_vetting_checks = hookimpl(lambda settings: list(checks))
    it.register_vetting_checks.__name__ = "register_vetting_checks"
    return it


@pytest.fixture
def german(people, marketplace):
    house = build_house(replace(marketplace, plugins=("registers",)), modules={"registers": module()})
    people.house = house
    yield people
    house.database.dispose()


@pytest.fixture
def browse_of(people):
    def visitor(those):
        return Browse(create_app(those.house.marketplace, those.house)).sign_in(those.client)

    return visitor


def give(people, number, **how):
    who = {"owner_kind": "organisation", "owner_id": people.organisation}
    people.do(people.as_client, lambda uow: record_identity(
        uow, **who, name="Vesseler GmbH", form="GmbH", registration_number="HRB 1", vat_regime="standard",
        vat_number=number, street="Deichstr. 9", postcode="20459", city="Hamburg", country="DE",
        signatory_name="A", signatory_title="B",
    ), **how)  # fmt: skip


def register(people):
    return people.house.plugins.vetting_checks["register"].it


def standing(people):
    with people.house.database.reading() as session:
        found = queries.standing(session, "client", people.organisation)
    return {v.about: v.result for v in found}


def work(people):
    people.house.worker.drain()


def later(people, **time):
    people.do(people.as_vetter, lambda uow: move_clock(uow, timedelta(**time)))
    people.house.clock.forget()


def test_the_worker_asks_once_an_identity_is_recorded_and_once_more_for_another_number(german):
    give(german, FIRST)
    work(german)
    give(german, FIRST)
    work(german)
    assert register(german).seen == [FIRST]
    give(german, SECOND)
    work(german)
    assert standing(german) == {FIRST: "revoked", SECOND: "passed"}


def test_a_refusal_is_asked_again_when_the_identity_is_saved_again(german):
    register(german).says = False
    give(german, FIRST)
    work(german)
    assert standing(german) == {FIRST: "refused"}
    register(german).says = True
    give(german, FIRST)
    work(german)
    assert standing(german) == {FIRST: "passed"}


def test_an_outage_waits_and_a_changed_number_takes_its_place(german):
    register(german).says = None
    give(german, FIRST)
    work(german)
    give(german, SECOND)
    work(german)
    assert standing(german) == {}
    register(german).says = True
    later(german, hours=2)
    for run in due(german.house):
        advance(german.house, run)
    assert standing(german) == {SECOND: "passed"}


def test_what_was_missed_and_what_ends_soon_is_found(german):
    give(german, FIRST)
    assert unanswered(german.house, "register") == [("client", german.organisation)]
    begin(german.house, "client", german.organisation)
    assert unanswered(german.house, "register") == []
    later(german, days=25)
    assert unanswered(german.house, "register") == [("client", german.organisation)]


def test_a_check_that_follows_nothing_is_not_told_the_number(german):
    give(german, FIRST)
    run = german.hand_in("other", kind="client")
    assert german.house.plugins.vetting_checks["other"].it.seen == [""]
    assert run


def test_a_plugin_that_does_not_declare_the_number_does_not_start(marketplace):
    with pytest.raises(BadSetting, match="does not declare that it reads VAT numbers"):
        build_house(replace(marketplace, plugins=("registers",)), modules={"registers": module(personal=())})


def test_who_asks_again_puts_the_attempt_that_waits_to_its_source(german, browse_of):
    register(german).says = None
    give(german, FIRST)
    work(german)
    register(german).says = True
    answer = browse_of(german).post(f"/organisations/{german.organisation}/checks/register", {})
    assert answer.status_code == 303
    assert standing(german) == {FIRST: "passed"}
    with german.house.database.reading() as session:
        assert queries.open_runs(session, "client", german.organisation) == []
