"""Whom the sandbox pays, when its setting ``onboarding`` wants to know: asked on a page, told by a message."""

import json
import secrets
from dataclasses import dataclass

from marketwright_sandbox.books import Books

WANTED = ("identity", "address", "bank_account", "terms")
WAYS = ("give", "without_bank", "refuse")


@dataclass(frozen=True, slots=True)
class PayeeEntry:
    """One payee: ``state`` is page, ready or refused; ``missing`` what is, in the words of ``Need``."""

    payee: str
    token: str
    state: str
    missing: tuple[str, ...]
    return_to: str


class Payees:
    """The payees in ``books``: one account a payee, whatever the key that asks for it."""

    def __init__(self, books: Books) -> None:
        self.books = books

    def open(self, payee: str, return_to: str) -> PayeeEntry:
        """The account of ``payee``, opened when first asked for."""
        with self.books.writing() as db:
            db.execute(
                "INSERT INTO payees (payee, token, state, missing, return_to, version) VALUES (?, ?, 'page', ?, ?, 1) "
                "ON CONFLICT (payee) DO UPDATE SET return_to = excluded.return_to",
                (payee, secrets.token_urlsafe(18), json.dumps(WANTED), return_to),
            )
        found = self.of(payee)
        assert found is not None
        return found

    def of(self, payee: str) -> PayeeEntry | None:
        """The account of ``payee``; ``None`` before the first."""
        return self._read("payee", payee)

    def page(self, token: str) -> PayeeEntry | None:
        """The account whose page is ``token``."""
        return self._read("token", token)

    def choose(self, token: str, way: str) -> PayeeEntry | None:
        """What a person does on the page: give everything, all but the bank account, or what makes it refuse them."""
        states = {"give": ("ready", ()), "without_bank": ("page", ("bank_account",)), "refuse": ("refused", ())}
        if way in states:
            state, missing = states[way]
            with self.books.writing() as db:
                row = db.execute(
                    "UPDATE payees SET state = ?, missing = ?, version = version + 1 WHERE token = ? "
                    "RETURNING payee, version", (state, json.dumps(missing), token),
                ).fetchone()  # fmt: skip
                if row is not None:
                    self.books.say(db, {"id": f"payee-{row['payee']}.{row['version']}", "key": "",
                                        "kind": "payee_changed", "outcome": "waiting", "amount": None, "fee": 0,
                                        "reason": "", "reference": f"payee-{row['payee']}", "currency": "",
                                        "who": row["payee"]})  # fmt: skip
        return self.page(token)

    def _read(self, column: str, value: str) -> PayeeEntry | None:
        with self.books.writing() as db:
            row = db.execute(
                f"SELECT payee, token, state, missing, return_to FROM payees WHERE {column} = ?", (value,)  # noqa: S608
            ).fetchone()
        return PayeeEntry(row[0], row[1], row[2], tuple(json.loads(row[3])), row[4]) if row else None
