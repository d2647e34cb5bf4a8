"""The link at the foot of an alert's mail: it stops that alert, and nothing else."""

from itsdangerous import BadData, URLSafeSerializer


def _seal(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="marketwright.alerts.stop")


def stop_token(alert: str, secret_key: str) -> str:
    """The token that stops ``alert``; it does not age, as mails are kept for years."""
    return str(_seal(secret_key).dumps(alert))


def read_stop_token(token: str, secret_key: str) -> str | None:
    """The alert of ``token``, or ``None`` for one that was not made here."""
    try:
        found = _seal(secret_key).loads(token)
    except (BadData, ValueError):
        return None
    return found if isinstance(found, str) else None
