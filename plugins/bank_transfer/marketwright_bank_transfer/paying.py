"""How to pay an invoice, shown beside it: account, amount, reference, and a code for banking apps."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from marketwright.plugin import BillRow, SlotFill


class HowToPay(SlotFill):
    """Beside an open invoice: to which account, how much, with which reference."""

    slot = "bill.pay"
    template = "bank_transfer/pay.html"

    def fill(self, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """For every open invoice of ``ids``."""
        found = ((i, self.desk.queries.bill(i)) for i in ids)
        return {i: self._values(bill) for i, bill in found if bill is not None and bill.left}

    def _values(self, bill: BillRow) -> Mapping[str, Any]:
        account = self.desk.queries.personal(bill.freelancer, "bank_account")
        iban = account.get("bank_account", "")
        code = epc(bill, iban, account.get("bank_account_holder", "")) if self.settings["qr"] and iban else Markup()
        return {
            "iban": " ".join(iban[i : i + 4] for i in range(0, len(iban), 4)),
            "holder": account.get("bank_account_holder", "") or bill.payee,
            "changing": account.get("bank_account_changing", ""), "bill": bill,
            "reference": " ".join(bill.payment_reference[i : i + 4] for i in range(0, len(bill.payment_reference), 4)),
            "code": code,
        }  # fmt: skip


class ReadAStatement(SlotFill):
    """Beside the heading of what a freelancer is owed: the way to the statement."""

    slot = "invoices.owed"
    template = "bank_transfer/read.html"

    def fill(self, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """The same for everybody."""
        return {i: {} for i in ids}


def epc(bill: BillRow, iban: str, holder: str) -> Markup:
    """The code of EPC069-12 as SVG; empty where it has no place for it (another currency, too much)."""
    from segno.helpers import make_epc_qr

    if bill.left.currency != "EUR" or not iban:
        return Markup()
    try:
        code = make_epc_qr(
            name=(holder or bill.payee)[:70], iban=iban, amount=bill.left.decimal, reference=bill.payment_reference,
        )
    except ValueError:
        return Markup()
    return Markup(code.svg_inline(scale=4, border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr"))  # noqa: S704  segno drew it
