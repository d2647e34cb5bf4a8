"""How the claims of a profile are known, and the counts that profiles keep of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from marketwright.features.profiles import queries as profiles
from marketwright.features.profiles import service as profile_service
from marketwright.features.profiles.ports import Proof
from marketwright.features.vetting import queries
from marketwright.features.vetting.checks import APPROVAL, Asked
from marketwright.features.vetting.forgetting import withdraw_about
from marketwright.features.vetting.queries import Stands
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.time import Clock
from marketwright.store.unit import UnitOfWork
from marketwright.web.i18n import translate

FREELANCER = "freelancer"


def _proof(found: Stands, label: str = "") -> Proof:
    return Proof(
        result="passed" if found.result == "passed" else "refused", compared=translate(found.compared),
        source=translate(found.source), by=translate(found.by_name), at=found.at, until=found.expires,
        document=found.document, label=label,
    )  # fmt: skip


def _better(one: Stands, other: Stands, now: datetime) -> Stands:
    """Which of two good verdicts on one claim is shown: one that holds, then from its source, then the newer."""
    return max(one, other, key=lambda v: (v.holds(now), not v.document, v.at))


class ClaimProofs:
    """Answers profiles' port ``Proofs``. A refused or revoked claim is no proof: it stands as declared."""

    def __init__(self, asked: Asked, clock: Clock) -> None:
        self._asked, self._clock = asked, clock

    def of(self, session: Session, profile: str) -> dict[str, Proof]:
        """The proof of each claim, by the claim's id; an expired one keeps its date, so that a page can say so."""
        best: dict[str, Stands] = {}
        now = self._clock.business()
        for found in self._public(session, profile):
            if found.about and found.result == "passed":
                best[found.about] = _better(best.get(found.about, found), found, now)
        return {claim: _proof(found) for claim, found in best.items()}

    def standing(self, session: Session, profile: str) -> tuple[Proof, ...]:
        """What was checked of the person as a whole (identity, insurance) and still holds, with a label each."""
        now = self._clock.business()
        claims = {c.id for c in profiles.claims(session, profile)}
        found = [v for v in self._public(session, profile) if v.holds(now)]
        return tuple(
            _proof(v, translate(v.compared if v.about else self._asked.labels.get(v.check, v.check)))
            for v in found
            if v.check != APPROVAL and v.about not in claims and not _looks_like_a_claim(v.about)
        )

    def gone(self, uow: UnitOfWork, profile: str, claims: Sequence[str]) -> None:
        """Take back what was handed in for claims that were removed, keep none of it, and count anew."""
        withdraw_about(uow, freelancer=profile, claims=claims)
        refresh(uow, kind=FREELANCER, owner=profile)

    def _public(self, session: Session, profile: str) -> list[Stands]:
        """What others may read: also not what was written before its check said that it is private."""
        found = queries.standing(session, FREELANCER, profile)
        return [v for v in found if not v.private and v.check not in self._asked.private]


def _looks_like_a_claim(about: str) -> bool:
    """The id of a claim that was deleted: what it proved is said no more."""
    return len(about) == 16 and any(c.isdigit() for c in about)


@dataclass(frozen=True, slots=True)
class HoldingPart:
    """A good verdict on a freelancer that no later one supersedes; it holds until ``expires`` (business time)."""

    check: str
    owner: str
    expires: datetime | None


def holding_parts(session: Session, checks: Sequence[str]) -> list[HoldingPart]:
    """Good verdicts of these checks on freelancers; those on a claim that was deleted say nothing more.

    One statement.
    """
    return [
        HoldingPart(check, owner, expires)
        for check, owner, expires, about, claim in queries.passed(session, FREELANCER, checks)
        if claim or not _looks_like_a_claim(about)
    ]


def refresh(uow: UnitOfWork, *, kind: str, owner: str) -> None:
    """After a verdict came or ended: count a freelancer's proofs anew, and ask the gate ``appear`` again."""
    uow.flush()
    if kind != FREELANCER:
        return
    profile = profiles.profile(uow.session, owner)
    if profile is None:
        return
    proved, documents = _counts(uow, owner)
    profile_service.set_proved(uow, profile=owner, proved=proved, documents=documents)  # a new version, always
    profile_service.refresh_listing(uow, profile=owner)


def _counts(uow: UnitOfWork, profile: str) -> tuple[int, int]:
    claims = {c.id for c in profiles.claims(uow.session, profile)}
    private = uow.ports.get(Asked).private
    holding = [v for v in queries.standing(uow.session, FREELANCER, profile)
               if v.holds(uow.now) and v.about in claims and not v.private and v.check not in private]  # fmt: skip
    proved = {v.about for v in holding if not v.document}
    return len(proved), len({v.about for v in holding} - proved)
