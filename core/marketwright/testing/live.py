"""A baked marketplace at work: the real server with its worker, and the sandbox's page on an origin of its own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

from marketwright.kernel.actors import system
from marketwright.store.database import Database, move_clock

PATIENCE = 90.0  # seconds until something that a worker does must have happened, on a machine that is busy
_PAUSE = Event()


def bake(folder: Path, template: Path, **answers: str) -> Path:
    """Bake ``template`` into ``folder`` with ``answers``; returns the marketplace's own folder."""
    from cookiecutter.main import cookiecutter

    return Path(cookiecutter(str(template), no_input=True, output_dir=str(folder), extra_context=answers))


def fill(folder: Path, *, most: int) -> None:
    """Bring the schema of the marketplace in ``folder`` up and seed it with at most ``most`` people."""
    from marketwright.app import build_house
    from marketwright.features.demo.seeding.run import seed
    from marketwright.settings.loader import load_marketplace
    from marketwright.store.migrate import upgrade

    house = build_house(load_marketplace(folder, {}))
    upgrade(house.database)
    seed(house, most=most)
    house.database.dispose()


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(answer: Callable[[], Any], what: str, *, patience: float = PATIENCE) -> Any:
    """What ``answer`` says once it is true; asks again until ``patience`` seconds have passed."""
    end = time.monotonic() + patience
    while not (found := answer()):
        if time.monotonic() > end:
            msg = f"after {patience:.0f} s still no {what}"
            raise TimeoutError(msg)
        _PAUSE.wait(0.1)
    return found


@dataclass
class Live:
    """One running site. ``url`` is its origin, ``provider`` that of the sandbox's page."""

    folder: Path
    url: str = ""
    provider: str = ""
    processes: list[subprocess.Popen[str]] = field(default_factory=list)
    database: Database = field(init=False)

    def start(self) -> None:
        """Start provider, web and worker; returns when both answer."""
        self.database = Database(f"sqlite:///{self.folder / 'var' / 'marketplace.sqlite'}", moves=True)
        port, other = free_port(), free_port()
        self.url, self.provider = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{other}"
        _set_origin(self.folder / "marketplace.toml", self.provider)
        books = self.folder / "var" / "plugins" / "sandbox"
        self._start(
            "provider", "-m", "marketwright_sandbox", "--folder", str(books), "--port", str(other),
            "--notify", f"{self.url}/in/sandbox", "--late-seconds", "2",
        )  # fmt: skip
        self._start(
            "site", "-c", "from marketwright.cli import main; main()", "--folder", str(self.folder), "run",
            "--with-worker", "--port", str(port),
        )  # fmt: skip
        wait_for(lambda: self._answers(port) and self._answers(other), "answer of the site and the provider")

    def _start(self, name: str, *arguments: str) -> None:
        log = (self.folder / "var" / f"{name}.log").open("a")
        environment = os.environ | {"MARKETWRIGHT_BASE_URL": self.url, "PYTHONUNBUFFERED": "1"}
        self.processes.append(
            subprocess.Popen([sys.executable, *arguments], env=environment, stdout=log, stderr=log, text=True)
        )
        log.close()

    def _answers(self, port: int) -> bool:
        dead = [p.args for p in self.processes if p.poll() is not None]
        if dead:
            msg = f"a process ended: {dead}\n{self.log()}"
            raise RuntimeError(msg)
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def stop(self) -> None:
        """End what was started, and nothing else."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
        self.database.dispose()

    def log(self) -> str:
        """What web, worker and provider wrote."""
        return "\n".join(f.read_text()[-4000:] for f in sorted((self.folder / "var").glob("*.log")))

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run ``marketwright`` in this marketplace's folder."""
        program = [sys.executable, "-c", "from marketwright.cli import main; main()", "--folder", str(self.folder)]
        return subprocess.run([*program, *arguments], capture_output=True, text=True, check=False)

    def effects(self) -> list[dict[str, Any]]:
        """Every movement of money that the provider remembers, oldest first: the referee's word."""
        books = str(self.folder / "var" / "plugins" / "sandbox")
        program = [sys.executable, "-m", "marketwright_sandbox", "--folder", books, "--effects"]
        done = subprocess.run(program, capture_output=True, text=True, check=True)
        found: list[dict[str, Any]] = json.loads(done.stdout)
        return found

    def mail_link(self, address: str, kind: str = "") -> str:
        """The link of the newest mail to ``address`` (of a kind that holds ``kind``), once the worker wrote it."""
        from sqlalchemy import select

        from marketwright.features.notifications.tables import Mail

        def newest() -> str | None:
            with self.database.reading() as session:
                statement = select(Mail.action_url).where(Mail.address == address, Mail.kind.contains(kind))
                return session.scalar(statement.order_by(Mail.created_at.desc()).limit(1))

        return str(wait_for(newest, f"mail to {address}"))

    def staff_link(self, mail: str, *roles: str) -> str:
        """The one-time link by which ``mail`` joins the staff with ``roles``."""
        asked = [word for role in roles for word in ("--role", role)]
        done = self.command("staff", "invite", mail, *asked, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        return f"{self.url}{urlsplit(str(json.loads(done.stdout)['link'])).path}"

    def until(self, answer: Callable[[], Any], what: str) -> Any:
        """Wait for something that the worker or the provider does in the background."""
        return wait_for(answer, what)

    def move_time(self, **by: float) -> None:
        """Move business time forward and wake whoever watches deadlines."""
        with self.database.unit(system("tests")) as uow:
            move_clock(uow, timedelta(**by))
            uow.job("contracts.clock", key="moved")
            uow.job("proposals.expire", key="moved")
            uow.commit()
        self.database.clock.forget()

    def people(self) -> dict[str, str]:
        """Accounts of the demo's personas by what they are, in the words of the persona bar."""
        from marketwright.features.accounts import queries as accounts

        with self.database.reading() as session:
            return {p.persona.partition(":")[2]: p.id for p in accounts.personas(session)}


def _set_origin(file: Path, origin: str) -> None:
    text = file.read_text("utf-8").split("\n[plugin.sandbox]\n")[0]
    file.write_text(f'{text}\n[plugin.sandbox]\norigin = "{origin}"\nlate_seconds = 2\n', "utf-8")


@contextmanager
def live(seeded: Path, folder: Path) -> Iterator[Live]:
    """A site on a copy of the ``seeded`` marketplace's folder, stopped afterwards."""
    shutil.copytree(seeded, folder)
    site = Live(folder)
    try:
        site.start()
        yield site
    finally:
        site.stop()
