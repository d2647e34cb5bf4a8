"""The sandbox's own books: one SQLite file, its own commits, durable before it answers. It is the referee.

``commands`` is what it was asked, ``effects`` what it did (append only, one of a kind a command), ``calls`` how often
it was asked.
"""

import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from marketwright_sandbox.form import begin, whole

FILE = "books.sqlite"
DECLINED = "The card was declined."
NOT_CONFIRMED = "The payment was not confirmed at the bank."
EXPIRED = "The payment page has expired."
NOT_ENOUGH = "There is not that much left of this payment."


@dataclass(frozen=True, slots=True)
class Asked:
    """One command as the books keep it; amounts in minor units."""

    key: str
    kind: str
    hold: str
    funding: str
    currency: str
    amount: int
    fee: int
    refund: int
    payer: str
    payee: str
    describe: str
    return_to: str
    reclaim: int = 0
    arrival: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A command and what became of it: ``state`` is page, confirming, waiting, confirmed or failed."""

    asked: Asked
    token: str
    state: str
    reason: str
    charged: int  # what the provider itself took
    settled: float | None
    reclaimed: int = 0  # what came back from the payee's balance


@dataclass(frozen=True, slots=True)
class Effect:
    """One movement of money: charge, transfer, fee, refund, payout or provider_fee."""

    number: int
    key: str
    effect: str
    hold: str
    who: str
    currency: str
    amount: int


class Books:
    """The books in ``folder``; ``now`` gives seconds since 1970."""

    def __init__(
        self, folder: Path, *, fee: Callable[[int], int] = lambda _amount: 0, late_seconds: int = 20,
        page_minutes: int = 60, now: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self.folder, self.fee, self.now = folder, fee, now
        self.late_seconds, self.page_minutes = late_seconds, page_minutes
        self._begun = False
        folder.mkdir(parents=True, exist_ok=True)

    def _begin(self) -> None:
        """Make the books, and bring those that an older sandbox began to the form of today; done before first use."""
        with self._connected() as db:
            begin(db)
        self._begun = True

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        if not self._begun:
            self._begin()
        with self._connected() as db:
            yield db

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self.folder / FILE, timeout=10, isolation_level=None)
        try:
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA foreign_keys=ON")
            yield db
        finally:
            db.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One change of the books, kept whole or not at all; nobody else writes meanwhile."""
        with self._open() as db, whole(db):
            yield db

    def execute(self, asked: Asked) -> Entry:
        """Carry out ``asked`` once; the same key again gives the same entry, with another body ``ValueError``."""
        with self.writing() as db:
            self._call(db, "execute", asked.key)
            row = db.execute("SELECT * FROM commands WHERE key = ?", (asked.key,)).fetchone()
            if row is not None:
                if _asked(row) != asked:
                    msg = f"the key {asked.key} was used for something else"
                    raise ValueError(msg)
                return self._entry(db, self._ripen(db, row))
            self._place(db, asked)
            if asked.kind != "fund":
                self._leave(db, asked)
            return self._entry(db, self._row(db, asked.key))

    def lookup(self, key: str) -> Entry | None:
        """What became of ``key``; ``None`` when it never came here."""
        with self.writing() as db:
            self._call(db, "lookup", key)
            row = db.execute("SELECT * FROM commands WHERE key = ?", (key,)).fetchone()
            return self._entry(db, self._ripen(db, row)) if row is not None else None

    def page(self, token: str) -> Entry | None:
        """The payment whose page is ``token``."""
        with self.writing() as db:
            row = db.execute("SELECT * FROM commands WHERE token = ?", (token,)).fetchone()
            return self._entry(db, self._ripen(db, row)) if row is not None else None

    def choose(self, token: str, way: str) -> Entry | None:
        """What a person does on the payment page: pay, decline, confirm, yes, no or late; anything else nothing."""
        with self.writing() as db:
            row = db.execute("SELECT * FROM commands WHERE token = ?", (token,)).fetchone()
            if row is None:
                return None
            row = self._ripen(db, row)
            asked, state = _asked(row), row["state"]
            if (state, way) in {("page", "pay"), ("confirming", "yes")}:
                self._settle(db, asked, "")
            elif (state, way) in {("page", "decline"), ("confirming", "no")}:
                self._settle(db, asked, DECLINED if way == "decline" else NOT_CONFIRMED)
            elif (state, way) == ("page", "confirm"):
                db.execute("UPDATE commands SET state = 'confirming' WHERE key = ?", (asked.key,))
            elif (state, way) == ("page", "late"):
                due = self.now() + self.late_seconds
                db.execute("UPDATE commands SET state = 'waiting', due = ? WHERE key = ?", (due, asked.key))
            return self._entry(db, self._row(db, asked.key))

    def effects(self) -> list[Effect]:
        """All that was ever done, in order: what the tests hold a marketplace's ledger against."""
        with self._open() as db:
            rows = db.execute(
                "SELECT number, key, effect, hold, who, currency, amount FROM effects ORDER BY number"
            ).fetchall()
        return [Effect(*row) for row in rows]

    def recent(self, most: int = 30) -> list[Entry]:
        """What was asked last, the newest first."""
        with self.writing() as db:
            rows = db.execute("SELECT * FROM commands ORDER BY created DESC, rowid DESC LIMIT ?", (most,)).fetchall()
            return [self._entry(db, self._ripen(db, row)) for row in rows]

    def calls(self) -> list[tuple[str, str]]:
        """Every (verb, key) asked, in order."""
        with self._open() as db:
            return [(r["verb"], r["key"]) for r in db.execute("SELECT verb, key FROM calls ORDER BY number")]

    def settled(self, since: float, until: float) -> list[Entry]:
        """Entries settled from ``since`` up to ``until`` (seconds since 1970)."""
        with self.writing() as db:
            for row in db.execute("SELECT * FROM commands WHERE state IN ('page', 'confirming', 'waiting')").fetchall():
                self._ripen(db, row)
            rows = db.execute(
                "SELECT * FROM commands WHERE settled >= ? AND settled < ? ORDER BY settled, key", (since, until)
            ).fetchall()
            return [self._entry(db, row) for row in rows]

    def balance(self, currency: str) -> int:
        """What lies here of the marketplace's money, all accounts together."""
        still = "('transfer', 'fee', 'reclaim')"
        sign = f"CASE WHEN effect = 'charge' THEN amount WHEN effect IN {still} THEN 0 ELSE -amount END"
        with self._open() as db:
            done = db.execute(
                f"SELECT coalesce(sum({sign}), 0) FROM effects WHERE currency = ?", (currency,)  # noqa: S608
            ).fetchone()
            came = db.execute(
                "SELECT coalesce(sum(moved), 0) FROM happenings WHERE currency = ?", (currency,)
            ).fetchone()
        return int(done[0]) + int(came[0])

    def payee_balance(self, payee: str, currency: str) -> int:
        """What lies here of ``payee``'s own money."""
        with self._open() as db:
            return self._payee_balance(db, payee, currency)

    def undelivered(self) -> list[tuple[str, bytes]]:
        """Messages (id, body) that were not taken yet, oldest first."""
        with self._open() as db:
            rows = db.execute("SELECT id, body FROM messages WHERE delivered IS NULL ORDER BY created").fetchall()
        return [(r["id"], r["body"].encode()) for r in rows]

    def messages(self, after: int) -> list[tuple[int, str]]:
        """Every message (number, body) whose number is above ``after``, sent or not."""
        with self._open() as db:
            rows = db.execute("SELECT rowid, body FROM messages WHERE rowid > ? ORDER BY rowid", (after,)).fetchall()
        return [(r[0], r[1]) for r in rows]

    def delivered(self, message: str) -> None:
        """Note that ``message`` was taken."""
        with self.writing() as db:
            db.execute("UPDATE messages SET delivered = ? WHERE id = ?", (self.now(), message))

    def ripen(self) -> None:
        """Settle what is due: late payments and expired pages."""
        self.settled(0, 0)

    def _call(self, db: sqlite3.Connection, verb: str, key: str) -> None:
        db.execute("INSERT INTO calls (verb, key, at) VALUES (?, ?, ?)", (verb, key, self.now()))

    def _place(self, db: sqlite3.Connection, asked: Asked) -> None:
        values = {**asdict(asked), "token": secrets.token_urlsafe(18), "state": "page", "created": self.now()}
        names = ", ".join(values)
        marks = ", ".join(f":{n}" for n in values)
        db.execute(f"INSERT INTO commands ({names}) VALUES ({marks})", values)  # noqa: S608  names are the fields above

    def _ripen(self, db: sqlite3.Connection, row: sqlite3.Row) -> sqlite3.Row:
        now = self.now()
        if row["state"] == "waiting" and row["kind"] != "fund":
            self._leave(db, _asked(row))
        elif row["state"] == "waiting" and row["due"] <= now:
            self._settle(db, _asked(row), "")
        elif row["state"] in ("page", "confirming") and row["created"] + self.page_minutes * 60 <= now:
            self._settle(db, _asked(row), EXPIRED)
        return self._row(db, row["key"])

    def _leave(self, db: sqlite3.Connection, asked: Asked) -> None:
        """Let money leave its payment, or refuse that; while the payer's bank disputes the payment it waits."""
        if asked.kind != "payout" and not asked.arrival and _is_disputed(db, asked.funding):
            db.execute("UPDATE commands SET state = 'waiting' WHERE key = ?", (asked.key,))
        else:
            self._settle(db, asked, "" if self._covered(db, asked) else NOT_ENOUGH)

    def _covered(self, db: sqlite3.Connection, asked: Asked) -> bool:
        if asked.kind == "payout":
            return asked.amount <= self._payee_balance(db, asked.payee, asked.currency)
        if asked.arrival:
            return asked.amount <= self.arrival_left(db, asked.arrival)
        later = asked.kind == "refund" and asked.reclaim > 0
        gone = "('refund')" if later else "('transfer', 'fee', 'refund')"
        left = db.execute(
            f"SELECT coalesce(sum(CASE WHEN effect = 'charge' THEN amount WHEN effect IN {gone} THEN -amount "  # noqa: S608
            "ELSE 0 END), 0) FROM effects WHERE funding = ? AND currency = ?",
            (asked.funding, asked.currency),
        ).fetchone()[0]
        kinds = "('dispute_opened', 'dispute_won', 'dispute_lost', 'funding_failed')"
        back = db.execute(
            f"SELECT coalesce(sum(moved + fee), 0) FROM happenings WHERE key = ? AND kind IN {kinds}",  # noqa: S608
            (asked.funding,),
        ).fetchone()[0]
        return bool(asked.amount + asked.fee + asked.refund <= left + back)

    def _payee_balance(self, db: sqlite3.Connection, payee: str, currency: str) -> int:
        sums = "sum(CASE effect WHEN 'transfer' THEN amount WHEN 'payout' THEN -amount WHEN 'reclaim' THEN -amount END)"
        done = db.execute(
            f"SELECT coalesce({sums}, 0) FROM effects WHERE who = ? AND currency = ?", (payee, currency)  # noqa: S608
        ).fetchone()[0]
        returned = db.execute(
            "SELECT coalesce(sum(moved), 0) FROM happenings WHERE kind = 'payout_returned' AND who = ? "
            "AND currency = ?", (payee, currency),
        ).fetchone()[0]
        return int(done) + int(returned)

    def arrival_left(self, db: sqlite3.Connection, reference: str) -> int:
        """What of the arrival ``reference`` nobody has used or sent back."""
        kinds = "('arrived', 'arrival_left', 'arrival_used')"
        came = db.execute(
            f"SELECT coalesce(sum(moved), 0) FROM happenings WHERE reference = ? AND kind IN {kinds}",  # noqa: S608
            (reference,),
        ).fetchone()[0]
        back = db.execute(
            "SELECT coalesce(sum(e.amount), 0) FROM effects e JOIN commands c ON c.key = e.key "
            "WHERE c.arrival = ? AND e.effect = 'refund'", (reference,),
        ).fetchone()[0]  # fmt: skip
        return int(came) - int(back)

    def _settle(self, db: sqlite3.Connection, asked: Asked, refused: str) -> None:
        if not refused:
            left = self._payee_balance(db, asked.payee, asked.currency)
            for effect, who, amount in _movements(asked, self.fee, left):
                if amount:
                    db.execute(
                        "INSERT INTO effects (key, effect, hold, funding, who, currency, amount, at) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        (asked.key, effect, asked.hold, asked.funding or asked.key, who, asked.currency, amount,
                         self.now()),
                    )  # fmt: skip
        db.execute(
            "UPDATE commands SET state = ?, reason = ?, settled = ? WHERE key = ?",
            ("failed" if refused else "confirmed", refused, self.now(), asked.key),
        )
        entry = self._entry(db, self._row(db, asked.key))
        self.say(db, {"id": f"{asked.key}.{entry.state}", "key": asked.key, "outcome": entry.state,
                      "amount": asked.amount, "fee": entry.charged, "reason": entry.reason})  # fmt: skip

    def settle(self, db: sqlite3.Connection, key: str) -> None:
        """Confirm the payment ``key``, whose money is there."""
        self._settle(db, _asked(self._row(db, key)), "")

    def say(self, db: sqlite3.Connection, body: dict[str, Any]) -> None:
        """Have a message ready to be sent."""
        db.execute(
            "INSERT INTO messages (id, body, created) VALUES (?, ?, ?)", (body["id"], json.dumps(body), self.now())
        )

    def _row(self, db: sqlite3.Connection, key: str) -> sqlite3.Row:
        row: sqlite3.Row = db.execute("SELECT * FROM commands WHERE key = ?", (key,)).fetchone()
        return row

    def _entry(self, db: sqlite3.Connection, row: sqlite3.Row) -> Entry:
        charged = db.execute(
            "SELECT coalesce(sum(amount), 0) FROM effects WHERE key = ? AND effect = 'provider_fee'", (row["key"],)
        ).fetchone()[0]
        back = db.execute(
            "SELECT coalesce(sum(amount), 0) FROM effects WHERE key = ? AND effect = 'reclaim'", (row["key"],)
        ).fetchone()[0]
        return Entry(_asked(row), row["token"], row["state"], row["reason"], int(charged), row["settled"], int(back))


def _is_disputed(db: sqlite3.Connection, funding: str) -> bool:
    """Whether a dispute of the payment ``funding`` is open, be it one that only asks."""
    ended = "SELECT 1 FROM happenings e WHERE e.reference = o.reference AND e.kind IN ('dispute_won', 'dispute_lost')"
    found = db.execute(
        f"SELECT 1 FROM happenings o WHERE o.key = ? AND o.kind = 'dispute_opened' AND NOT EXISTS ({ended})",  # noqa: S608
        (funding,),
    ).fetchone()  # fmt: skip
    return found is not None


def _asked(row: sqlite3.Row) -> Asked:
    values: dict[str, Any] = {name: row[name] for name in Asked.__dataclass_fields__}
    return Asked(**values)


def _movements(asked: Asked, fee: Callable[[int], int], left: int) -> list[tuple[str, str, int]]:
    """What ``asked`` moves; ``left`` is what lies on the payee's balance, of which no more comes back."""
    if asked.kind == "fund":
        return [("charge", asked.payer, asked.amount), ("provider_fee", "sandbox", fee(asked.amount))]
    if asked.kind == "refund":
        back = max(0, min(asked.reclaim, left))
        return [("reclaim", asked.payee, back), ("refund", asked.payer, asked.amount)]
    if asked.kind == "payout":
        back = max(0, min(asked.reclaim, left - asked.amount))
        return [("reclaim", asked.payee, back), ("payout", asked.payee, asked.amount)]
    return [
        ("transfer", asked.payee, asked.amount), ("fee", "marketplace", asked.fee),
        ("refund", asked.payer, asked.refund),
    ]  # fmt: skip
