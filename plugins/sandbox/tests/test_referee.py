"""What the sandbox tells a drill: effects by the names of the protocol."""

import pytest

from marketwright_sandbox.alone import make_app
from marketwright_sandbox.books import Asked, Books


def _asked(key, kind, amount, **more):
    given = {"funding": "", "fee": 0, "refund": 0} | more
    return Asked(key=key, kind=kind, hold="hold1", currency="EUR", amount=amount, payer="client1", payee="freelancer1",
                 describe="Audit", return_to="/back", **given)  # fmt: skip


@pytest.fixture
def books(tmp_path):
    """A payment that was released, and asked back after that."""
    found = Books(tmp_path, fee=lambda amount: amount // 100)
    found.choose(found.execute(_asked("fund1", "fund", 1000)).token, "pay")
    found.execute(_asked("release1", "release", 900, fee=100, funding="fund1"))
    found.execute(_asked("refund1", "refund", 300, funding="fund1", reclaim=300))
    return found


def test_what_a_refund_takes_back_from_the_payee_is_a_reversal(books):
    told = make_app(books).test_client().get("/_double/effects").json
    assert [(row["kind"], row["command"], row["amount"]) for row in told] == [
        ("charge", "fund1", 1000), ("cost", "fund1", 10), ("transfer", "release1", 900), ("fee", "release1", 100),
        ("reversal", "refund1", 300), ("refund", "refund1", 300),
    ]  # fmt: skip


def test_a_payout_takes_back_no_more_than_what_lies_beside_it(books):
    assert books.execute(_asked("payout1", "payout", 500, reclaim=400)).reclaimed == 100


def test_a_payout_of_more_than_there_is_takes_nothing_back(books):
    assert books.execute(_asked("payout1", "payout", 601, reclaim=100)).state == "failed"
    assert make_app(books).test_client().get("/_double/effects").json[-1]["command"] == "refund1"


def test_a_bank_disputes_a_payment_once_at_a_time(books):
    client = make_app(books).test_client()
    said = [client.post("/_double/deed", json={"name": name, "command": "fund1"}).status_code
            for name in ("dispute", "dispute", "win", "dispute")]  # fmt: skip
    assert said == [200, 400, 200, 200]
