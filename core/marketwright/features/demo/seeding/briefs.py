"""Missions, from draft to closed."""

from datetime import timedelta

from marketwright.features.demo.seeding.source import Json, Source
from marketwright.features.demo.seeding.stage import Stage
from marketwright.features.demo.seeding.talks import hiring_missions
from marketwright.features.facets import forms as own_fields
from marketwright.features.facets.samples import some_answer
from marketwright.features.missions import service as missions
from marketwright.features.missions import sizing
from marketwright.features.missions.brief import Brief, Wanted
from marketwright.features.missions.writing import OWNER


def bring_missions(stage: Stage, source: Source) -> None:
    """Every mission of the demo data in its state; the newest were published today."""
    found = hiring_missions(source)
    for given in source.missions:
        organisation = stage.ids[f"organisation:{given['organisation']}"]
        owner = stage.ids[f"owner:{given['organisation']}"]
        age = stage.random.uniform(160, 190) if given in found else stage.random.uniform(0.1, 28)
        brief = brief_of(stage, given)
        sized = sizing.ask(stage.house.plugins, brief, own_fields.of(stage.house.plugins, OWNER))
        with stage.unit(stage.ago(days=age + 1), by=owner) as uow:
            mission = missions.draft(uow, organisation=organisation, brief=brief)
            sizing.keep(uow, mission=mission, sized=sized)
        stage.ids[f"mission:{given['key']}"] = mission
        if given["state"] == "draft":
            continue
        with stage.unit(stage.ago(days=age), by=owner) as uow:
            missions.publish(uow, mission=mission)
        stage.published[given["key"]] = age


def brief_of(stage: Stage, given: Json) -> Brief:
    """The brief of one mission of the demo data."""
    must = [Wanted(s, must=True) for s in given["must"]]
    nice = [Wanted(s, must=False) for s in given["nice"]]
    return Brief(
        title=given["title"], description=given["description"], language=given["language"], skills=(*must, *nice),
        start_on=(stage.now + timedelta(days=given["start_in_days"])).date(), duration_days=given["duration_days"],
        days_a_week=given["days_a_week"], budget_kind=given["budget"]["kind"], budget=given["budget"]["amount_minor"],
        city=given["city"], country=given["country"], remote=given["remote"], languages=tuple(given["languages"]),
        visibility=given["visibility"], named=given["named"], questions=tuple(given["questions"]),
        confidential=given["confidential_note"],
        fields=_unforeseen(stage, OWNER) | {k: v for k, v in given["fields"].items() if v},
    )  # fmt: skip


def _unforeseen(stage: Stage, owner: str) -> dict[str, object]:
    """Answers to what this marketplace requires: the demo data knows the fields of its own niche alone."""
    asked = own_fields.of(stage.house.plugins, owner)
    return {field.name: some_answer(field) for field in asked if field.required}
