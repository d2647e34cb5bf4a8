"""What messages of providers come to: facts, applied once whatever their order (J2, J3, J5)."""

from collections.abc import Sequence
from typing import Any

from marketwright.features.inbox.ports import Received
from marketwright.features.payments import payees
from marketwright.features.payments.applying import apply
from marketwright.features.payments.reporting import check, report
from marketwright.features.payments.running import Fence, HouseLike, hold_days_of, run
from marketwright.features.payments.tables import SETTLED_STATES, PaymentCommand
from marketwright.hooks.manager import Entry
from marketwright.kernel.actors import system
from marketwright.kernel.errors import PluginFailed
from marketwright.strategies.payments import Fact, FactKind, Outcome, PaymentProvider

_ACTOR = system("payments")


def take(house: HouseLike, received: Received, fence: Fence | None) -> str | None:
    """Apply the facts in a provider's message; ``None`` when its plugin is no payment provider.

    A confirmation counts as it is; anything else asks the provider how it stands now, so that the order of arrival
    does not matter (J3).
    """
    entry = next((e for e in house.plugins.payment_providers.values() if e.plugin == received.plugin), None)
    if entry is None:
        return None
    facts = _read(entry, received)
    ours = [take_fact(house, entry, fact, fence=fence) for fact in facts]
    if any(ours):
        return "applied"
    return "ignored" if facts else None


def _read(entry: Entry[PaymentProvider], received: Received) -> Sequence[Fact]:
    try:
        facts: Any = entry.ask("read", lambda p: p.read(received.message))
    except PluginFailed as failed:
        if isinstance(failed.__cause__, ValueError):
            raise ValueError(str(failed.__cause__)) from failed
        raise
    return checked(entry, "read", facts)


def checked(entry: Entry[PaymentProvider], what: str, facts: Any) -> Sequence[Fact]:
    """``facts`` if they can be true, every one of them; ``PluginFailed`` else (P1)."""
    try:
        if not isinstance(facts, Sequence):
            check(facts)
        for fact in facts:
            check(fact)
    except ValueError as error:
        raise PluginFailed(entry.plugin, what, str(error)) from None
    return facts  # type: ignore[no-any-return]


def take_fact(
    house: HouseLike, entry: Entry[PaymentProvider], fact: Fact, *, way: str = "message", fence: Fence | None = None
) -> bool:
    """Whether the fact is about something of ours; what it builds on is looked up first where we do not know it yet."""
    if fact.kind is FactKind.PAYEE_CHANGED:
        return payees.changed(house, entry, fact, fence=fence)
    row = _ours(house, entry, fact.key)
    if fact.kind is FactKind.ANSWER:
        return row is not None and _answer(house, entry, fact, way, fence)
    if row is not None and row.state not in SETTLED_STATES and fact.kind is not FactKind.ARRIVED:
        run(house, fact.key, fence=fence)
    done = house.database.persist(_ACTOR, lambda uow: report(uow, entry.it.name, fact, way=way), fence=fence)
    if row is not None and done == "applied" and fact.kind is FactKind.ARRIVED:
        run(house, fact.key, fence=fence)  # the rest may be there by now
    return done != "ignored"


def _ours(house: HouseLike, entry: Entry[PaymentProvider], key: str) -> PaymentCommand | None:
    with house.database.reading() as session:
        row = session.get(PaymentCommand, key) if key else None
        return row if row is not None and row.provider == entry.it.name else None


def _answer(house: HouseLike, entry: Entry[PaymentProvider], fact: Fact, way: str, fence: Fence | None) -> bool:
    if fact.answer.outcome is not Outcome.CONFIRMED:
        run(house, fact.key, fence=fence)
        return True
    hold_days = hold_days_of(entry)
    house.database.persist(_ACTOR, lambda uow: apply(uow, fact, way=way, hold_days=hold_days), fence=fence)
    return True
