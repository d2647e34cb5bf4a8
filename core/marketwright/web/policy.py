"""Policies: who may call a route. Every route declares one; the check runs before the view."""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from marketwright.kernel.frozen import dataclass
from marketwright.web.viewer import Viewer


class Decision(StrEnum):
    """What a policy says before the view runs."""

    ALLOW = "allow"
    SIGN_IN = "sign_in"
    FORBID = "forbid"
    HIDE = "hide"


@dataclass(frozen=True, slots=True)
class Policy:
    """A named rule over the viewer. ``object_rule`` says in words what the view itself checks (404 to strangers).

    ``limit`` names how often an account may call it within an hour; above it the answer is 429.
    """

    name: str
    decide: Callable[[Viewer | None], Decision]
    object_rule: str = ""
    limit: str = ""

    def objects(self, rule: str) -> "Policy":
        """The same policy for a page of one object; ``rule`` says who of those let through may see it."""
        return replace(self, object_rule=rule)

    def limited(self, limit: str) -> "Policy":
        """The same policy for a page that an account opens so often: ``limit`` is a key of ``[limits]``."""
        return replace(self, limit=limit)


def _signed_in(test: Callable[[Viewer], bool]) -> Callable[[Viewer | None], Decision]:
    def decide(viewer: Viewer | None) -> Decision:
        if viewer is None:
            return Decision.SIGN_IN
        return Decision.ALLOW if test(viewer) else Decision.FORBID

    return decide


def _staff(permission: str) -> Callable[[Viewer | None], Decision]:
    def decide(viewer: Viewer | None) -> Decision:
        if viewer is None:
            return Decision.SIGN_IN
        if not viewer.is_staff:
            return Decision.HIDE
        return Decision.ALLOW if viewer.may(permission) else Decision.FORBID

    return decide


PUBLIC = Policy("public", lambda _viewer: Decision.ALLOW)
SIGNED_IN = Policy("signed_in", _signed_in(lambda _viewer: True))
FREELANCER = Policy("freelancer", _signed_in(lambda viewer: viewer.is_freelancer))
CLIENT = Policy("client", _signed_in(lambda viewer: viewer.is_client))
STAFF = Policy("staff", lambda v: Decision.SIGN_IN if v is None else Decision.ALLOW if v.is_staff else Decision.HIDE)


def staff(permission: str) -> Policy:
    """For staff whose roles carry ``permission``; others of staff get 403, everybody else 404."""
    return Policy(f"staff:{permission}", _staff(permission))


def client_with(*roles: str) -> Policy:
    """For members of an organisation with one of ``roles`` (an owner has them all)."""
    wanted = frozenset(roles) | {"owner"}
    return Policy(
        "client:" + ",".join(roles), _signed_in(lambda v: any(o.roles & wanted for o in v.organisations))
    )
