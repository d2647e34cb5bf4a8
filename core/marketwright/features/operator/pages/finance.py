"""Finance: holds and their clocks, what is under way with the provider, who owes whom, in plain words."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Response
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.ledger import queries as ledger
from marketwright.features.operator import finance as money
from marketwright.features.operator import queries as lists
from marketwright.features.operator.exports import MOST, csv_file
from marketwright.features.operator.finance import DebtRow, HeldRow, OwedRow
from marketwright.features.operator.pages.ages import held_ages
from marketwright.features.operator.pages.base import pages, show
from marketwright.features.payments import queries as payments
from marketwright.features.payments.catching_up import behind
from marketwright.features.payments.incoming import ArrivalRow, arrivals
from marketwright.features.payments.payouts import still_missing
from marketwright.features.payments.queries import CommandRow, DisputeRow, ReconciliationRow, UnmatchedRow
from marketwright.features.payments.tables import CommandState
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money, Sum
from marketwright.kernel.text import N_
from marketwright.web.formats import show_money
from marketwright.web.house import house, reading
from marketwright.web.i18n import _, ngettext, translate
from marketwright.web.policy import staff

TURN_WORDS: dict[str, str] = {
    "client": N_("the {client}"), "freelancer": N_("the {freelancer}"), "operator": N_("us"),
    "timer": N_("the clock"), "plugin": N_("a plugin"), "provider": N_("the provider"), "": N_("the provider"),
}  # fmt: skip
DOUBTFUL = (CommandState.UNKNOWN, CommandState.FAILED)
UNDER_WAY = (CommandState.PENDING, CommandState.SENT, CommandState.WAITING, CommandState.PAGE)
MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Clock:
    """Held money with its clock: ``share`` of the provider's time that is left, ``look`` for the bar."""

    row: HeldRow
    turn: str
    share: float
    look: str
    days: int | None


@dataclass(frozen=True, slots=True)
class Owed:
    """A payout that has not been asked for, and why."""

    row: OwedRow
    why: list[str]


@dataclass(frozen=True, slots=True)
class FinanceContext:
    """Everything on the page; ``figures`` are (what, value, note)."""

    figures: list[tuple[str, str, str]]
    ages: list[tuple[str, float, str, Money]]
    clocks: list[Clock]
    doubtful: list[CommandRow]
    under_way: list[CommandRow]
    references: dict[str, str]
    owed: list[Owed]
    debts: list[DebtRow]
    disputes: list[DisputeRow]
    arrivals: list[ArrivalRow]
    unmatched: list[UnmatchedRow]
    runs: list[ReconciliationRow]
    behind: list[tuple[str, datetime]]  # providers that are compared only up to then


@pages.get("/finance", staff("ledger.read"))
def finance() -> BaseResponse:
    """Who waits for what, until when."""
    session, now = reading(), house().clock.business()
    doubtful = [c for c in payments.commands(session, states=DOUBTFUL, limit=50) if not c.given_up]
    under_way = [c for c in payments.commands(session, states=UNDER_WAY, limit=50) if not c.given_up]
    context = FinanceContext(
        figures=_figures(now), ages=held_ages(now), clocks=_clocks(now), doubtful=doubtful, under_way=under_way,
        references=lists.references(session, [c.contract for c in (*doubtful, *under_way)]), owed=_owed(now),
        debts=money.debts(session), disputes=payments.disputes(session, open_only=True),
        arrivals=arrivals(session), unmatched=_once(payments.unmatched(session)),
        runs=payments.reconciliations(session, limit=5), behind=_behind(),
    )  # fmt: skip
    return show("finance.html", context)


def _once(rows: Sequence[UnmatchedRow]) -> list[UnmatchedRow]:
    """A balance is of all providers together: it is said once, whichever of them was compared."""
    said: set[str] = set()
    found = []
    for row in rows:
        if row.what not in said:
            found.append(row)
        if row.kind == "balance":
            said.add(row.what)
    return found


def _behind() -> list[tuple[str, datetime]]:
    now = house().clock.machine()
    found = ((name, behind(reading(), name, now)) for name in house().plugins.payment_providers)
    return [(name, until) for name, until in found if until is not None]


def _sums(amounts: Sequence[Money]) -> str:
    found = [show_money(m) for m in amounts if m.amount]
    return ", ".join(found) or show_money(Money(0, house().marketplace.currency))


def _figures(now: datetime) -> list[tuple[str, str, str]]:
    session = reading()
    held = money.held_in_all(session)
    by_kind: dict[str, list[Money]] = {}
    for row in ledger.balances(session):
        by_kind.setdefault(row.kind, []).append(row.balance)

    def total(kind: str) -> str:
        return _sums(_total(by_kind.get(kind, [])))

    parts = sum(n for _c, n, _a in held)
    found = [
        (_("Held"), _sums([Sum(a, c) for c, _n, a in held]),
         ngettext("for %(num)s part of a deal", "for %(num)s parts of deals", parts)),
        (_("Owed to {freelancer.other}"), total("payable"), _("released, not yet at their bank")),
        (_("Paid out"), _sums(money.paid_out_since(session, now - MONTH)), _("in the last thirty days")),
        (_("Our fees"), total("revenue"), _("since the beginning, before tax")),
        (_("Owed to us"), total("receivable"), _("fees billed, and money that was taken back")),
    ]
    if any(m.amount for m in by_kind.get("loss", [])):
        found.append((_("Given up"), total("loss"), _("debts that nobody will pay")))
    if any(m.amount for m in by_kind.get("suspense", [])):
        found.append((_("Nobody’s yet"), total("suspense"), _("came in and was not asked for")))
    return found


def _total(amounts: Sequence[Money]) -> list[Money]:
    sums: dict[str, int] = {}
    for one in amounts:
        sums[one.currency] = sums.get(one.currency, 0) + one.amount
    return [Sum(amount, currency) for currency, amount in sorted(sums.items())]


def _clocks(now: datetime) -> list[Clock]:
    found = []
    for row in money.held(reading(), house().plugins):
        days = (row.gives_back - now).days if row.gives_back else None
        look = "" if days is None or days >= 30 else "bad" if days < 7 else "warn"
        share = _left(row, now)
        found.append(Clock(row, _(TURN_WORDS.get(row.turn, TURN_WORDS["operator"])), share, look, days))
    return found


def _left(row: HeldRow, now: datetime) -> float:
    """The share of the provider's time that is left; all of it where there is no limit."""
    if row.gives_back is None or row.since is None:
        return 1.0
    return max(0.0, min(1.0, (row.gives_back - now) / (row.gives_back - row.since)))


def _owed(now: datetime) -> list[Owed]:
    session, found = reading(), []
    for row in money.owed(session):
        missing = still_missing(session, house().ports, now, row.account, row.provider)
        found.append(Owed(row, [translate(m.label) for m in missing] or [_("leaves with the next look at it")]))
    return found


@pages.get("/finance.csv", staff("ledger.read").limited("exports"))
def finance_csv() -> Response:
    """Money that is held, as a file."""
    heads = ("hold", "contract", "part", "client", "freelancer", "amount", "currency", "turn", "until", "gives_back",
             "frozen")  # fmt: skip
    found = money.held(reading(), house().plugins, limit=MOST)
    rows = ((r.hold, r.reference, r.part, r.client, r.freelancer, r.amount, r.amount.currency, r.turn, r.until,
             r.gives_back, "yes" if r.frozen else "") for r in found)  # fmt: skip
    return csv_file("held", heads, rows)
