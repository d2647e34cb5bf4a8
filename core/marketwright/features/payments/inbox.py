"""Messages of providers: stored, then answered, then applied once (J1, J2, J3, J5)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from marketwright.features.payments.applying import apply
from marketwright.features.payments.running import Fence, HouseLike, hold_days_of, run
from marketwright.features.payments.tables import PaymentCommand, PaymentMessage
from marketwright.kernel.actors import system
from marketwright.kernel.errors import NotFound, PluginFailed
from marketwright.kernel.ids import new_id
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.payments import Answer, Fact, Message, Outcome

MESSAGE_JOB = "payments.message"
LONGEST = 256 * 1024  # bytes of one message
_ACTOR = system("payments")


class BadSignature(ValueError):
    """The message is not the provider's, or too old to tell."""


@dataclass(frozen=True, slots=True)
class _Reading:
    event_id: str
    fact: dict[str, Any]


def receive(house: HouseLike, provider: str, message: Message) -> int:
    """Store what a provider sends and return how many facts were new; their effects come with the worker.

    ``NotFound`` for a provider that is not enabled, :class:`BadSignature` for a message that is not its own,
    ``PluginFailed`` when the plugin cannot read it now (the provider sends it again).
    """
    entry = house.plugins.payment_providers.get(provider)
    if entry is None:
        raise NotFound("There is no such payment provider.")
    try:
        facts = entry.ask("read", lambda p: p.read(message))
    except PluginFailed as failed:
        if isinstance(failed.__cause__, ValueError):
            raise BadSignature(str(failed.__cause__)) from failed
        raise
    with house.database.unit(_ACTOR) as uow:
        new = [_store(uow, house, provider, message, reading) for reading in _readings(entry.plugin, message, facts)]
        uow.commit()
    return sum(new)


def _readings(plugin: str, message: Message, facts: Any) -> list[_Reading]:
    if not isinstance(facts, Sequence) or not all(isinstance(f, Fact) and isinstance(f.answer, Answer) for f in facts):
        raise PluginFailed(plugin, "read", f"gave {type(facts).__name__}, not facts")
    if not facts:
        return [_Reading("body:" + hashlib.sha256(message.body).hexdigest(), {})]
    return [_Reading(f.id[:200], fact_to_json(f)) for f in facts]


def _store(uow: UnitOfWork, house: HouseLike, provider: str, message: Message, reading: _Reading) -> bool:
    make = sqlite_insert if uow.session.get_bind().dialect.name == "sqlite" else pg_insert
    row = new_id()
    stored = uow.session.execute(
        make(PaymentMessage)
        .values(
            id=row, provider=provider, account="", mode=str(house.marketplace.stage), event_id=reading.event_id,
            body=message.body, headers=dict(message.headers), fact=reading.fact,
            state="stored" if reading.fact else "ignored", received_at=uow.machine_now, applied_at=None,
        )
        .on_conflict_do_nothing()
        .returning(PaymentMessage.id)
    ).first()  # fmt: skip
    if stored is not None and reading.fact:
        uow.job(MESSAGE_JOB, key=row, message=row)
    return stored is not None


def apply_message(house: HouseLike, message: str, *, fence: Fence | None = None) -> None:
    """Apply one stored message. A confirmation counts as it is; anything else asks the provider how it stands now,
    so that the order of arrival does not matter (J3).
    """
    with house.database.reading() as session:
        row = session.get(PaymentMessage, message)
        if row is None or row.state != "stored":
            return
        fact, provider = fact_from_json(row.fact), row.provider
        known = session.get(PaymentCommand, fact.key) is not None
    if known and fact.answer.outcome is not Outcome.CONFIRMED:
        run(house, fact.key, fence=fence)
    hold_days = hold_days_of(house.plugins.payment_providers.get(provider))
    with house.database.unit(_ACTOR, fence=fence) as uow:
        if known and fact.answer.outcome is Outcome.CONFIRMED:
            apply(uow, fact, way="message", hold_days=hold_days)
        stored = uow.session.get_one(PaymentMessage, message)
        stored.state, stored.applied_at = ("applied" if known else "ignored"), uow.machine_now
        uow.commit()


def fact_to_json(fact: Fact) -> dict[str, Any]:
    """A fact as plain JSON values."""
    a = fact.answer
    return {
        "id": fact.id, "key": fact.key, "outcome": str(a.outcome), "reference": a.reference, "reason": a.reason,
        "page": a.page, "amount": a.amount, "fee": a.fee, "absent": a.absent,
    }  # fmt: skip


def fact_from_json(value: Mapping[str, Any]) -> Fact:
    """The fact of :func:`fact_to_json`."""
    answer = Answer(
        Outcome(value["outcome"]), reference=value["reference"], reason=value["reason"], page=value["page"],
        amount=value["amount"], fee=value["fee"], absent=value["absent"],
    )  # fmt: skip
    return Fact(value["id"], value["key"], answer)
