"""The file of a backup: a ZIP whose last 64 bytes are the hash of everything before, so that no changed bit passes.

Members: ``manifest.json``, ``tables/<name>.jsonl`` (a row a line), ``files/<sha256>`` (uploads by their content),
``plugins/<path>`` (what plugins keep in their folders).
"""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load

from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id

FORMAT = 1
_MARK = b"marketwright-backup sha256:"
_DIGEST = 64
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One table: its columns with their kinds (see ``rows``), how many rows, the hash of its lines."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. ``revision`` is the schema's; ``sealed`` the last number of the ledger; ``anchor`` the head
    file as it lay beside the database; ``lost`` the uploads whose bytes could not be read, by id.
    """

    format: int
    made_at: datetime
    version: str
    slug: str
    name: str
    stage: str
    engine: str
    revision: str
    tables: tuple[TableEntry, ...]
    files: int
    plugin_files: tuple[str, ...]
    sealed: int
    anchor: str
    lost: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(t.rows for t in self.tables)


class ArchiveWriter:
    """Writes beside ``file`` and renames at the end; leaving the block with an exception leaves nothing."""

    def __init__(self, file: Path) -> None:
        self._file, self._half = file, file.with_name(f".{file.name}.{new_id()}.half")
        self._names: set[str] = set()

    def __enter__(self) -> "ArchiveWriter":
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._stream = os.fdopen(os.open(self._half, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
        self._zip = ZipFile(self._stream, "w", ZIP_DEFLATED, compresslevel=4)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError, ValueError):
            self._zip.close()
        self._stream.close()
        with suppress(FileNotFoundError):
            self._half.unlink()

    def lines(self, name: str, lines: Iterable[bytes]) -> tuple[int, str]:
        """Add a member of ``lines`` (without their ends); returns how many, and their hash."""
        digest, count = sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as member:
            for line in lines:
                member.write(line + b"\n")
                digest.update(line + b"\n")
                count += 1
        return count, digest.hexdigest()

    def data(self, name: str, data: bytes) -> None:
        """Add a member once; the same name again is left out (uploads of the same content)."""
        if name not in self._names:
            self._names.add(name)
            self._zip.writestr(name, data)

    def path(self, name: str, path: Path) -> None:
        """Add the file at ``path``."""
        self._zip.write(path, name)

    def finish(self, manifest: Manifest) -> None:
        """Write manifest and hash, flush to the disk, and put the file in its place."""
        values = asdict(manifest) | {"made_at": manifest.made_at.isoformat()}
        self._zip.writestr("manifest.json", json.dumps(values, indent=1, ensure_ascii=False))
        self._zip.comment = _MARK + b"0" * _DIGEST
        self._zip.close()
        size = self._stream.seek(0, os.SEEK_END)
        digest = _hash(self._stream, size - _DIGEST)
        self._stream.seek(size - _DIGEST)
        self._stream.write(digest.encode())
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._half.replace(self._file)
        flush_folder(self._file.parent)


def flush_folder(folder: Path) -> None:
    """Make a rename in ``folder`` survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _hash(stream: IO[bytes], length: int) -> str:
    digest = sha256()
    stream.seek(0)
    while length > 0 and (chunk := stream.read(min(_CHUNK, length))):
        digest.update(chunk)
        length -= len(chunk)
    return digest.hexdigest()


class Archive:
    """An undamaged backup, open for reading."""

    def __init__(self, file: ZipFile, manifest: Manifest) -> None:
        self._zip, self.manifest = file, manifest

    def lines(self, table: TableEntry) -> Iterator[bytes]:
        """The rows of ``table``, a line each."""
        with self._zip.open(f"tables/{table.name}.jsonl") as member:
            for line in member:
                yield line.rstrip(b"\n")

    def upload(self, digest: str) -> bytes | None:
        """The bytes of an upload by their hash; ``None`` when they were not there."""
        try:
            return self._zip.read(f"files/{digest}")
        except KeyError:
            return None

    def unpack_plugins(self, into: Path) -> None:
        """Write what plugins keep below ``into``."""
        into.mkdir()
        for name in self.manifest.plugin_files:
            target = into / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with self._zip.open(f"plugins/{name}") as member, target.open("wb") as stream:
                while chunk := member.read(_CHUNK):
                    stream.write(chunk)

    @property
    def unpacked(self) -> int:
        """Bytes that everything takes when unpacked."""
        return sum(i.file_size for i in self._zip.infolist())


class _TableSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    name = fields.String(required=True)
    columns = fields.List(fields.Tuple((fields.String(), fields.String())), required=True)
    rows = fields.Integer(required=True, strict=True)
    sha256 = fields.String(required=True)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> TableEntry:
        return TableEntry(data["name"], tuple(data["columns"]), data["rows"], data["sha256"])


class _ManifestSchema(Schema):
    """What ``manifest.json`` must hold; what a later version adds is left alone."""

    class Meta:
        unknown = EXCLUDE

    format = fields.Integer(required=True, strict=True)
    made_at = fields.AwareDateTime(required=True, format="iso")
    version, slug, name, stage, engine, revision = (fields.String(required=True) for _ in range(6))
    tables = fields.List(fields.Nested(_TableSchema), required=True)
    files, sealed = (fields.Integer(required=True, strict=True) for _ in range(2))
    plugin_files = fields.List(fields.String(), required=True)
    anchor = fields.String(required=True)
    lost = fields.List(fields.String(), required=True)

    @post_load
    def _made(self, data: dict[str, Any], **_: Any) -> Manifest:
        lists = {k: tuple(data[k]) for k in ("tables", "plugin_files", "lost")}
        return Manifest(**{**data, **lists})


def _damaged(file: Path, why: str) -> InvalidInput:
    return InvalidInput({str(file): [f"{why} Nothing was changed. Take an older backup."]})


@contextmanager
def open_archive(file: Path) -> Iterator[Archive]:
    """The backup in ``file``; ``InvalidInput`` for one that is none, is damaged, or comes from a newer version."""
    if not file.is_file():
        raise InvalidInput({str(file): ["There is no such file."]})
    with file.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - _DIGEST - len(_MARK)))
        tail = stream.read()
        if not tail.startswith(_MARK):
            raise _damaged(file, "This is no backup of marketwright, or its end is missing.")
        if _hash(stream, size - _DIGEST) != tail[-_DIGEST:].decode("ascii", "replace"):
            raise _damaged(file, "The file is damaged: it is not what was written.")
        try:
            opened = ZipFile(stream)
            manifest = _manifest(file, json.loads(opened.read("manifest.json")))
        except ValidationError as error:
            raise _damaged(file, f"Its manifest.json is not what is written: {_first(error.messages)}.") from error
        except (BadZipFile, KeyError, ValueError, RecursionError) as error:
            raise _damaged(file, f"The file cannot be read ({error}).") from error
        with opened:
            yield Archive(opened, manifest)


def _manifest(file: Path, data: Any) -> Manifest:
    if not isinstance(data, dict):
        raise _damaged(file, "Its manifest.json is no object.")
    if isinstance(data.get("format"), int) and data["format"] > FORMAT:
        raise InvalidInput({str(file): [
            f"It was made by marketwright {data.get('version', '')}, whose backups have format {data['format']}; this "
            f"version reads up to {FORMAT}. Nothing was changed. Install that version, then restore."
        ]})  # fmt: skip
    made: Manifest = _ManifestSchema().load(data)
    if any(PurePosixPath(n).is_absolute() or ".." in PurePosixPath(n).parts for n in made.plugin_files):
        raise _damaged(file, "It names a file outside of its folder.")
    return made


def _first(messages: Any, path: str = "") -> str:
    """The first of marshmallow's ``messages`` as ``tables.0.rows: …``."""
    while isinstance(messages, dict):
        key, messages = next(iter(messages.items()))
        path = f"{path}.{key}" if path else str(key)
    return f"{path}: {messages[0] if isinstance(messages, list) else messages}".rstrip(".")
