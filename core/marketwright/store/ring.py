"""The keys that what is sealed is encrypted with: a ring of them, outside of the database; the first one seals.

A token is ``S1``, four bytes of the key's fingerprint, a nonce, and AES-256-GCM over the data. ``about`` says what the
token belongs to: moved to another place it does not open.
"""

import os
from collections.abc import Sequence
from hashlib import sha256

from marketwright.kernel.errors import Unavailable

MARK, NONCE = b"S1", 12
HEAD = len(MARK) + 4


class Ring:
    """Keys as the operator wrote them, each a text of 32 characters or more; empty where nothing can be sealed."""

    def __init__(self, keys: Sequence[str]) -> None:
        made = [sha256(b"marketwright.seal:" + key.encode()).digest() for key in keys]
        self._keys = {sha256(key).digest()[:4]: key for key in reversed(made)}
        self._first = sha256(made[0]).digest()[:4] if made else b""

    @property
    def newest(self) -> str:
        """The fingerprint of the key that seals, or ''."""
        return self._first.hex()

    @property
    def known(self) -> frozenset[str]:
        """The fingerprints of all keys."""
        return frozenset(name.hex() for name in self._keys)

    def seal(self, data: bytes, about: str) -> bytes:
        """``data`` encrypted with the newest key; ``Unavailable`` where there is none."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if not self._first:
            raise Unavailable(
                "Nothing can be sealed here: the operator has to put a key into MARKETWRIGHT_SEAL_KEYS first."
            )
        nonce = os.urandom(NONCE)
        return MARK + self._first + nonce + AESGCM(self._keys[self._first]).encrypt(nonce, data, about.encode())

    def open(self, token: bytes, about: str) -> bytes:
        """What was sealed; ``Unavailable`` where its key is not on the ring, or the token is not what was sealed."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        key = self._keys.get(token[len(MARK) : HEAD])
        if key is None:
            raise Unavailable(
                "The key %(key)s that sealed this is not among MARKETWRIGHT_SEAL_KEYS. Without it nobody can read it, "
                "the operator included: put the key back.", key=key_of(token),
            )  # fmt: skip
        try:
            return AESGCM(key).decrypt(token[HEAD : HEAD + NONCE], token[HEAD + NONCE :], about.encode())
        except InvalidTag as error:
            raise Unavailable("What is sealed here is not what was sealed; a backup may still hold it.") from error


def key_of(token: bytes) -> str:
    """The fingerprint of the key that ``token`` was sealed with."""
    return token[len(MARK) : HEAD].hex()
