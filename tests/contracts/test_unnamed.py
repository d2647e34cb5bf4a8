"""The confidentiality agreement of a client that does not give its name."""

import html
import re

import pytest
from sqlalchemy import select, update

from marketwright.features.contracts.tables import ContractDocument, Signature
from marketwright.features.missions.tables import Mission
from marketwright.store.tables import AuditRow
from marketwright.testing.agreed import PASSWORD

NAME = "Business of organisation"


@pytest.fixture
def unnamed(stage):
    """The mission describes its client without the name."""
    change(stage, named=False, public_name="a hospital group")
    return stage


@pytest.fixture
def freelancer(stage, browse):
    return browse(stage.freelancer)


def change(stage, **values):
    with stage.unit() as uow:
        uow.session.execute(update(Mission).where(Mission.id == stage.mission).values(**values))
        uow.commit()


def read(stage, freelancer):
    response = freelancer.get(f"/missions/{stage.mission}/confidentiality")
    assert response.status_code == 200
    return html.unescape(response.get_data(as_text=True))


def hash_in(page):
    return re.search(r'name="sha256" value="([0-9a-f]{64})"', page)[1]


def sign(stage, freelancer):
    typed = {"read": "1", "sha256": hash_in(read(stage, freelancer)), "password": PASSWORD}
    done = freelancer.post(f"/missions/{stage.mission}/confidentiality", typed)
    assert done.status_code == 303, done.get_data(as_text=True)
    with stage.house.database.reading() as session:
        return session.scalars(select(ContractDocument)).one(), session.scalars(select(Signature)).one()


def test_nothing_of_a_client_without_a_name_is_read_before_the_agreement_is_signed(unnamed, freelancer):
    page = read(unnamed, freelancer)
    for told in (NAME, "Sambre Santé", "Signatory of organisation"):
        assert told not in page


def test_it_calls_the_client_what_it_calls_itself_and_keeps_back_numbers_and_address(unnamed, freelancer):
    told = "Between a hospital group, […], registered under number […], whose address is […], […] […] ([…])"
    assert told in read(unnamed, freelancer)


def test_the_page_says_that_the_signed_text_gives_the_name(unnamed, freelancer):
    assert "gives its name at the signature alone" in read(unnamed, freelancer)


def test_what_is_signed_names_the_client(unnamed, freelancer):
    document, _ = sign(unnamed, freelancer)
    assert f"Between {NAME}, SAS, registered under number 732829320" in document.body.decode()


def test_what_is_signed_says_that_it_was_read_without_the_name(unnamed, freelancer):
    document, _ = sign(unnamed, freelancer)
    assert "has read this text without the name" in document.body.decode()


def test_the_signature_is_under_the_text_that_is_kept(unnamed, freelancer):
    document, signature = sign(unnamed, freelancer)
    assert signature.sha256 == document.sha256


def test_the_log_keeps_the_hash_of_what_was_read(unnamed, freelancer):
    shown = hash_in(read(unnamed, freelancer))
    document, _ = sign(unnamed, freelancer)
    with unnamed.house.database.reading() as session:
        logged = session.scalars(select(AuditRow).where(AuditRow.action == "document.read_unnamed")).one()
    assert (logged.subject, logged.details["sha256"]) == (document.id, shown)
    assert shown != document.sha256


def test_a_client_that_describes_itself_anew_is_read_again_before_the_signature(unnamed, freelancer):
    typed = {"read": "1", "sha256": hash_in(read(unnamed, freelancer)), "password": PASSWORD}
    change(unnamed, public_name="an insurer")
    refused = freelancer.post(f"/missions/{unnamed.mission}/confidentiality", typed)
    assert refused.status_code == 409


def test_a_client_that_gives_its_name_is_named_from_the_beginning(stage, freelancer):
    page = read(stage, freelancer)
    assert f"Between {NAME}, SAS" in page
    assert "gives its name at the signature alone" not in page


def test_who_has_a_contract_with_the_client_reads_its_name(unnamed, freelancer):
    unnamed.signed(100_000)
    assert f"Between {NAME}, SAS" in read(unnamed, freelancer)


def test_a_mission_without_a_confidential_part_has_no_agreement(stage, freelancer):
    change(stage, confidential=False)
    assert freelancer.get(f"/missions/{stage.mission}/confidentiality").status_code == 404
