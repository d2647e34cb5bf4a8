"""A process that moves a schema until it reaches a step, says so, and waits to be killed there.

    python mover.py DATABASE up|down REVISION STOP

The steps are ``began``, the revisions that are reached (as they are noted, in the order of the way), and ``kept``.
"""

import sys
from typing import Any

from sqlalchemy import Engine, event

from marketwright.store.database import Database
from marketwright.store.migrate import downgrade, upgrade


def here(step: str, stop: str) -> None:
    if step == stop:
        sys.stdout.write(step + "\n")
        sys.stdout.flush()
        sys.stdin.read()  # until killed


def main(url: str, way: str, revision: str, stop: str) -> None:
    def ran(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("UPDATE alembic_version"):
            values = parameters.values() if isinstance(parameters, dict) else parameters
            here(next((str(v) for v in values), statement.split("'")[1]), stop)

    database = Database(url, moves=True)
    here("began", stop)
    event.listen(Engine, "after_cursor_execute", ran)
    (upgrade if way == "up" else downgrade)(database, revision)
    here("kept", stop)


if __name__ == "__main__":
    main(*sys.argv[1:])
