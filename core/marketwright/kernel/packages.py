"""What installed packages offer under a group of entry points, looked up again once something is installed."""

import sys
from functools import lru_cache
from importlib import metadata
from importlib.metadata import EntryPoint
from pathlib import Path

_Folder = tuple[str, int]


def offered(group: str) -> tuple[EntryPoint, ...]:
    """The entry points of ``group``. Every distribution is read once; anew when a folder of the path has changed."""
    return _offered(group, tuple((folder, _changed(folder)) for folder in sys.path))


def _changed(folder: str) -> int:
    try:
        return Path(folder).stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=16)
def _offered(group: str, _path: tuple[_Folder, ...]) -> tuple[EntryPoint, ...]:
    return tuple(metadata.entry_points(group=group))
