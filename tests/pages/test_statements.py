"""How much a page asks of the database: a page of search results stays at four statements, however many it shows."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from marketwright.testing.browse import Browse

SEARCHES = (
    "/freelancers", "/freelancers?q=pentest", "/freelancers?q=audit&sort=rate", "/freelancers?remote=remote&page=2",
    "/missions", "/missions?q=pentest", "/missions?q=audit", "/missions?page=2",
)  # fmt: skip


BY_TIME = ("FROM clock", "FROM overlay_versions")  # asked again once a second, not once a page


@contextmanager
def counted(house):
    """The statements that the block sends, transactions, pragmas and what goes by time aside."""
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.lstrip().upper().startswith(("PRAGMA", "SET ", "SHOW", "BEGIN")):
            line = " ".join(statement.split())
            if not line.endswith(BY_TIME):
                sent.append(line)

    engines = (house.database.reads, house.database.writes)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield sent
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def visitor(app):
    anonymous = Browse(app)
    for path in ("/freelancers", "/missions"):
        anonymous.get(path)  # what is read once and kept: personas, columns, labels
    return anonymous


@pytest.mark.parametrize("path", SEARCHES)
def test_a_page_of_results_asks_four_times_at_most(house, visitor, path):
    with counted(house) as sent:
        page = visitor.get(path)
    assert page.status_code == 200
    assert len(sent) <= 4, "\n".join(sent)


def test_a_full_page_shows_twenty(visitor):
    assert visitor.get("/freelancers").text.count("<article") >= 20
    assert visitor.get("/missions").text.count("<article") >= 20
