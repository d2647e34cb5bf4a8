"""A double of {{ cookiecutter.__class }} on this machine: ``marketwright drill money --provider {{ cookiecutter.plugin_name }}``.

It answers the plugin's own calls and those of docs/payment-doubles.md, and keeps all it knows in one file: it is killed
at any moment and started again.
"""

import argparse
import hashlib
import hmac
import json
import sqlite3
import time
import urllib.request
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import RLock, Thread
from urllib.parse import parse_qs, urlsplit

NAME = "{{ cookiecutter.plugin_name }}"
HOSTS = ("api.{{ cookiecutter.plugin_name.replace('_', '-') }}.example",)
ENVIRONMENT = {"{{ cookiecutter.plugin_name|upper }}_KEY": "drill", "{{ cookiecutter.plugin_name|upper }}_SIGNING_SECRET": "a-secret-of-the-drill"}
MOVES = {"fund": [("charge", "amount")], "release": [("transfer", "amount"), ("fee", "fee")],
         "refund": [("refund", "amount")], "payout": [("payout", "amount")],
         "split": [("transfer", "amount"), ("fee", "fee"), ("refund", "refund")]}
WEIGHT = {"charge": 1, "refund": -1, "payout": -1}
FAULTS = ("reset_before", "reset_after", "429", "500_before", "500_after", "bad_json")
SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (key TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS effects (number INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT, command TEXT, of TEXT,
  payee TEXT, amount INTEGER, currency TEXT, UNIQUE (kind, command));
CREATE TABLE IF NOT EXISTS messages (number INTEGER PRIMARY KEY AUTOINCREMENT, command TEXT, body TEXT,
  sent INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS faults (number INTEGER PRIMARY KEY AUTOINCREMENT, call TEXT, fault TEXT, times INTEGER);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT);
"""


class Books:
    """Orders, what each moved, messages and faults, in one file; one commit before each answer."""

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.lock = RLock()
        self.db = sqlite3.connect(folder / "double.sqlite", isolation_level=None, check_same_thread=False)
        self.db.row_factory = sqlite3.Row
        self.db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + SCHEMA)

    def rows(self, statement, *values):
        with self.lock:
            return [dict(r) for r in self.db.execute(statement, values).fetchall()]

    def order(self, key):
        found = self.rows("SELECT body FROM orders WHERE key = ?", key)
        return json.loads(found[0]["body"]) if found else None

    def place(self, asked, base):
        with self.lock:
            known = self.order(asked["key"])
            if known is not None:
                return known if all(known[n] == v for n, v in asked.items()) else None
            order = {**asked, "id": f"ord-{asked['key']}", "state": "open", "reason": "", "settled": "", "cost": 0,
                     "page": f"{base}/pay/{asked['key']}" if asked["kind"] == "fund" else ""}
            if asked["kind"] == "fund":
                self.db.execute("INSERT INTO orders VALUES (?, ?)", (order["key"], json.dumps(order)))
                return order
            return self.settle(order, "" if self.covered(order) else "There is not that much left.")

    def covered(self, order):
        if order["kind"] == "payout":
            kept = {"transfer": 1, "payout": -1}
            moved = self.rows("SELECT * FROM effects WHERE payee = ? AND currency = ?", order["payee"], order["currency"])
            return order["amount"] <= sum(kept.get(e["kind"], 0) * e["amount"] for e in moved)
        moved = self.rows("SELECT * FROM effects WHERE of = ? AND currency = ?", order["of"], order["currency"])
        left = sum((1 if e["kind"] == "charge" else -1) * e["amount"] for e in moved)
        return order["amount"] + order["fee"] + order["refund"] <= left

    def settle(self, order, refused=""):
        order.update(state="refused" if refused else "done", reason=refused, page="",
                     settled=datetime.now(UTC).isoformat())
        said = {"id": f"evt-{order['id']}-{order['state']}", "type": "order.settled", "order": order}
        with self.lock:
            self.db.execute("BEGIN IMMEDIATE")
            self.db.execute("INSERT OR REPLACE INTO orders VALUES (?, ?)", (order["key"], json.dumps(order)))
            for kind, amount in [] if refused else [(k, order[n]) for k, n in MOVES[order["kind"]] if order[n]]:
                self.db.execute("INSERT INTO effects (kind, command, of, payee, amount, currency) VALUES (?,?,?,?,?,?)",
                                (kind, order["key"], order["of"] or order["key"], order["payee"], amount,
                                 order["currency"]))
            self.db.execute("INSERT INTO messages (command, body) VALUES (?, ?)", (order["key"], json.dumps(said)))
            self.db.execute("COMMIT")
        return order

    def visit(self, page, choice):
        with self.lock:
            order = self.order(urlsplit(page).path.rpartition("/")[2])
            if order and order["state"] == "open" and choice in ("pay", "decline"):
                self.settle(order, "" if choice == "pay" else "The card was declined.")
            return {"location": order["return_to"] if order else ""}

    def fault(self, call):
        with self.lock:
            found = self.db.execute("UPDATE faults SET times = times - 1 WHERE number = (SELECT number FROM faults "
                                    "WHERE times > 0 AND call IN (?, '*') LIMIT 1) RETURNING fault", (call,)).fetchall()
        return found[0]["fault"] if found else ""

    def balance(self, currency=""):
        found = {}
        for e in self.rows("SELECT * FROM effects"):
            found[e["currency"]] = found.get(e["currency"], 0) + WEIGHT.get(e["kind"], 0) * e["amount"]
        return found.get(currency, 0) if currency else found

    def setting(self, name, value=None):
        if value is not None:
            self.db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))
        found = self.rows("SELECT value FROM settings WHERE name = ?", name)
        return found[0]["value"] if found else ""


def signed(body):
    at, key = int(time.time()), ENVIRONMENT["{{ cookiecutter.plugin_name|upper }}_SIGNING_SECRET"].encode()
    mark = hmac.new(key, f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    return {"{{ cookiecutter.plugin_name }}-signature": f"t={at},v1={mark}", "content-type": "application/json"}


def about(base):
    return {"protocol": 1, "provider": NAME, "settings": {}, "environment": ENVIRONMENT,
            "hosts": {host: base for host in HOSTS}, "faults": list(FAULTS), "deeds": [],
            "calls": ["POST /orders", "GET /orders/:key"], "choices": ["pay", "decline", "leave"]}


class Handler(BaseHTTPRequestHandler):
    books, base = None, ""

    def log_message(self, *_):
        """Write no log lines."""

    def do_GET(self):
        self.serve("GET", {})

    def do_POST(self):
        self.serve("POST", json.loads(self.rfile.read(int(self.headers["content-length"] or 0)) or b"{}"))

    def serve(self, method, asked):
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path.startswith("/_double/"):
            return self.say(200, self.drilled(method, url.path.removeprefix("/_double/"), asked, query))
        fault = self.books.fault(f"{method} /orders{'/:key' if url.path.count('/') > 1 else ''}")
        if fault == "429":
            return self.say(429, {"error": "too many requests"})
        if fault == "500_before":
            return self.say(500, {"error": "internal"})
        status, found = (0, {}) if fault == "reset_before" else self.answer(method, url.path, asked, query)
        if fault.startswith("reset"):
            return self.connection.close()
        return self.say(500 if fault == "500_after" else status, "<html>" if fault == "bad_json" else found)

    def answer(self, method, path, asked, query):
        if method == "POST":
            order = self.books.place(asked, self.base)
            return (200, order) if order else (409, {"error": "key used"})
        if path.startswith("/balance/"):
            return 200, {"amount": self.books.balance(path.rpartition("/")[2])}
        if path == "/orders":
            every = [json.loads(r["body"]) for r in self.books.rows("SELECT body FROM orders")]
            return 200, {"orders": [o for o in every if query["since"] <= o["settled"] < query["until"]]}
        order = self.books.order(path.rpartition("/")[2])
        return (200, order) if order else (404, {"error": "no such order"})

    def drilled(self, method, name, asked, query):
        books = self.books
        if method == "GET":
            if name == "about":
                return about(self.base)
            if name == "balance":
                return books.balance()
            if name == "faults":
                return {"known": FAULTS, "set": books.rows("SELECT * FROM faults WHERE times > 0")}
            if name == "messages":
                found = books.rows("SELECT * FROM messages WHERE number > ?", int(query.get("after", 0)))
                return [{**m, "headers": signed(m["body"])} for m in found]
            return books.rows("SELECT * FROM effects")
        if name == "visit":
            return books.visit(asked["page"], asked.get("choice", "pay"))
        if name == "faults":
            books.rows("INSERT INTO faults (call, fault, times) VALUES (?, ?, ?)", asked["call"], asked["fault"],
                       asked.get("times", 1))
        elif name == "messages":
            books.setting("kept", "yes" if asked["keep_back"] else "no")
        elif name == "calm":
            books.rows("UPDATE faults SET times = 0")
            books.setting("kept", "no")
        return {}

    def say(self, status, found):
        body = found.encode() if isinstance(found, str) else json.dumps(found).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def deliver(books, address):
    while True:
        time.sleep(0.3)
        if books.setting("kept") == "yes":
            continue
        for message in books.rows("SELECT * FROM messages WHERE sent = 0 ORDER BY number"):
            request = urllib.request.Request(address, message["body"].encode(), signed(message["body"]))
            try:
                urllib.request.urlopen(request, timeout=5).close()
            except OSError:
                break
            books.rows("UPDATE messages SET sent = 1 WHERE number = ?", message["number"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--webhook", required=True)
    given = parser.parse_args()
    Handler.books, Handler.base = Books(given.folder), f"http://127.0.0.1:{given.port}"
    Thread(target=deliver, args=(Handler.books, given.webhook), daemon=True).start()
    ThreadingHTTPServer(("127.0.0.1", given.port), Handler).serve_forever()


if __name__ == "__main__":
    main()
