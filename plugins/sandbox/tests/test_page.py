"""The payment page, in both languages, alone on its own origin."""

import re

import pytest

from marketwright_sandbox.__main__ import main
from marketwright_sandbox.alone import make_app
from marketwright_sandbox.books import Asked, Books


@pytest.fixture
def books(tmp_path):
    return Books(tmp_path)


@pytest.fixture
def client(books):
    return make_app(books).test_client()


@pytest.fixture
def token(books):
    back = "http://127.0.0.1:8000/payments/return/k1"
    asked = Asked("k1", "fund", "h1", "", "EUR", 126_000, 0, 0, "c1", "f1", "Audit <b>one</b>", back)
    return books.execute(asked).token


def test_the_page_says_what_is_paid_and_that_it_is_practice(client, token):
    text = client.get(f"/pay/{token}").text
    assert "€1,260.00" in text
    assert "Audit &lt;b&gt;one&lt;/b&gt;" in text
    assert "no real money" in text


def test_the_page_speaks_french(client, token):
    text = client.get(f"/pay/{token}", headers={"Accept-Language": "fr"}).text
    assert 'lang="fr"' in text
    assert "1\u202f260,00\u00a0€" in text


def test_a_reader_may_choose_the_other_language(client, token):
    assert 'lang="fr"' in client.get(f"/pay/{token}?lang=fr").text


@pytest.mark.parametrize("way", ["pay", "late", "decline", "leave"])
def test_every_way_leads_back(client, token, way):
    answer = client.post(f"/pay/{token}", data={"way": way})
    assert (answer.status_code, answer.location) == (303, "http://127.0.0.1:8000/payments/return/k1")


def test_leaving_changes_nothing(client, token, books):
    client.post(f"/pay/{token}", data={"way": "leave"})
    assert books.lookup("k1").state == "page"


def test_a_card_that_asks_back_shows_the_banks_question(client, token, books):
    answer = client.post(f"/pay/{token}", data={"way": "confirm"}, follow_redirects=True)
    assert "Your bank asks back" in answer.text
    client.post(f"/pay/{token}", data={"way": "yes"})
    assert books.lookup("k1").state == "confirmed"


def test_no_choice_is_asked_for_again(client, token):
    answer = client.post(f"/pay/{token}", data={})
    assert answer.status_code == 422
    assert "Choose one of the cards." in answer.text


def test_a_payment_that_is_done_says_so(client, token, books):
    books.choose(token, "pay")
    text = client.get(f"/pay/{token}").text
    assert "This payment is done" in text
    assert "<form" not in text


def test_an_unknown_page_is_not_found(client):
    answer = client.get("/pay/nothing")
    assert answer.status_code == 404
    assert "no such payment" in answer.text


def test_nothing_is_inline_and_nothing_foreign_is_loaded(client, token):
    answer = client.get(f"/pay/{token}")
    assert not re.search(r"<style|style=|<script|onclick", answer.text)
    assert re.findall(r'<link[^>]*href="([^"]+)"', answer.text) == ["/style.css"]
    with client.get("/style.css") as style:
        assert style.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "form-action 'self' http://127.0.0.1:8000" in policy
    assert "unsafe" not in policy


def test_the_command_line_lists_every_effect(books, token, tmp_path, capsys):
    books.choose(token, "pay")
    assert main(["--folder", str(tmp_path), "--effects"]) == 0
    assert '"effect": "charge"' in capsys.readouterr().out
