"""What a folder was baked from, kept in it: ``.marketwright/baked.json``."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marketwright.baking.bake import write_whole
from marketwright.kernel.errors import BadSetting
from marketwright.kernel.frozen import dataclass
from marketwright.version import __version__

FILE = Path(".marketwright") / "baked.json"


@dataclass(frozen=True, slots=True)
class Baked:
    """One file as it was baked: its text and its mode (``755``)."""

    text: str
    mode: str


@dataclass(frozen=True, slots=True)
class Record:
    """The version that baked, the kind, the answers, and every file as it was written."""

    version: str
    kind: str
    answers: Mapping[str, str]
    files: Mapping[str, Baked]


def read_record(folder: Path) -> Record:
    """The record of ``folder``; ``BadSetting`` when there is none, it cannot be read, or it is of a newer version."""
    file = folder / FILE
    try:
        data: Any = json.loads(file.read_text("utf-8"))
        record = Record(
            data["marketwright"], data["template"], dict(data["answers"]),
            {path: Baked(f["text"], f["mode"]) for path, f in data["files"].items()},
        )  # fmt: skip
    except FileNotFoundError:
        raise BadSetting(
            "this folder has no record of its baking.", where=str(file),
            fix="Run it in a folder that `marketwright new` has baked, with .marketwright/ in it.",
        ) from None  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadSetting(f"the record of the baking cannot be read ({type(error).__name__}).", where=str(file),
                         fix="Take it back from your repository: git checkout -- .marketwright") from error  # fmt: skip
    if _number(record.version) > _number(__version__):
        raise BadSetting(f"marketwright {record.version} baked this, and {__version__} is older.", where=str(file),
                         fix="Upgrade marketwright first.")  # fmt: skip
    return record


def write_record(folder: Path, record: Record) -> None:
    """Keep ``record`` in ``folder``, whole or not at all."""
    files = {path: {"mode": f.mode, "text": f.text} for path, f in sorted(record.files.items())}
    data = {"marketwright": record.version, "template": record.kind, "answers": dict(record.answers), "files": files}
    write_whole(folder / FILE, json.dumps(data, indent=1, ensure_ascii=False) + "\n")


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
