"""Everything on demand: on the developer's page, by the command line, and what the books say of it."""

import json
import re
import sqlite3

import pytest

from marketwright_sandbox.__main__ import main
from marketwright_sandbox.alone import make_app
from marketwright_sandbox.books import FILE, Asked, Books
from marketwright_sandbox.deeds import DEEDS, Deeds
from marketwright_sandbox.faults import Faults
from marketwright_sandbox.payees import Payees


@pytest.fixture
def books(tmp_path):
    return Books(tmp_path)


@pytest.fixture
def bench(books):
    return make_app(books).test_client()


@pytest.fixture
def paid(books):
    books.choose(books.execute(Asked("k1", "fund", "h1", "", "EUR", 1000, 0, 0, "c1", "f1", "", "/back")).token, "pay")
    return "k1"


def test_the_page_shows_what_was_asked_and_what_can_be_done_to_it(bench, paid):
    text = bench.get("/bench").text
    assert "€10.00" in text
    assert 'value="dispute"' in text
    assert "Établi" in bench.get("/bench?lang=fr").text


def test_a_dispute_is_opened_and_lost_with_two_clicks(bench, books, paid):
    bench.post("/bench", data={"do": "dispute", "key": paid})
    reference = re.search(r"dispute-\w+", bench.get("/bench").text)[0]
    bench.post("/bench", data={"do": "lose", "key": reference})
    assert [h.kind for h in Deeds(books).all()] == ["dispute_opened", "dispute_lost"]
    assert books.balance("EUR") == 1000 - 1000 - 1500


@pytest.mark.parametrize(
    "sent",
    [
        {"do": "dispute", "key": "nothing"}, {"do": "explode"}, {"do": "arrive", "amount": "1e3"},
        {"do": "fault", "call": "x", "fault": "y"}, {"do": "tell", "order": "sideways"},
    ],
)  # fmt: skip
def test_a_deed_that_cannot_be_is_refused_in_a_sentence(bench, sent):
    answer = bench.post("/bench", data=sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_fault_is_set_and_taken_away(bench, books):
    bench.post("/bench", data={"do": "fault", "call": "execute", "fault": "timeout_after", "times": "2"})
    assert Faults(books.folder).set_now() == [{"call": "execute", "fault": "timeout_after", "times": 2}]
    bench.post("/bench", data={"do": "calm"})
    assert Faults(books.folder).set_now() == []


def test_messages_may_be_lost(bench, books, paid):
    bench.post("/bench", data={"do": "tell", "order": "lose them"})
    assert books.undelivered() == []


def test_the_command_line_does_the_same(tmp_path, books, paid, capsys):
    assert main(["--folder", str(tmp_path), "--do", "take_back", paid]) == 0
    assert main(["--folder", str(tmp_path), "--do", "take_back", paid]) == 1
    assert main(["--folder", str(tmp_path), "--do", "arrive", "--amount", "70", "--currency", "EUR"]) == 0
    assert main(["--folder", str(tmp_path), "--fault", "lookup", "refused"]) == 0
    assert "came undone already" in capsys.readouterr().err
    assert [h.kind for h in Deeds(books).all()] == ["funding_failed", "arrived"]


def test_every_deed_tells_what_it_did(books, paid):
    before = len(books.undelivered())
    Deeds(books).do("adjust", amount=-5, currency="EUR")
    said = json.loads(books.undelivered()[before][1])
    assert (said["kind"], said["amount"]) == ("adjustment", -5)
    assert len(set(DEEDS)) == len(DEEDS)


def test_a_transfer_that_is_complete_confirms_its_payment(books):
    books.execute(Asked("k2", "fund", "h1", "", "EUR", 1000, 0, 0, "c1", "f1", "", "/back"))
    Deeds(books).do("arrive", "k2", amount=400)
    assert books.lookup("k2").state == "waiting"
    Deeds(books).do("arrive", "k2", amount=700)
    assert books.lookup("k2").state == "confirmed"
    assert books.balance("EUR") == 1100


def test_a_transfer_that_went_back_completes_no_payment(books):
    books.execute(Asked("k2", "fund", "h1", "", "EUR", 1000, 0, 0, "c1", "f1", "", "/back"))
    first = Deeds(books).do("arrive", "k2", amount=400)
    back = Asked("b", "refund", "", "", "EUR", 400, 0, 0, "", "", "", "/back", arrival=first)
    assert books.execute(back).state == "confirmed"
    Deeds(books).do("arrive", "k2", amount=700)
    assert (books.lookup("k2").state, books.balance("EUR")) == ("waiting", 700)


def test_a_transfer_beside_a_card_is_for_nobody_and_one_too_many_for_its_payment(books, paid):
    def keys(reference):
        return [h.key for h in Deeds(books).all() if h.reference == reference]

    assert keys(Deeds(books).do("arrive", paid)) == [""]
    books.execute(Asked("k3", "fund", "h1", "", "EUR", 1000, 0, 0, "c1", "f1", "", "/back"))
    first, second = (Deeds(books).do("arrive", "k3") for _ in range(2))
    assert (keys(first), keys(second)) == (["k3"], ["k3"])


def test_a_payee_gives_what_is_missing_on_a_page(bench, books):
    entry = Payees(books).open("f1", "/account/getting-paid/return")
    assert "Who is to be paid?" in bench.get(f"/payee/{entry.token}").text
    bench.post(f"/payee/{entry.token}", data={"way": "without_bank"})
    assert Payees(books).of("f1").missing == ("bank_account",)
    assert bench.post(f"/payee/{entry.token}", data={"way": "give"}).location.endswith("/account/getting-paid/return")
    assert Payees(books).of("f1").state == "ready"
    assert bench.get("/payee/nobody").status_code == 404


def test_books_of_an_older_sandbox_are_taken_over(tmp_path):
    db = sqlite3.connect(tmp_path / FILE)
    db.executescript("""
      CREATE TABLE commands (key TEXT PRIMARY KEY, kind TEXT NOT NULL, hold TEXT NOT NULL, funding TEXT NOT NULL,
        currency TEXT NOT NULL, amount INTEGER NOT NULL, fee INTEGER NOT NULL, refund INTEGER NOT NULL,
        payer TEXT NOT NULL, payee TEXT NOT NULL, describe TEXT NOT NULL, return_to TEXT NOT NULL,
        token TEXT NOT NULL UNIQUE, state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', created REAL NOT NULL,
        due REAL, settled REAL);
      CREATE TABLE effects (number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL REFERENCES commands (key),
        effect TEXT NOT NULL CHECK (effect IN ('charge', 'payout')), hold TEXT NOT NULL, funding TEXT NOT NULL,
        who TEXT NOT NULL, currency TEXT NOT NULL, amount INTEGER NOT NULL, at REAL NOT NULL, UNIQUE (key, effect));
      INSERT INTO commands VALUES
        ('k', 'fund', 'h', '', 'EUR', 5, 0, 0, 'c', 'f', '', '/', 't', 'confirmed', '', 1, NULL, 1);
      INSERT INTO effects VALUES (1, 'k', 'charge', 'h', 'k', 'c', 'EUR', 5, 1);
    """)
    db.close()
    books = Books(tmp_path)
    refund = Asked("r", "refund", "h", "k", "EUR", 5, 0, 0, "c", "f", "", "/")
    assert books.balance("EUR") == 5
    assert books.execute(refund).state == "confirmed"
