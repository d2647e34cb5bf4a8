"""A small market, made through the rooms' own services."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.tables import Staff
from marketwright.features.matching.renewing import Indexes
from marketwright.features.missions import service as missions
from marketwright.features.missions.brief import Brief, Wanted
from marketwright.features.profiles import claiming
from marketwright.features.profiles import service as profiles
from marketwright.features.profiles.claims import ClaimDraft
from marketwright.features.skills.tables import Skill, SkillLabel, SkillParent
from marketwright.kernel.actors import system
from marketwright.kernel.words import key

SKILLS = {
    "offensive": ("Offensive security", "Sécurité offensive", ("ethical hacking",), ()),
    "pentest": ("Penetration testing", "Test d'intrusion", ("pen testing",), ("offensive",)),
    "web": ("Web application pentest", "Test d'intrusion web", ("audit applicatif",), ("pentest",)),
    "cloud": ("Cloud security", "Sécurité du cloud", (), ()),
    "forensics": ("Digital forensics", "Investigation numérique", ("post-mortem analysis",), ()),
}
TEXT = "Somebody has to look at this closely and write down what they find, with proof of each point."


@dataclass
class Market:
    house: Any
    organisation: str = ""
    owner: str = ""
    people: dict[str, str] = field(default_factory=dict)

    def write(self, deed: Any, **named: Any) -> Any:
        with self.house.database.unit(system("tests")) as uow:
            result = deed(uow, **named)
            uow.commit()
        return result

    @property
    def today(self) -> date:
        return self.house.clock.business().date()

    def account(self, name: str, *, freelancer: bool = False) -> str:
        email = f"{key(name).replace(' ', '.')}@example.org"
        return self.write(accounts.create_account, email=email, name=name, locale="en", is_freelancer=freelancer)

    def client(self, name: str = "Ravel Bank") -> tuple[str, str]:
        owner = self.account(f"Owner of {name}")
        return self.write(accounts.create_organisation, owner=owner, name=name), owner

    def staff(self, *roles: str) -> str:
        account = self.account(f"Staff {' '.join(roles)}")

        def make(uow: Any) -> None:
            uow.session.execute(insert(Staff).values(account_id=account, roles=list(roles), since=uow.now))

        self.write(make)
        return account

    def person(self, name: str, *skills: Any, visible: bool = True, languages: Any = ("en",), **profile: Any) -> str:
        """A listed freelancer; ``skills`` are ids or (id, level) or (id, level, years)."""
        account = self.account(name, freelancer=True)
        given = {
            "headline": f"{name} at work", "bio": "", "city": "Paris", "country": "FR", "remote": "hybrid",
            "day_rate": 70000, "available_from": self.today, "days_a_week": 5, "years": 8, "visible": visible,
        } | profile  # fmt: skip
        self.write(profiles.create_profile, account=account, **given)
        drafts = [_skill(s) for s in skills] + [ClaimDraft("language", label=code, level=3) for code in languages]
        self.write(claiming.replace_claims, profile=account, claims=drafts)
        self.people[name] = account
        return account

    def mission(self, title: str = "A test", must: Any = ("web",), nice: Any = (), *, publish: bool = True,
                organisation: str = "", **brief: Any) -> str:  # fmt: skip
        given = {
            "description": TEXT, "start_on": self.today + timedelta(days=20), "duration_days": 10, "days_a_week": 4,
            "budget": 80000, "city": "Paris", "country": "FR", "remote": "hybrid",
        } | brief  # fmt: skip
        wanted = tuple(_wanted(s, must=True) for s in must) + tuple(_wanted(s, must=False) for s in nice)
        made = Brief(title=title, skills=wanted, **given)
        found = self.write(
            missions.draft, organisation=organisation or self.organisation, brief=made, created_by=self.owner
        )
        if publish:
            self.write(missions.publish, mission=found)
        return found

    def index(self) -> Any:
        with self.house.database.reading() as session:
            return self.house.ports.get(Indexes).current(session)

    def names(self, ids: Any) -> list[str]:
        by_id = {account: name for name, account in self.people.items()}
        return [by_id[i] for i in ids]


def _skill(given: Any) -> ClaimDraft:
    skill, level, years = (*given, None, None)[:3] if isinstance(given, tuple) else (given, None, None)
    return ClaimDraft("skill", skill_id=skill, level=level, years=years)


def _wanted(given: Any, *, must: bool) -> Wanted:
    skill, level = given if isinstance(given, tuple) else (given, None)
    return Wanted(skill, must=must, level=level)


def make_skills(uow: Any) -> None:
    for skill, (en, fr, _, _) in SKILLS.items():
        uow.session.execute(insert(Skill).values(id=skill, taxonomy="tests", label_en=en, label_fr=fr))
    for skill, (en, fr, others, parents) in SKILLS.items():
        names = [("en", en, True), ("fr", fr, True), *(("en", other, False) for other in others)]
        for language, label, preferred in names:
            uow.session.execute(
                insert(SkillLabel).values(
                    skill_id=skill, language=language, label=label, key=key(label), preferred=preferred
                )
            )
        for parent in parents:
            uow.session.execute(insert(SkillParent).values(skill_id=skill, parent_id=parent))


@pytest.fixture
def market(house: Any) -> Market:
    """A marketplace with a few skills and one client; people and missions as each test needs them."""
    made = Market(house)
    made.write(make_skills)
    made.organisation, made.owner = made.client()
    return made
