"""Everybody who may stand before a page, with something of each kind to look at; for tests that walk all routes."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.permissions import ROLES
from marketwright.features.demo.seeding.stage import read_actor
from marketwright.features.files import service as files
from marketwright.features.messaging import service as messaging
from marketwright.features.missions import service as missions
from marketwright.features.missions.brief import Brief, Wanted
from marketwright.features.profiles.service import create_profile
from marketwright.features.proposals import service as proposals
from marketwright.features.proposals.dealing import quote_of
from marketwright.features.proposals.offers import Offer, OfferLine
from marketwright.features.skills.service import import_taxonomy
from marketwright.kernel.actors import Actor
from marketwright.kernel.rows import Row
from marketwright.strategies.fields import Field, FieldForm
from marketwright.testing.agreed import SEED, Stage
from marketwright.web.house import House

BIO = "Twelve years of breaking into hospitals, banks and water works on their own request. " * 2
BRIEF = "Find out how far an attacker gets who sits at a desk of ours, and tell us what to mend first. " * 2
SKILL = "tests.pentest"
CLIENT_ROLES = ("owner", "buyer", "approver", "signatory", "finance")


@dataclass
class Cast:
    """People by the part they play, and ids of sample things by the kind they are.

    Parts: ``freelancer``, ``owner`` and the other client roles of one organisation with a deal between them,
    ``stranger_freelancer``, ``stranger_client``, ``staff_<role>`` for each, ``unconfirmed``, ``suspended``.
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


def make_cast(house: House) -> Cast:
    """Everybody and everything, through the rooms' services."""
    cast = Cast(house)
    _skills(cast)
    _sides(cast)
    _others(cast)
    _missions(cast)
    _talk(cast)
    _offer(cast)
    return cast


def _skills(cast: Cast) -> None:
    with cast.unit() as uow:
        row = Row(2, {"key": SKILL, "label_en": "Penetration test", "label_fr": "Test d’intrusion"})
        import_taxonomy(uow, [row], taxonomy="tests")
        uow.commit()


def _sides(cast: Cast) -> None:
    stage = cast.stage.meet().signed(500_000, 300_000)
    cast.people |= {"owner": stage.client, "freelancer": stage.freelancer}
    cast.things |= {"organisation": stage.organisation, "contract": stage.contract, "milestone": stage.milestones[0]}
    for role in CLIENT_ROLES[1:]:
        cast.people[role] = _account(cast, role)
        with cast.unit() as uow:
            accounts.add_member(uow, organisation=stage.organisation, account=cast.people[role], roles=[role])
            uow.commit()


def _account(cast: Cast, part: str, *, freelancer: bool = False, confirmed: bool = True) -> str:
    with cast.unit() as uow:
        made = accounts.create_account(
            uow, email=f"{part}@example.org", name=f"Person {part.replace('_', ' ')}", locale="en",
            is_freelancer=freelancer, confirmed=confirmed,
        )  # fmt: skip
        uow.commit()
    return made


def _others(cast: Cast) -> None:
    for role in ROLES:
        cast.people[f"staff_{role}"] = _account(cast, f"staff_{role}")
    for part in ("stranger_freelancer", "unconfirmed", "suspended"):
        cast.people[part] = _account(cast, part, freelancer=True, confirmed=part != "unconfirmed")
    cast.people["stranger_client"] = _account(cast, "stranger_client")
    with cast.unit() as uow:
        for role in ROLES:
            accounts.join_staff(uow, account=cast.people[f"staff_{role}"], roles=[role])
        cast.things["other_organisation"] = accounts.create_organisation(
            uow, owner=cast.people["stranger_client"], name="Port de Dunes", country="FR", city="Calais", size=90
        )
        for part in ("freelancer", "stranger_freelancer"):
            create_profile(
                uow, account=cast.people[part], headline="Internal networks", bio=BIO, city="Lille", country="FR",
                day_rate=65_000, visible=True,
            )  # fmt: skip
        uow.commit()


def _missions(cast: Cast) -> None:
    brief = Brief(
        title="Test our inner network", description=BRIEF, skills=(Wanted(SKILL),), budget=700_000,
        budget_kind="fixed", duration_days=10, city="Lille", country="FR", questions=("Have you done this before?",),
        confidential="The plan of the network.",
        fields={f.it.name: _answer(f.it) for f in cast.house.plugins.fields if f.it.owner == "mission" and f.it.required},
    )  # fmt: skip
    with cast.unit("owner") as uow:
        cast.things["draft"] = missions.draft(uow, organisation=cast.stage.organisation, brief=brief)
        cast.things["mission"] = missions.draft(uow, organisation=cast.stage.organisation, brief=brief)
        missions.publish(uow, mission=cast.things["mission"])
        uow.commit()


def _answer(asked: Field) -> object:
    """Something that a required field of the enabled niche takes."""
    given: dict[FieldForm, object] = {FieldForm.NUMBER: 1, FieldForm.YES_NO: True, FieldForm.DATE: "2030-01-01"}
    if asked.choices:
        return asked.choices[0][0] if asked.form is FieldForm.CHOICE else [asked.choices[0][0]]
    return given.get(asked.form, "Something")


def _talk(cast: Cast) -> None:
    with cast.unit("freelancer") as uow:
        file = files.store(
            uow, data=b"What we agreed on by telephone.", name="notes.txt", purpose="message", owner_kind="account",
            owner_id=cast.people["freelancer"],
        )  # fmt: skip
        cast.things["thread"] = messaging.open_thread(
            uow, mission=cast.things["mission"], freelancer=cast.people["freelancer"], kind="application",
            text="I have done this eleven times.", files=(file,), answers=(("Have you done this before?", "Yes."),),
        )  # fmt: skip
        cast.things["file"] = file
        uow.commit()


def _offer(cast: Cast) -> None:
    lines = (OfferLine("Attack", 400_000), OfferLine("Report", 300_000))
    with cast.house.database.reading() as session:
        quote = quote_of(
            session, cast.house.plugins, cast.house.marketplace, client=cast.stage.organisation,
            freelancer=cast.people["freelancer"], lines=lines, currency="EUR", on=date(2026, 5, 4),
        )  # fmt: skip
    with cast.unit("freelancer") as uow:
        cast.things["proposal"] = proposals.propose(
            uow, thread=cast.things["thread"], offer=Offer(lines), quote=quote, process="milestones"
        )
        uow.commit()
