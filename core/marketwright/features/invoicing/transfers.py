"""How the marketplace's own invoices are paid: by transfer to the account that `[legal]` names, or by asking it."""

from sqlalchemy.orm import Session

from marketwright.features.invoicing.invoices import InvoiceRow, unpaid
from marketwright.kernel.frozen import dataclass
from marketwright.settings.marketplace import Marketplace


@dataclass(frozen=True, slots=True)
class Transfer:
    """Where to pay: ``iban`` (without spaces) and ``bic`` of ``holder``, '' while the settings name none.

    ``reference`` is the number of the invoice, by which staff find it; ``address`` and ``page`` are where to ask.
    """

    holder: str
    iban: str
    bic: str
    reference: str
    address: str
    page: str

    @property
    def spaced(self) -> str:
        """The IBAN in groups of four, as people read and type it."""
        return " ".join(self.iban[n : n + 4] for n in range(0, len(self.iban), 4))


def transfer_of(session: Session, row: InvoiceRow, marketplace: Marketplace) -> Transfer | None:
    """How ``row`` is paid; ``None`` unless it is an invoice of the marketplace itself that is still owed."""
    if row.id not in unpaid(session, [row]):
        return None
    legal = marketplace.legal
    iban, bic = ("".join(c for c in typed.upper() if c.isalnum()) for typed in (legal.iban, legal.bic))
    holder = (iban and legal.bank_holder) or legal.name or marketplace.name
    return Transfer(holder, iban, bic, row.number, legal.address, f"{marketplace.base_url}/legal")
