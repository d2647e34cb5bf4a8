"""Two sides before their contract: members with roles and limits, a freelancer, a mission, their talk and offers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from marketwright.features.accounts import service as accounts
from marketwright.features.contracts.examples import agreed_examples
from marketwright.features.messaging import service as messaging
from marketwright.features.missions.tables import Mission, Question
from marketwright.features.profiles.service import create_profile
from marketwright.features.proposals import service as proposals
from marketwright.features.proposals.agreed import Agreed
from marketwright.features.proposals.dealing import quote_of
from marketwright.features.proposals.offers import Offer, OfferLine
from marketwright.features.proposals.ports import Courses
from marketwright.kernel.actors import Actor, system
from marketwright.kernel.ids import new_id
from marketwright.store.database import move_clock
from marketwright.strategies.pricing import Quote
from marketwright.web.house import House

SEED = system("seed")


@dataclass
class Negotiation:
    """People by their part: ``owner``, ``buyer``, ``approver`` (limit 5,000.00), ``finance``, ``freelancer``, ``other``
    (a second freelancer), ``stranger`` (owner of another organisation). Every deed goes through the services.
    """

    house: House
    people: dict[str, str] = field(default_factory=dict)
    organisation: str = ""
    mission: str = ""

    def actor(self, part: str) -> Actor:
        """Somebody as an actor, as pages make one."""
        roles = {self.organisation: frozenset({part})} if part in ("owner", "buyer", "approver", "finance") else {}
        return Actor(
            kind="person", id=self.people[part], name=part.title(), organisations=roles,
            is_freelancer=part in ("freelancer", "other"),
        )  # fmt: skip

    def unit(self, part: str = "") -> Any:
        """A unit of work of somebody, or of the seed."""
        return self.house.database.unit(self.actor(part) if part else SEED)

    def meet(self, *, identities: bool = True) -> "Negotiation":
        """Make everybody; both sides with their legal identity unless told otherwise."""
        with self.unit() as uow:
            for part in ("owner", "buyer", "approver", "finance", "freelancer", "other", "stranger"):
                self.people[part] = accounts.create_account(
                    uow, email=f"{part}@example.org", name=part.title(), locale="en",
                    is_freelancer=part in ("freelancer", "other"),
                )  # fmt: skip
            self.organisation = accounts.create_organisation(
                uow, owner=self.people["owner"], name="Sambre Santé", country="FR", city="Lille", size=400,
                public_name_en="a hospital group, 400 people", public_name_fr="un groupe hospitalier, 400 personnes",
            )  # fmt: skip
            accounts.create_organisation(uow, owner=self.people["stranger"], name="Elsewhere", country="FR")
            for part, limit in (("buyer", None), ("approver", 500_000), ("finance", None)):
                accounts.add_member(
                    uow, organisation=self.organisation, account=self.people[part], roles=[part], approval_limit=limit
                )
            for part in ("freelancer", "other"):
                create_profile(
                    uow, account=self.people[part], headline="Internal networks", city="Lille", country="FR",
                    day_rate=80_000, visible=True,
                )  # fmt: skip
            uow.commit()
        if identities:
            self.identify("organisation", self.organisation)
            self.identify("freelancer", self.people["freelancer"])
        self.mission = self.publish()
        return self

    def identify(self, kind: str, owner: str, *, country: str = "FR", **more: str) -> None:
        """Record the legal identity of an ``organisation`` or a ``freelancer``."""
        fields = {"vat_regime": "standard", "vat_number": "FR44732829320", "registration_number": "732829320"} | more
        with self.unit() as uow:
            accounts.record_identity(
                uow, owner_kind=kind, owner_id=owner, name=f"Business of {kind}", form="SAS", street="14 rue des Prés",
                postcode="59000", city="Lille", country=country, signatory_name="Jo Doe", signatory_title="Director",
                **fields,
            )  # fmt: skip
            uow.commit()

    def publish(self, *, state: str = "published", questions: Sequence[str] = (), **more: Any) -> str:
        """Another mission of the organisation, in any state."""
        made = new_id()
        values: dict[str, Any] = {
            "title": "Internal review", "description": "Three sites.", "budget_kind": "day_rate", "budget": 80_000,
            "duration_days": 10, "visibility": "public", "named": True,
            "close_reason": "over" if state == "closed" else "", "currency": self.house.marketplace.currency,
        } | more  # fmt: skip
        with self.unit() as uow:
            uow.session.add(
                Mission(
                    id=made, organisation_id=self.organisation, created_by=self.people["owner"], language="en",
                    summary="", remote="hybrid", languages=["en"], public_name="", state=state,
                    refusal="", fields={}, confidential=False, created_at=uow.now, published_at=uow.now,
                    updated_at=uow.now, version=1, city="Lille", country="FR", **values,
                )
            )  # fmt: skip
            uow.flush()
            for number, text in enumerate(questions, 1):
                uow.session.add(Question(mission_id=made, number=number, text=text))
            uow.commit()
        return made

    def talk(self, kind: str = "application", *, by: str = "freelancer", mission: str = "", **more: Any) -> str:
        """A conversation of the freelancer ``by`` (invited by the owner where ``kind`` says so)."""
        with self.unit("owner" if kind == "invitation" else by) as uow:
            thread = messaging.open_thread(
                uow, mission=mission or self.mission, freelancer=self.people[by], kind=kind,
                **({"text": "Good morning"} | more),
            )
            uow.commit()
        return thread

    def say(self, thread: str, text: str, by: str = "owner") -> str:
        """Write in a conversation."""
        with self.unit(by) as uow:
            message = messaging.post(uow, thread=thread, text=text)
            uow.commit()
        return message

    def quote(self, lines: Sequence[OfferLine], freelancer: str = "freelancer") -> Quote:
        """Fee truth of ``lines`` today."""
        with self.house.database.reading() as session:
            return quote_of(
                session, self.house.plugins, self.house.marketplace, client=self.organisation,
                freelancer=self.people[freelancer], lines=tuple(lines), currency=self.house.marketplace.currency,
                on=self.house.clock.business().date(),
            )  # fmt: skip

    def agreed(self) -> Agreed:
        """What the deliverables of the first course that is offered give as their example."""
        course = self.house.ports.get(Courses).offered()[0]
        return agreed_examples(self.house.plugins, course.deliverables, self.house.clock.business().date())

    def propose(self, *lines: OfferLine, thread: str = "", by: str = "freelancer", **more: Any) -> str:
        """A proposal of ``lines`` (one of 4,000.00 when none is given)."""
        more.setdefault("agreed", self.agreed())
        offer = Offer(lines or (OfferLine("Test", 400_000),), **more)
        where, quote = thread or self.talk(by=by), self.quote(offer.lines, by)
        with self.unit(by) as uow:
            made = proposals.propose(uow, thread=where, offer=offer, quote=quote)
            uow.commit()
        return made

    def counter(self, proposal: str, *lines: OfferLine, by: str = "owner", **more: Any) -> int:
        """Another offer in an open proposal."""
        more.setdefault("agreed", self.agreed())
        offer = Offer(lines, **more)
        quote = self.quote(offer.lines)
        with self.unit(by) as uow:
            number = proposals.counter(uow, proposal=proposal, offer=offer, quote=quote)
            uow.commit()
        return number

    def accept(self, proposal: str, *lines: OfferLine, by: str = "owner", round_number: int = 1) -> str:
        """Accept the offer that stands; the contract's id, or '' where a colleague is asked."""
        quote = self.quote(lines or (OfferLine("Test", 400_000),))
        with self.unit(by) as uow:
            contract = proposals.accept(uow, proposal=proposal, round_number=round_number, quote=quote)
            uow.commit()
        return contract

    def move(self, **by: float) -> None:
        """Move business time forward."""
        with self.unit() as uow:
            move_clock(uow, timedelta(**by))
            uow.commit()
        self.house.database.clock.forget()
