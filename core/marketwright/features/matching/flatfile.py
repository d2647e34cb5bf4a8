"""Flat files of typed arrays: written beside and renamed, checked when opened, mapped and not read.

A file is a header (magic, version, lengths, checksums), a JSON directory of its arrays, then the arrays, each at a
multiple of 64 bytes. A private mapping: what a process writes to an array stays in that process.

It is written in blocks, so that the system keeps and maps it in large pages where it can: rows lie all over the file,
and with pages of 4 KiB finding the page takes as long as reading it.
"""

import json
import mmap
import os
import struct
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from marketwright.kernel.errors import MarketwrightError
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.matching import Array

MAGIC, VERSION, ALIGN = b"mwindex\n", 4, 64
_HEAD = struct.Struct("<8sIIIIQ")  # magic, version, length and checksum of the directory, checksum and length of arrays
_STEP = 1 << 22  # bytes of a block: some of the largest pages


class Refused(MarketwrightError):
    """A file that is not used: ``why`` says what is wrong with it."""

    def __init__(self, path: Path, why: str) -> None:
        self.why = why
        super().__init__("The index file %(path)s is not used: %(why)s. Build it again: marketwright index build.",
                         path=str(path), why=why)  # fmt: skip


class NotWritten(MarketwrightError):
    """The file could not be written; the one that was there is as it was."""


@dataclass(frozen=True, slots=True)
class FlatFile:
    """An open file: what its writer said of it, its arrays by name, and what tells it from another at its path."""

    meta: Mapping[str, Any]
    arrays: Mapping[str, Array]
    key: tuple[int, int, int]


def write(path: Path, meta: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write ``arrays`` beside ``path``, bring them to the disk, then rename; ``NotWritten`` leaves the old file.

    One process at a time writes to ``path``: what another that was killed left beside it is taken away.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for left in path.parent.glob(f"{path.name}.*.part"):
            left.unlink(missing_ok=True)
        with part.open("wb", buffering=0) as stream:
            _write(stream, meta, arrays)
            os.fsync(stream.fileno())
        part.replace(path)
        _sync_folder(path.parent)
        _remember(path, _key(path))
    except OSError as error:
        raise NotWritten("The index could not be written to %(path)s: %(why)s. The old one stays in use.",
                         path=str(path), why=error.strerror or str(error)) from error  # fmt: skip
    finally:
        part.unlink(missing_ok=True)  # there only where it was not renamed, whatever stopped it


class _Blocks:
    """Gives ``stream`` what comes in whole blocks, each at a multiple of their length; the last one as it is."""

    def __init__(self, stream: Any) -> None:
        self._stream, self._block, self._filled = stream, bytearray(_STEP), 0

    def write(self, data: Any) -> None:
        """Take bytes, or a view of some."""
        at = 0
        while at < len(data):
            some = min(len(data) - at, _STEP - self._filled)
            self._block[self._filled : self._filled + some] = data[at : at + some]
            self._filled += some
            at += some
            if self._filled == _STEP:
                self.flush()

    def flush(self) -> None:
        """Write what there is of a block."""
        rest = memoryview(self._block)[: self._filled]
        while rest:
            rest = rest[self._stream.write(rest) :]
        self._filled = 0


def _write(stream: Any, meta: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    listed, at = [], 0
    for name, array in arrays.items():
        listed.append([name, array.dtype.str, list(array.shape), at])
        at += -(-array.nbytes // ALIGN) * ALIGN
    directory = json.dumps({"meta": meta, "arrays": listed}, separators=(",", ":")).encode()
    directory += b" " * (-(_HEAD.size + len(directory)) % ALIGN)
    blocks = _Blocks(stream)
    blocks.write(b"\0" * _HEAD.size + directory)
    check = 0
    for array in arrays.values():
        data = np.ascontiguousarray(array).reshape(-1).view(np.uint8).data
        for some in (data, b"\0" * (-len(data) % ALIGN)):
            check = zlib.crc32(some, check)
            blocks.write(some)
    blocks.flush()
    stream.seek(0)
    stream.write(_HEAD.pack(MAGIC, VERSION, len(directory), zlib.crc32(directory), check, at))


def open_file(path: Path) -> FlatFile:
    """Map the file at ``path``; ``Refused`` for one that is damaged, half written or not ours.

    The bytes of the arrays are checked once for each file as it lies on the disk, not at every opening.
    """
    try:
        with path.open("rb") as stream:  # all is read of this one file, whatever is renamed to its path meanwhile
            key = _key_of(os.fstat(stream.fileno()))
            head = stream.read(_HEAD.size)
            if len(head) < _HEAD.size or not head.startswith(MAGIC):
                raise Refused(path, "it is no index of marketwright")
            _, version, length, directory_check, check, size = _HEAD.unpack(head)
            if version != VERSION:
                raise Refused(path, f"it is of version {version}, not {VERSION}")
            directory = stream.read(length)
            if len(directory) < length or zlib.crc32(directory) != directory_check:
                raise Refused(path, "its directory is damaged")
            start = _HEAD.size + length
            if key[2] != start + size:
                raise Refused(path, "it is not whole")
            if not _remembered(path, key):
                _verify(path, stream, start, check)
                _remember(path, key)
            mapped = np.frombuffer(_map(stream), dtype=np.uint8)
    except OSError as error:
        raise Refused(path, error.strerror or str(error)) from error
    try:
        said = json.loads(directory)
        arrays = {name: _array(mapped, start + at, np.dtype(kind), shape) for name, kind, shape, at in said["arrays"]}
        return FlatFile(said["meta"], arrays, key)
    except (ValueError, TypeError, LookupError) as error:
        raise Refused(path, f"its directory says what cannot be ({error})") from error


def _map(stream: BinaryIO) -> mmap.mmap:
    """The file as memory of this process, in large pages where the system has them."""
    found = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY)
    with suppress(AttributeError, OSError):  # a wish, which not every system knows
        found.madvise(mmap.MADV_HUGEPAGE)
    return found


def _array(mapped: Array, at: int, kind: np.dtype[Any], shape: list[int]) -> Array:
    size = int(np.prod(shape)) * kind.itemsize
    return np.asarray(mapped[at : at + size]).view(kind).reshape(shape)


def _verify(path: Path, stream: BinaryIO, start: int, check: int) -> None:
    found = 0
    stream.seek(start)
    while chunk := stream.read(_STEP):
        found = zlib.crc32(chunk, found)
    if found != check:
        raise Refused(path, "its checksum does not fit")


def _key(path: Path) -> tuple[int, int, int]:
    return _key_of(path.stat())


def _key_of(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_mtime_ns, found.st_size


def current_key(path: Path) -> tuple[int, int, int] | None:
    """What tells the file at ``path`` from another; ``None`` where there is none."""
    try:
        return _key(path)
    except OSError:
        return None


def _mark(path: Path) -> Path:
    return path.with_name(path.name + ".checked")


def _remembered(path: Path, key: tuple[int, int, int]) -> bool:
    try:
        return _mark(path).read_text("ascii") == repr(key)
    except (OSError, UnicodeDecodeError):
        return False


def _remember(path: Path, key: tuple[int, int, int]) -> None:
    """A convenience: where it cannot be written, the next opening checks the bytes again."""
    try:
        part = _mark(path).with_name(f"{_mark(path).name}.{os.getpid()}.part")
        part.write_text(repr(key), "ascii")
        part.replace(_mark(path))
    except OSError:
        return


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
