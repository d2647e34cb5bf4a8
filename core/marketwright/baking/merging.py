"""Three texts into one: what was baked, what the operator made of it, what would be baked today. Pure."""

from collections.abc import Sequence
from difflib import SequenceMatcher, unified_diff

from marketwright.kernel.frozen import dataclass

MINE, MIDDLE, THEIRS = "<<<<<<< yours\n", "=======\n", ">>>>>>> newer marketwright\n"


@dataclass(frozen=True, slots=True)
class Merged:
    """The text, and how many of its places hold both versions between marks for a person to decide."""

    text: str
    conflicts: int


@dataclass(frozen=True, slots=True)
class _Edit:
    """Lines ``start`` to ``end`` of the base become ``lines``."""

    start: int
    end: int
    lines: Sequence[str]


def merge(base: str, mine: str, theirs: str) -> Merged:
    """``mine`` with what changed between ``base`` and ``theirs``; edits that touch each other are conflicts."""
    old = _lines(base)
    left, right = _edits(old, _lines(mine)), _edits(old, _lines(theirs))
    text: list[str] = []
    conflicts, at = 0, 0
    while left or right:
        start, end, ours, other = _next_group(left, right)
        text += old[at:start]
        a, b = _applied(old, start, end, ours), _applied(old, start, end, other)
        if not other or a == b:
            text += a
        elif not ours:
            text += b
        else:
            conflicts += 1
            text += [MINE, *_ended(a), MIDDLE, *_ended(b), THEIRS]
        at = end
    return Merged("".join(text + old[at:]), conflicts)


def difference(path: str, before: str, after: str) -> str:
    """A unified diff of one file, as ``patch`` reads it; '' when nothing differs."""
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}")
    )


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _ended(lines: Sequence[str]) -> list[str]:
    return [line if line.endswith("\n") else f"{line}\n" for line in lines]


def _edits(old: Sequence[str], new: Sequence[str]) -> list[_Edit]:
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [_Edit(i, j, new[k:m]) for tag, i, j, k, m in codes if tag != "equal"]


def _next_group(left: list[_Edit], right: list[_Edit]) -> tuple[int, int, list[_Edit], list[_Edit]]:
    """Take the first edits that touch each other off both lists; returns the lines of the base that they span."""
    first = min((edits[0] for edits in (left, right) if edits), key=lambda e: (e.start, e.end))
    start, end = first.start, first.end
    taken: tuple[list[_Edit], list[_Edit]] = ([], [])
    grown = True
    while grown:
        grown = False
        for edits, mine in zip((left, right), taken, strict=True):
            while edits and edits[0].start <= end:
                mine.append(edits.pop(0))
                end, grown = max(end, mine[-1].end), True
    return start, end, *taken


def _applied(old: Sequence[str], start: int, end: int, edits: Sequence[_Edit]) -> list[str]:
    text: list[str] = []
    at = start
    for edit in edits:
        text += [*old[at : edit.start], *edit.lines]
        at = edit.end
    return text + list(old[at:end])
