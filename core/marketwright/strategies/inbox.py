"""Messages from outside: how a plugin's are signed, and what stands on their envelope.

One way in for every outside service: core checks the signature on the raw bytes, stores the message, answers, and
hands it on later, once.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any

from marketwright.kernel.frozen import dataclass

TOLERANCE = 300  # seconds between the sender's clock and ours, both ways
TIMESTAMPED, STANDARD, BODY = "timestamped", "standard", "body"
SCHEMES = (TIMESTAMPED, STANDARD, BODY)


class BadMessage(ValueError):
    """The message is not its sender's, or too old to tell."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message from outside, as received: raw body, headers (lower-case names), machine time of its arrival."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    at: datetime | None = None

    def json(self) -> Any:
        """The body as JSON; ``ValueError`` when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            msg = "the message is no JSON"
            raise ValueError(msg) from error


@dataclass(frozen=True, slots=True)
class Inbox:
    """How the messages that come to ``/in/<plugin>`` are signed and read.

    ``scheme``: ``timestamped`` (``t=<seconds>,v1=<hex>`` over ``t.body``), ``standard`` (the Standard Webhooks
    headers ``webhook-id``, ``webhook-timestamp``, ``webhook-signature``), ``body`` (``<hex>`` or ``sha256=<hex>``
    over the body, which carries no time); all HMAC-SHA256. ``header`` is where the signature stands (``standard``
    needs none). ``secrets`` names environment variables that the manifest declares too; each may hold two secrets
    parted by a space while one takes over from the other. ``keys`` gives them instead, where a plugin keeps its own.

    ``id``, ``type`` and ``about`` are dotted keys of the JSON body: what makes a message one, its kind, and the id
    that core gave for it (a check's run). ``live`` is the key of a truth value that is false on test messages.
    """

    header: str = ""
    scheme: str = TIMESTAMPED
    secrets: tuple[str, ...] = ()
    keys: Callable[[Any], Sequence[bytes]] | None = None
    id: str = "id"
    type: str = "type"
    about: str = "about"
    live: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What core reads of a message: ``live`` is ``None`` where it does not say."""

    id: str
    type: str
    about: str
    live: bool | None


_LONGEST_ID = 200


def check(inbox: Inbox, keys: Sequence[bytes], message: Message, now: float) -> None:
    """Raise :class:`BadMessage` unless ``message`` is signed with one of ``keys`` and its time is near ``now``."""
    if not keys:
        msg = "no secret is set"
        raise BadMessage(msg)
    signed, given, at = _parts(inbox, message)
    if not any(hmac.compare_digest(_digest(inbox, key, signed), one) for key in keys for one in given):
        msg = "the signature is not the sender's"
        raise BadMessage(msg)
    if at is not None and abs(now - at) > TOLERANCE:
        msg = "clock skew: the message is too old, or a clock is wrong"
        raise BadMessage(msg)


def _digest(inbox: Inbox, key: bytes, signed: bytes) -> bytes:
    if inbox.scheme == STANDARD:
        key = _decoded(key.removeprefix(b"whsec_")) or key
    return hmac.new(key, signed, hashlib.sha256).digest()


def _parts(inbox: Inbox, message: Message) -> tuple[bytes, list[bytes], int | None]:
    """What is signed, the signatures given, and when it was signed (seconds since 1970)."""
    if inbox.scheme == STANDARD:
        name, at = message.headers.get("webhook-id", ""), message.headers.get("webhook-timestamp", "")
        marks = [p.partition(",") for p in message.headers.get("webhook-signature", "").split()]
        found = [_decoded(value.encode()) for version, _, value in marks if version == "v1"]
        return f"{name}.{at}.".encode() + message.body, [f for f in found if f], _seconds(at)
    header = message.headers.get(inbox.header.lower(), "")
    if inbox.scheme == BODY:
        return message.body, _hex([header.partition("=")[2] or header]), None
    pairs = [part.strip().partition("=") for part in header.split(",")]
    at = next((value for name, _, value in pairs if name == "t"), "")
    return f"{at}.".encode() + message.body, _hex([v for n, _, v in pairs if n == "v1"]), _seconds(at)


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 15):
        msg = "no signature"
        raise BadMessage(msg)
    return int(text)


def _hex(texts: list[str]) -> list[bytes]:
    found = []
    for text in texts[:4]:
        try:
            found.append(bytes.fromhex(text))
        except ValueError:
            continue
    return found


def _decoded(text: bytes) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""


def envelope(inbox: Inbox, message: Message) -> Envelope:
    """The envelope of a message. Without an id of its own a body is known by its digest."""
    try:
        said = message.json()
    except ValueError:
        said = {}
    own = message.headers.get("webhook-id", "") if inbox.scheme == STANDARD else _text(said, inbox.id)
    live = _at(said, inbox.live) if inbox.live else None
    return Envelope(
        _id(own) or "body:" + hashlib.sha256(message.body).hexdigest(), _plain(_text(said, inbox.type))[:80],
        _plain(_text(said, inbox.about))[:80], live if isinstance(live, bool) else None,
    )  # fmt: skip


def _plain(text: str) -> str:
    """``text`` without what a database cannot keep: NUL and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def _id(own: str) -> str:
    """``own`` as it is kept; one that is too long, or cannot be kept, by its digest, so that no two become one."""
    if len(own) <= _LONGEST_ID and own == _plain(own):
        return own
    return "id:" + hashlib.sha256(own.encode("utf-8", "surrogatepass")).hexdigest()


def _at(said: Any, key: str) -> Any:
    for part in key.split("."):
        said = said.get(part) if isinstance(said, Mapping) else None
    return said


def _text(said: Any, key: str) -> str:
    found = _at(said, key)
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def sign(body: bytes, key: bytes, at: float) -> str:
    """The value of a ``timestamped`` signature's header, for senders and tests."""
    return f"t={int(at)},v1={hmac.new(key, f'{int(at)}.'.encode() + body, hashlib.sha256).hexdigest()}"
