"""The bank account that `[legal]` names: checked as it is typed, so that no invoice asks for money to a wrong one."""

from marshmallow import ValidationError
from stdnum import bic, iban


def check_iban(typed: str) -> None:
    """``ValidationError`` unless ``typed`` is '' or an IBAN: its length, its country's shape, its check digits."""
    if typed and not iban.is_valid(typed):
        raise ValidationError(
            f"{typed!r} is no IBAN: its length or its check digits are wrong. Copy it from a bank statement."
        )


def check_bic(typed: str) -> None:
    """``ValidationError`` unless ``typed`` is '' or a BIC of 8 or 11 characters."""
    if typed and not bic.is_valid(typed):
        raise ValidationError(
            f"{typed!r} is no BIC: it has 8 or 11 letters and digits, as BNPAFRPP. Copy it from a bank statement."
        )
