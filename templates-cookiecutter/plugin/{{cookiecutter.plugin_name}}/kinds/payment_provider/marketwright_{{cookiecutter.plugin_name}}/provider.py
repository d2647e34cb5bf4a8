"""What core asks, as {{ cookiecutter.__class }}'s orders."""

from datetime import datetime
from urllib.parse import quote, urlencode

from marketwright.plugin import Answer, Capabilities, Fact, Money, Outcome, PaymentProvider

HOST = "api.{{ cookiecutter.plugin_name.replace('_', '-') }}.example"
CURRENCIES = ("EUR", "GBP", "JPY", "KWD")
STATES = {"open": Outcome.PAGE, "pending": Outcome.WAITING, "done": Outcome.CONFIRMED, "refused": Outcome.FAILED}


class {{ cookiecutter.__class }}(PaymentProvider):
    """One order a command; the command's key is the order's."""

    name, label = "{{ cookiecutter.plugin_name }}", "{{ cookiecutter.__class }}"

    @property
    def capabilities(self):
        return Capabilities(
            holds=True, max_hold_days=90, partial_release=True, refund_after_payout=False, currencies=CURRENCIES,
            holder="{{ cookiecutter.__class }} Ltd", origins=("https://pay.{{ cookiecutter.plugin_name.replace('_', '-') }}.example",),
        )

    def execute(self, command):
        if command.amount.currency not in CURRENCIES:
            return Answer(Outcome.FAILED, reason=f"{{ cookiecutter.__class }} does not take {command.amount.currency}.")
        found = self.call("POST", "/orders", {
            "key": command.key, "kind": str(command.kind), "of": command.of, "amount": command.amount.amount,
            "currency": command.amount.currency, "fee": command.fee, "refund": command.refund,
            "payer": command.payer, "payee": command.payee, "text": command.describe, "return_to": command.return_to,
        })
        return self.answer(found.json()) if found.ok else Answer(Outcome.UNKNOWN)

    def lookup(self, command):
        found = self.call("GET", f"/orders/{quote(command.key, safe='')}")
        if found.status == 404 and found.json() == {"error": "no such order"}:
            return Answer(Outcome.FAILED, reason="{{ cookiecutter.__class }} has never seen this order.", absent=True)
        return self.answer(found.json()) if found.ok else Answer(Outcome.UNKNOWN)

    def read(self, message):
        said = message.json()
        if not isinstance(said, dict) or said.get("type") != "order.settled":
            return []
        return [self.fact(said["order"])]

    def objects(self, since, until):
        found = self.call("GET", "/orders?" + urlencode({"since": since.isoformat(), "until": until.isoformat()}))
        return [self.fact(order) for order in found.json()["orders"]]

    def balance(self, currency):
        return Money(self.call("GET", f"/balance/{currency}").json()["amount"], currency)

    def call(self, method, path, body=None):
        key = {"authorization": f"Bearer {self.desk.secrets['{{ cookiecutter.plugin_name|upper }}_KEY']}", "account": self.settings["account"]}
        return self.desk.http.request(method, f"https://{HOST}{path}", json=body, headers=key)

    def answer(self, order):
        return Answer(
            STATES[order["state"]], order["id"], order["reason"], page=order["page"], amount=order["amount"],
            fee=order["cost"],
        )

    def fact(self, order):
        at = datetime.fromisoformat(order["settled"])
        return Fact(f"{order['id']}.{order['state']}", order["key"], self.answer(order), at)
