"""Codes on offers: who may enter one, what it takes off, and that it counts once, when the offer is accepted."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from marketwright.features.contracts import service as contracts
from marketwright.features.contracts.tables import Contract
from marketwright.features.pricing import codes, vouchers
from marketwright.features.pricing.vouchers import NewVoucher
from marketwright.features.proposals import queries, service
from marketwright.features.proposals.dealing import quote_of
from marketwright.features.relations.service import set_own_network
from marketwright.kernel.actors import Actor, system
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed
from marketwright.kernel.money import Money
from marketwright.store.database import move_clock
from marketwright.strategies.pricing import LineKind, Override
from marketwright.web.i18n import speaking


def make(scene, code="WELCOME", **more):
    new = NewVoucher(code, **({"side": "client", "currency": "EUR", "bps": 200} | more))
    with scene.house.database.unit(system("seed")) as uow:
        made = vouchers.make(uow, new)
        uow.commit()
    return made


def enter(scene, proposal, code="welcome", by="owner"):
    with scene.unit(by) as uow:
        service.enter_code(uow, proposal=proposal, code=code)
        uow.commit()


def day_at(scene):
    """The day at the marketplace."""
    return scene.house.clock.business().astimezone(ZoneInfo(scene.house.marketplace.time_zone)).date()


def quote(scene, proposal):
    house = scene.house
    with house.database.reading() as session:
        row = queries.proposal(session, proposal)
        today = day_at(scene)
        return quote_of(
            session, house.plugins, house.marketplace, client=row.organisation, freelancer=row.freelancer,
            lines=queries.rounds(session, proposal)[-1].lines, currency="EUR", on=today,
            vouchers=codes.counting(session, proposal, today),
        )  # fmt: skip


def accept(scene, proposal, priced=None):
    priced = priced or quote(scene, proposal)
    with scene.unit("owner") as uow:
        contract = service.accept(uow, proposal=proposal, round_number=1, quote=priced)
        uow.commit()
    return contract


def standing(scene, code="WELCOME"):
    with scene.house.database.reading() as session:
        return codes.by_code(session, code)


def refusal(scene, proposal, code="WELCOME", by="owner"):
    with pytest.raises(InvalidInput) as refused:
        enter(scene, proposal, code, by)
    return str(refused.value.errors["code"][0])


def test_a_code_lowers_the_fee_of_its_side_and_is_frozen_with_the_quote(scene):
    make(scene)
    proposal = scene.propose()
    enter(scene, proposal)
    contract = accept(scene, proposal)
    with scene.house.database.reading() as session:
        kept = queries.accepted_quote(session, proposal)
        assert contracts.get(session, contract).quote["vouchers"][0]["code"] == "WELCOME"
    assert kept.sum_of(LineKind.CLIENT_FEE) == Money(40_00, "EUR")
    assert standing(scene).used == 1


def test_a_code_counts_once_a_client(scene):
    make(scene)
    first = scene.propose()
    enter(scene, first)
    accept(scene, first)
    other = scene.propose(thread=scene.talk(mission=scene.publish()))
    assert "already" in refusal(scene, other)


def test_of_two_open_offers_with_one_code_the_second_one_is_shown_its_price_again(scene):
    make(scene)
    one, other = scene.propose(), scene.propose(thread=scene.talk(mission=scene.publish()))
    enter(scene, one)
    enter(scene, other)
    lower = quote(scene, other)
    accept(scene, one)
    with pytest.raises(Conflict, match="WELCOME no longer counts"):
        accept(scene, other, lower)
    assert quote(scene, other).deal.vouchers == ()
    assert accept(scene, other)


def test_the_last_use_of_a_quota_is_used_once(scene):
    make(scene, quota=1, side="freelancer")
    one = scene.propose()
    scene.identify("freelancer", scene.people["other"])
    other = scene.propose(by="other", thread=scene.talk(by="other"))
    enter(scene, one, by="freelancer")
    enter(scene, other, by="other")
    lower = quote(scene, other)
    accept(scene, one)
    with pytest.raises(Conflict):
        accept(scene, other, lower)
    assert standing(scene).used == 1


def at_once(*deeds):
    """Let all begin together; what each gave, or the refusal that it met."""
    barrier, found = Barrier(len(deeds)), []

    def run(deed):
        barrier.wait()
        try:
            found.append(deed())
        except Conflict as refused:
            found.append(refused)

    threads = [Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_s25_two_who_accept_at_once_get_the_last_use_of_a_quota_once(scene):
    make(scene, quota=1, side="freelancer")
    one = scene.propose()
    scene.identify("freelancer", scene.people["other"])
    other = scene.propose(by="other", thread=scene.talk(by="other"))
    enter(scene, one, by="freelancer")
    enter(scene, other, by="other")
    priced = {proposal: quote(scene, proposal) for proposal in (one, other)}
    found = at_once(*(partial(accept, scene, p, q) for p, q in priced.items()))
    assert [isinstance(f, Conflict) for f in found].count(True) == 1
    assert standing(scene).used == 1


def test_s25_an_offer_accepted_by_several_at_once_becomes_one_contract(scene):
    proposal = scene.propose()
    found = at_once(*[partial(accept, scene, proposal, quote(scene, proposal))] * 4)
    assert len({f for f in found if not isinstance(f, Conflict)}) == 1
    assert [isinstance(f, Conflict) for f in found].count(True) == 3
    with scene.house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Contract)) == 1


def test_a_contract_that_is_never_signed_gives_the_use_back(scene):
    make(scene, quota=1)
    proposal = scene.propose()
    enter(scene, proposal)
    contract = accept(scene, proposal)
    with scene.unit("owner") as uow:
        contracts.withdraw(uow, contract=contract)
        uow.commit()
    assert standing(scene).used == 0
    enter(scene, scene.propose(thread=scene.talk(mission=scene.publish())))


def test_a_code_can_be_taken_off_again(scene):
    make(scene)
    proposal = scene.propose()
    enter(scene, proposal)
    enter(scene, proposal, "")
    assert quote(scene, proposal).deal.vouchers == ()


def test_what_is_wrong_with_a_code_is_said(scene):
    today = day_at(scene)
    proposal = scene.propose()
    make(scene, "FREELANCERS", side="freelancer")
    make(scene, "TOMORROW", starts_on=today + timedelta(days=1))
    make(scene, "YESTERDAY", starts_on=date(2020, 1, 1), ends_on=today - timedelta(days=1))
    make(scene, "DOLLARS", bps=0, amount=Money(50_00, "USD"), currency="USD")
    ended = make(scene, "ENDED")
    with scene.house.database.unit(system("seed")) as uow:
        vouchers.end(uow, voucher=ended)
        uow.commit()
    words = {"NOPE": "spelling", "FREELANCERS": "freelancer", "TOMORROW": "begins on", "YESTERDAY": "ended on",
             "DOLLARS": "USD", "ENDED": "has ended"}  # fmt: skip
    assert {code: word for code, word in words.items() if word not in refusal(scene, proposal, code)} == {}


def clock_at(scene, at):
    with scene.unit() as uow:
        move_clock(uow, at - scene.house.clock.business())
        uow.commit()
    scene.house.database.clock.forget()


def test_a_code_begins_and_ends_at_the_midnight_of_the_marketplace(scene):
    make(scene, starts_on=date(2027, 7, 1), ends_on=date(2027, 7, 31))
    clock_at(scene, datetime(2027, 6, 30, 21, 59, tzinfo=UTC))
    assert refusal(scene, scene.propose()) == "This code begins on 1 Jul 2027."
    clock_at(scene, datetime(2027, 6, 30, 22, 1, tzinfo=UTC))
    enter(scene, scene.propose(thread=scene.talk(mission=scene.publish())))
    clock_at(scene, datetime(2027, 7, 31, 22, 1, tzinfo=UTC))
    late = scene.propose(thread=scene.talk(mission=scene.publish()))
    assert refusal(scene, late) == "This code ended on 31 Jul 2027."
    with speaking("fr"):
        assert "31 juil. 2027" in refusal(scene, late)


def test_an_ended_code_leaves_open_offers_and_stays_with_what_was_agreed(scene):
    made = make(scene)
    proposal = scene.propose()
    enter(scene, proposal)
    with scene.house.database.unit(system("seed")) as uow:
        vouchers.end(uow, voucher=made)
        uow.commit()
    assert quote(scene, proposal).deal.vouchers == ()


def test_only_staff_make_codes_and_only_those_who_may_sign_go_below_the_bounds(scene):
    signed = Override("Maud", date(2026, 5, 4), "the first hundred")
    for staff, new in (
        ((), NewVoucher("ABC", "client", "EUR", 100)),
        (("finance",), NewVoucher("ABC", "client", "EUR", 100, override=signed)),
    ):
        actor = Actor(kind="person", id=scene.people["owner"], name="Owner", staff=frozenset(staff))
        with scene.house.database.unit(actor) as uow, pytest.raises(NotAllowed):
            vouchers.make(uow, new)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"code": "a b"}, "code"), ({"code": "WELCOME"}, "code"), ({"bps": 0}, "bps"),
     ({"amount": Money(1, "EUR")}, "bps"), ({"ends_on": date(2020, 1, 1)}, "ends_on")],
)  # fmt: skip
def test_each_mistake_of_a_new_code_is_named(scene, change, field):
    make(scene)
    with pytest.raises(InvalidInput) as refused:
        make(scene, **({"code": "OTHER"} | change))
    assert list(refused.value.errors) == [field]


def test_a_code_is_entered_on_the_page_of_the_offer(scene, browse):
    make(scene)
    make(scene, "MEN", side="freelancer", bps=700)
    proposal = scene.propose()
    page, address = browse(scene.people["owner"]), f"/proposals/{proposal}"
    assert "There is no such code" in page.post(f"{address}/code", {"code": "nope"}).text
    assert page.post(f"{address}/code", {"code": " wel come "}).status_code == 303
    text = page.get(address).text
    assert "2% less with the code WELCOME" in text
    assert "€40.00" in text
    assert page.post(f"{address}/code", {"remove": "1"}).status_code == 303
    assert "WELCOME" not in page.get(address).text.split("</main>")[0].split("truth-h")[1]


def met_before(scene):
    with scene.house.database.unit(system("seed")) as uow:
        set_own_network(uow, organisation=scene.organisation, freelancer=scene.people["freelancer"], own_network=True,
                        reason="met before")  # fmt: skip
        uow.commit()


def test_a_code_that_takes_nothing_off_any_more_is_not_used_up_by_the_deal(scene, browse):
    make(scene, bps=0, amount=Money(50_00, "EUR"))
    proposal = scene.propose()
    enter(scene, proposal)
    met_before(scene)
    assert "takes nothing off" in browse(scene.people["owner"]).get(f"/proposals/{proposal}").text
    accept(scene, proposal)
    assert standing(scene).used == 0
    enter(scene, scene.propose(thread=scene.talk(mission=scene.publish())))


def test_a_code_that_takes_nothing_off_is_not_spent(scene, browse):
    make(scene, bps=0, amount=Money(1, "EUR"))
    met_before(scene)
    answer = browse(scene.people["owner"]).post(f"/proposals/{scene.propose()}/code", {"code": "WELCOME"})
    assert "takes nothing off" in answer.text
    assert standing(scene).used == 0
