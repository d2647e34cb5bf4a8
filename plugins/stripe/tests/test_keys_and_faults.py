"""What the double does with keys, parameters, faults, messages and its log."""

import hashlib
import hmac
import json
import os
import re
import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

import marketwright_stripe
from marketwright.testing import PluginConformance
from marketwright_stripe.double.answering import FAULTS
from marketwright_stripe.double.events import API_VERSION
from marketwright_stripe.double.log import Log
from marketwright_stripe.double.routes import ROUTES
from marketwright_stripe.double.shapes import _examples, fresh

sdk = pytest.importorskip("stripe", reason="the extra `stripe` is not installed")


class TestStripe(PluginConformance):
    plugin = marketwright_stripe


def kinds(effects):
    return [e["kind"] for e in effects]


# -- keys --------------------------------------------------------------------------------------------------------------


def test_the_same_key_and_body_is_one_effect(session, referee, stripe, paid):
    asked = {"payment_intent": paid.id, "amount": 1_000}
    made = {stripe.refunds.create(asked, {"idempotency_key": "one"}).id for _ in range(3)}
    assert len(made) == 1
    assert kinds(referee("effects")) == ["charge", "refund"]


def test_the_same_key_with_another_body_is_refused(stripe, paid):
    stripe.refunds.create({"payment_intent": paid.id, "amount": 1_000}, {"idempotency_key": "one"})
    with pytest.raises(sdk.IdempotencyError):
        stripe.refunds.create({"payment_intent": paid.id, "amount": 2_000}, {"idempotency_key": "one"})


def test_a_key_is_forgotten_after_a_day(stripe, paid, referee):
    asked = {"payment_intent": paid.id, "amount": 1_000}
    stripe.refunds.create(asked, {"idempotency_key": "one"})
    referee("clock", advance=24 * 3600 + 1)
    stripe.refunds.create(asked, {"idempotency_key": "one"})
    assert kinds(referee("effects")) == ["charge", "refund", "refund"]


def test_a_refusal_is_replayed_under_its_key(stripe, freelancer, session, visit):
    asked = {"amount": 1_000, "currency": "eur", "destination": freelancer}
    with pytest.raises(sdk.InvalidRequestError):
        stripe.transfers.create(asked, {"idempotency_key": "one"})
    visit(session().url, choice="pay")
    with pytest.raises(sdk.InvalidRequestError):
        stripe.transfers.create(asked, {"idempotency_key": "one"})


def test_a_bad_parameter_does_not_use_its_key_up(stripe, paid):
    with pytest.raises(sdk.InvalidRequestError):
        stripe.refunds.create({"payment_intent": paid.id, "amout": 1}, {"idempotency_key": "one"})
    assert stripe.refunds.create({"payment_intent": paid.id, "amount": 1}, {"idempotency_key": "one"}).amount == 1


# -- parameters --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"amount": 1, "currency": "eur", "destination": "acct_x", "nonsense": 1}, "parameter_unknown"),
        ({"amount": 1, "currency": "eur"}, "parameter_missing"),
        ({"amount": "1,50", "currency": "eur", "destination": "acct_x"}, "parameter_invalid_integer"),
        ({"amount": 1, "currency": "eur", "destination": "acct_x", "source_type": "gold"}, None),
        ({"amount": 0, "currency": "eur", "destination": "acct_x"}, "parameter_invalid_integer"),
    ],
)
def test_parameters_are_checked_by_the_types_of_the_sdk(stripe, wrong, code):
    with pytest.raises(sdk.InvalidRequestError) as refused:
        stripe.transfers.create(wrong)
    assert refused.value.code == code


def test_every_route_has_a_type_in_the_sdk():
    from marketwright_stripe.double.params import shape

    assert all(shape(r.module, r.params)[0] is not None for r in ROUTES)


def test_the_double_speaks_the_version_that_the_sdk_pins():
    assert sdk.api_version == API_VERSION


def test_a_wrong_key_is_refused(double):
    client = sdk.StripeClient("sk_test_other", base_addresses={"api": double.base}, max_network_retries=0)
    with pytest.raises(sdk.AuthenticationError):
        client.v1.balance.retrieve()


def test_objects_have_the_fields_of_the_published_examples():
    assert all(set(fresh(kind)) == set(example) for kind, example in _examples().items())


def test_a_field_that_stripe_does_not_have_cannot_be_made_up():
    with pytest.raises(KeyError, match="colour"):
        fresh("refund", colour="red")


def test_a_list_goes_on_where_the_page_before_ended(stripe):
    made = [stripe.customers.create({}).id for _ in range(5)]
    first = stripe.customers.list({"limit": 2})
    then = stripe.customers.list({"limit": 10, "starting_after": first.data[-1].id})
    assert [c.id for c in (*first.data, *then.data)] == made[::-1]


# -- faults ------------------------------------------------------------------------------------------------------------

DID = ("timeout_after", "reset_after", "500_after", "bad_json", "truncated")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_acts_or_does_not_as_its_name_says(stripe, paid, referee, fault):
    referee("faults", fault=fault, call="POST /v1/refunds")
    with pytest.raises(sdk.StripeError):
        stripe.refunds.create({"payment_intent": paid.id, "amount": 1_000}, {"idempotency_key": "one"})
    assert ("refund" in kinds(referee("effects"))) == (fault in DID)


def test_a_500_is_replayed_and_only_a_lookup_tells(stripe, paid, referee):
    referee("faults", fault="500_after", call="POST /v1/refunds")
    for _ in range(2):
        with pytest.raises(sdk.APIError):
            stripe.refunds.create({"payment_intent": paid.id, "amount": 1_000}, {"idempotency_key": "one"})
    assert len(stripe.refunds.list({"payment_intent": paid.id}).data) == 1


def test_an_unknown_fault_is_named(referee):
    assert "no fault" in referee("faults", fault="meteor")["error"]


# -- messages ----------------------------------------------------------------------------------------------------------


class Listener(BaseHTTPRequestHandler):
    heard: list = []
    status = 200

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append((self.headers["Stripe-Signature"], body))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def heard(referee):
    Listener.heard = []
    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    referee("endpoint", url=f"http://127.0.0.1:{server.server_address[1]}/in/stripe", secret="whsec_one,whsec_two")
    yield Listener.heard
    server.shutdown()
    server.server_close()
    thread.join()


def types_of(heard):
    return [json.loads(body)["type"] for _, body in heard]


def test_a_message_is_signed_with_every_active_secret(session, heard, referee, visit):
    visit(session().url, choice="pay")
    referee("deliver")
    header, body = heard[0]
    at, *signatures = (part.partition("=")[2] for part in header.split(","))
    wanted = [hmac.new(s, f"{at}.".encode() + body, hashlib.sha256).hexdigest() for s in (b"whsec_one", b"whsec_two")]
    assert signatures == wanted


def test_the_sdk_accepts_the_signature(session, heard, referee, visit):
    visit(session().url, choice="pay")
    referee("deliver")
    header, body = heard[0]
    assert sdk.Webhook.construct_event(body, header, "whsec_two").type == types_of(heard)[0]


def test_messages_may_be_dropped(session, heard, referee, visit):
    referee("webhooks", drop=1.0)
    visit(session().url, choice="pay")
    referee("deliver")
    assert heard == []


def test_messages_may_come_twice(session, heard, referee, visit):
    referee("webhooks", duplicate=1.0)
    visit(session().url, choice="pay")
    referee("deliver")
    assert sorted(types_of(heard)) == sorted(2 * list(dict.fromkeys(types_of(heard))))


def test_a_message_about_a_connected_account_names_it(freelancer, heard, referee):
    referee("restrict", account=freelancer)
    referee("deliver")
    assert [json.loads(body)["account"] for _, body in heard] == [freelancer]


# -- the log -----------------------------------------------------------------------------------------------------------


def test_the_log_survives_its_process(tmp_path):
    first = Log(tmp_path / "log.sqlite")
    first.put(fresh("customer", id="cus_1", created=1))
    first.db.close()
    second = Log(tmp_path / "log.sqlite")
    assert second.get("cus_1", "customer") is not None
    second.db.close()


def test_effects_are_append_only(log):
    log.effect("charge", {"id": "ch_1", "currency": "eur", "metadata": {}}, 1)
    with pytest.raises(Exception, match="append only"):
        log.db.execute("DELETE FROM effects")


def test_the_examples_carry_their_licence():
    folder = Path(__file__).parent.parent / "marketwright_stripe" / "double"
    assert "MIT" in (folder / "shapes.LICENSE.txt").read_text()


def test_a_killed_double_knows_what_it_answered(tmp_path):
    command = [sys.executable, "-m", "marketwright_stripe.double", "--port", "0", "--log", str(tmp_path / "log.sqlite")]

    def started():
        running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        return running, re.search(r"http://\S+(?=,)", running.stdout.readline()).group(0)

    def ask(base):
        return sdk.StripeClient("sk_test_double", base_addresses={"api": base}, max_network_retries=0).v1

    first, base = started()
    made = ask(base).customers.create({"email": "a@client.example"}, {"idempotency_key": "one"})
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    first.stdout.close()
    second, base = started()
    again = ask(base).customers.create({"email": "a@client.example"}, {"idempotency_key": "one"})
    second.terminate()
    second.wait()
    second.stdout.close()
    assert again.id == made.id
