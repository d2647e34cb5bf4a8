"""What a database or a disk refuses is one line with the way out, and never a traceback."""

import sqlite3
import sys

import pytest
from sqlalchemy.exc import OperationalError

from marketwright.cli import main
from marketwright.cli.refusals import refusal, said_of
from marketwright.cli.run import refuse_taken
from marketwright.kernel.errors import Unavailable
from marketwright.store.migrate import newest_revision

TOML = '[marketplace]\nname = "Testing"\nslug = "testing"\n'
READ_ROWS = ("ledger verify", "seed --personas", "worker --once", "staff invite a@example.org --role admin",
             "import taxonomy esco")  # fmt: skip


@pytest.fixture
def say(tmp_path, monkeypatch, capsys):
    (tmp_path / "marketplace.toml").write_text(TOML)
    monkeypatch.delenv("MARKETWRIGHT_DATABASE_URL", raising=False)

    def call(words):
        monkeypatch.setattr(sys, "argv", ["marketwright", "-C", str(tmp_path), *words.split()])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, capsys.readouterr().err

    return call


@pytest.mark.parametrize("words", READ_ROWS)
def test_a_database_without_tables_is_named_with_the_command_that_makes_them(say, words):
    code, said = say(words)
    assert code == 1
    assert said.endswith(f"Error: database: the schema is empty, this version needs {newest_revision()}. "
                         "Run: marketwright db upgrade\n")  # fmt: skip


def test_a_file_that_is_no_database_is_one_line(say, tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "marketplace.sqlite").write_bytes(b"This was a letter. " * 99)
    code, said = say("ledger verify")
    assert (code, said.count("\n")) == (1, 1)
    assert "restore" in said


def test_a_revision_that_is_none_is_one_line(say):
    code, said = say("db upgrade yesterday")
    assert (code, said.count("\n")) == (1, 1)
    assert "'yesterday'" in said


def test_a_day_that_is_none_is_answered_with_an_example(say):
    said = say("reconcile --since yesterday")[1]
    assert "'yesterday' is no day that can be read; write it as 2026-11-29 or 2026-11-29T14:30:00." in said


def test_a_file_that_cannot_be_written_is_named():
    assert refusal(FileNotFoundError(2, "No such file or directory", "/nowhere/a.csv")).startswith("/nowhere/a.csv: No")


@pytest.mark.parametrize(("origin", "word"), [
    (sqlite3.OperationalError("database is locked"), "busy"),
    (sqlite3.OperationalError("attempt to write a readonly database"), "read-only"),
    (sqlite3.OperationalError("unable to open database file"), "cannot be opened"),
    (sqlite3.OperationalError("database or disk is full"), "disk is full"),
    (sqlite3.OperationalError("no such column: people.shoe_size"), "marketwright db upgrade"),
])  # fmt: skip
def test_each_refusal_of_a_database_says_what_to_do(origin, word):
    from sqlalchemy.exc import OperationalError

    assert word in refusal(OperationalError("SELECT 1", {}, origin))


def test_a_mistake_of_ours_is_not_hidden():
    assert refusal(KeyError("name")) == ""


def test_a_host_that_is_not_here_is_not_called_a_port_in_use(capsys):
    with pytest.raises(SystemExit):
        refuse_taken("192.0.2.1", 8399)
    assert "cannot listen" in capsys.readouterr().err


def refused(said, because):
    """A refusal of ours that came of another."""
    error = Unavailable(said)
    error.__cause__ = because
    return said_of(error)


def test_what_a_disk_refused_takes_no_sentence_of_ours_away():
    full = OSError(28, "No space left on device")
    ours = "The index could not be written to a.index: No space left on device. The old one stays in use."
    assert refused(ours, full) == ours


def test_what_a_disk_refused_is_added_where_ours_does_not_say_it():
    full = OSError(28, "No space left on device", "/srv/a")
    assert refused("It cannot be stored now.", full) == "It cannot be stored now. /srv/a: No space left on device."


def test_what_a_database_said_stands_for_ours():
    locked = OperationalError("SELECT 1", {}, sqlite3.OperationalError("database is locked"))
    assert refused("It is away.", locked).startswith("the database is busy")


def test_a_refusal_without_a_cause_reads_as_it_is():
    assert refused("It is away.", None) == "It is away."
