"""Two strangers on an empty marketplace: an organisation with its owner, a freelancer, a mission, an offer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.numbers import checked_registration, checked_vat
from marketwright.features.facets.samples import some_answer
from marketwright.features.invoicing import mandates
from marketwright.features.messaging import service as messaging
from marketwright.features.missions import service as missions
from marketwright.features.missions.brief import Brief, Wanted
from marketwright.features.profiles.service import create_profile
from marketwright.features.proposals import service as proposals
from marketwright.features.proposals.agreeing import agree
from marketwright.features.proposals.dealing import quote_of
from marketwright.features.proposals.offers import Offer, OfferLine
from marketwright.features.skills.service import import_taxonomy
from marketwright.kernel.actors import Actor, system
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.money import exponent
from marketwright.kernel.rows import Row
from marketwright.kernel.text import N_
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.pricing import Quote
from marketwright.web.house import House
from marketwright.web.i18n import gettext

SKILL = "rehearsal.work"


@dataclass
class Players:
    """Who plays, and the clock: every deed happens at ``at``, which moves on."""

    house: House
    language: str
    at: datetime
    client: str = ""
    freelancer: str = ""
    organisation: str = ""
    mission: str = ""
    contract: str = ""
    sides: int = 0

    def later(self, **by: float) -> None:
        """Let time pass."""
        self.at += timedelta(**by)

    @contextmanager
    def unit(self, by: str = "") -> Iterator[UnitOfWork]:
        """A unit of work of ``client``, ``freelancer`` or the marketplace, committed at its end."""
        with self.house.database.pretending(self.at), self.house.database.unit(self.actor(by)) as uow:
            yield uow
            uow.commit()

    def actor(self, by: str) -> Actor:
        """Somebody as an actor."""
        if by == "client":
            roles = {self.organisation: frozenset({"owner"})} if self.organisation else {}
            return Actor(kind="person", id=self.client, name=self.name("client"), organisations=roles)
        if by == "freelancer":
            return Actor(kind="person", id=self.freelancer, name=self.name("freelancer"), is_freelancer=True)
        return system("rehearsal")

    def name(self, by: str) -> str:
        """The name of a side."""
        return {"client": "Camille Modèle", "freelancer": "Alix Exemple"}.get(by, by)


def meet(players: Players) -> None:
    """Make both sides with their legal identities, and a published mission."""
    with players.unit() as uow:
        row = Row(2, {"key": SKILL, "label_en": "The work", "label_fr": "Le travail"})
        import_taxonomy(uow, [row], taxonomy="rehearsal")
    with players.unit() as uow:
        players.client = _account(uow, players, "client")
        players.freelancer = _account(uow, players, "freelancer")
        country = players.house.marketplace.country
        players.organisation = accounts.create_organisation(
            uow, owner=players.client, name="Société Modèle", country=country, city="Modèle", size=40
        )
        numbers = _numbers(players.house)
        for kind, owner in (("organisation", players.organisation), ("freelancer", players.freelancer)):
            side = "client" if kind == "organisation" else "freelancer"
            accounts.record_identity(
                uow, owner_kind=kind, owner_id=owner, name=f"{players.name(side)} & Cie", form="Société",
                street="1 rue du Modèle", postcode="00000", city="Modèle", country=country,
                signatory_name=players.name(side), signatory_title="Gérance", **numbers,
            )  # fmt: skip
        headline = gettext("A sample: who offers work")
    pack = players.house.plugins.countries.get(country)
    if pack is not None:
        with players.unit("freelancer") as uow:
            mandates.accept(uow, country=pack.it, marketplace=players.house.marketplace, language=players.language)
    with players.unit() as uow:
        create_profile(uow, account=players.freelancer, headline=headline, bio="", city="Modèle",
                       country=country, day_rate=60 * 10 ** (exponent(players.house.marketplace.currency) + 1),
                       visible=True)  # fmt: skip
    players.later(hours=1)


def _account(uow: UnitOfWork, players: Players, side: str) -> str:
    return accounts.create_account(
        uow, email=f"{side}@example.org", name=players.name(side), locale=players.language,
        is_freelancer=side == "freelancer", confirmed=True,
    )  # fmt: skip


def _numbers(house: House) -> dict[str, str]:
    """The operator's own numbers stand in for both sides where they are valid, so that taxes are as at home."""
    legal, country = house.marketplace.legal, house.marketplace.country
    try:
        packs = house.plugins.identifiers
        registration = checked_registration(country, legal.registration_number, packs=packs)
        vat = checked_vat(country, legal.vat_number, registration, packs=packs)
    except InvalidInput:
        return {"registration_number": "000000000", "vat_regime": "franchise", "vat_number": ""}
    return {"registration_number": registration, "vat_regime": "standard", "vat_number": vat}


def publish(players: Players, title: str) -> None:
    """A mission of the client, with an answer to every field that is required."""
    market = players.house.marketplace
    asked = [e.it for e in players.house.plugins.fields if e.it.owner == "mission" and e.it.required]
    brief = Brief(
        title=title, description=gettext("A sample text, long enough to be published.") + " " + "… " * 60,
        skills=(Wanted(SKILL),), budget=10_000 * 10 ** exponent(market.currency), budget_kind="fixed",
        duration_days=10, city="Modèle", country=market.country, fields={f.name: some_answer(f) for f in asked},
    )  # fmt: skip
    with players.unit("client") as uow:
        players.mission = missions.draft(uow, organisation=players.organisation, brief=brief)
        missions.publish(uow, mission=players.mission)
        missions.invite(uow, mission=players.mission, freelancer=players.freelancer)  # nobody waits for a head start


def talk(players: Players) -> str:
    """The freelancer applies; the thread's id."""
    with players.unit("freelancer") as uow:
        return messaging.open_thread(uow, mission=players.mission, freelancer=players.freelancer, kind="application",
                                     text=gettext("I would like to do this."))  # fmt: skip


def price(players: Players, lines: tuple[OfferLine, ...]) -> Quote:
    """Fee truth of ``lines``."""
    house = players.house
    with house.database.reading() as session:
        return quote_of(session, house.plugins, house.marketplace, client=players.organisation,
                        freelancer=players.freelancer, lines=lines, currency=house.marketplace.currency,
                        on=players.at.date())  # fmt: skip


def propose(players: Players, thread: str, offer: Offer, quote: Quote, process: str) -> str:
    """The freelancer's offer; the proposal's id."""
    with players.unit("freelancer") as uow:
        return proposals.propose(uow, thread=thread, offer=offer, quote=quote, process=process)


def buy(players: Players, thread: str, offer: Offer, quote: Quote, process: str) -> None:
    """The client buys what is offered as it is; the contract is drawn up."""
    with players.unit("client") as uow:
        players.contract = agree(
            uow, thread=thread, offer=offer, quote=quote, process=process, by_side="freelancer",
            words=N_("%(who)s bought this service for %(price)s before tax. The {contract} is being prepared."),
        )  # fmt: skip


def accept(players: Players, proposal: str, quote: Quote) -> None:
    """The client says yes; the contract is drawn up."""
    with players.unit("client") as uow:
        players.contract = proposals.accept(uow, proposal=proposal, round_number=1, quote=quote)
