"""Plans: what is left of a longer one, grace past a period's end, who may end one, and debts beside its bills."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from marketwright.features.accounts import people
from marketwright.features.accounts import service as accounts
from marketwright.features.entitlements import service as entitlements
from marketwright.features.entitlements.queries import entitlements as held
from marketwright.features.invoicing.invoice_tables import InvoiceDue
from marketwright.features.ledger import service as ledger
from marketwright.features.notifications.tables import Mail
from marketwright.features.pricing.service import price
from marketwright.features.privacy.queries import blockers
from marketwright.features.proposals.dealing import deal_of
from marketwright.features.proposals.offers import OfferLine
from marketwright.features.subscriptions import queries, service
from marketwright.features.subscriptions.periods import unused
from marketwright.features.subscriptions.tables import Subscription, SubscriptionBill
from marketwright.kernel.actors import system
from marketwright.kernel.errors import Conflict, NotAllowed, NotFound
from marketwright.kernel.money import Money
from marketwright.settings.marketplace import Marketplace
from marketwright.settings.offers import Plan, PlanEntitlement, Subscriptions
from marketwright.store.database import move_clock
from marketwright.strategies.pricing import LineKind
from marketwright.testing.negotiation import Negotiation

PRO = Plan("pro", "freelancer", 30, 1, {"en": "Pro"}, {},
           (PlanEntitlement("exclusive_missions", 2), PlanEntitlement("lower_commission")))  # fmt: skip
TOP = Plan("top", "freelancer", 60, 1, {"en": "Top"}, {},
           (PlanEntitlement("exclusive_missions", 5), PlanEntitlement("visibility")))  # fmt: skip
YEAR = Plan("year", "freelancer", 250, 12, {"en": "Year"}, {}, (PlanEntitlement("lower_commission"),))
MONTH = Plan("month", "freelancer", 100, 1, {"en": "Month"}, {}, (PlanEntitlement("visibility"),))
pytestmark = pytest.mark.plugins("commission", "country_fr")


@pytest.fixture
def scene(house):
    legal = replace(house.marketplace.legal, vat_number="FR83404833048")
    house.marketplace = replace(house.marketplace, legal=legal)
    made = Negotiation(house).meet()
    offer(made, PRO, TOP, YEAR, MONTH)
    return made


def offer(scene, *plans, due_days=10, grace_days=5):
    house = scene.house
    offered = Subscriptions(plans, due_days=due_days, grace_days=grace_days, head_start=24)
    house.marketplace = replace(house.marketplace, subscriptions=offered)
    house.ports.fill(Marketplace, house.marketplace)


def do(scene, deed, **more):
    with scene.unit("freelancer") as uow:
        done = deed(uow, owner_kind="freelancer", owner=scene.people["freelancer"], **more)
        uow.commit()
    return done


def by_staff(scene, deed, **more):
    with scene.house.database.unit(system("staff")) as uow:
        done = deed(uow, **more)
        uow.commit()
    return done


def later(scene, days):
    with scene.unit() as uow:
        move_clock(uow, timedelta(days=days))
        uow.commit()
    scene.house.database.clock.forget()


def at(scene, goal):
    with scene.unit() as uow:
        move_clock(uow, goal - uow.now)
        uow.commit()
    scene.house.database.clock.forget()


def tick(scene):
    return by_staff(scene, service.look_after_due)


def current(scene):
    with scene.house.database.reading() as session:
        return queries.current(session, scene.people["freelancer"])


def ended(scene):
    with scene.house.database.reading() as session:
        return list(session.scalars(select(Subscription.end_reason).where(Subscription.state == "ended")))


def has(scene):
    with scene.unit() as uow:
        found = held(uow.session, scene.people["freelancer"], uow.now)
        return {e.name: e.left for e in found}


def bill(scene, number=1):
    with scene.house.database.reading() as session:
        return session.scalar(select(SubscriptionBill.id).where(SubscriptionBill.number == number))


def bills(scene):
    with scene.house.database.reading() as session:
        rows = session.scalars(select(SubscriptionBill).order_by(SubscriptionBill.period_start))
        return [(b.amount, b.credit, b.carried, b.state) for b in rows]


def pay(scene, number=1):
    return by_staff(scene, service.mark_paid, bill=bill(scene, number))


def owe(scene, effect, amount, cause="h1"):
    """Move the freelancer's debt by ``amount``: below zero is kept back from a payout."""
    with scene.house.database.unit(system("payments")) as uow:
        debt = f"receivable:{scene.people['freelancer']}"
        ledger.post(uow, cause_type="hold", cause_id=cause, effect=effect,
                    legs=[(debt, Money(amount, "EUR")), ("suspense", Money(-amount, "EUR"))])  # fmt: skip
        uow.commit()


# A bill kept back from a payout


def test_a_plan_kept_back_from_a_payout_stays_paid_when_another_debt_arises(scene):
    do(scene, service.subscribe, plan="pro")
    owe(scene, "withheld:h1", -36_00)
    owe(scene, "refund_later_owed", 1_140_00)
    later(scene, 11)
    tick(scene)
    later(scene, 6)
    tick(scene)
    assert current(scene).state == "active"
    assert bills(scene) == [(30_00, 0, 0, "paid")]


def test_a_bill_counts_as_paid_from_the_moment_it_was_kept_back(scene):
    do(scene, service.subscribe, plan="pro")
    owe(scene, "withheld:h1", -36_00)
    with scene.house.database.reading() as session:
        assert [b.state for b in queries.bills(session)] == ["paid"]
        assert queries.bills(session, states=("open",)) == []


def test_a_bill_of_which_a_part_was_kept_back_is_late_all_the_same(scene):
    do(scene, service.subscribe, plan="pro")
    owe(scene, "withheld:h1", -35_99)
    later(scene, 11)
    tick(scene)
    assert current(scene).state == "grace"


def test_noting_a_bill_that_payouts_paid_books_nothing_on_another_debt(scene):
    do(scene, service.subscribe, plan="pro")
    owe(scene, "withheld:h1", -36_00)
    owe(scene, "refund_later_owed", 500_00)
    pay(scene)
    with scene.house.database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM ledger_legs WHERE account = 'bank'")) == 0
    assert bills(scene) == [(30_00, 0, 0, "paid")]


# What is left of a longer plan


def test_what_is_left_of_a_year_is_taken_off_one_month_after_the_other(scene):
    do(scene, service.subscribe, plan="year")
    pay(scene)
    begun = current(scene)
    later(scene, 2)
    with scene.unit() as uow:
        rest = unused(250_00, begun.period_start, begun.period_end, uow.now)
    assert 200_00 < rest < 250_00
    assert do(scene, service.change, plan="month") == "now"
    for _ in range(2):
        later(scene, 31)
        tick(scene)
    assert [b[:3] for b in bills(scene)[1:]] == [
        (0, 100_00, rest - 100_00), (0, 100_00, rest - 200_00), (300_00 - rest, rest - 200_00, 0),
    ]  # fmt: skip


def test_what_is_left_outlives_the_plan_and_is_used_once(scene):
    do(scene, service.subscribe, plan="year")
    pay(scene)
    later(scene, 2)
    do(scene, service.change, plan="month")
    left = bills(scene)[-1][2]
    do(scene, service.stop)
    later(scene, 32)
    tick(scene)
    assert current(scene) is None
    do(scene, service.subscribe, plan="pro")
    assert bills(scene)[-1][:3] == (0, 30_00, left - 30_00)
    with scene.house.database.reading() as session:
        assert queries.carried(session, scene.people["freelancer"], "EUR") == Money(left - 30_00, "EUR")


def test_the_page_says_what_is_left_over(scene, browse):
    do(scene, service.subscribe, plan="year")
    pay(scene)
    assert "left over" not in browse(scene.people["freelancer"]).get("/me/plan").text
    later(scene, 2)
    do(scene, service.change, plan="month")
    left = Money(bills(scene)[-1][2], "EUR")
    page = browse(scene.people["freelancer"]).get("/me/plan").text
    assert f"€{left.decimal} before tax of what you paid is left over" in page


def test_what_was_not_paid_is_not_kept_for_later_bills(scene):
    do(scene, service.subscribe, plan="year")
    later(scene, 2)
    with pytest.raises(Conflict, match="Pay it first"):
        do(scene, service.change, plan="month")
    pay(scene)
    assert do(scene, service.change, plan="month") == "now"


# Grace past the end of a period


def in_grace_past_the_end(scene, deed, **more):
    """A plan whose bill is late, whose period is over, and what was asked to follow it."""
    offer(scene, PRO, TOP, due_days=28, grace_days=30)
    do(scene, service.subscribe, plan="top")
    if deed:
        do(scene, deed, **more)
    later(scene, 29)
    tick(scene)
    assert current(scene).state == "grace"
    later(scene, 5)
    tick(scene)


def test_in_grace_past_the_end_of_its_period_a_plan_gives_what_follows_it(scene):
    in_grace_past_the_end(scene, service.change, plan="pro")
    assert has(scene) == {"exclusive_missions": 2, "lower_commission": None}


def test_paid_in_grace_a_lower_plan_begins_alone_and_lasts_for_its_period(scene):
    in_grace_past_the_end(scene, service.change, plan="pro")
    pay(scene)
    tick(scene)
    assert current(scene).plan.name == "pro"
    assert has(scene) == {"exclusive_missions": 2, "lower_commission": None}
    with scene.house.database.reading() as session:
        now = scene.house.clock.business()
        ends = {e.ends_at for e in held(session, scene.people["freelancer"], now)}
    assert ends == {current(scene).period_end}


def test_what_was_used_in_grace_counts_in_the_period_that_is_paid(scene):
    in_grace_past_the_end(scene, None)
    with scene.unit("freelancer") as uow:
        entitlements.use(uow, owner=scene.people["freelancer"], name="exclusive_missions", subject="m1")
        uow.commit()
    pay(scene)
    tick(scene)
    assert has(scene) == {"exclusive_missions": 4, "visibility": None}


def test_a_stopped_plan_ends_on_the_day_that_was_named_though_its_bill_is_late(scene):
    in_grace_past_the_end(scene, service.stop)
    assert current(scene) is None
    assert has(scene) == {}
    assert ended(scene) == ["stopped"]


def test_the_page_of_a_stopped_plan_in_grace_names_the_end_of_its_period(scene, browse):
    offer(scene, PRO, TOP, due_days=28, grace_days=90)
    do(scene, service.subscribe, plan="pro")
    do(scene, service.stop)
    later(scene, 29)
    tick(scene)
    page = browse(scene.people["freelancer"]).get("/me/plan").text
    end = current(scene).period_end.date()
    assert f"It goes on until {end.day} {end:%b %Y} and then ends" in page


# Who may end a plan


def suspend(scene):
    by_staff(scene, people.suspend, account=scene.people["freelancer"], reason="A rule was broken.")


def test_the_plan_of_a_suspended_freelancer_is_not_renewed(scene, app):
    do(scene, service.subscribe, plan="pro")
    pay(scene)
    suspend(scene)
    assert "lower_commission" in has(scene)
    later(scene, 32)
    tick(scene)
    assert ended(scene) == ["suspended"]
    assert len(bills(scene)) == 1
    with app.app_context():
        scene.house.worker.drain()
    with scene.house.database.reading() as session:
        bodies = session.scalars(select(Mail.body).where(Mail.kind == "subscription.ended"))
        assert not any("As you asked" in str(body) for body in bodies)


def test_the_plan_of_a_suspended_freelancer_ends_with_its_period_in_grace_too(scene):
    offer(scene, PRO, due_days=28, grace_days=30)
    do(scene, service.subscribe, plan="pro")
    suspend(scene)
    later(scene, 32)
    tick(scene)
    assert ended(scene) == ["suspended"]


def test_staff_let_a_plan_end_with_its_period(scene):
    do(scene, service.subscribe, plan="pro")
    pay(scene)
    by_staff(scene, service.let_end, subscription=current(scene).id)
    assert has(scene)
    later(scene, 32)
    tick(scene)
    assert ended(scene) == ["stopped"]


def test_only_staff_who_may_change_prices_let_a_plan_end_and_only_one_that_runs(scene):
    do(scene, service.subscribe, plan="pro")
    row = current(scene).id
    with scene.unit("freelancer") as uow, pytest.raises(NotAllowed):
        service.let_end(uow, subscription=row)
    with scene.house.database.unit(system("staff")) as uow, pytest.raises(NotFound):
        service.let_end(uow, subscription="none")


@pytest.fixture
def boss(scene):
    with scene.unit() as uow:
        made = accounts.create_account(uow, email="b@example.org", name="Bo Ss", locale="en", is_freelancer=False)
        accounts.join_staff(uow, account=made, roles=["finance"])
        uow.commit()
    return made


def test_the_console_lets_a_plan_end_and_says_so(scene, boss, browse):
    do(scene, service.subscribe, plan="pro")
    page, url = browse(boss), f"/console/pricing/plans/{current(scene).id}/end"
    assert url in page.get("/console/pricing/plans").text
    assert page.post(url).status_code == 303
    text_ = page.get("/console/pricing/plans").text
    assert "Noted: the plan ends with its period." in text_
    assert "Ends with the period" in text_
    assert url not in text_


def test_a_bill_noted_as_paid_after_the_end_does_not_say_that_the_plan_goes_on(scene, boss, browse):
    do(scene, service.subscribe, plan="pro")
    late = bill(scene)
    later(scene, 11)
    tick(scene)
    later(scene, 5)
    tick(scene)
    page = browse(boss)
    assert page.post(f"/console/pricing/plans/bills/{late}/paid").status_code == 303
    text_ = page.get("/console/pricing/plans").text
    assert "The plan has ended all the same." in text_
    assert "goes on" not in text_


# Debts, days, rates and quotas


@pytest.mark.settings(plugin_settings={"commission": {"vat": {"rates": {"FR": 850}}}})
def test_a_plan_is_taxed_at_the_rate_that_the_operator_has_set_as_fees_are(scene):
    do(scene, service.subscribe, plan="pro")
    with scene.house.database.reading() as session:
        facts = session.scalar(select(InvoiceDue.facts))
        deal = deal_of(
            session, scene.house.marketplace, client=scene.organisation, freelancer=scene.people["freelancer"],
            lines=(OfferLine("Test", 1000_00),), currency="EUR", on=scene.house.clock.business().date(),
        )  # fmt: skip
    quote = price(scene.house.plugins, replace(deal, marketplace="FR"))
    fees = {line.bps for line in quote.lines if line.kind is LineKind.FREELANCER_FEE_TAX}
    assert (facts["tax_bps"], facts["tax"], fees) == (850, 2_55, {850})


def test_nobody_is_forgotten_while_the_bill_of_an_ended_plan_is_owed(scene):
    do(scene, service.subscribe, plan="pro")
    for days in (11, 5):
        later(scene, days)
        tick(scene)
    assert current(scene) is None
    with scene.house.database.reading() as session:
        said = [(str(b.says.template), b.says.params, b.href) for b in blockers(session, scene.people["freelancer"])]
    assert [(params, href) for words, params, href in said if words.startswith("Owed to the marketplace")] == [
        ({"amount": Money(36_00, "EUR")}, "/accounting")
    ]
    pay(scene)
    with scene.house.database.reading() as session:
        assert blockers(session, scene.people["freelancer"]) == []


def test_a_bill_names_the_days_of_the_marketplace_and_not_those_of_london(scene):
    at(scene, datetime(2027, 4, 30, 22, 30, tzinfo=UTC))  # half past midnight in Paris
    do(scene, service.subscribe, plan="pro")
    with scene.house.database.reading() as session:
        facts = session.scalar(select(InvoiceDue.facts))
    params = facts["items"][0]["params"]
    assert (params["start"], params["end"]) == ({"date": "2027-05-01"}, {"date": "2027-05-31"})
    assert (facts["supplied_on"], facts["due_on"]) == ("2027-05-01", "2027-05-11")


def test_a_mission_uses_one_of_the_quota_once_though_the_plan_changes_between(scene):
    do(scene, service.subscribe, plan="pro")
    mission = scene.publish()
    scene.talk("question", mission=mission)
    assert has(scene)["exclusive_missions"] == 1
    do(scene, service.change, plan="top")
    scene.talk(mission=mission)
    assert has(scene)["exclusive_missions"] == 5
