"""The ledger: balances, the statement of an account, and its verification in plain words."""

from flask import Response
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts import verify as contracts_verify
from marketwright.features.contracts.log import verify_log
from marketwright.features.ledger import queries
from marketwright.features.ledger.kinds import KINDS, kind_of
from marketwright.features.ledger.queries import BalanceRow, Head, StatementRow
from marketwright.features.ledger.sealer import Anchor, unsealed
from marketwright.features.ledger.verify import Finding, verify
from marketwright.features.operator.exports import csv_file
from marketwright.features.operator.pages.base import chosen, pages, show, tabs
from marketwright.features.operator.queries import whose
from marketwright.features.operator.wording import ACCOUNT_WORDS, effect_words
from marketwright.features.payments import verify as payments_verify
from marketwright.kernel.errors import BrokenInvariant, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Sum
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import _
from marketwright.web.policy import staff


@dataclass(frozen=True, slots=True)
class KindLine:
    """All accounts of one kind in one currency together."""

    kind: str
    label: str
    balance: Sum
    accounts: int


@dataclass(frozen=True, slots=True)
class Seal:
    """How far the ledger is sealed; ``anchored`` is the number in the file beside the database."""

    number: int
    hash: str
    anchored: int | None
    waiting: int


@dataclass(frozen=True, slots=True)
class LedgerContext:
    """Balances by kind, then by account."""

    kinds: list[KindLine]
    balances: list[tuple[BalanceRow, str, str]]  # with what it is, and whose
    tabs: list[tuple[str, str, bool, int | None]]
    seal: Seal
    kind: str


@dataclass(frozen=True, slots=True)
class AccountContext:
    """One account; ``balances`` are one for each currency in which it is kept, ``balance`` the first of them."""

    account: str
    label: str
    whose: str
    balance: Sum
    balances: list[Sum]
    rows: list[tuple[StatementRow, str]]


@dataclass(frozen=True, slots=True)
class VerifyContext:
    """What the verification found; ``steps`` are sentences of the contracts' log."""

    findings: list[Finding]
    steps: list[str]
    seal: Seal
    rows: int


@pages.get("/ledger", staff("ledger.read"))
def ledger() -> BaseResponse:
    """What is where, by kind of account."""
    session, kind = reading(), chosen("kind", tuple(KINDS))
    everything = queries.balances(session)
    some = [b for b in everything if not kind or b.kind == kind]
    accounts = {name: len([b for b in everything if b.kind == name]) for name in KINDS}
    choices: list[tuple[str, str, int | None]] = [("", _("All accounts"), len(everything))]
    choices += [(name, _(ACCOUNT_WORDS.get(name, name)), count) for name, count in accounts.items() if count > 1]
    some = [b for b in some if b.balance or kind or not _owned(b)][:300]
    names = whose(session, [b.account for b in some])
    balances = [(b, _(ACCOUNT_WORDS.get(b.kind, b.kind)), names.get(b.account, "")) for b in some]
    return show("ledger.html", LedgerContext(_kind_lines(everything), balances, tabs("kind", choices), _seal(), kind))


def _owned(row: BalanceRow) -> bool:
    return kind_of(row.account).owned


def _kind_lines(rows: list[BalanceRow]) -> list[KindLine]:
    """A line for each kind, and for each currency of it."""
    found = []
    for name in KINDS:
        balances: dict[str, list[int]] = {}
        for row in rows:
            if row.kind == name:
                balances.setdefault(row.balance.currency, []).append(row.balance.amount)
        label = _(ACCOUNT_WORDS.get(name, name))
        found += [KindLine(name, label, Sum(sum(a), currency), len(a)) for currency, a in sorted(balances.items())]
    return found


def _seal() -> Seal:
    session, folder = reading(), house().marketplace.var
    last: Head = queries.head(session)
    try:
        kept = Anchor(folder).read()
    except ValueError:
        kept = None
    return Seal(last.number, last.hash, kept.number if kept else None, unsealed(session))


@pages.get("/ledger/accounts/<account>", staff("ledger.read").objects("accounts of the ledger; none there is 404"))
def ledger_account(account: str) -> BaseResponse:
    """The statement of one account."""
    rows = _statement(account)
    label = _(ACCOUNT_WORDS.get(kind_of(account).name, account))
    shown = [(r, effect_words(r)) for r in reversed(rows)]
    name = whose(reading(), [account]).get(account, "")
    balances = list({r.balance.currency: r.balance for r in rows}.values())
    return show("ledger_account.html", AccountContext(account, label, name, balances[0], balances, shown))


def _statement(account: str) -> list[StatementRow]:
    try:
        kind_of(account)
    except BrokenInvariant:
        raise NotFound("There is no such account.") from None
    rows = queries.statement(reading(), account=account)
    if not rows:
        raise NotFound("There is no such account.")
    return rows


_ACCOUNT = staff("ledger.read").objects("accounts of the ledger; none there is 404")


@pages.get("/ledger/accounts/<account>.csv", _ACCOUNT.limited("exports"))
def ledger_account_csv(account: str) -> Response:
    """The statement as a file."""
    heads = ("number", "at", "transaction", "amount", "balance", "currency", "cause", "effect", "contract")
    rows = ((r.number, r.at, r.transaction, r.amount, r.balance, r.amount.currency, f"{r.cause_type}:{r.cause_id}",
             r.effect, r.contract) for r in _statement(account))  # fmt: skip
    return csv_file(f"statement-{account.replace(':', '-')}", heads, rows)


@pages.get("/ledger/balances.csv", staff("ledger.read").limited("exports"))
def ledger_csv() -> Response:
    """Every balance as a file."""
    rows = ((b.account, b.kind, b.balance, b.balance.currency, b.legs) for b in queries.balances(reading()))
    return csv_file("balances", ("account", "kind", "balance", "currency", "entries"), rows)


@pages.get("/ledger/verify", staff("ledger.read"))
def ledger_verify() -> BaseResponse:
    """Read everything that is booked and name each row that breaks a rule; the audit log says who asked."""
    session, now = reading(), house().clock.machine()
    found = verify(session, folder=house().marketplace.var, now=now) + payments_verify.verify(session, now=now)
    found += contracts_verify.verify(session)
    steps, seal = verify_log(session), _seal()
    with unit() as uow:
        uow.audit("ledger.verified", "", findings=len(found) + len(steps), by=the_viewer().account, sealed=seal.number)
        uow.commit()
    return show("ledger_verify.html", VerifyContext(found, steps, seal, seal.number + seal.waiting))


