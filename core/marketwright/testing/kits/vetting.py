"""What every vetting check holds: it asks plainly, fails closed, says what was compared with what, and until when."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from marketwright.hooks.http import Transport
from marketwright.kernel.errors import MarketwrightError
from marketwright.kernel.time import FrozenClock
from marketwright.strategies.inbox import Message
from marketwright.strategies.vetting import (
    Ask,
    Claim,
    Result,
    Subject,
    SubjectKind,
    Submission,
    Verdict,
    VettingCheck,
    Waiting,
)
from marketwright.testing.desks import make_desk
from marketwright.testing.http import FakeHttp
from marketwright.testing.kits.assessed import AssessedTests
from marketwright.testing.kits.frame import PLACE, StrategyKit
from marketwright.testing.kits.line import Line

FORMS = ("file", "text", "long_text", "date", "choice")
CLAIMS = (
    Claim("c1", "certificate", "Master craftsman", "Guild", "MC-12345"),
    Claim("c2", "experience", "Head of works", "Sambre"),
    Claim("c3", "language", "French", ""), Claim("c4", "skill", "Bookbinding", ""),
)  # fmt: skip
SUBJECTS: dict[str, Subject] = {
    "a freelancer with claims": Subject(SubjectKind.FREELANCER, "p1", "Zoë Müller", "FR", CLAIMS),
    "a freelancer with nothing": Subject(SubjectKind.FREELANCER, "p2", "", ""),
    "a client": Subject(SubjectKind.CLIENT, "o1", "Sambre Santé", "FR"),
    "a mission": Subject(SubjectKind.MISSION, "m1", "Internal review", "BE"),
}
RUN = "run-of-the-kit"
NONSENSE = ("", "\x00", "x" * 10_000, "<script>", "../../x", "0000-00-00", "🦆")


class VettingCheckConformance(AssessedTests, StrategyKit):
    """For a subclass of ``VettingCheck`` or ``AssessedCheck``: ``strategy = MyCheck`` and ``settings = {...}``.

    ``subjects`` may add subjects of your own; ``evidence`` gives, by key, what a person would truly hand in where the
    kit's own (a plain word, a date next year, the first choice, a file's id) would not do. ``asks_nobody`` says that
    this check calls none of the hosts that its manifest declares for another.
    """

    hook = "register_vetting_checks"
    subjects: ClassVar[Mapping[str, Subject]] = {}
    evidence: ClassVar[Mapping[str, str]] = {}
    asks_nobody: ClassVar[bool] = False

    def outside(self) -> Transport | None:
        """What answers over ``desk.http``, for a check whose manifest declares hosts (``FakeHttp``)."""
        return None

    def told(self, run: str, *, passed: bool) -> bytes:
        """The body of the message that ends the waiting well or badly, for a check whose manifest has an inbox."""
        raise NotImplementedError

    @pytest.fixture
    def line(self) -> Line:
        """The line to the outside service; a test sets its ``fault``."""
        return Line(FakeHttp() if self.asks_nobody else self.outside())

    @pytest.fixture
    def build(self, strategy_class: type[VettingCheck], tmp_path: Path, clock: FrozenClock, line: Line) -> Any:
        """Build the check as core does, with the line to the outside."""
        settings, manifest = self.checked(), self.manifest()

        def make() -> VettingCheck:
            desk = make_desk(manifest, settings, tmp_path / "desk", clock=clock, http=line if line.far else None)
            return strategy_class(settings, desk)

        return make

    def heard(self, it: VettingCheck, *, passed: bool) -> Iterator[Verdict | Waiting]:
        """What the check makes of the message that it waits for."""
        for subject, given, outcome in self.begun(it):
            if isinstance(outcome, Waiting) and not outcome.for_staff:
                message = Message(self.told(RUN, passed=passed), at=it.desk.clock.machine())
                yield it.resume(subject, Submission(given, claim=given.get("claim", ""), run=RUN, message=message))

    def subjects_of(self, it: VettingCheck) -> list[Subject]:
        """The subjects that the check is for."""
        found = [s for s in (*SUBJECTS.values(), *self.subjects.values()) if it.applies(s)]
        assert found, "it applies to nobody of the kit; give `subjects` of your own"
        return found

    def handed_in(self, it: VettingCheck, subject: Subject) -> dict[str, str]:
        """Everything that the check asks of ``subject``, answered."""
        plain = {"file": "file-1", "text": "OS-12345", "long_text": "As it is.", "date": "2027-06-01"}
        given = {}
        for ask in it.evidence(subject):
            choice = ask.choices[0][0] if ask.choices else ""
            given[ask.key] = self.evidence.get(ask.key, choice if ask.form == "choice" else plain.get(ask.form, "x"))
        return given

    def begun(self, it: VettingCheck) -> Iterator[tuple[Subject, dict[str, str], Verdict | Waiting]]:
        """Each subject, what it handed in, and what the check said to it."""
        for subject in self.subjects_of(it):
            given = self.handed_in(it, subject)
            yield subject, given, it.start(subject, Submission(given, claim=given.get("claim", ""), run=RUN))

    def decided(self, it: VettingCheck, decision: str, **more: Any) -> Iterator[tuple[Subject, Verdict | Waiting]]:
        """Where the check waits for staff: what it makes of their decision."""
        for subject, given, outcome in self.begun(it):
            if isinstance(outcome, Waiting) and outcome.for_staff:
                told = Submission(given, decision, "Because of the stamp.", by="Hélène", claim=given.get("claim", ""),
                                  **more)  # fmt: skip
                yield subject, it.resume(subject, told)

    def verdicts(self, it: VettingCheck) -> Iterator[Verdict]:
        """Every verdict that can be had from it: at once, and by a decision either way."""
        for _, _, outcome in self.begun(it):
            if isinstance(outcome, Verdict):
                yield outcome
        for decision in ("passed", "refused"):
            yield from (v for _, v in self.decided(it, decision) if isinstance(v, Verdict))
            if self.manifest().inbox is not None:
                yield from (v for v in self.heard(it, passed=decision == "passed") if isinstance(v, Verdict))

    def test_its_label_is_for_people(self, it: VettingCheck) -> None:
        """``label`` names the check on pages."""
        assert it.label.strip(), "it has no label"

    def test_it_says_yes_or_no_to_every_subject(self, it: VettingCheck) -> None:
        """``applies`` answers a bool for freelancers, clients and missions, with and without claims."""
        for subject in (*SUBJECTS.values(), *self.subjects.values()):
            answer = it.applies(subject)
            assert isinstance(answer, bool), f"applies gave {type(answer).__name__} for {subject.name or 'nobody'}"

    def test_it_asks_in_forms_that_a_page_can_show(self, it: VettingCheck) -> None:
        """A tuple of ``Ask``: a label each, a known form, choices where one chooses."""
        for subject in self.subjects_of(it):
            asked = it.evidence(subject)
            assert isinstance(asked, tuple), f"evidence gave {type(asked).__name__}, not a tuple"
            for ask in asked:
                assert isinstance(ask, Ask), f"evidence holds {type(ask).__name__}"
                assert ask.label.strip(), f"{ask.key!r} has no label"
                assert ask.form in FORMS, f"{ask.key!r} is asked as {ask.form!r}; forms are {', '.join(FORMS)}"
                assert bool(ask.choices) == (ask.form == "choice"), f"{ask.key!r}: choices belong to the form choice"

    def test_what_follows_the_identity_asks_nothing_of_people(self, it: VettingCheck) -> None:
        """The worker begins it: nobody is there to hand anything in."""
        if it.follows_identity:
            assert not any(it.evidence(subject) for subject in self.subjects_of(it)), "it asks people for something"

    def test_what_it_asks_has_keys_of_its_own(self, it: VettingCheck) -> None:
        """Lower-case words, each once."""
        for subject in self.subjects_of(it):
            keys = [ask.key for ask in it.evidence(subject)]
            assert len(set(keys)) == len(keys), f"a key stands twice: {keys}"
            wrong = [k for k in keys if not re.fullmatch(r"[a-z][a-z0-9_]*", k)]
            assert not wrong, f"{wrong[0]!r} is no lower-case word"

    def test_it_starts_with_a_verdict_or_waits(self, it: VettingCheck) -> None:
        """Nothing else, and nothing is raised, for whatever a person hands in."""
        for _, _, outcome in self.begun(it):
            assert isinstance(outcome, Verdict | Waiting), f"start gave {type(outcome).__name__}"

    def test_nothing_handed_in_passes_nobody(self, it: VettingCheck) -> None:
        """Failing closed: without what it asks for, start waits or refuses."""
        for subject in self.subjects_of(it):
            if any(ask.required for ask in it.evidence(subject)):
                outcome = it.start(subject, Submission())
                passed = isinstance(outcome, Verdict) and outcome.result is Result.PASSED
                assert not passed, f"{subject.name or 'somebody'} passes with nothing handed in"

    def test_nonsense_passes_nobody(self, it: VettingCheck) -> None:
        """Failing closed: nonsense is waited on or refused; it is never raised and never passed."""
        for subject in self.subjects_of(it):
            for word in NONSENSE:
                keys = [a.key for a in it.evidence(subject)]
                outcome = it.start(subject, Submission(dict.fromkeys(keys, word), claim=word))
                passed = isinstance(outcome, Verdict) and outcome.result is Result.PASSED
                assert not (keys and passed), f"{word[:20]!r} passes"

    def test_without_a_decision_or_an_answer_it_goes_on_waiting(self, it: VettingCheck) -> None:
        """Woken with nothing new it waits: whoever waits is never passed by being asked again."""
        for subject, given, outcome in self.begun(it):
            if isinstance(outcome, Waiting):
                again = it.resume(subject, Submission(given, claim=given.get("claim", "")))
                passed = isinstance(again, Verdict) and again.result is Result.PASSED
                assert not (passed and outcome.for_staff), "it passes without the decision that it waits for"

    def test_a_decision_of_staff_is_what_it_was(self, it: VettingCheck) -> None:
        """Where it waits for staff, their yes is PASSED and their no is REFUSED."""
        for decision in ("passed", "refused"):
            for _, outcome in self.decided(it, decision):
                assert isinstance(outcome, Verdict), f"it does not take the decision {decision!r}"
                assert outcome.result is Result(decision), f"staff said {decision!r}, it says {outcome.result}"

    def test_the_day_that_staff_named_stands(self, it: VettingCheck, clock: FrozenClock) -> None:
        """``expires`` of a decision is the verdict's."""
        until = clock.business() + timedelta(days=90)
        for _, outcome in self.decided(it, "passed", expires=until):
            assert isinstance(outcome, Verdict)
            assert outcome.expires == until, f"staff said {until}, it says {outcome.expires}"

    def test_a_verdict_says_what_was_compared_with_which_source(self, it: VettingCheck) -> None:
        """Both are words for people; a badge without them says nothing."""
        for verdict in self.verdicts(it):
            assert verdict.compared.strip(), "the verdict does not say what was compared"
            assert verdict.source.strip(), "the verdict names no source"

    def test_a_refusal_has_a_reason(self, it: VettingCheck) -> None:
        """Whoever is refused reads why."""
        for verdict in self.verdicts(it):
            assert verdict.result is Result.PASSED or verdict.reason.strip(), "it refuses without a reason"

    def test_what_passed_expires(self, it: VettingCheck, clock: FrozenClock) -> None:
        """A verdict counts until a moment in the future, with its time zone; nothing is proved for ever."""
        for verdict in self.verdicts(it):
            if verdict.result is Result.PASSED:
                assert isinstance(verdict.expires, datetime), "what passed never expires"
                assert verdict.expires.tzinfo is not None, "it expires at a time without a time zone"
                assert verdict.expires > clock.business(), "it has expired before it was given"

    def test_what_it_proves_is_a_part_of_the_subject(self, it: VettingCheck) -> None:
        """``claim`` is a claim's id, a choice that it offered, the VAT number that it follows, or empty."""
        for subject in self.subjects_of(it):
            known = {"", *(c.id for c in subject.claims), subject.vat_number if it.follows_identity else ""}
            known |= {key for ask in it.evidence(subject) for key, _ in ask.choices}
            given = self.handed_in(it, subject)
            for decision in ("", "passed"):
                call = it.resume if decision else it.start
                outcome = call(subject, Submission(given, decision, "Yes.", claim=given.get("claim", "")))
                if isinstance(outcome, Verdict):
                    assert outcome.claim in known, f"it proves {outcome.claim!r}, which the subject has not"

    def test_what_is_private_stays_so(self, it: VettingCheck) -> None:
        """A ``private`` check gives its papers to no client, and its verdict stands beside no claim of a profile."""
        if it.private:
            assert not it.shared, "private and shared: clients would be given its papers"
            claims = {c.id for subject in self.subjects_of(it) for c in subject.claims}
            beside = [v.claim for v in self.verdicts(it) if v.claim in claims]
            assert not beside, f"its verdict stands beside the claim {beside[0]!r}, which everybody reads"

    def test_it_waits_until_a_moment_to_come(self, it: VettingCheck, clock: FrozenClock) -> None:
        """``until`` is in the future and has a time zone: core asks again then."""
        for _, _, outcome in self.begun(it):
            if isinstance(outcome, Waiting) and outcome.until is not None:
                assert outcome.until.tzinfo is not None, "it waits until a time without a time zone"
                assert outcome.until > clock.business(), "it waits until a moment that has passed"

    def test_somebody_or_something_ends_the_waiting(self, it: VettingCheck) -> None:
        """Who waits, waits for staff or until a moment: never for nobody and for ever."""
        for _, _, outcome in self.begun(it):
            if isinstance(outcome, Waiting):
                assert outcome.for_staff or outcome.until is not None, "it waits for nobody, and until nothing"

    def test_it_explains_every_verdict_in_a_sentence(self, it: VettingCheck) -> None:
        """What was compared with what, with no place left open."""
        for verdict in self.verdicts(it):
            said = it.explain(verdict)
            assert said.strip().endswith("."), f"explain gave {said!r}, not a sentence"
            assert not PLACE.search(said), f"a place is left open in {said!r}"

    def test_the_same_again_is_answered_the_same(self, it: VettingCheck, build: Any) -> None:
        """Core may ask twice (a worker that died): the second time is no other answer."""
        for subject, given, outcome in self.begun(it):
            again = build().start(subject, Submission(given, claim=given.get("claim", "")))
            assert type(again) is type(outcome), "started a second time it answers otherwise"
            if isinstance(again, Verdict) and isinstance(outcome, Verdict):
                assert again.result is outcome.result, "started a second time it decides otherwise"

    def test_its_hosts_are_played(self, line: Line) -> None:
        """A manifest with ``hosts`` needs ``outside()``: else an outage is never tried."""
        assert bool(self.manifest().hosts) == (line.far is not None), "the manifest's hosts and outside() disagree"

    @pytest.mark.parametrize("fault", ["dead", "lost", "html", "empty", "broken", "error", "busy"])
    def test_an_outage_is_waiting_and_never_a_verdict(self, it: VettingCheck, line: Line, fault: str) -> None:
        """Whatever happens on the line, nobody is refused or passed for it: it waits, or lets core ask again."""
        if line.far is None:
            pytest.skip("its manifest declares no hosts")
        if self.asks_nobody:
            return
        line.fault = fault
        for subject in self.subjects_of(it):
            try:
                outcome = it.start(subject, Submission(self.handed_in(it, subject), run=RUN))
            except MarketwrightError:
                continue
            assert isinstance(outcome, Waiting), f"over a line that is {fault!r} it decides: {outcome}"

    def test_the_answer_from_outside_is_the_verdict(self, it: VettingCheck) -> None:
        """A message that says yes passes, one that says no refuses."""
        if self.manifest().inbox is None:
            pytest.skip("its manifest declares no inbox")
        for passed, result in ((True, Result.PASSED), (False, Result.REFUSED)):
            found = list(self.heard(it, passed=passed))
            assert found, "it waits for no message"
            for outcome in found:
                assert isinstance(outcome, Verdict), f"told {passed}, it answers {outcome}"
                assert outcome.result is result, f"told {passed}, it says {outcome.result}"

    @pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{}", b"\xff", b'{"passed": "perhaps"}'])
    def test_nonsense_from_outside_passes_nobody(self, it: VettingCheck, body: bytes) -> None:
        """A message that says nothing: it goes on waiting, or ``ValueError``; it is never a yes."""
        if self.manifest().inbox is None:
            pytest.skip("its manifest declares no inbox")
        for subject, given, _ in self.begun(it):
            try:
                outcome = it.resume(subject, Submission(given, run=RUN, message=Message(body)))
            except (ValueError, MarketwrightError):
                continue
            passed = isinstance(outcome, Verdict) and outcome.result is Result.PASSED
            assert not passed, f"{body!r} passes"

    def test_a_silence_from_outside_passes_nobody(self, it: VettingCheck, clock: FrozenClock) -> None:
        """When the time that it waits for has come without a message, nobody is passed or refused for it."""
        if self.manifest().inbox is None:
            pytest.skip("its manifest declares no inbox")
        for subject, given, outcome in self.begun(it):
            if isinstance(outcome, Waiting) and outcome.until is not None:
                clock.move(outcome.until - clock.business() + timedelta(seconds=1))
                after = it.resume(subject, Submission(given, run=RUN))
                assert isinstance(after, Waiting), f"after a silence it decides: {after}"

    @pytest.fixture(autouse=True)
    def _no_waiting(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A check that sleeps would hold the worker: it says ``Waiting`` instead."""

        def refuse(_seconds: float) -> None:
            pytest.fail("it sleeps; a check that waits answers Waiting(until=…)")

        monkeypatch.setattr("time.sleep", refuse)
