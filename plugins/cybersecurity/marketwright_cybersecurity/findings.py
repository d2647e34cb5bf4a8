"""What a test hands over: findings scored by CVSS 4.0, what the client mended of them, what the retest found."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from cvss import CVSS4
from cvss.exceptions import CVSSError

from marketwright.plugin import Deliverable, Field, FieldForm, Handed, HandedFile, HandedRows, Judgement, say

FINDINGS, REMEDIATION, RETEST = "cybersecurity.findings", "cybersecurity.remediation", "cybersecurity.retest"
SEVERITIES = (
    ("critical", {"en": "Critical", "fr": "Critique"}), ("high", {"en": "High", "fr": "Élevée"}),
    ("medium", {"en": "Medium", "fr": "Moyenne"}), ("low", {"en": "Low", "fr": "Faible"}),
    ("none", {"en": "Informational", "fr": "Informative"}),
)  # fmt: skip
EXAMPLE = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:L/SC:N/SI:N/SA:N"


def scored(vector: str) -> tuple[float, str] | None:
    """Score and severity of a CVSS 4.0 vector, ``None`` where it is none."""
    try:
        found = CVSS4(vector.strip())
    except (CVSSError, ValueError, KeyError, IndexError):
        return None
    return float(found.base_score), str(found.severity).lower()


def _field(name: str, form: FieldForm, en: str, fr: str, **more: Any) -> Field:
    return Field("deliverable", name, form, {"en": en, "fr": fr}, **more)


_TITLE = _field("title", FieldForm.TEXT, "Title", "Intitulé", required=True)
_TARGET = _field("affected_target", FieldForm.TEXT, "Affected target", "Cible concernée", required=True)
_SCORE = _field("cvss_score", FieldForm.NUMBER, "CVSS 4.0 score", "Score CVSS 4.0")
_SEVERITY = _field("severity", FieldForm.CHOICE, "Severity", "Gravité", choices=SEVERITIES)
_KNOWN = (_TITLE, _TARGET, _SCORE, _SEVERITY)
_MENDED_HOW = _field("mended_how", FieldForm.LONG_TEXT, "What was done", "Ce qui a été fait")


class Findings(Deliverable):
    """The report of a test: each finding with its target, its vector, the evidence and the way to mend it."""

    name, sealed = FINDINGS, True
    label = "Findings of the test"
    summary = "Each finding with its target, a CVSS 4.0 vector that scores it, the evidence, and how to mend it."
    agreed = (
        _field("approach", FieldForm.CHOICE, "What the tester knows beforehand", "Connaissance préalable du testeur",
               choices=(
                   ("black_box", {"en": "Nothing (black box)", "fr": "Rien (boîte noire)"}),
                   ("grey_box", {"en": "Accounts and plans (grey box)", "fr": "Comptes et plans (boîte grise)"}),
                   ("white_box", {"en": "Everything, code included (white box)",
                                  "fr": "Tout, code compris (boîte blanche)"}),
               ), required=True),
        _field("test_standard", FieldForm.CHOICE, "Method followed", "Méthode suivie",
               choices=(("wstg", {"en": "OWASP WSTG", "fr": "OWASP WSTG"}), ("ptes", {"en": "PTES", "fr": "PTES"}),
                        ("osstmm", {"en": "OSSTMM 3", "fr": "OSSTMM 3"}),
                        ("passi", {"en": "ANSSI, PASSI", "fr": "ANSSI, PASSI"})), required=True),
    )  # fmt: skip
    handed = (
        _field("executive_summary", FieldForm.LONG_TEXT, "Summary for who decides", "Synthèse pour la direction",
               required=True),
        _field("source_addresses", FieldForm.LONG_TEXT, "Addresses that the test came from",
               "Adresses d’où partait le test", required=True),
        _field("full_report", FieldForm.FILE, "Full report", "Rapport complet"),
    )  # fmt: skip
    rows = (
        HandedRows(
            "findings", {"en": "Findings", "fr": "Constats"}, {"en": "Finding", "fr": "Constat"}, chart="severity",
            columns=(
                _TITLE, _TARGET,
                _field("cvss_vector", FieldForm.TEXT, "CVSS 4.0 vector", "Vecteur CVSS 4.0", required=True,
                       hint={"en": f"As in {EXAMPLE}", "fr": f"Par exemple {EXAMPLE}"}),
                _field("evidence", FieldForm.LONG_TEXT, "Evidence", "Preuve", required=True),
                _field("how_to_mend", FieldForm.LONG_TEXT, "How to mend it", "Correction proposée", required=True),
            ),
            derived=(_SCORE, _SEVERITY),
        ),
    )  # fmt: skip

    def check(self, agreed: Mapping[str, Any], handed: Handed) -> Mapping[str, Sequence[str]]:
        """A vector that does not parse is refused at its row."""
        return {
            f"findings-{n}-cvss_vector": [say("This is no CVSS 4.0 vector: it begins with CVSS:4.0/ and names every "
                                              "base metric, as in %(example)s.", example=EXAMPLE)]
            for n, row in enumerate(handed.rows["findings"]) if scored(str(row["cvss_vector"])) is None
        }  # fmt: skip

    def derive(self, rows: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
        """Score and severity of a finding."""
        found = scored(str(row["cvss_vector"]))
        return {"cvss_score": found[0], "severity": found[1]} if found else {}

    def judge(self, agreed: Mapping[str, Any], handed: Handed) -> Judgement:
        """How many findings of which severity; whether the work is good people say."""
        found = handed.rows["findings"]
        counts = Counter(row.get("severity") for row in found)
        worst = max((row.get("cvss_score", 0) for row in found), default=0)
        grave = counts["critical"] + counts["high"]
        figures = ((say("Findings"), str(len(found))), (say("Critical or high"), str(grave)),
                   (say("Highest score"), say("%(score)s of 10", score=worst)))  # fmt: skip
        text = say("The retest window opens once the report was read. Each finding that is marked as mended is tested "
                   "again before the money is released.")  # fmt: skip
        return Judgement(None, figures, (text,))

    def example(self) -> tuple[Mapping[str, Any], Handed]:
        """Two findings of a small test."""
        rows = {"findings": (
            {"title": "SQL injection in the search of orders", "affected_target": "shop.example.org/orders",
             "cvss_vector": EXAMPLE, "evidence": "A single quote in `q` returns a database error; `UNION` reads "
             "users.",
             "how_to_mend": "Bind the parameter; refuse what is no order number."},
            {"title": "Session cookie without Secure", "affected_target": "shop.example.org",
             "cvss_vector": "CVSS:4.0/AV:A/AC:H/AT:P/PR:N/UI:P/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N",
             "evidence": "Set-Cookie of the login has no Secure attribute.", "how_to_mend": "Set Secure and "
                         "SameSite."},
        )}  # fmt: skip
        values = {"executive_summary": "One way into the database from the public search; nothing else of weight.",
                  "source_addresses": "192.0.2.14, 192.0.2.15",
                  "full_report": HandedFile("report.txt", "text/plain", b"The whole report, finding by finding.")}
        return {"approach": "grey_box", "test_standard": "wstg"}, Handed(values, rows)


class Remediation(Deliverable):
    """What the client did about each finding; what is marked as mended is tested again."""

    name, sealed, follows = REMEDIATION, True, (FINDINGS, RETEST)
    label = "What was mended"
    summary = "For each finding: mended, with what was done; accepted as a risk; or still open."
    rows = (
        HandedRows(
            "mended", {"en": "Findings", "fr": "Constats"}, {"en": "Finding", "fr": "Constat"}, fixed=_KNOWN,
            columns=(
                _field("mending", FieldForm.CHOICE, "State", "État", required=True, choices=(
                    ("unmended", {"en": "Still open", "fr": "Encore ouvert"}),
                    ("mended", {"en": "Mended", "fr": "Corrigé"}),
                    ("accepted_risk", {"en": "Accepted as a risk", "fr": "Risque accepté"}),
                )),
                _MENDED_HOW,
            ),
        ),
    )  # fmt: skip

    def carried(self, before: Handed) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Every finding of the report; after a retest those that it did not find fixed."""
        known = [f.name for f in _KNOWN]
        rows = before.rows.get("findings") or [r for r in before.rows.get("retested", ()) if r["verdict"] != "fixed"]
        return {"mended": [{n: row[n] for n in known if n in row} for row in rows]}

    def check(self, agreed: Mapping[str, Any], handed: Handed) -> Mapping[str, Sequence[str]]:
        """Whoever tests again must know what was done."""
        return {
            f"mended-{n}-mended_how": [say("Please say what was done: it is tested again.")]
            for n, row in enumerate(handed.rows["mended"]) if row["mending"] == "mended" and not row.get("mended_how")
        }  # fmt: skip

    def judge(self, agreed: Mapping[str, Any], handed: Handed) -> Judgement:
        """Missed where nothing is left to be tested again."""
        counts = Counter(row["mending"] for row in handed.rows["mended"])
        figures = ((say("Mended"), str(counts["mended"])), (say("Accepted as a risk"), str(counts["accepted_risk"])),
                   (say("Not mended yet"), str(counts["unmended"])))  # fmt: skip
        text = (say("The retest covers what is marked as mended.") if counts["mended"]
                else say("Nothing is marked as mended, so there is nothing to test again."))  # fmt: skip
        return Judgement(bool(counts["mended"]), figures, (text,))

    def example(self) -> tuple[Mapping[str, Any], Handed]:
        """Everything is mended."""
        return {}, Handed({}, {"mended": ({"mending": "mended", "mended_how": "Deployed with release 2026.5."},)})


class Retest(Deliverable):
    """A verdict on each finding that was marked as mended."""

    name, sealed, follows = RETEST, True, (REMEDIATION,)
    label = "Retest"
    summary = "For each finding that was marked as mended: fixed, partly fixed or not fixed, with the evidence."
    handed = (
        _field("retest_day", FieldForm.DATE, "Tested again on", "Retesté le", required=True),
    )  # fmt: skip
    rows = (
        HandedRows(
            "retested", {"en": "Findings tested again", "fr": "Constats retestés"}, {"en": "Finding", "fr": "Constat"},
            fixed=(*_KNOWN, _MENDED_HOW), chart="verdict",
            columns=(
                _field("verdict", FieldForm.CHOICE, "Verdict", "Verdict", required=True, choices=(
                    ("not_fixed", {"en": "Not fixed", "fr": "Non corrigé"}),
                    ("partly_fixed", {"en": "Partly fixed", "fr": "Corrigé en partie"}),
                    ("fixed", {"en": "Fixed", "fr": "Corrigé"}),
                )),
                _field("retest_evidence", FieldForm.LONG_TEXT, "What the retest showed", "Ce que le retest a montré",
                       required=True),
            ),
        ),
    )  # fmt: skip

    def carried(self, before: Handed) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """What the client marked as mended."""
        known = [f.name for f in (*_KNOWN, _MENDED_HOW)]
        rows = [r for r in before.rows.get("mended", ()) if r["mending"] == "mended"]
        return {"retested": [{n: row[n] for n in known if n in row} for row in rows]}

    def judge(self, agreed: Mapping[str, Any], handed: Handed) -> Judgement:
        """Met where everything that was mended is fixed."""
        rows = handed.rows["retested"]
        fixed = sum(row["verdict"] == "fixed" for row in rows)
        text = say("%(fixed)s of %(all)s findings that were marked as mended are fixed.", fixed=fixed, all=len(rows))
        return Judgement(fixed == len(rows), ((say("Fixed"), f"{fixed} / {len(rows)}"),), (text,))

    def example(self) -> tuple[Mapping[str, Any], Handed]:
        """Everything is fixed."""
        rows = {"retested": ({"verdict": "fixed", "retest_evidence": "The same request is refused with 400."},)}
        return {}, Handed({"retest_day": "2026-06-15"}, rows)
