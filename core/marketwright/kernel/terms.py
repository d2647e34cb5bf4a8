"""Terms in messages: ``{mission.a}`` is the operator's word for a mission, in the form that the sentence needs.

A message refers to a term in one of four ways. The words come from the vocabulary of the reader's language.

    {mission}                       the word itself, one of it
    {mission.other}                 one of its forms: a, other; in French un, le, du, au, de, de_other, other
    {Mission.le}                    the same with a capital in front, for the beginning of a line
    {mission|publié|publiée}        what agrees with it: masculine, feminine, and where they differ before a vowel the
                                    masculine and the feminine of that: {mission|nouveau|nouvelle|nouvel}
"""

import re
from collections.abc import Mapping

from marketwright.kernel.frozen import dataclass

KEYS = ("client", "contract", "freelancer", "milestone", "mission", "organisation", "profile", "proposal")
FORMS: Mapping[str, tuple[str, ...]] = {
    "en": ("one", "other", "a"),
    "fr": ("one", "other", "un", "le", "du", "au", "de", "gender"),
}
_TERM = re.compile(
    r"\{(" + "|".join(f"[{k[0]}{k[0].upper()}]{k[1:]}" for k in KEYS) + r")(?:\.([a-z_]+))?((?:\|[^{}|]*)*)\}"
)
_LIKE = re.compile(r"\{[A-Za-z]+(?:\.[a-z_]+|(?:\|[^{}|]*)+)\}")
_ELIDED = ("l’", "l'", "d’", "d'")


@dataclass(frozen=True, slots=True)
class Word:
    """The operator's word for one term in one language: its forms by name, and its gender (m, f or none)."""

    forms: Mapping[str, str]
    gender: str = ""

    @property
    def elided(self) -> bool:
        """Whether French drops the vowel before it: ``l’expert``."""
        return self.forms.get("le", "").startswith(_ELIDED)

    def form(self, name: str) -> str | None:
        """The form ``name``; ``None`` where the language has none of that name."""
        if name == "de_other" and "de" in self.forms:
            return ("d’" if self.forms["de"].startswith(_ELIDED) else "de ") + self.forms["other"]
        return self.forms.get(name)

    def agree(self, choices: list[str]) -> str | None:
        """The choice that agrees: masculine, feminine, masculine and feminine before a vowel."""
        if not self.gender or len(choices) < 2:
            return None
        plain = choices[1] if self.gender == "f" else choices[0]
        if not self.elided:
            return plain
        before_vowel = choices[3:4] if self.gender == "f" else choices[2:3]
        return before_vowel[0] if before_vowel else plain

    def titled(self) -> "Word":
        """The same word with a capital, as contracts write it: ``du Client``, ``l’Expert``."""
        raised = {
            name: text.replace(self.forms[noun], capital(self.forms[noun]))
            for name, text in self.forms.items()
            for noun in (("other" if name == "other" else "one"),)
        }
        return Word(raised, self.gender)


Words = Mapping[str, Word]


def capital(text: str) -> str:
    """``text`` with a capital in front."""
    return text[:1].upper() + text[1:]


def fill(message: str, words: Words) -> str:
    """``message`` with its terms filled in; what is no term of these words stays as it stands."""
    if "{" not in message:
        return message
    return _TERM.sub(lambda m: _filled(m, words), message)


def worded(text: str, words: Mapping[str, Mapping[str, str]], *, titled: bool = False) -> str:
    """``text`` with its terms in ``words``: the forms by name, ``gender`` among them, for each term.

    ``titled`` writes the nouns with a capital, as contracts name their parties.
    """
    said = {
        key: Word({name: form for name, form in forms.items() if name != "gender"}, forms.get("gender", ""))
        for key, forms in words.items()
    }
    return fill(text, {key: word.titled() for key, word in said.items()} if titled else said)


def _filled(match: re.Match[str], words: Words) -> str:
    name, form, choices = match[1], match[2] or "one", match[3]
    word = words.get(name.lower())
    if word is None:
        return match[0]
    found = word.agree(choices[1:].split("|")) if choices else word.form(form)
    if found is None:
        return match[0]
    return capital(found) if name[0].isupper() and not choices else found


def faults(message: str, words: Words) -> list[str]:
    """The references in ``message`` that no word answers: a misspelt term, or a form that the language lacks."""
    return [ref for ref in _LIKE.findall(message) if fill(ref, words) == ref]


def _of_key(key: str) -> Word:
    return Word({"one": key, "other": key + "s", "a": ("an " if key[0] in "aeio" else "a ") + key})


OWN: Words = {key: _of_key(key) for key in KEYS}
"""The design's own words in English: for logs and the command line, where no marketplace speaks."""


def plain(message: str) -> str:
    """``message`` in the design's own words."""
    return fill(message, OWN)
