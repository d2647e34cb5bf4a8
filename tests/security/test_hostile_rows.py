"""Whatever stands in a text of the database runs on no page, whoever put it there and however it came in (S27, S28)."""

import pytest
from sqlalchemy import String, Text, update
from sqlalchemy.exc import DatabaseError
from tests.security.reading import numbers, read

from marketwright.store.base import Base
from marketwright.testing.walking import Walker

# WeasyPrint leaves its colour profile open when it makes a PDF/A.
pytestmark = pytest.mark.filterwarnings("ignore:.*sRGB2014:pytest.PytestUnraisableExceptionWarning")
FREE = 100  # letters from which a column is free text; shorter ones are words and codes of our own
OURS = {"url", "reference", "return_to", "page", "path", "key", "sha256", "hash", "token", "secret", "template"}
PAYLOAD = '"><img src=x onerror=hit({0})><script>hit({0})</script>'
LEAST_SHOWN = 25


def free_texts():
    """The columns that hold what people write."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            kind = column.type
            long = isinstance(kind, Text) or (isinstance(kind, String) and (kind.length or 0) >= FREE)
            if long and not column.primary_key and not column.foreign_keys and not OURS & set(column.name.split("_")):
                yield table, column


@pytest.fixture(scope="module")
def walker(app, cast):
    """Somebody who knows the way to every page, before the rows turn hostile."""
    made = Walker(app, cast)
    return made, [(page.part, page.path) for page in made.find()]


@pytest.fixture(scope="module")
def planted(house, walker):
    """What was written where, by number; rows that the database never lets change stay as they are."""
    found = {}
    for number, (table, column) in enumerate(free_texts(), 1000):
        try:
            with house.database.writes.begin() as connection:
                written = {column.name: PAYLOAD.format(number)}
                done = connection.execute(update(table).where(column != "").values(written))
        except DatabaseError:
            continue
        if done.rowcount:
            found[str(number)] = f"{table.name}.{column.name}"
    return found


def test_no_stored_text_runs_on_any_page(walker, planted):
    made, addresses = walker
    walked = made.walk(addresses)
    assert walked.failed == {}
    shown, running = set(), []
    for page in walked.pages:
        seen = read(page.text)
        shown |= numbers("\n".join(seen.shown))
        running += [f"{page.path} as {page.part}: {what}" for what in seen.runs]
    assert running == []
    assert len(shown & set(planted)) >= LEAST_SHOWN, sorted(planted[n] for n in planted if n not in shown)
