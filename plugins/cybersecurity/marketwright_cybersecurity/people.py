"""Vetting of who does the work: a background check as far as the country allows, the qualification of a provider."""

from datetime import date, datetime, timedelta

from marketwright.plugin import (
    N_,
    Ask,
    Result,
    Subject,
    SubjectKind,
    Submission,
    Verdict,
    VettingCheck,
    Waiting,
)

BACKGROUND, QUALIFICATION = "background_check", "provider_qualification"
KEPT_DAYS = 365
OBTAINED = "myself"
ACTIVITIES = (
    ("pentest", N_("Penetration tests")), ("configuration", N_("Audit of configuration")),
    ("architecture", N_("Audit of architecture")), ("code", N_("Audit of source code")),
    ("organisation", N_("Organisational and physical audit")),
)  # fmt: skip


COMPARED = {
    "pentest": N_("the provider’s qualification for penetration tests, and its auditor"),
    "configuration": N_("the provider’s qualification for audits of configuration, and its auditor"),
    "architecture": N_("the provider’s qualification for audits of architecture, and its auditor"),
    "code": N_("the provider’s qualification for audits of source code, and its auditor"),
    "organisation": N_("the provider’s qualification for organisational audits, and its auditor"),
}


def _day(submission: Submission, key: str) -> date | None:
    try:
        return date.fromisoformat(submission.evidence.get(key, ""))
    except ValueError:
        return None


class BackgroundCheck(VettingCheck):
    """What the country's pack lets be asked, seen by a named person in a call: no copy, nothing of what it says.

    Where no pack says what may be asked, nothing is: staff decide on what they know, and the verdict says so. What came
    of it is private (GDPR article 10): a mission that asks is told yes by who passed it, in confidence.
    """

    name, private = BACKGROUND, True
    label = N_("Background check, as far as the country allows")

    def applies(self, subject: Subject) -> bool:
        """For freelancers."""
        return subject.kind is SubjectKind.FREELANCER

    def evidence(self, subject: Subject) -> tuple[Ask, ...]:
        """The day on the paper, and that they obtained it themselves; nothing where no pack allows it."""
        allowed = self.desk.queries.background(subject.country)
        if allowed is None:
            return ()
        return (
            Ask("issued", allowed.paper, "date", allowed.how),
            Ask("obtained", N_("Who obtained it"), "choice",
                choices=((OBTAINED, N_("I asked for it myself, and show it to your team in a call")),)),
            Ask("when", N_("When we can call you"), "text", N_("A day and an hour; the paper is shown, not sent.")),
        )  # fmt: skip

    def start(self, subject: Subject, submission: Submission) -> Verdict | Waiting:
        """Refused where it is too old or still to come; else a person looks at it in a call."""
        allowed = self.desk.queries.background(subject.country)
        if allowed is None:
            return Waiting(for_staff=True, note=N_("No country pack says what may be asked here: ask for no paper. "
                                                   "Decide on what you know, and say so in the reason."))  # fmt: skip
        issued, today = _day(submission, "issued"), self.desk.today
        if issued is None or issued > today:
            return self._verdict(Result.REFUSED, reason=N_("The paper’s date is still to come."))
        if issued < today - timedelta(days=31 * allowed.months):
            return self._verdict(Result.REFUSED, reason=N_("The paper is too old: ask for a new one."))
        return Waiting(for_staff=True, note=N_("Look at it in a call. Keep no copy; write nothing of what it says."))

    def resume(self, subject: Subject, submission: Submission) -> Verdict | Waiting:
        """The decision of whoever saw it."""
        if not submission.decision:
            return Waiting(for_staff=True)
        ends = submission.expires or self.desk.clock.business() + timedelta(days=KEPT_DAYS)
        passed = submission.decision == Result.PASSED
        return self._verdict(Result(submission.decision), reason=submission.reason, expires=ends if passed else None,
                             seen="issued" in submission.evidence)  # fmt: skip

    def explain(self, verdict: Verdict) -> str:
        """One sentence."""
        return N_("A person of our team saw what the country allows to be asked. No copy was kept.")

    def _verdict(
        self, result: Result, *, reason: str, expires: datetime | None = None, seen: bool = True
    ) -> Verdict:  # fmt: skip
        source = N_("the paper that its holder showed") if seen else N_("no paper: this country is not covered here")
        return Verdict(result, compared=N_("background, as far as the country allows"), source=source, reason=reason,
                       expires=expires, document=seen)  # fmt: skip


class QualificationCheck(VettingCheck):
    """A qualification such as PASSI: the provider holds it for named activities, and names its auditors.

    It is the provider's, not the person's: the verdict is about the business under which they work, for as long as the
    decision holds, and they must be one of its auditors. Each activity stands by itself, beside the others.
    """

    name = QUALIFICATION
    label = N_("Qualification of the provider (PASSI)")

    def applies(self, subject: Subject) -> bool:
        """For freelancers, who work under the provider that they name."""
        return subject.kind is SubjectKind.FREELANCER

    def evidence(self, subject: Subject) -> tuple[Ask, ...]:
        """Which provider, for what, until when, and that the person is one of its auditors."""
        return (
            Ask("provider", N_("Provider that is qualified"), "text",
                N_("The company on the list of qualified providers: yours, or the one you audit for.")),
            Ask("registration", N_("Its registration number"), "text"),
            Ask("decision", N_("Number of the decision"), "text"),
            Ask("activity", N_("Activity it is qualified for"), "choice", choices=ACTIVITIES),
            Ask("until", N_("Valid until"), "date"),
            Ask("attestation", N_("Your own attestation as an auditor"), "file",
                N_("It names you, the provider and the activity. Black out what nobody needs to know.")),
        )  # fmt: skip

    def start(self, subject: Subject, submission: Submission) -> Verdict | Waiting:
        """Refused where it is over; else a person compares the provider with the list of who is qualified."""
        until = _day(submission, "until")
        if until is None or until <= self.desk.today:
            return self._verdict(Result.REFUSED, submission, reason=N_("The qualification is over."))
        return Waiting(for_staff=True, note=N_("Compare provider, activity and date with the list of qualified "
                                               "providers, and the person with the provider’s auditors."))  # fmt: skip

    def resume(self, subject: Subject, submission: Submission) -> Verdict | Waiting:
        """The decision of whoever compared; it holds as long as the provider's own."""
        if not submission.decision:
            return Waiting(for_staff=True)
        until = _day(submission, "until")
        own = self.desk.end_of_day(until) if until else None
        passed = submission.decision == Result.PASSED
        return self._verdict(Result(submission.decision), submission, reason=submission.reason,
                             expires=(submission.expires or own) if passed else None)  # fmt: skip

    def explain(self, verdict: Verdict) -> str:
        """One sentence."""
        return N_("A person of our team compared the provider with the list of who is qualified, and the auditor with "
                  "the provider’s. It is the provider’s qualification, not the person’s.")  # fmt: skip

    def _verdict(
        self, result: Result, submission: Submission, *, reason: str, expires: datetime | None = None
    ) -> Verdict:  # fmt: skip
        given = submission.evidence
        activity = given.get("activity", "")
        provider = ", ".join(filter(None, (given.get("provider", "").strip()[:120], given.get("decision", "")[:40])))
        return Verdict(
            result, compared=COMPARED.get(activity, COMPARED["pentest"]), source=f"ANSSI: {provider}", reason=reason,
            expires=expires, claim=activity if activity in COMPARED else "", document=True,
        )  # fmt: skip
