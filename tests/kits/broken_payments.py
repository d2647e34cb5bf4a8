"""Payment providers, each broken on purpose in one way, and one that is not: the one of the tutorial."""

import json
import logging
import re
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

from marketwright.plugin import Answer, CommandKind, Fact, FactKind, Money, Need, Outcome, Requirement
from marketwright.testing import Effect, PaymentProviderConformance

PAGE = Path(__file__).parents[2] / "docs" / "tutorials" / "payment-provider.md"


def tutorial():
    """The provider and the far side as the tutorial writes them."""
    found = dict(re.findall(r"```python\n# (\S+\.py)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL))
    package = sys.modules.setdefault("marketwright_halden", ModuleType("marketwright_halden"))
    package.__path__ = []
    for name, path in (("marketwright_halden.provider", "marketwright_halden/provider.py"),
                       ("marketwright_halden", "marketwright_halden/__init__.py"),
                       ("halden_tests", "tests/test_halden.py")):  # fmt: skip
        module = sys.modules.setdefault(name, ModuleType(name))
        exec(compile(found[path], path, "exec"), module.__dict__)
    return sys.modules["marketwright_halden"], sys.modules["marketwright_halden.provider"], sys.modules["halden_tests"]


halden, _provider, _tests = tutorial()
CONFIRMED, FAILED, UNKNOWN, PAYING = Outcome.CONFIRMED, Outcome.FAILED, Outcome.UNKNOWN, Outcome.PAGE


class Halden(_provider.Halden):
    """Halden Pay with other flags where ``flags`` says so, and other orders where ``alter`` does."""

    flags = {}

    @property
    def capabilities(self):
        return replace(super().capabilities, **self.flags)


class HaldenPay(_tests.HaldenPay):
    """The service."""


class Kit(PaymentProviderConformance):
    strategy = Halden
    far_side = HaldenPay
    of = halden.manifest

    @classmethod
    def manifest(cls):
        return cls.of

    @classmethod
    def checked(cls):
        return {"account": ""}


class TestFair(Kit):
    pass


def case(name, test, provider=None, far=None, **changes):
    """One broken provider (or service, or manifest) as a class of tests that names what catches it."""
    strategy = type(name, (Halden,), {"__doc__": "Broken.", **(provider or {})})
    behind = type(f"{name}Service", (HaldenPay,), far or {})
    body = {"strategy": strategy, "far_side": behind, "caught_by": test}
    if changes:
        body["of"] = replace(halden.manifest, **changes)
    globals()[f"Test{name}"] = type(f"Test{name}", (Kit,), body)


def flags(**given):
    return {"flags": given}


def altered(method, how):
    """``method`` of the provider with its answer changed by ``how(self, answer, command)``."""

    def call(self, command):
        return how(self, getattr(_provider.Halden, method)(self, command), command)

    return {method: call}


def confirmed(answer):
    return answer.outcome is CONFIRMED


# what it says of itself
case("NoName", "test_it_says_what_it_is_called", {"name": "Halden Pay"})
case("Undescribed", "test_its_first_line_says_what_it_does", {"__doc__": None})
case("NobodyHolds", "test_it_says_who_holds_the_money", flags(holder=" "))
case("OwnCoins", "test_its_currencies_are_known", flags(currencies=("EUR", "DOGE")))
case("HoldsForNoDay", "test_holding_and_its_days_go_together", flags(max_hold_days=0))
case("OriginWithAPath", "test_its_origins_are_origins", flags(origins=("https://pay.halden.example/cards",)))
case("PracticeGoesLive", "test_practice_never_runs_on_a_live_stage", flags(test_only=True))
case("UndeclaredHosts", "test_its_hosts_are_played", hosts=())

# money coming in
case("FundsAtOnce", "test_a_payment_leads_to_a_page_or_is_settled",
     altered("execute", lambda _s, a, _c: replace(a, page="https://pay.halden.example/x", outcome=Outcome.WAITING)
             if a.outcome is PAYING else a))  # fmt: skip
case("PageElsewhere", "test_the_page_lies_where_the_flags_say", flags(origins=()))
case("ChargesUnasked", "test_asking_for_a_payment_moves_nothing", far={
    "order": lambda self, asked: (self.done.append(Effect("charge", asked["key"], asked["amount"], asked["currency"])),
                                  _tests.HaldenPay.order(self, asked))[1]})  # fmt: skip


def _twice(self, command, answer):
    _tests.HaldenPay.pay(self, command, answer)
    self.done += self.done[:1]


case("ChargesTwice", "test_paying_is_one_charge", far={"pay": _twice})


def _major_units(self, method, path, body=None):
    """Euros where cents belong, as if every currency had two decimals."""
    body = {**body, "amount": body["amount"] // 100 * 100} if body else body
    return _provider.Halden.call(self, method, path, body)


case("LosesTheCents", "test_amounts_arrive_to_the_unit", {"call": _major_units})


def _two_digits(self, asked):
    """Every currency has two digits behind the point."""
    less = 10 if asked["currency"] == "KWD" else 1
    return _tests.HaldenPay.order(self, {**asked, "amount": asked["amount"] // less})


case("ThreeDigits", "test_amounts_arrive_to_the_unit", far={"order": _two_digits})
case("TakesAnything", "test_a_currency_that_it_does_not_declare_is_refused", flags(currencies=("EUR",)))
case("DeclinedIsUnclear", "test_a_declined_card_is_a_definitive_no",
     altered("lookup", lambda _s, a, _c: replace(a, outcome=UNKNOWN) if a.outcome is FAILED and not a.absent else a))
case("RefusesInCodes", "test_a_refusal_has_a_reason_for_people",
     altered("lookup", lambda _s, a, _c: replace(a, reason="E_4102")))
case("NoReference", "test_a_confirmation_names_reference_and_amount",
     altered("lookup", lambda _s, a, _c: replace(a, reference="")))
case("NeverAbsent", "test_what_it_never_saw_it_says_so", altered("lookup", lambda _s, a, _c: replace(a, absent=False)))


def _moves_on_get(self, request, address):
    if request.method == "GET":
        self.done.append(Effect("charge", "look", 1, "EUR"))
    return _tests.HaldenPay.serve(self, request, address)


def _init_moving(self, folder, clock):
    _tests.HaldenPay.__init__(self, folder, clock)
    self.http = lambda request, address: _moves_on_get(self, request, address)


case("LookingCosts", "test_looking_moves_nothing", far={"__init__": _init_moving})


# one key, one effect
def _forgets(*kinds):
    """A service that does what it is asked once more each time, whatever the key."""

    def order(self, asked):
        known = self.orders.pop(asked["key"], None) if asked["kind"] in kinds else None
        found = _tests.HaldenPay.order(self, asked)
        if known is not None and known["state"] == "done" and asked["kind"] == "fund":
            self.settle(self.orders[asked["key"]])
        return found

    return {"order": order}


case("PaysAgain", "test_asking_twice_for_a_payment_is_one_payment", far=_forgets("fund"))
case("RefundsAgain", "test_the_same_key_again_is_one_effect", far={**_forgets("refund", "payout", "release"),
                                                                    "covered": lambda self, order: True})  # fmt: skip
case("AnotherAnswer", "test_the_same_key_is_answered_the_same",
     altered("execute", lambda s, a, _c: replace(a, reference=f"{a.reference}-{datetime.now(UTC).timestamp()}")))


def _once_alike(self, command):
    """What is alike was done already."""
    kept, alike = vars(self).setdefault("kept", {}), (str(command.kind), command.amount, command.payee, command.of)
    if alike not in kept:
        kept[alike] = _provider.Halden.execute(self, command)
    return kept[alike]


def _finds_alike(self, command):
    """Whatever has its kind and amount is it."""
    found = self.call("GET", "/orders?since=2&until=3").json()["orders"]
    alike = [o for o in found if (o["kind"], o["amount"]) == (str(command.kind), command.amount.amount)]
    return self.answer(alike[0]) if alike else _provider.Halden.lookup(self, command)


case("OnceAlike", "test_what_is_alike_under_another_key_is_done_too", {"execute": _once_alike})
case("FindsAlike", "test_a_look_up_finds_its_own_command_alone", {"lookup": _finds_alike})
case("TakesAnotherBody", "test_the_same_key_for_something_else_moves_nothing", far=_forgets("release"))


class InMemory:
    """What it did it keeps in mind alone."""

    def execute(self, command):
        found = _provider.Halden.execute(self, command)
        vars(self).setdefault("mind", {})[command.key] = found
        return found

    def lookup(self, command):
        kept = vars(self).get("mind", {}).get(command.key)
        if kept is not None and kept.outcome is not PAYING:
            return kept
        return _provider.Halden.lookup(self, command) if kept else Answer(FAILED, reason="Never seen.", absent=True)


case("Forgetful", "test_a_lost_answer_is_found_after_a_restart", {
    "execute": InMemory.execute, "lookup": InMemory.lookup})  # fmt: skip
case("AsksWithNewKeys", "test_after_a_lost_answer_asking_again_is_one_effect",
     {"execute": lambda self, command: _provider.Halden.execute(self, replace(
         command, key=command.key if str(command.kind) == "fund" else f"{command.key}{id(self)}"))},
     far={"covered": lambda self, order: True})  # fmt: skip


def _silence_is_no(method):
    def call(self, command):
        try:
            found = getattr(_provider.Halden, method)(self, command)
        except Exception:  # noqa: BLE001  what is wrong with it
            return Answer(FAILED, reason="There was no answer.", absent=method == "lookup")
        if found.outcome is UNKNOWN:
            return Answer(FAILED, reason="There was no answer.", absent=method == "lookup")
        return found

    return {method: call}


case("SilenceIsNo", "test_an_answer_that_says_nothing_is_unknown", _silence_is_no("execute"))
case("FindsNothing", "test_what_was_done_behind_a_lost_answer_is_found",
     altered("lookup", lambda _s, a, c: replace(a, outcome=UNKNOWN) if str(c.kind) == "release" else a))
case("SilenceIsAbsent", "test_a_look_up_without_an_answer_says_nothing", _silence_is_no("lookup"))


def _busy_is_no(self, command):
    found = _provider.Halden.execute(self, command)
    return replace(found, outcome=FAILED, reason="Try again.") if found.outcome is UNKNOWN else found


case("BusyIsNo", "test_a_busy_service_has_refused_nothing", {"execute": _busy_is_no})


# money going out
def _without(*kinds):
    """A service that leaves some movements out."""

    def settle(self, order, refused=""):
        before = len(self.done)
        _tests.HaldenPay.settle(self, order, refused)
        self.done[before:] = [e for e in self.done[before:] if e.kind not in kinds or order["kind"] == "fund"]

    return {"settle": settle}


case("KeepsTheFee", "test_a_release_pays_the_freelancer_and_the_fee", far=_without("fee"))
case("NeverRefunds", "test_a_refund_goes_back_to_the_client", far=_without("refund"))
case("SplitsInTwo", "test_a_split_goes_three_ways", far=_without("refund"))
case("NeverPaysOut", "test_a_payout_leaves_the_freelancers_balance", far=_without("payout"))


def _covers(*kinds):
    """A service that lets some kinds go beyond what is held."""

    def covered(self, order):
        return order["kind"] in kinds or _tests.HaldenPay.covered(self, order)

    return {"covered": covered}


case("OverReleases", "test_no_more_is_released_than_was_paid_in", far=_covers("release"))
case("OverRefunds", "test_no_more_is_refunded_than_was_paid_in", far=_covers("refund"))


def _half(self, order, refused=""):
    if refused and order["kind"] == "split":
        self.done.append(Effect("transfer", order["key"], order["amount"], order["currency"]))
    _tests.HaldenPay.settle(self, order, refused)


case("HalfASplit", "test_what_is_refused_is_not_half_done", far={"settle": _half})


def _forgets_who(what):
    return {"alike": lambda self, effect, order, _what: what(effect, order)}


case("OneBalanceForAll", "test_one_freelancers_money_never_pays_another",
     far=_forgets_who(lambda effect, order: effect.currency == order["currency"]))
case("OneCurrency", "test_one_currency_never_pays_for_another", far={
    "covered": lambda self, order: _tests.HaldenPay.covered(self, {**order, "currency": "EUR"})})
case("OverPays", "test_no_more_is_paid_out_than_was_released", far=_covers("payout"))
case("RefundsTheReleased", "test_released_money_is_not_refunded_as_well", far=_covers("refund"))
case("OnePot", "test_one_payment_never_pays_for_another", far={
    "covered": lambda self, order: sum(self.weight(e) for e in self.done) >= order["amount"]})  # fmt: skip
case("ReleasesTheUnpaid", "test_what_nobody_paid_is_not_released", far=_covers("release"))
case("HidesParts", "test_parts_are_released_where_it_says_so", flags(partial_release=False))
case("BoastsOfRefunds", "test_refunding_after_a_payout_works_only_where_it_says_so", flags(refund_after_payout=True))


def _thirty_days(self, command):
    paid = datetime.fromisoformat("2026-06-01T09:00:00+00:00")
    if str(command.kind) == "release" and self.desk.clock.business() > paid + timedelta(days=30):
        return Answer(FAILED, reason="The money went back after thirty days.")
    return _provider.Halden.execute(self, command)


case("ThirtyDays", "test_money_is_held_as_long_as_it_says", {"execute": _thirty_days})
case("HoldsInSecret", "test_who_holds_nothing_releases_nothing", flags(holds=False, max_hold_days=0))
case("TakesInSecret", "test_who_holds_nothing_takes_nothing", flags(holds=False, max_hold_days=0))

# messages
case("TellsNothing", "test_every_payment_is_told_in_a_message", {"read": lambda self, message: []})
case("TellsTooMuch", "test_message_and_look_up_agree", {"read": lambda self, message: [
    replace(f, answer=replace(f.answer, amount=f.answer.amount + 1)) for f in _provider.Halden.read(self, message)]})
case("Guessable", "test_a_message_that_its_sender_did_not_sign_is_refused", inbox=replace(
    halden.manifest.inbox, secrets=(), keys=lambda desk: [desk.secrets["HALDEN_SIGNING_SECRET"].encode(), b"secret"]))


EVER = [b"first-secret"]


def _never_over(self):
    EVER.append(f"secret-{len(EVER)}".encode())
    return EVER[-1]


case("SecretsForEver", "test_a_secret_that_is_over_signs_nothing_more", far={"rotate": _never_over}, inbox=replace(
    halden.manifest.inbox, secrets=(), keys=lambda desk: EVER))


def _checks_itself(self, message):
    """Signed with the one secret it knows, or not at all."""
    at = re.match(r"t=(\d+),", message.headers["halden-signature"])[1]
    from marketwright.testing import sign

    own = sign(message.body, self.desk.secrets["HALDEN_SIGNING_SECRET"].encode(), int(at))
    if own != message.headers["halden-signature"]:
        raise ValueError("not ours")
    return _provider.Halden.read(self, message)


case("OneSecretAlone", "test_while_a_secret_is_renewed_both_are_taken", {"read": _checks_itself})
case("Timeless", "test_a_message_carries_its_time", inbox=replace(halden.manifest.inbox, scheme="body"))


def _impatient(self, message):
    at = int(re.match(r"t=(\d+),", message.headers["halden-signature"])[1])
    late = abs(at - message.at.timestamp()) > 60
    return [] if late else _provider.Halden.read(self, message)


case("Impatient", "test_clocks_may_differ_by_five_minutes", {"read": _impatient})
case("IdsByArrival", "test_a_message_played_again_is_the_same_fact", {"read": lambda self, message: [
    replace(f, id=f"{f.id}-{message.at}") for f in _provider.Halden.read(self, message)]})
case("OneIdForAll", "test_two_messages_are_two_facts", {"read": lambda self, message: [
    replace(f, id="fact") for f in _provider.Halden.read(self, message)]})


def _counts(self, message):
    self.number = getattr(self, "number", 0) + 1
    return [replace(f, id=f"fact-{self.number % 3}") for f in _provider.Halden.read(self, message)]


case("CountsMessages", "test_the_order_of_messages_changes_no_fact", {"read": _counts})


def _reads_all(self, message):
    said = message.json()
    if isinstance(said, dict) and "order" in said:
        return _provider.Halden.read(self, message)
    return [Fact("x", "x", Answer(CONFIRMED, amount=1))]


case("ReadsAnything", "test_a_kind_that_it_does_not_know_says_nothing", {"read": _reads_all})
case("ReadsNonsense", "test_nonsense_that_is_signed_says_nothing", {
    "read": lambda self, message: [self.fact(message.json()["order"])]})  # fmt: skip


def _pays_by_reading(self, message):
    facts = _provider.Halden.read(self, message)
    for fact in facts:
        if fact.answer.amount:
            self.call("POST", "/orders", {"key": f"{fact.key}-more", "kind": "fund", "of": "", "amount": 5,
                                          "currency": "EUR", "fee": 0, "refund": 0, "payer": "", "payee": "",
                                          "text": "", "return_to": ""})  # fmt: skip
    return facts


class EagerService(HaldenPay):
    """It charges at once."""

    def order(self, asked):
        found = _tests.HaldenPay.order(self, asked)
        if asked["key"].endswith("-more"):
            self.settle(self.orders[asked["key"]])
        return found


case("PaysByReading", "test_reading_moves_nothing", {"read": _pays_by_reading}, far={"order": EagerService.order})


# reconciliation
def _objects(how):
    return {"objects": lambda self, since, until: how(self, _provider.Halden.objects, since, until)}


case("LeavesOut", "test_a_window_lists_every_effect", _objects(lambda s, o, a, b: o(s, a, b)[1:]))
case("ListsAll", "test_a_window_lists_nothing_else", _objects(
    lambda s, o, a, b: o(s, a - timedelta(days=9), b + timedelta(days=9))))
case("BothEndsIn", "test_windows_side_by_side_list_each_effect_once", _objects(
    lambda s, o, a, b: o(s, a, b + timedelta(microseconds=1))))
case("Momentless", "test_every_object_has_its_moment", _objects(
    lambda s, o, a, b: [replace(f, at=None) for f in o(s, a, b)]))
case("OtherIds", "test_window_and_message_name_one_fact_alike", _objects(
    lambda s, o, a, b: [replace(f, id=f"w-{f.id}") for f in o(s, a, b)]))
case("HidesRefunds", "test_a_window_lists_every_effect", _objects(
    lambda s, o, a, b: [f for f in o(s, a, b) if not f.key.startswith("refund")]))
case("KeepsWhatWentBack", "test_the_balance_is_what_lies_there", far={
    "weight": lambda self, e: 0 if e.kind == "refund" else _tests.HaldenPay.weight(self, e)})
case("BalanceOff", "test_the_balance_is_what_lies_there", {
    "balance": lambda self, currency: _provider.Halden.balance(self, currency) + Money(1, currency)})  # fmt: skip
case("OneBalance", "test_a_balance_is_kept_a_currency", {
    "balance": lambda self, currency: Money(_provider.Halden.balance(self, "EUR").amount, currency)})  # fmt: skip
case("HidesItsCost", "test_its_own_cost_is_told", altered("lookup", lambda _s, a, _c: replace(a, fee=0)))


# secrets
def _logs(self, method, path, body=None):
    logging.getLogger("halden").debug("calling with %s", self.desk.secrets["HALDEN_KEY"])
    return _provider.Halden.call(self, method, path, body)


case("LogsItsKey", "test_no_secret_reaches_a_log", {"call": _logs})
case("ShowsItsKey", "test_no_secret_reaches_an_answer",
     altered("lookup", lambda s, a, _c: replace(a, reference=f"{a.reference}/{s.desk.secrets['HALDEN_KEY']}")))


# what it declares beyond moving money
def banked(*deeds):
    """A service whose bank does ``deeds``, and tells of them in messages of kind ``bank``."""

    def bank(self, deed, command):
        if deed not in deeds:
            raise NotImplementedError
        key, reference = command.key, f"dp-{self.orders[command.key]['id']}"
        said = {"id": f"{reference}.{deed}", "type": "bank", "deed": deed, "key": key, "reference": reference,
                "amount": command.amount.amount}  # fmt: skip
        self.sent.append(json.dumps(said).encode())

    return {"bank": bank}


KINDS = {"dispute": FactKind.DISPUTE_OPENED, "win": FactKind.DISPUTE_WON, "lose": FactKind.DISPUTE_LOST,
         "take_back": FactKind.FUNDING_FAILED}  # fmt: skip


def hears(name=lambda said: said["id"], reference=lambda said: said["reference"], key=lambda said: said["key"]):
    """A provider that reads what the bank did, well but for what is given."""

    def read(self, message):
        said = message.json()
        if not isinstance(said, dict) or said.get("type") != "bank":
            return _provider.Halden.read(self, message)
        answer = Answer(CONFIRMED, reference(said), amount=said["amount"])
        return [Fact(name(said), key(said), answer, message.at, kind=KINDS[said["deed"]])]

    return {"read": read}


_ALL = banked("dispute", "win", "lose", "take_back")
case("HearsNoDispute", "test_what_a_bank_does_is_told_where_it_says_so", flags(disputes=True), far=_ALL)
case("DisputesNobody", "test_what_a_bank_does_is_told_where_it_says_so",
     {**flags(disputes=True), **hears(key=lambda said: "")}, far=_ALL)
case("PromisesWithoutABank", "test_what_a_bank_does_is_told_where_it_says_so", flags(payout_returns=True))
case("DisputesUndeclared", "test_it_tells_nothing_that_it_does_not_declare", hears(), far=_ALL)
case("FailsLateUndeclared", "test_it_tells_nothing_that_it_does_not_declare",
     {**flags(disputes=True), **hears()}, far=_ALL)
case("RenamesDisputes", "test_a_dispute_ends_under_its_own_name",
     {**flags(disputes=True), **hears(reference=lambda said: said["id"])}, far=_ALL)
case("OneFactManyNames", "test_a_fact_told_twice_is_one_fact",
     {**flags(late_failures=True), **hears(name=lambda said: f"{said['id']}-{datetime.now(UTC).timestamp()}")},
     far=_ALL)  # fmt: skip


def _onboards(reference=lambda command: command.payee, outcome=Outcome.WAITING, page="", missing=(Need.IDENTITY,)):
    """A provider that asks payees who they are, as the arguments say."""

    def execute(self, command):
        if command.kind is not CommandKind.ONBOARD:
            return _provider.Halden.execute(self, command)
        return Answer(outcome, reference(command), page=page, missing=tuple(Requirement(n) for n in missing))

    return {"execute": execute}


case("AsksNobody", "test_payees_are_asked_who_they_are_where_it_says_so", flags(onboarding=True))
case("MissesNothing", "test_payees_are_asked_who_they_are_where_it_says_so",
     {**flags(onboarding=True), **_onboards(missing=())})  # fmt: skip
case("AsksInSecret", "test_payees_are_asked_who_they_are_where_it_says_so",
     _onboards(outcome=PAYING, page="https://pay.halden.example/who"))
case("ManyAccounts", "test_one_payee_is_one_account",
     {**flags(onboarding=True), **_onboards(reference=lambda command: command.key)})  # fmt: skip
case("PaysStrangers", "test_nobody_is_paid_before_they_are_known", {**flags(onboarding=True), **_onboards()})
case("TakesNothingBack", "test_released_money_comes_back_where_it_says_so", flags(refund_after_release=True))
case("TakesBackInSecret", "test_released_money_comes_back_where_it_says_so", far=_covers("refund"))
case("TakesBackTwice", "test_a_released_refund_takes_no_more_than_there_is", flags(refund_after_release=True),
     far=_covers("refund"))  # fmt: skip
case("NoBounds", "test_its_bounds_are_bounds", flags(least=50))
case("BoundsTheWrongWay", "test_its_bounds_are_bounds", flags(least=50, most=10))


def _an_hour(self, asked):
    """Keys are forgotten after an hour."""
    kept = vars(self).setdefault("asked_at", {}).setdefault(asked["key"], self.clock.business())
    if asked["kind"] == "release" and self.clock.business() > kept + timedelta(hours=1):
        self.orders.pop(asked["key"], None)
    return _tests.HaldenPay.order(self, asked)


case("ForgetsKeys", "test_a_key_is_known_as_long_as_it_says", far={"order": _an_hour,
                                                                    "covered": lambda self, order: True})  # fmt: skip
