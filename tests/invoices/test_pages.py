"""Invoices are read by whom they concern, and by nobody else."""

from dataclasses import replace
from datetime import date

import pytest
from tests.invoices.conftest import LEGAL

from marketwright.features.invoicing.due import Item
from marketwright.features.invoicing.own import issue_own, receive_own
from marketwright.testing.browse import Browse
from marketwright.web.i18n import speaking, translate


@pytest.fixture
def issued(stage):
    stage.release(100_000).issue()
    return stage


def sentence(text, language):
    with speaking(language):
        return translate(text)


def seen(app, account, path):
    return Browse(app).sign_in(account).get(path)


def test_each_side_lists_what_concerns_it(app, issued):
    freelancer, client = (seen(app, a, "/accounting").text for a in (issued.freelancer, issued.client))
    sale, fee, commission = (issued.document(k).number for k in ("sale", "client_fee", "freelancer_fee"))
    assert (sale in freelancer, commission in freelancer, fee in freelancer) == (True, True, False)
    assert (sale in client, fee in client, commission in client) == (True, True, False)


def test_a_document_shows_its_totals_and_its_mentions(app, issued):
    page = seen(app, issued.client, f"/accounting/{issued.document('sale').id}").text
    assert "€1,200.00" in page
    assert "Flat sum for recovery costs" in page


@pytest.mark.parametrize("currency", ["CHF", "KWD"])
def test_a_french_document_in_another_currency_has_no_electronic_form(app, stage, currency):
    with stage.unit() as uow:
        issue_own(uow, cause_type="plan", cause_id="1", buyer_kind="organisation", buyer=stage.organisation,
                  lines=(Item("Plan", 49_000, typed=True),), currency=currency, due_on=date(2026, 12, 28))  # fmt: skip
        uow.commit()
    stage.issue()
    (plan,) = stage.documents()
    answer = seen(app, stage.client, f"/accounting/{plan.id}/xml")
    assert answer.status_code == 404
    assert f"no electronic form of a document in {currency}" in answer.text
    assert f"{plan.id}/xml" not in seen(app, stage.client, f"/accounting/{plan.id}").text


def test_a_stranger_finds_no_document(app, issued):
    commission = issued.document("freelancer_fee").id
    assert seen(app, issued.client, f"/accounting/{commission}").status_code == 404
    assert seen(app, issued.client, "/accounting/nothing").status_code == 404


def test_a_freelancer_reads_accepts_and_withdraws_the_mandate(app, without_mandate):
    visitor = Browse(app).sign_in(without_mandate.freelancer)
    page = visitor.get("/accounting/mandate").text
    sha256 = page.partition("sha256 ")[2][:64]
    assert visitor.post("/accounting/mandate", {"sha256": sha256}).status_code == 422
    assert visitor.post("/accounting/mandate", {"sha256": "0" * 64, "read": "1"}).status_code == 409
    assert visitor.post("/accounting/mandate", {"sha256": sha256, "read": "1"}).status_code == 303
    assert "Accepted on" in visitor.get("/accounting/mandate").text
    assert visitor.post("/accounting/mandate/withdraw").status_code == 303
    assert "Withdrawn on" in visitor.get("/accounting/mandate").text


def test_what_waits_says_what_for(app, without_mandate):
    without_mandate.release(100_000).issue()
    page = seen(app, without_mandate.freelancer, "/accounting").text
    assert "has not accepted the mandate" in page
    assert "Read the mandate" in page


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # WeasyPrint leaves its colours open
def test_the_pdf_carries_its_own_xml_with_the_same_figures(app, issued):
    pytest.importorskip("facturx")
    pytest.importorskip("weasyprint")
    from marketwright.features.invoicing.facturx import xml_inside

    sale = issued.document("sale")
    visitor = Browse(app).sign_in(issued.client)
    pdf = visitor.get(f"/accounting/{sale.id}/pdf")
    xml = visitor.get(f"/accounting/{sale.id}/xml")
    assert pdf.mimetype == "application/pdf"
    assert b"<ram:GrandTotalAmount>1200.00</ram:GrandTotalAmount>" in xml.data
    assert xml_inside(pdf.data) == xml.data


BANK = replace(LEGAL, iban="FR76 9999 9000 0100 0000 1234 537", bic="DEMOFRPPXXX")


@pytest.mark.parametrize(("language", "says", "listed"), [
    pytest.param("en", ["Pay by transfer to Place SAS with the reference {number}", BANK.iban, BANK.bic],
                 "Pay by transfer to Place SAS, each with its number as the reference.",
                 marks=pytest.mark.settings(legal=BANK)),
    pytest.param("fr", ["adressez-vous à Place SAS, 1 rue X, 59000 Lille, en citant la référence {number}"],
                 "en citant leurs numéros",
                 marks=pytest.mark.settings(legal=LEGAL, languages=("fr",))),
])  # fmt: skip
def test_an_invoice_of_ours_that_is_owed_says_how_it_is_paid_and_a_paid_one_does_not(
    app, stage, language, says, listed
):
    lines = (Item("Plan %(plan)s, from %(start)s to %(end)s", 4_900, params={
        "plan": "Studio", "start": date(2026, 11, 29), "end": date(2026, 12, 29)}),)  # fmt: skip
    with stage.unit() as uow:
        issue_own(uow, cause_type="plan", cause_id="1", buyer_kind="organisation", buyer=stage.organisation,
                  lines=lines, currency="EUR", due_on=date(2026, 12, 28))  # fmt: skip
        uow.commit()
    stage.issue()
    (plan,) = stage.documents()
    assert (plan.language, plan.period) == (language, (date(2026, 11, 29), date(2026, 12, 29)))
    page = seen(app, stage.client, f"/accounting/{plan.id}").text
    assert ("for the period from" if language == "en" else "pour la période du") in page
    assert all(part.format(number=plan.number) in page for part in says)
    (letter,) = stage.letters("invoice.issued")
    told = " ".join(sentence(text, language) for text in letter.paragraphs)
    assert all(part.format(number=plan.number) in told for part in says)
    assert listed in seen(app, stage.client, "/accounting").text
    with stage.unit() as uow:
        receive_own(uow, cause_type="plan", cause_id="1", payer=stage.organisation,
                    amount=plan.open)  # fmt: skip
        uow.commit()
    assert "Our own invoices." not in seen(app, stage.client, "/accounting").text
    page = seen(app, stage.client, f"/accounting/{plan.id}").text
    assert not any(part.format(number=plan.number) in page for part in says)
