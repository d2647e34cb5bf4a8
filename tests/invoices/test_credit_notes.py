"""What was invoiced and goes back is credited: each part of it once, to the last cent, never more than there was."""

from sqlalchemy import text

from marketwright.kernel.actors import Actor

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
