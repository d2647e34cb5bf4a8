"""Money that comes by bank transfer to a client's own IBAN: in part, too much, late, or asked for by nobody.

Stripe keeps it on the client's cash balance and uses it for what is open, by itself, oldest first. The history of that
balance is folded into arrivals: what a payment used is an arrival of that payment; what lies unused is one of nobody's,
which is over once a later payment uses it. The same history always gives the same facts, and a
longer one keeps what was told of a shorter one.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from marketwright.plugin import Answer, Command, Desk, Fact, FactKind, Outcome
from marketwright_stripe import outcomes
from marketwright_stripe.sdk import Thing, command_of, every, plain
from marketwright_stripe.tables import lying_of, payer_of, remember_lying

AT_ONCE = 2  # seconds within which Stripe uses what has just come in
CAME = ("funded", "refunded_from_payment")
UNNAMED = "*"  # what a refund of before those named their arrival gave back: the oldest of what lay there
ENDED = ("succeeded", "canceled")
OPEN = ("requires_payment_method", "requires_confirmation", "requires_action", "processing")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to tell: ``amount`` (minor units) came (``left`` false) or is over; ``intent`` is '' for nobody's."""

    reference: str
    amount: int
    currency: str
    at: int
    intent: str = ""
    left: bool = False


@dataclass(frozen=True, slots=True)
class _Lot:
    source: str
    amount: int
    at: int
    told: str = ""  # the reference under which it was told already


@dataclass(frozen=True, slots=True)
class Sent:
    """A refund of ours out of a cash balance: ``amount`` (minor units) of ``arrival`` went back at ``at`` (seconds)."""

    amount: int
    at: int
    arrival: str


def steps(
    customer: str, history: Iterable[Thing], ours: Iterable[Sent] = (), known: Container[str] = ()
) -> list[Step]:  # fmt: skip
    """What the ``history`` of a cash balance (oldest first) tells; ``ours`` are our own refunds out of it.

    ``known`` are the references that were told of as nobody's: their end is told, however soon it came.
    """
    told, lots = _fold(customer, history, ours, known)
    for currency, pool in lots.items():
        told += [_rest(customer, lot, currency) for lot in pool if not lot.told]
    return told


def _fold(
    customer: str, history: Iterable[Thing], ours: Iterable[Sent], known: Container[str]
) -> tuple[list[Step], dict[str, list[_Lot]]]:
    """What is over or was used, and by currency what lies there."""
    told: list[Step] = []
    lots: dict[str, list[_Lot]] = {}
    sent = sorted(ours, key=lambda made: made.at)  # as the entries: the earliest that fits is the right one
    for entry in history:
        kind, amount, currency = entry["type"], entry["net_amount"], entry["currency"].upper()
        pool = lots.setdefault(currency, [])
        if kind == "unapplied_from_payment":
            pool += _set_free(told, entry)
        elif amount > 0:
            pool.append(_Lot(entry["id"], amount, entry["created"]))
        elif kind == "applied_to_payment":
            lots[currency] = list(_use(told, customer, pool, entry, known))
        else:
            lots[currency] = list(_return(told, customer, pool, entry, _given_back(sent, entry)))
    return told, lots


def _set_free(told: list[Step], entry: Thing) -> Iterator[_Lot]:
    """What a cancelled payment had used lies there again, under the names by which it was told."""
    rest = entry["net_amount"]
    for step in told:
        part = min(rest, step.amount) if step.intent == _intent(entry) else 0
        if part:
            rest -= part
            yield _Lot(step.reference.split(":")[1], part, entry["created"], step.reference)
    if rest:
        yield _Lot(entry["id"], rest, entry["created"])


def _given_back(sent: list[Sent], entry: Thing) -> str:
    """The arrival that a refund of ours gave back by ``entry``, '' where it is none of ours; each counts once."""
    for made in sent:
        if made.amount == -entry["net_amount"] and abs(made.at - entry["created"]) <= AT_ONCE:
            sent.remove(made)
            return made.arrival
    return ""


def _intent(entry: Thing) -> str:
    return str((entry.get(entry["type"]) or {}).get("payment_intent", ""))


def _name(customer: str, lot: _Lot) -> str:
    return lot.told or f"{customer}:{lot.source}:{lot.amount}"


def _rest(customer: str, lot: _Lot, currency: str) -> Step:
    return Step(f"{customer}:{lot.source}:{lot.amount}", lot.amount, currency, lot.at)


def _use(
    told: list[Step], customer: str, pool: list[_Lot], entry: Thing, known: Container[str]
) -> Iterator[_Lot]:
    """Take what a payment uses from the oldest of what lies there; gives what is left."""
    need, currency, intent = -entry["net_amount"], entry["currency"].upper(), _intent(entry)
    for lot in pool:
        part = min(need, lot.amount)
        if not part:
            yield lot
            continue
        need -= part
        before = _rest(customer, lot, currency)
        lay = bool(lot.told) or entry["created"] - lot.at > AT_ONCE or before.reference in known
        if lay:
            told += [] if lot.told else [before]
            told.append(replace(before, reference=_name(customer, lot), at=entry["created"], left=True))
        told.append(Step(f"{customer}:{lot.source}:{intent}", part, currency, entry["created"], intent))
        if lot.amount > part:
            yield _Lot(lot.source, lot.amount - part, entry["created"] if lay else lot.at)


def _return(told: list[Step], customer: str, pool: list[_Lot], entry: Thing, mine: str) -> Iterator[_Lot]:
    """Take what went back to its sender; of the arrival ``mine`` a command of ours tells that."""
    need, currency = -entry["net_amount"], entry["currency"].upper()
    for lot in sorted(pool, key=lambda lot: _name(customer, lot) != mine):
        part = min(need, lot.amount)
        need -= part
        if not part:
            yield lot
            continue
        before = _rest(customer, lot, currency)
        reference = _name(customer, lot)
        ours = mine in (reference, UNNAMED)
        told += [] if lot.told else [before]
        if not ours:
            told.append(replace(before, reference=reference, at=entry["created"], left=True))
        if lot.amount > part:
            yield replace(lot, amount=lot.amount - part, told=reference if ours else "", at=entry["created"])


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of payments and never changes: the command of each, and those that are over."""

    commands: dict[str, str] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)

    def command(self, api: Any, intent: str) -> str:
        """The command that the payment ``intent`` was made for."""
        if intent not in self.commands:
            self.commands[intent] = command_of(plain(api.payment_intents.retrieve(intent)))
        return self.commands[intent]


def history_of(api: Any, customer: str) -> list[Thing]:
    """What came to and left the cash balance of ``customer``, oldest first."""
    return list(every(api.customers.cash_balance_transactions.list(customer, {"limit": 100})))[::-1]


def facts_of(
    desk: Desk, api: Any, customer: str, since: datetime | None = None, seen: Seen | None = None,
    history: list[Thing] | None = None,
) -> list[Fact]:  # fmt: skip
    """Every arrival of ``customer`` so far, or from ``since`` on; ``history`` where it was asked for already."""
    seen = seen or Seen()
    history = history_of(api, customer) if history is None else history
    begin = int(since.timestamp()) if since else 0
    if not history or history[-1]["created"] < begin:
        return []
    payer, known = payer_of(desk, customer), lying_of(desk, customer)
    found = steps(customer, history, _our_refunds(api, customer, history), known)
    remember_lying(desk, customer, {s.reference for s in found if not (s.left or s.intent)} - known)
    wanted = [s for s in found if s.at >= begin]
    keys = {i: seen.command(api, i) for i in {s.intent for s in wanted} - {""}}
    return [_fact(step, payer, keys) for step in wanted]


def _our_refunds(api: Any, customer: str, history: list[Thing]) -> list[Sent]:
    returns = [e["created"] for e in history if e["type"] == "return_initiated"]
    if not returns:
        return []
    window = {"gte": min(returns) - AT_ONCE, "lte": max(returns) + AT_ONCE}
    refunds = every(api.refunds.list({"created": window, "limit": 100}))
    about = [(r, r["metadata"] or {}) for r in refunds]
    return [
        Sent(r["amount"], r["created"], known.get("arrival", UNNAMED)) for r, known in about
        if known.get("customer") == customer
    ]  # fmt: skip


def _fact(step: Step, payer: str, keys: dict[str, str]) -> Fact:
    kind = FactKind.ARRIVAL_LEFT if step.left else FactKind.ARRIVED
    answer = Answer(Outcome.CONFIRMED, step.reference, amount=step.amount)
    return Fact(
        f"{step.reference}.{'left' if step.left else 'arrived'}", keys.get(step.intent, ""), answer,
        datetime.fromtimestamp(step.at, UTC), kind, step.currency, payer,
    )  # fmt: skip


def lying(api: Any, customer: str, currency: str, seen: Seen | None = None) -> int:
    """What Stripe keeps for ``customer`` outside of every balance: unused, or used for a payment that still waits."""
    over = (seen or Seen()).over
    history = history_of(api, customer)
    held = sum(int(entry["net_amount"]) for entry in history if entry["currency"] == currency)
    for name in {_intent(e) for e in history if e["type"] == "applied_to_payment"} - over:
        intent = plain(api.payment_intents.retrieve(name))
        details = (intent["next_action"] or {}).get("display_bank_transfer_instructions")
        if intent["status"] in ENDED:
            over.add(name)
        if details and intent["currency"] == currency:
            held += int(intent["amount"]) - int(details["amount_remaining"])
    return held


def give_back(api: Any, command: Command) -> Answer:
    """Send an arrival back to whoever it came from; a payment that still waits with it is cancelled first.

    Refused where the arrival does not lie there any more: a payment has used it, or it went back by itself.
    """
    known = find_return(api, command)
    if known is not None:
        return known
    customer, _, source = command.arrival.partition(":")
    intent = source.rpartition(":")[2]
    waits = intent.startswith("pi_") and plain(api.payment_intents.retrieve(intent))["status"] in OPEN
    if waits:
        api.payment_intents.cancel(intent, {}, {"idempotency_key": f"{command.key}-cancel"})
    if not _lies(api, customer, command):
        return find_return(api, command) or (outcomes.short() if waits else outcomes.refused(outcomes.NOT_ENOUGH))
    about = {
        "command": command.key, "kind": str(command.kind), "customer": customer, "arrival": command.arrival,
    }  # fmt: skip
    asked = {
        "customer": customer, "origin": "customer_balance", "amount": command.amount.amount,
        "currency": command.amount.currency.lower(), "metadata": about,
    }  # fmt: skip
    made = outcomes.persistently(
        lambda key: api.refunds.create(asked, {"idempotency_key": key}), command.key,
        lambda: _lies(api, customer, command),
    )  # fmt: skip
    return of_return(made)


def _lies(api: Any, customer: str, command: Command) -> bool:
    """Whether the arrival that ``command`` gives back lies there unused, and all that it is about."""
    history = history_of(api, customer)
    _told, lots = _fold(customer, history, _our_refunds(api, customer, history), ())
    pool = lots.get(command.amount.currency, [])
    named = any(_name(customer, lot) == command.arrival for lot in pool)
    return named and sum(lot.amount for lot in pool) >= command.amount.amount


def find_return(api: Any, command: Command) -> Answer | None:
    """What Stripe has of giving an arrival back; ``None`` for nothing."""
    since = int(command.created.timestamp()) - 86_400 if command.created else 0
    refunds = every(api.refunds.list({"created": {"gte": since}, "limit": 100}))
    found = next((r for r in refunds if command_of(r) == command.key), None)
    return of_return(found) if found else None


def of_return(refund: Thing) -> Answer:
    """A refund out of a cash balance as an answer: it has left there unless it failed."""
    if refund["status"] in ("failed", "canceled"):
        return outcomes.refused(outcomes.REFUND_FAILED, refund["id"])
    return Answer(Outcome.CONFIRMED, refund["id"], amount=refund["amount"])
