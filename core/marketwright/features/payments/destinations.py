"""Where a freelancer's money goes, and the time in which a new destination is not paid to (E13)."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from stdnum import iban as ibans
from stdnum.exceptions import ValidationError

from marketwright.features.accounts.tables import Account
from marketwright.features.payments import events
from marketwright.features.payments.debts import one_at_a_time
from marketwright.features.payments.tables import PayoutDestination
from marketwright.kernel.errors import Conflict, InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork

COOLING = timedelta(hours=72)  # business time after a change in which nothing is paid out


@dataclass(frozen=True, slots=True)
class Destination:
    """Where money goes: a bank account of ``holder`` (``iban``), or the account ``label`` at ``provider``.

    ``since`` and ``ready_at`` are in business time: from ``ready_at`` on it is paid to.
    """

    holder: str
    iban: str
    provider: str
    label: str
    since: datetime
    ready_at: datetime

    @property
    def country(self) -> str:
        """The country of the IBAN, '' for an account at the provider."""
        return self.iban[:2]


def compact(typed: str) -> str:
    """The IBAN that was ``typed``; ``InvalidInput`` at ``iban`` when its letters, length or check digits are wrong."""
    try:
        return str(ibans.validate(typed))
    except ValidationError as wrong:
        said = say("This is no IBAN: its length or a digit is wrong. Please copy it again.")
        raise InvalidInput({"iban": [said]}) from wrong


def change(uow: UnitOfWork, *, freelancer: str, holder: str, iban: str) -> datetime:
    """Pay ``freelancer`` to this bank account; returns when the first payout may leave for it.

    The first one is good at once, another one cools for 72 hours, with a notice to whom it was taken from; so does a
    first one while the password is younger than that, as it may have been set through a stolen mailbox. The caller has
    asked for the password and the second factor. ``InvalidInput`` for an IBAN that is none, ``Conflict`` for the
    one that is there.
    """
    if not holder.strip():
        raise InvalidInput({"holder": [say("Write whose account it is, as the bank has it.")]})
    return _note(uow, freelancer, holder=holder.strip(), iban=compact(iban), provider="", label="")


def noted_at_provider(uow: UnitOfWork, *, freelancer: str, provider: str, label: str) -> datetime | None:
    """The account at ``provider`` is now the one shown as ``label``; ``None`` when it was so before."""
    try:
        return _note(uow, freelancer, holder="", iban="", provider=provider, label=label[:80])
    except Conflict:
        return None


def _note(
    uow: UnitOfWork, freelancer: str, *, holder: str, iban: str, provider: str, label: str
) -> datetime:  # fmt: skip
    one_at_a_time(uow, freelancer)
    before = destination(uow.session, freelancer)
    if before and (before.iban, before.provider, before.label, before.holder) == (iban, provider, label, holder):
        raise Conflict("This is where your money goes already.")
    now = uow.now
    cools = before is not None or _password_is_young(uow, freelancer)
    ready = now + COOLING if cools else now
    uow.session.add(
        PayoutDestination(
            freelancer_id=freelancer, provider=provider, holder=holder, iban=iban, label=label, since=now,
            ready_at=ready, by=uow.actor.label,
        )
    )  # fmt: skip
    uow.flush()
    uow.emit(events.DESTINATION_CHANGED, freelancer, first="" if cools else "yes")
    uow.audit(events.DESTINATION_CHANGED, freelancer, ends=(iban or label)[-4:], provider=provider)
    return ready


def _password_is_young(uow: UnitOfWork, freelancer: str) -> bool:
    """Whether who sets the first destination may be who has just taken the account over through its mailbox."""
    changed = uow.session.scalar(select(Account.password_changed_at).where(Account.id == freelancer))
    return changed is not None and uow.machine_now - changed < COOLING


def destination(session: Session, freelancer: str) -> Destination | None:
    """Where the money of ``freelancer`` goes now."""
    d = PayoutDestination
    row = session.execute(
        select(d.holder, d.iban, d.provider, d.label, d.since, d.ready_at)
        .where(d.freelancer_id == freelancer)
        .order_by(d.seq.desc())
        .limit(1)
    ).first()
    return Destination(*row) if row else None


def account_in_force(session: Session, freelancer: str, now: datetime) -> Destination | None:
    """The bank account that others may be shown: the latest one that has cooled; ``None`` where there is none."""
    d = PayoutDestination
    row = session.execute(
        select(d.holder, d.iban, d.provider, d.label, d.since, d.ready_at)
        .where(d.freelancer_id == freelancer, d.iban != "", d.ready_at <= now)
        .order_by(d.seq.desc())
        .limit(1)
    ).first()
    return Destination(*row) if row else None


def cooling_until(session: Session, freelancer: str, now: datetime) -> datetime | None:
    """Until when nothing is paid out to ``freelancer``; ``None`` when nothing cools."""
    d = PayoutDestination
    until = session.scalar(select(func.max(d.ready_at)).where(d.freelancer_id == freelancer))
    return until if until is not None and until > now else None
