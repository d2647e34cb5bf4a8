"""Files in a second folder."""

from pathlib import Path

from marketwright.plugin import FileAdapter


class FolderFiles(FileAdapter):
    """One file an id, in small folders; written beside and renamed."""

    name = "folder_files"

    def _path(self, id: str) -> Path:  # noqa: A002  the word of the domain
        return Path(self.settings["files"]) / id[:2] / id

    def put(self, id: str, data: bytes) -> None:  # noqa: A002
        """Keep ``data``."""
        path = self._path(id)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".half")
        half.write_bytes(data)
        half.replace(path)

    def get(self, id: str) -> bytes | None:  # noqa: A002
        """The bytes, if they are there."""
        path = self._path(id)
        return path.read_bytes() if path.is_file() else None

    def remove(self, id: str) -> None:  # noqa: A002
        """Delete the file."""
        self._path(id).unlink(missing_ok=True)
