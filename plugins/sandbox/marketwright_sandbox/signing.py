"""Signed messages: ``t=<seconds>,v1=<HMAC-SHA256 of "t.body">``, checked on the raw bytes."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

HEADER = "sandbox-signature"
TOLERANCE = 300  # seconds, both ways


def secret_of(folder: Path) -> bytes:
    """The secret in ``folder``, made when first asked for; provider and payment page share the folder."""
    file = folder / "secret"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_bytes()
    with os.fdopen(handle, "wb") as stream:
        stream.write(secrets.token_hex(32).encode())
    return file.read_bytes()


def sign(body: bytes, secret: bytes, at: float) -> str:
    """The value of the signature's header for ``body`` sent ``at`` (seconds since 1970)."""
    return f"t={int(at)},v1={_digest(body, secret, int(at))}"


def check(body: bytes, header: str, secret: bytes, now: float) -> None:
    """Raise ``ValueError`` unless ``header`` signs ``body`` and was made within five minutes of ``now``."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    if not parts.get("t", "").isdigit():
        msg = "no signature"
        raise ValueError(msg)
    at = int(parts["t"])
    if not hmac.compare_digest(parts.get("v1", ""), _digest(body, secret, at)):
        msg = "the signature is not ours"
        raise ValueError(msg)
    if abs(now - at) > TOLERANCE:
        msg = "the message is too old, or a clock is wrong"
        raise ValueError(msg)


def _digest(body: bytes, secret: bytes, at: int) -> str:
    return hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
