"""Contracts from the accepted proposal to both signatures. What happens to milestones is in ``steps``."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.ports import Gate
from marketwright.features.contracts import course, events, extras, registry
from marketwright.features.contracts.duties import large
from marketwright.features.contracts.ending import end, refuse_unsigned_end
from marketwright.features.contracts.horizon import Horizon
from marketwright.features.contracts.log import Entry, lock, record, step
from marketwright.features.contracts.needing import add_conditions
from marketwright.features.contracts.paper import Paper, digest
from marketwright.features.contracts.sendable import check_horizon, check_in_time, check_price, outdated, take_price
from marketwright.features.contracts.standing import member_roles, side_of
from marketwright.features.contracts.steps import begin
from marketwright.features.contracts.tables import (
    Amendment,
    Contract,
    ContractDocument,
    Milestone,
    Signature,
)
from marketwright.features.missions.tables import Mission
from marketwright.features.payments import service as payments
from marketwright.features.payments.amounts import Amounts
from marketwright.features.pricing.wire import quote_from_json
from marketwright.features.proposals.offers import half_days_of
from marketwright.features.proposals.tables import Proposal, Round
from marketwright.features.relations import service as relations
from marketwright.features.relations.queries import relation
from marketwright.features.seals.service import seal
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import BrokenInvariant, Conflict, GateClosed, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import say
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.pricing import Quote
from marketwright.strategies.processes import Process, Role

DRAFT_DAYS, SIGN_DAYS = 7, 14
SIDES = ("client", "freelancer")


def draw_up(uow: UnitOfWork, *, proposal: str) -> str:
    """Make the contract of an accepted proposal, in the same commit: a draft, its milestones and their conditions.

    Returns the contract's id; a second call for the same proposal returns the first one's.
    """
    session = uow.session
    row = session.get(Proposal, proposal)
    if row is None:
        raise NotFound("There is no such {proposal}.")
    found = session.scalar(select(Contract.id).where(Contract.proposal_id == proposal))
    if found:
        return found
    offer = session.scalars(
        select(Round).where(Round.proposal_id == proposal).order_by(Round.number.desc()).limit(1)
    ).one()
    plugins, marketplace = uow.ports.get(Plugins), uow.ports.get(Marketplace)
    offered = registry.offered(plugins, row.process)
    process = registry.keep(uow, registry.with_settings(offered, marketplace.deal))
    contract = _new_contract(uow, row, offer, process, marketplace)
    add_milestones(uow, contract, process, offer.lines, row.quote or offer.quote)
    add_conditions(uow, contract, process, plugins)
    record(uow, Entry("entered", "DRAFT", "client", cause=f"proposal:{proposal}"), contract=contract.id, version=1)
    uow.emit(events.DRAWN_UP, contract.id, proposal=proposal)
    course = f"{process.name} {registry.version_of(process)[0]}"
    uow.audit("contract.drawn_up", contract.id, proposal=proposal, process=course)
    return contract.id


def _new_contract(
    uow: UnitOfWork, proposal: Proposal, offer: Round, process: Process, marketplace: Marketplace
) -> Contract:
    mission = uow.session.get_one(Mission, proposal.mission_id)
    new = new_id()
    language = mission.language if mission.language in marketplace.languages else marketplace.languages[0]
    reference = f"{marketplace.slug[:3].upper()}-{marketplace.day_of(uow.now):%Y}-{new[:6].upper()}"
    contract = Contract(
        id=new, reference=reference, proposal_id=proposal.id, mission_id=proposal.mission_id,
        organisation_id=proposal.organisation_id, freelancer_id=proposal.freelancer_id,
        title=mission.title[:200], arrangement="agent", process=process.name,
        process_version=process.version, provider=marketplace.deal.provider if process.holds else "",
        language=language, currency=proposal.currency, work=offer.work, start_on=offer.start_on, purchase_order="",
        quote=proposal.quote or offer.quote, terms={}, document_id="", state="DRAFT", end_reason="",
        deadline_at=uow.now + timedelta(days=DRAFT_DAYS), version=1, created_at=uow.now,
    )  # fmt: skip
    uow.session.add(contract)
    uow.flush()
    return contract


def add_milestones(
    uow: UnitOfWork, contract: Contract, process: Process, lines: list[Any], quote_json: dict[str, Any],
    amendment: str = "", after: int = 0,
) -> list[Milestone]:  # fmt: skip
    """One milestone for each line, with its part of the quote; they sum to the price (C5)."""
    quote = quote_from_json(quote_json)
    made: list[Milestone] = []
    starts = next_start(uow, contract)
    for part, line in enumerate(lines):
        amounts = Amounts.of(quote, part)
        if amounts.work != line["amount"]:
            raise BrokenInvariant("A milestone costs what its line of the proposal says.", code="C5")
        made.append(Milestone(
            id=new_id(), contract_id=contract.id, amendment_id=amendment, number=after + part + 1,
            title=str(line["title"])[:200], description=str(line.get("detail") or ""), half_days=half_days_of(line),
            starts_on=starts, due_on=course.day(line.get("due")), within_days=line.get("within"), opens_at=None,
            offered_back=None,
            work=amounts.work, work_tax=amounts.work_tax, client_fee=amounts.client_fee,
            client_fee_tax=amounts.client_fee_tax,
            freelancer_fee=amounts.freelancer_fee, freelancer_fee_tax=amounts.freelancer_fee_tax,
            state=process.start, pending="", command="", trouble="", version=1,
        ))  # fmt: skip
        due = made[-1].due_on
        starts = due + timedelta(days=1) if due else None
    if sum(m.work for m in made) != Amounts.of(quote).work:
        raise BrokenInvariant("The milestones of a contract sum to its price.", code="C5")
    uow.session.add_all(made)
    uow.flush()
    for milestone in made:
        entry = Entry("entered", process.start, "client", cause=f"contract:{contract.id}")
        record(uow, entry, contract=contract.id, milestone=milestone.id, version=1)
    return made


def next_start(uow: UnitOfWork, contract: Contract) -> date | None:
    """When the first new milestone begins: with the contract, or the day after the last one is due."""
    last = uow.session.scalar(
        select(Milestone).where(Milestone.contract_id == contract.id).order_by(Milestone.number.desc()).limit(1)
    )
    if last is None:
        return contract.start_on
    return last.due_on + timedelta(days=1) if last.due_on else None


def get(session: Session, contract: str) -> Contract:
    """The contract ``contract``, or ``NotFound``."""
    row = session.get(Contract, contract)
    if row is None:
        raise NotFound("There is no such {contract}.")
    return row


def move(uow: UnitOfWork, contract: Contract, to: str, role: str, *, cause: str = "", note: str = "") -> None:
    """Bring the contract itself to state ``to``; ``Conflict`` where somebody was first."""
    step(uow, contract, Entry("entered", to, role, source=contract.state, cause=cause, note=note), state=to)


def store_document(
    uow: UnitOfWork, paper: Paper, *, contract: str | None, mission: str | None = None, freelancer: str | None = None,
    amendment: str = "", sealed: bool = False, delete_on: date | None = None,
) -> str:  # fmt: skip
    """Keep ``paper`` for ever and return the document's id; its bytes must be what its hash says (C4).

    A ``sealed`` one is kept encrypted and deleted on ``delete_on``, or as its contract says; its hash stays.
    """
    if digest(paper.body) != paper.sha256:
        raise BrokenInvariant("A document is not what its hash says.", code="C4")
    same = (ContractDocument.contract_id == contract) if contract else (ContractDocument.mission_id == mission)
    number = uow.session.scalar(
        select(func.count()).select_from(ContractDocument).where(same, ContractDocument.kind == paper.kind)
    )
    kept = ""
    if sealed:
        kept = seal(uow, data=paper.body, sha256=paper.sha256, contract=contract or "", delete_on=delete_on)
    row = ContractDocument(
        id=new_id(), kind=paper.kind, contract_id=contract, mission_id=mission, freelancer_id=freelancer,
        amendment_id=amendment, number=(number or 0) + 1, title=paper.title[:200], language=paper.language,
        template=paper.template, template_version=paper.template_version[:60], body=b"" if kept else paper.body,
        sha256=paper.sha256, created_at=uow.now, created_by=uow.actor.label, seal=kept,
    )  # fmt: skip
    uow.session.add(row)
    uow.flush()
    return row.id


def send(
    uow: UnitOfWork, *, contract: str, paper: Paper, terms: dict[str, Any], quote: Quote, purchase_order: str = ""
) -> str:
    """Send the document drawn at ``quote`` to both sides for signature; returns its id. A new text replaces it.

    ``quote`` is what ``sendable.quote_today`` answered, and becomes the price. Refused once somebody has signed a text
    that can still be signed, once the time for it is over, where something was ordered since it was drawn or a side's
    VAT is another one (``Conflict``), and without the purchase order that the client's rule requires.
    """
    row = get(uow.session, contract)
    lock(uow, row)
    refuse_unsigned_end(row.state, row.signed_at)
    if row.state not in ("DRAFT", "SENT"):
        raise Conflict("This {contract} is signed; it changes by amendment alone.", state=row.state)
    check_in_time(uow, row)
    if row.document_id and signatures_of(uow.session, row.document_id) and not outdated(uow.session, row):
        raise Conflict("One side has signed this text; it can no longer be replaced.", state=row.state)
    take_price(uow, row, quote)
    extras.refuse_unquoted(uow.session, row)
    identity = accounts.identity(uow.session, "organisation", row.organisation_id)
    check_horizon(uow, row)
    if identity is not None and identity.purchase_order_rule == "required" and not purchase_order:
        raise InvalidInput({"purchase_order": [say("Your {organisation} asks for a purchase order number.")]})
    document = store_document(uow, paper, contract=contract)
    row.document_id, row.language, row.terms = document, paper.language, terms
    row.purchase_order, row.sent_at = purchase_order, uow.now
    row.deadline_at = uow.now + timedelta(days=SIGN_DAYS)
    uow.flush()
    move(uow, row, "SENT", role_name(uow, row), cause=f"document:{document}")
    uow.emit(events.SENT, contract, document=document)
    uow.audit("contract.sent", contract, document=document, sha256=paper.sha256)
    return document


def role_name(uow: UnitOfWork, contract: Contract) -> str:
    """The side that acts, as the log names it; ``operator`` or ``timer`` for those who are no party."""
    if uow.actor.id == contract.freelancer_id:
        return str(Role.FREELANCER)
    if uow.actor.is_person and member_roles(uow.session, contract.organisation_id, uow.actor.id):
        return str(Role.CLIENT)
    return str(Role.OPERATOR if uow.actor.is_person else Role.TIMER)


def signatures_of(session: Session, document: str) -> dict[str, Signature]:
    """The signatures under ``document`` by side."""
    rows = session.scalars(select(Signature).where(Signature.document_id == document))
    return {row.side: row for row in rows}


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs and as what: ``title`` and ``party`` as the document names them, ``method`` how they proved it."""

    side: str
    title: str = ""
    party: str = ""
    method: str = "password"


def may_sign_for(session: Session, contract: Contract, account: str, document: str) -> str:
    """The side that ``account`` may sign ``document`` for, or ''."""
    if account == contract.freelancer_id:
        return "freelancer"
    return "client" if accounts.may_sign(session, contract.organisation_id, account, document) else ""


def sign_document(uow: UnitOfWork, document: ContractDocument, signer: Signer, sha256: str) -> dict[str, Signature]:
    """Put the actor's signature under ``document``: they read the text of hash ``sha256`` (C4). All signatures."""
    if sha256 != document.sha256:
        raise Conflict("The text has changed since you opened it; please read it again.", code="C4")
    done = signatures_of(uow.session, document.id)
    if signer.side in done:
        raise Conflict("This side has signed already.", state="signed")
    row = Signature(
        id=new_id(), document_id=document.id, side=signer.side, account_id=uow.actor.id, name=uow.actor.name,
        title=signer.title, party=signer.party, method=signer.method, sha256=sha256, address=uow.actor.address,
        at=uow.now,
    )  # fmt: skip
    uow.session.add(row)
    uow.flush()
    uow.audit("document.signed", document.id, side=signer.side, sha256=sha256, method=signer.method)
    return {**done, signer.side: row}


def sign(uow: UnitOfWork, *, contract: str, sha256: str, method: str = "password") -> str:
    """Sign the agreement as the actor; the caller has checked their password. Returns the contract's state after it.

    The second signature opens the holds and starts the course, in the same commit (C6).
    """
    row = get(uow.session, contract)
    side = may_sign_for(uow.session, row, uow.actor.id, row.document_id)
    if not side:
        raise NotAllowed("Only a signatory of one of the two sides can sign.")
    lock(uow, row)  # two who sign at the same moment: the second one sees that both have
    if row.state != "SENT":
        raise Conflict("This {contract} is not waiting for a signature.", state=row.state)
    check_in_time(uow, row)
    check_price(uow.session, row)
    check_gates(uow, row, side, row.work)
    extras.refuse_unquoted(uow.session, row)
    document = uow.session.get_one(ContractDocument, row.document_id)
    party = row.terms.get(side, {})
    signer = Signer(side, party.get("signatory_title", ""), party.get("name", ""), method)
    done = sign_document(uow, document, signer, sha256)
    uow.emit(events.SIGNED, contract, document=document.id, side=side)
    if len(done) == len(SIDES):
        _activate(uow, row, side)
    return row.state


def check_gates(uow: UnitOfWork, contract: Contract, side: str, work: int) -> None:
    """The gate ``sign`` for one side, and ``sign_above`` once the pair's work reaches the threshold (C11).

    Where nothing is paid in first, the work starts with the signature: then the gate ``start`` is asked here.
    """
    kind, subject = ("freelancer", contract.freelancer_id) if side == "freelancer" else (
        "organisation", contract.organisation_id)  # fmt: skip
    gate = uow.ports.get(Gate)
    missing = list(gate.missing(uow.session, "sign", kind, subject))
    if contract.state == "SENT" and not registry.pinned(uow.session, contract.process, contract.process_version).holds:
        missing += [m for m in gate.missing(uow.session, "start", kind, subject) if m not in missing]
    known = relation(uow.session, contract.organisation_id, contract.freelancer_id)
    if known.cumulated + work >= large(uow):
        missing += [m for m in gate.missing(uow.session, "sign_above", kind, subject) if m not in missing]
    if missing:
        raise GateClosed("sign", missing)


def _activate(uow: UnitOfWork, contract: Contract, side: str) -> None:
    contract.signed_at, contract.deadline_at = uow.now, None
    uow.flush()
    move(uow, contract, "SIGNED", side, cause=f"document:{contract.document_id}")
    move(uow, contract, "ACTIVE", side, cause=f"document:{contract.document_id}")
    milestones = uow.session.scalars(
        select(Milestone).where(Milestone.contract_id == contract.id).order_by(Milestone.number)
    ).all()
    start(uow, contract, list(milestones))
    extras.take_effect(uow, contract, store_document)
    relations.count_contract(
        uow, organisation=contract.organisation_id, freelancer=contract.freelancer_id, work=contract.work
    )
    uow.emit(events.ACTIVE, contract.id)


def start(uow: UnitOfWork, contract: Contract, milestones: list[Milestone]) -> None:
    """Open the holds of ``milestones``, where the process has holds, and give the first one in line its turn."""
    process = registry.pinned(uow.session, contract.process, contract.process_version)
    if process.holds:
        for milestone in milestones:
            payments.open_hold(
                uow, hold=milestone.id, contract=contract.id, organisation=contract.organisation_id,
                freelancer=contract.freelancer_id, amounts=amounts_of(contract, milestone), provider=contract.provider,
                describe=f"{contract.reference}, {milestone.title}", override=_override(uow, contract, milestone),
            )  # fmt: skip
    if process.ahead_days:
        horizon = uow.ports.get(Horizon)
        for milestone in milestones:
            milestone.opens_at = horizon.opens_at(process, milestone, contract.provider)
    begin(uow, contract, process)


def _override(uow: UnitOfWork, contract: Contract, milestone: Milestone) -> str:
    """The signed exception by which fees may leave 5 to 15 %: own network, or one frozen with the quote (L11)."""
    added = uow.session.get(Amendment, milestone.amendment_id) if milestone.amendment_id else None
    quote = added.quote if added else contract.quote
    signed = any(line.get("override") for line in quote["lines"])
    return "own network" if quote.get("own_network") else "signed" if signed else ""


def amounts_of(contract: Contract, milestone: Milestone) -> Amounts:
    """What ``milestone`` costs."""
    m = milestone
    return Amounts(contract.currency, m.work, m.work_tax, m.client_fee, m.client_fee_tax, m.freelancer_fee,
                   m.freelancer_fee_tax)  # fmt: skip


def withdraw(uow: UnitOfWork, *, contract: str, note: str = "") -> None:
    """End a contract that is not signed by both: either side may, until then."""
    row = get(uow.session, contract)
    refuse_unsigned_end(row.state, row.signed_at)
    if row.state not in ("DRAFT", "SENT"):
        raise Conflict("This {contract} is signed; its {milestone.other} can be cancelled one by one.", state=row.state)
    end(uow, row, "withdrawn", role_name(uow, row), note)


def lapse(uow: UnitOfWork, *, contract: str) -> bool:
    """End a contract whose time to be sent or signed is over; false when it is not (C7: late, once)."""
    row = get(uow.session, contract)
    if row.state not in ("DRAFT", "SENT") or row.deadline_at is None or row.deadline_at > uow.now:
        return False
    end(uow, row, "not_signed", str(Role.TIMER))
    return True


def side_name(session: Session, contract: str, account: str) -> str:
    """The side that ``account`` stands on in ``contract``; '' for strangers and guests who only sign."""
    return side_of(session, get(session, contract), account)
