"""The gates of a running deal: before the work starts, and before the freelancer is paid."""

import html
import re
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from marketwright.features.accounts.ports import Gate
from marketwright.features.contracts.log import verify_log
from marketwright.features.notifications.tables import Mail
from marketwright.features.payments import queries as payments
from marketwright.features.payments.payouts import pay_what_waited
from marketwright.features.payments.tables import PaymentCommand
from marketwright.features.payments.verify import verify
from marketwright.kernel.actors import system
from marketwright.kernel.errors import GateClosed, Missing
from marketwright.strategies.payments import CommandKind, Outcome


@dataclass
class Closed:
    """A gate that is closed to whoever stands in ``to``: (gate, kind of subject)."""

    to: set = field(default_factory=set)

    def missing(self, session, gate, subject_kind, subject_id):
        if (gate, subject_kind) in self.to:
            return (Missing("papers", "Insurance certificate", "Hand it in.", "/me/checks/papers"),)
        return ()


@pytest.fixture
def gate(stage):
    made = Closed()
    stage.house.ports.fill(Gate, made)
    return made


def payouts(stage):
    with stage.house.database.reading() as session:
        found = payments.commands(session, contract=stage.contract)
        return [c for c in found if c.kind is CommandKind.PAYOUT]


def findings(stage):
    with stage.house.database.reading() as session:
        return [*verify(session), *verify_log(session)]


def text(response):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))))


def release(stage, n=0):
    stage.deliver(n=n)
    stage.answer(stage.take("approve", stage.client, n=n).command)


def sweep(stage):
    with stage.unit(system("payments.sweep")) as uow:
        paid = pay_what_waited(uow)
        uow.commit()
    return paid


@pytest.mark.parametrize("side", ["freelancer", "organisation"])
def test_no_money_comes_in_while_the_gate_start_is_closed_to_either_side(stage, gate, side):
    stage.signed(100_000)
    gate.to.add(("start", side))
    with pytest.raises(GateClosed) as closed:
        stage.take("fund", stage.client)
    assert (closed.value.gate, closed.value.missing[0].label) == ("start", "Insurance certificate")
    assert bool(closed.value.missing[0].href) is (side == "organisation")  # how the other side stands is theirs


def test_what_start_asks_for_stands_on_the_contract_with_the_way_to_get_it(stage, gate, browse):
    stage.signed(100_000)
    gate.to.add(("start", "freelancer"))
    page = browse(stage.freelancer).get(f"/contracts/{stage.contract}")
    assert "Insurance certificate" in text(page)
    assert 'href="/me/checks/papers"' in page.get_data(as_text=True)


def test_the_other_side_reads_what_is_waited_for_without_a_way_in(stage, gate, browse):
    stage.signed(100_000)
    gate.to.add(("start", "freelancer"))
    page = browse(stage.client).get(f"/contracts/{stage.contract}")
    assert "Insurance certificate of Tomasz Wiśniewski" in text(page)
    assert 'href="/me/checks/papers"' not in page.get_data(as_text=True)


def test_a_milestone_can_be_called_off_while_the_gate_is_closed(stage, gate):
    stage.signed(100_000)
    gate.to.add(("start", "freelancer"))
    stage.take("cancel", stage.client, note="We wait no longer")
    assert stage.milestone().state == "cancelled"


def test_a_deal_that_has_begun_goes_on_when_the_gate_closes(stage, gate):  # an expired check strands no running deal
    stage.signed(100_000, 50_000)
    stage.fund()
    gate.to |= {("start", "freelancer"), ("start", "organisation")}
    release(stage)
    stage.fund(n=1)
    assert stage.milestone(1).state == "work"


def test_a_course_without_holds_asks_start_at_the_signature(stage, gate):
    stage.agree(100_000, process="invoice")
    stage.send()
    gate.to.add(("start", "freelancer"))
    with pytest.raises(GateClosed):
        stage.sign(stage.freelancer)
    gate.to.clear()
    assert stage.sign(stage.freelancer) == "SENT"


def test_a_payout_waits_at_its_gate_and_the_money_stays_theirs(stage, gate):
    stage.signed(100_000)
    stage.fund()
    gate.to.add(("be_paid", "freelancer"))
    release(stage)
    assert payouts(stage) == []
    assert stage.milestone().state == "released"
    assert findings(stage) == []


def test_a_payout_that_waited_leaves_once_the_gate_is_open(stage, gate):  # C10
    stage.signed(100_000)
    stage.fund()
    gate.to.add(("be_paid", "freelancer"))
    release(stage)
    assert sweep(stage) == 0
    gate.to.clear()
    assert sweep(stage) == 1
    assert len(payouts(stage)) == 1
    assert findings(stage) == []


def test_it_leaves_once_however_often_the_sweep_runs(stage, gate):
    stage.signed(100_000)
    stage.fund()
    gate.to.add(("be_paid", "freelancer"))
    release(stage)
    gate.to.clear()
    assert [sweep(stage) for _ in range(3)] == [1, 0, 0]


def test_a_refused_payout_is_left_to_staff(stage, gate):
    stage.signed(100_000)
    stage.fund()
    release(stage)
    [asked] = payouts(stage)
    with stage.unit(system("worker")) as uow:
        uow.session.get_one(PaymentCommand, asked.id).sent_at = uow.machine_now
        uow.commit()
    stage.answer(asked.id, Outcome.FAILED, "The account is closed.")
    assert sweep(stage) == 0


def test_whoever_waits_for_their_money_is_told(stage, gate):
    stage.signed(100_000)
    stage.fund()
    gate.to.add(("be_paid", "freelancer"))
    release(stage)
    stage.house.worker.drain()
    with stage.house.database.reading() as session:
        mails = list(session.scalars(select(Mail).where(Mail.kind == "payment.payout_waits")))
    assert [m.address for m in mails] == ["tomasz@example.org"]


def test_a_contract_says_why_the_money_waits(stage, gate, browse):
    stage.signed(100_000)
    stage.fund()
    gate.to.add(("be_paid", "freelancer"))
    release(stage)
    assert "Insurance certificate" in text(browse(stage.freelancer).get(f"/contracts/{stage.contract}"))


def test_a_review_can_be_reached_from_the_first_paid_milestone_on(stage, browse):  # C9
    stage.signed(100_000, 50_000)
    stage.fund()
    visitor, way = browse(stage.client), f'href="/contracts/{stage.contract}/review"'
    assert way not in visitor.get(f"/contracts/{stage.contract}").get_data(as_text=True)
    release(stage)
    assert way in visitor.get(f"/contracts/{stage.contract}").get_data(as_text=True)
