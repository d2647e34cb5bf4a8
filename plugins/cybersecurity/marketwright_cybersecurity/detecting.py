"""What detection hands over: rules as code with their replay, then what tuning on real events measured."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from marketwright.plugin import (
    N_,
    Condition,
    Deliverable,
    Field,
    FieldForm,
    Handed,
    HandedFile,
    HandedIn,
    HandedRows,
    Judgement,
    Role,
    say,
)

RULES, TUNING = "cybersecurity.detection_rules", "cybersecurity.tuning"
LOGS = "cybersecurity.log_access"
_TECHNIQUE = re.compile(r"T\d{4}(\.\d{3})?", re.ASCII)
_FORMATS = (("sigma", {"en": "Sigma", "fr": "Sigma"}), ("kql", {"en": "KQL", "fr": "KQL"}),
            ("spl", {"en": "SPL", "fr": "SPL"}), ("esql", {"en": "ES|QL or EQL", "fr": "ES|QL ou EQL"}),
            ("yara_l", {"en": "YARA-L", "fr": "YARA-L"}))  # fmt: skip


def _field(name: str, form: FieldForm, en: str, fr: str, *, owner: str = "deliverable", **more: Any) -> Field:
    return Field(owner, name, form, {"en": en, "fr": fr}, **more)


def _count(name: str, en: str, fr: str, *, least: int = 0, **more: Any) -> Field:
    return _field(name, FieldForm.NUMBER, en, fr, required=True, minimum=least, maximum=10_000_000, **more)


def check_logs(handed: HandedIn) -> Mapping[str, str]:
    """Nobody reads logs before those concerned know what is logged."""
    if handed.values.get("persons_told") != "yes":
        return {"persons_told": say("Tell the persons concerned first, and where the law asks for it their "
                                    "representatives: without it these logs may not be read.")}  # fmt: skip
    return {}


def _example_logs(day: date) -> Mapping[str, Any]:
    return {"log_sources": [{"log_source": "Windows security events", "kept_days": 90}], "persons_told": "yes",
            "told_on": day.isoformat(), "replay_set": "Thirty days of the test domain, six attacks played"}  # fmt: skip


LOG_ACCESS = Condition(
    name=LOGS,
    label=N_("Logs to work on"),
    how=N_(
        "The {client} names the logs, says that those concerned know what is logged, and which recorded events the "
        "rules are replayed on. Without it no budget is paid in and nobody reads a log."
    ),
    role=Role.CLIENT,
    fields=(
        _field("log_sources", FieldForm.ROWS, "Log sources", "Sources de journaux", owner="condition", required=True,
               sealed=True, rows=(
                   _field("log_source", FieldForm.TEXT, "Source", "Source", owner="condition", required=True),
                   _field("kept_days", FieldForm.NUMBER, "Kept for days", "Conservé (jours)", owner="condition",
                          required=True, minimum=1, maximum=3650),
               )),
        _field("persons_told", FieldForm.CHOICE, "Do the persons concerned know what is logged?",
               "Les personnes concernées savent-elles ce qui est journalisé ?", owner="condition", required=True,
               sealed=True, choices=(("yes", {"en": "Yes", "fr": "Oui"}),
                                     ("no", {"en": "Not yet", "fr": "Pas encore"})),
               hint={"en": "In France the works council is consulted first (article L2312-38 of the labour code).",
                     "fr": "En France, le comité social et économique est consulté d’abord (article L2312-38 du code "
                           "du travail)."}),
        _field("told_on", FieldForm.DATE, "Told on", "Information faite le", owner="condition", required=True,
               sealed=True),
        _field("replay_set", FieldForm.LONG_TEXT, "Recorded events for the replay", "Événements enregistrés à rejouer",
               owner="condition", required=True, sealed=True,
               hint={"en": "Which period, which machines, which attacks are in it, where it is kept.",
                     "fr": "Quelle période, quelles machines, quelles attaques y figurent, où il est conservé."}),
    ),
    check=check_logs,
    confidential=True,
    example=_example_logs,
)  # fmt: skip
_RULE = _field("rule", FieldForm.TEXT, "Rule", "Règle", required=True)
_ATTACK = _field("technique", FieldForm.TEXT, "ATT&CK technique", "Technique ATT&CK", required=True,
                 hint={"en": "As in T1110.003", "fr": "Par exemple T1110.003"})  # fmt: skip


class DetectionRules(Deliverable):
    """Rules as code: each with its technique, its text, and how many of the replayed attacks it found."""

    name, sealed = RULES, True
    label = "Rules, tested on recorded events"
    summary = "Each rule as code, with the technique it finds and what replaying the recorded events showed."
    agreed = (
        _field("rule_format", FieldForm.CHOICE, "Written as", "Écrites en", choices=_FORMATS, required=True),
        _count("techniques_wanted", "Techniques covered at least", "Techniques couvertes au moins", least=1),
    )  # fmt: skip
    handed = (
        _field("revision", FieldForm.TEXT, "Revision in your repository", "Révision dans votre dépôt", required=True),
        _field("rule_files", FieldForm.FILE, "Rules and their tests, as an archive",
               "Règles et leurs tests, en archive"),
    )  # fmt: skip
    rows = (
        HandedRows(
            "rules", {"en": "Rules", "fr": "Règles"}, {"en": "Rule", "fr": "Règle"}, least=1,
            columns=(
                _RULE, _ATTACK, _field("code", FieldForm.LONG_TEXT, "Rule as code", "Code de la règle", required=True),
                _count("attacks", "Attacks in the replay", "Attaques rejouées", least=1),
                _count("found", "Found", "Détectées"),
            ),
        ),
    )  # fmt: skip

    def check(self, agreed: Mapping[str, Any], handed: Handed) -> Mapping[str, Sequence[str]]:
        """A technique is one of ATT&CK by its form; a rule finds no more than was played."""
        wrong: dict[str, Sequence[str]] = {}
        for n, row in enumerate(handed.rows["rules"]):
            if not _TECHNIQUE.fullmatch(str(row["technique"]).strip()):
                wrong[f"rules-{n}-technique"] = [say("An ATT&CK technique reads like T1110 or T1110.003.")]
            if row["found"] > row["attacks"]:
                wrong[f"rules-{n}-found"] = [say("It found more than was replayed.")]
        return wrong

    def judge(self, agreed: Mapping[str, Any], handed: Handed) -> Judgement:
        """Met where each rule finds every attack that was replayed, and as many techniques as agreed are covered."""
        rows = handed.rows["rules"]
        whole = {str(row["technique"]).strip() for row in rows if row["found"] == row["attacks"]}
        blind = [row for row in rows if row["found"] < row["attacks"]]
        wanted = int(agreed["techniques_wanted"])
        figures = ((say("Techniques found in the replay"), f"{len(whole)} / {wanted}"),
                   (say("Rules that missed an attack"), str(len(blind))))  # fmt: skip
        met = len(whole) >= wanted and not blind
        text = (say("The replay covers what was agreed.") if met
                else say("The replay falls short of what was agreed: the rules go back to be mended."))  # fmt: skip
        return Judgement(met, figures, (text,))

    def example(self) -> tuple[Mapping[str, Any], Handed]:
        """One rule, all of its attacks found."""
        rows = {"rules": ({"rule": "Password spraying", "technique": "T1110.003", "attacks": 4, "found": 4,
                           "code": "title: Password spraying\ndetection:\n  condition: failures | count() > 20"},)}
        agreed = {"rule_format": "sigma", "techniques_wanted": 1}
        values = {"revision": "4f9c2ab", "rule_files": HandedFile("rules.txt", "text/plain", b"title: Spraying")}
        return agreed, Handed(values, rows)  # fmt: skip


class Tuning(Deliverable):
    """What the rules raised on real events while they were tuned: acceptance is by the false positives measured."""

    name, sealed, follows = TUNING, True, (RULES,)
    label = "Tuning, measured"
    summary = "Days of tuning, what each rule raised on real events, how much of it was false, what was excluded."
    agreed = (
        _count("tuning_days", "Days of tuning on real events, at least", "Jours de réglage sur événements réels, au "
               "moins", least=1),
        _count("false_a_day", "False positives a day at most, all rules together",
               "Faux positifs par jour au plus, toutes règles confondues"),
    )  # fmt: skip
    handed = (_count("days_tuned", "Days measured", "Jours mesurés", least=1),)
    rows = (
        HandedRows(
            "tuned", {"en": "Rules", "fr": "Règles"}, {"en": "Rule", "fr": "Règle"}, fixed=(_RULE, _ATTACK),
            columns=(
                _count("alerts", "Alerts", "Alertes"), _count("false", "Of them false", "Dont fausses"),
                _field("excluded", FieldForm.TEXT, "Excluded, and why", "Exclusions et motif"),
            ),
        ),
    )  # fmt: skip

    def carried(self, before: Handed) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Every rule that was handed over."""
        return {"tuned": [{n: row[n] for n in ("rule", "technique")} for row in before.rows.get("rules", ())]}

    def check(self, agreed: Mapping[str, Any], handed: Handed) -> Mapping[str, Sequence[str]]:
        """What is false was raised, and the days agreed have passed."""
        wrong: dict[str, Sequence[str]] = {
            f"tuned-{n}-false": [say("More were false than were raised.")]
            for n, row in enumerate(handed.rows["tuned"]) if row["false"] > row["alerts"]
        }  # fmt: skip
        if handed.values["days_tuned"] < agreed["tuning_days"]:
            wrong["days_tuned"] = [say("At least %(n)s days of tuning were agreed.", n=int(agreed["tuning_days"]))]
        return wrong

    def judge(self, agreed: Mapping[str, Any], handed: Handed) -> Judgement:
        """Met where the false positives of a day stay at or under what was agreed."""
        days, most = int(handed.values["days_tuned"]), int(agreed["false_a_day"])
        false = sum(int(row["false"]) for row in handed.rows["tuned"])
        figures = ((say("False positives a day"), f"{false / days:.1f}"), (say("At most"), str(most)))
        met = false <= most * days
        text = say("Measured within what was agreed.") if met else say("More false positives than agreed: tune again.")
        return Judgement(met, figures, (text,))

    def example(self) -> tuple[Mapping[str, Any], Handed]:
        """A quiet fortnight."""
        rows = {"tuned": ({"alerts": 14, "false": 9, "excluded": "Vulnerability scanner, 198.51.100.7"},)}
        return {"tuning_days": 10, "false_a_day": 3}, Handed({"days_tuned": 10}, rows)
