"""What the front page shows: figures of today, people whose claims were checked, missions published last."""

from collections.abc import Collection

import numpy as np
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from marketwright.features.content.ports import Figures
from marketwright.features.contracts.tables import Contract
from marketwright.features.matching.checked import Checks
from marketwright.features.matching.index import People
from marketwright.features.matching.renewing import Indexes
from marketwright.features.matching.search import visible_missions
from marketwright.features.missions import cards as mission_cards
from marketwright.features.missions.queries import mission_cards as read_missions
from marketwright.features.profiles import cards as people_cards
from marketwright.features.profiles.queries import profile_cards as read_people
from marketwright.features.profiles.tables import Profile
from marketwright.features.vetting.tables import VerdictRow
from marketwright.web.house import House
from marketwright.web.i18n import current_locale

RATED, PROVED = 2.0, 3.0
FREELANCER = "freelancer"


class MarketShowcase:
    """Answers :class:`~marketwright.features.content.ports.Showcase`, with what every visitor may see."""

    def __init__(self, house: House) -> None:
        self._house = house

    def figures(self, session: Session) -> Figures:
        """Counts of today."""
        index = self._house.ports.get(Indexes).current(session)
        people, missions = index.people, index.missions
        everybody = visible_missions(missions, account="", organisations=(), staff=False)
        signed = session.scalar(select(func.count()).select_from(Contract).where(Contract.signed_at.is_not(None))) or 0
        claims = people.side.values["proved"][people.shown]
        share = float(claims.mean()) if len(claims) else None
        return Figures(int(people.shown.sum()), int((missions.shown & everybody).sum()), signed, share)

    def people(self, session: Session, most: int) -> tuple[object, ...]:
        """Listed freelancers whose work was assessed or a claim compared with its source last; then the best known."""
        if not self._house.marketplace.access.public_freelancers:
            return ()
        index = self._house.ports.get(Indexes).current(session)
        people = index.people
        checks, now = self._house.ports.get(Checks), self._house.clock.business()
        ids = [*_checked_last(session, most, checks.assessed), *_best_known(people, most)]
        shown = [i for i in dict.fromkeys(ids) if i in people.side.number][:most]
        passed = checks.passed(session, index, now, shown)
        cards = read_people(session, shown, current_locale())
        return tuple(people_cards.people(cards, now.date(), passed=passed))

    def missions(self, session: Session, most: int) -> tuple[object, ...]:
        """The missions published most recently, for everybody."""
        if not self._house.marketplace.access.public_missions:
            return ()
        missions = self._house.ports.get(Indexes).current(session).missions
        open_ = missions.shown & visible_missions(missions, account="", organisations=(), staff=False)
        rows = np.flatnonzero(open_)
        newest = rows[np.lexsort((rows, -missions.newest[rows]))][:most]
        cards = read_missions(session, [missions.side.ids[i] for i in newest.tolist()], current_locale())
        return tuple(mission_cards.view(c) for c in cards)


def _checked_last(session: Session, most: int, assessed: Collection[str]) -> list[str]:
    """Listed people whose work was assessed, or with a claim compared with its source, the last one first."""
    query = (
        select(VerdictRow.subject_id)
        .join(Profile, Profile.id == VerdictRow.subject_id)
        .where(VerdictRow.subject_kind == FREELANCER, VerdictRow.result == "passed", VerdictRow.document.is_(False),
               VerdictRow.private.is_(False), Profile.listed,
               or_(Profile.proved > 0, VerdictRow.check_name.in_(assessed)))
        .group_by(VerdictRow.subject_id)
        .order_by(func.max(VerdictRow.at).desc(), VerdictRow.subject_id)
        .limit(most)
    )  # fmt: skip
    return list(session.scalars(query))


def _best_known(people: People, most: int) -> list[str]:
    """Listed people by claims checked and reviews."""
    values = people.side.values
    known = PROVED * values["proved"] + RATED * (values["reviews"] > 0) * values["rating"] / 5.0
    rows = np.flatnonzero(people.shown)
    best = rows[np.lexsort((rows, -people.newest[rows], -known[rows]))][:most]
    return [people.side.ids[i] for i in best.tolist()]
