"""What is asked of somebody whose legal identity is not known: what it is made of, and where it is given."""

from sqlalchemy.orm import Session

from marketwright.features.accounts.queries import IdentityRow, identity
from marketwright.kernel.errors import GateClosed, Missing
from marketwright.kernel.text import say


def missing_identity(owner_kind: str, owner_id: str, label: str) -> Missing:
    """The legal identity of an ``organisation`` or a ``freelancer``, called ``label``, as something to be given."""
    how = say("Name and form, registration number, VAT number and regime, address, signatory.")
    href = "/me/business" if owner_kind == "freelancer" else f"/organisations/{owner_id}/identity"
    return Missing("legal_identity", label, how, href)


def need_identity(session: Session, gate: str, owner_kind: str, owner_id: str) -> IdentityRow:
    """The legal identity of the actor, or of their organisation; ``GateClosed`` for ``gate`` where there is none."""
    found = identity(session, owner_kind, owner_id)
    if found is None:
        raise GateClosed(gate, [missing_identity(owner_kind, owner_id, say("your legal identity"))])
    return found
