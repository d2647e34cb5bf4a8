"""One deal from the client's page to the freelancer's bank: a real house, and the double as a process of its own."""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from threading import Thread
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from marketwright.app import build_house, create_app
from marketwright.features.desk.life import upgrade_tables
from marketwright.features.ledger import kinds
from marketwright.features.ledger.queries import raw_balance
from marketwright.features.ledger.verify import verify as verify_ledger
from marketwright.features.payments import payees, queries
from marketwright.features.payments.reconciling import reconcile
from marketwright.features.payments.running import run
from marketwright.features.payments.tables import PaymentDispute
from marketwright.features.payments.verify import verify as verify_payments
from marketwright.plugin import Outcome
from marketwright.testing.agreed import Stage
from marketwright.testing.live import free_port

pytest.importorskip("stripe", reason="the extra `stripe` is not installed")
KEY, SECRETS = "sk_test_house", "whsec_new,whsec_old"


class Referee:
    """The double's process, and what people and banks do there."""

    def __init__(self, port):
        self.port = port

    def ask(self, method, path, body=""):
        line = HTTPConnection("127.0.0.1", self.port, timeout=10)
        line.request(method, path, body)
        answer = line.getresponse()
        found = answer.read()
        line.close()
        return answer.status, answer.getheader("Location") or "", found

    def effects(self):
        return [(e["kind"], e["amount"]) for e in json.loads(self.ask("GET", "/_double/effects")[2])]

    def deed(self, name, **given):
        status, _, found = self.ask("POST", f"/_double/{name}", json.dumps(given))
        assert status == 200, found
        return json.loads(found)

    def visits(self, url, choice):
        return self.ask("POST", urlsplit(url).path, urlencode({"choice": choice}))[1]


@pytest.fixture(scope="module")
def port():
    return free_port()


@pytest.fixture(scope="module")
def referee(port, tmp_path_factory):
    other = free_port()
    program = [sys.executable, "-m", "marketwright_stripe.double", "--port", str(other), "--key", KEY,
               "--secret", SECRETS, "--log", str(tmp_path_factory.mktemp("double") / "log.sqlite"),
               "--webhook", f"http://127.0.0.1:{port}/in/stripe"]  # fmt: skip
    process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"})
    assert "answers at" in process.stdout.readline()
    yield Referee(other)
    process.terminate()
    process.wait(timeout=10)
    process.stdout.close()


@pytest.fixture
def stage(marketplace, referee, port, monkeypatch):
    monkeypatch.setenv("MARKETWRIGHT_STRIPE_KEY", KEY)
    monkeypatch.setenv("MARKETWRIGHT_STRIPE_WEBHOOK_SECRET", "whsec_old")
    made = replace(
        marketplace, plugins=("standard_contracts", "stripe"), deal=replace(marketplace.deal, provider="stripe"),
        base_url=f"http://127.0.0.1:{port}",
        plugin_settings={"stripe": {"api_base": f"http://127.0.0.1:{referee.port}"}},
    )  # fmt: skip
    house = build_house(made)
    assert [o.error for o in upgrade_tables(house)] == [""]
    server = make_server("127.0.0.1", port, create_app(made, house), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    made = Stage(house).meet()
    made.before = house.plugins.payment_providers["stripe"].it.balance("EUR").amount
    yield made
    server.shutdown()
    thread.join()
    server.server_close()
    house.database.dispose()


@pytest.fixture
def provider(stage):
    return stage.house.plugins.payment_providers["stripe"].it


@pytest.fixture
def onboarded(stage, referee):
    page = payees.ask(stage.house, "stripe", stage.freelancer, return_to="http://127.0.0.1/back", country="FR")
    referee.visits(page, "done")
    until(stage, lambda: ready(stage), "message of the account")
    return stage


def ready(stage):
    with stage.house.database.reading() as session:
        return payees.is_ready(session, "stripe", stage.freelancer)


def until(stage, done, what):
    """Have the worker work until ``done``: messages come over the wire, when they come."""
    end = time.monotonic() + 20
    while not done():
        stage.house.worker.drain()
        assert time.monotonic() < end, f"no {what}"


def hold(stage):
    with stage.house.database.reading() as session:
        return queries.hold(session, stage.milestones[0])


def clean(stage):
    with stage.house.database.reading() as session:
        return [f for f in (*verify_ledger(session), *verify_payments(session)) if f.grave]


def test_from_the_page_to_the_bank(onboarded, referee, provider):
    stage = onboarded
    stage.signed(100_000)
    command = stage.take("fund", stage.client).command
    page = run(stage.house, command)
    assert page.outcome is Outcome.PAGE
    assert referee.visits(page.page, "pay").endswith(f"/payments/return/{command}")
    until(stage, lambda: stage.milestone().state == "work", "message of the payment")  # by the message alone
    assert hold(stage).funded.amount == 123_600

    stage.deliver()
    stage.take("approve", stage.client)
    until(stage, lambda: hold(stage).paid_out == hold(stage).freelancer_receives, "payout")
    assert stage.milestone().state == "released"
    receives = hold(stage).freelancer_receives.amount
    assert referee.effects() == [("charge", 123_600), ("transfer", receives), ("payout", receives)]
    assert clean(stage) == []
    left = 123_600 - receives - 1_879  # 1.5 % and 25 cents are Stripe's
    assert (provider.balance("EUR").amount, clearing(stage)) == (left, left)  # E14


def test_a_dispute_that_is_won_lets_the_deal_go_on(onboarded, referee, provider):
    stage = onboarded
    stage.signed(100_000)
    referee.visits(run(stage.house, stage.take("fund", stage.client).command).page, "pay")
    until(stage, lambda: stage.milestone().state == "work", "message of the payment")
    charge = json.loads(referee.ask("GET", "/_double/effects")[2])[-1]["object"]
    dispute = referee.deed("open_dispute", charge=charge)["id"]
    until(stage, lambda: disputes(stage) == ["OPEN"], "message of the dispute")
    assert provider.balance("EUR").amount == clearing(stage) + before(stage)
    referee.deed("close_dispute", dispute=dispute, won=True)
    until(stage, lambda: disputes(stage) == ["WON"], "message of its end")
    stage.deliver()
    stage.take("approve", stage.client)
    until(stage, lambda: stage.milestone().state == "released", "release")
    assert clean(stage) == []


def test_an_inquiry_that_ended_before_what_stripe_remembers_holds_no_deal_for_good(onboarded, referee):
    stage = onboarded
    stage.signed(100_000)
    referee.visits(run(stage.house, stage.take("fund", stage.client).command).page, "pay")
    until(stage, lambda: stage.milestone().state == "work", "message of the payment")
    charge = json.loads(referee.ask("GET", "/_double/effects")[2])[-1]["object"]
    dispute = referee.deed("open_dispute", charge=charge, asks=True)["id"]
    until(stage, lambda: disputes(stage) == ["OPEN"], "message of the inquiry")
    referee.deed("webhooks", drop=1)
    referee.deed("close_dispute", dispute=dispute, won=True)
    referee.deed("webhooks", drop=0)
    began = datetime.now(UTC)
    referee.deed("clock", advance=31 * 86_400)
    try:
        report = reconcile(stage.house, "stripe", began - timedelta(hours=1), began + timedelta(days=31, hours=1))
    finally:
        referee.deed("clock", advance=-31 * 86_400)
    assert (report.trouble, report.settled) == ("", 1)
    assert (disputes(stage), hold(stage).disputes) == (["WON"], 0)
    assert clean(stage) == []


def before(stage):
    """What the double held before this test: its log outlives the house."""
    return stage.before


def disputes(stage):
    with stage.house.database.reading() as session:
        return list(session.scalars(select(PaymentDispute.state)))


def clearing(stage):
    with stage.house.database.reading() as session:
        return raw_balance(session, kinds.PSP_CLEARING, "EUR")
