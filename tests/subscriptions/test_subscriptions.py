"""Plans: what they entitle to, going up and down, late bills and grace, and what the ledger and the invoice say."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from marshmallow import ValidationError
from sqlalchemy import select

from marketwright.features.entitlements import queries as entitled
from marketwright.features.entitlements import service as entitlements
from marketwright.features.ledger import service as ledger
from marketwright.features.ledger.queries import balances
from marketwright.features.notifications.tables import Mail
from marketwright.features.proposals.dealing import deal_of
from marketwright.features.proposals.offers import OfferLine
from marketwright.features.subscriptions import queries, service
from marketwright.features.subscriptions.periods import period_after, unused
from marketwright.features.subscriptions.tables import SubscriptionBill
from marketwright.kernel.actors import Actor, system
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, NotAllowed
from marketwright.kernel.money import Money
from marketwright.settings.marketplace import Marketplace
from marketwright.settings.offers import Plan, PlanEntitlement, Subscriptions, SubscriptionsTable
from marketwright.store.database import move_clock
from marketwright.testing.negotiation import Negotiation

PRO = Plan("pro", "freelancer", 30, 1, {"en": "Pro"}, {},
           (PlanEntitlement("exclusive_missions", 2), PlanEntitlement("lower_commission")))  # fmt: skip
TOP = Plan("top", "freelancer", 60, 1, {"en": "Top"}, {},
           (PlanEntitlement("exclusive_missions"), PlanEntitlement("visibility")))  # fmt: skip
TEAM = Plan("team", "client", 100, 12, {"en": "Team"}, {}, (PlanEntitlement("lower_commission"),))
pytestmark = pytest.mark.plugins("commission", "country_fr")


@pytest.fixture
def scene(house):
    plans = Subscriptions((PRO, TOP, TEAM), due_days=10, grace_days=5, head_start=24)
    legal = replace(house.marketplace.legal, vat_number="FR83404833048")
    house.marketplace = replace(house.marketplace, subscriptions=plans, legal=legal)
    house.ports.fill(Marketplace, house.marketplace)
    return Negotiation(house).meet()


def do(scene, deed, *, by="freelancer", kind="freelancer", owner="", **more):
    with scene.unit(by) as uow:
        done = deed(uow, owner_kind=kind, owner=owner or scene.people["freelancer"], **more)
        uow.commit()
    return done


def later(scene, days):
    with scene.unit() as uow:
        move_clock(uow, timedelta(days=days))
        uow.commit()


def tick(scene):
    with scene.house.database.unit(system("subscriptions")) as uow:
        done = service.look_after_due(uow)
        uow.commit()
    return done


def current(scene, owner=""):
    with scene.house.database.reading() as session:
        return queries.current(session, owner or scene.people["freelancer"])


def has(scene, owner=""):
    with scene.unit() as uow:
        found = entitled.entitlements(uow.session, owner or scene.people["freelancer"], uow.now)
        return {e.name: e.left for e in found}


def bills(scene):
    with scene.house.database.reading() as session:
        rows = session.scalars(select(SubscriptionBill).order_by(SubscriptionBill.number))
        return [(b.amount, b.credit, b.state) for b in rows]


def pay(scene, number=1):
    with scene.house.database.reading() as session:
        bill = session.scalar(select(SubscriptionBill.id).where(SubscriptionBill.number == number))
    with scene.house.database.unit(system("staff")) as uow:
        service.mark_paid(uow, bill=bill)
        uow.commit()


def test_a_plan_entitles_at_once_and_is_billed_with_vat_against_a_receivable(scene):
    do(scene, service.subscribe, plan="pro")
    assert has(scene) == {"exclusive_missions": 2, "lower_commission": None}
    assert bills(scene) == [(30_00, 0, "open")]
    with scene.house.database.reading() as session:
        booked = {b.account: b.balance.amount for b in balances(session)}
    assert booked == {f"receivable:{scene.people['freelancer']}": 36_00, "revenue": 30_00, "vat_collected": 6_00}


def test_an_entitlement_reaches_the_price_of_a_deal(scene):
    do(scene, service.subscribe, plan="pro")
    with scene.house.database.reading() as session:
        deal = deal_of(
            session, scene.house.marketplace, client=scene.organisation, freelancer=scene.people["freelancer"],
            lines=(OfferLine("Test", 100_00),), currency="EUR", on=scene.house.clock.business().date(),
        )  # fmt: skip
    assert "lower_commission" in deal.freelancer.entitlements
    assert deal.client.entitlements == frozenset()


def test_a_quota_is_used_once_a_subject_and_then_up(scene):
    do(scene, service.subscribe, plan="pro")
    owner = scene.people["freelancer"]
    with scene.unit("freelancer") as uow:
        used = [entitlements.use(uow, owner=owner, name="exclusive_missions", subject=s) for s in ("a", "a", "b")]
        assert used == [True, True, True]
        with pytest.raises(Conflict):
            entitlements.use(uow, owner=owner, name="exclusive_missions", subject="c")
        assert not entitlements.use(uow, owner=owner, name="visibility", subject="a")
        uow.commit()
    with scene.house.database.reading() as session:
        assert owner not in entitled.holders(session, "exclusive_missions", scene.house.clock.business())
        assert entitled.holders(session, "lower_commission", scene.house.clock.business()) == {owner}


@pytest.mark.parametrize("kind", ["application", "question"])
def test_a_new_mission_is_first_for_those_whose_plan_says_so_and_later_for_everybody(scene, kind):
    mission = scene.publish()
    with pytest.raises(GateClosed) as closed:
        scene.talk(kind, mission=mission)
    later(scene, days=1)
    assert scene.talk(kind, mission=mission)
    assert [m.href for m in closed.value.missing] == ["/me/plan"]


def test_a_card_says_from_when_on_a_mission_is_open_to_everybody(scene, browse):
    scene.publish()
    scene.house.worker.drain()
    page = browse()
    assert "open to everybody on" in page.get("/missions").text
    later(scene, days=1)
    scene.house.database.clock.forget()
    assert "open to everybody on" not in page.get("/missions").text


def test_coming_first_uses_one_of_the_quota_a_mission(scene):
    do(scene, service.subscribe, plan="pro")
    first, second, third = (scene.publish() for _ in range(3))
    scene.talk("question", mission=first)
    scene.talk(mission=first)
    scene.talk(mission=second)
    assert has(scene)["exclusive_missions"] == 0
    with pytest.raises(GateClosed, match="before the others"):
        scene.talk(mission=third)


def test_whom_the_client_invites_waits_for_nobody(scene):
    mission = scene.publish()
    scene.talk("invitation", mission=mission)
    assert scene.talk(mission=mission)


def test_a_plan_that_sells_to_come_first_says_for_how_long():
    table = {"plans": [{"name": "p", "side": "freelancer", "label": {"en": "P"}, "price": 1,
                        "entitlements": [{"name": "exclusive_missions"}]}]}  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        SubscriptionsTable().load(table)
    assert list(refused.value.messages) == ["head_start"]


def test_going_up_is_at_once_and_what_is_left_is_taken_off(scene):
    do(scene, service.subscribe, plan="pro")
    later(scene, 10)
    assert do(scene, service.change, plan="top") == "now"
    (_first, (amount, credit, _state)) = bills(scene)
    assert amount + credit == 60_00
    assert 0 < credit < 30_00
    assert has(scene) == {"exclusive_missions": None, "visibility": None}


def test_going_down_waits_for_the_end_of_the_period_and_can_be_taken_back(scene):
    do(scene, service.subscribe, plan="top")
    pay(scene)
    assert do(scene, service.change, plan="pro") == "later"
    assert has(scene)["visibility"] is None
    assert do(scene, service.change, plan="top") == "kept"
    do(scene, service.change, plan="pro")
    later(scene, 32)
    assert tick(scene) == 1
    assert current(scene).plan.name == "pro"
    assert has(scene) == {"exclusive_missions": 2, "lower_commission": None}


def test_a_stopped_plan_ends_with_its_period_and_once(scene):
    do(scene, service.subscribe, plan="pro")
    pay(scene)
    do(scene, service.stop)
    later(scene, 32)
    assert (tick(scene), tick(scene)) == (1, 0)
    assert current(scene) is None
    assert has(scene) == {}
    do(scene, service.subscribe, plan="pro")


def test_an_unpaid_bill_leads_to_grace_and_then_to_the_end_and_both_are_told(scene, app):
    do(scene, service.subscribe, plan="pro")
    later(scene, 11)
    tick(scene)
    assert current(scene).state == "grace"
    assert "lower_commission" in has(scene)
    with app.app_context():
        scene.house.worker.drain()
    later(scene, 5)
    tick(scene)
    assert current(scene) is None
    assert has(scene) == {}
    with app.app_context():
        scene.house.worker.drain()
    with scene.house.database.reading() as session:
        subjects = set(session.scalars(select(Mail.subject).where(Mail.kind.startswith("subscription."))))
    assert subjects == {"A bill of your plan Pro is late", "Your plan Pro has ended"}


def test_a_bill_paid_in_grace_lets_the_plan_go_on(scene):
    do(scene, service.subscribe, plan="pro")
    later(scene, 11)
    tick(scene)
    pay(scene)
    assert current(scene).state == "active"
    later(scene, 25)
    tick(scene)
    assert [state for *_amounts, state in bills(scene)] == ["paid", "open"]


def test_a_plan_a_year_late_renews_once_a_look_and_no_bill_is_doubled(scene):
    do(scene, service.subscribe, plan="pro")
    pay(scene)
    later(scene, 70)
    tick(scene)
    tick(scene)
    assert len(bills(scene)) == 3


def test_what_may_not_be_is_refused(scene):
    with pytest.raises(InvalidInput):
        do(scene, service.subscribe, plan="team")
    with pytest.raises(NotAllowed):
        do(scene, service.subscribe, by="other", plan="pro")
    with pytest.raises(GateClosed):
        do(scene, service.subscribe, by="other", owner=scene.people["other"], plan="pro")
    do(scene, service.subscribe, plan="pro")
    with pytest.raises(Conflict):
        do(scene, service.subscribe, plan="top")


def test_an_organisation_subscribes_through_its_owner_or_finance_alone(scene):
    with pytest.raises(NotAllowed):
        do(scene, service.subscribe, by="buyer", kind="organisation", owner=scene.organisation, plan="team")
    do(scene, service.subscribe, by="finance", kind="organisation", owner=scene.organisation, plan="team")
    assert current(scene, scene.organisation).plan.name == "team"


def test_only_staff_mark_a_bill_as_paid(scene):
    do(scene, service.subscribe, plan="pro")
    with scene.house.database.unit(Actor(kind="person", id=scene.people["owner"], name="Owner")) as uow:
        bill = uow.session.scalar(select(SubscriptionBill.id))
        with pytest.raises(NotAllowed):
            service.mark_paid(uow, bill=bill)


@pytest.mark.parametrize(
    ("start", "months", "anchor", "end"),
    [(date(2026, 1, 31), 1, 31, date(2026, 2, 28)), (date(2026, 2, 28), 1, 31, date(2026, 3, 31)),
     (date(2026, 12, 15), 1, 15, date(2027, 1, 15)), (date(2026, 5, 4), 12, 4, date(2027, 5, 4))],
)  # fmt: skip
def test_a_period_ends_on_its_day_of_the_month_or_on_the_last_one(start, months, anchor, end):
    begin = datetime(start.year, start.month, start.day, 9, tzinfo=UTC)
    assert period_after(begin, months, anchor).date() == end


def test_what_is_left_of_a_period_counts_whole_days_and_never_more_than_was_paid():
    begin = datetime(2026, 5, 1, 9, tzinfo=UTC)
    end = begin + timedelta(days=30)
    left = [unused(30_00, begin, end, begin + timedelta(days=n)) for n in (0, 10, 29, 30, 99)]
    assert left == [29_00, 19_00, 0, 0, 0]


def test_the_page_takes_one_through_all_of_it(scene, browse):
    page = browse(scene.people["freelancer"])
    text = page.get("/me/plan").text
    assert "Order, with obligation to pay" in text
    assert page.post("/me/plan", {"deed": "start", "plan": "top"}).status_code == 303
    text = page.get("/me/plan").text
    assert "Your plan" in text
    assert "€60" in text
    page.post("/me/plan", {"deed": "change", "plan": "pro"})
    text = page.get("/me/plan").text
    assert "it goes over to Pro" in text
    assert text.count("From ") == text.count("From that day on") + 1  # the plan that comes says when
    assert "A labelled place beside the ranking: no more." in text
    assert page.post("/me/plan", {"deed": "start", "plan": "nope"}).status_code == 422
    assert "/me/plan" in page.get("/me").text
    assert browse(scene.people["buyer"]).get(f"/organisations/{scene.organisation}/plan").status_code == 404
    assert browse(scene.people["owner"]).get(f"/organisations/{scene.organisation}/plan").status_code == 200


def owes(scene):
    with scene.house.database.reading() as session:
        return {b.account: b.balance.amount for b in balances(session)}


def test_a_paid_bill_leaves_the_debts_and_comes_to_the_bank(scene):
    do(scene, service.subscribe, plan="pro")
    pay(scene)
    booked = owes(scene)
    assert (booked[f"receivable:{scene.people['freelancer']}"], booked["bank"]) == (0, 36_00)


def test_a_bill_that_was_kept_back_from_payouts_is_paid_and_the_plan_goes_on(scene):
    do(scene, service.subscribe, plan="pro")
    debt = f"receivable:{scene.people['freelancer']}"
    with scene.house.database.unit(system("payments")) as uow:
        ledger.post(uow, cause_type="hold", cause_id="h1", effect="withheld:h1",
                    legs=[("suspense", Money(36_00, "EUR")), (debt, Money(-36_00, "EUR"))])  # fmt: skip
        uow.commit()
    later(scene, 11)
    tick(scene)
    assert bills(scene)[0] == (30_00, 0, "paid")
    assert current(scene).state == "active"
