"""Who or what is vetted, as checks see it."""

from dataclasses import replace

from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.missions import queries as missions
from marketwright.features.profiles import queries as profiles
from marketwright.hooks.manager import Entry
from marketwright.kernel.errors import NotFound
from marketwright.strategies.vetting import Claim, Subject, SubjectKind, VettingCheck


def subject(session: Session, kind: str, id: str, locale: str = "en") -> Subject:  # noqa: A002  the word of the domain
    """The freelancer, client (an organisation) or mission ``id``; ``NotFound`` where there is none."""
    if kind == SubjectKind.FREELANCER:
        return _freelancer(session, id, locale)
    if kind == SubjectKind.CLIENT:
        found = accounts.organisation(session, id)
        if found is None:
            raise NotFound("There is no such {organisation}.")
        identity = accounts.identity(session, "organisation", id)
        return Subject(SubjectKind.CLIENT, id, identity.name if identity else found.name, found.country,
                       vat_number=identity.vat_number if identity else "")  # fmt: skip
    mission = missions.mission(session, id)
    if mission is None:
        raise NotFound("There is no such {mission}.")
    return Subject(SubjectKind.MISSION, id, mission.title, mission.country)


def told_to(entry: Entry[VettingCheck], about: Subject) -> Subject:
    """``about`` as the check may see it: the VAT number is for those alone that follow the identity."""
    return about if entry.it.follows_identity else replace(about, vat_number="")


def _freelancer(session: Session, id: str, locale: str) -> Subject:  # noqa: A002
    person = accounts.account(session, id)
    if person is None or not person.is_freelancer:
        raise NotFound("There is no such {freelancer}.")
    profile = profiles.profile(session, id)
    claims = tuple(
        Claim(c.id, c.kind, _label(c), c.issuer or c.organisation, c.number)
        for c in profiles.claims(session, id, locale)
    )
    identity = accounts.identity(session, "freelancer", id)
    return Subject(SubjectKind.FREELANCER, id, person.name, profile.country if profile else "", claims,
                   identity.vat_number if identity else "")  # fmt: skip


def _label(claim: profiles.ClaimRow) -> str:
    if claim.kind == "experience" and claim.organisation:
        return f"{claim.title}, {claim.organisation}"
    return claim.title
