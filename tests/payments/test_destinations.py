"""E13: another destination is not paid to before three days have passed, whoever asks."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from marketwright.features.accounts.tables import Account
from marketwright.features.payments import destinations, service
from marketwright.features.payments.payouts import pay_what_waited
from marketwright.features.payments.tables import PaymentCommand, PayoutDestination
from marketwright.kernel.actors import system
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput
from marketwright.store.database import move_clock
from marketwright.store.tables import EventRow
from marketwright.strategies.payments import Answer, CommandKind, Outcome

ONE, OTHER = "FR76 3000 6000 0112 3456 7890 189", "de89370400440532013000"


def act(till, deed):
    with till.database.unit(system("tests")) as uow:
        done = deed(uow)
        uow.commit()
    return done


def change(till, iban, holder="Ninon Ferrier"):
    return act(till, lambda u: destinations.change(u, freelancer="freelancer1", holder=holder, iban=iban))


def now(till):
    with till.database.reading() as session:
        return destinations.destination(session, "freelancer1")


def shown(till):
    """The holder of the account that others are shown."""
    with till.database.reading() as session:
        found = destinations.account_in_force(session, "freelancer1", till.clock.business())
    return found and found.holder


def note(till, provider, label):
    return act(till, lambda u: destinations.noted_at_provider(
        u, freelancer="freelancer1", provider=provider, label=label))  # fmt: skip


def payouts(till, hold):
    return [c for c in till.commands(hold) if c.kind is CommandKind.PAYOUT]


def everywhere(till):
    with till.database.reading() as session:
        return destinations.destinations(session, "freelancer1")


def later(till, **span):
    act(till, lambda u: move_clock(u, timedelta(**span)))
    till.clock.forget()


def test_the_first_destination_is_good_at_once(till):
    ready = change(till, ONE)
    assert (now(till).iban, now(till).country, now(till).since) == ("FR7630006000011234567890189", "FR", ready)


def test_a_first_one_cools_where_the_password_was_set_a_moment_ago(till):  # S20
    """Whoever reads a stolen mailbox sets a new password, then an account of their own: no money leaves for it yet."""
    def taken_over(uow):
        uow.session.add(Account(id="freelancer1", email="n@example.org", name="Ninon", created_at=uow.now,
                                password_changed_at=uow.machine_now))  # fmt: skip

    act(till, taken_over)
    change(till, ONE)
    assert now(till).ready_at - now(till).since == timedelta(hours=72)


def test_another_one_is_good_after_72_hours(till):
    change(till, ONE)
    change(till, OTHER)
    assert now(till).ready_at - now(till).since == timedelta(hours=72)


@pytest.mark.parametrize("typed", ["", "FR76 3000 6000 0112 3456 7890 188", "FR76", "GB00", "é" * 20])
def test_what_is_no_iban_is_refused_at_its_field_and_nothing_is_kept(till, typed):
    with pytest.raises(InvalidInput) as refused:
        change(till, typed)
    assert list(refused.value.errors) == ["iban"]
    assert now(till) is None


def test_the_same_destination_again_is_no_change(till):
    change(till, ONE)
    with pytest.raises(Conflict):
        change(till, ONE.lower())


def test_the_same_account_at_the_provider_is_noted_once(till):
    for _time in range(2):
        note(till, "sandbox", "•••• 4242")
    with till.database.reading() as session:
        assert len(session.scalars(select(PayoutDestination)).all()) == 1


def test_an_account_at_a_provider_takes_no_place_of_one_given_here(till):
    change(till, ONE)
    note(till, "sandbox", "•••• 4242")
    assert [bool(d.iban) for d in everywhere(till)] == [True, False]
    with pytest.raises(Conflict):
        change(till, ONE)


@pytest.mark.parametrize("provider", ["sandbox", "elsewhere"])
def test_another_account_at_a_provider_keeps_back_what_is_paid_out_there(till, provider):
    note(till, provider, "•••• 4242")
    hold = till.open()
    till.fund(hold)
    note(till, provider, "•••• 1881")
    till.do(hold, CommandKind.RELEASE)
    assert len(payouts(till, hold)) == (provider != "sandbox")


def test_a_first_account_at_a_provider_cools_where_payouts_went_to_the_one_given_here(till):
    change(till, ONE)
    assert note(till, "sandbox", "•••• 4242") - now(till).since >= timedelta(hours=72)


def test_a_bank_account_that_was_replaced_while_it_cooled_is_never_shown(till):
    change(till, ONE, "Ninon Ferrier")
    change(till, OTHER, "A Thief")
    later(till, hours=48)
    change(till, ONE, "Ninon Ferrier")
    for _day in range(6):
        assert shown(till) == "Ninon Ferrier"
        later(till, hours=24)


def test_an_account_stays_the_one_shown_until_the_next_one_is_good(till):
    change(till, ONE, "Ninon")
    change(till, OTHER, "Ninon Ferrier")
    assert shown(till) == "Ninon"
    later(till, hours=73)
    assert shown(till) == "Ninon Ferrier"
    change(till, ONE, "Ninon")
    assert shown(till) == "Ninon Ferrier"


def test_no_payout_is_asked_for_while_a_change_cools_and_it_leaves_by_itself_afterwards(till):
    change(till, ONE)
    hold = till.open()
    till.fund(hold)
    change(till, OTHER)
    till.do(hold, CommandKind.RELEASE)
    assert payouts(till, hold) == []
    later(till, hours=71)
    assert act(till, pay_what_waited) == 0
    later(till, hours=2)
    assert act(till, pay_what_waited) == 1
    till.drain()
    assert till.hold(hold).paid_out == till.hold(hold).paid


def test_a_payout_that_was_reserved_before_the_change_is_not_sent_while_it_cools(till):
    change(till, ONE)
    hold = till.open()
    till.fund(hold)
    till.do(hold, CommandKind.RELEASE)
    [payout] = payouts(till, hold)
    change(till, OTHER)
    till.run(payout.id)
    assert till.effects("payout") == []
    later(till, hours=73)
    till.run(payout.id)
    assert len(till.effects("payout")) == 1


def test_staff_who_repeat_a_refused_payout_while_a_change_cools_are_told_from_when_on(till):
    change(till, ONE)
    hold = till.open()
    till.fund(hold)
    till.do(hold, CommandKind.RELEASE)
    [payout] = payouts(till, hold)
    till.wire.instead = Answer(Outcome.FAILED, reason="The bank account is closed.")
    till.run(payout.id)
    till.wire.instead = None
    change(till, OTHER)
    with pytest.raises(GateClosed) as refused:
        act(till, lambda u: service.pay_out_again(u, hold=hold, by="person:finance"))
    assert [m.check for m in refused.value.missing] == ["destination"]
    later(till, hours=73)
    till.run(act(till, lambda u: service.pay_out_again(u, hold=hold, by="person:finance")))
    assert till.hold(hold).paid_out == till.hold(hold).paid


def test_the_database_itself_refuses_a_payout_while_a_change_cools(till):
    change(till, ONE)
    hold = till.open()
    till.fund(hold)
    change(till, OTHER)
    till.do(hold, CommandKind.RELEASE)
    with till.database.unit(system("tests")) as uow:
        uow.session.add(
            PaymentCommand(
                hold_id=hold, kind="payout", provider="sandbox", currency="EUR", amount=1, cause="x", ordered_by="x",
                at=uow.now, created_at=uow.now, updated_at=uow.now,
            )
        )  # fmt: skip
        with pytest.raises(DatabaseError, match="E13"):
            uow.flush()


@pytest.mark.parametrize("deed", ["UPDATE payout_destinations SET ready_at = since", "DELETE FROM payout_destinations"])
def test_a_destination_of_the_past_stays_as_it_was(till, deed):
    change(till, ONE)
    with pytest.raises(DatabaseError, match="E13"), till.database.unit(system("tests")) as uow:
        uow.session.execute(text(deed))


def test_a_change_is_told(till):
    change(till, ONE)
    change(till, OTHER)
    with till.database.reading() as session:
        told = session.scalars(select(EventRow).where(EventRow.name == "payout.destination_changed")).all()
    assert sorted(e.payload["first"] for e in told) == ["", "yes"]
