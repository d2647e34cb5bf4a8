"""The races by name: how each deal stands when it begins, and whose hands are on it at once."""

from collections.abc import Sequence

from marketwright.kernel.frozen import dataclass
from marketwright.testing.drill.lanes import (
    WHY,
    Lane,
    again,
    bank,
    client,
    come_back,
    debit,
    decline,
    freelancer,
    freeze,
    looked_up,
    moves_bank,
    pay,
    pay_later,
    reconciled,
    refund_later,
    sends,
    staff,
    told,
    told_all,
    woken,
)
from marketwright.testing.drill.play import SHARED


@dataclass(frozen=True, slots=True)
class Race:
    """``start`` is the state of the milestone, or of its money.

    ``page``: its payment page is open; ``paid``: it was paid there; ``debit``: by a debit that is under way;
    ``paid_out``, ``returned``: so is its payout.
    ``refused`` are hands whose step is refused whoever comes first: they stand in no order.
    ``moves``: it is a deal of the freelancer who changes their bank.
    """

    start: str
    lanes: Sequence[Lane]
    moves: bool = False
    refused: tuple[str, ...] = ()

    @property
    def deeds(self) -> set[str]:
        """The deeds of banks that it needs."""
        at_start = {"debit": {"debit"}, "returned": {"return_payout"}}.get(self.start, set())
        return at_start.union(*(lane.deeds for lane in self.lanes))


_deliver, _give_back = freelancer("deliver", note=WHY), freelancer("give_back", note=WHY)
_theirs, _mine = client("ask_decision_work", note=WHY), freelancer("ask_decision_delivered", note=WHY)
_approve, _changes = client("approve"), client("ask_changes", note=WHY)
_dispute = client("ask_decision_delivered", note=WHY)
_release, _refund, _split = staff("decide_release"), staff("decide_refund"), staff("decide_split", **SHARED)
RACES: dict[str, Race] = {
    "fund, double click": Race("to_fund", (client("fund"),) * 2),
    "fund, 8 tabs": Race("to_fund", (client("fund"),) * 8),
    "fund against cancel": Race("to_fund", (client("fund"), freelancer("cancel", note=WHY))),
    "fund against both cancelling": Race("to_fund", (client("fund"), freelancer("cancel", note=WHY),
                                                     client("cancel", note=WHY))),
    "pay, two tabs": Race("page", (pay, pay, come_back)),
    "pay against decline": Race("page", (pay, decline, come_back)),
    "pay against pay later": Race("page", (pay, pay_later)),
    "pay against fund once more": Race("page", (pay, client("fund")), refused=("fund",)),
    "pay later, double click": Race("page", (pay_later, pay_later, pay)),
    "pay against a lookup": Race("page", (pay, looked_up, come_back)),
    "redirect against webhook": Race("paid", (come_back, told)),
    "redirect against webhook against lookup": Race("paid", (come_back, told, looked_up)),
    "redirect, four times": Race("paid", (come_back,) * 4),
    "webhook, four times": Race("paid", (told,) * 4),
    "webhook against pay later": Race("paid", (told, pay_later)),
    "webhook against two workers": Race("paid", (told, woken, looked_up)),
    "deliver, double click": Race("work", (_deliver, _deliver)),
    "deliver against give back": Race("work", (_deliver, _give_back)),
    "deliver against dispute": Race("work", (_deliver, _theirs)),
    "give back, double click": Race("work", (_give_back, _give_back)),
    "give back against dispute": Race("work", (_give_back, _theirs)),
    "give back against freeze": Race("work", (_give_back, freeze)),
    "release, double click": Race("delivered", (_approve, _approve)),
    "release, 8 tabs": Race("delivered", (_approve,) * 8),
    "release against changes": Race("delivered", (_approve, _changes)),
    "release against dispute": Race("delivered", (_approve, _dispute)),
    "release against the other side's dispute": Race("delivered", (_approve, _mine)),
    "release against freeze": Race("delivered", (_approve, freeze)),
    "release against two workers": Race("delivered", (_approve, woken, woken)),
    "release against refund, decided": Race("deciding", (_release, _refund)),
    "release against split, decided": Race("deciding", (_release, _split)),
    "refund against split, decided": Race("deciding", (_refund, _split)),
    "release against going on, decided": Race("deciding", (_release, staff("decide_continue"))),
    "three decisions": Race("deciding", (_release, _refund, _split)),
    "refund, decided by two": Race("deciding", (_refund, _refund)),
    "split, decided by two": Race("deciding", (_split, _split)),
    "release against the bank's dispute": Race("delivered", (_approve, bank("dispute"), told_all)),
    "release against a payment taken back": Race("delivered", (_approve, bank("take_back"), told_all)),
    "refund against the bank's dispute": Race("work", (_give_back, bank("dispute"), told_all)),
    "refund against a payment taken back": Race("work", (_give_back, bank("take_back"), told_all)),
    "split against the bank's dispute": Race("deciding", (_split, bank("dispute"), told_all)),
    "a dispute opened against its loss": Race("work", (bank("dispute", "lose", settled=True), told_all, told_all,
                                                        reconciled)),
    "a dispute opened against its being won": Race("work", (bank("dispute", "win", settled=True), told_all, told_all,
                                                             _deliver)),
    "a dispute against a payment taken back": Race("work", (bank("dispute"), bank("take_back"), told_all)),
    "a payout that returns, told twice": Race("paid_out", (bank("return_payout"), told_all, told_all, again)),
    "a payout sent again, double click": Race("returned", (again, again, told_all)),
    "a payout against a change of bank": Race("delivered", (_approve, moves_bank), moves=True),
    "refund after release, double click": Race("paid_out", (refund_later, refund_later)),
    "refund after release against the bank's dispute": Race("paid_out", (refund_later, bank("dispute"), told_all)),
    "refund after release against a payout that returns": Race("paid_out", (refund_later, bank("return_payout"))),
    "reconcile against webhook against redirect": Race("paid", (reconciled, told, come_back)),
    "two reconciles": Race("paid", (reconciled, reconciled)),
    "reconcile against release": Race("delivered", (_approve, reconciled, reconciled)),
    "reconcile against refund, decided": Race("deciding", (_refund, reconciled)),
    "reconcile against the bank's dispute": Race("work", (bank("dispute"), reconciled, told_all)),
    "reconcile against a payout that returns": Race("paid_out", (bank("return_payout"), reconciled, told_all)),
    "release against a dispute about a part": Race("delivered", (_approve, bank("dispute_part"), told_all)),
    "refund against a dispute about a part": Race("work", (_give_back, bank("dispute_part"), told_all)),
    "split against a dispute about a part": Race("deciding", (_split, bank("dispute_part"), told_all)),
    "refund after release against a dispute about a part": Race("paid_out", (refund_later, bank("dispute_part"),
                                                                              told_all)),
    "release against an inquiry": Race("delivered", (_approve, bank("inquire"), told_all)),
    "refund against an inquiry": Race("work", (_give_back, bank("inquire"), told_all)),
    "an inquiry opened against its end": Race("work", (bank("inquire", "win", settled=True), told_all, _deliver)),
    "an inquiry against the dispute it becomes": Race("work", (bank("inquire"), bank("escalate"), told_all, _deliver)),
    "a debit settled against redirect": Race("debit", (debit("settle"), come_back, told_all)),
    "a debit settled against pay later": Race("debit", (debit("settle"), pay_later, told_all)),
    "a debit that bounces against pay later": Race("debit", (debit("bounce"), pay_later, told_all)),
    "a debit that bounces against redirect": Race("debit", (debit("bounce"), come_back, told_all)),
    "a debit settled against one that bounces": Race("debit", (debit("settle"), debit("bounce"), told_all)),
    "a debit settled against reconciliation": Race("debit", (debit("settle"), reconciled, come_back)),
    "a transfer in two parts at once": Race("page", (sends(1, 2), sends(1, 2, rest=True), come_back)),
    "a transfer twice": Race("page", (sends(1), sends(1), told_all)),
    "a transfer against a card": Race("page", (sends(1), pay, told_all)),
    "a transfer against pay later": Race("page", (sends(1), pay_later, reconciled)),
}  # fmt: skip
OFTEN = frozenset({  # by whom money is moved: these as often as was asked, the others a tenth of it
    "fund, double click", "fund, 8 tabs", "fund against cancel", "pay, two tabs", "pay against decline",
    "pay against pay later", "pay against a lookup", "redirect against webhook",
    "redirect against webhook against lookup", "redirect, four times", "webhook, four times",
    "webhook against two workers", "give back against dispute", "give back against freeze", "release, double click",
    "release, 8 tabs", "release against changes", "release against dispute", "release against freeze",
    "release against two workers", "release against refund, decided", "release against split, decided",
    "refund against split, decided", "three decisions", "refund, decided by two", "split, decided by two",
    "release against the bank's dispute", "refund against the bank's dispute", "split against the bank's dispute",
    "a payout that returns, told twice", "refund after release, double click",
    "reconcile against webhook against redirect", "reconcile against release", "reconcile against refund, decided",
})  # fmt: skip


def rounds_of(name: str, asked: int) -> int:
    """How often the race ``name`` is run where each is to be run ``asked`` times."""
    return asked if name in OFTEN else max(min(asked, 2), asked // 10)
