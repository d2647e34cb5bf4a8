"""Payment providers, each broken on purpose in one way: what they tell, list, keep to themselves, and declare."""

import json
import logging
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.kits.halden import CONFIRMED, PAYING, HaldenPay, altered, cases, flags, halden, written, written_tests

from marketwright.plugin import Answer, CommandKind, Fact, FactKind, Money, Need, Outcome, Requirement

case = cases(globals())


# messages
case("TellsNothing", "test_every_payment_is_told_in_a_message", {"read": lambda self, message: []})
case("TellsTooMuch", "test_message_and_look_up_agree", {"read": lambda self, message: [
    replace(f, answer=replace(f.answer, amount=f.answer.amount + 1)) for f in written.Halden.read(self, message)]})
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
    return written.Halden.read(self, message)


case("OneSecretAlone", "test_while_a_secret_is_renewed_both_are_taken", {"read": _checks_itself})
case("Timeless", "test_a_message_carries_its_time", inbox=replace(halden.manifest.inbox, scheme="body"))


def _impatient(self, message):
    at = int(re.match(r"t=(\d+),", message.headers["halden-signature"])[1])
    late = abs(at - message.at.timestamp()) > 60
    return [] if late else written.Halden.read(self, message)


case("Impatient", "test_clocks_may_differ_by_five_minutes", {"read": _impatient})
case("IdsByArrival", "test_a_message_played_again_is_the_same_fact", {"read": lambda self, message: [
    replace(f, id=f"{f.id}-{message.at}") for f in written.Halden.read(self, message)]})
case("OneIdForAll", "test_two_messages_are_two_facts", {"read": lambda self, message: [
    replace(f, id="fact") for f in written.Halden.read(self, message)]})


def _counts(self, message):
    self.number = getattr(self, "number", 0) + 1
    return [replace(f, id=f"fact-{self.number % 3}") for f in written.Halden.read(self, message)]


case("CountsMessages", "test_the_order_of_messages_changes_no_fact", {"read": _counts})


def _reads_all(self, message):
    said = message.json()
    if isinstance(said, dict) and "order" in said:
        return written.Halden.read(self, message)
    return [Fact("x", "x", Answer(CONFIRMED, amount=1))]


case("ReadsAnything", "test_a_kind_that_it_does_not_know_says_nothing", {"read": _reads_all})
case("ReadsNonsense", "test_nonsense_that_is_signed_says_nothing", {
    "read": lambda self, message: [self.fact(message.json()["order"])]})  # fmt: skip


def _pays_by_reading(self, message):
    facts = written.Halden.read(self, message)
    for fact in facts:
        if fact.answer.amount:
            self.call("POST", "/orders", {"key": f"{fact.key}-more", "kind": "fund", "of": "", "amount": 5,
                                          "currency": "EUR", "fee": 0, "refund": 0, "payer": "", "payee": "",
                                          "text": "", "return_to": ""})  # fmt: skip
    return facts


class EagerService(HaldenPay):
    """It charges at once."""

    def order(self, asked):
        found = written_tests.HaldenPay.order(self, asked)
        if asked["key"].endswith("-more"):
            self.settle(self.orders[asked["key"]])
        return found


case("PaysByReading", "test_reading_moves_nothing", {"read": _pays_by_reading}, far={"order": EagerService.order})


# reconciliation
def _objects(how):
    return {"objects": lambda self, since, until: how(self, written.Halden.objects, since, until)}


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
    "weight": lambda self, e: 0 if e.kind == "refund" else written_tests.HaldenPay.weight(self, e)})
case("BalanceOff", "test_the_balance_is_what_lies_there", {
    "balance": lambda self, currency: written.Halden.balance(self, currency) + Money(1, currency)})  # fmt: skip
case("OneBalance", "test_a_balance_is_kept_a_currency", {
    "balance": lambda self, currency: Money(written.Halden.balance(self, "EUR").amount, currency)})  # fmt: skip
case("HidesItsCost", "test_its_own_cost_is_told", altered("lookup", lambda _s, a, _c: replace(a, fee=0)))


# secrets
def _logs(self, method, path, body=None):
    logging.getLogger("halden").debug("calling with %s", self.desk.secrets["HALDEN_KEY"])
    return written.Halden.call(self, method, path, body)


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


KINDS = {"dispute": FactKind.DISPUTE_OPENED, "inquire": FactKind.DISPUTE_OPENED, "win": FactKind.DISPUTE_WON,
         "lose": FactKind.DISPUTE_LOST, "take_back": FactKind.FUNDING_FAILED}  # fmt: skip


def hears(name=lambda said: said["id"], reference=lambda said: said["reference"], key=lambda said: said["key"]):
    """A provider that reads what the bank did, well but for what is given."""

    def read(self, message):
        said = message.json()
        if not isinstance(said, dict) or said.get("type") != "bank":
            return written.Halden.read(self, message)
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


case("ToldByMessageAlone", "test_what_a_bank_does_is_listed_though_no_message_told_it",
     {**flags(disputes=True), **hears()}, far=_ALL)
case("AsksByMessageAlone", "test_what_a_bank_only_asks_is_listed_to_its_end",
     {**flags(disputes=True), **hears()}, far=banked("dispute", "inquire", "win", "lose"))


case("DeniesWhatWasDone", "test_what_was_done_with_money_that_a_bank_takes_back_later_was_done",
     {**flags(late_failures=True), **hears(), **altered("lookup", lambda _s, a, c: (
         Answer(Outcome.FAILED, absent=True) if c.kind is CommandKind.RELEASE else a))}, far=_ALL)  # fmt: skip


def _onboards(reference=lambda command: command.payee, outcome=Outcome.WAITING, page="", missing=(Need.IDENTITY,)):
    """A provider that asks payees who they are, as the arguments say."""

    def execute(self, command):
        if command.kind is not CommandKind.ONBOARD:
            return written.Halden.execute(self, command)
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
case("NoBounds", "test_its_bounds_are_bounds", flags(least=50))
case("BoundsTheWrongWay", "test_its_bounds_are_bounds", flags(least=50, most=10))
