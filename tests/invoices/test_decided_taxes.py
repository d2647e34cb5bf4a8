"""A document whose tax no rule explains: staff decides how it goes out, and amounts stay what was paid and booked."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from marketwright.features.accounts import service as accounts
from marketwright.features.invoicing.deciding import decide_tax
from marketwright.features.invoicing.invoice_tables import InvoiceDue
from marketwright.features.invoicing.invoices import waiting_rows
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed
from marketwright.kernel.money import Money
from marketwright.store.tables import AuditRow
from marketwright.strategies.pricing import LineKind, Party
from marketwright.testing.agreed import quote_over

from .conftest import move_to

WHY = "Our adviser read both sides on 4 May."
DE = Party("DE", "standard", "DE136695976")


@pytest.fixture
def waits(stage):
    """A deal that is paid out and whose quote charges VAT to a client abroad who declares it; its documents wait."""
    move_to(stage, "DE")
    quote = quote_over(100_000)
    stage.give_mandate()
    stage.release(100_000, how_priced=priced_for(DE, quote))
    stage.issue()
    return stage


def priced_for(client, quote):
    return replace(quote, deal=replace(quote.deal, client=client))


def waiting(stage):
    with stage.house.database.reading() as session:
        return {row.kind: row for row in waiting_rows(session, everything=True)}


def decide(stage, kind, by="", reason=WHY):
    with stage.unit(by or stage.actor("staff", staff=["finance"])) as uow:
        decide_tax(uow, due=waiting(stage)[kind].id, reason=reason)
        uow.commit()
    stage.issue()


@pytest.fixture
def finance(stage):
    with stage.unit() as uow:
        made = accounts.create_account(uow, email="f@example.org", name="Fi Nance", locale="en", is_freelancer=False)
        accounts.join_staff(uow, account=made, roles=["finance"])
        uow.commit()
    return made


def test_documents_wait_whose_quote_and_rules_differ(waits):
    assert {kind: row.blocker for kind, row in waiting(waits).items()} == {"sale": "tax", "client_fee": "tax"}


def test_a_document_of_ours_goes_out_with_the_tax_of_the_quote(waits):
    decide(waits, "client_fee")
    made = waits.document("client_fee")
    assert (made.net, made.tax) == (Money(3_000, "EUR"), Money(600, "EUR"))
    assert (made.body["rule"], made.body["buyer"]["country"]) == ("as quoted", "DE")
    assert waits.findings() == []


def test_a_document_of_a_freelancer_becomes_theirs_to_make(waits):
    decide(waits, "sale")
    assert waiting(waits)["sale"].blocker == "seller"
    (letter,) = [found for found in waits.letters("invoice.waits") if "asked for" in str(found.subject)]
    assert letter.reader.account == waits.freelancer


def test_where_the_quote_charges_none_the_document_gives_the_reason(stage):
    quote = quote_over(100_000)
    none = {LineKind.CLIENT_FEE_TAX, LineKind.FREELANCER_FEE_TAX}
    lines = tuple(untaxed(line) if line.kind in none else line for line in quote.lines)
    stage.give_mandate().release(100_000, how_priced=with_regime(quote, lines))
    stage.issue()
    decide(stage, "client_fee")
    made = stage.document("client_fee")
    assert (made.tax.amount, made.body["taxes"][0]["reason"]) == (0, WHY)


def untaxed(line):
    return replace(line, amount=Money(0, "EUR"), bps=0)


def with_regime(quote, lines):
    return replace(quote, lines=lines, deal=replace(quote.deal, regime="standard"))


def test_a_decision_needs_a_reason(waits):
    with pytest.raises(InvalidInput):
        decide(waits, "client_fee", reason=" ")


def test_nobody_decides_for_a_side_of_their_own(waits):
    with pytest.raises(NotAllowed):
        decide(waits, "client_fee", by=waits.client)


def test_what_waits_for_something_else_is_not_decided(waits):
    decide(waits, "sale")
    with pytest.raises(Conflict):
        decide(waits, "sale")


def test_staff_reads_both_sides_beside_the_quote_and_decides_in_the_console(waits, finance, browse):
    visitor, due = browse(finance), waiting(waits)["client_fee"].id
    assert f"/console/invoices/waiting/{due}" in visitor.get("/console/invoices?state=waiting").text
    page = visitor.get(f"/console/invoices/waiting/{due}").text
    assert "DE136695976" in page
    assert ("Germany" in page, "charges VAT" in page) == (True, True)
    assert "Issue it as quoted" in page
    assert visitor.post(f"/console/invoices/waiting/{due}", {"reason": ""}).status_code == 422
    assert visitor.post(f"/console/invoices/waiting/{due}", {"reason": WHY}).status_code == 303
    assert visitor.get(f"/console/invoices/waiting/{due}").status_code == 404
    with waits.house.database.reading() as session:
        assert session.scalar(select(InvoiceDue.facts).where(InvoiceDue.id == due))["decided"] == WHY
        by = session.scalar(select(AuditRow.actor).where(AuditRow.action == "invoice.tax_decided"))
    assert finance in by
