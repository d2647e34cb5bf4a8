"""A backup brings the whole site back, or nothing of it."""

from contextlib import suppress

import pytest
from sqlalchemy import Column, MetaData, Table, func, inspect, select, text

from marketwright.features.backups import restoring
from marketwright.features.backups.placing import Placing, finish_interrupted
from marketwright.features.backups.tables import Restoration
from marketwright.features.files.ports import Storage
from marketwright.features.ledger.queries import head
from marketwright.features.ledger.sealer import Anchor, seal_all
from marketwright.features.seals.tables import Seal
from marketwright.kernel.actors import system
from marketwright.kernel.errors import Conflict, InvalidInput
from marketwright.store import migrate
from marketwright.store.base import Base
from marketwright.store.presence import present
from marketwright.store.ring import Ring
from marketwright.store.tables import AuditRow
from marketwright.store.triggers import missing_triggers


def actions(site):
    with site.house.database.reading() as session:
        return set(session.scalars(select(AuditRow.action)))


def counts(database):
    with database.reading() as session:
        return {
            name: session.scalar(select(func.count()).select_from(t))
            for name, t in Base.metadata.tables.items()
            if name not in ("audit_log", "restorations", "ledger_seals", "index_changes")
        }


def test_a_restored_site_is_as_it_was(site, saved):
    then = counts(site.house.database)
    site.note("tests.later")
    site.restore(saved)
    assert counts(site.house.database) == then
    assert "tests.before" in actions(site)
    assert "tests.after" not in actions(site)


def test_every_rule_of_the_ledger_holds_after_a_restore(site, saved):
    assert site.restore(saved).grave == ()
    found = restoring.verify_all(site.house.database, site.house.marketplace.var, site.house.clock.machine())
    assert [f for f in found if f.grave] == []


def test_the_ledger_goes_on_from_its_last_number(site, saved):
    with site.house.database.reading() as session:
        before = head(session)
    site.restore(saved)
    site.deal.answer(site.deal.take("give_back", site.deal.freelancer, note="I am ill").command)
    seal_all(site.house.database, site.house.marketplace.var)
    with site.house.database.reading() as session:
        assert head(session).number == before.number + 2


def test_the_chain_of_backups_goes_on(site, saved, tmp_path):
    site.restore(saved)
    site.note("tests.again")
    site.back_up(tmp_path / "tuesday.zip")
    assert site.rehearse(tmp_path / "tuesday.zip").grave == ()


def test_what_plugins_keep_comes_back_with_the_database(site, saved):
    assert site.count() == 2
    site.restore(saved)
    assert site.count() == 1


def test_uploads_that_are_gone_come_back(site, saved):
    storage = site.house.ports.get(Storage)
    storage.remove(site.upload)
    site.restore(saved)
    assert storage.get(site.upload) == b"The plan of the network."


def test_what_was_there_is_kept_aside(site, saved):
    report = site.restore(saved)
    assert (report.aside / "plugins" / "pocket" / "books.sqlite").is_file()
    assert (report.aside / Anchor(report.aside).file.name).is_file()


def test_the_restored_database_has_every_trigger_and_numbers_that_go_on(site, saved):
    site.restore(saved)
    with site.house.database.reads.connect() as connection:
        assert missing_triggers(connection) == []
        assert connection.scalar(text("SELECT count(*) FROM index_changes")) == 0  # so an index from before is refused
    site.note("tests.numbered")
    assert "tests.numbered" in actions(site)


def test_a_rehearsal_changes_nothing_and_is_written_down(site, saved):
    then = counts(site.house.database)
    report = site.rehearse(saved)
    assert counts(site.house.database) == then
    with site.house.database.reading() as session:
        row = session.scalars(select(Restoration)).one()
    assert (row.id, row.kind, row.by, row.findings) == (report.id, "rehearsal", "Ada", 0)
    assert not list(site.house.marketplace.var.glob("rehears*"))


def test_a_restore_while_the_site_runs_is_refused(site, saved):
    with present(site.house.marketplace.var), pytest.raises(Conflict, match="Stop it first"):
        site.restore(saved)
    assert "tests.after" in actions(site)


class Killed(BaseException):
    """The process ends here: nothing that follows is run."""


STEPS = {
    "filling the scratch database": (restoring, "fill"),
    "verifying it": (restoring, "verify_all"),
    "putting uploads back": (restoring, "_check_uploads"),
    "writing the journal": (Placing, "_write_journal"),
    "before the database is put in place": (Placing, "_swap_file"),
}


def test_a_restore_killed_before_its_commit_leaves_the_old_site(site, saved, monkeypatch):
    def die(*_given, **_how):
        raise Killed

    for step, (owner, name) in STEPS.items():
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, die)
            if name == "_swap_file":
                patch.setattr(owner, "_swap_schema", die)
            with suppress(Killed):
                site.restore(saved)
        assert finish_interrupted(site.house.marketplace) in ("", "void"), step
        assert "tests.after" in actions(site), step
        assert site.count() == 2, step
    assert site.restore(saved).grave == ()


def test_a_restore_killed_after_its_commit_is_finished_at_the_next_start(site, saved, monkeypatch):
    path = type(site.books)
    rename = path.rename
    for moved in range(4):
        done = []

        def some(self, target, done=done, moved=moved):
            if "before-" in str(target) or "restoring-" in str(self):
                if len(done) == moved:
                    raise Killed
                done.append(target)
            return rename(self, target)

        with monkeypatch.context() as patch:
            patch.setattr(path, "rename", some)
            with suppress(Killed):
                site.restore(saved)
        assert finish_interrupted(site.house.marketplace) == "finished", moved
        assert "tests.after" not in actions(site), moved
        assert site.count() == 1, moved
        site.note("tests.after")
    found = restoring.verify_all(site.house.database, site.house.marketplace.var, site.house.clock.machine())
    assert [f for f in found if f.grave] == []


def as_it_was(table, columns):
    """``table`` with the ``columns`` that it had then."""
    return Table(table.name, MetaData(), *(Column(c.name, c.type, primary_key=c.primary_key)
                                           for c in table.columns if c.name in columns))  # fmt: skip


def test_a_backup_of_an_older_schema_is_brought_to_this_one(site, tmp_path, monkeypatch):
    with site.house.database.reading() as session:
        before = head(session)
    migrate.downgrade(site.house.database, "0004")
    with site.house.database.reads.connect() as connection:
        known = inspect(connection)
        early = {name: {c["name"] for c in known.get_columns(name)} for name in known.get_table_names()}
    with monkeypatch.context() as patch:
        patch.setattr("marketwright.store.migrate.newest_revision", lambda: "0004")
        tables = [as_it_was(t, early[t.name]) for t in Base.metadata.sorted_tables if t.name in early]
        patch.setattr(type(Base.metadata), "sorted_tables", property(lambda _self: tables))
        site.back_up(tmp_path / "old.zip")
    migrate.upgrade(site.house.database)
    report = site.restore(tmp_path / "old.zip")
    assert report.manifest.revision == "0004"
    assert migrate.current_revision(site.house.database) == migrate.newest_revision()
    with site.house.database.reading() as session:
        assert head(session) == before


def test_a_ledger_that_breaks_a_rule_is_refused_unless_it_is_wanted(site, tmp_path):
    Anchor(site.house.marketplace.var).file.write_text('{"number": 99, "hash": "' + "0" * 64 + '"}')
    site.back_up(tmp_path / "cut.zip")
    with pytest.raises(InvalidInput, match="cut short"):
        site.restore(tmp_path / "cut.zip")
    assert site.restore(tmp_path / "cut.zip", anyway=True).grave




def test_a_rehearsal_says_how_many_sealed_things_open_with_no_key_of_this_machine(site, tmp_path):
    ours, other = site.house.ports.get(Ring), Ring(["a key that was lost with its machine"])
    with site.house.database.unit(system("tests")) as uow:
        for n, ring in enumerate((ours, other, other)):
            token = ring.seal(b"A finding.", f"seal-{n}")
            uow.session.add(Seal(id=f"seal-{n}", contract_id=site.deal.contract, token=token, files=[], sha256="0" * 64,
                                 size=10, created_at=uow.now))  # fmt: skip
        uow.commit()
    site.back_up(tmp_path / "sealed.zip")
    assert site.rehearse(tmp_path / "sealed.zip").shut == {other.newest: 2}
