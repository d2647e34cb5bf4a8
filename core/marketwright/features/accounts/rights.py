"""Who may do what to people and organisations; services ask here before they write."""

from marketwright.features.accounts.permissions import permissions_of
from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import NotAllowed, NotFound


def may(actor: Actor, permission: str) -> bool:
    """Whether ``actor`` holds a staff permission; the marketplace itself holds them all."""
    return actor.kind == "system" or permission in permissions_of(actor.staff)


def need(actor: Actor, permission: str) -> None:
    """Raise ``NotAllowed`` unless ``actor`` holds ``permission``."""
    if not may(actor, permission):
        raise NotAllowed("This needs the permission %(permission)s.", permission=permission)


def need_role(actor: Actor, organisation: str, *roles: str) -> frozenset[str]:
    """The roles of ``actor`` in ``organisation``; ``NotFound`` for a stranger, ``NotAllowed`` without one of ``roles``.

    An owner has every role, and so has the marketplace itself.
    """
    if actor.kind == "system":
        return frozenset({"owner"})
    held = actor.roles_in(organisation)
    if not held:
        raise NotFound("There is no such {organisation}.")
    if "owner" not in held and not held & set(roles):
        raise NotAllowed("Your role in this {organisation} does not reach this. Ask one of its owners.")
    return held
