"""E14: every object of the provider is one effect here and back; what is not is settled, or kept and told."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from marketwright.features.payments import queries
from marketwright.features.payments.reconciling import reconcile
from marketwright.features.payments.tables import Unmatched
from marketwright.features.payments.unmatched import since_of
from marketwright.store.tables import EventRow
from marketwright.strategies.payments import Answer, CommandKind, Fact, FactKind, Outcome
from marketwright_sandbox.deeds import Deeds

K = CommandKind


@pytest.fixture
def run(till):
    def go():
        now = datetime.now(UTC)
        return reconcile(till, "sandbox", now - timedelta(hours=1), now + timedelta(hours=1))

    return go


@pytest.fixture
def deal(till):
    """A deal from payment to bank."""
    hold = till.open()
    funding = till.fund(hold)
    till.do(hold, K.RELEASE)
    till.drain()
    return hold, funding


def why(report):
    return {odd.why for odd in report.odd}


def test_a_deal_that_went_well_matches_there_and_back(run, deal):
    report = run()
    assert (why(report), report.drift, report.settled) == (set(), {"EUR": 0}, 0)
    assert report.matched == 3 + 3 + 1  # charge, release, payout; each of ours; the balance


def test_b5_what_was_never_told_is_settled(till, run):
    hold = till.open()
    command = till.reserve(hold, K.FUND)
    till.run(command)
    till.pay(command)
    deeds = Deeds(till.wire.sandbox.books)
    deeds.do("dispute", command)
    deeds.do("arrive", amount=700, currency="EUR")
    report = run()
    assert (report.settled, why(report), report.drift) == (3, {"silent"}, {"EUR": 0})  # B14
    assert till.hold(hold).disputes == 1
    assert run().settled == 0
    assert till.findings() == []


def objects(till, change):
    """Let the provider list something else than it did."""
    true = till.wire.sandbox.objects
    till.wire.sandbox.objects = lambda since, until: change(list(true(since, until)))


def test_what_the_provider_did_that_nobody_asked_for_is_shown(till, run, deal):
    odd = Fact("x.confirmed", "foreign", Answer(Outcome.CONFIRMED, "x", amount=5))
    objects(till, lambda facts: [*facts, odd])
    report = run()
    assert [(o.what, o.why, o.amount) for o in report.odd] == [("fact:x.confirmed", "unknown_key", 5)]


def test_what_it_did_twice_is_shown(till, run, deal):
    again = Fact("again", deal[1], Answer(Outcome.CONFIRMED, "x", amount=126_000))
    objects(till, lambda facts: [*facts, again])
    assert why(run()) == {"twice"}


def test_another_amount_is_shown(till, run, deal):
    def change(facts):
        return [Fact(f.id, f.key, Answer(Outcome.CONFIRMED, "x", amount=1)) if f.key == deal[1] else f for f in facts]

    objects(till, change)
    assert why(run()) == {"amount"}


def test_what_counts_as_done_here_and_is_not_there_is_shown(till, run, deal):
    objects(till, lambda facts: [f for f in facts if f.key != deal[1]])
    till.wire.instead = Answer(Outcome.FAILED, absent=True)
    report = run()
    assert (f"command:{deal[1]}", "not_there") in {(o.what, o.why) for o in report.odd}


def test_what_is_not_listed_and_known_when_asked_matches(till, run, deal):
    objects(till, lambda facts: [f for f in facts if f.key != deal[1]])
    assert why(run()) == set()


def test_a_dispute_about_what_is_not_settled_waits(till, run):
    hold = till.open()
    command = till.reserve(hold, K.FUND)
    till.run(command)
    early = Fact("d.opened", command, Answer(Outcome.CONFIRMED, "d", amount=9), kind=FactKind.DISPUTE_OPENED)
    objects(till, lambda facts: [*facts, early])
    assert why(run()) == {"waits"}


def test_a_balance_that_is_not_ours_is_shown(till, run, deal):
    till.wire.sandbox.books.balance = lambda currency: 77
    report = run()
    assert (report.drift, why(report)) == ({"EUR": 77 - till.balance("psp_clearing")}, {"balance"})


@pytest.mark.parametrize("broken", ["raises", "nonsense"])
def test_a_provider_that_does_not_answer_makes_no_report_that_looks_fine(till, run, deal, broken):
    def bad(since, until):
        if broken == "raises":
            raise OSError("no route")
        return ["a dict"]

    till.wire.sandbox.objects = bad
    report = run()
    assert report.trouble
    assert report.matched == 0


def test_what_does_not_match_is_kept_until_it_does_and_told_once_after_a_day(till, run, deal):
    odd = Fact("x.confirmed", "foreign", Answer(Outcome.CONFIRMED, "x", amount=5))
    objects(till, lambda facts: [*facts, odd])
    run()
    with till.database.reading() as session:
        (row,) = queries.unmatched(session)
        assert "never asked for" in str(row.words)
        assert not row.alerted
    with till.database.writes.begin() as connection:
        connection.execute(text("UPDATE payment_unmatched SET first_seen = :at"),
                           {"at": datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)})  # fmt: skip
    run()
    run()
    with till.database.reading() as session:
        told = session.scalars(select(EventRow).where(EventRow.name == "payment.unmatched")).all()
        assert len(told) == 1
        assert since_of(till, "sandbox", datetime.now(UTC)) <= datetime.now(UTC) - timedelta(days=29)


def test_what_matches_by_now_is_off_the_list(till, run, deal):
    till.wire.sandbox.books.balance, true = lambda currency: 77, till.wire.sandbox.books.balance
    run()
    till.wire.sandbox.books.balance = true
    run()
    with till.database.reading() as session:
        assert queries.unmatched(session) == []
        assert session.scalars(select(Unmatched.settled_at)).one() is not None
        assert [r.unmatched for r in queries.reconciliations(session)] == [0, 1]
