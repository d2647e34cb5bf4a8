"""The storage that ships: one folder, one file an id, in 1,024 small folders."""

import os
from contextlib import suppress
from pathlib import Path

from marketwright.kernel.errors import Unavailable
from marketwright.kernel.ids import is_id


class FolderStorage:
    """Answers :class:`~marketwright.features.files.ports.Storage` with files below ``root``."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def _path(self, id: str) -> Path:  # noqa: A002
        if not is_id(id):
            msg = f"{id!r} is no id of a file"
            raise ValueError(msg)
        return self.root / id[:2] / id

    def put(self, id: str, data: bytes) -> None:  # noqa: A002
        """Write beside, flush to the disk, then rename: a half-written file is never seen."""
        path = self._path(id)
        half = path.with_suffix(".half")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with half.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            half.replace(path)
        except OSError as error:
            with suppress(OSError):
                half.unlink()
            raise Unavailable("The file cannot be stored now; nothing was saved, please try again later.") from error

    def get(self, id: str) -> bytes:  # noqa: A002
        """The bytes of ``id``."""
        try:
            return self._path(id).read_bytes()
        except OSError as error:
            raise Unavailable("The file cannot be read now, please try again later.") from error

    def remove(self, id: str) -> None:  # noqa: A002
        """Delete the file of ``id``."""
        self._path(id).unlink(missing_ok=True)

    def ids(self) -> list[tuple[str, float]]:
        """Every file with the time of its writing."""
        return [(p.name, p.stat().st_mtime) for p in self.root.glob("*/*") if is_id(p.name)]
