"""What stands in a sentence is kept as what it is, and written in the reader's way when it is read."""

from datetime import UTC, date, datetime

import pytest

from marketwright.features.accounts import service as accounts
from marketwright.features.notifications import service
from marketwright.features.notifications.queries import InboxNotices, notices
from marketwright.features.notifications.saying import restored, shortened, spoken, stored
from marketwright.kernel.actors import system
from marketwright.kernel.money import Money
from marketwright.kernel.text import say
from marketwright.web.i18n import speaking

PAID = "Your payment of %(amount)s has arrived"


@pytest.fixture
def reader(house):
    with house.database.unit(system("tests")) as uow:
        account = accounts.create_account(uow, email="l@example.org", name="Léa", locale="fr", is_freelancer=True)
        uow.commit()
    return account


def told(app, house, account, text, **places):
    with house.database.unit(system("tests")) as uow:
        service.announce(uow, account=account, text=text, places=places)
        uow.commit()
    with app.app_context():
        house.worker.drain()
    with house.database.reading() as session:
        return notices(session, account)[0]


def test_what_stands_in_a_sentence_comes_back_as_it_was():
    day, at = date(2030, 5, 1), datetime(2030, 5, 1, 12, tzinfo=UTC)
    places = {"amount": Money(1_234_567_89, "EUR"), "day": day, "at": at, "n": 3, "who": "Léa",
              "inner": say("until %(day)s", day=day)}  # fmt: skip
    assert restored(stored(places)) == places


def test_an_amount_in_a_notice_is_written_in_the_readers_language(app, house, reader):
    told(app, house, reader, PAID, amount=Money(1_234_567_89, "EUR"))
    with house.database.reading() as session, speaking("fr"):
        (line,) = InboxNotices()(session, reader, 5)
    assert "1 234 567,89 €" in line.text.replace("\u202f", " ").replace("\u00a0", " ")


def test_a_notice_that_is_too_long_is_cut_and_told(app, house, reader):
    found = told(app, house, reader, "x" * 400)
    assert spoken(found.text) == "x" * 299 + "…"


def test_what_fits_is_not_cut():
    assert shortened("x" * 300, 300) == "x" * 300
