"""VAT numbers of the Union, asked at VIES: the answer is kept with its day and its consultation number.

Whoever sells without VAT to a business of another member state has to know that its number is valid (directive
2006/112/EC, art. 138 and 196; CGI, art. 283-2), and shows it later by the number of the consultation, which VIES gives
to those alone who say who asks. Read 2026-11-29: https://ec.europa.eu/taxation_customs/vies/#/technical-information
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marketwright.plugin import (
    N_,
    Ask,
    HttpFailed,
    Result,
    Subject,
    SubjectKind,
    Submission,
    Verdict,
    VettingCheck,
    Waiting,
)

HOST = "ec.europa.eu"
ADDRESS = f"https://{HOST}/taxation_customs/vies/rest-api/check-vat-number"
# As VIES writes them: Greece is EL, Northern Ireland XI (for goods alone, so it is not asked for services).
STATES = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
     "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)  # fmt: skip
NUMBER = re.compile(r"^([A-Z]{2})([0-9A-Z+*]{2,12})$")
AGAIN = timedelta(hours=1)
SILENT = N_("VIES does not answer at the moment; it is asked again every hour.")
UNKNOWN = N_(
    "VIES does not know this VAT number. Compare it with your tax office’s letter; where it is right, ask the office "
    "to enter it for trade within the Union."
)


class Vies(VettingCheck):
    """Asked by the worker when a legal identity with a number of the Union is recorded; never below a test stage.

    An answer counts for ``vies_days``. Whatever is no plain yes or no of VIES is an outage: it is asked again.
    """

    name = "vies"
    label = N_("VAT number, asked at VIES")
    remind_days = ()
    follows_identity = True

    def applies(self, subject: Subject) -> bool:
        """For freelancers and clients whose number is one of the Union; the made-up ones of a demo are not asked."""
        asked = subject.kind in (SubjectKind.FREELANCER, SubjectKind.CLIENT) and self.desk.stage != "demo"
        return asked and _parts(subject.vat_number) is not None

    def evidence(self, subject: Subject) -> tuple[Ask, ...]:
        """Nothing: the number stands in the legal identity."""
        return ()

    def start(self, subject: Subject, submission: Submission) -> Verdict | Waiting:
        """Ask."""
        return self._asked(subject)

    def resume(self, subject: Subject, submission: Submission) -> Verdict | Waiting:
        """Ask again."""
        return self._asked(subject)

    def explain(self, verdict: Verdict) -> str:
        """One sentence."""
        return N_("VIES, the register of the member states, was asked whether the VAT number is valid.")

    def _asked(self, subject: Subject) -> Verdict | Waiting:
        parts = _parts(subject.vat_number)
        if parts is None:
            return self._verdict(subject, Result.REFUSED, UNKNOWN)
        try:
            found = self.desk.http.post(ADDRESS, json=self._question(*parts)).json()
        except HttpFailed:
            return self._silent()
        if not isinstance(found, Mapping) or not isinstance(found.get("valid"), bool) or found.get("errorWrappers"):
            return self._silent()
        if not found["valid"]:
            return self._verdict(subject, Result.REFUSED, UNKNOWN)
        return self._verdict(subject, Result.PASSED, _said(found))

    def _question(self, state: str, number: str) -> dict[str, str]:
        asker = _parts(self.settings["vies_requester"].replace(" ", "").upper())
        known = {"requesterMemberStateCode": asker[0], "requesterNumber": asker[1]} if asker else {}
        return {"countryCode": state, "vatNumber": number, **known}

    def _silent(self) -> Waiting:
        return Waiting(until=self.desk.clock.business() + AGAIN, note=SILENT)

    def _verdict(self, subject: Subject, result: Result, reason: str) -> Verdict:
        ends = self.desk.clock.business() + timedelta(days=self.settings["vies_days"])
        return Verdict(
            result, compared=N_("the VAT number of the legal identity"),
            source=N_("VIES (ec.europa.eu), the register of the member states"),
            reason=reason, expires=ends if result is Result.PASSED else None, claim=subject.vat_number,
        )  # fmt: skip


def _parts(number: str) -> tuple[str, str] | None:
    """Member state and number as VIES wants them; ``None`` for a number that is none of the Union."""
    found = NUMBER.fullmatch(number)
    return (found[1], found[2]) if found and found[1] in STATES else None


def _said(answer: Mapping[str, Any]) -> str:
    """What VIES said, in its own words: name and address as far as the member state tells, day, consultation."""
    told = [" ".join(str(answer.get(key) or "").split()) for key in ("name", "address", "requestDate")]
    consultation = str(answer.get("requestIdentifier") or "")
    return "; ".join(part for part in (*told, consultation) if part and part != "---")[:1000]
