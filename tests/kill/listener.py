"""A worker that looks at alerts until it reaches a step, says so, and waits to be killed there.

    python listener.py DATABASE FOLDER STOP

The stops are wrapped around the house from outside, nothing in the house knows them.
"""

import sys
from pathlib import Path
from typing import Any

from marketwright.app import build_house, create_app
from marketwright.features.alerts import jobs, service
from marketwright.features.notifications.post import Post
from marketwright.testing.plugin import testing_marketplace, with_plugins


def build(url: str, folder: Path) -> Any:
    return build_house(with_plugins(testing_marketplace(folder, url), "core_matching"))


def stop_here(step: str) -> None:
    sys.stdout.write(step + "\n")
    sys.stdout.flush()
    sys.stdin.read()


def arm(house: Any, stop: str) -> None:
    """Halt at ``stop``: rows written but not committed, committed, a letter written down, a mail handed over."""
    tell, look, write = service.tell, jobs.look, Post._write

    def telling(*args: Any, **named: Any) -> int:
        made = tell(*args, **named)
        if stop == "found":
            stop_here(stop)
        return made

    def looking(*args: Any) -> None:
        look(*args)
        if stop == "kept":
            stop_here(stop)

    def writing(self: Any, uow: Any, row: Any, letter: Any) -> None:
        write(self, uow, row, letter)
        if stop == "written" and row.name == "alert.found":
            stop_here(stop)

    jobs.tell, jobs.look, Post._write = telling, looking, writing
    inner = house.worker._tell

    def told(job: Any) -> None:
        inner(job)
        if stop == "told" and job.payload["subscriber"] == "notifications":
            stop_here(stop)

    house.worker.handlers["tell"] = told


def main(url: str, folder: str, stop: str) -> None:
    house = build(url, Path(folder))
    arm(house, stop)
    with create_app(house.marketplace, house).app_context():
        house.worker.drain()
    sys.stdout.write("through\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
