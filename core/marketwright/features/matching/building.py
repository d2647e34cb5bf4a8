"""Making the index from the database: in runs that are kept, so that a stopped build goes on; then its file."""

import fcntl
import json
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.matching import feed
from marketwright.features.matching.columns import Taxonomy
from marketwright.features.matching.feed import Place
from marketwright.features.matching.flatfile import NotWritten, Refused, open_file, write
from marketwright.features.matching.ids import Numbers
from marketwright.features.matching.index import taxonomy_of
from marketwright.features.matching.loading import load_missions, load_people, load_skills
from marketwright.features.matching.merging import languages_of, merge, misfits
from marketwright.features.matching.parts import Part, missions_part, people_part
from marketwright.features.matching.texts import missions_words, people_words
from marketwright.features.missions.tables import Mission
from marketwright.features.profiles.tables import Profile
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.fields import Field

RUN, NAMED = 5000, 500  # rows of one run; ids named in one statement
FILE, BUILDING, LOCK = "matching.index", "building", "matching.lock"
Progress = Callable[[int, int], None]  # rows read, of how many


@dataclass(frozen=True, slots=True)
class Made:
    """Both sides as segments, and how far changes are in them; ``key`` tells the file they lie in."""

    people: Part
    missions: Part
    place: Place
    key: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Builder:
    """Makes indexes of one marketplace; without a ``folder`` nothing is kept."""

    currency: str
    fields: tuple[Field, ...]
    folder: Path | None

    @property
    def path(self) -> Path | None:
        """Where the file lies."""
        return self.folder / FILE if self.folder else None

    def fingerprint(self, taxonomy: Taxonomy) -> str:
        """What an index depends on besides the rows: skills, the niche's own fields, the currency."""
        skills = [(i, sorted(a.items()), sorted(w)) for i, a, w in
                  zip(taxonomy.ids, taxonomy.above, taxonomy.words, strict=True)]  # fmt: skip
        fields = [(f.owner, f.name, str(f.form), f.column, f.facet, f.private, [v for v, _ in f.choices])
                  for f in self.fields]  # fmt: skip
        return blake2b(repr((skills, fields, self.currency)).encode(), digest_size=16).hexdigest()

    def people(self, taxonomy: Taxonomy, session: Session, only: Collection[str]) -> Part:
        """The part of some people as they are now."""
        found = [p for some in _batches(only) for p in load_people(session, some)]
        return people_part(taxonomy, found, people_words(taxonomy, found), self.currency, self.fields)

    def missions(self, taxonomy: Taxonomy, session: Session, only: Collection[str]) -> Part:
        """The part of some missions as they are now."""
        found = [m for some in _batches(only) for m in load_missions(session, some)]
        return missions_part(taxonomy, found, missions_words(taxonomy, found), self.currency, self.fields)

    def build(self, session: Session, taxonomy: Taxonomy, *, keep: bool = False, progress: Progress | None = None
              ) -> Made:  # fmt: skip
        """Both sides from all rows; ``keep`` saves each run, and goes on from those of a build that was stopped."""
        runs = _Runs(self.folder / BUILDING if keep and self.folder else None, self.fingerprint(taxonomy))
        place = runs.begin(session)
        whole = rows(session)
        people = self._runs(session, taxonomy, runs, "people", lambda n: progress and progress(n, whole))
        read = sum(p.size for p in people)
        missions = self._runs(session, taxonomy, runs, "missions", lambda n: progress and progress(read + n, whole))
        return both([(p, None) for p in people], [(p, None) for p in missions], place)

    def _runs(self, session: Session, taxonomy: Taxonomy, runs: "_Runs", side: str, told: Callable[[int], object]
              ) -> list[Part]:  # fmt: skip
        found = runs.saved(side)
        while True:
            after = str(found[-1].meta["last"]) if found else ""
            part: Part
            if side == "people":
                people = load_people(session, after=after, most=RUN)
                data: Sequence[object] = people
                part = people_part(taxonomy, people, people_words(taxonomy, people), self.currency, self.fields)
            else:
                missions = load_missions(session, after=after, most=RUN)
                data = missions
                part = missions_part(taxonomy, missions, missions_words(taxonomy, missions), self.currency, self.fields)
            part.meta["after"], part.meta["last"] = after, getattr(data[-1], "id", "") if data else after
            if data or not found:
                runs.save(side, len(found), part)
                found.append(part)
            told(sum(p.size for p in found))
            if len(data) < RUN:
                return found

    def compact(self, session: Session, taxonomy: Taxonomy, made: Made) -> Made:
        """``made`` with everything that changed since."""
        changes = feed.since(session, made.place)
        people = self.people(taxonomy, session, changes.people)
        missions = self.missions(taxonomy, session, changes.missions)
        return both(
            [(made.people, without(made.people, changes.people)), (people, None)],
            [(made.missions, without(made.missions, changes.missions)), (missions, None)], changes.place,
            made.people.meta["languages"],
        )  # fmt: skip

    def save(self, made: Made, taxonomy: Taxonomy) -> None:
        """Write the file; ``NotWritten`` leaves the old one, and takes away what was kept of the build."""
        assert self.path is not None
        arrays = {f"p/{n}": a for n, a in made.people.arrays.items()}
        arrays |= {f"m/{n}": a for n, a in made.missions.arrays.items()}
        meta = {
            "people": made.people.meta, "missions": made.missions.meta, "fingerprint": self.fingerprint(taxonomy),
            "place": [made.place.horizon, sorted(made.place.seen), made.place.newest],
        }  # fmt: skip
        try:
            write(self.path, meta, arrays)
        finally:
            shutil.rmtree(self.path.with_name(BUILDING), ignore_errors=True)

    def load(self, session: Session, taxonomy: Taxonomy) -> Made:
        """Open the file; ``Refused`` for one that is damaged, of other skills or fields, or too old."""
        assert self.path is not None
        found = open_file(self.path)
        if found.meta.get("fingerprint") != self.fingerprint(taxonomy):
            raise Refused(self.path, "it was made with other skills or fields")
        try:
            horizon, seen, newest = found.meta["place"]
            place = Place(horizon, frozenset(seen), newest)
            people = Part(found.meta["people"], {n[2:]: a for n, a in found.arrays.items() if n.startswith("p/")})
            missions = Part(found.meta["missions"], {n[2:]: a for n, a in found.arrays.items() if n.startswith("m/")})
            odd = misfits(people) or misfits(missions)
        except (ValueError, TypeError, LookupError) as error:
            raise Refused(self.path, f"it lacks what it must have ({error})") from error
        if odd:
            raise Refused(self.path, f"its array {odd} does not fit the others")
        if feed.is_lost(session, place):
            raise Refused(self.path, "it is too old, or of another database")
        return Made(people, missions, place, found.key)

    @contextmanager
    def locked(self, *, wait: bool) -> Iterator[bool]:
        """Whether this process alone of its machine writes the file now."""
        assert self.folder is not None
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOCK).open("a") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True


def taxonomy(session: Session) -> Taxonomy:
    """The skills of now."""
    return taxonomy_of(load_skills(session))


def rows(session: Session) -> int:
    """About how many people and missions there are."""
    return sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in (Profile, Mission))


def both(people: Sequence[tuple[Part, object]], missions: Sequence[tuple[Part, object]], place: Place,
         known: Sequence[str] = ()) -> Made:  # fmt: skip
    """Both sides of their parts, languages numbered as one; those ``known`` keep their place."""
    codes = languages_of([p for p, _ in people], [p for p, _ in missions], known)
    return Made(merge(people, codes), merge(missions, codes), place)  # type: ignore[arg-type]


def without(part: Part, gone: Collection[str]) -> object:
    """A mask of the rows of a segment that are not of ``gone``."""
    kept = np.ones(part.size, dtype=bool)
    number = Numbers(part.arrays["id"], part.arrays["by_id"], {})
    kept[[row for one in gone if (row := number.before(one)) >= 0]] = False
    return kept


def _batches(ids: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), NAMED):
        yield ordered[start : start + NAMED]


@dataclass(frozen=True, slots=True)
class _Runs:
    """The runs of a build that is under way."""

    folder: Path | None
    fingerprint: str

    def begin(self, session: Session) -> Place:
        """Where changes are read from: where the build that was stopped began, if its runs can still be used."""
        now = feed.now(session)
        if self.folder is None:
            return now
        state = self.folder / "state.json"
        with suppress(OSError, ValueError, KeyError, TypeError):
            said = json.loads(state.read_text("utf-8"))
            before = Place(said["horizon"], frozenset(), said["newest"])
            if said["fingerprint"] == self.fingerprint and not feed.is_lost(session, before):
                return before
        try:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)
            said = {"fingerprint": self.fingerprint, "horizon": now.horizon, "newest": now.newest}
            state.write_text(json.dumps(said), "utf-8")
        except OSError as error:
            raise NotWritten("The index could not be written to %(path)s: %(why)s. The old one stays in use.",
                             path=str(self.folder), why=error.strerror or str(error)) from error  # fmt: skip
        return now

    def saved(self, side: str) -> list[Part]:
        """The runs of ``side`` that are whole, in order, each from where the one before ends."""
        found: list[Part] = []
        while self.folder is not None:
            try:
                run = open_file(self._path(side, len(found)))
            except Refused:
                break
            if run.meta.get("after") != (found[-1].meta["last"] if found else ""):
                break
            found.append(Part(dict(run.meta), dict(run.arrays)))
        return found

    def save(self, side: str, number: int, part: Part) -> None:
        """Keep one run."""
        if self.folder is not None:
            write(self._path(side, number), part.meta, part.arrays)

    def _path(self, side: str, number: int) -> Path:
        assert self.folder is not None
        return self.folder / f"{side}-{number:05d}"
