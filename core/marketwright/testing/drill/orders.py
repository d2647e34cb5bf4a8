"""What a drill is to try, and how a large one is cut into parts, each on a site of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from itertools import zip_longest
from typing import Any

from marketwright.kernel.frozen import dataclass

KILLS, ROUNDS, MESSAGES = 250, 20, 5_000  # of one site, at most


@dataclass(frozen=True, slots=True)
class Orders:
    """What is to be tried. ``hurry`` lets the leases of the dead run out at once, for short runs."""

    provider: str
    double: Sequence[str]
    database: str = "sqlite"
    kills: int = 0
    races: int = 0
    webhooks: int = 0
    faults: bool = False
    only_faults: tuple[str, ...] = ()
    only_races: tuple[str, ...] = ()
    seed: int = 1
    hurry: bool = False
    banks: bool = True  # whether banks take part in deals outside of the races that are about them

    def parts(self) -> dict[str, "Orders"]:
        """By name: what one site after the other tries; one part where one site can try it all.

        Each has a seed of its own, made from this one. Kinds take turns, so that a drill that is cut off has tried
        something of each.
        """
        if self.kills <= KILLS and self.races <= ROUNDS and self.webhooks <= MESSAGES:
            return {"all": self}
        nothing = replace(self, kills=0, races=0, webhooks=0, faults=False)
        kinds = (
            [("faults", {"faults": True})] if self.faults else [],
            [("races", {"races": n}) for n in _pieces(self.races, ROUNDS)],
            [("kills", {"kills": n}) for n in _pieces(self.kills, KILLS)],
            [("webhooks", {"webhooks": n}) for n in _pieces(self.webhooks, MESSAGES)],
        )
        found: dict[str, Orders] = {}
        for turn, row in enumerate(zip_longest(*kinds), 1):
            for kind, what in filter(None, row):
                changes: dict[str, Any] = what
                found[f"{kind} {turn}"] = replace(nothing, seed=self.seed + len(found), **changes)
        return found

    def same(self) -> dict[str, Any]:
        """What must be equal for two drills to be one, as JSON holds it; where its database is does not count."""
        said = asdict(self) | {"database": self.database.partition(":")[0], "double": list(self.double[1:])}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}


def _pieces(whole: int, most: int) -> Iterator[int]:
    while whole > 0:
        yield min(whole, most)
        whole -= most
