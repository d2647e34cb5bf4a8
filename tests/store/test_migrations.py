"""Migrations go up, down and up again with data, and lead to the schema that the code wants."""

import pytest
from sqlalchemy import inspect, text

import marketwright.tables  # noqa: F401
from marketwright.kernel.actors import system
from marketwright.kernel.errors import BadSetting, Conflict
from marketwright.store import migrate
from marketwright.store.base import Base
from marketwright.store.database import Database
from marketwright.store.engines import make_engine
from marketwright.store.triggers import missing_triggers, present_triggers


@pytest.fixture
def empty(empty_database_url):
    made = Database(empty_database_url, moves=True)
    yield made
    made.dispose()


def tables(database):
    with database.reads.connect() as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def where(index):
    """The rows that an index is for; empty for all."""
    return "".join(str(said) for key, said in index.get("dialect_options", {}).items() if key.endswith("_where"))


def shape(database):
    """Columns, indexes and checks of every table, in plain words."""
    found = {}
    with database.reads.connect() as connection:
        look = inspect(connection)
        for name in look.get_table_names():
            if name == "alembic_version":
                continue
            columns = {c["name"]: (str(c["type"]), c["nullable"]) for c in look.get_columns(name)}
            indexes = sorted((str(i["name"]), i["unique"], where(i)) for i in look.get_indexes(name))
            checks = sorted(str(c["name"]) for c in look.get_check_constraints(name))
            found[name] = (columns, indexes, checks)
    return found


def test_an_empty_database_is_brought_to_the_schema_of_the_code(empty):
    migrate.upgrade(empty)
    assert tables(empty) == set(Base.metadata.tables)


def test_the_migrated_schema_is_the_declared_one_to_the_last_index(empty, database):
    migrate.upgrade(empty)
    assert shape(empty) == shape(database)


def test_an_index_of_some_rows_is_of_those_on_this_engine(database):
    indexes = shape(database)["jobs"][1]
    assert next(rows for name, unique, rows in indexes if name == "uq_jobs_ready_key" and unique)


def test_every_trigger_is_there_after_the_migrations(empty, database):
    migrate.upgrade(empty)
    with empty.reads.connect() as connection:
        assert missing_triggers(connection) == []
        mine = present_triggers(connection)
    with database.reads.connect() as connection:
        assert mine == present_triggers(connection)


def test_migrations_go_up_down_and_up_again_with_data(empty):
    migrate.upgrade(empty)
    with empty.unit(system("tests")) as uow:
        uow.audit("tests.ran", "")
        uow.job("tests", key="one")
        uow.commit()
    migrate.downgrade(empty, "base")
    assert tables(empty) == set()
    migrate.upgrade(empty)
    with empty.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM audit_log")) == 0


def test_a_downgrade_that_would_lose_what_is_sealed_is_refused_changes_nothing_and_leaves_nothing_open(
    empty, monkeypatch
):
    used = []
    monkeypatch.setattr(migrate, "make_engine", lambda *a, **kw: used.append(make_engine(*a, **kw)) or used[-1])
    migrate.upgrade(empty)
    with empty.unit(system("tests")) as uow:
        uow.session.execute(text(
            "INSERT INTO vetting_verdicts (id, check_name, subject_kind, subject_id, about, result, compared, source, "
            'reason, document, "by", by_name, at, private) VALUES (\'v\', \'past\', \'freelancer\', \'f\', \'\', '
            "'refused', 'a', 'b', 'c', :no, 'x', 'x', CURRENT_TIMESTAMP, :yes)"
        ), {"no": False, "yes": True})  # fmt: skip
        uow.commit()
    with pytest.raises(Conflict, match="Restore a backup"):
        migrate.downgrade(empty, "0036")
    assert migrate.current_revision(empty) == migrate.newest_revision()
    assert used[-1].pool.checkedin() == 0


def test_a_second_upgrade_changes_nothing(empty):
    migrate.upgrade(empty)
    migrate.upgrade(empty)
    assert migrate.current_revision(empty) == migrate.newest_revision()


def test_a_start_on_an_old_schema_is_refused_with_the_fix(empty):
    with pytest.raises(BadSetting, match="db upgrade"):
        migrate.refuse_old_schema(empty)


def test_a_start_on_the_newest_schema_is_let_through(empty):
    migrate.upgrade(empty)
    migrate.refuse_old_schema(empty)
