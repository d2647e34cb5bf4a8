"""What reviews answer to the pages of profiles and clients."""

from collections.abc import Sequence

from flask import has_request_context
from sqlalchemy.orm import Session

from marketwright.features.missions.ports import ClientReview
from marketwright.features.profiles.ports import Review
from marketwright.features.reviews.queries import ReviewRow, reviews_of
from marketwright.kernel.text import N_
from marketwright.kernel.time import Clock
from marketwright.web.house import viewer
from marketwright.web.i18n import gettext


def _report(row: ReviewRow) -> str:
    """Where the reader reports a review; '' for who wrote it."""
    looker = viewer() if has_request_context() else None
    return "" if looker and looker.account == row.author else f"/report/review/{row.id}"


class ReviewsOfFreelancers:
    """Profiles' port ``ProfileReviews``."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def about(self, session: Session, freelancer: str, locale: str, limit: int) -> Sequence[Review]:
        """Newest first; the client under the name that its mission gave it."""
        return [
            Review(
                text=r.text, author=r.client(locale), date=r.at, rating=r.rating, role=gettext(N_("{client}")),
                mission=r.mission_title, answer=r.answer, answer_by=r.freelancer_name, report=_report(r),
            )
            for r in reviews_of(session, "freelancer", freelancer, self._clock.business(), limit)
        ]  # fmt: skip


class ReviewsOfClients:
    """Missions' port ``ClientReviews``."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def about(self, session: Session, organisation: str, locale: str, limit: int) -> Sequence[ClientReview]:
        """Newest first, from missions that named the client: the others would give it away."""
        return [
            ClientReview(
                text=r.text, author=r.freelancer_name, date=r.at, rating=r.rating, role=gettext(N_("{freelancer}")),
                mission=r.mission_title, answer=r.answer, answer_by=r.client(locale), report=_report(r),
            )
            for r in reviews_of(session, "organisation", organisation, self._clock.business(), limit, named=True)
        ]  # fmt: skip
