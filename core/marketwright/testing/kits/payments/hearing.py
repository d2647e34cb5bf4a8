"""Messages and reconciliation: signed, in any order, any number of times; every object once, balances to the unit."""

import logging
from datetime import timedelta
from itertools import permutations

import pytest

from marketwright.kernel.money import Money
from marketwright.strategies.inbox import BODY, BadMessage, Message
from marketwright.strategies.payments import Answer, Command, CommandKind, Fact, Outcome
from marketwright.testing.kits.payments.frame import FEE, GUESSABLE, PRICE, WORK, PaymentKit, Scene

K = CommandKind
SIGNS = {"charge": 1, "refund": -1, "payout": -1, "cost": -1}


def a_deal(scene: Scene) -> list[Command]:
    """A payment that came in, its release, and a payout: what there is to hear of."""
    paid = scene.paid()
    if not scene.provider.capabilities.holds:
        return [paid]
    release = scene.out(K.RELEASE, WORK, paid, fee=FEE)
    payout = scene.command(K.PAYOUT, WORK // 2, currency=paid.amount.currency)
    for command in (release, payout):
        scene.ask(command)
    return [paid, release, payout]


def every_kind(scene: Scene) -> list[Command]:
    """The same, a payment that went back, and one that was split: all that moves money."""
    done = a_deal(scene)
    if not scene.provider.capabilities.holds:
        return done
    back, split = (scene.paid(hold=name) for name in ("back", "split"))
    more = [scene.out(K.REFUND, PRICE, back, hold="back"),
            scene.out(K.SPLIT, WORK - FEE, split, fee=FEE, refund=FEE, hold="split")]  # fmt: skip
    for command in more:
        scene.ask(command)
    return [*done, back, split, *more]


def gist(fact: Fact) -> tuple[str, str, Outcome, int | None]:
    """What a fact is about."""
    return fact.id, fact.key, fact.answer.outcome, fact.answer.amount


class Hearing(PaymentKit):
    """Messages of the service, for a plugin whose manifest declares an ``inbox``."""

    def test_every_payment_is_told_in_a_message(self, scene: Scene) -> None:
        """A fact with the command's key, CONFIRMED, and the amount."""
        self.telling(scene)
        paid = scene.paid()
        told = [(f.key, f.answer.outcome, f.answer.amount) for f in scene.heard()]
        assert (paid.key, Outcome.CONFIRMED, PRICE) in told, f"of a payment it hears {told}"

    def test_message_and_look_up_agree(self, scene: Scene) -> None:
        """A fact is one fact, whatever its way in."""
        self.telling(scene)
        commands = {c.key: c for c in a_deal(scene)}
        for fact in scene.heard():
            if fact.key in commands:
                found = scene.look(commands[fact.key])
                said = (fact.answer.outcome, fact.answer.amount)
                assert said == (found.outcome, found.amount), f"a message says {said}, a look-up {found}"

    @pytest.mark.parametrize("how", ["altered", "unsigned", "guessed", "truncated"])
    def test_a_message_that_its_sender_did_not_sign_is_refused(self, scene: Scene, how: str) -> None:
        """A changed byte, no signature, a secret that anybody could guess, a body cut short (B7)."""
        self.telling(scene)
        scene.paid()
        body = scene.far.told()[0]
        forged = {
            "altered": [Message(body + b" ", scene.signed(body).headers)], "unsigned": [Message(body, {})],
            "truncated": [Message(body[:-1], scene.signed(body).headers)],
            "guessed": [scene.signed(body, key) for key in (*GUESSABLE, self.manifest().name.encode())],
        }[how]  # fmt: skip
        for message in forged:
            with pytest.raises(BadMessage):
                scene.receive(message)

    def test_while_a_secret_is_renewed_both_are_taken(self, scene: Scene) -> None:
        """J4: two secrets, parted by a space, are good at the same time (B10)."""
        self.telling(scene)
        scene.paid()
        body = scene.far.told()[0]
        if scene.inbox is not None and scene.inbox.keys is not None:
            keys = [scene.inbox_keys()[0], scene.far.rotate()]
        else:
            keys, scene.secret = [b"first-secret-of-two", b"second-secret-of-two"], ""
            scene.secret = b" ".join(keys).decode()
        scene.build()
        for key in keys:
            assert scene.receive(scene.signed(body, key)), "one of two secrets is not taken"

    def test_a_secret_that_is_over_signs_nothing_more(self, scene: Scene) -> None:
        """J4: two secrets are good, never three: whoever found an old one says nothing with it (B10)."""
        self.telling(scene)
        scene.paid()
        body = scene.far.told()[0]
        if scene.inbox is not None and scene.inbox.keys is not None:
            old = scene.inbox_keys()[0]
            scene.far.rotate()
            scene.far.rotate()
        else:
            old, scene.secret = b"first-secret-of-two", "second-secret-of-two"
        scene.build()
        with pytest.raises(BadMessage):
            scene.receive(scene.signed(body, old))

    def test_a_message_carries_its_time(self, scene: Scene) -> None:
        """J4: more than five minutes from our clock, either way, it is refused (B8)."""
        self.telling(scene)
        assert scene.inbox is not None
        assert scene.inbox.scheme != BODY, "the scheme `body` carries no time: an old message can be played again"
        scene.paid()
        body = scene.far.told()[0]
        for seconds in (-301, 301):
            with pytest.raises(BadMessage):
                scene.receive(scene.signed(body, at=scene.clock.machine() + timedelta(seconds=seconds)))

    @pytest.mark.parametrize("seconds", [-299, 299])
    def test_clocks_may_differ_by_five_minutes(self, scene: Scene, seconds: int) -> None:
        """J4: up to five minutes either way it is taken."""
        self.telling(scene)
        scene.paid()
        message = scene.signed(scene.far.told()[0], at=scene.clock.machine() + timedelta(seconds=seconds))
        assert scene.receive(message), "a message within five minutes says nothing"

    def test_a_message_played_again_is_the_same_fact(self, scene: Scene) -> None:
        """J2: the same id, so that core applies it once (B1)."""
        self.telling(scene)
        scene.paid()
        body = scene.far.told()[0]
        first = [gist(f) for f in scene.receive(scene.signed(body))]
        scene.clock.move(timedelta(seconds=60))
        assert [gist(f) for f in scene.receive(scene.signed(body))] == first, "played again it is another fact"

    def test_two_messages_are_two_facts(self, scene: Scene) -> None:
        """J2: what is not the same has another id, else the second is lost."""
        self.telling(scene)
        a_deal(scene)
        facts = {gist(f) for f in scene.heard()}
        ids = [fact[0] for fact in facts]
        assert len(set(ids)) == len(ids), f"two different facts share an id: {sorted(ids)}"

    def test_the_order_of_messages_changes_no_fact(self, scene: Scene) -> None:
        """J3: each message says all by itself (B2)."""
        self.telling(scene)
        a_deal(scene)
        messages = [scene.signed(body) for body in scene.far.told()][:4]
        read = {tuple(sorted(gist(f) for m in order for f in scene.receive(m))) for order in permutations(messages)}
        assert len(read) == 1, "read in another order the messages say something else"

    def test_a_kind_that_it_does_not_know_says_nothing(self, scene: Scene) -> None:
        """J5: no fact and no error; services add kinds without asking (A18)."""
        self.telling(scene)
        assert scene.receive(scene.signed(scene.far.strange())) == [], "it reads a fact in what it does not know"

    @pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{}", b'"text"', b"\xff\xfe", b'{"id": 1, "key": []}'])
    def test_nonsense_that_is_signed_says_nothing(self, scene: Scene, body: bytes) -> None:
        """No fact, or ``ValueError``: never another error, never a fact (B11)."""
        self.telling(scene)
        try:
            facts = scene.receive(scene.signed(body))
        except ValueError:
            return
        assert facts == [], f"{body!r} is read as {facts}"

    def test_reading_moves_nothing(self, scene: Scene) -> None:
        """A message tells; what follows from it is core's."""
        self.telling(scene)
        a_deal(scene)
        before = scene.moved()
        list(scene.heard())
        assert scene.moved() == before


class Reconciling(PaymentKit):
    """What the service says happened, against what core believes."""

    def window(self, scene: Scene, before: int = 60, after: int = 60) -> list[Fact]:
        """The facts from ``before`` to ``after`` minutes around now."""
        now = scene.clock.business()
        return list(scene.provider.objects(now - timedelta(minutes=before), now + timedelta(minutes=after)))

    def test_a_window_lists_every_effect(self, scene: Scene) -> None:
        """E14: each command that moved money, by its key, with its amount."""
        self.holding(scene)
        commands = every_kind(scene)
        listed = {f.key: f.answer.amount for f in self.window(scene) if f.answer.outcome is Outcome.CONFIRMED}
        for command in commands:
            assert listed.get(command.key) == command.amount.amount, f"{command.kind} is listed as {listed}"

    def test_a_window_lists_nothing_else(self, scene: Scene) -> None:
        """What happened before it, or is still to be paid, stands in no window."""
        a_deal(scene)
        scene.fund(hold="later")
        assert self.window(scene, before=-120, after=180) == [], "a window lists what lies outside of it"
        keys = [f.key for f in self.window(scene) if f.answer.outcome is Outcome.CONFIRMED]
        assert len(keys) == len(set(keys)), f"a window lists an effect twice: {keys}"

    def test_windows_side_by_side_list_each_effect_once(self, scene: Scene) -> None:
        """From is in, until is out: no gap and no double between two windows."""
        a_deal(scene)
        now, hour = scene.clock.business(), timedelta(hours=1)
        parts = [scene.provider.objects(*w) for w in ((now - hour, now), (now, now + hour))]
        keys = [f.key for part in parts for f in part]
        assert sorted(keys) == sorted(f.key for f in self.window(scene)), "two windows are not the whole"

    def test_every_object_has_its_moment(self, scene: Scene) -> None:
        """``at`` with a time zone, inside the window that was asked for."""
        a_deal(scene)
        now, hour = scene.clock.business(), timedelta(hours=1)
        for fact in scene.provider.objects(now - hour, now + hour):
            assert fact.at is not None, f"{fact.key} has no moment"
            assert fact.at.tzinfo is not None, f"{fact.key} has a moment without a time zone"
            assert now - hour <= fact.at < now + hour, f"{fact.key} happened at {fact.at}, outside the window"

    def test_window_and_message_name_one_fact_alike(self, scene: Scene) -> None:
        """J2, L8: told by a message and found in a window it has one id, and is applied once."""
        self.telling(scene)
        a_deal(scene)
        told = {f.key: f.id for f in scene.heard()}
        for fact in self.window(scene):
            assert told.get(fact.key, fact.id) == fact.id, f"{fact.key} is {fact.id} here and {told[fact.key]} there"

    def test_the_balance_is_what_lies_there(self, scene: Scene) -> None:
        """E14: what came in less what went back, was paid out, and the service kept, to the unit."""
        every_kind(scene)
        found = scene.provider.balance(scene.currency)
        due = sum(SIGNS.get(e.kind, 0) * e.amount for e in scene.far.effects() if e.currency == scene.currency)
        assert found == Money(due, scene.currency), f"the balance is {found}, the movements come to {due}"

    def test_a_balance_is_kept_a_currency(self, scene: Scene) -> None:
        """Money of one currency is never counted in another."""
        said = scene.provider.capabilities.currencies
        if len(said) == 1:
            pytest.skip("it declares one currency")
        scene.paid(currency=said[0])
        assert scene.provider.balance(said[1]) == Money(0, said[1]), "it counts one currency in another"

    def test_its_own_cost_is_told(self, scene: Scene) -> None:
        """``fee`` of a confirmation is what the service kept (G9)."""
        paid = scene.paid()
        kept = sum(e.amount for e in scene.far.effects() if e.kind == "cost" and e.key == paid.key)
        assert scene.look(paid).fee == kept, f"it kept {kept} and says {scene.look(paid).fee}"


class Keeping(PaymentKit):
    """What must not be seen."""

    def test_no_secret_reaches_a_log(self, scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
        """At any level, through a whole deal, a declined card and a bad message."""
        with caplog.at_level(logging.DEBUG):
            a_deal(scene)
            command, answer = scene.fund(hold="other")
            if answer.outcome is Outcome.PAGE:
                scene.far.decline(command, answer)
            secrets = [v for v in scene.desk.secret_values.values() if v]
            if scene.inbox is not None:
                list(scene.heard())
                secrets += [key.decode("latin-1") for key in scene.inbox_keys()]
                with pytest.raises(BadMessage):
                    scene.receive(Message(b"{}", {}))
        written = [s for s in secrets if s in caplog.text]
        assert not written, "a secret stands in the log"

    def test_no_secret_reaches_an_answer(self, scene: Scene) -> None:
        """References, reasons and pages are shown to people."""
        command, answer = scene.fund()
        answers: list[Answer] = [answer, *(scene.look(c) for c in (*a_deal(scene), command))]
        secrets = [v for v in scene.desk.secret_values.values() if v]
        if scene.inbox is not None:
            secrets += [key.decode("latin-1") for key in scene.inbox_keys()]
        shown = " ".join(f"{a.reference} {a.reason} {a.page}" for a in answers)
        assert not [s for s in secrets if s in shown], "a secret stands in an answer"
