from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from marketwright.plugin import HandedIn, Role
from marketwright_data.agreement28 import ProcessingAgreement
from marketwright_data.delivery import DELIVERY
from marketwright_data.lists import AccessList, Withdrawal
from marketwright_data.papers import (
    ACCESS,
    CONDITIONS,
    PROCESSING,
    WITHDRAWN,
    check_access,
    check_agreement,
    check_withdrawn,
)

DAY = date(2026, 5, 4)
BY_NAME = {c.name: c for c in CONDITIONS}
PARTY = {"name": "Exemple", "form": "SAS", "registration_number": "123", "street": "1 rue", "postcode": "59000",
         "city": "Lille", "country": "FR"}  # fmt: skip


def handed(name, **changes):
    values = {**BY_NAME[name].example(DAY), **changes}
    return HandedIn(
        values, (), {"data_of_persons": "ordinary"}, {}, datetime(2026, 5, 4, 10, tzinfo=UTC), "Europe/Paris"
    )


def paper(template, name, language="en", **changes):
    terms = {"contract": {"reference": "LA-1"}, "client": PARTY, "freelancer": PARTY | {"name": "Ana"},
             "handed": handed(name, **changes).values}  # fmt: skip
    document = template({}, None).render(terms, language)
    return "\n".join(
        [document.title, *document.preamble]
        + [line for s in document.sections for line in (s.heading, *s.paragraphs, *(c for row in s.rows for c in row))]
    )


@pytest.mark.parametrize("kind", ["pseudonymised", "ordinary", "special"])
def test_data_of_persons_turns_the_processing_agreement_on(kind):
    assert BY_NAME[PROCESSING].concerns({"data_of_persons": kind})


def test_without_data_of_persons_nobody_signs_one():
    assert not BY_NAME[PROCESSING].concerns({"data_of_persons": "none"})


def test_no_money_and_no_source_moves_before_the_agreement():
    needing = {t.name for t in DELIVERY.transitions if PROCESSING in t.needs}
    assert {"pay_amount_in", "open_sources", "hand_over_measured"} <= needing


def test_on_every_other_course_nothing_is_paid_in_or_handed_over_before_it_either():
    assert {"fund", "deliver", "deliver_late", "deliver_again"} <= set(BY_NAME[PROCESSING].before)


def test_a_timesheet_waits_for_it_until_it_is_late_and_no_longer():
    """Where nothing is held, the hand-in is what can wait; a late one must not cost the freelancer the days."""
    assert "submit" in BY_NAME[PROCESSING].before
    assert "submit_late" not in BY_NAME[PROCESSING].before


def test_every_release_that_people_lead_to_waits_for_the_withdrawal_of_access():
    ways = [t for t in DELIVERY.transitions if t.target == "paid_out" and not t.expiry]
    assert {t.source for t in ways} == {"cleared", "weighed"}
    assert [t.needs for t in DELIVERY.transitions if t.target == "cleared"] == [(WITHDRAWN,)]


def test_both_sides_sign_the_agreement():
    assert BY_NAME[PROCESSING].parties == (Role.CLIENT, Role.FREELANCER)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_agreement_has_what_article_28_makes_mandatory(language):
    text = paper(ProcessingAgreement, PROCESSING, language)
    mandatory = {
        "en": ("Subject matter", "Duration", "Nature", "Purpose", "Types of personal data", "Categories of persons",
               "documented instructions", "confidentiality", "article 32", "Other processors", "Transfers",
               "articles 12 to 23", "articles 32 to 36", "24 hours", "audits", "deletes all personal data"),
        "fr": ("Objet", "Durée", "Nature", "Finalité", "Types de données personnelles", "Catégories de personnes",
               "instruction documentée", "confidentialité", "article 32", "Autres sous-traitants", "Transferts",
               "articles 12 à 23", "articles 32 à 36", "24 heures", "audits", "supprime toutes les données"),
    }[language]  # fmt: skip
    assert [words for words in mandatory if words not in text] == []


def test_a_subprocessor_stands_in_the_agreement_with_its_country():
    row = {"subprocessor": "Nuage SAS", "subprocessor_task": "Hosting", "subprocessor_place": "France"}
    text = paper(ProcessingAgreement, PROCESSING, dpa_subprocessors=[row])
    assert "Nuage SAS" in text
    assert "No other is authorised" not in text
    assert "No other is authorised" in paper(ProcessingAgreement, PROCESSING)


def test_a_per_cent_sign_in_what_was_typed_breaks_no_paper():
    assert "10 % of them" in paper(ProcessingAgreement, PROCESSING, dpa_measures_more="10 % of them")


def test_a_transfer_without_its_country_is_refused():
    assert list(check_agreement(handed(PROCESSING, dpa_transfers="clauses"))) == ["dpa_transfer_country"]


def test_special_categories_that_the_brief_declares_are_named():
    given = replace(handed(PROCESSING, dpa_special=""), mission={"data_of_persons": "special"})
    assert list(check_agreement(given)) == ["dpa_special"]


def test_an_agreement_that_has_ended_is_refused():
    assert list(check_agreement(handed(PROCESSING, dpa_until="2026-05-03"))) == ["dpa_until"]


def test_an_access_is_listed_once_and_not_before_it_is_open():
    row = BY_NAME[ACCESS].example(DAY)["access_rows"][0]
    found = check_access(handed(ACCESS, access_rows=[row, row | {"access_since": "2026-06-01"}]))
    assert list(found) == ["access_rows-1-access_source", "access_rows-1-access_since"]


def test_an_access_is_not_withdrawn_in_the_future():
    row = BY_NAME[WITHDRAWN].example(DAY)["withdrawn_rows"][0] | {"withdrawn_on": "2026-05-05"}
    assert list(check_withdrawn(handed(WITHDRAWN, withdrawn_rows=[row]))) == ["withdrawn_rows-0-withdrawn_on"]


def test_what_is_kept_by_law_is_named():
    assert list(check_withdrawn(handed(WITHDRAWN, copies_left="kept_by_law"))) == ["kept_what"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_lists_name_person_source_and_day(language):
    assert "Ticketing, schema sales" in paper(AccessList, ACCESS, language)
    assert "2026" in paper(Withdrawal, WITHDRAWN, language)


def test_the_processing_agreement_leaves_the_numbers_of_its_sections_to_the_paper():
    document = ProcessingAgreement({}, None).render(
        {"contract": {"reference": "LA-1"}, "client": PARTY, "freelancer": PARTY, "handed": handed(PROCESSING).values},
        "fr",
    )  # fmt: skip
    assert [s.heading for s in document.sections if s.heading[0].isdigit()] == []
