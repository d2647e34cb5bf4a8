"""A freelancer with a certificate, a client, and staff; runs and decisions in one line each."""

from dataclasses import dataclass

import pytest

from marketwright.features.accounts import service as accounts
from marketwright.features.profiles import service as profiles
from marketwright.features.profiles.claiming import replace_claims
from marketwright.features.profiles.claims import ClaimDraft
from marketwright.features.vetting import running, service
from marketwright.kernel.actors import Actor, system
from marketwright.strategies.vetting import Ask

SEED = system("tests")


@dataclass
class People:
    house: object
    freelancer: str
    client: str
    organisation: str
    vetter: str
    claim: str

    def actor(self, account, *staff, **organisations):
        roles = {o: frozenset(r) for o, r in organisations.items()}
        return Actor(kind="person", id=account, name="Vera Vetter" if staff else "Somebody", staff=frozenset(staff),
                     organisations=roles)  # fmt: skip

    @property
    def as_freelancer(self):
        return self.actor(self.freelancer)

    @property
    def as_client(self):
        return self.actor(self.client, **{self.organisation: ("owner",)})

    @property
    def as_vetter(self):
        return self.actor(self.vetter, "vetter")

    def do(self, by, deed, *, at=None):
        with self.house.database.unit(by, at=at) as uow:
            result = deed(uow)
            uow.commit()
        return result

    def hand_in(self, check, *, kind="freelancer", about="", text="", at=None):
        owner = self.freelancer if kind == "freelancer" else self.organisation
        by = self.as_freelancer if kind == "freelancer" else self.as_client
        handed = [service.Handed(Ask("words", "Words", "text"), text)] if text else []
        if about:
            handed.append(service.Handed(Ask("claim", "What", "choice"), about))
        run = self.do(
            by, lambda u: service.hand_in(u, check=check, kind=kind, owner=owner, about=about, handed=handed), at=at
        )
        running.advance(self.house, run)
        return run

    def decide(self, run, decided="passed", *, reason="Read and compared.", expires=None, by=None):
        verdict, version = running.decision(
            self.house, run, decided=decided, reason=reason, expires=expires, by="Vera Vetter"
        )
        return self.do(by or self.as_vetter, lambda u: service.decide(u, run=run, version=version, verdict=verdict))


def make_people(house, *, profile=True):
    with house.database.unit(SEED) as uow:
        ada = accounts.create_account(uow, email="ada@example.org", name="Ada Perrin", locale="en", is_freelancer=True)
        bo = accounts.create_account(uow, email="bo@example.org", name="Bo Client", locale="en", is_freelancer=False)
        vera = accounts.create_account(uow, email="v@example.org", name="Vera Vetter", locale="en", is_freelancer=False)
        org = accounts.create_organisation(uow, owner=bo, name="Fjordkraft")
        accounts.join_staff(uow, account=vera, roles=["vetter"])
        claim = ""
        if profile:
            profiles.create_profile(uow, account=ada, headline="Tests networks", visible=True)
            draft = ClaimDraft("certificate", label="OSCP", issuer="OffSec")
            claim = replace_claims(uow, profile=ada, claims=[draft])[0]
        uow.commit()
    return People(house, ada, bo, org, vera, claim)


@pytest.fixture
def people(house):
    return make_people(house)


@pytest.fixture
def people_of():
    return make_people
