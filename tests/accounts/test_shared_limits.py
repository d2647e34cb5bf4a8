"""Counters shared through Redis: a wrong address stops the start, a silent server stops nobody."""

import logging

import pytest

from marketwright.app import create_app
from marketwright.kernel.errors import BadSetting
from marketwright.testing.live import free_port
from marketwright.web.limits import spend


@pytest.fixture
def shared(house, monkeypatch):
    def make(url):
        monkeypatch.setenv("MARKETWRIGHT_REDIS_URL", url)
        return create_app(house.marketplace, house)

    return make


def test_a_wrong_address_stops_the_start_with_the_fix(shared):
    with pytest.raises(BadSetting, match=r"MARKETWRIGHT_REDIS_URL.*Write redis://host"):
        shared("carrier-pigeon://loft")


def test_while_the_server_is_silent_each_process_counts_alone(shared, caplog):
    app = shared(f"redis://127.0.0.1:{free_port()}/0")
    with app.test_request_context(), caplog.at_level(logging.WARNING):
        tries = [spend("sign_in.account", "somebody") for _ in range(9)]
    assert tries == [True] * 8 + [False]
    assert "this process counts alone" in caplog.text
