"""Making a proposal, reading its rounds, answering; the quote of both sides at every moment."""

from datetime import timedelta

import pytest

from marketwright.features.entitlements.service import grant
from marketwright.features.proposals import queries, service
from marketwright.features.proposals.offers import OfferLine, days_line
from marketwright.testing.negotiation import Negotiation

TYPED = {"lines-0-title": "Test", "lines-0-days": "10", "lines-0-rate": "800", "valid_days": "14"}


@pytest.fixture
def page(browse, scene):
    """Somebody of the scene, signed in."""
    return lambda part: browse(scene.people[part])


def only(scene):
    with scene.house.database.reading() as session:
        (row,) = queries.proposals_of_mission(session, scene.mission)
        return row


def test_the_form_begins_with_the_missions_days_at_ones_own_rate_and_its_quote(page, scene):
    text = page("freelancer").get(f"/missions/{scene.mission}/propose").text
    assert 'value="10"' in text
    assert 'value="800"' in text
    assert "€9,888.00" in text  # the client pays 8,000 + 3 % + VAT on both
    assert "€8,928.00" in text  # the freelancer receives 8,000 - 7 % + VAT


def test_a_proposal_from_a_mission_begins_the_conversation(page, scene):
    sent = page("freelancer").post(f"/missions/{scene.mission}/propose", TYPED)
    assert sent.status_code == 303
    assert only(scene).work == 800_000


def test_a_mission_with_questions_asks_them_first(page, scene):
    mission = scene.publish(questions=["Why you?"])
    assert page("freelancer").get(f"/missions/{mission}/propose").location.endswith(f"/missions/{mission}/apply")


def test_calculating_shows_both_receipts_and_sends_nothing(page, scene):
    thread = scene.talk()
    answer = page("freelancer").post(f"/threads/{thread}/propose", TYPED | {"lines-0-days": "1", "preview": "1"})
    assert "€988.80" in answer.text
    with scene.house.database.reading() as session:
        assert queries.proposals_of_mission(session, scene.mission) == []


def test_adding_a_line_keeps_what_was_typed(page, scene):
    thread = scene.talk()
    answer = page("freelancer").post(f"/threads/{thread}/propose", TYPED | {"note": "As agreed", "add": "1"})
    assert 'name="lines-1-title"' in answer.text
    assert "As agreed" in answer.text
    assert answer.status_code == 200


def test_removing_a_line_keeps_the_others(page, scene):
    thread = scene.talk()
    two = TYPED | {"lines-1-title": "Report", "lines-1-amount": "500", "remove": "0"}
    answer = page("freelancer").post(f"/threads/{thread}/propose", two)
    assert 'value="Report"' in answer.text
    assert 'value="Test"' not in answer.text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"lines-0-title": "Test"}, "Give days and a price a day"),
        ({"lines-0-title": "Test", "lines-0-days": "3"}, "What does one day cost?"),
        ({"lines-0-title": "Test", "lines-0-days": "x", "lines-0-rate": "1"}, "not a number"),
        ({"lines-0-title": "Test", "lines-0-rate": "1", "lines-0-amount": "3"}, "not both"),
        ({"lines-0-title": "", "lines-0-amount": "3"}, "Please fill this in."),
        ({}, "at least one line"),
        (TYPED | {"valid_days": "365"}, "At most 90."),
    ],
)
def test_a_refused_form_says_why_at_its_field_and_keeps_the_rest(page, scene, typed, message):
    answer = page("freelancer").post(f"/threads/{scene.talk()}/propose", typed | {"note": "kept words"})
    assert answer.status_code == 422
    assert message in answer.text
    assert "kept words" in answer.text


def test_amounts_are_read_in_the_readers_way(page, scene):
    visitor = page("freelancer")
    visitor.get("/language/fr")
    visitor.post(f"/missions/{scene.mission}/propose", TYPED | {"lines-0-days": "2", "lines-0-rate": "1 250,50"})
    assert only(scene).work == 250_100


def test_without_a_legal_identity_the_page_leads_there_and_sending_is_refused(browse, house):
    scene = Negotiation(house).meet(identities=False)
    visitor = browse(scene.people["freelancer"])
    assert "/me/business?next=" in visitor.get(f"/missions/{scene.mission}/propose").text
    refused = visitor.post(f"/missions/{scene.mission}/propose", TYPED)
    assert refused.status_code == 422
    assert "/me/business" in refused.text
    assert all(str(typed) in refused.text for typed in TYPED.values())


@pytest.mark.plugins
def test_switched_off_commission_leaves_proposals_without_a_price(browse, house):
    scene = Negotiation(house).meet()
    visitor = browse(scene.people["freelancer"])
    assert "has no pricing rules" in visitor.get(f"/missions/{scene.mission}/propose").text
    assert visitor.post(f"/missions/{scene.mission}/propose", TYPED).status_code == 503


def test_both_sides_see_both_receipts(page, scene):
    proposal = scene.propose()
    for who in ("owner", "freelancer", "finance"):
        text = page(who).get(f"/proposals/{proposal}").text
        assert "€4,944.00" in text
        assert "€4,464.00" in text
        assert "rule “freelancer”" in text


@pytest.mark.parametrize("who", ["stranger", "other"])
def test_a_proposal_is_unknown_to_strangers(page, scene, who):
    proposal = scene.propose()
    assert page(who).get(f"/proposals/{proposal}").status_code == 404
    assert page(who).post(f"/proposals/{proposal}/accept", {}).status_code == 404


def test_a_counter_offer_shows_what_changed(page, scene):
    proposal = scene.propose(days_line("Test", 10, 80_000))
    owner = page("owner")
    sent = owner.post(f"/proposals/{proposal}/counter", TYPED | {"lines-0-days": "9", "note": "One day less"})
    assert sent.status_code == 303
    text = page("freelancer").get(f"/proposals/{proposal}").text
    assert "<del>10 days</del> <ins>9 days</ins>" in text
    assert "One day less" in text


def test_a_counter_offer_can_be_calculated_first(page, scene):
    proposal = scene.propose(days_line("Test", 10, 80_000))
    answer = page("owner").post(f"/proposals/{proposal}/counter", TYPED | {"lines-0-days": "9", "preview": "1"})
    assert "€7,200.00 before tax, €800.00 less" in answer.text


def accept_form(text):
    form = text.split("/accept")[1]
    return {n: form.split(f'name="{n}" value="')[1].split('"')[0] for n in ("round", "pays", "receives")}


def test_accepting_leads_to_the_contract(page, scene):
    proposal = scene.propose()
    owner = page("owner")
    shown = owner.get(f"/proposals/{proposal}").text
    sent = owner.post(f"/proposals/{proposal}/accept", accept_form(shown))
    assert "/contracts/" in sent.location


def test_accepting_amounts_that_were_not_shown_is_asked_again(page, scene):
    proposal = scene.propose()
    owner = page("owner")
    sent = owner.post(f"/proposals/{proposal}/accept", {"round": "1", "pays": "1"})
    assert sent.location.endswith(f"/proposals/{proposal}")
    assert only(scene).is_open


BY_PLAN = {"commission": {"rules": [
    {"name": "client", "side": "client", "bps": 300},
    {"name": "pro", "side": "freelancer", "bps": 400, "entitlement": "lower_commission"},
    {"name": "all", "side": "freelancer", "bps": 1000},
]}}  # fmt: skip


@pytest.mark.plugins("commission", "standard_contracts")
@pytest.mark.settings(plugin_settings=BY_PLAN)
def test_accepting_is_asked_again_where_the_freelancer_would_receive_less_than_was_shown(page, scene):
    with scene.unit() as uow:
        grant(uow, owner_kind="freelancer", owner=scene.people["freelancer"], name="lower_commission", quota=None,
              starts=uow.now, ends=uow.now + timedelta(days=2), source="plan")  # fmt: skip
        uow.commit()
    proposal = scene.propose()
    shown = accept_form(page("owner").get(f"/proposals/{proposal}").text)
    scene.move(days=3)
    sent = page("owner").post(f"/proposals/{proposal}/accept", shown)
    assert sent.location.endswith(f"/proposals/{proposal}")
    assert only(scene).is_open


def test_above_a_limit_the_button_asks_for_approval_and_names_who_may(page, scene):
    proposal = scene.propose(OfferLine("Test", 900_000))
    approver = page("approver")
    shown = approver.get(f"/proposals/{proposal}").text
    assert "Ask for approval to accept" in shown
    approver.post(f"/proposals/{proposal}/accept", accept_form(shown))
    assert "Approver wants to accept this offer" in page("owner").get(f"/proposals/{proposal}").text
    assert "asked for an approval" in page("buyer").get(f"/proposals/{proposal}").text


def test_declining_without_a_reason_is_refused_on_the_page(page, scene):
    proposal = scene.propose()
    owner = page("owner")
    assert owner.post(f"/proposals/{proposal}/decline", {}).status_code == 422
    owner.post(f"/proposals/{proposal}/decline", {"reason": "Beyond our budget."})
    assert "Beyond our budget." in page("freelancer").get(f"/proposals/{proposal}").text


def test_taking_an_offer_back_needs_no_reason(page, scene):
    proposal = scene.propose()
    page("freelancer").post(f"/proposals/{proposal}/withdraw", {})
    assert only(scene).state == "withdrawn"


def test_what_waits_for_me_stands_first_in_my_proposals(page, scene):
    first = scene.propose()
    scene.counter(first, OfferLine("Test", 350_000))
    text = page("freelancer").get("/me/proposals").text
    assert "One waits for your answer." in text
    assert "Your turn" in text


def test_the_proposals_of_a_mission_are_put_side_by_side(page, scene):
    scene.identify("freelancer", scene.people["other"])
    first, second = scene.propose(), scene.propose(OfferLine("All of it", 300_000), by="other")
    text = page("buyer").get(f"/missions/{scene.mission}/proposals?compare={first}&compare={second}").text
    assert 'class="best">€3,000.00' in text
    assert "€4,944.00" in text
    assert "All of it" in text


@pytest.mark.plugins("commission", "core_matching")
@pytest.mark.parametrize("deed", ["withdraw", "let expire"])
def test_a_proposal_that_stands_no_more_is_not_compared(page, scene, deed):
    scene.identify("freelancer", scene.people["other"])
    scene.propose(valid_days=30)
    second = scene.propose(OfferLine("All of it", 300_000), by="other", valid_days=1)
    who = "&".join(f"with={scene.people[part]}" for part in ("freelancer", "other"))
    before = page("owner").get(f"/missions/{scene.mission}/compare?{who}").text
    if deed == "withdraw":
        with scene.unit("other") as uow:
            service.withdraw(uow, proposal=second)
            uow.commit()
    else:
        scene.move(days=2)
    after = page("owner").get(f"/missions/{scene.mission}/compare?{who}").text
    assert "€3,000" in before
    assert "€3,000" not in after
    assert f"/proposals/{second}" not in after
    assert f"/freelancers/{scene.people['other']}/invite" in after


def test_the_proposals_of_a_mission_are_for_its_client_alone(page, scene):
    assert page("stranger").get(f"/missions/{scene.mission}/proposals").status_code == 404


def test_no_proposals_yet_leads_to_those_who_fit(page, scene):
    assert f"/missions/{scene.mission}/matches" in page("owner").get(f"/missions/{scene.mission}/proposals").text


def test_an_expired_offer_offers_no_answer(page, scene):
    proposal = scene.propose(valid_days=1)
    scene.move(days=2)
    text = page("owner").get(f"/proposals/{proposal}").text
    assert "Expired without an answer" in text
    assert "/accept" not in text


def test_an_accepted_proposal_keeps_its_own_quote_when_rules_change(page, scene):
    proposal = scene.propose()
    scene.accept(proposal)
    scene.house.plugins.pricing_rules = ()
    text = page("owner").get(f"/proposals/{proposal}").text
    assert "€4,944.00" in text
    assert "/contracts/" in text


def test_a_reader_of_the_client_is_told_that_colleagues_answer(page, scene):
    proposal = scene.propose()
    text = page("finance").get(f"/proposals/{proposal}").text
    assert "waits for your organisation" in text
    assert "Owners, buyers and approvers of your organisation answer it." in text
    assert "It is up to" not in text
    assert "Your turn" not in page("finance").get("/me/proposals").text
