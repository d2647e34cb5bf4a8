"""Bringing what a newer template bakes into a folder that was baked before, and changed since."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from marketwright.baking.answers import Offers
from marketwright.baking.bake import bake, write_whole
from marketwright.baking.merging import difference, merge
from marketwright.baking.record import Baked, Record, read_record, write_record
from marketwright.baking.templates import questions
from marketwright.kernel.errors import BadSetting
from marketwright.kernel.frozen import dataclass

ASIDE = ".conflict"


class Kind(StrEnum):
    """What becomes of one file."""

    ADDED = "added"
    RENEWED = "renewed"  # yours was as baked
    MERGED = "merged"  # yours was changed, elsewhere in the file
    CONFLICT = "conflict"  # both changed the same lines
    REMOVED = "removed"
    KEPT = "kept"  # the template dropped it, or you did: nothing is done


@dataclass(frozen=True, slots=True)
class Change:
    """One file: what becomes of it, its text afterwards (``None``: gone), and the difference to what stands there."""

    path: str
    kind: Kind
    text: str | None
    mode: str
    diff: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Every change between the folder and what would be baked today, and the record to keep afterwards."""

    folder: Path
    old: Record
    new: Record
    changes: tuple[Change, ...]

    @property
    def conflicts(self) -> list[str]:
        """The files in which both sides changed the same lines."""
        return [c.path for c in self.changes if c.kind is Kind.CONFLICT]


def plan_upgrade(folder: Path, *, offers: Offers | None = None, mine: Iterable[str] = ()) -> Plan:
    """Bake again with the recorded answers and compare, three ways; nothing in ``folder`` is touched.

    ``mine`` names files that stay as they are, the template's change notwithstanding. Raises ``BadSetting`` for a
    folder without a record, a damaged or newer one, and a name in ``mine`` that changes nothing.
    """
    old = read_record(folder)
    new = _bake_again(old, offers)
    found = [_change(folder, path, old.files.get(path), new.files.get(path))
             for path in sorted({*old.files, *new.files})]  # fmt: skip
    changes = [change for change in found if change is not None]
    stray = sorted(set(mine) - {c.path for c in changes})
    if stray:
        raise BadSetting("the upgrade changes no such file.", where=f"--mine {stray[0]}",
                         fix="`marketwright upgrade --diff` lists those that it changes.")  # fmt: skip
    kept = [replace(c, kind=Kind.KEPT, diff="") if c.path in set(mine) else c for c in changes]
    return Plan(folder, old, new, tuple(kept))


def apply_upgrade(plan: Plan) -> Sequence[Path]:
    """Write what ``plan`` says; returns the files to decide about.

    A file in conflict stays as it is: the text with both versions between marks is written beside it, with
    ``.conflict`` behind its name, and the record keeps the old base, so that the next upgrade asks again.
    """
    asides = []
    files = dict(plan.new.files)
    for change in plan.changes:
        target = plan.folder / change.path
        if change.kind is Kind.REMOVED:
            target.unlink(missing_ok=True)
        elif change.kind is Kind.CONFLICT:
            asides.append(target.with_name(target.name + ASIDE))
            write_whole(asides[-1], change.text or "")
            if change.path in plan.old.files:
                files[change.path] = plan.old.files[change.path]
            else:
                del files[change.path]
        elif change.kind is not Kind.KEPT and change.text is not None:
            write_whole(target, change.text, mode=change.mode)
    write_record(plan.folder, replace(plan.new, files=files))
    return asides


def _bake_again(old: Record, offers: Offers | None) -> Record:
    asked = questions(old.kind)
    answers = {key: value for key, value in old.answers.items() if key in asked}
    with tempfile.TemporaryDirectory(prefix="marketwright-upgrade-") as scratch:
        return read_record(bake(old.kind, answers, Path(scratch), offers=offers))


def _change(folder: Path, path: str, base: Baked | None, new: Baked | None) -> Change | None:
    current = _read(folder / path)
    before = base.text if base else None
    after = new.text if new else None
    if before == after or current == after:
        return None
    mode = new.mode if new else "644"
    if after is None:
        kind = Kind.REMOVED if current == before else Kind.KEPT
        return Change(path, kind, None, mode, difference(path, current or "", "") if kind is Kind.REMOVED else "")
    if current is None:
        kind = Kind.ADDED if base is None else Kind.KEPT
        return Change(path, kind, after, mode, difference(path, "", after) if kind is Kind.ADDED else "")
    if current == before:
        return Change(path, Kind.RENEWED, after, mode, difference(path, current, after))
    merged = merge(before or "", current, after)
    kind = Kind.CONFLICT if merged.conflicts else Kind.MERGED
    if merged.text == current:
        return None
    return Change(path, kind, merged.text, mode, difference(path, current, merged.text))


def _read(file: Path) -> str | None:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting("it cannot be read as text.", where=str(file), fix="Move it away, then try again.") from error
