"""A taxonomy's rows, checked before any is written: keys, labels, and what is broader than what."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from marketwright.kernel.frozen import dataclass
from marketwright.kernel.rows import Fault, Row, Rows, read_rows, too_many_cells
from marketwright.kernel.text import say

COLUMNS = ("key", "label_en", "label_fr", "alt_en", "alt_fr", "broader")
ESCO = Path(__file__).parent / "data" / "esco_digital.csv"
_KEY = re.compile(r"^[a-z0-9][a-z0-9._:-]{0,79}$")
_FORMULA = ("=", "@", "\t")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One skill of a file: its row, key, labels, other names by language, and broader keys."""

    row: int
    key: str
    label_en: str
    label_fr: str
    alt_en: tuple[str, ...]
    alt_fr: tuple[str, ...]
    broader: tuple[str, ...]


def read_taxonomy(path: Path) -> Rows:
    """The rows of a taxonomy file on disk; raises ``InvalidInput`` for what cannot be read."""
    return read_rows(path.read_bytes(), path.name, ("key", "label_en"))


def check(
    rows: Sequence[Row], existing: Mapping[str, str], taxonomy: str, merged: Mapping[str, str] = MappingProxyType({})
) -> tuple[list[Entry], list[Fault]]:
    """The good entries of ``rows`` and the faults of the others; ``existing`` maps stored keys to their taxonomy.

    ``merged`` maps keys that are used no more to those that stand for them: these take their names and their place.
    An entry whose broader one is not there, is bad itself, or comes round to it again is a fault too.
    """
    entries: dict[str, Entry] = {}
    faults: list[Fault] = []
    names: dict[str, list[Entry]] = {}
    for row in rows:
        entry, bad = _entry(row, entries, existing, taxonomy)
        if entry is not None and entry.key in merged:
            names.setdefault(merged[entry.key], []).append(entry)
            continue
        if entry is not None:
            entry = replace(entry, broader=_stands(entry, merged))
        faults.extend(bad)
        if entry is not None and not bad:
            entries[entry.key] = entry
    stored = {key for key, owner in existing.items() if owner == taxonomy}
    faults.extend(_drop_orphans(entries, stored))
    faults.extend(_drop_circles(entries))
    faults.extend(_drop_orphans(entries, stored))
    return [_named(e, names.get(e.key, ())) for e in entries.values()], sorted(faults, key=lambda f: f.row)


def _named(entry: Entry, others: Sequence[Entry]) -> Entry:
    """``entry`` with the names of those that were merged into it."""
    english = [name for o in others for name in (o.label_en, *o.alt_en)]
    french = [name for o in others for name in (o.label_fr, *o.alt_fr)]
    return replace(entry, alt_en=(*entry.alt_en, *english), alt_fr=(*entry.alt_fr, *french))


def _stands(entry: Entry, merged: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(b for b in (merged.get(b, b) for b in entry.broader) if b != entry.key))


def _entry(
    row: Row, seen: Mapping[str, Entry], existing: Mapping[str, str], taxonomy: str
) -> tuple[Entry | None, list[Fault]]:
    crowded = too_many_cells(row)
    if crowded:
        return None, [crowded]
    entry = Entry(
        row.number, row.text("key"), row.text("label_en"), row.text("label_fr"), _names(row.text("alt_en")),
        _names(row.text("alt_fr")), _names(row.text("broader")),
    )  # fmt: skip
    return entry, [*_key_faults(entry, seen, existing, taxonomy), *_label_faults(entry)]


def _key_faults(
    entry: Entry, seen: Mapping[str, Entry], existing: Mapping[str, str], taxonomy: str
) -> Iterable[Fault]:
    if not _KEY.match(entry.key):
        yield Fault(entry.row, "key", say("A key is lower-case letters, digits and . _ : - (80 at most)."))
    elif entry.key in seen:
        first = seen[entry.key].row
        yield Fault(entry.row, "key", say("The key %(key)s stands in row %(row)s already.", key=entry.key, row=first))
    elif existing.get(entry.key, taxonomy) != taxonomy:
        yield Fault(entry.row, "key", say("The key %(key)s belongs to the taxonomy %(other)s.", key=entry.key,
                                          other=existing[entry.key]))  # fmt: skip


def _label_faults(entry: Entry) -> Iterable[Fault]:
    if not entry.label_en:
        yield Fault(entry.row, "label_en", say("The English label is missing."))
    named = [("label_en", entry.label_en), ("label_fr", entry.label_fr)]
    named += [("alt_en", a) for a in entry.alt_en] + [("alt_fr", a) for a in entry.alt_fr]
    for column, label in named:
        if len(label) > LONGEST:
            yield Fault(entry.row, column, say("A label has %(n)s characters at most.", n=LONGEST))
        if label.startswith(_FORMULA) or any(ord(c) < 32 for c in label):
            yield Fault(entry.row, column, say("A label may not begin like a formula or hold control characters."))


def _names(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in cell.split("|") if part.strip()))


def _drop_orphans(entries: dict[str, Entry], stored: set[str]) -> list[Fault]:
    """Take out entries whose broader one is nowhere, until none is left."""
    faults: list[Fault] = []
    while True:
        lost = [(e, b) for e in entries.values() for b in e.broader if b not in entries and b not in stored]
        if not lost:
            return faults
        for entry, broader in lost:
            if entries.pop(entry.key, None):
                why = say("There is no good row with the key %(key)s.", key=broader)
                faults.append(Fault(entry.row, "broader", why))


def _drop_circles(entries: dict[str, Entry]) -> list[Fault]:
    """Take out entries that are broader than themselves by way of others."""
    faults: list[Fault] = []
    done: set[str] = set()
    for key in list(entries):
        if key in entries and _comes_round(key, entries, done):
            entry = entries.pop(key)
            faults.append(Fault(entry.row, "broader", say("%(key)s would be broader than itself.", key=key)))
    return faults


def _comes_round(start: str, entries: Mapping[str, Entry], done: set[str]) -> bool:
    """Whether climbing from ``start`` leads back to it; ``done`` collects keys that lead nowhere back."""
    stack, seen = [b for b in entries[start].broader if b in entries], set[str]()
    while stack:
        key = stack.pop()
        if key == start:
            return True
        if key not in seen and key not in done:
            seen.add(key)
            stack.extend(b for b in entries[key].broader if b in entries)
    done.add(start)
    return False
