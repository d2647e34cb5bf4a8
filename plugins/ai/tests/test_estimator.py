from marketwright.plugin import Sizing
from marketwright_ai.estimator import AiDays

BRIEF = {"ai_task": "language", "model_route": "open_weights", "test_set_holder": "client"}


def days(**more):
    return AiDays({}, None).estimate(Sizing(BRIEF | more))


def test_a_brief_that_says_neither_task_nor_model_has_no_estimate():
    assert AiDays({}, None).estimate(Sizing({"ai_task": "language"})) is None


def test_the_likely_days_are_the_sum_of_the_reasons():
    found = days(gpu_hours=1500, training_data_licence="mining", ai_act_class="high_risk")
    assert found.likely == round(sum(part.days for part in found.parts))
    assert found.low < found.likely < found.high


def test_training_from_scratch_long_runs_and_high_risk_each_add_days():
    least = days().likely
    for more in ({"model_route": "from_scratch"}, {"gpu_hours": 2000}, {"ai_act_class": "high_risk"}):
        assert days(**more).likely > least
