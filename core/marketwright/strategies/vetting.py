"""Vetting: checks of a profile, an organisation or a mission, and the verdicts they end in."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from marketwright.kernel.frozen import dataclass
from marketwright.strategies.inbox import Message


class SubjectKind(StrEnum):
    """What can be vetted."""

    FREELANCER = "freelancer"
    CLIENT = "client"
    MISSION = "mission"


class Result(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of a profile as a check sees it: its id, kind (skill, experience, certificate, language) and words."""

    id: str
    kind: str
    label: str
    issuer: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """Who or what is vetted: opaque id, display name, country, and the claims that may be proved.

    ``vat_number`` is that of the legal identity, its country in front; only a check that ``follows_identity`` and whose
    manifest declares it (``personal_data``) is told, '' where there is none.
    """

    kind: SubjectKind
    id: str
    name: str
    country: str = ""
    claims: tuple[Claim, ...] = ()
    vat_number: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """One piece of evidence to ask for: ``form`` is ``file``, ``text``, ``long_text``, ``date`` or ``choice``.

    ``key`` is a lower-case word. The key ``claim`` is known: it says which claim (or which other part of the subject)
    the evidence is for, and the verdict stands beside that one.
    """

    key: str
    label: str
    form: str
    hint: str = ""
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of a rubric: ``anchors`` are (points, what earns them), from 0 up; the last are the most.

    Any whole number of points up to the most may be given: between two anchors, where the work lies between them.
    """

    key: str
    label: str
    anchors: tuple[tuple[int, str], ...]

    @property
    def most(self) -> int:
        """The most points it gives."""
        return self.anchors[-1][0]


@dataclass(frozen=True, slots=True)
class Assessment:
    """A task that two people mark by a rubric without seeing each other's marks.

    ``task`` says what to do (Markdown; a message), and is read once the ``days`` to hand it in have begun. Two totals
    that lie more than ``apart`` points from each other, or on both sides of ``pass_mark``, disagree: with ``confer``
    both then see both marks and mark once more, and what still disagrees, as everything without it, is decided by
    the marks of a third. Who did not pass may try again after ``retry_days``. The link of an assessor opens for
    ``link_days``. With ``defence`` whoever passed speaks for their work at a time that both sides confirmed, and
    staff decide afterwards.
    """

    task: str
    rubric: tuple[Criterion, ...]
    pass_mark: int
    apart: int
    days: int = 7
    confer: bool = False
    link_days: int = 10
    retry_days: int = 90
    defence: bool = False

    @property
    def most(self) -> int:
        """The most points in all."""
        return sum(c.most for c in self.rubric)


def faults_of(it: Assessment) -> list[str]:
    """What is wrong with the assessment ``it`` as a declaration, in sentences."""
    found: list[str] = []
    if not str(it.task).strip():
        found.append("it has no task.")
    keys = [c.key for c in it.rubric]
    if not keys or len(set(keys)) < len(keys):
        found.append("its rubric has no criterion, or two with one key.")
    for one in it.rubric:
        points = [p for p, _ in one.anchors]
        if len(points) < 2 or points[0] != 0 or points != sorted(set(points)):
            found.append(f"the anchors of {one.key!r} do not rise from 0 points: {points}.")
    if found:
        return found
    if not 0 < it.pass_mark <= it.most:
        found.append(f"its pass mark is {it.pass_mark}, of {it.most} points.")
    if not 0 <= it.apart < it.most:
        found.append(f"two marks may lie {it.apart} points apart, of {it.most}: nobody would ever disagree.")
    if it.days < 1 or it.link_days < 1 or it.retry_days < 0:
        found.append("its days are no days: hand in after 1 or more, links for 1 or more, again after 0 or more.")
    return found


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a check: what was compared with which source, by whom, when, until when, and why.

    ``claim`` is the id of the claim it proves, a short word of the check's own for another part of the subject
    (``insurance``), or empty when it is about the whole. ``document`` is true where a document was read and what it
    says was not asked at its issuer.
    """

    result: Result
    compared: str
    source: str
    reason: str = ""
    expires: datetime | None = None
    claim: str = ""
    document: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """The check goes on: for a person of staff (``for_staff``) or for an outside answer, until a moment."""

    until: datetime | None = None
    for_staff: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """What came in for a running check: evidence by key (text, a date as ISO 8601, or a file's id).

    ``decision`` is that of a person of staff, with ``reason``, ``expires`` and who it was (``by``: their name);
    ``claim`` is the claim or part that the evidence is for. ``run`` is the id of this attempt: give it to an outside
    service, whose message brings it back and comes in as ``message``. With neither a decision nor a message
    ``resume`` is asked because the time of a :class:`Waiting` has come.
    """

    evidence: Mapping[str, str] = field(default_factory=dict)
    decision: str = ""  # "" | "passed" | "refused"
    reason: str = ""
    expires: datetime | None = None
    by: str = ""
    claim: str = ""
    run: str = ""
    message: Message | None = None


class VettingCheck(ABC):
    """One step of vetting. An outage is :class:`Waiting`, never a refusal.

    With an ``assessment`` core sets the task, finds the marks and asks :meth:`resume` with the decision that follows
    from them: ``evidence`` is what is handed in for the task, and :meth:`start` is not asked.

    ``remind_days`` are the days before the end of a verdict on which its subject is told. What is handed in to a
    ``shared`` check is given to the clients that the freelancer has a signed contract with, as the law asks of them.

    A check that ``follows_identity`` asks nothing of people: the worker begins it when a legal identity is recorded
    with a VAT number, and again once its verdict has ended; its verdicts name the number as their ``claim``.

    What comes of a ``private`` check, good or bad, is told to its subject, to staff who may read vetting, and to this
    plugin: it stands on no public page, card or API, filters no list and enters no match (as GDPR article 10 wants of
    what is asked of a person's past). A mission that asks for it has a :class:`Condition` that names the check in
    ``holding``. No gate that others see the outcome of (``sign_up``, ``appear``,
    ``start``, ``be_paid``) asks for it.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    assessment: ClassVar[Assessment | None] = None
    remind_days: ClassVar[tuple[int, ...]] = (30, 7, 1)
    shared: ClassVar[bool] = False
    follows_identity: ClassVar[bool] = False
    private: ClassVar[bool] = False

    def __init__(self, settings: Mapping[str, Any], desk: Any) -> None:
        self.settings, self.desk = settings, desk

    @abstractmethod
    def applies(self, subject: Subject) -> bool:
        """Whether this check is for such a subject."""

    @abstractmethod
    def evidence(self, subject: Subject) -> tuple[Ask, ...]:
        """What to ask of the person; empty where nothing is needed."""

    @abstractmethod
    def start(self, subject: Subject, submission: Submission) -> Verdict | Waiting:
        """Begin with what was handed in. May be asked again for the same ``run`` after a crash: then act once."""

    @abstractmethod
    def resume(self, subject: Subject, submission: Submission) -> Verdict | Waiting:
        """Go on with a decision of staff or an outside message."""

    @abstractmethod
    def explain(self, verdict: Verdict) -> str:
        """One sentence for people: what was compared with what."""


class AssessedCheck(VettingCheck):
    """A check whose whole work is its ``assessment``: a subclass says whom it is for, what to hand in, and explains.

    A passed verdict is kept for ``kept_days``; ``compared`` and ``source`` are those of its verdicts.
    """

    compared: ClassVar[str]
    source: ClassVar[str]
    kept_days: ClassVar[int] = 730

    def start(self, subject: Subject, submission: Submission) -> Verdict | Waiting:  # noqa: ARG002
        """Assessors look at it."""
        return Waiting(for_staff=True)

    def resume(self, subject: Subject, submission: Submission) -> Verdict | Waiting:  # noqa: ARG002
        """What their marks came to; without a decision it goes on waiting."""
        if not submission.decision:
            return Waiting(for_staff=True)
        passed = submission.decision == Result.PASSED
        expires = submission.expires or self.desk.clock.business() + timedelta(days=self.kept_days)
        return Verdict(
            Result(submission.decision), compared=self.compared, source=self.source, reason=submission.reason,
            expires=expires if passed else None,
        )  # fmt: skip
