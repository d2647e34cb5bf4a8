"""Lines through the rounds: the same line is recognised, what changed is marked."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketwright.features.proposals.changes import table
from marketwright.features.proposals.offers import Offer, OfferLine, days_line, follow, from_json, to_json
from marketwright.features.proposals.queries import RoundRow
from marketwright.hooks.manager import Plugins
from marketwright.kernel.money import Money
from marketwright.strategies.pricing import Deal, Part, Party, Quote

FR = Party("FR", "standard")
A, B, C = OfferLine("Attack", 100), OfferLine("Report", 50), OfferLine("Retest", 30)


def offered(number, *lines, start=None):
    deal = Deal("EUR", (Part("x", Money(1, "EUR")),), FR, FR, date(2026, 5, 4))
    at = datetime(2026, 5, number, 10, tzinfo=UTC)
    work = sum(line.amount for line in lines)
    return RoundRow(number, "freelancer", "a", "Tomasz", lines, work, "", start, Quote(deal, ()), at)


def shown(*rounds):
    return table(rounds, lambda r: r.account_name, "EUR", open_=True, plugins=Plugins())


def test_the_same_title_is_the_same_line_wherever_it_stands():
    tracks = follow([(A, B), (OfferLine("report", 60), OfferLine("ATTACK", 90))])
    assert [(t.title, [c.amount for c in t.cells]) for t in tracks] == [("report", [50, 60]), ("ATTACK", [100, 90])]


def test_a_renamed_line_is_recognised_by_its_place():
    (track,) = follow([(A,), (OfferLine("Attack, three sites", 120),)])
    assert [c.amount for c in track.cells] == [100, 120]


def test_a_dropped_line_stays_in_the_history():
    tracks = follow([(A, B), (A,)])
    assert [(t.title, t.cells[-1]) for t in tracks] == [("Attack", A), ("Report", None)]


def test_a_new_line_was_nothing_before():
    assert follow([(A,), (A, C)])[1].cells == (None, C)


lines = st.lists(st.sampled_from("abcdef").flatmap(lambda t: st.builds(OfferLine, st.just(t), st.integers(1, 9))),
                 min_size=1, max_size=5, unique_by=lambda line: line.title)  # fmt: skip


@given(st.lists(lines, min_size=1, max_size=5))
def test_every_line_of_every_round_stands_in_the_table_once(rounds):
    tracks = follow([tuple(r) for r in rounds])
    for n, given_lines in enumerate(rounds):
        found = [t.cells[n] for t in tracks if t.cells[n] is not None]
        assert sorted(map(repr, found)) == sorted(map(repr, given_lines))


def test_days_and_price_a_day_stand_apart_and_what_changed_is_marked():
    found = shown(offered(4, days_line("Test", 12, 80_000)), offered(5, days_line("Test", 11, 80_000)))
    assert found.rows == [("Days", ["12 days", ("12 days", "11 days")]), ("Price a day", ["€800", "€800"])]
    assert found.foot == ("Price before tax", ["€9,600.00", "€8,800.00"])


def test_another_start_is_marked():
    found = shown(offered(4, A, start=date(2026, 6, 8)), offered(5, A, start=date(2026, 6, 1)))
    assert found.rows[-1] == ("Start", ["8 Jun 2026", ("8 Jun 2026", "1 Jun 2026")])


def test_a_line_that_comes_in_is_marked_as_new():
    found = shown(offered(4, A), offered(5, A, C))
    assert found.rows == [("Attack", ["€1", "€1"]), ("Retest", ["—", "<ins>€0.30</ins>"])]


def test_a_line_that_goes_out_is_struck_through_once():
    found = shown(offered(4, A, C), offered(5, A), offered(6, A))
    assert found.rows[1] == ("Retest", ["€0.30", "<del>€0.30</del> ", "—"])


def test_what_people_typed_is_never_markup():
    found = shown(offered(4, A, B), offered(5, A, OfferLine("Report", 50, detail="<b>bold</b>")))
    assert found.rows[1][1][1] == "€0.50<br><ins>&lt;b&gt;bold&lt;/b&gt;</ins>"


def test_only_the_newest_round_stands():
    heads = shown(offered(4, A), offered(5, B)).heads
    assert [(title, current) for title, _, current in heads] == [("Round 4", False), ("Round 5, stands", True)]


stored = st.builds(
    OfferLine, st.text(min_size=1).map(str.strip).filter(bool), st.integers(1, 10**9), st.none(), st.none(),
    st.one_of(st.none(), st.dates()), st.text(),
)  # fmt: skip


@given(st.lists(stored, min_size=1, max_size=4))
def test_lines_survive_being_stored(given_lines):
    offer = Offer(tuple(given_lines))
    assert from_json(to_json(offer)) == offer.lines


@pytest.mark.parametrize(("days", "rate"), [(1, 1), (12, 78_000)])
def test_a_line_by_the_day_costs_days_times_rate(days, rate):
    assert days_line("Test", days, rate).amount == days * rate
