"""What the payer sees of a payment, and the door for providers' messages."""

import json

import pytest

from marketwright.features.accounts import service as accounts
from marketwright.features.inbox.queries import latest
from marketwright.features.inbox.service import LONGEST
from marketwright.features.payments import queries, service
from marketwright.features.payments.amounts import Amounts
from marketwright.features.payments.ports import Course, NoCourse
from marketwright.kernel.actors import system
from marketwright.strategies.payments import CommandKind
from marketwright_sandbox.signing import HEADER, secrets_of, sign

pytestmark = pytest.mark.plugins("sandbox")
PRICE = Amounts("EUR", 100_000, 20_000, 5_000, 1_000, 5_000, 1_000)


def person(uow, name):
    return accounts.create_account(
        uow, email=f"{name}@example.org", name=name.title(), locale="en", is_freelancer=False, persona=""
    )


@pytest.fixture
def payer(house):
    """Somebody of an organisation that has asked to pay, and the command."""
    house.ports.fill(Course, NoCourse())
    with house.database.unit(system("tests")) as uow:
        anna = person(uow, "anna")
        organisation = accounts.create_organisation(uow, owner=anna, name="Insurer")
        service.open_hold(uow, hold="milestone1", contract="contract1", organisation=organisation, freelancer="f1",
                          amounts=PRICE, provider="sandbox", describe="Audit, part one")  # fmt: skip
        command = service.reserve(uow, hold="milestone1", kind=CommandKind.FUND, cause="request:1", by=f"person:{anna}")
        uow.commit()
    return anna, command


@pytest.fixture
def sandbox(house):
    return house.plugins.payment_providers["sandbox"].it


def go(browse, house, payer):
    """Start the payment and return the visitor with the path of the provider's page."""
    answer = service.run(house, payer[1])
    return browse(payer[0]), answer.page.removeprefix("http://localhost")


def state(house, command):
    with house.database.reading() as session:
        return str(queries.command(session, command).state)


def test_a_payer_pays_on_the_providers_page_and_comes_back_to_the_contract(browse, house, payer):
    anna, page = go(browse, house, payer)
    assert "Audit, part one" in anna.get(page).text
    back = anna.post(page, {"way": "pay"})
    assert back.location == f"http://localhost/payments/return/{payer[1]}"
    there = anna.get(back.location)
    assert (there.status_code, there.location) == (303, "/contracts/contract1")
    assert state(house, payer[1]) == "CONFIRMED"


def test_the_way_back_may_be_taken_twice(browse, house, payer):
    anna, page = go(browse, house, payer)
    anna.post(page, {"way": "pay"})
    for _ in range(2):
        assert anna.get(f"/payments/return/{payer[1]}").location == "/contracts/contract1"


def test_a_declined_card_says_why_and_that_nothing_was_taken(browse, house, payer):
    anna, page = go(browse, house, payer)
    back = anna.post(page, {"way": "decline"})
    text = anna.get(back.location, follow_redirects=True).text
    assert "The card was declined." in text
    assert "Nothing was taken" in text


def test_a_page_that_was_left_offers_to_go_on_or_to_pay_later(browse, house, payer):
    anna, page = go(browse, house, payer)
    back = anna.post(page, {"way": "leave"})
    text = anna.get(back.location, follow_redirects=True).text
    assert f'href="http://localhost{page}"' in text
    later = anna.post(f"/payments/{payer[1]}/later")
    assert later.location == "/contracts/contract1"
    with house.database.reading() as session:
        assert queries.hold(session, "milestone1").state == "NONE"


def test_a_payment_that_answers_late_is_followed_without_a_script(browse, house, payer):
    anna, page = go(browse, house, payer)
    back = anna.post(page, {"way": "late"})
    anna.get(back.location)
    waiting = anna.get(f"/payments/{payer[1]}")
    assert waiting.headers["Refresh"] == "4"
    assert "under way" in waiting.text


def test_the_page_speaks_french(browse, house, payer):
    anna, page = go(browse, house, payer)
    anna.post(page, {"way": "late"})
    anna.get(f"/payments/return/{payer[1]}")
    with anna.client.session_transaction() as session:
        session["locale"] = "fr"
    assert "Votre paiement est en cours" in anna.get(f"/payments/{payer[1]}").text


@pytest.mark.parametrize("path", ["/payments/{0}", "/payments/return/{0}"])
def test_strangers_find_nothing(browse, house, payer, path):
    with house.database.unit(system("tests")) as uow:
        stranger = person(uow, "bob")
        uow.commit()
    assert browse(stranger).get(path.format(payer[1])).status_code == 404
    assert browse(stranger).post(f"/payments/{payer[1]}/later").status_code == 404


def test_visitors_are_asked_to_sign_in(browse, payer):
    assert "/sign-in" in browse().get(f"/payments/{payer[1]}").location


def send(browse, sandbox, body, **headers):
    given = {HEADER: sign(body, secrets_of(sandbox.desk.folder)[0], sandbox.books.now()), **headers}
    return browse().client.post("/in/sandbox", data=body, headers=given)


def test_j1_a_signed_message_is_taken_without_a_session_and_settles_the_payment(browse, house, payer, sandbox):
    service.run(house, payer[1])
    sandbox.books.choose(sandbox.books.lookup(payer[1]).token, "pay")
    (_, body), = sandbox.books.undelivered()
    assert send(browse, sandbox, body).status_code == 200
    assert state(house, payer[1]) == "PAGE"
    house.worker.drain()
    assert state(house, payer[1]) == "CONFIRMED"


def test_b7_an_unsigned_message_is_refused(browse, sandbox):
    assert send(browse, sandbox, b"{}", **{HEADER: "t=1,v1=x"}).status_code == 400


def test_b11_a_huge_message_is_refused(browse, sandbox):
    assert send(browse, sandbox, b"x" * (LONGEST + 1)).status_code == 413


def test_a_message_for_nobody_is_not_found(browse):
    assert browse().client.post("/in/nobody", data=b"{}").status_code == 404


def test_j1_a_message_that_cannot_be_read_now_is_kept_and_read_again(browse, house, sandbox, monkeypatch):
    def broken(_message):
        msg = "books are shut"
        raise OSError(msg)

    monkeypatch.setattr(sandbox, "read", broken)
    assert send(browse, sandbox, json.dumps({"id": "m1"}).encode()).status_code == 200
    house.worker.drain()
    with house.database.reading() as session:
        assert [(m.state, m.attempts) for m in latest(session, "sandbox")] == [("stored", 1)]
