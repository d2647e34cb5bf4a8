"""The index of a process: opened from the machine's file or made from the database, kept up with every change.

Workers of a machine map one file. Who finds none, or one that is damaged, foreign or too old, makes it anew; a small
site is made in memory first, and the worker writes the file. What has changed is added in memory and merged into a
new file in the background.
"""

import logging
import threading
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic

from sqlalchemy.orm import Session

from marketwright.features.matching import building, feed
from marketwright.features.matching.building import Builder, Made, Progress
from marketwright.features.matching.columns import Taxonomy
from marketwright.features.matching.feed import Changes, Place
from marketwright.features.matching.flatfile import NotWritten, Refused, current_key
from marketwright.features.matching.index import Full, Index, Missions, People, index_of, renewed, renewed_missions
from marketwright.features.matching.towns import country_code
from marketwright.store.database import Database
from marketwright.strategies.fields import Field

log = logging.getLogger("marketwright.matching")
SMALL = 5000  # rows that are made anew while somebody waits
MERGE_LEAST, MERGE_SHARE = 1000, 50
LOOK = 1.0  # seconds between two looks at the file


class Indexes:
    """Holds the newest index of this process. Without a ``folder`` there is no file."""

    def __init__(self, currency: str, fields: Sequence[Field] = (), *, folder: Path | None = None,
                 database: Database | None = None, union: Collection[str] = ()) -> None:  # fmt: skip
        self._union = frozenset(country_code(c) for c in union)
        self.builder = Builder(currency, tuple(fields), folder)
        self._database = database
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._base: Made | None = None
        self._place = Place()
        self._file: tuple[int, int, int] | None = None  # the file that was looked at last, used or refused
        self._looked = 0.0
        self._working: threading.Thread | None = None

    def current(self, session: Session) -> Index:
        """The index of now: one statement when nothing changed."""
        with self._lock:
            if self._index is None or self._newer():
                self._open(session)
            changes = feed.since(session, self._place)
            if changes.count >= MERGE_LEAST and feed.is_lost(session, self._place):
                log.warning("what changed is not known any more: the index is made anew")
                taxonomy = building.taxonomy(session)
                self._take(taxonomy, self._make(session, taxonomy))
            elif changes.count:
                self._follow(session, changes)
            assert self._index is not None
            return self._index

    def _newer(self) -> bool:
        if self.builder.path is None or monotonic() - self._looked < LOOK:
            return False
        self._looked = monotonic()
        key = current_key(self.builder.path)
        return key is not None and key != self._file

    def _open(self, session: Session) -> None:
        """Take the file, or make the index anew where there is none to be had."""
        taxonomy = building.taxonomy(session)
        path = self.builder.path
        if path is not None:
            self._file = current_key(path)
            try:
                self._take(taxonomy, self.builder.load(session, taxonomy))
                return
            except Refused as refused:
                if self._file is not None:
                    log.warning("%s", refused)
        if self._index is None:
            self._take(taxonomy, self._make(session, taxonomy))

    def _take(self, taxonomy: Taxonomy, made: Made) -> None:
        self._index = replace(index_of(taxonomy, made.people, made.missions), union=self._union)
        self._base, self._place = made, made.place

    def _make(self, session: Session, taxonomy: Taxonomy) -> Made:
        """The index from nothing: a large one goes to the file, so that the other processes need not make it."""
        if self.builder.folder is None or building.rows(session) <= SMALL:
            return self.builder.build(session, taxonomy)
        try:
            with self.builder.locked(wait=True):
                try:
                    return self.builder.load(session, taxonomy)
                except Refused:
                    made = self.builder.build(session, taxonomy, keep=True)
                    self.builder.save(made, taxonomy)
                self._file = current_key(self.builder.path) if self.builder.path else None
                return self.builder.load(session, taxonomy)
        except (NotWritten, OSError) as error:
            log.warning("the index stays in memory: %s", error)
            return self.builder.build(session, taxonomy)

    def _follow(self, session: Session, changes: Changes) -> None:
        """Bring what changed into the index."""
        assert self._index is not None
        assert self._base is not None
        if changes.skills and self._other_skills(session):
            return
        now = self._index
        people: People = now.people
        missions: Missions = now.missions
        try:
            if changes.people:
                part = self.builder.people(now.taxonomy, session, changes.people)
                found = renewed(people, changes.people, part)
                assert isinstance(found, People)
                people = found
            if changes.missions:
                part = self.builder.missions(now.taxonomy, session, changes.missions)
                missions = renewed_missions(missions, changes.missions, part)
        except Full:
            if people.size + missions.size <= SMALL:
                self._take(now.taxonomy, self.builder.build(session, now.taxonomy))
            else:
                self._take(now.taxonomy, self.builder.compact(session, now.taxonomy, self._base))
            return
        self._index, self._place = replace(now, people=people, missions=missions), changes.place
        pending = people.pending + missions.pending
        if pending > MERGE_LEAST + people.size // MERGE_SHARE:
            self._in_background()

    def _other_skills(self, session: Session) -> bool:
        """Whether other skills made an index anew; that of a large one is made in the background."""
        assert self._index is not None
        taxonomy = building.taxonomy(session)
        if self.builder.fingerprint(taxonomy) == self.builder.fingerprint(self._index.taxonomy):
            self._index = replace(self._index, taxonomy=taxonomy)
            return False
        if self._index.people.size + self._index.missions.size > SMALL and self._database is not None:
            self._in_background()
            return False
        self._take(taxonomy, self.builder.build(session, taxonomy))
        return True

    def _in_background(self) -> None:
        """Write a new file beside; the next look takes it."""
        if self.builder.folder is None or self._database is None or (self._working and self._working.is_alive()):
            return
        self._working = threading.Thread(target=self._work, args=(self._database,), daemon=True, name="index")
        self._working.start()

    def _work(self, database: Database) -> None:
        try:
            with database.reading() as session:
                self.keep(session, least=1)
        except Exception:
            log.exception("the index was not renewed in the background")

    def keep(self, session: Session, *, least: int = 1, fresh: bool = False, progress: Progress | None = None) -> bool:
        """Make the machine's file new: from the rows where it cannot be used or ``fresh``, else with what changed.

        Whether a file was written; not with fewer than ``least`` changes, nor while another process is at it.
        """
        with self.builder.locked(wait=False) as alone:
            if not alone:
                return False
            taxonomy = building.taxonomy(session)
            try:
                old = None if fresh else self.builder.load(session, taxonomy)
            except Refused:
                old = None
            if old is None:
                made = self.builder.build(session, taxonomy, keep=True, progress=progress)
            elif feed.since(session, old.place).count < least:
                return False
            else:
                made = self.builder.compact(session, taxonomy, old)
            self.builder.save(made, taxonomy)
            return True
