"""The accounts of the ledger: a closed list of kinds, each with its normal side."""

from marketwright.kernel.errors import BrokenInvariant
from marketwright.kernel.frozen import dataclass

BOOK = "main"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of account: ``debit`` is its normal side; ``owned`` ones carry an id (``hold:<id>``).

    ``floor`` says that its balance is never below zero (L5).
    """

    name: str
    debit: bool
    owned: bool = False
    floor: bool = False


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("psp_clearing", debit=True),
        Kind("hold", debit=False, owned=True, floor=True),
        Kind("payable", debit=False, owned=True, floor=True),
        Kind("refundable", debit=False, owned=True, floor=True),
        Kind("revenue", debit=False),
        Kind("vat_collected", debit=False),
        Kind("psp_fee", debit=True),
        Kind("dispute_reserve", debit=True),
        Kind("receivable", debit=True, owned=True),
        Kind("suspense", debit=False),
        Kind("fx", debit=False),
        Kind("bank", debit=True),  # the marketplace's own, beside any provider
        Kind("loss", debit=True),  # debts that the marketplace gave up
    )
}
FLOORED = tuple(k.name for k in KINDS.values() if k.floor)
PLATFORM = tuple(k.name for k in KINDS.values() if not k.owned)  # the marketplace's own: never a hot row
PSP_CLEARING, REVENUE, VAT_COLLECTED, PSP_FEE = "psp_clearing", "revenue", "vat_collected", "psp_fee"
DISPUTE_RESERVE, SUSPENSE, BANK, LOSS = "dispute_reserve", "suspense", "bank", "loss"


def hold(hold_id: str) -> str:
    """The account of one hold."""
    return f"hold:{hold_id}"


def payable(freelancer: str) -> str:
    """What is owed to a freelancer."""
    return f"payable:{freelancer}"


def refundable(client: str) -> str:
    """What is to go back to a client organisation."""
    return f"refundable:{client}"


def receivable(who: str) -> str:
    """What a freelancer (account) or client (organisation) owes."""
    return f"receivable:{who}"


def kind_of(account: str) -> Kind:
    """The kind of ``account``; raises ``BrokenInvariant`` for a name outside the closed list."""
    name, colon, owner = account.partition(":")
    kind = KINDS.get(name)
    if kind is None or kind.owned != bool(owner) or bool(colon) != bool(owner):
        raise BrokenInvariant("%(account)s is no account of the ledger.", code="L8", account=account)
    return kind


def natural(account: str, amount: int) -> int:
    """``amount`` (debit above zero) as the account's owner reads it: above zero on its normal side."""
    return amount if kind_of(account).debit else -amount
