"""One form for each address (S17)."""

import pytest

from marketwright.features.accounts.mailboxes import canonical_email, checked_email
from marketwright.kernel.errors import InvalidInput


@pytest.mark.parametrize(
    "typed", ["Anna@Example.org", " anna@example.org ", "ANNA@EXAMPLE.ORG", "ａnna@example.org", "anna@example．org"]
)
def test_spellings_of_one_address_are_one_address(typed: str) -> None:
    assert canonical_email(typed) == "anna@example.org"


@pytest.mark.parametrize(
    "typed",
    ["", "anna", "anna@", "@example.org", "anna@example", "an na@example.org", "anna@exa mple.org", "a@b@example.org",
     "anna@example.org\u200b", "anna\x00@example.org", "anna@example..org", "x" * 65 + "@example.org",
     "anna@" + "x." * 130 + "org", "anna@example.org\r\nBcc: b@example.org", "<anna@example.org>"],
)  # fmt: skip
def test_what_no_mail_can_reach_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_email(typed)
    assert "email" in refused.value.errors


@pytest.mark.parametrize("typed", ["anna@erased.invalid", "anna@Elsewhere.INVALID", "anna@ｅrased.invalid"])
def test_nobody_takes_an_address_of_those_who_were_erased(typed: str) -> None:
    with pytest.raises(InvalidInput):
        checked_email(typed)
