"""How the marketplace's own invoices are paid: by transfer to the account that `[legal]` names, or by asking it."""

from sqlalchemy.orm import Session
from stdnum import bic, iban

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
        return str(iban.format(self.iban))


def transfer_of(session: Session, row: InvoiceRow, marketplace: Marketplace) -> Transfer | None:
    """How ``row`` is paid; ``None`` unless it is an invoice of the marketplace itself that is still owed."""
    return to_the_house(marketplace, row.number) if row.id in unpaid(session, [row]) else None


def to_the_house(marketplace: Marketplace, reference: str = "") -> Transfer:
    """How the marketplace is paid what it is owed; without ``reference`` each transfer names that of its invoice."""
    legal = marketplace.legal
    account = iban.compact(legal.iban)
    holder = (account and legal.bank_holder) or legal.name or marketplace.name
    return Transfer(holder, account, bic.compact(legal.bic), reference, legal.address, f"{marketplace.base_url}/legal")
