"""Premium plans: who runs which, and which bills are open; staff notes bills as paid, and lets a plan end."""

from collections.abc import Mapping, Sequence

from flask import redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts.queries import account, organisation
from marketwright.features.invoicing.invoices import number_of
from marketwright.features.operator.pages.base import pages, show
from marketwright.features.operator.pages.pricing import areas
from marketwright.features.subscriptions import queries, service
from marketwright.features.subscriptions.queries import BILL, BillRow, SubscriptionRow
from marketwright.kernel.frozen import dataclass
from marketwright.web.house import reading, the_viewer, unit
from marketwright.web.i18n import _, current_locale
from marketwright.web.policy import staff
from marketwright.web.render import tell

_READ = staff("ledger.read")
_CHANGE = staff("pricing.change").objects("open bills of plans; none there is 404")
_END = staff("pricing.change").objects("plans that run; none there is 404")


@dataclass(frozen=True, slots=True)
class PlansContext:
    """Running subscriptions and open bills; ``names`` and ``links`` by owner, ``numbers`` of invoices by bill."""

    areas: list[tuple[str, str, bool, int | None]]
    running: Sequence[tuple[SubscriptionRow, str]]
    bills: Sequence[BillRow]
    names: Mapping[str, str]
    numbers: Mapping[str, str]
    may_change: bool


@pages.get("/pricing/plans", _READ)
def pricing_plans() -> BaseResponse:
    """Plans and their bills."""
    session = reading()
    running = queries.running(session)
    found = queries.bills(session, states=("open",), limit=200)
    owners = {(row.owner_kind, row.owner) for row in running} | {(bill.owner_kind, bill.owner) for bill in found}
    numbers = {b.id: next((i.number for i in number_of(session, BILL, b.id)), "") for b in found}
    context = PlansContext(
        areas=areas("plans"), running=[(row, row.plan.label_in(current_locale())) for row in running], bills=found,
        names={owner: _name(kind, owner) for kind, owner in owners}, numbers=numbers,
        may_change=the_viewer().may("pricing.change"),
    )  # fmt: skip
    return show("plans.html", context)


@pages.post("/pricing/plans/bills/<plan_bill>/paid", _CHANGE)
def pricing_plan_paid(plan_bill: str) -> BaseResponse:
    """Note a bill as paid."""
    with unit() as uow:
        runs = service.mark_paid(uow, bill=plan_bill)
        uow.commit()
    tell(_("Noted as paid. The plan goes on.") if runs else _("Noted as paid. The plan has ended all the same."))
    return redirect(url_for("operator.pricing_plans"), 303)


@pages.post("/pricing/plans/<subscription>/end", _END)
def pricing_plan_end(subscription: str) -> BaseResponse:
    """Let a plan end with its period."""
    with unit() as uow:
        service.let_end(uow, subscription=subscription)
        uow.commit()
    tell(_("Noted: the plan ends with its period."))
    return redirect(url_for("operator.pricing_plans"), 303)


def _name(kind: str, owner: str) -> str:
    found = organisation(reading(), owner) if kind == "organisation" else account(reading(), owner)
    return found.name if found else owner
