"""What a cast finds besides its deals: a service on sale, a code, issued papers, deals by the day and on trial.

Left out where the marketplace sells no services, or has no country pack that says how to invoice.
"""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from marketwright.features.alerts import service as alerts
from marketwright.features.cases.service import name_staff, open_case
from marketwright.features.contracts.handovers import handovers_of
from marketwright.features.contracts.registry import processes, service_process
from marketwright.features.contracts.sealed import said
from marketwright.features.corrections.service import ask_entry
from marketwright.features.invoicing import mandates
from marketwright.features.invoicing.due import Item
from marketwright.features.invoicing.invoice_tables import InvoiceDue
from marketwright.features.invoicing.invoices import invoices, number_of
from marketwright.features.invoicing.jobs import issue_all, office_of
from marketwright.features.invoicing.own import issue_own
from marketwright.features.missions import service as missions
from marketwright.features.missions.brief import Brief
from marketwright.features.payments.tables import PaymentArrival
from marketwright.features.pricing import vouchers
from marketwright.features.services import service as services
from marketwright.kernel.ids import new_id
from marketwright.kernel.money import Money
from marketwright.testing.agreed import Stage
from marketwright.testing.castlist import Cast
from marketwright.testing.golden import step_on, way_on

_RATE = 80_000


def stock(cast: Cast, meet: Callable[[Cast, str], None]) -> None:
    """Put everything in its place; ``meet`` meets the conditions of a contract."""
    with cast.unit("staff_admin") as uow:
        new = vouchers.NewVoucher("WELCOME-5", "client", "EUR", bps=100, quota=5)
        cast.things["voucher"] = vouchers.make(uow, new)
        fee = Money(900, "EUR")
        cast.things["arrival"] = new_id()
        uow.session.add(PaymentArrival(
            id=cast.things["arrival"], provider="sandbox", reference="tr_of_nobody", currency="EUR", amount=70_000,
            note="FOR THE AUDIT", at=uow.now,
        ))  # fmt: skip
        cast.things["correction"] = ask_entry(
            uow, legs=(("psp_fee", fee), ("psp_clearing", -fee)), reason="The bank took its fee for March."
        )
        uow.commit()
    with cast.unit("owner") as uow:
        cast.things["alert"] = alerts.save(uow, new=alerts.NewAlert("people", "", "Everybody new", "daily"))
        uow.commit()
    if service_process(cast.house.plugins, cast.house.marketplace) is not None:
        _service(cast)
    known = processes(cast.house.plugins)
    if {"trial", "time_and_materials"} <= set(known):
        _by_the_day(cast, meet)
        cast.things["trial_contract"] = _deal(cast, "Two days first").signed(2 * _RATE, process="trial").contract
    _handed_over(cast, meet)
    if cast.house.marketplace.country in cast.house.plugins.countries and cast.house.marketplace.legal.name:
        _papers(cast)


def _service(cast: Cast) -> None:
    package = services.Package(
        "External perimeter in ten days", "Every address of yours, tried by hand.",
        "A list of what is open, what it gives away, and what to close first.", "en", Money(450_000, "EUR"), 10,
    )  # fmt: skip
    with cast.unit("freelancer") as uow:
        cast.things["service"] = services.write(uow, package=package)
        cast.things["open_service"] = services.write(uow, package=package)
        services.publish(uow, service=cast.things["open_service"])
        uow.commit()


def _deal(cast: Cast, title: str) -> Stage:
    deal = Stage(cast.house, cast.stage.client, cast.stage.freelancer, cast.stage.organisation)
    with cast.unit("owner") as uow:
        deal.mission = missions.draft(uow, organisation=deal.organisation, brief=Brief(title=title))
        uow.commit()
    return deal


def _by_the_day(cast: Cast, meet: Callable[[Cast, str], None]) -> None:
    start = cast.house.clock.business().date()
    lines = [{"title": "First month", "detail": "", "amount": 20 * _RATE, "half_days": 40, "rate": _RATE,
              "due": (start + timedelta(days=29)).isoformat()}]  # fmt: skip
    deal = _deal(cast, "On call").signed(20 * _RATE, process="time_and_materials", lines=lines, start_on=start)
    kept = dict(cast.things)
    meet(cast, deal.contract)
    cast.things |= kept  # the condition to look at stays that of the deal with the cast
    deal.fund()
    cast.things |= {"timed_contract": deal.contract, "period": deal.milestones[0]}


def _handed_over(cast: Cast, meet: Callable[[Cast, str], None]) -> None:
    """A deal of the first process whose deliverables are sealed, up to its first delivery, with an open case."""
    plugins = cast.house.plugins
    brought = [e.it for e in plugins.processes.values()]
    sealing = [p for p in brought if any(plugins.deliverables[d].it.sealed for d in p.deliverables)]
    if not sealing:
        return
    process = sealing[0]
    deal = _deal(cast, "Handed over sealed").signed(500_000, process=process.name)
    kept = dict(cast.things)
    meet(cast, deal.contract)
    cast.things |= kept
    handed = None
    while handed is None:
        step_on(deal, way_on(process, deal.milestone().state), 0)
        with cast.house.database.reading() as session:
            handed = next(iter(handovers_of(session, deal.contract).values()), None)
            fingerprint = next(iter(said(session, cast.house.ports, handed).files), "") if handed else ""
    with cast.unit("owner") as uow:
        case = open_case(uow, contract=deal.contract, reason="The two sides disagree on one of the findings.")
        uow.commit()
    with cast.unit("staff_finance") as uow:
        name_staff(uow, case=case, staff=[cast.people["staff_finance"]])
        uow.commit()
    cast.things |= {"sealed_contract": deal.contract, "delivery": handed.delivery, "case": case,
                    "fingerprint": fingerprint, "sealed_milestone": deal.milestones[0]}  # fmt: skip


def _papers(cast: Cast) -> None:
    house = cast.house
    office = office_of(house.marketplace, house.plugins, house.catalogues)
    with cast.unit("freelancer") as uow:
        country = office.countries[house.marketplace.country]
        mandates.accept(uow, country=country, marketplace=house.marketplace, language="en")
        uow.commit()
    issue_all(house.database, office)
    with house.database.reading() as session:
        found, _total = invoices(session)
        mine = InvoiceDue.kind == "sale", InvoiceDue.freelancer_id == cast.people["freelancer"]
        cast.things["due"] = session.scalars(select(InvoiceDue.id).where(*mine).limit(1)).one()
    if found:
        cast.things["invoice"] = found[0].id
    owed = invoice_of_ours(cast)
    issue_all(house.database, office)
    with house.database.reading() as session:
        cast.things["owed_invoice"] = number_of(session, "plan", owed)[0].id


def invoice_of_ours(cast: Cast) -> str:
    """The cause of a service that the client owes the marketplace."""
    cause = "plan-of-the-cast"
    with cast.unit("staff_admin") as uow:
        issue_own(uow, cause_type="plan", cause_id=cause, buyer_kind="organisation", buyer=cast.stage.organisation,
                  lines=(Item("A month of it", 4_900),), currency="EUR")  # fmt: skip
        uow.commit()
    return cause
