"""Which job a worker takes next: what dead workers left, what goes first in turns, and the oldest now and then."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import field
from datetime import datetime
from time import monotonic
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from marketwright.kernel.frozen import dataclass
from marketwright.store.tables import JobRow

FAIR = 4  # of so many jobs one is the oldest, whatever goes first
TICKS_LOOK = 1.0  # seconds between two looks for a tick that goes first
_TICKS = "ticks"


@dataclass(slots=True)
class Lane:
    """One hand that takes jobs, one at a time; ``first_only`` those that go first."""

    first_only: bool = False
    over: Any = None  # the job that is done, and not yet written down
    since: float | None = None  # when what runs now began, by the monotonic clock
    _claims: int = 0
    _taken: dict[str, int] = field(default_factory=dict)  # by queue that goes first: the claim that last took from it
    _ticks_at: float = 0.0  # the next look for ticks, by the monotonic clock

    def due(
        self, session: Session, now: datetime, *, first: Sequence[str], ticking: Collection[str], here: Sequence[str]
    ) -> JobRow | None:
        """The oldest job that a dead worker has left, else one that is ready and goes first, else the oldest.

        ``first`` are the kinds that go first, ``ticking`` those woken by a tick, ``here`` those of plugins that are
        here: the others wait until theirs is back. Each job is read from an index alone.
        """
        self._claims += 1
        if self.first_only:
            left = session.scalar(_LEFT_FIRST, {"now": now, "kinds": first})
            return left or self._first(session, now, first, ticking)
        if left := session.scalar(_LEFT, {"now": now, "here": here}):
            return left
        if self._claims % FAIR and (found := self._first(session, now, first, ticking)):
            return found
        return session.scalar(_READY, {"now": now, "here": here})

    def held_up(self, seconds: float) -> bool:
        """Whether what runs has been running for longer than that."""
        since = self.since
        return since is not None and monotonic() - since > seconds

    def _first(
        self, session: Session, now: datetime, first: Sequence[str], ticking: Collection[str]
    ) -> JobRow | None:  # fmt: skip
        """The oldest of the queue that goes first and was not taken from the longest."""
        for name, kinds in sorted(self._queues(first, ticking), key=lambda queue: self._taken.get(queue[0], 0)):
            for kind in kinds:
                if row := session.scalar(_FIRST, {"now": now, "kind": kind}):
                    self._taken[name] = self._claims
                    return row
            if name == _TICKS:
                self._ticks_at = monotonic() + TICKS_LOOK
        return None

    def _queues(self, first: Sequence[str], ticking: Collection[str]) -> Iterator[tuple[str, Sequence[str]]]:
        """Each kind that goes first is a queue; ticks, of which one a kind waits at most, are one, seldom looked at."""
        yield from ((kind, (kind,)) for kind in first if kind not in ticking)
        if monotonic() >= self._ticks_at:
            yield _TICKS, [kind for kind in first if kind in ticking]


_OURS = JobRow.kind.not_like("plugin.%") | JobRow.kind.in_(bindparam("here", expanding=True))
_NEXT = select(JobRow).order_by(JobRow.run_at).limit(1).with_for_update(skip_locked=True)
_IS_READY = (JobRow.state == "ready") & (JobRow.run_at <= bindparam("now"))
_IS_LEFT = (JobRow.state == "leased") & (JobRow.lease_until < bindparam("now"))
_LEFT = _NEXT.where(_IS_LEFT, _OURS)
_LEFT_FIRST = _NEXT.where(_IS_LEFT, JobRow.kind.in_(bindparam("kinds", expanding=True)))
_READY = _NEXT.where(_IS_READY, _OURS)
_FIRST = _NEXT.where(_IS_READY, JobRow.kind == bindparam("kind"))
