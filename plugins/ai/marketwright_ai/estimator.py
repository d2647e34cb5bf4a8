"""What AI work takes: framing and a baseline, the candidate by its route, its measure, and what compute and law add."""

from typing import Final

from marketwright.plugin import N_, Effort, Estimate, Estimator, Sizing, say

# Days of a candidate by route and task; measuring is added.
_ROUTES: Final = {"from_scratch": 14.0, "open_weights": 8.0, "hosted": 5.0, "existing": 6.0}
_TASKS: Final = {
    "prediction": 1.0, "language": 1.0, "retrieval": 1.1, "vision": 1.3, "speech": 1.4, "agent": 1.3,
    "optimisation": 1.2, "evaluation": 0.6,
}  # fmt: skip
_HOLDERS: Final = {"client": 1.0, "third_party": 2.0, "freelancer": 3.0}
_RUN: Final = 500  # GPU hours after which a run has to be watched
_ACT: Final = {"high_risk": 8.0, "general_purpose": 6.0, "transparency": 1.5}


class AiDays(Estimator):
    """A baseline, a candidate, a measure; then what the machines and the law ask for."""

    name = "ai.days"
    label = N_("Days of AI work")

    def estimate(self, brief: Sizing) -> Estimate | None:
        """``None`` until the brief says task and model."""
        fields = brief.fields
        task, route = fields.get("ai_task"), fields.get("model_route")
        if task not in _TASKS or route not in _ROUTES:
            return None
        parts = [
            Effort(N_("Framing and baseline"), 4.0, N_("The protocol, a scoring script tried on a dummy model, and "
                                                       "something simple, measured.")),
            _candidate(task, route),
            Effort(N_("Measure and handing over"), 1.5 + _HOLDERS.get(fields.get("test_set_holder", ""), 1.5),
                   N_("A dry run of the measure, the report, the card, two people who can go on.")),
        ]  # fmt: skip
        hours = fields.get("gpu_hours") or 0
        if hours > _RUN:
            parts.append(Effort(N_("Long runs"), min(10.0, _half(hours / _RUN)),
                                N_("Runs of this length are watched, restarted and paid for.")))  # fmt: skip
        if fields.get("training_data_licence") in ("licensed", "mining"):
            parts.append(Effort(N_("Licence of the training data"), 2.0,
                                N_("Each source is looked up, and its right written down.")))  # fmt: skip
        if (act := _ACT.get(fields.get("ai_act_class", ""))) is not None:
            parts.append(Effort(N_("EU AI Act"), act, N_("What the probable class asks for in documents and tests.")))
        likely = max(3, round(sum(p.days for p in parts)))
        return Estimate(max(2, round(likely * 0.7)), likely, round(likely * 1.6), tuple(parts))


def _candidate(task: str, route: str) -> Effort:
    days = _half(_ROUTES[route] * _TASKS[task])
    why = say("%(days)s days for a model made this way, times %(factor)s for the task: data, training, failures read "
              "one by one.", days=f"{_ROUTES[route]:g}", factor=f"{_TASKS[task]:g}")  # fmt: skip
    return Effort(N_("Candidate"), days, why)


def _half(days: float) -> float:
    return round(days * 2) / 2
