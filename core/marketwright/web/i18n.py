"""Languages: one catalogue a language, merged from core, rooms, plugins, theme and marketplace; the last wins.

Messages are English sentences in the code; a ``<language>.po`` beside them translates. The language of a request, a
mail or a document is a context variable, so web and worker share it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from gettext import c2py
from pathlib import Path
from typing import Any

from marketwright.kernel.terms import OWN, Words, fill
from marketwright.kernel.text import N_, Text, say

_locale: ContextVar[str] = ContextVar("marketwright_locale", default="en")
_TIED = {"fr": re.compile(r" (?=[;:?!»](?:[\s)<»]|$)|%%|%[\s,.;:)]|%$)|(?<=«) ")}  # spaces at which no line breaks


def typeset(language: str, text: str) -> str:
    """``text`` of a message as people read it: in French a mark stays on the line of its word."""
    tied = _TIED.get(language)
    return tied.sub("\u00a0", text) if tied else text


@lru_cache(maxsize=128)
def _read(file: Path, language: str, _changed: int) -> dict[str | tuple[str, int], str]:
    """The messages of one file, read once for all sites of a process that have it, and again when it was changed."""
    from babel.messages.pofile import read_po  # a site in English alone never reads one

    with file.open("rb") as stream:
        catalogue = read_po(stream, locale=language)
    found: dict[str | tuple[str, int], str] = {}
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        if isinstance(message.id, tuple | list):
            strings = message.string if isinstance(message.string, tuple | list) else [message.string]
            found.update({(message.id[0], i): typeset(language, s) for i, s in enumerate(strings) if s})
            found.setdefault(message.id[0], typeset(language, str(strings[0])))
        elif message.string:
            found[str(message.id)] = typeset(language, str(message.string))
    return found


class Catalogues:
    """The messages of every language but English, read from ``<folder>/<language>.po`` when first asked for.

    ``words`` is the vocabulary by language. A message's terms are filled in once, then kept.
    """

    def __init__(self, folders: Sequence[Path], words: Mapping[str, Words] | None = None) -> None:
        self.folders = tuple(folders)
        self._words = dict(words or {})
        self._read: dict[str, dict[str | tuple[str, int], str]] = {}
        self._said: dict[tuple[str, str], str] = {}
        self._plural = c2py("n > 1")

    def messages(self, language: str) -> Mapping[str | tuple[str, int], str]:
        """Translations by message id; plural forms by (id, form)."""
        if language not in self._read:
            self._read[language] = self._load(language)
        return self._read[language]

    def _load(self, language: str) -> dict[str | tuple[str, int], str]:
        found: dict[str | tuple[str, int], str] = {}
        if language == "en":
            return found
        for folder in self.folders:
            file = folder / f"{language}.po"
            if file.is_file():
                found.update(_read(file, language, file.stat().st_mtime_ns))
        return found

    def words(self, language: str) -> Words:
        """The vocabulary of ``language``."""
        return self._words.get(language, OWN)

    def _filled(self, language: str, text: str) -> str:
        if "{" not in text:
            return text
        kept = self._said.get((language, text))
        if kept is None:
            kept = fill(text, self.words(language))
            if kept != text:  # what has no term may be anybody's text: it is not kept
                self._said[language, text] = kept
        return kept

    def in_words(self, language: str, text: str) -> str:
        """``text`` of the operator's own with its terms filled in."""
        return self._filled(language, text)

    def one(self, language: str, message: str) -> str:
        """The translation of ``message``, or itself, in the site's words."""
        text = self.messages(language).get(message, message)
        return self._filled(language, text) if "{" in text else text

    def many(self, language: str, singular: str, plural: str, n: int) -> str:
        """The form for ``n``."""
        if language == "en":
            return self._filled(language, singular if n == 1 else plural)
        form = int(self._plural(abs(int(n))))
        return self._filled(
            language, self.messages(language).get((singular, form), singular if form == 0 else plural)
        )


_NONE = Catalogues(())
_catalogues: ContextVar[Catalogues] = ContextVar("marketwright_catalogues", default=_NONE)


def current_locale() -> str:
    """The language of what is being made now: ``en`` or ``fr``."""
    return _locale.get()


@contextmanager
def speaking(language: str, catalogues: Catalogues | None = None) -> Iterator[None]:
    """Make what is rendered in the block speak ``language``."""
    token = _locale.set(language)
    second = _catalogues.set(catalogues) if catalogues is not None else None
    try:
        yield
    finally:
        _locale.reset(token)
        if second is not None:
            _catalogues.reset(second)


def set_speech(language: str, catalogues: Catalogues) -> None:
    """Set the language for the rest of this context (a request)."""
    _locale.set(language)
    _catalogues.set(catalogues)


def gettext(message: str, **params: Any) -> str:
    """``message`` in the current language, ``%(name)s`` places filled."""
    text = _catalogues.get().one(_locale.get(), message)
    return text % params if params else text


def in_words(text: str) -> str:
    """A text of the operator's own, untranslated, with its terms in the site's words."""
    return _catalogues.get().in_words(_locale.get(), text)


def words_now() -> dict[str, dict[str, str]]:
    """The vocabulary of the current language as plain forms by term, ``gender`` among them."""
    words = _catalogues.get().words(_locale.get())
    return {key: dict(word.forms) | ({"gender": word.gender} if word.gender else {}) for key, word in words.items()}


def plural_form(singular: str, plural: str, n: int) -> str:
    """The unfilled form for ``n`` in the current language."""
    return _catalogues.get().many(_locale.get(), singular, plural, n)


def ngettext(singular: str, plural: str, n: int, **params: Any) -> str:
    """The form for ``n``, with ``%(n)s`` and other places filled (``num`` is ``n`` too, as Jinja calls it)."""
    return plural_form(singular, plural, n) % {"n": n, "num": n, **params}


def translate(text: object) -> str:
    """A :class:`Text` or plain message in the current language."""
    if isinstance(text, Text):
        return gettext(text.template, **{k: translate(v) if isinstance(v, Text) else v for k, v in text.params.items()})
    return gettext(str(text))


_ = gettext

__all__ = [
    "N_",
    "Catalogues",
    "_",
    "current_locale",
    "gettext",
    "in_words",
    "ngettext",
    "plural_form",
    "say",
    "set_speech",
    "speaking",
    "translate",
    "typeset",
    "words_now",
]
