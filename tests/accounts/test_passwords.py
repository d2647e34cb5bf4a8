"""Passwords: long enough, not common, exactly compared (S51)."""

import pytest

from marketwright.features.accounts.passwords import check_password, hash_password, matches
from marketwright.kernel.errors import InvalidInput


@pytest.mark.parametrize(
    "password",
    ["short", "password", "Passw0rd!", "P@ssword2024", "12345678", "azertyuiop", "aaaaaaaa", "abcdefgh", "87654321",
     "motdepasse1", "Soleil2024!", "iloveyou", "zzzzzzzzzzz", "abababab", "x" * 300],
)  # fmt: skip
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_password(password)
    assert refused.value.errors["password"]


@pytest.mark.parametrize("password", ["anna.martin", "Anna Martin", "anna.martin@example.org"])
def test_a_password_made_of_the_person_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput):
        check_password(password, "anna.martin@example.org", "Anna Martin")


@pytest.mark.parametrize(
    "password", ["correct horse battery", "ünïcödé wörds", "a" * 40 + "b" * 24 + "c", "tr0ub4dor&3x"]
)
def test_a_good_password_is_taken_whatever_it_is_made_of(password: str) -> None:
    check_password(password)


def test_a_password_is_compared_exactly() -> None:
    stored = hash_password("Correct horse ")
    assert matches(stored, "Correct horse ")
    assert not matches(stored, "correct horse ")
    assert not matches(stored, "Correct horse")


def test_the_hash_is_argon2id_and_never_the_same_twice() -> None:
    first, second = hash_password("correct horse"), hash_password("correct horse")
    assert first.startswith("$argon2id$")
    assert first != second


def test_an_account_without_a_password_opens_to_none() -> None:
    assert not matches("", "")
    assert not matches("", "nobody has this password")
