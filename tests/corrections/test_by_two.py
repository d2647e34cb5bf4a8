"""Money is put right by two people, or by one and a day; the database holds it, whoever writes."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.exc import DBAPIError

from marketwright.features.accounts import people
from marketwright.features.accounts import service as accounts
from marketwright.features.corrections import queries, service
from marketwright.features.corrections.tables import Correction
from marketwright.features.ledger import service as ledger
from marketwright.features.ledger.queries import balance, statement
from marketwright.features.payments.tables import Hold, PaymentCommand
from marketwright.kernel.actors import Actor, system
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed
from marketwright.kernel.money import MAX_MINOR, Money
from marketwright.testing.agreed import Stage

pytestmark = pytest.mark.plugins("standard_contracts", "sandbox")
FEE = (("psp_fee", Money(1200, "EUR")), ("psp_clearing", Money(-1200, "EUR")))
WHY = "The bank took its fee for March."


def hire(stage, *names):
    made = {}
    with stage.unit() as uow:
        for name in names:
            made[name] = accounts.create_account(
                uow, email=f"{name}@example.org", name=name.title(), locale="en", is_freelancer=False
            )
            accounts.join_staff(uow, account=made[name], roles=["finance"])
        uow.commit()
    return made


@pytest.fixture
def office(house):
    stage = Stage(house)
    return stage, hire(stage, "anna", "ben")


def by(account):
    return Actor(kind="person", id=account, name="Somebody", staff=frozenset({"finance"}))


def do(stage, actor, deed, **kw):
    with stage.house.database.unit(actor) as uow:
        made = deed(uow, **kw)
        uow.commit()
    return made


def read(stage, correction):
    with stage.house.database.reading() as session:
        return queries.correction(session, correction)


def booked(stage, account="psp_fee"):
    with stage.house.database.reading() as session:
        return balance(session, account).amount


def test_an_entry_is_booked_once_a_second_person_says_yes(office):
    stage, staff = office
    made = do(stage, by(staff["anna"]), service.ask_entry, legs=FEE, reason=WHY)
    assert booked(stage) == 0
    do(stage, by(staff["ben"]), service.confirm, correction=made)
    assert booked(stage) == 1200
    with stage.house.database.reading() as session:
        [row] = statement(session, account="psp_fee")
    assert row.memo == f"By two people: {WHY}"
    assert (row.cause_type, row.cause_id) == ("correction", made)


def test_nobody_confirms_what_they_asked_for(office):
    stage, staff = office
    made = do(stage, by(staff["anna"]), service.ask_entry, legs=FEE, reason=WHY)
    with pytest.raises(NotAllowed):
        do(stage, by(staff["anna"]), service.confirm, correction=made)
    assert booked(stage) == 0


def test_a_second_yes_books_nothing_more(office):
    stage, staff = office
    made = do(stage, by(staff["anna"]), service.ask_entry, legs=FEE, reason=WHY)
    do(stage, by(staff["ben"]), service.confirm, correction=made)
    with pytest.raises(Conflict):
        do(stage, by(staff["ben"]), service.confirm, correction=made)
    assert booked(stage) == 1200


def test_what_was_withdrawn_or_refused_moves_nothing(office):
    stage, staff = office
    one, two = (do(stage, by(staff["anna"]), service.ask_entry, legs=FEE, reason=WHY) for _ in "ab")
    do(stage, by(staff["anna"]), service.withdraw, correction=one)
    do(stage, by(staff["ben"]), service.refuse, correction=two, why="Booked in February already.")
    assert (read(stage, one).state, read(stage, two).state) == ("withdrawn", "refused")
    assert booked(stage) == 0


def test_alone_one_waits_for_a_day(house):
    stage = Stage(house)
    staff = hire(stage, "anna")
    made = do(stage, by(staff["anna"]), service.ask_entry, legs=FEE, reason=WHY)
    assert read(stage, made).alone
    with pytest.raises(Conflict):
        do(stage, system("clock"), service.carry_out_due, correction=made)
    stage.move(hours=24, minutes=1)
    house.worker.tick()
    house.worker.drain()
    assert booked(stage) == 1200
    with house.database.reading() as session:
        [row] = statement(session, account="psp_fee")
    assert row.memo == f"By one person, after a day: {WHY}"


def test_alone_and_then_two_the_second_need_not_wait(house):
    stage = Stage(house)
    anna = hire(stage, "anna")["anna"]
    made = do(stage, by(anna), service.ask_entry, legs=FEE, reason=WHY)
    ben = hire(stage, "ben")["ben"]
    do(stage, by(ben), service.confirm, correction=made)
    assert booked(stage) == 1200


def test_an_entry_by_hand_is_taken_back_by_two_as_well(office):
    stage, staff = office
    made = do(stage, by(staff["anna"]), service.ask_entry, legs=FEE, reason=WHY)
    do(stage, by(staff["ben"]), service.confirm, correction=made)
    back = do(stage, by(staff["ben"]), service.ask_reversal, transaction=read(stage, made).effect, reason=WHY)
    assert booked(stage) == 1200
    do(stage, by(staff["anna"]), service.confirm, correction=back)
    assert booked(stage) == 0


def taking_back(stage, staff):
    """An entry that was booked by two, and what asks that it be taken back."""
    made = do(stage, by(staff["anna"]), service.ask_entry, legs=FEE, reason=WHY)
    do(stage, by(staff["ben"]), service.confirm, correction=made)
    entry = read(stage, made).effect
    return lambda: do(stage, by(staff["anna"]), service.ask_reversal, transaction=entry, reason=WHY)


def test_who_asks_once_more_that_an_entry_be_taken_back_is_told_that_it_is_asked_for(office):
    ask = taking_back(*office)
    ask()
    with pytest.raises(Conflict, match="asked already"):
        ask()


def test_an_entry_that_was_taken_back_meanwhile_is_not_taken_back_by_an_older_request(office):
    stage, staff = office
    first = taking_back(stage, staff)()
    with stage.unit() as uow:  # of a time in which two could be asked for
        row = uow.session.get_one(Correction, first)
        uow.session.add(Correction(
            id="older", kind="entry", body=row.body, amount=row.amount, currency="EUR", reason=WHY,
            asked_by=row.asked_by, asked_at=row.asked_at,
        ))  # fmt: skip
        uow.commit()
    do(stage, by(staff["ben"]), service.confirm, correction=first)
    with pytest.raises(Conflict, match="taken back already"):
        do(stage, by(staff["ben"]), service.confirm, correction="older")
    assert booked(stage) == 0


def test_an_entry_whose_lines_sum_to_too_much_is_refused(office):
    stage, staff = office
    big = Money(MAX_MINOR, "EUR")
    legs = [("psp_fee", big), ("bank", big), ("psp_clearing", -big), ("suspense", -big)]
    with pytest.raises(InvalidInput, match="at most"):
        do(stage, by(staff["anna"]), service.ask_entry, legs=legs, reason=WHY)


def test_nobody_confirms_a_correction_of_their_own_money(office):
    stage, staff = office
    theirs = ((f"receivable:{staff['ben']}", Money(1200, "EUR")), ("suspense", Money(-1200, "EUR")))
    made = do(stage, by(staff["anna"]), service.ask_entry, legs=theirs, reason=WHY)
    with pytest.raises(NotAllowed, match="themselves"):
        do(stage, by(staff["ben"]), service.confirm, correction=made)


def test_nobody_asks_alone_for_a_correction_of_their_own_money(house):
    stage = Stage(house)
    anna = hire(stage, "anna")["anna"]
    theirs = ((f"receivable:{anna}", Money(1200, "EUR")), ("suspense", Money(-1200, "EUR")))
    with pytest.raises(NotAllowed, match="themselves"):
        do(stage, by(anna), service.ask_entry, legs=theirs, reason=WHY)


WRONG = {
    "legs": [("psp_fee", Money(1200, "EUR")), ("psp_clearing", Money(-1100, "EUR"))],
    "legs-1-account": [("psp_fee", Money(5, "EUR")), ("hold:abc", Money(-5, "EUR"))],
    "legs-0-account": [("petty_cash", Money(5, "EUR")), ("revenue", Money(-5, "EUR"))],
}


@pytest.mark.parametrize("field", WRONG)
def test_a_wrong_entry_is_refused_at_its_line(office, field):
    stage, staff = office
    with pytest.raises(InvalidInput) as error:
        do(stage, by(staff["anna"]), service.ask_entry, legs=WRONG[field], reason=WHY)
    assert list(error.value.errors) == [field]


def test_a_debt_of_nobody_is_refused(office):
    stage, staff = office
    legs = [("receivable:nobody", Money(5, "EUR")), ("revenue", Money(-5, "EUR"))]
    with pytest.raises(InvalidInput, match="Nobody has the id"):
        do(stage, by(staff["anna"]), service.ask_entry, legs=legs, reason=WHY)


class TestTheDatabase:
    """What no code can go around."""

    def refuses(self, stage, statement):
        with stage.unit() as uow, pytest.raises(DBAPIError):
            uow.session.execute(statement)

    def test_books_nothing_by_hand_without_a_decision(self, office):
        stage, staff = office
        made = do(stage, by(staff["anna"]), service.ask_entry, legs=FEE, reason=WHY)
        with stage.unit() as uow, pytest.raises(DBAPIError, match="E10"):
            ledger.post(uow, cause_type="correction", cause_id=made, effect="corrected", legs=FEE)

    def test_lets_nobody_decide_on_their_own_request(self, office):
        stage, staff = office
        made = do(stage, by(staff["anna"]), service.ask_entry, legs=FEE, reason=WHY)
        row = read(stage, made)
        mine = {"state": "done", "decided_by": row.asked_by, "decided_at": row.asked_at}
        self.refuses(stage, update(Correction).where(Correction.id == made).values(**mine))

    def test_lets_nobody_shorten_the_day(self, house):
        stage = Stage(house)
        anna = hire(stage, "anna")["anna"]
        with stage.unit(by(anna)) as uow:
            now = uow.now
        soon = {"id": "c1", "kind": "entry", "body": {}, "amount": 1, "currency": "EUR", "reason": "x",
                "asked_by": "person:a", "asked_at": now, "alone": True, "not_before": now + timedelta(hours=23),
                "state": "asked"}  # fmt: skip
        self.refuses(stage, insert(Correction).values(**soon))

    @pytest.mark.parametrize("change", [{"amount": 9}, {"reason": "other"}, {"body": {"legs": []}}])
    def test_lets_nobody_change_what_is_decided_on(self, office, change):
        stage, staff = office
        made = do(stage, by(staff["anna"]), service.ask_entry, legs=FEE, reason=WHY)
        self.refuses(stage, update(Correction).where(Correction.id == made).values(**change))


@pytest.fixture
def released(house):
    stage = Stage(house).meet()
    stage.signed(100_000)
    stage.fund()
    stage.deliver()
    stage.answer(stage.take("approve", stage.client).command)
    return stage, hire(stage, "anna", "ben")


def test_released_money_goes_back_by_two(released):
    stage, staff = released
    hold = stage.milestones[0]
    made = do(stage, by(staff["anna"]), service.ask_refund, hold=hold, amount=Money(30_000, "EUR"), reason=WHY)
    command = do(stage, by(staff["ben"]), service.confirm, correction=made)
    with stage.house.database.reading() as session:
        row = session.get_one(PaymentCommand, command)
        assert (row.amount, row.after_release, row.cause) == (30_000, True, f"decision:{made}")
        assert session.get_one(Hold, hold).refunding == 30_000


def test_more_than_is_left_is_refused_at_the_amount(released):
    stage, staff = released
    with pytest.raises(InvalidInput) as error:
        do(stage, by(staff["anna"]), service.ask_refund, hold=stage.milestones[0],
           amount=Money(99_999_999, "EUR"), reason=WHY)  # fmt: skip
    assert "amount" in error.value.errors


def owing(stage):
    """A debt of the freelancer: a refund after the payout, of whom the provider will pay nothing any more."""
    with stage.unit() as uow:
        legs = [(f"receivable:{stage.freelancer}", Money(28_500, "EUR")), ("psp_clearing", Money(-28_500, "EUR"))]
        ledger.post(uow, cause_type="tests", cause_id="refund", effect="refund", legs=legs)
        people.suspend(uow, account=stage.freelancer, reason="Closed.")
        uow.commit()
    return f"receivable:{stage.freelancer}"


def given_up(debt, amount):
    return [("loss", Money(amount, "EUR")), (debt, Money(-amount, "EUR"))]


class TestADebtThatNobodyWillPay:
    """G2: after a payout, and with the account closed, it is the marketplace's loss, booked as one."""

    def test_is_booked_as_a_loss_by_two_and_owed_no_more(self, released):
        stage, staff = released
        debt = owing(stage)
        legs, why = given_up(debt, 28_500), "The account is closed; nothing will come."
        made = do(stage, by(staff["anna"]), service.ask_entry, legs=legs, reason=why)
        do(stage, by(staff["ben"]), service.confirm, correction=made)
        assert (booked(stage, "loss"), booked(stage, debt)) == (28_500, 0)
        assert booked(stage, "revenue") == 10_000  # the fees that were earned
        with stage.house.database.reading() as session:
            [row] = statement(session, account="loss")
        assert (row.effect, row.memo) == ("platform_loss", f"By two people: {why}")

    def test_is_not_given_up_by_more_than_is_owed_when_it_is_decided(self, released):
        stage, staff = released
        debt = owing(stage)
        ask = {"legs": given_up(debt, 28_500), "reason": WHY}
        first, second = (do(stage, by(staff["anna"]), service.ask_entry, **ask) for _ in "ab")
        do(stage, by(staff["ben"]), service.confirm, correction=first)
        with pytest.raises(InvalidInput, match="owed"):
            do(stage, by(staff["ben"]), service.confirm, correction=second)
        assert booked(stage, "loss") == 28_500


    @pytest.mark.parametrize("other", ["loss", "suspense"])
    def test_is_not_given_up_by_more_than_is_owed_over_several_lines(self, released, other):
        stage, staff = released
        debt = owing(stage)
        part = Money(20_000, "EUR")
        legs = [(other, part), (other, part), (debt, -part), (debt, -part)]
        with pytest.raises(InvalidInput, match="is owed"):
            do(stage, by(staff["anna"]), service.ask_entry, legs=legs, reason=WHY)


def test_one_refund_at_a_time_waits_for_its_second_person(released):
    stage, staff = released
    hold = stage.milestones[0]
    do(stage, by(staff["anna"]), service.ask_refund, hold=hold, amount=Money(10, "EUR"), reason=WHY)
    with pytest.raises(Conflict):
        do(stage, by(staff["anna"]), service.ask_refund, hold=hold, amount=Money(10, "EUR"), reason=WHY)
