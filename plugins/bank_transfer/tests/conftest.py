"""Invoices to match payments with, made in one line each, and a deal with two that are open."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from marketwright.app import build_house, create_app
from marketwright.features.desk.life import upgrade_tables
from marketwright.plugin import BillRow, Money
from marketwright.testing.agreed import Stage
from marketwright.testing.browse import Browse
from marketwright.testing.remembered import remembered

TODAY = date(2026, 6, 30)


def a_bill(n=1, left=120_000, *, total=None, currency="EUR", payer="Sambre Santé SAS", **more):
    """Invoice number ``n``, due in its order."""
    base = {
        "id": f"bill{n:012d}", "number": f"ABC123-2026-{n:04d}", "contract": "c", "milestone": f"m{n}",
        "organisation": "o", "freelancer": "f", "payee": "Tomasz", "payer": payer, "title": "Pentest",
        "reference": f"CT-{n:06d}", "purchase_order": "", "payment_reference": f"RF00BILL{n:012d}",
        "total": Money(total or left or 1, currency), "received": Money((total or left) - left, currency),
        "left": Money(left, currency), "issued_at": datetime(2026, 5, 1, tzinfo=UTC),
        "due_at": datetime(2026, 6, min(n, 28), tzinfo=UTC), "state": "open" if left else "paid",
    }  # fmt: skip
    return BillRow(**{**base, **more})


@pytest.fixture
def stage(marketplace):
    """A deal of two milestones, both accepted: two open invoices of 1,200.00 and 2,400.00 EUR."""
    deal = replace(marketplace.deal, processes=("invoice",), provider="bank_transfer")
    house = build_house(replace(marketplace, plugins=("standard_contracts", "bank_transfer"), deal=deal))
    yield remembered(house, billed)
    house.database.dispose()


def billed(house):
    assert [o.error for o in upgrade_tables(house)] == [""]
    made = Stage(house).meet().signed(100_000, 200_000, process="invoice")
    for n in (0, 1):
        made.deliver(n=n)
        made.take("approve", made.client, n=n)
    return made


@pytest.fixture
def desk(stage):
    return stage.house.plugins.plugin("bank_transfer").desk


@pytest.fixture
def freelancer(stage):
    app = create_app(stage.house.marketplace, stage.house)
    app.testing = True
    app.config["RATELIMIT_ENABLED"] = False
    return Browse(app).sign_in(stage.freelancer)
