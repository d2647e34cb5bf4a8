"""E13: how a payee stands is found without messages, and nothing is paid to whom nobody has looked up."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update
from tests.payments.conftest import Wire

from marketwright.features.inbox.service import handle
from marketwright.features.inbox.tables import InboxMessage
from marketwright.features.payments import destinations, inbox, jobs, payees
from marketwright.features.payments.payouts import pay_what_waited
from marketwright.features.payments.ports import Onboarding
from marketwright.features.payments.tables import Payee
from marketwright.hooks.desk import Desk, NoActions
from marketwright.hooks.manager import Entry
from marketwright.kernel.actors import system
from marketwright.kernel.errors import PluginFailed
from marketwright.kernel.time import SystemClock
from marketwright.store.database import move_clock
from marketwright.strategies.payments import Answer, CommandKind, Outcome
from marketwright_sandbox.provider import Sandbox
from marketwright_sandbox.settings import SandboxSettings

ZOE = "freelancer1"


@pytest.fixture
def till(make_till):
    """A till whose provider must know whom it pays, and knows them."""
    till = make_till(onboarding=True)
    till.database.ports.fill(Onboarding, Onboarding(frozenset({"sandbox"})))
    begin(till, ZOE)
    fill_in(till, ZOE)
    payees.look(till, "sandbox", ZOE)
    return till


@pytest.fixture
def looks(till):
    """The look-ups of payees so far."""
    made = []
    watch(till, lambda command: made.append(command.payee))
    return made


def watch(till, do):
    """``do`` is called with each look-up of a payee before the provider hears of it."""
    before = till.wire.before

    def heard(verb, command):
        before(verb, command)
        if verb == "lookup" and command.kind is CommandKind.ONBOARD:
            do(command)

    till.wire.before = heard


def begin(till, who):
    payees.ask(till, "sandbox", who, return_to="/back")


def fill_in(till, who, way="give"):
    it = till.wire.sandbox.payees
    it.choose(it.of(who).token, way)


def another_bank_account(till):
    """Somebody gives another one on the provider's page; no message says so."""
    def other(verb, command, answer):
        return replace(answer, marks=("another",)) if command.kind is CommandKind.ONBOARD else answer

    till.wire.after = other


def silent(till, *who):
    """The provider says nothing about some, or about all."""
    def nothing(command):
        if not who or command.payee in who:
            raise OSError("down")

    watch(till, nothing)


def answers_again(till):
    till.wire.before = lambda verb, command: None


def act(till, deed):
    with till.database.unit(system("tests")) as uow:
        done = deed(uow)
        uow.commit()
    return done


def nobody_looked_for(till, **span):
    act(till, lambda u: u.session.execute(update(Payee).values(updated_at=u.machine_now - timedelta(**span))))


def look_job(till):
    act(till, lambda u: u.job(jobs.LOOK_JOB, key="tick"))
    till.worker.drain()


def later(till, **span):
    act(till, lambda u: move_clock(u, timedelta(**span)))
    till.clock.forget()


def state(till, who=ZOE):
    with till.database.reading() as session:
        return session.scalar(select(Payee.state).where(Payee.freelancer_id == who))


def cools(till):
    return act(till, lambda u: destinations.cooling_until(u.session, ZOE, u.now)) is not None


def released(till):
    """A milestone that is released, with its payout reserved and not sent."""
    hold = till.open()
    till.fund(hold)
    till.do(hold, CommandKind.RELEASE)
    [payout] = [c.id for c in till.commands(hold) if c.kind is CommandKind.PAYOUT]
    return payout


def at_another_provider(till, folder):
    """A second provider that asks whom it pays, and knows them by other marks than the first."""
    checked = SandboxSettings().load({"onboarding": True})
    desk = Desk("second", checked, SystemClock(), folder, {}, (), "http://localhost", "demo", "EUR", NoActions())
    second = Wire(Sandbox(checked, desk))
    second.name = "second"
    second.after = lambda verb, command, answer: replace(answer, marks=("another",)) if answer.marks else answer
    till.plugins.payment_providers["second"] = Entry("second", second)
    till.database.ports.fill(Onboarding, Onboarding(frozenset({"sandbox", "second"})))
    payees.ask(till, "second", ZOE, return_to="/back")
    second.sandbox.payees.choose(second.sandbox.payees.of(ZOE).token, "give")
    payees.look(till, "second", ZOE)


def message(till):
    """The provider's message that something about the payee has changed; its id."""
    body = (b'{"id": "m1", "key": "", "kind": "payee_changed", "outcome": "waiting", "amount": null, "fee": 0, '
            b'"reason": "", "reference": "payee", "currency": "", "who": "%s"}' % ZOE.encode())  # fmt: skip
    act(till, lambda u: u.session.add(InboxMessage(
        id="m1", plugin="sandbox", mode="test", event_id="m1", type="payee_changed", about="", body=body, headers={},
        state="stored", attempts=0, note="", received_at=u.machine_now,
    )))  # fmt: skip
    return "m1"


def hand_on(till, message):
    return handle(till, (partial(inbox.take, till),), message)


def stored(till, message):
    with till.database.reading() as session:
        return session.get_one(InboxMessage, message).state


def test_another_bank_account_whose_message_was_lost_is_found_and_not_paid_for_72_hours(till):
    another_bank_account(till)
    nobody_looked_for(till, hours=25)
    look_job(till)
    assert cools(till)
    hold = till.open()
    till.fund(hold)
    till.do(hold, CommandKind.RELEASE)
    assert act(till, pay_what_waited) == 0
    later(till, hours=73)
    assert act(till, pay_what_waited) == 1
    till.drain()
    assert till.hold(hold).paid_out == till.hold(hold).paid


def test_whom_two_providers_know_by_different_accounts_is_paid_out(till, tmp_path):
    at_another_provider(till, tmp_path / "second")
    for _day in range(4):
        later(till, hours=24)
        nobody_looked_for(till, hours=25)
        look_job(till)
        assert not cools(till)
    till.run(released(till))
    assert len(till.effects("payout")) == 1


def test_a_look_up_at_the_provider_leaves_the_bank_account_given_here(till):
    given = "FR7630006000011234567890189"
    act(till, lambda u: destinations.change(u, freelancer=ZOE, holder="Zoé", iban=given))
    later(till, hours=73)
    nobody_looked_for(till, hours=25)
    look_job(till)
    assert not cools(till)
    assert act(till, lambda u: destinations.destination(u.session, ZOE)).iban == given


def test_a_payout_to_whom_nobody_looked_up_for_an_hour_looks_first_and_waits_for_another_account(till):
    payout = released(till)
    another_bank_account(till)
    nobody_looked_for(till, hours=2)
    till.run(payout)
    assert cools(till)
    assert till.effects("payout") == []
    later(till, hours=73)
    till.run(payout)
    assert len(till.effects("payout")) == 1


def test_a_payout_waits_while_the_provider_does_not_say_how_its_payee_stands(till):
    payout = released(till)
    nobody_looked_for(till, hours=2)
    silent(till)
    for _try in range(3):
        assert till.run(payout).outcome is Outcome.WAITING
    assert till.command(payout).state == "PENDING"
    assert till.effects("payout") == []
    answers_again(till)
    till.run(payout)
    assert len(till.effects("payout")) == 1


def test_a_look_up_that_was_not_answered_makes_what_was_known_before_too_old_for_a_payout(till):
    payout = released(till)
    silent(till)
    payees.look(till, "sandbox", ZOE)
    answers_again(till)
    another_bank_account(till)
    till.run(payout)
    assert till.effects("payout") == []


def test_somebody_who_was_looked_up_a_moment_ago_is_not_looked_up_again_for_a_payout(till, looks):
    till.run(released(till))
    assert len(till.effects("payout")) == 1
    assert looks == []


def test_a_payout_to_who_could_not_be_paid_just_now_looks_again(till, looks):
    payout = released(till)
    fill_in(till, ZOE, "without_bank")
    payees.look(till, "sandbox", ZOE)
    fill_in(till, ZOE)
    another_bank_account(till)
    till.run(payout)
    assert till.effects("payout") == []
    assert looks == [ZOE, ZOE]


def test_a_provider_that_asks_nobody_is_not_asked(till, looks):
    payout = released(till)
    till.database.ports.fill(Onboarding, Onboarding())
    nobody_looked_for(till, days=2)
    look_job(till)
    till.run(payout)
    assert looks == []
    assert len(till.effects("payout")) == 1


@pytest.mark.parametrize("before", ["without_bank", "refuse"])
def test_a_review_that_ended_without_a_message_is_found_within_the_hour(till, before):
    fill_in(till, ZOE, before)
    payees.look(till, "sandbox", ZOE)
    fill_in(till, ZOE)
    look_job(till)
    assert state(till) != "READY"
    nobody_looked_for(till, minutes=61)
    look_job(till)
    assert state(till) == "READY"


def test_who_can_be_paid_is_looked_up_once_a_day(till, looks):
    for hours, made in ((23, 0), (25, 1), (0, 1)):
        nobody_looked_for(till, hours=hours)
        look_job(till)
        assert len(looks) == made


def test_a_provider_that_is_silent_is_asked_once_a_run(till, looks):
    for n in range(5):
        begin(till, f"other{n}")
    nobody_looked_for(till, days=2)
    silent(till)
    look_job(till)
    assert len(looks) == 1


def test_somebody_about_whom_the_provider_never_says_anything_keeps_nobody_waiting(till):
    begin(till, "strange")
    nobody_looked_for(till, days=2)
    silent(till, "strange")
    another_bank_account(till)
    for _run in range(40):
        look_job(till)
    assert cools(till)


def test_a_message_whose_look_up_fails_is_not_applied_and_comes_again(till):
    another_bank_account(till)
    silent(till)
    sent = message(till)
    with pytest.raises(PluginFailed, match="down"):
        hand_on(till, sent)
    assert stored(till, sent) == "stored"
    assert not cools(till)
    answers_again(till)
    assert hand_on(till, sent) == "applied"
    assert cools(till)


def test_what_the_provider_says_of_a_payee_that_it_does_not_know_is_an_answer(till):
    till.wire.instead = Answer(Outcome.FAILED, absent=True)
    assert hand_on(till, message(till)) == "applied"
    assert state(till) == "READY"
