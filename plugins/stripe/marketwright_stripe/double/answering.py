"""From a request to an answer: key, parameters, idempotency, endpoint, faults. Knows nothing of sockets."""

import hashlib
import json
import logging
from dataclasses import dataclass, field
from typing import Any

from marketwright_stripe.double import params
from marketwright_stripe.double.call import Call
from marketwright_stripe.double.events import API_VERSION
from marketwright_stripe.double.expanding import expanded
from marketwright_stripe.double.log import KEY_LIFE, Log
from marketwright_stripe.double.refusals import Refused
from marketwright_stripe.double.routes import Route, find

log = logging.getLogger("marketwright_stripe.double")
FAULTS = (
    "refused", "timeout_before", "timeout_after", "reset_before", "reset_after", "429", "500_before", "500_after",
    "bad_json", "truncated", "balance_insufficient", "restricted",
)  # fmt: skip
LONGEST_KEY = 255


@dataclass(slots=True)
class Reply:
    """``fault`` tells the socket's side what to do with an answer: hold it back, cut it, drop the line."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came in; header names in lower case."""

    method: str
    path: str
    query: str
    body: str
    headers: dict[str, str]
    base: str


class Desk:
    """Answers requests from one log."""

    def __init__(self, log: Log, secret_key: str) -> None:
        self.log, self.secret_key = log, secret_key

    def answer(self, asked: Asked) -> Reply:
        """The whole life of one API request; its effects are committed before this returns."""
        name = self.log.new_id("req")
        found = find(asked.method, asked.path)
        call = found[0].call if found else f"{asked.method} {asked.path}"
        fault = self._fault(call)
        try:
            reply = self._served(asked, found, fault, name)
        except Refused as refused:
            reply = _reply(refused.status, refused.body, refused.headers)
        except Exception:
            log.exception("the double failed in %s", call)
            reply = _reply(500, {"error": {"message": "The double itself failed.", "type": "api_error"}})
        reply.headers.setdefault("Request-Id", name)
        reply.headers.setdefault("Stripe-Version", asked.headers.get("stripe-version", API_VERSION))
        reply.fault = fault
        with self.log.commit():
            self.log.db.execute(
                "INSERT INTO calls (call, key, status, at) VALUES (?, ?, ?, ?)",
                (call, asked.headers.get("idempotency-key", ""), reply.status, self.log.now()),
            )
        return reply

    def _fault(self, call: str) -> str:
        with self.log.commit():
            row = self.log.db.execute(
                "SELECT number, fault FROM faults WHERE times > 0 AND (call = ? OR call = '*') ORDER BY number LIMIT 1",
                (call,),
            ).fetchone()
            if row is None:
                return ""
            self.log.db.execute("UPDATE faults SET times = times - 1 WHERE number = ?", (row["number"],))
            return str(row["fault"])

    def _served(self, asked: Asked, found: tuple[Route, tuple[str, ...]] | None, fault: str, name: str) -> Reply:
        if fault in ("refused", "timeout_before", "reset_before"):
            return _reply(0, {})
        self._authenticate(asked)
        if found is None:
            raise Refused(404, f"Unrecognized request URL ({asked.method}: {asked.path}).", kept=False)
        if fault == "429":
            raise Refused(429, "Too many requests hit the API too quickly. We recommend an exponential backoff.",
                          code="rate_limit", kept=False, headers={"Retry-After": "1"})  # fmt: skip
        reply = self._once(asked, *found, fault, name)
        if fault == "bad_json":
            reply.body = b"<html><body>Service unavailable</body></html>"
        return reply

    def _authenticate(self, asked: Asked) -> None:
        kind, _, given = asked.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or given != self.secret_key:
            shown = f"{given[:8]}****{given[-4:]}" if given else ""
            raise Refused(401, f"Invalid API Key provided: {shown}", kept=False)
        account = asked.headers.get("stripe-account", "")
        if account and self.log.get(account, "account") is None:
            raise Refused(403, f"The provided key does not have access to account '{account}'.",
                          code="account_invalid", kept=False)  # fmt: skip

    def _once(self, asked: Asked, route: Route, ids: tuple[str, ...], fault: str, name: str) -> Reply:
        key = asked.headers.get("idempotency-key", "") if asked.method == "POST" else ""
        if len(key) > LONGEST_KEY:
            raise Refused(400, f"Idempotency keys can be at most {LONGEST_KEY} characters.", kept=False)
        account = asked.headers.get("stripe-account", "")
        digest = hashlib.sha256(f"{asked.method} {asked.path}\n{asked.body}".encode()).hexdigest()
        given = params.check(params.decode(asked.body if asked.method == "POST" else asked.query),
                             params.shape(route.module, route.params))  # fmt: skip
        call = Call(
            self.log, given, account, ids, asked.base, name, key,
            asked.headers.get("stripe-version", API_VERSION), asked.headers,
        )  # fmt: skip
        with self.log.commit():
            if key and (kept := self._kept(account, key, digest)):
                return kept
            reply = _broken() if fault == "500_before" else self._run(route, call, fault)
            if fault == "500_after":
                reply = _broken()
            if key:  # a stored 500 is replayed too: only a look-up tells what was done
                self.log.db.execute(
                    "INSERT INTO keys (account, key, asked, status, body, at) VALUES (?, ?, ?, ?, ?, ?)",
                    (account, key, digest, reply.status, reply.body.decode(), self.log.now()),
                )
            return reply

    def _kept(self, account: str, key: str, digest: str) -> Reply | None:
        self.log.db.execute("DELETE FROM keys WHERE at <= ?", (self.log.now() - KEY_LIFE,))
        row = self.log.db.execute("SELECT * FROM keys WHERE account = ? AND key = ?", (account, key)).fetchone()
        if row is None:
            return None
        if row["asked"] != digest:
            raise Refused(
                400, "Keys for idempotent requests can only be used with the same parameters they were first used "
                f"with. Try using a key other than '{key}' if you meant to execute a different request.",
                kind="idempotency_error", kept=False,
            )  # fmt: skip
        return Reply(row["status"], row["body"].encode(), {"Idempotent-Replayed": "true", "Original-Request": key})

    def _run(self, route: Route, call: Call, fault: str) -> Reply:
        """Run the endpoint; its refusal undoes what it began and is kept under the key, as Stripe keeps it."""
        self.log.db.execute("SAVEPOINT endpoint")
        try:
            if fault == "balance_insufficient":
                raise Refused(400, "You have insufficient available funds in your Stripe account.",
                              code="balance_insufficient", kept=False)  # fmt: skip
            if fault == "restricted":
                raise Refused(400, "This account is restricted.", code="account_invalid", kept=False)
            body: Any = expanded(call, route.endpoint(call))
        except Refused as refused:
            if refused.status != 402:  # a declined card leaves its failed charge behind
                self.log.db.execute("ROLLBACK TO endpoint")
            if not refused.kept:
                raise
            return _reply(refused.status, refused.body, refused.headers)
        finally:
            self.log.db.execute("RELEASE endpoint")
        return _reply(200, body)


def _broken() -> Reply:
    return _reply(500, {"error": {"message": "An unknown error occurred", "type": "api_error"}})


def _reply(status: int, body: Any, headers: dict[str, str] | None = None) -> Reply:
    return Reply(status, json.dumps(body, indent=2).encode(), dict(headers or {}))
