"""S24: messages, conversations, offers, files, exports and sign-ups have a limit; nothing typed is lost at it."""

import io
from dataclasses import replace

import pytest

from marketwright.settings.marketplace import Limits
from marketwright.web.limits import within

pytestmark = pytest.mark.either_engine

ONE = Limits(messages=1, conversations=1, proposals=1, uploads=1, exports=1, sign_ups=1)


@pytest.fixture
def limited(app, house, monkeypatch):
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    monkeypatch.setitem(
        app.extensions, "marketwright", replace(house, marketplace=replace(house.marketplace, limits=ONE))
    )
    app.extensions["marketwright.limiter"].limiter.storage.reset()
    return app


def test_messages_above_the_limit_are_refused_and_kept_in_the_form(limited, visitors, cast):
    thread, owner = f"/threads/{cast.things['thread']}", visitors["owner"]
    assert owner.post(thread, {"text": "The first"}).status_code == 303
    refused = owner.post(thread, {"text": "The second, a long one"})
    assert refused.status_code == 422
    assert "Wait a while" in refused.text
    assert "The second, a long one" in refused.text
    other = visitors["freelancer"].post(thread, {"text": "An answer"})
    assert other.status_code == 303, "the limit is each account's own"


@pytest.mark.both_engines
def test_files_above_the_limit_are_refused_beside_the_text(limited, visitors, cast):
    thread, owner = f"/threads/{cast.things['thread']}", visitors["owner"]

    def sent():
        return {"text": "With a file", "files": (io.BytesIO(b"Notes"), "notes.txt")}

    assert owner.post(thread, sent(), content_type="multipart/form-data").status_code == 303
    refused = owner.post(thread, sent(), content_type="multipart/form-data")
    assert refused.status_code == 422
    assert "With a file" in refused.text


def test_exports_above_the_limit_are_a_page_that_says_so(limited, visitors):
    finance = visitors["staff_finance"]
    assert finance.get("/console/ledger/balances.csv").status_code == 200
    assert finance.get("/console/ledger/balances.csv").status_code == 429
    assert finance.get("/console/ledger").status_code == 200


def test_offers_above_the_limit_keep_what_was_typed(limited, visitors, cast):
    proposal = f"/proposals/{cast.things['proposal']}"
    offer = {"lines-0-title": "All of it", "lines-0-days": "5", "lines-0-rate": "800", "valid_days": "10",
             "note": "As we said on Monday"}  # fmt: skip
    with limited.test_request_context():
        assert within("proposals", cast.people["owner"])
    refused = visitors["owner"].post(f"{proposal}/counter", offer)
    assert refused.status_code == 422
    assert "Wait a while" in refused.text
    assert "As we said on Monday" in refused.text


def test_sign_ups_have_a_limit_of_the_whole_site(limited, visitors):
    def sign_up(mail):
        typed = {"side": "work", "name": "Ada", "email": mail, "password": "correct horse battery", "terms": "1"}
        return visitors["anonymous"].post("/sign-up", typed)

    sign_up("ada1@example.org")
    assert "Too many tries" in sign_up("ada2@example.org").text
