"""The referee: what is asked twice is done once, what is not covered is refused, what is done stays done."""

import sqlite3
from dataclasses import replace

import pytest

from marketwright_sandbox.books import DECLINED, EXPIRED, FILE, NOT_CONFIRMED, NOT_ENOUGH, Asked, Books


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def books(tmp_path, clock):
    return Books(tmp_path, late_seconds=20, page_minutes=60, now=clock)


def asked(key, kind="fund", amount=1000, **kw):
    base = Asked(key, kind, "hold1", "", "EUR", amount, 0, 0, "client1", "freelancer1", "Audit", "/back")
    return replace(base, **kw)


@pytest.fixture
def funding(books):
    """The key of a payment that came in."""
    books.choose(books.execute(asked("fund1")).token, "pay")
    return "fund1"


def effects(books):
    return [(e.effect, e.who, e.amount) for e in books.effects()]


def test_a_payment_waits_on_its_page(books):
    assert books.execute(asked("fund1")).state == "page"
    assert effects(books) == []


def test_paying_is_one_charge(books, funding):
    assert effects(books) == [("charge", "client1", 1000)]
    assert books.balance("EUR") == 1000


@pytest.mark.parametrize("times", [2, 16])
def test_the_same_key_again_is_one_effect(books, funding, times):
    release = asked("release1", "release", 900, fee=100, funding=funding)
    states = {books.execute(release).state for _ in range(times)}
    assert states == {"confirmed"}
    assert effects(books)[1:] == [("transfer", "freelancer1", 900), ("fee", "marketplace", 100)]


def test_the_same_key_for_something_else_is_an_alarm(books):
    books.execute(asked("fund1"))
    with pytest.raises(ValueError, match="something else"):
        books.execute(asked("fund1", amount=2000))


def test_choosing_twice_pays_once(books):
    token = books.execute(asked("fund1")).token
    books.choose(token, "pay")
    books.choose(token, "pay")
    books.choose(token, "decline")
    assert effects(books) == [("charge", "client1", 1000)]


def test_a_declined_card_takes_nothing(books):
    entry = books.choose(books.execute(asked("fund1")).token, "decline")
    assert (entry.state, entry.reason) == ("failed", DECLINED)
    assert effects(books) == []


def test_a_confirmation_is_asked_and_given(books):
    token = books.execute(asked("fund1")).token
    assert books.choose(token, "confirm").state == "confirming"
    assert books.choose(token, "pay").state == "confirming"
    assert books.choose(token, "yes").state == "confirmed"


def test_a_confirmation_that_is_refused_takes_nothing(books):
    token = books.execute(asked("fund1")).token
    books.choose(token, "confirm")
    assert books.choose(token, "no").reason == NOT_CONFIRMED
    assert effects(books) == []


def test_a_late_payment_arrives_when_its_time_has_come(books, clock):
    token = books.execute(asked("fund1")).token
    books.choose(token, "late")
    assert books.lookup("fund1").state == "waiting"
    clock.now += 21
    assert books.lookup("fund1").state == "confirmed"


def test_an_abandoned_page_expires(books, clock):
    books.execute(asked("fund1"))
    clock.now += 3601
    assert books.lookup("fund1").reason == EXPIRED


def test_what_never_came_is_not_known(books):
    assert books.lookup("nothing") is None
    assert books.calls() == [("lookup", "nothing")]


@pytest.mark.parametrize("kind", ["release", "refund"])
def test_more_than_is_left_of_a_payment_is_refused(books, funding, kind):
    books.execute(asked("first", kind, 600, funding=funding))
    assert books.execute(asked("second", kind, 401, funding=funding)).reason == NOT_ENOUGH
    assert books.execute(asked("third", kind, 400, funding=funding)).state == "confirmed"


def test_a_payout_takes_no_more_than_was_released(books, funding):
    books.execute(asked("r", "release", 900, funding=funding))
    assert books.execute(asked("p1", "payout", 901)).state == "failed"
    assert books.execute(asked("p2", "payout", 900)).state == "confirmed"
    assert books.balance("EUR") == 100


def test_a_split_goes_three_ways(books, funding):
    books.execute(asked("s", "split", 500, fee=100, refund=400, funding=funding))
    assert effects(books)[1:] == [("transfer", "freelancer1", 500), ("fee", "marketplace", 100),
                                  ("refund", "client1", 400)]  # fmt: skip


def test_the_providers_own_fee_is_taken_from_what_comes_in(tmp_path):
    books = Books(tmp_path / "fee", fee=lambda amount: amount // 100)
    books.choose(books.execute(asked("fund1")).token, "pay")
    assert books.balance("EUR") == 990
    assert books.lookup("fund1").charged == 10


@pytest.mark.parametrize("statement", ["UPDATE effects SET amount = 1", "DELETE FROM effects"])
def test_what_was_done_stays_done(books, funding, tmp_path, statement):
    database = sqlite3.connect(tmp_path / FILE)
    with pytest.raises(sqlite3.DatabaseError, match="append only"):
        database.execute(statement)
    database.close()


def test_books_survive_being_opened_again(books, funding, tmp_path):
    assert Books(tmp_path).lookup(funding).state == "confirmed"


def test_every_settlement_is_a_message_until_it_is_taken(books, funding):
    (message, body), = books.undelivered()
    assert message == "fund1.confirmed"
    assert b'"amount": 1000' in body
    books.delivered(message)
    assert books.undelivered() == []
