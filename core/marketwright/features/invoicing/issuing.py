"""Issuing what is due: a number without a gap, parties and rules as they are on that day, written once."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.queries import IdentityRow
from marketwright.features.invoicing import events
from marketwright.features.invoicing.composing import BUYERS, LACKS, Drawn, Waits, check_positive, draw, regime_of
from marketwright.features.invoicing.due import Due, Item, Kind, from_json, line_of
from marketwright.features.invoicing.invoice_tables import Invoice, InvoiceDue, InvoiceSeries
from marketwright.features.invoicing.mandates import mandate_of
from marketwright.features.invoicing.sent import HANDED_IN, SELLER
from marketwright.features.pricing.receipts import fill
from marketwright.features.vetting import queries as vetting
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import N_
from marketwright.kernel.time import iso
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork
from marketwright.store.upserts import upsert
from marketwright.strategies.countries import Country
from marketwright.web.i18n import Catalogues, speaking

PARTY = ("name", "form", "registration_number", "vat_number", "street", "postcode", "city", "country",
         "billing_address")  # fmt: skip

MOVED = {
    "organisation": N_("The quote taxes the {client} in %(quoted)s; their legal identity and the {contract} name "
                       "%(country)s."),
    "freelancer": N_("The quote taxes the {freelancer} in %(quoted)s; their legal identity and the {contract} name "
                     "%(country)s."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Office:
    """Who issues: the marketplace, the country packs that are enabled, and the languages that documents speak."""

    marketplace: Marketplace
    countries: Mapping[str, Country]
    catalogues: Catalogues

    @property
    def home(self) -> str:
        """The country of the marketplace's company."""
        return self.marketplace.home

    @property
    def regime(self) -> str:
        """The marketplace's own VAT regime, the one that quotes are made with today."""
        return self.marketplace.vat_regime


def issue(uow: UnitOfWork, due_id: str, office: Office) -> str:
    """Issue what is due and return the invoice's id; '' when it still waits, and then it says what for."""
    row = uow.session.scalars(
        select(InvoiceDue).where(InvoiceDue.id == due_id).with_for_update()
        .execution_options(populate_existing=True)
    ).one()  # fmt: skip
    if row.invoice_id or row.blocker == HANDED_IN:
        return row.invoice_id
    due = from_json(row.facts)
    try:
        invoice = _issue(uow, due, office)
    except Waits as waits:
        _wait(uow, row, waits)
        return ""
    row.invoice_id, row.blocker, row.reason, row.params = invoice.id, "", "", {}
    uow.flush()
    uow.emit(events.DOCUMENT_ISSUED, invoice.id, contract=due.contract, kind=due.kind, credit=due.credit)
    uow.audit("invoice.issued", invoice.id, number=invoice.shown_number)
    return invoice.id


def _wait(uow: UnitOfWork, row: InvoiceDue, waits: Waits) -> None:
    first = row.blocker != waits.code
    row.blocker, row.reason, row.params = waits.code, waits.template[:300], dict(waits.params)
    uow.flush()
    if first:
        uow.emit(events.DOCUMENT_WAITS, row.id, contract=row.contract_id, blocker=waits.code)


def _issue(uow: UnitOfWork, due: Due, office: Office) -> Invoice:
    check_positive(due)
    on = office.marketplace.day_of(uow.now)
    country = _country(due, office, theirs=due.seller_sends or _handed_in(uow, due))
    ours = due.kind is not Kind.SALE
    seller = _marketplace(office, country) if ours else _party(uow, due, "freelancer", country.needs)
    buyer = _party(uow, due, BUYERS[due.kind], ("name", "country"))
    issuer = {} if ours else _issuer(uow, due, office, country)
    original = _original(uow, due) if due.credit else None
    with speaking(due.language, office.catalogues):
        drawn = draw(
            due, country, seller=seller, buyer=buyer, issuer=issuer,
            regime=regime_of(due, country, office.regime), on=on,
            words=lambda item: _words(item, due.currency), answers=_answers(uow, due, country, (seller, buyer)),
        )  # fmt: skip
    return _write(uow, due, drawn, country=country, on=on, original=original, office=office)


def _words(item: Item, currency: str) -> str:
    return item.label if item.typed else fill(line_of(item, currency), item.label)


def _handed_in(uow: UnitOfWork, due: Due) -> bool:
    """Whether ``due`` takes back an invoice that its seller made: who made the one makes the other."""
    d = InvoiceDue
    theirs = select(d.facts).where(d.contract_id == due.contract, d.kind == due.kind, d.credit.is_(False),
                                   d.blocker == HANDED_IN)  # fmt: skip
    return due.credit and any(facts.get("milestone") == due.milestone for facts in uow.session.scalars(theirs))


def _country(due: Due, office: Office, *, theirs: bool) -> Country:
    code = due.sides["freelancer"]["country"] if due.kind is Kind.SALE else office.home
    found = office.countries.get(code)
    if due.kind is Kind.SALE and (theirs or found is None):
        raise Waits("The {freelancer} makes this document and hands it in here; it has not come yet.", code=SELLER)
    if found is None:
        raise Waits(
            "No country pack for sellers in %(country)s is enabled, so nobody knows how their invoices are taxed. "
            "Enable one in the settings (plugins).", code="country", country=code,
        )  # fmt: skip
    return found


def _marketplace(office: Office, country: Country) -> dict[str, str]:
    """The marketplace's company; :class:`Waits` names what its legal identity lacks (nothing is left blank)."""
    legal = office.marketplace.legal
    absent = [n for n in ("name", "form", "registration_number", "address") if not getattr(legal, n)]
    absent += [n for n in country.needs if n not in absent and not getattr(legal, n, "")]
    if absent:
        raise Waits(LACKS["marketplace"], code="legal", fields=", ".join(absent))
    return {"name": legal.name, "form": legal.form, "registration_number": legal.registration_number,
            "vat_number": legal.vat_number, "street": legal.address, "postcode": "", "city": "",
            "country": office.home, "billing_address": ""}  # fmt: skip


def _party(uow: UnitOfWork, due: Due, side: str, needs: tuple[str, ...]) -> dict[str, str]:
    """A party's legal identity as it is now, else as the contract names it; tax facts are the quote's.

    Of a party that has moved to another country since, it is what the contract names: the tax is that of its country.
    """
    kind, owner = ("organisation", due.organisation) if side == "client" or due.organisation else ("", "")
    if side == "freelancer" or not kind:
        kind, owner = "freelancer", due.freelancer
    found, country = accounts.identity(uow.session, kind, owner), due.sides[side]["country"]
    found = found if found and (found.country == country or not due.parties.get(side)) else None
    known: Mapping[str, Any] = asdict(found) if found else due.parties.get(side, {})
    party = {name: str(known.get(name) or "") for name in PARTY}
    moved = party["country"] not in ("", country)
    if moved and not due.decided:
        raise Waits(MOVED[kind], code="tax", quoted=country, country=party["country"])
    party |= {"country": party["country"] if moved else country, "vat_number": _number(due, side, found)}
    absent = [name for name in needs if not party.get(name)]
    if absent:
        raise Waits(LACKS[kind], code="identity", fields=", ".join(absent))
    return party


def _number(due: Due, side: str, found: IdentityRow | None) -> str:
    """The number that the quote was made with, else the one it was mended to since.

    Where there was none there is none, but for a seller who charges VAT: theirs decides no tax.
    """
    quoted = due.sides[side]
    asked = quoted["vat_number"] or (due.kind is Kind.SALE and side == "freelancer"
                                     and quoted["vat_regime"] == "standard")  # fmt: skip
    mended = found is not None and asked and found.country == quoted["country"] and found.vat_number
    return str(mended or quoted["vat_number"])


def _answers(
    uow: UnitOfWork, due: Due, country: Country, parties: Sequence[Mapping[str, str]]
) -> list[dict[str, str]]:  # fmt: skip
    """What the country's check answered about the VAT numbers of ``parties``: as it stands, with source and day."""
    if not country.vat_check:
        return []
    numbers = {party["vat_number"] for party in parties if party["vat_number"]}
    standing = [
        v for kind, owner in (("freelancer", due.freelancer), ("client", due.organisation)) if owner
        for v in vetting.standing(uow.session, kind, owner) if v.check == country.vat_check and v.about in numbers
    ]  # fmt: skip
    return [
        {"number": v.about, "result": v.result, "source": v.source, "says": v.reason, "at": iso(v.at)}
        for v in standing if v.result != "passed" or not v.ended(uow.now)
    ]  # fmt: skip


def _issuer(uow: UnitOfWork, due: Due, office: Office, country: Country) -> dict[str, str]:
    """The marketplace as the one who issues in the seller's name, under the mandate that stands."""
    if mandate_of(uow.session, due.freelancer) is None:
        raise Waits("The {freelancer} has not accepted the mandate by which the marketplace invoices in their name.",
                    code="mandate")  # fmt: skip
    return _marketplace(office, country)


def _original(uow: UnitOfWork, due: Due) -> Invoice:
    """The invoice that a credit note takes back; never more of it than is left."""
    found = uow.session.scalar(
        select(Invoice)
        .where(Invoice.kind == due.kind, Invoice.contract_id == due.contract,
               Invoice.milestone_id == due.milestone, Invoice.credit.is_(False))
        .order_by(Invoice.at.desc()).limit(1)
    )  # fmt: skip
    if found is None:
        raise Waits("The invoice that this credit note takes back is not issued yet.", code="invoice")
    back = uow.session.scalar(select(func.coalesce(func.sum(Invoice.gross), 0)).where(Invoice.credits == found.id))
    if int(back or 0) + due.net + due.tax > found.gross:
        raise Waits("More would be credited than was invoiced (%(number)s).", code="credit", number=found.shown_number)
    return found


def _write(
    uow: UnitOfWork, due: Due, drawn: Drawn, *, country: Country, on: date, original: Invoice | None, office: Office,
) -> Invoice:  # fmt: skip
    series, number = _next(uow, due, office, on.year)
    last = uow.session.scalar(select(func.max(Invoice.issued_on)).where(Invoice.series == series))
    paid = drawn.gross if due.paid or due.credit else 0
    body = drawn.body | ({"credits": original.shown_number, "credits_on": original.issued_on.isoformat()}
                         if original else {})  # fmt: skip
    row = Invoice(
        id=new_id(), series=series, number=number, kind=due.kind, credit=due.credit,
        credits=original.id if original else "", cause_type=due.cause_type, cause_id=due.cause_id,
        contract_id=due.contract, milestone_id=due.milestone, bill_id=due.bill, organisation_id=due.organisation,
        freelancer_id=due.freelancer, currency=due.currency, net=drawn.net, tax=drawn.tax, gross=drawn.gross,
        paid=paid, language=due.language, reference=due.reference, purchase_order=due.purchase_order,
        issued_on=max(on, last) if last else on, supplied_on=due.supplied_on, due_on=due.due_on, country=country.code,
        body=body, at=uow.now,
    )  # fmt: skip
    uow.session.add(row)
    uow.flush()
    return row


def _next(uow: UnitOfWork, due: Due, office: Office, year: int) -> tuple[str, int]:
    """The seller's next number of the year, taken under its row's lock: a rollback gives it back, so no gap."""
    sale = due.kind is Kind.SALE
    seller = f"freelancer:{due.freelancer}" if sale else "marketplace"
    stem = due.freelancer.upper() if sale else _letters(office.marketplace.name)
    mine = (InvoiceSeries.seller == seller) & (InvoiceSeries.year == year)
    for length in range(6, 17) if sale else (16,):
        if uow.session.scalar(select(InvoiceSeries.name).where(mine)):
            break
        name = f"{stem[:length]}-H-{year}" if sale else f"{stem[:length]}-{year}"
        uow.session.execute(
            upsert(uow.session, InvoiceSeries).values(name=name, seller=seller, year=year, last=0)
            .on_conflict_do_nothing()
        )  # fmt: skip
    taken = uow.session.execute(
        update(InvoiceSeries).where(mine).values(last=InvoiceSeries.last + 1)
        .returning(InvoiceSeries.name, InvoiceSeries.last)
    ).one()  # fmt: skip
    return str(taken[0]), int(taken[1])


def _letters(name: str) -> str:
    return "".join(c for c in name.upper() if c.isascii() and c.isalnum()) or "MARKETPLACE"


def waiting(
    session: Session, *, contract: str = "", cause: str = "", freelancer: str = "", limit: int = 200
) -> list[str]:
    """Ids of what is due and not issued, the first due first.

    Of those that wait for something, as many as the limit leaves, drawn by lot: none is forgotten behind the others.
    """
    d = InvoiceDue
    wanted = select(d.id, d.created_at).where(d.invoice_id == "", d.blocker != HANDED_IN)
    if contract:
        wanted = wanted.where(d.contract_id == contract)
    if cause and not contract:
        wanted = wanted.where(d.cause_id == cause)
    if freelancer:
        wanted = wanted.where(d.freelancer_id == freelancer)
    found = session.execute(wanted.order_by(d.blocker != "", func.random()).limit(limit)).all()
    return [id_ for id_, _at in sorted(found, key=lambda row: (row[1], row[0]))]
