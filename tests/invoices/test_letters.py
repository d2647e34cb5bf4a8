"""Whoever sold gets the double, whoever pays gets word, and a missing mandate is asked for."""

from marketwright.kernel.money import Money


def test_both_sides_are_told_of_an_invoice_for_work_and_of_no_fee(stage):
    stage.release(100_000)
    stage.issue()
    told = stage.letters("invoice.issued")
    assert {x.reader.account for x in told} == {stage.freelancer, stage.client}
    assert all(x.subject.params["amount"] == Money(120_000, "EUR") for x in told)  # shown to each in their way


def test_a_missing_mandate_is_asked_of_the_freelancer(without_mandate):
    without_mandate.release(100_000).issue()
    (asked,) = without_mandate.letters("invoice.waits")
    assert (asked.reader.account, asked.path) == (without_mandate.freelancer, "/accounting/mandate")
