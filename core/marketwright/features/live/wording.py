"""Points in the reader's language, dates in their way."""

from datetime import datetime
from typing import Any

from marketwright.kernel.text import Text
from marketwright.web.formats import show_date
from marketwright.web.i18n import translate


def spoken(text: Text) -> str:
    """``text`` translated, with what is in it."""
    return translate(Text(text.template, {k: _shown(v) for k, v in text.params.items()}))


def _shown(value: Any) -> Any:
    if isinstance(value, Text):
        return spoken(value)
    return show_date(value) if isinstance(value, datetime) else value
