"""Work that a plugin has done in the worker: asked for through its desk, or woken by the clock."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of job: ``run(payload, desk)`` does it, at least once, within 45 s.

    ``kind`` is a lower-case word of the plugin's own. With ``every`` (at least a minute of machine time) it is also
    woken by the clock, with an empty payload. A job that raises is put back with a growing delay, eight times.
    """

    kind: str
    run: Callable[[Mapping[str, Any], Any], None]
    every: timedelta | None = None
    says: str = ""
