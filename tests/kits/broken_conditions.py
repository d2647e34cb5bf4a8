"""Conditions, each broken on purpose in one way, and one that is not."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from marketwright.plugin import Condition, Field, FieldForm, Manifest, Role
from marketwright.testing import ConditionConformance


def check(handed):
    return {"until": "This day is over."} if handed.values["until"] < handed.now.date().isoformat() else {}


FAIR = Condition(
    name="yard.permit", label="Permit for the yard", how="The client says until when the yard is open.",
    role=Role.CLIENT, fields=(Field("condition", "until", FieldForm.DATE, {"en": "Open until"}, required=True),),
    check=check, example=lambda day: {"until": (day + timedelta(days=30)).isoformat()}, paper="yard_permit",
    parties=(Role.CLIENT,), sign_by=lambda handed: handed.now + timedelta(days=3),
)  # fmt: skip
MANIFEST = Manifest(name="yard", summary="Permits.")


def plugin(condition, kinds=("yard_permit",)):
    return SimpleNamespace(
        manifest=MANIFEST, register_conditions=lambda settings: [condition],
        register_contract_templates=lambda settings: [SimpleNamespace(kind=kind) for kind in kinds],
    )  # fmt: skip


class TestFair(ConditionConformance):
    plugin = plugin(FAIR)


class TestAnothersName(ConditionConformance):
    plugin = plugin(replace(FAIR, name="harbour.permit"))
    caught_by = "test_it_is_named_after_its_plugin"


class TestUnexplained(ConditionConformance):
    condition = replace(FAIR, how="permit")
    caught_by = "test_it_says_what_is_missing_and_how_it_is_met"


class TestSignedNothing(ConditionConformance):
    condition = replace(FAIR, paper="")
    caught_by = "test_core_takes_its_declaration"


class TestNobodyMeetsIt(ConditionConformance):
    condition = Condition(name="yard.open", label="Open", how="The yard is open.", role=Role.CLIENT)
    caught_by = "test_somebody_can_meet_it"


class TestHalfExample(ConditionConformance):
    condition = replace(FAIR, example=lambda day: {})
    caught_by = "test_its_example_fits_its_form"


class TestOverSomeDay(ConditionConformance):
    condition = replace(FAIR, example=lambda day: {"until": "2027-01-01"})
    caught_by = "test_its_example_is_valid_on_any_day"


class TestFaultNowhere(ConditionConformance):
    condition = replace(FAIR, check=lambda handed: {"since": "Wrong."} if check(handed) else {})
    caught_by = "test_a_fault_stands_at_a_field"


class TestMoody(ConditionConformance):
    turns = itertools.count()
    condition = replace(FAIR, check=lambda handed, turns=turns: {"until": "Again."} if next(turns) % 2 else {})
    caught_by = "test_the_same_is_checked_the_same"


class TestNoPaper(ConditionConformance):
    plugin = plugin(FAIR, kinds=("another",))
    caught_by = "test_its_paper_is_there"


class TestTooLate(ConditionConformance):
    condition = replace(FAIR, sign_by=lambda handed: datetime(2020, 1, 1, tzinfo=UTC))
    caught_by = "test_it_can_be_signed_in_time"


TOLD = Field("condition", "told", FieldForm.YES_NO, {"en": "Tell them", "fr": "Le leur dire"}, sealed=True)
RESTS = Condition(
    name="yard.sober", label="Sober", how="The {freelancer} tells of the test.", role=Role.FREELANCER, fields=(TOLD,),
    confidential=True, holding=("breath",), example=lambda day: {"told": True},
    check=lambda handed: {} if "breath" in handed.held else {"told": "Take the test first."},
)  # fmt: skip


class TestRests(ConditionConformance):
    condition = RESTS


class TestTakesAWord(ConditionConformance):
    condition = replace(RESTS, check=lambda handed: {})
    caught_by = "test_what_rests_on_a_check_is_refused_without_it"
