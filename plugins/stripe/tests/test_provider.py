"""The provider and what it makes of Stripe's answers."""

from dataclasses import replace

import pytest
from marshmallow import ValidationError

from marketwright.plugin import CommandKind as K
from marketwright.plugin import FactKind, Need, Outcome, PaymentProvider

pytest.importorskip("stripe", reason="the extra `stripe` is not installed")

import stripe

from marketwright_stripe import leaving, outcomes
from marketwright_stripe.double.events import add_endpoint
from marketwright_stripe.keys import KEY, SECRETS
from marketwright_stripe.provider import Stripe
from marketwright_stripe.settings import StripeSettings
from marketwright_stripe.tables import Base, account_of, erase, export

CONFIRMED, FAILED, WAITING, UNKNOWN, PAGE = (
    Outcome.CONFIRMED, Outcome.FAILED, Outcome.WAITING, Outcome.UNKNOWN, Outcome.PAGE
)  # fmt: skip


def at(world, stage, key="sk_test_it", **settings) -> PaymentProvider:
    desk = replace(world.desk, stage=stage, secret_values={**world.desk.secret_values, KEY: key})
    return Stripe({**world.settings, **settings}, desk)


@pytest.mark.parametrize(("stage", "key", "says"), [
    ("live", "sk_test_x", "is a test key and this marketplace is live"),
    ("live", "rk_test_x", "is a test key and this marketplace is live"),
    ("test", "sk_live_x", "is a live key and this marketplace is at the stage test"),
    ("demo", "rk_live_x", "is a live key"),
])  # fmt: skip
def test_a_key_of_the_other_mode_is_refused_at_the_start(world, stage, key, says):
    with pytest.raises(RuntimeError, match=says):
        at(world, stage, key)


def test_a_live_site_pays_over_stripe_alone(world):
    with pytest.raises(RuntimeError, match="api_base"):
        at(world, "live", "sk_live_x", api_base="http://127.0.0.1:1")


def test_c2_a_currency_that_stripe_counts_otherwise_is_refused_in_the_settings(world):
    with pytest.raises(ValidationError, match="KWD"):
        StripeSettings().load({"currencies": ["EUR", "KWD"]})


def test_c2_a_marketplace_in_such_a_currency_does_not_start(world):
    with pytest.raises(RuntimeError, match="ISK"):
        Stripe({**world.settings, "currencies": []}, replace(world.desk, currency="ISK"))


def test_what_is_missing_is_said_with_its_fix(world):
    empty = replace(world.desk, secret_values=dict.fromkeys(SECRETS, ""))
    wrong = Stripe(world.settings, empty).check()
    assert [name for name in SECRETS if any(name in w and ("copy" in w.lower()) for w in wrong)] == list(SECRETS)


def test_a_site_without_a_key_tells_its_clients_so(world):
    empty = replace(world.desk, secret_values=dict.fromkeys(SECRETS, ""))
    answer = Stripe(world.settings, empty).execute(world.command(K.FUND, 500))
    assert (answer.outcome, "key of Stripe is missing" in answer.reason) == (FAILED, True)


def test_a_platform_that_pays_out_by_itself_is_found_before_going_live(world):
    live = replace(world.desk, stage="live", secret_values=dict.fromkeys(SECRETS, "sk_live_x"))
    world.double.desk.secret_key = "sk_live_x"
    assert "sends no messages of checkout.session.completed" in Stripe(world.settings, live).check()[0]
    add_endpoint(world.log, live.inbox.address, "whsec_x", ["*"])
    assert Stripe(world.settings, live).check() == []
    world.log.set("platform_payouts", "daily")
    assert "set its payouts to manual" in Stripe(world.settings, live).check()[0]


def test_a_key_that_stripe_refuses_is_named(world):
    live = replace(world.desk, stage="live", secret_values=dict.fromkeys(SECRETS, "sk_live_gone"))
    assert f"Stripe refuses {KEY}" in Stripe(world.settings, live).check()[0]


def test_a_refused_key_fails_no_payment(world):
    world.double.desk.secret_key = "sk_test_other"
    with pytest.raises(Exception, match="Invalid API Key"):
        world.ask(K.FUND, 500)


def test_what_stripe_keeps_is_told_and_by_which_card(world):
    answer = world.provider.lookup(world.paid(100_000))
    assert (answer.fee, answer.marks) == (1_525, ("double-card",))
    assert world.provider.balance("EUR").amount == 98_475


def test_a_refund_waits_for_the_balance_and_goes_once_it_is_there(world):
    refund = world.command(K.REFUND, 100_000, of=world.paid(100_000).key)
    assert world.provider.execute(refund).outcome is WAITING
    assert world.provider.lookup(refund).absent
    world.deed("topup", amount=1_525, currency="eur")
    assert world.provider.execute(refund).outcome is CONFIRMED
    assert world.effects("refund") == [("refund", 100_000)]


def test_a_debit_counts_when_the_bank_has_settled_it(world):
    world.provider.settings = {**world.settings, "methods": ["sepa_debit"]}
    fund = world.paid(choice="sepa")
    assert world.provider.lookup(fund).outcome is WAITING
    world.deed("settle_debit", payment_intent=world.one("payment_intent"))
    assert world.provider.lookup(fund).outcome is CONFIRMED


def test_a_returned_debit_is_a_definitive_no(world):
    world.provider.settings = {**world.settings, "methods": ["sepa_debit"]}
    fund = world.paid(choice="sepa_fails")
    world.deed("settle_debit", payment_intent=world.one("payment_intent"), paid=False)
    answer = world.provider.lookup(fund)
    assert (answer.outcome, answer.reason) == (FAILED, "The bank did not pay the direct debit.")


def test_the_bank_that_asks_back_is_answered_on_the_page(world):
    fund = world.command(K.FUND, 5_000)
    bank = world.visit(world.provider.execute(fund).page, "confirm")
    assert world.provider.lookup(fund).outcome is PAGE
    world.visit(bank, "yes")
    assert world.provider.lookup(fund).amount == 5_000


def test_a_page_runs_out(world):
    fund = world.command(K.FUND, 5_000)
    world.provider.execute(fund)
    world.deed("clock", advance=25 * 3600)
    assert world.provider.lookup(fund).reason == "The payment page has expired."


def test_after_stripe_has_forgotten_the_key_nothing_is_done_twice(world):
    fund = world.onboarded().paid()
    release = world.command(K.RELEASE, 90_000, of=fund.key, fee=10_000)
    first = world.provider.execute(release)
    world.deed("clock", advance=25 * 3600)
    assert world.provider.execute(release) == first
    assert world.effects("transfer") == [("transfer", 90_000)]


def test_onboarding_says_what_is_missing_in_words_of_core(world):
    answer = world.ask(K.ONBOARD, country="DE")
    assert answer.outcome is PAGE
    assert {r.need for r in answer.missing} == {Need.BUSINESS, Need.BANK_ACCOUNT, Need.TAX_NUMBER, Need.TERMS}
    assert world.log.get(answer.reference, "account", None)["country"] == "DE"


def test_one_freelancer_has_one_account_whatever_is_lost(world):
    first = world.ask(K.ONBOARD).reference
    erase("freelancer1", world.desk)
    world.deed("clock", advance=25 * 3600)
    assert world.ask(K.ONBOARD).reference == first
    assert export("freelancer1", world.desk) == {"stripe_accounts": [first]}


@pytest.mark.parametrize(("deed", "outcome"), [("onboard", CONFIRMED), ("review", WAITING), ("reject", FAILED)])
def test_how_a_freelancer_stands_is_heard_and_looked_up_alike(world, deed, outcome):
    command = world.command(K.ONBOARD)
    account = world.provider.execute(command).reference
    world.deed(deed, account=account)
    fact = [f for f in world.heard() if f.kind is FactKind.PAYEE_CHANGED][-1]
    assert (fact.payee, fact.answer.outcome) == ("freelancer1", outcome)
    assert world.provider.lookup(command).outcome is outcome


def test_a_look_at_who_has_not_finished_makes_no_link_to_stripes_pages(world):
    command = world.command(K.ONBOARD)
    asked = world.provider.execute(command)
    before = len(world.log.rows("calls"))
    said = world.provider.lookup(command)
    assert (said.outcome, said.page, said.missing) == (WAITING, "", asked.missing)
    assert [row["call"] for row in world.log.rows("calls")[before:]] == ["GET /v1/accounts/:id"]


def test_an_account_that_stripe_has_stopped_is_paid_nothing(world):
    fund = world.onboarded().paid()
    world.deed("restrict", account=account_of(world.desk, "freelancer1", live=False))
    answer = world.ask(K.RELEASE, 90_000, of=fund.key, fee=10_000)
    assert (answer.outcome, answer.reason) == (FAILED, "The account at Stripe cannot take money yet.")
    assert world.effects("transfer") == []


def test_who_has_no_account_is_paid_nothing(world):
    assert world.ask(K.RELEASE, 90_000, of=world.paid().key, fee=10_000).reason.startswith("There is no account")


def released(world):
    fund = world.onboarded().paid()
    world.deed("topup", amount=50_000, currency="eur")
    world.ask(K.RELEASE, 90_000, of=fund.key, fee=10_000)
    return fund


def test_after_a_release_the_freelancers_share_comes_back_first(world):
    refund = world.command(K.REFUND, 50_000, of=released(world).key, reclaim=45_000)
    answer = world.provider.execute(refund)
    assert (answer.outcome, answer.amount, answer.reclaimed) == (CONFIRMED, 50_000, 45_000)
    assert world.provider.lookup(refund) == answer
    assert world.effects("reversal", "refund") == [("reversal", 45_000), ("refund", 50_000)]


def test_after_a_payout_nothing_comes_back_and_the_client_is_paid_all_the_same(world):
    fund = released(world)
    world.ask(K.PAYOUT, 80_000)
    answer = world.ask(K.REFUND, 50_000, of=fund.key, reclaim=45_000)
    assert (answer.outcome, answer.reclaimed) == (CONFIRMED, 10_000)


def test_a_payout_takes_back_what_is_owed_first(world):
    released(world)
    payout = world.command(K.PAYOUT, 80_000, reclaim=10_000)
    answer = world.provider.execute(payout)
    assert (answer.outcome, answer.amount, answer.reclaimed) == (CONFIRMED, 80_000, 10_000)
    assert world.provider.lookup(payout) == answer


def test_a_payout_that_comes_back_is_told(world):
    released(world)
    payout = world.command(K.PAYOUT, 90_000)
    world.provider.execute(payout)
    world.deed("end_payout", payout=world.one("payout"), paid=False)
    told = {f.id: f for f in world.heard() if f.kind is FactKind.PAYOUT_RETURNED}
    assert [(f.key, f.answer.amount) for f in told.values()] == [(payout.key, 90_000)]
    assert told.keys() == {f.id for f in world.window() if f.kind is FactKind.PAYOUT_RETURNED}
    assert world.provider.lookup(payout).outcome is CONFIRMED  # it had left


def test_a_debit_taken_back_after_it_counted_is_told(world):
    fund = world.paid()
    world.deed("take_back", charge=world.one("charge"))
    told = {f.id: f for f in world.heard() if f.kind is FactKind.FUNDING_FAILED}
    assert [(f.key, f.answer.amount) for f in told.values()] == [(fund.key, 100_000)]
    assert told.keys() == {f.id for f in world.window() if f.kind is FactKind.FUNDING_FAILED}


def test_a_refund_that_no_bank_takes_is_told(world):
    refund = world.command(K.REFUND, 1_000, of=world.paid().key)
    world.provider.execute(refund)
    world.deed("fail_refund", refund=world.one("refund"))
    told = {f.id: f for f in world.heard() if f.kind is FactKind.ADJUSTMENT}
    assert [(f.key, f.answer.amount) for f in told.values()] == [(refund.key, 1_000)]
    assert told.keys() == {f.id for f in world.window() if f.kind is FactKind.ADJUSTMENT}


def disputes(world):
    return {f.id: (f.kind, f.key, f.answer.amount, f.answer.fee) for f in world.heard()
            if f.kind in (FactKind.DISPUTE_OPENED, FactKind.DISPUTE_WON, FactKind.DISPUTE_LOST)}  # fmt: skip


def test_a_dispute_takes_the_money_and_costs(world):
    fund = world.paid()
    world.deed("open_dispute", charge=world.one("charge"))
    assert list(disputes(world).values()) == [(FactKind.DISPUTE_OPENED, fund.key, 100_000, 2_000)]
    assert next(f for f in world.heard() if f.kind is FactKind.DISPUTE_OPENED).due is not None
    assert world.ask(K.REFUND, 100_000, of=fund.key).outcome is WAITING  # E11


@pytest.mark.parametrize(("won", "kind"), [(True, FactKind.DISPUTE_WON), (False, FactKind.DISPUTE_LOST)])
def test_a_dispute_ends(world, won, kind):
    fund = world.paid()
    world.deed("open_dispute", charge=world.one("charge"))
    world.deed("close_dispute", dispute=world.one("dispute"), won=won)
    assert list(disputes(world).values())[-1] == (kind, fund.key, 100_000, 2_000)
    assert kind in {f.kind for f in world.window()}
    assert (world.ask(K.REFUND, 90_000, of=fund.key).outcome is FAILED) == (not won)


def test_a_page_that_was_named_is_looked_up_by_its_name_alone(world):
    fund = world.command(K.FUND, 100_000)
    page = world.provider.execute(fund)
    before = len(world.log.rows("calls"))
    assert world.provider.lookup(replace(fund, reference=page.reference)) == page
    assert [row["call"] for row in world.log.rows("calls")[before:]] == ["GET /v1/checkout/sessions/:id"]


def test_what_a_dispute_once_forbade_is_not_refused_by_memory_when_it_is_over(world, monkeypatch):
    fund = world.paid()
    world.deed("topup", amount=10_000, currency="eur")
    refund = world.command(K.REFUND, 60_000, of=fund.key)
    world.deed("open_dispute", charge=world.one("charge"), amount=40_000)
    with monkeypatch.context() as blind:  # the dispute came between the look and the refund
        blind.setattr(leaving, "_stopped", lambda *_: None)
        assert world.provider.execute(refund).outcome is FAILED
    world.deed("close_dispute", dispute=world.one("dispute"), won=False)
    assert world.provider.execute(refund).outcome is CONFIRMED


def test_what_was_not_lost_to_a_dispute_still_goes_where_it_belongs(world):
    fund = world.paid()
    world.deed("topup", amount=10_000, currency="eur")  # what the dispute costs
    world.deed("open_dispute", charge=world.one("charge"), amount=40_000)
    world.deed("close_dispute", dispute=world.one("dispute"), won=False)
    assert world.ask(K.REFUND, 60_000, of=fund.key).outcome is CONFIRMED


def test_a_bank_that_only_asks_takes_nothing(world):
    world.paid()
    world.deed("open_dispute", charge=world.one("charge"), asks=True)
    world.deed("close_dispute", dispute=world.one("dispute"), won=True)
    assert [(k, amount, fee) for k, _, amount, fee in disputes(world).values()] == [(FactKind.DISPUTE_WON, 0, 0)]


def test_what_the_operator_moves_is_told_as_an_adjustment(world):
    world.deed("topup", amount=5_000, currency="eur")
    assert [(f.kind, f.currency, f.answer.amount) for f in world.window()] == [(FactKind.ADJUSTMENT, "EUR", 5_000)]


@pytest.mark.parametrize("fault", [
    "refused", "timeout_after", "reset_after", "429", "500_before", "500_after", "bad_json", "truncated",
])  # fmt: skip
def test_no_fault_of_the_line_fails_a_payment_or_does_it_twice(stripe_over_a_socket, fault):
    provider, command, referee = stripe_over_a_socket
    referee("faults", call="POST /v1/transfers", fault=fault)
    with pytest.raises(Exception, match=r"."):
        provider.execute(command)
    for _ in range(3):
        if not provider.lookup(command).absent:
            break
        try:
            provider.execute(command)
        except Exception:  # noqa: BLE001  a stored 500 is replayed for a day
            referee("clock", advance=25 * 3600)
    assert provider.lookup(command).outcome is CONFIRMED
    assert [e["kind"] for e in referee("effects")] == ["charge", "transfer"]


@pytest.fixture
def stripe_over_a_socket(tmp_path, double, referee, visit):
    from marketwright.kernel.time import SystemClock
    from marketwright.plugin import Command, Money
    from marketwright.testing.desks import make_desk
    from marketwright_stripe import manifest
    from marketwright_stripe.settings import StripeSettings

    settings = StripeSettings().load({"api_base": double.base})
    desk = make_desk(manifest, settings, tmp_path / "desk", clock=SystemClock())
    desk = replace(desk, secret_values={**desk.secret_values, KEY: "sk_test_double"})
    provider = Stripe(settings, desk)
    common = {"payer": "client1", "payee": "freelancer1", "return_to": "http://site/back"}
    visit(provider.execute(Command("in", K.ONBOARD, "", Money(0, "EUR"), **common)).page, choice="done")
    visit(provider.execute(Command("fund", K.FUND, "hold1", Money(100_000, "EUR"), **common)).page, choice="pay")
    return provider, Command("pay", K.RELEASE, "hold1", Money(90_000, "EUR"), of="fund", fee=10_000, **common), referee


@pytest.mark.parametrize("call", [
    "POST /v1/customers", "POST /v1/checkout/sessions", "GET /v1/charges", "GET /v1/transfers", "POST /v1/transfers",
    "POST /v1/refunds", "GET /v1/refunds",
])  # fmt: skip
@pytest.mark.parametrize("fault", ["500_before", "balance_insufficient"])
def test_what_goes_wrong_once_is_done_once_afterwards(world, call, fault):
    world.onboarded()
    world.deed("topup", amount=50_000, currency="eur")
    world.deed("faults", call=call, fault=fault)
    fund = world.command(K.FUND, 100_000)
    page = insist(world, fund)
    world.visit(page.page, "pay")
    split = insist(world, world.command(K.SPLIT, 50_000, of=fund.key, fee=10_000, refund=40_000))
    assert (split.outcome, split.amount) == (CONFIRMED, 50_000)
    assert world.effects("charge", "transfer", "refund") == [
        ("charge", 100_000), ("transfer", 50_000), ("refund", 40_000),
    ]  # fmt: skip


def insist(world, command):
    """Ask as core does: look up after what was unclear, send again only what was never done."""
    for _ in range(4):
        try:
            answer = world.provider.execute(command)
        except Exception:  # noqa: BLE001  unclear
            continue
        if answer.outcome not in (WAITING, UNKNOWN):
            return answer
    return world.provider.lookup(command)


def test_the_tables_hold_ids_alone():
    assert {t.name: sorted(c.name for c in t.columns) for t in Base.metadata.sorted_tables} == {
        "x_stripe_accounts": ["account", "live", "payee"], "x_stripe_customers": ["customer", "live", "payer"],
        "x_stripe_lying": ["customer", "reference"],
    }  # fmt: skip


def test_a6_a_key_that_is_in_use_is_no_refusal():
    def busy():
        raise stripe.APIError("another request has this key", http_status=409, code="idempotency_key_in_use")

    with pytest.raises(stripe.APIError):  # core takes it for UNKNOWN, looks it up and asks again with the same key
        outcomes.answered(busy)
