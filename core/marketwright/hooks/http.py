"""Calling outside services: only the hosts that the manifest declares, with limits, and never into our own network.

The address is looked up once and the connection goes to what was found (no second answer can lead elsewhere).
Redirects are given back, not followed.
"""

import http.client
import ipaddress
import json
import os
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import field, replace
from threading import Timer
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from marketwright.hooks.permits import DeskRefused
from marketwright.kernel.errors import Unavailable
from marketwright.kernel.frozen import dataclass

TIMEOUT = 10.0  # seconds, unless a call asks for less or more
LONGEST_TIMEOUT = 20.0
LARGEST = 1024 * 1024  # bytes of an answer


class HttpRefused(DeskRefused):
    """The call is not allowed: an undeclared host, plain HTTP, a private address."""


class HttpFailed(Unavailable):
    """No usable answer. ``sent`` is false when the request surely never reached the other side."""

    def __init__(self, message: str, *, sent: bool, **params: Any) -> None:
        self.sent = sent
        super().__init__(message, **params)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back: status, headers (lower-case names), body."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body as JSON; :class:`HttpFailed` when it is none (the request was sent)."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise HttpFailed("The answer is no JSON.", sent=True) from error


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request on its way out: ``port`` and ``path`` as in ``url``; ``timeout`` in seconds, for all of it."""

    method: str
    url: str
    host: str
    port: int
    path: str
    tls: bool
    headers: Mapping[str, str]
    body: bytes
    timeout: float


Transport = Callable[[HttpRequest, str], HttpAnswer]
STAND_INS = "MARKETWRIGHT_STAND_INS"


@dataclass(frozen=True, slots=True)
class Http:
    """The way out for one plugin. ``hosts`` are those of its manifest, ``stage`` that of the marketplace.

    ``https`` alone, except to loopback below live. Private addresses are refused above demo; loopback is reached
    below live where the manifest names it.
    """

    plugin: str
    hosts: tuple[str, ...]
    stage: str
    transport: Transport | None = None

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, timeout: float = TIMEOUT) -> HttpAnswer:
        """Read ``url``."""
        return self.request("GET", url, headers=headers, timeout=timeout)

    def post(
        self, url: str, *, json: Any = None, form: Mapping[str, str] | None = None, body: bytes = b"",
        headers: Mapping[str, str] | None = None, timeout: float = TIMEOUT,
    ) -> HttpAnswer:  # fmt: skip
        """Send JSON, a form, or ``body`` as it is."""
        return self.request("POST", url, json=json, form=form, body=body, headers=headers, timeout=timeout)

    def request(
        self, method: str, url: str, *, json: Any = None, form: Mapping[str, str] | None = None, body: bytes = b"",
        headers: Mapping[str, str] | None = None, timeout: float = TIMEOUT,
    ) -> HttpAnswer:  # fmt: skip
        """Any method. Raises :class:`HttpRefused` before anything is sent, :class:`HttpFailed` without an answer."""
        sent, kind = _body(json, form, body)
        given = {"user-agent": f"marketwright ({self.plugin})", "accept": "application/json"}
        given |= ({"content-type": kind} if kind else {}) | {k.lower(): v for k, v in (headers or {}).items()}
        if any("\n" in v or "\r" in v for v in given.values()):
            raise HttpRefused("a header holds a line break")
        parts = self._allowed(url)
        request = HttpRequest(
            method.upper(), url, str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80),
            (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), parts.scheme == "https", given, sent,
            max(0.1, min(timeout, LONGEST_TIMEOUT)),
        )  # fmt: skip
        if self.transport is not None:
            return self.transport(request, request.host)
        if self.stage != "live" and (played := stand_in(request)) is not None:
            return send(played, "127.0.0.1")
        return send(request, self._address(request))

    def _allowed(self, url: str) -> SplitResult:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError as error:
            raise HttpRefused(f"{url!r} is no address") from error
        if not ({host, f"{host}:{port}"} & set(self.hosts)):
            declared = ", ".join(self.hosts) or "none"
            raise HttpRefused(f"{self.plugin} does not declare the host {host!r} in its manifest (hosts: {declared})")
        if parts.username or parts.password:
            raise HttpRefused("an address with a password in it; send a header instead")
        if parts.scheme != "https" and not (parts.scheme == "http" and _loopback(host) and self.stage != "live"):
            raise HttpRefused(f"{url!r} is not https")
        return parts

    def _address(self, request: HttpRequest) -> str:
        """The address to connect to, looked up once; every answer of the look-up must be allowed."""
        try:
            found = socket.getaddrinfo(request.host, request.port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise HttpFailed("%(host)s cannot be found.", sent=False, host=request.host) from error
        addresses = [str(f[4][0]) for f in found]
        for address in addresses:
            if not self._may_reach(request.host, address):
                raise HttpRefused(f"{request.host} leads to {address}, an address that is not public")
        return addresses[0]

    def _may_reach(self, host: str, address: str) -> bool:
        ip = ipaddress.ip_address(address.partition("%")[0])
        ip = getattr(ip, "ipv4_mapped", None) or ip
        if ip.is_global and not ip.is_multicast and not any(ip in network for network in _WAYS_ROUND):
            return True
        if self.stage == "live":
            return False
        return self.stage == "demo" or (ip.is_loopback and _loopback(host))


# IPv6 ranges that count as global and may carry an IPv4 address of our own: NAT64, 6to4, compatible, old site-local.
_WAYS_ROUND = tuple(
    ipaddress.ip_network(n) for n in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "::/96", "fec0::/10")
)


def stand_in(request: HttpRequest) -> HttpRequest | None:
    """The request as it goes to who plays its host on this machine, where ``MARKETWRIGHT_STAND_INS`` names one."""
    for pair in os.environ.get(STAND_INS, "").split():
        host, _, origin = pair.partition("=")
        parts = urlsplit(origin)
        if host == request.host and parts.scheme == "http" and _loopback(parts.hostname or ""):
            return replace(request, port=parts.port or 80, tls=False)
    return None


def _loopback(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


def _body(data: Any, form: Mapping[str, str] | None, body: bytes) -> tuple[bytes, str]:
    if data is not None:
        return json.dumps(data, separators=(",", ":")).encode(), "application/json"
    if form is not None:
        return urlencode(form).encode(), "application/x-www-form-urlencoded"
    return body, ""


def send(request: HttpRequest, address: str) -> HttpAnswer:
    """Send ``request`` to ``address`` and read the answer within its time and size."""
    until = monotonic() + request.timeout
    connection = _connect(request, address, until)
    sock = connection.sock  # the connection forgets it when the other side will close
    try:
        with _within(sock, until):
            connection.request(request.method, request.path, body=request.body or None, headers=dict(request.headers))
            answer = connection.getresponse()
            body = _read(sock, answer, until)
        return HttpAnswer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, body)
    except (OSError, http.client.HTTPException) as error:
        raise HttpFailed("%(host)s did not answer: %(why)s", sent=True, host=request.host,
                         why=f"{type(error).__name__} {error}".strip()) from error  # fmt: skip
    finally:
        connection.close()


@contextmanager
def _within(sock: socket.socket, until: float) -> Iterator[None]:
    """End what is under way on ``sock`` at ``until``: its own time-out begins anew with every byte that drips in."""
    sock.settimeout(max(0.1, until - monotonic()))
    watch = Timer(max(0.1, until - monotonic()), _cut, (sock,))
    watch.daemon = True
    watch.start()
    try:
        yield
        if monotonic() >= until:
            raise TimeoutError("the time is up")
    finally:
        watch.cancel()


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _connect(request: HttpRequest, address: str, until: float) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection(request.host, request.port)
    try:
        raw = socket.create_connection((address, request.port), timeout=request.timeout)
        try:
            if request.tls:
                secured = ssl.create_default_context().wrap_socket(
                    raw, server_hostname=request.host, do_handshake_on_connect=False
                )
                raw = secured
                with _within(secured, until):
                    secured.do_handshake()
        except BaseException:
            raw.close()
            raise
        connection.sock = raw
    except OSError as error:
        raise HttpFailed("%(host)s cannot be reached: %(why)s", sent=False, host=request.host,
                         why=str(error)) from error  # fmt: skip
    return connection


def _read(sock: socket.socket, answer: http.client.HTTPResponse, until: float) -> bytes:
    found = bytearray()
    while chunk := answer.read1(65536):
        found += chunk
        if len(found) > LARGEST:
            raise HttpFailed("The answer is larger than %(most)s bytes.", sent=True, most=LARGEST)
        left = until - monotonic()
        if left <= 0:
            raise TimeoutError("the time is up")
        if sock.fileno() != -1:
            sock.settimeout(left)
    if answer.length:
        raise HttpFailed("The answer broke off.", sent=True)
    return bytes(found)


__all__ = ["Http", "HttpAnswer", "HttpFailed", "HttpRefused", "HttpRequest", "Transport"]
