"""What is handed over sealed: encrypted at rest, read by two sides, by staff within a case, deleted on its date."""

import importlib.util
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select, update

from marketwright.app import build_house
from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.staff import join_staff
from marketwright.features.cases import service as cases
from marketwright.features.contracts.handovers import handovers_of
from marketwright.features.files.ports import Storage
from marketwright.features.files.tables import StoredFile
from marketwright.features.seals.jobs import JOB
from marketwright.features.seals.queries import readings_of, seals_by_id
from marketwright.features.seals.rotating import look, rotate
from marketwright.features.seals.tables import Seal, SealReading
from marketwright.kernel.errors import NotAllowed, Unavailable
from marketwright.settings.loader import load_marketplace
from marketwright.store.ring import Ring, key_of
from marketwright.testing.agreed import Stage

_spec = importlib.util.spec_from_file_location("measured", Path(__file__).with_name("measured.py"))
measured = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(measured)

OLD, NEW = "an old key of forty characters or so really", "a new key of forty characters or so really!"
pytestmark = pytest.mark.plugins("standard_contracts", "commission", "sandbox", "measured")


@pytest.fixture
def house(marketplace):
    made = build_house(replace(marketplace, seal_keys=(OLD,)), {"measured": measured})
    yield made
    made.database.dispose()


@pytest.fixture
def deal(house, browse):
    """A contract in which a report was handed over sealed, with a file."""
    stage = Stage(house).meet().signed(400_000, process="measured")
    stage.answer(stage.take("pay", stage.client).command)
    url = f"/contracts/{stage.contract}/milestones/{stage.milestones[0]}"
    page = browse(stage.freelancer)
    missed = {"x_score": "0.1", "samples-0-x_title": "One", "samples-0-x_kind": "hard"}
    send = {"content_type": "multipart/form-data"}
    page.post(f"{url}/submit", missed | {"x_weights": (BytesIO(b"0"), "w.txt")}, **send)
    told = {"x_verdict": "Hopeless", "note": "Between us", "x_report": (BytesIO(b"The whole story."), "acme.txt")}
    assert page.post(f"{url}/tell", told, **send).status_code == 303
    return stage


@pytest.fixture
def staff(house):
    """Somebody of the staff who decides on contracts."""
    with house.database.unit(Stage(house).actor("seed")) as uow:
        found = accounts.create_account(uow, email="ana@example.org", name="Ana", locale="en", is_freelancer=False)
        join_staff(uow, account=found, roles=["finance"])
        uow.commit()
    return found


def secret_of(deal):
    with deal.house.database.reading() as session:
        return next(h for h in handovers_of(session, deal.contract).values() if h.seal)


def page_of(deal):
    return f"/contracts/{deal.contract}/deliveries/{secret_of(deal).delivery}"


def seal_row(deal):
    with deal.house.database.reading() as session:
        return seals_by_id(session, [secret_of(deal).seal])[secret_of(deal).seal]


def everything_stored(house):
    """All bytes of the database file and of the uploads."""
    path = house.marketplace.database_url.removeprefix("sqlite:///")
    files = house.ports.get(Storage)
    return b"".join(p.read_bytes() for p in Path(path).parent.glob(Path(path).name + "*")) + b"".join(
        files.get(id_) for id_, _ in files.ids())


def readings(deal):
    with deal.house.database.reading() as session:
        return [(r.name, r.role) for r in readings_of(session, deal.contract)]


def test_nothing_of_it_lies_open_in_database_or_files(deal):
    if deal.house.marketplace.database_url.startswith("sqlite"):
        kept = everything_stored(deal.house)
        assert not any(word in kept for word in (b"Hopeless", b"Between us", b"The whole story", b"acme.txt"))
    with deal.house.database.reading() as session:
        token = session.scalar(select(Seal.token))
        assert key_of(token) == deal.house.ports.get(Ring).newest


def test_both_sides_read_it_and_each_reading_is_shown_to_both(deal, browse):
    assert "Hopeless" in browse(deal.client).get(page_of(deal)).text
    text = browse(deal.freelancer).get(f"/contracts/{deal.contract}/access").text
    assert readings(deal) == [("Hélène Quesnoy", "client")]
    assert "Hélène Quesnoy" in text
    assert "Secret report" in text


def test_its_file_is_opened_for_the_other_side_alone(deal, browse):
    text = browse(deal.client).get(page_of(deal)).text
    link = re.search(rf"/contracts/{deal.contract}/deliveries/\w+/files/\w+", text)[0]
    answer = browse(deal.client).get(link)
    assert answer.data == b"The whole story."
    assert "acme.txt" in answer.headers["Content-Disposition"]
    with deal.house.database.reading() as session:
        file = session.scalar(select(StoredFile.id).where(StoredFile.purpose == "sealed"))
    assert browse(deal.client).get(f"/files/{file}").status_code == 404


def test_staff_read_it_only_within_an_open_case_that_names_them(deal, staff, browse):
    page = browse(staff)
    assert page.get(page_of(deal)).status_code == 403
    assert page.get(page_of(deal) + ".json").status_code == 403
    typed = {"reason": "The client says that nothing was handed over.", "staff": staff}
    assert page.post(f"/contracts/{deal.contract}/access", typed).status_code == 303
    assert "Hopeless" in page.get(page_of(deal)).text
    assert readings(deal) == [("Ana", "staff")]
    assert "nothing was handed over" in browse(deal.client).get(f"/contracts/{deal.contract}/access").text
    deal.move(days=15)
    assert page.get(page_of(deal)).status_code == 403


def test_a_case_that_is_closed_opens_nothing(deal, staff, browse):
    page = browse(staff)
    page.post(f"/contracts/{deal.contract}/access", {"reason": "A look.", "staff": staff})
    case = re.search(r"/cases/(\w+)/close", page.get(f"/contracts/{deal.contract}/access").text)[1]
    assert browse(deal.client).post(f"/contracts/{deal.contract}/cases/{case}/close").status_code == 303
    assert page.get(page_of(deal)).status_code == 403


def test_a_case_needs_a_reason_and_names(deal, staff, browse):
    answer = browse(staff).post(f"/contracts/{deal.contract}/access", {"reason": " "})
    assert answer.status_code == 422
    assert "Please say why" in answer.text
    assert "Name who works on it" in answer.text


def test_a_side_opens_a_case_and_names_nobody(deal, staff, browse):
    page = browse(deal.client)
    page.post(f"/contracts/{deal.contract}/access", {"reason": "Please look.", "staff": staff})
    assert browse(staff).get(page_of(deal)).status_code == 403
    with deal.house.database.unit(deal.actor(deal.client)) as uow, pytest.raises(NotAllowed):
        cases.name_staff(uow, case=uow.session.scalar(select(cases.Case.id)), staff=[staff])


def end(deal):
    deal.answer(deal.take("take_missed", deal.client, reauthenticated=True).command)
    assert deal.row().state == "ENDED"


def delete(deal):
    deal.house.worker.handlers[JOB](None)


def test_it_is_deleted_on_its_date_once_the_contract_has_ended(deal, browse):
    page, before = page_of(deal), secret_of(deal).sha256
    deal.move(days=401)
    delete(deal)
    assert seal_row(deal).deleted_at is None  # the contract is under way
    end(deal)
    deal.move(days=1)
    delete(deal)
    assert seal_row(deal).deleted_at is not None
    text = browse(deal.client).get(page).text
    assert "Hopeless" not in text
    assert before in text
    with deal.house.database.reading() as session:
        assert session.scalar(select(Seal.token)) is None
        assert session.scalar(select(StoredFile.removed_at).where(StoredFile.purpose == "sealed")) is not None
    assert b"The whole story." not in b"".join(
        deal.house.ports.get(Storage).get(i) for i, _ in deal.house.ports.get(Storage).ids())


def test_a_case_keeps_it_until_the_case_ends(deal, staff, browse):
    end(deal)
    deal.move(days=401)
    browse(staff).post(f"/contracts/{deal.contract}/access", {"reason": "A dispute.", "staff": staff})
    delete(deal)
    assert seal_row(deal).deleted_at is None
    deal.move(days=15)
    delete(deal)
    assert seal_row(deal).deleted_at is not None


def test_readings_are_never_changed(deal, browse):
    browse(deal.client).get(page_of(deal))
    with deal.house.database.unit(deal.actor(deal.client)) as uow, pytest.raises(Exception, match="append only"):
        uow.session.execute(update(SealReading).values(name="Nobody"))


def test_a_newer_key_seals_everything_anew_and_the_older_one_may_go(deal):
    ports = deal.house.ports
    ports.fill(Ring, Ring((NEW, OLD)))
    assert rotate(deal.house.database) == (2, 0)
    assert rotate(deal.house.database) == (0, 0)
    ports.fill(Ring, Ring((NEW,)))
    assert [f.trouble for f in look(deal.house.database)] == ["", ""]


def test_without_its_key_nobody_reads_it_and_the_page_says_so(deal, browse):
    deal.house.ports.fill(Ring, Ring((NEW,)))
    answer = browse(deal.client).get(page_of(deal))
    assert answer.status_code == 503
    assert "MARKETWRIGHT_SEAL_KEYS" in answer.text
    assert all("put the key back" in f.trouble for f in look(deal.house.database))
    assert rotate(deal.house.database) == (0, 2)


def test_a_page_that_cannot_be_had_for_now_is_one_line_of_the_log(deal, browse, caplog):
    deal.house.ports.fill(Ring, Ring((NEW,)))
    browse(deal.client).get(page_of(deal))
    (line,) = [r for r in caplog.records if r.name == "marketwright.web"]
    assert "MARKETWRIGHT_SEAL_KEYS" in line.getMessage()
    assert line.exc_info is None


def test_a_token_moved_elsewhere_does_not_open():
    ring = Ring((OLD,))
    with pytest.raises(Unavailable):
        ring.open(ring.seal(b"x", "here"), "there")


def test_keys_come_from_the_environment_the_first_one_seals():
    folder = Path(__file__).parents[2] / "examples" / "cybersecurity"
    made = load_marketplace(folder, {"MARKETWRIGHT_SEAL_KEYS": f"{NEW}, {OLD}"})
    assert Ring(made.seal_keys).newest == Ring((NEW,)).newest
    assert len(Ring(made.seal_keys).known) == 2
