"""Events and their signed messages; a thread delivers what is due, as disorderly as it is told to."""

import hashlib
import hmac
import json
import random
import time
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Event as Stop
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from marketwright_stripe.double.call import Call, Thing, listed
from marketwright_stripe.double.log import Log
from marketwright_stripe.double.shapes import fresh

TRIES = 6
SIGNATURE = "Stripe-Signature"
API_VERSION = "2026-10-28.endive"
KEPT = 30 * 24 * 3600  # seconds for which an event is listed


def emit(log: Log, kind: str, thing: Thing, *, account: str = "", request: str = "", key: str = "") -> Thing:
    """Write the event ``kind`` about ``thing`` and one delivery for each endpoint that wants it."""
    event = fresh(
        "event", id=log.new_id("evt"), api_version=API_VERSION, created=log.now(), data={"object": thing}, type=kind,
        pending_webhooks=0, request={"id": request or None, "idempotency_key": key or None},
    )  # fmt: skip
    if account:
        event["account"] = account
    with log.commit():
        log.put(event, account)
        for endpoint in log.all("webhook_endpoint", None):
            connected = endpoint["application"] is not None
            if connected == bool(account) and {"*", kind} & set(endpoint["enabled_events"]):
                _plan(log, event["id"], endpoint["id"])
    return event


def _plan(log: Log, event: str, endpoint: str) -> None:
    wish = json.loads(log.setting("webhooks", "{}"))
    dice = random.Random(f"{wish.get('seed', 0)}:{event}")  # noqa: S311  a drill, repeatable
    if dice.random() < wish.get("drop", 0):
        return
    copies = 1 + (int(wish.get("copies", 1)) if dice.random() < wish.get("duplicate", 0) else 0)
    for _ in range(copies):
        delay = dice.uniform(0, wish.get("delay", 0))
        log.db.execute(
            "INSERT INTO deliveries (event, endpoint, due) VALUES (?, ?, ?)", (event, endpoint, time.time() + delay)
        )


def sign(body: bytes, secrets: list[str], at: int) -> str:
    """The header for ``body``: one v1 signature for each active secret."""
    made = [hmac.new(s.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest() for s in secrets]
    return ",".join([f"t={at}", *(f"v1={m}" for m in made)])


class Postman(Thread):
    """Delivers due messages until it is stopped; what is not answered with 2xx is tried again, later each time."""

    def __init__(self, log: Log) -> None:
        super().__init__(daemon=True, name="stripe-double-postman")
        self.log, self.stop = log, Stop()

    def run(self) -> None:
        """Deliver, look again, deliver."""
        while not self.stop.wait(0.02):
            if self.log.setting("paused", "") != "yes":
                self.deliver_due()

    def deliver_due(self) -> int:
        """Deliver what is due now; returns how many were tried."""
        with self.log.lock:
            rows = self.log.db.execute(
                "SELECT * FROM deliveries WHERE done = 0 AND due <= ? ORDER BY due LIMIT 50", (time.time(),)
            ).fetchall()
        for row in rows:
            self._deliver(dict(row))
        return len(rows)

    def _deliver(self, row: dict[str, Any]) -> None:
        event = self.log.get(row["event"], "event", None)
        endpoint = self.log.get(row["endpoint"], "webhook_endpoint", None)
        status = post(self.log, endpoint, event) if event and endpoint else 410
        done = 200 <= status < 300 or row["tries"] + 1 >= TRIES or status == 410
        with self.log.commit():
            self.log.db.execute(
                "UPDATE deliveries SET tries = tries + 1, done = ?, status = ?, due = ? WHERE number = ?",
                (int(done), status, time.time() + 0.2 * 3 ** row["tries"], row["number"]),
            )


def post(log: Log, endpoint: Thing, event: Thing) -> int:
    """Post one message to ``endpoint``; the status it answered, 0 for none."""
    body = json.dumps(event).encode()
    parts = urlsplit(endpoint["url"])
    maker = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = maker(parts.hostname or "", parts.port, timeout=20)
    header = sign(body, log.setting(f"secret:{endpoint['id']}", "").split(","), int(time.time()))
    try:
        connection.request("POST", parts.path or "/", body, {SIGNATURE: header, "Content-Type": "application/json"})
        return int(connection.getresponse().status)
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()


def create_endpoint(call: Call) -> Thing:
    """POST /v1/webhook_endpoints; the secret is shown once, here."""
    secret = call.log.new_id("whsec")
    return add_endpoint(call.log, call.params["url"], secret, list(call.params["enabled_events"]),
                        connect=bool(call.params.get("connect")))  # fmt: skip


def list_endpoints(call: Call) -> Thing:
    """GET /v1/webhook_endpoints."""
    return listed(call, "webhook_endpoint", "/v1/webhook_endpoints")


def add_endpoint(log: Log, url: str, secret: str, events: list[str], *, connect: bool = False) -> Thing:
    """Register an endpoint with its ``secret`` (several, parted by commas, while one replaces another)."""
    endpoint = fresh(
        "webhook_endpoint", id=log.new_id("we"), url=url, enabled_events=events, created=log.now(), status="enabled",
        application="connect" if connect else None, api_version=API_VERSION,
    )  # fmt: skip
    log.put(endpoint)
    log.set(f"secret:{endpoint['id']}", secret)
    return {**endpoint, "secret": secret}


def list_events(call: Call) -> Thing:
    """GET /v1/events: those of the last 30 days."""
    kinds = set(call.params.get("types") or ([call.params["type"]] if call.params.get("type") else []))
    oldest = call.now - KEPT
    return listed(call, "event", "/v1/events",
                  lambda e: e["created"] >= oldest and (not kinds or e["type"] in kinds))  # fmt: skip
