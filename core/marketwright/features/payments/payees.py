"""Freelancers at a provider that must know whom it pays: asked for, looked up, never guessed.

The way there is one command ONBOARD at a time and moves no money; the provider opens one account a freelancer. How it
stands is always asked of the provider, so the order of its messages does not matter (J3); where one is lost, everybody
is looked up again after a while all the same, and before money leaves for them (E13).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from time import monotonic
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from marketwright.features.inbox.ports import HouseLike
from marketwright.features.payments import events, marks
from marketwright.features.payments.booking import tell
from marketwright.features.payments.destinations import noted_at_provider
from marketwright.features.payments.ports import PERSON_PATIENCE, Fence, onboards
from marketwright.features.payments.tables import Hold, Payee
from marketwright.features.payments.words import NEED_WORDS
from marketwright.hooks.manager import Entry
from marketwright.kernel.actors import system
from marketwright.kernel.errors import PluginFailed
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money
from marketwright.store.unit import UnitOfWork
from marketwright.store.upserts import upsert
from marketwright.strategies.payments import (
    Answer,
    Command,
    CommandKind,
    Fact,
    Need,
    Outcome,
    PaymentProvider,
    Requirement,
)
from marketwright.strategies.processes import HoldState

_ACTOR = system("payments")
TRUSTED = timedelta(hours=1)  # machine time for which an answer is good enough to send a payout by
AGAIN, READY_AGAIN = timedelta(hours=1), timedelta(days=1)  # machine time after which everybody is looked up again
BATCH, SECONDS = 50, 20.0  # of one run, for each provider
_STATES = {
    Outcome.CONFIRMED: "READY", Outcome.PAGE: "PAGE", Outcome.WAITING: "WAITING", Outcome.FAILED: "REFUSED",
}  # fmt: skip
_LIVE = (HoldState.NONE, HoldState.FUNDING, HoldState.FUNDED)


def is_ready(session: Session, provider: str, freelancer: str) -> bool:
    """Whether ``provider`` has said that it can pay ``freelancer``."""
    return session.scalar(
        select(Payee.state).where(Payee.provider == provider, Payee.freelancer_id == freelancer)
    ) == "READY"  # fmt: skip


def ask(
    house: HouseLike, provider: str, freelancer: str, *, return_to: str, country: str = "", language: str = ""
) -> str:
    """Ask the way to what is missing and return its address, '' when there is none (done, or the provider is silent).

    Called with no unit of work open; waits for at most five seconds.
    """
    entry = house.plugins.payment_providers[provider]
    with house.database.unit(_ACTOR) as uow:
        key = _open(uow, provider, freelancer)
        uow.audit("payee.asked", freelancer, provider=provider, key=key)
        uow.commit()
    command = _command(house, key, freelancer, return_to=return_to, country=country, language=language)
    answer = _consult(entry, "execute", command)
    _keep(house, provider, freelancer, answer, fence=None)
    return answer.page if answer.outcome is Outcome.PAGE else ""


def look(house: HouseLike, provider: str, freelancer: str, *, fence: Fence | None = None) -> Answer | None:
    """Look up how ``freelancer`` stands and return what was said; ``None`` when they were never asked for there.

    Called with no unit of work open; waits for at most five seconds.
    """
    with house.database.reading() as session:
        key = session.scalar(
            select(Payee.key).where(Payee.provider == provider, Payee.freelancer_id == freelancer)
        )
    entry = house.plugins.payment_providers.get(provider)
    if key is None or entry is None:
        return None
    back = f"{house.marketplace.base_url}/account/getting-paid/return"
    answer = _consult(entry, "lookup", _command(house, key, freelancer, return_to=back))
    _keep(house, provider, freelancer, answer, fence=fence)
    return answer


def look_again(house: HouseLike, *, fence: Fence | None = None) -> int:
    """Look up whom nobody has looked up for long: daily who is READY, hourly the others; returns how many were.

    Called with no unit of work open. A provider that does not say is not asked again in this run. They are taken in no
    order, so that somebody about whom it never says anything keeps nobody else waiting.
    """
    count = 0
    for provider in house.plugins.payment_providers:
        end = monotonic() + SECONDS
        for freelancer in _due(house, provider):
            said = look(house, provider, freelancer, fence=fence) if monotonic() < end else None
            if said is None or said.outcome is Outcome.UNKNOWN:
                break
            count += 1
    return count


def _due(house: HouseLike, provider: str) -> Sequence[str]:
    if not onboards(house.database.ports, provider):
        return ()
    p, now = Payee, house.clock.machine()
    long_ago = or_(p.updated_at <= now - READY_AGAIN, and_(p.state != "READY", p.updated_at <= now - AGAIN))
    with house.database.reading() as session:
        return session.scalars(
            select(p.freelancer_id).where(p.provider == provider, long_ago).order_by(func.random()).limit(BATCH)
        ).all()


def unsure(session: Session, provider: str, freelancer: str, now: datetime, *, looked: bool) -> bool:
    """Whether to look up ``freelancer`` before a payout is sent (E13); ``looked`` says that it was just tried.

    False for whom the provider was never asked about. ``now`` is machine time.
    """
    p = Payee
    row = session.execute(
        select(p.state, p.updated_at).where(p.provider == provider, p.freelancer_id == freelancer)
    ).first()
    return row is not None and (row.updated_at <= now - TRUSTED or (row.state != "READY" and not looked))


def changed(house: HouseLike, entry: Entry[PaymentProvider], fact: Fact, *, fence: Fence | None = None) -> bool:
    """A provider says that a payee has changed: look up how they stand. Whether they are one of ours.

    ``PluginFailed`` when it does not say how: the message is to come again.
    """
    with house.database.reading() as session:
        p = Payee
        about = p.key == fact.key if fact.key else p.freelancer_id == fact.payee
        freelancer = session.scalar(select(p.freelancer_id).where(p.provider == entry.it.name, about))
    said = look(house, entry.it.name, freelancer, fence=fence) if freelancer is not None else None
    if said is not None and said.outcome is Outcome.UNKNOWN:
        raise PluginFailed(entry.plugin, "lookup", said.reason or "it does not say how a payee stands")
    return said is not None


def missing_of(payee: Payee | None) -> list[Requirement]:
    """What is missing before they can be paid; the whole of it is unknown for one who never began."""
    said: Sequence[Mapping[str, Any]] = payee.missing if payee is not None else ()
    found = []
    for item in said:
        due = item.get("due")
        need = Need(item["need"]) if item.get("need") in list(Need) else Need.OTHER
        found.append(Requirement(need, datetime.fromisoformat(due) if due else None, str(item.get("detail", ""))))
    return found


def need_words(requirement: Requirement) -> str:
    """The words for one thing that is missing."""
    return NEED_WORDS[requirement.need]


def _open(uow: UnitOfWork, provider: str, freelancer: str) -> str:
    now, key = uow.machine_now, new_id()
    uow.session.execute(
        upsert(uow.session, Payee)
        .values(
            id=new_id(), provider=provider, freelancer_id=freelancer, key=key, state="ASKED", reference="", page="",
            reason="", missing=[], marks=[], created_at=now, updated_at=now,
        )
        .on_conflict_do_nothing()
    )  # fmt: skip
    uow.session.execute(
        update(Payee).where(Payee.provider == provider, Payee.freelancer_id == freelancer).values(key=key)
    )
    return key


def _command(
    house: HouseLike, key: str, freelancer: str, *, return_to: str, country: str = "", language: str = ""
) -> Command:
    return Command(
        key, CommandKind.ONBOARD, "", Money(0, house.marketplace.currency), payee=freelancer, return_to=return_to,
        country=country, language=language,
    )  # fmt: skip


def _consult(entry: Entry[PaymentProvider], what: str, command: Command) -> Answer:
    try:
        answer: Any = entry.ask(what, lambda p: getattr(p, what)(command), limit=PERSON_PATIENCE)
    except PluginFailed as failed:
        return Answer(Outcome.UNKNOWN, reason=failed.reason[:500])
    if not isinstance(answer, Answer) or not isinstance(answer.outcome, Outcome):
        return Answer(Outcome.UNKNOWN, reason="not an answer")
    if not all(isinstance(m, Requirement) for m in answer.missing):
        return Answer(Outcome.UNKNOWN, reason="what is missing is no requirement")
    if answer.outcome is Outcome.PAGE and not answer.page.startswith(("https://", "http://", "/")):
        return Answer(Outcome.UNKNOWN, reason="a page without an address")
    return answer


def _keep(house: HouseLike, provider: str, freelancer: str, answer: Answer, *, fence: Fence | None) -> None:
    with house.database.unit(_ACTOR, fence=fence) as uow:
        row = uow.session.scalars(
            select(Payee).where(Payee.provider == provider, Payee.freelancer_id == freelancer).with_for_update()
        ).one()
        now = uow.machine_now
        if answer.outcome is Outcome.UNKNOWN:  # what was known counts no more: they are looked up again at once
            row.updated_at = min(row.updated_at, now - READY_AGAIN)
        else:
            row.updated_at, row.reason = now, str(answer.reason)[:500]
        if answer.outcome in _STATES and not (answer.outcome is Outcome.FAILED and answer.absent):
            _stands(uow, row, answer)
        uow.commit()


def _stands(uow: UnitOfWork, row: Payee, answer: Answer) -> None:
    before, state = row.state, _STATES[answer.outcome]
    row.state, row.reference = state, answer.reference[:200] or row.reference
    row.page = answer.page[:2000] if answer.outcome is Outcome.PAGE else ""
    row.missing = [
        {"need": str(m.need), "due": m.due.isoformat() if m.due else None, "detail": m.detail[:200]}
        for m in answer.missing[:30]
    ]
    if answer.marks:
        row.marks = list(answer.marks[:10])
        marks.keep(uow, row.provider, "payee", row.freelancer_id, answer.marks)
        _review(uow, row)
        known = sha256(",".join(sorted(answer.marks)).encode()).hexdigest()[:6]
        noted_at_provider(uow, freelancer=row.freelancer_id, provider=row.provider, label=known)
    row.ready_at = row.ready_at or uow.now if state == "READY" else None
    uow.flush()
    if state == "READY" and before != "READY":
        uow.emit(events.PAYEE_READY, row.freelancer_id, provider=row.provider)
    if before == "READY" and state != "READY":
        uow.emit(events.PAYEE_WANTED, row.freelancer_id, provider=row.provider, contract="")
    if before != state:
        uow.audit("payee.stands", row.freelancer_id, provider=row.provider, before=before, after=state)


def _review(uow: UnitOfWork, row: Payee) -> None:
    """Freeze what a client has paid with the account on which its freelancer is paid (E16)."""
    wanted = select(Hold).where(
        Hold.freelancer_id == row.freelancer_id, Hold.state.in_(_LIVE), Hold.frozen.is_(False)
    )
    for hold in uow.session.scalars(wanted.with_for_update()).all():
        if marks.same_account(uow, hold.organisation_id, hold.freelancer_id):
            hold.frozen, hold.version = True, hold.version + 1
            uow.flush()
            tell(uow, hold, events.SAME_ACCOUNT)


