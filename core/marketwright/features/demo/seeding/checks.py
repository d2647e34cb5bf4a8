"""Checks that the demo data says somebody went through: handed in, and decided by the vetter or still waiting."""

from datetime import date, timedelta

from marketwright.features.demo.seeding.source import Json, Source
from marketwright.features.demo.seeding.stage import Stage
from marketwright.features.files import service as files
from marketwright.features.vetting import running
from marketwright.features.vetting import service as vetting
from marketwright.features.vetting.subjects import subject
from marketwright.hooks.manager import Entry
from marketwright.kernel.errors import MarketwrightError
from marketwright.strategies.vetting import Ask, VettingCheck


def bring_checks(stage: Stage, source: Source) -> None:
    """Each person's ``checks``; those of a plugin that is not enabled are left out, what is refused is noted."""
    for person in source.people:
        for told in person.get("checks", ()):
            entry = stage.house.plugins.vetting_checks.get(told["check"])
            if entry is None:
                continue
            try:
                _run(stage, entry, stage.ids[f"person:{person['key']}"], told)
            except MarketwrightError as error:
                stage.notes.append(f"{told['check']} of {person['key']}: {error}")


def _run(stage: Stage, entry: Entry[VettingCheck], owner: str, told: Json) -> None:
    with stage.house.database.reading() as session:
        known = subject(session, "freelancer", owner)
    at = stage.ago(days=told["days_ago"])
    asks = entry.ask("evidence", lambda c: c.evidence(known))
    handed = [_answer(ask, str(told["given"][ask.key]), at.date()) for ask in asks if ask.key in told["given"]]
    with stage.unit(at, by=owner) as uow:
        run = vetting.hand_in(uow, check=entry.it.name, kind="freelancer", owner=owner, handed=handed)
    if running.advance(stage.house, run) == "decided" or not told.get("decided"):
        return
    verdict, version = running.decision(
        stage.house, run, decided=told["decided"], reason=told["reason"], expires=None, by="Idris Benhaddou"
    )
    with stage.unit(stage.ago(days=told["days_ago"] / 2), by=stage.ids["staff:vetter"]) as uow:
        vetting.decide(uow, run=run, version=version, verdict=verdict)


def _answer(ask: Ask, given: str, day: date) -> vetting.Handed:
    """``given`` is a text, a file's text, or for a date the days from ``day`` (``+90``)."""
    if ask.form == "file":
        return vetting.Handed(ask, file=files.prepare(given.encode(), f"{ask.key}.txt", purpose="evidence"))
    return vetting.Handed(ask, text=(day + timedelta(days=int(given))).isoformat() if ask.form == "date" else given)
