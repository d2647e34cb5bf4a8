"""Freelancers, a client and a few skills to make profiles with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from marketwright.features.accounts import service as accounts
from marketwright.features.profiles import service
from marketwright.features.skills.service import import_taxonomy
from marketwright.kernel.actors import Actor, system
from marketwright.kernel.rows import read_rows

SKILLS = """key,label_en,label_fr,alt_en,broader
pen,Penetration testing,Test d'intrusion,pentest,
web,Web pentest,Pentest web,,pen
api,API pentest,,,pen
net,Network segmentation,Segmentation réseau,,
"""


@dataclass
class People:
    """One house with two freelancers and a client; ``unit`` acts as somebody, or as the system."""

    house: Any
    anna: str = ""
    ben: str = ""
    client: str = ""
    organisation: str = ""

    def unit(self, by: str = "") -> Any:
        """A unit of work."""
        return self.house.database.unit(Actor(kind="person", id=by) if by else system("test"))

    def do(self, deed: Callable[[Any], Any], by: str = "") -> Any:
        """One deed in a unit of its own."""
        with self.unit(by) as uow:
            done = deed(uow)
            uow.commit()
        return done

    def read(self, question: Callable[[Any], Any]) -> Any:
        """One question to the database."""
        with self.house.database.reading() as session:
            return question(session)


@pytest.fixture
def people(house: Any) -> People:
    """Anna has a listed profile, Ben has none yet, Clara runs an organisation."""
    found = People(house)
    with found.unit() as uow:
        import_taxonomy(uow, read_rows(SKILLS.encode(), "x.csv").rows, taxonomy="mine")
        for name in ("anna", "ben"):
            made = accounts.create_account(
                uow, email=f"{name}@example.org", name=f"{name.title()} Exemple", locale="en", is_freelancer=True
            )
            setattr(found, name, made)
        found.client = accounts.create_account(
            uow, email="clara@example.org", name="Clara", locale="en", is_freelancer=False
        )
        found.organisation = accounts.create_organisation(uow, owner=found.client, name="Port de Dunes", country="FR")
        service.create_profile(
            uow, account=found.anna, headline="Breaks into hospitals", city="Lille", country="FR", day_rate=65_000,
            visible=True,
        )  # fmt: skip
        uow.commit()
    return found
