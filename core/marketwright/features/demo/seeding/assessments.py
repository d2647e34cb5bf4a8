"""Works that assessors mark, in every state that a file has: begun, waiting for somebody, apart, defended, decided."""

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from marketwright.features.demo.seeding.source import Json, Source
from marketwright.features.demo.seeding.stage import Stage
from marketwright.features.files import service as files
from marketwright.features.vetting import assessing, running
from marketwright.features.vetting import service as vetting
from marketwright.features.vetting.subjects import subject
from marketwright.hooks.manager import Entry
from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import MarketwrightError
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.vetting import Assessment, Criterion, VettingCheck
from marketwright.web.i18n import speaking, translate

PASSED = 0.08  # of everybody
STATIONS = ("begun", "handed", "one", "apart", "third", "open_defence", "defence", "refused")
WORK = 4.0  # days between the begin and the archive

Marks = dict[str, tuple[int, str]]
T = TypeVar("T")


def bring_assessments(stage: Stage, source: Source) -> None:
    """For each check with a task: a file at each station, then people who passed; nothing where no texts are given."""
    told: Json = source.texts.get("assessments") or {}
    able = [e for e in stage.house.plugins.vetting_checks.values() if e.it.assessment is not None]
    people = [p for p in source.people if p["business"]]
    stage.random.shuffle(people)
    for entry in able if told else ():
        count = len(STATIONS) + int(PASSED * len(people))
        stations = [*STATIONS, *("passed" for _ in range(count - len(STATIONS)))][: len(people)]
        for number, station in enumerate(stations):
            person = people.pop()
            ago = 20.0 + 8.0 * (number - len(STATIONS)) if station == "passed" else 6.0 + 1.2 * number
            ago = 1.5 - WORK if station == "begun" else ago  # its days still run
            file = _File(stage, entry, person, ago, number, told)
            try:
                file.play(station)
            except MarketwrightError as error:
                stage.notes.append(f"{entry.it.name} of {person['key']} ({station}): {error}")


@dataclass
class _File:
    """One work on its way: whose it is, and the moment that has been reached."""

    stage: Stage
    entry: Entry[VettingCheck]
    person: Json
    days_ago: float
    number: int
    told: Json
    run: str = ""

    @property
    def owner(self) -> str:
        return self.stage.ids[f"person:{self.person['key']}"]

    @property
    def rule(self) -> Assessment:
        rule = self.entry.it.assessment
        assert rule is not None
        return rule

    def play(self, station: str) -> None:
        """Go on until ``station``."""
        self._begin()
        if station == "begun":
            return
        self._hand_in()
        if station == "handed":
            return
        good = station != "refused"
        first = self._marks(0, good=good)
        self._assess(first)
        if station == "one":
            return
        apart = station in ("apart", "third")
        self._assess(self._marks(1, good=good and not apart))
        if station == "third" and self.rule.confer:
            for n, known in enumerate((True, False)):
                self._mark(self._asked[n], self._marks(n, good=known))
        if apart:
            return
        self._decide(station)

    def _decide(self, station: str) -> None:
        if not self.rule.defence or station == "refused":
            self._later(0.1, lambda _: None)
            with self.stage.house.database.pretending(self.stage.ago(days=self.days_ago)):
                running.conclude(self.stage.house, self.run)
            return
        if station == "open_defence":
            return
        begun = self.stage.ago(days=self.days_ago) if station == "passed" else self.stage.now
        at = (begun + timedelta(days=WORK - 1)).replace(hour=9, minute=30, second=0)
        where = self.told["defence"]
        vetter = self.stage.ids["staff:vetter"]
        self._later(0.4, lambda u: assessing.propose_defence(u, run=self.run, at=at, where=where), by=vetter)
        self._later(0.4, lambda u: assessing.confirm_defence(u, run=self.run, at=at), by=self.owner)
        if station == "passed":
            self._say_passed()

    def _say_passed(self) -> None:
        """A person of staff decides after the defence, in the words of the assessors."""
        house, locale = self.stage.house, self.person["language"]
        self.days_ago = max(0.02, self.days_ago - WORK)
        with house.database.reading() as session:
            reason = assessing.reasons(session, self.run, self.rule, locale=locale)
        at = self.stage.ago(days=self.days_ago)
        with house.database.pretending(at):
            verdict, version = running.decision(
                house, self.run, decided="passed", reason=reason, expires=None, by=running.ASSESSORS
            )
        with self.stage.unit(at, by=self.stage.ids["staff:vetter"]) as uow:
            vetting.decide(uow, run=self.run, version=version, verdict=verdict)

    def _begin(self) -> None:
        self.days_ago += WORK
        self._asked: list[str] = []
        name = self.entry.it.name
        self.run = self._later(0, lambda u: assessing.begin(
            u, check=name, kind="freelancer", owner=self.owner, assessment=self.rule), by=self.owner)  # fmt: skip

    def _hand_in(self) -> None:
        with self.stage.house.database.reading() as session:
            known = subject(session, "freelancer", self.owner)
        texts = [t for t in self.told["handed"] if t["language"] == self.person["language"]]
        text = texts[self.number % len(texts)]
        handed = []
        for ask in self.entry.ask("evidence", lambda c: c.evidence(known)):
            if ask.form == "file" and ask.required:
                archive = files.prepare(_archive(text), f"{self.person['key']}.zip", purpose="evidence")
                handed.append(vetting.Handed(ask, file=archive))
            elif ask.form != "file" and ask.key in text:
                handed.append(vetting.Handed(ask, text=text[ask.key]))
        self._later(WORK, lambda u: assessing.hand_in(u, run=self.run, handed=handed), by=self.owner)

    def _assess(self, marks: Marks) -> None:
        """Ask the next assessor, who states their interests and marks."""
        given = self.told["assessors"][(self.number + len(self._asked)) % len(self.told["assessors"])]
        asked = self._later(0.3, lambda u: assessing.invite(
            u, run=self.run, name=given["name"], email=given["email"], locale=given["language"], assessment=self.rule,
            candidate=self.owner,
        ), by=self.stage.ids["staff:vetter"])  # fmt: skip
        self._asked.append(asked)
        self._mark(asked, marks)

    def _mark(self, assessor: str, marks: Marks) -> None:
        def deed(uow: UnitOfWork) -> object:
            assessing.state_free_of_conflict(uow, assessor=assessor)
            return assessing.mark(uow, assessor=assessor, marks=marks, assessment=self.rule)

        self.days_ago = max(0.02, self.days_ago - 0.9)
        at = self.stage.ago(days=self.days_ago)
        with self.stage.house.database.unit(Actor(kind="outsider", id=assessor), at=at) as uow:
            deed(uow)
            uow.commit()

    def _marks(self, assessor: int, *, good: bool) -> Marks:
        """Points that an anchor of the rubric stands for, its words as the reason; two who agree differ in one."""
        locale = self.told["assessors"][(self.number + assessor) % len(self.told["assessors"])]["language"]
        rubric = self.rule.rubric
        below = {rubric[self.number % len(rubric)].key}
        if assessor:
            below.add(rubric[(self.number + 1) % len(rubric)].key)
        found: Marks = {}
        for criterion in rubric:
            points, words = _anchor(criterion, good=good, below=criterion.key in below)
            with speaking(locale):
                found[criterion.key] = points, translate(words)
        return found

    def _later(self, days: float, do: Callable[[UnitOfWork], T], by: str = "") -> T:
        self.days_ago = max(0.02, self.days_ago - days)
        with self.stage.unit(self.stage.ago(days=self.days_ago), by=by) as uow:
            return do(uow)


def _anchor(criterion: Criterion, *, good: bool, below: bool) -> tuple[int, str]:
    anchors = sorted(criterion.anchors)
    return anchors[-2 if below else -1] if good else anchors[0 if below else 1]


def _archive(text: Mapping[str, str]) -> bytes:
    """A small archive, as somebody would hand it in."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name, words in (("README.md", "\n".join(text.values())), ("run.sh", "python -m work\n")):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), words)
    return body.getvalue()
