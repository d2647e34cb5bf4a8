"""E-mail addresses: one form for each, so that two spellings are never two accounts."""

import re
import unicodedata

from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.text import say

_SHAPE = re.compile(r"^[^\s@\"<>(),;:\\\[\]]{1,64}@(?:[^\s@.\"<>(),;:\\\[\]]{1,63}\.)+[^\s@.\"<>(),;:\\\[\]\d]{2,63}$")

_NOWHERE = ".invalid"  # reserved: no mail ever arrives there (RFC 2606), and erased accounts have addresses in it


def canonical_email(typed: str) -> str:
    """The one form of an address: trimmed, NFKC, case folded."""
    return unicodedata.normalize("NFKC", typed.strip()).casefold()


def checked_email(typed: str, field: str = "email") -> str:
    """The canonical form of ``typed``; raises ``InvalidInput`` for what no mail can reach."""
    email = canonical_email(typed)
    visible = all(unicodedata.category(c)[0] not in "CZ" for c in email)
    if len(email) > 254 or not visible or not _SHAPE.match(email) or email.endswith(_NOWHERE):
        raise InvalidInput({field: [say("This is not an e-mail address. Type it like name@example.org.")]})
    return email
