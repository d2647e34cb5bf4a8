"""R30: what the customer declares is invoiced on a number that VIES was asked about, and the answer is kept with it."""

from datetime import date

import pytest

from marketwright.features.accounts.identity import record_identity
from marketwright.features.invoicing.due import Due, Item, Kind, owe
from marketwright.features.invoicing.invoices import waiting_rows
from marketwright.features.vetting import service as vetting
from marketwright.strategies.vetting import Result, Verdict
from marketwright.testing.browse import Browse

pytestmark = pytest.mark.either_engine
WRONG, RIGHT = "DE811569869", "DE136695976"


def identity(stage, number):
    with stage.unit() as uow:
        record_identity(
            uow, owner_kind="organisation", owner_id=stage.organisation, name="Vesseler GmbH", form="GmbH",
            registration_number="HRB 1", vat_regime="standard", vat_number=number, street="Deichstr. 9",
            postcode="20459", city="Hamburg", country="DE", signatory_name="A", signatory_title="B",
        )  # fmt: skip
        uow.commit()


def answered(stage, number, result=Result.PASSED, reason="WAPIAAAAZ1ab2cd3"):
    verdict = Verdict(result, "VAT number", "VIES", reason, claim=number)
    with stage.unit() as uow:
        by = vetting.By("plugin:country_fr", "VIES")
        vetting.judge(uow, check="vies", kind="client", owner=stage.organisation, verdict=verdict, by=by)
        uow.commit()


def fee(stage, number):
    """A fee that a German client owes: the tax is theirs to declare."""
    due = Due(
        kind=Kind.CLIENT_FEE, cause_type="t", cause_id="1", currency="EUR", items=(Item("Fee", 3_000, typed=True),),
        tax=0, tax_bps=0, parties={}, language="en", supplied_on=date(2026, 11, 2), organisation=stage.organisation,
        freelancer=stage.freelancer,
        sides={"client": {"country": "DE", "vat_regime": "standard", "vat_number": number}},
    )  # fmt: skip
    with stage.unit() as uow:
        owe(uow, due)
        uow.commit()
    return stage.issue()


def test_the_answer_of_vies_is_kept_with_the_invoice_and_stands_on_it(stage, app):
    identity(stage, RIGHT)
    answered(stage, RIGHT)
    assert fee(stage, RIGHT) == 1
    [invoice] = stage.documents()
    [kept] = invoice.body["vat_answers"]
    assert (kept["number"], kept["source"], kept["says"]) == (RIGHT, "VIES", "WAPIAAAAZ1ab2cd3")
    page = Browse(app).sign_in(stage.client).get(f"/accounting/{invoice.id}").text
    assert f"VAT number {RIGHT} was found valid on" in page
    assert "WAPIAAAAZ1ab2cd3" in page


def test_a_number_that_vies_does_not_know_waits_and_goes_on_once_it_is_mended(stage):
    identity(stage, WRONG)
    answered(stage, WRONG, Result.REFUSED, "VIES does not know it.")
    assert fee(stage, WRONG) == 0
    with stage.house.database.reading() as session:
        [row] = waiting_rows(session, everything=True)
    assert row.blocker == "vat_number"
    assert f"{WRONG} was not found valid" in row.reason
    identity(stage, RIGHT)
    answered(stage, RIGHT)
    stage.issue()
    assert stage.documents()[0].body["buyer"]["vat_number"] == RIGHT


def test_while_vies_is_silent_invoices_go_on(stage):
    identity(stage, RIGHT)
    assert fee(stage, RIGHT) == 1
    assert "vat_answers" not in stage.documents()[0].body
