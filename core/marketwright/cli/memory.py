"""How a process that serves for long handles its memory, and what the system keeps in memory for it."""

import gc
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from threading import Thread

_TRIM, _MMAP, _ARENAS = -1, -3, -8  # of mallopt(3)
_YOUNG = 10_000  # objects that are made before garbage is looked for; a page of cards makes some thousands
_SHARE = 3  # files are read ahead that fit this part of the memory which is free
_STEP = 1 << 17  # bytes; of a longer stretch the system reads its beginning alone
_FREE = Path("/proc/meminfo")
_LIMITS = Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes")


def give_back() -> None:
    """Let large arrays go back to the system once they are freed, and threads share two heaps.

    A search over half a million people makes columns of some megabytes. As the GNU C library is set up by itself, each
    thread would keep several of them for later. Another C library is left as it is.
    """
    import ctypes

    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    for what, value in ((_MMAP, 1 << 20), (_TRIM, 1 << 22), (_ARENAS, 2)):
        mallopt(what, value)


def settle() -> None:
    """Look for garbage less often, and never among what was made so far: it stays for as long as the process does.

    Called when everything is built, before the first request.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 10, 10)


def read_ahead(files: Iterable[Path]) -> Thread | None:
    """Have the system read ``files`` into its cache, in a thread; ``None`` where they do not fit or it cannot.

    Twenty cards that nobody saw lie in some two hundred places of a large database. After a start of the machine each
    would be waited for, one after another.
    """
    there = [file for file in files if file.is_file()]
    if not there or not hasattr(os, "posix_fadvise") or sum(f.stat().st_size for f in there) > _free() // _SHARE:
        return None
    reading = Thread(target=_read, args=(there,), name="read-ahead", daemon=True)
    reading.start()
    return reading


def _read(files: Iterable[Path]) -> None:
    for file in files:
        with suppress(OSError):  # it is but a hint
            handle = os.open(file, os.O_RDONLY)  # never closed: SQLite's locks on the same file would go with it
            for start in range(0, file.stat().st_size, _STEP):
                os.posix_fadvise(handle, start, _STEP, os.POSIX_FADV_WILLNEED)


def _free() -> int:
    """Bytes of memory that the system could use for a cache, within the limit of a container; 0 where it does not say.
    """
    try:
        told = dict(line.split(":", 1) for line in _FREE.read_text().splitlines())
        free = int(told["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return 0
    said = [file.read_text().strip() for file in _LIMITS if file.is_file()]
    return min([free, *(int(limit) for limit in said if limit.isdecimal())])


__all__ = ["give_back", "read_ahead", "settle"]
