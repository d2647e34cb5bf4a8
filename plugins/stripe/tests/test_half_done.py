"""What is half done when it is refused is undone first: refused means that nothing of it stays."""

import pytest
import stripe

from marketwright.plugin import CommandKind as K
from marketwright.plugin import Outcome
from marketwright_stripe import leaving, payouts

CONFIRMED, FAILED, UNKNOWN, WAITING = Outcome.CONFIRMED, Outcome.FAILED, Outcome.UNKNOWN, Outcome.WAITING


def released(world):
    fund = world.onboarded().paid()
    world.deed("topup", amount=250_000, currency="eur")
    world.ask(K.RELEASE, 90_000, of=fund.key, fee=10_000)
    return fund


def do_half(world, monkeypatch, split):
    """The freelancer has their half of a split, and then the process is gone."""
    with monkeypatch.context() as between:
        between.setattr(leaving, "_give_back", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            world.provider.execute(split)


def test_a_split_that_is_half_done_when_its_payment_is_lost_is_undone_and_refused(world, monkeypatch):
    fund = world.onboarded().paid()
    world.deed("topup", amount=200_000, currency="eur")
    split = world.command(K.SPLIT, 50_000, of=fund.key, fee=10_000, refund=40_000)
    give_back, charge = leaving._give_back, world.one("charge")
    with monkeypatch.context() as between:  # the dispute comes after the first half

        def late(*given):
            world.deed("open_dispute", charge=charge)
            return give_back(*given)

        between.setattr(leaving, "_give_back", late)
        assert world.provider.execute(split).outcome is UNKNOWN
    assert world.provider.execute(split).outcome is WAITING
    world.deed("close_dispute", dispute=world.one("dispute"), won=False)
    assert [world.provider.execute(split).outcome for _ in range(2)] == [FAILED, FAILED]
    assert world.effects("transfer", "reversal", "refund") == [("transfer", 50_000), ("reversal", 50_000)]


def test_what_another_command_took_out_of_half_a_split_comes_back_out_of_the_freelancers_other_money(
    world, monkeypatch
):
    released(world)
    fund = world.paid(hold="hold2")
    split = world.command(K.SPLIT, 50_000, of=fund.key, fee=10_000, refund=40_000, hold="hold2")
    do_half(world, monkeypatch, split)
    assert world.ask(K.PAYOUT, 10_000, reclaim=30_000).reclaimed == 30_000  # out of that half, the newest transfer
    world.deed("open_dispute", charge=world.log.all("charge")[0]["id"])
    world.deed("close_dispute", dispute=world.one("dispute"), won=False)
    assert [world.provider.execute(split).outcome for _ in range(2)] == [FAILED, FAILED]
    back = [amount for kind, amount in world.effects("reversal")]
    assert back == [30_000, 20_000, 30_000]
    assert world.ask(K.PAYOUT, 50_000).outcome is CONFIRMED  # 90,000 released, 30,000 owed, 10,000 paid out


def test_a_refund_that_is_half_done_when_its_payment_is_lost_is_refused_once_the_freelancer_has_their_share(world):
    fund = released(world)
    refund = world.command(K.REFUND, 50_000, of=fund.key, reclaim=45_000)
    world.deed("faults", call="POST /v1/refunds", fault="500_before", times=1)
    with pytest.raises(stripe.APIError):
        world.provider.execute(refund)  # their share is back, the refund is not done
    world.deed("open_dispute", charge=world.log.all("charge")[-1]["id"])
    assert world.provider.execute(refund).outcome is WAITING
    world.deed("close_dispute", dispute=world.one("dispute"), won=False)
    assert [world.provider.execute(refund).outcome for _ in range(2)] == [FAILED, FAILED]
    assert world.effects("transfer", "reversal", "refund")[1:] == [("reversal", 45_000), ("transfer", 45_000)]
    assert world.ask(K.PAYOUT, 90_000).outcome is CONFIRMED


def test_a_payout_that_is_refused_leaves_what_it_was_to_take_back(world):
    released(world)
    world.deed("faults", call="POST /v1/payouts", fault="restricted", times=1)
    assert world.ask(K.PAYOUT, 60_000, reclaim=30_000).outcome is FAILED
    assert world.effects("reversal", "payout") == [("reversal", 30_000)]
    assert world.ask(K.PAYOUT, 90_000).outcome is CONFIRMED


def test_two_workers_at_one_payout_take_back_once(world, monkeypatch):
    released(world)
    before, later = payouts._transfers, world.command(K.PAYOUT, 60_000, reclaim=30_000)
    world.deed("faults", call="POST /v1/payouts", fault="500_before", times=1)
    with monkeypatch.context() as first:
        stale = []
        first.setattr(payouts, "_transfers", lambda *given: stale.extend(found := before(*given)) or found)
        with pytest.raises(stripe.APIError):
            world.provider.execute(later)  # what was to come back is back, the payout is not done
    fund = world.paid(hold="hold2")
    world.ask(K.RELEASE, 90_000, of=fund.key, fee=10_000, hold="hold2")
    with monkeypatch.context() as second:  # the other worker saw the new transfer, and not what the first took back
        second.setattr(payouts, "_transfers", lambda *given: [before(*given)[0], *stale])
        with pytest.raises(RuntimeError, match="somebody else"):
            world.provider.execute(later)
    assert world.provider.execute(later).reclaimed == 30_000
    assert world.effects("reversal", "payout") == [("reversal", 30_000), ("payout", 60_000)]


def test_a_payout_takes_back_no_more_than_what_lies_beside_it(world):
    released(world)
    done = world.ask(K.PAYOUT, 60_000, reclaim=50_000)
    assert (done.outcome, done.reclaimed) == (CONFIRMED, 30_000)
    assert world.effects("reversal", "payout") == [("reversal", 30_000), ("payout", 60_000)]


def test_a_payout_for_which_there_is_too_little_takes_nothing_back(world):
    released(world)
    waits = world.ask(K.PAYOUT, 100_000, reclaim=30_000)
    assert (waits.outcome, waits.absent) == (WAITING, True)
    assert world.effects("reversal", "payout") == []


def test_what_a_payout_took_back_is_the_freelancers_again_where_others_took_the_rest_meanwhile(world):
    fund = released(world)
    later = world.command(K.PAYOUT, 60_000, reclaim=30_000)
    world.deed("faults", call="POST /v1/payouts", fault="500_before", times=1)
    with pytest.raises(stripe.APIError):
        world.provider.execute(later)  # what was to come back is back, the payout is not done
    assert world.ask(K.REFUND, 50_000, of=fund.key, reclaim=45_000).reclaimed == 45_000
    waits = [world.provider.execute(later) for _ in range(2)]
    assert [(w.outcome, w.absent) for w in waits] == [(WAITING, True)] * 2
    moved = [("transfer", 90_000), ("reversal", 30_000), ("reversal", 45_000), ("transfer", 30_000)]
    assert world.effects("transfer", "reversal", "payout") == moved
    fund = world.paid(hold="hold2")
    world.ask(K.RELEASE, 90_000, of=fund.key, fee=10_000, hold="hold2")
    done = world.provider.execute(later)
    assert (done.outcome, done.reclaimed) == (CONFIRMED, 30_000)
    assert world.provider.lookup(later).reclaimed == 30_000


def first_charge(world):
    return world.log.all("charge")[-1]["id"]


@pytest.mark.parametrize("kind", [K.RELEASE, K.REFUND, K.SPLIT])
def test_what_was_done_out_of_a_debit_that_is_taken_back_later_was_done(world, kind):
    fund = world.onboarded().paid()
    world.deed("topup", amount=200_000, currency="eur")
    more = {"fee": 10_000} if kind is K.RELEASE else {"fee": 10_000, "refund": 40_000} if kind is K.SPLIT else {}
    command = world.command(kind, 50_000, of=fund.key, **more)
    assert world.provider.execute(command).outcome is CONFIRMED  # nobody hears of it
    before = world.effects()
    world.deed("take_back", charge=first_charge(world))
    answers = [world.provider.lookup(command), world.provider.execute(command)]
    assert [(a.outcome, a.amount) for a in answers] == [(CONFIRMED, 50_000)] * 2
    assert world.effects() == [*before, ("charge_failed", 100_000)]


def test_nothing_leaves_a_debit_that_was_taken_back(world):
    fund = world.onboarded().paid()
    world.deed("take_back", charge=first_charge(world))
    assert world.ask(K.RELEASE, 90_000, of=fund.key, fee=10_000).outcome is FAILED
    assert world.effects("transfer") == []


def test_half_a_split_out_of_a_debit_that_is_taken_back_is_undone_and_refused(world, monkeypatch):
    fund = world.onboarded().paid()
    world.deed("topup", amount=200_000, currency="eur")
    split = world.command(K.SPLIT, 50_000, of=fund.key, fee=10_000, refund=40_000)
    do_half(world, monkeypatch, split)
    world.deed("take_back", charge=first_charge(world))
    assert [world.provider.execute(split).outcome for _ in range(2)] == [FAILED, FAILED]
    assert world.effects("transfer", "reversal", "refund") == [("transfer", 50_000), ("reversal", 50_000)]


def short_of_a_refund(world):
    """A refund after the release for which the platform has too little: the freelancer's share is back already."""
    fund = world.onboarded().paid()
    world.ask(K.RELEASE, 90_000, of=fund.key, fee=10_000)
    refund = world.command(K.REFUND, 90_000, of=fund.key, reclaim=81_000)
    world.deed("faults", call="POST /v1/refunds", fault="insufficient_balance", times=1)
    assert world.provider.execute(refund).outcome is WAITING
    assert world.effects("reversal", "refund") == [("reversal", 81_000)]
    world.deed("topup", amount=200_000, currency="eur")
    return refund


def test_a_refund_out_of_a_debit_that_is_taken_back_leaves_the_freelancer_their_share(world):
    refund = short_of_a_refund(world)
    world.deed("take_back", charge=first_charge(world))
    assert [world.provider.execute(refund).outcome for _ in range(2)] == [FAILED, FAILED]
    assert world.ask(K.PAYOUT, 90_000).outcome is CONFIRMED


def test_a_refund_of_more_than_a_lost_dispute_has_left_is_refused_and_leaves_the_freelancer_their_share(world):
    refund = short_of_a_refund(world)
    world.deed("open_dispute", charge=first_charge(world), amount=20_000)
    assert world.provider.execute(refund).outcome is WAITING
    world.deed("close_dispute", dispute=world.one("dispute"), won=False)
    assert [world.provider.execute(refund).outcome for _ in range(2)] == [FAILED, FAILED]
    assert world.effects("refund") == []
    assert world.ask(K.PAYOUT, 90_000).outcome is CONFIRMED


def test_half_a_split_of_which_a_dispute_has_left_too_little_is_undone_and_refused(world, monkeypatch):
    fund = world.onboarded().paid()
    world.deed("topup", amount=200_000, currency="eur")
    split = world.command(K.SPLIT, 10_000, of=fund.key, fee=1_000, refund=89_000)
    do_half(world, monkeypatch, split)
    world.deed("open_dispute", charge=first_charge(world), amount=20_000)
    world.deed("close_dispute", dispute=world.one("dispute"), won=False)
    assert [world.provider.execute(split).outcome for _ in range(2)] == [FAILED, FAILED]
    assert world.effects("transfer", "reversal", "refund") == [("transfer", 10_000), ("reversal", 10_000)]


def test_a_second_half_that_is_refused_for_good_has_the_first_undone(world):
    fund = released(world)
    refund = world.command(K.REFUND, 50_000, of=fund.key, reclaim=45_000)
    world.deed("faults", call="POST /v1/refunds", fault="restricted", times=1)
    assert world.provider.execute(refund).outcome is FAILED
    assert world.effects("reversal", "refund") == [("reversal", 45_000)]
    assert world.ask(K.PAYOUT, 90_000).outcome is CONFIRMED


def test_a_payment_whose_dispute_was_prevented_goes_where_it_belongs(world):
    fund = world.onboarded().paid()
    world.deed("topup", amount=200_000, currency="eur")
    world.deed("open_dispute", charge=first_charge(world))
    dispute = world.log.get(world.one("dispute"), "dispute")
    world.log.put({**dispute, "status": "prevented"})
    assert world.ask(K.RELEASE, 90_000, of=fund.key, fee=10_000).outcome is CONFIRMED
