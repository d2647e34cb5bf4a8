"""What a document waits for reads as its reader writes days, countries and numbers."""

from marketwright.features.invoicing.waiting import waits_for
from marketwright.web.i18n import speaking, translate

RATE = "The country pack of %(country)s knows no VAT rate for %(day)s."
FACTS = {"country": "DE", "day": "2026-05-01"}


def test_a_country_has_its_name_and_a_day_is_written_out():
    assert waits_for(RATE, FACTS) == "The country pack of Germany knows no VAT rate for 1 May 2026."


def test_it_does_in_french(app, house):
    with app.test_request_context(), speaking("fr", house.catalogues):
        said = translate(waits_for(RATE, FACTS))
    assert said == "Le module de pays (Allemagne) ne connaît pas de taux de TVA pour le 1er mai 2026."


def test_what_an_identity_lacks_is_called_by_its_name(app, house):
    with app.test_request_context(), speaking("fr", house.catalogues):
        said = translate(waits_for("The legal identity of the {client} lacks: %(fields)s.",
                                   {"fields": "vat_number, street"}))  # fmt: skip
    assert said.endswith("numéro de TVA, rue.")


def test_what_does_not_wait_says_nothing():
    assert waits_for("", {}) == ""
