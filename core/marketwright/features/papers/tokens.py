"""Links and codes of outside signatories: made from ids when a mail is rendered, bound to the state they change."""

import hashlib
import hmac

from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.papers.tables import OutsideSignature, OutsideSigner

LINK_DAYS = 14
COPY_DAYS = 90
CODE_MINUTES = 15
MAX_WRONG_CODES = 5


def _seal(secret_key: str, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt=f"marketwright.papers.{purpose}")


def _state(session: Session, signer: str) -> str | None:
    """What the link of an open request is bound to; ``None`` for one that was answered."""
    row = session.execute(
        select(OutsideSigner.email, OutsideSigner.link).where(
            OutsideSigner.id == signer, OutsideSigner.state == "asked"
        )
    ).first()
    return hashlib.sha256(f"{signer}\0{row.email}\0{row.link}".encode()).hexdigest()[:24] if row else None


def signing_token(session: Session, signer: str, secret_key: str) -> str:
    """The token of the newest link of ``signer``; '' once they have answered."""
    state = _state(session, signer)
    return _seal(secret_key, "sign").dumps([signer, state]) if state else ""


def read_signing_token(session: Session, token: str, secret_key: str) -> str | None:
    """The signatory of ``token``, or ``None``: forged, too old, replaced by a newer one, used."""
    found = _open(secret_key, "sign", token, LINK_DAYS)
    return found[0] if len(found) == 2 and found[1] == _state(session, found[0]) else None


def copy_token(signature: str, secret_key: str) -> str:
    """The token with which an outsider reads what they signed."""
    return _seal(secret_key, "copy").dumps([signature])


def read_copy_token(session: Session, token: str, secret_key: str) -> OutsideSignature | None:
    """The signature that ``token`` was given for, or ``None``."""
    found = _open(secret_key, "copy", token, COPY_DAYS)
    return session.get(OutsideSignature, found[0]) if found else None


def _open(secret_key: str, purpose: str, token: str, days: int) -> list[str]:
    try:
        given = _seal(secret_key, purpose).loads(token, max_age=days * 24 * 3600)
    except (BadData, ValueError, TypeError):
        return []
    return [str(part) for part in given] if isinstance(given, list) else []


def code_of(signer: OutsideSigner, secret_key: str) -> str:
    """The six digits that were mailed last."""
    what = f"paper-code:{signer.id}:{signer.link}:{signer.code_number}"
    digest = hmac.new(secret_key.encode(), what.encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"
