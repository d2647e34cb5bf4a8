"""Services beside a contract, and one frozen quote that page, contract, invoice and ledger all read to the cent."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from marketwright.features.contracts import extras
from marketwright.features.contracts import service as contracts
from marketwright.features.contracts.paper import make_paper
from marketwright.features.contracts.tables import Contract, ContractDocument
from marketwright.features.entitlements.queries import holders
from marketwright.features.invoicing.invoice_tables import Invoice
from marketwright.features.invoicing.invoices import number_of
from marketwright.features.invoicing.jobs import issue_all, office_of
from marketwright.features.invoicing.mandates import accept
from marketwright.features.ledger.tables import LedgerLeg, LedgerTransaction
from marketwright.features.pricing.extras import extra, said_in, with_extras
from marketwright.features.pricing.receipts import truth
from marketwright.features.pricing.service import price
from marketwright.features.pricing.wire import quote_from_json
from marketwright.kernel.errors import Conflict
from marketwright.kernel.money import Money
from marketwright.settings.offers import ExtraOffer
from marketwright.strategies.documents import Document
from marketwright.strategies.pricing import Deal, LineKind, Part, Party, Voucher
from marketwright.web.formats import show_money

FR = Party("FR", "standard", "FR44732829320")
OFFERS = (
    ExtraOffer("insurance", "client", bps=150, least=40, taxed=False, supplier="Assurances du Nord",
               label={"en": "Insurance"}, consent={"en": "I order this insurance."}),
    ExtraOffer("training", "client", price=90, label={"en": "Training"}, consent={"en": "I order this training."}),
    ExtraOffer("lawyer", "freelancer", price=45, label={"en": "A lawyer"}, consent={"en": "I order this reading."}),
)  # fmt: skip
INVOICED = select(Invoice.kind, func.sum(Invoice.net), func.sum(Invoice.tax)).group_by(Invoice.kind)
pytestmark = pytest.mark.plugins("standard_contracts", "commission", "country_fr", "sandbox")


@pytest.fixture
def deal(stage):
    """A contract over three parts that do not divide, with a code, drawn up by the running rules."""
    house = stage.house
    legal = replace(house.marketplace.legal, name="Bastion", form="SAS", vat_number="FR44732829320", country="FR",
                    registration_number="732829320", address="14 rue de la Citadelle, 59000 Lille")  # fmt: skip
    house.marketplace = replace(house.marketplace, extras=OFFERS, legal=legal)
    house.ports.fill(type(house.marketplace), house.marketplace)
    works = (333_333, 1, 77_777)
    parts = tuple(Part(f"Part {n}", Money(work, "EUR")) for n, work in enumerate(works))
    code = Voucher("TEN", "client", amount=Money(10_01, "EUR"))
    asked = Deal("EUR", parts, FR, FR, date(2026, 5, 4), marketplace="FR", vouchers=(code,))
    stage.agree(*works, how_priced=price(house.plugins, asked), process="milestones")
    return stage


def test_a_paper_names_an_order_in_its_own_language_and_as_it_was_bought_where_the_offer_is_gone():
    offer = replace(OFFERS[0], label={"en": "Insurance", "fr": "Assurance"})
    assert [said_in([offer], "insurance", "Insurance", x) for x in ("fr", "de")] == ["Assurance", "Insurance"]
    assert said_in([], "insurance", "Insurance", "fr") == "Insurance"


def tick(page, deal, *names):
    return page.post(f"/contracts/{deal.contract}/extras", {"extra": list(names)})


def kept(deal):
    return quote_from_json(deal.row().quote)


def ordered(deal):
    with deal.house.database.reading() as session:
        return [(row.name, row.amount) for row in extras.orders(session, deal.contract)]


def test_nothing_is_ticked_beforehand_and_each_side_sees_its_own(deal, browse):
    text = browse(deal.client).get(f"/contracts/{deal.contract}/extras").text
    assert text.count('name="extra"') == 2
    assert " checked" not in text.split('name="extra"')[1].split(">")[0]
    assert "A lawyer" not in text
    assert browse(deal.freelancer).get(f"/contracts/{deal.contract}/extras").text.count('name="extra"') == 1


def test_what_is_ticked_stands_in_the_quote_and_can_be_taken_off(deal, browse):
    page, before = browse(deal.client), kept(deal)
    assert tick(page, deal, "insurance", "training").status_code == 303
    assert tick(browse(deal.freelancer), deal, "lawyer").status_code == 303
    assert ordered(deal) == [("insurance", 61_67), ("training", 90_00), ("lawyer", 45_00)]
    assert kept(deal).extras_of("client") == Money(61_67 + 108_00, "EUR")
    tick(page, deal, "training")
    assert [name for name, _ in ordered(deal)] == ["training", "lawyer"]
    assert kept(deal).client_pays() == before.client_pays()
    tick(page, deal)
    assert kept(deal).extras_of("client") == Money(0, "EUR")


def test_what_ended_unsigned_is_not_said_to_be_signed(deal, browse):
    deal.move(days=60)
    deal.house.worker.tick()
    deal.house.worker.drain()
    page = browse(deal.client)
    extras = page.get(f"/contracts/{deal.contract}/extras")
    assert (extras.status_code, "has ended without being signed" in extras.text) == (409, True)
    assert page.get(f"/contracts/{deal.contract}/send").location == f"/contracts/{deal.contract}"
    assert "has ended without being signed" in page.get(f"/contracts/{deal.contract}").text


def test_a_text_that_was_sent_is_drawn_again_with_what_is_ordered(deal, browse):
    first = deal.send()
    tick(browse(deal.client), deal, "training")
    assert deal.row().document_id != first
    assert "Training" in body_of(deal)


def test_after_the_first_signature_nothing_can_be_ordered(deal, browse):
    deal.send()
    deal.sign(deal.freelancer)
    assert tick(browse(deal.client), deal, "training").status_code == 409
    page = browse(deal.client)
    assert page.get(f"/contracts/{deal.contract}/extras").status_code == 409
    assert "/extras" not in page.get(f"/contracts/{deal.contract}").text
    assert ordered(deal) == []


def test_what_the_other_side_or_nobody_is_offered_is_left_out(deal, browse):
    tick(browse(deal.client), deal, "lawyer", "nope")
    assert ordered(deal) == []


def offer_only(deal, *offers):
    """The operator offers ``offers`` alone from now on."""
    deal.house.marketplace = replace(deal.house.marketplace, extras=offers)
    deal.house.ports.fill(type(deal.house.marketplace), deal.house.marketplace)


def test_an_order_stays_though_its_service_is_offered_no_more(deal, browse):
    tick(browse(deal.client), deal, "insurance", "training")
    offer_only(deal, OFFERS[0], OFFERS[2])
    text = browse(deal.client).get(f"/contracts/{deal.contract}/extras").text
    assert "No longer offered" in text
    assert text.split('value="training"')[1].startswith(" checked")
    tick(browse(deal.client), deal, "training")
    assert ordered(deal) == [("training", 90_00)]


def test_an_order_of_what_is_offered_no_more_is_taken_off_by_hand(deal, browse):
    tick(browse(deal.client), deal, "training")
    offer_only(deal)
    assert f"/contracts/{deal.contract}/extras" in browse(deal.client).get(f"/contracts/{deal.contract}").text
    tick(browse(deal.client), deal)
    assert ordered(deal) == []


def test_what_is_offered_no_more_is_not_ordered_anew(deal, browse):
    offer_only(deal)
    tick(browse(deal.client), deal, "training")
    assert ordered(deal) == []


def body_of(deal):
    with deal.house.database.reading() as session:
        row = session.get_one(Contract, deal.contract)
        return session.get_one(ContractDocument, row.document_id).body.decode()


def booked(deal, *accounts):
    """What the ledger has on accounts whose names begin so, credit above zero."""
    with deal.house.database.reading() as session:
        total = select(func.coalesce(func.sum(LedgerLeg.amount), 0)).join(
            LedgerTransaction, LedgerTransaction.id == LedgerLeg.transaction_id
        )
        return {a: -session.scalar(total.where(LedgerLeg.account.startswith(a))) for a in accounts}


def test_page_contract_invoice_and_ledger_agree_with_the_frozen_quote_to_the_cent(deal, browse):
    tick(browse(deal.client), deal, "insurance", "training")
    tick(browse(deal.freelancer), deal, "lawyer")
    deal.send()
    deal.sign(deal.freelancer)
    deal.sign(deal.client)
    for n in range(3):
        deal.fund(n=n)
        deal.deliver(n=n)
        deal.answer(deal.take("approve", deal.client, n=n).command)
    quote = kept(deal)
    fees = quote.sum_of(LineKind.CLIENT_FEE, LineKind.FREELANCER_FEE)
    fee_tax = quote.sum_of(LineKind.CLIENT_FEE_TAX, LineKind.FREELANCER_FEE_TAX)
    services = quote.sum_of(LineKind.CLIENT_EXTRA, LineKind.FREELANCER_EXTRA)
    service_tax = quote.sum_of(LineKind.CLIENT_EXTRA_TAX, LineKind.FREELANCER_EXTRA_TAX)

    shown = truth(quote)  # the page
    assert (shown.client.total, shown.freelancer.total) == (quote.client_pays(), quote.freelancer_receives())
    assert dict(shown.extras)["client"].total == quote.extras_of("client")

    text = re.sub(r"\s", " ", body_of(deal))  # the contract's annex of prices
    for amount in (quote.client_pays(), quote.freelancer_receives(), Money(61_67, "EUR"), Money(108_00, "EUR")):
        assert show_money(amount).replace("€", "").strip() in text.replace("EUR", "")

    ledger = booked(deal, "revenue", "vat_collected", "payable:", "receivable:")
    assert ledger["revenue"] == (fees + services).amount
    assert ledger["vat_collected"] == (fee_tax + service_tax).amount
    owed = quote.freelancer_receives() - services - service_tax  # what a side owes is set off against what it gets
    assert ledger["payable:"] + ledger["receivable:"] == owed.amount

    house = deal.house
    with deal.unit(deal.freelancer) as uow:
        accept(uow, country=house.plugins.countries["FR"].it, marketplace=house.marketplace, language="en")
        uow.commit()
    issue_all(house.database, office_of(house.marketplace, house.plugins, house.catalogues))
    with deal.house.database.reading() as session:
        found = [number_of(session, extras.CAUSE, row.id)[0] for row in extras.orders(session, deal.contract)]
        invoiced = session.execute(INVOICED).all()
    assert [invoice.gross.amount for invoice in found] == [61_67, 108_00, 54_00]
    assert found[0].body["taxes"][0]["category"] == "E"
    sums = {kind: (net, tax) for kind, net, tax in invoiced}
    assert sums["service"] == (services.amount, service_tax.amount)
    assert sums["sale"] == (quote.sum_of(LineKind.WORK).amount, quote.sum_of(LineKind.WORK_TAX).amount)
    both = [sum(part) for part in zip(sums["client_fee"], sums["freelancer_fee"], strict=True)]
    assert both == [fees.amount, fee_tax.amount]


def with_price(house, name, price):
    """The marketplace asks another price for one service from now on."""
    dearer = tuple(replace(o, price=price) if o.name == name else o for o in house.marketplace.extras)
    house.marketplace = replace(house.marketplace, extras=dearer)
    house.ports.fill(type(house.marketplace), house.marketplace)


def test_what_is_ordered_keeps_its_price_and_its_tax_when_the_offer_becomes_dearer(deal, browse):
    page = browse(deal.client)
    tick(page, deal, "training")
    with_price(deal.house, "training", 900)
    assert "€900.00" not in page.get(f"/contracts/{deal.contract}/extras").text
    tick(page, deal, "training", "insurance")
    assert ordered(deal) == [("training", 90_00), ("insurance", 61_67)]
    assert kept(deal).extras_of("client") == Money(61_67 + 108_00, "EUR")
    deal.send()
    deal.sign(deal.freelancer)
    deal.sign(deal.client)
    issue_all(deal.house.database, office_of(deal.house.marketplace, deal.house.plugins, deal.house.catalogues))
    with deal.house.database.reading() as session:
        found = [number_of(session, extras.CAUSE, row.id)[0] for row in extras.orders(session, deal.contract)]
    assert [(i.net.amount, i.tax.amount) for i in found] == [(90_00, 18_00), (61_67, 0)]


def test_what_was_taken_off_is_ordered_again_at_the_price_of_that_day(deal, browse):
    page = browse(deal.client)
    tick(page, deal, "training")
    with_price(deal.house, "training", 900)
    tick(page, deal)
    tick(page, deal, "training")
    assert ordered(deal) == [("training", 900_00)]


def order(deal, side, name, quote, *, text=""):
    """Order one service at a quote made before, as a page does."""
    offer = next(o for o in OFFERS if o.name == name)
    wanted = extras.Ordered(extra(offer, quote.deal.work, "en"), "", "I order it.")
    made = with_extras(deal.house.plugins, quote, [wanted.extra])
    with deal.unit(deal.client if side == "client" else deal.freelancer) as uow:
        row = uow.session.get_one(Contract, deal.contract)
        extras.choose(uow, row, side=side, wanted=[wanted], quote=made, text=text)
        uow.commit()


def test_of_two_sides_who_order_at_the_same_moment_the_second_one_chooses_again_and_both_sign(deal, browse):
    before = kept(deal)
    tick(browse(deal.freelancer), deal, "lawyer")
    with pytest.raises(Conflict, match="choose again"):
        order(deal, "client", "training", before)
    assert ordered(deal) == [("lawyer", 45_00)]
    tick(browse(deal.client), deal, "training")
    assert [e.name for e in kept(deal).deal.extras] == ["lawyer", "training"]
    deal.send()
    deal.sign(deal.freelancer)
    assert deal.sign(deal.client) == "ACTIVE"


def test_nothing_is_ordered_beside_a_text_that_was_sent_while_choosing(deal):
    before = kept(deal)
    deal.send()
    with pytest.raises(Conflict, match="moved on"):
        order(deal, "client", "training", before)
    assert ordered(deal) == []


def test_a_text_drawn_before_something_was_ordered_is_not_sent(deal, browse):
    before = kept(deal)
    tick(browse(deal.client), deal, "training")
    paper = make_paper(Document("T", "en", "1", ()), kind="agreement", template="x.y")
    with pytest.raises(Conflict, match="price of this"), deal.unit(deal.freelancer) as uow:
        contracts.send(uow, contract=deal.contract, paper=paper, terms={}, quote=before)
    assert deal.row().state == "DRAFT"


def test_an_order_that_is_not_in_the_price_is_neither_sent_nor_signed_nor_billed(deal, browse):
    tick(browse(deal.client), deal, "training")
    deal.send()
    with deal.unit() as uow:
        (row,) = extras.orders(uow.session, deal.contract)
        row.amount = 900_00
        uow.commit()
    for deed in (deal.send, lambda: deal.sign(deal.freelancer), lambda: bill(deal)):
        with pytest.raises(Conflict, match="not what its price says"):
            deed()


def bill(deal):
    with deal.unit() as uow:
        extras.take_effect(uow, uow.session.get_one(Contract, deal.contract), contracts.store_document)


def test_each_order_has_its_certificate_with_the_words_that_were_agreed_to(deal, browse):
    tick(browse(deal.client), deal, "insurance")
    deal.send()
    deal.sign(deal.freelancer)
    deal.sign(deal.client)
    with deal.house.database.reading() as session:
        (row,) = extras.orders(session, deal.contract)
        paper = session.get_one(ContractDocument, row.certificate_id).body.decode()
    assert "Assurances du Nord" in paper
    assert "I order this insurance." in paper
    assert "Hélène Quesnoy" in paper
    assert "Certificate: Insurance" in browse(deal.client).get(f"/contracts/{deal.contract}").text


def test_a_service_may_entitle_to_what_a_plan_would_from_the_signature_on_for_its_days(deal, browse):
    shown = ExtraOffer("shown", "freelancer", price=60, entitlement="visibility", days=30, label={"en": "A place"},
                       consent={"en": "I order this place."})  # fmt: skip
    deal.house.marketplace = replace(deal.house.marketplace, extras=(*OFFERS, shown))
    tick(browse(deal.freelancer), deal, "shown", "lawyer")
    deal.send()
    deal.sign(deal.freelancer)
    assert holding(deal) == {}
    deal.sign(deal.client)
    assert holding(deal) == {0: True, 29: True, 31: False}


def holding(deal):
    """By days from now whether the freelancer has visibility; nothing where nobody has."""
    now = deal.house.clock.business()
    with deal.house.database.reading() as session:
        found = {n: deal.freelancer in holders(session, "visibility", now + timedelta(days=n)) for n in (0, 29, 31)}
    return found if any(found.values()) else {}
