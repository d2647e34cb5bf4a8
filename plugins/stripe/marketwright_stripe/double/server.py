"""The double's sockets: plain HTTP on loopback, and the faults that only a socket can have."""

import json
import socket
import struct
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from marketwright_stripe.double.answering import Asked, Desk, Reply
from marketwright_stripe.double.hosted import visit
from marketwright_stripe.double.log import Log
from marketwright_stripe.double.referee import control
from marketwright_stripe.double.wording import spoken

LONGEST = 10 * 1024 * 1024
SILENCE = 120.0  # seconds for which a call that "times out" is held open


class Double(ThreadingHTTPServer):
    """Serves one log on 127.0.0.1; ``silence`` is how long a call that times out hangs."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, log: Log, secret_key: str, *, silence: float = SILENCE) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.log, self.desk, self.silence = log, Desk(log, secret_key), silence

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: two would wait for each other 40 ms
    disable_nagle_algorithm = True
    server: Double

    def do_GET(self) -> None:
        """Answer a GET."""
        self._serve()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._serve()

    def log_message(self, *_args: Any) -> None:
        """Write no log lines."""

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LONGEST:
            self._send(413, b'{"error": {"message": "too long"}}', {})
            return
        body = self.rfile.read(length).decode("utf-8", "replace")
        parts = urlsplit(self.path)
        if parts.path.startswith("/_double/"):
            status, found = control(self.server.log, self.command, parts.path, body, query=parts.query,
                                    base=self.server.base)  # fmt: skip
            self._send(status, json.dumps(found).encode(), {})
        elif parts.path.startswith("/v1/"):
            headers = {k.lower(): v for k, v in self.headers.items()}
            asked = Asked(self.command, parts.path, parts.query, body, headers, self.server.base)
            self._reply(self.server.desk.answer(asked))
        elif parts.path.count("/") >= 2 and parts.path.split("/")[1] in ("pay", "bank", "onboard", "transfer"):
            language = spoken(self.headers.get("Accept-Language") or "")
            status, address, html = visit(self.server.log, self.command, parts.path, body, self.server.base, language)
            self._send(status, html.encode(), {"Location": address} if address else {}, "text/html; charset=utf-8")
        else:
            self._send(404, b"{}", {})

    def _reply(self, reply: Reply) -> None:
        if reply.fault in ("refused", "reset_before", "reset_after"):
            self._hang_up()
        elif reply.fault in ("timeout_before", "timeout_after"):
            time.sleep(self.server.silence)
            self._hang_up()
        elif reply.fault == "truncated":
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body[: len(reply.body) // 2])
            self._hang_up()
        else:
            self._send(reply.status, reply.body, reply.headers)

    def _hang_up(self) -> None:
        """Reset the connection: the other side reads an error, never an end."""
        self.close_connection = True
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _send(self, status: int, body: bytes, headers: dict[str, str], kind: str = "application/json") -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
