"""A drill in parts, one site after the other; a report is written after each, from which it can be gone on."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import Any

from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.testing.drill.orders import Orders
from marketwright.testing.drill.people import Broken
from marketwright.testing.drill.races import KNOWN
from marketwright.testing.drill.run import drill
from marketwright.testing.drill.told import Told

Say = Callable[[str], None]


@dataclass
class Report:
    """What the parts of a drill came to so far; ``broken`` says by part why one came to no end."""

    orders: Orders
    file: Path | None = None
    code: str = ""  # the fingerprint of what runs
    done: dict[str, Told] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> Told:
        """All that is done, together."""
        found = Told()
        for told in self.done.values():
            found.add(told)
        return found

    @property
    def left(self) -> list[str]:
        """The parts that came to no end, or did not begin."""
        return [name for name in self.orders.parts() if name not in self.done]

    def json(self) -> dict[str, Any]:
        """As it is printed, and the counts of each part where there are several."""
        found = self.whole.json(self.orders)
        if len(self.orders.parts()) > 1:
            found["parts"] = {n: {**t.verdict.counts(), "seconds": round(t.seconds, 1)} for n, t in self.done.items()}
        if self.left:
            found["not done"] = {name: self.broken.get(name, "did not begin") for name in self.left}
        return found

    def keep(self) -> None:
        """Write it to its file, whole or not at all."""
        if self.file is None:
            return
        text = json.dumps({"told": self.json(), "orders": self.orders.same(), "code": self.code,
                           "parts": {name: told.kept() for name, told in self.done.items()}}, indent=1)  # fmt: skip
        fresh = self.file.with_name(f"{self.file.name}.new")
        fresh.write_text(text, "utf-8")
        fresh.replace(self.file)


def seed_in(file: Path, code: str = "", *, anew: bool = False) -> int:
    """The seed of the drill that ``file`` reports, 0 where there is none that may be gone on with."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(file.read_text("utf-8"))
        if not anew or (kept["code"] == code and "not done" in kept["told"]):
            return int(kept["orders"]["seed"])
    return 0


def open_report(orders: Orders, file: Path | None, code: str = "", *, anew: bool = False) -> Report:
    """The report in ``file``, if there is one of the same drill of the same ``code``.

    ``InvalidInput`` for another file that is there. With ``anew`` a report of another drill, of other code, or of a
    drill that is over is left aside instead.
    """
    report = Report(orders, file, code)
    if file is None or not file.exists():
        return report
    try:
        kept = json.loads(file.read_text("utf-8"))
        same, theirs = kept["orders"], kept["code"]
        parts = {name: Told.of(told) for name, told in kept["parts"].items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidInput({"report": [f"{file} is no report of a drill; name another file."]}) from error
    if anew and (same != orders.same() or theirs != code or parts.keys() == orders.parts().keys()):
        return report
    if same != orders.same():
        other = ", ".join(f"{name} {same.get(name)!r}" for name, value in orders.same().items()
                          if same.get(name) != value)  # fmt: skip
        raise InvalidInput({"report": [f"{file} reports another drill ({other}); name another file, or give the same "
                                       "orders to go on with it."]})  # fmt: skip
    if theirs != code:
        raise InvalidInput({"report": [f"{file} reports a drill of other code, or of other installed packages: what it "
                                       "found says nothing about this one. Name another file."]})  # fmt: skip
    report.done = parts
    return report


def run_parts(report: Report, say: Say, *, keep: bool = False) -> Report:
    """Run what is left of the drill, one part after the other, and keep the report after each."""
    parts = report.orders.parts()
    for told in report.done.values():
        KNOWN.learn(told.firsts)
    for name in report.left:
        if len(parts) > 1:
            say(f"part {name!r}, {len(report.done)} of {len(parts)} done")
        try:
            told = drill(parts[name], say, keep=keep)
        except Broken as error:
            if len(parts) == 1:
                raise
            report.broken[name] = str(error)
            say(f"part {name!r} came to no end: {error}")
        else:
            report.done[name] = told
            found = {what: tales for what, tales in told.verdict.tales().items() if tales}
            say(f"part {name!r}: {told.verdict.counts()} {json.dumps(found) if found else ''}".rstrip())
        report.keep()
    return report
