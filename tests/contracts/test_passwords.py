"""The password that signs: as typed, and not guessed at."""

import pytest
from sqlalchemy import update

from marketwright.features.accounts.passwords import hash_password
from marketwright.features.accounts.showing import shown_again
from marketwright.features.accounts.tables import Account
from marketwright.features.contracts.tables import ContractDocument
from marketwright.kernel.errors import InvalidInput
from marketwright.testing.agreed import PASSWORD


@pytest.fixture
def signing(stage, browse):
    """Send the page that signs, with a password."""
    stage.agree(100_000)
    stage.send()
    visitor, document = browse(stage.client), stage.row().document_id
    with stage.house.database.reading() as session:
        sha256 = session.get_one(ContractDocument, document).sha256

    def send(password):
        return visitor.post(f"/documents/{document}/sign", {"read": "1", "sha256": sha256, "password": password})

    return send


def test_a_password_that_ends_with_a_space_signs(signing, stage):
    typed = "plain words in a row "
    with stage.unit() as uow:
        uow.session.execute(
            update(Account).where(Account.id == stage.client).values(password_hash=hash_password(typed))
        )
        uow.commit()
    assert signing(typed.strip()).status_code == 422
    assert signing(typed).status_code == 303


def test_guesses_on_the_page_that_signs_are_counted_with_those_elsewhere(signing, app, monkeypatch):
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    app.extensions["marketwright.limiter"].limiter.storage.reset()
    said = [signing(f"guess {n}").text for n in range(11)]
    assert ["Too many tries" in text for text in said] == [False] * 10 + [True]
    assert signing(PASSWORD).status_code == 422


def test_a_right_password_ends_the_count_of_guesses(signing, app, stage, monkeypatch):
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    limits = app.extensions["marketwright.limiter"]
    limits.limiter.storage.reset()
    for n in range(9):
        signing(f"guess {n}")
    assert signing(PASSWORD).status_code == 303
    left = limits.limiter.get_window_stats(limits.items["password.account"], "password.account", stage.client)
    assert left.remaining == 10


def test_codes_are_not_guessed_behind_a_right_password(app, house, stage, monkeypatch):
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    app.extensions["marketwright.limiter"].limiter.storage.reset()
    with stage.unit(stage.client) as uow:
        uow.session.execute(update(Account).where(Account.id == stage.client).values(totp_on=True, totp_nonce="n"))
        uow.commit()
    said = []
    with app.test_request_context():
        for _ in range(11):
            with pytest.raises(InvalidInput) as refused:
                shown_again(stage.client, lambda uow: None, password=PASSWORD, code="000000")
            said += refused.value.errors
    assert said == ["code"] * 10 + ["password"]
