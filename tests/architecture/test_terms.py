"""Core says what the operator calls things: no message names a term in plain letters, and each reference has a word."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from marketwright.kernel.terms import FORMS, KEYS, OWN, Word, faults, fill
from marketwright.web.vocabulary import read_words, words_of

ROOT = Path(__file__).parents[2]
VOCABULARY = ROOT / "core" / "marketwright" / "web" / "vocabulary"
WORDS = {language: read_words(VOCABULARY / f"{language}.toml", language) for language in FORMS}
PLACES = re.compile(r"%\(\w+\)\w|\{[^{}]*\}")
# The word that core's own English uses beside the term for the people who do the work.
OTHERS = {"en": ("expert", "experts"), "fr": ("expert", "experts", "indépendant", "indépendants")}


def spoken() -> list[tuple[str, str, str]]:
    """(where, language, text) of every message of core and the bundled plugins, in both languages."""
    found = []
    for file in sorted([*ROOT.glob("core/**/fr.po"), *ROOT.glob("plugins/**/fr.po"), *ROOT.glob("themes/**/fr.po")]):
        with file.open("rb") as stream:
            catalogue = read_po(stream, locale="fr")
        for message in catalogue:
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            where = f"{file.relative_to(ROOT)}:{message.lineno}"
            found += [(where, "en", text) for text in ids if text]
            found += [(where, "fr", text) for text in strings if message.id]
    return found


MESSAGES = spoken()


@pytest.mark.parametrize("language", FORMS)
def test_no_message_names_a_term_in_plain_letters(language):
    nouns = {form for word in WORDS[language].values() for form in (word.forms["one"], word.forms["other"])}
    plain = re.compile(r"\b(" + "|".join(sorted({*nouns, *OTHERS[language]})) + r")\b", re.IGNORECASE)
    named = [f"{where}: {text}" for where, spoke, text in MESSAGES
             if spoke == language and plain.search(PLACES.sub("", text))]  # fmt: skip
    assert not named, "write {mission} for mission, and so on; docs/words.md:\n" + "\n".join(named)


@pytest.mark.parametrize("language", FORMS)
def test_every_reference_has_a_word(language):
    wrong = [f"{where}: {ref}" for where, spoke, text in MESSAGES if spoke == language
             for ref in faults(text, WORDS[language])]  # fmt: skip
    assert not wrong, "\n".join(wrong)


def read_words_of(key: str, noun: str, gender: str, *, elided: bool = True) -> dict[str, Word]:
    le, du, au, de = ("l’", "de l’", "à l’", "d’") if elided else ("le ", "du ", "au ", "de ")
    forms = {"one": noun, "other": noun + "s", "un": f"un {noun}", "le": le + noun, "du": du + noun, "au": au + noun,
             "de": de + noun, "gender": gender}  # fmt: skip
    return words_of({key: forms}, "fr", "a test")


def test_the_own_words_are_those_of_the_english_file():
    assert {k: WORDS["en"][k].forms for k in KEYS} == {k: OWN[k].forms for k in KEYS}


@pytest.mark.parametrize("language", FORMS)
def test_every_term_has_a_word(language):
    assert set(WORDS[language]) == set(KEYS)


def test_a_french_message_agrees_with_whatever_word_is_given():
    message = "{mission|Nouveau|Nouvelle|Nouvel} {mission}, {mission|publié|publiée} par {freelancer.le}"
    engagement = read_words_of("mission", "engagement", "m")
    pentester = read_words_of("freelancer", "pentester", "m", elided=False)
    assert fill(message, WORDS["fr"]) == "Nouvelle mission, publiée par le freelance"
    assert fill(message, engagement | pentester) == "Nouvel engagement, publié par le pentester"
