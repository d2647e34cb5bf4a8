"""Who works in a marketplace's folder now: a site and its workers share it, a restore has it alone.

The lock is the operating system's, on a file: it ends with the process that holds it, however that ends.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from marketwright.kernel.errors import Conflict


@contextmanager
def present(folder: Path) -> Iterator[None]:
    """Be at work in ``folder`` with others; ``Conflict`` while somebody has it alone."""
    with _locked(folder, fcntl.LOCK_SH, "A backup is being restored here. Try again when that is done."):
        yield


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Have ``folder`` alone; ``Conflict`` while a site or a worker is at work in it."""
    with _locked(folder, fcntl.LOCK_EX, "The site or one of its workers is running here. Stop it first."):
        yield


@contextmanager
def _locked(folder: Path, how: int, refusal: str) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "site.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(refusal, state="running") from None
        yield
    finally:
        os.close(handle)
