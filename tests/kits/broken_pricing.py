"""Pricing rules, each broken on purpose in one way, and one that is not."""

from datetime import date

from marketwright.plugin import Line, LineKind, Money, Note, Override, PricingRule, share_bps
from marketwright.testing import PricingRuleConformance


class Fair(PricingRule):
    """Seven percent of the work."""

    name = "fair"
    bps = 700

    def lines(self, quote):
        if quote.deal.own_network:
            return []
        return [self.line(quote, n, p) for n, p in enumerate(quote.deal.parts)]

    def line(self, quote, n, part):
        return Line(LineKind.FREELANCER_FEE, "Commission, %(rate)s", self.amount(quote, part), n, bps=self.bps,
                    **self.more(part))  # fmt: skip

    def amount(self, quote, part):
        return Money(share_bps(part.work.amount, self.bps), quote.deal.currency)

    def more(self, part):
        return {}


class TestFair(PricingRuleConformance):
    strategy = Fair


class ByAmount(Fair):
    """Without a rate, so that only the amount speaks."""

    def line(self, quote, n, part):
        return Line(LineKind.FREELANCER_FEE, "Commission", self.amount(quote, part), n, **self.more(part))


class NoName(Fair):
    """It is called what nobody could write in a file."""

    name = "No Name"


class TestNoName(PricingRuleConformance):
    strategy = NoName
    caught_by = "test_it_says_what_it_is_called"


class Undescribed(Fair):
    pass


class TestUndescribed(PricingRuleConformance):
    strategy = Undescribed
    caught_by = "test_its_first_line_says_what_it_does"


class Generator(Fair):
    """A generator instead of a list."""

    def lines(self, quote):
        return iter(super().lines(quote))


class TestGenerator(PricingRuleConformance):
    strategy = Generator
    caught_by = "test_it_answers_a_list_of_lines_for_every_deal"


class AddsWork(Fair):
    """It sells hours nobody asked for."""

    def lines(self, quote):
        return [*super().lines(quote), Line(LineKind.WORK, "Extra hours", Money(1000, quote.deal.currency), 0)]


class TestAddsWork(PricingRuleConformance):
    strategy = AddsWork
    caught_by = "test_it_adds_fees_and_taxes_only"


class BareNumber(ByAmount):
    """A float where money should be."""

    def amount(self, quote, part):
        return part.work.amount * 0.07


class TestBareNumber(PricingRuleConformance):
    strategy = BareNumber
    caught_by = "test_every_amount_is_money"


class AlwaysEuro(Fair):
    """Euro, whatever the deal."""

    def amount(self, quote, part):
        return Money(share_bps(part.work.amount, self.bps), "EUR")


class TestAlwaysEuro(PricingRuleConformance):
    strategy = AlwaysEuro
    caught_by = "test_every_amount_is_in_the_currency_of_the_deal"


class Discount(ByAmount):
    """A negative line as a discount."""

    def amount(self, quote, part):
        return Money(-1, quote.deal.currency)


class TestDiscount(PricingRuleConformance):
    strategy = Discount
    caught_by = "test_it_never_takes_away"


class OneTooFar(ByAmount):
    """Parts counted from one."""

    def lines(self, quote):
        found = super().lines(quote)
        return [Line(ln.kind, ln.label, Money(0, quote.deal.currency), ln.part + 1) for ln in found]

    def amount(self, quote, part):
        return Money(0, quote.deal.currency)


class TestOneTooFar(PricingRuleConformance):
    strategy = OneTooFar
    caught_by = "test_every_line_belongs_to_a_part"


class RoundsDown(Fair):
    """Rounded here, and otherwise than anywhere else."""

    def amount(self, quote, part):
        return Money(part.work.amount * self.bps // 10_000, quote.deal.currency)


class TestRoundsDown(PricingRuleConformance):
    strategy = RoundsDown
    caught_by = "test_a_rate_that_is_shown_is_the_rate_that_is_charged"


class Greedy(Fair):
    """Half of the work."""

    bps = 5000


class TestGreedy(PricingRuleConformance):
    strategy = Greedy
    caught_by = "test_a_fee_is_a_part_of_the_work_and_not_more"


class ChargesFriends(Fair):
    """A commission from people who knew each other."""

    def lines(self, quote):
        return [self.line(quote, n, p) for n, p in enumerate(quote.deal.parts)]


class TestChargesFriends(PricingRuleConformance):
    strategy = ChargesFriends
    caught_by = "test_people_who_met_elsewhere_pay_no_fee"


class EveryOther(Fair):
    """Free every second time."""

    asked = 0

    def lines(self, quote):
        self.asked += 1
        return super().lines(quote) if self.asked % 2 else []


class TestEveryOther(PricingRuleConformance):
    strategy = EveryOther
    caught_by = "test_the_same_quote_gives_the_same_lines"


class HappyHour(Fair):
    """Another price another year."""

    def lines(self, quote):
        return super().lines(quote) if self.desk.clock.business().year == 2026 else []


class TestHappyHour(PricingRuleConformance):
    strategy = HappyHour
    caught_by = "test_the_clock_changes_nothing"


class LooksAtTheFirst(ByAmount):
    """A share of whatever line happens to come first."""

    def lines(self, quote):
        first = quote.lines[0].amount.amount
        return [] if quote.deal.own_network else [
            Line(LineKind.FREELANCER_FEE, "Commission", Money(min(first // 100, 1), quote.deal.currency),
                 quote.lines[0].part)
        ]  # fmt: skip


class TestLooksAtTheFirst(PricingRuleConformance):
    strategy = LooksAtTheFirst
    caught_by = "test_the_order_of_the_lines_before_changes_no_sum"


class Unfilled(Fair):
    """A sentence with a hole."""

    def more(self, part):
        return {"why": "rule “%(rule)s”"}


class TestUnfilled(PricingRuleConformance):
    strategy = Unfilled
    caught_by = "test_every_line_has_a_label_whose_places_are_filled"


class WritesFloats(Fair):
    """A number that no reader's way knows."""

    def more(self, part):
        return {"why": "share %(share)s", "params": {"share": 0.07}}


class TestWritesFloats(PricingRuleConformance):
    strategy = WritesFloats
    caught_by = "test_what_fills_a_label_is_shown_in_the_readers_way"


class UnfilledNote(Fair):
    """A note with a hole."""

    def more(self, part):
        return {"notes": (Note("%(rate)s less with the code %(code)s", {"code": "SPRING"}),)}


class TestUnfilledNote(PricingRuleConformance):
    strategy = UnfilledNote
    caught_by = "test_every_line_has_a_label_whose_places_are_filled"


class SelfWilled(Fair):
    """An exception that nobody signed."""

    bps = 2000

    def more(self, part):
        return {"override": Override("", date(2026, 6, 1), "because")}


class TestSelfWilled(PricingRuleConformance):
    strategy = SelfWilled
    caught_by = "test_an_exception_to_the_bounds_is_signed"


class WrongSign(Fair):
    """A code that adds what it should take off."""

    def lines(self, quote):
        self.bps = 700 + sum(voucher.bps for voucher in quote.deal.vouchers)
        return super().lines(quote)


class TestWrongSign(PricingRuleConformance):
    strategy = WrongSign
    caught_by = "test_a_code_makes_no_fee_larger"
