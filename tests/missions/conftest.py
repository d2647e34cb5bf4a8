"""A client with its people, freelancers, and a complete brief."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest

from marketwright.features.accounts import service as accounts
from marketwright.features.missions import queries, service
from marketwright.features.missions.brief import Brief, Wanted
from marketwright.features.skills.service import import_taxonomy
from marketwright.kernel.actors import Actor, system
from marketwright.kernel.rows import read_rows

SKILLS = """key,label_en,label_fr,alt_en,broader
pen,Penetration testing,Test d'intrusion,pentest,
web,Web pentest,Pentest web,,pen
net,Network segmentation,Segmentation réseau,,
"""
BRIEF = Brief(
    title="Test our inner network", description="Find out how far somebody gets who sits at a desk of ours. " * 3,
    language="en", skills=(Wanted("pen", must=True, level=3), Wanted("net", must=False)), start_on=date(2030, 5, 6),
    duration_days=12, days_a_week=3, budget=78_000, city="Lille", country="FR", languages=("fr",),
    questions=("Have you done this in a hospital?",), confidential="The plan of the **network**.",
)  # fmt: skip


@dataclass
class People:
    """Clara owns an organisation, Fred keeps its books, Anna and Ben are freelancers, Stella is staff."""

    house: Any
    clara: str = ""
    fred: str = ""
    anna: str = ""
    ben: str = ""
    stella: str = ""
    stranger: str = ""
    organisation: str = ""

    def do(self, deed: Callable[[Any], Any], by: str = "", *, staff: frozenset[str] = frozenset()) -> Any:
        """One deed in a unit of its own, as somebody or as the system."""
        actor = Actor(kind="person", id=by, staff=staff) if by else system("test")
        with self.house.database.unit(actor) as uow:
            done = deed(uow)
            uow.commit()
        return done

    def read(self, question: Callable[[Any], Any]) -> Any:
        """One question to the database."""
        with self.house.database.reading() as session:
            return question(session)

    def draft(self, **changes: Any) -> str:
        """A complete draft, with ``changes``."""
        brief = replace(BRIEF, **changes)
        return str(self.do(lambda u: service.draft(u, organisation=self.organisation, brief=brief), self.clara))

    def published(self, **changes: Any) -> str:
        """A published mission."""
        mission = self.draft(**changes)
        self.do(lambda u: service.publish(u, mission=mission), self.clara)
        return mission

    def mission(self, mission: str) -> Any:
        """Its row."""
        return self.read(lambda s: queries.mission(s, mission))


@pytest.fixture
def people(house: Any) -> People:
    """Everybody."""
    found = People(house)

    def make(uow: Any, name: str, *, freelancer: bool = False) -> str:
        return accounts.create_account(
            uow, email=f"{name}@example.org", name=f"{name.title()} Exemple", locale="en", is_freelancer=freelancer
        )

    with house.database.unit(system("test")) as uow:
        import_taxonomy(uow, read_rows(SKILLS.encode(), "x.csv").rows, taxonomy="mine")
        found.clara, found.fred, found.stella = make(uow, "clara"), make(uow, "fred"), make(uow, "stella")
        found.anna, found.ben = make(uow, "anna", freelancer=True), make(uow, "ben", freelancer=True)
        found.stranger = make(uow, "stranger")
        found.organisation = accounts.create_organisation(
            uow, owner=found.clara, name="Port de Dunes", sector="Transport", size=2300, city="Calais", country="FR",
            public_name_en="a port, 2,300 people, Calais", public_name_fr="un port, 2 300 personnes, Calais",
        )  # fmt: skip
        accounts.create_organisation(uow, owner=found.stranger, name="Others SARL", country="FR")
        accounts.add_member(uow, organisation=found.organisation, account=found.fred, roles=["finance"])
        accounts.join_staff(uow, account=found.stella, roles=["moderator"])
        uow.commit()
    return found
