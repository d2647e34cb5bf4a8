"""Offers in rounds: whose turn it is, what may be done, who may accept."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from marketwright.features.contracts.tables import Contract, Milestone
from marketwright.features.messaging import queries as threads
from marketwright.features.messaging import service as messaging
from marketwright.features.proposals import queries, service
from marketwright.features.proposals.offers import Offer, OfferLine, days_line
from marketwright.features.proposals.ports import Deals
from marketwright.features.proposals.tables import Proposal
from marketwright.features.relations.service import set_own_network
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.money import Money
from marketwright.store.tables import EventRow
from marketwright.testing.negotiation import Negotiation

LESS = OfferLine("Test", 350_000)
MORE = OfferLine("Test", 900_000)


def row(scene, proposal):
    with scene.house.database.reading() as session:
        return queries.proposal(session, proposal)


def rounds(scene, proposal):
    with scene.house.database.reading() as session:
        return queries.rounds(session, proposal)


def event(scene, name):
    with scene.house.database.reading() as session:
        return session.query(EventRow).filter_by(name=name).one()


def test_a_proposal_waits_for_the_client_with_its_quote(scene):
    proposal = scene.propose(days_line("Test", 5, 80_000))
    found = row(scene, proposal)
    assert (found.state, found.turn, found.price) == ("open", "client", Money(400_000, "EUR"))
    (first,) = rounds(scene, proposal)
    assert first.quote.client_pays() == Money(400_000 + 80_000 + 12_000 + 2_400, "EUR")


def test_the_conversation_tells_of_it(scene):
    proposal = scene.propose()
    with scene.house.database.reading() as session:
        last = threads.messages(session, row(scene, proposal).thread)[-1]
    assert (last.kind, last.params) == ("event", {"who": "Freelancer", "price": [400_000, "EUR"]})


def test_without_a_legal_identity_nothing_is_proposed(house):
    scene = Negotiation(house).meet(identities=False)
    with pytest.raises(GateClosed) as closed:
        scene.propose()
    assert closed.value.missing[0].href == "/me/business"


def test_without_a_legal_identity_the_client_accepts_nothing(house):
    scene = Negotiation(house).meet(identities=False)
    scene.identify("freelancer", scene.people["freelancer"])
    proposal = scene.propose()
    with pytest.raises(GateClosed) as closed:
        scene.accept(proposal)
    assert closed.value.missing[0].href == f"/organisations/{scene.organisation}/identity"


def test_one_proposal_is_open_at_a_time(scene):
    thread = scene.talk()
    scene.propose(thread=thread)
    with pytest.raises(Conflict, match="open"):
        scene.propose(thread=thread)


def test_only_the_freelancer_of_the_conversation_proposes(scene):
    thread = scene.talk()
    quote = scene.quote([LESS])
    for who, refusal in (("owner", NotAllowed), ("other", NotFound), ("stranger", NotFound)):
        with scene.unit(who) as uow, pytest.raises(refusal):
            service.propose(uow, thread=thread, offer=Offer((LESS,)), quote=quote)


@pytest.mark.parametrize("state", ["filled", "closed"])
def test_a_mission_that_is_over_takes_no_proposal(scene, state):
    thread = scene.talk()
    with scene.unit() as uow:
        reason = {"closed": "over"}.get(state, "")
        uow.session.execute(
            text("UPDATE missions SET state = :s, close_reason = :r WHERE id = :m"),
            {"s": state, "r": reason, "m": scene.mission},
        )
        uow.commit()
    with pytest.raises(Conflict):
        scene.propose(thread=thread)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (OfferLine("", 100), "lines-0-title"), (OfferLine("Test", 0), "lines"), (OfferLine("Test", -5), "lines"),
        (OfferLine("Test", 100, days=2, rate=40), "lines-0-amount"),
    ],
)  # fmt: skip
def test_a_line_that_says_nothing_or_costs_nothing_is_refused_at_its_field(scene, line, field):
    with pytest.raises(InvalidInput) as refused:
        scene.propose(line)
    assert list(refused.value.errors) == [field]


def test_a_counter_offer_passes_the_turn_and_keeps_the_history(scene):
    proposal = scene.propose()
    assert scene.counter(proposal, LESS, by="buyer", note="Without the report.") == 2
    found = row(scene, proposal)
    assert (found.turn, found.rounds, found.work) == ("freelancer", 2, 350_000)
    assert [r.side for r in rounds(scene, proposal)] == ["freelancer", "client"]


def test_out_of_turn_nothing_is_answered(scene):
    proposal = scene.propose()
    with pytest.raises(Conflict, match="other side"):
        scene.counter(proposal, LESS, by="freelancer")
    with pytest.raises(Conflict, match="other side"):
        scene.accept(proposal, by="freelancer")


def test_the_same_offer_again_is_no_counter_offer(scene):
    proposal = scene.propose()
    with pytest.raises(InvalidInput, match="Nothing differs"):
        scene.counter(proposal, OfferLine("Test", 400_000))


def test_another_start_alone_is_a_counter_offer(scene):
    proposal = scene.propose()
    assert scene.counter(proposal, OfferLine("Test", 400_000), start_on=date(2026, 6, 8)) == 2


def test_finance_reads_proposals_and_answers_none(scene):
    proposal = scene.propose()
    with pytest.raises(NotAllowed):
        scene.counter(proposal, LESS, by="finance")


def test_acceptance_draws_up_the_contract_in_the_same_commit(scene):
    contract = scene.accept(scene.propose())
    with scene.house.database.reading() as session:
        work = [m.work for m in session.query(Milestone).filter_by(contract_id=contract)]
        assert session.get_one(Contract, contract).work == 400_000
    assert work == [400_000]


def test_acceptance_freezes_the_quote_that_was_shown(scene):
    proposal = scene.propose()
    scene.accept(proposal)
    with scene.house.database.reading() as session:
        assert queries.accepted_quote(session, proposal) == scene.quote([OfferLine("Test", 400_000)])


def test_when_no_contract_can_be_drawn_up_the_proposal_stays_open(scene):
    class Broken:
        def draw_up(self, uow, proposal_id):
            raise Conflict("no")

    proposal = scene.propose()
    scene.house.ports.fill(Deals, Broken())
    with pytest.raises(Conflict):
        scene.accept(proposal)
    assert row(scene, proposal).is_open


def test_the_freelancer_accepts_a_counter_offer(scene):
    proposal = scene.propose()
    scene.counter(proposal, LESS)
    assert scene.accept(proposal, LESS, by="freelancer", round_number=2)


def test_an_offer_that_was_replaced_is_not_accepted(scene):
    proposal = scene.propose()
    scene.counter(proposal, LESS)
    scene.counter(proposal, OfferLine("Test", 380_000), by="freelancer")
    with pytest.raises(Conflict, match="newer"):
        scene.accept(proposal, round_number=1)


def test_a_quote_of_other_lines_is_not_accepted(scene):
    proposal = scene.propose()
    with pytest.raises(Conflict, match="newer"):
        scene.accept(proposal, LESS)


def test_an_approver_accepts_up_to_their_limit(scene):
    assert scene.accept(scene.propose(), by="approver")


def test_what_exceeds_a_limit_waits_for_who_may_and_tells_them(scene):
    proposal = scene.propose(MORE)
    assert scene.accept(proposal, MORE, by="approver") == ""
    asked = event(scene, "proposal.approval_asked")
    assert asked.payload["approvers"] == [scene.people["owner"]]
    assert row(scene, proposal).approval_by == scene.people["approver"]
    assert scene.accept(proposal, MORE, by="owner")


def test_a_buyer_asks_everybody_who_may_accept(scene):
    scene.accept(scene.propose(), by="buyer")
    asked = event(scene, "proposal.approval_asked").payload["approvers"]
    assert set(asked) == {scene.people["owner"], scene.people["approver"]}


def test_asking_twice_for_the_same_offer_is_refused(scene):
    proposal = scene.propose()
    scene.accept(proposal, by="buyer")
    with pytest.raises(Conflict, match="already"):
        scene.accept(proposal, by="buyer")


def offered_above_a_limit(scene):
    """The buyer answers with 9,000.00 and the freelancer says yes."""
    proposal = scene.propose()
    scene.counter(proposal, MORE, by="buyer")
    assert scene.accept(proposal, MORE, by="freelancer", round_number=2) == ""
    return proposal


def test_an_offer_above_the_limit_of_who_made_it_becomes_no_contract_by_the_other_sides_yes(scene):
    proposal = offered_above_a_limit(scene)
    assert (row(scene, proposal).state, row(scene, proposal).turn) == ("open", "client")
    assert event(scene, "proposal.approval_asked").payload["approvers"] == [scene.people["owner"]]


def test_a_colleague_who_may_confirms_it(scene):
    proposal = offered_above_a_limit(scene)
    assert scene.accept(proposal, MORE, by="owner", round_number=2)


def test_who_made_it_does_not_confirm_it_themselves(scene):
    proposal = offered_above_a_limit(scene)
    with pytest.raises(Conflict, match="were told already"):
        scene.accept(proposal, MORE, by="buyer", round_number=2)


def test_the_colleague_has_as_long_as_an_answer_has(scene):
    proposal = scene.propose()
    scene.counter(proposal, MORE, by="buyer", valid_days=3)
    scene.move(days=2)
    scene.accept(proposal, MORE, by="freelancer", round_number=2)
    scene.move(days=3)
    assert scene.accept(proposal, MORE, by="owner", round_number=2)


def test_an_offer_within_the_limit_of_who_made_it_becomes_a_contract_by_the_other_sides_yes(scene):
    proposal = scene.propose()
    scene.counter(proposal, LESS, by="approver")
    assert scene.accept(proposal, LESS, by="freelancer", round_number=2)


def test_a_counter_offer_ends_the_wait_for_an_approval(scene):
    proposal = scene.propose(MORE)
    scene.accept(proposal, MORE, by="approver")
    scene.counter(proposal, LESS, by="buyer")
    assert row(scene, proposal).approval_by == ""


def test_declining_needs_a_reason_that_is_kept(scene):
    proposal = scene.propose()
    with scene.unit("owner") as uow:
        with pytest.raises(InvalidInput):
            service.decline(uow, proposal=proposal, reason="")
        service.decline(uow, proposal=proposal, reason="Too expensive.")
        uow.commit()
    found = row(scene, proposal)
    assert (found.state, found.closed_side, found.reason) == ("declined", "client", "Too expensive.")


def test_after_a_refusal_another_proposal_may_follow(scene):
    proposal = scene.propose()
    with scene.unit("owner") as uow:
        service.decline(uow, proposal=proposal, reason="Too expensive.")
        uow.commit()
    assert scene.propose(LESS, thread=row(scene, proposal).thread) != proposal


def test_the_freelancer_takes_an_offer_back_at_any_time(scene):
    proposal = scene.propose()
    scene.counter(proposal, LESS)
    with scene.unit("freelancer") as uow:
        service.withdraw(uow, proposal=proposal, reason="I am booked.")
        uow.commit()
    assert row(scene, proposal).state == "withdrawn"


def test_a_client_takes_back_only_its_own_offer(scene):
    proposal = scene.propose()
    with scene.unit("owner") as uow, pytest.raises(Conflict):
        service.withdraw(uow, proposal=proposal)


def test_a_closed_proposal_is_answered_no_more(scene):
    proposal = scene.propose()
    scene.accept(proposal)
    with pytest.raises(Conflict, match="closed"):
        scene.accept(proposal)


def test_c7_an_offer_expires_in_business_time_and_not_before(scene):
    proposal = scene.propose(valid_days=3)
    scene.move(days=2, hours=23)
    with scene.unit() as uow:
        assert service.expire_due(uow) == 0
        uow.commit()
    scene.move(hours=2)
    with pytest.raises(Conflict, match="expired"):
        scene.accept(proposal)
    with scene.unit() as uow:
        assert (service.expire_due(uow), service.expire_due(uow)) == (1, 0)
        uow.commit()
    assert row(scene, proposal).state == "expired"


def test_c7_a_year_late_an_offer_expires_all_the_same_once(scene):
    proposal = scene.propose()
    scene.move(days=365)
    scene.house.worker.handlers["proposals.expire"](Fenceless())
    assert row(scene, proposal).state == "expired"
    assert event(scene, "proposal.expired").payload == {"side": "client"}


class Fenceless:
    def check(self, session):
        """The lease holds."""


@pytest.mark.parametrize("days", [-1, 91])
def test_an_offer_stands_from_1_to_90_days(scene, days):
    with pytest.raises(InvalidInput) as refused:
        scene.propose(valid_days=days)
    assert list(refused.value.errors) == ["valid_days"]


def test_a_course_that_is_not_offered_is_refused(scene):
    thread = scene.talk()
    quote = scene.quote([LESS])
    with scene.unit("freelancer") as uow, pytest.raises(InvalidInput) as refused:
        service.propose(uow, thread=thread, offer=Offer((LESS,)), quote=quote, process="barter")
    assert list(refused.value.errors) == ["process"]


def test_a_client_who_ended_the_conversation_gets_no_proposal(scene):
    thread = scene.talk()
    with scene.unit("owner") as uow:
        messaging.decline(uow, thread=thread, reason="No.")
        uow.commit()
    with pytest.raises(Conflict):
        scene.propose(thread=thread)


def test_people_of_their_own_network_pay_no_commission(scene):
    with scene.unit() as uow:
        set_own_network(
            uow, organisation=scene.organisation, freelancer=scene.people["freelancer"], own_network=True, reason="met"
        )
        uow.commit()
    (first,) = rounds(scene, scene.propose())
    assert first.quote.freelancer_receives() == Money(480_000, "EUR")


def test_a_freelancer_across_the_border_charges_no_vat(house):
    scene = Negotiation(house).meet(identities=False)
    scene.identify("organisation", scene.organisation)
    scene.identify(
        "freelancer", scene.people["freelancer"], country="DE", vat_number="DE136695976",
        registration_number="HRB 12345 B",
    )  # fmt: skip
    (first,) = rounds(scene, scene.propose())
    assert first.quote.sum_of("work_tax") == Money(0, "EUR")


def test_the_thread_knows_its_newest_proposal(scene):
    proposal = scene.propose()
    thread = row(scene, proposal).thread
    with scene.house.database.reading() as session:
        assert queries.offers_of_threads(session, [thread])[thread].id == proposal


def test_the_database_keeps_one_open_proposal_a_conversation(scene):
    proposal = scene.propose()
    with scene.unit() as uow:
        first = uow.session.get_one(Proposal, proposal)
        values = {c.name: getattr(first, c.name) for c in Proposal.__table__.columns} | {"id": "z" * 16}
        uow.session.add(Proposal(**values))
        with pytest.raises(IntegrityError):
            uow.flush()


def test_the_database_changes_no_round(scene):
    proposal = scene.propose()
    with scene.unit() as uow, pytest.raises(Exception, match="append only"):
        uow.session.execute(text("UPDATE proposal_rounds SET work = 1 WHERE proposal_id = :p"), {"p": proposal})
