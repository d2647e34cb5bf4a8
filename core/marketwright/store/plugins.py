"""Tables of plugins: a base of their own, and a unit that reaches nothing else."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import MetaData, String, Table, event, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from marketwright.hooks.permits import DeskRefused
from marketwright.kernel.guard import inside_unit
from marketwright.store.base import NAMING, Base, UtcDateTime
from marketwright.store.database import Database

CORE_TABLES = {
    "account": "accounts", "organisation": "organisations", "profile": "profiles", "mission": "missions",
    "proposal": "proposals", "contract": "contracts", "milestone": "milestones", "thread": "threads",
}  # fmt: skip
_WORD = r'"?([A-Za-z_][A-Za-z0-9_]*)"?'
_WRITES = re.compile(rf"\s*(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+{_WORD}", re.IGNORECASE)
_TABLES = re.compile(rf"\b(?:FROM|JOIN|INTO|UPDATE)\s+{_WORD}", re.IGNORECASE)
_VERBS = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH|SAVEPOINT|RELEASE|ROLLBACK)\b", re.IGNORECASE)
_NAMED = re.compile(rf"(?:\bWITH\s+(?:RECURSIVE\s+)?|\)\s*,\s*){_WORD}(?:\s*\([^)]*\))?\s+AS\b", re.IGNORECASE)
_FROM = re.compile(r"\bFROM\b", re.IGNORECASE)
_ENDS = re.compile(r"\b(?:WHERE|GROUP|ORDER|LIMIT|UNION|HAVING|RETURNING)\b", re.IGNORECASE)
_NEXT = re.compile(rf"\s*{_WORD}")
_CHANGES = re.compile(r"\s*(INSERT|UPDATE|DELETE)", re.IGNORECASE)
_STRING = re.compile(r"'(?:[^']|'')*'")


def prefix_of(plugin: str) -> str:
    """What the name of every table of ``plugin`` begins with."""
    return f"x_{plugin}_"


def plugin_base(plugin: str) -> type[DeclarativeBase]:
    """The declarative base of the tables of ``plugin``, all named ``x_<plugin>_…``.

    Names without the prefix, and foreign keys to anything else, are refused when the class is made.
    """

    class PluginBase(DeclarativeBase):
        metadata = MetaData(naming_convention=NAMING)
        type_annotation_map = {**Base.type_annotation_map, datetime: UtcDateTime()}

        def __init_subclass__(cls, **kw: Any) -> None:
            super().__init_subclass__(**kw)
            _check(plugin, cls.__table__)  # type: ignore[arg-type]

    return PluginBase


def _check(plugin: str, table: Table) -> None:
    prefix = prefix_of(plugin)
    if not table.name.startswith(prefix):
        msg = f"the table {table.name!r} of the plugin {plugin!r} must be named {prefix}…"
        raise ValueError(msg)
    for key in table.foreign_keys:
        target = key.target_fullname.partition(".")[0]
        if not target.startswith(prefix):
            msg = f"{table.name} refers to {target!r}; refer to core by id: core_ref({target.rstrip('s')!r})"
            raise ValueError(msg)


def core_ref(kind: str, *, nullable: bool = False) -> Mapped[Any]:
    """A column with the opaque id of something of core (``mission``, ``account``, …), without a foreign key."""
    if kind not in CORE_TABLES:
        msg = f"core has no {kind!r}; there are {', '.join(CORE_TABLES)}"
        raise ValueError(msg)
    return mapped_column(String(16), index=True, nullable=nullable, info={"core_ref": kind})


class HouseTables:
    """Answers the port ``DeskTables``: sessions in which a plugin reaches its own tables alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def unit(self, plugin: str) -> Iterator[Session]:
        """A session that writes; nothing is kept without ``commit()``. No plugin can be called meanwhile."""
        with inside_unit(), Session(self._database.writes, expire_on_commit=False) as session:
            guard(session, plugin)
            yield session

    @contextmanager
    def reading(self, plugin: str) -> Iterator[Session]:
        """A session that only reads."""
        with self._database.reading() as session:
            guard(session, plugin)
            yield session


def guard(session: Session, plugin: str) -> None:
    """Have ``session`` refuse every statement that reaches for more than the tables of ``plugin``."""
    connection, prefix = session.connection(), prefix_of(plugin)

    def look(_c: Any, _cursor: Any, statement: str, _p: Any, _context: Any, _many: Any) -> None:
        if not allowed(statement, prefix):
            msg = f"{plugin} reaches for more than its own tables ({prefix}…): {statement[:120]}"
            raise DeskRefused(msg)

    event.listen(connection, "before_cursor_execute", look)


def allowed(statement: str, prefix: str) -> bool:
    """Whether ``statement`` reads and writes only tables whose names begin with ``prefix``."""
    bare = _STRING.sub("''", statement)
    if not _VERBS.match(bare) or ";" in bare.strip().rstrip(";") or "--" in bare or "/*" in bare:
        return False
    own = {n.lower() for n in _NAMED.findall(bare)} | {"set", "select"}
    named = [n.lower() for n in _TABLES.findall(bare)] + [n.lower() for n in _listed(bare)]
    if not all(n.startswith((prefix, "anon_")) or n in own for n in named):
        return False
    return not _CHANGES.match(bare) or bool(_WRITES.match(bare))


def _listed(bare: str) -> Iterator[str]:
    """What stands behind commas after each FROM: tables joined without the word."""
    for start in _FROM.finditer(bare):
        depth, at = 0, start.end()
        while at < len(bare) and depth >= 0 and not (depth == 0 and _ENDS.match(bare, at)):
            depth += (bare[at] == "(") - (bare[at] == ")")
            if bare[at] == "," and depth == 0:
                word = _NEXT.match(bare, at + 1)
                if word:
                    yield word[1]
            at += 1


def counts(session: Session, base: type[DeclarativeBase]) -> list[tuple[str, int, int]]:
    """Each table of ``base``: its name, its rows, and how many of them refer to something that core has no more."""
    found = []
    for table in base.metadata.sorted_tables:
        rows = int(session.scalar(select(func.count()).select_from(table)) or 0)
        orphans = 0
        for column in table.columns:
            kind = column.info.get("core_ref")
            if kind:
                core = Base.metadata.tables[CORE_TABLES[kind]]
                lost = select(func.count()).select_from(table).where(
                    column.is_not(None), column.not_in(select(core.c.id))
                )  # fmt: skip
                orphans += int(session.scalar(lost) or 0)
        found.append((table.name, rows, orphans))
    return found
