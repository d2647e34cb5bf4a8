"""A backup is one state of the whole site, however much is going on."""

import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from threading import Event, Thread

import pytest
from sqlalchemy import func, select

from marketwright.features.backups import taking
from marketwright.features.backups.rows import read_lines
from marketwright.features.ledger.queries import head
from marketwright.features.ledger.sealer import seal_all
from marketwright.features.ledger.tables import LedgerSeal
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.events import CATALOGUE
from marketwright.kernel.ids import new_id
from marketwright.store.base import Base
from marketwright.store.database import Database
from marketwright.store.tables import AuditRow, EventRow
from marketwright.testing.databases import SqliteTemplates

NAME = next(iter(CATALOGUE))


def test_a_backup_taken_while_money_moves_is_one_state(site, tmp_path, monkeypatch):
    """K3: a writer books and writes between any two tables that are read; what is restored knows none of it."""
    stop, written = Event(), []

    def write():
        while not stop.is_set():
            with site.house.database.unit(site.deal.actor(site.deal.client)) as uow:
                uow.audit("tests.wrote", "")
                uow.emit(NAME, new_id())
                uow.commit()
            written.append(1)

    reader, seen = taking.read_lines, []

    def slowly(connection, table):
        before = len(written)
        while len(written) == before and busy.is_alive():
            stop.wait(0.001)
        seen.append(table.name)
        return reader(connection, table)

    monkeypatch.setattr(taking, "read_lines", slowly)
    busy = Thread(target=write)
    busy.start()
    try:
        manifest = site.back_up(tmp_path / "busy.zip")
    finally:
        stop.set()
        busy.join()
    rows = {t.name: t.rows for t in manifest.tables}
    with site.house.database.reading() as session:
        now = session.scalar(select(func.count()).select_from(AuditRow))
    assert now - rows["audit_log"] >= len(seen) - 1
    site.restore(tmp_path / "busy.zip")
    with site.house.database.reading() as session:
        wrote = session.scalar(select(func.count()).where(AuditRow.action == "tests.wrote"))
        told = session.scalar(select(func.count()).where(EventRow.name == NAME))
    assert wrote <= told


def test_the_head_of_the_ledger_is_never_ahead_of_the_rows(site, tmp_path, monkeypatch):
    def late(connection, table):
        if table.name == "ledger_seals":
            site.deal.answer(site.deal.take("give_back", site.deal.freelancer, note="I am ill").command)
            seal_all(site.house.database, site.house.marketplace.var)
        return read_lines(connection, table)

    with monkeypatch.context() as patch:
        patch.setattr(taking, "read_lines", late)
        site.back_up(tmp_path / "late.zip")
    with site.house.database.reading() as session:
        assert head(session).number == 3
    assert site.restore(tmp_path / "late.zip").grave == ()


def test_nobody_else_may_read_a_backup(saved):
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600


def test_a_file_that_is_there_is_not_written_over_unless_asked(site, saved):
    with pytest.raises(InvalidInput, match="--replace"):
        site.back_up(saved)
    assert taking.take(site.house, saved, replace=True).rows


def test_an_upload_whose_bytes_are_gone_is_named_and_the_rest_is_saved(site, tmp_path):
    (site.house.marketplace.var / "files" / site.upload[:2] / site.upload).unlink()
    assert site.back_up(tmp_path / "less.zip").lost == (site.upload,)
    assert site.rehearse(tmp_path / "less.zip").grave == ()


def test_a_backup_that_fails_leaves_no_file(site, tmp_path, monkeypatch):
    def fail(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(taking, "read_lines", fail)
    with pytest.raises(OSError, match="No space"):
        site.back_up(tmp_path / "full" / "a.zip")
    assert list((tmp_path / "full").iterdir()) == []


def dump(database):
    with database.reads.connect() as connection:
        return {t.name: list(read_lines(connection, t)) for t in Base.metadata.sorted_tables if t.name != "audit_log"}


@pytest.fixture
def other_engine(site, database_templates, tmp_path):
    """The same marketplace on another database: SQLite where the tests run on PostgreSQL, else a second file."""
    templates = SqliteTemplates(tmp_path)
    with templates.empty() as url:
        yield replace(site.house.marketplace, database_url=url, folder=tmp_path / "moved")


def test_a_site_moves_to_another_engine_with_every_row_number_and_hash(site, saved, other_engine):
    """K7, one way or the other, as the tests' engine is."""
    from marketwright.app import build_house
    from marketwright.features.backups.restoring import restore

    site.restore(saved)
    rows = dump(site.house.database)
    elsewhere = build_house(other_engine)
    restore(elsewhere, saved, by="Ada")
    elsewhere.database.dispose()
    moved = Database(other_engine.database_url, moves=True)
    try:
        found = dump(moved)
        assert {n: r for n, r in found.items() if n != "restorations"} == {
            n: r for n, r in rows.items() if n != "restorations"
        }
        with moved.reading() as session:
            assert session.scalar(select(func.max(LedgerSeal.number))) == 1
    finally:
        moved.dispose()
    assert (other_engine.var / "files" / site.upload[:2] / site.upload).read_bytes() == b"The plan of the network."
    with closing(sqlite3.connect(other_engine.var / "plugins" / "pocket" / "books.sqlite")) as books:
        assert books.execute("SELECT count(*) FROM entries").fetchone() == (1,)


def test_tables_of_plugins_come_along_and_ask_for_their_plugin(site, tmp_path):
    folder = site.house.marketplace.folder / "plugins" / "notes" / "marketwright_notes"
    (folder / "migrations" / "versions").mkdir(parents=True)
    (folder / "__init__.py").write_text(
        "from sqlalchemy.orm import Mapped, mapped_column\n"
        "from marketwright.plugin import Manifest, plugin_base\n"
        'Base = plugin_base("notes")\n'
        "class Note(Base):\n"
        '    __tablename__ = "x_notes_note"\n'
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    text: Mapped[str]\n"
        'manifest = Manifest(name="notes", summary="Notes.", tables=Base)\n'
    )
    (folder / "migrations" / "versions" / "0001_first.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        'revision, down_revision, branch_labels, depends_on = "0001", None, None, None\n'
        "def upgrade():\n"
        '    op.create_table("x_notes_note", sa.Column("id", sa.Integer, primary_key=True),\n'
        '                    sa.Column("text", sa.String, nullable=False))\n'
        'def downgrade():\n    op.drop_table("x_notes_note")\n'
    )
    from marketwright.app import build_house
    from marketwright.features.backups.restoring import restore
    from marketwright.features.desk.life import upgrade_tables

    house = build_house(replace(site.house.marketplace, plugins=("standard_contracts", "notes")))
    assert [o.error for o in upgrade_tables(house)] == [""]
    with house.database.writes.begin() as connection:
        connection.exec_driver_sql("INSERT INTO x_notes_note (id, text) VALUES (7, 'kept')")
    taking.take(house, tmp_path / "notes.zip")
    with pytest.raises(InvalidInput, match="not enabled here"):
        site.rehearse(tmp_path / "notes.zip")
    with house.database.writes.begin() as connection:
        connection.exec_driver_sql("DELETE FROM x_notes_note")
    house.database.dispose()
    restore(house, tmp_path / "notes.zip", by="Ada")
    with house.database.reads.connect() as connection:
        assert connection.exec_driver_sql("SELECT id, text FROM x_notes_note").all() == [(7, "kept")]
    house.database.dispose()
