"""What is handed over: a baseline, a candidate with its card, the report of its measure, and that of a second run."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from marketwright.plugin import N_, Deliverable, Field, FieldForm, Handed, HandedRows, Judgement, say
from marketwright_ai.fields import LESS_IS_BETTER, METRICS

SHA256 = re.compile(r"[0-9a-f]{64}")
SHARES = frozenset({"accuracy", "precision", "recall", "f1", "auroc", "map", "ndcg", "pass_rate"})
NO_HASH = N_("This is no SHA-256: 64 characters, 0 to 9 and a to f, as sha256sum prints them.")

_READING = {
    (False, True): N_("The test set gave %(score)s; at least %(threshold)s was agreed: the threshold is met."),
    (False, False): N_("The test set gave %(score)s; at least %(threshold)s was agreed: the threshold is missed."),
    (True, True): N_("The test set gave %(score)s; at most %(threshold)s was agreed: the threshold is met."),
    (True, False): N_("The test set gave %(score)s; at most %(threshold)s was agreed: the threshold is missed."),
}
_SECOND = {
    True: N_("The second run gave %(score)s where %(threshold)s was agreed: the threshold is met."),
    False: N_("The second run gave %(score)s where %(threshold)s was agreed: the threshold is missed."),
}


def _asked(name: str, form: FieldForm, en: str, fr: str, hint: tuple[str, str] | None = None, **more: Any) -> Field:
    said = {"en": hint[0], "fr": hint[1]} if hint else None
    return Field("deliverable", name, form, {"en": en, "fr": fr}, hint=said, **more)


def better(metric: str, score: float, threshold: float) -> bool:
    """Whether ``score`` meets ``threshold``: of errors less is better."""
    return score <= threshold if metric in LESS_IS_BETTER else score >= threshold


class Baseline(Deliverable):
    """Something simple, measured, before anything is trained."""

    name, label = "ai.baseline", N_("Baseline")
    summary = N_("Something simple and its score, so that what a candidate adds can be told.")
    handed: ClassVar[tuple[Field, ...]] = (
        _asked("baseline_method", FieldForm.TEXT, "What was measured", "Ce qui a été mesuré", required=True),
        _asked("baseline_score", FieldForm.NUMBER, "Score of the baseline", "Score de la référence", required=True),
        _asked("scoring_script", FieldForm.TEXT, "Scoring script", "Script de mesure",
               ("Repository and commit, or file name.", "Dépôt et commit, ou nom du fichier."), required=True),
        _asked("dummy_score", FieldForm.NUMBER, "Score of a dummy model", "Score d’un modèle factice",
               ("One that always gives the same answer: it shows that the script runs.",
                "Un modèle qui répond toujours la même chose : il montre que le script fonctionne."), required=True),
    )  # fmt: skip

    def example(self) -> tuple[Mapping[str, Any], Handed]:
        """A regression on n-grams."""
        return {}, Handed({
            "baseline_method": "Regression on n-grams", "baseline_score": 0.81,
            "scoring_script": "score.py at 4f1c2ab", "dummy_score": 0.12,
        })  # fmt: skip


class Candidate(Deliverable):
    """The weights, fixed by their hash, with the card of the model and the licence of each source."""

    name, label = "ai.candidate", N_("Candidate")
    summary = N_("Weights fixed by their hash, a model card, and the licence of every source they were trained on.")
    agreed: ClassVar[tuple[Field, ...]] = (
        _asked(
            "weights_scope", FieldForm.CHOICE, "Weights handed over", "Poids remis", required=True,
            choices=(
                ("full", {"en": "The whole model", "fr": "Le modèle entier"}),
                ("adapter", {"en": "The adapter, on a base model", "fr": "L’adaptateur, sur un modèle de base"}),
                ("none", {"en": "None: prompts, tools, configuration", "fr": "Aucun : invites, outils, configuration"}),
            ),
        ),
        _asked("compute_cap", FieldForm.MONEY, "Compute at most", "Calcul au plus",
               ("Before tax. What goes over is borne by whoever caused it.",
                "Hors taxes. Le dépassement est à la charge de qui l’a causé."),
               required=True, minimum=0),
        _asked(
            "compute_payer", FieldForm.CHOICE, "Compute paid by", "Calcul payé par", required=True,
            choices=(
                ("client", {"en": "The client, directly", "fr": "Le client, directement"}),
                ("freelancer", {"en": "Within the price", "fr": "Compris dans le prix"}),
            ),
        ),
    )  # fmt: skip
    handed: ClassVar[tuple[Field, ...]] = (
        _asked("weights_hash", FieldForm.TEXT, "SHA-256 of the weights", "SHA-256 des poids", required=True),
        _asked("base_model", FieldForm.TEXT, "Base model and version", "Modèle de base et version"),
        _asked("base_licence", FieldForm.TEXT, "Licence of the base model", "Licence du modèle de base"),
        _asked("gpu_hours_used", FieldForm.NUMBER, "GPU hours used", "Heures de GPU utilisées", minimum=0),
        _asked("validation_score", FieldForm.NUMBER, "Score on the validation set", "Score sur la validation"),
        _asked("intended_use", FieldForm.LONG_TEXT, "Intended use", "Usage prévu", required=True),
        _asked("known_failures", FieldForm.LONG_TEXT, "Where it fails", "Là où il échoue", required=True),
        _asked("model_card", FieldForm.FILE, "Model card or technical documentation",
               "Fiche du modèle ou documentation technique"),
    )  # fmt: skip
    rows: ClassVar[tuple[HandedRows, ...]] = (
        HandedRows(
            "training_sources", {"en": "Sources of the training data", "fr": "Sources des données d’entraînement"},
            {"en": "Source", "fr": "Source"}, chart="source_licence",
            columns=(
                _asked("source_name", FieldForm.TEXT, "Source", "Source", required=True),
                _asked(
                    "source_licence", FieldForm.CHOICE, "Right to train", "Droit d’entraîner", required=True,
                    choices=(
                        ("owner", {"en": "Owned by the client", "fr": "Propriété du client"}),
                        ("contract", {"en": "Licence or contract", "fr": "Licence ou contrat"}),
                        ("open", {"en": "Open licence", "fr": "Licence ouverte"}),
                        ("mining", {"en": "Text and data mining", "fr": "Fouille de textes et de données"}),
                        ("synthetic", {"en": "Made by a model", "fr": "Produit par un modèle"}),
                        ("unclear", {"en": "Not clear", "fr": "Pas clair"}),
                    ),
                ),
                _asked("source_items", FieldForm.NUMBER, "Items", "Éléments", minimum=0),
                _asked("source_proof", FieldForm.TEXT, "Where it is written", "Où c’est écrit"),
            ),
        ),
    )  # fmt: skip

    def check(self, agreed: Mapping[str, Any], handed: Handed) -> Mapping[str, list[str]]:
        """A hash that is one, a licence for a base model, and no source whose right is not clear."""
        wrong: dict[str, list[str]] = {}
        if not SHA256.fullmatch(str(handed.values.get("weights_hash", ""))):
            wrong["weights_hash"] = [say(NO_HASH)]
        if agreed.get("weights_scope") == "adapter":
            for name in ("base_model", "base_licence"):
                if not handed.values.get(name):
                    wrong[name] = [say(N_("An adapter stands on a base model: name it, and its licence."))]
        for number, row in enumerate(handed.rows.get("training_sources", ())):
            if row.get("source_licence") == "unclear":
                wrong[f"training_sources-{number}-source_licence"] = [
                    say(N_("Leave this source out, or find out whether it may be used; nothing unclear is trained on."))
                ]
            elif row.get("source_licence") in ("contract", "open", "mining") and not row.get("source_proof"):
                wrong[f"training_sources-{number}-source_proof"] = [say(N_("Say where this right is written."))]
        return wrong

    def example(self) -> tuple[Mapping[str, Any], Handed]:
        """An adapter trained on two sources."""
        sources = (
            {"source_name": "Letters 2015 to 2024", "source_licence": "owner", "source_items": 31000},
            {"source_name": "Public notices", "source_licence": "open", "source_items": 5200,
             "source_proof": "Etalab 2.0, on the portal's page"},
        )  # fmt: skip
        return {"weights_scope": "adapter", "compute_cap": 90_000, "compute_payer": "client"}, Handed(
            {
                "weights_hash": "9f" * 32, "base_model": "Base 7B v2", "base_licence": "Apache-2.0",
                "gpu_hours_used": 96, "validation_score": 0.9, "intended_use": "Sorting letters for people to read.",
                "known_failures": "Letters with two subjects.",
            },
            {"training_sources": sources},
        )  # fmt: skip


class Evaluation(Deliverable):
    """The report of a measure on the held-out test set; its one figure decides."""

    name, label = "ai.evaluation", N_("Evaluation report")
    summary = N_("The score on the held-out test set, with its interval and slices. Its one figure decides.")
    agreed: ClassVar[tuple[Field, ...]] = (
        _asked("decisive_metric", FieldForm.CHOICE, "Metric that decides", "Métrique qui décide", choices=METRICS,
               required=True),
        _asked("decisive_threshold", FieldForm.NUMBER, "Threshold", "Seuil",
               ("Shares as 0.88, error rates in per cent, errors in their unit.",
                "Les parts comme 0,88, les taux d’erreur en pour cent, les erreurs dans leur unité."),
               required=True, minimum=0),
        _asked("measured_by", FieldForm.TEXT, "Measured by", "Mesuré par",
               ("A name and an organisation: who holds the test set and runs it.",
                "Un nom et une organisation : qui tient le jeu de test et le fait passer."), required=True),
    )  # fmt: skip
    handed: ClassVar[tuple[Field, ...]] = (
        _asked("test_score", FieldForm.NUMBER, "Score on the test set", "Score sur le jeu de test", required=True),
        _asked("score_interval", FieldForm.TEXT, "Interval of 95 %", "Intervalle à 95 %",
               ("For example 0.86 to 0.91.", "Par exemple 0,86 à 0,91.")),
        _asked("test_cases", FieldForm.NUMBER, "Cases measured", "Cas mesurés", required=True, minimum=1),
        _asked("measured_weights", FieldForm.TEXT, "SHA-256 of the weights measured", "SHA-256 des poids mesurés",
               required=True),
        _asked("measure_log", FieldForm.FILE, "Log of the run", "Journal de la mesure"),
    )  # fmt: skip
    rows: ClassVar[tuple[HandedRows, ...]] = (
        HandedRows(
            "slices", {"en": "Slices", "fr": "Tranches"}, {"en": "Slice", "fr": "Tranche"}, chart="slice_reading",
            columns=(
                _asked("slice_name", FieldForm.TEXT, "Slice", "Tranche", required=True),
                _asked("slice_cases", FieldForm.NUMBER, "Cases", "Cas", minimum=0),
                _asked("slice_score", FieldForm.NUMBER, "Score", "Score", required=True),
                _asked(
                    "slice_reading", FieldForm.CHOICE, "Against the baseline", "Face à la référence", required=True,
                    choices=(
                        ("better", {"en": "Better", "fr": "Mieux"}), ("same", {"en": "The same", "fr": "Pareil"}),
                        ("worse", {"en": "Worse", "fr": "Moins bien"}),
                    ),
                ),
            ),
        ),
    )  # fmt: skip

    def check_agreed(self, agreed: Mapping[str, Any]) -> Mapping[str, list[str]]:
        """A share is a number from 0 to 1: a threshold of 88 would never be met."""
        if agreed.get("decisive_metric") in SHARES and agreed.get("decisive_threshold", 0) > 1:
            return {"decisive_threshold": [say(N_("This metric is a share from 0 to 1: write 0.88, not 88."))]}
        return {}

    def check(self, agreed: Mapping[str, Any], handed: Handed) -> Mapping[str, list[str]]:
        """A score in the metric's range, and the hash of what was measured."""
        wrong: dict[str, list[str]] = {}
        score = handed.values["test_score"]
        if score < 0 or (agreed.get("decisive_metric") in SHARES and score > 1):
            wrong["test_score"] = [say(N_("This score is out of the range of its metric."))]
        if not SHA256.fullmatch(str(handed.values.get("measured_weights", ""))):
            wrong["measured_weights"] = [say(NO_HASH)]
        return wrong

    def judge(self, agreed: Mapping[str, Any], handed: Handed) -> Judgement:
        """The score against the threshold; of errors less is better."""
        metric, threshold = agreed["decisive_metric"], agreed["decisive_threshold"]
        score = handed.values["test_score"]
        met = better(metric, score, threshold)
        words = _READING[metric in LESS_IS_BETTER, met]
        return Judgement(
            met,
            ((say(N_("Score on the test set")), _number(score)), (say(N_("Threshold agreed")), _number(threshold)),
             (say(N_("Cases measured")), _number(handed.values["test_cases"]))),
            (say(words, score=_number(score), threshold=_number(threshold)),),
        )  # fmt: skip

    def example(self) -> tuple[Mapping[str, Any], Handed]:
        """A recall of 0.91 where 0.88 was agreed."""
        slices = (
            {"slice_name": "Letters before 2020", "slice_cases": 400, "slice_score": 0.86, "slice_reading": "better"},
            {"slice_name": "Frost", "slice_cases": 120, "slice_score": 0.79, "slice_reading": "same"},
        )
        return {"decisive_metric": "recall", "decisive_threshold": 0.88, "measured_by": "Claims department"}, Handed(
            {"test_score": 0.91, "score_interval": "0.89 to 0.93", "test_cases": 2000, "measured_weights": "9f" * 32},
            {"slices": slices},
        )


class SecondRun(Deliverable):
    """The report of a run with both sides watching; it judges as the first did, on what was agreed beforehand."""

    name, label = "ai.second_run", N_("Report of the second run")
    summary = N_("The same weights and cases, run again with both sides watching. It decides in place of the first.")
    agreed: ClassVar[tuple[Field, ...]] = (
        _asked("rerun_threshold", FieldForm.NUMBER, "Threshold of a second run", "Seuil d’une seconde mesure",
               ("Usually the same. It decides if a measure is contested.",
                "En général le même. Il décide si une mesure est contestée."), required=True, minimum=0),
        _asked("rerun_less", FieldForm.YES_NO, "Less is better", "Moins vaut mieux",
               ("For errors.", "Pour les erreurs.")),
        _asked("rerun_cost", FieldForm.TEXT, "Who pays a second run", "Qui paie une seconde mesure",
               ("For example: whoever was wrong.", "Par exemple : qui avait tort."), required=True),
    )  # fmt: skip
    handed: ClassVar[tuple[Field, ...]] = (
        _asked("rerun_score", FieldForm.NUMBER, "Score of the second run", "Score de la seconde mesure", required=True,
               minimum=0),
        _asked("rerun_witnesses", FieldForm.TEXT, "Who watched", "Qui a assisté", required=True),
        _asked("rerun_difference", FieldForm.LONG_TEXT, "Why it differs", "Pourquoi l’écart", required=True),
    )  # fmt: skip

    def judge(self, agreed: Mapping[str, Any], handed: Handed) -> Judgement:
        """The second score against the threshold agreed for it."""
        score, threshold = handed.values["rerun_score"], agreed["rerun_threshold"]
        met = score <= threshold if agreed.get("rerun_less") else score >= threshold
        words = _SECOND[met]
        return Judgement(
            met, ((say(N_("Score of the second run")), _number(score)),),
            (say(words, score=_number(score), threshold=_number(threshold)),),
        )  # fmt: skip

    def example(self) -> tuple[Mapping[str, Any], Handed]:
        """A second run that agrees with the candidate."""
        return {"rerun_threshold": 0.88, "rerun_cost": "Whoever was wrong"}, Handed({
            "rerun_score": 0.9, "rerun_witnesses": "Both sides, by video",
            "rerun_difference": "Another version of the tokeniser in the first run.",
        })  # fmt: skip


def _number(value: float) -> str:
    return f"{value:g}"
