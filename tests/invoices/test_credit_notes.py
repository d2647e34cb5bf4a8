"""What was invoiced and goes back is credited: each part of it once, to the last cent, never more than there was."""

from dataclasses import replace

from sqlalchemy import text

from marketwright.features.contracts.receiving import receive
from marketwright.features.invoicing.invoices import waiting_rows
from marketwright.features.invoicing.jobs import issue_all
from marketwright.features.invoicing.queries import bills_of
from marketwright.features.invoicing.receiving import Arrival
from marketwright.kernel.actors import Actor
from marketwright.kernel.money import Money
from marketwright.testing.agreed import quote_over

STAFF = Actor("person", "staff", staff=frozenset({"admin"}))


def credited(stage):
    return {d.kind: (d.net.amount, d.tax.amount) for d in stage.documents() if d.credit}


def test_a_refund_of_all_that_was_released_credits_every_invoice_in_full(stage):
    stage.release(100_000)
    stage.issue()
    stage.refund(123_600)
    stage.issue()
    assert credited(stage) == {"sale": (100_000, 20_000), "client_fee": (3_000, 600), "freelancer_fee": (7_000, 1_400)}
    assert stage.findings() == []


def test_partial_refunds_come_to_the_whole_to_the_last_cent(stage):
    stage.release(99_999)
    stage.issue()
    gross = sum(d.gross.amount for d in stage.documents() if d.kind in ("sale", "client_fee"))
    for part in (gross // 3, gross // 3, gross - 2 * (gross // 3)):
        stage.refund(part)
    stage.issue()
    for kind in ("sale", "client_fee", "freelancer_fee"):
        whole = next(d for d in stage.documents() if d.kind == kind and not d.credit)
        back = [d for d in stage.documents() if d.kind == kind and d.credit]
        assert (sum(d.net.amount for d in back), sum(d.tax.amount for d in back)) == (
            whole.net.amount, whole.tax.amount
        )  # fmt: skip
        assert {d.credits for d in back} == {whole.id}
    assert stage.findings() == []


def test_a_credit_note_waits_for_the_invoice_that_it_takes_back(without_mandate):
    stage = without_mandate.release(100_000)
    stage.refund(10_000)
    stage.issue()
    assert "sale" not in {d.kind for d in stage.documents()}
    stage.give_mandate()
    stage.issue()
    sale, note = [d for d in stage.documents() if d.kind == "sale"]
    assert (sale.credit, note.credit, note.body["credits"]) == (False, True, sale.number)


def small(work):
    """A quote whose taxes are of one or two units."""
    quote = quote_over(work)
    return replace(quote, lines=tuple(
        replace(line, bps=2_000) if line.kind.endswith("_tax") else line for line in quote.lines
    ))  # fmt: skip


def test_a_tax_that_goes_back_without_its_fee_has_a_credit_note_of_its_own(stage):
    stage.release(133, how_priced=small(133)).issue()
    for part in (79, 21, 64):
        stage.refund(part)
    stage.issue()
    notes = [(d.net.amount, d.tax.amount) for d in stage.documents() if d.credit and d.kind == "client_fee"]
    assert notes == [(2, 0), (0, 1), (2, 0)]
    assert stage.findings() == []


def test_a_tax_that_falls_due_without_its_fee_has_an_invoice_of_its_own(stage):
    stage.signed(133, process="invoice", how_priced=small(133))
    stage.deliver()
    stage.take("approve", stage.client)
    with stage.house.database.reading() as session:
        (bill,) = bills_of(session, stage.contract)
    for amount, key in ((61, "in time"), (20, "late"), (79, "the rest")):
        with stage.unit() as uow:
            arrival = Arrival(Money(amount, "EUR"), key, stage.house.today)
            receive(uow, bill=bill.id, arrival=arrival)
            uow.commit()
        if key == "in time":
            stage.take("give_up", stage.freelancer, note="Bankrupt")
    stage.issue()
    fees = [(d.net.amount, d.tax.amount) for d in stage.documents() if d.kind == "client_fee"]
    assert sorted(fees) == [(0, 1), (2, 0), (2, 0)]
    assert stage.findings() == []


def test_who_made_an_invoice_while_the_pack_was_off_makes_its_credit_note(stage, browse):
    stage.release(100_000)
    issue_all(stage.house.database, replace(stage.office, countries={}))
    with stage.house.database.reading() as session:
        due = next(row for row in waiting_rows(session, everything=True) if row.kind == "sale").id
    said = {"number": "2026-17", "issued_on": "2026-05-04"}
    assert browse(stage.freelancer).post(f"/accounting/own/{due}", said).status_code == 303
    stage.refund(61_800)
    stage.issue()
    with stage.house.database.reading() as session:
        (note,) = waiting_rows(session, everything=True)
    assert (note.kind, note.credit, note.blocker) == ("sale", True, "seller")
    assert browse(stage.freelancer).post(f"/accounting/own/{note.id}", said | {"number": "2026-18"}).status_code == 303


def test_a_split_invoices_what_was_kept_and_credits_nothing(stage):
    stage.signed(100_000)
    stage.fund()
    stage.take("ask_decision_work", stage.client, note="Not what we asked")
    stage.answer(stage.take("decide_split", STAFF, refund=61_800, note="Half each").command)
    stage.issue()
    totals = {d.kind: (d.net.amount, d.tax.amount) for d in stage.documents()}
    assert totals == {"sale": (50_000, 10_000), "client_fee": (1_500, 300), "freelancer_fee": (3_500, 700)}
    assert credited(stage) == {}
    assert stage.findings() == []


def test_a_refund_before_anything_was_released_leaves_no_document(stage):
    stage.signed(100_000)
    stage.fund()
    stage.answer(stage.take("give_back", stage.freelancer, note="I cannot do it").command)
    assert stage.issue() == 0


def test_verify_names_a_document_that_says_another_amount_than_the_ledger(stage):
    stage.release(100_000)
    with stage.unit() as uow:
        uow.session.execute(text("UPDATE invoice_dues SET facts = replace(facts, '\"tax\": 600', '\"tax\": 601')"
                                 " WHERE kind = 'client_fee'" if uow.session.get_bind().dialect.name == "sqlite" else
                                 "UPDATE invoice_dues SET facts = replace(facts::text, '\"tax\": 600', "
                                 "'\"tax\": 601')::json WHERE kind = 'client_fee'"))  # fmt: skip
        uow.commit()
    (finding,) = stage.findings()
    assert (finding.rule, "2000" in finding.says) == ("L14", True)
