"""The double does what Stripe does, and refuses what Stripe refuses."""

import hashlib
import hmac
import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from marketwright_stripe.double.answering import FAULTS
from marketwright_stripe.double.events import API_VERSION
from marketwright_stripe.double.log import Log
from marketwright_stripe.double.routes import ROUTES
from marketwright_stripe.double.shapes import _examples, fresh

sdk = pytest.importorskip("stripe", reason="the extra `stripe` is not installed")


def kinds(effects):
    return [e["kind"] for e in effects]


def test_a_card_pays_a_session(stripe, session, visit):
    made = session()
    assert visit(made.url, choice="pay") == (303, "http://site/paid")
    found = stripe.checkout.sessions.retrieve(made.id)
    assert (found.status, found.payment_status) == ("complete", "paid")


def test_a_declined_card_leaves_the_page_open(stripe, session, referee, visit):
    made = session()
    visit(made.url, choice="decline")
    assert stripe.checkout.sessions.retrieve(made.id).status == "open"
    assert referee("effects") == []


def test_the_bank_asks_and_a_yes_pays(stripe, session, visit):
    made = session()
    _, bank = visit(made.url, choice="confirm")
    assert visit(bank, choice="yes") == (303, "http://site/paid")
    assert stripe.checkout.sessions.retrieve(made.id).payment_status == "paid"


def test_the_bank_asks_and_a_no_pays_nothing(session, referee, visit):
    _, bank = visit(session().url, choice="confirm")
    visit(bank, choice="no")
    assert referee("effects") == []


def test_a_page_that_was_paid_is_not_paid_twice(session, referee, visit):
    made = session()
    visit(made.url, choice="pay")
    visit(made.url, choice="pay")
    assert kinds(referee("effects")) == ["charge"]


def test_a_session_expires_by_the_doubles_clock(stripe, session, referee):
    made = session()
    referee("clock", advance=25 * 3600)
    assert stripe.checkout.sessions.retrieve(made.id).status == "expired"


def test_an_expired_session_cannot_be_paid(session, referee, visit):
    made = session()
    referee("clock", advance=25 * 3600)
    visit(made.url, choice="pay")
    assert referee("effects") == []


def test_a_debit_is_under_way_until_the_bank_settles_it(stripe, session, referee, visit):
    made = session(methods=("sepa_debit",))
    visit(made.url, choice="sepa")
    waits = stripe.checkout.sessions.retrieve(made.id)
    assert (waits.status, waits.payment_status) == ("complete", "unpaid")
    referee("settle_debit", payment_intent=waits.payment_intent)
    assert stripe.checkout.sessions.retrieve(made.id).payment_status == "paid"


def test_a_debit_may_come_back(stripe, session, referee, visit):
    made = session(methods=("sepa_debit",))
    visit(made.url, choice="sepa_fails")
    name = stripe.checkout.sessions.retrieve(made.id).payment_intent
    referee("settle_debit", payment_intent=name, paid=False)
    assert stripe.payment_intents.retrieve(name).status == "requires_payment_method"
    assert "checkout.session.async_payment_failed" in [e.type for e in stripe.events.list({"limit": 100}).data]


@pytest.fixture
def by_transfer(stripe, session, visit):
    customer = stripe.customers.create({"email": "finance@client.example"})
    made = session(customer=customer.id, methods=("customer_balance",))
    visit(made.url, choice="transfer")
    return customer.id, made.id


def test_a_bank_transfer_pays_when_the_money_comes(stripe, by_transfer, referee):
    customer, name = by_transfer
    assert stripe.checkout.sessions.retrieve(name).payment_status == "unpaid"
    referee("money_came", customer=customer, amount=120_000, currency="eur")
    assert stripe.checkout.sessions.retrieve(name).payment_status == "paid"


def test_a_bank_transfer_that_is_short_says_what_is_missing(stripe, by_transfer, referee):
    customer, name = by_transfer
    referee("money_came", customer=customer, amount=100_000, currency="eur")
    intent = stripe.payment_intents.retrieve(stripe.checkout.sessions.retrieve(name).payment_intent)
    assert intent.next_action["display_bank_transfer_instructions"]["amount_remaining"] == 20_000


def test_the_rest_of_a_short_bank_transfer_pays(stripe, by_transfer, referee):
    customer, name = by_transfer
    for amount in (100_000, 20_000):
        referee("money_came", customer=customer, amount=amount, currency="eur")
    assert stripe.checkout.sessions.retrieve(name).payment_status == "paid"


def test_what_is_too_much_stays_with_the_customer(by_transfer, referee):
    customer, _ = by_transfer
    assert referee("money_came", customer=customer, amount=130_000, currency="eur")["ending_balance"] == 10_000


def test_a_customer_has_an_iban_of_their_own(stripe):
    made = [stripe.customers.create({}) for _ in range(2)]
    asked = {"bank_transfer": {"type": "eu_bank_transfer", "eu_bank_transfer": {"country": "FR"}}, "currency": "eur",
             "funding_type": "bank_transfer"}  # fmt: skip
    found = {stripe.customers.funding_instructions.create(c.id, asked).bank_transfer["financial_addresses"][0]["iban"]
             ["iban"] for c in made}  # fmt: skip
    assert len(found) == 2


def test_an_authorised_amount_is_captured_in_part(stripe, referee):
    made = stripe.payment_intents.create({"amount": 5_000, "currency": "eur", "capture_method": "manual",
                                          "payment_method": "pm_card_visa", "confirm": True})  # fmt: skip
    assert made.status == "requires_capture"
    stripe.payment_intents.capture(made.id, {"amount_to_capture": 3_000})
    assert [(e["kind"], e["amount"]) for e in referee("effects")] == [("charge", 3_000)]


def test_a_cancelled_authorisation_captures_nothing(stripe):
    made = stripe.payment_intents.create({"amount": 5_000, "currency": "eur", "capture_method": "manual",
                                          "payment_method": "pm_card_visa", "confirm": True})  # fmt: skip
    stripe.payment_intents.cancel(made.id)
    with pytest.raises(sdk.InvalidRequestError, match="status of canceled"):
        stripe.payment_intents.capture(made.id)


def test_a_declined_card_is_a_402_with_its_reason(stripe):
    with pytest.raises(sdk.CardError) as refused:
        stripe.payment_intents.create({"amount": 5_000, "currency": "eur", "payment_method": "pm_card_chargeDeclined",
                                       "confirm": True})  # fmt: skip
    assert refused.value.code == "card_declined"


def test_a_transfer_takes_from_its_charge(stripe, paid, freelancer):
    made = stripe.transfers.create({"amount": 100_000, "currency": "eur", "destination": freelancer,
                                    "source_transaction": paid.latest_charge})  # fmt: skip
    assert (made.transfer_group, made.source_transaction) == ("hold", paid.latest_charge)


def test_transfers_never_take_more_than_the_charge(stripe, paid, freelancer):
    asked = {"amount": 70_000, "currency": "eur", "destination": freelancer, "source_transaction": paid.latest_charge}
    stripe.transfers.create(asked)
    with pytest.raises(sdk.InvalidRequestError, match="more than what is left"):
        stripe.transfers.create(asked)


def test_a_transfer_without_a_charge_needs_an_available_balance(stripe, freelancer):
    with pytest.raises(sdk.InvalidRequestError) as refused:
        stripe.transfers.create({"amount": 1, "currency": "eur", "destination": freelancer})
    assert refused.value.code == "balance_insufficient"


def test_an_account_that_is_not_ready_takes_no_transfer(stripe, paid):
    account = stripe.accounts.create({"type": "express", "capabilities": {"transfers": {"requested": True}}})
    with pytest.raises(sdk.InvalidRequestError) as refused:
        stripe.transfers.create({"amount": 1, "currency": "eur", "destination": account.id,
                                 "source_transaction": paid.latest_charge})  # fmt: skip
    assert refused.value.code == "insufficient_capabilities_for_transfer"


def test_a_restricted_account_is_paid_nothing(stripe, paid, freelancer, referee):
    stripe.transfers.create({"amount": 50_000, "currency": "eur", "destination": freelancer,
                             "source_transaction": paid.latest_charge})  # fmt: skip
    referee("restrict", account=freelancer)
    with pytest.raises(sdk.InvalidRequestError) as refused:
        stripe.payouts.create({"amount": 50_000, "currency": "eur"}, {"stripe_account": freelancer})
    assert refused.value.code == "payouts_not_allowed"


def test_a_reversal_brings_a_transfer_back_in_part(stripe, paid, freelancer):
    made = stripe.transfers.create({"amount": 100_000, "currency": "eur", "destination": freelancer,
                                    "source_transaction": paid.latest_charge})  # fmt: skip
    stripe.transfers.reversals.create(made.id, {"amount": 40_000})
    assert stripe.transfers.retrieve(made.id).amount_reversed == 40_000


def test_a_reversal_never_exceeds_its_transfer(stripe, paid, freelancer):
    made = stripe.transfers.create({"amount": 100_000, "currency": "eur", "destination": freelancer,
                                    "source_transaction": paid.latest_charge})  # fmt: skip
    with pytest.raises(sdk.InvalidRequestError, match="unreversed"):
        stripe.transfers.reversals.create(made.id, {"amount": 100_001})


def test_a_reversal_needs_money_in_the_account(stripe, paid, freelancer):
    made = stripe.transfers.create({"amount": 100_000, "currency": "eur", "destination": freelancer,
                                    "source_transaction": paid.latest_charge})  # fmt: skip
    stripe.payouts.create({"amount": 100_000, "currency": "eur"}, {"stripe_account": freelancer})
    with pytest.raises(sdk.InvalidRequestError) as refused:
        stripe.transfers.reversals.create(made.id)
    assert refused.value.code == "balance_insufficient"


def test_refunds_never_exceed_the_charge(stripe, session, paid, visit):
    visit(session().url, choice="pay")  # so that the balance allows what the charge does not
    stripe.refunds.create({"payment_intent": paid.id, "amount": 70_000})
    with pytest.raises(sdk.InvalidRequestError, match="greater than unrefunded"):
        stripe.refunds.create({"payment_intent": paid.id, "amount": 70_000})


def test_a_charge_in_dispute_is_not_refunded(stripe, paid, referee):
    referee("open_dispute", charge=paid.latest_charge)
    with pytest.raises(sdk.InvalidRequestError) as refused:
        stripe.refunds.create({"payment_intent": paid.id, "amount": 1})
    assert refused.value.code == "charge_disputed"


def balance(stripe):
    return sum(part.amount for part in stripe.balance.retrieve().available)


def test_a_lost_dispute_takes_the_amount_and_a_fee(stripe, paid, referee):
    before = balance(stripe)
    found = referee("open_dispute", charge=paid.latest_charge)
    referee("close_dispute", dispute=found["id"], won=False)
    assert balance(stripe) == before - 120_000 - 2_000


def test_a_won_dispute_brings_the_amount_back_and_keeps_the_fee(stripe, paid, referee):
    before = balance(stripe)
    found = referee("open_dispute", charge=paid.latest_charge)
    referee("close_dispute", dispute=found["id"], won=True)
    assert balance(stripe) == before - 2_000


def test_the_sum_of_balance_transactions_is_the_balance(stripe, paid, freelancer):
    stripe.transfers.create({"amount": 10_000, "currency": "eur", "destination": freelancer,
                             "source_transaction": paid.latest_charge})  # fmt: skip
    stripe.refunds.create({"payment_intent": paid.id, "amount": 20_000})
    assert sum(t.net for t in stripe.balance_transactions.list({"limit": 100}).data) == balance(stripe)


def test_money_that_has_not_settled_is_pending(stripe, session, referee, visit):
    referee("settles_after", value=86_400)
    visit(session().url, choice="pay")
    assert balance(stripe) == 0
    referee("clock", advance=86_401)
    assert balance(stripe) > 0


def test_a_payout_that_the_bank_sends_back_returns_to_the_balance(stripe, paid, freelancer, referee):
    stripe.transfers.create({"amount": 10_000, "currency": "eur", "destination": freelancer,
                             "source_transaction": paid.latest_charge})  # fmt: skip
    made = stripe.payouts.create({"amount": 10_000, "currency": "eur"}, {"stripe_account": freelancer})
    referee("end_payout", payout=made.id, paid=False)
    found = stripe.balance.retrieve(options={"stripe_account": freelancer})
    assert found.available[0].amount == 10_000


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
