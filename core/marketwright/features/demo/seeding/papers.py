"""The documents of finished deals: mandates given before the first of them, invoices issued on their days."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from marketwright.features.demo.seeding.source import Source
from marketwright.features.demo.seeding.stage import Stage
from marketwright.features.invoicing.invoice_tables import InvoiceDue
from marketwright.features.invoicing.issuing import issue
from marketwright.features.invoicing.jobs import office_of
from marketwright.features.invoicing.mandates import accept


def bring_documents(stage: Stage, source: Source) -> None:  # noqa: ARG001  the shape of a step
    """Invoices of everything that was released or billed, as far as a country pack knows how."""
    house = stage.house
    office = office_of(house.marketplace, house.plugins, house.catalogues)
    country = office.countries.get(office.home)
    if country is None:
        return
    for freelancer, first in _sellers(stage):
        with stage.unit(first - timedelta(days=2), by=freelancer) as uow:
            accept(uow, country=country, marketplace=house.marketplace, language=house.marketplace.languages[0])
    with house.database.reading() as session:
        found = session.execute(select(InvoiceDue.id, InvoiceDue.created_at).order_by(InvoiceDue.created_at)).all()
    for due, at in found:
        with stage.unit(at + timedelta(minutes=1)) as uow:
            issue(uow, due, office)


def _sellers(stage: Stage) -> list[Any]:
    """Freelancers with something to invoice, and when it first became due."""
    wanted = select(InvoiceDue.freelancer_id, func.min(InvoiceDue.created_at)).where(InvoiceDue.kind == "sale")
    with stage.house.database.reading() as session:
        return list(session.execute(wanted.group_by(InvoiceDue.freelancer_id).order_by(InvoiceDue.freelancer_id)))
