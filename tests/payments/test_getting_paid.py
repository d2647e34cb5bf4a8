"""What the provider asks of a freelancer, as they see it; no money comes in that could not be passed on."""

import pytest

from marketwright.features.accounts import service as accounts
from marketwright.features.inbox.jobs import HANDLE_JOB  # noqa: F401  the worker knows it
from marketwright.features.payments import payees, queries, service
from marketwright.features.payments.amounts import Amounts
from marketwright.features.payments.destinations import cooling_until
from marketwright.features.payments.payouts import missing_for
from marketwright.features.payments.ports import Course, NoCourse
from marketwright.kernel.actors import system
from marketwright.kernel.errors import GateClosed
from marketwright.store.tables import EventRow
from marketwright.strategies.payments import Answer, CommandKind, Fact, FactKind, Need, Outcome, Requirement

pytestmark = [
    pytest.mark.plugins("sandbox"),
    pytest.mark.settings(plugin_settings={"sandbox": {"onboarding": True}}),
]
PRICE = Amounts("EUR", 100_000, 20_000, 5_000, 1_000, 5_000, 1_000)


@pytest.fixture
def zoe(house):
    """A freelancer with a contract whose first milestone could be funded."""
    house.ports.fill(Course, NoCourse())
    with house.database.unit(system("tests")) as uow:
        account = accounts.create_account(
            uow, email="zoe@example.org", name="Zoé", locale="en", is_freelancer=True, persona=""
        )
        service.open_hold(uow, hold="milestone1", contract="contract1", organisation="client1", freelancer=account,
                          amounts=PRICE, provider="sandbox", describe="Audit, part one")  # fmt: skip
        uow.commit()
    return account


def fund(house):
    with house.database.unit(system("tests")) as uow:
        service.reserve(uow, hold="milestone1", kind=CommandKind.FUND, cause="request:1", by="person:a")
        uow.commit()


def provider_page(answer):
    return answer.location.removeprefix("http://localhost")


def stands(house, zoe):
    with house.database.reading() as session:
        return queries.payee(session, "sandbox", zoe)


def test_the_way_from_nothing_to_being_paid(browse, house, zoe):
    visitor = browse(zoe)
    assert "You have not begun yet." in visitor.get("/account/getting-paid").text
    with pytest.raises(GateClosed, match="provider"):
        fund(house)
    page = provider_page(visitor.post("/account/getting-paid"))
    assert "Who you are" in visitor.get("/account/getting-paid").text
    visitor.post(page, {"way": "without_bank"})
    visitor.get("/account/getting-paid/return")
    text = visitor.get("/account/getting-paid").text
    assert "The bank account that you are paid on" in text
    assert "Who you are" not in text
    visitor.post(page, {"way": "give"})
    visitor.get("/account/getting-paid/return")
    assert "You can be paid." in visitor.get("/account/getting-paid").text
    fund(house)


def test_they_are_told_when_a_contract_of_theirs_would_wait_for_it(house, zoe):
    with house.database.reading() as session:
        told = session.query(EventRow).filter_by(name="payment.payee_wanted").all()
        assert [(e.subject, e.payload["contract"]) for e in told] == [(zoe, "contract1")]


def test_one_account_is_opened_however_often_one_asks(house, zoe):
    pages = {payees.ask(house, "sandbox", zoe, return_to="/back") for _ in range(3)}
    assert len(pages) == 1


def test_a_payout_waits_for_it_too(house, zoe):
    with house.database.unit(system("tests")) as uow:
        assert "payee" in [m.check for m in missing_for(uow, zoe, "sandbox")]


@pytest.mark.parametrize("broken", [OSError("down"), "nonsense", Answer(Outcome.PAGE, page="javascript:alert(1)"),
                                    Answer(Outcome.WAITING, missing=("a word",))])  # fmt: skip
def test_a_provider_that_talks_nonsense_changes_nothing(browse, house, zoe, broken, monkeypatch):
    def answer(command):
        if isinstance(broken, Exception):
            raise broken
        return broken

    monkeypatch.setattr(house.plugins.payment_providers["sandbox"].it, "execute", answer)
    visitor = browse(zoe)
    assert visitor.post("/account/getting-paid").status_code == 303
    assert stands(house, zoe).state == "ASKED"


def test_j3_what_a_message_says_is_looked_up_so_an_old_one_takes_nothing_back(house, zoe):
    payees.ask(house, "sandbox", zoe, return_to="/back")
    entry = house.plugins.payment_providers["sandbox"]
    it = entry.it
    it.payees.choose(it.payees.of(zoe).token, "give")
    old = Answer(Outcome.WAITING, missing=(Requirement(Need.BANK_ACCOUNT),))
    assert payees.changed(house, entry, Fact("x", "", old, kind=FactKind.PAYEE_CHANGED, payee=zoe))
    assert stands(house, zoe).ready
    assert not payees.changed(house, entry, Fact("y", "", old, kind=FactKind.PAYEE_CHANGED, payee="nobody"))


def test_e13_another_account_at_the_provider_cools_before_anything_is_paid_to_it(house, zoe, monkeypatch):
    payees.ask(house, "sandbox", zoe, return_to="/back")
    it = house.plugins.payment_providers["sandbox"].it
    for marks in (("one",), ("one",), ("two",)):
        monkeypatch.setattr(it, "lookup", lambda c, marks=marks: Answer(Outcome.CONFIRMED, "p", marks=marks))
        payees.look(house, "sandbox", zoe)
    with house.database.unit(system("tests")) as uow:
        assert cooling_until(uow.session, zoe, uow.now) is not None


def test_somebody_who_can_be_paid_no_more_is_told(house, zoe):
    payees.ask(house, "sandbox", zoe, return_to="/back")
    it = house.plugins.payment_providers["sandbox"].it
    for way in ("give", "refuse"):
        it.payees.choose(it.payees.of(zoe).token, way)
        payees.look(house, "sandbox", zoe)
    assert stands(house, zoe).state == "REFUSED"
    with pytest.raises(GateClosed):
        fund(house)


def test_somebody_who_was_refused_can_look_again_and_is_not_told_why_nobody_answered(browse, house, zoe, monkeypatch):
    visitor = browse(zoe)
    page = provider_page(visitor.post("/account/getting-paid"))
    visitor.post(page, {"way": "refuse"})
    payees.look(house, "sandbox", zoe)
    assert 'href="/account/getting-paid/return"' in visitor.get("/account/getting-paid").text
    it = house.plugins.payment_providers["sandbox"].it
    with monkeypatch.context() as broken:
        broken.setattr(it, "lookup", lambda c: Answer(Outcome.UNKNOWN, reason="x1"))
        visitor.get("/account/getting-paid/return")
    assert "x1" not in visitor.get("/account/getting-paid").text
    visitor.post(page, {"way": "give"})
    visitor.get("/account/getting-paid/return")
    assert "You can be paid." in visitor.get("/account/getting-paid").text
