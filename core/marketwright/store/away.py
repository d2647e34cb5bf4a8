"""What a database refuses for reasons of its own: busy, away, without room. Whoever asked may ask again later."""

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection

from marketwright.kernel.errors import Unavailable


class DatabaseAway(Unavailable):
    """The database is at fault and not what it was asked: nothing else would be done now either."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code=Unavailable.__name__)


_BUSY = "The database is busy; nothing was saved, please try again."
_AWAY = "The database does not answer; nothing was saved, please try again in a minute."
_FULL = "The disk is full, or cannot be written to; nothing was saved. Reading still works."
_UNREAD = "The disk is full, or cannot be read; nothing was saved, please try again in a minute."
_SAID = (  # by SQLite, in these words
    (_BUSY, ("database is locked", "busy")),
    (_FULL, ("database or disk is full", "readonly database", "disk i/o error", "unable to open database")),
)
_STATES = (  # of PostgreSQL: classes, or whole codes
    (_FULL, ("53100", "58030", "25006")), (_BUSY, ("53", "55P03", "57014")), (_AWAY, ("08", "57P")),
)  # fmt: skip


def away(error: SQLAlchemyError) -> DatabaseAway | None:
    """The refusal that ``error`` means where the database is at fault and not what it was asked; else ``None``."""
    if isinstance(error, NoConnection):  # all of the pool are taken
        return DatabaseAway(_BUSY)
    if not isinstance(error, DBAPIError):
        return None
    state = getattr(error.orig, "sqlstate", None)
    said = str(error.orig).lower()
    if state:
        found = next((text for text, states in _STATES if state.startswith(states)), "")
    elif type(error.orig).__module__.startswith("psycopg"):  # without a code: no server said it
        found = _AWAY if error.connection_invalidated or type(error.orig).__name__ == "OperationalError" else ""
    else:
        found = next((text for text, words in _SAID if any(word in said for word in words)), "")
    if not found:
        return None
    refusal = DatabaseAway(_UNREAD if found == _FULL and _reading(error) else found)
    refusal.__cause__ = error.orig  # in its own words, without what was asked
    return refusal


def _reading(error: DBAPIError) -> bool:
    """Whether it was no write that failed: then nobody may say that reading works."""
    asked = (error.statement or "").lstrip().upper()
    return asked.startswith(("SELECT", "WITH", "BEGIN", "PRAGMA")) or "unable to open" in str(error.orig).lower()
