"""Money that came by transfer and is nobody's: staff sends it back, with permission and a reason."""

import pytest
from sqlalchemy import select

from marketwright.features.payments.incoming import arrival
from marketwright.features.payments.reporting import report
from marketwright.features.payments.service import freeze
from marketwright.features.payments.tables import Hold, PaymentArrival, PaymentCommand
from marketwright.kernel.actors import system
from marketwright.store.tables import AuditRow
from marketwright.strategies.payments import Answer, Fact, FactKind, Outcome

CONFIRMED = Outcome.CONFIRMED


def tell(desk, fact):
    with desk.house.database.unit(system("provider")) as uow:
        report(uow, "sandbox", fact, way="message")
        uow.commit()


@pytest.fixture
def came(desk):
    answer = Answer(CONFIRMED, "arrival-1", reason="WRONG ADDRESS", amount=70_000)
    tell(desk, Fact("arrival-1.arrived", "", answer, kind=FactKind.ARRIVED, currency="EUR"))
    with desk.house.database.reading() as session:
        return session.scalars(select(PaymentArrival.id)).one()


def test_it_goes_back_to_its_sender_with_a_reason_in_the_log(desk, browse, came):
    visitor, path = browse(desk.staff["finance"]), f"/console/arrivals/{came}"
    assert path in visitor.get("/console/finance").text
    assert "WRONG ADDRESS" in visitor.get(path).text
    visitor.post(f"{path}/give-back", {"reason": "It was meant for another house."})
    with desk.house.database.reading() as session:
        row, command = arrival(session, came), session.scalars(
            select(PaymentCommand).where(PaymentCommand.arrival == "arrival-1")
        ).one()  # fmt: skip
        said = session.scalars(select(AuditRow).where(AuditRow.action == "payment.giving_back")).one()
    assert (row.open.amount, row.giving_back.amount, command.amount) == (0, 70_000, 70_000)
    assert said.details["reason"] == "It was meant for another house."
    assert "/give-back" not in visitor.get(path).text


def test_it_asks_for_a_reason_and_goes_back_once(desk, browse, came):
    visitor, path = browse(desk.staff["finance"]), f"/console/arrivals/{came}/give-back"
    assert visitor.post(path, {"reason": " "}).status_code == 422
    assert visitor.post(path, {"reason": "Nobody asked for it."}).status_code == 303
    assert visitor.post(path, {"reason": "Nobody asked for it."}).status_code == 409
    assert visitor.get("/console/arrivals/0000000000000000").status_code == 404


def test_it_is_refused_to_whoever_may_not_decide_about_payments(desk, browse, came):
    visitor, path = browse(desk.staff["auditor"]), f"/console/arrivals/{came}"
    assert "give-back" not in visitor.get(path).text
    assert visitor.post(f"{path}/give-back", {"reason": "I would like to."}).status_code == 403


@pytest.fixture
def paid_out(desk):
    """The payout of the first milestone, confirmed."""
    stage = desk.stage
    stage.deliver()
    stage.answer(stage.take("approve", stage.client).command)
    with desk.house.database.reading() as session:
        payout = session.scalars(select(PaymentCommand.id).where(PaymentCommand.kind == "payout")).one()
    stage.answer(payout)
    return payout


def test_g6_a_payout_that_came_back_can_be_sent_once_more(desk, browse, paid_out):
    with desk.house.database.reading() as session:
        amount = session.get_one(PaymentCommand, paid_out).amount
    tell(desk, Fact("po.returned", paid_out, Answer(CONFIRMED, "po", amount=amount), kind=FactKind.PAYOUT_RETURNED))
    visitor, path = browse(desk.staff["finance"]), f"/console/payments/{paid_out}"
    assert f"{path}/again" in visitor.get(path).text
    assert visitor.post(f"{path}/again").status_code == 303
    assert f"{path}/again" not in visitor.get(path).text


def test_money_that_was_frozen_after_its_release_can_be_let_go(desk, browse, paid_out):
    with desk.house.database.unit(system("tests")) as uow:
        hold = uow.session.scalars(select(Hold.id).where(Hold.paid > 0)).one()
        freeze(uow, hold=hold, reason="The payment was taken back by the bank.")
        uow.commit()
    path = f"/console/payments/{paid_out}"
    assert f"{path}/thaw" in browse(desk.staff["finance"]).get(path).text
