"""Documents say the taxes that were quoted, of the parties that were quoted, whatever both have become since."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, update

from marketwright.features.invoicing.due import Item
from marketwright.features.invoicing.invoice_tables import InvoiceDue
from marketwright.features.invoicing.invoices import waiting_rows
from marketwright.features.invoicing.own import issue_own
from marketwright.kernel.money import Money
from marketwright.settings.marketplace import Marketplace
from marketwright.strategies.pricing import LineKind, Party
from marketwright.testing.agreed import quote_over

from .conftest import LEGAL, legal, move_to

EXEMPT, TAXED = legal(vat_number=""), LEGAL
UNNUMBERED = legal(vat_number="", vat_regime="standard")
DE = Party("DE", "standard", "DE136695976")


def become(stage, company):
    """The company of the marketplace is another one from now on."""
    market = replace(stage.house.marketplace, legal=company)
    stage.house.marketplace = market
    stage.house.ports.fill(Marketplace, market)


def quoted(regime, *, fee_bps, client=None):
    """A quote of the marketplace under ``regime``, with fees taxed at ``fee_bps``."""
    quote = quote_over(100_000)
    taxes = {LineKind.CLIENT_FEE_TAX: 30 * fee_bps // 100, LineKind.FREELANCER_FEE_TAX: 70 * fee_bps // 100}
    lines = tuple(replace(line, amount=Money(taxes[line.kind], "EUR"), bps=fee_bps) if line.kind in taxes else line
                  for line in quote.lines)  # fmt: skip
    return replace(quote, lines=lines, deal=replace(quote.deal, regime=regime, client=client or quote.deal.client))


def waits(stage):
    with stage.house.database.reading() as session:
        return {row.kind: row for row in waiting_rows(session, everything=True)}


@pytest.mark.parametrize("said", [True, False], ids=["the quote says by which", "of before quotes said so"])
@pytest.mark.parametrize(("before", "bps", "after", "rule"), [
    (EXEMPT, 0, TAXED, "small-business exemption"), (TAXED, 2_000, EXEMPT, "domestic"),
], ids=["left the exemption", "entered it"])  # fmt: skip
def test_fees_are_invoiced_by_the_regime_that_they_were_quoted_by(stage, before, bps, after, rule, said):
    become(stage, before)
    stage.signed(100_000, how_priced=quoted(stage.house.marketplace.vat_regime if said else "", fee_bps=bps))
    stage.fund()
    stage.deliver()
    become(stage, replace(after, vat_number=TAXED.vat_number, vat_regime="" if after is TAXED else "franchise"))
    stage.answer(stage.take("approve", stage.client).command)
    stage.issue()
    fees = {d.kind: (d.tax.amount, d.body["rule"]) for d in stage.documents() if d.kind != "sale"}
    assert fees == {"client_fee": (30 * bps // 100, rule), "freelancer_fee": (70 * bps // 100, rule)}
    assert stage.findings() == []


def test_what_the_customer_was_to_declare_stays_theirs_once_the_marketplace_is_exempt(stage):
    move_to(stage, "DE")
    quote = quoted("standard", fee_bps=0, client=DE)
    lines = tuple(replace(line, bps=2_000, amount=Money(1_400, "EUR")) if line.kind is LineKind.FREELANCER_FEE_TAX
                  else replace(line, amount=Money(0, "EUR")) if line.kind is LineKind.WORK_TAX else line
                  for line in quote.lines)  # fmt: skip
    stage.release(100_000, how_priced=replace(quote, lines=lines))
    become(stage, legal(vat_regime="franchise"))
    stage.issue()
    assert stage.document("client_fee").body["rule"] == "reverse charge in the Union"


def test_a_service_bought_before_the_marketplace_left_the_exemption_is_invoiced_without_vat(stage):
    become(stage, EXEMPT)
    with stage.unit() as uow:
        issue_own(uow, cause_type="plan", cause_id="p", buyer_kind="organisation", buyer=stage.organisation,
                  lines=[Item("Plan", 4_900, typed=True)], currency="EUR", due_on=date(2026, 12, 28))  # fmt: skip
        uow.commit()
    become(stage, TAXED)
    stage.issue()
    (plan,) = stage.documents()
    assert (plan.tax.amount, plan.body["rule"]) == (0, "small-business exemption")


@pytest.mark.settings(legal=UNNUMBERED)
def test_vat_is_not_invoiced_without_the_number_of_who_charges_it(stage):
    stage.release(100_000).issue()
    waiting = waits(stage)
    assert {kind: row.blocker for kind, row in waiting.items()} == {"client_fee": "legal", "freelancer_fee": "legal"}
    assert waiting["client_fee"].reason.params == {"fields": "VAT number"}
    become(stage, LEGAL)
    stage.issue()
    assert waits(stage) == {}


@pytest.mark.settings(legal=UNNUMBERED)
def test_a_start_says_that_invoices_with_vat_lack_the_number(house):
    assert any("legal.vat_number" in sentence for sentence in house.missing)


def test_a_start_with_the_number_says_nothing_of_it(house):
    assert not any("legal.vat_number" in sentence for sentence in house.missing)


def test_a_party_that_has_moved_to_another_country_is_invoiced_where_the_contract_names_it(stage):
    stage.signed(100_000)
    move_to(stage, "DE")
    stage.fund()
    stage.deliver()
    stage.answer(stage.take("approve", stage.client).command)
    stage.issue()
    buyer = stage.document("sale").body["buyer"]
    assert [buyer[part] for part in ("name", "street", "city", "country", "registration_number")] == [
        "Business of organisation", "14 rue des Prés", "Lille", "FR", "732829320"
    ]  # fmt: skip


def test_a_party_that_has_moved_within_its_country_is_invoiced_where_it_is_now(stage):
    stage.signed(100_000)
    move_to(stage, "FR", registration_number="732829320", vat_number="FR44732829320", postcode="69001", city="Lyon")
    stage.fund()
    stage.deliver()
    stage.answer(stage.take("approve", stage.client).command)
    stage.issue()
    assert stage.document("sale").body["buyer"]["city"] == "Lyon"


def test_a_party_that_was_quoted_in_one_country_and_signed_in_another_waits_for_staff(stage):
    stage.release(100_000)
    move_to(stage, "DE")
    with stage.unit() as uow:  # as contracts of before could be
        for row in uow.session.scalars(select(InvoiceDue).where(InvoiceDue.kind != "freelancer_fee")).all():
            parties = {**row.facts["parties"], "client": {**row.facts["parties"]["client"], "country": "DE"}}
            facts = {**row.facts, "parties": parties}
            uow.session.execute(update(InvoiceDue).where(InvoiceDue.id == row.id).values(facts=facts))
        uow.commit()
    stage.issue()
    waiting = waits(stage)
    assert {kind: row.blocker for kind, row in waiting.items()} == {"sale": "tax", "client_fee": "tax"}
    assert waiting["sale"].reason.params == {"quoted": "France", "country": "Germany"}
