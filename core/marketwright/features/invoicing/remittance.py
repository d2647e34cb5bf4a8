"""The reference by which a payment finds its bill: ISO 11649, checkable, made of the bill's own number."""

import re

from stdnum import iso11649
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

LONGEST = 21  # characters after RF and the two check digits


def creditor_reference(number: str, id: str = "") -> str:  # noqa: A002  the word of the domain
    """``RF`` + two check digits + the letters and digits of ``number``; of ``id`` where they are too many.

    >>> creditor_reference("AB12CD-2026-0001")
    'RF77AB12CD20260001'
    """
    body = re.sub(r"[^A-Z0-9]", "", number.upper())
    if not 0 < len(body) <= LONGEST:
        body = re.sub(r"[^A-Z0-9]", "", id.upper())[:LONGEST]
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
