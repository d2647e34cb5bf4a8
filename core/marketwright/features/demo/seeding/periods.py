"""Contracts by the day: a month approved, one under way, one whose timesheet waits, one with disputed days; a trial."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from babel.dates import format_date

from marketwright.features.contracts import steps, timesheets
from marketwright.features.contracts.timesheets import Worked
from marketwright.features.demo.seeding.deals import agree, milestones_of, step
from marketwright.features.demo.seeding.meeting import authorise
from marketwright.features.demo.seeding.play import Play
from marketwright.features.demo.seeding.source import Source
from marketwright.features.demo.seeding.stage import Stage
from marketwright.features.demo.seeding.talks import Casting
from marketwright.features.proposals.offers import Offer, OfferLine, days_line
from marketwright.features.proposals.periods import spread
from marketwright.kernel.errors import MarketwrightError

COURSE = "time_and_materials"
TARGETS = ("running", "submitted", "disputed")
NOTES = {
    "fr": ("Atelier de cadrage avec l’équipe", "Revue des accès et des journaux", "Rédaction des règles de détection",
           "Tests sur l’environnement de recette", "Point d’avancement, puis rapport"),
    "en": ("Kick-off with the team", "Review of accesses and logs", "Writing detection rules",
           "Tests on the staging environment", "Progress meeting, then the report"),
}  # fmt: skip


def bring_periods(stage: Stage, source: Source) -> None:
    """Play a contract for each target, and a trial; what cannot be played is noted and left out."""
    if COURSE not in stage.house.marketplace.deal.processes:
        return
    stage.casting = stage.casting or Casting(stage, source)
    missions = stage.casting.deals(struck=True)
    begin = _months_before(stage.now.date(), 1)
    for number, target in enumerate((*TARGETS, "trial")):
        mission = missions[(number * 5 + 3) % len(missions)]
        person = stage.casting.pick(mission, business=True)
        if person is None:
            continue
        course = "trial" if target == "trial" else COURSE
        if course not in stage.house.marketplace.deal.processes:
            continue
        days_ago = 9.0 if target == "trial" else (stage.now.date() - begin).days + 14.0
        play = Play(stage, source, mission, person, course, days_ago)
        try:
            (_play_trial if target == "trial" else _play)(play, begin, target)
            stage.played.append((target, play.client, play.freelancer))
        except MarketwrightError as error:
            stage.notes.append(f"period {number} ({target}) {mission['key']} with {person['key']}: {error}")


def _months_before(day: date, months: int) -> date:
    first = day.replace(day=1)
    for _ in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    return first


def _play(play: Play, begin: date, target: str) -> None:
    language = play.mission["language"]
    end = _months_before(begin + timedelta(days=95), 0) - timedelta(days=1)
    rate = round(play.person["day_rate_minor"] / 1000) * 1000
    title = "Renfort de l’équipe" if language == "fr" else "Work with the team"

    def name(line: OfferLine, first: date, _last: date) -> str:
        return f"{line.title}, {format_date(first, 'LLLL y', locale=language)}"

    _agree(play, spread(Offer((days_line(title, 36, rate, end),), start_on=begin), "month", name))
    first, second, *_rest = milestones_of(play)
    _until(play, begin - timedelta(days=6))
    step(play, play.client, first, "fund")
    last = (begin + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    waits = 2.0 if target == "submitted" else 6.0
    if target == "running":
        _until(play, last)
    else:
        play.days_ago = waits
    _note(play, first, begin, last, half=True)
    step(play, play.freelancer, first, "submit", steps.Ask(note=""))
    if target == "running":
        play.later(1.5)
        step(play, play.client, first, "approve", steps.Ask(reauthenticated=True))
        step(play, play.client, second, "fund")
        play.days_ago = 0.02
        _note(play, second, last + timedelta(days=1), play.stage.now.date() - timedelta(days=1), half=False)
    elif target == "disputed":
        play.later(3)
        words = ("Nous n’avons pas travaillé ensemble ce jour-là." if language == "fr"
                 else "We did not work together on that day.")  # fmt: skip
        step(play, play.client, first, "dispute", steps.Ask(note=words, days=(_working(begin, last)[3],)))


def _play_trial(play: Play, _begin: date, _target: str) -> None:
    rate = round(play.person["day_rate_minor"] / 1000) * 1000
    title = "Trois jours d’essai" if play.mission["language"] == "fr" else "Three days of trial"
    due = play.stage.ago(days=1).date()
    _agree(play, Offer((days_line(title, 3, rate, due),), start_on=play.stage.ago(days=5).date()))
    (only,) = milestones_of(play)
    step(play, play.client, only, "fund")
    play.later(3)
    play.act(play.freelancer, lambda uow: steps.deliver(
        uow, milestone=only, transition="deliver",
        note="Voir le compte rendu." if play.mission["language"] == "fr" else "See the summary."))  # fmt: skip


def _agree(play: Play, offer: Offer) -> None:
    """From the proposal to both signatures, with what the contract waits for."""
    agree(play, offer)
    authorise(play)


def _until(play: Play, day: date) -> None:
    """Let time pass until noon of ``day``."""
    noon = datetime.combine(day, time(12), UTC)
    play.days_ago = max(0.02, min(play.days_ago, (play.stage.now - noon) / timedelta(days=1)))


def _working(first: date, last: date) -> list[date]:
    return [d for d in timesheets.dates(first, last) if d.weekday() < 3]


def _note(play: Play, milestone: str, first: date, last: date, *, half: bool) -> None:
    notes = NOTES[play.mission["language"]]
    days = _working(first, last)[:10] if last >= first else []
    sheet: Mapping[date, Worked] = {
        day: Worked(1 if half and n % 4 == 3 else 2, notes[n % len(notes)]) for n, day in enumerate(days)
    }
    play.act(play.freelancer, lambda uow: timesheets.note_days(uow, milestone=milestone, days=sheet))
