"""The console's page of corrections: asked for with a password, decided by another, in plain words."""

import re

import pytest
from sqlalchemy import update

from marketwright.features.accounts import people
from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.passwords import hash_password
from marketwright.features.accounts.tables import Account
from marketwright.features.ledger import service as ledger
from marketwright.features.ledger.queries import balance
from marketwright.kernel.money import Money
from marketwright.testing.agreed import PASSWORD

PAGE = "/console/finance/corrections"
ENTRY = {"legs-0-account": "psp_fee", "legs-0-side": "debit", "legs-0-amount": "12",
         "legs-1-account": "psp_clearing", "legs-1-side": "credit", "legs-1-amount": "12",
         "reason": "The bank took its fee for March.", "password": PASSWORD}  # fmt: skip


@pytest.fixture
def two(desk):
    """Two people of finance with passwords."""
    with desk.stage.unit() as uow:
        made = [
            accounts.create_account(
                uow, email=f"{name}@example.org", name=name.title(), locale="en", is_freelancer=False,
                password_hash=hash_password(PASSWORD),
            )
            for name in ("anna", "ben")
        ]  # fmt: skip
        for account in made:
            accounts.join_staff(uow, account=account, roles=["finance"])
        uow.commit()
    return desk, *made


def fee(desk):
    with desk.house.database.reading() as session:
        return balance(session, "psp_fee").amount


def test_one_asks_and_another_confirms(two, browse):
    desk, anna, ben = two
    before = fee(desk)
    asked = browse(anna).post(PAGE, ENTRY)
    assert asked.status_code == 303
    there = asked.headers["Location"]
    assert "another person" in browse(anna).get(there).text
    assert browse(ben).post(f"{there}/confirm", {"password": PASSWORD}).status_code == 303
    assert fee(desk) - before == 1200
    page = browse(ben).get(there).text
    assert "Anna" in page
    assert "Ben" in page


def test_what_was_typed_stays_when_it_is_refused(two, browse):
    _desk, anna, _ben = two
    page = browse(anna).post(PAGE, ENTRY | {"legs-1-amount": "11", "password": PASSWORD})
    assert page.status_code == 422
    assert re.search(r"differ by \S*1\.00", page.text)
    assert "The bank took its fee for March." in page.text


def test_g2_a_debt_of_a_closed_account_is_said_and_given_up_as_the_marketplaces_loss(two, browse):
    desk, anna, ben = two
    debt = f"receivable:{desk.stage.freelancer}"
    with desk.stage.unit() as uow:
        legs = [(debt, Money(57_000, "EUR")), ("psp_clearing", Money(-57_000, "EUR"))]
        ledger.post(uow, cause_type="tests", cause_id="refund", effect="refund", legs=legs)
        people.suspend(uow, account=desk.stage.freelancer, reason="Closed.")
        uow.commit()
    finance = browse(anna).get("/console/finance").text
    assert "Account closed" in finance
    form = browse(anna).get(re.search(r'href="([^"]+)">Give it up', finance)[1]).text
    typed = dict(re.findall(r'name="(legs-\d-\w+)"[^>]* value="([^"]*)"', form))
    assert typed["legs-1-account"] == debt
    sent = typed | {"legs-0-side": "debit", "legs-1-side": "credit", "reason": ENTRY["reason"], "password": PASSWORD}
    there = browse(anna).post(PAGE, sent).headers["Location"]
    browse(ben).post(f"{there}/confirm", {"password": PASSWORD})
    finance = browse(anna).get("/console/finance").text
    assert "Account closed" not in finance
    assert re.search(r"Given up</dt><dd[^>]*>€570\.00", finance)


def test_a_wrong_password_asks_for_nothing(two, browse):
    _desk, anna, _ben = two
    page = browse(anna).post(PAGE, ENTRY | {"password": "guess"})
    assert "This is not your present password." in page.text
    assert "Nothing was corrected by hand" in browse(anna).get(PAGE).text


def test_whoever_asked_cannot_confirm(two, browse):
    desk, anna, _ben = two
    before = fee(desk)
    there = browse(anna).post(PAGE, ENTRY).headers["Location"]
    assert browse(anna).post(f"{there}/confirm", {"password": PASSWORD}).status_code == 403
    assert fee(desk) == before


def test_a_line_more_keeps_what_was_typed(two, browse):
    _desk, anna, _ben = two
    page = browse(anna).post(PAGE, ENTRY | {"legs_add": "1"})
    assert page.status_code == 200
    assert 'name="legs-2-account"' in page.text
    assert "psp_clearing" in page.text


def done(two, browse, entry):
    """The address of an entry that one asked for and the other confirmed."""
    _desk, anna, ben = two
    there = browse(anna).post(PAGE, entry).headers["Location"]
    assert browse(ben).post(f"{there}/confirm", {"password": PASSWORD}).status_code == 303
    return there


def test_a_second_click_on_take_it_back_asks_for_nothing_more(two, browse):
    _desk, anna, _ben = two
    there = done(two, browse, ENTRY)
    assert browse(anna).post(f"{there}/undo", {"password": PASSWORD}).status_code == 303
    again = browse(anna).post(f"{there}/undo", {"password": PASSWORD})
    assert again.status_code == 422
    assert "asked already" in again.text


def test_who_stood_behind_an_entry_is_said_in_the_readers_language(two, browse):
    desk, anna, _ben = two
    done(two, browse, ENTRY)
    with desk.stage.unit() as uow:
        uow.session.execute(update(Account).where(Account.id == anna).values(locale="fr"))
        uow.commit()
    page = browse(anna).get("/console/ledger/accounts/psp_fee").text
    assert f"Par deux personnes\u00a0: {ENTRY['reason']}" in page


def test_totals_beyond_the_bound_of_one_entry_are_shown(two, browse):
    _desk, anna, _ben = two
    large = dict.fromkeys(("legs-0-amount", "legs-1-amount"), "10000000000.00")
    for _time in range(2):
        done(two, browse, ENTRY | large)
    for page in ("/console/ledger", "/console/ledger/accounts/psp_fee", "/console/ledger/balances.csv"):
        assert re.search(r"20,?000,?000,?0\d\d", browse(anna).get(page).text)
    for page in ("/console/finance", "/console"):
        assert browse(anna).get(page).status_code == 200


def test_an_account_of_two_currencies_has_a_balance_in_each(two, browse):
    desk, anna, _ben = two
    with desk.stage.unit() as uow:
        legs = [("psp_clearing", Money(5_000_000, "JPY")), ("revenue", Money(-5_000_000, "JPY"))]
        ledger.post(uow, cause_type="tests", cause_id="yen", effect="tested", legs=legs)
        ledger.post(uow, cause_type="tests", cause_id="euro", effect="tested",
                    legs=[("psp_clearing", Money(700, "EUR")), ("revenue", Money(-700, "EUR"))])  # fmt: skip
        uow.commit()
    for page in ("/console/ledger", "/console/ledger/accounts/psp_clearing"):
        figures = re.findall(r'<(?:strong class="money"|dd class="value")>(.*?)</', browse(anna).get(page).text)
        assert any("¥5,000,000" in figure for figure in figures)
        assert any("€" in figure for figure in figures)
