"""What a provider declares beyond moving money: each flag opens tests, and one that lies fails them, either way."""

from datetime import timedelta

import pytest

from marketwright.strategies.payments import Command, CommandKind, Fact, FactKind, Outcome
from marketwright.testing.kits.payments.frame import FEE, PRICE, WORK, PaymentKit, Scene

K, F = CommandKind, FactKind
STRANGER = "freelancer9"
DEEDS = {  # by flag: what a bank does, and the fact that tells of it
    "disputes": ("dispute", F.DISPUTE_OPENED), "late_failures": ("take_back", F.FUNDING_FAILED),
    "payout_returns": ("return_payout", F.PAYOUT_RETURNED), "arrivals": ("arrive", F.ARRIVED),
}  # fmt: skip


class Promising(PaymentKit):
    """Onboarding, refunds after release, bounds, and what banks do unasked."""

    def declares(self, scene: Scene, flag: str) -> bool:
        """Whether the provider declares ``flag``."""
        return bool(getattr(scene.provider.capabilities, flag))

    def plays(self, scene: Scene, deed: str, command: Command) -> bool:
        """Let a bank do ``deed``; false where the far side plays none."""
        try:
            scene.far.bank(deed, command)
        except NotImplementedError:
            return False
        return True

    def facts(self, scene: Scene) -> list[Fact]:
        """All that the provider tells, by messages and by a window."""
        now, hour = scene.clock.business(), timedelta(hours=1)
        told = list(scene.heard()) if scene.inbox is not None else []
        return [*told, *scene.provider.objects(now - hour, now + hour)]

    def listed(self, scene: Scene, kind: FactKind) -> set[str]:
        """The keys of what of ``kind`` a window lists, whatever messages told."""
        now, hour = scene.clock.business(), timedelta(hours=1)
        return {f.key for f in scene.provider.objects(now - hour, now + hour) if f.kind is kind}

    def subject(self, scene: Scene, flag: str) -> Command:
        """What a deed of ``flag`` is about: a payment that came in or is waited for, or a payout that has left."""
        if flag == "arrivals":
            return scene.fund()[0]
        paid = scene.paid()
        if flag != "payout_returns" or not scene.provider.capabilities.holds:
            return paid
        scene.ask(scene.out(K.RELEASE, WORK, paid, fee=FEE))
        payout = scene.command(K.PAYOUT, WORK, currency=paid.amount.currency)
        scene.ask(payout)
        return payout

    @pytest.mark.parametrize("flag", sorted(DEEDS))
    def test_what_a_bank_does_is_told_where_it_says_so(self, scene: Scene, flag: str) -> None:
        """A dispute, a debit taken back, a payout returned, money by transfer: each under the key it is about (G3)."""
        if not self.declares(scene, flag):
            pytest.skip(f"it does not declare {flag}")
        deed, kind = DEEDS[flag]
        command = self.subject(scene, flag)
        assert self.plays(scene, deed, command), f"it declares {flag}, and its far side's bank plays no {deed}"
        told = {(f.key, f.answer.outcome) for f in self.facts(scene) if f.kind is kind}
        assert (command.key, Outcome.CONFIRMED) in told, f"after a {deed} it tells {told} of kind {kind}"

    @pytest.mark.parametrize("flag", sorted(DEEDS))
    def test_what_a_bank_does_is_listed_though_no_message_told_it(self, scene: Scene, flag: str) -> None:
        """A message can be lost: what it would have told is in a window all the same (B5)."""
        if not self.declares(scene, flag):
            pytest.skip(f"it does not declare {flag}")
        deed, kind = DEEDS[flag]
        command = self.subject(scene, flag)
        assert self.plays(scene, deed, command), f"it declares {flag}, and its far side's bank plays no {deed}"
        assert command.key in self.listed(scene, kind), f"after a {deed} no window lists {kind}"

    def test_what_a_bank_only_asks_is_listed_to_its_end(self, scene: Scene) -> None:
        """An inquiry moves nothing, so no balance shows it; it freezes the deal until its end is heard of (B5)."""
        if not self.declares(scene, "disputes"):
            pytest.skip("it does not declare disputes")
        paid = scene.paid()
        if not self.plays(scene, "inquire", paid):
            pytest.skip("its far side's bank plays no inquire")
        assert paid.key in self.listed(scene, F.DISPUTE_OPENED), "while the bank asks no window lists it"
        assert self.plays(scene, "win", paid), "it declares disputes, and its far side's bank plays no win"
        assert paid.key in self.listed(scene, F.DISPUTE_WON), "once the bank has done asking no window lists it"

    def test_what_was_done_with_money_that_a_bank_takes_back_later_was_done(self, scene: Scene) -> None:
        """A look-up that denies it has it done again out of the next payment (A2)."""
        if not self.declares(scene, "late_failures") or not scene.provider.capabilities.holds:
            pytest.skip("it does not declare late_failures, or holds nothing")
        paid = scene.paid()
        release = scene.out(K.RELEASE, WORK, paid, fee=FEE)
        scene.ask(release)
        assert self.plays(scene, "take_back", paid), "it declares late_failures, and no bank of it takes money back"
        for answer in (scene.look(release), scene.ask(release)):
            assert answer.outcome is Outcome.CONFIRMED, f"a release that was done is {answer.outcome} afterwards"
        assert scene.moved("transfer") == [("transfer", WORK)]

    @pytest.mark.parametrize("flag", sorted(DEEDS))
    def test_it_tells_nothing_that_it_does_not_declare(self, scene: Scene, flag: str) -> None:
        """A fact without its flag meets a core that was told it would never come."""
        deed, kind = DEEDS[flag]
        if self.declares(scene, flag):
            pytest.skip(f"it declares {flag}")
        self.plays(scene, deed, self.subject(scene, flag))
        assert not [f for f in self.facts(scene) if f.kind is kind], f"it tells of {kind} and does not declare {flag}"

    @pytest.mark.parametrize(("deed", "kind"), [("win", F.DISPUTE_WON), ("lose", F.DISPUTE_LOST)])
    def test_a_dispute_ends_under_its_own_name(self, scene: Scene, deed: str, kind: FactKind) -> None:
        """Won or lost, it carries the reference under which it was opened."""
        if not self.declares(scene, "disputes"):
            pytest.skip("it does not declare disputes")
        paid = scene.paid()
        self.plays(scene, "dispute", paid)
        opened = {f.answer.reference for f in self.facts(scene) if f.kind is F.DISPUTE_OPENED}
        assert self.plays(scene, deed, paid), f"it declares disputes, and its far side's bank plays no {deed}"
        ended = {f.answer.reference for f in self.facts(scene) if f.kind is kind and f.key == paid.key}
        assert ended, f"after a {deed} it tells nothing of kind {kind}"
        assert ended <= opened, f"the dispute {opened} ends as {ended}"

    def test_a_fact_told_twice_is_one_fact(self, scene: Scene) -> None:
        """J2: what a bank did has one id, by message and by window, today and tomorrow."""
        flag = next((f for f in sorted(DEEDS) if self.declares(scene, f)), "")
        if not flag:
            pytest.skip("it declares nothing that banks do")
        deed, kind = DEEDS[flag]
        self.plays(scene, deed, self.subject(scene, flag))
        first = {f.id for f in self.facts(scene) if f.kind is kind}
        again = {f.id for f in self.facts(scene) if f.kind is kind}
        assert len(first) == 1, f"one {deed} has the ids {first}"
        assert first == again, f"asked again the same {deed} is {again}"

    def test_payees_are_asked_who_they_are_where_it_says_so(self, scene: Scene) -> None:
        """``onboarding``: ONBOARD gives a page, or says what is missing; without the flag it gives no page."""
        answer = scene.ask(scene.command(K.ONBOARD, 0, payee=STRANGER, country="FR", language="en", hold=""))
        if not self.declares(scene, "onboarding"):
            assert not answer.page, "it sends payees to a page and does not declare onboarding"
            return
        waits = answer.outcome is Outcome.PAGE or (answer.outcome is Outcome.WAITING and answer.missing)
        assert waits, f"it declares onboarding, and of a stranger it says {answer.outcome} and misses {answer.missing}"
        assert bool(answer.page) == (answer.outcome is Outcome.PAGE), "a page goes with PAGE, and with nothing else"

    def test_one_payee_is_one_account(self, scene: Scene) -> None:
        """Asked with two keys it opens one, and asking moves nothing."""
        if not self.declares(scene, "onboarding"):
            pytest.skip("it does not declare onboarding")
        asked = [scene.command(K.ONBOARD, 0, payee=STRANGER, country="FR", language="en", hold="") for _ in range(2)]
        first, second = (scene.ask(command).reference for command in asked)
        assert first == second, f"one payee is {first} and {second}"
        assert scene.moved() == []

    def test_nobody_is_paid_before_they_are_known(self, scene: Scene) -> None:
        """With ``onboarding`` a release to a stranger moves nothing."""
        if not self.declares(scene, "onboarding"):
            pytest.skip("it does not declare onboarding")
        answer = scene.ask(scene.out(K.RELEASE, WORK, scene.paid(), fee=FEE, payee=STRANGER))
        assert answer.outcome is not Outcome.CONFIRMED, "it pays somebody whom it does not know"
        assert scene.moved("transfer") == []

    def test_released_money_comes_back_where_it_says_so(self, scene: Scene) -> None:
        """``refund_after_release``: a REFUND with ``reclaim`` takes it from the freelancer's balance (G1)."""
        self.holding(scene)
        paid = scene.paid()
        scene.ask(scene.out(K.RELEASE, WORK, paid, fee=FEE))
        answer = scene.ask(scene.out(K.REFUND, WORK, paid, reclaim=WORK))
        done, said = answer.outcome is Outcome.CONFIRMED, self.declares(scene, "refund_after_release")
        assert done == said, f"it declares refund_after_release={said}, and such a refund is confirmed: {done}"
        assert scene.moved("refund") == ([("refund", WORK)] if said else [])

    def test_a_released_refund_takes_no_more_than_there_is(self, scene: Scene) -> None:
        """Asked once more than there was, no more goes back to the client than they paid."""
        if not self.declares(scene, "refund_after_release"):
            pytest.skip("it does not declare refund_after_release")
        paid = scene.paid()
        scene.ask(scene.out(K.RELEASE, WORK, paid, fee=FEE))
        scene.ask(scene.out(K.REFUND, WORK, paid, reclaim=WORK))
        scene.ask(scene.out(K.REFUND, WORK, paid, reclaim=WORK))
        back = sum(amount for _, amount in scene.moved("refund"))
        assert back <= PRICE, f"{back} went back of {PRICE}"

    def test_its_bounds_are_bounds(self, scene: Scene) -> None:
        """``least`` and ``most``: a payment outside of them is refused, one at the least is not."""
        can = scene.provider.capabilities
        assert 1 <= can.least <= can.most, f"least is {can.least}, most {can.most}"
        if not can.holds:
            return
        assert scene.fund(can.least)[1].outcome is not Outcome.FAILED, f"it refuses its own least, {can.least}"
        if can.least > 1:
            answer = scene.fund(can.least - 1)[1]
            assert answer.outcome in (Outcome.FAILED, Outcome.UNKNOWN), f"it takes {can.least - 1}, under its least"

    def test_a_key_is_known_as_long_as_it_says(self, scene: Scene) -> None:
        """``key_hours``: an hour before they are over the same key again is still one effect (A10)."""
        self.holding(scene)
        command = scene.out(K.RELEASE, WORK, scene.paid(PRICE * 2), fee=FEE)
        scene.ask(command)
        hours = scene.provider.capabilities.key_hours
        assert hours >= 0, f"key_hours is {hours}"
        scene.clock.move(timedelta(hours=(hours or 24 * 30) - 1))
        scene.ask(command)
        assert scene.moved("transfer") == [("transfer", WORK)], f"within its {hours} hours a key was forgotten"
