"""What is lost, done twice, drifted or stuck: the site held against the referee and what people were told."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.contracts import verify as contracts
from marketwright.features.contracts.log import verify_log
from marketwright.features.contracts.tables import Contract, Delivery, Milestone
from marketwright.features.inbox.tables import InboxMessage
from marketwright.features.ledger import verify as ledger
from marketwright.features.ledger.tables import LedgerLeg, LedgerSeal, LedgerTransaction
from marketwright.features.payments import verify as payments
from marketwright.features.payments.tables import SETTLED_STATES, Hold, PaymentCommand
from marketwright.store.tables import JobRow
from marketwright.testing.drill.double import Effect
from marketwright.testing.drill.play import ENDS, Ledger
from marketwright.testing.drill.site import Site

MOVES = {"fund": "charge", "release": "transfer", "refund": "refund", "split": "transfer", "payout": "payout"}
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


def judge(site: Site, acked: Ledger) -> Verdict:
    """Hold the whole site against the referee."""
    effects, balance = site.double.effects(), site.double.balance("EUR")
    with site.house.database.reading() as session:
        return Verdict(
            acked_lost=[*_unknown(session, effects), *_forgotten(session, acked), *_dropped(session, acked)],
            double_effects=[*_doubled(effects), *_too_much(session, effects), *acked.wrongly],
            ledger_drift=[*_broken(session, site), *_drift(session, balance), *_unbacked(session, effects)],
            stuck=list(stuck(session)),
        )


def stuck(session: Session) -> Iterator[str]:
    """What has not come to rest: commands, holds, contracts, jobs, messages, entries without a seal."""
    c, h, m, j, i = PaymentCommand, Hold, Milestone, JobRow, InboxMessage
    for row in session.execute(
        select(c.id, c.kind, c.state, c.attempts, c.note).where(c.state.not_in(SETTLED_STATES), c.given_up_at.is_(None))
    ):
        yield f"command {row.id}: a {row.kind} is {row.state} after {row.attempts} attempts {row.note}".strip()
    for held in session.execute(
        select(h.id, h.state, h.held, h.paid, h.paid_out).where(
            h.state.not_in(("SETTLED", "EXPIRED")) | (h.held > 0) | (h.paid_out < h.paid)
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
        yield f"job {job.kind} {job.key} is dead: {job.last_error.strip().splitlines()[-1:]}"
    for message in session.execute(select(i.event_id, i.note).where(i.state == "stored")):
        yield f"message {message.event_id} is stored and was never taken {message.note}".strip()
    sealed = select(LedgerSeal.transaction_id)
    for name in session.scalars(select(LedgerTransaction.id).where(LedgerTransaction.id.not_in(sealed))):
        yield f"ledger transaction {name} is not sealed"


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


def _by_hold(session: Session, effects: Sequence[Effect]) -> dict[str, Counter[str]]:
    holds = {row.id: row.hold_id or "" for row in session.execute(select(PaymentCommand.id, PaymentCommand.hold_id))}
    found: dict[str, Counter[str]] = {}
    for effect in effects:
        if effect.command in holds:
            found.setdefault(holds[effect.command], Counter())[effect.kind] += effect.amount
    return found


def _strays(session: Session) -> dict[str, int]:
    """By hold: what came too late and was given back."""
    c = PaymentCommand
    rows = session.execute(
        select(c.hold_id, func.sum(c.amount)).where(c.stray, c.kind == "refund", c.state == "CONFIRMED").group_by(
            c.hold_id
        )
    )
    return {str(hold): int(amount) for hold, amount in rows}


def _told(session: Session) -> Iterator[tuple[str, dict[str, int]]]:
    """By hold: what its row says was moved, by the referee's words."""
    strays = _strays(session)
    for h in session.scalars(select(Hold)):
        stray = strays.get(h.id, 0)
        yield h.id, {"charge": h.funded + stray, "transfer": h.paid, "refund": h.refunded + stray,
                     "payout": h.paid_out}  # fmt: skip


def _too_much(session: Session, effects: Sequence[Effect]) -> Iterator[str]:
    """More at the referee than the hold says, though each command was done once."""
    seen = _by_hold(session, effects)
    for hold, told in _told(session):
        for kind, amount in told.items():
            if seen.get(hold, Counter())[kind] > amount:
                yield f"hold {hold}: {seen[hold][kind]} of {kind} at the referee, {amount} by its row"


def _unbacked(session: Session, effects: Sequence[Effect]) -> Iterator[str]:
    """Less at the referee than the hold says."""
    seen = _by_hold(session, effects)
    for hold, told in _told(session):
        for kind, amount in told.items():
            if seen.get(hold, Counter())[kind] < amount:
                yield f"hold {hold}: {seen.get(hold, Counter())[kind]} of {kind} at the referee, {amount} by its row"


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
