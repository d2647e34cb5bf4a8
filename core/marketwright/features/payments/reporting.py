"""What a provider reports without having been asked: kept once, applied when what it builds on is there (J2, J3).

    fee          psp_fee +         psp_clearing -
    adjustment   psp_clearing +-   suspense -+      until staff explains it
"""

from typing import Any

from marketwright.features.ledger import kinds
from marketwright.features.payments import arrivals, disputes
from marketwright.features.payments.booking import book, is_moving, lock_command, lock_hold
from marketwright.features.payments.facts import as_fact, known, note, settle, waiting
from marketwright.features.payments.tables import CommandState, PaymentCommand
from marketwright.features.payments.undoing import funding_failed, payout_returned
from marketwright.kernel.money import MAX_MINOR, BadAmount, exponent
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.payments import Answer, CommandKind, Fact, FactKind, Outcome

_ON_FUNDINGS = (*disputes.STATES, FactKind.FUNDING_FAILED)
_LOOSE = (FactKind.ARRIVED, FactKind.FEE, FactKind.ADJUSTMENT)


def report(uow: UnitOfWork, provider: str, fact: Fact, *, way: str) -> str:
    """Apply ``fact`` of ``provider`` and return what became of it.

    ``applied``, ``known`` (it was, before), ``waits`` (for the command that it builds on) or ``ignored`` (it is about
    nothing of ours, or changes nothing). ``ValueError`` for one that cannot be true.
    """
    check(fact)
    command = lock_command(uow, fact.key) if fact.key else None
    if command is not None and command.provider != provider:
        command = None
    row = note(uow, provider, fact, way=way, effect=False, waits=True)
    seen = known(uow, provider, fact.id)
    if seen is not None and not seen.waits:
        return "known"
    effect = _effect(uow, provider, command, fact, row)
    if effect is None:
        return "waits"
    settle(uow, row, effect=effect)
    if fact.kind is FactKind.ARRIVED:
        retry(uow, provider, reference=fact.answer.reference)
    return "applied" if effect else "ignored"


def retry(uow: UnitOfWork, provider: str, *, key: str = "", reference: str = "") -> None:
    """Apply the facts that waited for the command ``key``, or for the thing ``reference`` at the provider."""
    for row in waiting(uow, provider, key=key, reference=reference):
        fact = as_fact(row)
        effect = _effect(uow, provider, lock_command(uow, fact.key) if fact.key else None, fact, row.id)
        if effect is not None:
            settle(uow, row.id, effect=effect)


def _effect(
    uow: UnitOfWork, provider: str, command: PaymentCommand | None, fact: Fact, row: str
) -> bool | None:
    """Whether it changed something; ``None`` while what it builds on is not there."""
    if fact.kind is FactKind.ARRIVED:
        return arrivals.arrived(uow, provider, command, fact, row)
    if fact.kind is FactKind.ARRIVAL_LEFT:
        return arrivals.left(uow, provider, fact, row)
    if fact.kind in (FactKind.FEE, FactKind.ADJUSTMENT):
        return _moved(uow, fact, command.currency if command else fact.currency, row)
    wanted = CommandKind.FUND if fact.kind in _ON_FUNDINGS else CommandKind.PAYOUT
    if command is None or command.kind != wanted or command.hold_id is None:
        return False
    if command.state != CommandState.CONFIRMED:
        return None
    if fact.kind in disputes.STATES:
        return disputes.report(uow, command, fact, row)
    if fact.answer.amount != command.amount:
        return False
    if fact.kind is FactKind.PAYOUT_RETURNED:
        return payout_returned(uow, command)
    hold = lock_hold(uow, command.hold_id)
    if hold.funding == command.id and is_moving(hold):
        return None
    return funding_failed(uow, command)


def _moved(uow: UnitOfWork, fact: Fact, currency: str, row: str) -> bool:
    amount = fact.answer.amount or 0
    fee = fact.kind is FactKind.FEE
    legs = (
        [(kinds.PSP_FEE, amount), (kinds.PSP_CLEARING, -amount)] if fee
        else [(kinds.PSP_CLEARING, amount), (kinds.SUSPENSE, -amount)]
    )  # fmt: skip
    book(uow, legs, cause=("payment_fact", row), effect="unasked_fee" if fee else "adjusted", currency=currency,
         memo=str(fact.answer.reason))  # fmt: skip
    uow.audit("payment.adjusted", row, amount=amount, currency=currency, kind=str(fact.kind))
    return bool(amount)


def check(fact: Any) -> None:
    """Raise ``ValueError`` for what cannot be a fact: wrong types, amounts, currency, or nothing that names it."""
    if not isinstance(fact, Fact) or not isinstance(fact.answer, Answer) or not isinstance(fact.kind, FactKind):
        msg = f"not a fact: {type(fact).__name__}"
        raise ValueError(msg)
    if not fact.id or (fact.kind is FactKind.ANSWER and not fact.key):
        msg = "a fact without an id, or an answer without its key"
        raise ValueError(msg)
    if fact.kind in (FactKind.ANSWER, FactKind.PAYEE_CHANGED):
        return
    amount, least = fact.answer.amount, -MAX_MINOR if fact.kind is FactKind.ADJUSTMENT else 0
    if fact.answer.outcome is not Outcome.CONFIRMED or type(amount) is not int or not least <= amount <= MAX_MINOR:
        msg = f"{fact.kind} {fact.id}: {fact.answer.outcome} of {amount!r}"
        raise ValueError(msg)
    if type(fact.answer.fee) is not int or not 0 <= fact.answer.fee <= MAX_MINOR:
        msg = f"{fact.kind} {fact.id}: a fee of {fact.answer.fee!r}"
        raise ValueError(msg)
    named = fact.kind in disputes.STATES or fact.kind in (FactKind.ARRIVED, FactKind.ARRIVAL_LEFT)
    if named and not fact.answer.reference:
        msg = f"{fact.kind} {fact.id}: nothing says which one it is"
        raise ValueError(msg)
    if fact.kind in _LOOSE and not fact.key:
        try:
            exponent(fact.currency)
        except BadAmount as error:
            raise ValueError(str(error)) from error
