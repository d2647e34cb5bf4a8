"""What goes back from a freelancer's balance to the platform's: transfers reversed, as far as there is money."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import stripe

from marketwright.plugin import Answer, Command, Outcome
from marketwright_stripe import outcomes
from marketwright_stripe.sdk import Thing, command_of, every, plain

RESTORED = "restore"  # the kind of a transfer that gives back what was taken back


def available(api: Any, currency: str, account: str = "") -> int:
    """What an account ('' is the platform's) may use now, minor units."""
    balance = plain(api.balance.retrieve({}, {"stripe_account": account} if account else {}))
    return sum(part["amount"] for part in balance["available"] if part["currency"] == currency.lower())


def reclaim(api: Any, command: Command, transfers: Sequence[Thing], *, spared: int = 0) -> None:
    """Take back what is missing of ``command.reclaim``, as far as the freelancer has it; the rest stays owed.

    ``spared`` of their balance is not touched.
    """
    _fetch(api, command, transfers, command.reclaim, spared)


def _fetch(api: Any, command: Command, transfers: Sequence[Thing], amount: int, spared: int = 0) -> None:
    """Take back what is missing of ``amount`` out of ``transfers``, in their order, as far as it is there.

    The n-th thing taken back has the n-th key of the command, whatever transfer it comes out of: of two workers at the
    same command one takes it.
    """
    made = _made_by(api, command.key, transfers)
    done, number = _kept(made, transfers, command.key), len(made)
    for transfer in transfers:
        wanted = min(amount - done, transfer["amount"] - transfer["amount_reversed"])
        if wanted > 0:
            wanted = min(wanted, available(api, transfer["currency"], transfer["destination"]) - spared)
        if wanted > 0:
            back = _take(api, command, transfer, wanted, number)
            done, number = done + back, number + (back > 0)


def _take(api: Any, command: Command, transfer: Thing, amount: int, number: int) -> int:
    for attempt in range(outcomes.MOST_KEYS):
        key = f"{command.key}-reclaim-{number}" + (f"-{attempt}" if attempt else "")
        try:
            return _reverse(api, command, transfer, amount, key)
        except stripe.IdempotencyError as error:  # asked before for another amount, in vain; or by somebody else
            sent = every(api.transfers.list({"destination": transfer["destination"], "limit": 100}))
            if len(_made_by(api, command.key, sent)) > number:
                msg = "somebody else takes back for this command at the same moment; it is looked up again"
                raise RuntimeError(msg) from error
    return 0


def refused(api: Any, command: Command, transfers: Iterable[Thing], why: Answer) -> Answer:
    """The refusal ``why``, once what ``command`` has taken back is the freelancer's again: refused means nothing moved.

    ``transfers`` are those it took from, and those that gave it back. Raises ``Short`` while the platform has too
    little for that.
    """
    if restored(api, command, transfers):
        return why
    return Answer(Outcome.UNKNOWN, reason=f"the freelancer’s share was taken back, but: {why.reason}")


def restored(api: Any, command: Command, transfers: Iterable[Thing]) -> bool:
    """Give the freelancer again what ``command`` has taken back; whether their account takes it.

    As for :func:`refused`.
    """
    owed, times = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for transfer in transfers:
        to = (transfer["destination"], transfer["currency"])
        owed[to] += _back_by(api, command.key, [transfer])
        times[to] += _gave_back(transfer, command.key)
    return all(_restore(api, command, *to, amount, times[to]) for to, amount in owed.items() if amount > 0)


def _restore(api: Any, command: Command, account: str, currency: str, amount: int, number: int) -> bool:
    asked = {
        "amount": amount, "currency": currency, "destination": account, "transfer_group": command.hold,
        "metadata": {"command": command.key, "kind": RESTORED, "hold": command.hold},
    }  # fmt: skip
    key = f"{command.key}-restore-{account}" + (f"-{number}" if number else "")
    try:
        outcomes.persistently(
            lambda k: api.transfers.create(asked, {"idempotency_key": k}), key,
            lambda: available(api, currency) >= amount,
        )  # fmt: skip
    except stripe.InvalidRequestError:  # their account takes nothing any more: for people to look at
        return False
    return True


def kind_of(transfer: Thing) -> str:
    """What kind of command, or of our doing, ``transfer`` belongs to."""
    return str((transfer["metadata"] or {}).get("kind") or "")


def undo(api: Any, command: Command, transfer: Thing) -> bool:
    """Take ``transfer``, which was the command's own, back whole; whether all of it is back.

    What another command has taken out of it meanwhile comes out of the other transfers to the same freelancer.
    """
    sent = [t for t in every(api.transfers.list({"destination": transfer["destination"], "limit": 100}))
            if t["currency"] == transfer["currency"]]  # fmt: skip
    sent.sort(key=lambda t: t["id"] != transfer["id"])
    _fetch(api, command, sent, transfer["amount"])
    again = [plain(api.transfers.retrieve(t["id"])) for t in sent]
    return _back_by(api, command.key, again) >= int(transfer["amount"])


def _reverse(api: Any, command: Command, transfer: Thing, amount: int, key: str) -> int:
    about = {"command": command.key, "kind": str(command.kind), "hold": command.hold}
    try:
        asked = {"amount": amount, "metadata": about}
        outcomes.persistently(
            lambda k: api.transfers.reversals.create(transfer["id"], asked, {"idempotency_key": k}), key
        )
    except (stripe.InvalidRequestError, outcomes.Short):  # the balance has moved meanwhile: nothing came back
        return 0
    return amount


def said(
    api: Any, key: str, wanted: int, transfers: Iterable[Thing], answer: Answer, *, before: bool = False
) -> Answer:  # fmt: skip
    """``answer`` with what came back by the command ``key``, where ``wanted`` was to.

    ``before``: the ``transfers`` were listed before something was taken back from them.
    """
    if not wanted or answer.outcome is not Outcome.CONFIRMED:
        return answer
    now = [plain(api.transfers.retrieve(t["id"])) for t in transfers] if before else transfers
    return replace(answer, reclaimed=_back_by(api, key, now))


def _back_by(api: Any, key: str, transfers: Iterable[Thing]) -> int:
    """What the command ``key`` has taken back out of ``transfers`` and not given back by others of them."""
    some = list(transfers)
    return _kept(_made_by(api, key, some), some, key)


def _kept(made: Iterable[Thing], transfers: Iterable[Thing], key: str) -> int:
    given_back = sum(t["amount"] for t in transfers if _gave_back(t, key))
    return int(sum(r["amount"] for r in made) - given_back)


def _gave_back(transfer: Thing, key: str) -> bool:
    return command_of(transfer) == key and kind_of(transfer) == RESTORED


def _made_by(api: Any, key: str, transfers: Iterable[Thing]) -> list[Thing]:
    """What the command ``key`` has taken back out of ``transfers``."""
    found: list[Thing] = []
    for transfer in transfers:
        if transfer["amount_reversed"]:
            reversals = every(api.transfers.reversals.list(transfer["id"], {"limit": 100}))
            found += [r for r in reversals if command_of(r) == key]
    return found
