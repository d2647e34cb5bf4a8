"""Money leaving a hold: transfers to freelancers and refunds to clients, all out of one named payment.

Transfers are grouped by hold and drawn from the payment's own charge, so that they need no free balance. What the
marketplace keeps needs no movement: it stays on the platform's account, and the transfer says how much it was.
"""

from dataclasses import dataclass
from typing import Any

import stripe

from marketwright.plugin import Answer, Command, CommandKind, Desk, Outcome
from marketwright_stripe import outcomes, reclaiming, undone
from marketwright_stripe.sdk import Thing, command_of, every
from marketwright_stripe.tables import account_of


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment: its charge, and what has left it so far; ``restored`` gave back what was taken back for nothing.

    A debit that had come in and that its bank took back is one too: what was done out of it was done.
    """

    charge: Thing
    transfers: tuple[Thing, ...]
    refunds: tuple[Thing, ...]
    restored: tuple[Thing, ...] = ()

    @property
    def gone(self) -> bool:
        """Whether its bank took it back: nothing more can leave it."""
        return bool(self.charge["status"] != "succeeded")

    @property
    def left(self) -> int:
        """What nobody has been given yet, minor units; a fee counts as given with its transfer.

        What was released stays so, even where a part of it was taken back since.
        """
        return self.refundable - sum(int(t["amount"]) + _kept(t) for t in self.transfers)

    @property
    def refundable(self) -> int:
        """What the client has not been given back yet, whoever has it now."""
        back = sum(int(r["amount"]) for r in self.refunds if r["status"] not in ("failed", "canceled"))
        return int(self.charge["amount_captured"]) - back

    def transfer(self, key: str) -> Thing | None:
        """The transfer of the command ``key``."""
        return next((t for t in self.transfers if command_of(t) == key), None)

    def refund(self, key: str) -> Thing | None:
        """The refund of the command ``key``."""
        return next((r for r in self.refunds if command_of(r) == key), None)


def _kept(transfer: Thing) -> int:
    said = (transfer["metadata"] or {}).get("fee", "0")
    return int(said) if str(said).isdigit() else 0


def payment_of(api: Any, group: str, funding: str) -> Payment | None:
    """The payment of ``group`` that came in by the command ``funding``, as it stands now."""
    charges = [c for c in every(api.charges.list({"transfer_group": group, "limit": 100})) if _came_in(c, funding)]
    if not charges:
        return None
    charge = next((c for c in charges if c["status"] == "succeeded"), charges[0])
    transfers = list(every(api.transfers.list({"transfer_group": group, "limit": 100})))
    refunds = every(api.refunds.list({"charge": charge["id"], "limit": 100}))
    return Payment(
        charge, tuple(t for t in transfers if t["source_transaction"] == charge["id"]), tuple(refunds),
        tuple(t for t in transfers if reclaiming.kind_of(t) == reclaiming.RESTORED),
    )  # fmt: skip


def _came_in(charge: Thing, funding: str) -> bool:
    """Whether ``charge`` is money that came in by ``funding``, be it gone since; a declined card moved none."""
    taken_back = charge["status"] == "failed" and charge["balance_transaction"]
    return command_of(charge) == funding and bool(charge["status"] == "succeeded" or taken_back)


def done(payment: Payment | None, command: Command) -> Answer | None:
    """What Stripe has of ``command`` already; ``None`` for nothing, or for a split that is half done."""
    if payment is None:
        return None
    transfer, refund = payment.transfer(command.key), payment.refund(command.key)
    if command.kind is CommandKind.REFUND:
        return of_refund(refund) if refund else None
    if transfer is None:
        return None
    if command.kind is CommandKind.SPLIT:
        return of_split(transfer, refund) if refund else None
    return of_transfer(transfer)


def look(api: Any, command: Command) -> Answer:
    """What became of ``command``."""
    payment = payment_of(api, command.hold, command.of)
    known = done(payment, command)
    if payment is None or known is None:
        return outcomes.absent()
    return reclaiming.said(api, command.key, command.reclaim, payment.transfers, known)


def of_transfer(transfer: Thing) -> Answer:
    """A transfer as an answer: it is done when it is there."""
    return Answer(Outcome.CONFIRMED, transfer["id"], amount=transfer["amount"])


def of_refund(refund: Thing) -> Answer:
    """A refund as an answer: done once it has left the balance. What the client's bank sends back is another fact."""
    if refund["balance_transaction"]:
        return Answer(Outcome.CONFIRMED, refund["id"], amount=refund["amount"])
    if refund["status"] in ("failed", "canceled"):
        return outcomes.refused(outcomes.REFUND_FAILED, refund["id"])
    return Answer(Outcome.WAITING, refund["id"])


def of_split(transfer: Thing, refund: Thing) -> Answer:
    """Both halves of a split as one answer; a half that cannot be done is for people to look at."""
    half = of_refund(refund)
    if half.outcome is Outcome.FAILED:
        return Answer(Outcome.UNKNOWN, transfer["id"], reason=f"the freelancer was paid, but: {half.reason}")
    if half.outcome is Outcome.WAITING:
        return Answer(Outcome.WAITING, transfer["id"])
    return of_transfer(transfer)


def leave(desk: Desk, api: Any, command: Command, *, live: bool) -> Answer:
    """Carry out a RELEASE, REFUND or SPLIT once; what was done before under this key is only told."""
    payment = payment_of(api, command.hold, command.of)
    if payment is None:
        return outcomes.refused(outcomes.NOT_PAID)
    known = done(payment, command)
    if known is not None:
        return reclaiming.said(api, command.key, command.reclaim, payment.transfers, known)
    sent, stopped = payment.transfer(command.key), _stopped(api, payment, command)
    if stopped is not None:
        return _fetched_back(api, payment, command, stopped)
    if command.kind is CommandKind.REFUND:
        return _refund(api, payment, command)
    if sent is None:
        account = account_of(desk, command.payee, live=live)
        if not account:
            return outcomes.refused(outcomes.NO_ACCOUNT)
        sent = _pay(api, payment, command, account)
    if command.kind is not CommandKind.SPLIT:
        return of_transfer(sent)
    try:
        back = _give_back(api, payment, command, command.refund, f"{command.key}-refund")
    except stripe.InvalidRequestError as error:
        return _half_refused(api, command, error)
    return of_split(sent, back)


def _stopped(api: Any, payment: Payment, command: Command) -> Answer | None:
    """Why no more of ``command`` can be done; ``None`` where nothing keeps it."""
    if payment.gone:
        return outcomes.refused(outcomes.NOT_PAID)
    disputes = _disputes(api, payment)
    lost = sum(d["amount"] for d in disputes if d["status"] == "lost")
    if lost and lost >= payment.refundable:
        return outcomes.refused(outcomes.SENTENCES["charge_disputed"])
    if any(d["status"] not in undone.DISPUTE for d in disputes):
        return Answer(Outcome.WAITING, reason="the payer’s bank disputes this payment")
    back = command.amount.amount if command.kind is CommandKind.REFUND else command.refund
    asked = command.amount.amount + command.fee + command.refund
    begun = payment.transfer(command.key) is not None
    too_much = not begun and asked > (payment.refundable if command.reclaim else payment.left)
    if too_much or back > payment.refundable - lost:  # what was not lost of it still goes where it belongs
        return outcomes.refused(outcomes.NOT_ENOUGH)
    return None


def _disputes(api: Any, payment: Payment) -> list[Thing]:
    """Those of its payer's bank, whatever became of them (E11)."""
    if not payment.charge["disputed"]:
        return []
    return list(every(api.disputes.list({"charge": payment.charge["id"], "limit": 100})))


def _half_refused(api: Any, command: Command, error: stripe.InvalidRequestError) -> Answer:
    """What becomes of a command whose second half is refused: a dispute may pass, else the first half is undone."""
    why = outcomes.refused(outcomes.sentence(error))
    payment = None if error.code == "charge_disputed" else payment_of(api, command.hold, command.of)
    if payment is None:
        return Answer(Outcome.UNKNOWN, reason=f"half of it is done, but: {why.reason}")
    return _fetched_back(api, payment, command, why)


def _fetched_back(api: Any, payment: Payment, command: Command, stopped: Answer) -> Answer:
    """What becomes of a command that is half done when its payment is lost: it is refused once that half is undone.

    Half a split is with the freelancer, half a refund after the release was fetched from them. While the payer's bank
    has not decided, nothing is undone.
    """
    sent = payment.transfer(command.key)
    if stopped.outcome is Outcome.FAILED and sent is None and command.reclaim:
        return reclaiming.refused(api, command, (*payment.transfers, *payment.restored), stopped)
    if stopped.outcome is not Outcome.FAILED or sent is None or reclaiming.undo(api, command, sent):
        return stopped
    return Answer(Outcome.UNKNOWN, sent["id"], reason=f"the freelancer was paid, but: {stopped.reason}")


def _refund(api: Any, payment: Payment, command: Command) -> Answer:
    """Give money back; of what was released, the freelancer's share is fetched from their balance first."""
    if command.reclaim:
        reclaiming.reclaim(api, command, payment.transfers)
    try:
        refund = _give_back(api, payment, command, command.amount.amount, command.key)
    except stripe.InvalidRequestError as error:
        if not command.reclaim:
            raise
        return _half_refused(api, command, error)
    return reclaiming.said(api, command.key, command.reclaim, payment.transfers, of_refund(refund), before=True)


def _pay(api: Any, payment: Payment, command: Command, account: str) -> Thing:
    about = {"command": command.key, "kind": str(command.kind), "hold": command.hold, "fee": str(command.fee)}
    asked = {
        "amount": command.amount.amount, "currency": command.amount.currency.lower(), "destination": account,
        "source_transaction": payment.charge["id"], "transfer_group": command.hold, "metadata": about,
        "description": command.describe,
    }  # fmt: skip
    return outcomes.persistently(lambda key: api.transfers.create(asked, {"idempotency_key": key}), command.key)


def _give_back(api: Any, payment: Payment, command: Command, amount: int, key: str) -> Thing:
    about = {"command": command.key, "kind": str(command.kind), "hold": command.hold, "reclaim": str(command.reclaim)}
    asked = {"charge": payment.charge["id"], "amount": amount, "metadata": about}
    return outcomes.persistently(
        lambda k: api.refunds.create(asked, {"idempotency_key": k}), key,
        lambda: reclaiming.available(api, payment.charge["currency"]) >= amount,
    )  # fmt: skip
