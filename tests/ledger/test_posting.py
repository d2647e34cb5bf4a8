"""What the service of the ledger books, and what it refuses."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketwright.features.ledger import queries, service
from marketwright.features.ledger.kinds import KINDS, kind_of
from marketwright.kernel.actors import system
from marketwright.kernel.errors import BrokenInvariant, Conflict
from marketwright.kernel.money import MAX_MINOR, BadAmount, Money


def eur(amount):
    return Money(amount, "EUR")


def test_a_posting_shows_on_the_normal_side_of_each_account(post, database):
    post(("psp_clearing", 11_700), ("hold:m1", -11_700))
    with database.reading() as session:
        assert queries.balance(session, "psp_clearing") == eur(11_700)
        assert queries.balance(session, "hold:m1") == eur(11_700)


def test_an_account_without_legs_has_a_balance_of_zero(database):
    with database.reading() as session:
        assert queries.balance(session, "payable:nobody", currency="SEK") == Money(0, "SEK")


def test_l1_legs_that_do_not_sum_to_zero_are_refused(post):
    with pytest.raises(BrokenInvariant, match="sum to zero") as refused:
        post(("psp_clearing", 100), ("hold:m1", -99))
    assert refused.value.code == "L1"


def test_l1_a_single_leg_is_refused(post):
    with pytest.raises(BrokenInvariant, match="two legs"):
        post(("psp_clearing", 100))


def test_l1_a_leg_of_zero_is_refused(post):
    with pytest.raises(BrokenInvariant, match="none of them zero"):
        post(("psp_clearing", 100), ("revenue", 0), ("hold:m1", -100))


def test_l5_a_hold_never_gives_more_than_it_has(post):
    post(("psp_clearing", 100), ("hold:m1", -100))
    with pytest.raises(BrokenInvariant) as refused:
        post(("hold:m1", 101), ("payable:f1", -101))
    assert refused.value.code == "L5"


def test_l5_a_receivable_may_express_a_debt(post, database):
    post(("receivable:f1", 50), ("psp_clearing", -50))
    with database.reading() as session:
        assert queries.balance(session, "receivable:f1") == eur(50)


def test_l6_two_currencies_in_one_transaction_are_refused(database):
    legs = [("psp_clearing", Money(5, "EUR")), ("hold:m1", Money(-5, "USD"))]
    with database.unit(system("tests")) as uow, pytest.raises(BrokenInvariant) as refused:
        service.post(uow, cause_type="t", cause_id="1", effect="e", legs=legs)
    assert refused.value.code == "L6"


def test_l8_the_same_cause_and_effect_books_once(post, database):
    first = post(("psp_clearing", 100), ("hold:m1", -100), cause="r_1")
    assert post(("psp_clearing", 100), ("hold:m1", -100), cause="r_1") == first
    with database.reading() as session:
        assert queries.balance(session, "psp_clearing") == eur(100)


def test_l8_the_same_cause_with_other_amounts_is_an_alarm(post):
    post(("psp_clearing", 100), ("hold:m1", -100), cause="r_1")
    with pytest.raises(BrokenInvariant) as refused:
        post(("psp_clearing", 200), ("hold:m1", -200), cause="r_1")
    assert refused.value.code == "L8"


def test_an_account_outside_the_closed_list_is_refused(post):
    with pytest.raises(BrokenInvariant, match="no account of the ledger"):
        post(("slush", 100), ("hold:m1", -100))


@pytest.mark.parametrize("name", ["hold", "hold:", "revenue:m1", "", ":m1", "payable"])
def test_an_account_names_its_owner_exactly_where_it_has_one(name):
    with pytest.raises(BrokenInvariant):
        kind_of(name)


def test_l15_amounts_beyond_a_trillion_are_no_money():
    with pytest.raises(BadAmount):
        eur(MAX_MINOR + 1)


@pytest.mark.parametrize("nonsense", [1.5, "3", None, True])
def test_l15_what_is_no_whole_number_is_no_money(nonsense):
    with pytest.raises(BadAmount):
        Money(nonsense, "EUR")


def test_l9_a_reversal_is_the_exact_negation(post, database):
    first = post(("psp_clearing", 100), ("hold:m1", -100))
    post.reverse(first)
    with database.reading() as session:
        assert queries.balance(session, "psp_clearing") == eur(0)
        assert queries.balance(session, "hold:m1") == eur(0)


def test_l9_partial_reversals_add_up_to_the_original_and_no_further(post, database):
    first = post(("psp_clearing", 100), ("revenue", -100))
    post.reverse(first, parts={1: 60, 2: 60})
    post.reverse(first, parts={1: 40, 2: 40})
    with pytest.raises(Exception, match="L9"):
        post.reverse(first, parts={1: 1, 2: 1})
    with database.reading() as session:
        assert queries.balance(session, "revenue") == eur(0)


def test_l9_a_second_full_reversal_is_refused(post):
    first = post(("psp_clearing", 100), ("revenue", -100))
    post.reverse(first)
    with pytest.raises(Exception, match=r"L9|full_reversal"):
        post.reverse(first)


def test_l9_a_full_reversal_after_a_partial_one_is_refused(post):
    first = post(("psp_clearing", 100), ("revenue", -100))
    post.reverse(first, parts={1: 1, 2: 1})
    with pytest.raises(Exception, match="L9"):
        post.reverse(first)


def test_a_statement_runs_along_with_its_balance(post, database):
    post(("psp_clearing", 300), ("hold:m1", -300), contract="c1")
    post(("hold:m1", 100), ("payable:f1", -100), contract="c1")
    post(("psp_clearing", 50), ("hold:m2", -50), contract="c2")
    with database.reading() as session:
        rows = queries.statement(session, account="hold:m1")
        of_contract = queries.statement(session, contract="c1")
    assert [(r.amount.amount, r.balance.amount) for r in rows] == [(300, 300), (-100, 200)]
    assert {r.account for r in of_contract} == {"psp_clearing", "hold:m1", "payable:f1"}


def test_balances_list_every_account_by_kind(post, database):
    post(("psp_clearing", 300), ("hold:m1", -300))
    with database.reading() as session:
        listed = queries.balances(session)
        holds = queries.balances(session, kind="hold")
    assert [(r.account, r.balance.amount, r.legs) for r in listed] == [("hold:m1", 300, 1), ("psp_clearing", 300, 1)]
    assert [r.account for r in holds] == ["hold:m1"]


amounts = st.integers(min_value=1, max_value=10_000)
moves = st.lists(st.tuples(st.sampled_from(["fund", "release", "pay", "refund"]), amounts), max_size=12)


_example = count()


@given(moves=moves)
def test_l2_l3_l5_whatever_is_posted_the_book_sums_to_zero_and_no_floor_breaks(moves, post, database):
    hold, payable = f"hold:{next(_example)}", f"payable:{next(_example)}"
    shapes = {
        "fund": ("psp_clearing", hold), "release": (hold, payable), "pay": (payable, "psp_clearing"),
        "refund": (hold, "psp_clearing"),
    }  # fmt: skip
    expected = {hold: 0, payable: 0}  # on the normal side of both: credit
    for what, amount in moves:
        debit, credit = shapes[what]
        try:
            post((debit, amount), (credit, -amount))
        except BrokenInvariant:
            assert expected[debit] < amount
            continue
        for account, change in ((debit, -amount), (credit, amount)):
            if account in expected:
                expected[account] += change
    with database.reading() as session:
        booked = {row.account: row.balance.amount for row in queries.balances(session)}
        everything = sum(row.balance.amount * (1 if KINDS[row.kind].debit else -1) for row in queries.balances(session))
    assert everything == 0
    for account, amount in expected.items():
        assert booked.get(account, 0) == amount >= 0


def test_l7_the_same_key_gives_the_stored_answer(database):
    done = []

    def ask(body):
        with database.unit(system("tests")) as uow:
            answer = service.once(uow, scope="s", key="k", body=body, do=lambda: done.append(1) or {"n": len(done)})
            uow.commit()
        return answer

    assert ask({"a": 1}) == {"n": 1}
    assert ask({"a": 1}) == {"n": 1}
    assert len(done) == 1


def test_l7_the_same_key_with_another_body_names_the_first(database):
    def ask(body):
        with database.unit(system("tests")) as uow:
            service.once(uow, scope="s", key="k", body=body, do=dict)
            uow.commit()

    ask({"a": 1})
    with pytest.raises(Conflict, match=service.body_hash({"a": 1})):
        ask({"a": 2})


def test_l7_a_deed_that_fails_leaves_its_key_free(database):
    def fail():
        msg = "no"
        raise RuntimeError(msg)

    with pytest.raises(RuntimeError), database.unit(system("tests")) as uow:
        service.once(uow, scope="s", key="k", body=1, do=fail)
    with database.unit(system("tests")) as uow:
        assert service.once(uow, scope="s", key="k", body=2, do=lambda: {"ok": True}) == {"ok": True}
