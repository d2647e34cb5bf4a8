"""J3: every permutation and duplication of what a provider tells about a deal ends the same."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count, permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from marketwright.features.ledger.queries import balances
from marketwright.features.payments.amounts import PARTS, Amounts, back_parts, plus
from marketwright.features.payments.inbox import take_fact
from marketwright.features.payments.tables import Hold, PaymentDispute, PaymentFact
from marketwright.strategies.payments import Answer, CommandKind, Fact, FactKind, Outcome

K = CommandKind
_numbers = count(1)


def ends(till, hold):
    """How a deal stands: hold, disputes, balances; without what only says when."""
    with till.database.reading() as session:
        h = session.get(Hold, hold)
        d = session.execute(
            select(PaymentDispute.state, PaymentDispute.taken, PaymentDispute.fee, PaymentDispute.absorbed)
            .where(PaymentDispute.hold_id == hold)
            .order_by(PaymentDispute.reference)
        ).all()
        money = {row.account.replace(hold, "hold"): row.balance.amount for row in balances(session)}
        waits = session.scalars(select(PaymentFact.id).where(PaymentFact.waits.is_(True))).all()
    return json.dumps({
        "hold": [h.state, h.funded, h.held, h.paid, h.fees, h.fee_taxes, h.refunded, h.dispute_lost, h.reclaimed,
                 h.withheld, h.paid_out, h.frozen, h.disputes],
        "disputes": [list(row) for row in d], "money": {k: v for k, v in sorted(money.items()) if v},
        "waits": len(waits),
    })  # fmt: skip


def dispute(funding, name, state, amount, fee=1_500):
    answer = Answer(Outcome.CONFIRMED, name, amount=amount, fee=fee)
    return Fact(f"{name}.{state}", funding, answer, kind=FactKind(f"dispute_{state}"))


def stories(funding, payout):
    """What may be told of one deal that was paid in, released and paid out; by name."""
    paid = Fact("f.confirmed", funding, Answer(Outcome.CONFIRMED, "f", amount=126_000))
    out = Fact("p.confirmed", payout, Answer(Outcome.CONFIRMED, "p", amount=114_000))
    back = Fact("p.returned", payout, Answer(Outcome.CONFIRMED, "p", amount=114_000), kind=FactKind.PAYOUT_RETURNED)
    parts = [
        Fact(f"a{n}.arrived", funding, Answer(Outcome.CONFIRMED, f"a{n}", amount=n), kind=FactKind.ARRIVED)
        for n in (60_000, 50_000, 20_000)
    ]
    left = Fact("a9.left", "", Answer(Outcome.CONFIRMED, "a9", amount=700), kind=FactKind.ARRIVAL_LEFT, currency="EUR")
    came = Fact("a9.arrived", "", Answer(Outcome.CONFIRMED, "a9", amount=700), kind=FactKind.ARRIVED, currency="EUR")
    opened, won, lost = (dispute(funding, "d", s, 126_000) for s in ("opened", "won", "lost"))
    asks = Fact("d.asks", funding, Answer(Outcome.CONFIRMED, "d", amount=0), kind=FactKind.DISPUTE_OPENED)
    part = dispute(funding, "e", "lost", 30_001)
    return {
        "won": [paid, asks, opened, won], "lost": [paid, opened, lost], "in part": [paid, part, dispute(
            funding, "e", "opened", 30_001)],
        "two": [paid, opened, won, part], "returned": [out, back], "arrived": [*parts, paid], "left": [came, left],
    }  # fmt: skip


def tell(till, facts):
    entry = till.plugins.payment_providers["sandbox"]
    for fact in facts:
        take_fact(till, entry, fact)
    till.drain()


def deal(till, story):
    """A deal at the point where the provider begins to tell ``story``; its facts."""
    hold = till.open("onehold" + str(next(_numbers)))
    funding = till.reserve(hold, K.FUND)
    till.run(funding)
    payout = ""
    if story == "returned":
        till.pay(funding)
        till.run(funding)
        till.do(hold, K.RELEASE)
        payout = till.commands(hold)[0].id
    return hold, stories(funding, payout)[story]


def tagged(facts, tag):
    """The same facts with ids of their own, so that one database can hear the story again."""
    return [
        replace(f, id=f"{tag}:{f.id}", answer=replace(f.answer, reference=f"{tag}:{f.answer.reference}")) for f in facts
    ]


FEW, MANY = ("lost", "in part", "returned", "left"), ("won", "two", "arrived")


@pytest.mark.parametrize("story", [*FEW, *(pytest.param(s, marks=pytest.mark.slow) for s in MANY)])
def test_j3_every_order_of_the_facts_of_a_deal_ends_the_same(till, story):
    found, orders = set(), None
    while orders is None or orders:
        hold, facts = deal(till, story)
        told = tagged(facts, hold)
        orders = list(permutations(range(len(told)))) if orders is None else orders
        before = json.loads(ends(till, hold))["money"]
        tell(till, [told[i] for i in orders.pop()])
        said = json.loads(ends(till, hold))
        said["money"] = {
            k: said["money"].get(k, 0) - before.get(k, 0)
            for k in sorted({*said["money"], *before})
            if said["money"].get(k, 0) != before.get(k, 0) and not k.startswith("hold:onehold")
        }
        found.add(json.dumps(said))
    assert len(found) == 1, found


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_j3_j2_any_story_in_any_order_with_duplicates_ends_as_told_once(till, data):
    story = data.draw(st.sampled_from([*FEW, *MANY]))
    hold, facts = deal(till, story)
    told = tagged(facts, hold)
    before = json.loads(ends(till, hold))["waits"]
    tell(till, data.draw(st.permutations(told + data.draw(st.lists(st.sampled_from(told), max_size=4)))))
    once = ends(till, hold)
    tell(till, told)
    assert ends(till, hold) == once
    assert json.loads(once)["waits"] == before


@settings(max_examples=60, deadline=None)
@given(
    work=st.integers(1, 90_000), tax=st.integers(0, 20_000), fee=st.integers(0, 9_000), fee_tax=st.integers(0, 2_000),
    data=st.data(),
)
def test_l12_any_refunds_in_any_parts_take_back_each_amount_to_the_last_cent(work, tax, fee, fee_tax, data):
    theirs = data.draw(st.integers(0, work - 1))
    amounts = Amounts("EUR", work, tax, fee, fee_tax, theirs, data.draw(st.integers(0, work + tax - theirs - 1)))
    done = Amounts("EUR")
    while done != amounts:
        left = amounts.client_pays - done.client_pays
        parts = back_parts(amounts, done, data.draw(st.integers(max(1, left // 7), left)))
        assert min(getattr(parts, name) for name in PARTS) >= 0
        assert parts.freelancer_receives >= 0
        done = plus(done, parts)
        exact = (2 * fee * done.client_pays + amounts.client_pays) // (2 * amounts.client_pays)
        assert abs(done.client_fee - exact) <= 1


def test_the_window_of_facts_is_the_machines_time(till):
    hold = till.open()
    till.fund(hold)
    assert till.wire.objects(datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)) == []
