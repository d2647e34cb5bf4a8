"""The index in a file: whole or refused, written beside, and good for every process of the machine."""

import errno

import numpy as np
import pytest

from marketwright.features.matching import flatfile
from marketwright.features.matching.flatfile import NotWritten, Refused, open_file, write

ARRAYS = {"a": np.arange(1000, dtype=np.uint32), "b": np.linspace(0, 1, 7), "none": np.zeros((0, 3), dtype=np.uint8)}


@pytest.fixture
def path(tmp_path):
    write(tmp_path / "one.index", {"n": 1}, ARRAYS)
    return tmp_path / "one.index"


def test_what_was_written_is_read(path):
    found = open_file(path)
    assert found.meta == {"n": 1}
    assert all(np.array_equal(found.arrays[name], array) for name, array in ARRAYS.items())
    assert sorted(p.name for p in path.parent.iterdir()) == ["one.index", "one.index.checked"]


@pytest.mark.parametrize("step", [64, 200, 4096, 1 << 22])
def test_a_file_of_any_number_of_blocks_is_read_as_it_was_written(tmp_path, monkeypatch, step):
    monkeypatch.setattr(flatfile, "_STEP", step)
    write(tmp_path / "one.index", {"n": 1}, ARRAYS)
    found = open_file(tmp_path / "one.index").arrays
    assert all(np.array_equal(found[name], array) for name, array in ARRAYS.items())


def test_blocks_are_whole_though_the_system_takes_a_part_at_a_time(monkeypatch):
    class Slow:
        taken = b""

        def write(self, data):
            self.taken += bytes(data[:7])
            return min(len(data), 7)

    monkeypatch.setattr(flatfile, "_STEP", 16)
    slow = Slow()
    blocks = flatfile._Blocks(slow)
    blocks.write(b"0123456789" * 4)
    assert slow.taken == b"0123456789012345" + b"6789012345678901"
    blocks.flush()
    assert slow.taken == b"0123456789" * 4


def test_a_system_without_large_pages_opens_the_file(path, monkeypatch):
    monkeypatch.delattr(flatfile.mmap, "MADV_HUGEPAGE", raising=False)
    assert np.array_equal(open_file(path).arrays["a"], ARRAYS["a"])


def test_what_one_process_writes_to_an_array_is_not_in_the_file(path):
    open_file(path).arrays["a"][0] = 77
    assert open_file(path).arrays["a"][0] == 0


@pytest.mark.parametrize("at", [3, 8, 20, 100, -40])
def test_one_changed_byte_anywhere_is_refused(path, at):
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(Refused):
        open_file(path)


@pytest.mark.parametrize("length", [0, 5, 30, 200, 4000])
def test_half_a_file_is_refused(path, length):
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(Refused):
        open_file(path)


def test_a_foreign_file_and_none_at_all_are_refused(tmp_path):
    (tmp_path / "text").write_text("SQLite format 3" * 50)
    with pytest.raises(Refused, match="no index of marketwright"):
        open_file(tmp_path / "text")
    with pytest.raises(Refused):
        open_file(tmp_path / "nothing")


def test_a_full_disk_leaves_the_old_file(path, monkeypatch):
    def full(_number):
        raise OSError(errno.ENOSPC, "No space left on device")

    before = path.read_bytes()
    monkeypatch.setattr(flatfile.os, "fsync", full)
    with pytest.raises(NotWritten, match="No space left"):
        write(path, {"n": 2}, ARRAYS)
    assert path.read_bytes() == before
    assert not list(path.parent.glob("*.part"))


def test_a_write_that_is_stopped_leaves_nothing_beside(path, monkeypatch):
    def stopped(_number):
        raise KeyboardInterrupt

    monkeypatch.setattr(flatfile.os, "fsync", stopped)
    with pytest.raises(KeyboardInterrupt):
        write(path, {}, ARRAYS)
    assert sorted(p.name for p in path.parent.iterdir()) == ["one.index", "one.index.checked"]


def test_what_a_killed_process_left_beside_is_taken_away(path):
    for name in ("one.index.77.part", "one.index.78.part"):
        (path.parent / name).write_bytes(b"half")
    write(path, {}, ARRAYS)
    assert sorted(p.name for p in path.parent.iterdir()) == ["one.index", "one.index.checked"]


def test_a_file_that_is_renewed_while_it_is_opened_is_read_whole_from_one_of_both(path, monkeypatch):
    remembered = flatfile._remembered

    def meanwhile(one, key):
        monkeypatch.setattr(flatfile, "_remembered", remembered)
        write(path, {"n": 2}, {name: array[::-1] for name, array in ARRAYS.items()})
        return remembered(one, key)

    monkeypatch.setattr(flatfile, "_remembered", meanwhile)
    found = open_file(path)
    assert found.meta == {"n": 1}
    assert all(np.array_equal(found.arrays[name], array) for name, array in ARRAYS.items())
    assert open_file(path).meta == {"n": 2}
