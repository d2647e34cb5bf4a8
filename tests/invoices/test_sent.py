"""Where no country pack knows the seller's invoices they make their own, are asked for it, and both sides read it."""

from datetime import UTC, datetime
from io import BytesIO

import pytest

from marketwright.features.contracts.tables import Contract
from marketwright.features.invoicing.invoices import waiting_rows
from marketwright.features.invoicing.sent import sent_to
from marketwright.testing.browse import Browse

pytestmark = pytest.mark.plugins("standard_contracts")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def due(stage):
    with stage.house.database.reading() as session:
        return next(row for row in waiting_rows(session, everything=True) if row.kind == "sale")


def hand_in(app, stage, **said):
    form = {"number": "2026-17", "issued_on": "2026-05-04"} | said
    return Browse(app).sign_in(stage.freelancer).post(f"/accounting/own/{due(stage).id}", form)


def test_who_makes_the_invoice_is_signed_and_stands_on_the_pages_of_both(app, without_mandate):
    stage = without_mandate
    stage.signed(100_000)
    with stage.house.database.reading() as session:
        assert session.get_one(Contract, stage.contract).terms["papers"]["by"] == "freelancer"
    for who in (stage.client, stage.freelancer):
        assert "draws up no invoices for sellers" in Browse(app).sign_in(who).get(f"/contracts/{stage.contract}").text
    said = Browse(app).sign_in(stage.freelancer).get(f"/contracts/{stage.contract}").text
    assert ("You make your own invoice" in said, "makes their own invoice" in said) == (True, False)
    assert "No mandate is asked of you" in Browse(app).sign_in(stage.freelancer).get("/accounting/mandate").text


def test_the_seller_is_asked_for_their_own_invoice_and_the_client_reads_it(app, without_mandate):
    stage = without_mandate.release(100_000)
    stage.issue()
    (asked,) = stage.letters("invoice.waits")
    assert (asked.reader.account, asked.path) == (stage.freelancer, f"/accounting/own/{due(stage).id}")
    assert hand_in(app, stage, number="", file=(BytesIO(PDF), "mine.pdf")).status_code == 422
    assert hand_in(app, stage, file=(BytesIO(PDF), "mine.pdf")).status_code == 303
    assert stage.issue() == 0
    (told,) = stage.letters("invoice.sent")
    client = Browse(app).sign_in(stage.client)
    page = client.get(told.path).text
    with stage.house.database.reading() as session:
        (sent,) = sent_to(session, organisations=[stage.organisation])
    assert ("2026-17" in page, told.reader.account) == (True, stage.client)
    assert client.get(f"/files/{sent.file}").data.startswith(b"%PDF")


def test_nobody_else_hands_it_in_and_a_day_to_come_is_refused(app, without_mandate):
    stage = without_mandate.release(100_000)
    stage.issue()
    path = f"/accounting/own/{due(stage).id}"
    assert Browse(app).sign_in(stage.client).get(path).status_code in (403, 404)
    assert hand_in(app, stage, issued_on="2999-01-01").status_code == 422
    with stage.house.database.reading() as session:
        assert sent_to(session, organisations=[stage.organisation]) == []


def test_a_document_of_today_is_handed_in_after_midnight(app, without_mandate):
    stage = without_mandate.release(100_000)
    until = datetime(2026, 12, 10, 23, 30, tzinfo=UTC) - stage.house.clock.business()  # in Paris it is the 11th
    stage.move(seconds=until.total_seconds())
    stage.issue()
    assert hand_in(app, stage, issued_on="2026-12-12").status_code == 422
    assert hand_in(app, stage, issued_on="2026-12-11").status_code == 303
