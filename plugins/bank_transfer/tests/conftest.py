"""Invoices to match payments with, made in one line each."""

from datetime import UTC, date, datetime

from marketwright.plugin import BillRow, Money

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
