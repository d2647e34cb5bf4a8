"""What is handed over: checks with their counts, measured against the figure that both agreed on beforehand."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, Final

from marketwright.plugin import (
    N_,
    Deliverable,
    Field,
    FieldForm,
    Handed,
    HandedFile,
    HandedRows,
    Judgement,
    say,
)

MEASURED = "data.measured_delivery"
FRESHNESS: Final = "freshness"
METRICS: Final = (
    ("reconciled", {"en": "Share of rows reconciled with the source (%)",
                    "fr": "Part de lignes rapprochées de la source (%)"}),
    ("complete", {"en": "Share of required values present and valid (%)",
                  "fr": "Part de valeurs obligatoires présentes et valides (%)"}),
    ("tests", {"en": "Share of agreed tests passed (%)", "fr": "Part de tests convenus réussis (%)"}),
    ("precision", {"en": "Share of matches that are right, on a labelled sample (%)",
                   "fr": "Part de rapprochements justes, sur un échantillon étiqueté (%)"}),
    (FRESHNESS, {"en": "Age of the data at its oldest (hours)", "fr": "Ancienneté maximale des données (heures)"}),
)  # fmt: skip
WHO: Final = (
    ("client", {"en": "The client, with the script handed over", "fr": "Le client, avec le script remis"}),
    ("both", {"en": "Both together, in one session", "fr": "Les deux ensemble, en une séance"}),
    ("specialist", {"en": "The specialist, with the log handed over", "fr": "Le spécialiste, journal remis"}),
)
COLUMNS: Final = ("check", "total", "passed")


def _field(name: str, form: FieldForm, en: str, fr: str, **more: Any) -> Field:
    return Field("deliverable", name, form, {"en": en, "fr": fr}, **more)


class MeasuredDelivery(Deliverable):
    """Data work with its figure: each check with what was counted and what passed, the log, the cases that failed."""

    name = MEASURED
    label = N_("Measured delivery")
    summary = N_("Each check with what was counted and what passed; the figure is worked out from them.")
    agreed = (
        _field("metric_kind", FieldForm.CHOICE, "Measure", "Mesure", choices=METRICS, required=True),
        _field("metric_target", FieldForm.NUMBER, "Target", "Cible", required=True, minimum=0, maximum=8760,
               hint={"en": "In per cent, at least; for the age of data in hours, at most.",
                     "fr": "En pour cent, au minimum ; pour l’ancienneté des données, en heures, au maximum."}),
        _field("metric_basis", FieldForm.LONG_TEXT, "Measured on", "Mesuré sur", required=True,
               hint={"en": "Which data, of which day, and what counts as right; a difference that is tolerated.",
                     "fr": "Quelles données, de quel jour, ce qui compte comme juste ; l’écart toléré."}),
        _field("metric_run_by", FieldForm.CHOICE, "Measured by", "Mesuré par", choices=WHO, required=True),
    )  # fmt: skip
    handed = (
        _field("where_it_lives", FieldForm.TEXT, "Where it is", "Emplacement", required=True,
               hint={"en": "Repository, schema or folder, with the version.",
                     "fr": "Dépôt, schéma ou dossier, avec la version."}),
        _field("how_to_rerun", FieldForm.LONG_TEXT, "How to run the measure again", "Comment rejouer la mesure",
               required=True),
        _field("measure_log", FieldForm.FILE, "Log of the measure", "Journal de la mesure",
               hint={"en": "CSV with the columns check, total, passed: its counts must be those below.",
                     "fr": "CSV aux colonnes check, total, passed : ses comptes doivent être ceux ci-dessous."}),
        _field("failed_cases", FieldForm.FILE, "Cases that failed", "Cas en échec"),
    )  # fmt: skip
    rows = (
        HandedRows(
            "counts", {"en": "Checks", "fr": "Contrôles"}, {"en": "Check", "fr": "Contrôle"}, least=1,
            columns=(
                _field("check_name", FieldForm.TEXT, "Check", "Contrôle", required=True),
                _field("counted", FieldForm.NUMBER, "Counted (or hours)", "Comptés (ou heures)", required=True,
                       minimum=0),
                _field("passed_count", FieldForm.NUMBER, "Passed", "Réussis", minimum=0),
                _field("cause", FieldForm.TEXT, "Cause of the rest", "Cause du reste"),
            ),
            derived=(_field("passed_share", FieldForm.NUMBER, "Share, %", "Part, %"),),
        ),
    )  # fmt: skip

    def check_agreed(self, agreed: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
        """A share is above 0 and at most 100 per cent; an age is above 0 hours."""
        target = agreed["metric_target"]
        if agreed["metric_kind"] != FRESHNESS and not 0 < target <= 100:
            return {"metric_target": [say("A share is above 0 and at most 100 per cent.")]}
        if target <= 0:
            return {"metric_target": [say("An age of 0 hours cannot be met: say how old the data may be.")]}
        return {}

    def check(self, agreed: Mapping[str, Any], handed: Handed) -> Mapping[str, Sequence[str]]:
        """No more passes than were counted; the log says what the rows say."""
        wrong: dict[str, Sequence[str]] = {}
        for n, row in enumerate(handed.rows["counts"]):
            wrong |= _row_faults(agreed["metric_kind"], n, row)
        log = handed.values.get("measure_log")
        if not wrong and isinstance(log, HandedFile):
            said = _log_faults(log, handed.rows["counts"])
            wrong |= {"measure_log": [said]} if said else {}
        return wrong

    def derive(self, rows: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
        """The share of one check, to two digits; an age has none."""
        if row.get("passed_count") is None or not row["counted"]:
            return {}
        return {"passed_share": round(100 * row["passed_count"] / row["counted"], 2)}

    def judge(self, agreed: Mapping[str, Any], handed: Handed) -> Judgement:
        """All that passed of all that was counted, or the oldest age, against the target."""
        rows, target = handed.rows["counts"], agreed["metric_target"]
        if agreed["metric_kind"] == FRESHNESS:
            oldest = max(row["counted"] for row in rows)
            figures: tuple[tuple[str, str], ...] = ((say("Oldest data"), f"{oldest:g} h"),
                                                    (say("Agreed at most"), f"{target:g} h"))  # fmt: skip
            return Judgement(oldest <= target, figures, (_sentence(met=oldest <= target),))
        counted, passed = sum(r["counted"] for r in rows), sum(r["passed_count"] for r in rows)
        met = counted > 0 and 100 * passed >= target * counted
        share = 100 * passed / counted if counted else 0.0
        figures = ((say("Measured"), f"{_floor(share):.2f} %"), (say("Agreed at least"), f"{target:g} %"),
                   (say("Counted"), f"{counted:g}"), (say("Not passed"), f"{counted - passed:g}"))  # fmt: skip
        return Judgement(met, figures, (_sentence(met=met),))

    def example(self) -> tuple[Mapping[str, Any], Handed]:
        """A month of tickets reconciled to 99.6 per cent, 99.5 agreed."""
        agreed = {
            "metric_kind": "reconciled",
            "metric_target": 99.5,
            "metric_run_by": "both",
            "metric_basis": "The month of March as reported, line by line; a cent of rounding is tolerated.",
        }
        log = b"check,total,passed\nTickets,48120,47930\nGates,9310,9276\n"
        rows = {"counts": (
            {"check_name": "Tickets", "counted": 48120, "passed_count": 47930, "cause": "Late postings"},
            {"check_name": "Gates", "counted": 9310, "passed_count": 9276},
        )}  # fmt: skip
        values = {"where_it_lives": "git: report, tag v1.0", "how_to_rerun": "make measure MONTH=2026-03",
                  "measure_log": HandedFile("measure.csv", "text/csv", log)}  # fmt: skip
        return agreed, Handed(values, rows)


def _floor(share: float) -> float:
    """Two digits, never rounded up: 99.499 is not 99.50."""
    return int(share * 100) / 100


def _sentence(*, met: bool) -> str:
    if met:
        return say("The agreed figure is met.")
    return say("The agreed figure is not met: the work goes back with the cases that failed.")


def _row_faults(kind: str, n: int, row: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    passed = row.get("passed_count")
    if kind == FRESHNESS:
        return {}
    if passed is None:
        return {f"counts-{n}-passed_count": [say("Say how many passed: a share is worked out from it.")]}
    if passed > row["counted"]:
        return {f"counts-{n}-passed_count": [say("More passed than were counted.")]}
    return {}


def _log_faults(log: HandedFile, rows: Sequence[Mapping[str, Any]]) -> str:
    """What is wrong with the log; '' where it says the same as the rows."""
    try:
        lines = list(csv.DictReader(io.StringIO(log.data.decode("utf-8-sig"))))
        read = {line["check"].strip(): (float(line["total"]), float(line["passed"] or 0)) for line in lines}
    except (UnicodeDecodeError, KeyError, ValueError, AttributeError, TypeError, csv.Error):
        return say("The log is no CSV with the columns %(columns)s.", columns=", ".join(COLUMNS))
    for row in rows:
        counts = (float(row["counted"]), float(row.get("passed_count") or 0))
        if read.get(row["check_name"].strip()) != counts:
            return say("The log says otherwise of %(check)s than the rows below.", check=row["check_name"])
    extra = [name for name in read if name not in {r["check_name"].strip() for r in rows}]
    return say("The log has %(check)s, which is not among the rows below.", check=extra[0]) if extra else ""
