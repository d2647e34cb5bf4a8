"""What is to be invoiced: facts frozen in the commit that moved the money, drawn up into a document afterwards.

Numbers are given by a job and not here: the marketplace's own series would be a row that every payment waits for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, field
from datetime import date
from enum import StrEnum
from typing import Any

from marketwright.features.invoicing.invoice_tables import InvoiceDue
from marketwright.features.pricing.wire import param_from_json, param_to_json
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money
from marketwright.store.unit import UnitOfWork
from marketwright.store.upserts import upsert
from marketwright.strategies.pricing import Line, LineKind

ISSUE_JOB = "invoicing.issue"
_GONE = ("series", "number")  # what a bill gave its invoice once


class Kind(StrEnum):
    """Who invoices whom: the freelancer their work to the client; the marketplace its fee, or a service of its own."""

    SALE = "sale"
    CLIENT_FEE = "client_fee"
    FREELANCER_FEE = "freelancer_fee"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Item:
    """One line before tax, minor units. ``label`` is a sentence as :class:`Line` has them, or plain text as typed.

    ``half_days`` were worked at a price that divides ``net``; ``None`` is one piece. ``params`` that hold a ``start``
    and an ``end`` as dates say the period that it is for.
    """

    label: str
    net: int
    bps: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    typed: bool = False
    half_days: int | None = None

    @property
    def period(self) -> tuple[date, date] | None:
        """The first and the last day that it is for, where its sentence names both."""
        start, end = self.params.get("start"), self.params.get("end")
        return (start, end) if isinstance(start, date) and isinstance(end, date) else None


@dataclass(frozen=True, slots=True)
class Due:
    """What a document will say.

    ``cause_type`` and ``cause_id`` are those of the ledger transaction that booked it: one document a cause and kind.
    ``tax_bps`` is the rate behind ``tax`` (minor units); ``None`` leaves both to the country's pack.
    ``sides`` are ``client`` and ``freelancer`` (or ``buyer``) as the quote taxed them: country, vat_regime, vat_number;
    and of the ``marketplace`` the vat_regime that its fees were quoted by, '' where nobody has said.
    ``parties`` are their legal identities as the contract names them. ``paid`` says that the money has come already.
    ``exemption`` is the reason, in words, why a service is exempt whoever buys it (insurance), '' where it is not.
    A credit note names no invoice: it takes back the one of the same contract, milestone and kind. ``later`` keeps, by
    kind, the fees that the payment of a bill will make due, as JSON of this same form. ``seller_sends`` says that by
    the contract the seller makes this document. ``decided`` is why staff lets it out with the tax of the quote though
    no rule explains that, '' where nobody had to.
    """

    kind: Kind
    cause_type: str
    cause_id: str
    currency: str
    items: Sequence[Item]
    tax: int
    tax_bps: int | None
    sides: Mapping[str, Mapping[str, str]]
    parties: Mapping[str, Mapping[str, Any]]
    language: str
    supplied_on: date
    due_on: date | None = None
    paid: bool = True
    credit: bool = False
    contract: str = ""
    milestone: str = ""
    bill: str = ""
    organisation: str = ""
    freelancer: str = ""
    reference: str = ""
    purchase_order: str = ""
    exemption: str = ""
    later: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    seller_sends: bool = False
    decided: str = ""

    @property
    def net(self) -> int:
        """The sum of the lines."""
        return sum(item.net for item in self.items)


def owe(uow: UnitOfWork, due: Due) -> str:
    """Write down that a document is due and wake the job that issues it; returns its id, '' for one that was known.

    Called in the commit that moves the money; asked twice for one cause and kind it is the same document.
    """
    placed = uow.session.execute(
        upsert(uow.session, InvoiceDue)
        .values(
            id=new_id(), cause_type=due.cause_type, cause_id=due.cause_id, kind=due.kind, credit=due.credit,
            contract_id=due.contract, organisation_id=due.organisation, freelancer_id=due.freelancer,
            facts=to_json(due), invoice_id="", blocker="", reason="", params={}, created_at=uow.now,
        )
        .on_conflict_do_nothing()
        .returning(InvoiceDue.id)
    ).scalar()  # fmt: skip
    if placed:
        uow.job(ISSUE_JOB, key=due.contract or due.cause_id, contract=due.contract, cause=due.cause_id)
    return placed or ""


def to_json(due: Due) -> dict[str, Any]:
    """``due`` as plain JSON."""
    data = asdict(due)
    return data | {
        "supplied_on": due.supplied_on.isoformat(), "due_on": due.due_on.isoformat() if due.due_on else None,
        "items": [
            asdict(item) | {"params": {k: param_to_json(v) for k, v in item.params.items()}} for item in due.items
        ],
    }  # fmt: skip


def from_json(data: Mapping[str, Any]) -> Due:
    """The due that :func:`to_json` wrote, in this version or in one before it."""
    kept = {name: value for name, value in data.items() if name not in _GONE}
    return Due(**{
        **kept, "kind": Kind(data["kind"]), "supplied_on": date.fromisoformat(data["supplied_on"]),
        "due_on": date.fromisoformat(data["due_on"]) if data["due_on"] else None,
        "items": tuple(
            Item(**{**item, "params": {k: param_from_json(v) for k, v in item["params"].items()}})
            for item in data["items"]
        ),
    })  # fmt: skip


def line_of(item: Item, currency: str) -> Line:
    """An item as a line of a quote, to be filled in the language being spoken."""
    return Line(LineKind.WORK, item.label, Money(item.net, currency), 0, bps=item.bps, params=item.params)
