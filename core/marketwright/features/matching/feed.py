"""What changed since an index was made: rows that triggers write in the commit of whatever changed it.

Commit order is not number order. On PostgreSQL a reader asks for what transactions wrote that may not have ended when
it last looked (``pg_snapshot_xmin``); on SQLite numbers are given under the write lock.
"""

from collections.abc import Collection
from dataclasses import field

from sqlalchemy import text
from sqlalchemy.orm import Session

from marketwright.features.matching.tables import IndexChange
from marketwright.kernel.frozen import dataclass
from marketwright.store.driver import ask
from marketwright.store.triggers import declare_trigger

PERSON, MISSION, SKILLS = "person", "mission", "skills"
KEPT = 200_000  # changes; an index older than the oldest of them is made anew


@dataclass(frozen=True, slots=True)
class Place:
    """How far somebody has read: every change before ``horizon`` is known, and those in ``seen`` after it."""

    horizon: int = 0
    seen: frozenset[int] = frozenset()
    newest: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """Who changed, and how far that was read."""

    place: Place
    people: Collection[str] = ()
    missions: Collection[str] = ()
    skills: bool = False
    count: int = field(default=0, compare=False)


_SQLITE_NOW = text("SELECT coalesce(max(seq), 0), 0 FROM index_changes")
_POSTGRESQL_NOW = text(
    "SELECT (SELECT coalesce(max(seq), 0) FROM index_changes), pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
)
# as the drivers take them: each list asks this, and there is nothing to compile
_SQLITE_SINCE = "SELECT seq, kind, owner, 0, 0 FROM index_changes WHERE seq > ? ORDER BY seq"
_POSTGRESQL_SINCE = (
    "SELECT seq, kind, owner, xid, pg_snapshot_xmin(pg_current_snapshot())::text::bigint "
    "FROM index_changes WHERE xid >= %s ORDER BY seq"
)
_POSTGRESQL_END = text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")  # of this server, not of another
_OLDEST = text("SELECT min(seq), max(seq) FROM index_changes")


def _sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def now(session: Session) -> Place:
    """Where a reader stands who reads everything after this."""
    newest, xmin = session.execute(_SQLITE_NOW if _sqlite(session) else _POSTGRESQL_NOW).one()
    return Place(newest if _sqlite(session) else xmin, frozenset(), newest)


def since(session: Session, place: Place) -> Changes:
    """What changed after ``place``; one statement where nothing did."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        rows = ask(connection, _SQLITE_SINCE, (place.horizon,))
        after = Place(rows[-1][0], frozenset(), rows[-1][0]) if rows else place
    else:
        rows = ask(connection, _POSTGRESQL_SINCE, (place.horizon,))
        after = place
        if rows:
            xmin = rows[0][4]
            after = Place(xmin, frozenset(r[0] for r in rows if r[3] >= xmin), max(place.newest, rows[-1][0]))
        rows = [r for r in rows if r[0] not in place.seen]
    if not rows:
        return Changes(after)
    return Changes(
        after, {owner for _, kind, owner, *_ in rows if kind == PERSON},
        {owner for _, kind, owner, *_ in rows if kind == MISSION},
        any(kind == SKILLS for _, kind, *_ in rows), count=len(rows),
    )  # fmt: skip


def is_lost(session: Session, place: Place) -> bool:
    """Whether changes after ``place`` are not kept any more, or the database is another or an older one."""
    oldest, newest = session.execute(_OLDEST).one()
    if place.newest > (newest or 0) or (oldest and oldest > place.newest + 1):
        return True
    return not _sqlite(session) and place.horizon > int(session.execute(_POSTGRESQL_END).scalar_one())


def prune(session: Session) -> None:
    """Forget all but the last changes; an index that is older is made anew."""
    session.execute(
        text("DELETE FROM index_changes WHERE seq < (SELECT max(seq) FROM index_changes) - :kept"), {"kept": KEPT}
    )


def _watch(table: str, verb: str, kind: str, owner: str, *, of: str = "", source: str = "") -> None:
    """Declare the trigger that notes ``owner`` (an expression over OLD and NEW) when rows of ``table`` change."""
    name = f"{table}_{verb.lower()}_noted"
    source = source or f"VALUES ({kind!r}, {owner}, {{xid}})"
    into = "INSERT INTO index_changes (kind, owner, xid) "
    sqlite = f"{into}{source.format(owner=owner, xid=0)}; "
    postgresql = f"{into}{source.format(owner=owner, xid='pg_current_xact_id()::text::bigint')}; "
    when = f"{verb} OF {of}" if of else verb
    declare_trigger(
        name, table,
        sqlite=f"CREATE TRIGGER {name} AFTER {when} ON {table} FOR EACH ROW BEGIN {sqlite}END",
        postgresql=(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN {postgresql}RETURN NULL; END $$\n--;\n"
            f"CREATE TRIGGER {name} AFTER {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        ),
    )  # fmt: skip


def _declare() -> None:
    for verb, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        _watch("profiles", verb, PERSON, f"{row}.id")
        _watch("claims", verb, PERSON, f"{row}.profile_id")
        _watch("missions", verb, MISSION, f"{row}.id")
        _watch("mission_skills", verb, MISSION, f"{row}.mission_id")
        _watch("mission_invitations", verb, MISSION, f"{row}.mission_id")
        kind = f"CASE {row}.owner_kind WHEN 'profile' THEN '{PERSON}' ELSE '{MISSION}' END"
        _watch("facets", verb, "", f"{row}.owner_id", source=f"VALUES ({kind}, {{owner}}, {{xid}})")
        for table in ("skills", "skill_labels", "skill_parents"):
            _watch(table, verb, SKILLS, "''")
    _watch("accounts", "UPDATE", PERSON, "NEW.id", of="name, suspended_at")
    _watch(
        "organisations", "UPDATE", "", "NEW.id", of="name, public_name_en, public_name_fr, sector",
        source=f"SELECT '{MISSION}', id, {{xid}} FROM missions WHERE organisation_id = {{owner}}",  # noqa: S608
    )  # fmt: skip


_declare()
__all__ = ["Changes", "IndexChange", "Place", "is_lost", "now", "prune", "since"]
