"""What every answer carries: a policy for scripts, no sniffing, nothing private in a cache; and where one is sent."""

import re

import pytest


@pytest.fixture(scope="module")
def answers(visitors, cast):
    mission, contract = cast.things["mission"], cast.things["contract"]
    found = {
        "front page": visitors["anonymous"].get("/"), "mission": visitors["anonymous"].get(f"/missions/{mission}"),
        "error": visitors["anonymous"].get("/nothing-here"),
        "contract": visitors["owner"].get(f"/contracts/{contract}"),
        "console": visitors["staff_admin"].get("/console"),
        "file": visitors["owner"].get(f"/files/{cast.things['file']}"),
        "style": visitors["anonymous"].get("/static/css/base.css"), "health": visitors["anonymous"].get("/healthz"),
    }  # fmt: skip
    for answer in found.values():
        answer.get_data()
        answer.close()
    return found


def test_every_sample_is_what_it_is_called(answers):
    assert {n: a.status_code for n, a in answers.items()} == dict.fromkeys(answers, 200) | {"error": 404}


def test_no_answer_lets_anything_inline_or_foreign_run(answers):
    for name, answer in answers.items():
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy, name
        assert "http:" not in policy, name
        assert "default-src 'none'" in policy, name
        assert "frame-ancestors 'none'" in policy, name


def test_no_page_holds_an_inline_script_style_or_handler(answers):
    for name in ("front page", "mission", "error", "contract", "console"):
        text = answers[name].text
        assert " style=" not in text, name
        assert "<style" not in text, name
        assert " onclick=" not in text, name
        told = text.count('<script type="application/ld+json" nonce=')  # data for search engines: never run
        assert text.count("<script") == text.count("<script src=") + told, name


@pytest.mark.parametrize(
    ("header", "value"),
    [("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "same-origin"),
     ("Cross-Origin-Opener-Policy", "same-origin")],
)  # fmt: skip
def test_every_answer_carries(answers, header, value):
    assert {a.headers.get(header) for a in answers.values()} == {value}


@pytest.mark.parametrize("name", ["contract", "console", "file"])
def test_what_is_private_stays_in_no_cache(answers, name):
    assert "no-store" in answers[name].headers["Cache-Control"]


def test_a_file_is_saved_and_never_shown_as_a_page(answers):
    assert answers["file"].headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answers["file"].headers["Content-Security-Policy"]


def test_the_session_cookie_is_out_of_reach_of_scripts_and_of_other_sites(app):
    page = app.test_client().get("/sign-in")
    cookie = next(v for k, v in page.headers if k == "Set-Cookie" and "session" in v)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_over_https_the_cookie_is_bound_to_the_host(cast):
    from dataclasses import replace

    from marketwright.app import create_app

    secure = create_app(replace(cast.house.marketplace, base_url="https://experts.example"), cast.house)
    page = secure.test_client().get("/sign-in", base_url="https://experts.example")
    cookie = next(v for k, v in page.headers if k == "Set-Cookie" and "session" in v)
    assert cookie.startswith("__Host-")
    assert "Secure" in cookie


OUTSIDE = (
    "https://evil.example", "//evil.example", "/\\evil.example", "/\tevil", "javascript:alert(1)", "http:evil",
    "\\\\evil",
)  # fmt: skip


@pytest.mark.parametrize("target", OUTSIDE)
def test_no_address_sends_people_to_another_site(visitors, target):
    anonymous, owner = visitors["anonymous"], visitors["owner"]
    answers = [
        anonymous.get("/language/fr", query_string={"next": target}),
        anonymous.post("/demo/move-time", {"by": "1h", "return_to": target}),
        owner.get("/sign-in", query_string={"next": target}),
    ]
    for answer in answers:
        where = answer.headers["Location"]
        assert where.startswith("/"), where
        assert not where.startswith(("//", "/\\")), where
        assert "evil" not in where, where


@pytest.mark.parametrize("target", OUTSIDE)
def test_the_sign_in_form_does_not_carry_another_site_along(visitors, target):
    page = visitors["anonymous"].get("/sign-in", query_string={"next": target})
    assert re.findall(r'name="next"[^>]*value="([^"]+)"', page.text) == []


def test_a_forged_host_reaches_no_link(visitors):
    page = visitors["anonymous"].client.get("/", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in page.text
