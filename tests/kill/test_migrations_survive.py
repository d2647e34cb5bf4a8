"""K5: a schema is taken back and brought up again with money in it, and the process is killed at each step on the way.

All steps are one transaction: what was not kept is as it was, and the same command goes on from there.
"""

import pytest
from sqlalchemy import select
from tests.kill.killing import kill_at, script

from marketwright.features.ledger.sealer import seal_all
from marketwright.features.ledger.tables import LedgerSeal
from marketwright.features.ledger.verify import verify
from marketwright.store import migrate

mover, teller = script("mover"), script("teller")
EARLIER = "0034"  # the oldest that money of these tests can be taken back to


@pytest.fixture
def till(empty_database_url, tmp_path):
    """A schema that was migrated and not made at once, with a deal that was paid out."""
    made = teller.build(empty_database_url, tmp_path)
    migrate.upgrade(made.database)
    teller.open_hold(made, "hold1")
    for kind in ("fund", "release"):
        teller.reserve(made, "hold1", kind)
        teller.settle(made)
    seal_all(made.database, tmp_path / "var")
    yield made
    made.database.dispose()


def chain(till):
    """The hash of every sealed entry, in order."""
    with till.database.reading() as session:
        return session.scalars(select(LedgerSeal.hash).order_by(LedgerSeal.number)).all()


def steps(first, last):
    """The revisions on the way from ``first`` to ``last``, without the first."""
    there = sorted(f.name[:4] for f in (migrate.SCRIPTS / "versions").glob("[0-9]*.py"))
    way = there[there.index(min(first, last)) : there.index(max(first, last)) + 1]
    return (way if first < last else way[::-1])[1:]


def move(till, empty_database_url, way, goal, *, every):
    before = migrate.current_revision(till.database)
    till.database.dispose()
    some = steps(before, goal)
    for step in ("began", *some) if every else (some[len(some) // 2], some[-1]):
        kill_at(mover, empty_database_url, way, goal, stop=step)
        assert migrate.current_revision(till.database) == before, f"killed at {step}, something was kept"
        till.database.dispose()
    kill_at(mover, empty_database_url, way, goal, stop="kept")
    assert migrate.current_revision(till.database) == goal


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["some steps", "each step"])
def test_k5_a_schema_goes_back_and_up_again_killed_on_the_way_and_the_ledger_stays(
    till, empty_database_url, tmp_path, every
):
    hashes, newest = chain(till), migrate.newest_revision()
    assert len(hashes) == 3  # paid in, released, paid out
    move(till, empty_database_url, "down", EARLIER, every=every)
    move(till, empty_database_url, "up", newest, every=every)
    assert chain(till) == hashes
    with till.database.reading() as session:
        assert list(verify(session, folder=tmp_path / "var")) == []
