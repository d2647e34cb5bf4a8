"""Issuing in the worker: woken by what makes a document due, and by a tick that finds what waited."""

from typing import Any

from marketwright.features.invoicing.due import ISSUE_JOB
from marketwright.features.invoicing.issuing import Office, issue, waiting
from marketwright.hooks.manager import Plugins
from marketwright.kernel.actors import system
from marketwright.settings.marketplace import Marketplace
from marketwright.store.database import Database
from marketwright.store.jobs import Job, Worker
from marketwright.web.i18n import Catalogues


def wire(worker: Worker, office: Office, database: Database) -> None:
    """Give ``worker`` the issuing of documents."""

    def issuing(job: Job) -> None:
        issue_all(database, office, fence=job.check, **{k: v for k, v in job.payload.items() if k in _ASKED})

    worker.handle(ISSUE_JOB, issuing, every=60)


_ASKED = ("contract", "cause", "freelancer")


def office_of(marketplace: Marketplace, plugins: Plugins, catalogues: Catalogues) -> Office:
    """The office of a running marketplace."""
    return Office(marketplace, {code: entry.it for code, entry in plugins.countries.items()}, catalogues)


def issue_all(
    database: Database, office: Office, *, fence: Any = None, contract: str = "", cause: str = "", freelancer: str = "",
) -> int:  # fmt: skip
    """Issue what is due (of one contract, cause or freelancer where asked), each in a commit of its own."""
    with database.reading() as session:
        found = waiting(session, contract=contract, cause=cause, freelancer=freelancer)
    issued = 0
    for due in found:
        with database.unit(system(ISSUE_JOB), fence=fence) as uow:
            issued += bool(issue(uow, due, office))
            uow.commit()
    return issued
