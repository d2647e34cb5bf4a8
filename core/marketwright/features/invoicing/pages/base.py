"""What the pages of invoicing share."""

from marketwright.features.accounts.permissions import permissions_of
from marketwright.features.accounts.queries import member
from marketwright.features.invoicing.sent import MONEY_ROLES
from marketwright.web.house import reading, the_viewer
from marketwright.web.routing import Pages

pages = Pages("invoicing")


def reads_for(organisation: str) -> bool:
    """Whether the viewer reads the invoices of a client: a member whose role is about money."""
    held = member(reading(), organisation, the_viewer().account) if organisation else None
    return held is not None and not held.document and bool(MONEY_ROLES & set(held.roles))


def is_staff() -> bool:
    """Whether the viewer reads everybody's."""
    return "contracts.read" in permissions_of(the_viewer().staff_roles)
