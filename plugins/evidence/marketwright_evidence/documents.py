"""The check ``documents``: somebody hands a paper in, a named person of staff reads it and decides."""

from datetime import date, datetime, timedelta

from marketwright.plugin import (
    N_,
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
from marketwright_evidence.known import KNOWN

SOURCE = N_("the document handed in")
OVER = N_("The document has expired by the day that it names: hand in one that is good.")
KINDS = ("certificate", "experience", "language", "skill")  # the order in which claims are offered


class DocumentsCheck(VettingCheck):
    """Freelancers prove a claim or their insurance, clients who they are; an outage cannot happen: a person reads."""

    name = "documents"
    label = N_("Documents read by our team")

    def applies(self, subject: Subject) -> bool:
        """For freelancers with something to prove, and for clients."""
        if subject.kind is SubjectKind.CLIENT:
            return True
        return subject.kind is SubjectKind.FREELANCER and bool(self._parts(subject))

    def evidence(self, subject: Subject) -> tuple[Ask, ...]:
        """What to ask: for a freelancer what it proves and the paper, for a client each paper of the settings."""
        if subject.kind is SubjectKind.CLIENT:
            keys = self.settings["client_documents"]
            return tuple(Ask(f"file_{key}", KNOWN[key].label, "file", KNOWN[key].hint) for key in keys)
        return (
            Ask("claim", N_("What it proves"), "choice", choices=self._parts(subject)),
            Ask("document", N_("The document"), "file",
                N_("It must name you. Black out what nobody needs to know.")),
            Ask("until", N_("Valid until"), "date", N_("As the document says; leave it empty if it does not."),
                required=False),
        )  # fmt: skip

    def start(self, subject: Subject, submission: Submission) -> Verdict | Waiting:
        """A person reads it; what has expired by its own day is refused at once."""
        own = self._own_end(submission)
        if own is None or own > self.desk.clock.business():
            return Waiting(for_staff=True)
        part = submission.claim or submission.evidence.get("claim", "")
        return Verdict(Result.REFUSED, compared=self._compared(subject, part), source=SOURCE, reason=OVER, claim=part,
                       document=True)  # fmt: skip

    def resume(self, subject: Subject, submission: Submission) -> Verdict | Waiting:
        """The verdict of whoever read it: until the day they named, else the paper's own, else the usual days."""
        if not submission.decision:
            return Waiting(for_staff=True)
        part = submission.claim or submission.evidence.get("claim", "")
        result = Result(submission.decision)
        return Verdict(
            result=result, compared=self._compared(subject, part), source=SOURCE, reason=submission.reason,
            expires=self._expires(submission) if result is Result.PASSED else None, claim=part,
            document=subject.kind is SubjectKind.FREELANCER,
        )  # fmt: skip

    def explain(self, verdict: Verdict) -> str:
        """One sentence."""
        if verdict.document:
            return N_("A person of our team read the document and compared it with what the {profile} says. Its issuer "
                      "was not asked.")  # fmt: skip
        return N_("A person of our team compared the papers of the company with what it says of itself.")

    def _parts(self, subject: Subject) -> tuple[tuple[str, str], ...]:
        papers = tuple((key, KNOWN[key].label) for key in self.settings["freelancer_documents"])
        claims = sorted(subject.claims, key=lambda c: KINDS.index(c.kind) if c.kind in KINDS else len(KINDS))
        return papers + tuple((c.id, _name(c)) for c in claims)

    def _compared(self, subject: Subject, part: str) -> str:
        if part in KNOWN:
            return KNOWN[part].label
        if subject.kind is SubjectKind.FREELANCER:
            return N_("what the {profile} says of it")
        return KNOWN[self.settings["client_documents"][0]].label

    def _expires(self, submission: Submission) -> datetime:
        """Never later than the paper's own day: where that has passed meanwhile, core asks staff for another."""
        usual: datetime = self.desk.clock.business() + timedelta(days=self.settings["days"])
        return submission.expires or self._own_end(submission) or usual

    def _own_end(self, submission: Submission) -> datetime | None:
        try:
            end: datetime = self.desk.end_of_day(date.fromisoformat(submission.evidence.get("until", "")))
        except ValueError:
            return None
        return end


def _name(claim: Claim) -> str:
    return f"{claim.label}, {claim.issuer}" if claim.issuer and claim.issuer not in claim.label else claim.label
