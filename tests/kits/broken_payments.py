"""Payment providers, each broken on purpose in one way, and one that is not: the one of the tutorial."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.kits.halden import FAILED, PAYING, UNKNOWN, Kit, altered, cases, flags, written, written_tests

from marketwright.plugin import Answer, Outcome
from marketwright.testing import Effect

case = cases(globals())


class TestFair(Kit):
    pass


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
                                  written_tests.HaldenPay.order(self, asked))[1]})  # fmt: skip


def _twice(self, command, answer):
    written_tests.HaldenPay.pay(self, command, answer)
    self.done += self.done[:1]


case("ChargesTwice", "test_paying_is_one_charge", far={"pay": _twice})


def _major_units(self, method, path, body=None):
    """Euros where cents belong, as if every currency had two decimals."""
    body = {**body, "amount": body["amount"] // 100 * 100} if body else body
    return written.Halden.call(self, method, path, body)


case("LosesTheCents", "test_amounts_arrive_to_the_unit", {"call": _major_units})


def _two_digits(self, asked):
    """Every currency has two digits behind the point."""
    less = 10 if asked["currency"] == "KWD" else 1
    return written_tests.HaldenPay.order(self, {**asked, "amount": asked["amount"] // less})


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
    return written_tests.HaldenPay.serve(self, request, address)


def _init_moving(self, folder, clock):
    written_tests.HaldenPay.__init__(self, folder, clock)
    self.http = lambda request, address: _moves_on_get(self, request, address)


case("LookingCosts", "test_looking_moves_nothing", far={"__init__": _init_moving})


# one key, one effect
def _forgets(*kinds):
    """A service that does what it is asked once more each time, whatever the key."""

    def order(self, asked):
        known = self.orders.pop(asked["key"], None) if asked["kind"] in kinds else None
        found = written_tests.HaldenPay.order(self, asked)
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
        kept[alike] = written.Halden.execute(self, command)
    return kept[alike]


def _finds_alike(self, command):
    """Whatever has its kind and amount is it."""
    found = self.call("GET", "/orders?since=2&until=3").json()["orders"]
    alike = [o for o in found if (o["kind"], o["amount"]) == (str(command.kind), command.amount.amount)]
    return self.answer(alike[0]) if alike else written.Halden.lookup(self, command)


case("OnceAlike", "test_what_is_alike_under_another_key_is_done_too", {"execute": _once_alike})
case("FindsAlike", "test_a_look_up_finds_its_own_command_alone", {"lookup": _finds_alike})
case("TakesAnotherBody", "test_the_same_key_for_something_else_moves_nothing", far=_forgets("release"))


class InMemory:
    """What it did it keeps in mind alone."""

    def execute(self, command):
        found = written.Halden.execute(self, command)
        vars(self).setdefault("mind", {})[command.key] = found
        return found

    def lookup(self, command):
        kept = vars(self).get("mind", {}).get(command.key)
        if kept is not None and kept.outcome is not PAYING:
            return kept
        return written.Halden.lookup(self, command) if kept else Answer(FAILED, reason="Never seen.", absent=True)


case("Forgetful", "test_a_lost_answer_is_found_after_a_restart", {
    "execute": InMemory.execute, "lookup": InMemory.lookup})  # fmt: skip
case("AsksWithNewKeys", "test_after_a_lost_answer_asking_again_is_one_effect",
     {"execute": lambda self, command: written.Halden.execute(self, replace(
         command, key=command.key if str(command.kind) == "fund" else f"{command.key}{id(self)}"))},
     far={"covered": lambda self, order: True})  # fmt: skip


def _silence_is_no(method):
    def call(self, command):
        try:
            found = getattr(written.Halden, method)(self, command)
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
    found = written.Halden.execute(self, command)
    return replace(found, outcome=FAILED, reason="Try again.") if found.outcome is UNKNOWN else found


case("BusyIsNo", "test_a_busy_service_has_refused_nothing", {"execute": _busy_is_no})


# money going out
def _without(*kinds):
    """A service that leaves some movements out."""

    def settle(self, order, refused=""):
        before = len(self.done)
        written_tests.HaldenPay.settle(self, order, refused)
        self.done[before:] = [e for e in self.done[before:] if e.kind not in kinds or order["kind"] == "fund"]

    return {"settle": settle}


case("KeepsTheFee", "test_a_release_pays_the_freelancer_and_the_fee", far=_without("fee"))
case("NeverRefunds", "test_a_refund_goes_back_to_the_client", far=_without("refund"))
case("SplitsInTwo", "test_a_split_goes_three_ways", far=_without("refund"))
case("NeverPaysOut", "test_a_payout_leaves_the_freelancers_balance", far=_without("payout"))


def _covers(*kinds):
    """A service that lets some kinds go beyond what is held."""

    def covered(self, order):
        return order["kind"] in kinds or written_tests.HaldenPay.covered(self, order)

    return {"covered": covered}


case("OverReleases", "test_no_more_is_released_than_was_paid_in", far=_covers("release"))
case("OverRefunds", "test_no_more_is_refunded_than_was_paid_in", far=_covers("refund"))


def _half(self, order, refused=""):
    if refused and order["kind"] == "split":
        self.done.append(Effect("transfer", order["key"], order["amount"], order["currency"]))
    written_tests.HaldenPay.settle(self, order, refused)


case("HalfASplit", "test_what_is_refused_is_not_half_done", far={"settle": _half})


def _forgets_who(what):
    return {"alike": lambda self, effect, order, _what: what(effect, order)}


case("OneBalanceForAll", "test_one_freelancers_money_never_pays_another",
     far=_forgets_who(lambda effect, order: effect.currency == order["currency"]))
case("OneCurrency", "test_one_currency_never_pays_for_another", far={
    "covered": lambda self, order: written_tests.HaldenPay.covered(self, {**order, "currency": "EUR"})})
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
    return written.Halden.execute(self, command)


case("ThirtyDays", "test_money_is_held_as_long_as_it_says", {"execute": _thirty_days})
case("HoldsInSecret", "test_who_holds_nothing_releases_nothing", flags(holds=False, max_hold_days=0))
case("TakesInSecret", "test_who_holds_nothing_takes_nothing", flags(holds=False, max_hold_days=0))
case("TakesBackInSecret", "test_released_money_comes_back_where_it_says_so", far=_covers("refund"))
case("TakesBackTwice", "test_a_released_refund_takes_no_more_than_there_is", flags(refund_after_release=True),
     far=_covers("refund"))  # fmt: skip


def _an_hour(self, asked):
    """Keys are forgotten after an hour."""
    kept = vars(self).setdefault("asked_at", {}).setdefault(asked["key"], self.clock.business())
    if asked["kind"] == "release" and self.clock.business() > kept + timedelta(hours=1):
        self.orders.pop(asked["key"], None)
    return written_tests.HaldenPay.order(self, asked)


case("ForgetsKeys", "test_a_key_is_known_as_long_as_it_says", far={"order": _an_hour,
                                                                    "covered": lambda self, order: True})  # fmt: skip
