"""The mandate by which the marketplace invoices in a freelancer's name: accepted on a page, withdrawn on the same."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.invoicing import events
from marketwright.features.invoicing.due import ISSUE_JOB
from marketwright.features.invoicing.invoice_tables import MandateStep
from marketwright.kernel.errors import Conflict, NotAllowed
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork
from marketwright.strategies.countries import Country


@dataclass(frozen=True, slots=True)
class MandateRow:
    """One step: the text as it was accepted, its hash, when and from where."""

    step: str
    version: str
    language: str
    text: str
    sha256: str
    at: datetime
    address: str

    @property
    def stands(self) -> bool:
        """Whether it was accepted and not withdrawn."""
        return self.step == "accepted"


def text_of(country: Country, marketplace: Marketplace, language: str) -> str:
    """The mandate as a freelancer is asked to accept it."""
    texts = country.mandate.texts
    text = texts.get(language) or next(iter(texts.values()))
    return text.format(marketplace=marketplace.legal.name or marketplace.name, days=country.mandate.contest_days)


def steps_of(session: Session, freelancer: str) -> list[MandateRow]:
    """Every step of a freelancer, the newest first."""
    rows = session.scalars(
        select(MandateStep).where(MandateStep.freelancer_id == freelancer).order_by(MandateStep.at.desc(),
                                                                                    MandateStep.id.desc())
    )  # fmt: skip
    return [MandateRow(r.step, r.version, r.language, r.text, r.sha256, r.at, r.address) for r in rows]


def mandate_of(session: Session, freelancer: str) -> MandateRow | None:
    """The mandate that stands, or ``None``."""
    found = steps_of(session, freelancer)
    return found[0] if found and found[0].stands else None


def accept(uow: UnitOfWork, *, country: Country, marketplace: Marketplace, language: str, sha256: str = "") -> None:
    """Accept the mandate as the freelancer who acts; what waited for it is issued. Asked twice it stays one.

    ``sha256`` is the hash of the text that was read: ``Conflict`` when the text has changed meanwhile.
    """
    text = text_of(country, marketplace, language)
    if sha256 and sha256 != digest(text):
        raise Conflict("The text of the mandate has changed; please read it again.", code="mandate")
    standing = mandate_of(uow.session, uow.actor.id)
    if standing is not None and standing.version == country.mandate.version:
        return
    _write(uow, "accepted", country.code, country.mandate.version, language, text)
    uow.job(ISSUE_JOB, key=f"mandate:{uow.actor.id}", freelancer=uow.actor.id)
    uow.emit(events.MANDATE_ACCEPTED, uow.actor.id)


def withdraw(uow: UnitOfWork) -> None:
    """Take the mandate back as the freelancer who acts: nothing is issued in their name from now on."""
    standing = mandate_of(uow.session, uow.actor.id)
    if standing is None:
        raise Conflict("There is no mandate to withdraw.", code="mandate")
    _write(uow, "withdrawn", "", standing.version, standing.language, standing.text)
    uow.emit(events.MANDATE_WITHDRAWN, uow.actor.id)


def digest(text: str) -> str:
    """The hash by which a text is the one that was read."""
    return sha256(text.encode()).hexdigest()


def _write(uow: UnitOfWork, step: str, country: str, version: str, language: str, text: str) -> None:
    if not uow.actor.is_person:
        raise NotAllowed("Only the {freelancer} gives a mandate, or takes it back.")
    uow.session.add(MandateStep(
        id=new_id(), freelancer_id=uow.actor.id, step=step, country=country, version=version, language=language,
        text=text, sha256=digest(text), by=uow.actor.label, address=uow.actor.address, at=uow.now,
    ))  # fmt: skip
    uow.flush()
    uow.audit(f"mandate.{step}", uow.actor.id, version=version)
