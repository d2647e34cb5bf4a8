"""The desk: what core lays before one plugin in one marketplace, and nothing that it does not declare."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from marketwright.hooks.http import Http, Transport
from marketwright.hooks.permits import DeskRefused, need
from marketwright.hooks.ports import DeskActions, DeskPorts, NoActions, Payment
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.time import Clock, day_in, end_of_day
from marketwright.strategies.inbox import Message
from marketwright.strategies.rows import (
    BackgroundRow,
    BillRow,
    ContractRow,
    EvidenceFile,
    MissionRow,
    OrganisationRow,
    ProfileRow,
    VerdictRow,
    Visitor,
)
from marketwright.strategies.vetting import Verdict


@dataclass(frozen=True, slots=True)
class Desk:
    """Bound to one plugin in one marketplace.

    ``base_url`` is the public address of the marketplace, ``stage`` one of ``demo``, ``test``, ``live``,
    ``settings`` what the plugin's schema made of ``[plugin.<name>]``, ``clock`` business and machine time,
    ``time_zone`` that of the marketplace.
    """

    plugin: str
    settings: Mapping[str, Any]
    clock: Clock
    folder_path: Path
    secret_values: Mapping[str, str]
    acts: tuple[str, ...]
    base_url: str
    stage: str
    currency: str
    port: DeskActions = field(default_factory=NoActions)
    reads: tuple[str, ...] = ()
    personal_data: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    ports: DeskPorts = field(default_factory=DeskPorts)
    transport: Transport | None = None
    time_zone: str = "UTC"

    @property
    def today(self) -> date:
        """The day where the marketplace is, in business time: what "today" and "to come" are counted from."""
        return day_in(self.clock.business(), self.time_zone)

    def end_of_day(self, day: date) -> datetime:
        """The last minute of ``day`` where the marketplace is: until when holds what is said to be good until then."""
        return end_of_day(day, self.time_zone)

    @property
    def folder(self) -> Path:
        """The plugin's own folder on this machine, made when first asked for."""
        self.folder_path.mkdir(parents=True, exist_ok=True)
        return self.folder_path

    @property
    def secrets(self) -> "Secrets":
        """The declared environment variables: ``desk.secrets["NAME"]``."""
        return Secrets(self)

    @property
    def http(self) -> Http:
        """The way out, to the hosts that the manifest declares."""
        return Http(self.plugin, self.hosts, self.stage, self.transport)

    @property
    def queries(self) -> "Queries":
        """Frozen rows of what the manifest's ``reads`` list."""
        return Queries(self)

    @property
    def actions(self) -> "Actions":
        """What the manifest's ``acts`` list, as actor ``plugin:<name>``, in the audit log."""
        return Actions(self)

    @property
    def inbox(self) -> "Mailbox":
        """The address for messages from outside, and those that came."""
        return Mailbox(self)

    @property
    def jobs(self) -> "Jobs":
        """Work for later, in the worker."""
        return Jobs(self)

    @property
    def tables(self) -> "Tables":
        """The plugin's own tables, and nothing else of the database."""
        return Tables(self)

    @property
    def pages(self) -> "Pages":
        """Who looks at the plugin's own pages, and the frame to show them in."""
        return Pages(self)

    @property
    def files(self) -> "Files":
        """Named files in the plugin's own folder."""
        return Files(self)


@dataclass(frozen=True, slots=True)
class Secrets:
    """Values of declared environment variables; below live one that is not set is empty."""

    desk: Desk

    def __getitem__(self, name: str) -> str:
        """The value of ``name``; :class:`DeskRefused` for an undeclared one."""
        need(self.desk.plugin, name, tuple(self.desk.secret_values), "secrets")
        return self.desk.secret_values[name]


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Messages of outside services come to ``address``, signed as the manifest's ``inbox`` says."""

    desk: Desk

    @property
    def address(self) -> str:
        """Where outside services send messages for this plugin."""
        return f"{self.desk.base_url}/in/{self.desk.plugin}"

    def message(self, id: str) -> Message | None:  # noqa: A002  the word of the domain
        """A stored message of this plugin (the subject of an event ``message.received``); ``None`` where none is."""
        return self.desk.ports.messages.message(self.desk.plugin, id)


@dataclass(frozen=True, slots=True)
class Jobs:
    """Jobs of the kinds that the plugin's ``register_jobs`` brings."""

    desk: Desk

    def later(
        self, kind: str, payload: Mapping[str, Any] | None = None, delay: timedelta = timedelta(0), *, key: str = ""
    ) -> None:
        """Have ``kind`` run with ``payload`` (plain JSON values) after ``delay`` of machine time.

        One that waits already with the same ``key`` stays alone. It runs at least once; a failing one is put back
        with a growing delay, and after eight tries left to staff.
        """
        self.desk.ports.jobs.later(self.desk.plugin, kind, dict(payload or {}), delay, key)


@dataclass(frozen=True, slots=True)
class Tables:
    """SQLAlchemy sessions that reach the tables of the manifest's ``tables`` alone."""

    desk: Desk

    def unit(self) -> AbstractContextManager[Any]:
        """``with desk.tables.unit() as unit:`` writes; nothing is kept without ``unit.commit()``."""
        return self.desk.ports.tables.unit(self.desk.plugin)

    def reading(self) -> AbstractContextManager[Any]:
        """``with desk.tables.reading() as session:`` only reads."""
        return self.desk.ports.tables.reading(self.desk.plugin)


@dataclass(frozen=True, slots=True)
class Pages:
    """For the views of the plugin's blueprints; every page decides itself who may see it."""

    desk: Desk

    def visitor(self) -> Visitor | None:
        """Who is signed in; ``None`` for nobody."""
        return self.desk.ports.pages.visitor()

    def sign_in(self) -> Any:
        """The response for somebody who must sign in first; they come back to this page."""
        return self.desk.ports.pages.sign_in()

    def render(self, template: str, context: Any = None, *, status: int = 200) -> Any:
        """``template`` of the plugin's ``templates/`` with the fields of a dataclass; it extends ``layout.html``."""
        return self.desk.ports.pages.render(template, context, status)

    def tell(self, message: str, category: str = "success") -> None:
        """Show ``message`` on the next page: success, info, warning or error."""
        self.desk.ports.pages.tell(message, category)

    def say(self, text: str) -> str:
        """``text`` (of :func:`say`) in the reader's language and the marketplace's words."""
        return self.desk.ports.pages.say(text)


@dataclass(frozen=True, slots=True)
class Files:
    """Named files of the plugin, whole or not at all; names are one word of letters, digits, ``.``, ``-``, ``_``."""

    desk: Desk

    def _path(self, name: str) -> Path:
        if not name or name.startswith(".") or not all(c.isalnum() or c in "-_." for c in name) or len(name) > 120:
            msg = f"{name!r} is no name of a file: letters, digits, '.', '-', '_', and no dot in front"
            raise ValueError(msg)
        return self.desk.folder / "files" / name

    def write(self, name: str, data: bytes) -> None:
        """Keep ``data`` under ``name``; what was there before is replaced at once."""
        path = self._path(name)
        path.parent.mkdir(exist_ok=True)
        half = path.with_name(f".{name}.half")
        half.write_bytes(data)
        half.replace(path)

    def read(self, name: str) -> bytes | None:
        """The bytes under ``name``; ``None`` where there are none."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        """Forget ``name``; nothing happens when it is not there."""
        self._path(name).unlink(missing_ok=True)

    def names(self) -> list[str]:
        """Every name, sorted."""
        folder = self.desk.folder / "files"
        return sorted(p.name for p in folder.glob("[!.]*")) if folder.is_dir() else []


@dataclass(frozen=True, slots=True)
class Queries:
    """Reads; each needs its word in the manifest's ``reads``, else :class:`DeskRefused`."""

    desk: Desk

    def _may(self, what: str) -> None:
        need(self.desk.plugin, what, self.desk.reads, "reads")

    def background(self, country: str) -> BackgroundRow | None:
        """What may be asked of the past of somebody in ``country``, by its pack; ``None``: nothing. Needs no word."""
        return self.desk.ports.queries.background(country)

    def profile(self, id: str) -> ProfileRow | None:  # noqa: A002
        """The profile of the freelancer ``id`` (needs ``profiles``)."""
        self._may("profiles")
        return self.desk.ports.queries.profile(id)

    def profiles(self, *, after: str = "", most: int = 200) -> list[ProfileRow]:
        """Visible profiles by id, the next ``most`` behind ``after`` (needs ``profiles``)."""
        self._may("profiles")
        return self.desk.ports.queries.profiles(after, min(most, 1000))

    def mission(self, id: str) -> MissionRow | None:  # noqa: A002
        """The mission ``id`` (needs ``missions``)."""
        self._may("missions")
        return self.desk.ports.queries.mission(id)

    def missions(self, *, state: str = "published", after: str = "", most: int = 200) -> list[MissionRow]:
        """Missions in ``state`` by id, the next ``most`` behind ``after`` (needs ``missions``)."""
        self._may("missions")
        return self.desk.ports.queries.missions(state, after, min(most, 1000))

    def organisation(self, id: str) -> OrganisationRow | None:  # noqa: A002
        """The client ``id`` (needs ``organisations``)."""
        self._may("organisations")
        return self.desk.ports.queries.organisation(id)

    def contract(self, id: str) -> ContractRow | None:  # noqa: A002
        """The contract ``id`` with its milestones (needs ``contracts``)."""
        self._may("contracts")
        return self.desk.ports.queries.contract(id)

    def verdicts(self, kind: str, owner: str) -> list[VerdictRow]:
        """The verdicts that stand on a ``freelancer``, ``client`` or ``mission`` (needs ``verdicts``).

        What came of another plugin's private check is left out.
        """
        self._may("verdicts")
        return self.desk.ports.queries.verdicts(self.desk.plugin, kind, owner)

    def evidence(self, file: str) -> EvidenceFile | None:
        """A document handed in for one of the plugin's own checks (needs ``evidence``, and personal ``documents``)."""
        self._may("evidence")
        need(self.desk.plugin, "documents", self.desk.personal_data, "personal_data")
        return self.desk.ports.queries.evidence(self.desk.plugin, file)

    def bill(self, id: str) -> BillRow | None:  # noqa: A002
        """The bill ``id`` (needs ``bills``)."""
        self._may("bills")
        return self.desk.ports.queries.bill(id)

    def bills(
        self, *, freelancer: str = "", organisation: str = "", contract: str = "", state: str = "open",
        most: int = 500,
    ) -> list[BillRow]:  # fmt: skip
        """Bills in ``state`` ('' for any) of whichever side or contract is named, the first due first."""
        self._may("bills")
        return self.desk.ports.queries.bills(freelancer, organisation, contract, state, min(most, 2000))

    def personal(self, account: str, *what: str) -> Mapping[str, str]:
        """What is asked of a person, as ``name`` or ``email``: each must stand in ``personal_data``; {} for nobody.

        ``bank_account`` is the IBAN that others may be shown, with ``bank_account_holder``, and
        ``bank_account_changing`` (``yes``) while another one is about to take its place.
        """
        for one in what:
            need(self.desk.plugin, one, self.desk.personal_data, "personal_data")
        return self.desk.ports.queries.personal(self.desk.plugin, account, what)


@dataclass(frozen=True, slots=True)
class Actions:
    """Deeds; each needs its name in the manifest's ``acts``, else :class:`DeskRefused`. One commit each."""

    desk: Desk

    def _may(self, what: str) -> None:
        need(self.desk.plugin, what, self.desk.acts, "acts")

    def meet_condition(self, contract: str, condition: str, evidence: str) -> None:
        """Mark one of the plugin's own conditions of a contract as met, with what shows it."""
        self._may("meet_condition")
        if not condition.startswith(f"{self.desk.plugin}."):
            msg = f"{self.desk.plugin} may meet only conditions named {self.desk.plugin}.…, not {condition!r}"
            raise DeskRefused(msg)
        self.desk.port.meet_condition(self.desk.plugin, contract, condition, evidence)

    def record_verdict(self, kind: str, owner: str, check: str, verdict: Verdict) -> str:
        """Record a verdict of one of the plugin's own checks; returns its id. An open attempt ends with it."""
        self._may("record_verdict")
        return self.desk.port.record_verdict(self.desk.plugin, kind, owner, check, verdict)

    def ask_for_document(self, kind: str, owner: str, check: str, why: str) -> None:
        """Ask a freelancer or client to hand in what one of the plugin's own checks asks for."""
        self._may("ask_for_document")
        self.desk.port.ask_for_document(self.desk.plugin, kind, owner, check, why)

    def post(self, thread: str, text: str, *, to: str) -> None:
        """Add a line to a conversation; the side ``to`` (``client``, ``freelancer``) finds it unread."""
        self._may("post")
        self.desk.port.post(self.desk.plugin, thread, text, to)

    def notify(self, account: str, text: str, path: str = "") -> None:
        """Tell a person, in their inbox and by mail; ``path`` is where it leads on this site.

        A ``text`` made with ``say`` is a message: the person reads it in their language, by the plugin's translations.
        """
        self._may("notify")
        self.desk.port.notify(self.desk.plugin, account, text, path)

    def take_transition(self, milestone: str, transition: str, note: str = "") -> str:
        """Take a transition whose actor is ``provider`` and that moves no money; returns the state arrived in."""
        self._may("take_transition")
        return self.desk.port.take_transition(self.desk.plugin, milestone, transition, note)


    def receive_payment(self, bill: str, payment: Payment) -> Money:
        """Record a payment on a bill; returns what the bill took: never more than it still asks for, once a key.

        With nothing left to pay the deal goes on in the same commit, unless a condition stands before that step: then
        people take it.
        """
        self._may("receive_payment")
        return self.desk.port.receive_payment(self.desk.plugin, bill, payment)

    def undo_payment(self, key: str, note: str = "") -> None:
        """Take a payment back that this plugin recorded under ``key``, while its bill is open."""
        self._may("receive_payment")
        self.desk.port.undo_payment(self.desk.plugin, key, note)


__all__ = ["Desk", "DeskActions", "DeskPorts", "DeskRefused", "NoActions"]
