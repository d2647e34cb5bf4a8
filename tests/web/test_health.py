import errno
import sqlite3

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError


def test_a_fresh_site_says_that_it_is_ready(browse):
    assert browse().get("/readyz").status_code == 200


def test_a_page_that_is_not_there_answers_404_with_a_request_id(browse):
    response = browse().get("/nothing-here")
    assert response.status_code == 404
    assert response.headers["X-Request-Id"] in response.text


def test_no_page_allows_inline_scripts_or_foreign_origins(browse):
    policy = browse().get("/nothing-here").headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "http" not in policy


@pytest.fixture
def gone(house):
    """The database answers nobody any more."""

    def refuse(_connection):
        raise OperationalError("BEGIN", {}, sqlite3.OperationalError("disk I/O error"))

    engines = (house.database.reads, house.database.writes)
    for engine in engines:
        event.listen(engine, "begin", refuse)
    yield
    for engine in engines:
        event.remove(engine, "begin", refuse)


SPENT = (OSError(errno.EMFILE, "Too many open files"), RuntimeError("can't start new thread"), MemoryError())


@pytest.mark.parametrize("error", SPENT, ids=["files", "threads", "memory"])
def test_e9_where_the_machine_gives_nothing_more_pages_say_so_and_come_back(browse, house, error):
    def spent(_connection):
        raise error

    event.listen(house.database.reads, "begin", spent)
    answer = browse().get("/missions")
    assert (answer.status_code, "Too much is going on at once" in answer.text) == (503, True)
    event.remove(house.database.reads, "begin", spent)
    assert browse().get("/missions").status_code == 200


def test_e9_where_not_even_the_page_of_the_error_can_be_read_it_is_said_without_one(app, browse, gone, monkeypatch):
    def no_file(*_named):
        raise SPENT[0]

    monkeypatch.setattr(app.jinja_env, "get_template", no_file)
    answer = browse().get("/missions")
    assert (answer.status_code, answer.mimetype) == (503, "text/plain")


@pytest.mark.parametrize("path", ["/", "/sign-in", "/missions"])
def test_e5_e7_while_the_database_is_gone_pages_say_so_and_that_they_will_be_back(browse, gone, path):
    answer = browse().get(path)
    assert (answer.status_code, "Back in a moment" in answer.text) == (503, True)
    assert f'href="{path}">Try again' in answer.text
    assert "Reading still works" not in answer.text
