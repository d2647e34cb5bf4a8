"""What messages of providers come to: facts, applied once whatever their order (J2, J3, J5)."""

from collections.abc import Sequence
from typing import Any

from marketwright.features.inbox.ports import Received
from marketwright.features.payments.applying import apply
from marketwright.features.payments.running import Fence, HouseLike, hold_days_of, run
from marketwright.features.payments.tables import PaymentCommand
from marketwright.hooks.manager import Entry
from marketwright.kernel.actors import system
from marketwright.kernel.errors import PluginFailed
from marketwright.strategies.payments import Answer, Fact, Outcome, PaymentProvider

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
    ours = [_apply(house, entry, fact, fence) for fact in facts]
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
    if not isinstance(facts, Sequence) or not all(isinstance(f, Fact) and isinstance(f.answer, Answer) for f in facts):
        raise PluginFailed(entry.plugin, "read", f"gave {type(facts).__name__}, not facts")
    return facts


def _apply(house: HouseLike, entry: Entry[PaymentProvider], fact: Fact, fence: Fence | None) -> bool:
    """Whether the fact is about a command of ours."""
    with house.database.reading() as session:
        row = session.get(PaymentCommand, fact.key)
        known = row is not None and row.provider == entry.it.name
    if not known:
        return False
    if fact.answer.outcome is not Outcome.CONFIRMED:
        run(house, fact.key, fence=fence)
        return True
    hold_days = hold_days_of(entry)
    with house.database.unit(_ACTOR, fence=fence) as uow:
        apply(uow, fact, way="message", hold_days=hold_days)
        uow.commit()
    return True
