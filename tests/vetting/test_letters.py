"""What people hear of their checks, once each, in their language."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketwright.features.notifications.tables import Mail, Notice
from marketwright.features.vetting.expiry import expire
from marketwright.kernel.actors import system
from marketwright.store.database import move_clock

pytestmark = pytest.mark.plugins("evidence")


def letters(people):
    people.house.worker.drain()
    with people.house.database.reading() as session:
        return list(session.scalars(select(Mail).where(Mail.kind.startswith("verdict."))))


def test_a_decision_is_told_with_its_reason(people):
    people.decide(people.hand_in("documents", about=people.claim), "refused", reason="Page two is missing.")
    [mail] = letters(people)
    assert (mail.address, mail.subject) == ("ada@example.org", "A check of yours was refused")
    assert "It is about: OSCP." in mail.body
    assert "The reason given: Page two is missing." in mail.body


def test_it_stands_in_the_inbox_too_and_leads_to_the_check(people):
    people.decide(people.hand_in("documents", about=people.claim))
    letters(people)
    with people.house.database.reading() as session:
        [href] = session.scalars(select(Notice.href).where(Notice.account_id == people.freelancer))
    assert href == "/me/checks/documents"


def test_those_who_run_the_client_hear_of_its_checks(people):
    people.decide(people.hand_in("documents", kind="client"))
    assert [m.address for m in letters(people)] == ["bo@example.org"]


def test_an_end_is_announced_and_told(people):
    people.decide(people.hand_in("documents", about=people.claim))
    for days in (340, 30):
        people.do(system("tests"), lambda u, d=days: move_clock(u, timedelta(days=d)))
        people.do(system("tests"), expire)
    subjects = {m.subject for m in letters(people)}
    assert {"A check of yours ends within 30 days", "A check of yours has expired"} <= subjects


def test_one_day_is_no_days(people):
    people.decide(people.hand_in("documents", about=people.claim))
    people.do(system("tests"), lambda u: move_clock(u, timedelta(days=364, hours=4)))
    people.do(system("tests"), expire)
    assert "A check of yours ends within one day" in {m.subject for m in letters(people)}


def test_who_was_refused_early_hears_that_what_held_goes_on(people):
    people.decide(people.hand_in("documents", about=people.claim))
    people.decide(people.hand_in("documents", about=people.claim), "refused", reason="Page two is missing.")
    [refused] = [m for m in letters(people) if "refused" in m.subject]
    assert "What held before goes on holding." in refused.body
