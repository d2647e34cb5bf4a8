"""Words as they are compared: without case, accents, plurals and little words, in English and French."""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[a-z0-9][a-z0-9+#]*")
_LITTLE = frozenset(
    ("a", "an", "and", "d", "de", "des", "du", "en", "et", "for", "in", "l", "la", "le", "les", "of", "on", "or", "ou",
     "pour", "the", "to", "un", "une", "with")
)  # fmt: skip


def fold(text: str) -> str:
    """``text`` in lower case, without accents and ligatures: ``Œuvre d'été`` is ``oeuvre d'ete``."""
    if text.isascii():
        return text.lower()
    plain = text.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae").replace("Æ", "ae").replace("ß", "ss")
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A folded word without the mark of its plural: ``tests``, ``reseaux``, ``journaux``, ``policies``."""
    if len(word) <= 3 or word.endswith(("ss", "us", "is", "ys")):
        return word
    if word.endswith("eaux"):
        return word[:-1]
    if word.endswith("aux") and len(word) > 4:
        return word[:-3] + "al"
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") else word


def stems(text: str) -> list[str]:
    """The words of ``text`` as they are compared, in order; little words only where there is nothing else."""
    words = _WORD.findall(fold(text))
    kept = [w for w in words if w not in _LITTLE]
    return [stem(w) for w in kept or words]


def slug(text: str, longest: int = 60) -> str:
    """``text`` as the readable part of an address: ``L'art d'écrire, été`` is ``l-art-d-ecrire-ete``."""
    words = re.findall(r"[a-z0-9]+", fold(text))
    made = ""
    for word in words:
        if len(made) + len(word) + 1 > longest:
            break
        made += f"-{word}" if made else word
    return made or (words[0][:longest] if words else "")


def key(text: str) -> str:
    """``text`` as one line to compare: ``Cours d'anglais`` and ``cour anglais`` share it."""
    return " ".join(stems(text)) or fold(text).strip()


def with_form(name: str, form: str) -> str:
    """A company's ``name`` and its legal ``form``: ``Bastion SAS``, and no ``Bastion SAS SAS``.

    What the name ends with is not said again: ``Bastion SAS`` and ``SAS au capital de 1 000 €`` share one ``SAS``.
    """
    own, added = name.split(), form.split()
    plain, more = ([fold(word).replace(".", "").strip(",") for word in words] for words in (own, added))
    if any(plain[n : n + len(more)] == more for n in range(len(plain))):
        return name.strip()
    shared = next((n for n in range(min(len(own), len(added)), 0, -1) if plain[-n:] == more[:n]), 0)
    return " ".join([*own, *added[shared:]])
