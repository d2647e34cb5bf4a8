"""Commands and answers: what the flags say, exact amounts, one effect a key."""

from urllib.parse import urlsplit

import pytest

from marketwright.kernel.money import currencies, exponent
from marketwright.strategies.payments import CommandKind, Outcome
from marketwright.testing.kits.payments.frame import FEE, PRICE, WORK, PaymentKit, Scene

K = CommandKind
COMMON = ("EUR", "USD", "GBP", "JPY")
SUMS = (1, 99, 123_457, 10**9)


class Flags(PaymentKit):
    """What the provider says that it can do."""

    def test_it_says_who_holds_the_money(self, scene: Scene) -> None:
        """``holder`` is shown to clients and stands in contracts; it is empty where nobody holds."""
        can = scene.provider.capabilities
        assert bool(can.holder.strip()) == can.holds, f"holder is {can.holder!r}, and holds is {can.holds}"
        assert scene.provider.holding or not can.holds, "its class says that it never holds, and its flags that it does"

    def test_its_currencies_are_known(self, scene: Scene) -> None:
        """At least one, each a code of ISO 4217 that core counts in."""
        said = scene.provider.capabilities.currencies
        assert said, "it declares no currency"
        assert set(said) <= set(currencies()), f"core does not know {sorted(set(said) - set(currencies()))}"

    def test_holding_and_its_days_go_together(self, scene: Scene) -> None:
        """Who holds says for how long; who does not holds for no day; and the platform itself never holds."""
        can = scene.provider.capabilities
        assert can.holds == (can.max_hold_days > 0), f"holds is {can.holds}, max_hold_days {can.max_hold_days}"
        assert not (can.holds and can.platform_holds), "a marketplace that holds client money itself is no escrow"

    def test_its_origins_are_origins(self, scene: Scene) -> None:
        """``https://pay.example.org``: scheme and host, nothing behind."""
        for origin in scene.provider.capabilities.origins:
            parts = urlsplit(origin)
            plain = bool(parts.netloc) and f"{parts.scheme}://{parts.netloc}" == origin
            safe = parts.scheme == "https" or parts.hostname in ("127.0.0.1", "localhost")
            assert (plain, safe) == (True, True), f"{origin!r} is no origin"

    def test_practice_never_runs_on_a_live_stage(self, scene: Scene) -> None:
        """``test_only`` refuses to be built there; without that flag it can be built there."""
        test_only, scene.stage = scene.provider.capabilities.test_only, "live"
        try:
            scene.build()
        except Exception as error:  # noqa: BLE001  any refusal will do
            if not test_only:
                pytest.fail(f"it is for live stages and refuses one: {error}")
        else:
            assert not test_only, "it is for tests alone, and lets itself be built on a live stage"

    def test_its_hosts_are_played(self, scene: Scene) -> None:
        """A manifest with ``hosts`` needs a far side with ``http``: else the lost answers are never tried."""
        assert bool(self.manifest().hosts) == (scene.far.http is not None), "hosts and the far side's http disagree"


class Paying(PaymentKit):
    """Money coming in."""

    def test_a_payment_leads_to_a_page_or_is_settled(self, scene: Scene) -> None:
        """FUND is answered by a page to send the person to, or it is under way or done."""
        self.holding(scene)
        _, answer = scene.fund()
        assert answer.outcome in (Outcome.PAGE, Outcome.WAITING, Outcome.CONFIRMED), f"FUND answered {answer.outcome}"
        assert bool(answer.page) == (answer.outcome is Outcome.PAGE), "a page goes with PAGE, and with nothing else"

    def test_the_page_lies_where_the_flags_say(self, scene: Scene) -> None:
        """On a declared origin, or under the plugin's own address: the browser refuses any other form."""
        _, answer = scene.fund()
        if answer.outcome is Outcome.PAGE:
            parts = urlsplit(answer.page)
            own = answer.page.startswith(f"{scene.desk.base_url}/x/{self.manifest().name}/")
            origin = f"{parts.scheme}://{parts.netloc}"
            declared = scene.provider.capabilities.origins
            assert own or origin in declared, f"the page is at {origin}; origins are {declared}"

    def test_asking_for_a_payment_moves_nothing(self, scene: Scene) -> None:
        """Nobody has paid yet."""
        _, answer = scene.fund()
        if answer.outcome is Outcome.PAGE:
            assert scene.moved() == [], f"before anybody paid: {scene.moved()}"

    def test_paying_is_one_charge(self, scene: Scene) -> None:
        """Of the amount, and confirmed by a look-up."""
        self.holding(scene)
        command = scene.paid()
        assert scene.moved("charge") == [("charge", PRICE)]
        assert scene.look(command).outcome is Outcome.CONFIRMED

    @pytest.mark.parametrize("amount", SUMS)
    def test_amounts_arrive_to_the_unit(self, scene: Scene, amount: int) -> None:
        """E8: in every currency that it declares, what is charged and what is confirmed is what was asked."""
        self.holding(scene)
        can = scene.provider.capabilities
        amount = min(max(amount, can.least), can.most)
        known = sorted({*can.currencies}, key=lambda c: (exponent(c), c))
        of_each_kind = {exponent(c): c for c in known}.values()  # none, two and three digits behind the point
        for currency in dict.fromkeys([*of_each_kind, *known[::4]]):
            command = scene.paid(amount, currency=currency, hold=f"hold-{currency}")
            charged = [e for e in scene.far.effects() if e.key == command.key and e.kind == "charge"]
            assert [(e.amount, e.currency) for e in charged] == [(amount, currency)], f"{amount} {currency}: {charged}"
            assert scene.look(command).amount == amount

    def test_a_currency_that_it_does_not_declare_is_refused(self, scene: Scene) -> None:
        """Neither a page nor a charge."""
        declared = scene.provider.capabilities.currencies
        for other in [c for c in dict.fromkeys((*COMMON, *currencies())) if c not in declared][:4]:
            _, answer = scene.fund(currency=other)
            assert answer.outcome in (Outcome.FAILED, Outcome.UNKNOWN), f"it takes {other} and does not declare it"
        assert scene.moved() == []

    def test_a_declined_card_is_a_definitive_no(self, scene: Scene) -> None:
        """FAILED with a reason for the person, and nothing moved (A8)."""
        command, answer = scene.fund()
        if answer.outcome is Outcome.PAGE:
            scene.far.decline(command, answer)
            after = scene.look(command)
            assert after.outcome is Outcome.FAILED, f"a declined card is {after.outcome}"
            assert not after.absent, "it says that it never saw a payment that was declined"
            assert scene.moved() == []

    def test_a_refusal_has_a_reason_for_people(self, scene: Scene) -> None:
        """A sentence, not a code."""
        command, answer = scene.fund()
        if answer.outcome is Outcome.PAGE:
            scene.far.decline(command, answer)
            reason = scene.look(command).reason
            assert " " in reason.strip(), f"the reason is {reason!r}, not a sentence"

    def test_a_confirmation_names_reference_and_amount(self, scene: Scene) -> None:
        """Without the amount core takes it for UNKNOWN; the reference is what support asks for."""
        self.holding(scene)
        answer = scene.look(scene.paid())
        assert answer.amount == PRICE, f"the confirmed amount is {answer.amount}, not {PRICE}"
        assert answer.reference.strip(), "a confirmation names no reference"

    def test_what_it_never_saw_it_says_so(self, scene: Scene) -> None:
        """FAILED with ``absent``: the one answer after which the same command may be sent again (A3)."""
        answer = scene.look(scene.command(K.FUND, PRICE))
        assert (answer.outcome, answer.absent) == (Outcome.FAILED, True), f"of nothing it says {answer}"

    def test_looking_moves_nothing(self, scene: Scene) -> None:
        """A look-up only looks."""
        command, _ = scene.fund()
        scene.look(command)
        scene.look(scene.command(K.RELEASE, WORK))
        assert scene.moved() == []


class Repeating(PaymentKit):
    """One key, one effect, whatever gets lost."""

    def test_asking_twice_for_a_payment_is_one_payment(self, scene: Scene) -> None:
        """The same key before and after it is paid: one charge (A2, D4)."""
        self.holding(scene)
        command, answer = scene.fund()
        scene.ask(command)
        if answer.outcome is Outcome.PAGE:
            scene.far.pay(command, answer)
        scene.ask(command)
        assert scene.moved("charge") == [("charge", PRICE)]

    @pytest.mark.parametrize("times", [2, 16])
    def test_the_same_key_again_is_one_effect(self, scene: Scene, times: int) -> None:
        """RELEASE, REFUND and PAYOUT, asked any number of times (D1)."""
        self.holding(scene)
        paid = scene.paid(PRICE * 2)
        commands = [scene.out(K.RELEASE, WORK, paid, fee=FEE), scene.out(K.REFUND, PRICE, paid),
                    scene.command(K.PAYOUT, WORK, currency=paid.amount.currency)]  # fmt: skip
        for command in commands:
            for _ in range(times):
                scene.ask(command)
            found = [e.kind for e in scene.far.effects() if e.key == command.key]
            assert len(found) == len(set(found)), f"{command.kind} asked {times} times did {found}"

    def test_the_same_key_is_answered_the_same(self, scene: Scene) -> None:
        """The stored answer, not a new one (L7)."""
        self.holding(scene)
        command = scene.out(K.RELEASE, WORK, scene.paid(), fee=FEE)
        first = scene.ask(command)
        assert scene.ask(command) == first, "asked again it answers otherwise"
        assert scene.look(command) == first, "looked up it answers otherwise"

    def test_what_is_alike_under_another_key_is_done_too(self, scene: Scene) -> None:
        """The key says what is the same, and nothing else does: two payouts of one amount are two."""
        self.holding(scene)
        paid = scene.paid()
        scene.ask(scene.out(K.RELEASE, WORK, paid, fee=FEE))
        asked = [scene.command(K.PAYOUT, WORK // 2, currency=paid.amount.currency) for _ in range(2)]
        one, other = (scene.ask(command) for command in asked)
        assert scene.moved("payout") == [("payout", WORK // 2)] * 2, "of two payouts that are alike one was done"
        assert one.reference != other.reference, "the second payout is answered with the first"

    def test_a_look_up_finds_its_own_command_alone(self, scene: Scene) -> None:
        """Of one that was never sent it says so, whatever else was done to the same hold, people and amount (A3)."""
        self.holding(scene)
        paid = scene.paid(PRICE * 2)
        asked: list[tuple[CommandKind, int, dict[str, int]]] = [
            (K.RELEASE, WORK, {"fee": FEE}),
            (K.REFUND, PRICE, {}),
            (K.PAYOUT, WORK, {}),
            (K.FUND, PRICE * 2, {}),
        ]
        for kind, amount, more in asked:
            done, never = (
                scene.command(kind, amount, of=paid.key if kind in (K.RELEASE, K.REFUND) else "",
                              currency=paid.amount.currency, **more) for _ in range(2)
            )  # fmt: skip
            if kind is not K.FUND:
                scene.ask(done)
            answer = scene.look(never)
            assert (answer.outcome, answer.absent) == (Outcome.FAILED, True), f"of a {kind} never sent it says {answer}"

    def test_the_same_key_for_something_else_moves_nothing(self, scene: Scene) -> None:
        """An alarm, never a second effect (A9)."""
        self.holding(scene)
        paid = scene.paid(PRICE * 2)
        command = scene.out(K.RELEASE, WORK, paid, fee=FEE)
        scene.ask(command)
        before = scene.moved()
        other = scene.ask(scene.out(K.RELEASE, WORK - 1, paid, fee=FEE, key=command.key))
        assert scene.moved() == before, "one key paid two different amounts"
        assert not (other.outcome is Outcome.CONFIRMED and other.amount == WORK - 1), "it confirms what it did not do"

    def test_a_lost_answer_is_found_after_a_restart(self, scene: Scene) -> None:
        """Nothing that matters lives in memory: built anew it knows what it did (E1)."""
        self.holding(scene)
        command = scene.out(K.RELEASE, WORK, scene.paid(), fee=FEE)
        first = scene.ask(command)
        scene.build()
        assert scene.look(command) == first, "after a restart it does not know what it did"

    def test_after_a_lost_answer_asking_again_is_one_effect(self, scene: Scene) -> None:
        """Sent, done, never heard of: the same key again does nothing more."""
        self.holding(scene)
        command = scene.out(K.REFUND, PRICE, scene.paid())
        scene.ask(command)
        scene.build()
        scene.ask(command)
        assert scene.moved("refund") == [("refund", PRICE)]

    @pytest.mark.parametrize("fault", ["lost", "html", "empty", "broken", "error"])
    def test_an_answer_that_says_nothing_is_unknown(self, scene: Scene, fault: str) -> None:
        """A time-out after it was sent, a page, half a JSON, a 500: never FAILED, never CONFIRMED (A2, A4, A5, A11)."""
        self.calling(scene)
        paid = scene.paid()
        scene.line.fault = fault
        for command in (scene.out(K.RELEASE, WORK, paid, fee=FEE), scene.command(K.FUND, PRICE)):
            found = scene.ask(command).outcome
            assert found is Outcome.UNKNOWN, f"{command.kind} over a line that is {fault!r} is {found}"

    @pytest.mark.parametrize("fault", ["lost", "error"])
    def test_what_was_done_behind_a_lost_answer_is_found(self, scene: Scene, fault: str) -> None:
        """The look-up afterwards tells what truly happened, and asking again moves nothing more."""
        self.calling(scene)
        command = scene.out(K.RELEASE, WORK, scene.paid(), fee=FEE)
        scene.line.fault, scene.line.reads = fault, False
        scene.ask(command)
        scene.line.fault = "ok"
        assert scene.look(command).outcome is Outcome.CONFIRMED, "a look-up does not find what was done"
        scene.ask(command)
        assert scene.moved("transfer") == [("transfer", WORK)]

    @pytest.mark.parametrize("fault", ["dead", "lost", "html", "error", "busy"])
    def test_a_look_up_without_an_answer_says_nothing(self, scene: Scene, fault: str) -> None:
        """Silence is no proof: FAILED with ``absent`` would have the money sent twice."""
        self.calling(scene)
        command = scene.out(K.RELEASE, WORK, scene.paid(), fee=FEE)
        scene.ask(command)
        scene.line.fault = fault
        found = scene.look(command)
        assert found.outcome is Outcome.UNKNOWN, f"over a line that is {fault!r} the look-up says {found.outcome}"

    def test_a_busy_service_has_refused_nothing(self, scene: Scene) -> None:
        """429 is not a no: the command waits, and later the same key is done once (A7)."""
        self.calling(scene)
        command = scene.out(K.RELEASE, WORK, scene.paid(), fee=FEE)
        scene.line.fault = "busy"
        assert scene.ask(command).outcome is not Outcome.FAILED, "429 became a definitive no"
        scene.line.fault = "ok"
        scene.ask(command)
        assert scene.moved("transfer") == [("transfer", WORK)]
