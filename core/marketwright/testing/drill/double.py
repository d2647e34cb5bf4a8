"""A provider's double, as the drill sees it: a program to start and kill, and the calls of its small protocol."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import field
from http.client import HTTPConnection, HTTPException
from importlib.util import find_spec
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from marketwright.hooks.installed import installed
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.testing.drill.people import Broken

PROTOCOL = 1
MANY = 500  # messages of one answer
PATIENCE = 30.0  # seconds for one call of the protocol


class Silent(Exception):
    """The double does not answer: it was killed, or is starting."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One movement of money at the referee: ``kind`` as in the protocol, ``command`` our key, minor units."""

    kind: str
    command: str
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Told:
    """One message of the double, signed ``at`` (monotonic): ``number`` counts up, ``command`` is whom it is about."""

    number: int
    command: str
    body: str
    headers: Mapping[str, str]
    at: float = field(default_factory=monotonic)


@dataclass
class Double:
    """The protocol of one double at ``port`` of this machine."""

    port: int
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Its origin."""
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, call: str, /, **values: Any) -> Any:
        """One call: ``values`` as JSON, or as the query of a GET; :class:`Silent` where nobody answers."""
        path, body = f"/_double/{call}", None
        if method == "GET":
            path += f"?{urlencode(values)}" if values else ""
        else:
            body = json.dumps(values)
        line = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request(method, path, body, {"content-type": "application/json"} if body else {})
            got = line.getresponse()
            text = got.read()
        except (OSError, HTTPException) as error:
            raise Silent(f"{method} {path}: {error}") from error
        finally:
            line.close()
        try:
            found = json.loads(text)
        except ValueError:
            found = text[:200].decode(errors="replace")
        if got.status != 200:
            raise Broken("the double answers %(call)s with %(status)s: %(found)s", call=f"{method} {path}",
                         status=got.status, found=found)  # fmt: skip
        return found

    def answers(self) -> bool:
        """Whether it is up."""
        try:
            self.known = self.ask("GET", "about")
        except Silent:
            return False
        if self.known.get("protocol") != PROTOCOL:
            raise Broken("the double speaks protocol %(theirs)s, this drill speaks %(ours)s",
                         theirs=self.known.get("protocol"), ours=PROTOCOL)  # fmt: skip
        return True

    @property
    def faults(self) -> list[str]:
        """The faults that it can have."""
        return list(self.known.get("faults", ()))

    @property
    def calls(self) -> list[str]:
        """The calls on which a fault can be set."""
        return list(self.known.get("calls", ()))

    @property
    def deeds(self) -> list[str]:
        """What banks do that it can play."""
        return list(self.known.get("deeds", ()))

    def effects(self) -> list[Effect]:
        """All that moved money, oldest first."""
        rows = self.ask("GET", "effects")
        return [Effect(r["kind"], r["command"], int(r["amount"]), str(r["currency"]).upper()) for r in rows]

    def balance(self, currency: str) -> int:
        """What lies there for the marketplace's deals, all accounts together, minor units."""
        return int(self.ask("GET", "balance").get(currency, 0))

    def fault(self, call: str, fault: str, *, times: int = 1) -> None:
        """Have the next ``times`` of ``call`` go wrong."""
        self.ask("POST", "faults", call=call, fault=fault, times=times)

    def calm(self) -> None:
        """No faults any more; messages go out."""
        self.ask("POST", "calm")

    def advance(self, seconds: int) -> None:
        """Move its clock."""
        self.ask("POST", "clock", advance=seconds)

    def visit(self, page: str, choice: str = "pay") -> str:
        """What a person does on ``page`` (pay, decline, leave); the address that they are sent on to, or ''."""
        return str(self.ask("POST", "visit", page=page, choice=choice).get("location") or "")

    def told(self, after: int = 0, *, limit: int = MANY) -> list[Told]:
        """The first ``limit`` messages with a number above ``after``, signed now, sent or not."""
        rows = self.ask("GET", "messages", after=after, limit=limit)[:limit]
        return [Told(int(r["number"]), r["command"], r["body"], r["headers"]) for r in rows]

    def keep_back(self, *, on: bool) -> None:
        """Whether it keeps its messages to itself (the drill delivers them then)."""
        self.ask("POST", "messages", keep_back=on)

    def deed(self, name: str, command: str = "", *, amount: int = 0, currency: str = "") -> bool:
        """Let a bank do ``name`` to the payment ``command``; false where it cannot be done (any more).

        ``amount`` (minor units) of money that comes, or of a dispute about a part. :class:`Silent` where nobody
        answers.
        """
        more = {"amount": amount, "currency": currency}
        try:
            self.ask("POST", "deed", name=name, command=command, **{k: v for k, v in more.items() if v})
        except Broken:
            return False
        return True


def command_of(provider: str, given: Sequence[str]) -> list[str]:
    """The program that is the double of ``provider``: as given, or the one that its plugin ships."""
    if given:
        return list(given)
    point = installed().get(provider)
    if point is None:
        raise InvalidInput({"provider": [f"No plugin named {provider!r} is installed; there are "
                                         f"{', '.join(sorted(installed()))}."]})  # fmt: skip
    double = f"{point.value}.double"
    if _runs(double) or find_spec(double) is not None:
        return [sys.executable, "-m", double]
    if _runs(point.value):
        return [sys.executable, "-m", point.value]
    raise InvalidInput({"double": [f"The plugin {provider!r} ships no double; name one: --double 'COMMAND'. "
                                   "docs/payment-doubles.md says what it must answer."]})  # fmt: skip


def _runs(module: str) -> bool:
    try:
        return find_spec(f"{module}.__main__") is not None
    except ModuleNotFoundError:
        return False


def default_provider() -> str:
    """The installed plugin that ships a double of a service; the sandbox, its own double, where there is none."""
    for name, point in sorted(installed().items()):
        if _runs(f"{point.value}.double") and hasattr(point.load(), "register_payment_providers"):
            return name
    return "sandbox"
