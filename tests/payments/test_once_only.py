"""One effect, whatever way in, whatever order, however often, whoever runs beside (J1-J3, J7, J8, D1, D5)."""

import json
from datetime import timedelta
from functools import partial
from itertools import permutations
from threading import Barrier, Event, Thread

import pytest
from sqlalchemy import select, update

from marketwright.features.inbox import jobs as inbox_jobs
from marketwright.features.inbox.service import HANDLE_JOB, handle, receive
from marketwright.features.inbox.tables import InboxMessage
from marketwright.features.invoicing.own import receive_own
from marketwright.features.ledger.kinds import REVENUE, receivable
from marketwright.features.ledger.service import post
from marketwright.features.payments import inbox, service
from marketwright.features.payments.debts import collect
from marketwright.features.payments.jobs import sweep
from marketwright.features.payments.reporting import report
from marketwright.features.payments.tables import PaymentCommand
from marketwright.kernel.actors import system
from marketwright.kernel.errors import Conflict, NotFound
from marketwright.kernel.money import Money
from marketwright.store.tables import JobRow
from marketwright.strategies.inbox import BadMessage, Message
from marketwright.strategies.payments import Answer, CommandKind, Fact, FactKind, Outcome
from marketwright.strategies.processes import HoldState
from marketwright_sandbox.signing import HEADER, secrets_of, sign

FUND, RELEASE, REFUND = CommandKind.FUND, CommandKind.RELEASE, CommandKind.REFUND


@pytest.fixture
def paid(till):
    """A payment that the provider has confirmed and the marketplace has not heard of."""
    hold = till.open()
    command = till.reserve(hold, FUND)
    till.run(command)
    till.pay(command)
    return hold, command


def signed(till, body, at=None):
    now = till.wire.sandbox.books.now() if at is None else at
    return Message(body, {HEADER: sign(body, secrets_of(till.wire.sandbox.desk.folder)[0], now)})


def mail(till):
    return [body for _, body in till.wire.sandbox.books.undelivered()]


def messages(till):
    with till.database.reading() as session:
        return list(session.scalars(select(InboxMessage).order_by(InboxMessage.received_at)))


def test_a_message_settles_what_nobody_looked_up(till, paid):
    assert receive(till, "sandbox", signed(till, mail(till)[0]))
    till.worker.drain()
    assert till.hold(paid[0]).state is HoldState.FUNDED
    assert till.findings() == []


def test_j1_a_message_is_stored_before_anything_comes_of_it(till, paid):
    body = mail(till)[0]
    receive(till, "sandbox", signed(till, body))
    assert [(m.body, m.state) for m in messages(till)] == [(body, "stored")]
    assert till.hold(paid[0]).state is HoldState.FUNDING


def test_j2_b1_the_same_message_a_hundred_times_is_one_effect(till, paid):
    for _ in range(100):
        receive(till, "sandbox", signed(till, mail(till)[0]))
    till.worker.drain()
    assert len(messages(till)) == 1
    assert till.balance("psp_clearing") == 126_000


def test_d5_the_way_back_and_the_message_are_one_effect(till, paid):
    till.run(paid[1])
    receive(till, "sandbox", signed(till, mail(till)[0]))
    till.worker.drain()
    assert len(till.course.heard) == 1
    assert till.findings() == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_j3_b2_any_order_of_messages_comes_to_the_same(till, order):
    hold = till.open()
    first = till.reserve(hold, FUND)
    till.run(first)
    till.pay(first, "decline")
    declined = mail(till)[0]
    till.run(first)
    second = till.fund(hold)
    bodies = [declined, mail(till)[-1], declined]
    for n in order:
        receive(till, "sandbox", signed(till, bodies[n]))
        till.worker.drain()
    assert till.hold(hold).state is HoldState.FUNDED
    assert till.hold(hold).funding == second
    assert till.findings() == []


def test_b4_a_message_about_somebody_elses_payment_is_stored_and_left_alone(till):
    body = json.dumps({"id": "x", "key": "not-ours", "outcome": "confirmed", "amount": 5, "fee": 0, "reason": ""})
    receive(till, "sandbox", signed(till, body.encode()))
    till.worker.drain()
    assert [m.state for m in messages(till)] == ["ignored"]


def test_j5_a_message_of_an_unknown_type_is_stored_and_left_alone(till):
    assert receive(till, "sandbox", signed(till, b'{"outcome": "balance.changed"}'))
    till.worker.drain()
    assert [m.state for m in messages(till)] == ["ignored"]


@pytest.mark.parametrize("header", ["", "t=1", "t=x,v1=y", "v1=abc", "t=99999999999,v1="])
def test_b7_a_bad_signature_stores_nothing(till, paid, header):
    with pytest.raises(BadMessage):
        receive(till, "sandbox", Message(mail(till)[0], {HEADER: header}))
    assert messages(till) == []


def test_b7_a_body_that_was_changed_is_not_signed(till, paid):
    good = signed(till, mail(till)[0])
    with pytest.raises(BadMessage):
        receive(till, "sandbox", Message(good.body.replace(b"126000", b"126001"), good.headers))


@pytest.mark.parametrize("seconds", [-301, 301])
def test_b8_a_message_too_old_or_too_new_is_refused(till, paid, seconds):
    with pytest.raises(BadMessage):
        receive(till, "sandbox", signed(till, mail(till)[0], at=till.wire.sandbox.books.now() + seconds))


def test_a_message_for_a_provider_that_is_not_there_is_not_found(till):
    with pytest.raises(NotFound):
        receive(till, "nobody", Message(b"{}"))


def test_j7_a_message_whose_wake_up_was_lost_is_swept_up(till, paid):
    receive(till, "sandbox", signed(till, mail(till)[0]))
    lose_jobs(till)
    age(till, InboxMessage, "received_at")
    assert swept(till, inbox_jobs.sweep) == 1
    till.worker.drain()
    assert till.hold(paid[0]).state is HoldState.FUNDED


def test_a_message_is_applied_once_even_when_its_wake_up_comes_twice(till, paid):
    receive(till, "sandbox", signed(till, mail(till)[0]))
    row = messages(till)[0].id
    takers = (partial(inbox.take, till),)
    assert [handle(till, takers, row), handle(till, takers, row)] == ["applied", ""]
    assert len(till.course.heard) == 1


def test_a_command_whose_wake_up_was_lost_is_swept_up(till):
    hold = till.open()
    till.fund(hold)
    command = till.reserve(hold, RELEASE)
    lose_jobs(till)
    age(till, PaymentCommand, "updated_at")
    assert swept(till) == 1
    till.worker.drain()
    assert till.command(command).settled
    assert till.hold(hold).paid_out.amount == 114_000


def test_the_sweep_leaves_alone_what_is_fresh(till):
    till.reserve(till.open(), FUND)
    assert swept(till) == 0


def test_a_command_whose_runner_died_is_taken_over_after_its_lease(till):
    hold = till.open()
    till.fund(hold)
    command = till.reserve(hold, RELEASE)
    with till.database.unit(system("tests")) as uow:
        gone = uow.machine_now - timedelta(seconds=1)
        uow.session.execute(
            update(PaymentCommand)
            .where(PaymentCommand.id == command)
            .values(state="SENT", sent_at=gone, lease_until=gone, fence=1)
        )
        uow.commit()
    till.run(command)
    assert till.hold(hold).state is HoldState.SETTLED


@pytest.mark.parametrize("kinds", [[RELEASE] * 8, [RELEASE, REFUND] * 4], ids=["16 releases", "release and refund"])
def test_d1_d2_e4_of_many_at_the_same_time_exactly_one_wins(till, kinds):
    hold = till.open()
    till.fund(hold)
    barrier, won, lost = Barrier(len(kinds)), [], []

    def work(kind):
        barrier.wait()
        try:
            won.append(till.reserve(hold, kind))
        except Conflict:
            lost.append(kind)

    threads = [Thread(target=work, args=(kind,)) for kind in kinds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    till.worker.drain()
    assert len(won) == 1
    assert len(lost) == len(kinds) - 1
    assert len(till.effects("transfer")) + len(till.effects("refund")) == 1
    assert till.findings() == []


def test_one_command_run_by_many_at_once_has_one_effect(till):
    hold = till.open()
    till.fund(hold)
    command = till.reserve(hold, RELEASE)
    barrier = Barrier(6)

    def work():
        barrier.wait()
        till.run(command)

    threads = [Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    till.run(command)
    assert len(till.effects("transfer")) == 1
    assert [h[1:3] for h in till.course.heard] == [("fund", "confirmed"), ("release", "confirmed")]
    assert till.findings() == []


def test_what_nobody_asked_for_and_many_hear_of_at_once_has_one_effect(till):
    fee = Fact("fee.booked", "", Answer(Outcome.CONFIRMED, "fee", amount=5), kind=FactKind.FEE, currency="EUR")
    barrier, came = Barrier(6), []

    def work():
        barrier.wait()
        with till.database.unit(system("test")) as uow:
            came.append(report(uow, "sandbox", fee, way="reconcile"))
            uow.commit()

    threads = [Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == ["applied", *["known"] * 5]


def test_a_worker_that_lost_its_lease_keeps_nothing(till):
    from marketwright.store.jobs import LeaseLost

    hold = till.open()
    till.fund(hold)
    command = till.reserve(hold, RELEASE)
    checks = []

    def fence(_session):
        checks.append(1)
        if len(checks) > 1:
            raise LeaseLost("The job %(id)s is held by another worker by now.", id="x")

    with pytest.raises(LeaseLost):
        service.run(till, command, fence=fence)
    assert till.hold(hold).state is HoldState.RELEASING
    till.run(command)
    assert len(till.effects("transfer")) == 1


def lose_jobs(till):
    with till.database.unit(system("tests")) as uow:
        uow.session.execute(update(JobRow).values(state="done"))
        uow.commit()


def age(till, table, column):
    with till.database.unit(system("tests")) as uow:
        uow.session.execute(update(table).values({column: uow.machine_now - timedelta(minutes=5)}))
        uow.commit()


def swept(till, sweep=sweep):
    with till.database.unit(system("tests")) as uow:
        found = sweep(uow)
        uow.commit()
    return found


def test_the_message_job_is_the_one_that_the_worker_knows(till):
    assert HANDLE_JOB in till.worker.handlers


def test_a_debt_kept_back_from_a_payout_is_not_paid_to_our_bank_at_the_same_moment(till):
    hold = till.open()
    till.fund(hold)
    till.do(hold, RELEASE)
    till.wire.instead = Answer(Outcome.FAILED, reason="Not today.")
    till.run(till.commands(hold)[0].id)
    with till.database.unit(system("tests")) as uow:
        owed = Money(5_000, "EUR")
        post(uow, cause_type="plan", cause_id="1", effect="invoiced",
             legs=[(receivable("freelancer1"), owed), (REVENUE, -owed)])  # fmt: skip
        uow.commit()
    ready, taken = Event(), []

    def note_as_paid():
        with till.database.unit(system("tests")) as uow:
            taken.append(receive_own(uow, cause_type="plan", cause_id="1", payer="freelancer1", amount=owed))
            ready.set()
            uow.commit()

    other = Thread(target=note_as_paid)
    with till.database.unit(system("tests")) as uow:
        assert collect(uow, "freelancer1", "EUR", provider="sandbox", cause="payout") == 5_000
        other.start()
        ready.wait(1)  # it has looked before this one is kept, unless it has to wait
        uow.commit()
    other.join()
    assert (taken, till.balance("receivable:freelancer1")) == ([Money(0, "EUR")], 0)
