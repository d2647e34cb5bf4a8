"""Silence, nonsense and half-done work at the provider: UNKNOWN, looked up, never done twice (A1-A18, E5)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import update

from marketwright.features.payments import running
from marketwright.features.payments.tables import CommandState
from marketwright.kernel.actors import system
from marketwright.store.tables import JobRow
from marketwright.strategies.payments import Answer, CommandKind, Outcome
from marketwright.strategies.processes import HoldState
from marketwright.testing.drill.verdict import stuck

FUND, RELEASE, REFUND = CommandKind.FUND, CommandKind.RELEASE, CommandKind.REFUND


@pytest.fixture
def funded(till):
    hold = till.open()
    till.fund(hold)
    return hold


def fail(error):
    def do(*_args):
        raise error

    return do


def heal(till):
    till.wire.before = lambda verb, command: None
    till.wire.instead = None
    till.wire.after = lambda verb, command, answer: answer


@pytest.mark.parametrize("error", [ConnectionRefusedError("no"), TimeoutError(), OSError("dns"), ValueError("tls")])
def test_a1_a_call_that_never_arrived_is_sent_again_with_the_same_key(till, funded, error):
    till.wire.before = fail(error)
    command = till.reserve(funded, RELEASE)
    assert till.run(command).outcome is Outcome.UNKNOWN
    assert till.effects("transfer") == []
    heal(till)
    assert till.run(command).outcome is Outcome.CONFIRMED
    assert till.effects("transfer") == [("transfer", command, 114_000)]


@pytest.mark.parametrize("error", [TimeoutError(), ConnectionResetError("mid-body"), RuntimeError("500")])
def test_a2_an_answer_that_was_lost_is_looked_up_and_done_once(till, funded, error):
    till.wire.after = fail(error)
    command = till.reserve(funded, RELEASE)
    assert till.run(command).outcome is Outcome.UNKNOWN
    assert till.hold(funded).state is HoldState.RELEASING
    heal(till)
    assert till.run(command).outcome is Outcome.CONFIRMED
    assert till.wire.sandbox.books.calls()[-1] == ("lookup", command)
    assert till.effects("transfer") == [("transfer", command, 114_000)]
    assert till.findings() == []


NONSENSE = {
    "nothing": None,
    "html": "<html>502</html>",
    "a confirmation without an amount": Answer(Outcome.CONFIRMED),
    "a confirmation of another amount": Answer(Outcome.CONFIRMED, amount=1),
    "a float": Answer(Outcome.CONFIRMED, amount=114_000.0),
    "a negative fee": Answer(Outcome.CONFIRMED, amount=114_000, fee=-1),
    "a page without an address": Answer(Outcome.PAGE, page="javascript:alert(1)"),
    "an outcome of its own": Answer("done", amount=114_000),
}


@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE)
def test_a11_nonsense_is_unknown_and_settles_when_the_provider_makes_sense_again(till, funded, answer):
    till.wire.after = lambda *_: answer
    command = till.reserve(funded, RELEASE)
    till.run(command)
    row = till.command(command)
    assert row.state is CommandState.UNKNOWN
    assert row.note
    assert till.balance("payable:freelancer1") == 0
    heal(till)
    till.run(command)
    assert till.hold(funded).state is HoldState.SETTLED
    assert till.findings() == []


def test_p2_a_provider_that_hangs_is_not_waited_for(till, funded):
    let_go = Event()
    till.wire.after = lambda verb, command, answer: let_go.wait(20) and answer
    command = till.reserve(funded, RELEASE)
    answer = till.run(command, patience=0.05)
    let_go.set()
    assert answer.outcome is Outcome.UNKNOWN
    heal(till)
    till.run(command)
    assert len(till.effects("transfer")) == 1


def test_e5_only_a_definitive_refusal_is_a_failure(till, funded):
    till.wire.instead = Answer(Outcome.FAILED, reason="The account is closed.")
    command = till.do(funded, RELEASE)
    assert till.command(command).state is CommandState.FAILED
    assert till.hold(funded).state is HoldState.FUNDED
    assert till.course.heard[-1] == (funded, "release", "failed", "The account is closed.")


def test_a_proof_of_absence_is_no_refusal(till, funded):
    till.wire.after = lambda *_: Answer(Outcome.FAILED, absent=True)
    command = till.do(funded, RELEASE)
    assert till.command(command).state is CommandState.UNKNOWN


def test_e6_after_a_refusal_the_money_moves_by_a_new_command(till, funded):
    till.wire.instead = Answer(Outcome.FAILED, reason="no")
    first = till.do(funded, RELEASE)
    heal(till)
    second = till.do(funded, REFUND)
    assert first != second
    assert till.hold(funded).refunded.amount == 126_000


def test_a10_what_was_sent_is_always_looked_up_before_it_is_sent_again(till, funded):
    till.wire.before = fail(TimeoutError())
    command = till.do(funded, RELEASE)
    heal(till)
    before = len(till.wire.sandbox.books.calls())
    till.run(command)
    assert till.wire.sandbox.books.calls()[before:] == [("lookup", command), ("execute", command)]


def test_a17_a_provider_that_is_switched_off_loses_nothing(till, funded):
    kept = dict(till.plugins.payment_providers)
    till.plugins.payment_providers.clear()
    command = till.do(funded, RELEASE)
    assert till.command(command).state is CommandState.UNKNOWN
    assert "switched off" in till.command(command).note
    till.plugins.payment_providers.update(kept)
    till.run(command)
    assert till.hold(funded).state is HoldState.SETTLED


def test_a_course_that_falls_over_undoes_hold_and_ledger_and_all_come_together_later(till, funded):
    till.course.breaks = True
    command = till.reserve(funded, RELEASE)
    with pytest.raises(RuntimeError, match="fell over"):
        till.run(command)
    assert till.hold(funded).state is HoldState.RELEASING
    assert till.balance("payable:freelancer1") == 0
    till.course.breaks = False
    till.run(command)
    assert till.hold(funded).state is HoldState.SETTLED
    assert len(till.effects("transfer")) == 1
    assert till.findings() == []


def test_a_settled_command_is_not_asked_again(till, funded):
    command = till.do(funded, RELEASE)
    calls = len(till.wire.sandbox.books.calls())
    assert till.run(command).outcome is Outcome.CONFIRMED
    assert len(till.wire.sandbox.books.calls()) == calls


def test_j8_two_runners_of_one_command_ask_once(till, funded):
    command = till.reserve(funded, RELEASE)
    seen = []

    def meanwhile(verb, _command):
        if verb == "execute" and not seen:
            seen.append(till.run(command))

    till.wire.before = meanwhile
    till.run(command)
    assert [a.outcome for a in seen] == [Outcome.WAITING]
    assert [c for c in till.wire.sandbox.books.calls() if c[1] == command] == [("execute", command)]


def test_a_person_who_waits_reads_what_a_quicker_worker_came_to(till, funded, monkeypatch):
    command, waits, told = till.reserve(funded, RELEASE), Event(), []

    class Pause:
        @staticmethod
        def wait(seconds):
            waits.set()

    def meanwhile(verb, _command):
        if verb == "execute" and not told:
            told.append(person.submit(running.run_waited_for, till, command))
            assert waits.wait(10)

    monkeypatch.setattr(running, "_PAUSE", Pause)
    till.wire.before = meanwhile
    with ThreadPoolExecutor(1) as person:
        till.run(command)
    assert told[0].result().outcome is Outcome.CONFIRMED


@pytest.mark.parametrize("paid", ["before", "after"])
def test_a_payer_who_comes_back_while_a_worker_looks_reads_that_it_is_paid(till, monkeypatch, paid):
    """Paid before the worker asked, or after: then its answer is older than the payment."""
    command, waits, told = till.reserve(till.open(), FUND), Event(), []
    till.run(command)

    class Pause:
        @staticmethod
        def wait(seconds):
            waits.set()

    def meanwhile(verb, _command, answer=None):
        if verb == "lookup" and not told:
            told.append(None)
            till.pay(command)
            told[0] = person.submit(running.run_waited_for, till, command)
            assert waits.wait(10)
        return answer

    monkeypatch.setattr(running, "_PAUSE", Pause)
    setattr(till.wire, paid, meanwhile)
    with ThreadPoolExecutor(1) as person:
        till.run(command)
    assert told[0].result().outcome is Outcome.CONFIRMED


def test_a_payer_who_left_the_page_is_told_so_at_once(till, monkeypatch):
    command = till.reserve(till.open(), FUND)
    till.run(command)
    monkeypatch.setattr(running, "_PAUSE", None)
    assert running.run_waited_for(till, command).outcome is Outcome.PAGE


def test_p1_the_provider_is_never_asked_inside_a_unit_of_work(till, funded):
    from marketwright.kernel.guard import unit_is_open

    open_units = []
    till.wire.before = lambda verb, command: open_units.append(unit_is_open())
    till.do(funded, RELEASE)
    assert open_units == [False]


def test_e3_a_reservation_that_is_not_committed_is_never_asked(till, funded):
    from marketwright.features.payments import service
    from marketwright.kernel.actors import system

    calls = len(till.wire.sandbox.books.calls())
    with till.database.unit(system("tests")) as uow:
        service.reserve(uow, hold=funded, kind=RELEASE, cause="approval:1", by="person:anna")
    till.worker.drain()
    assert till.hold(funded).state is HoldState.FUNDED
    assert len(till.wire.sandbox.books.calls()) == calls


def test_g6_a_payout_that_the_bank_refuses_stays_owed_and_can_be_asked_again(till, funded):
    from marketwright.features.payments import service
    from marketwright.kernel.actors import system

    till.do(funded, RELEASE)
    payout = till.open_commands()[0].id
    till.wire.instead = Answer(Outcome.FAILED, reason="The bank account is closed.")
    till.run(payout)
    assert till.balance("payable:freelancer1") == 114_000
    heal(till)
    with till.database.unit(system("tests")) as uow:
        again = service.pay_out_again(uow, hold=funded, by="person:finance")
        uow.commit()
    till.run(again)
    assert till.balance("payable:freelancer1") == 0
    assert till.findings() == []


def test_e7_a_payout_that_went_well_is_not_asked_again(till, funded):
    from marketwright.features.payments import service
    from marketwright.kernel.actors import system
    from marketwright.kernel.errors import Conflict

    till.do(funded, RELEASE)
    till.drain()
    with till.database.unit(system("tests")) as uow, pytest.raises(Conflict):
        service.pay_out_again(uow, hold=funded, by="person:finance")


def test_a_dead_job_is_told_by_the_drill_until_its_command_is_settled_by_others(till, funded):
    command = till.reserve(funded, RELEASE)
    with till.database.unit(system("test")) as uow:
        uow.session.execute(update(JobRow).where(JobRow.key == command).values(state="dead", last_error="killed"))
        uow.commit()

    def dead():
        with till.database.reading() as session:
            return [line for line in stuck(session) if command in line and "dead" in line]

    before = dead()
    till.run(command)
    assert (len(before), dead()) == (1, [])
