"""Messages under fire: doubled at once, by the hundred, forged, while the secret or the database is changing."""

import json
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from marketwright.features.inbox import service as inbox_service
from marketwright.features.inbox.service import receive
from marketwright.features.inbox.tables import InboxMessage
from marketwright.kernel.errors import Unavailable
from marketwright.strategies.inbox import BadMessage, Message
from marketwright.strategies.payments import CommandKind
from marketwright_sandbox.deeds import Deeds
from marketwright_sandbox.signing import HEADER, renew, secrets_of, sign


@pytest.fixture
def paid(till):
    hold = till.open()
    command = till.reserve(hold, CommandKind.FUND)
    till.run(command)
    till.pay(command)
    return hold, command


def signed(till, body, secret=b""):
    key = secret or secrets_of(till.wire.sandbox.desk.folder)[0]
    return Message(body, {HEADER: sign(body, key, till.wire.sandbox.books.now())})


def stored(till):
    with till.database.reading() as session:
        return session.scalar(select(func.count()).select_from(InboxMessage))


def test_b1_the_same_message_by_many_at_once_is_stored_once_and_all_are_answered(till, paid):
    body = till.wire.sandbox.books.undelivered()[0][1]
    gate, new, failed = Barrier(8), [], []

    def send():
        gate.wait()
        try:
            new.append(receive(till, "sandbox", signed(till, body)))
        except Exception as error:  # noqa: BLE001  whatever it is fails the test
            failed.append(error)

    threads = [Thread(target=send) for _ in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    till.worker.drain()
    assert (failed, sum(new), stored(till)) == ([], 1, 1)
    assert till.balance("psp_clearing") == 126_000


def test_b12_a_flood_of_forgeries_stores_nothing_and_the_true_one_is_taken(till, paid):
    for n in range(300):
        with pytest.raises(BadMessage):
            receive(till, "sandbox", signed(till, json.dumps({"id": n}).encode(), b"guessed"))
    assert stored(till) == 0
    assert receive(till, "sandbox", signed(till, till.wire.sandbox.books.undelivered()[0][1]))


def test_b12_a_storm_about_one_payment_is_one_effect(till, paid):
    said = json.loads(till.wire.sandbox.books.undelivered()[0][1])
    for n in range(25):
        receive(till, "sandbox", signed(till, json.dumps({**said, "id": f"storm-{n}"}).encode()))
    till.worker.drain()
    assert stored(till) == 25
    assert till.balance("psp_clearing") == 126_000
    assert till.findings() == []


def test_b10_both_secrets_are_taken_while_one_takes_over(till, paid):
    folder = till.wire.sandbox.desk.folder
    body, before = till.wire.sandbox.books.undelivered()[0][1], secrets_of(folder)[0]
    renew(folder)
    assert receive(till, "sandbox", signed(till, body, before))
    assert not receive(till, "sandbox", signed(till, body.replace(b'"fee": 0', b'"fee":  0')))  # known by its id
    renew(folder)
    with pytest.raises(BadMessage):
        receive(till, "sandbox", signed(till, body, before))


def test_b13_while_the_database_is_away_nothing_is_answered_as_stored(till, paid, monkeypatch):
    def away(*_given, **_named):
        raise OperationalError("INSERT", {}, Exception("database is locked"))

    body = till.wire.sandbox.books.undelivered()[0][1]
    with monkeypatch.context() as patch:
        patch.setattr(inbox_service, "_store", away)
        with pytest.raises(Unavailable):
            receive(till, "sandbox", signed(till, body))
    assert receive(till, "sandbox", signed(till, body))
    till.worker.drain()
    assert till.hold(paid[0]).state == "FUNDED"


def test_j3_disputes_and_arrivals_come_by_message_too_in_the_wrong_order(till, paid):
    deeds = Deeds(till.wire.sandbox.books)
    deeds.do("win", deeds.do("dispute", paid[1]))
    deeds.do("arrive", amount=700, currency="EUR")
    for _, body in reversed(till.wire.sandbox.books.undelivered()):
        receive(till, "sandbox", signed(till, body))
    till.worker.drain()
    assert (till.hold(paid[0]).disputes, till.balance("suspense"), till.balance("psp_fee")) == (0, 700, 1_500)
    assert till.findings() == []
