"""What stored answers say of fields that nobody asks for any more."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.facets.tables import Facet
from marketwright.strategies.fields import Field


def orphans(session: Session, fields: Iterable[Field]) -> list[tuple[str, str, int]]:
    """(owner kind, field, how many have answered it) of public answers whose field is not declared any more."""
    known = {(f.owner, f.name) for f in fields}
    query = (
        select(Facet.owner_kind, Facet.field, func.count(Facet.owner_id.distinct()))
        .group_by(Facet.owner_kind, Facet.field)
        .order_by(Facet.owner_kind, Facet.field)
    )
    return [(kind, field, n) for kind, field, n in session.execute(query) if (kind, field) not in known]
