"""Drawing who stands beside a ranking: among who fits in everything, from a seed that anybody can draw again from.

Pure. A placement that raises, or answers what is no choice, is named in the log and places nobody.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from hashlib import blake2b

import numpy as np

from marketwright.hooks.manager import Entry
from marketwright.kernel.errors import MarketwrightError
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.matching import Array, Candidates
from marketwright.strategies.placements import Placement

log = logging.getLogger("marketwright.matching")
MOST = 5


@dataclass(frozen=True, slots=True)
class Placed:
    """Who was drawn for one placement, as rows, in the order of the draw."""

    entry: Entry[Placement]
    rows: tuple[int, ...]
    seed: int

    def at(self, places: Iterable[int]) -> "Placed":
        """The same people as rows of something else."""
        return replace(self, rows=tuple(places))


def place(
    placements: Sequence[Entry[Placement]], pool: Callable[[Entry[Placement]], Sequence[int]],
    name: Callable[[int], str], subject: str, today: date, taken: Iterable[int],
) -> list[Placed]:  # fmt: skip
    """Draw for each placement, in the order of the plugins; nobody twice, and nobody of ``taken`` (rows on show).

    ``pool`` gives the rows of those who fit and may stand there, best first; ``name`` the id of a row.
    """
    gone, found = set(taken), []
    for entry in placements:
        try:
            some = [row for row in pool(entry) if row not in gone]
        except MarketwrightError as error:
            log.warning("the placement %s of %s places nobody: %s", entry.it.name, entry.plugin, error)
            continue
        seed = seed_of(entry.it.name, subject, today)
        rows = tuple(draw(some, seed, min(max(int(entry.it.most), 0), MOST)))
        if rows:
            log.info(
                "placement %s for %s on %s: seed %d, drawn %s of %d", entry.it.name, subject, today, seed,
                [name(row) for row in rows], len(some),
            )  # fmt: skip
            gone.update(rows)
            found.append(Placed(entry, rows, seed))
    return found


def seed_of(placement: str, subject: str, today: date) -> int:
    """The seed of a day: the same list all day, another tomorrow, and nothing that anybody could choose."""
    return int.from_bytes(blake2b(f"{placement}:{subject}:{today}".encode(), digest_size=6).digest(), "big")


def draw(pool: Sequence[int], seed: int, most: int) -> list[int]:
    """``most`` of ``pool``, each as likely as any other."""
    chosen = np.random.default_rng(seed).permutation(len(pool))[:most]
    return [pool[int(i)] for i in chosen]


def eligible(it: Placement, c: Candidates, n: int) -> Array:
    """Who of ``n`` candidates may stand there; ``ValueError`` for what is no such answer."""
    given = np.asarray(it.eligible(c))
    if given.dtype != np.bool_ or given.shape not in ((n,), (1,)):
        msg = f"gave {given.dtype} of shape {given.shape} instead of booleans of length {n}"
        raise ValueError(msg)
    return np.broadcast_to(given, (n,))
