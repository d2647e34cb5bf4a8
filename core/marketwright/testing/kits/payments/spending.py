"""Money going out: nothing beyond what is held, of nobody else, refusing what the flags deny."""

from datetime import timedelta

import pytest

from marketwright.strategies.payments import Answer, CommandKind, Outcome
from marketwright.testing.kits.payments.frame import FEE, PRICE, WORK, PaymentKit, Scene

K = CommandKind


class Spending(PaymentKit):
    """Money going out, and never more than came in."""

    def confirmed(self, scene: Scene, *asked: object) -> list[Outcome]:
        """The outcome of each command in turn."""
        return [scene.ask(command).outcome for command in asked]  # type: ignore[arg-type]

    def refused(self, answer: Answer, what: str) -> None:
        """A definitive no, with a reason."""
        assert answer.outcome is Outcome.FAILED, f"{what} is answered {answer.outcome}"
        assert answer.reason.strip(), f"{what} is refused without a reason"

    def test_a_release_pays_the_freelancer_and_the_fee(self, scene: Scene) -> None:
        """``amount`` to the one, ``fee`` to the other, confirmed with the amount."""
        self.holding(scene)
        answer = scene.ask(scene.out(K.RELEASE, WORK, scene.paid(), fee=FEE))
        assert (answer.outcome, answer.amount) == (Outcome.CONFIRMED, WORK), f"a release is answered {answer}"
        assert scene.moved("transfer", "fee") == [("transfer", WORK), ("fee", FEE)]

    def test_a_refund_goes_back_to_the_client(self, scene: Scene) -> None:
        """All of it."""
        self.holding(scene)
        answer = scene.ask(scene.out(K.REFUND, PRICE, scene.paid()))
        assert (answer.outcome, answer.amount) == (Outcome.CONFIRMED, PRICE), f"a refund is answered {answer}"
        assert scene.moved("refund") == [("refund", PRICE)]

    def test_a_split_goes_three_ways(self, scene: Scene) -> None:
        """One decision, one command: to the freelancer, to the marketplace, back to the client."""
        self.holding(scene)
        answer = scene.ask(scene.out(K.SPLIT, 50_000, scene.paid(), fee=10_000, refund=40_000))
        assert answer.outcome is Outcome.CONFIRMED, f"a split is answered {answer}"
        assert scene.moved("transfer", "fee", "refund") == [("transfer", 50_000), ("fee", 10_000), ("refund", 40_000)]

    def test_a_payout_leaves_the_freelancers_balance(self, scene: Scene) -> None:
        """What was released to them may leave for their bank."""
        self.holding(scene)
        paid = scene.paid()
        scene.ask(scene.out(K.RELEASE, WORK, paid, fee=FEE))
        answer = scene.ask(scene.command(K.PAYOUT, WORK, currency=paid.amount.currency))
        assert answer.outcome is Outcome.CONFIRMED, f"a payout is answered {answer}"
        assert scene.moved("payout") == [("payout", WORK)]

    def test_no_more_is_released_than_was_paid_in(self, scene: Scene) -> None:
        """One unit too many is a definitive no, and nothing moves (E7)."""
        self.holding(scene)
        answer = scene.ask(scene.out(K.RELEASE, WORK + 1, scene.paid(), fee=FEE))
        self.refused(answer, "more than is held")
        assert scene.moved("transfer", "fee") == []

    def test_no_more_is_refunded_than_was_paid_in(self, scene: Scene) -> None:
        """Over-refund, in one go and in two (E7, G8)."""
        self.holding(scene)
        paid = scene.paid()
        self.refused(scene.ask(scene.out(K.REFUND, PRICE + 1, paid)), "an over-refund")
        scene.ask(scene.out(K.REFUND, PRICE, paid))
        self.refused(scene.ask(scene.out(K.REFUND, 1, paid)), "a second refund")
        assert scene.moved("refund") == [("refund", PRICE)]

    def test_what_is_refused_is_not_half_done(self, scene: Scene) -> None:
        """A split of more than there is pays nobody, and not the first of the three either."""
        self.holding(scene)
        answer = scene.ask(scene.out(K.SPLIT, 50_000, scene.paid(), fee=10_000, refund=40_001))
        self.refused(answer, "a split of more than is held")
        assert scene.moved("transfer", "fee", "refund") == []

    def test_no_more_is_paid_out_than_was_released(self, scene: Scene) -> None:
        """Nobody's balance goes below nothing."""
        self.holding(scene)
        paid = scene.paid()
        scene.ask(scene.out(K.RELEASE, WORK, paid, fee=FEE))
        answer = scene.ask(scene.command(K.PAYOUT, WORK + 1, currency=paid.amount.currency))
        assert answer.outcome is not Outcome.CONFIRMED, "it pays out what nobody released"
        assert scene.moved("payout") == []

    def test_one_freelancers_money_never_pays_another(self, scene: Scene) -> None:
        """Each has a balance of their own."""
        self.holding(scene)
        paid = scene.paid()
        scene.ask(scene.out(K.RELEASE, WORK, paid, fee=FEE))
        answer = scene.ask(scene.command(K.PAYOUT, WORK, currency=paid.amount.currency, payee="freelancer2"))
        assert answer.outcome is not Outcome.CONFIRMED, "it pays one freelancer what was released to another"
        assert scene.moved("payout") == []

    def test_one_currency_never_pays_for_another(self, scene: Scene) -> None:
        """E8: what came in as one currency does not leave as another, though the number is the same."""
        self.holding(scene)
        said = scene.provider.capabilities.currencies
        if len(said) == 1:
            pytest.skip("it declares one currency")
        paid = scene.paid(currency=said[0])
        answer = scene.ask(scene.command(K.RELEASE, WORK, of=paid.key, fee=FEE, currency=said[1]))
        assert answer.outcome is not Outcome.CONFIRMED, f"it releases {said[1]} out of {said[0]}"
        assert scene.moved("transfer", "fee") == []

    def test_released_money_is_not_refunded_as_well(self, scene: Scene) -> None:
        """E4: one of the two."""
        self.holding(scene)
        paid = scene.paid()
        scene.ask(scene.out(K.RELEASE, WORK, paid, fee=FEE))
        self.refused(scene.ask(scene.out(K.REFUND, PRICE, paid)), "a refund of released money")
        assert scene.moved("refund") == []

    def test_one_payment_never_pays_for_another(self, scene: Scene) -> None:
        """Whatever leaves a hold names the payment it came in by (``of``)."""
        self.holding(scene)
        one = scene.paid(1_000, hold="one")
        scene.paid(PRICE, hold="two")
        answer = scene.ask(scene.out(K.RELEASE, WORK, one, fee=FEE, hold="one"))
        assert answer.outcome is not Outcome.CONFIRMED, "it takes from another payment"
        assert scene.moved("transfer") == []

    def test_what_nobody_paid_is_not_released(self, scene: Scene) -> None:
        """A page that was never used, and a payment that never was."""
        self.holding(scene)
        asked, _ = scene.fund()
        for of in (asked, scene.command(K.FUND, PRICE)):
            answer = scene.ask(scene.out(K.RELEASE, WORK, of, fee=FEE))
            assert answer.outcome is not Outcome.CONFIRMED, "it releases what nobody paid"
        assert scene.moved() == []

    def test_parts_are_released_where_it_says_so(self, scene: Scene) -> None:
        """``partial_release``: half and then the rest; without the flag a part is refused."""
        self.holding(scene)
        paid = scene.paid()
        first = scene.ask(scene.out(K.RELEASE, WORK // 2, paid, fee=FEE // 2))
        if not scene.provider.capabilities.partial_release:
            assert first.outcome is not Outcome.CONFIRMED, "it releases a part and does not declare it"
            return
        assert first.outcome is Outcome.CONFIRMED, "it declares partial_release and refuses a part"
        rest = scene.ask(scene.out(K.RELEASE, WORK - WORK // 2, paid, fee=FEE - FEE // 2))
        assert rest.outcome is Outcome.CONFIRMED, "after a part it refuses the rest"

    def test_refunding_after_a_payout_works_only_where_it_says_so(self, scene: Scene) -> None:
        """``refund_after_payout``: the money is at the freelancer's bank already."""
        self.holding(scene)
        paid = scene.paid()
        scene.ask(scene.out(K.RELEASE, WORK, paid, fee=FEE))
        scene.ask(scene.command(K.PAYOUT, WORK, currency=paid.amount.currency))
        done = scene.ask(scene.out(K.REFUND, WORK, paid, reclaim=WORK)).outcome is Outcome.CONFIRMED
        said = scene.provider.capabilities.refund_after_payout
        assert done == said, f"it declares refund_after_payout={said}, and a refund is confirmed: {done}"

    def test_money_is_held_as_long_as_it_says(self, scene: Scene) -> None:
        """E12: the day before ``max_hold_days`` is over it can still be released."""
        self.holding(scene)
        paid = scene.paid()
        scene.clock.move(timedelta(days=scene.provider.capabilities.max_hold_days - 1))
        answer = scene.ask(scene.out(K.RELEASE, WORK, paid, fee=FEE))
        assert answer.outcome is Outcome.CONFIRMED, f"before its days are over a release is {answer.outcome}"

    def test_who_holds_nothing_takes_nothing(self, scene: Scene) -> None:
        """Without ``holds`` a payment into a hold is refused for good, with a reason for people."""
        _, answer = scene.fund()
        if not scene.provider.capabilities.holds:
            assert answer.outcome is Outcome.FAILED, f"it declares that it holds nothing, and answers {answer.outcome}"
            assert answer.reason.strip(), "it gives no reason"

    def test_who_holds_nothing_releases_nothing(self, scene: Scene) -> None:
        """Without ``holds`` a release is refused; with it, it is done."""
        answer = scene.ask(scene.out(K.RELEASE, WORK, scene.paid(), fee=FEE))
        done, said = answer.outcome is Outcome.CONFIRMED, scene.provider.capabilities.holds
        assert done == said, f"it declares holds={said}, and a release is confirmed: {done}"
