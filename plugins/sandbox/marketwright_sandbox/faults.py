"""Faults on demand: what goes wrong with the next calls, kept beside the books so that every process sees it."""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from marketwright.plugin import Answer, Outcome

FILE = "faults.sqlite"
CALLS = ("execute", "lookup", "read")
FAULTS = (
    "refused", "timeout_before", "timeout_after", "reset_before", "reset_after", "busy", "error_before", "error_after",
    "nonsense", "wrong_amount",
)  # fmt: skip
LATER = FAULTS[:8]  # what has a message read again later
_SCHEMA = """
CREATE TABLE IF NOT EXISTS faults (
  number INTEGER PRIMARY KEY AUTOINCREMENT, call TEXT NOT NULL, fault TEXT NOT NULL, times INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Failed(Exception):
    """What a broken line or a broken service looks like from inside the provider."""


class Faults:
    """The faults in ``folder``; without any set they cost one look at whether the file is there."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self.file, timeout=10, isolation_level=None)
        try:
            db.executescript(_SCHEMA)
            yield db
        finally:
            db.close()

    def add(self, call: str, fault: str, times: int) -> None:
        """Have the next ``times`` of ``call`` (or of any, ``*``) go wrong; ``ValueError`` for what there is not."""
        if call not in (*CALLS, "*") or fault not in FAULTS:
            msg = f"there is no fault {fault!r} of {call!r}; calls are {', '.join(CALLS)}, faults {', '.join(FAULTS)}"
            raise ValueError(msg)
        with self._open() as db:
            db.execute("INSERT INTO faults (call, fault, times) VALUES (?, ?, ?)", (call, fault, times))

    def set_now(self) -> list[dict[str, Any]]:
        """The faults that are still to come."""
        with self._open() as db:
            rows = db.execute("SELECT call, fault, times FROM faults WHERE times > 0 ORDER BY number").fetchall()
        return [{"call": call, "fault": fault, "times": times} for call, fault, times in rows]

    def clear(self) -> None:
        """No fault any more."""
        with self._open() as db:
            db.execute("UPDATE faults SET times = 0")

    def take(self, call: str) -> str:
        """The fault of this ``call``, counted down, or ''."""
        if not self.file.exists():
            return ""
        with self._open() as db:
            found = db.execute(
                "UPDATE faults SET times = times - 1 WHERE number = (SELECT number FROM faults WHERE times > 0 "
                "AND call IN (?, '*') ORDER BY number LIMIT 1) RETURNING fault", (call,),
            ).fetchall()  # fmt: skip
        return str(found[0][0]) if found else ""

    # -- what the process beside does ------------------------------------------------------------------------------

    def _setting(self, name: str) -> Any:
        if not self.file.exists():
            return None
        with self._open() as db:
            row = db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def _set(self, name: str, value: Any) -> None:
        with self._open() as db:
            db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, json.dumps(value)))

    @property
    def keeps_back(self) -> bool:
        """Whether messages are kept back."""
        return bool(self._setting("keep_back"))

    def keep_back(self, *, on: bool) -> None:
        """Keep messages back, or let them go."""
        self._set("keep_back", on)

    def advance(self, seconds: int) -> float:
        """Move the books' clock on; seconds since 1970 as it shows then."""
        self._set("ahead", int(self._setting("ahead") or 0) + seconds)
        return time.time() + self.ahead()

    def ahead(self) -> float:
        """By how many seconds the books' clock is ahead of the machine's."""
        return float(self._setting("ahead") or 0)


def failing(fault: str, call: Callable[[], Answer]) -> Answer:
    """``call`` with ``fault``: what is done behind a lost answer is done."""
    if fault == "refused":
        raise Failed("connection refused")
    if fault in ("timeout_before", "reset_before", "busy", "error_before"):
        raise Failed(fault)
    found = call()
    if fault in ("timeout_after", "reset_after", "error_after"):
        raise Failed(fault)
    if fault == "nonsense":
        return "<html>Service unavailable</html>"  # type: ignore[return-value]
    if fault == "wrong_amount" and found.outcome is Outcome.CONFIRMED:
        return Answer(Outcome.CONFIRMED, found.reference, amount=(found.amount or 0) + 1)
    return found
