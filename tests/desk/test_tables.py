"""Tables of a plugin: its own names, its own migrations, its own unit; exported before they go."""

import json
import sys
import zipfile
from dataclasses import replace
from importlib import import_module

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.app import build_house, create_app
from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.tables import Account
from marketwright.features.desk import leaving, people
from marketwright.features.desk.doctor import findings
from marketwright.features.desk.life import upgrade_tables
from marketwright.features.desk.report import report
from marketwright.kernel.actors import system
from marketwright.kernel.guard import unit_is_open
from marketwright.plugin import DeskRefused, core_ref, plugin_base
from marketwright.store.plugins import allowed
from marketwright.store.tables import AuditRow

INIT = '''
from marketwright.plugin import Manifest
from marketwright_notes.tables import Base, Note


def export(person, desk):
    with desk.tables.reading() as session:
        return {"notes": [n.text for n in session.query(Note).filter_by(person=person)]}


def erase(person, desk):
    with desk.tables.unit() as unit:
        unit.query(Note).filter_by(person=person).delete()
        unit.commit()


manifest = Manifest(name="notes", summary="Notes on people.", tables=Base, export=export, erase=erase)
'''
TABLES = '''
from marketwright.plugin import core_ref, plugin_base
from sqlalchemy.orm import Mapped, mapped_column

Base = plugin_base("notes")


class Note(Base):
    __tablename__ = "x_notes_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = core_ref("account")
    text: Mapped[str]
'''
FIRST = '''
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "0001", None, None, None


def upgrade():
    op.create_table(
        "x_notes_note", sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person", sa.String(16), nullable=False, index=True), sa.Column("text", sa.String, nullable=False),
    )


def downgrade():
    op.drop_table("x_notes_note")
'''
DIES = '''
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None


def upgrade():
    op.create_table("x_notes_second", sa.Column("id", sa.Integer, primary_key=True))
    raise RuntimeError("out of luck")
'''
REACHES = '''
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None


def upgrade():
    op.create_table("notes_of_core", sa.Column("id", sa.Integer, primary_key=True))
'''


@pytest.fixture
def notes(marketplace):
    """A house with the plugin ``notes`` in the marketplace's own folder, its tables brought up."""
    package = marketplace.folder / "plugins" / "notes" / "marketwright_notes"
    versions = package / "migrations" / "versions"
    versions.mkdir(parents=True)
    (package / "__init__.py").write_text(INIT)
    (package / "tables.py").write_text(TABLES)
    (versions / "0001_first.py").write_text(FIRST)
    house = build_house(replace(marketplace, plugins=("notes",)))
    assert [o.error for o in upgrade_tables(house)] == [""]
    yield house
    house.database.dispose()
    for name in [n for n in sys.modules if n.startswith("marketwright_notes")]:
        del sys.modules[name]


@pytest.fixture
def desk(notes):
    return notes.plugins.plugin("notes").desk


@pytest.fixture
def ada(notes):
    with notes.database.unit(system("tests")) as uow:
        made = accounts.create_account(uow, email="a@example.org", name="Ada", locale="en", is_freelancer=True)
        uow.commit()
    return made


def note(desk, person, said="hello"):
    room = import_module("marketwright_notes.tables")
    with desk.tables.unit() as unit:
        unit.add(room.Note(person=person, text=said))
        unit.commit()


def rows(house, table="x_notes_note"):
    with house.database.reading() as session:
        return session.execute(text(f"SELECT * FROM {table}")).all()


def test_a_plugin_writes_and_reads_its_own_rows(notes, desk, ada):
    note(desk, ada)
    assert notes.plugins.plugin("notes").manifest.export(ada, desk) == {"notes": ["hello"]}


def test_nothing_is_kept_without_a_commit(notes, desk, ada):
    room = import_module("marketwright_notes.tables")
    with desk.tables.unit() as unit:
        unit.add(room.Note(person=ada, text="lost"))
        unit.flush()
    assert rows(notes) == []


def test_no_plugin_is_called_while_its_unit_is_open(desk):
    with desk.tables.unit():
        assert unit_is_open()


@pytest.mark.parametrize("deed", [
    lambda s: s.execute(text("UPDATE accounts SET name = 'x'")), lambda s: s.query(Account).all(),
    lambda s: s.execute(text("SELECT * FROM x_notes_note, accounts")),
    lambda s: s.execute(text("DROP TABLE x_notes_note")),
    lambda s: s.execute(text("SELECT n.id FROM x_notes_note n JOIN accounts a ON a.id = n.person")),
    lambda s: s.execute(select(func.count()).select_from(Account)),
    lambda s: s.execute(text("WITH a AS (SELECT name FROM accounts) SELECT * FROM a")),
])  # fmt: skip
def test_its_unit_reaches_nothing_else_of_the_database(notes, desk, ada, deed):
    with pytest.raises(DeskRefused, match="reaches for more than its own tables"), desk.tables.unit() as unit:
        deed(unit)
    with notes.database.reading() as session:
        assert session.scalar(select(Account.name)) == "Ada"


@pytest.mark.parametrize("statement", [
    "SELECT * FROM x_notes_note", 'SELECT "x_notes_note".id FROM "x_notes_note" WHERE text = \'FROM accounts\'',
    "INSERT INTO x_notes_note (id) VALUES (1)", "DELETE FROM x_notes_note WHERE id IN (SELECT id FROM x_notes_other)",
    "WITH a AS (SELECT id FROM x_notes_note) SELECT * FROM a", "UPDATE x_notes_note SET text='a' WHERE id = 1",
    "SELECT count(*) AS n FROM (SELECT id FROM x_notes_note) AS anon_1",
])  # fmt: skip
def test_statements_on_its_own_tables_pass(statement):
    assert allowed(statement, "x_notes_")


def test_a_table_without_the_prefix_is_refused_when_it_is_declared():
    with pytest.raises(ValueError, match="must be named x_mine_"):

        class Note(plugin_base("mine")):
            __tablename__ = "note"
            id: Mapped[int] = mapped_column(primary_key=True)


def test_a_reference_to_something_core_has_not_is_refused():
    with pytest.raises(ValueError, match="core has no 'soul'"):
        core_ref("soul")


@pytest.mark.parametrize("script", [DIES, REACHES], ids=["dies half way", "makes a table of another name"])
def test_h3_a_migration_that_goes_wrong_is_rolled_back_and_core_works(notes, desk, ada, script):
    note(desk, ada)
    package = notes.plugins.plugin("notes").folder
    (package / "migrations" / "versions" / "0002_second.py").write_text(script)
    (outcome,) = upgrade_tables(notes)
    assert outcome.revision == "0001"
    assert "out of luck" in outcome.error or "not named x_notes_" in outcome.error
    assert len(rows(notes)) == 1
    again = build_house(notes.marketplace, beside=notes.database)
    app = create_app(again.marketplace, again)
    assert app.test_client().get("/").status_code == 200
    assert any("keep the tables of notes" in sentence for sentence in again.missing)


def test_rows_that_refer_to_somebody_who_is_gone_are_counted_as_orphans(notes, desk, ada):
    note(desk, ada)
    note(desk, "nobody")
    assert [(t.rows, t.orphans) for t in report(notes, "notes").tables] == [(2, 1)]
    assert any("1 rows of x_notes_note" in f.says for f in findings(notes))


def test_a_person_is_erased_by_the_function_of_the_manifest(notes, desk, ada):
    note(desk, ada)
    notes.plugins.plugin("notes").manifest.erase(ada, desk)
    assert rows(notes) == []


def test_the_plugins_are_asked_what_they_keep_of_a_person_and_forget_it(notes, desk, ada):
    note(desk, ada)
    note(desk, "somebody else")
    assert people.kept_of(notes, ada).gave == {"notes": {"notes": ["hello"]}}
    done = people.forget(notes, system("tests"), ada)
    assert (list(done.gave), done.failed) == (["notes"], {})
    assert people.kept_of(notes, ada).gave == {"notes": {"notes": []}}
    assert len(rows(notes)) == 1
    with notes.database.reading() as session:
        assert "person.forgotten_by_plugins" in session.scalars(select(AuditRow.action)).all()


def test_a_plugin_that_fails_to_forget_is_named_and_stops_nobody(notes, desk, ada, monkeypatch):
    def broken(person, desk):
        raise RuntimeError("disk full")

    plugin = notes.plugins.plugin("notes")
    monkeypatch.setattr(notes.plugins, "enabled", (replace(plugin, manifest=replace(plugin.manifest, erase=broken)),))
    done = people.forget(notes, system("tests"), ada)
    assert done.gave == {}
    assert "disk full" in done.failed["notes"]


def test_uninstalling_exports_the_tables_before_they_are_dropped(notes, desk, ada):
    note(desk, ada)
    create_app(notes.marketplace, notes)
    left = leaving.leave(notes, system("tests"), "notes")
    assert left.tables == ("x_notes_alembic_version", "x_notes_note")
    with zipfile.ZipFile(left.export) as archive:
        (row,) = archive.read("x_notes_note.jsonl").decode().splitlines()
    assert json.loads(row) == {"id": 1, "person": ada, "text": "hello"}
    assert leaving.tables_of(notes, "notes") == []
