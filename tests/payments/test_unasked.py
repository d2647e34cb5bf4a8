"""What a provider reports without having been asked: booked once, to whoever bears it, and E14 holds throughout."""

from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from marketwright.features.operator import finance
from marketwright.features.payments import marks, service
from marketwright.features.payments.commands import reserve_payout
from marketwright.features.payments.payouts import pay_what_waited
from marketwright.features.payments.reporting import check
from marketwright.features.payments.tables import Hold, PaymentCommand, PaymentFact
from marketwright.kernel.actors import system
from marketwright.kernel.errors import Conflict, InvalidInput
from marketwright.kernel.money import Money
from marketwright.strategies.payments import Answer, CommandKind, Fact, FactKind, Outcome
from marketwright.testing.decided import decided

K = CommandKind


def settled(till, kind=K.RELEASE, **kw):
    """A hold that was funded and released, and paid out."""
    hold = till.open()
    funding = till.fund(hold)
    till.do(hold, kind, **kw)
    till.drain()
    return hold, funding


def later(till, hold, amount):
    with till.database.unit(system("tests")) as uow:
        cause = decided(uow, hold=hold, amount=Money(amount, "EUR")) if amount > 0 else "decision:none"
        command = service.reserve_refund_after_release(uow, hold=hold, amount=amount, cause=cause, by="person:anna")
        uow.commit()
    till.run(command)
    return command


def test_e11_a_dispute_freezes_the_hold_until_it_is_won(till, deeds, hear):
    hold = till.open()
    dispute = deeds.do("dispute", till.fund(hold))
    hear()
    assert till.hold(hold).disputes == 1
    assert till.balance("dispute_reserve") == 126_000
    with pytest.raises(Conflict, match="frozen"):
        till.reserve(hold, K.RELEASE)
    assert till.findings() == []
    deeds.do("win", dispute)
    hear()
    assert (till.balance("dispute_reserve"), till.balance("psp_fee")) == (0, 1_500)
    till.do(hold, K.RELEASE)
    assert till.hold(hold).state == "SETTLED"
    assert till.findings() == []


def test_e11_what_was_reserved_and_not_sent_stays_when_a_dispute_comes(till, deeds, hear):
    hold = till.open()
    funding = till.fund(hold)
    command = till.reserve(hold, K.RELEASE)
    deeds.do("dispute", funding)
    hear([f for f in till.facts() if f.kind is FactKind.DISPUTE_OPENED])
    till.run(command)
    assert till.command(command).state == "FAILED"
    assert till.hold(hold).state == "FUNDED"
    assert till.effects("transfer") == []
    assert till.findings() == []


def test_g3_a_dispute_lost_while_the_money_is_held_ends_the_hold(till, deeds, hear):
    hold = till.open()
    deeds.do("lose", deeds.do("dispute", till.fund(hold)))
    hear()
    held = till.hold(hold)
    assert (held.state, held.held.amount, held.dispute_lost.amount) == ("SETTLED", 0, 126_000)
    assert till.course.taken == [(hold, True)]
    assert till.balance("revenue") == 0
    assert till.findings() == []


def test_g4_a_part_lost_leaves_the_rest_to_be_released_with_its_share_of_every_fee(till, deeds, hear):
    hold = till.open()
    deeds.do("lose", deeds.do("dispute", till.fund(hold), amount=63_000))
    hear()
    assert till.hold(hold).held.amount == 63_000
    assert till.hold(hold).state == "FUNDED"
    till.do(hold, K.RELEASE)
    held = till.hold(hold)
    assert (held.paid.amount, held.fees.amount, held.fee_taxes.amount) == (57_000, 5_000, 1_000)
    assert till.findings() == []


def test_g3_a_dispute_lost_after_the_release_is_owed_by_the_freelancer_less_our_fees(till, deeds, hear):
    hold, funding = settled(till)
    deeds.do("lose", deeds.do("dispute", funding))
    hear()
    assert till.balance("receivable:freelancer1") == 114_000
    assert till.balance("revenue") == 0
    assert till.hold(hold).reclaimed.amount == 114_000
    assert till.course.returns[-1][1] == "dispute"
    assert till.findings() == []


def test_g3_a_dispute_lost_after_a_refund_is_owed_by_the_client(till, deeds, hear):
    _hold, funding = settled(till, K.REFUND)
    said = Answer(Outcome.CONFIRMED, "d1", amount=126_000)
    hear([Fact("d1.lost", funding, said, kind=FactKind.DISPUTE_LOST)])
    assert till.balance("receivable:client1") == 126_000
    assert till.balance("dispute_reserve") == 0


def test_an_inquiry_takes_nothing_and_freezes(till, deeds, hear):
    hold = till.open()
    inquiry = deeds.do("inquiry", till.fund(hold))
    hear()
    assert till.hold(hold).frozen
    assert till.balance("dispute_reserve") == 0
    deeds.do("win", inquiry)
    hear()
    assert not till.hold(hold).frozen
    assert till.findings() == []


def test_e9_a_late_failure_of_held_money_empties_the_hold_which_may_be_funded_again(till, deeds, hear):
    hold = till.open()
    deeds.do("take_back", till.fund(hold))
    hear()
    assert (till.hold(hold).state, till.hold(hold).funded.amount) == ("NONE", 0)
    assert till.course.taken == [(hold, False)]
    assert till.balance("psp_clearing") == 0
    till.fund(hold)
    assert till.hold(hold).state == "FUNDED"
    assert till.findings() == []


def test_e9_g11_a_late_failure_after_the_release_is_owed_by_the_client_and_stops_the_payout(till, deeds, hear):
    hold = till.open()
    funding = till.fund(hold)
    till.do(hold, K.RELEASE)
    deeds.do("take_back", funding)
    hear([f for f in till.facts() if f.kind is FactKind.FUNDING_FAILED])
    payout = next(c for c in till.commands(hold) if c.kind is K.PAYOUT)
    till.run(payout.id)
    assert till.command(payout.id).state == "FAILED"
    assert till.effects("payout") == []
    assert till.balance("receivable:client1") == 126_000
    assert till.balance("payable:freelancer1") == 114_000
    assert till.findings() == []


def test_g6_a_returned_payout_is_owed_again_once_and_staff_sends_it_once_more(till, deeds, hear):
    hold, _ = settled(till)
    payout = next(c for c in till.commands(hold) if c.kind is K.PAYOUT)
    deeds.do("return_payout", payout.id)
    hear()
    hear()
    assert till.balance("payable:freelancer1") == 114_000
    assert till.findings() == []
    with till.database.unit(system("tests")) as uow:
        again = service.pay_out_again(uow, hold=hold, by="person:anna")
        uow.commit()
    till.run(again)
    assert till.balance("payable:freelancer1") == 0
    assert till.findings() == []


def test_g6_a_returned_payout_counts_as_paid_out_when_it_is_sent_once_more(till, deeds, hear):
    def paid_out():
        with till.database.reading() as session:
            return finance.paid_out_since(session, till.clock.business() - timedelta(days=30))

    hold, _ = settled(till)
    assert paid_out() == [Money(114_000, "EUR")]
    deeds.do("return_payout", next(c for c in till.commands(hold) if c.kind is K.PAYOUT).id)
    hear()
    assert paid_out() == []
    with till.database.unit(system("tests")) as uow:
        again = service.pay_out_again(uow, hold=hold, by="person:anna")
        uow.commit()
    till.run(again)
    assert paid_out() == [Money(114_000, "EUR")]


def test_g6_a_provider_that_only_says_failed_of_a_done_payout_has_returned_it(till):
    hold, _ = settled(till)
    payout = next(c for c in till.commands(hold) if c.kind is K.PAYOUT)
    with till.database.unit(system("tests")) as uow:
        service.apply(uow, Fact("x", payout.id, Answer(Outcome.FAILED, reason="closed")), way="message")
        uow.commit()
    assert till.balance("payable:freelancer1") == 114_000


def test_g1_a_payout_whose_money_a_refund_has_taken_is_made_anew_with_what_is_left(till):
    before, _ = settled(till)
    hold = till.open()
    till.fund(hold)
    till.do(hold, K.RELEASE)
    till.wire.instead = Answer(Outcome.WAITING, absent=True)
    payout = till.commands(hold)[0].id
    till.run(payout)
    till.wire.instead = None
    later(till, before, 63_000)
    till.wire.instead = Answer(Outcome.WAITING, absent=True)
    till.run(payout)
    till.wire.instead = None
    assert till.command(payout).state == "FAILED"
    till.drain()
    assert (till.hold(hold).withheld.amount, till.hold(hold).paid_out.amount) == (57_000, 57_000)
    assert till.balance("receivable:freelancer1") == 0
    assert till.findings() == []


def test_g1_a_refund_after_the_release_is_done_and_the_next_payout_pays_the_debt(till):
    hold, _ = settled(till)
    command = later(till, hold, 63_000)
    assert till.command(command).state == "CONFIRMED"
    assert till.balance("receivable:freelancer1") == 57_000
    assert (till.hold(hold).refunded.amount, till.balance("revenue")) == (63_000, 5_000)
    assert till.findings() == []
    second = till.open()
    till.fund(second)
    till.do(second, K.RELEASE)
    till.drain()
    assert till.balance("receivable:freelancer1") == 0
    assert till.hold(second).withheld.amount == 57_000
    assert till.hold(second).paid_out.amount == 57_000
    assert ("payout", till.commands(second)[0].id, 57_000) in till.effects("payout")
    assert ("reclaim", till.commands(second)[0].id, 57_000) in till.effects("reclaim")
    assert till.findings() == []


def test_g1_before_the_payout_the_share_comes_straight_from_what_is_owed(till):
    hold = till.open()
    till.fund(hold)
    till.do(hold, K.RELEASE)
    later(till, hold, 63_000)
    till.drain()
    assert till.hold(hold).withheld.amount == 57_000
    assert till.effects("payout") == []
    with till.database.unit(system("tests")) as uow:
        assert pay_what_waited(uow) == 1
        uow.commit()
    till.drain()
    assert [amount for _, _, amount in till.effects("payout")] == [57_000]
    assert till.findings() == []


def test_g1_of_two_payouts_at_once_one_alone_takes_back_what_is_owed(till):
    later(till, settled(till)[0], 63_000)
    holds = [till.open(), till.open()]
    for hold in holds:
        till.fund(hold)
        till.do(hold, K.RELEASE)
        till.wire.instead = Answer(Outcome.FAILED, reason="Not today.")
        till.run(till.commands(hold)[0].id)
        till.wire.instead = None
    ready = Event()

    def pay(hold, then):
        with till.database.unit(system("tests")) as uow:
            reserve_payout(uow, uow.session.get(Hold, hold), cause=hold, by="person:anna")
            then()
            uow.commit()

    def wait_for_the_other():
        other.start()
        ready.wait(1)  # it is there before this one is kept, unless it has to wait

    other = Thread(target=pay, args=(holds[1], ready.set))
    pay(holds[0], wait_for_the_other)
    other.join()
    payouts = (PaymentCommand.kind == "payout") & (PaymentCommand.state != "FAILED")
    with till.database.reading() as session:
        asked = session.scalars(select(PaymentCommand.reclaim).where(payouts)).all()
    assert sorted(asked) == [0, 0, 57_000]
    till.drain()
    assert till.findings() == []


def test_g1_what_a_payout_could_not_take_back_is_asked_of_the_next_one(till):
    later(till, settled(till)[0], 63_000)

    def little(verb, command, answer):
        return replace(answer, reclaimed=20_000) if command.reclaim and answer.reclaimed else answer

    till.wire.after = little
    asked = []
    for hold in (till.open(), till.open()):
        till.fund(hold)
        till.do(hold, K.RELEASE)
        till.drain()
        with till.database.reading() as session:
            payout = (PaymentCommand.hold_id == hold) & (PaymentCommand.kind == "payout")
            asked.append(session.scalars(select(PaymentCommand.reclaim).where(payout)).one())
    assert asked == [57_000, 37_000]


def test_g8_e7_more_than_is_left_and_what_was_never_released_are_refused(till):
    hold = till.open()
    with pytest.raises(Conflict, match="released"):
        later(till, hold, 1)
    hold, _ = settled(till)
    with pytest.raises(InvalidInput):
        later(till, hold, 126_001)
    later(till, hold, 126_000)
    with pytest.raises(InvalidInput):
        later(till, hold, 1)
    assert till.findings() == []


def test_e7_the_database_refuses_a_refund_that_no_hold_stands_for(till):
    hold, _ = settled(till)
    with pytest.raises(DBAPIError, match=r"E3|E10"), till.database.writes.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO payment_commands (id, hold_id, kind, state, provider, currency, amount, fee, refund, funding,"
            " stray, after_release, reclaim, reclaimed, arrival, cause, ordered_by, page, reference, reason, note,"
            f" attempts, fence, at, created_at, updated_at) VALUES ('x', '{hold}', 'refund', 'PENDING', 'sandbox',"
            " 'EUR', 5, 0, 0, '', false, true, 0, 0, '', 'decision:1', 'person:a', '', '', '', '', 0, 0,"
            " '2026-01-01 00:00:00', '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
        )


def test_a_refused_refund_after_the_release_leaves_all_as_it_was(till):
    hold, _ = settled(till)
    till.wire.instead = Answer(Outcome.FAILED, reason="The card is gone.")
    command = later(till, hold, 10_000)
    assert till.command(command).state == "FAILED"
    assert till.hold(hold).refunding.amount == 0
    assert till.balance("receivable:freelancer1") == 0


def test_money_in_parts_covers_a_payment_when_it_is_all_there(till, deeds, hear):
    hold = till.open()
    funding = till.reserve(hold, K.FUND)
    till.run(funding)
    deeds.do("arrive", funding, amount=60_000)
    hear()
    assert till.balance("suspense") == 60_000
    assert till.hold(hold).state == "FUNDING"
    assert till.findings() == []
    deeds.do("arrive", funding, amount=70_000)
    hear()
    assert till.hold(hold).state == "FUNDED"
    assert till.balance("suspense") == 4_000
    assert till.findings() == []


def test_what_is_too_much_goes_back_to_its_sender_when_staff_says_so(till, deeds, hear):
    hold = till.open()
    funding = till.reserve(hold, K.FUND)
    till.run(funding)
    deeds.do("arrive", funding, amount=130_000)
    hear()
    (arrival,) = till.arrivals()
    assert arrival.open.amount == 4_000
    with till.database.unit(system("tests")) as uow:
        command = service.give_back(uow, arrival=arrival.id, by="person:anna")
        uow.commit()
    with pytest.raises(Conflict), till.database.unit(system("tests")) as uow:
        service.give_back(uow, arrival=arrival.id, by="person:ben")
    till.run(command)
    assert till.balance("suspense") == 0
    assert ("refund", command, 4_000) in till.effects("refund")
    assert till.findings() == []


def giving_back(till, amount):
    """The command that gives back the arrival of which ``amount`` waits for staff, not sent yet."""
    arrival = next(row for row in till.arrivals() if row.open.amount == amount)
    with till.database.unit(system("tests")) as uow:
        command = service.give_back(uow, arrival=arrival.id, by="person:anna")
        uow.commit()
    return command


def test_a_part_that_its_payment_uses_while_it_is_being_given_back_is_booked_once(till, deeds, hear):
    hold = till.open()
    funding = till.reserve(hold, K.FUND)
    till.run(funding)
    deeds.do("arrive", funding, amount=60_000)
    hear()
    command = giving_back(till, 60_000)
    deeds.do("arrive", funding, amount=70_000)
    hear()
    assert till.hold(hold).state == "FUNDED"
    till.run(command)
    assert till.command(command).state == "FAILED"
    assert till.balance("suspense") == 4_000
    assert till.findings() == []
    till.wire.instead = Answer(Outcome.FAILED, reason="Not now.")
    till.run(giving_back(till, 4_000))
    assert till.balance("suspense") == 4_000
    assert till.findings() == []


def test_a_part_that_would_not_go_back_before_its_payment_was_complete_still_covers_it(till, deeds, hear):
    hold = till.open()
    funding = till.reserve(hold, K.FUND)
    till.run(funding)
    deeds.do("arrive", funding, amount=60_000)
    hear()
    till.wire.instead = Answer(Outcome.FAILED, reason="Not now.")
    till.run(giving_back(till, 60_000))
    till.wire.instead = None
    assert till.balance("suspense") == 60_000
    deeds.do("arrive", funding, amount=66_000)
    hear()
    assert till.hold(hold).state == "FUNDED"
    assert till.balance("suspense") == 0
    assert till.findings() == []


def test_what_leaves_by_itself_while_it_is_being_given_back_is_booked_once(till, deeds, hear):
    arrival = deeds.do("arrive", amount=5_000, currency="EUR")
    hear()
    command = giving_back(till, 5_000)
    deeds.do("send_back", arrival)
    hear()
    assert till.balance("suspense") == 5_000
    till.run(command)
    assert till.command(command).state == "FAILED"
    assert till.balance("suspense") == 0
    assert till.arrivals() == []
    assert till.findings() == []


def test_what_went_back_is_not_told_to_have_left_once_more(till, deeds, hear):
    arrival = deeds.do("arrive", amount=5_000, currency="EUR")
    hear()
    command = giving_back(till, 5_000)
    left = Fact(f"{arrival}.left", "", Answer(Outcome.CONFIRMED, arrival, amount=5_000), kind=FactKind.ARRIVAL_LEFT)
    hear([left])
    till.run(command)
    assert till.command(command).state == "CONFIRMED"
    assert till.balance("suspense") == 0
    with till.database.reading() as session:
        assert session.scalars(select(PaymentFact).where(PaymentFact.waits.is_(True))).all() == []
    assert till.findings() == []


def test_money_that_nobody_asked_for_waits_and_may_leave_by_itself(till, deeds, hear):
    arrival = deeds.do("arrive", amount=5_000, currency="EUR", note="invoice 12")
    hear()
    assert till.balance("suspense") == 5_000
    assert till.findings() == []
    deeds.do("send_back", arrival)
    hear()
    assert till.balance("suspense") == 0
    assert till.arrivals() == []
    assert till.findings() == []


def test_g9_costs_and_other_movements_are_booked_as_they_are(till, deeds, hear):
    deeds.do("arrive", amount=9_000, currency="EUR")
    deeds.do("cost", amount=200, currency="EUR", note="monthly fee")
    deeds.do("adjust", amount=-1_000, currency="EUR", note="own payout")
    hear()
    assert (till.balance("psp_fee"), till.balance("suspense")) == (200, 8_000)
    assert till.findings() == []


@pytest.mark.parametrize(
    "fact",
    [
        Fact("a", "", Answer(Outcome.CONFIRMED, "r", amount=1.5), kind=FactKind.ARRIVED, currency="EUR"),
        Fact("a", "", Answer(Outcome.CONFIRMED, "r", amount=-5), kind=FactKind.ARRIVED, currency="EUR"),
        Fact("a", "", Answer(Outcome.CONFIRMED, "r", amount=5), kind=FactKind.ARRIVED, currency="DOGE"),
        Fact("a", "k", Answer(Outcome.CONFIRMED, "", amount=5), kind=FactKind.DISPUTE_OPENED),
        Fact("a", "k", Answer(Outcome.WAITING, "r", amount=5), kind=FactKind.FUNDING_FAILED),
        Fact("", "k", Answer(Outcome.CONFIRMED, "r", amount=5)),
    ],
)  # fmt: skip
def test_p1_what_cannot_be_a_fact_changes_nothing(till, hear, fact):
    with pytest.raises(ValueError, match=r"."):
        check(fact)


def test_b4_facts_about_somebody_elses_payments_change_nothing(till, hear):
    hear([Fact("d", "foreign", Answer(Outcome.CONFIRMED, "dp", amount=5), kind=FactKind.DISPUTE_OPENED)])
    assert till.balance("dispute_reserve") == 0


def test_e16_a_client_who_pays_with_the_freelancers_own_account_is_frozen_for_staff(till):
    with till.database.unit(system("tests")) as uow:
        marks.keep(uow, "sandbox", "payee", "freelancer1", ["card of client1"])
        uow.commit()
    hold = till.open()
    till.fund(hold)
    assert till.hold(hold).frozen
    assert till.hold(hold).state == "FUNDED"
    with till.database.reading() as session:
        assert session.get(Hold, hold).frozen
