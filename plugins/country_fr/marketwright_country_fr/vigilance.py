"""The duty of vigilance: the papers that a client must hold of a freelancer, handed in once for all their clients.

Of a business in France a certificate of the URSSAF under six months with its security code, an extract of registration,
and the statement on foreign employees (code du travail, D.8222-5, D.8254-2); of one established elsewhere a certificate
of its social security, as the A1 of the Union, and what its own register gives (D.8222-7). A named person compares the
code at the URSSAF, or reads the papers, and decides.
"""

import re
from datetime import date, datetime

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
from marketwright_country_fr.work import CHECK, MONTHS, months_after

SEEN = N_("the papers handed in")
CODE = re.compile(r"^[A-Z0-9]{12,20}$")
NONE, LIST = "none", "list"
_OF_FRANCE = (
    Ask("certificate", N_("Certificate of the URSSAF"), "file",
        N_("The “attestation de vigilance” from your account at urssaf.fr, under six months old.")),
    Ask("certificate_on", N_("Its date"), "date"),
    Ask("code", N_("Its security code"), "text", N_("Letters and digits, at the foot of the certificate.")),
    Ask("extract", N_("Extract of registration"), "file",
        N_("Kbis, or the record of the national register of businesses, under six months old.")),
)  # fmt: skip
_OF_ELSEWHERE = (
    Ask("social", N_("Certificate of your social security"), "file",
        N_("The form A1 within the Union; else what the body that you pay contributions to gives you.")),
    Ask("social_until", N_("Valid until"), "date"),
    Ask("extract", N_("Extract of registration"), "file",
        N_("From the register of businesses of your country, under six months old, with your VAT number where you have "
           "one.")),
)  # fmt: skip
_OF_ALL = (
    Ask("extract_on", N_("Date of the extract"), "date"),
    Ask("employees", N_("Employees from outside the Union"), "choice",
        choices=((NONE, N_("I employ nobody who needs a work permit")), (LIST, N_("I hand in their list")))),
    Ask("list", N_("List of these employees"), "file", N_("Name, nationality, date and number of the permit."),
        required=False),
)  # fmt: skip


class Vigilance(VettingCheck):
    """Certificate, extract and statement; good for six months from the older paper, and no longer than either."""

    name = CHECK
    label = N_("Papers of the duty of vigilance (France)")
    remind_days = (30, 15, 5)
    shared = True

    def applies(self, subject: Subject) -> bool:
        """For every freelancer: clients in France must hold papers of those who are established elsewhere too."""
        return subject.kind is SubjectKind.FREELANCER

    def evidence(self, subject: Subject) -> tuple[Ask, ...]:
        """What the law lists, for a business in France or elsewhere."""
        return (*(_OF_FRANCE if _french(subject) else _OF_ELSEWHERE), *_OF_ALL)

    def start(self, subject: Subject, submission: Submission) -> Verdict | Waiting:
        """Refused at once where a paper is too old or the code is none; else a person compares the code."""
        reason = self._wrong(subject, submission)
        if reason:
            return self._verdict(subject, Result.REFUSED, reason=reason)
        if not _french(subject):
            return Waiting(for_staff=True, note=N_("Read both papers: who gave them, for whom, and until when."))
        return Waiting(for_staff=True, note=N_("Compare the security code at urssaf.fr, and the names on both papers."))

    def resume(self, subject: Subject, submission: Submission) -> Verdict | Waiting:
        """The decision of whoever compared."""
        if not submission.decision:
            return Waiting(for_staff=True)
        if submission.decision != Result.PASSED:
            return self._verdict(subject, Result.REFUSED, reason=submission.reason)
        last = months_after(self._day(submission, "extract_on"), MONTHS)
        other = (
            months_after(self._day(submission, "certificate_on"), MONTHS) if _french(subject)
            else self._day(submission, "social_until")
        )  # fmt: skip
        ends = self.desk.end_of_day(min(last, other))
        return self._verdict(subject, Result.PASSED, reason=submission.reason, expires=ends)

    def explain(self, verdict: Verdict) -> str:
        """One sentence."""
        if verdict.source == SEEN:
            return N_("A person of our team read the certificate of social security and the extract of registration.")
        return N_("A person of our team compared the certificate’s code at the URSSAF, and the names on both papers.")

    def _verdict(
        self, subject: Subject, result: Result, *, reason: str = "", expires: datetime | None = None
    ) -> Verdict:  # fmt: skip
        compared = N_("certificate of vigilance and extract of registration")
        source = N_("urssaf.fr, by the security code")
        if not _french(subject):
            compared, source = N_("certificate of social security and extract of registration"), SEEN
        return Verdict(result, compared=compared, source=source, reason=reason, expires=expires, document=True)

    def _wrong(self, subject: Subject, submission: Submission) -> str:
        today = self.desk.today
        oldest = months_after(today, -MONTHS)
        if not _french(subject) and self._day(submission, "social_until") < today:
            return N_("The certificate of social security is not valid any more: hand in a new one.")
        if _french(subject) and not CODE.fullmatch(submission.evidence.get("code", "").replace(" ", "").upper()):
            return N_("The security code has 12 to 20 letters and digits; it stands at the foot of the certificate.")
        for key, old, future in (
            ("certificate_on", N_("The certificate is older than six months: get a new one at urssaf.fr."),
             N_("The certificate’s date is still to come.")),
            ("extract_on", N_("The extract is older than six months: get a new one."),
             N_("The extract’s date is still to come.")),
        ):  # fmt: skip
            if key == "certificate_on" and not _french(subject):
                continue
            day = self._day(submission, key)
            if day <= oldest:
                return old
            if day > today:
                return future
        if submission.evidence.get("employees") == LIST and not submission.evidence.get("list"):
            return N_("Hand in the list of the employees who need a work permit.")
        return ""

    @staticmethod
    def _day(submission: Submission, key: str) -> date:
        try:
            return date.fromisoformat(submission.evidence.get(key, ""))
        except ValueError:
            return date.min


def _french(subject: Subject) -> bool:
    """Whether the papers are those of a business in France; where the country is not known yet they are."""
    return subject.country in ("", "FR")
