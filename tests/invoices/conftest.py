"""A stage whose marketplace has a company, and a freelancer who gave the mandate."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from marketwright.features.accounts.identity import record_identity
from marketwright.features.invoicing import mandates
from marketwright.features.invoicing.invoices import invoices
from marketwright.features.invoicing.jobs import issue_all, office_of
from marketwright.features.invoicing.verify import verify
from marketwright.features.notifications.letters.kit import Told
from marketwright.features.notifications.letters.papers import WRITERS
from marketwright.features.payments.service import reserve_refund_after_release
from marketwright.kernel.money import Money
from marketwright.settings.marketplace import Legal
from marketwright.store.tables import EventRow
from marketwright.testing.agreed import Stage
from marketwright.testing.decided import decided

LEGAL = Legal("Place SAS", "SAS", "732829320", "FR44732829320", "1 rue X, 59000 Lille", "FR", "Ada", "Host, Lille")


def pytest_collection_modifyitems(items):
    for item in items:
        if "/tests/invoices/" in str(item.path):
            if not any(item.iter_markers("plugins")):
                item.add_marker(pytest.mark.plugins("standard_contracts", "country_fr"))
            if not any(item.iter_markers("settings")):
                item.add_marker(pytest.mark.settings(legal=LEGAL))


def move_to(stage, country, kind="organisation", **more):
    said = {"name": "Moved", "form": "GmbH", "registration_number": "HRB 1", "vat_regime": "standard",
            "vat_number": "DE136695976", "street": "Deichstr. 9", "postcode": "20459", "city": "Hamburg",
            "country": country, "signatory_title": "D", "signatory_name": "S"} | more  # fmt: skip
    with stage.unit() as uow:
        record_identity(uow, owner_kind=kind, owner_id=getattr(stage, kind), **said)
        uow.commit()


class Paid(Stage):
    """A stage that issues what its deals make due."""

    @property
    def office(self):
        return office_of(self.house.marketplace, self.house.plugins, self.house.catalogues)

    def issue(self):
        return issue_all(self.house.database, self.office)

    def give_mandate(self):
        with self.unit(self.freelancer) as uow:
            mandates.accept(uow, country=self.office.countries["FR"], marketplace=self.house.marketplace, language="en")
            uow.commit()
        return self

    def release(self, *works, **how):
        """A deal that is signed, paid in, delivered, accepted and released, milestone by milestone."""
        self.signed(*works, **how)
        for n in range(len(works)):
            self.fund(n=n)
            self.deliver(n=n)
            self.answer(self.take("approve", self.client, n=n).command)
        return self

    def refund(self, amount, *, n=0):
        """What was released of milestone ``n`` goes back by ``amount``, as two people decided."""
        with self.unit() as uow:
            command = reserve_refund_after_release(
                uow, hold=self.milestones[n], amount=amount, by="person:finance",
                cause=decided(uow, hold=self.milestones[n], amount=Money(amount, "EUR")),
            )
            uow.commit()
        self.answer(command)

    def findings(self):
        """What ``ledger verify`` says of invoices."""
        with self.house.database.reading() as session:
            return verify(session)

    def letters(self, name):
        """What is written to whom on events called ``name``."""
        with self.house.database.reading() as session:
            rows = session.scalars(select(EventRow).where(EventRow.name == name).order_by(EventRow.at, EventRow.id))
            found = [SimpleNamespace(name=e.name, subject=e.subject, payload=e.payload, actor=e.actor) for e in rows]
            return [letter for e in found for letter in WRITERS[name](Told(e, session, self.house))]

    def documents(self, **asked):
        """What was issued, the first first."""
        with self.house.database.reading() as session:
            found, _total = invoices(session, **asked)
        return sorted(found, key=lambda row: (row.at, row.id))

    def document(self, kind, **asked):
        return next(row for row in self.documents(**asked) if row.kind == kind)


@pytest.fixture
def stage(house):
    """Two sides with their legal identities, and the mandate."""
    return Paid(house).meet().give_mandate()


@pytest.fixture
def without_mandate(house):
    return Paid(house).meet()


def legal(**less):
    """The company of the marketplace, with something less."""
    return replace(LEGAL, **less)
