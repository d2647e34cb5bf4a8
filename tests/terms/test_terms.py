"""Terms: which version somebody accepted; the notice before new ones; the question at sign-in."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.tables import Account
from marketwright.features.content import service as content
from marketwright.features.notifications.tables import Mail
from marketwright.features.terms import queries
from marketwright.features.terms import service as terms
from marketwright.kernel.actors import Actor, system
from marketwright.store.database import move_clock

PASSWORD = "correct horse battery"
ONE, TWO = "# Terms\n\nWe take 10 %.\n\nThe law is French.\n", "We take 12 %.\n\nThe law is French."


@pytest.fixture
def file(tmp_path):
    (tmp_path / "content" / "en").mkdir(parents=True)
    made = tmp_path / "content" / "en" / "terms.md"
    made.write_text(ONE, "utf-8")
    return made


@pytest.fixture
def unit(house):
    def act(deed, actor=None):
        by = actor or Actor(kind="person", id="a" * 16, name="Maud", staff=frozenset({"admin"}))
        with house.database.unit(by) as uow:
            done = deed(uow)
            uow.commit()
        return done

    return act


@pytest.fixture
def lea(file, unit):
    """Léa has signed up under the first terms and confirmed her address."""
    account = unit(lambda u: accounts.sign_up(
        u, email="lea@example.org", name="Léa Morel", password=PASSWORD, locale="en", as_freelancer=True,
    ))  # fmt: skip
    unit(lambda u: u.session.execute(update(Account).where(Account.id == account).values(confirmed_at=u.now)))
    return account


def publish(unit, text=TWO, days=16, **more):
    def deed(uow):
        seen = 0
        content.keep_draft(uow, page="terms", language="en", title="Terms", text=text, seen=seen)
        return content.publish(uow, page="terms", starts=uow.now + timedelta(days=days), **more)

    return unit(deed)


def later(house, unit, **span):
    unit(lambda u: move_clock(u, timedelta(**span)), system("tests"))
    house.database.clock.forget()


def read(house, question):
    with house.database.reading() as session:
        return question(session)


def sign_in(browse, **more):
    visitor = browse()
    return visitor, visitor.post("/sign-in", {"email": "lea@example.org", "password": PASSWORD, **more})


def test_signing_up_records_the_version(lea, house):
    rows, total = read(house, queries.log)
    assert total == 1
    assert (rows[0].account, rows[0].number, rows[0].way) == (lea, 1, "sign_up")
    assert read(house, lambda s: queries.accepted(s, lea)).text == "We take 10 %.\n\nThe law is French."


def test_who_accepted_what_binds_is_not_asked(lea, browse):
    _visitor, answer = sign_in(browse)
    assert "/terms/accept" not in answer.headers["Location"]


def test_everybody_is_told_of_new_terms_with_what_changes(lea, unit, app, house):
    publish(unit)
    with app.app_context():
        house.worker.drain()
    mail = [m for m in read(house, lambda s: list(s.scalars(select(Mail)))) if "New terms" in m.subject]
    assert [m.address for m in mail] == ["lea@example.org"]
    assert "Removed: We take 10 %." in mail[0].body
    assert "Added: We take 12 %." in mail[0].body
    assert not any("French" in text for text in mail[0].body)


def test_the_page_shows_what_will_change(lea, unit, browse):
    publish(unit)
    page = browse().get("/terms/changes").text
    assert "<del>" in page
    assert "We take 12 %." in page
    assert "We take 10 %." in browse().get("/terms").text


def shown(house, account):
    """The id of the version that the page asks ``account`` to accept."""
    now = house.clock.business()
    market = house.marketplace
    found = read(house, lambda s: queries.to_accept(s, market, account, "en", now) or queries.accepted(s, account))
    return found.id


def test_new_terms_are_asked_at_sign_in_after_their_date_alone(lea, unit, browse, house):
    publish(unit)
    assert "/terms/accept" not in sign_in(browse)[1].headers["Location"]
    later(house, unit, days=17)
    visitor, answer = sign_in(browse, next="/me/profile")
    assert answer.headers["Location"] == "/terms/accept?next=%2Fme%2Fprofile"
    assert "We take 12 %." in visitor.get(answer.headers["Location"]).text
    done = visitor.post("/terms/accept", {"next": "/me/profile", "version": shown(house, lea)})
    assert done.headers["Location"] == "/me/profile"
    assert read(house, lambda s: queries.accepted(s, lea)).number == 2
    assert "/terms/accept" not in sign_in(browse)[1].headers["Location"]


def test_a_correction_asks_nobody(lea, unit, browse):
    publish(unit, text="We take 10 %!\n\nThe law is French.", days=0, correction=True)
    assert "10 %!" in browse().get("/terms").text
    assert "/terms/accept" not in sign_in(browse)[1].headers["Location"]


def test_accepting_twice_is_one_line(lea, unit, house):
    for _time in range(2):
        unit(lambda u: terms.accept(u, account=lea, language="en", way="sign_in"))
    assert read(house, queries.log)[1] == 1


def test_a_changed_file_is_announced_and_binds_in_fifteen_days(lea, file, unit, browse, house, app):
    file.write_text("# Terms\n\n" + TWO, "utf-8")
    unit(terms.keep_files, system("tests"))
    unit(terms.keep_files, system("tests"))
    assert "We take 10 %." in browse().get("/terms").text
    later(house, unit, days=16)
    assert "We take 12 %." in browse().get("/terms").text
    assert "/terms/accept" in sign_in(browse)[1].headers["Location"]


def test_nobody_is_sent_to_another_site(lea, unit, browse, house):
    publish(unit)
    later(house, unit, days=17)
    visitor, _answer = sign_in(browse)
    done = visitor.post("/terms/accept", {"next": "https://evil.example/", "version": shown(house, lea)})
    assert done.headers["Location"] == "/"


def test_nobody_accepts_a_version_that_was_not_shown(lea, unit, browse, house):
    publish(unit)
    before = shown(house, lea)
    later(house, unit, days=17)
    visitor, _answer = sign_in(browse)
    done = visitor.post("/terms/accept", {"next": "/me/profile", "version": before})
    assert done.headers["Location"].startswith("/terms/accept")
    assert "The terms have changed while you read them." in visitor.get("/terms/accept").text
    assert read(house, lambda s: queries.accepted(s, lea)).number == 1


def test_an_acceptance_is_never_changed(lea, house):
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    with pytest.raises(DBAPIError, match="append only"), house.database.unit(system("tests")) as uow:
        uow.session.execute(text("DELETE FROM terms_acceptances"))


def test_who_signed_up_under_a_correction_of_the_old_terms_is_asked_about_the_new_ones(lea, unit, house, browse):
    publish(unit)
    publish(unit, text="We take 10 % only.", days=0, correction=True)
    unit(lambda u: terms.accept(u, account=lea, language="en", way="sign_up"))
    later(house, unit, days=17)
    asked = read(house, lambda s: queries.to_accept(s, house.marketplace, lea, "en", house.clock.business()))
    assert asked.text == TWO
    assert "/terms/accept" in sign_in(browse)[1].location
