"""Deals on a plugin's own course, as its ``demo/deals.json`` tells them: papers, hand-overs, figures of the trade."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import select

from marketwright.features.contracts import steps
from marketwright.features.contracts.annexes import agreed_in
from marketwright.features.contracts.examples import agreed_examples, handed_example
from marketwright.features.contracts.handed import HandedOver, weighed
from marketwright.features.contracts.handing import hand_over
from marketwright.features.contracts.registry import pinned
from marketwright.features.contracts.sealed import body_before
from marketwright.features.contracts.tables import Contract, ContractCondition, Milestone
from marketwright.features.demo.seeding.deals import agree, deliver, milestones_of, offer_of
from marketwright.features.demo.seeding.deals import step as take
from marketwright.features.demo.seeding.meeting import filled, meet
from marketwright.features.demo.seeding.play import Play
from marketwright.features.demo.seeding.source import Json, Source
from marketwright.features.demo.seeding.stage import Stage
from marketwright.features.demo.seeding.talks import Casting
from marketwright.features.facets import forms
from marketwright.features.questionnaires import service as questionnaires
from marketwright.features.questionnaires.concluding import conclude
from marketwright.kernel.errors import MarketwrightError
from marketwright.strategies.deliverables import Handed, HandedFile
from marketwright.strategies.processes import Process, Role, Transition

OWN_COURSE = "own_course"  # the persona of such a deal
SIGNING = 1.8  # days from the proposal to both signatures
PAUSE = 1.5  # days between two steps that say nothing else


def bring_courses(stage: Stage, source: Source) -> None:
    """Play each deal of ``demo/deals.json`` whose course is offered; what cannot be played is noted and left out."""
    stage.casting = stage.casting or Casting(stage, source)
    missions = {m["key"]: m for m in source.missions}
    for number, told in enumerate(source.deals):
        mission = missions[told["mission"]]
        person = stage.casting.pick(mission, business=True)
        if person is None or told["process"] not in stage.house.marketplace.deal.processes:
            continue
        length = sum(one.get("wait", PAUSE) for one in told["steps"])
        play = Play(stage, source, mission, person, told["process"], told["since"] + length + SIGNING)
        try:
            _play(play, told)
            if told.get("persona"):
                stage.played.append((OWN_COURSE, play.client, play.freelancer))
        except MarketwrightError as error:
            stage.notes.append(f"course {number} ({told['process']}) {mission['key']} with {person['key']}: {error}")


def bring_answers(stage: Stage, source: Source) -> None:
    """Answer the questionnaires that a mission of the demo data has answers for."""
    fields = forms.of(stage.house.plugins, "mission")
    for mission in source.missions:
        for name, answers in mission.get("answers", {}).items():
            entry = stage.house.plugins.questionnaires.get(name)
            if entry is None:
                continue
            sets = next(f for f in fields if f.name == entry.it.sets)
            concluded = conclude(entry, sets, answers, stage.now.date())
            at = stage.ago(days=stage.published.get(mission["key"], 1.0))
            with stage.unit(at, by=stage.ids[f"owner:{mission['organisation']}"]) as uow:
                questionnaires.answer(uow, mission=stage.ids[f"mission:{mission['key']}"], questionnaire=entry.it,
                                      answers=answers, conclusion=concluded)  # fmt: skip


def _play(play: Play, told: Json) -> None:
    plugins = play.stage.house.plugins
    course = plugins.processes[play.process].it
    examples = agreed_examples(plugins, course.deliverables, play.stage.ago(days=play.days_ago).date())
    agreed = {name: {**values, **told.get("agreed", {}).get(name, {})} for name, values in examples.items()}
    agree(play, offer_of(play, agreed=agreed))
    milestones = milestones_of(play)
    for one in told["steps"]:
        play.later(one.get("wait", PAUSE))
        _step(play, told, one, milestones[one.get("milestone", 1) - 1])


def _step(play: Play, told: Json, one: Json, milestone: str) -> None:
    with play.stage.house.database.reading() as session:
        row = session.get_one(Contract, play.contract)
        course = pinned(session, row.process, row.process_version)
        state = session.get_one(Milestone, milestone).state
    way = course.way(one["way"])
    _meet_needs(play, told, course, way, first=state == course.start)
    by = play.client if way.actor is Role.CLIENT else play.freelancer
    if one.get("by"):
        by = play.client if one["by"] == "client" else play.freelancer
    if way.delivers:
        handed = _handed(play, milestone, way, one)
        play.act(by, partial(hand_over, milestone=milestone, transition=way.name, handed=handed))
    elif "files" in way.asks:
        deliver(play, milestone, way.name)
    else:
        ask = steps.Ask(note=one.get("note", ""), refund=one.get("refund"), reauthenticated=True)
        take(play, by, milestone, way.name, ask)


def _meet_needs(play: Play, told: Json, course: Process, way: Transition, *, first: bool) -> None:
    """Meet what ``way`` waits for, on its day and not before."""
    c = ContractCondition
    with play.stage.house.database.reading() as session:
        waiting = session.scalars(select(c.name).where(c.contract_id == play.contract, c.met_at.is_(None)).distinct())
        names = sorted(waiting)
    conditions = play.stage.house.plugins.conditions
    for name in names:
        if name in way.needs or way.name in conditions[name].it.before or (first and name in course.needs):
            meet(play, name, told.get("conditions", {}).get(name))


def _handed(play: Play, milestone: str, way: Transition, one: Json) -> HandedOver:
    house = play.stage.house
    entry = house.plugins.deliverables[way.delivers]
    with house.database.reading() as session:
        row = session.get_one(Contract, play.contract)
        agreed = agreed_in(session, row.proposal_id).get(way.delivers, {})
        before = body_before(session, house.ports, milestone, entry.it.follows)
    if "values" not in one:
        return handed_example(entry, agreed, before)
    rows = {name: tuple(filled(play, r) for r in given) for name, given in one.get("rows", {}).items()}
    values = {name: _file(value) for name, value in filled(play, one["values"]).items()}
    return weighed(entry, agreed, Handed(values, rows))


def _file(value: Any) -> Any:
    if isinstance(value, Mapping) and "file" in value:
        return HandedFile(value["file"], value["type"], value["text"].encode())
    return value
