"""Vectors of profiles and briefs: kept with their model, made anew by a job, compared when a criterion asks."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b

import numpy as np
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketwright.features.matching.columns import Person
from marketwright.features.matching.further import missions_further, people_further
from marketwright.features.matching.index import Index
from marketwright.features.matching.pairs import Makers
from marketwright.features.matching.tables import Embedding
from marketwright.features.missions.tables import Mission
from marketwright.features.profiles.tables import Profile
from marketwright.hooks.manager import Entry
from marketwright.kernel.actors import system
from marketwright.kernel.frozen import dataclass
from marketwright.store.unit import UnitOfWork
from marketwright.store.upserts import upsert
from marketwright.strategies.embedders import Embedder
from marketwright.strategies.matching import Array
from marketwright.web.house import House

BATCH, RUN, NAMED, LONGEST = 32, 256, 500, 8000
MANY = 5000  # candidates from which on all vectors are read in one statement


@dataclass(frozen=True, slots=True)
class Stale:
    """A text as it was ``at`` its last change, whose vector is missing, old, or of another model.

    ``digest`` is that of the vector there is.
    """

    kind: str
    owner: str
    text: str
    digest: str
    at: datetime

    @property
    def now(self) -> str:
        """The digest of the text."""
        return blake2b(self.text.encode(), digest_size=16).hexdigest()


def stale(session: Session, it: Embedder, most: int = RUN) -> list[Stale]:
    """What is to be made anew: profiles in the lists and open missions, those never made first."""
    e, found = Embedding, list[Stale]()
    for kind, table, where, texts in (
        ("person", Profile, Profile.listed, (Profile.headline, Profile.bio)),
        ("mission", Mission, Mission.state.in_(("published", "paused")), (Mission.title, Mission.description)),
    ):
        same = (e.model == it.name) & (e.version == it.version)
        rows = session.execute(
            select(table.id, *texts, e.digest, same, table.updated_at)
            .outerjoin(e, (e.owner == table.id) & (e.kind == kind))
            .where(where, or_(e.owner.is_(None), ~same, e.at < table.updated_at))
            .order_by(e.at.nulls_first(), table.id)
            .limit(most)
        )
        found += [Stale(kind, one, f"{head}\n{text}".strip()[:LONGEST], digest if of_it else "", at)
                  for one, head, text, digest, of_it, at in rows]  # fmt: skip
    return found[:most]


def vectors_of(entry: Entry[Embedder], some: Sequence[Stale]) -> Array:
    """The vectors of their texts, each of length 1; ``MarketwrightError`` names the plugin where they are none."""
    it = entry.it
    return entry.ask("embed", lambda _it: _checked(it.embed([s.text for s in some]), len(some), it.dimensions))


def _checked(given: Array, n: int, dimensions: int) -> Array:
    found = np.asarray(given, dtype=np.float32)
    if found.shape != (n, dimensions) or not np.isfinite(found).all():
        msg = f"gave shape {found.shape} instead of {(n, dimensions)}, or what is not a number"
        raise ValueError(msg)
    length = np.linalg.norm(found, axis=1, keepdims=True)
    scaled: Array = found / np.where(length > 0, length, 1.0)
    return scaled


def keep(uow: UnitOfWork, it: Embedder, some: Sequence[Stale], vectors: Array | None) -> None:
    """Write vectors down, or with ``None`` that texts are the same as before.

    Each is of the text that was read: who changed it since is stale again.
    """
    for k, one in enumerate(some):
        made = {"model": it.name, "version": it.version, "digest": one.now, "at": one.at}
        if vectors is not None:
            made["vector"] = vectors[k].astype(np.float16).tobytes()
            statement = upsert(uow.session, Embedding).values(kind=one.kind, owner=one.owner, **made)
            uow.session.execute(statement.on_conflict_do_update(index_elements=["kind", "owner"], set_=made))
        else:
            found = uow.session.get(Embedding, (one.kind, one.owner))
            if found is not None:
                found.at = one.at


def all_of_people(house: House, index: Index, mission: str, rows: Array) -> Makers:
    """The further pair columns of ``rows`` of people for one mission, nearness in meaning among them."""
    ids = index.people.side.ids.of(rows)
    return {**people_further(index, mission, rows),
            "semantic_met": lambda: _near(house, ("mission", mission), "person", ids[:])}  # fmt: skip


def all_of_missions(house: House, index: Index, person: Person, rows: Array) -> Makers:
    """The same of ``rows`` of missions for one freelancer."""
    ids = index.missions.side.ids.of(rows)
    return {**missions_further(index, person, rows),
            "semantic_met": lambda: _near(house, ("person", person.id), "mission", ids[:])}  # fmt: skip


def _near(house: House, one: tuple[str, str], kind: str, ids: Sequence[str]) -> tuple[Array, Array]:
    """(nearness from 0 to 1, where both vectors are there)."""
    near, known = np.zeros(len(ids), dtype=np.float32), np.zeros(len(ids), dtype=bool)
    if house.plugins.embedder is None:
        return near, known
    it = house.plugins.embedder.it
    with house.database.reading() as session:
        mine = _read(session, it, one[0], [one[1]])[1]
        if not len(mine):
            return near, known
        place = {id_: k for k, id_ in enumerate(ids)}
        runs: list[Sequence[str] | None] = [None]
        if len(ids) <= MANY:
            runs = [ids[start : start + NAMED] for start in range(0, len(ids), NAMED)]
        for run in runs:
            owners, vectors = _read(session, it, kind, run)
            at = np.array([place.get(owner, -1) for owner in owners], dtype=np.intp)
            here = at >= 0
            near[at[here]], known[at[here]] = np.clip(vectors[here] @ mine[0], 0.0, 1.0), True
    return near, known


def _read(session: Session, it: Embedder, kind: str, ids: Sequence[str] | None) -> tuple[list[str], Array]:
    """Owners of vectors, of ``ids`` or of all, and the vectors as the rows of a matrix."""
    e = Embedding
    query = select(e.owner, e.vector).where(e.kind == kind, e.model == it.name, e.version == it.version)
    rows = session.execute(query if ids is None else query.where(e.owner.in_(ids)))
    found = [(owner, vector) for owner, vector in rows if len(vector) == 2 * it.dimensions]  # float16
    whole = np.frombuffer(b"".join(vector for _, vector in found), dtype=np.float16).astype(np.float32)
    return [owner for owner, _ in found], whole.reshape(len(found), it.dimensions)


def renew(house: House) -> int:
    """Make up to :data:`RUN` vectors anew; how many were looked at. Each batch is kept in a commit of its own."""
    entry = house.plugins.embedder
    if entry is None:
        return 0
    with house.database.reading() as session:
        todo = stale(session, entry.it)
    same = [s for s in todo if s.digest == s.now]
    changed = [s for s in todo if s.digest != s.now]
    for start in range(0, len(changed), BATCH):
        some = changed[start : start + BATCH]
        vectors = vectors_of(entry, some)
        with house.database.unit(system("matching.embed")) as uow:
            keep(uow, entry.it, some, vectors)
            uow.commit()
    if same:
        with house.database.unit(system("matching.embed")) as uow:
            keep(uow, entry.it, same, None)
            uow.commit()
    return len(todo)

