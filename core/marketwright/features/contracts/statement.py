"""A contract's money for each side, from the ledger and the holds: what came in, where it went, what is left."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from marketwright.features.contracts.queries import ContractRow, MilestoneRow
from marketwright.features.invoicing import queries as invoicing
from marketwright.features.invoicing.bill_payments import CREDITED
from marketwright.features.invoicing.owed import numbers
from marketwright.features.invoicing.queries import BillRow
from marketwright.features.invoicing.standing import payments_of
from marketwright.features.ledger import queries as ledger
from marketwright.features.ledger.kinds import payable
from marketwright.features.ledger.queries import StatementRow
from marketwright.features.payments import queries as payments
from marketwright.features.payments.queries import HoldRow
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money, total
from marketwright.kernel.text import Text, say


@dataclass(frozen=True, slots=True)
class Line:
    """One movement: ``amount`` signed for the reader, ``balance`` what is held or owed after it."""

    at: datetime
    text: Text
    because: Text | str
    amount: Money
    balance: Money
    because_url: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """Where every minor unit of a contract is: ``funded`` = all the others together (E1)."""

    funded: Money
    held: Money
    paid: Money
    fees: Money
    fee_taxes: Money
    refunded: Money

    @property
    def adds_up(self) -> bool:
        """Whether they do."""
        return self.funded == self.held + self.paid + self.fees + self.fee_taxes + self.refunded


@dataclass(frozen=True, slots=True)
class Statement:
    """The movements of one side, oldest first, and what they come to."""

    lines: tuple[Line, ...]
    balance: Money
    sums: Sums


_LEFT = {
    "payable": say("To the {freelancer}"), "revenue": say("Fees of the marketplace"),
    "vat_collected": say("Tax on the fees"), "refundable": say("Back to the {client}"),
}  # fmt: skip
_WHY = {
    "released": say("accepted"), "split": say("shared by decision"), "refunded": say("refunded"),
    "paid_out": say("paid out"),
}  # fmt: skip


def statement(
    session: Session, contract: ContractRow, milestones: Sequence[MilestoneRow], side: str, *, by_day: bool = False
) -> Statement:
    """The statement of ``side`` (``client`` sees the hold, ``freelancer`` what becomes theirs).

    ``by_day`` says that its milestones are periods.
    """
    holds = payments.holds_of(session, contract.id)
    if holds:
        rows = ledger.statement(session, contract=contract.id)
        named = {m.id: say("period %(n)s", n=m.number) if by_day else say("{milestone} %(n)s", n=m.number)
                 for m in milestones}  # fmt: skip
        lines = (_theirs if side == "freelancer" else _held)(contract, named, rows)
    else:
        lines = _billed(session, contract)
    zero = Money(0, contract.work.currency)
    return Statement(tuple(lines), lines[-1].balance if lines else zero, sums(holds, contract.work.currency))


def sums(holds: Sequence[HoldRow], currency: str) -> Sums:
    """The sums over ``holds``."""
    def add(name: str) -> Money:
        return total((getattr(hold, name) for hold in holds), currency)

    return Sums(add("funded"), add("held"), add("paid"), add("fees"), add("fee_taxes"), add("refunded"))


def _number(named: Mapping[str, Text], row: StatementRow, hold: str = "") -> Text | str:
    return named.get(hold or row.account.partition(":")[2], "")


def _held(contract: ContractRow, named: Mapping[str, Text], rows: Sequence[StatementRow]) -> list[Line]:
    """What came into the holds, and to whom each part of it left."""
    held = Money(0, contract.work.currency)
    lines: list[Line] = []
    for row in (r for r in rows if r.kind == "hold"):
        why = _number(named, row)
        if row.amount.amount > 0:
            held += row.amount
            lines.append(Line(row.at, say("Paid in by the {client}"), why, row.amount, held))
            continue
        for part in (r for r in rows if r.transaction == row.transaction and r.kind != "hold"):
            held -= part.amount
            lines.append(Line(row.at, _LEFT.get(part.kind, say("Other")), why, -part.amount, held))
    return lines


def _theirs(contract: ContractRow, named: Mapping[str, Text], rows: Sequence[StatementRow]) -> list[Line]:
    """What became the freelancer's, after fees, and what was paid out to their bank."""
    owed = Money(0, contract.work.currency)
    lines: list[Line] = []
    for row in (r for r in rows if r.account == payable(contract.freelancer)):
        owed += row.amount
        hold = next((r.account.partition(":")[2] for r in rows
                     if r.transaction == row.transaction and r.kind == "hold"), "")  # fmt: skip
        came = row.amount.amount > 0
        text = say("Released to you, after fees") if came else say("Paid out to your bank")
        lines.append(Line(row.at, text, _number(named, row, hold) if came else "", row.amount, owed))
    return lines


def _settled(session: Session, bill: BillRow, number: str) -> list[tuple[datetime, Text, Money]]:
    """What a bill was settled by: each payment and credit, then what its closing says of the rest."""
    left, moves = bill.total, []
    for paid in payments_of(session, bill.id):
        late = bill.state == "unpaid" and bill.closed_at is not None and paid.at > bill.closed_at
        if paid.undone or late:
            continue
        left -= paid.amount
        credited, rest = paid.kind == CREDITED, bool(left)
        text = (
            say("Credited, invoice %(number)s", number=number) if credited
            else say("Paid in part, invoice %(number)s", number=number) if rest
            else say("Paid, invoice %(number)s", number=number)
        )  # fmt: skip
        moves.append((paid.at, text, -paid.amount))
    if left and bill.closed_at is not None:
        paid_all = bill.state == "paid"
        text = (say("Paid, invoice %(number)s", number=number) if paid_all
                else say("Closed unpaid, invoice %(number)s", number=number))  # fmt: skip
        moves.append((bill.closed_at, text, -left))
    return moves


def _billed(session: Session, contract: ContractRow) -> list[Line]:
    """Without a hold: what was invoiced, and what was paid of it between the two."""
    moves: list[tuple[datetime, Text, Money, BillRow]] = []
    bills = invoicing.bills_of(session, contract.id)
    issued = numbers(session, [bill.id for bill in bills])
    for bill in bills:
        number = issued.get(bill.id, bill.number)
        moves.append((bill.issued_at, say("Invoice %(number)s", number=number), bill.total, bill))
        moves += ((at, text, amount, bill) for at, text, amount in _settled(session, bill, number))
    owed = Money(0, contract.work.currency)
    lines: list[Line] = []
    for at, text, amount, bill in sorted(moves, key=lambda move: move[0]):
        owed += amount
        lines.append(Line(at, text, bill.title, amount, owed, because_url=f"/bills/{bill.id}"))
    return lines
