"""Opaque public ids: 16 letters and digits of Crockford's base 32, 80 random bits."""

import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LETTERS = _ALPHABET.encode() * 8  # of a random byte: its last five bits
LENGTH = 16


def new_id() -> str:
    """A fresh id: 16 characters of ``0-9a-z`` without i, l, o, u; says nothing about order or number."""
    return secrets.token_bytes(LENGTH).translate(_LETTERS).decode()


def is_id(text: str) -> bool:
    """Whether ``text`` has the form of an id."""
    return len(text) == LENGTH and all(c in _ALPHABET for c in text)


def new_token() -> str:
    """A secret for links and sessions: 43 URL-safe characters, 256 random bits."""
    return secrets.token_urlsafe(32)
