"""Legal identities: whole or not at all, their numbers checked by key."""

from collections.abc import Callable
from typing import Any

import pytest

from marketwright.features.accounts import queries, service
from marketwright.features.accounts.numbers import checked_postcode, checked_registration, checked_vat, register_name
from marketwright.kernel.errors import InvalidInput, NotAllowed, NotFound
from marketwright.store.database import Database
from marketwright.strategies.countries import Identifiers

Do = Callable[..., Any]
FREELANCER = {
    "name": "Anna Martin", "form": "EI", "registration_number": "732829320", "vat_regime": "franchise",
    "street": "1 rue de la Paix", "postcode": "75002", "city": "Paris", "country": "FR",
}  # fmt: skip
ORGANISATION = FREELANCER | {
    "name": "Ardent SA", "form": "SA", "vat_regime": "standard", "vat_number": "FR 44 732829320",
    "signatory_name": "Olga Owner", "signatory_title": "CISO",
}  # fmt: skip


@pytest.mark.parametrize(
    ("country", "number"),
    [("BE", "0428.759.497"), ("CH", "CHE-107.787.577"),
     ("ES", "B-58378431"), ("IT", "00743110157"), ("PT", "501 964 843"), ("DK", "13585628"), ("NO", "988 077 917"),
     ("FI", "2077474-0"), ("SE", "123456-7897"), ("PL", "8567346215"), ("DE", "HRB 12345 B"), ("GB", "01234567"),
     ("US", "C1234567")],
)  # fmt: skip
def test_a_true_registration_number_is_taken(country: str, number: str) -> None:
    assert checked_registration(country, number)


@pytest.mark.parametrize(
    ("country", "number"),
    [("BE", "0428.759.498"), ("IT", "00743110158"),
     ("DK", "13585629"), ("DE", "!"), ("US", "<b>"), ("BE", "")],
)  # fmt: skip
def test_a_registration_number_whose_key_does_not_hold_is_refused(country: str, number: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_registration(country, number)
    assert "registration_number" in refused.value.errors


@pytest.mark.parametrize(
    ("country", "number", "compact"),
    [("FR", "fr 44 732 829 320", "FR44732829320"), ("BE", "BE 0428.759.497", "BE0428759497"),
     ("DE", "DE136695976", "DE136695976"), ("GR", "EL 094259216", "EL094259216")],
)  # fmt: skip
def test_a_true_vat_number_is_kept_compact(country: str, number: str, compact: str) -> None:
    assert checked_vat(country, number) == compact


@pytest.mark.parametrize(("country", "number"), [("FR", "FR45732829320"), ("FR", "DE136695976"), ("DE", "DE136695977")])
def test_a_false_or_foreign_vat_number_is_refused(country: str, number: str) -> None:
    with pytest.raises(InvalidInput):
        checked_vat(country, number)


PACK = {"BE": Identifiers("Nummer", ("be.vat",), "eu.vat", shared=3, shared_label="head")}


def test_a_pack_says_what_a_number_is_called_and_which_key_it_has() -> None:
    assert register_name("BE", PACK) == "Nummer"
    assert checked_registration("BE", "0428.759.497", packs=PACK) == "0428759497"


def test_a_vat_number_must_end_as_the_registration_number_begins_where_a_pack_says_so() -> None:
    assert checked_vat("BE", "BE 0428.759.497", "4970000000", packs=PACK)
    with pytest.raises(InvalidInput, match="another head"):
        checked_vat("BE", "BE 0428.759.497", "0428759497", packs=PACK)


@pytest.mark.parametrize(("country", "typed", "kept"), [
    ("DE", "D-10115", None), ("DE", " 10115 ", "10115"), ("NL", "1011ab", "1011 AB"), ("PL", "00001", "00-001"),
    ("NL", "1011", None), ("BE", "l000", None), ("CH", "CH-8001", "8001"), ("BE", "4-9", "4-9"),
    ("IS", "whatever", "whatever"),
])  # fmt: skip
def test_a_postcode_has_the_shape_of_its_country_where_that_is_known(country, typed, kept) -> None:
    packs = {"BE": Identifiers("Nummer", (), "", postcode="1-2")} if typed == "4-9" else {}
    if kept is None:
        with pytest.raises(InvalidInput, match="looks like"):
            checked_postcode(country, typed, packs=packs)
    else:
        assert checked_postcode(country, typed, packs=packs) == kept


def test_a_country_without_a_pack_takes_its_number_as_typed() -> None:
    assert checked_registration("FR", "732 829 321") == "732 829 321"


def test_a_freelancer_records_their_business(
    do: Do, database: Database, make_person: Callable[..., str], acting: Any
) -> None:
    anna = make_person(is_freelancer=True)
    do(service.record_identity, by=acting(anna), owner_kind="freelancer", owner_id=anna, **FREELANCER)
    with database.reading() as session:
        found = queries.identity(session, "freelancer", anna)
    assert found is not None
    assert (found.registration_number, found.version) == ("732829320", 1)


def test_recording_again_counts_the_version_up(do: Do, database: Database, make_person: Callable[..., str]) -> None:
    anna = make_person(is_freelancer=True)
    for city in ("Paris", "Lyon"):
        do(service.record_identity, owner_kind="freelancer", owner_id=anna, **FREELANCER | {"city": city})
    with database.reading() as session:
        found = queries.identity(session, "freelancer", anna)
    assert found is not None
    assert (found.city, found.version) == ("Lyon", 2)


def test_everything_that_is_wrong_is_said_at_once(do: Do, make_client: Callable[..., tuple[str, str]]) -> None:
    organisation, _owner = make_client()
    wrong = ORGANISATION | {"city": "", "registration_number": "1", "vat_regime": "x", "signatory_title": ""}
    with pytest.raises(InvalidInput) as refused:
        do(service.record_identity, owner_kind="organisation", owner_id=organisation, **wrong)
    assert set(refused.value.errors) == {"city", "registration_number", "vat_regime", "signatory_title"}


def test_the_standard_regime_needs_a_vat_number(do: Do, make_person: Callable[..., str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        do(service.record_identity, owner_kind="freelancer", owner_id=make_person(),
           **FREELANCER | {"vat_regime": "standard"})  # fmt: skip
    assert set(refused.value.errors) == {"vat_number"}


def test_nobody_records_the_identity_of_somebody_else(
    do: Do, make_person: Callable[..., str], make_client: Callable[..., tuple[str, str]], acting: Any
) -> None:
    anna, eve = make_person(), acting(make_person("Eve Else"))
    organisation, owner = make_client()
    with pytest.raises(NotFound):
        do(service.record_identity, by=eve, owner_kind="freelancer", owner_id=anna, **FREELANCER)
    with pytest.raises(NotFound):
        do(service.record_identity, by=eve, owner_kind="organisation", owner_id=organisation, **ORGANISATION)
    with pytest.raises(NotAllowed):
        do(service.record_identity, by=acting(owner, organisation, "buyer"), owner_kind="organisation",
           owner_id=organisation, **ORGANISATION)  # fmt: skip


def test_there_is_no_identity_until_it_was_given(
    database: Database, make_client: Callable[..., tuple[str, str]]
) -> None:
    organisation, _owner = make_client()
    with database.reading() as session:
        assert queries.identity(session, "organisation", organisation) is None
