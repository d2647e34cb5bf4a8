"""What stands behind a desk: Protocols that the composition root answers, and the answers of a desk alone."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import field
from datetime import date, timedelta
from typing import Any, NoReturn, Protocol

from marketwright.hooks.permits import DeskRefused
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
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

PAID_AHEAD = 1  # days past today, here or in UTC, that a payment may be dated: east of both the day begins earlier


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that a plugin saw: ``key`` is its own word for it, and counts once; ``payer``, ``note`` for people.

    ``paid_on`` is at most :data:`PAID_AHEAD` days to come.
    """

    amount: Money
    key: str
    paid_on: date
    payer: str = ""
    note: str = ""


class DeskActions(Protocol):
    """What a plugin may do in the marketplace, as actor ``plugin:<name>``; each lands in the audit log."""

    def meet_condition(self, plugin: str, contract: str, condition: str, evidence: str) -> None:
        """Mark a condition of a contract as met, with what shows it."""
        ...

    def record_verdict(self, plugin: str, kind: str, owner: str, check: str, verdict: Verdict) -> str:
        """Record a verdict of a check of the plugin; returns its id."""
        ...

    def ask_for_document(self, plugin: str, kind: str, owner: str, check: str, why: str) -> None:
        """Ask somebody to hand in what a check of the plugin asks for."""
        ...

    def post(self, plugin: str, thread: str, text: str, to: str) -> None:
        """Add a line to a conversation, new to the side ``to``."""
        ...

    def notify(self, plugin: str, account: str, text: str, path: str) -> None:
        """Tell a person."""
        ...

    def take_transition(self, plugin: str, milestone: str, transition: str, note: str) -> str:
        """Take a transition of a milestone; returns the state arrived in."""
        ...

    def receive_payment(self, plugin: str, bill: str, payment: Payment) -> Money:
        """Record a payment on a bill; returns what the bill took of it."""
        ...

    def undo_payment(self, plugin: str, key: str, note: str) -> None:
        """Take a payment back that the plugin had recorded under ``key``."""
        ...


class DeskQueries(Protocol):
    """What a plugin may read."""

    def background(self, country: str) -> BackgroundRow | None:
        """What the country's pack lets be asked of a person's past."""
        ...

    def profile(self, id: str) -> ProfileRow | None:  # noqa: A002  the word of the domain
        """One profile."""
        ...

    def profiles(self, after: str, most: int) -> list[ProfileRow]:
        """Visible profiles by id."""
        ...

    def mission(self, id: str) -> MissionRow | None:  # noqa: A002
        """One mission."""
        ...

    def missions(self, state: str, after: str, most: int) -> list[MissionRow]:
        """Missions in a state by id."""
        ...

    def organisation(self, id: str) -> OrganisationRow | None:  # noqa: A002
        """One client."""
        ...

    def contract(self, id: str) -> ContractRow | None:  # noqa: A002
        """One contract."""
        ...

    def verdicts(self, plugin: str, kind: str, owner: str) -> list[VerdictRow]:
        """What stands on a subject; of private checks those of the plugin alone."""
        ...

    def evidence(self, plugin: str, file: str) -> EvidenceFile | None:
        """A document handed in for a check of the plugin."""
        ...

    def bill(self, id: str) -> BillRow | None:  # noqa: A002
        """One bill."""
        ...

    def bills(self, freelancer: str, organisation: str, contract: str, state: str, most: int) -> list[BillRow]:
        """Bills of a side or a contract."""
        ...

    def personal(self, plugin: str, account: str, what: Sequence[str]) -> Mapping[str, str]:
        """Data of a person, by what was asked."""
        ...


class DeskJobs(Protocol):
    """Work for later."""

    def later(self, plugin: str, kind: str, payload: Mapping[str, Any], delay: timedelta, key: str) -> None:
        """Ask for a job of the plugin."""
        ...


class DeskMessages(Protocol):
    """Messages that came in."""

    def message(self, plugin: str, id: str) -> Message | None:  # noqa: A002
        """One stored message of the plugin."""
        ...


class DeskPages(Protocol):
    """The frame of the plugin's own pages."""

    def visitor(self) -> Visitor | None:
        """Who is signed in."""
        ...

    def sign_in(self) -> Any:
        """A response that asks to sign in and leads back."""
        ...

    def render(self, template: str, context: Any, status: int) -> Any:
        """A page in the marketplace's layout."""
        ...

    def tell(self, message: str, category: str) -> None:
        """A sentence on the next page."""
        ...

    def say(self, text: str) -> str:
        """A sentence in the reader's language."""
        ...


class DeskTables(Protocol):
    """The plugin's own tables."""

    def unit(self, plugin: str) -> AbstractContextManager[Any]:
        """A session that writes."""
        ...

    def reading(self, plugin: str) -> AbstractContextManager[Any]:
        """A session that only reads."""
        ...


def _nobody(plugin: str, what: str) -> NoReturn:
    msg = f"{plugin} cannot {what}: no marketplace stands behind this desk"
    raise DeskRefused(msg)


class NoActions:
    """The actions of a desk without a marketplace (tests of a plugin alone): all are refused."""

    def meet_condition(self, plugin: str, contract: str, condition: str, evidence: str) -> None:
        """Refuse."""
        _nobody(plugin, f"meet {condition} of {contract} ({evidence})")

    def record_verdict(self, plugin: str, kind: str, owner: str, check: str, verdict: Verdict) -> str:
        """Refuse."""
        _nobody(plugin, f"record {verdict.result} of {check} on {kind} {owner}")

    def ask_for_document(self, plugin: str, kind: str, owner: str, check: str, why: str) -> None:
        """Refuse."""
        _nobody(plugin, f"ask {kind} {owner} for what {check} needs ({why})")

    def post(self, plugin: str, thread: str, text: str, to: str) -> None:
        """Refuse."""
        _nobody(plugin, f"write {text!r} in {thread} to {to}")

    def notify(self, plugin: str, account: str, text: str, path: str) -> None:
        """Refuse."""
        _nobody(plugin, f"tell {account} {text!r} ({path})")

    def take_transition(self, plugin: str, milestone: str, transition: str, note: str) -> str:
        """Refuse."""
        _nobody(plugin, f"take {transition} of {milestone} ({note})")

    def receive_payment(self, plugin: str, bill: str, payment: Payment) -> Money:
        """Refuse."""
        _nobody(plugin, f"record {payment.amount} on {bill}")

    def undo_payment(self, plugin: str, key: str, note: str) -> None:
        """Refuse."""
        _nobody(plugin, f"take {key} back ({note})")


class NoQueries:
    """The reads of a desk without a marketplace: there is nothing."""

    def background(self, country: str) -> BackgroundRow | None:  # noqa: ARG002
        """Nothing may be asked."""
        return None

    def profile(self, id: str) -> ProfileRow | None:  # noqa: A002, ARG002
        """Nobody."""
        return None

    def profiles(self, after: str, most: int) -> list[ProfileRow]:  # noqa: ARG002
        """Nobody."""
        return []

    def mission(self, id: str) -> MissionRow | None:  # noqa: A002, ARG002
        """Nothing."""
        return None

    def missions(self, state: str, after: str, most: int) -> list[MissionRow]:  # noqa: ARG002
        """Nothing."""
        return []

    def organisation(self, id: str) -> OrganisationRow | None:  # noqa: A002, ARG002
        """Nobody."""
        return None

    def contract(self, id: str) -> ContractRow | None:  # noqa: A002, ARG002
        """Nothing."""
        return None

    def verdicts(self, plugin: str, kind: str, owner: str) -> list[VerdictRow]:  # noqa: ARG002
        """Nothing."""
        return []

    def evidence(self, plugin: str, file: str) -> EvidenceFile | None:  # noqa: ARG002
        """Nothing."""
        return None

    def bill(self, id: str) -> BillRow | None:  # noqa: A002, ARG002
        """Nothing."""
        return None

    def bills(
        self, freelancer: str, organisation: str, contract: str, state: str, most: int  # noqa: ARG002
    ) -> list[BillRow]:
        """Nothing."""
        return []

    def personal(self, plugin: str, account: str, what: Sequence[str]) -> Mapping[str, str]:  # noqa: ARG002
        """Nothing."""
        return {}


class NoJobs:
    """The jobs of a desk without a marketplace: all are refused."""

    def later(self, plugin: str, kind: str, payload: Mapping[str, Any], delay: timedelta, key: str) -> None:
        """Refuse."""
        _nobody(plugin, f"have {kind} run after {delay} ({dict(payload)}, {key!r})")


class NoMessages:
    """No message ever came."""

    def message(self, plugin: str, id: str) -> Message | None:  # noqa: A002, ARG002
        """None."""
        return None


class NoPages:
    """No site to show a page on: nobody is signed in."""

    def visitor(self) -> Visitor | None:
        """Nobody."""
        return None

    def sign_in(self) -> Any:
        """Refuse."""
        _nobody("a plugin", "ask anybody to sign in")

    def render(self, template: str, context: Any, status: int) -> Any:  # noqa: ARG002
        """Refuse."""
        _nobody("a plugin", f"show {template}")

    def tell(self, message: str, category: str) -> None:
        """Tell nobody."""

    def say(self, text: str) -> str:
        """English."""
        return str(text)


class NoTables:
    """No database."""

    def unit(self, plugin: str) -> AbstractContextManager[Any]:
        """Refuse."""
        _nobody(plugin, "write in its tables")

    def reading(self, plugin: str) -> AbstractContextManager[Any]:
        """Refuse."""
        _nobody(plugin, "read its tables")


@dataclass(frozen=True, slots=True)
class DeskPorts:
    """What answers a desk besides its actions."""

    queries: DeskQueries = field(default_factory=NoQueries)
    jobs: DeskJobs = field(default_factory=NoJobs)
    messages: DeskMessages = field(default_factory=NoMessages)
    tables: DeskTables = field(default_factory=NoTables)
    pages: DeskPages = field(default_factory=NoPages)
