"""The pages of checks: for freelancers and clients, and where a closed gate leads."""

import io

import pytest

from marketwright.features.vetting import queries

pytestmark = pytest.mark.plugins("evidence")
PROPOSE = pytest.mark.settings(gates={"propose": ("documents",), "publish": ("documents",)})
PAPER = b"This is to certify that Ada Perrin holds the certificate."


def paper(name="certificate.txt", data=PAPER):
    return (io.BytesIO(data), name)


def hand_in(visitor, people, **more):
    data = {"claim": people.claim, "document": paper(), **more}
    return visitor.post("/me/checks/documents", data, content_type="multipart/form-data")


@PROPOSE
def test_a_freelancer_sees_what_steps_ask_for(people, browse):
    page = browse(people.freelancer).get("/me/checks").text
    assert "Documents read by our team" in page
    assert "making a proposal" in page


def test_what_nobody_asks_for_is_offered_all_the_same(people, browse):
    page = browse(people.freelancer).get("/me/checks").text
    assert "What you can prove besides" in page
    assert "What steps ask for" not in page


@pytest.mark.settings(plugins=())
def test_without_the_plugin_there_is_nothing_to_hand_in(people, browse):
    visitor = browse(people.freelancer)
    assert "Documents read by our team" not in visitor.get("/me/checks").text


def test_what_is_handed_in_is_followed_on_the_page(people, browse):
    visitor = browse(people.freelancer)
    assert hand_in(visitor, people).status_code == 303
    assert "Waits for a person of our team" in visitor.get("/me/checks/documents").text


def test_a_refused_form_keeps_what_was_typed_and_says_the_fix(people, browse):
    page = browse(people.freelancer).post("/me/checks/documents", {"claim": people.claim, "until": "soon"})
    assert page.status_code == 422
    assert f'value="{people.claim}" selected' in page.text
    assert 'value="soon"' in page.text
    assert "Please add the file." in page.text


def test_a_program_is_no_document(people, browse):
    page = hand_in(browse(people.freelancer), people, document=paper("paper.pdf", b"\x7fELF\x02\x01\x01"))
    assert page.status_code == 422
    with people.house.database.reading() as session:
        assert queries.runs_of(session, "freelancer", people.freelancer) == []


def test_a_claim_of_somebody_else_cannot_be_chosen(people, browse):
    assert hand_in(browse(people.freelancer), people, claim="somebodyelse0000").status_code == 422


def test_the_outcome_stands_on_the_page_with_its_reason(people, browse):
    visitor = browse(people.freelancer)
    hand_in(visitor, people)
    with people.house.database.reading() as session:
        run = queries.queue(session)[0].id
    people.decide(run, "refused", reason="The second page is missing.")
    page = visitor.get("/me/checks/documents").text
    assert "The second page is missing." in page
    assert "Vera Vetter" in page


def test_a_person_takes_back_what_they_handed_in(people, browse):
    visitor = browse(people.freelancer)
    hand_in(visitor, people)
    with people.house.database.reading() as session:
        run = queries.queue(session)[0].id
    assert visitor.post(f"/me/checks/runs/{run}/withdraw").status_code == 303
    with people.house.database.reading() as session:
        assert queries.queue(session) == []


def test_nobody_takes_back_what_somebody_else_handed_in(people, browse):
    run = people.hand_in("documents", kind="client")
    assert browse(people.freelancer).post(f"/me/checks/runs/{run}/withdraw").status_code == 404


def test_the_checks_of_an_organisation_are_nobody_elses(people, browse):
    assert browse(people.client).get(f"/organisations/{people.organisation}/checks").status_code == 200
    assert browse(people.freelancer).get(f"/organisations/{people.organisation}/checks").status_code == 404


def test_a_client_without_a_freelancers_side_has_no_such_page(people, browse):
    assert browse(people.client).get("/me/checks").status_code == 403


@pytest.mark.parametrize("check", ["horoscope", "approval"])
def test_a_check_that_nobody_brings_or_asks_for_is_not_found(people, browse, check):
    assert browse(people.freelancer).get(f"/me/checks/{check}").status_code == 404


def test_by_its_own_address_the_evidence_is_open_to_its_owner_alone(people, browse):
    visitor = browse(people.freelancer)
    hand_in(visitor, people)
    with people.house.database.reading() as session:
        run = queries.queue(session)[0].id
        file = next(g.file for g in queries.evidence_of(session, run) if g.file)
    assert visitor.get(f"/files/{file}").data == PAPER
    assert browse(people.vetter).get(f"/files/{file}").status_code == 404
    assert browse(people.client).get(f"/files/{file}").status_code == 404
    assert browse().get(f"/files/{file}").status_code == 404


def test_the_page_speaks_french(people, browse):
    visitor = browse(people.freelancer)
    visitor.get("/language/fr")
    assert "Documents lus par notre équipe" in visitor.get("/me/checks").text
