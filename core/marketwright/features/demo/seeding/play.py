"""One deal as it is played: its people, and the moment that has been reached."""

from collections.abc import Callable
from dataclasses import dataclass

from marketwright.features.demo.seeding.source import Json, Source
from marketwright.features.demo.seeding.stage import Stage
from marketwright.features.proposals.dealing import quote_of
from marketwright.features.proposals.offers import Offer
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.pricing import Quote


@dataclass
class Play:
    """One deal as it is played: its people, and the moment that has been reached."""

    stage: Stage
    source: Source
    mission: Json
    person: Json
    process: str
    days_ago: float
    proposal: str = ""
    contract: str = ""

    @property
    def client(self) -> str:
        """The account that acts for the client: the owner of the organisation."""
        return self.stage.ids[f"owner:{self.mission['organisation']}"]

    @property
    def freelancer(self) -> str:
        """The freelancer's account."""
        return self.stage.ids[f"person:{self.person['key']}"]

    def later(self, days: float) -> None:
        """Let time pass, but not beyond now."""
        self.days_ago = max(0.02, self.days_ago - days)

    def act(self, by: str, do: Callable[[UnitOfWork], object]) -> object:
        """One unit of work by ``by`` at the moment that has been reached."""
        with self.stage.unit(self.stage.ago(days=self.days_ago), by=by) as uow:
            return do(uow)

    def quote(self, offer: Offer) -> Quote:
        """The price of ``offer`` as the running rules say."""
        house = self.stage.house
        with house.database.reading() as session:
            return quote_of(
                session, house.plugins, house.marketplace,
                client=self.stage.ids[f"organisation:{self.mission['organisation']}"], freelancer=self.freelancer,
                lines=offer.lines, currency=house.marketplace.currency,
                on=self.stage.ago(days=self.days_ago).date(), mission=self.stage.ids[f"mission:{self.mission['key']}"],
                process=self.process,
            )  # fmt: skip
