"""One's plan: what it entitles to, what was used of it, the bills; subscribing, going up, going down, stopping."""

from collections.abc import Sequence
from datetime import datetime

from flask import request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts.queries import identity, organisation
from marketwright.features.entitlements.queries import EntitlementRow, entitlements
from marketwright.features.invoicing.invoices import number_of
from marketwright.features.subscriptions import queries, service
from marketwright.features.subscriptions.queries import BILL, BillRow, SubscriptionRow
from marketwright.kernel.errors import GateClosed, MarketwrightError, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money, exponent
from marketwright.kernel.text import N_
from marketwright.settings.offers import Plan
from marketwright.web.errors import sentence
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.policy import FREELANCER, SIGNED_IN
from marketwright.web.render import render, tell
from marketwright.web.routing import Pages

pages = Pages("subscriptions")
MEMBERS = SIGNED_IN.objects("owners and finance members of the organisation")
WORDS: dict[str, str] = {
    "exclusive_missions": N_("{Mission.other} before they open to everybody"),
    "visibility": N_("A labelled place beside the ranking"), "lower_commission": N_("A lower fee"),
}  # fmt: skip
DONE: dict[str, str] = {
    "now": N_("The new plan runs from now on."), "later": N_("Noted: the plan changes when this period ends."),
    "kept": N_("The plan goes on as it is."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Benefit:
    """One thing that a plan entitles to, in words."""

    text: str
    quota: int | None


@dataclass(frozen=True, slots=True)
class Offer:
    """One plan on the page; ``deed`` is what choosing it would do: ``start``, ``up``, ``down``, ``keep`` or ''."""

    name: str
    label: str
    summary: str
    price: Money
    months: int
    benefits: Sequence[Benefit]
    deed: str


@dataclass(frozen=True, slots=True)
class PlanContext:
    """A plan and what could follow it. ``loses`` says what the next one has no more, or less of.

    ``left_over`` is what was paid for an earlier plan and the next bill takes off; ``grace_ends`` when a plan ends
    whose bill stays unpaid.
    """

    whose: str
    action: str
    running: SubscriptionRow | None
    label: str
    next_label: str
    offers: Sequence[Offer]
    has: Sequence[tuple[str, EntitlementRow]]
    loses: Sequence[str]
    left_over: Money
    grace_ends: datetime | None
    bills: Sequence[tuple[BillRow, str, str]]  # with number and address of its invoice, '' while it is being written
    due_days: int
    grace_days: int
    needs_identity: str
    trouble: str
    now: datetime


@pages.get("/me/plan", FREELANCER)
def mine() -> BaseResponse:
    """The freelancer's own plan."""
    return _page("freelancer", the_viewer().account)


@pages.post("/me/plan", FREELANCER)
def mine_changed() -> BaseResponse:
    """Subscribe, change or stop."""
    return _changed("freelancer", the_viewer().account)


@pages.get("/organisations/<organisation>/plan", MEMBERS)
def of_organisation(organisation: str) -> BaseResponse:
    """The plan of an organisation."""
    _need_member(organisation)
    return _page("organisation", organisation)


@pages.post("/organisations/<organisation>/plan", MEMBERS)
def of_organisation_changed(organisation: str) -> BaseResponse:
    """Subscribe, change or stop, for an organisation."""
    _need_member(organisation)
    return _changed("organisation", organisation)


def _need_member(organisation: str) -> None:
    roles = next((o.roles for o in the_viewer().organisations if o.id == organisation), frozenset())
    if not {"owner", "finance"} & set(roles):
        raise NotFound("There is no such {organisation}.")


def _changed(kind: str, owner: str) -> BaseResponse:
    deed, plan = request.form.get("deed", ""), request.form.get("plan", "")
    try:
        with unit() as uow:
            if deed == "stop":
                service.stop(uow, owner_kind=kind, owner=owner)
                said = N_("Noted: the plan ends with this period.")
            elif deed == "start":
                service.subscribe(uow, owner_kind=kind, owner=owner, plan=plan)
                said = N_("The plan runs. Its bill is among your invoices.")
            else:
                said = DONE[service.change(uow, owner_kind=kind, owner=owner, plan=plan)]
            uow.commit()
    except GateClosed as closed:
        return _page(kind, owner, sentence(closed))
    except MarketwrightError as error:
        return _page(kind, owner, sentence(error))
    tell(gettext(said))
    return redirect(url_for("subscriptions.mine") if kind == "freelancer" else
                    url_for("subscriptions.of_organisation", organisation=owner), 303)  # fmt: skip


def _page(kind: str, owner: str, trouble: str = "") -> BaseResponse:
    session, now, lang = reading(), house().clock.business(), current_locale()
    plans = house().marketplace.subscriptions
    row = queries.current(session, owner)
    following = plans.plan(row.next_plan) if row else None
    found = queries.bills(session, owner=owner)
    place = organisation(session, owner) if kind == "organisation" else None
    context = PlanContext(
        whose=place.name if place else "", running=row, label=row.plan.label_in(lang) if row else "", now=now,
        action=url_for("subscriptions.mine") if kind == "freelancer" else f"/organisations/{owner}/plan",
        next_label=following.label_in(lang) if following else "", trouble=trouble, due_days=plans.due_days,
        grace_days=plans.grace_days,
        offers=[_offer(p, row, plans.of(service.SIDES[kind]), lang) for p in plans.of(service.SIDES[kind])],
        has=[(words(e.name), e) for e in entitlements(session, owner, now)], loses=_loses(row, following),
        left_over=queries.carried(session, owner, house().marketplace.currency), grace_ends=_grace_ends(row),
        bills=[(bill, *_invoice(bill)) for bill in found],
        needs_identity="" if identity(session, kind, owner) else _identity_page(kind, owner),
    )  # fmt: skip
    return render("subscriptions/plan.html", context, status=422 if trouble else 200)


def _grace_ends(row: SubscriptionRow | None) -> datetime | None:
    if row is None or row.grace_until is None:
        return None
    return min(row.grace_until, row.period_end) if row.next_plan == service.NONE else row.grace_until


def _invoice(bill: BillRow) -> tuple[str, str]:
    """Number and address of its invoice; '' while it is being written."""
    found = next(iter(number_of(reading(), BILL, bill.id)), None)
    return (found.number, url_for("invoicing.document", invoice=found.id)) if found else ("", "")


def _identity_page(kind: str, owner: str) -> str:
    return f"/me/business?next={url_for('subscriptions.mine')}" if kind == "freelancer" else (
        f"/organisations/{owner}/identity")  # fmt: skip


def words(name: str) -> str:
    """What an entitlement is called; one of the operator's own by its name."""
    return gettext(WORDS[name]) if name in WORDS else name.replace("_", " ").capitalize()


def _offer(plan: Plan, row: SubscriptionRow | None, ranked: Sequence[Plan], lang: str) -> Offer:
    currency = house().marketplace.currency
    price = Money(plan.price * 10 ** exponent(currency), currency)
    names = [p.name for p in ranked]
    deed = "start"
    if row is not None:
        same, planned = plan.name == row.plan.name, plan.name == row.next_plan
        below = row.plan.name in names and names.index(plan.name) < names.index(row.plan.name)
        deed = ("" if planned else "keep") if same else "" if planned else "down" if below else "up"
    return Offer(
        plan.name, plan.label_in(lang), plan.summary.get(lang, ""), price, plan.months,
        [Benefit(words(e.name), e.quota) for e in plan.entitlements], deed,
    )  # fmt: skip


def _loses(row: SubscriptionRow | None, following: Plan | None) -> list[str]:
    """What the plan that follows has no more, or less of: said before it happens."""
    if row is None or row.next_plan == row.plan.name:
        return []
    after = {e.name: e.quota for e in following.entitlements} if following else {}
    found = []
    for one in row.plan.entitlements:
        if one.name not in after:
            found.append(gettext(N_("%(what)s: no more."), what=words(one.name)))
        elif after[one.name] is not None and (one.quota is None or after[one.name] < one.quota):  # type: ignore[operator]
            found.append(gettext(N_("%(what)s: %(n)s a period."), what=words(one.name), n=after[one.name]))
    return found
