"""What the fields of a page are called, noted as they are drawn, so that the list of errors can name each."""

from flask import g


def note_label(id: str, label: str) -> str:  # noqa: A002  the word of the page
    """Note that the field with ``id`` is called ``label``, within the rows being drawn; draws nothing."""
    if g:
        _noted()[id] = ", ".join([*_rows(), str(label)])
    return ""


def begin_row(words: str) -> str:
    """Fields from here on stand in the row called ``words``, until :func:`end_row`; draws nothing."""
    if g:
        _rows().append(str(words))
    return ""


def end_row() -> str:
    """The row that was begun last is drawn; draws nothing."""
    if g and _rows():
        _rows().pop()
    return ""


def label_of(id: str) -> str:  # noqa: A002  as above
    """What the field with ``id`` is called; '' where none was drawn."""
    return _noted().get(id, "") if g else ""


def _noted() -> dict[str, str]:
    if "field_labels" not in g:
        g.field_labels = {}
    found: dict[str, str] = g.field_labels
    return found


def _rows() -> list[str]:
    if "field_rows" not in g:
        g.field_rows = []
    found: list[str] = g.field_rows
    return found
