"""Vetting checks, each broken on purpose in one way, and one that is not."""

import json
from dataclasses import replace
from datetime import timedelta

from marketwright.plugin import (
    Ask,
    Inbox,
    Manifest,
    Result,
    SubjectKind,
    Verdict,
    VettingCheck,
    Waiting,
)
from marketwright.testing import FakeHttp, VettingCheckConformance
from marketwright.testing.http import answer


class Fair(VettingCheck):
    """A person reads a number."""

    name, label = "number", "A number read by us"

    def applies(self, subject):
        return subject.kind is SubjectKind.FREELANCER

    def evidence(self, subject):
        return (Ask("number", "The number", "text"),)

    def start(self, subject, submission):
        return Waiting(for_staff=True)

    def resume(self, subject, submission):
        if not submission.decision:
            return Waiting(for_staff=True)
        usual = self.desk.clock.business() + timedelta(days=365)
        return Verdict(Result(submission.decision), "a number", "a register", submission.reason,
                       submission.expires or usual)  # fmt: skip

    def explain(self, verdict):
        return "The number was compared with the register."


class Changed(Fair):
    """Its verdicts are altered by ``how``."""

    how = {}

    def resume(self, subject, submission):
        found = super().resume(subject, submission)
        return replace(found, **self.how) if isinstance(found, Verdict) else found


class TestFair(VettingCheckConformance):
    strategy = Fair


class Unlabelled(Fair):
    """Nameless to people."""

    label = ""


class TestUnlabelled(VettingCheckConformance):
    strategy = Unlabelled
    caught_by = "test_its_label_is_for_people"


class Vague(Fair):
    """Neither yes nor no."""

    def applies(self, subject):
        return len(subject.claims)


class TestVague(VettingCheckConformance):
    strategy = Vague
    caught_by = "test_it_says_yes_or_no_to_every_subject"


class Slider(Fair):
    """A form that no page has."""

    def evidence(self, subject):
        return (Ask("number", "The number", "slider"),)


class TestSlider(VettingCheckConformance):
    strategy = Slider
    caught_by = "test_it_asks_in_forms_that_a_page_can_show"


class Twice(Fair):
    """One key for two questions."""

    def evidence(self, subject):
        return (Ask("number", "The number", "text"), Ask("number", "Once more", "text"))


class TestTwice(VettingCheckConformance):
    strategy = Twice
    caught_by = "test_what_it_asks_has_keys_of_its_own"


class SaysNothing(Fair):
    """No outcome at all."""

    def start(self, subject, submission):
        return None


class TestSaysNothing(VettingCheckConformance):
    strategy = SaysNothing
    caught_by = "test_it_starts_with_a_verdict_or_waits"


class WavesThrough(Fair):
    """Everybody passes."""

    def start(self, subject, submission):
        return Verdict(Result.PASSED, "nothing", "nobody", expires=self.desk.clock.business() + timedelta(days=1))


class TestWavesThrough(VettingCheckConformance):
    strategy = WavesThrough
    caught_by = "test_nothing_handed_in_passes_nobody"


class TestTakesNonsense(VettingCheckConformance):
    strategy = WavesThrough
    caught_by = "test_nonsense_passes_nobody"


class Impatient(Fair):
    """Asked again it gives in."""

    def resume(self, subject, submission):
        return super().resume(subject, replace(submission, decision=submission.decision or "passed"))


class TestImpatient(VettingCheckConformance):
    strategy = Impatient
    caught_by = "test_without_a_decision_or_an_answer_it_goes_on_waiting"


class KnowsBetter(Fair):
    """A no of staff becomes a yes."""

    def resume(self, subject, submission):
        return super().resume(subject, replace(submission, decision="passed" if submission.decision else ""))


class TestKnowsBetter(VettingCheckConformance):
    strategy = KnowsBetter
    caught_by = "test_a_decision_of_staff_is_what_it_was"


class OwnDays(Fair):
    """Always its own year."""

    def resume(self, subject, submission):
        return super().resume(subject, replace(submission, expires=None))


class TestOwnDays(VettingCheckConformance):
    strategy = OwnDays
    caught_by = "test_the_day_that_staff_named_stands"


class NoSource(Changed):
    """Compared with nothing in particular."""

    how = {"source": ""}


class TestNoSource(VettingCheckConformance):
    strategy = NoSource
    caught_by = "test_a_verdict_says_what_was_compared_with_which_source"


class NoReason(Changed):
    """No, and that is that."""

    how = {"reason": ""}


class TestNoReason(VettingCheckConformance):
    strategy = NoReason
    caught_by = "test_a_refusal_has_a_reason"


class ForEver(Changed):
    """Proved once and for all."""

    how = {"expires": None}


class TestForEver(VettingCheckConformance):
    strategy = ForEver
    caught_by = "test_what_passed_expires"


class OtherClaim(Changed):
    """It proves what nobody claimed."""

    how = {"claim": "c9"}


class TestOtherClaim(VettingCheckConformance):
    strategy = OtherClaim
    caught_by = "test_what_it_proves_is_a_part_of_the_subject"


class Whispers(Fair):
    """Private, and its papers go to clients."""

    private = shared = True


class TestWhispers(VettingCheckConformance):
    strategy = Whispers
    caught_by = "test_what_is_private_stays_so"


class Beside(Changed):
    """Private, and it marks a claim that everybody reads."""

    private, how = True, {"claim": "c1"}


class TestBeside(VettingCheckConformance):
    strategy = Beside
    caught_by = "test_what_is_private_stays_so"


class Discreet(Fair):
    """Private, about the whole person."""

    private = True


class TestDiscreet(VettingCheckConformance):
    strategy = Discreet


class LooksBack(Fair):
    """It waits for yesterday."""

    def start(self, subject, submission):
        return Waiting(until=self.desk.clock.business() - timedelta(days=1))


class TestLooksBack(VettingCheckConformance):
    strategy = LooksBack
    caught_by = "test_it_waits_until_a_moment_to_come"


class Forgets(Fair):
    """It waits for nobody."""

    def start(self, subject, submission):
        return Waiting()


class TestForgets(VettingCheckConformance):
    strategy = Forgets
    caught_by = "test_somebody_or_something_ends_the_waiting"


class Stammers(Fair):
    """A place that nobody filled."""

    def explain(self, verdict):
        return "The number was compared with %(source)s."


class TestStammers(VettingCheckConformance):
    strategy = Stammers
    caught_by = "test_it_explains_every_verdict_in_a_sentence"


class ChangesItsMind(Fair):
    """Now so, now otherwise."""

    asked = []

    def start(self, subject, submission):
        self.asked.append(1)
        return Waiting(for_staff=True) if len(self.asked) % 2 else Verdict(Result.REFUSED, "a", "b", "c")


class TestChangesItsMind(VettingCheckConformance):
    strategy = ChangesItsMind
    caught_by = "test_the_same_again_is_answered_the_same"


class NoName(Fair):
    """Nameless."""

    name = "Number!"


class TestNoName(VettingCheckConformance):
    strategy = NoName
    caught_by = "test_it_says_what_it_is_called"


class Undescribed(Fair):
    pass


class TestUndescribed(VettingCheckConformance):
    strategy = Undescribed
    caught_by = "test_its_first_line_says_what_it_does"


class Asked(Fair):
    """A register is asked, and answers in a message."""

    def start(self, subject, submission):
        asked = self.desk.http.post("https://register.example/ask", json={"about": submission.run})
        if asked.ok and asked.json().get("taken"):
            return Waiting(self.desk.clock.business() + timedelta(days=3))
        return Waiting(self.desk.clock.business() + timedelta(hours=1))

    def resume(self, subject, submission):
        if submission.decision:
            return super().resume(subject, submission)
        said = self.read(submission.message)
        if said is None:
            return Waiting(for_staff=True)
        return self.verdict(said)

    def read(self, message):
        said = message.json() if message else None
        return said.get("passed") if isinstance(said, dict) and said.get("passed") in (True, False) else None

    def verdict(self, passed):
        usual = self.desk.clock.business() + timedelta(days=365)
        return Verdict(Result.PASSED if passed else Result.REFUSED, "a number", "a register", "It says so.", usual)


class Outside(VettingCheckConformance):
    @classmethod
    def manifest(cls):
        return Manifest(name="alone", summary="Asks.", hosts=("register.example",), secrets=("REGISTER_SECRET",),
                        inbox=Inbox(header="x-sign", secrets=("REGISTER_SECRET",), about="run"))  # fmt: skip

    def outside(self):
        return FakeHttp().on("POST", "/ask", answer({"taken": True}))

    def told(self, run, *, passed):
        return json.dumps({"run": run, "passed": passed}).encode()


class TestAsked(Outside):
    strategy = Asked


class TestNobodyPlays(Outside):
    strategy = Asked
    caught_by = "test_its_hosts_are_played"

    def outside(self):
        return None


class Hasty(Asked):
    """Whoever cannot be asked for is refused."""

    def start(self, subject, submission):
        asked = self.desk.http.post("https://register.example/ask", json={"about": submission.run})
        return super().start(subject, submission) if asked.ok else self.verdict(passed=False)


class TestHasty(Outside):
    strategy = Hasty
    caught_by = "test_an_outage_is_waiting_and_never_a_verdict"


class TestAsksAfterAll(Outside):
    strategy = Asked
    asks_nobody = True
    caught_by = "test_the_answer_from_outside_is_the_verdict"


class Nosy(Fair):
    """It follows the identity, and asks people all the same."""

    follows_identity = True


class TestNosy(VettingCheckConformance):
    strategy = Nosy
    caught_by = "test_what_follows_the_identity_asks_nothing_of_people"


class Optimist(Asked):
    """Any answer is a yes."""

    def read(self, message):
        return True if message else None


class TestOptimist(Outside):
    strategy = Optimist
    caught_by = "test_the_answer_from_outside_is_the_verdict"


class TestOptimistReadsNonsense(Outside):
    strategy = Optimist
    caught_by = "test_nonsense_from_outside_passes_nobody"


class Resigned(Asked):
    """Silence is a no."""

    def read(self, message):
        return super().read(message) or False


class TestResigned(Outside):
    strategy = Resigned
    caught_by = "test_a_silence_from_outside_passes_nobody"
