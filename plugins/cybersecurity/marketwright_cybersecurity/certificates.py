"""A vetting step: the number of a certificate is compared with its issuer's public register by a named person."""

from datetime import timedelta

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

KEPT_DAYS = 365


class RegisterCheck(VettingCheck):
    """Staff look the number up at the issuer; the verdict names the register and lasts a year."""

    name = "certificate_register"
    label = N_("Certificate compared with its issuer’s register")

    def applies(self, subject: Subject) -> bool:
        """For freelancers who state a certificate."""
        return subject.kind is SubjectKind.FREELANCER and any(c.kind == "certificate" for c in subject.claims)

    def evidence(self, subject: Subject) -> tuple[Ask, ...]:
        """Which certificate, its number, and where it can be looked up."""
        choices = tuple((c.id, c.label) for c in subject.claims if c.kind == "certificate")
        return (
            Ask("claim", N_("Certificate"), "choice", choices=choices),
            Ask("number", N_("Number on the certificate"), "text"),
            Ask("register", N_("Address of the issuer’s register"), "text",
                N_("The page on which anybody can look the number up"), required=False),
        )  # fmt: skip

    def start(self, subject: Subject, submission: Submission) -> Verdict | Waiting:
        """A person of staff looks it up."""
        return Waiting(for_staff=True, note=submission.evidence.get("number", ""))

    def resume(self, subject: Subject, submission: Submission) -> Verdict | Waiting:
        """The verdict that staff decided on; without a decision it goes on waiting."""
        if not submission.decision:
            return Waiting(for_staff=True)
        claim = submission.claim or submission.evidence.get("claim", "")
        words = next((c for c in subject.claims if c.id == claim), None)
        source = submission.evidence.get("register") or (words.issuer if words else "") or N_("the issuer’s register")
        return Verdict(
            result=Result(submission.decision),
            compared=N_("number of the certificate"), source=source, reason=submission.reason,
            expires=submission.expires or self.desk.clock.business() + timedelta(days=KEPT_DAYS), claim=claim,
        )  # fmt: skip

    def explain(self, verdict: Verdict) -> str:
        """One sentence."""
        return N_("The number of the certificate was compared with its issuer’s register.")
