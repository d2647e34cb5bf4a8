"""What is lost, done twice, drifted or stuck: the site held against the referee and what people were told."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.contracts import verify as contracts
from marketwright.features.contracts.log import verify_log
from marketwright.features.contracts.tables import Contract, Delivery, Milestone
from marketwright.features.inbox.tables import InboxMessage
from marketwright.features.ledger import verify as ledger
from marketwright.features.ledger.tables import LedgerLeg, LedgerSeal, LedgerTransaction
from marketwright.features.payments import verify as payments
from marketwright.features.payments.commands import COMMAND_JOB
from marketwright.features.payments.tables import (
    SETTLED_STATES,
    Hold,
    PaymentArrival,
    PaymentCommand,
    PaymentDispute,
    PaymentFact,
)
from marketwright.store.tables import JobRow
from marketwright.testing.drill.double import Effect
from marketwright.testing.drill.play import Ledger
from marketwright.testing.drill.site import Site
from marketwright.testing.drill.standing import ENDS

MOVES = {"fund": "charge", "release": "transfer", "refund": "refund", "split": "transfer", "payout": "payout"}
KINDS = {*MOVES.values(), "reversal"}
TAKES = {"fund": "fund", "approve": "release", "give_back": "refund", "decide_refund": "refund",
         "decide_split": "split"}  # fmt: skip
TALES = 20  # findings of a kind that are told in words


@dataclass
class Verdict:
    """The four counts, with what each counted in words."""

    acked_lost: list[str] = field(default_factory=list)
    double_effects: list[str] = field(default_factory=list)
    ledger_drift: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """The four numbers of the drill."""
        return {name: len(getattr(self, name)) for name in
                ("acked_lost", "double_effects", "ledger_drift", "stuck")}  # fmt: skip

    def tales(self) -> dict[str, list[str]]:
        """What was found, in words; the first of each kind."""
        return {name: getattr(self, name)[:TALES] for name in self.counts() if getattr(self, name)}


def judge(site: Site, acked: Ledger, odd: Sequence[str] = ()) -> Verdict:
    """Hold the whole site against the referee. ``odd`` is what the last reconciliation could not match (E14)."""
    effects, balance = site.double.effects(), site.double.balance("EUR")
    with site.house.database.reading() as session:
        effects = _lasting(session, effects)
        return Verdict(
            acked_lost=[*_unknown(session, effects), *_forgotten(session, acked), *_dropped(session, acked)],
            double_effects=[*_doubled(effects), *_too_much(session, effects), *acked.wrongly],
            ledger_drift=[*_broken(session, site), *_drift(session, balance), *_unbacked(session, effects),
                          *_against_holds(session), *odd],
            stuck=list(stuck(session)),
        )


def _lasting(session: Session, effects: Sequence[Effect]) -> list[Effect]:
    """Without what was transferred and fetched back whole before its command was refused, or the other way round."""
    kinds = {key: (kind, state) for key, kind, state in session.execute(
        select(PaymentCommand.id, PaymentCommand.kind, PaymentCommand.state))}  # fmt: skip
    there = Counter[str]()
    for effect in effects:
        there[effect.command] += {"transfer": effect.amount, "reversal": -effect.amount}.get(effect.kind, 0)
    found = list[Effect]()
    for effect in effects:
        kind, state = kinds.get(effect.command, ("", ""))
        if effect.kind in ("transfer", "reversal"):
            if state == "FAILED" and not there[effect.command]:
                continue
            if kind in ("payout", "refund"):  # their transfers give again what they took back
                if effect.kind == "transfer" or not there[effect.command]:
                    continue
                effect = replace(effect, amount=-there[effect.command])  # noqa: PLW2901
        found.append(effect)
    return found


def stuck(session: Session) -> Iterator[str]:
    """What has not come to rest: commands, holds, contracts, jobs, messages, entries without a seal."""
    c, h, m, j, i = PaymentCommand, Hold, Milestone, JobRow, InboxMessage
    for row in session.execute(
        select(c.id, c.kind, c.state, c.attempts, c.note).where(c.state.not_in(SETTLED_STATES), c.given_up_at.is_(None))
    ):
        yield f"command {row.id}: a {row.kind} is {row.state} after {row.attempts} attempts {row.note}".strip()
    for held in session.execute(
        select(h.id, h.state, h.held, h.paid, h.paid_out).where(
            h.state.not_in(("SETTLED", "EXPIRED")) | (h.held > 0) | (h.paid_out + h.withheld < h.paid)
        )
    ):
        yield f"hold {held.id} is {held.state}, holds {held.held}, paid out {held.paid_out} of {held.paid}"
    for part in session.execute(
        select(m.id, m.state, m.pending)
        .join(Contract, Contract.id == m.contract_id)
        .where(m.state.not_in(ENDS) | (m.pending != ""))
    ):
        yield f"milestone {part.id} is {part.state} {part.pending}".strip()
    for job in session.execute(select(j.kind, j.key, j.last_error).where(j.state == "dead")):
        if job.kind != COMMAND_JOB or not _settled(session, job.key):
            yield f"job {job.kind} {job.key} is dead: {job.last_error.strip().splitlines()[-1:]}"
    for message in session.execute(select(i.event_id, i.note).where(i.state == "stored")):
        yield f"message {message.event_id} is stored and was never taken {message.note}".strip()
    yield from _waiting(session)
    sealed = select(LedgerSeal.transaction_id)
    for name in session.scalars(select(LedgerTransaction.id).where(LedgerTransaction.id.not_in(sealed))):
        yield f"ledger transaction {name} is not sealed"


def _settled(session: Session, job: str) -> bool:
    """Whether a job's command came to its end by others: its worker was killed under it as often as a job may die."""
    command = session.get(PaymentCommand, job.partition(":")[0])
    return command is not None and command.state in SETTLED_STATES


def _waiting(session: Session) -> Iterator[str]:
    """What a bank did and nobody has dealt with."""
    d, f, a = PaymentDispute, PaymentFact, PaymentArrival
    for row in session.execute(
        select(d.reference, d.state).where((d.state == "OPEN") | (d.state == "LOST") & d.absorbed.is_(False))
    ):
        yield f"dispute {row.reference} is {row.state} and not dealt with"
    for fact, kind, key in session.execute(select(f.fact_id, f.kind, f.command_id).where(f.waits.is_(True))):
        yield f"fact {fact} ({kind}) waits for {key}"
    for name, left in session.execute(
        select(a.id, a.amount - a.used - a.giving_back - a.gone).where(a.amount > a.used + a.giving_back + a.gone)
    ):
        yield f"arrival {name}: {left} of it is nobody's"


def _unknown(session: Session, effects: Sequence[Effect]) -> Iterator[str]:
    """What the referee did for a key of ours that we do not know to be done."""
    done = {k for k, s in session.execute(select(PaymentCommand.id, PaymentCommand.state)) if s == "CONFIRMED"}
    for effect in effects:
        if effect.command and effect.kind in MOVES.values() and effect.command not in done:
            yield f"{effect.kind} of {effect.amount} for {effect.command}: the site does not know that it was done"


def _forgotten(session: Session, acked: Ledger) -> Iterator[str]:
    """What people were told is taken, and left no trace."""
    commands = {(h, k) for h, k in session.execute(select(PaymentCommand.hold_id, PaymentCommand.kind))}
    handed = set(session.scalars(select(Delivery.milestone_id)))
    for hold, step in set(acked.steps):
        kind = TAKES.get(step)
        if kind is not None and (hold, kind) not in commands:
            yield f"{step} of {hold} was acknowledged, and there is no {kind}"
        if step == "deliver" and hold not in handed:
            yield f"{step} of {hold} was acknowledged, and nothing was handed over"


def _dropped(session: Session, acked: Ledger) -> Iterator[str]:
    stored = set(session.scalars(select(InboxMessage.event_id)))
    for message in acked.messages - stored:
        yield f"message {message} was answered 200 and is not stored"


def _doubled(effects: Sequence[Effect]) -> Iterator[str]:
    for (kind, command), times in Counter((e.kind, e.command) for e in effects if e.command).items():
        if times > 1:
            yield f"{kind} for {command} was done {times} times"


def _seen(session: Session, effects: Sequence[Effect]) -> dict[str, Counter[str]]:
    """By hold (by command, where there is none): what the referee has moved."""
    rows = session.execute(select(PaymentCommand.id, PaymentCommand.hold_id))
    holds = {command: hold or command for command, hold in rows}
    found: dict[str, Counter[str]] = {}
    for effect in effects:
        if effect.command in holds and effect.kind in KINDS:
            found.setdefault(holds[effect.command], Counter())[effect.kind] += effect.amount
    return found


def _told(session: Session) -> dict[str, Counter[str]]:
    """The same by what counts as done here."""
    c, found = PaymentCommand, dict[str, Counter[str]]()
    for row in session.execute(
        select(c.id, c.hold_id, c.kind, c.amount, c.refund, c.reclaimed).where(c.state == "CONFIRMED")
    ):
        mine = found.setdefault(row.hold_id or row.id, Counter())
        mine[MOVES[row.kind]] += row.amount
        mine["refund"] += row.refund
        mine["reversal"] += row.reclaimed
    return found


def _against_holds(session: Session) -> Iterator[str]:
    """Where a hold's own row says something else than its commands."""
    c, h = PaymentCommand, Hold
    lasting = func.coalesce(func.sum(c.amount), 0)
    undone = {hold for hold, in session.execute(select(c.hold_id).where(c.undone_at.is_not(None), c.kind == "fund"))}
    stray = _by_hold(session, lasting, c.stray, c.kind == "refund")
    sums = {kind: _by_hold(session, lasting, c.kind == kind, c.undone_at.is_(None)) for kind in MOVES}
    back = _by_hold(session, func.coalesce(func.sum(c.refund), 0), c.kind == "split")
    for row in session.scalars(select(h)):
        given, extra = sums["refund"].get(row.id, 0) + back.get(row.id, 0), stray.get(row.id, 0)
        told = {"paid": (row.paid, sums["release"].get(row.id, 0) + sums["split"].get(row.id, 0)),
                "paid_out": (row.paid_out, sums["payout"].get(row.id, 0)),
                "refunded": (row.refunded + extra, given)}  # fmt: skip
        if row.id not in undone:
            told["funded"] = (row.funded + extra, sums["fund"].get(row.id, 0))
        for what, (here, there) in told.items():
            if here != there:
                yield f"hold {row.id}: {what} is {here} by its row, {there} by its commands"


def _by_hold(session: Session, summed: Any, *where: Any) -> dict[str, int]:
    c = PaymentCommand
    rows = session.execute(select(c.hold_id, summed).where(c.state == "CONFIRMED", *where).group_by(c.hold_id))
    return {str(hold): int(amount) for hold, amount in rows}


def _too_much(session: Session, effects: Sequence[Effect]) -> Iterator[str]:
    """More at the referee than counts here, though each command was done once."""
    told = _told(session)
    for hold, seen in _seen(session, effects).items():
        for kind, amount in seen.items():
            if amount > told.get(hold, Counter())[kind]:
                yield f"{hold}: {amount} of {kind} at the referee, {told.get(hold, Counter())[kind]} here"


def _unbacked(session: Session, effects: Sequence[Effect]) -> Iterator[str]:
    """Less at the referee than counts here."""
    seen = _seen(session, effects)
    for hold, told in _told(session).items():
        for kind, amount in told.items():
            if amount > seen.get(hold, Counter())[kind]:
                yield f"{hold}: {seen.get(hold, Counter())[kind]} of {kind} at the referee, {amount} here"


def _broken(session: Session, site: Site) -> Iterator[str]:
    now = datetime.now(UTC)
    found = [*ledger.verify(session, folder=site.var, now=now), *payments.verify(session, now=now),
             *contracts.verify(session)]  # fmt: skip
    for finding in found:
        if finding.grave:
            yield f"{finding.rule} {finding.row}: {finding.says}"
    for text in verify_log(session):
        yield f"C2 {text}"


def _drift(session: Session, theirs: int) -> Iterator[str]:
    ours = session.scalar(select(func.sum(LedgerLeg.amount)).where(LedgerLeg.kind == "psp_clearing")) or 0
    if ours != theirs:
        yield f"E14: the ledger says {ours}, the provider {theirs}"
