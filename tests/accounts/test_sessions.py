"""Sessions: known by hash alone, revocable by their owner alone, dead within one request (S8, S10)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update

from marketwright.features.accounts import queries, service
from marketwright.features.accounts.sessions import LASTS, STAMP_EVERY, stamp_seen
from marketwright.features.accounts.signed_in import SessionReader
from marketwright.features.accounts.tables import SessionRow
from marketwright.kernel.actors import system
from marketwright.kernel.errors import NotFound
from marketwright.store.database import Database

Do = Callable[..., Any]
Make = Callable[..., str]


def age(database: Database, by: timedelta) -> None:
    """Make every session older by ``by``."""
    with database.unit(system("tests")) as uow:
        for row in uow.session.scalars(select(SessionRow)):
            row.created_at, row.last_seen_at, row.expires_at = (
                row.created_at - by, row.last_seen_at - by, row.expires_at - by,
            )  # fmt: skip
        uow.commit()


def test_the_database_keeps_only_the_hash_of_a_token(do: Do, database: Database, make_person: Make) -> None:
    token = do(service.start_session, account=make_person())
    with database.reading() as session:
        row = session.execute(select(SessionRow)).scalar_one()
    assert token not in (row.id, row.sha256)
    assert len(token) >= 43


def test_a_viewer_is_read_with_one_statement(
    do: Do, database: Database, make_client: Callable[..., tuple[str, str]]
) -> None:
    organisation, owner = make_client()
    do(service.join_staff, account=owner, roles=["support"])
    token, statements = do(service.start_session, account=owner), []
    event.listen(database.reads, "before_cursor_execute", lambda *a: statements.append(a[2]))
    with database.reading() as session:
        viewer = SessionReader()(session, token)
    assert viewer is not None
    assert [(o.id, o.roles) for o in viewer.organisations] == [(organisation, frozenset({"owner"}))]
    assert viewer.may("people.read")
    assert not viewer.may("staff.manage")
    assert len([s for s in statements if s.startswith("SELECT")]) == 1


@pytest.mark.parametrize("token", ["", "unknown", "x" * 500])
def test_an_unknown_token_is_nobody(token: str, database: Database) -> None:
    with database.reading() as session:
        assert SessionReader()(session, token) is None


def test_a_session_ends_when_it_is_signed_out(do: Do, database: Database, make_person: Make) -> None:
    token = do(service.start_session, account=make_person())
    do(service.end_session, token=token)
    with database.reading() as session:
        assert SessionReader()(session, token) is None


def test_a_session_ends_by_itself(do: Do, database: Database, make_person: Make) -> None:
    token = do(service.start_session, account=make_person())
    age(database, LASTS + timedelta(seconds=1))
    with database.reading() as session:
        assert SessionReader()(session, token) is None


def test_a_suspension_reaches_a_session_whose_row_still_lives(do: Do, database: Database, make_person: Make) -> None:
    account = make_person()
    token = do(service.start_session, account=account)
    do(service.suspend, account=account, reason="Because.")
    with database.unit(system("tests")) as uow:
        uow.session.execute(update(SessionRow).values(ended_at=None))
        uow.commit()
    with database.reading() as session:
        assert SessionReader()(session, token) is None


def test_nobody_revokes_the_session_of_somebody_else(do: Do, database: Database, make_person: Make) -> None:
    anna, eve = make_person(), make_person("Eve Else")
    do(service.start_session, account=anna)
    with database.reading() as session:
        (mine,) = queries.sessions(session, anna, database.clock.machine())
    with pytest.raises(NotFound):
        do(service.revoke_session, account=eve, session=mine.id)
    do(service.revoke_session, account=anna, session=mine.id)
    with database.reading() as session:
        assert queries.sessions(session, anna, database.clock.machine()) == []


def test_only_an_old_last_seen_is_stamped(do: Do, database: Database, make_person: Make) -> None:
    token, reader = do(service.start_session, account=make_person()), SessionReader()
    with database.reading() as session:
        reader(session, token)
    assert not reader.unstamped
    age(database, STAMP_EVERY + timedelta(seconds=5))
    with database.reading() as session:
        reader(session, token)
    assert len(reader.unstamped) == 1
    with database.unit(system("last-seen")) as uow:
        stamp_seen(uow.session, ids=list(reader.unstamped), at=uow.machine_now)
        uow.commit()
    reader.unstamped.clear()
    with database.reading() as session:
        reader(session, token)
    assert not reader.unstamped
