"""How a deal stands: asked for so often while people and banks wait that it is one statement, or two."""

from typing import cast

from sqlalchemy import Connection, Table, bindparam, select

from marketwright.features.contracts.tables import Milestone
from marketwright.features.payments.tables import Hold, PaymentCommand
from marketwright.kernel.frozen import dataclass
from marketwright.testing.drill.site import Deal

ENDS = ("released", "refunded", "shared", "cancelled")
_M, _H, _C = (cast(Table, row.__table__) for row in (Milestone, Hold, PaymentCommand))
_NOW = (
    select(
        _M.c.state, _M.c.pending, _M.c.command, _C.c.state, _C.c.page, _C.c.amount, _H.c.paid - _H.c.withheld,
        _H.c.paying_out, _H.c.paid_out, _H.c.funding, _H.c.frozen, _H.c.disputes,
    )
    .select_from(_M.outerjoin(_C, _C.c.id == _M.c.command).outerjoin(_H, _H.c.id == _M.c.id))
    .where(_M.c.id == bindparam("deal"))
)  # fmt: skip
_PAYOUTS = (
    select(_C.c.id, _C.c.state, _C.c.undone_at)
    .where(_C.c.hold_id == bindparam("deal"), _C.c.kind == "payout", _C.c.sent_at.is_not(None))
    .order_by(_C.c.created_at.desc())
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a deal stands: state and pending step of its milestone, its newest command, what is left to pay out."""

    state: str
    pending: str
    command: str
    command_state: str
    page: str
    amount: int  # of that command
    owed: bool
    funding: str
    refused: str  # the payout that was refused or came back last, ''
    payout: str  # the payout that arrived last, ''
    frozen: bool
    disputed: bool

    @property
    def over(self) -> bool:
        """Whether it has ended and nobody is owed anything."""
        return self.state in ENDS and not self.pending and not self.owed


def standing(connection: Connection, deal: Deal) -> Standing:
    """How ``deal`` stands now."""
    asked = {"deal": deal.hold}
    found = connection.execute(_NOW, asked).one()
    state, pending, command, *newest = found[:6]
    free, paying, paid_out, funding, frozen, disputes = found[6:] if found[6] is not None else (0, 0, 0, "", False, 0)
    payouts = connection.execute(_PAYOUTS, asked).all() if paid_out or free > paying else []
    refused = next((p.id for p in payouts if p.state == "FAILED" or p.undone_at is not None), "")
    payout = next((p.id for p in payouts if p.state == "CONFIRMED" and p.undone_at is None), "")
    return Standing(state, pending, command, newest[0] or "", newest[1] or "", newest[2] or 0, free > paid_out, funding,
                    refused if free > paying else "", payout, frozen, disputes > 0)  # fmt: skip
