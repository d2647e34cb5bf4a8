"""Additional services beside a contract: ordered and taken off before signature, certified and billed with it."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketwright.features.contracts.ending import refuse_unsigned_end
from marketwright.features.contracts.log import lock
from marketwright.features.contracts.paper import Paper, make_paper
from marketwright.features.contracts.tables import Contract
from marketwright.features.entitlements.service import grant
from marketwright.features.invoicing.due import Item
from marketwright.features.invoicing.own import issue_own
from marketwright.features.pricing.extras import said_in, tax_of
from marketwright.features.pricing.tables import ExtraOrder
from marketwright.features.pricing.wire import quote_from_json, quote_to_json
from marketwright.kernel.errors import Conflict
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.documents import Document, Section
from marketwright.strategies.pricing import Extra, Quote
from marketwright.web.formats import show_datetime, show_money
from marketwright.web.i18n import gettext, ngettext, speaking

CAUSE = "extra_order"  # of what the ledger books and invoicing issues
DUE_DAYS = 14
Store = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Ordered:
    """What one side orders: the extra as the quote holds it, who supplies it, and the words that were agreed to.

    ``entitlement`` is what it entitles to for ``days`` from the signature on; '' for nothing.
    """

    extra: Extra
    supplier: str
    consent: str
    entitlement: str = ""
    days: int = 0


def orders(session: Session, contract: str) -> list[ExtraOrder]:
    """What is ordered beside ``contract``, in the order of ordering."""
    open_ones = (ExtraOrder.contract_id == contract, ExtraOrder.cancelled_at.is_(None))
    return list(session.scalars(select(ExtraOrder).where(*open_ones).order_by(ExtraOrder.consented_at, ExtraOrder.id)))


def ordered_extras(session: Session, contract: str) -> list[Extra]:
    """The same as a quote holds them."""
    return [extra_of(row) for row in orders(session, contract)]


def extra_of(row: ExtraOrder) -> Extra:
    """An order as a quote holds it: at the price at which it was ordered."""
    return Extra(row.name, row.side, row.label, Money(row.amount, row.currency), row.taxed)


def is_quoted(session: Session, contract: Contract, quote: Quote) -> bool:
    """Whether ``quote`` holds exactly what both sides have ordered beside ``contract``, at the prices of the orders."""
    ordered, quoted = ordered_extras(session, contract.id), quote.deal.extras
    return sorted(map(_priced, ordered)) == sorted(map(_priced, quoted))


def _priced(extra: Extra) -> tuple[str, str, int, str, bool]:
    return extra.side, extra.name, extra.amount.amount, extra.amount.currency, extra.taxed


def refuse_unquoted(session: Session, contract: Contract) -> None:
    """``Conflict`` where something else is ordered than the price of ``contract`` says: nobody signs or bills that."""
    if not is_quoted(session, contract, quote_from_json(contract.quote)):
        raise Conflict("What is ordered beside this {contract} is not what its price says.", state=contract.state)


def choose(
    uow: UnitOfWork, contract: Contract, *, side: str, wanted: Sequence[Ordered], quote: Quote, text: str
) -> None:
    """Order exactly ``wanted`` for ``side``; what was ordered before and is not among it is taken off.

    ``quote`` is the contract's with all extras of both sides, made before the unit opened, while the document ``text``
    was out ('' for none): what is ordered already stands in it at the price of its order. ``Conflict`` once signed or
    ended, and where the other side has ordered or sent meanwhile.
    """
    lock(uow, contract)
    refuse_unsigned_end(contract.state, contract.signed_at)
    if contract.state not in ("DRAFT", "SENT") or contract.signed_at is not None:
        raise Conflict("This {contract} is signed; nothing can be ordered beside it any more.", state=contract.state)
    if contract.document_id != text:
        raise Conflict("The {contract} has moved on in the meantime.", state=contract.state)
    mine = {row.name: row for row in orders(uow.session, contract.id) if row.side == side}
    names = {ordered.extra.name for ordered in wanted}
    gone = [row.id for name, row in mine.items() if name not in names]
    uow.session.execute(update(ExtraOrder).where(ExtraOrder.id.in_(gone)).values(cancelled_at=uow.now))
    for ordered in wanted:
        if ordered.extra.name not in mine:
            uow.session.add(_row(uow, contract, ordered))
    uow.flush()
    if not is_quoted(uow.session, contract, quote):
        raise Conflict("What is ordered beside this {contract} has changed in the meantime. Please choose again.",
                       state=contract.state)  # fmt: skip
    contract.quote = quote_to_json(quote)
    uow.flush()
    uow.audit("contract.extras", contract.id, side=side, ordered=sorted(names), taken_off=len(gone))


def _row(uow: UnitOfWork, contract: Contract, ordered: Ordered) -> ExtraOrder:
    extra = ordered.extra
    return ExtraOrder(
        id=new_id(), contract_id=contract.id, name=extra.name, side=extra.side, label=extra.label,
        supplier=ordered.supplier, amount=extra.amount.amount, currency=extra.amount.currency, taxed=extra.taxed,
        consent=ordered.consent, consented_by=uow.actor.label, consented_name=uow.actor.name[:120],
        consented_at=uow.now, address=uow.actor.address or "", certificate_id="", entitlement=ordered.entitlement,
        days=ordered.days if ordered.entitlement else 0,
    )  # fmt: skip


def take_effect(uow: UnitOfWork, contract: Contract, store: Store) -> None:
    """Both have signed: certificate, invoice of the marketplace and entitlement of each thing ordered, in one commit.

    Amounts and tax are the lines of the frozen quote, so that page, contract, invoice and ledger agree; ``Conflict``
    for an order that is not in it.
    """
    refuse_unquoted(uow.session, contract)
    quote, marketplace = quote_from_json(contract.quote), uow.ports.get(Marketplace)
    for row in orders(uow.session, contract.id):
        extra = extra_of(row)
        label = said_in(marketplace.extras, row.name, row.label, contract.language)
        row.certificate_id = store(uow, certificate(contract, row, label), contract=contract.id)
        tax, bps = tax_of(quote, extra)
        client = row.side == "client"
        kind = "organisation" if client else "freelancer"
        buyer = contract.organisation_id if client else contract.freelancer_id
        if row.entitlement:
            grant(uow, owner_kind=kind, owner=buyer, name=row.entitlement, quota=None, starts=uow.now,
                  ends=uow.now + timedelta(days=row.days), source=f"extra:{row.id}")  # fmt: skip
        issue_own(
            uow, cause_type=CAUSE, cause_id=row.id, buyer_kind=kind, buyer=buyer, currency=row.currency,
            lines=[Item(label, row.amount, typed=True)], due_on=marketplace.day_of(uow.now) + timedelta(days=DUE_DAYS),
            language=contract.language, contract=contract.id, reference=contract.reference, tax=(tax.amount, bps),
            regime=quote.deal.regime, exemption="" if row.taxed else _exemption(contract.language),
        )  # fmt: skip
    uow.flush()


def _exemption(language: str) -> str:
    with speaking(language):
        return gettext(N_("Exempt from VAT"))


def certificate(contract: Contract, row: ExtraOrder, label: str) -> Paper:
    """The proof of one order: what (``label``), for whom, from whom, at what price, who agreed in which words."""
    with speaking(contract.language):
        rows = [
            (gettext(N_("Ordered beside")), f"{contract.reference}, {contract.title}"),
            (gettext(N_("Price, before tax")), show_money(Money(row.amount, row.currency))),
            (gettext(N_("Ordered by")), f"{row.consented_name}, {show_datetime(row.consented_at)}"),
        ]
        if row.supplier:
            rows.insert(1, (gettext(N_("Supplied by")), row.supplier))
        if row.entitlement:
            lasts = ngettext("%(num)s day from the signature on", "%(num)s days from the signature on", row.days)
            rows.append((gettext(N_("Lasts")), lasts))
        title = gettext(N_("Certificate: %(what)s"), what=label)
        sections = (
            Section(gettext(N_("What was ordered")), (), tuple(rows)),
            Section(gettext(N_("What was agreed to")), (row.consent,)),
        )
        document = Document(title, contract.language, "1", sections)
    return make_paper(document, kind="certificate", template="core.certificate")
