"""What every plugin and every adapter holds, and what becomes of a mail."""

from email.message import EmailMessage

import marketwright_{{ cookiecutter.plugin_name }} as plugin
import pytest

from marketwright.testing import AdapterConformance, FakeHttp, PluginConformance, make_desk
from marketwright.testing.http import answer


class TestPlugin(PluginConformance):
    plugin = plugin


class TestAdapter(AdapterConformance):
    plugin = plugin

    def outside(self):
        return FakeHttp().on("POST", "/messages", answer({}))


@pytest.fixture
def http():
    return FakeHttp()


@pytest.fixture
def adapter(tmp_path, http):
    settings = plugin.manifest.settings().load({})
    return plugin.{{ cookiecutter.__class }}(settings, make_desk(plugin.manifest, settings, tmp_path, http=http))


@pytest.fixture
def mail():
    made = EmailMessage()
    made["To"], made["Subject"], made["Message-ID"] = "zoe@example.org", "Signed", "<m1@example.org>"
    made.set_content("Both have signed.")
    return made


def test_a_mail_is_handed_over_with_its_own_key(adapter, http, mail):
    http.on("POST", "/messages", answer({}))
    adapter.send(mail)
    assert http.asked[0].headers["idempotency-key"] == "<m1@example.org>"
    assert b"Both have signed." in http.asked[0].body


def test_what_can_never_be_delivered_is_given_up(adapter, http, mail):
    http.on("POST", "/messages", answer({}, status=422))
    with pytest.raises(ValueError, match="refuses"):
        adapter.send(mail)
