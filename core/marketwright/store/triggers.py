"""Triggers: invariants that the database itself holds, on both engines.

A room declares a trigger beside its table; :func:`create_schema` and the migrations create it, and
:func:`missing_triggers` says which are gone (a batch rebuild on SQLite drops them).
"""

from sqlalchemy import Connection, text

from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger: its name, table, and the statements that create it on each engine ('' where it needs none)."""

    name: str
    table: str
    sqlite: str
    postgresql: str


REGISTRY: dict[str, Trigger] = {}


def declare_trigger(name: str, table: str, *, sqlite: str, postgresql: str) -> Trigger:
    """Register a trigger; ``postgresql`` may hold several statements, parted by lines of ``--;``."""
    trigger = Trigger(name, table, sqlite, postgresql)
    REGISTRY[name] = trigger
    return trigger


def append_only(table: str, rule: str = "L4") -> None:
    """Declare that rows of ``table`` are never updated nor deleted; ``rule`` is what its refusal names."""
    for verb in ("UPDATE", "DELETE"):
        name = f"{table}_no_{verb.lower()}"
        declare_trigger(
            name,
            table,
            sqlite=(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{rule}: {table} is append only'); END"
            ),
            postgresql=(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN RAISE EXCEPTION '{rule}: {table} is append only'; END $$\n--;\n"
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
            ),
        )


def kept_until(table: str) -> None:
    """Declare that rows of ``table`` are never updated, and deleted only after their ``keep_until`` (machine time)."""
    for verb, sqlite, postgresql in (
        ("UPDATE", "", ""),
        ("DELETE", "WHEN OLD.keep_until > strftime('%Y-%m-%d %H:%M:%f', 'now') ", "WHEN (OLD.keep_until > now()) "),
    ):
        name = f"{table}_no_{verb.lower()}"
        declare_trigger(
            name,
            table,
            sqlite=(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {sqlite}"
                f"BEGIN SELECT RAISE(ABORT, '{table} is append only until its period is over'); END"
            ),
            postgresql=(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN RAISE EXCEPTION '{table} is append only until its period is over'; END $$\n--;\n"
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW {postgresql}EXECUTE FUNCTION {name}()"
            ),
        )


def statements(trigger: Trigger, dialect: str) -> list[str]:
    """The statements that create ``trigger`` on ``dialect`` (``sqlite`` or ``postgresql``)."""
    source = trigger.sqlite if dialect == "sqlite" else trigger.postgresql
    return [s.strip() for s in source.split("--;") if s.strip()]


def create_triggers(connection: Connection) -> None:
    """Create every declared trigger."""
    for trigger in REGISTRY.values():
        for statement in statements(trigger, connection.dialect.name):
            connection.exec_driver_sql(statement)


_PRESENT = """
SELECT tgname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace
"""


def present_triggers(connection: Connection) -> set[str]:
    """Names of the triggers that exist in the database."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    else:
        rows = connection.execute(text(_PRESENT))
    return {str(row[0]) for row in rows}


def missing_triggers(connection: Connection) -> list[str]:
    """Names of declared triggers that the database lacks, sorted."""
    dialect = connection.dialect.name
    wanted = {t.name for t in REGISTRY.values() if statements(t, dialect)}
    return sorted(wanted - present_triggers(connection))
