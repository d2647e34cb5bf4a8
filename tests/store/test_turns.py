"""Writers on one SQLite file take turns, between threads and between processes' open files."""

import errno
import socket
import sys
from threading import Thread

import pytest

from marketwright.store.turns import ROW, Turns


def test_one_writer_has_the_turn_and_the_next_gets_it_when_it_ends(tmp_path):
    turns, other, order = Turns(f"{tmp_path}/db"), Turns(f"{tmp_path}/db"), []
    finish = turns.take(patience=5)

    def wait():
        over = other.take(patience=5)
        order.append("second")
        over.end()

    waiting = Thread(target=wait)
    waiting.start()
    order.append("first")
    finish.end()
    waiting.join()
    assert order == ["first", "second"]


def test_whoever_gets_no_turn_in_time_goes_on_and_ends_nobody_elses(tmp_path):
    turns = Turns(f"{tmp_path}/db")
    finish = turns.take(patience=1)
    Turns(f"{tmp_path}/db").take(patience=0).end()
    turns.take(patience=0).end()
    finish.end()
    finish.end()
    turns.take(patience=1).end()


def test_a_folder_that_cannot_be_written_to_costs_no_turn(tmp_path):
    Turns(f"{tmp_path}/missing/db").take(patience=1).end()


@pytest.mark.skipif(sys.platform != "linux", reason="nobody is told here")
def test_e9_without_a_file_left_to_tell_the_next_with_the_turn_ends_all_the_same(tmp_path, monkeypatch):
    def none_left(*_kind):
        raise OSError(errno.EMFILE, "Too many open files")

    turns, queue = Turns(f"{tmp_path}/db"), tmp_path / "db-turns"
    over = turns.take(patience=1)
    queue.write_bytes(bytes(8) + (7).to_bytes(8, "little"))  # somebody waits
    with monkeypatch.context() as patch:
        patch.setattr("marketwright.store.turns.socket.socket", none_left)
        over.end()
    queue.write_bytes(bytes(16))
    assert turns._threads.acquire(timeout=0)


@pytest.mark.skipif(sys.platform != "linux", reason="open files have no locks of their own here")
def test_writers_get_their_turns_in_the_order_in_which_they_came(tmp_path):
    queue, order, waiting = tmp_path / "db-turns", [], []

    def write(name):
        over = Turns(f"{tmp_path}/db").take(patience=10)
        order.append(name)
        over.end()

    finish = Turns(f"{tmp_path}/db").take(patience=10)
    for place, name in enumerate("abcd", start=1):
        waiting.append(Thread(target=write, args=(name,)))
        waiting[-1].start()
        while int.from_bytes(queue.read_bytes()[:8], "little") < place:
            pass
    finish.end()
    for thread in waiting:
        thread.join()
    assert order == list("abcd")


@pytest.mark.skipif(sys.platform != "linux", reason="open files have no locks of their own here")
def test_whoever_comes_back_at_once_has_a_few_turns_in_a_row_and_no_more(tmp_path, monkeypatch):
    for name in ("BACK", "FIRST", "ROW_SECONDS"):  # however slow the machine is
        monkeypatch.setattr(f"marketwright.store.turns.{name}", 60.0)
    turns, order = Turns(f"{tmp_path}/db"), []
    turns.take(patience=5).end()
    over = turns.take(patience=5)

    def wait():
        mine = Turns(f"{tmp_path}/db").take(patience=30)
        order.append("other")
        mine.end()

    waiting = Thread(target=wait)
    waiting.start()
    while not any((tmp_path / "db-turns").read_bytes()[8:16]):  # until it is the first in the queue
        pass
    for _ in range(ROW - 1):
        order.append("same")
        over.end()
        over = turns.take(patience=30)
    over.end()
    waiting.join(10)
    assert order == ["same"] * (ROW - 1) + ["other"]


@pytest.mark.skipif(sys.platform != "linux", reason="nobody is told here")
def test_whoever_waits_is_told_and_does_not_look_again_and_again(tmp_path, monkeypatch):
    monkeypatch.setattr("marketwright.store.turns.UNTOLD", 60.0)
    finish, order = Turns(f"{tmp_path}/db").take(patience=5), []

    def wait():
        over = Turns(f"{tmp_path}/db").take(patience=30)
        order.append("second")
        over.end()

    waiting = Thread(target=wait)
    waiting.start()
    while not _listens(tmp_path / "db-turns", 1):
        pass
    order.append("first")
    finish.end()
    waiting.join(10)
    assert order == ["first", "second"]


@pytest.mark.skipif(sys.platform != "linux", reason="nobody is told here")
def test_whoever_is_not_told_has_the_turn_all_the_same(tmp_path):
    finish = Turns(f"{tmp_path}/db").take(patience=5)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stranger:
        stranger.bind(_name(tmp_path / "db-turns", 1))
        waiting = Thread(target=lambda: Turns(f"{tmp_path}/db").take(patience=30).end())
        waiting.start()
        finish.end()
        waiting.join(10)
    assert not waiting.is_alive()


def _name(queue, place):
    file = queue.stat()
    return f"\0marketwright-turn-{file.st_dev:x}-{file.st_ino:x}-{place}"


def _listens(queue, place):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as mouth:
        try:
            mouth.connect(_name(queue, place))
        except ConnectionRefusedError:
            return False
    return True
