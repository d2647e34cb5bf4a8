"""Handing in, asking outsiders for their signature, signing, refusing, taking back."""

import hmac
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from marketwright.features.accounts.mailboxes import checked_email
from marketwright.features.contracts.conditions import is_met, mark, may_hand_in
from marketwright.features.contracts.sealed import date_of
from marketwright.features.contracts.service import (
    Signer,
    get,
    may_sign_for,
    sign_document,
    signatures_of,
    store_document,
)
from marketwright.features.contracts.tables import Contract, ContractDocument
from marketwright.features.contracts.waiting import read_spans
from marketwright.features.papers import events
from marketwright.features.papers.handing import Given
from marketwright.features.papers.tables import Handing, OutsideSignature, OutsideSigner
from marketwright.features.papers.tokens import CODE_MINUTES, MAX_WRONG_CODES, code_of
from marketwright.features.seals.service import seal_value
from marketwright.hooks.manager import Plugins
from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import say
from marketwright.kernel.time import iso
from marketwright.store.unit import UnitOfWork

REMIND_DAYS = (3, 7, 12)  # after the request


def outsider(signer: OutsideSigner, *, address: str = "", request_id: str = "") -> Actor:
    """The signatory as an actor: in audit and logs under the id of the request."""
    return Actor(kind="outsider", id=signer.id, name=signer.name, address=address, request_id=request_id)


def hand_in(uow: UnitOfWork, *, contract: str, name: str, given: Given, locale: str = "en") -> str:
    """Store what was handed in; whoever signs is asked by mail, and without signatures the condition is met at once.

    Returns the handing's id. ``Conflict`` while another one waits, ``NotAllowed`` for the other side.
    """
    condition = uow.ports.get(Plugins).conditions[name].it
    may_hand_in(uow, contract=contract, name=name)
    row = get(uow.session, contract)
    if given.paper is not None and row.state != "ACTIVE":
        raise Conflict("This paper is drawn up once both have signed the {contract}.", state=row.state)
    same = (Handing.contract_id == contract, Handing.name == name)
    if uow.session.scalar(select(Handing.id).where(*same, Handing.state == "waiting")):
        raise Conflict("A paper for this waits for signatures already; take it back first.", state="waiting")
    if is_met(uow, contract=contract, name=name):
        raise Conflict("This condition is met already.")
    number = uow.session.scalar(select(func.count()).select_from(Handing).where(*same)) or 0
    secret, on = condition.sealed, date_of(uow.session, row) if condition.sealed else None
    document = store_document(uow, given.paper, contract=contract, sealed=secret, delete_on=on) if given.paper else ""
    kept = seal_value(uow, dict(given.values), contract=contract, delete_on=on) if secret else ""
    handing = Handing(
        id=new_id(), contract_id=contract, name=name, number=number + 1, values={} if kept else dict(given.values),
        document_id=document, seal=kept, spans=[[iso(start), iso(end)] for start, end in given.spans] or None,
        parties=[str(role) for role in condition.parties], confidential=condition.confidential,
        sign_by=given.sign_by, state="waiting", by=uow.actor.label, by_name=uow.actor.name, at=uow.now, closed_at=None,
    )  # fmt: skip
    uow.session.add(handing)
    uow.flush()
    uow.audit("paper.handed_in", handing.id, contract=contract, condition=name, document=handing.document_id)
    for person in given.signatories:
        _ask(uow, handing, OutsideSigner(
            id=new_id(), handing_id=handing.id, kind=person.kind, name=person.name[:120], company=person.company[:160],
            email=person.email, locale=locale, asked_at=uow.now,
        ))  # fmt: skip
    for side in handing.parties:
        uow.emit(events.PARTY_ASKED, handing.id, contract=contract, side=side)
    _finish(uow, handing)
    return handing.id


def _ask(uow: UnitOfWork, handing: Handing, signer: OutsideSigner) -> None:
    signer.remind_at = uow.now + timedelta(days=REMIND_DAYS[0])
    signer.reminded = 0
    uow.session.add(signer)
    uow.flush()
    uow.emit(events.ASKED, signer.id, contract=handing.contract_id, link=signer.link)
    uow.audit("paper.asked", handing.id, signer=signer.id, email=signer.email, link=signer.link)


def ask_again(uow: UnitOfWork, *, signer: str, email: str = "") -> None:
    """Send the link anew, to another address where one is given; the earlier link opens nothing any more."""
    row, handing = _waiting_signer(uow, signer)
    may_hand_in(uow, contract=handing.contract_id, name=handing.name)
    if email:
        row.email = checked_email(email)
    row.link, row.code_number, row.wrong_codes, row.code_until = row.link + 1, 0, 0, None
    _ask(uow, handing, row)


def take_back(uow: UnitOfWork, *, handing: str) -> None:
    """Withdraw what waits for signatures: nobody can sign it any more, and something else may be handed in."""
    row = _waiting(uow, handing)
    may_hand_in(uow, contract=row.contract_id, name=row.name)
    _close(uow, row, "withdrawn")
    uow.emit(events.WITHDRAWN, row.id, contract=row.contract_id)


def ask_code(uow: UnitOfWork, *, signer: str) -> None:
    """Mail a code to the signatory: it lives for a quarter of an hour of machine time."""
    row, _handing = _waiting_signer(uow, signer)
    row.code_number, row.wrong_codes = row.code_number + 1, 0
    row.code_until = uow.machine_now + timedelta(minutes=CODE_MINUTES)
    uow.flush()
    uow.emit(events.CODE_ASKED, row.id, number=row.code_number)


def code_opens(uow: UnitOfWork, *, signer: str, code: str, secret_key: str) -> bool:
    """Whether ``code`` is the one that was mailed last; a wrong one is counted, so commit either way."""
    row, handing = _waiting_signer(uow, signer)
    typed = "".join(code.split())
    alive = row.code_until is not None and row.code_until > uow.machine_now and row.wrong_codes < MAX_WRONG_CODES
    if alive and typed.isascii() and hmac.compare_digest(typed, code_of(row, secret_key)):
        row.code_until, row.opened_at = None, row.opened_at or uow.now
        uow.flush()
        uow.audit("paper.opened", handing.id, signer=row.id)
        return True
    uow.session.execute(
        update(OutsideSigner).where(OutsideSigner.id == row.id).values(wrong_codes=OutsideSigner.wrong_codes + 1)
    )
    uow.audit("paper.wrong_code", handing.id, signer=row.id)
    return False


@dataclass(frozen=True, slots=True)
class Signed:
    """What goes with an outsider's signature: as whom they sign, the words agreed to, and how it was given."""

    name: str
    title: str
    sha256: str
    consent: str
    code_at: datetime
    browser: str = ""


def sign_outside(uow: UnitOfWork, *, signer: str, given: Signed) -> str:
    """Put an outsider's signature under the paper of hash ``sha256``; returns its id. The last one meets the condition.

    Late (``sign_by``) it is refused with ``Conflict``: a paper for other dates is needed.
    """
    row, handing = _waiting_signer(uow, signer)
    blank = [say("Please fill this in.")]
    wrong = {n: blank for n, v in (("name", given.name), ("title", given.title)) if not v.strip()}
    if wrong:
        raise InvalidInput(wrong)
    if handing.sign_by is not None and uow.now >= handing.sign_by:
        raise Conflict("It is too late to sign this. Ask for a paper with other dates.", state="late")
    document = uow.session.get_one(ContractDocument, handing.document_id)
    if given.sha256 != document.sha256:
        raise Conflict("The text has changed since you opened it; please read it again.", code="C4")
    signature = OutsideSignature(
        id=new_id(), signer_id=row.id, document_id=document.id, kind=row.kind, name=given.name.strip()[:120],
        title=given.title.strip()[:120], company=row.company, email=row.email, sha256=given.sha256,
        consent=given.consent, address=uow.actor.address, browser=given.browser[:200], code_at=given.code_at,
        at=uow.now,
    )  # fmt: skip
    uow.session.add(signature)
    row.state, row.closed_at, row.remind_at = "signed", uow.now, None
    uow.flush()
    uow.audit("paper.signed", handing.id, signer=row.id, sha256=given.sha256)
    uow.emit(events.SIGNED, row.id, contract=handing.contract_id, signature=signature.id)
    _finish(uow, handing)
    return signature.id


def sign_as_party(uow: UnitOfWork, *, handing: str, sha256: str) -> bool:
    """Sign the paper as one side, whose password the caller has checked; whether the condition is met by it."""
    row = _waiting(uow, handing)
    contract = get(uow.session, row.contract_id)
    side = may_sign_for(uow.session, contract, uow.actor.id, row.document_id)
    if side not in row.parties:
        raise NotAllowed("Only a signatory of one of the two sides can sign.")
    party = contract.terms.get(side, {})
    signer = Signer(side, party.get("signatory_title", ""), party.get("name", ""))
    sign_document(uow, uow.session.get_one(ContractDocument, row.document_id), signer, sha256)
    return _finish(uow, row)


def refuse(uow: UnitOfWork, *, signer: str, reason: str) -> None:
    """Refuse to sign, with a reason that both sides read: the paper is closed, and another one may be handed in."""
    if not reason.strip():
        raise InvalidInput({"reason": [say("Please say why, in a sentence or two: both sides read it.")]})
    row, handing = _waiting_signer(uow, signer)
    row.state, row.closed_at, row.remind_at, row.reason = "refused", uow.now, None, reason.strip()
    _close(uow, handing, "refused", reason.strip())
    uow.emit(events.REFUSED, row.id, contract=handing.contract_id)


def lapse(uow: UnitOfWork, *, handing: str) -> bool:
    """Close a paper whose time to be signed is over; false when it is not, or nothing waits."""
    row = uow.session.get(Handing, handing)
    if row is None or row.state != "waiting" or row.sign_by is None or row.sign_by > uow.now:
        return False
    _close(uow, row, "lapsed")
    uow.emit(events.LAPSED, row.id, contract=row.contract_id)
    return True


def remind(uow: UnitOfWork, *, signer: str) -> bool:
    """Remind one signatory whose day has come; after the last reminder none is left."""
    row = uow.session.get(OutsideSigner, signer)
    if row is None or row.state != "asked" or row.remind_at is None or row.remind_at > uow.now:
        return False
    handing = uow.session.get_one(Handing, row.handing_id)
    row.reminded += 1
    days = [d for d in REMIND_DAYS if row.asked_at + timedelta(days=d) > uow.now]
    row.remind_at = row.asked_at + timedelta(days=days[0]) if days and handing.state == "waiting" else None
    uow.flush()
    if handing.state == "waiting":
        uow.emit(events.REMINDED, row.id, contract=handing.contract_id, number=row.reminded)
    return True


def _finish(uow: UnitOfWork, handing: Handing) -> bool:
    """Meet the condition once everybody has signed; whether it is."""
    signers = uow.session.scalars(select(OutsideSigner).where(OutsideSigner.handing_id == handing.id)).all()
    done = signatures_of(uow.session, handing.document_id) if handing.document_id else {}
    if any(s.state != "signed" for s in signers) or set(handing.parties) - set(done):
        return False
    _close(uow, handing, "met")
    mark(uow, handing.contract_id, handing.name, ", ".join(s.name for s in signers), spans=read_spans(handing.spans))
    return True


def _close(uow: UnitOfWork, handing: Handing, state: str, why: str = "") -> None:
    handing.state, handing.closed_at, handing.closed_why = state, uow.now, why
    uow.flush()
    uow.audit(f"paper.{state}", handing.id, contract=handing.contract_id, condition=handing.name)


def _waiting(uow: UnitOfWork, handing: str) -> Handing:
    row = uow.session.get(Handing, handing)
    if row is None:
        raise NotFound("There is no such paper.")
    if row.state != "waiting":
        raise Conflict("This paper does not wait for a signature any more.", state=row.state)
    return row


def _waiting_signer(uow: UnitOfWork, signer: str) -> tuple[OutsideSigner, Handing]:
    row = uow.session.get(OutsideSigner, signer)
    if row is None:
        raise NotFound("There is no such paper.")
    handing = _waiting(uow, row.handing_id)
    contract = uow.session.get_one(Contract, handing.contract_id)
    if row.state != "asked" or contract.state == "ENDED":
        raise Conflict("This paper does not wait for a signature any more.", state=row.state)
    return row, handing
