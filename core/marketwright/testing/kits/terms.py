"""The terms of an invented deal, exactly as core hands them to a contract template."""

from typing import Any


def a_party(name: str, signatory: str) -> dict[str, Any]:
    """One party, as ``client`` and ``freelancer`` are given."""
    return {
        "name": name, "form": "SAS", "registration_number": "834 048 330", "vat_number": "FR83404833048",
        "street": "14 rue des Prés", "postcode": "59000", "city": "Lille", "country": "FR",
        "signatory_name": signatory, "signatory_title": "Director",
    }  # fmt: skip


def a_signatory(number: int) -> dict[str, str]:
    """Somebody outside the deal who signs a condition's paper."""
    return {"name": f"Ada Signatory {number + 1}", "company": "Filature SAS"}


def some_terms() -> dict[str, Any]:
    """A deal of two milestones with its amendment; amounts in minor units, dates as ISO 8601. New each time."""
    return {
        "contract": {"reference": "TST-2026-0417", "date": "2026-05-11", "purchase_order": "PO-77"},
        "client": a_party("Sambre Santé", "Hélène Quesnoy"),
        "freelancer": a_party("Wiśniewski Conseil", "Tomasz Wiśniewski"),
        "marketplace": {
            "brand": "Bastion", "name": "Bastion Place de Marché SAS", "form": "SAS", "registration_number": "1",
            "address": "1 quai du Port, Lille",
        },
        "mission": {"title": "Internal review"}, "currency": "EUR", "start": "2026-06-01",
        "milestones": [
            {"number": 1, "title": "Scoping", "description": "Rules and reach", "amount": 156_000, "days": 2,
             "due": "2026-06-05", "start": "2026-06-01", "within": None},
            {"number": 2, "title": "Report", "description": "", "amount": 780_000, "days": 10.5,
             "due": "2026-06-30", "start": "2026-06-06", "within": None},
        ],
        "amounts": {
            "work": 936_000, "work_tax": 187_200, "client_fee": 28_080, "client_fee_tax": 5_616,
            "freelancer_fee": 65_520, "freelancer_fee_tax": 13_104, "client_pays": 1_156_896,
            "freelancer_receives": 1_044_576,
        },
        "fees": [
            {"side": "client", "label": "Service fee", "amount": 28_080},
            {"side": "freelancer", "label": "Commission", "amount": 65_520},
        ],
        "process": {"label": "Milestones", "version": 1, "holds": True, "silence_days": 14, "payment_days": 30,
                    "by_day": False, "cancellation": [{"by": "client", "notice_days": 7, "freelancer_bps": 0}]},
        "holder": "Halden Pay SA",
        "amendment": {"number": 1, "date": "2026-07-01", "signed_on": "2026-05-11", "reason": "A retest is needed.",
                      "price_before": 936_000, "price_after": 1_014_000},
    }  # fmt: skip
