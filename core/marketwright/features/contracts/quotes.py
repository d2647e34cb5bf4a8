"""Frozen quotes of contracts: those signed in a time, and the one that somebody names."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.contracts.tables import Amendment, Contract
from marketwright.features.pricing.simulate import Signed
from marketwright.features.pricing.wire import quote_from_json
from marketwright.features.proposals.queries import accepted_quote, proposal, rounds
from marketwright.strategies.pricing import Quote


def signed_between(session: Session, since: date, until: date, zone: str) -> list[Signed]:
    """Agreements and amendments that both signed from ``since`` to before ``until``, in the marketplace's time."""
    here = ZoneInfo(zone)
    begin, end = (datetime.combine(day, time(), here) for day in (since, until))
    agreed = session.execute(
        select(Contract.id, Contract.reference, Contract.signed_at, Contract.quote)
        .where(Contract.signed_at >= begin, Contract.signed_at < end)
        .order_by(Contract.signed_at)
    )
    found = [
        Signed(reference, f"/contracts/{id_}", at.astimezone(here).date(), quote_from_json(quote))
        for id_, reference, at, quote in agreed
        if at is not None
    ]
    amended = session.execute(
        select(Contract.id, Contract.reference, Amendment.number, Amendment.closed_at, Amendment.quote)
        .join(Contract, Contract.id == Amendment.contract_id)
        .where(Amendment.state == "signed", Amendment.closed_at >= begin, Amendment.closed_at < end)
    )
    found += [
        Signed(f"{reference} +{number}", f"/contracts/{id_}", at.astimezone(here).date(), quote_from_json(quote))
        for id_, reference, number, at, quote in amended
        if at is not None
    ]
    return sorted(found, key=lambda signed: (signed.on, signed.reference))


def quotes_of(session: Session, name: str) -> list[tuple[str, Quote]]:
    """The quotes of what ``name`` names (a contract's reference or id, or a proposal's id), each with a title.

    A contract has the agreement's and one for every signed amendment; a proposal that is open its standing offer's.
    """
    contract = session.scalar(select(Contract).where((Contract.id == name) | (Contract.reference == name)))
    if contract is not None:
        amendments = session.scalars(
            select(Amendment)
            .where(Amendment.contract_id == contract.id, Amendment.state == "signed")
            .order_by(Amendment.number)
        )
        found = [(contract.reference, quote_from_json(contract.quote))]
        return found + [(f"{contract.reference} +{a.number}", quote_from_json(a.quote)) for a in amendments]
    row = proposal(session, name)
    if row is None:
        return []
    return [(row.id, accepted_quote(session, row.id) or rounds(session, row.id)[-1].quote)]
