"""Deliverables: agreed with the price, printed in the contract, handed over in a form, judged by their measure."""

import importlib.util
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from marketwright.app import build_house
from marketwright.features.contracts.annexes import agreed_in
from marketwright.features.contracts.documents import body_of
from marketwright.features.contracts.handovers import handovers_of
from marketwright.features.contracts.log import verify_log
from marketwright.features.proposals.queries import proposals_of_mission
from marketwright.hooks.deliverables import checked_deliverables
from marketwright.kernel.errors import BadSetting
from marketwright.store.ring import Ring
from marketwright.testing.agreed import Stage
from marketwright.testing.golden import golden_deal
from marketwright.testing.negotiation import Negotiation
from marketwright.testing.remembered import remembered
from marketwright.testing.used import Used, used_in

_spec = importlib.util.spec_from_file_location("measured", Path(__file__).with_name("measured.py"))
measured = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(measured)

OFFER = {"lines-0-title": "A model", "lines-0-amount": "4000", "valid_days": "14", "process": "measured"}
AGREED = {"x_metric": "f1", "x_threshold": "0.9", "x_delete_on": "2027-09-01"}
GOOD = {"x_score": "0.93", "samples-0-x_title": "First", "samples-0-x_kind": "hard", "samples-0-x_remark": "Odd"}
pytestmark = pytest.mark.plugins("standard_contracts", "commission", "sandbox", "measured")


@pytest.fixture
def house(marketplace):
    """A marketplace that offers the course ``measured`` alone."""
    deal = replace(marketplace.deal, processes=("measured",))
    made = build_house(replace(marketplace, deal=deal), {"measured": measured})
    yield made
    made.database.dispose()


@pytest.fixture
def talk(house):
    return remembered(house, met)


def met(house):
    return Negotiation(house).meet()


@pytest.fixture
def deal(talk, browse):
    """A contract over a model, proposed on the page, signed by both and paid in."""
    page = browse(talk.people["freelancer"])
    assert page.post(f"/missions/{talk.mission}/propose", OFFER | AGREED).status_code == 303
    stage = Stage(talk.house, talk.people["owner"], talk.people["freelancer"], talk.organisation, talk.mission)
    with talk.house.database.reading() as session:
        (proposal,) = proposals_of_mission(session, talk.mission)
    from marketwright.features.proposals.offers import OfferLine

    stage.contract = talk.accept(proposal.id, OfferLine("A model", 400_000))
    stage.read_milestones()
    stage.send()
    stage.sign(stage.freelancer)
    stage.sign(stage.client)
    stage.answer(stage.take("pay", stage.client).command)
    return stage


def hand_over(browse, deal, typed, *, by="", way="submit", weights=b"0.1 0.2", **more):
    data = dict(typed) | more
    if weights:
        data["x_weights"] = (BytesIO(weights), "weights.txt")
    url = f"/contracts/{deal.contract}/milestones/{deal.milestones[0]}/{way}"
    return browse(by or deal.freelancer).post(url, data, content_type="multipart/form-data")


def state(deal):
    return deal.milestone().state


def test_the_proposal_asks_for_what_is_agreed_beforehand(talk, browse):
    text = browse(talk.people["freelancer"]).get(f"/missions/{talk.mission}/propose").text
    assert 'name="x_threshold"' in text
    assert "Agreed beforehand: Model" in text


@pytest.mark.parametrize(
    ("typed", "says"),
    [({"x_metric": "f1", "x_threshold": "very good"}, "number"), ({"x_metric": "luck", "x_threshold": "0.9"},
     "No such metric"), ({"x_threshold": ""}, "Please fill this in"), ({"x_delete_on": "2020-01-01"}, "in the future")],
)  # fmt: skip
def test_a_metric_that_is_no_measure_is_refused_at_the_proposal_and_nothing_is_lost(talk, browse, typed, says):
    answer = browse(talk.people["freelancer"]).post(f"/missions/{talk.mission}/propose", OFFER | AGREED | typed)
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="A model"' in answer.text
    with talk.house.database.reading() as session:
        assert proposals_of_mission(session, talk.mission) == []


def test_what_is_agreed_changes_from_round_to_round_and_stands_in_the_table(talk, browse):
    browse(talk.people["freelancer"]).post(f"/missions/{talk.mission}/propose", OFFER | AGREED)
    with talk.house.database.reading() as session:
        (proposal,) = proposals_of_mission(session, talk.mission)
    client = browse(talk.people["owner"])
    assert 'value="0.9"' in client.get(f"/proposals/{proposal.id}").text
    client.post(f"/proposals/{proposal.id}/counter", OFFER | AGREED | {"x_threshold": "0.95"})
    assert "<del>0.9</del> <ins>0.95</ins>" in browse(talk.people["freelancer"]).get(f"/proposals/{proposal.id}").text


def test_the_contract_prints_what_was_agreed_as_an_annex(deal):
    row = deal.row()
    with deal.house.database.reading() as session:
        text = body_of(session, deal.house.ports.get(Ring), row.document_id).decode()
        assert agreed_in(session, row.proposal_id) == {
            "measured.model": {"metric": "f1", "threshold": 0.9}, "measured.secret": {"delete_on": "2027-09-01"},
        }
    assert re.search(r"Annex: Model</h2>.*Threshold</td><td>0.9<", text, re.DOTALL)


def test_a_measure_that_is_met_takes_its_way_with_the_delivery(deal, browse):
    assert hand_over(browse, deal, GOOD).status_code == 303
    assert state(deal) == "met"
    with deal.house.database.reading() as session:
        assert verify_log(session) == []


def test_a_measure_that_is_missed_leads_back_to_the_work(deal, browse):
    hand_over(browse, deal, GOOD | {"x_score": "0.4"})
    assert state(deal) == "missed"


def test_both_sides_read_the_figures_and_the_chart(deal, browse):
    hand_over(browse, deal, GOOD)
    page = browse(deal.client)
    link = re.search(rf"/contracts/{deal.contract}/deliveries/\w+", page.get(f"/contracts/{deal.contract}").text)[0]
    text = page.get(link).text
    assert "The score is 0.93, at least 0.9 was agreed." in text
    assert 'class="reasons"' in text
    assert "weights.txt" in text
    assert "0,93" in browse(deal.freelancer).get(link + "?lang=fr").text or "0.93" in text


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"x_score": "1.4"}, "x_score"), ({"samples-0-x_title": "x"}, "samples-0-x_title"),
     ({"samples-0-x_kind": ""}, "samples-0-x_kind"), ({"x_score": "good"}, "x_score")],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(deal, browse, typed, field):
    answer = hand_over(browse, deal, GOOD | typed)
    assert answer.status_code == 422
    assert f'id="f-{field}-error"' in answer.text
    assert "Odd</textarea>" in answer.text
    assert state(deal) == "training"


def test_a_file_is_measured_and_refused_by_the_plugin(deal, browse):
    assert "There is nothing in it" in hand_over(browse, deal, GOOD, weights=b"empty file").text
    assert state(deal) == "training"


def test_a_field_that_is_a_file_must_be_there(deal, browse):
    assert hand_over(browse, deal, GOOD, weights=b"").status_code == 422


def test_a_list_needs_its_rows(deal, browse):
    assert "At least 1" in hand_over(browse, deal, {"x_score": "0.93"}).text


def test_buttons_add_a_row_and_keep_what_was_typed(deal, browse):
    answer = hand_over(browse, deal, GOOD, samples_add="1")
    assert answer.status_code == 200
    assert 'name="samples-1-x_title"' in answer.text
    assert 'value="First"' in answer.text


def test_rows_of_a_delivery_are_answered_one_by_one(deal, browse):
    rows = {"samples-1-x_title": "Second", "samples-1-x_kind": "easy", "samples-2-x_title": "Third",
            "samples-2-x_kind": "hard"}  # fmt: skip
    hand_over(browse, deal, GOOD | rows)
    url = f"/contracts/{deal.contract}/milestones/{deal.milestones[0]}/answer"
    page = browse(deal.client)
    asked = page.get(url).text
    assert "First" in asked
    assert "Third" in asked
    assert "Second" not in asked
    half = {"answers-0-row": "0", "answers-0-x_answer": "", "answers-1-row": "1", "answers-1-x_answer": "Later"}
    assert page.post(url, half).status_code == 422
    assert page.post(url, half | {"answers-0-x_answer": "Seen"}).status_code == 303
    with deal.house.database.reading() as session:
        kept = {h.deliverable for h in handovers_of(session, deal.contract).values()}
    assert kept == {"measured.model", "measured.answers"}


def test_strangers_read_nothing_of_it(deal, talk, browse):
    hand_over(browse, deal, GOOD)
    with deal.house.database.reading() as session:
        (delivery,) = handovers_of(session, deal.contract)
    for path in (f"/contracts/{deal.contract}/deliveries/{delivery}",
                 f"/contracts/{deal.contract}/deliveries/{delivery}.json"):  # fmt: skip
        assert browse(talk.people["stranger"]).get(path).status_code == 404
        assert browse(deal.client).get(path).status_code == 200


def test_what_a_deal_used_is_read_from_the_database(deal, browse, tmp_path):
    hand_over(browse, deal, GOOD)
    used = used_in(deal.house, deal.contract)
    assert {"training", "measuring", "met"} <= set(used.states)
    assert {"metric", "threshold", "score", "kind", "length"} <= set(used.fields)
    assert "annex:measured.model" in used.documents
    assert used.verdicts == ("judged:measured.model",)
    used.write(tmp_path / "golden.json")
    assert Used.read(tmp_path / "golden.json") == used
    assert used.shared_with(used)["states"] == (used.states, 1.0)


def test_a_golden_deal_hands_over_the_examples(house):
    stage = golden_deal(house)
    assert stage.row().state == "ENDED"
    with house.database.reading() as session:
        assert {h.met for h in handovers_of(session, stage.contract).values()} >= {True}


def test_two_plugins_that_agree_on_the_same_field_are_refused_and_both_are_named():
    class Other(measured.Model):
        name = "other.model"

    class Entry:
        def __init__(self, plugin, it):
            self.plugin, self.it = plugin, it

    pair = [Entry("measured", measured.Model({}, None)), Entry("other", Other({}, None))]
    with pytest.raises(BadSetting, match="both 'measured' and 'other' ask for the agreed field 'metric'"):
        checked_deliverables(pair)
