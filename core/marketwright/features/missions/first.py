"""The hours after its publication in which a mission takes only people whose plan lets them come first."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from marketwright.features.entitlements import service as entitled
from marketwright.features.entitlements.queries import entitlements, used_for
from marketwright.features.missions import queries
from marketwright.kernel.errors import Conflict, GateClosed, Missing
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.settings.marketplace import Marketplace
from marketwright.settings.offers import EXCLUSIVE
from marketwright.store.unit import UnitOfWork

PLAN = Missing(EXCLUSIVE, N_("A plan that lets you come first"),
               N_("Until it opens to everybody, this {mission} takes people with such a plan, and those whom the "
                  "{client} invites."), "/me/plan")  # fmt: skip
USED_UP = Missing(EXCLUSIVE, N_("One more {mission} before the others"),
                  N_("Those of your plan are used up until its next period begins."), "/me/plan")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Early:
    """A mission that opens to everybody at ``opens_at``; what ``missing`` is nothing may come before that.

    ``left`` is how many missions the plan still has after this one (``None``: all), where it allows it.
    """

    opens_at: datetime
    missing: Missing | None
    left: int | None


def opens_at(marketplace: Marketplace, published_at: datetime | None, now: datetime) -> datetime | None:
    """When a mission opens to everybody; ``None`` where it is open, or was never published."""
    if published_at is None or not marketplace.subscriptions.head_start:
        return None
    opens = published_at + timedelta(hours=marketplace.subscriptions.head_start)
    return opens if opens > now else None


def _opens_to(session: Session, marketplace: Marketplace, mission: str, published_at: datetime | None, freelancer: str,
              now: datetime) -> datetime | None:  # fmt: skip
    """When a mission opens to everybody; ``None`` where it is open, and for whom the client invited."""
    opens = opens_at(marketplace, published_at, now)
    return None if opens is None or queries.is_invited(session, mission, freelancer) else opens


def early(session: Session, marketplace: Marketplace, *, mission: str, published_at: datetime | None, freelancer: str,
          now: datetime) -> Early | None:  # fmt: skip
    """How ``freelancer`` stands before ``mission`` opens; ``None`` where it is open to them as to everybody."""
    opens = _opens_to(session, marketplace, mission, published_at, freelancer, now)
    if opens is None:
        return None
    held = [row for row in entitlements(session, freelancer, now) if row.name == EXCLUSIVE]
    if not held:
        return Early(opens, PLAN, None)
    if used_for(session, freelancer, EXCLUSIVE, mission):
        return None
    left = [row.left for row in held if row.left is None or row.left > 0]
    if not left:
        return Early(opens, USED_UP, None)
    return Early(opens, None, None if None in left else sum(n or 0 for n in left) - 1)


def come_first(uow: UnitOfWork, *, mission: str, published_at: datetime | None, freelancer: str) -> None:
    """Use one of the plan's missions where this one is not open to everybody; ``GateClosed`` where there is none."""
    if not _opens_to(uow.session, uow.ports.get(Marketplace), mission, published_at, freelancer, uow.now):
        return
    try:
        allowed = entitled.use(uow, owner=freelancer, name=EXCLUSIVE, subject=mission)
    except Conflict:
        raise GateClosed(EXCLUSIVE, [USED_UP]) from None
    if not allowed:
        raise GateClosed(EXCLUSIVE, [PLAN])
