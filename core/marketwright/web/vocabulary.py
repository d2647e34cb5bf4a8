"""The vocabulary: what this site calls things, one file a language and layer; the last layer that says a term wins.

Layers are core, plugins in list order, themes from the farthest to the nearest, and the marketplace's folder; what
the console keeps is laid over them by ``overlay``. A term is said whole: all forms of its language, or not at all.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from marketwright.kernel.errors import BadSetting
from marketwright.kernel.terms import FORMS, KEYS, Word, Words, faults

_GENDERS = ("m", "f")


def read_words(file: Path, language: str) -> dict[str, Word]:
    """The words in ``file`` (none when there is no such file); an unknown term or a missing form is refused."""
    if not file.is_file():
        return {}
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"not valid TOML: {error}.", where=str(file)) from error
    return words_of(data, language, str(file))


def words_of(data: Mapping[str, Any], language: str, where: str) -> dict[str, Word]:
    """``{term: {form: text}}`` as words; ``where`` names its source in a refusal."""
    said = {}
    for key, forms in data.items():
        try:
            said[key] = _word(key, forms, language, where)
        except BadSetting as error:
            raise BadSetting(error.sentence, where=error.where, fix=error.fix,
                             key=f"vocabulary.{language}.{key}") from error  # fmt: skip
    return said


def _word(key: str, forms: Any, language: str, where: str) -> Word:
    wanted = FORMS[language]
    if key not in KEYS:
        raise BadSetting(f"there is no term {key!r}.", where=f"{where}: {key}", fix=f"The terms are {', '.join(KEYS)}.")
    if not isinstance(forms, Mapping):
        raise BadSetting("a term is a table of forms.", where=f"{where}: {key}", fix=f"Give {', '.join(wanted)}.")
    for form in forms:
        if form not in wanted:
            raise BadSetting(f"{language!r} has no form {form!r}.", where=f"{where}: {key}.{form}",
                             fix=f"The forms are {', '.join(wanted)}.")  # fmt: skip
    for form in wanted:
        text = forms.get(form)
        if not isinstance(text, str) or not text.strip() or len(text) > 60 or set("{}%<>|") & set(text):
            raise BadSetting("this form is missing, or is no plain text of 60 characters or fewer.",
                             where=f"{where}: {key}.{form}",
                             fix=f"A term is said with all its forms: {', '.join(wanted)}.")  # fmt: skip
    gender = forms.get("gender", "")
    if gender and gender not in _GENDERS:
        raise BadSetting("a gender is m or f.", where=f"{where}: {key}.gender")
    return Word({form: text.strip() for form, text in forms.items() if form != "gender"}, gender)


def vocabulary(
    folders: Sequence[Path], languages: Iterable[str], overlay: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, Words]:
    """The words of each language, layer over layer; ``overlay`` is by language, then as :func:`words_of` reads it."""
    said: dict[str, Words] = {}
    for language in languages:
        words: dict[str, Word] = {}
        for folder in folders:
            words |= read_words(folder / f"{language}.toml", language)
        words |= words_of((overlay or {}).get(language, {}), language, f"marketplace.toml: vocabulary.{language}")
        said[language] = words
    return said


def check_files(folders: Sequence[Path], said: Mapping[str, Words]) -> None:
    """Refuse a catalogue outside core whose translation refers to a term or form that there is not."""
    for folder in folders:
        for language, words in said.items():
            file = folder / f"{language}.po"
            if not file.is_file():
                continue
            for line, text in enumerate(file.read_text("utf-8").splitlines(), 1):
                wrong = [] if text.startswith(("msgid", "#")) else faults(text, words)
                if wrong:
                    raise BadSetting(f"no word answers {wrong[0]}.", where=f"{file}, line {line}",
                                     fix="docs/words.md lists the terms and their forms.")  # fmt: skip
