"""Who plays in a site with somebody of each kind, and the things they hold: ids by name."""

from dataclasses import dataclass, field
from typing import Any

from marketwright.features.demo.seeding.stage import read_actor
from marketwright.kernel.actors import Actor
from marketwright.testing.agreed import SEED, Stage
from marketwright.web.house import House


@dataclass
class Cast:
    """People by the part they play, and ids of sample things by the kind they are.

    Parts: ``freelancer``, ``owner`` and the other client roles of one organisation with a deal between them,
    ``stranger_freelancer`` and ``stranger_client`` with a deal of their own, ``hidden_freelancer`` in no list,
    ``staff_<role>`` for each, ``unconfirmed``, ``suspended`` (only by name: the tests suspend them once signed in).
    """

    house: House
    people: dict[str, str] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)
    stage: Stage = field(init=False)

    def __post_init__(self) -> None:
        self.stage = Stage(self.house)

    def actor(self, part: str) -> Actor:
        """Somebody of the cast, for units of work."""
        with self.house.database.reading() as session:
            return read_actor(session, self.people[part])

    def unit(self, part: str = "") -> Any:
        """A unit of work of somebody, or of the seed."""
        return self.house.database.unit(self.actor(part) if part else SEED)
