"""The marketplace invoices a service of its own: booked and made due in one commit."""

from datetime import date

import pytest

from marketwright.features.accounts import service as accounts
from marketwright.features.invoicing.due import Item
from marketwright.features.invoicing.invoices import unpaid
from marketwright.features.invoicing.own import issue_own, receive_own
from marketwright.features.ledger.queries import balance
from marketwright.kernel.errors import GateClosed
from marketwright.kernel.money import Money

PLAN = (Item("Plan %(name)s, one month", 4_900, params={"name": "Studio"}),)


def buy(stage, buyer, kind="organisation", cause="plan-1", lines=PLAN):
    with stage.unit() as uow:
        issue_own(uow, cause_type="plan", cause_id=cause, buyer_kind=kind, buyer=buyer, lines=lines, currency="EUR",
                  due_on=date(2026, 12, 28))  # fmt: skip
        uow.commit()


def test_a_plan_is_invoiced_with_vat_and_owed(stage):
    buy(stage, stage.organisation)
    stage.issue()
    (plan,) = stage.documents()
    assert (plan.kind, plan.net.amount, plan.tax.amount, plan.open.amount) == ("service", 4_900, 980, 5_880)
    assert plan.body["lines"][0]["text"] == "Plan Studio, one month"
    with stage.house.database.reading() as session:
        assert balance(session, f"receivable:{stage.organisation}").amount == 5_880
    assert stage.findings() == []


def test_asked_twice_it_is_the_same_invoice(stage):
    for _ in range(2):
        buy(stage, stage.freelancer, "freelancer")
    stage.issue()
    assert len(stage.documents()) == 1


def test_what_was_kept_back_from_payouts_has_paid_the_oldest_first(stage):
    for cause in ("plan-1", "plan-2"):
        buy(stage, stage.freelancer, "freelancer", cause)
        stage.issue()
    with stage.unit() as uow:
        receive_own(uow, cause_type="payout", cause_id="p", payer=stage.freelancer, amount=Money(5_880, "EUR"))
        uow.commit()
    first, second = stage.documents()
    with stage.house.database.reading() as session:
        assert unpaid(session, [first, second]) == {second.id}
        assert unpaid(session, [first]) == set()


def test_a_buyer_without_a_legal_identity_is_told_where_to_give_it(stage):
    with pytest.raises(GateClosed) as refused:
        buy(stage, "nobody", "freelancer")
    assert refused.value.missing[0].href == "/me/business"


@pytest.fixture
def finance(stage):
    with stage.unit() as uow:
        made = accounts.create_account(uow, email="f@example.org", name="Fi Nance", locale="en", is_freelancer=False)
        accounts.join_staff(uow, account=made, roles=["finance"])
        uow.commit()
    return made


def money_of(stage, account):
    with stage.house.database.reading() as session:
        return balance(session, account).amount


def test_a_paid_invoice_of_ours_is_booked_on_our_bank_once(stage, finance, browse):
    buy(stage, stage.organisation)
    stage.issue()
    (plan,) = stage.documents()
    visitor = browse(finance)
    assert f"/console/invoices/{plan.id}/paid" in visitor.get("/console/invoices").text
    assert visitor.post(f"/console/invoices/{plan.id}/paid").status_code == 303
    assert (money_of(stage, "bank"), money_of(stage, f"receivable:{stage.organisation}")) == (5_880, 0)
    assert visitor.post(f"/console/invoices/{plan.id}/paid").status_code == 404
    assert f"/console/invoices/{plan.id}/paid" not in visitor.get("/console/invoices").text


def test_nothing_is_booked_above_what_is_owed(stage):
    buy(stage, stage.freelancer, "freelancer")
    with stage.unit() as uow:
        taken = receive_own(
            uow, cause_type="invoice", cause_id="x", payer=stage.freelancer, amount=Money(99_999, "EUR")
        )
        uow.commit()
    assert taken == Money(5_880, "EUR")
    assert money_of(stage, f"receivable:{stage.freelancer}") == 0
