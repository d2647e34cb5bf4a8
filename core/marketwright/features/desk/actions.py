"""The actions of the desk: deeds of a plugin as actor ``plugin:<name>``, each in one commit and in the audit log."""

from collections.abc import Callable
from typing import TypeVar

from marketwright.features.contracts.conditions import meet_by_plugin
from marketwright.features.contracts.course import money_action
from marketwright.features.contracts.receiving import receive
from marketwright.features.contracts.registry import load
from marketwright.features.contracts.steps import Ask, take
from marketwright.features.invoicing import receiving
from marketwright.features.invoicing.receiving import Arrival
from marketwright.features.messaging import service as messaging
from marketwright.features.notifications import service as notifications
from marketwright.features.vetting import service as vetting
from marketwright.hooks.manager import Plugins
from marketwright.hooks.permits import DeskRefused
from marketwright.hooks.ports import Payment
from marketwright.kernel.actors import plugin_actor
from marketwright.kernel.errors import InvalidInput, NotAllowed
from marketwright.kernel.money import Money
from marketwright.kernel.ports import Ports
from marketwright.kernel.text import Text
from marketwright.store.database import Database
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.processes import Action
from marketwright.strategies.vetting import SubjectKind, Verdict

T = TypeVar("T")
LONGEST = 2000  # characters of what a plugin tells people


class HouseActions:
    """Answers the port ``DeskActions``."""

    def __init__(self, database: Database, ports: Ports) -> None:
        self._database, self._ports = database, ports

    def _do(self, plugin: str, deed: Callable[[UnitOfWork], T]) -> T:
        with self._database.unit(plugin_actor(plugin)) as uow:
            done = deed(uow)
            uow.commit()
        return done

    def _own_check(self, plugin: str, check: str) -> str:
        """The label of a check of ``plugin``; :class:`DeskRefused` for another's."""
        entry = self._ports.get(Plugins).vetting_checks.get(check)
        if entry is None or entry.plugin != plugin:
            msg = f"{plugin} brings no check named {check!r}"
            raise DeskRefused(msg)
        return entry.it.label

    def meet_condition(self, plugin: str, contract: str, condition: str, evidence: str) -> None:
        """Meet a condition; the desk has checked that it is the plugin's own."""
        meet_by_plugin(self._database, plugin=plugin, contract=contract, condition=condition, evidence=evidence)

    def record_verdict(self, plugin: str, kind: str, owner: str, check: str, verdict: Verdict) -> str:
        """Record a verdict of a check of the plugin; an open attempt about the same part ends with it."""
        by = vetting.By(f"plugin:{plugin}", self._own_check(plugin, check))
        subject = SubjectKind(kind)
        return self._do(plugin, lambda uow: vetting.judge(uow, check=check, kind=subject, owner=owner, verdict=verdict,
                                                          by=by))  # fmt: skip

    def ask_for_document(self, plugin: str, kind: str, owner: str, check: str, why: str) -> None:
        """Tell a freelancer or client that a check of the plugin asks for something."""
        self._own_check(plugin, check)
        text = _sentence(why, "why")
        self._do(plugin, lambda uow: vetting.ask(uow, check=check, kind=SubjectKind(kind), owner=owner, why=text))

    def post(self, plugin: str, thread: str, text: str, to: str) -> None:
        """Add a line to a conversation; the side ``to`` finds it unread."""
        said = _sentence(text, "text")

        def deed(uow: UnitOfWork) -> None:
            messaging.announce(uow, thread=thread, text=said, to=to)
            uow.audit("thread.noted", thread, by=plugin)

        self._do(plugin, deed)

    def notify(self, plugin: str, account: str, text: str, path: str) -> None:
        """Tell a person, in their inbox and by mail."""
        said, places = _sentence(text, "text"), None
        if isinstance(text, Text):
            said, places = text.template, text.params
        if path and (not path.startswith("/") or path.startswith("//")):
            raise InvalidInput({"path": [f"{path!r} is no path of this site"]})
        self._do(plugin, lambda uow: notifications.announce(
            uow, account=account, text=said, path=path[:300], places=places,
        ))  # fmt: skip

    def take_transition(self, plugin: str, milestone: str, transition: str, note: str) -> str:
        """Take a transition whose actor is ``plugin``; one that moves money is refused."""

        def deed(uow: UnitOfWork) -> str:
            _row, _contract, process = load(uow.session, milestone)
            way = next((t for t in process.transitions if t.name == transition), None)
            if way is not None and (money_action(way) is not None or Action.PAID in way.actions):
                raise NotAllowed("A plugin moves no money.")
            return take(uow, milestone=milestone, transition=transition, ask=Ask(note=note[:LONGEST])).state

        return self._do(plugin, deed)

    def receive_payment(self, plugin: str, bill: str, payment: Payment) -> Money:
        """Record a payment on a bill; with nothing left to pay the deal goes on in the same commit."""
        arrival = Arrival(payment.amount, payment.key, payment.paid_on, payment.payer, payment.note)
        return self._do(plugin, lambda uow: receive(uow, bill=bill, arrival=arrival))

    def undo_payment(self, plugin: str, key: str, note: str) -> None:
        """Take a payment of the plugin back."""
        self._do(plugin, lambda uow: receiving.undo_key(uow, key=key, note=note))


def _sentence(text: str, field: str) -> str:
    said = text.strip()
    if not said or len(said) > LONGEST:
        raise InvalidInput({field: [f"between 1 and {LONGEST} characters"]})
    return said
