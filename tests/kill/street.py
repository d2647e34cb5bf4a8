"""A marketplace at work as separate processes, people who click, and gates that hold everything still.

Nothing in the house knows of this. A gate is another connection to a SQLite file that takes its write lock: whoever
wants to write next waits there, and can be killed there. Where no lock stops a process it creeps: it runs for half a
millisecond at a time, and the files are read while it stands still.
"""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from urllib.parse import urlencode, urlsplit

from marketwright.testing.live import free_port

PATIENCE = 90.0  # seconds: what a busy machine may need for what takes one
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_PAUSE = Event()


class Missed(Exception):
    """The moment had passed before anybody could be held there; another deal may have better luck."""


def until(true, what, *, patience=PATIENCE, pause=0.002):
    """What ``true`` says as soon as it says something; looks every 2 ms, or every ``pause`` seconds."""
    end = monotonic() + patience
    while not (found := true()):
        if monotonic() > end:
            raise AssertionError(f"after {patience:.0f} s still not: {what() if callable(what) else what}")
        _PAUSE.wait(pause)
    return found


class Gate:
    """The write lock of one SQLite file, for the tests to take."""

    def __init__(self, file):
        self.db = sqlite3.connect(file, isolation_level=None, timeout=0)
        self.held = False

    def all(self, statement, *values):
        return self.db.execute(statement, values).fetchall()

    def one(self, statement, *values):
        row = self.db.execute(statement, values).fetchone()
        return row[0] if row else None

    def shut(self):
        """Take the lock; whoever has it finishes first."""
        until(self.shut_now, "the file is nobody's")

    def shut_now(self):
        """Take the lock if nobody has it."""
        return self.held or self._lock()

    def _lock(self):
        try:
            self.db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        self.held = True
        return True

    def open(self):
        if self.held:
            self.db.execute("ROLLBACK")
            self.held = False


class Answer:
    """What a server said; ``status`` 0 when it died before."""

    def __init__(self, status=0, headers=(), text=""):
        self.status, self.text = status, text
        self.location = dict(headers).get("location", "")


class Person:
    """Somebody with a browser: cookies, forms, and requests that may never be answered."""

    def __init__(self, origin):
        self.origin, self.cookies = origin, {}

    def ask(self, method, address, form=None):
        parts = urlsplit(address if "://" in address else self.origin + address)
        ours = address.startswith(("/", self.origin))
        headers = {"cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} if ours else {}
        if form is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        connection = HTTPConnection(parts.netloc, timeout=PATIENCE)
        try:
            connection.request(method, parts.path or "/", urlencode(form) if form is not None else None, headers)
            got = connection.getresponse()
            text = got.read().decode()
        except (OSError, HTTPException):
            return Answer()
        finally:
            connection.close()
        pairs = [(name.lower(), value) for name, value in got.getheaders()]
        if ours:
            for value in (v for name, v in pairs if name == "set-cookie"):
                name, _, kept = value.partition(";")[0].partition("=")
                self.cookies[name] = kept
        return Answer(got.status, pairs, text)

    def post(self, path, **form):
        """Open the page of a form, then send it, as a browser does."""
        page = self.ask("GET", path)
        token = _TOKEN.search(page.text)
        return self.ask("POST", path, {"csrf_token": token[1], **form}) if token else page

    def sign_in(self, email, password):
        answer = self.post("/sign-in", email=email, password=password)
        assert answer.status == 303, answer.text[-2000:]
        return self


class Waiting:
    """A request under way in the background."""

    def __init__(self, ask):
        self.answer = None
        self._thread = Thread(target=self._run, args=(ask,), daemon=True)
        self._thread.start()

    def _run(self, ask):
        self.answer = ask()

    def over(self):
        self._thread.join(PATIENCE)
        assert self.answer is not None, "a request that neither ends nor dies"
        return self.answer


class Street:
    """One baked marketplace: ``web`` and ``worker`` as processes of their own, the provider beside them."""

    def __init__(self, folder):
        self.folder, self.var = folder, folder / "var"
        self.port, self.other = free_port(), free_port()
        self.url, self.provider = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.other}"
        self.books_folder = self.var / "plugins" / "sandbox"
        self.running = {}

    def open(self):
        self._start("provider", "-m", "marketwright_sandbox", "--folder", str(self.books_folder), "--port",
                    str(self.other), "--notify", f"{self.url}/in/sandbox")  # fmt: skip
        self.start("web", "worker")
        self.house, self.books = Gate(self.var / "marketplace.sqlite"), Gate(self.books_folder / "books.sqlite")
        until(lambda: Person(self.provider).ask("GET", "/pay/none").status == 404, "the provider answers", pause=0.05)

    def start(self, *names):
        """Start ``web`` or ``worker``; returns when they are at work."""
        worked = self._times_at_work()
        for name in names:
            arguments = ("run", "--port", str(self.port)) if name == "web" else ("worker",)
            self._start(name, "-c", "from marketwright.cli import main; main()", "--folder", str(self.folder),
                        *arguments)  # fmt: skip
        if "web" in names:
            until(self._web_answers, "the web answers", pause=0.05)
        if "worker" in names:
            until(lambda: self._times_at_work() > worked, "the worker is at work", pause=0.05)

    def _times_at_work(self):
        log = self.var / "worker.log"
        return log.read_text().count("is at work") if log.exists() else 0

    def _start(self, name, *arguments):
        environment = os.environ | {"MARKETWRIGHT_BASE_URL": self.url, "PYTHONUNBUFFERED": "1"}
        with (self.var / f"{name}.log").open("a") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, *arguments], env=environment, stdout=log, stderr=log, text=True
            )

    def _web_answers(self):
        assert self.running["web"].poll() is None, self.log()
        return Person(self.url).ask("GET", "/healthz").status == 200

    def kill(self, name):
        """``kill -9``, by its own id."""
        process = self.running.pop(name)
        assert process.poll() is None, f"{name} was dead already\n{self.log()}"
        process.send_signal(signal.SIGKILL)
        process.wait()

    def hold(self, name):
        """Let a process stand still, so that the other one does what comes next."""
        self.running[name].send_signal(signal.SIGSTOP)

    def hold_quietly(self, name):
        """Let a process stand still while it has neither file."""
        self.books.shut()
        self.house.shut()
        self.hold(name)
        self.house.open()
        self.books.open()

    def creep(self, name, state, wanted, missed=()):
        """Let a process run in small steps until ``state()`` is ``wanted``, and leave it standing there.

        :class:`Missed` when it is one of ``missed``: the moment was shorter than a step.
        """
        process, end = self.running[name], monotonic() + PATIENCE
        while (now := self._seen(state)) != wanted:
            if now in missed:
                raise Missed(now)
            assert monotonic() < end, f"{name} never came to {wanted!r}, it is {now!r}\n{self.log()}"
            process.send_signal(signal.SIGCONT)
            _PAUSE.wait(0.0005)
            process.send_signal(signal.SIGSTOP)

    @staticmethod
    def _seen(state):
        """``state()``, or nothing while the one who stands still keeps a lock that readers need too."""
        try:
            return state()
        except sqlite3.OperationalError:
            return None

    def wake(self, name):
        """Let one process that stands still go on."""
        self.running[name].send_signal(signal.SIGCONT)

    def missing(self):
        """Which of web and worker do not run."""
        return [name for name in ("web", "worker") if name not in self.running]

    def go_on(self):
        """Open both gates and wake who stands still."""
        self.house.open()
        self.books.open()
        for process in self.running.values():
            process.send_signal(signal.SIGCONT)

    def close(self):
        """End what was started, and nothing else."""
        for process in self.running.values():
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()
        for gate in (self.house, self.books):
            gate.db.close()

    def log(self):
        return "\n".join(Path(f).read_text()[-3000:] for f in sorted(self.var.glob("*.log")))

    def command(self, *arguments):
        """A command of ``marketwright`` in this folder."""
        program = [sys.executable, "-c", "from marketwright.cli import main; main()", "--folder", str(self.folder)]
        return subprocess.run([*program, *arguments], capture_output=True, text=True, check=False)

    # -- what stands in the two files ------------------------------------------------------------------------------

    def state(self, hold, kind):
        """State of the newest command of ``kind``; CLAIMED while a worker has the job of one that is PENDING."""
        found = self.house.all(
            "SELECT id, state FROM payment_commands WHERE hold_id = ? AND kind = ? ORDER BY created_at DESC LIMIT 1",
            hold, kind,
        )  # fmt: skip
        if not found:
            return ""
        command, state = found[0]
        claimed = state == "PENDING" and self.house.one(
            "SELECT 1 FROM jobs WHERE kind = 'payments.command' AND key = ? AND state = 'leased'", command
        )
        return "CLAIMED" if claimed else state

    def told(self, hold):
        """CLAIMED while the worker has a job that will learn of a payment, CONFIRMED once it is applied.

        The job is the provider's message, or a look at the command that was due anyway.
        """
        if self.state(hold, "fund") == "CONFIRMED":
            return "CONFIRMED"
        claimed = self.house.one(
            "SELECT 1 FROM jobs j JOIN payment_commands c ON c.hold_id = ? LEFT JOIN inbox_messages m "
            "ON m.event_id = c.id || '.confirmed' WHERE j.state = 'leased' AND j.key IN (c.id, m.id)", hold,
        )  # fmt: skip
        return "CLAIMED" if claimed else ""

    def at_provider(self, hold, kind):
        """What the referee's books say of a command: page, confirmed, or nothing."""
        return self.books.one(
            "SELECT state FROM commands WHERE hold = ? AND kind = ? ORDER BY created DESC LIMIT 1", hold, kind
        )

    def milestone(self, hold):
        """(state, pending transition)."""
        return self.house.all("SELECT state, pending FROM milestones WHERE id = ?", hold)[0]

    def stuck(self, deals):
        """What is known of deals that do not get on."""
        wanted = "SELECT kind, state, attempts, note, lease_until FROM payment_commands WHERE hold_id = ?"
        jobs = self.house.all("SELECT kind, state, run_at, last_error FROM jobs WHERE state NOT IN ('done')")
        return [(d.hold, self.milestone(d.hold), self.house.all(wanted, d.hold)) for d in deals], jobs, self.log()

    def let_leases_run_out(self):
        """What a minute of waiting does, for the short run: dead processes' leases are over."""
        self.house.open()
        past = "2001-01-01 00:00:00.000000"
        self.house.shut()
        self.house.db.execute("UPDATE jobs SET lease_until = ? WHERE state = 'leased'", (past,))
        self.house.db.execute("UPDATE payment_commands SET lease_until = NULL WHERE lease_until IS NOT NULL")
        self.house.db.execute("UPDATE jobs SET run_at = ? WHERE state = 'ready'", (past,))
        self.house.db.execute("COMMIT")
        self.house.held = False
