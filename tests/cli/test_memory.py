"""What a process that serves has the system keep in memory for it."""

import pytest

from marketwright.cli import memory


@pytest.fixture
def free(tmp_path, monkeypatch):
    def say(kilobytes):
        said = tmp_path / "meminfo"
        said.write_text(f"MemTotal: 9 kB\nMemAvailable: {kilobytes} kB\n", "utf-8")
        monkeypatch.setattr(memory, "_FREE", said)
        monkeypatch.setattr(memory, "_LIMITS", (tmp_path / "none",))

    return say


@pytest.mark.parametrize(("kilobytes", "read"), [(300, True), (299, False), ("?", False)])
def test_files_are_read_ahead_where_they_fit_a_third_of_the_free_memory(tmp_path, free, kilobytes, read):
    file = tmp_path / "large"
    file.write_bytes(b"0" * 100 * 1024)
    free(kilobytes)
    reading = memory.read_ahead([file, tmp_path / "absent"])
    assert (reading is not None) is read
    if reading:
        reading.join(5)
