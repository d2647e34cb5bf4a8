"""One way in for outside services: signed, stored, then answered, once."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from types import ModuleType

import pytest

from marketwright.app import build_house, create_app
from marketwright.features.inbox.queries import latest
from marketwright.plugin import Inbox, Manifest, hookimpl
from marketwright.settings.marketplace import Stage
from marketwright.strategies.inbox import BadMessage, Message, check, sign
from marketwright.testing.browse import Browse

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC).timestamp()
STAMPED = Inbox(header="x-sign")


def outside(**manifest):
    made = ModuleType("outside")
    made.heard = []
    inbox = Inbox(header="X-Sign", secrets=("OUTSIDE_SECRET",), live="livemode")
    made.manifest = Manifest(name="outside", summary="Hears.", secrets=("OUTSIDE_SECRET",), inbox=inbox, **manifest)

    @hookimpl
    def on_event(event, desk):
        if event.name == "message.received":
            made.heard.append(desk.inbox.message(event.subject).json()["id"])

    made.on_event = on_event
    return made


@pytest.fixture
def site(marketplace, monkeypatch):
    from dataclasses import replace

    monkeypatch.setenv("OUTSIDE_SECRET", "new-secret old-secret")
    opened = []

    def make(stage=Stage.DEMO):
        module = outside()
        house = build_house(replace(marketplace, plugins=("outside",), stage=stage), {"outside": module})
        opened.append(house)
        app = create_app(house.marketplace, house)
        app.testing = True
        return house, app, module

    yield make
    for house in opened:
        house.database.dispose()


def send(app, said, secret=b"new-secret", at=None, to="outside"):
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    at = datetime.now(UTC).timestamp() if at is None else at
    return Browse(app).client.post(f"/in/{to}", data=body, headers={"X-Sign": sign(body, secret, at)})


def states(house):
    with house.database.reading() as session:
        return [m.state for m in latest(session)]


def test_j1_a_signed_message_is_stored_then_answered_and_the_plugin_hears_of_it_once(site):
    house, app, module = site()
    for _ in range(5):
        assert send(app, {"id": "m1", "type": "done"}).status_code == 200
    assert states(house) == ["stored"]
    house.worker.drain()
    assert module.heard == ["m1"]
    assert states(house) == ["ignored"]


def test_j4_the_secret_before_is_still_taken_and_no_other(site):
    _, app, _ = site()
    assert send(app, {"id": "a"}, b"old-secret").status_code == 200
    assert send(app, {"id": "b"}, b"stolen").status_code == 400


@pytest.mark.parametrize("seconds", [-330, 330])
def test_b8_a_message_too_old_or_too_new_is_refused_and_stores_nothing(site, seconds):
    house, app, _ = site()
    assert send(app, {"id": "m1"}, at=datetime.now(UTC).timestamp() + seconds).status_code == 400
    assert states(house) == []


def test_j6_a_test_message_on_a_live_site_is_put_aside(site):
    house, app, module = site(Stage.LIVE)
    assert send(app, {"id": "m1", "livemode": False}).status_code == 200
    house.worker.drain()
    assert states(house) == ["quarantined"]
    assert module.heard == []


def test_a_live_message_on_a_test_site_is_put_aside_too(site):
    house, app, _ = site(Stage.TEST)
    send(app, {"id": "m1", "livemode": True})
    assert states(house) == ["quarantined"]


def test_b11_deep_json_that_is_signed_is_stored_by_its_digest(site):  # S40
    house, app, _ = site()
    assert send(app, b"[" * 100_000).status_code == 200
    assert states(house) == ["stored"]


@pytest.mark.parametrize("said", [
    {"id": "a\0b", "type": "t\0", "about": "x\0"}, {"id": "\ud800", "type": "\udfff", "about": "\ud800"},
    {"id": "é" * 500, "type": "😀" * 200, "about": "ß" * 200},
])  # fmt: skip
def test_b11_an_envelope_that_no_database_keeps_is_stored_all_the_same(site, said):
    house, app, _ = site()
    assert send(app, said).status_code == 200
    assert states(house) == ["stored"]


def test_j2_two_long_ids_that_begin_alike_are_two_messages(site):
    house, app, _ = site()
    for end in "ab":
        send(app, {"id": "m" * 250 + end})
    assert states(house) == ["stored", "stored"]


def test_b11_too_much_is_refused_before_it_is_read(site):
    assert send(site()[1], b"x" * (256 * 1024 + 1)).status_code == 413


@pytest.mark.parametrize("name", ["nobody", "core_matching"])
def test_a_plugin_that_takes_no_messages_is_not_found(site, name):
    assert send(site()[1], {}, to=name).status_code == 404


def test_a_message_of_another_plugin_cannot_be_read(site):
    house, app, _ = site()
    send(app, {"id": "m1"})
    with house.database.reading() as session:
        row = latest(session)[0].id
    desk = house.plugins.plugin("outside").desk
    assert desk.inbox.message(row).json() == {"id": "m1"}
    assert desk.ports.messages.message("another", row) is None


# the three schemes, on raw bytes


def test_the_timestamped_scheme_takes_its_own_signature():
    check(STAMPED, [b"k"], Message(b"{}", {"x-sign": sign(b"{}", b"k", NOW)}), NOW)


@pytest.mark.parametrize("header", ["", "t=1", "v1=ab", "t=x,v1=y", f"t={int(NOW)},v1=zz", f"t={int(NOW)},v1="])
def test_b7_a_bad_header_is_refused(header):
    with pytest.raises(BadMessage):
        check(STAMPED, [b"k"], Message(b"{}", {"x-sign": header}), NOW)


def test_b7_the_same_json_written_otherwise_is_not_signed():
    with pytest.raises(BadMessage):
        check(STAMPED, [b"k"], Message(b"{ }", {"x-sign": sign(b"{}", b"k", NOW)}), NOW)


def test_nothing_is_taken_where_no_secret_is_set():
    with pytest.raises(BadMessage, match="no secret"):
        check(STAMPED, [], Message(b"{}", {"x-sign": sign(b"{}", b"", NOW)}), NOW)


def standard(body, key, at=NOW, name="msg_1"):
    signed = f"{name}.{int(at)}.".encode() + body
    mark = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return Message(body, {"webhook-id": name, "webhook-timestamp": str(int(at)), "webhook-signature": f"v1,{mark}"})


def test_the_standard_scheme_takes_standard_webhooks():
    key = b"whsec_" + base64.b64encode(b"a-secret-of-their-own")
    check(Inbox(scheme="standard"), [key], standard(b"{}", b"a-secret-of-their-own"), NOW)
    with pytest.raises(BadMessage):
        check(Inbox(scheme="standard"), [key], standard(b"{}", b"another"), NOW)


@pytest.mark.parametrize("prefix", ["", "sha256="])
def test_the_body_scheme_signs_the_body_alone(prefix):
    mark = prefix + hmac.new(b"k", b"{}", hashlib.sha256).hexdigest()
    check(Inbox(header="x-hub", scheme="body"), [b"k"], Message(b"{}", {"x-hub": mark}), NOW)
