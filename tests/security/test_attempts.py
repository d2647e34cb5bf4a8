"""What an attacker tries on a running site: other purposes, wrong states, odd questions, too much, another site."""

import io
import logging
from dataclasses import replace

import pytest

from marketwright.app import build_house, create_app
from marketwright.features.contracts import registry
from marketwright.features.contracts.tables import Contract, Milestone
from marketwright.testing.browse import Browse

QUERIES = ("' UNION SELECT password_hash FROM accounts WHERE ('1'='1 \\ % _ \x00 %27 \"", "99999999999999999999",
           "id DESC, (SELECT 1);DROP TABLE accounts--${1}%(x)s{milestone}")  # fmt: skip
LISTS = {
    "anonymous": ("/freelancers", "/missions", "/services", "/rates"),
    "owner": ("/contracts", "/inbox"),
    "staff_admin": ("/console/people", "/console/missions", "/console/contracts", "/console/log", "/console/mails"),
}  # fmt: skip
WORDS = ("q", "search", "sort", "skill", "page", "state", "who", "action", "subject", "kind", "rate", "country", "km")


def test_a_file_of_one_purpose_opens_under_no_address_of_another(visitors, cast):  # S6
    things = cast.things
    addresses = [
        f"/missions/{things['mission']}/sealed/files/{{}}", "/console/vetting/evidence/{}",
        f"/contracts/{cast.stage.contract}/deliveries/{things['proposal']}/files/{{}}", "/assess/none/files/{}",
    ]  # fmt: skip
    for file in ("file", "secret_file"):
        codes = [visitors[p].get(a.format(things[file])).status_code
                 for p in ("owner", "freelancer", "staff_vetter") for a in addresses]  # fmt: skip
        assert set(codes) <= {403, 404}


def test_no_step_is_taken_from_a_state_that_it_does_not_leave(visitors, cast, house):  # S23
    with house.database.reading() as session:
        row = session.get_one(Milestone, cast.stage.milestones[0])
        contract = session.get_one(Contract, row.contract_id)
        process = registry.pinned(session, contract.process, contract.process_version)
        before = (row.state, row.pending, row.version)
    done = {"note": "Because", "amount": "1", "password": "x"}
    for way in process.transitions:
        for who in ("owner", "freelancer"):
            answer = visitors[who].post(f"/contracts/{contract.id}/milestones/{row.id}/{way.name}", done)
            assert answer.status_code in (403, 404, 409), (way.name, who)
    with house.database.reading() as session:
        row = session.get_one(Milestone, row.id)
    assert (row.state, row.pending, row.version) == before


@pytest.mark.parametrize("part", LISTS)
def test_no_question_reaches_the_database_as_more_than_a_value(visitors, part):  # S35
    for path in LISTS[part]:
        for query in QUERIES:
            answer = visitors[part].get(path, query_string=dict.fromkeys(WORDS, query))
            assert answer.status_code in (200, 303, 400, 422), (path, query)


def test_a_form_of_too_many_or_too_large_parts_is_refused_with_a_page(visitors):  # S40
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
    for body in (part + (b"b\r\n" + part) * 2500, part + b"x" * 3_000_000):
        answer = visitors["anonymous"].client.post(
            "/sign-up", data=body + b"\r\n--x--\r\n", content_type="multipart/form-data; boundary=x"
        )
        assert answer.status_code == 413
        assert "too large" in answer.text


def test_a_form_that_breaks_off_or_has_no_end_is_an_ordinary_refusal(visitors):  # S40
    for body, boundary in ((b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n", "x"), (b"\r" * 100_000, "\r"),
                           (b"--" + b"-" * 100_000, "-" * 70)):  # fmt: skip
        answer = visitors["anonymous"].client.post(
            "/sign-in", input_stream=io.BytesIO(body), content_length=len(body),
            content_type=f"multipart/form-data; boundary={boundary!r}",
        )  # fmt: skip
        assert answer.status_code in (400, 413, 422)


def test_what_fails_shows_a_number_and_no_trace_and_logs_no_password(app, monkeypatch, caplog):  # S48, S50
    def broken(**_):
        raise RuntimeError("the disk at /srv/private is full")

    monkeypatch.setitem(app.view_functions, "accounts.sign_in", broken)
    with caplog.at_level(logging.INFO):
        page = Browse(app).post("/sign-in", {"email": "a@example.org", "password": "hunter2-secret"})
    assert page.status_code == 500
    assert "Traceback" not in page.text
    assert "/srv/private" not in page.text
    assert "request" in caplog.text
    assert "hunter2-secret" not in caplog.text


def test_no_page_of_the_console_shows_a_secret(visitors, house):  # S48
    for path in ("/console/settings", "/console/live", "/console/jobs"):
        assert house.marketplace.secret_key not in visitors["staff_admin"].get(path).text


def test_what_one_site_gave_opens_nothing_on_another(app, visitors, cast, house, database_templates, tmp_path):  # S45
    """Even where both have the same secret: a session is a row of its own database."""
    with database_templates.fresh() as url:
        other = replace(house.marketplace, slug="another", name="Another", folder=tmp_path, database_url=url)
        built = build_house(other)
        site = create_app(other, built)
        site.testing = False
        mine, theirs = visitors["owner"].client, Browse(site)
        for cookie in mine._cookies.values():
            for name in (cookie.key, "another-session"):
                theirs.client.set_cookie(name, cookie.value, domain="localhost")
        assert theirs.get("/me").status_code == 303
        assert theirs.get(f"/files/{cast.things['file']}").status_code == 404
        assert theirs.get(f"/contracts/{cast.stage.contract}").status_code in (303, 404)
        built.database.dispose()
