"""Signed messages: ``t=<seconds>,v1=<HMAC-SHA256 of "t.body">``, as the manifest's inbox says; core checks them."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

HEADER = "sandbox-signature"


def secrets_of(folder: Path) -> list[bytes]:
    """The secrets in ``folder``, the newest first; one is made when first asked for.

    Provider and payment page share the folder. While one secret takes over from another both are good.
    """
    file = folder / "secret"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_bytes().split()
    with os.fdopen(handle, "wb") as stream:
        stream.write(_new())
    return file.read_bytes().split()


def renew(folder: Path) -> bytes:
    """Sign with a new secret from now on; messages signed with the one before are still taken."""
    fresh, last = _new(), secrets_of(folder)[0]
    half = folder / "secret.half"
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(fresh + b"\n" + last)
    half.replace(folder / "secret")
    return fresh


def sign(body: bytes, secret: bytes, at: float) -> str:
    """The value of the signature's header for ``body`` sent ``at`` (seconds since 1970)."""
    return f"t={int(at)},v1={hmac.new(secret, f'{int(at)}.'.encode() + body, hashlib.sha256).hexdigest()}"


def _new() -> bytes:
    return secrets.token_hex(32).encode()
