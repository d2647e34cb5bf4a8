"""What happens at a provider without anybody asking: disputes, late failures, returned payouts, money by transfer.

Each deed is written and told like everything else: once, durably, with a signed message, and again by ``objects``.
"""

import json
import secrets
import sqlite3
from dataclasses import dataclass

from marketwright_sandbox.books import Books

DEEDS = (
    "dispute", "inquiry", "win", "lose", "take_back", "return_payout", "arrive", "send_back", "cost", "adjust",
)  # fmt: skip
DISPUTE_FEE = 1500


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened: ``moved`` is its effect on the balance, minor units, signed."""

    id: str
    kind: str
    key: str
    reference: str
    currency: str
    amount: int
    fee: int
    moved: int
    who: str
    note: str
    at: float


class Deeds:
    """Things that happen to what is in ``books``. A deed that cannot be is ``ValueError`` with a sentence."""

    def __init__(self, books: Books) -> None:
        self.books = books

    def do(self, deed: str, key: str = "", *, amount: int = 0, currency: str = "", note: str = "") -> str:
        """Do one of ``DEEDS`` by name; ``key`` is a command's, or the reference of a dispute or an arrival.

        Returns the reference of what it made or changed. ``amount`` 0 is all of it.
        """
        if deed not in DEEDS:
            msg = f"there is no deed {deed!r}; there are {', '.join(DEEDS)}"
            raise ValueError(msg)
        with self.books.writing() as db:
            if deed in ("dispute", "inquiry"):
                return self._dispute(db, key, amount, note, asks=deed == "inquiry")
            if deed in ("win", "lose"):
                return self._decide(db, key, won=deed == "win")
            if deed in ("take_back", "return_payout"):
                return self._undo(db, deed, key)
            if deed == "arrive":
                return self._arrive(db, key, amount, currency, note)
            if deed == "send_back":
                return self._send_back(db, key)
            return self._move(db, deed, amount, currency, note)

    def all(self, since: float = 0, until: float = float("inf")) -> list[Happening]:
        """What happened from ``since`` up to ``until``, in order."""
        with self.books.writing() as db:
            rows = db.execute(
                "SELECT id, kind, key, reference, currency, amount, fee, moved, who, note, at FROM happenings "
                "WHERE at >= ? AND at < ? AND kind <> 'arrival_used' ORDER BY number",
                (since, min(until, 1e18)),
            ).fetchall()
        return [Happening(*row) for row in rows]

    def _dispute(self, db: sqlite3.Connection, key: str, amount: int, note: str, *, asks: bool) -> str:
        row = _command(db, key, "fund")
        taken = db.execute(
            "SELECT coalesce(-sum(moved + fee), 0) FROM happenings WHERE key = ? AND kind LIKE 'dispute%'", (key,)
        ).fetchone()[0]
        left = row["amount"] - int(taken)
        amount = 0 if asks else amount or left
        if not 0 <= amount <= left or (not asks and amount < 1):
            msg = f"{amount} of {left} cannot be disputed"
            raise ValueError(msg)
        reference = f"dispute-{secrets.token_hex(4)}"
        fee = 0 if asks else DISPUTE_FEE
        self._happen(db, Happening(f"{reference}.opened", "dispute_opened", key, reference, row["currency"], amount,
                                   fee, -amount - fee, row["payer"], note or "fraudulent", 0))  # fmt: skip
        return reference

    def _decide(self, db: sqlite3.Connection, reference: str, *, won: bool) -> str:
        opened = _last(db, reference, ("dispute_opened", "dispute_won", "dispute_lost"))
        if opened["kind"] != "dispute_opened":
            msg = f"{reference} is decided already"
            raise ValueError(msg)
        amount = opened["amount"] if opened["amount"] or won else _command(db, opened["key"], "fund")["amount"]
        moved = opened["amount"] if won else opened["amount"] - amount  # a lost inquiry is taken now
        state = "won" if won else "lost"
        self._happen(db, Happening(
            f"{reference}.{state}", f"dispute_{state}", opened["key"], reference, opened["currency"], amount,
            opened["fee"], moved, opened["who"], opened["note"], 0,
        ))  # fmt: skip
        return reference

    def _undo(self, db: sqlite3.Connection, deed: str, key: str) -> str:
        funding = deed == "take_back"
        row = _command(db, key, "fund" if funding else "payout")
        kind = "funding_failed" if funding else "payout_returned"
        if db.execute("SELECT 1 FROM happenings WHERE key = ? AND kind = ?", (key, kind)).fetchone():
            msg = f"{key} came undone already"
            raise ValueError(msg)
        amount = row["amount"]
        self._happen(db, Happening(f"{key}.{kind}", kind, key, f"sandbox-{key}", row["currency"], amount, 0,
                                   -amount if funding else amount, row["payer"] if funding else row["payee"],
                                   "insufficient_funds" if funding else "account_closed", 0))  # fmt: skip
        return f"sandbox-{key}"

    def _arrive(self, db: sqlite3.Connection, key: str, amount: int, currency: str, note: str) -> str:
        row = db.execute("SELECT * FROM commands WHERE key = ? AND kind = 'fund'", (key,)).fetchone() if key else None
        if key and row is None:
            msg = f"there is no payment {key!r}"
            raise ValueError(msg)
        currency = row["currency"] if row else currency
        amount = amount or (row["amount"] if row else 0)
        if amount < 1 or not currency:
            msg = "say how much has arrived, and of which currency"
            raise ValueError(msg)
        reference = f"arrival-{secrets.token_hex(4)}"
        if row is not None and row["state"] == "confirmed" and not _paid_by_transfer(db, key):
            key = ""  # paid by card meanwhile: nobody waits for this money
        self._happen(db, Happening(f"{reference}.arrived", "arrived", key, reference, currency, amount, 0, amount,
                                   row["payer"] if row else "", note, 0))  # fmt: skip
        if row is not None and row["state"] in ("page", "confirming", "waiting"):
            self._complete(db, row)
        return reference

    def _complete(self, db: sqlite3.Connection, row: sqlite3.Row) -> None:
        """A payment whose transfers are all there is confirmed, out of them; what is missing leaves it waiting."""
        arrivals = db.execute(
            "SELECT reference FROM happenings WHERE key = ? AND kind = 'arrived' ORDER BY number", (row["key"],)
        ).fetchall()
        free = {a["reference"]: self.books.arrival_left(db, a["reference"]) for a in arrivals}
        need = row["amount"]
        if sum(free.values()) < need:
            far = 10.0**12
            db.execute("UPDATE commands SET state = 'waiting', due = ? WHERE key = ?", (far, row["key"]))
            return
        for reference, left in free.items():
            part = min(left, need)
            need -= part
            if part:
                self._happen(db, Happening(
                    f"{reference}.used", "arrival_used", row["key"], reference, row["currency"], part, 0, -part,
                    "", "", 0,
                ))  # fmt: skip
        self.books.settle(db, row["key"])

    def _send_back(self, db: sqlite3.Connection, reference: str) -> str:
        found = _last(db, reference, ("arrived",))
        left = self.books.arrival_left(db, reference)
        if left < 1:
            msg = f"nothing of {reference} is left"
            raise ValueError(msg)
        self._happen(db, Happening(f"{reference}.left", "arrival_left", found["key"], reference, found["currency"],
                                   left, 0, -left, found["who"], "", 0))  # fmt: skip
        return reference

    def _move(self, db: sqlite3.Connection, deed: str, amount: int, currency: str, note: str) -> str:
        if not amount or not currency or (deed == "cost" and amount < 0):
            msg = "say how much, and of which currency"
            raise ValueError(msg)
        reference = f"{deed}-{secrets.token_hex(4)}"
        kind, moved = ("fee", -amount) if deed == "cost" else ("adjustment", amount)
        self._happen(db, Happening(reference, kind, "", reference, currency, amount, 0, moved, "", note or deed, 0))
        return reference

    def _happen(self, db: sqlite3.Connection, h: Happening) -> None:
        db.execute(
            "INSERT INTO happenings (id, kind, key, reference, currency, amount, fee, moved, who, note, at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (h.id, h.kind, h.key, h.reference, h.currency, h.amount, h.fee, h.moved, h.who, h.note, self.books.now()),
        )
        if h.kind != "arrival_used":
            self.books.say(db, {"id": h.id, "key": h.key, "kind": h.kind, "outcome": "confirmed", "amount": h.amount,
                                "fee": h.fee, "reason": h.note, "reference": h.reference, "currency": h.currency,
                                "who": h.who})  # fmt: skip


def _paid_by_transfer(db: sqlite3.Connection, key: str) -> bool:
    return db.execute("SELECT 1 FROM happenings WHERE key = ? AND kind = 'arrival_used'", (key,)).fetchone() is not None


def _command(db: sqlite3.Connection, key: str, kind: str) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute("SELECT * FROM commands WHERE key = ?", (key,)).fetchone()
    if row is None or row["kind"] != kind or row["state"] != "confirmed":
        msg = f"there is no {kind} {key!r} that is done"
        raise ValueError(msg)
    return row


def _last(db: sqlite3.Connection, reference: str, kinds: tuple[str, ...]) -> sqlite3.Row:
    marks = ", ".join("?" * len(kinds))
    row: sqlite3.Row | None = db.execute(
        f"SELECT * FROM happenings WHERE reference = ? AND kind IN ({marks}) ORDER BY number DESC LIMIT 1",  # noqa: S608
        (reference, *kinds),
    ).fetchone()
    if row is None:
        msg = f"there is no {reference!r}"
        raise ValueError(msg)
    return row


def as_json(happenings: list[Happening]) -> str:
    """Happenings as JSON."""
    return json.dumps([{name: getattr(h, name) for name in Happening.__dataclass_fields__} for h in happenings])
