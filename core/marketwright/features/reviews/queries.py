"""Reads of reviews: what may be written, what is shown, and figures over them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from marketwright.features.accounts.tables import Account, Organisation
from marketwright.features.contracts.tables import Contract, Milestone
from marketwright.features.invoicing.tables import Bill
from marketwright.features.missions.tables import Mission
from marketwright.features.payments.tables import Hold
from marketwright.features.reviews.tables import Review
from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One review with the names that go with it. ``client`` is the client's name towards the public."""

    id: str
    contract: str
    mission: str
    organisation: str
    freelancer: str
    side: str
    author: str
    author_name: str
    rating: int
    text: str
    at: datetime
    shows_at: datetime
    answer: str
    answered_at: datetime | None
    hidden: bool
    mission_title: str
    freelancer_name: str
    organisation_name: str
    named: bool
    public_names: tuple[str, str, str]

    def client(self, locale: str) -> str:
        """How the public knows the client: as its mission called it."""
        own, en, fr = self.public_names
        if self.named:
            return self.organisation_name
        return own or ((fr or en) if locale == "fr" else (en or fr))

    def shown_at(self, now: datetime) -> bool:
        """Whether others than its author may read it."""
        return self.shows_at <= now and not self.hidden


@dataclass(frozen=True, slots=True)
class Opening:
    """What stands behind a review of a contract: its parties and the paid milestone that opens it ('' for none)."""

    contract: str
    mission: str
    organisation: str
    freelancer: str
    title: str
    milestone: str


def opening(session: Session, contract: str) -> Opening | None:
    """Whether ``contract`` exists, and its first milestone whose work was released or paid."""
    row = session.execute(
        select(Contract.id, Contract.mission_id, Contract.organisation_id, Contract.freelancer_id, Contract.title)
        .where(Contract.id == contract)
    ).first()  # fmt: skip
    if row is None:
        return None
    paid = session.scalar(
        select(Milestone.id)
        .outerjoin(Hold, Hold.id == Milestone.id)
        .outerjoin(Bill, Bill.milestone_id == Milestone.id)
        .where(Milestone.contract_id == contract, or_(Hold.paid > 0, Bill.state == "paid"))
        .order_by(Milestone.number)
        .limit(1)
    )
    return Opening(row.id, row.mission_id, row.organisation_id, row.freelancer_id, row.title, paid or "")


def _reviews() -> Select[Any]:
    r, o = Review, Organisation
    person = Account.__table__.alias("reviewed_freelancer")
    columns: tuple[Any, ...] = (
        r.id, r.contract_id, r.mission_id, r.organisation_id, r.freelancer_id, r.by_side, r.by_account, Account.name,
        r.rating, r.text, r.at, r.shows_at, r.answer, r.answered_at, r.hidden_at, Mission.title, person.c.name, o.name,
        Mission.named, Mission.public_name, o.public_name_en, o.public_name_fr,
    )  # fmt: skip
    return (
        select(*columns)
        .join(Account, Account.id == r.by_account)
        .join(person, person.c.id == r.freelancer_id)
        .join(Mission, Mission.id == r.mission_id)
        .join(o, o.id == r.organisation_id)
    )


def _review(row: Sequence[Any]) -> ReviewRow:
    plain: dict[str, Any] = dict(zip(ReviewRow.__dataclass_fields__, row[:-3], strict=False))
    plain["hidden"] = plain["hidden"] is not None
    return ReviewRow(**plain, public_names=tuple(row[-3:]))


def review(session: Session, id: str) -> ReviewRow | None:  # noqa: A002  the word of the domain
    """The review ``id``, shown or not."""
    row = session.execute(_reviews().where(Review.id == id)).first()
    return _review(row) if row else None


def of_contract(session: Session, contract: str) -> dict[str, ReviewRow]:
    """The reviews of a contract by the side that wrote them, shown or not."""
    rows = session.execute(_reviews().where(Review.contract_id == contract))
    return {found.side: found for found in (_review(row) for row in rows)}


def reviews_of(
    session: Session, kind: str, id: str, now: datetime, limit: int = 50, *, named: bool = False  # noqa: A002
) -> list[ReviewRow]:  # fmt: skip
    """What is said of a ``freelancer`` or an ``organisation`` and may be read by all, newest first.

    ``named``: only from missions that named the client.
    """
    about = (
        and_(Review.freelancer_id == id, Review.by_side == "client") if kind == "freelancer"
        else and_(Review.organisation_id == id, Review.by_side == "freelancer")
    )  # fmt: skip
    rows = session.execute(
        _reviews()
        .where(about, Review.shows_at <= now, Review.hidden_at.is_(None), *((Mission.named,) if named else ()))
        .order_by(Review.at.desc(), Review.id)
        .limit(limit)
    )
    return [_review(row) for row in rows]


def found(session: Session, search: str, page: int, size: int) -> tuple[list[ReviewRow], int]:
    """Reviews shown or not, newest first, and how many there are in all.

    ``search`` is part of a person's or client's name, or the reference of a contract.
    """
    query = _reviews().join(Contract, Contract.id == Review.contract_id)
    if search:
        person = select(Account.id).where(Account.name.icontains(search, autoescape=True))
        query = query.where(or_(
            Review.by_account.in_(person), Review.freelancer_id.in_(person),
            Organisation.name.icontains(search, autoescape=True), Contract.reference == search,
        ))  # fmt: skip
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.execute(query.order_by(Review.at.desc(), Review.id).limit(size).offset((page - 1) * size))
    return [_review(row) for row in rows], total


def hidden_reason(session: Session, id: str) -> str:  # noqa: A002
    """Why a review was hidden; '' for one that was not."""
    return session.scalar(select(Review.hidden_reason).where(Review.id == id)) or ""


def stars(session: Session, freelancer: str, now: datetime) -> tuple[int, int]:
    """The sum of stars and the number of shown reviews of a freelancer."""
    row = session.execute(
        select(func.coalesce(func.sum(Review.rating), 0), func.count()).where(
            Review.freelancer_id == freelancer, Review.by_side == "client", Review.shows_at <= now,
            Review.hidden_at.is_(None),
        )
    ).one()  # fmt: skip
    return int(row[0]), int(row[1])


def uncounted(session: Session, now: datetime, limit: int = 200) -> list[str]:
    """Reviews that became visible and are not counted yet, oldest first."""
    return list(
        session.scalars(
            select(Review.id)
            .where(Review.counted.is_(False), Review.shows_at <= now)
            .order_by(Review.shows_at)
            .limit(limit)
        )
    )
