"""The reference by which a payment finds its bill: ISO 11649, checkable, made of the bill's own id."""

import re

from stdnum import iso11649
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

LONGEST = 21  # characters after RF and the two check digits


def creditor_reference(bill: str) -> str:
    """``RF`` + two check digits + the id of the bill, which never changes.

    >>> creditor_reference("k3v9x0m2p8qr7t1w")
    'RF64K3V9X0M2P8QR7T1W'
    """
    body = re.sub(r"[^A-Z0-9]", "", bill.upper())[:LONGEST]
    check = 98 - mod_97_10.checksum(f"{body}RF00")
    return f"RF{check:02d}{body}"


def is_reference(text: str) -> bool:
    """Whether ``text`` is a creditor reference whose check digits are right."""
    try:
        iso11649.validate(text)
    except ValidationError:
        return False
    return True


def spaced(reference: str) -> str:
    """``reference`` in groups of four, as people read and type it."""
    return str(iso11649.format(reference))
