"""A provider that cannot do what a deal needs stops the start, with its name and the fix."""

from dataclasses import replace

import pytest

from marketwright.features.contracts.bundled import BUNDLED
from marketwright.features.payments.startup import check_providers
from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.errors import BadSetting
from marketwright.settings.marketplace import Stage
from marketwright.strategies.payments import Capabilities

HOLDING = [p for p in BUNDLED if p.holds]
GOOD = Capabilities(holds=True, max_hold_days=90, partial_release=True, refund_after_payout=False,
                    currencies=("EUR",), holder="Bank")  # fmt: skip


class Provider:
    refuses = {"KWD": "The bank knows no dinar. Take another currency."}

    def __init__(self, capabilities):
        self.capabilities = capabilities


def check(marketplace, processes=HOLDING, provider="bank", **changes):
    plugins = Plugins(payment_providers={"bank": Entry("bank", Provider(replace(GOOD, **changes)))})
    chosen = replace(marketplace, deal=replace(marketplace.deal, provider=provider))
    return check_providers(chosen, plugins, processes)


def test_a_provider_that_can_do_everything_is_accepted(marketplace):
    assert check(marketplace) == ()


def test_without_a_provider_the_marketplace_says_which_deals_wait_for_one(marketplace):
    assert "needs a payment provider" in check(marketplace, provider="")[0]


def test_a_platform_that_would_hold_client_money_is_refused(marketplace):
    with pytest.raises(BadSetting, match="let the platform hold client money"):
        check(marketplace, platform_holds=True)


def test_a_platform_that_is_paid_itself_may_be_enabled_and_not_for_a_process_that_holds(marketplace):
    assert check(marketplace, [p for p in BUNDLED if not p.holds], holds=False, platform_holds=True) == ()
    with pytest.raises(BadSetting, match="holds the funds of this provider is the platform itself"):
        check(marketplace, holds=False, platform_holds=True)


def test_a_provider_that_holds_says_who_does(marketplace):
    with pytest.raises(BadSetting, match="not who does"):
        check(marketplace, holder=" ")


def test_a_test_provider_is_refused_on_a_live_stage(marketplace):
    with pytest.raises(BadSetting, match="for tests and demonstrations only"):
        check(replace(marketplace, stage=Stage.LIVE), test_only=True)


def test_another_currency_is_refused(marketplace):
    with pytest.raises(BadSetting, match="cannot move EUR"):
        check(marketplace, currencies=("USD",))


def test_a_currency_that_it_never_moves_is_refused_in_its_own_words(marketplace):
    with pytest.raises(BadSetting, match="knows no dinar"):
        check(replace(marketplace, currency="KWD"), currencies=("KWD",))


def test_a_process_with_holds_needs_a_provider_that_holds(marketplace):
    with pytest.raises(BadSetting, match="cannot hold money"):
        check(marketplace, holds=False)


def test_a_process_without_holds_does_not(marketplace):
    assert check(marketplace, [p for p in BUNDLED if not p.holds], holds=False) == ()


def test_a_provider_that_is_not_enabled_is_named_with_those_that_are(marketplace):
    with pytest.raises(BadSetting, match=r"'other'.*There are: bank"):
        check(marketplace, provider="other")


def has_payment_page(app):
    return any(rule.rule == "/x/sandbox/pay/<token>" for rule in app.url_map.iter_rules())


@pytest.mark.plugins("sandbox")
def test_with_the_sandbox_there_is_a_payment_page(app):
    assert has_payment_page(app)


def test_without_the_sandbox_nobody_can_pay_and_the_marketplace_says_so(app, house):
    assert not has_payment_page(app)
    assert any("needs a payment provider" in sentence for sentence in house.missing)
