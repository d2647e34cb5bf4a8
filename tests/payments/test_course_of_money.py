"""One hold from the client's payment to the freelancer's bank, and the other ways it can go."""

import pytest

from marketwright.features.ledger import queries as ledger
from marketwright.features.payments import service
from marketwright.features.payments.amounts import Amounts
from marketwright.kernel.actors import system
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.strategies.payments import CommandKind, Outcome
from marketwright.strategies.processes import HoldState

FUND, RELEASE, REFUND, SPLIT = CommandKind.FUND, CommandKind.RELEASE, CommandKind.REFUND, CommandKind.SPLIT


def test_asking_to_pay_gives_the_providers_page(till):
    answer = till.run(till.reserve(till.open(), FUND))
    assert answer.outcome is Outcome.PAGE
    assert answer.page.startswith("http://localhost/x/sandbox/pay/")


def test_a_paid_milestone_is_held(till):
    hold = till.open()
    till.fund(hold)
    assert till.hold(hold).state is HoldState.FUNDED
    assert till.hold(hold).held.amount == 126_000
    assert till.balance(f"hold:{hold}") == till.balance("psp_clearing") == 126_000
    assert till.course.heard == [(hold, "fund", "confirmed", "")]
    assert till.findings() == []


def test_money_that_is_held_knows_until_when(till):
    hold = till.open()
    till.fund(hold)
    held = till.hold(hold)
    assert (held.hold_until - held.funded_at).days == 90


def test_a_release_pays_freelancer_marketplace_and_tax_and_e15_not_before(till):
    hold = till.open()
    till.fund(hold)
    assert till.balance("revenue") == 0
    till.do(hold, RELEASE)
    assert till.hold(hold).state is HoldState.SETTLED
    assert till.balance(f"hold:{hold}") == 0
    assert till.balance("payable:freelancer1") == 114_000
    assert till.balance("revenue") == 10_000
    assert till.balance("vat_collected") == 2_000
    assert till.findings() == []


def test_a_payout_follows_the_release_by_itself(till):
    hold = till.open()
    till.fund(hold)
    till.do(hold, RELEASE)
    till.worker.drain()
    assert till.balance("payable:freelancer1") == 0
    assert [a for _, _, a in till.effects("payout")] == [114_000]
    assert till.hold(hold).paid_out.amount == 114_000
    assert till.findings() == []


def test_a_refund_gives_everything_back_and_leaves_no_commission(till):
    hold = till.open()
    till.fund(hold)
    till.do(hold, REFUND)
    assert till.hold(hold).refunded.amount == 126_000
    assert till.balance("revenue") == till.balance("psp_clearing") == till.balance("refundable:client1") == 0
    assert [a for _, _, a in till.effects("refund")] == [126_000]
    assert till.findings() == []


def test_a_split_shares_the_money_and_pays_out(till):
    hold = till.open()
    till.fund(hold)
    till.do(hold, SPLIT, refund=63_000)
    till.worker.drain()
    row = till.hold(hold)
    assert row.refunded.amount == 63_000
    assert row.paid.amount + row.fees.amount + row.fee_taxes.amount == 63_000
    assert till.balance("psp_clearing") == row.fees.amount + row.fee_taxes.amount
    assert till.findings() == []


def test_a_declined_card_leaves_the_hold_free_to_be_paid_again(till):
    hold = till.open()
    first = till.reserve(hold, FUND)
    till.run(first)
    till.pay(first, "decline")
    assert till.run(first).reason == "The card was declined."
    assert till.hold(hold).state is HoldState.NONE
    assert till.course.heard == [(hold, "fund", "failed", "The card was declined.")]
    till.fund(hold)
    assert till.hold(hold).state is HoldState.FUNDED
    assert till.findings() == []


def test_a_payment_that_answers_late_arrives(make_till):
    till = make_till(late_seconds=0)
    hold = till.open()
    command = till.reserve(hold, FUND)
    till.run(command)
    till.pay(command, "late")
    till.run(command)
    assert till.hold(hold).state is HoldState.FUNDED


def test_a_payment_that_is_under_way_is_waited_for(till):
    hold = till.open()
    command = till.reserve(hold, FUND)
    till.run(command)
    till.pay(command, "late")
    assert till.run(command).outcome is Outcome.WAITING
    assert till.hold(hold).state is HoldState.FUNDING


def test_what_the_provider_takes_itself_is_booked_as_its_fee(make_till):
    till = make_till(fee_bps=100)
    till.fund(till.open())
    assert till.balance("psp_fee") == 1_260
    assert till.balance("psp_clearing") == 126_000 - 1_260
    assert till.findings() == []


def test_own_network_deals_without_fee_need_their_exception(till):
    free = Amounts("EUR", 50_000)
    hold = till.open(amounts=free, override="own network")
    till.fund(hold)
    till.do(hold, RELEASE)
    assert till.balance("payable:freelancer1") == 50_000
    assert till.findings() == []


def test_a_contract_that_ends_unfunded_closes_its_hold(till):
    hold = till.open()
    with till.database.unit(system("tests")) as uow:
        service.close_hold(uow, hold=hold)
        uow.commit()
    assert till.hold(hold).state is HoldState.EXPIRED


def test_a_funded_hold_cannot_be_closed(till):
    hold = till.open()
    till.fund(hold)
    with till.database.unit(system("tests")) as uow, pytest.raises(Conflict):
        service.close_hold(uow, hold=hold)


def test_an_unknown_hold_is_not_found(till):
    with pytest.raises(NotFound):
        till.reserve("nothing", FUND)


@pytest.mark.parametrize("kind", [RELEASE, REFUND, SPLIT])
def test_e9_nothing_leaves_a_hold_that_is_not_funded(till, kind):
    with pytest.raises(Conflict):
        till.reserve(till.open(), kind, refund=1)


def test_e4_a_release_and_a_refund_of_the_same_money_exclude_each_other(till):
    hold = till.open()
    till.fund(hold)
    till.reserve(hold, RELEASE)
    with pytest.raises(Conflict) as refused:
        till.reserve(hold, REFUND)
    assert refused.value.state == "RELEASING"
    assert till.effects("refund") == []


def test_d1_a_second_release_is_refused_and_never_asked(till):
    hold = till.open()
    till.fund(hold)
    till.do(hold, RELEASE)
    with pytest.raises(Conflict):
        till.reserve(hold, RELEASE)
    assert len(till.effects("transfer")) == 1


def test_e11_a_frozen_hold_lets_nothing_out_until_it_is_thawed(till):
    hold = till.open()
    till.fund(hold)
    with till.database.unit(system("tests")) as uow:
        service.freeze(uow, hold=hold, reason="case 7")
        uow.commit()
    with pytest.raises(Conflict, match="frozen"):
        till.reserve(hold, RELEASE)
    with till.database.unit(system("tests")) as uow:
        service.thaw(uow, hold=hold, reason="case 7 decided")
        uow.commit()
    till.do(hold, RELEASE)
    assert till.hold(hold).state is HoldState.SETTLED


@pytest.mark.parametrize("cause", ["request:1", "because", "approval:", ""])
def test_e10_a_release_needs_an_approval_a_deadline_or_a_decision(till, cause):
    hold = till.open()
    till.fund(hold)
    with pytest.raises(InvalidInput), till.database.unit(system("tests")) as uow:
        service.reserve(uow, hold=hold, kind=RELEASE, cause=cause, by="person:anna")


def test_e10_a_decision_is_taken_by_a_named_person(till):
    hold = till.open()
    till.fund(hold)
    with pytest.raises(InvalidInput), till.database.unit(system("tests")) as uow:
        service.reserve(uow, hold=hold, kind=SPLIT, cause="decision:1", by="system:timer", refund=5)


@pytest.mark.parametrize("refund", [0, 126_000, -5])
def test_a_split_that_is_none_is_refused_at_its_field(till, refund):
    hold = till.open()
    till.fund(hold)
    with pytest.raises(InvalidInput) as refused:
        till.reserve(hold, SPLIT, refund=refund)
    assert "refund" in refused.value.errors


def test_who_ordered_money_to_move_and_why_is_kept_with_it(till):
    hold = till.open()
    till.fund(hold)
    command = till.do(hold, RELEASE, cause="approval:transition9")
    row = till.command(command)
    assert (row.cause, row.ordered_by) == ("approval:transition9", "person:anna")


def test_statements_of_both_sides_add_up(till):
    for _ in range(2):
        hold = till.open()
        till.fund(hold)
        till.do(hold, RELEASE)
    till.worker.drain()
    with till.database.reading() as session:
        freelancer = ledger.statement(session, account="payable:freelancer1")
        whole = ledger.statement(session, contract="contract1")
    assert sum(r.amount.amount for r in freelancer) == freelancer[-1].balance.amount == 0
    assert sum(r.amount.amount for r in whole if r.kind == "psp_clearing") == 2 * 12_000


def test_the_console_reads_commands_in_plain_words(till):
    command = till.reserve(till.open(), FUND)
    till.run(command)
    row = till.command(command)
    assert (str(row.what), str(row.words)) == ("Payment request", "waiting for the client on the provider’s page")
