"""What can be reported, from a profile to a message; who may, and whose it is."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.messaging import queries as messaging
from marketwright.features.messaging.sides import side_of
from marketwright.features.missions import queries as missions
from marketwright.features.missions import sight as missions_sight
from marketwright.features.profiles import queries as profiles
from marketwright.features.profiles import sight as profiles_sight
from marketwright.features.reviews import queries as reviews
from marketwright.features.reviews.queries import ReviewRow
from marketwright.features.services import queries as services
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ports import Ports
from marketwright.web.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that was, or can be, reported.

    ``author`` is the account whose content it is, ``owners`` also the organisation or the person beside it: none of
    them decides. ``shown`` says whether others still see it; ``stays`` whether it is nothing that could be taken off: a
    mission that has ended, a profile in no list, which clients who talk with its owner see, a client that says nothing
    of itself. What a client says is its first owner's.
    """

    kind: str
    id: str
    title: str
    text: str
    author: str
    owners: tuple[str, ...]
    url: str
    at: datetime | None = None
    shown: bool = True
    stays: bool = False


def visible(session: Session, ports: Ports, viewer: Viewer | None, kind: str, id: str, now: datetime) -> Thing:  # noqa: A002
    """The thing as ``viewer`` may report it; ``NotFound`` for what they do not see, and for their own."""
    found = _SEEN[kind](session, ports, viewer, id, now) if kind in _SEEN else None
    if found is None or (viewer is not None and viewer.account == found.author):
        raise NotFound("There is nothing here to report.")
    return found


def thing(session: Session, kind: str, id: str) -> Thing | None:  # noqa: A002  the word of the domain
    """The thing as staff decides on it, ``None`` where it is not there any more. Of a message, that one alone."""
    return _ALL[kind](session, id)


def _profile(session: Session, id: str) -> Thing | None:  # noqa: A002
    row = profiles.profile(session, id)
    if row is None:
        return None
    text = "\n\n".join(t for t in (row.headline, row.bio) if t)
    return Thing("profile", row.id, row.name, text, row.id, (row.id,), f"/freelancers/{row.id}",
                 shown=row.listed and not row.suspended, stays=not (row.listed or row.suspended))  # fmt: skip


def _seen_profile(session: Session, ports: Ports, viewer: Viewer | None, id: str, now: datetime) -> Thing | None:  # noqa: A002, ARG001
    row = profiles.profile(session, id)
    return _profile(session, id) if row and profiles_sight.may_see(session, ports, row, viewer) else None


def _mission(session: Session, id: str) -> Thing | None:  # noqa: A002
    row = missions.mission(session, id)
    if row is None:
        return None
    text = "\n\n".join(t for t in (row.summary, row.description) if t)
    return Thing("mission", row.id, row.title, text, row.created_by, (row.created_by, row.organisation_id),
                 f"/missions/{row.id}", at=row.published_at, shown=row.state in ("published", "paused"),
                 stays=row.state in ("filled", "closed"))  # fmt: skip


def _seen_mission(session: Session, ports: Ports, viewer: Viewer | None, id: str, now: datetime) -> Thing | None:  # noqa: A002, ARG001
    row = missions.mission(session, id)
    if row is None or missions_sight.belongs(row, viewer) or not missions_sight.may_see(session, ports, row, viewer):
        return None
    return _mission(session, id)


def _service(session: Session, id: str) -> Thing | None:  # noqa: A002
    row = services.service(session, id)
    if row is None:
        return None
    text = "\n\n".join(t for t in (row.summary, row.description, row.wants) if t)
    return Thing("service", row.id, row.title, text, row.profile, (row.profile,), f"/services/{row.id}",
                 at=row.published_at, shown=row.state == "published")  # fmt: skip


def _seen_service(session: Session, ports: Ports, viewer: Viewer | None, id: str, now: datetime) -> Thing | None:  # noqa: A002, ARG001
    row = services.service(session, id)
    profile = profiles.profile(session, row.profile) if row and row.open else None
    return _service(session, id) if profile and profiles_sight.may_see(session, ports, profile, viewer) else None


def _client(session: Session, id: str) -> Thing | None:  # noqa: A002
    row = accounts.organisation(session, id)
    owner = next((m.account for m in accounts.members(session, id) if "owner" in m.roles), None)
    if row is None or owner is None:
        return None
    return Thing("client", row.id, row.name, row.about, owner, (owner, row.id), f"/clients/{row.id}",
                 shown=bool(row.about), stays=not row.about)  # fmt: skip


def _seen_client(session: Session, ports: Ports, viewer: Viewer | None, id: str, now: datetime) -> Thing | None:  # noqa: A002, ARG001
    if viewer is not None and accounts.is_theirs(session, viewer.account, id):
        return None
    return _client(session, id) if messaging.knows_client(session, id, viewer) else None


def _review(session: Session, id: str) -> Thing | None:  # noqa: A002
    row = reviews.review(session, id)
    if row is None:
        return None
    about = row.freelancer if row.side == "client" else row.organisation
    return Thing("review", row.id, row.mission_title, row.text, row.author, (row.author, about),
                 f"/freelancers/{row.freelancer}" if row.side == "client" else f"/clients/{row.organisation}",
                 at=row.at, shown=not row.hidden)  # fmt: skip


def _seen_review(session: Session, ports: Ports, viewer: Viewer | None, id: str, now: datetime) -> Thing | None:  # noqa: A002
    row = reviews.review(session, id)
    return _review(session, id) if row and row.shown_at(now) and _reads(session, ports, viewer, row) else None


def _reads(session: Session, ports: Ports, viewer: Viewer | None, row: ReviewRow) -> bool:
    """Whether ``viewer`` comes across a shown review: on the page of whom it is about, or as a side of its contract."""
    if viewer is not None and side_of(session, row.organisation, row.freelancer, viewer.account):
        return True
    if row.side == "client":
        profile = profiles.profile(session, row.freelancer)
        return profile is not None and profiles_sight.may_see(session, ports, profile, viewer)
    return row.named and messaging.knows_client(session, row.organisation, viewer)


def _message(session: Session, id: str) -> Thing | None:  # noqa: A002
    row = messaging.message(session, id)
    if row is None or row.kind != "text" or row.author is None:
        return None
    talk = messaging.thread(session, row.thread)
    said = [row.text, *(f"{question}\n{answer}" for question, answer in row.answers)]
    return Thing("message", row.id, talk.mission_title if talk else "", "\n\n".join(t for t in said if t), row.author,
                 (row.author, talk.organisation if talk and row.side == "client" else row.author),
                 f"/threads/{row.thread}", at=row.at, shown=not row.hidden)  # fmt: skip


def _seen_message(session: Session, ports: Ports, viewer: Viewer | None, id: str, now: datetime) -> Thing | None:  # noqa: A002, ARG001
    row = messaging.message(session, id)
    talk = messaging.thread(session, row.thread) if row else None
    if viewer is None or row is None or talk is None:
        return None
    side = side_of(session, talk.organisation, talk.freelancer, viewer.account)
    return _message(session, id) if side and not row.hidden_from(side) else None


_ALL: Mapping[str, Callable[[Session, str], Thing | None]] = {
    "profile": _profile, "mission": _mission, "service": _service, "client": _client, "review": _review,
    "message": _message,
}  # fmt: skip
_SEEN: Mapping[str, Callable[[Session, Ports, Viewer | None, str, datetime], Thing | None]] = {
    "profile": _seen_profile, "mission": _seen_mission, "service": _seen_service, "client": _seen_client,
    "review": _seen_review, "message": _seen_message,
}  # fmt: skip
