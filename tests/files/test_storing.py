import os
import time

import pytest

from marketwright.features.accounts import service as accounts
from marketwright.features.files import queries, service
from marketwright.features.files.access import AccessByPurpose
from marketwright.features.files.folder import FolderStorage
from marketwright.features.files.ports import FileAccess, Storage
from marketwright.kernel.actors import Actor, system
from marketwright.kernel.errors import NotFound, Unavailable
from marketwright.kernel.ids import new_id

PDF = b"%PDF-1.7\n1 0 obj\n"


@pytest.fixture
def people(house):
    with house.database.unit(system("test")) as uow:
        made = [
            accounts.create_account(uow, email=f"{n}@example.org", name=n.title(), locale="en", is_freelancer=True)
            for n in ("anna", "ben")
        ]
        uow.commit()
    return made


def keep(house, account, *, purpose="note", commit=True):
    with house.database.unit(Actor(kind="person", id=account)) as uow:
        file = service.store(uow, data=PDF, name="a.pdf", purpose=purpose, owner_kind="thing", owner_id=new_id())
        if commit:
            uow.commit()
    return file


def test_what_was_stored_is_read_by_who_stored_it(house, browse, people):
    answer = browse(people[0]).get(f"/files/{keep(house, people[0])}")
    assert answer.data == PDF


def test_a_stranger_and_a_visitor_do_not_learn_that_it_is_there(house, browse, people):
    file = keep(house, people[0])
    assert browse(people[1]).get(f"/files/{file}").status_code == 404
    assert browse().get(f"/files/{file}").status_code == 404


def test_documents_are_saved_and_never_shown_in_the_site(house, browse, people):
    headers = browse(people[0]).get(f"/files/{keep(house, people[0])}").headers
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


def test_a_rule_opens_files_of_its_purpose_alone(house, people):
    access = AccessByPurpose()
    access.allow("shared", lambda _session, account, _file: account == people[1])
    shared, private = keep(house, people[0], purpose="shared"), keep(house, people[0])
    with house.database.reading() as session:
        allowed = [access.may_read(session, people[1], queries.file(session, f)) for f in (shared, private)]
    assert allowed == [True, False]


def test_a_purpose_has_one_rule():
    access = AccessByPurpose()
    access.allow("x", lambda *_: True)
    with pytest.raises(ValueError, match="a rule already"):
        access.allow("x", lambda *_: True)


def test_a_file_taken_away_is_gone_for_everybody(house, browse, people):
    file = keep(house, people[0])
    with house.database.unit(system("test")) as uow:
        service.remove(uow, file=file)
        uow.commit()
    assert browse(people[0]).get(f"/files/{file}").status_code == 404


def test_only_the_uploader_gives_a_file_away(house, people):
    file = keep(house, people[0])
    with house.database.unit(Actor(kind="person", id=people[1])) as uow, pytest.raises(NotFound):
        service.give(uow, file=file, owner_kind="thread", owner_id=new_id())


def test_the_sweep_removes_bytes_that_nothing_speaks_of_and_keeps_the_rest(house, people):
    kept, lost = keep(house, people[0]), keep(house, people[0], commit=False)
    storage = house.ports.get(Storage)
    for id_, _ in storage.ids():
        old = time.time() - 2 * service.ORPHANED_AFTER
        os.utime(storage.root / id_[:2] / id_, (old, old))
    with house.database.unit(system("test")) as uow:
        assert service.sweep(uow) == 1
    assert [i for i, _ in storage.ids()] == [kept]
    assert lost != kept


def test_the_sweep_leaves_what_was_written_a_moment_ago(house, people):
    keep(house, people[0], commit=False)
    with house.database.unit(system("test")) as uow:
        assert service.sweep(uow) == 0


def test_a_disk_that_cannot_be_written_is_said_and_nothing_is_kept(tmp_path):
    blocked = tmp_path / "a-file"
    blocked.write_text("")
    with pytest.raises(Unavailable):
        FolderStorage(blocked).put(new_id(), b"x")


def test_ids_that_are_no_ids_never_become_paths(tmp_path):
    with pytest.raises(ValueError, match="no id"):
        FolderStorage(tmp_path).get("../../etc/passwd")


def test_access_is_answered_on_every_site(house):
    assert house.ports.get(FileAccess) is not None
