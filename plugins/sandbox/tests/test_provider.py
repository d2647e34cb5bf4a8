"""The sandbox as core knows it."""

from datetime import UTC, datetime, timedelta

import pytest

from marketwright.hooks.desk import NoActions
from marketwright.kernel.time import SystemClock
from marketwright.plugin import Command, CommandKind, Desk, Message, Money, Outcome
from marketwright_sandbox import register_blueprints
from marketwright_sandbox.provider import Sandbox
from marketwright_sandbox.settings import SandboxSettings


def desk(tmp_path, stage="demo"):
    return Desk("sandbox", {}, SystemClock(), tmp_path / stage, {}, (), "http://site", stage, "EUR", NoActions())


@pytest.fixture
def provider(tmp_path):
    return Sandbox(SandboxSettings().load({}), desk(tmp_path))


FUND = Command("k1", CommandKind.FUND, "h1", Money(500, "EUR"), payer="c1", return_to="/back")


def test_it_is_refused_on_a_live_stage(tmp_path):
    with pytest.raises(RuntimeError, match="never runs on a live stage"):
        Sandbox(SandboxSettings().load({}), desk(tmp_path, "live"))


def test_its_capabilities_do_not_lie(provider):
    can = provider.capabilities
    assert (can.holds, can.platform_holds, can.test_only, can.max_hold_days) == (True, False, True, 90)


def test_a_payment_leads_to_its_page_under_the_marketplace(provider):
    assert provider.execute(FUND).page.startswith("http://site/x/sandbox/pay/")


def test_with_an_origin_of_its_own_the_page_is_there_and_not_here(tmp_path):
    settings = SandboxSettings().load({"origin": "http://127.0.0.1:8010"})
    provider = Sandbox(settings, desk(tmp_path))
    assert provider.execute(FUND).page.startswith("http://127.0.0.1:8010/pay/")
    assert provider.capabilities.origins == ("http://127.0.0.1:8010",)
    assert register_blueprints(settings, desk(tmp_path)) == []


def test_a_look_up_of_what_never_came_proves_that(provider):
    answer = provider.lookup(FUND)
    assert (answer.outcome, answer.absent) == (Outcome.FAILED, True)


def paid(provider):
    provider.execute(FUND)
    provider.books.choose(provider.books.lookup("k1").token, "pay")
    return provider


def test_a_confirmed_payment_names_its_amount(provider):
    assert paid(provider).lookup(FUND).amount == 500


def test_a_window_lists_what_was_settled_in_it(provider):
    now = datetime.now(UTC)
    paid(provider)
    day = timedelta(days=1)
    assert [f.key for f in provider.objects(now - day, now + day)] == ["k1"]
    assert provider.objects(now + day, now + 2 * day) == []


def test_its_balance_is_what_came_in(provider):
    assert paid(provider).balance("EUR") == Money(500, "EUR")


def test_a_message_is_a_fact(provider):
    (_, body), = paid(provider).books.undelivered()
    fact, = provider.read(Message(body))
    assert (fact.id, fact.key, fact.answer.outcome, fact.answer.amount) == (
        "k1.confirmed", "k1", Outcome.CONFIRMED, 500,
    )  # fmt: skip


def test_its_secret_is_kept_for_its_owner_alone(provider, tmp_path):
    assert (tmp_path / "demo" / "secret").stat().st_mode & 0o077 == 0


def test_a_bad_origin_is_refused_at_the_start():
    from marshmallow import ValidationError

    with pytest.raises(ValidationError, match="An origin"):
        SandboxSettings().load({"origin": "127.0.0.1/pay"})
