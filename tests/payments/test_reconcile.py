"""E14: every object of the provider is one effect here and back; what is not is settled, or kept and told."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update

from marketwright.features.payments import catching_up, queries, reconciling
from marketwright.features.payments.catching_up import behind, catch_up, through, worked_through
from marketwright.features.payments.inbox import take_fact
from marketwright.features.payments.reconciling import reconcile
from marketwright.features.payments.tables import PaymentCommand, PaymentFact, Unmatched
from marketwright.hooks.calls import Overdue
from marketwright.hooks.http import HttpFailed
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


def test_an_inquiry_whose_end_is_all_that_was_told_needs_no_counterpart(till, run, deal):
    _, funding = deal
    ended = Answer(Outcome.CONFIRMED, "dp_1", amount=0)
    fact = Fact("dp_1.dispute_won.0.0", funding, ended, datetime.now(UTC), FactKind.DISPUTE_WON)
    take_fact(till, till.plugins.payment_providers["sandbox"], fact)
    assert why(run()) == set()


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


@pytest.mark.parametrize("unlisted", [FactKind.DISPUTE_OPENED, FactKind.DISPUTE_LOST])
def test_a_dispute_that_was_lost_is_one_object_and_no_state_of_it_is_missed(till, run, unlisted):
    deeds, hold = Deeds(till.wire.sandbox.books), till.open()
    dispute = deeds.do("dispute", till.fund(hold))
    run()
    deeds.do("lose", dispute)
    run()
    objects(till, lambda facts: [f for f in facts if f.kind is not unlisted])
    assert why(run()) == set()


def test_a_dispute_that_the_provider_does_not_know_at_all_is_shown(till, run):
    hold = till.open()
    Deeds(till.wire.sandbox.books).do("dispute", till.fund(hold))
    run()
    objects(till, lambda facts: [f for f in facts if f.kind is FactKind.ANSWER])
    assert why(run()) == {"not_there"}


def test_a_balance_that_is_not_ours_is_shown(till, run, deal):
    till.wire.sandbox.books.balance = lambda currency: 77
    report = run()
    assert (report.drift, why(report)) == ({"EUR": 77 - till.balance("psp_clearing")}, {"balance"})


@pytest.mark.parametrize("broken", ["raises", "nonsense", "no way there"])
def test_a_provider_that_does_not_answer_makes_no_report_that_looks_fine(till, run, deal, broken):
    def bad(since, until):
        if broken == "raises":
            raise OSError("no route")
        if broken == "no way there":
            raise HttpFailed("pay.example cannot be found.", sent=False)
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


def test_what_matches_by_now_is_off_the_list(till, run, deal):
    till.wire.sandbox.books.balance, true = lambda currency: 77, till.wire.sandbox.books.balance
    run()
    till.wire.sandbox.books.balance = true
    run()
    with till.database.reading() as session:
        assert queries.unmatched(session) == []
        assert session.scalars(select(Unmatched.settled_at)).one() is not None
        assert [r.unmatched for r in queries.reconciliations(session)] == [0, 1]


LONG_AGO = timedelta(days=60)


def move_back(till, by=LONG_AGO):
    """Let everything that has happened lie that long in the past, here and at the provider."""
    for model, columns in ((PaymentCommand, ("created_at",)), (PaymentFact, ("at",))):
        with till.database.writes.begin() as connection:
            for row in connection.execute(select(model.id, *(getattr(model, c) for c in columns))).all():
                values = {c: getattr(row, c) - by for c in columns}
                connection.execute(update(model).where(model.id == row.id).values(**values))


def list_nothing(till):
    """Let the provider list nothing, and know everything when it is asked."""
    objects(till, lambda facts: [])
    asked, true = [], till.wire.lookup
    till.wire.lookup = lambda command: asked.append(command.key) or true(command)
    return asked


def test_more_than_one_run_looks_up_is_left_to_the_next_which_goes_on(till, deal, monkeypatch):
    monkeypatch.setattr(reconciling, "MOST_LOOKUPS", 1)
    asked, now = list_nothing(till), datetime.now(UTC)
    first = reconcile(till, "sandbox", now - timedelta(hours=1), now + timedelta(hours=1))
    assert (len(asked), first.until < now) == (1, True)
    reports = list(through(till, "sandbox", first.until, now + timedelta(hours=1)))
    assert (len(asked), len(set(asked)), why(reports[-1])) == (3, 3, set())


def test_what_is_listed_needs_no_lookup_however_much_it_is(till, deal, monkeypatch):
    monkeypatch.setattr(reconciling, "MOST_LOOKUPS", 1)
    now = datetime.now(UTC)
    report = reconcile(till, "sandbox", now - timedelta(hours=1), now + timedelta(hours=1))
    assert (report.until, why(report)) == (now + timedelta(hours=1), set())


def test_a_window_of_two_months_is_worked_through_over_several_runs(till, deal, monkeypatch):
    monkeypatch.setattr(catching_up, "MOST_STEPS", 5)
    move_back(till)
    now, runs = datetime.now(UTC), 1
    with till.database.reading() as session:
        assert behind(session, "sandbox", now) is None  # nothing was compared yet: there is no run to go on from
    while not catch_up(till, "sandbox", now):
        runs += 1
        with till.database.reading() as session:
            assert now - LONG_AGO < behind(session, "sandbox", now) < now
    with till.database.reading() as session:
        assert (runs, worked_through(session, "sandbox")) == (2, now)
        assert behind(session, "sandbox", now) is None


def test_what_a_provider_cannot_list_in_its_time_is_tried_in_shorter_steps(till, deal):
    move_back(till)
    now, lists = datetime.now(UTC), till.wire.objects

    def slow(since, until):
        if until - since > timedelta(days=3):
            raise TimeoutError
        return lists(since, until)

    till.wire.objects = slow
    came = [catch_up(till, "sandbox", now) for _ in range(4)]
    with till.database.reading() as session:
        assert (came[0], worked_through(session, "sandbox") > now - LONG_AGO) == (False, True)


def test_a_listing_that_takes_too_long_is_asked_for_in_slices(till, run, deal):
    lists, asked = till.wire.sandbox.objects, []

    def slow(since, until):
        asked.append(until - since)
        if len(asked) == 1:
            raise Overdue
        return lists(since, until)

    till.wire.sandbox.objects = slow
    report = run()
    assert (report.trouble, report.odd, len(asked)) == ("", (), 1 + reconciling.FINER)


def keep_silent(till, broken):
    """Let the provider not say what it holds."""
    asked = []

    def silent(currency):
        asked.append(currency)
        raise broken

    till.wire.sandbox.books.balance = silent
    return asked


@pytest.mark.parametrize("broken", [OSError("no route"), Overdue()])
def test_a_window_counts_as_compared_though_nobody_told_the_balance(till, deal, broken):
    move_back(till)
    now, true = datetime.now(UTC), till.wire.sandbox.books.balance
    asked = keep_silent(till, broken)
    runs = [catch_up(till, "sandbox", now) for _ in range(2)]
    with till.database.reading() as session:
        assert (runs, len(asked), worked_through(session, "sandbox")) == ([False, True], 2, now)  # asked once a run
        assert [u.what for u in queries.unmatched(session)] == ["balances"]
        assert "what it holds" in str(queries.unmatched(session)[0].words)
        assert {(r.trouble, r.unmatched, r.drift == {}) for r in queries.reconciliations(session)} == {("", 1, True)}
        assert {r.result for r in queries.reconciliations(session)} == {"untold"}
    till.wire.sandbox.books.balance = true
    catch_up(till, "sandbox", now)
    with till.database.reading() as session:
        assert queries.unmatched(session) == []


def test_a_run_without_a_balance_in_which_something_else_is_odd_is_not_the_same(till, deal, run):
    keep_silent(till, OSError("no route"))
    objects = till.wire.sandbox.objects
    odd = Fact("odd", "nobody", Answer(Outcome.CONFIRMED, "x", amount=5), datetime.now(UTC))
    till.wire.sandbox.objects = lambda since, until: [*objects(since, until), odd]
    run()
    with till.database.reading() as session:
        assert [(r.unmatched, r.result) for r in queries.reconciliations(session)] == [(2, "different")]


def test_a_lost_message_is_made_good_while_nobody_tells_the_balance(till, run):
    command = till.fund(till.open())
    Deeds(till.wire.sandbox.books).do("dispute", command)
    keep_silent(till, OSError("no route"))
    report = run()
    assert (report.trouble, report.settled, why(report)) == ("", 1, {"unbalanced", "silent"})
    assert "no route" in report.unbalanced


def test_a_balance_that_nobody_tells_is_no_report_that_looks_fine(till, deal):
    keep_silent(till, OSError("no route"))
    now = datetime.now(UTC)
    reports = list(through(till, "sandbox", now - timedelta(days=20), now))
    assert len(reports) == 3
    assert all(r.unbalanced and why(r) == {"unbalanced"} and not r.trouble for r in reports)


def test_a_run_of_staff_over_the_last_days_leaves_no_gap_behind_it(till, deal):
    move_back(till)
    now = datetime.now(UTC)
    reconcile(till, "sandbox", now - timedelta(days=3), now)
    with till.database.reading() as session:
        assert worked_through(session, "sandbox") is None
        assert catching_up.start_of(session, "sandbox", now) < now - LONG_AGO + timedelta(minutes=1)


def test_what_did_not_match_long_ago_is_looked_at_again(till, deal):
    move_back(till)
    now = datetime.now(UTC)
    list_nothing(till)
    till.wire.instead = Answer(Outcome.FAILED, absent=True)
    assert catch_up(till, "sandbox", now) is False
    catch_up(till, "sandbox", now)
    with till.database.reading() as session:
        assert {u.what for u in queries.unmatched(session)} > {f"command:{deal[1]}"}
    till.wire.instead = None
    catch_up(till, "sandbox", now)
    with till.database.reading() as session:
        assert [u for u in queries.unmatched(session) if u.what.startswith("command:")] == []
