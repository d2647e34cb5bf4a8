"""What the machine refuses (a database, a disk), as one line that names the way out. Imports nothing heavy."""

_DATABASE = (  # what SQLite or PostgreSQL say, in any of these words, and what it means for whoever typed a command
    (("connection failed", "connection refused"),
     "the database does not answer: {said}. Start it, or name another one: MARKETWRIGHT_DATABASE_URL."),
    (("no such table", "no such column", "undefinedtable", "undefinedcolumn"),
     "the database's schema is not the one of this version. Run: marketwright db upgrade"),
    (("is locked", "is busy", "lock timeout", "deadlock"),
     "the database is busy: another program is writing in it. Nothing was saved; try again in a moment."),
    (("readonly database", "read-only", "readonly"),
     "the database cannot be written to: its file, or the folder that it lies in, is read-only."),
    (("unable to open database file",),
     "the database cannot be opened: look whether var/ is there, is a folder, and may be written to."),
    (("not a database", "malformed"),
     "the database's file is damaged, or is none. Bring a backup back: marketwright restore FILE"),
    (("disk is full", "no space left", "disk full"), "the disk is full. Nothing was saved; make room and try again."),
)  # fmt: skip


def refusal(error: Exception) -> str:
    """The line for what a database or the disk refused; empty where the error is a mistake of ours."""
    if type(error).__module__ == "sqlalchemy.exc":
        return _of_the_database(error)
    if type(error).__module__ == "alembic.util.exc":  # a revision that is none
        return f"{error}. `marketwright db upgrade` alone brings the newest."
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}."
    return ""


def said_of(error: Exception) -> str:
    """The line for a refusal of ours: what a database said is more than that it is away; a disk adds to it."""
    cause, said = error.__cause__, str(error)
    why = refusal(cause) if isinstance(cause, Exception) else ""
    if not isinstance(cause, OSError):
        return why or said
    return f"{said} {why}".rstrip() if cause.strerror and cause.strerror not in said else said


def _of_the_database(error: Exception) -> str:
    origin = getattr(error, "orig", None) or error.__cause__ or error
    said = (str(origin).splitlines() or [""])[0].rstrip(".")
    if getattr(error, "connection_invalidated", False):
        return _DATABASE[0][1].format(said=said)
    text = f"{type(origin).__name__} {origin}".lower()
    return next((line.format(said=said) for words, line in _DATABASE if any(w in text for w in words)), "")
