"""Storage with a second place that a plugin brings: written here with the database, handed over by the worker."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

from marketwright.features.files.folder import FolderStorage
from marketwright.hooks.manager import Entry
from marketwright.kernel.errors import PluginFailed, Unavailable
from marketwright.kernel.guard import unit_is_open
from marketwright.kernel.ids import is_id
from marketwright.strategies.adapters import Adapter, FileAdapter

AWAY, GONE = ".away", ".gone"  # marks beside a file: it was handed over; it is to be forgotten there


class RelayedStorage(FolderStorage):
    """Answers the port ``Storage``; the plugin is asked outside units of work alone."""

    def __init__(self, root: Path, entry: Entry[FileAdapter]) -> None:
        super().__init__(root)
        self._entry = entry

    def get(self, id: str) -> bytes:  # noqa: A002  the word of the domain
        """The bytes from here, else from the second place, which are kept here then."""
        path = self._path(id)
        if path.is_file() or unit_is_open():
            return super().get(id)
        try:
            found = self._entry.ask("get", lambda a: a.get(id))
        except PluginFailed as failed:
            raise Unavailable("The file cannot be read now, please try again later.") from failed
        if not isinstance(found, bytes):
            raise Unavailable("The file cannot be read now, please try again later.")
        self.put(id, found)
        path.with_suffix(AWAY).touch()
        return found

    def remove(self, id: str) -> None:  # noqa: A002
        """Forget it here at once, there with the next relay."""
        path = self._path(id)
        if path.with_suffix(AWAY).exists():
            path.with_suffix(GONE).touch()
        super().remove(id)

    def relay(self, *, most: int = 200) -> int:
        """Hand over what is new, forget there what was removed here; returns how many. Called in the worker."""
        done = 0
        for path in self._waiting():
            if done >= most:
                break
            id_ = path.stem
            if path.suffix == GONE:
                self._entry.ask("remove", lambda a: a.remove(id_))  # noqa: B023
                path.with_suffix(AWAY).unlink(missing_ok=True)
                path.unlink(missing_ok=True)
            else:
                data = path.read_bytes()
                self._entry.ask("put", lambda a: a.put(id_, data))  # noqa: B023
                path.with_suffix(AWAY).touch()
            done += 1
        return done

    def _waiting(self) -> Iterator[Path]:
        for path in sorted(self.root.glob("*/*")):
            if path.suffix == GONE or (is_id(path.name) and not path.with_suffix(AWAY).exists()):
                yield path


def storage_of(root: Path, adapter: Entry[Adapter] | None) -> FolderStorage:
    """The folder ``root``, with the second place of a plugin where one is enabled."""
    if adapter is None:
        return FolderStorage(root)
    assert isinstance(adapter.it, FileAdapter)
    return RelayedStorage(root, cast("Entry[FileAdapter]", adapter))
