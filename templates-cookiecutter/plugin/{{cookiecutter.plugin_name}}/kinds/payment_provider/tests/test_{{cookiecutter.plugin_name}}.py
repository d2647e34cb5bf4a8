import json
from urllib.parse import parse_qs, urlsplit

import marketwright_{{ cookiecutter.plugin_name }}

from marketwright.plugin import HttpAnswer
from marketwright.testing import Effect, FarSide, PaymentProviderConformance, PluginConformance

MOVES = {"fund": [("charge", "amount")], "release": [("transfer", "amount"), ("fee", "fee")],
         "refund": [("refund", "amount")], "payout": [("payout", "amount")],
         "split": [("transfer", "amount"), ("fee", "fee"), ("refund", "refund")]}
OUT = ("transfer", "fee", "refund")


class Service(FarSide):
    """The service: orders by key, what each moved, messages."""

    def __init__(self, folder, clock):
        super().__init__(folder, clock)
        self.orders, self.done, self.sent = {}, [], []
        self.http = self.serve

    def serve(self, request, address):
        url = urlsplit(request.url)
        if request.method == "POST":
            return self.order(json.loads(request.body))
        if url.path.startswith("/balance/"):
            currency = url.path.rpartition("/")[2]
            return answer({"amount": sum(self.weight(e) for e in self.done if e.currency == currency)})
        if url.path == "/orders":
            window = {name: values[0] for name, values in parse_qs(url.query).items()}
            settled = [o for o in self.orders.values() if window["since"] <= o["settled"] < window["until"]]
            return answer({"orders": settled})
        order = self.orders.get(url.path.rpartition("/")[2])
        return answer(order) if order else answer({"error": "no such order"}, 404)

    def order(self, asked):
        known = self.orders.get(asked["key"])
        if known is not None:
            same = all(known[name] == value for name, value in asked.items())
            return answer(known) if same else answer({"error": "key used"}, 409)
        order = {**asked, "id": f"ord-{len(self.orders)}", "state": "open", "reason": "", "settled": "", "cost": 0,
                 "page": ""}
        self.orders[asked["key"]] = order
        if asked["kind"] == "fund":
            order["page"] = f"https://pay.{{ cookiecutter.plugin_name.replace('_', '-') }}.example/{order['id']}"
        else:
            self.settle(order, "" if self.covered(order) else "There is not that much left.")
        return answer(order)

    def covered(self, order):
        if order["kind"] == "payout":
            kept = {"transfer": 1, "payout": -1}
            theirs = [e for e in self.done if self.alike(e, order, "payee")]
            return order["amount"] <= sum(kept.get(e.kind, 0) * e.amount for e in theirs)
        keys = {key for key, o in self.orders.items() if o["of"] == order["of"]}
        came = sum(e.amount for e in self.done if e.key == order["of"] and e.kind == "charge"
                   and e.currency == order["currency"])
        left = came - sum(e.amount for e in self.done if e.key in keys and e.kind in OUT)
        return order["amount"] + order["fee"] + order["refund"] <= left

    def alike(self, effect, order, what):
        return self.orders[effect.key][what] == order[what] and effect.currency == order["currency"]

    def settle(self, order, refused=""):
        state = "refused" if refused else "done"
        order.update(state=state, reason=refused, page="", settled=self.clock.business().isoformat())
        if not refused:
            order["cost"] = order["amount"] // 100 if order["kind"] == "fund" else 0
            moves = [*MOVES[order["kind"]], ("cost", "cost")]
            self.done += [Effect(k, order["key"], order[n], order["currency"]) for k, n in moves if order[n]]
        said = {"id": f"evt-{order['id']}", "type": "order.settled", "order": dict(order)}
        self.sent.append(json.dumps(said).encode())

    def weight(self, effect):
        return {"charge": 1, "refund": -1, "payout": -1, "cost": -1}.get(effect.kind, 0) * effect.amount

    def pay(self, command, answer):
        if self.orders[command.key]["state"] == "open":
            self.settle(self.orders[command.key])

    def decline(self, command, answer):
        self.settle(self.orders[command.key], "The card was declined.")

    def effects(self):
        return self.done

    def told(self):
        return self.sent


def answer(body, status=200):
    return HttpAnswer(status, {}, json.dumps(body).encode())


class TestPlugin(PluginConformance):
    plugin = marketwright_{{ cookiecutter.plugin_name }}


class TestProvider(PaymentProviderConformance):
    plugin = marketwright_{{ cookiecutter.plugin_name }}
    far_side = Service
