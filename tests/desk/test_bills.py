"""Bills through a desk: read, paid, taken back, once; and the frame of a plugin's own pages."""

from dataclasses import dataclass, replace
from datetime import timedelta
from types import ModuleType

import pytest
from flask import Blueprint

from marketwright.app import build_house, create_app
from marketwright.features.invoicing.remittance import is_reference
from marketwright.features.payments import destinations
from marketwright.kernel.errors import NotAllowed, NotFound
from marketwright.plugin import DeskRefused, Manifest, Money, Payment, hookimpl, say
from marketwright.testing.agreed import Stage
from marketwright.testing.browse import Browse


@dataclass(frozen=True)
class Context:
    message: str


@hookimpl
def register_blueprints(settings, desk):
    pages = Blueprint("mine", "mine")

    @pages.get("/here")
    def here():
        me = desk.pages.visitor()
        if me is None:
            return desk.pages.sign_in()
        if not me.is_freelancer:
            raise NotFound("There is no such page.")
        return desk.pages.render("layout_plain.html", Context("Hello"))

    return [pages]


def module():
    made = ModuleType("mine")
    made.manifest = Manifest(
        name="mine", summary="Sees payments.", reads=("bills", "contracts"),
        acts=("receive_payment", "take_transition"), personal_data=("bank_account",),
    )  # fmt: skip
    made.register_blueprints = register_blueprints
    return made


@pytest.fixture
def stage(marketplace):
    made = build_house(replace(marketplace, plugins=("standard_contracts", "mine")), {"mine": module()})
    stage = Stage(made).meet().signed(100_000, process="invoice")
    stage.deliver()
    stage.take("approve", stage.client)
    yield stage
    made.database.dispose()


@pytest.fixture
def desk(stage):
    return stage.house.plugins.plugin("mine").desk


def pay(desk, bill, amount, key="a"):
    day = desk.clock.business().date() - timedelta(days=1)
    return desk.actions.receive_payment(bill.id, Payment(Money(amount, "EUR"), key, day)).amount


def test_a_plugin_reads_what_a_freelancer_is_owed(stage, desk):
    (bill,) = desk.queries.bills(freelancer=stage.freelancer)
    assert (bill.left, bill.total, bill.received) == (Money(120_000, "EUR"), Money(120_000, "EUR"), Money(0, "EUR"))
    assert (bill.payee, bill.payer) == ("Business of freelancer", "Business of organisation")
    assert is_reference(bill.payment_reference)
    assert desk.queries.bill(bill.id) == bill
    assert desk.queries.bills(freelancer=stage.client) == desk.queries.bills(contract="nothing") == []


def test_a_payment_that_it_saw_counts_once_and_takes_the_deal_on(stage, desk):
    (bill,) = desk.queries.bills()
    assert [pay(desk, bill, 50_000), pay(desk, bill, 50_000)] == [50_000, 50_000]
    assert desk.queries.bill(bill.id).left == Money(70_000, "EUR")
    assert pay(desk, bill, 90_000, "b") == 70_000
    assert (desk.queries.bill(bill.id).state, stage.row().state) == ("paid", "ENDED")


def test_it_takes_back_what_it_had_recorded_and_nobody_elses(stage, desk):
    (bill,) = desk.queries.bills()
    pay(desk, bill, 50_000)
    desk.actions.undo_payment("a")
    assert desk.queries.bill(bill.id).received == Money(0, "EUR")
    with pytest.raises(NotFound):
        desk.actions.undo_payment("b")


def test_it_counts_nothing_as_paid_by_a_bare_step(stage, desk):
    with pytest.raises(NotAllowed, match="moves no money"):
        desk.actions.take_transition(stage.milestones[0], "confirm_paid")


def test_it_is_told_the_account_in_force_and_that_another_one_is_on_its_way(stage, desk):
    def name(iban):
        with stage.unit(stage.freelancer) as uow:
            destinations.change(uow, freelancer=stage.freelancer, holder="T. Wiśniewski", iban=iban)
            uow.commit()

    assert desk.queries.personal(stage.freelancer, "bank_account") == {}
    name("FR7630006000011234567890189")
    told = desk.queries.personal(stage.freelancer, "bank_account")
    assert told == {"bank_account": "FR7630006000011234567890189", "bank_account_holder": "T. Wiśniewski",
                    "bank_account_changing": ""}  # fmt: skip
    name("DE89370400440532013000")
    assert desk.queries.personal(stage.freelancer, "bank_account") == told | {"bank_account_changing": "yes"}
    stage.move(hours=73)
    assert desk.queries.personal(stage.freelancer, "bank_account")["bank_account"] == "DE89370400440532013000"


def test_what_the_manifest_does_not_declare_is_refused(stage):
    desk = replace(stage.house.plugins.plugin("mine").desk, reads=(), acts=())
    with pytest.raises(DeskRefused, match="bills"):
        desk.queries.bills()
    with pytest.raises(DeskRefused, match="receive_payment"):
        desk.actions.undo_payment("a")


def test_a_plugins_page_knows_who_looks_and_stands_in_the_layout(stage, desk):
    app = create_app(stage.house.marketplace, stage.house)
    app.testing = True
    assert Browse(app).get("/x/mine/here").location == "/sign-in?next=/x/mine/here"
    assert Browse(app).sign_in(stage.client).get("/x/mine/here").status_code == 404
    assert "Testing" in Browse(app).sign_in(stage.freelancer).get("/x/mine/here").text
    assert desk.pages.say(say("A sentence")) == "A sentence"
