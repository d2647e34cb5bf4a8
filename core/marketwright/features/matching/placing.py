"""Drawing who stands beside a ranking: among who fits in everything, from a seed that anybody can draw again from.

Pure. A placement that raises, or answers what is no choice, is named in the log and places nobody.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import date
from hashlib import blake2b

import numpy as np

from marketwright.features.matching.ranking import Ranking
from marketwright.hooks.manager import Entry
from marketwright.kernel.errors import MarketwrightError
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.matching import Array, Candidates
from marketwright.strategies.placements import Placement

log = logging.getLogger("marketwright.matching")
MOST = 5


@dataclass(frozen=True, slots=True)
class Placed:
    """Who was drawn for one placement: rows of the ranking, in the order of the draw."""

    entry: Entry[Placement]
    rows: tuple[int, ...]
    seed: int


def place(
    placements: Sequence[Entry[Placement]], ranking: Ranking, subject: str, today: date, taken: Sequence[int],
    holders: Callable[[str], Collection[str]] = lambda _name: (),
) -> list[Placed]:  # fmt: skip
    """Draw for each placement, in the order of the plugins; nobody twice, and nobody of ``taken`` (rows on show).

    ``holders`` says who has an entitlement: one that names such draws among these alone.
    """
    gone, found = set(taken), []
    for entry in placements:
        try:
            fits = entry.ask("eligible", lambda it: _checked(it, ranking.candidates, len(ranking.ids)))
        except MarketwrightError as error:
            log.warning("the placement %s of %s places nobody: %s", entry.it.name, entry.plugin, error)
            continue
        seed = seed_of(entry.it.name, subject, today)
        pool = [i for i in ranking.order.tolist() if fits[i] and i not in gone]
        if entry.it.entitlement:
            paid = holders(entry.it.entitlement)
            pool = [i for i in pool if ranking.ids[i] in paid]
        rows = tuple(draw(pool, seed, min(max(int(entry.it.most), 0), MOST)))
        if rows:
            log.info(
                "placement %s for %s on %s: seed %d, drawn %s of %d", entry.it.name, subject, today, seed,
                [ranking.ids[i] for i in rows], len(pool),
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


def _checked(it: Placement, c: Candidates, n: int) -> Array:
    given = np.asarray(it.eligible(c))
    if given.dtype != np.bool_ or given.shape not in ((n,), (1,)):
        msg = f"gave {given.dtype} of shape {given.shape} instead of booleans of length {n}"
        raise ValueError(msg)
    return np.broadcast_to(given, (n,))
