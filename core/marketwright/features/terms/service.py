"""Accepting the terms, and keeping what the operator's file says as the version that is accepted."""

from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.content import service as content
from marketwright.features.content.reader import TERMS, read_page
from marketwright.features.content.sources import folder
from marketwright.features.terms import queries
from marketwright.features.terms.tables import TermsAcceptance
from marketwright.kernel.actors import system
from marketwright.kernel.errors import Conflict
from marketwright.settings.marketplace import Marketplace
from marketwright.store.jobs import Job
from marketwright.store.unit import UnitOfWork
from marketwright.store.upserts import upsert
from marketwright.web.house import House

ASK = "/terms/accept"
JOB = "terms.keep_files"


def accept(uow: UnitOfWork, *, account: str, language: str, way: str, shown: str = "") -> bool:
    """Note that ``account`` accepts the version in force; false while the operator has written no terms.

    ``shown`` is the id of the version that was read: ``Conflict`` when another has come into force meanwhile.
    """
    marketplace = uow.ports.get(Marketplace)
    keep_files(uow)
    bound = queries.binding(uow.session, marketplace, language, uow.now)
    if bound is None:
        return False
    if shown not in ("", bound.id):
        raise Conflict("The terms have changed while you read them. Please read what applies now.")
    uow.session.execute(
        upsert(uow.session, TermsAcceptance)
        .values(account_id=account, version_id=bound.id, way=way, at=uow.now)
        .on_conflict_do_nothing()
    )
    uow.audit("terms.accepted", account, version=bound.number, language=bound.language, way=way)
    return True


def keep_files(uow: UnitOfWork) -> None:
    """Keep what ``content/<language>/terms.md`` says now as a version, where it says something new."""
    marketplace = uow.ports.get(Marketplace)
    for code in marketplace.languages:
        found = read_page(folder(marketplace), code, TERMS, code)
        if found is not None:
            content.keep_file(uow, found=found, language=code)


class TermsToAccept:
    """Answers :class:`~marketwright.features.accounts.ports.TermsOfUse`."""

    def __init__(self, house: House) -> None:
        self._house = house

    def accepted(self, uow: UnitOfWork, account: str, language: str) -> None:
        """Somebody has signed up."""
        accept(uow, account=account, language=language, way="sign_up")

    def asks(self, session: Session, account: str) -> str:
        """Where somebody who signs in accepts new terms first; staff and personas are not asked."""
        found = accounts.account(session, account)
        if found is None or found.persona or account in {row.account for row in accounts.staff(session)}:
            return ""
        now = self._house.clock.business()
        due = queries.to_accept(session, self._house.marketplace, account, found.locale, now)
        return ASK if due else ""


def wire(house: House) -> None:
    """Give the worker the hourly look at the files."""

    def keeping(job: Job) -> None:
        with house.database.unit(system(JOB), fence=job.check) as uow:
            keep_files(uow)
            uow.commit()

    house.worker.handle(JOB, keeping, every=3600)
