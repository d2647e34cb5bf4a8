"""What changed between two texts, paragraph by paragraph."""

import re
from difflib import SequenceMatcher

from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """One paragraph: ``kept``, ``removed`` or ``added``."""

    how: str
    text: str


def changes(before: str, after: str) -> list[Change]:
    """All paragraphs of both texts, in order."""
    old, new = _paragraphs(before), _paragraphs(after)
    found: list[Change] = []
    for tag, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Change("kept", text) for text in old[a:b]]
            continue
        found += [Change("removed", text) for text in old[a:b]]
        found += [Change("added", text) for text in new[c:d]]
    return found


def _paragraphs(text: str) -> list[str]:
    """Paragraphs, and each point of a list as one of its own."""
    parts = re.split(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+\.)\s)", text.strip())
    return [" ".join(part.split()) for part in parts if part.strip()]
