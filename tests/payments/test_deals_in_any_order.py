"""A state machine plays deals in any order, a model ledger beside ours: faults, duplicates, late money, disputes."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from marketwright.features.payments import service
from marketwright.features.payments.amounts import Amounts, Cut, refund_cut, release_cut, split_cut
from marketwright.features.payments.inbox import take_fact
from marketwright.kernel.actors import system
from marketwright.kernel.errors import Conflict
from marketwright.kernel.money import share_bps
from marketwright.strategies.payments import CommandKind
from marketwright_sandbox.deeds import Deeds as Doings

K = CommandKind
NOTHING = Cut(0, 0, 0, 0)
WHICH = st.integers(0, 7)
FAULTS = st.sampled_from(("none", "none", "before", "after"))
ACCOUNTS = ("psp_clearing", "revenue", "vat_collected", "payable:freelancer1", "refundable:client1")


def priced(work):
    """A price with 3 % from the client, 7 % from the freelancer, and tax on all of it."""
    fees = [share_bps(work, bps) for bps in (300, 700)]
    return Amounts("EUR", work, share_bps(work, 2000), fees[0], share_bps(fees[0], 2000), fees[1],
                   share_bps(fees[1], 2000))  # fmt: skip


@dataclass
class Deal:
    """What the model knows: where the money must be once everything is told."""

    hold: str
    amounts: Amounts
    state: str = "NONE"
    funding: str = ""
    left: str = ""  # the funding that was given up last
    cut: Cut = NOTHING
    frozen: bool = False
    disturbed: bool = False  # a bank had a say: the rules of the ledger are what is held then


class Deals(RuleBasedStateMachine):
    """People, provider and bank, each at any time."""

    till = None

    def __init__(self):
        super().__init__()
        self.looked = set()  # pages looked at since somebody was there last
        self.deals, self.before = [], Counter({a: self.till.balance(a) for a in ACCOUNTS})

    def deal(self, which):
        return self.deals[which % len(self.deals)]

    def ask(self, command, fault="none"):
        """Ask the provider, with a line that breaks before or after it was heard."""

        def breaking(*_):
            self.till.wire.before, self.till.wire.after = lambda *_: None, lambda _verb, _command, answer: answer
            raise TimeoutError

        if fault == "before":
            self.till.wire.before = breaking
        elif fault == "after":
            self.till.wire.after = breaking
        self.till.run(command)
        self.till.wire.before, self.till.wire.after = lambda *_: None, lambda _verb, _command, answer: answer

    def pay(self, command, way="pay"):
        self.till.pay(command, way)
        self.looked.discard(command)

    def try_reserve(self, deal, kind, fault, **how):
        """Reserve and ask; whether it was granted, which it must be exactly where the model says."""
        self.settle()
        allowed = not deal.frozen and deal.state == ("NONE" if kind is K.FUND else "FUNDED")
        try:
            command = self.till.reserve(deal.hold, kind, **how)
        except Conflict:
            assert not allowed or deal.disturbed, f"{kind} is refused in {deal.state}"
            return ""
        assert allowed or deal.disturbed, f"{kind} is granted in {deal.state}, frozen {deal.frozen}"
        self.ask(command, fault)
        return command

    def settle(self):
        """Everything that is on its way arrives."""
        for _ in range(3):  # a release brings its payout
            waiting = [c for c in self.till.open_commands() if str(c.state) != "PAGE" or c.id not in self.looked]
            self.looked |= {c.id for c in waiting}
            for row in waiting:
                self.till.run(row.id)
            if not waiting:
                return

    @rule(work=st.integers(100, 10_000_000))
    def agree(self, work):
        amounts = priced(work)
        self.deals.append(Deal(self.till.open(amounts=amounts), amounts))

    @precondition(lambda self: self.deals)
    @rule(which=WHICH, fault=FAULTS, way=st.sampled_from(("pay", "pay", "pay", "decline", "wait")))
    def pay_in(self, which, fault, way):
        deal = self.deal(which)
        command = self.try_reserve(deal, K.FUND, fault)
        if not command or deal.disturbed:
            return
        deal.state, deal.funding = "FUNDING", command
        self.ask(command)
        if way != "wait":
            self.pay(command, way)
            deal.state = "FUNDED" if way == "pay" else "NONE"

    @precondition(lambda self: self.deals)
    @rule(which=WHICH)
    def leave_the_page(self, which):
        deal = self.deal(which)
        if deal.state == "FUNDING":
            assert service.give_up(self.till, deal.funding)
            deal.state, deal.left = "NONE", deal.funding

    @precondition(lambda self: self.deals)
    @rule(which=WHICH, late=st.booleans())
    def pay_on_an_open_page(self, which, late):
        """A page that waits, or one that was given up: what comes too late goes back by itself."""
        deal = self.deal(which)
        if late and deal.left:
            self.pay(deal.left)
            self.ask(deal.left)
            deal.left = ""
        elif deal.state == "FUNDING":
            self.pay(deal.funding)
            deal.state = "FUNDED"

    @precondition(lambda self: self.deals)
    @rule(which=WHICH, fault=FAULTS, kind=st.sampled_from((K.RELEASE, K.REFUND, K.SPLIT)), share=st.floats(0.01, 0.99))
    def let_it_go(self, which, fault, kind, share):
        deal = self.deal(which)
        back = max(1, int(deal.amounts.client_pays * share)) if kind is K.SPLIT else 0
        cut = {K.RELEASE: release_cut, K.REFUND: refund_cut}.get(kind, lambda a: split_cut(a, back))(deal.amounts)
        if cut.paid < 1 and kind is K.SPLIT:
            return
        if self.try_reserve(deal, kind, fault, refund=back) and not deal.disturbed:
            deal.state, deal.cut = "SETTLED", cut

    @precondition(lambda self: self.deals)
    @rule(which=WHICH, on=st.booleans())
    def freeze_or_thaw(self, which, on):
        deal = self.deal(which)
        if deal.disturbed:
            return
        with self.till.database.unit(system("tests")) as uow:
            (service.freeze if on else service.thaw)(uow, hold=deal.hold, reason="a case")
            uow.commit()
        deal.frozen = on

    @precondition(lambda self: self.deals)
    @rule(which=WHICH, seed=st.integers(0, 999))
    def hear_everything_again(self, which, seed):
        """All facts so far, in any order, and every command of one deal asked once more."""
        facts = self.till.facts()[-40:]
        Random(seed).shuffle(facts)
        entry = self.till.plugins.payment_providers["sandbox"]
        for fact in facts:
            take_fact(self.till, entry, fact)
        for row in self.till.commands(self.deal(which).hold):
            self.till.run(row.id)

    @precondition(lambda self: self.deals)
    @rule(which=WHICH, deed=st.sampled_from(("dispute", "take_back", "return_payout")),
          end=st.sampled_from(("win", "lose", "")))  # fmt: skip
    def let_a_bank_speak(self, which, deed, end):
        deal = self.deal(which)
        self.settle()
        if deal.state not in ("FUNDED", "SETTLED") or deal.disturbed:
            return
        payout = next((c.id for c in self.till.commands(deal.hold) if c.kind is K.PAYOUT), "")
        key = payout if deed == "return_payout" else deal.funding
        if not key:
            return
        deal.disturbed = True
        with suppress(ValueError):
            reference = Doings(self.till.wire.sandbox.books).do(deed, key)
            if deed == "dispute" and end:
                Doings(self.till.wire.sandbox.books).do(end, reference)

    @rule()
    def compare(self):
        """Everything has arrived: the ledger, its rules and the model agree."""
        self.settle()
        self.hear_all()
        assert self.till.findings() == []
        for deal in self.deals:
            if not deal.disturbed:
                self.same(deal)
        if not any(d.disturbed for d in self.deals):
            self.books()

    def hear_all(self):
        entry = self.till.plugins.payment_providers["sandbox"]
        for fact in self.till.facts()[-60:]:
            take_fact(self.till, entry, fact)
        self.settle()

    def same(self, deal):
        held = self.till.hold(deal.hold)
        whole = deal.amounts.client_pays if deal.state == "FUNDED" else 0
        ours = (str(held.state), held.held.amount, held.paid.amount, held.fees.amount, held.fee_taxes.amount,
                held.refunded.amount, held.paid_out.amount)  # fmt: skip
        cut = deal.cut
        assert ours == (deal.state, whole, cut.paid, cut.fees, cut.fee_taxes, cut.refunded, cut.paid)
        assert self.till.balance(f"hold:{deal.hold}") == whole

    def books(self):
        """The model's ledger: nothing is owed, fees are ours, and the rest is held."""
        cuts = [d.cut for d in self.deals]
        fees, taxes = sum(c.fees for c in cuts), sum(c.fee_taxes for c in cuts)
        held = sum(d.amounts.client_pays for d in self.deals if d.state == "FUNDED")
        now = {a: self.till.balance(a) - self.before[a] for a in ACCOUNTS}
        assert now == {"psp_clearing": held + fees + taxes, "revenue": fees, "vat_collected": taxes,
                       "payable:freelancer1": 0, "refundable:client1": 0}  # fmt: skip

    def teardown(self):
        self.compare()


def play(till, examples, steps):
    Deals.till = till
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(Deals, settings=settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True, suppress_health_check=quiet,
        database=None,
    ))  # fmt: skip


def test_deals_in_any_order_agree_with_a_model_ledger(till):
    play(till, 8, 12)


@pytest.mark.slow
def test_many_deals_in_any_order_agree_with_a_model_ledger(till):
    play(till, 60, 25)


