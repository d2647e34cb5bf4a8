"""Who might do which mission, and what they write to each other."""

from datetime import timedelta

from marketwright.features.demo.seeding.source import Json, Source, suits
from marketwright.features.demo.seeding.stage import Stage
from marketwright.features.messaging import service as messaging
from marketwright.kernel.errors import MarketwrightError

APPLICATIONS = 90


EVERY = 4  # one public mission in so many has found somebody by the time a visitor comes
WHOLE = 12  # what having every must counts for, beside three for each of them


def hiring_missions(source: Source) -> list[Json]:
    """The missions that end up filled: those of the demo data, those it tells a deal of, some of the other public ones.
    """
    told = {deal["mission"] for deal in source.deals}
    found = [m for m in source.missions if m["state"] == "filled" or (m["state"] == "published" and m["key"] in told)]
    public = [m for m in source.missions if m["state"] == "published" and m["visibility"] == "public"]
    return [*found, *(m for m in public[::EVERY] if m not in found)]


class Casting:
    """Chooses freelancers that fit a mission, each pair once, those with a business first."""

    def __init__(self, stage: Stage, source: Source) -> None:
        self._stage, self._source = stage, source
        self._taken: set[tuple[str, str]] = set()
        self._busy: dict[str, int] = {}

    def missions(self, *states: str, held: str = "") -> list[Json]:
        """Missions of the demo data in one of ``states``."""
        return [m for m in self._source.missions if m["state"] in states and (not held or m["visibility"] == held)]

    def deals(self, *, struck: bool, since: float = 0.5) -> list[Json]:
        """Missions for deals: those that found somebody where an offer was ``struck``, else those still open.

        Of these, the ones that everybody may apply to ``since`` so many days.
        """
        hiring = hiring_missions(self._source)
        if struck:
            return hiring
        public = self.missions("published", held="public")
        return [m for m in public if m not in hiring and self._stage.opened(m["key"]) >= since]

    def pick(self, mission: Json, *, business: bool = False) -> Json | None:
        """The fitting freelancer who has the least to do, or ``None`` when nobody fits."""
        wanted, nice = set(mission["must"]), set(mission["nice"])
        best: tuple[float, str] | None = None
        found: Json | None = None
        for person in self._source.people:
            skills = {s["skill"] for s in person["skills"]}
            fit = 3 * len(wanted & skills) + len(nice & skills) - 4 * self._busy.get(person["key"], 0)
            fit += WHOLE * _passes(mission, person)
            speaks = any(lang["code"] == mission["language"] for lang in person["languages"])
            if (mission["key"], person["key"]) in self._taken or not wanted & skills or not speaks:
                continue
            if business and not person["business"]:
                continue
            if best is None or (fit, person["key"]) > best:
                best, found = (fit, person["key"]), person
        if found is not None:
            self._taken.add((mission["key"], found["key"]))
            self._busy[found["key"]] = self._busy.get(found["key"], 0) + 1
        return found


def _passes(mission: Json, person: Json) -> bool:
    """Whether a person has all that is a must, so that the mission's list of matches names them."""
    has, speaks = ({one[key] for one in person[name]} for name, key in (("skills", "skill"), ("languages", "code")))
    there = person["remote"] != "remote" or mission["remote"] != "onsite"
    return has.issuperset(mission["must"]) and speaks.issuperset(mission["languages"]) and there


def letter(stage: Stage, source: Source, mission: Json, person: Json) -> str:
    """A cover letter in the mission's language that the person could have written."""
    letters = [
        text for text in source.texts["cover_letters"]
        if text["language"] == mission["language"] and text.get("mission", mission["key"]) == mission["key"]
        and text.get("min_years", 0) <= person["years"] and suits(text, mission)
    ]  # fmt: skip
    own = [text for text in letters if text.get("mission")]
    if own or letters:
        return str(stage.random.choice(own or letters)["text"])
    return f"{person['headline']}\n\n{person['bio'].splitlines()[0]}"


def answers(mission: Json) -> list[tuple[str, str]]:
    """An answer to each question of the mission."""
    words = ("Oui, j’en parle volontiers de vive voix." if mission["language"] == "fr" else "Yes, gladly on a call.")
    return [(question, words) for question in mission["questions"]]


def apply(stage: Stage, source: Source, mission: Json, person: Json, *, days_ago: float) -> str:
    """Let ``person`` apply to ``mission``; returns the thread's id."""
    freelancer, row = stage.ids[f"person:{person['key']}"], stage.ids[f"mission:{mission['key']}"]
    with stage.unit(stage.ago(days=days_ago), by=freelancer) as uow:
        thread: str = messaging.open_thread(
            uow, mission=row, freelancer=freelancer, kind="application",
            text=letter(stage, source, mission, person), answers=answers(mission),
        )  # fmt: skip
    return thread


def converse(stage: Stage, thread: str, mission: Json, person: Json, script: Json, *, days_ago: float) -> None:
    """Play the messages of ``script`` in a thread, some hours apart."""
    owner, freelancer = stage.ids[f"owner:{mission['organisation']}"], stage.ids[f"person:{person['key']}"]
    at = stage.ago(days=days_ago)
    for message in script["messages"]:
        at += timedelta(hours=stage.random.uniform(0.3, 9))
        if at >= stage.now:
            return
        by = owner if message["from"] == "client" else freelancer
        with stage.unit(at, by=by) as uow:
            messaging.post(uow, thread=thread, text=message["text"])


def scripts(source: Source, mission: Json, stage_of_deal: str) -> list[Json]:
    """Conversations that fit the mission's language and fields at this stage of a deal."""
    return [
        s for s in source.texts["messages"]
        if s["language"] == mission["language"] and s.get("stage", "before") == stage_of_deal
        and suits(s, mission)
    ]  # fmt: skip


def bring_talks(stage: Stage, source: Source) -> None:
    """Applications to the open missions, many of them with a conversation."""
    stage.casting = stage.casting or Casting(stage, source)
    used: set[int] = set()
    open_missions = stage.casting.deals(struck=False)
    for number in range(APPLICATIONS):
        mission = open_missions[number % len(open_missions)]
        person = stage.casting.pick(mission)
        if person is None:
            continue
        days_ago = stage.opened(mission["key"]) * stage.random.uniform(0.15, 0.9)
        try:
            thread = apply(stage, source, mission, person, days_ago=days_ago)
        except MarketwrightError as error:
            stage.notes.append(f"{person['key']} → {mission['key']}: {error}")
            continue
        fitting = [s for s in scripts(source, mission, "before") if id(s) not in used]
        if fitting:
            script = stage.random.choice(fitting)
            used.add(id(script))
            converse(stage, thread, mission, person, script, days_ago=days_ago)
