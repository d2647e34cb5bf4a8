"""Seals: gapless numbers and a chain of hashes, so that a hand in the books is seen and named."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from types import SimpleNamespace

import pytest
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from marketwright.features.ledger import queries
from marketwright.features.ledger.jobs import wire
from marketwright.features.ledger.sealer import Anchor, seal_all
from marketwright.features.ledger.verify import first_wrong, verify
from marketwright.store.jobs import Worker


@pytest.fixture
def sealed(post, database, tmp_path):
    """Three transactions, sealed and anchored."""
    made = [post(("psp_clearing", n), ("hold:m1", -n)) for n in (100, 200, 300)]
    assert seal_all(database, tmp_path) == 3
    return made


@pytest.fixture
def beside(post, database, tmp_path):
    """Before each statement of a reader, somebody else books something and seals it."""
    at_work = []

    def book(*_statement):
        if not at_work:
            at_work.append(True)
            post(("psp_clearing", 7), ("hold:m2", -7))
            seal_all(database, tmp_path)
            at_work.clear()

    event.listen(database.reads, "before_cursor_execute", book)


def findings(database, folder=None, now=None):
    with database.reading() as session:
        return verify(session, folder=folder, now=now)


def test_what_is_sealed_verifies_clean(sealed, database, tmp_path):
    assert findings(database, tmp_path, datetime.now(UTC)) == []


def test_what_is_sealed_while_it_verifies_is_no_finding(sealed, beside, database, tmp_path):
    assert findings(database, tmp_path, datetime.now(UTC)) == []


def test_who_has_read_before_verifies_what_is_anchored_since(sealed, post, database, tmp_path):
    with database.reading() as session:
        queries.head(session)
        post(("psp_clearing", 7), ("hold:m2", -7))
        seal_all(database, tmp_path)
        assert verify(session, folder=tmp_path) == []


def test_balances_are_of_one_state_whatever_is_booked_while_they_are_read(sealed, beside, database):
    with database.reading() as session:
        read = {b.account: b.balance.amount for b in queries.balances(session)}
    assert read.pop("psp_clearing") == sum(read.values())


def test_l10_numbers_have_no_gap_and_statements_quote_them(sealed, database):
    with database.reading() as session:
        rows = queries.statement(session, account="hold:m1")
    assert sorted(r.number for r in rows) == [1, 2, 3]


def test_sealing_again_finds_nothing_to_do(sealed, database, tmp_path):
    assert seal_all(database, tmp_path) == 0


def test_l10_a_balance_as_of_a_number_stays_what_it_was(sealed, post, database, tmp_path):
    with database.reading() as session:
        then = queries.balance(session, "hold:m1", upto=2)
    post(("hold:m1", 50), ("payable:f1", -50))
    seal_all(database, tmp_path)
    with database.reading() as session:
        assert queries.balance(session, "hold:m1", upto=2) == then
        assert queries.balance(session, "hold:m1", upto=4).amount == 550


def test_l4_a_row_that_waits_for_its_seal_is_named_with_its_age(post, database, tmp_path):
    made = post(("psp_clearing", 1), ("hold:m1", -1))
    fresh = findings(database, tmp_path, datetime.now(UTC))
    old = findings(database, tmp_path, datetime.now(UTC) + timedelta(seconds=30))
    assert [(f.row, f.grave) for f in fresh] == [(f"ledger_transactions {made}", False)]
    assert "30 s" in old[0].says
    assert old[0].grave


def test_l4_an_edited_amount_is_named_with_its_row(sealed, forge, database, tmp_path):
    forge(f"UPDATE ledger_legs SET amount = amount * 2 WHERE transaction_id = '{sealed[1]}'")
    found = {f.row for f in findings(database, tmp_path) if f.rule == "L4" and f.row.startswith("ledger_tr")}
    assert len(found) == 1
    assert sealed[1] in found.pop()


@pytest.mark.parametrize("page", [1, 2, 3])
def test_l4_a_chain_read_in_parts_names_each_edited_row_and_no_other(sealed, forge, database, monkeypatch, page):
    monkeypatch.setattr("marketwright.features.ledger.reading.AT_A_TIME", page)
    for made in (sealed[0], sealed[2]):
        forge(f"UPDATE ledger_transactions SET memo = 'changed' WHERE id = '{made}'")
    named = [f.row for f in findings(database) if f.rule == "L4" and f.row.startswith("ledger_transactions")]
    assert [row.split()[1] for row in named] == [sealed[0], sealed[2]]


def test_l4_the_first_wrong_row_is_the_one_with_the_lowest_number(sealed, forge, database):
    forge(
        f"UPDATE ledger_transactions SET memo = 'changed' WHERE id = '{sealed[2]}'",
        f"UPDATE ledger_legs SET amount = amount * 3 WHERE transaction_id = '{sealed[1]}'",
    )
    found = first_wrong(findings(database))
    assert found.row == f"ledger_transactions {sealed[1]} (number 2)"


@pytest.mark.parametrize("column", ["memo", "cause_id", "contract", "actor"])
def test_l4_an_edited_word_is_named_with_its_row(sealed, forge, database, tmp_path, column):
    forge(f"UPDATE ledger_transactions SET {column} = 'changed' WHERE id = '{sealed[0]}'")
    assert any(sealed[0] in f.row for f in findings(database, tmp_path) if f.rule == "L4")


def test_l1_an_edited_leg_that_no_longer_balances_is_named(sealed, forge, database):
    forge(f"UPDATE ledger_legs SET amount = 7 WHERE transaction_id = '{sealed[2]}' AND position = 1")
    rules = {f.rule for f in findings(database) if sealed[2] in f.row}
    assert {"L1", "L4"} <= rules


def test_l2_legs_that_no_longer_sum_up_are_said_of_the_currency(sealed, forge, database):
    forge(f"UPDATE ledger_legs SET amount = 7 WHERE transaction_id = '{sealed[2]}' AND position = 1")
    assert any(f.rule == "L2" and "EUR" in f.row for f in findings(database))


def test_e6_a_damaged_page_of_the_index_that_balances_are_read_from_is_named(sealed, database):
    if database.writes.dialect.name != "sqlite":
        pytest.skip("a server keeps checksums of its own pages")
    database.dispose()  # the last one to leave writes everything into the file
    file = Path(make_url(database.url).database)
    pages = bytearray(file.read_bytes())
    amount = pages.index(b"hold:m1EUR") + len(b"hold:m1EUR")  # a row has its kind between the two
    pages[amount] ^= 0x01
    file.write_bytes(pages)
    with database.reading() as session:
        assert queries.raw_balance(session, "hold:m1", "EUR") != -600
    assert [(f.rule, f.row) for f in findings(database)] == [("L3", "account hold:m1")]


def test_l10_a_seal_taken_out_of_the_middle_is_named(sealed, forge, database):
    forge("DELETE FROM ledger_seals WHERE number = 2")
    found = findings(database)
    assert any(f.rule == "L10" and "2" in f.row for f in found)


def test_l4_a_ledger_cut_short_is_seen_by_the_anchor(sealed, forge, database, tmp_path):
    last = sealed[2]
    forge(
        "DELETE FROM ledger_seals WHERE number = 3",
        f"DELETE FROM ledger_legs WHERE transaction_id = '{last}'",
        f"DELETE FROM ledger_transactions WHERE id = '{last}'",
    )
    assert any("cut short" in f.says for f in findings(database, tmp_path))


def test_l4_a_chain_forged_as_a_whole_is_seen_by_the_anchor(sealed, forge, database, tmp_path):
    forge("UPDATE ledger_seals SET hash = previous WHERE number = 3")
    assert any("anchored" in f.says for f in findings(database, tmp_path))


def test_a_trigger_that_is_gone_is_named(sealed, forge, database):
    forge()
    assert any(f.row == "trigger ledger_transactions_close" for f in findings(database))


def test_the_anchor_never_goes_back(tmp_path):
    anchor = Anchor(tmp_path)
    anchor.write(queries.Head(5, "five"))
    anchor.write(queries.Head(4, "four"))
    assert anchor.read() == queries.Head(5, "five")


def test_an_anchor_that_is_no_anchor_is_named(sealed, database, tmp_path):
    Anchor(tmp_path).file.write_text('"nonsense"')
    assert any(f.row.startswith("file ") and f.grave for f in findings(database, tmp_path))


def test_l10_sealers_at_the_same_time_make_one_chain(post, database, tmp_path):
    for n in range(1, 21):
        post(("psp_clearing", n), ("hold:m1", -n))
    barrier, counts = Barrier(4), []

    def work():
        barrier.wait()
        counts.append(seal_all(database, tmp_path))

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal_all(database, tmp_path)
    assert findings(database, tmp_path, datetime.now(UTC)) == []
    with database.reading() as session:
        assert queries.head(session).number == 20


def test_l4_the_worker_finds_and_seals_what_was_booked(post, database, tmp_path):
    worker = Worker(database)
    wire(worker, database, SimpleNamespace(var=tmp_path))
    post(("psp_clearing", 1), ("hold:m1", -1))
    worker.drain()
    with database.reading() as session:
        assert queries.head(session).number == 1


def test_l4_nobody_takes_a_transaction_off_the_sealers_list(post, by_hand):
    post(("psp_clearing", 1), ("hold:m1", -1))
    with pytest.raises(DBAPIError, match="L4"):
        by_hand("DELETE FROM ledger_unsealed")


def test_l4_a_transaction_that_was_taken_off_the_list_all_the_same_is_named(post, forge, database):
    made = post(("psp_clearing", 1), ("hold:m1", -1))
    forge("DELETE FROM ledger_unsealed")
    assert any(f.row == f"ledger_transactions {made}" and f.grave for f in findings(database))
