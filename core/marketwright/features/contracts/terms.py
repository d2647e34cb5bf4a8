"""The terms of documents: plain values gathered from the proposal's contract, both legal identities and the process."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.needed import missing_identity
from marketwright.features.accounts.queries import IdentityRow
from marketwright.features.contracts.annexes import agreed_in, deliverable_terms, latest_date, sealed_terms
from marketwright.features.contracts.registry import version_of
from marketwright.features.contracts.standing import accepts
from marketwright.features.contracts.tables import Contract, Milestone
from marketwright.features.facets.forms import without_sealed
from marketwright.features.invoicing.planned import planned, terms_of
from marketwright.features.missions.tables import Mission
from marketwright.features.payments.amounts import Amounts
from marketwright.features.pricing.extras import said_in, tax_of
from marketwright.features.pricing.receipts import fill
from marketwright.features.pricing.wire import quote_from_json
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import GateClosed, Missing
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.settings.marketplace import Marketplace
from marketwright.settings.offers import ExtraOffer
from marketwright.strategies.pricing import LineKind, Quote
from marketwright.strategies.processes import Process
from marketwright.web.i18n import gettext, words_now

PARTY = ("name", "form", "registration_number", "vat_regime", "vat_number", "street", "postcode", "city", "country",
         "signatory_name", "signatory_title", "billing_address")  # fmt: skip
KEPT_BACK = "[…]"  # stands where a document that is only read so far keeps back who a party is
FEE_SIDES = {LineKind.CLIENT_FEE: "client", LineKind.FREELANCER_FEE: "freelancer"}


@dataclass(frozen=True, slots=True)
class Parties:
    """Both legal identities, complete."""

    client: IdentityRow
    freelancer: IdentityRow


def parties(session: Session, organisation: str, freelancer: str) -> Parties:
    """Both identities; ``GateClosed`` names the side whose identity is missing and where to give it."""
    client = accounts.identity(session, "organisation", organisation)
    business = accounts.identity(session, "freelancer", freelancer)
    missing: list[Missing] = []
    if client is None:
        missing.append(missing_identity("organisation", organisation, say("the {client}'s legal identity")))
    if business is None:
        missing.append(missing_identity("freelancer", freelancer, say("the {freelancer}'s legal identity")))
    if client is None or business is None:
        raise GateClosed("sign", missing)
    return Parties(client, business)


def party_terms(identity: IdentityRow, account_name: str = "") -> dict[str, Any]:
    """One party as a document names it; a freelancer without a named signatory signs in person."""
    found = asdict(identity)
    terms = {key: found[key] for key in PARTY}
    terms["signatory_name"] = terms["signatory_name"] or account_name or terms["name"]
    return terms


def unnamed_terms(called: str) -> dict[str, Any]:
    """A party that is not named yet: ``called`` in place of its name, nothing else of its identity."""
    empty = dict.fromkeys(("vat_regime", "vat_number", "signatory_title", "billing_address"), "")
    return {**dict.fromkeys(PARTY, KEPT_BACK), **empty, "name": called}


def marketplace_terms(marketplace: Marketplace) -> dict[str, Any]:
    """Who runs the marketplace, as a document names it."""
    legal = marketplace.legal
    return {
        "brand": marketplace.name, "name": legal.name or marketplace.name, "form": legal.form,
        "registration_number": legal.registration_number, "address": legal.address, "country": marketplace.country,
        "words": {key: forms for key, forms in words_now().items() if key in ("client", "freelancer")},
    }  # fmt: skip


def process_terms(process: Process) -> dict[str, Any]:
    """What a document says of the course, in the language being spoken; silence accepts after its days (0: never)."""
    billed = [s.deadline_days or 0 for s in process.states if s.name == "billed"]
    return {
        "name": process.name, "version": version_of(process)[0], "label": gettext(process.label),
        "holds": process.holds, "silence_days": silence_days(process), "payment_days": min(billed, default=0),
        "by_day": process.by_day, "cancellation": [
            {"by": str(rule.by), "notice_days": rule.notice_days, "freelancer_bps": rule.freelancer_bps}
            for rule in process.cancellation
        ],
    }  # fmt: skip


def silence_days(process: Process) -> int:
    """The days after a delivery within which silence accepts it, 0 for never.

    Where no clock runs from a delivery itself (it is measured first, say), the shortest of those that accept later.
    """
    handed = {t.target for t in process.transitions if t.delivers}
    silent = [t for t in process.transitions if t.timer_days and accepts(t)]
    after = [t for t in silent if t.source in handed] or silent
    return min((t.timer_days or 0 for t in after), default=0)


def fee_terms(quote: Quote) -> list[dict[str, Any]]:
    """The fee lines of a quote, summed by side and rule, in the language being spoken."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for line in quote.lines:
        side = FEE_SIDES.get(line.kind)
        if side is None:
            continue
        label = fill(line, line.label)
        entry = found.setdefault((side, label), {"side": side, "label": label, "amount": 0, "bps": line.bps})
        entry["amount"] += line.amount.amount
    return list(found.values())


def extra_terms(quote: Quote, offers: Sequence[ExtraOffer], language: str) -> list[dict[str, Any]]:
    """What is ordered beside the deal: side, label in ``language``, amount before tax and its tax, minor units."""
    return [
        {"side": extra.side, "label": said_in(offers, extra.name, extra.label, language),
         "amount": extra.amount.amount, "tax": tax_of(quote, extra)[0].amount}
        for extra in quote.deal.extras
    ]  # fmt: skip


def amounts_terms(amounts: Amounts) -> dict[str, int]:
    """The six amounts and the two sums, minor units."""
    return {
        "work": amounts.work, "work_tax": amounts.work_tax, "client_fee": amounts.client_fee,
        "client_fee_tax": amounts.client_fee_tax, "freelancer_fee": amounts.freelancer_fee,
        "freelancer_fee_tax": amounts.freelancer_fee_tax, "client_pays": amounts.client_pays,
        "freelancer_receives": amounts.freelancer_receives,
    }  # fmt: skip


def milestone_terms(milestones: Sequence[Milestone]) -> list[dict[str, Any]]:
    """The milestones as a document lists them; amounts before tax, minor units."""
    return [
        {"number": m.number, "title": m.title, "description": m.description, "days": days_number(m.half_days),
         "amount": m.work, "start": iso_day(m.starts_on),
         "due": m.due_on.isoformat() if m.due_on else None, "within": m.within_days}
        for m in milestones
    ]  # fmt: skip


def days_number(half_days: int | None) -> float | int | None:
    """Days as JSON writes them: 2, or 2.5."""
    if half_days is None:
        return None
    return half_days // 2 if half_days % 2 == 0 else half_days / 2


def both_terms(session: Session, contract: Contract, both: Parties) -> dict[str, Any]:
    """Both parties as a document names them."""
    return {"client": party_terms(both.client),
            "freelancer": party_terms(both.freelancer, _person(session, contract))}  # fmt: skip


def _person(session: Session, contract: Contract) -> str:
    found = accounts.account(session, contract.freelancer_id)
    return found.name if found else ""


def agreement_terms(
    session: Session, marketplace: Marketplace, contract: Contract, process: Process, *, plugins: Plugins, holder: str,
    at: datetime, language: str, purchase_order: str, quote: Quote | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The terms of the agreement of ``contract``: everything a template may name. Spoken in ``language``.

    ``quote`` stands in for the contract's own where another is about to take its place.
    """
    both = parties(session, contract.organisation_id, contract.freelancer_id)
    milestones = session.scalars(
        select(Milestone).where(Milestone.contract_id == contract.id).order_by(Milestone.number)
    ).all()
    mission = session.get_one(Mission, contract.mission_id)
    quote = quote or quote_from_json(contract.quote)
    agreed = agreed_in(session, contract.proposal_id)
    return {
        "contract": {"id": contract.id, "reference": contract.reference, "date": marketplace.day_of(at).isoformat(),
                     "purchase_order": purchase_order, "arrangement": contract.arrangement, "language": language},
        **both_terms(session, contract, both),
        "marketplace": marketplace_terms(marketplace),
        "mission": mission_terms(mission),
        "start": contract.start_on.isoformat() if contract.start_on else None,
        "currency": contract.currency,
        "milestones": milestone_terms(milestones),
        "amounts": amounts_terms(Amounts.of(quote)),
        "fees": fee_terms(quote),
        "extras": extra_terms(quote, marketplace.extras, language),
        "papers": paper_terms(quote, plugins, marketplace, both, _person(session, contract)),
        "process": process_terms(process),
        "holder": holder if process.holds else "",
        "conditions": [],
        "deliverables": deliverable_terms(plugins, process, agreed),
        "sealed": sealed_terms(plugins, process, mission.fields or {}, latest_date(agreed)),
    }  # fmt: skip


def paper_terms(
    quote: Quote, plugins: Plugins, marketplace: Marketplace, both: Parties, person: str
) -> dict[str, Any]:  # fmt: skip
    """What invoices there will be and who makes them, in the language being spoken: signed with the rest."""
    return terms_of(planned(
        quote, plugins.countries, brand=marketplace.name, client=both.client.name,
        freelancer=both.freelancer.name or person,
    ))  # fmt: skip


def mission_terms(mission: Mission) -> dict[str, Any]:
    """A mission as a document names it: title, and the niche's own fields by name."""
    return {"id": mission.id, "title": mission.title, "city": mission.city, "country": mission.country,
            "remote": mission.remote, "fields": without_sealed(mission.fields)}  # fmt: skip


def iso_day(day: date | None) -> str | None:
    """``2026-05-12``, or ``None``."""
    return day.isoformat() if day else None
