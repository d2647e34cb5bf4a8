"""Where a freelancer's money goes, and the time in which a new destination is not paid to (E13).

The bank account given here and the account at each provider stand beside one another: each is compared with the one
before it of its own kind, and a payout waits for those that it may go to.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased
from stdnum import iban as ibans
from stdnum.exceptions import ValidationError

from marketwright.features.accounts.tables import Account
from marketwright.features.ledger.owing import one_at_a_time
from marketwright.features.payments import events
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
    first one beside an account at a provider, or while the password is younger than that, as it may have been set
    through a stolen mailbox. The caller has asked for the password and the second factor. ``InvalidInput`` for an IBAN
    that is none, ``Conflict`` for the one that is there.
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
    known = {d.provider: d for d in destinations(uow.session, freelancer)}
    before = known.get(provider)
    if before and (before.iban, before.label, before.holder) == (iban, label, holder):
        raise Conflict("This is where your money goes already.")
    now = uow.now
    used = known.keys() & {provider, ""} if provider else known.keys()  # where payouts may have gone so far
    cools = bool(used) or _password_is_young(uow, freelancer)
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


def destinations(session: Session, freelancer: str) -> list[Destination]:
    """Where the money of ``freelancer`` goes now: the bank account given here first, then that at each provider."""
    d = PayoutDestination
    newest = select(func.max(d.seq)).where(d.freelancer_id == freelancer).group_by(d.provider)
    return _read(session, d.seq.in_(newest))


def destination(session: Session, freelancer: str) -> Destination | None:
    """The first of :func:`destinations`."""
    return next(iter(destinations(session, freelancer)), None)


def account_in_force(session: Session, freelancer: str, now: datetime) -> Destination | None:
    """The bank account that others may be shown: the latest one that has cooled; ``None`` where there is none.

    One that was replaced while it cooled never was in force: it may be a thief's, whom the owner noticed.
    """
    d, later = PayoutDestination, aliased(PayoutDestination)
    replaced = exists().where(
        later.freelancer_id == d.freelancer_id, later.provider == d.provider, later.seq > d.seq,
        later.since < d.ready_at,
    )  # fmt: skip
    found = _read(session, d.freelancer_id == freelancer, d.provider == "", d.ready_at <= now, ~replaced)
    return found[-1] if found else None


def _read(session: Session, *where: ColumnElement[bool]) -> list[Destination]:
    d = PayoutDestination
    rows = session.execute(
        select(d.holder, d.iban, d.provider, d.label, d.since, d.ready_at).where(*where).order_by(d.provider, d.seq)
    )
    return [Destination(*row) for row in rows]


def cooling_until(
    session: Session, freelancer: str, now: datetime, *, provider: str | None = None
) -> datetime | None:  # fmt: skip
    """Until when nothing is paid out to ``freelancer``; ``None`` when nothing cools.

    Of ``provider`` only what a payout there may go to counts: the account at it, and the bank account given here (that
    one alone for '').
    """
    d = PayoutDestination
    wanted = select(func.max(d.ready_at)).where(d.freelancer_id == freelancer)
    until = session.scalar(wanted if provider is None else wanted.where(d.provider.in_(("", provider))))
    return until if until is not None and until > now else None
