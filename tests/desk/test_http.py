"""The way out: declared hosts, https, no private address, limits."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from marketwright.hooks import http as room
from marketwright.hooks.http import Http, HttpFailed, HttpRefused
from marketwright.plugin import DeskRefused


class Outside(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("location", "http://127.0.0.1:1/")
            self.send_header("content-length", "0")
            self.end_headers()
            return
        if self.path == "/broken":
            self.send_response(200)
            self.send_header("content-length", "100")
            self.end_headers()
            self.wfile.write(b"half")
            return
        if self.path == "/drips":
            self.drip()
            return
        body = b"x" * (room.LARGEST + 1) if self.path == "/large" else b'{"said": "yes"}'
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def drip(self):
        """A good answer, a byte of its headers every 50 ms."""
        pause = threading.Event()
        for byte in b"HTTP/1.1 200 OK\r\nx-long: " + b"a" * 40 + b"\r\ncontent-length: 0\r\n\r\n":
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return
            pause.wait(0.05)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(201)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def outside():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Outside)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def http(*hosts, stage="test"):
    return Http("mine", hosts or ("127.0.0.1",), stage)


def test_a_declared_host_is_asked_and_answers(outside):
    answer = http().get(f"{outside}/x")
    assert (answer.status, answer.json()) == (200, {"said": "yes"})


def test_json_is_sent_as_json(outside):
    assert http().post(f"{outside}/x", json={"a": 1}).body == b'{"a":1}'


def test_an_undeclared_host_is_refused_with_those_that_are_declared(outside):
    with pytest.raises(DeskRefused, match=r"does not declare the host '127.0.0.1'.*hosts: api.example.com"):
        http("api.example.com").get(outside)


def test_a_redirect_is_given_back_and_not_followed(outside):
    assert http().get(f"{outside}/moved").status == 302


def test_an_answer_that_is_too_large_is_cut_off(outside):
    with pytest.raises(HttpFailed, match="larger"):
        http().get(f"{outside}/large")


def test_an_answer_that_breaks_off_is_no_answer_and_was_sent(outside):
    with pytest.raises(HttpFailed) as failed:
        http().get(f"{outside}/broken")
    assert failed.value.sent


def test_an_answer_whose_headers_drip_in_ends_when_the_time_is_up(outside):
    with pytest.raises(HttpFailed) as failed:
        http().get(f"{outside}/drips", timeout=0.3)
    assert failed.value.sent


def test_a_closed_port_was_never_reached():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(HttpFailed) as failed:
        http().get(f"http://127.0.0.1:{port}/")
    assert not failed.value.sent


@pytest.mark.parametrize("url", ["http://api.example.com/", "ftp://api.example.com/", "https://u:p@api.example.com/"])
def test_plain_http_other_schemes_and_passwords_in_addresses_are_refused(url):
    with pytest.raises(HttpRefused):
        http("api.example.com").get(url)


def test_a_header_with_a_line_break_is_refused(outside):
    with pytest.raises(HttpRefused, match="line break"):
        http().get(outside, headers={"x": "a\r\nb: c"})


def resolve(monkeypatch, address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    monkeypatch.setattr(room.socket, "getaddrinfo", lambda *a, **k: [(family, 1, 6, "", (address, 443))])


PRIVATE = ["10.0.0.1", "192.168.1.1", "169.254.169.254", "127.0.0.1", "::1", "fe80::1", "::ffff:127.0.0.1", "0.0.0.0",
           "100.64.0.1", "fd00::1", "224.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "::7f00:1",
           "fec0::1"]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
@pytest.mark.parametrize("stage", ["test", "live"])
def test_s34_a_name_that_leads_to_an_address_of_our_own_is_refused(monkeypatch, address, stage):
    resolve(monkeypatch, address)
    with pytest.raises(HttpRefused, match="not public"):
        http("api.example.com", stage=stage).get("https://api.example.com/")


def test_s34_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    resolve(monkeypatch, "93.184.216.34")
    reached = []
    monkeypatch.setattr(room, "send", lambda request, address: reached.append((request.host, address)))
    http("api.example.com", stage="live").get("https://api.example.com/")
    assert reached == [("api.example.com", "93.184.216.34")]


def test_loopback_is_not_reached_on_a_live_stage(outside):
    with pytest.raises(HttpRefused):
        http(stage="live").get(outside)


def test_below_live_a_stand_in_on_this_machine_plays_a_declared_host(monkeypatch, outside):
    monkeypatch.setenv("MARKETWRIGHT_STAND_INS", f"other.example=http://127.0.0.1:1 api.halden.example={outside}")
    assert http("api.halden.example").get("https://api.halden.example/").status == 200


def nowhere(*_args, **_options):
    raise OSError


@pytest.mark.parametrize("played_at", ["http://192.0.2.7:80", "https://127.0.0.1:9", "nonsense"])
def test_a_stand_in_is_played_on_this_machine_alone(monkeypatch, played_at):
    monkeypatch.setenv("MARKETWRIGHT_STAND_INS", f"api.halden.example={played_at}")
    monkeypatch.setattr("socket.getaddrinfo", nowhere)
    with pytest.raises(HttpFailed, match="cannot be found"):
        http("api.halden.example").get("https://api.halden.example/")


def test_on_a_live_stage_nobody_stands_in(monkeypatch, outside):
    monkeypatch.setenv("MARKETWRIGHT_STAND_INS", f"api.halden.example={outside}")
    monkeypatch.setattr("socket.getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("127.0.0.1", 443))])
    with pytest.raises(HttpRefused):
        http("api.halden.example", stage="live").get("https://api.halden.example/")
