"""Which layer is to blame when a page does not render, and what staff are told about it."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from threading import Lock
from traceback import extract_tb

from jinja2 import TemplateSyntaxError

from marketwright.kernel.frozen import dataclass
from marketwright.theming.loader import LayeredLoader

MOST = 50  # faults that are kept; a page that fails again counts up


@dataclass(frozen=True, slots=True)
class Fault:
    """A page that was shown from core's layer because ``layer`` failed: its file and line, and what went wrong."""

    page: str
    layer: str
    file: str
    line: int
    error: str
    at: datetime
    times: int = 1


@dataclass
class Faults:
    """The faults of one running application, the newest last."""

    kept: dict[tuple[str, str], Fault] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def note(self, fault: Fault) -> Fault:
        """Keep ``fault``; one of the same page and layer counts up."""
        with self.lock:
            before = self.kept.pop((fault.page, fault.layer), None)
            counted = replace(fault, times=before.times + 1) if before else fault
            self.kept[fault.page, fault.layer] = counted
            while len(self.kept) > MOST:
                del self.kept[next(iter(self.kept))]
        return counted

    def newest(self) -> list[Fault]:
        """All that are kept, the newest first."""
        with self.lock:
            return list(reversed(self.kept.values()))


def blame(page: str, error: Exception, loader: LayeredLoader) -> tuple[str, str, int]:
    """Layer, file and line at fault for ``error`` on ``page``: the innermost template of a layer above core.

    Where only core's own templates stand in the trace, the nearest layer above core that has the page is named, since
    what it gives to core's makes them fail.
    """
    folders: Mapping[str, str] = {str(f): layer.name for layer in loader.layers for f in layer.folders}
    seen = [(frame.filename, frame.lineno or 0) for frame in extract_tb(error.__traceback__)]
    if isinstance(error, TemplateSyntaxError) and error.filename:
        seen.append((error.filename, error.lineno))
    for file, line in reversed(seen):
        layer = next((name for folder, name in folders.items() if file.startswith(f"{folder}/")), "core")
        if layer != "core":
            return layer, file, line
    for name, found in loader.explain(page.rpartition(":")[2]):
        if found is not None and name != "core":
            return name, str(found), 0
    return "core", "", 0
