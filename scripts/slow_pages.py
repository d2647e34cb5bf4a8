"""``python scripts/slow_pages.py [FOLDER]``: the slowest pages of a seeded demo, as a visitor and as every persona.

Each address is asked for twice; the second time counts. Prints milliseconds of processor time, statements
and the address.
"""

from __future__ import annotations

import re
import sys
import time
from collections import deque
from html import unescape
from pathlib import Path

from sqlalchemy import event

from marketwright.app import create_app
from marketwright.features.accounts import queries as accounts
from marketwright.testing.browse import Browse

ROOT = Path(__file__).resolve().parent.parent
SKIPPED = re.compile(r"^/(language|files|static|theme|x|demo|notices)/|\.(csv|svg)$|/download$|/healthz|/readyz")
ID = re.compile(r"(?<=/)[0-9a-z]{16}(?=/|$)")
HREF = re.compile(r'<a [^>]*href="(/[^"#]*)')
SHOWN = 25


def main() -> None:
    """Walk, measure, print."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "examples" / "cybersecurity"
    app = create_app(folder)
    house, sent = app.extensions["marketwright"], [0]

    def count(*_: object) -> None:
        sent[0] += 1

    event.listen(house.database.reads, "before_cursor_execute", count)
    with house.database.reading() as session:
        people = {"a visitor": "", **{p.name: p.id for p in accounts.personas(session)}}
    measured: dict[str, tuple[float, int, str]] = {}
    for name, account in people.items():
        visitor = Browse(app).sign_in(account) if account else Browse(app)
        for path in _reached(visitor):
            sent[0], began = 0, time.process_time()
            visitor.get(path)
            took = (time.process_time() - began) * 1000
            kind = ID.sub("<id>", path.partition("?")[0])
            measured[kind] = max(measured.get(kind, (0.0, 0, "")), (took, sent[0], f"{path}  as {name}"))
    for took, statements, where in sorted(measured.values(), reverse=True)[:SHOWN]:
        print(f"{took:6.0f} ms  {statements:3d} statements  {where}")
    house.database.dispose()


def _reached(visitor: Browse) -> list[str]:
    """One address of each kind of page that links lead to from the front page."""
    waiting, known, kinds, found = deque(["/"]), {"/"}, set(), []
    while waiting:
        path = waiting.popleft()
        kind = ID.sub("<id>", path.partition("?")[0])
        if kind in kinds:
            continue
        kinds.add(kind)
        answer = visitor.get(path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        found.append(path)
        for link in map(unescape, HREF.findall(answer.text)):
            if link not in known and not SKIPPED.search(link.partition("?")[0]):
                known.add(link)
                waiting.append(link)
    return found


if __name__ == "__main__":
    main()
