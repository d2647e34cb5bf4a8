from datetime import date

import pytest

from marketwright_ai.act import ActQuestionnaire, dated
from marketwright_ai.clauses import AiClauses

TODAY = date(2026, 11, 28)
PLAIN = {
    "act_use": "deploy", "act_union": "yes", "act_practices": ["none"], "act_product": "no", "act_areas": ["none"],
    "act_contact": ["none"], "act_model": "use",
}  # fmt: skip


def concluded(**answers):
    return ActQuestionnaire({}, None).conclude(PLAIN | answers, TODAY)


@pytest.mark.parametrize(
    ("answers", "value"),
    [
        ({}, "minimal"),
        ({"act_use": "research"}, "outside"),
        ({"act_union": "no"}, "outside"),
        ({"act_practices": ["emotion"]}, "prohibited"),
        ({"act_practices": ["imagery"]}, "prohibited"),
        ({"act_product": "yes"}, "high_risk"),
        ({"act_areas": ["employment"], "act_profiling": "yes"}, "high_risk"),
        ({"act_areas": ["employment"], "act_profiling": "no", "act_narrow": "none"}, "high_risk"),
        ({"act_areas": ["employment"], "act_profiling": "no", "act_narrow": "prepare"}, "minimal"),
        ({"act_contact": ["talk"]}, "transparency"),
        ({"act_model": "train", "act_systemic": "yes"}, "general_purpose"),
    ],
)
def test_answers_come_to_the_class_of_the_regulation_that_fits(answers, value):
    assert concluded(**answers).value == value


def test_the_strictest_class_is_the_one_and_the_duties_of_the_others_are_listed_too():
    found = concluded(act_product="yes", act_contact=["talk"])
    assert found.value == "high_risk"
    assert {d.source.split("art. ")[1].split(",")[0] for d in found.duties} == {"6(1)", "50", "4"}


def test_an_exception_for_a_narrow_task_is_none_where_persons_are_profiled():
    assert concluded(act_areas=["services"], act_profiling="yes", act_narrow="prepare").value == "high_risk"


def test_dates_are_those_that_were_law_on_the_day():
    assert dated("annex_iii", date(2025, 1, 1)).since == date(2026, 8, 2)
    assert dated("annex_iii", TODAY).since == date(2027, 12, 2)
    assert dated("annex_iii", date(2026, 7, 23)).since == date(2026, 8, 2)  # the omnibus was a proposal until the 24th


def test_what_the_omnibus_newly_prohibits_is_dated_on_its_own():
    since = {tuple(named): concluded(act_practices=list(named)).duties[0].since
             for named in (["imagery"], ["emotion"], ["imagery", "emotion"])}  # fmt: skip
    assert since == {
        ("imagery",): date(2026, 12, 2), ("emotion",): date(2025, 2, 2), ("imagery", "emotion"): date(2025, 2, 2),
    }  # fmt: skip


def test_every_duty_has_its_date_and_where_it_is_written():
    duties = concluded(act_product="yes", act_model="train", act_systemic="yes", act_contact=["talk"]).duties
    assert [d for d in duties if d.since is None or not d.source] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_contract_takes_the_clauses_of_the_class_and_says_that_they_are_no_advice(language):
    def sections(value):
        terms = {"mission": {"fields": {"ai_act_class": value}}}
        return AiClauses({}, None).render(terms, language).sections

    assert len(sections("high_risk")) == len(sections("outside")) + 1
    assert "2024/1689" in sections("high_risk")[-1].paragraphs[0]
    assert ("avis juridique" if language == "fr" else "not legal advice") in sections("high_risk")[-1].paragraphs[-1]
