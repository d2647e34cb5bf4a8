"""What a condition asks for sealed, and the brief's sealed answers: encrypted, each reading recorded, deleted."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import inspect, select, text, update

from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.people import suspend
from marketwright.features.accounts.staff import change_staff, join_staff
from marketwright.features.cases import service as cases
from marketwright.features.contracts.confidentiality import signed
from marketwright.features.contracts.sealed import case_of_mission
from marketwright.features.contracts.tables import Contract, ContractDocument
from marketwright.features.files import service as files
from marketwright.features.files.ports import Storage
from marketwright.features.missions import sealing
from marketwright.features.missions.tables import ConfidentialPart, Mission
from marketwright.features.missions.writing import stored_brief, write
from marketwright.features.papers.acting import meet_one
from marketwright.features.papers.tables import Handing
from marketwright.features.seals.jobs import JOB
from marketwright.features.seals.queries import readings_of
from marketwright.features.seals.tables import Seal
from marketwright.hooks.fields import faults_of as field_faults
from marketwright.kernel.errors import GateClosed, NotAllowed
from marketwright.store.ring import Ring
from marketwright.strategies.conditions import Condition, faults_of
from marketwright.strategies.fields import Field, FieldForm
from marketwright.strategies.processes import Role

SECRET = "Under the third stone"


@pytest.fixture
def met(deal):
    """The permit is signed: its paper and what was handed in are sealed."""

    def act(role, deed):
        with deal.unit(deal.client if role is Role.CLIENT else deal.freelancer) as uow:
            deed(uow)
            uow.commit()

    meet_one(deal.house, deal.contract, "asking.permit", act)
    return deal


@pytest.fixture
def brief(deal):
    """The deal's mission says where the keys lie."""
    with deal.house.database.reading() as session:
        mission = session.get_one(Contract, deal.contract).mission_id
    with deal.unit() as uow:
        row = uow.session.get_one(Mission, mission)
        fields = [e.it for e in deal.house.plugins.fields]
        row.fields = sealing.lay(uow, row, fields, {"where": SECRET, "noise": "quiet"})
        row.confidential = True
        uow.commit()
    return mission


@pytest.fixture
def staff(deal):
    with deal.unit() as uow:
        found = accounts.create_account(uow, email="ana@example.org", name="Ana", locale="en", is_freelancer=False)
        join_staff(uow, account=found, roles=["finance"])
        uow.commit()
    return found


def stored(house, *tables):
    with house.database.reading() as session:
        return " ".join(str(session.execute(text(f"SELECT * FROM {t}")).all()) for t in tables)


def readings(deal, **more):
    with deal.house.database.reading() as session:
        return [(r.name, r.role, r.what) for r in readings_of(session, deal.contract, **more)]


def handing_of(deal):
    with deal.house.database.reading() as session:
        return session.scalars(select(Handing)).one()


def test_neither_the_paper_nor_what_was_handed_in_lies_open_in_any_row(met):
    kept = stored(met.house, "paper_handings", "documents", "audit_log", "mails")
    assert "Attic" not in kept
    path = met.house.marketplace.database_url.removeprefix("sqlite:///")
    if path.startswith("/"):
        assert not any(b"Attic" in p.read_bytes() for p in Path(path).parent.glob(Path(path).name + "*"))


def test_both_sides_read_the_paper_and_each_reading_is_shown_to_both(met, browse):
    page = f"/documents/{handing_of(met).document_id}"
    assert "Attic" in browse(met.client).get(page).text
    assert "Attic" in browse(met.client).get(page + "/download").text
    assert [r[1:] for r in readings(met)] == [("client", "paper")] * 2
    shown = browse(met.freelancer).get(f"/contracts/{met.contract}/access").text
    assert "Hélène Quesnoy" in shown
    assert "Permit" in shown


def test_a_signatory_without_an_account_is_recorded_as_one(deal, permit, browse, app):
    from marketwright.features.papers import queries, tokens
    from marketwright.testing.browse import Browse

    browse(deal.client).post(permit[0], permit[1] | {"send": "1"})
    with deal.house.database.reading() as session:
        signer = queries.latest(session, deal.contract, "asking.permit").signers[0].id
        where = "/sign/" + tokens.signing_token(session, signer, deal.house.marketplace.secret_key)
    visitor = Browse(app)
    visitor.post(f"{where}/code")
    with deal.house.database.reading() as session:
        from marketwright.features.papers.tables import OutsideSigner

        code = tokens.code_of(session.get_one(OutsideSigner, signer), deal.house.marketplace.secret_key)
    visitor.post(where, {"code": code})
    assert "Attic" in visitor.get(where).text
    assert ("Ada Owner", "outsider", "paper") in readings(deal)


def test_staff_read_a_sealed_paper_only_within_a_case_that_names_them(met, staff, browse):
    page = f"/documents/{handing_of(met).document_id}"
    form = f"/contracts/{met.contract}/conditions/asking.permit/paper"
    assert (browse(staff).get(page).status_code, browse(staff).get(form).status_code) == (404, 404)
    with met.unit(met.client) as uow:
        case = cases.open_case(uow, contract=met.contract, reason="The scope is disputed.")
        uow.commit()
    with met.unit(met.client) as uow, pytest.raises(NotAllowed):
        cases.name_staff(uow, case=case, staff=[staff])
    browse(staff).post(f"/contracts/{met.contract}/cases/{case}/staff", {"staff": staff})
    assert "Attic" in browse(staff).get(page).text
    assert "Attic" in browse(staff).get(form).text
    assert [r[1:] for r in readings(met)] == [("staff", "handed"), ("staff", "paper")]


def taken_off(uow, account):
    change_staff(uow, account=account, roles=[])


def barred(uow, account):
    suspend(uow, account=account, reason="It is looked into.")


@pytest.mark.parametrize("leave", [taken_off, barred])
def test_who_left_the_staff_reads_nothing_by_a_case_that_names_them(deal, brief, staff, leave):
    with deal.unit(deal.actor(staff, staff=["finance", "admin"])) as uow:
        cases.open_case(uow, contract=deal.contract, reason="They argue.", staff=[staff])
        uow.commit()

    def named():
        with deal.house.database.reading() as session:
            return case_of_mission(session, deal.house.ports, brief, staff, deal.house.clock.business())

    assert named()
    with deal.unit() as uow:
        leave(uow, staff)
        uow.commit()
    assert not named()


def test_it_is_deleted_after_the_contract_and_its_fingerprint_stays(met, browse):
    with met.unit() as uow:
        uow.session.execute(update(Contract).values(state="ENDED", ended_at=uow.now, end_reason="completed"))
        uow.commit()
    met.move(days=181)
    with met.unit() as uow:
        uow.job(JOB, key="now")
        uow.commit()
    met.house.worker.drain()
    handing = handing_of(met)
    page = browse(met.client).get(f"/documents/{handing.document_id}")
    assert page.status_code == 409
    assert "was deleted" in page.text
    assert "Deleted" in browse(met.client).get(f"/contracts/{met.contract}/access").text
    with met.house.database.reading() as session:
        assert session.get_one(Seal, handing.seal).token is None
        assert len(session.get_one(ContractDocument, handing.document_id).sha256) == 64


def test_a_step_that_a_paper_bounds_is_taken_within_its_times_alone(met):
    met.answer(met.take("fund", met.client).command)
    with pytest.raises(GateClosed) as closed:
        met.take("deliver", met.freelancer, handed_over=True)
    assert "begins on" in str(closed.value.missing[0].how)
    met.move(days=9, hours=12)
    met.deliver()


def test_once_its_times_are_over_it_is_handed_in_anew(met, browse):
    met.answer(met.take("fund", met.client).command)
    where = f"/contracts/{met.contract}/conditions/asking.permit/paper"
    assert "Permit" in browse(met.client).get(where).text
    met.move(days=20)
    with pytest.raises(GateClosed) as closed:
        met.take("deliver", met.freelancer, handed_over=True)
    assert "are over" in str(closed.value.missing[0].how)
    assert "x_owner-0-email" in browse(met.client).get(where).text


def test_a_sealed_answer_of_a_brief_lies_open_nowhere(deal, brief):
    assert SECRET not in stored(deal.house, "missions", "facets", "audit_log", "contracts", "index_changes")
    with deal.house.database.reading() as session:
        terms = session.get_one(Contract, deal.contract).terms
    assert "where" not in terms["mission"]["fields"]


def test_the_client_and_who_signed_the_agreement_open_it_and_both_see_who_did(deal, brief, browse):
    page = f"/missions/{brief}/sealed"
    assert SECRET not in browse(deal.client).get(f"/missions/{brief}").text
    assert SECRET in browse(deal.client).get(page).text
    with deal.house.database.reading() as session:
        agreed = signed(session, brief, deal.freelancer)
    assert browse(deal.freelancer).get(page).status_code == (200 if agreed else 403)
    assert readings(deal, mission=brief) == [("Hélène Quesnoy", "client", "brief")]
    assert "What is sealed in the brief" in browse(deal.freelancer).get(f"/contracts/{deal.contract}/access").text


def test_staff_open_a_brief_only_within_a_case(deal, brief, staff, browse):
    page = f"/missions/{brief}/sealed"
    assert browse(staff).get(page).status_code in (403, 404)
    browse(staff).post(f"/contracts/{deal.contract}/access", {"reason": "A look.", "staff": staff})
    assert SECRET in browse(staff).get(page).text


def test_the_form_begins_with_it_and_keeps_its_seal_while_nothing_changes(deal, brief, browse):
    with deal.unit() as uow:
        uow.session.execute(update(Mission).where(Mission.id == brief).values(state="published"))
        uow.commit()
    before = stored(deal.house, "missions")
    assert SECRET in browse(deal.client).get(f"/missions/{brief}/edit").text
    assert ("Hélène Quesnoy", "client", "brief") in readings(deal, mission=brief)
    with deal.unit() as uow:
        row = uow.session.get_one(Mission, brief)
        seal = row.fields["where"]
        changed = {"where": SECRET, "noise": "quiet"}
        assert sealing.unchanged(uow, row, [e.it for e in deal.house.plugins.fields], changed)["where"] == seal
    assert before == stored(deal.house, "missions")


def test_a_changed_answer_is_sealed_anew_and_the_old_one_deleted(deal, brief):
    fields = [e.it for e in deal.house.plugins.fields]
    with deal.unit() as uow:
        row = uow.session.get_one(Mission, brief)
        old = row.fields["where"]["seal"]
        row.fields = sealing.lay(uow, row, fields, {"where": "Elsewhere"})
        uow.commit()
    with deal.house.database.reading() as session:
        assert session.get_one(Seal, old).token is None
        found = session.get_one(Mission, brief).fields
        assert sealing.opened(session, deal.house.ports.get(Ring), fields, found) == {"where": "Elsewhere"}


def test_the_seal_of_another_brief_is_not_taken_over(deal, brief):
    fields = [e.it for e in deal.house.plugins.fields]
    with deal.unit() as uow:
        stolen = uow.session.get_one(Mission, brief).fields
        other = Mission(id="otherotherother1", fields={})
        assert sealing.lay(uow, other, fields, stolen) == {"noise": "quiet"}


def test_what_was_answered_before_the_field_was_sealed_is_sealed_by_the_worker(deal, brief):
    with deal.unit() as uow:
        uow.session.get_one(Mission, brief).fields = {"where": SECRET}
        uow.commit()
    assert sealing.catch_up(deal.house.database) == 1
    assert sealing.catch_up(deal.house.database) == 0
    assert SECRET not in stored(deal.house, "missions")


def test_a_visitors_brief_with_something_sealed_is_kept_encrypted(deal, app):
    from marketwright.testing.browse import Browse

    visitor = Browse(app)
    visitor.post("/missions/new", {"title": "Look for keys", "x_where": SECRET, "do": "keep"})
    assert SECRET not in stored(deal.house, "pending_briefs")
    assert SECRET in visitor.get("/missions/new").text


def test_a_brief_that_is_closed_loses_its_sealed_answers_half_a_year_later(deal, brief):
    with deal.unit() as uow:
        uow.session.execute(update(Contract).values(state="ENDED", ended_at=uow.now, end_reason="completed"))
        uow.commit()
    deal.move(days=179)
    _run(deal)
    with deal.house.database.reading() as session:
        assert session.scalars(select(Seal).where(Seal.mission_id == brief, Seal.token.is_(None))).first() is None
    deal.move(days=3)
    _run(deal)
    with deal.house.database.reading() as session:
        assert session.scalars(select(Seal).where(Seal.mission_id == brief, Seal.token.is_(None))).first() is not None


def _run(deal):
    with deal.unit() as uow:
        uow.job(JOB, key="now")
        uow.commit()
    deal.house.worker.drain()


def test_a_sealed_field_that_would_be_seen_elsewhere_stops_the_start():
    words = {"en": "Where"}
    bad = [
        Field("mission", "a", FieldForm.TEXT, words, sealed=True),
        Field("mission", "b", FieldForm.CHOICE, words, sealed=True, private=True, facet=True),
        Field("profile", "c", FieldForm.TEXT, words, sealed=True, private=True),
    ]
    assert len(field_faults(bad)) == 3
    open_one = Condition("asking.x", "X", "Y", Role.CLIENT, fields=(Field("condition", "d", FieldForm.TEXT, words,
                                                                           sealed=True),))  # fmt: skip
    assert "confidential" in faults_of(open_one, {})[0]


PART = "The alarm code is the founding year."


@pytest.fixture
def part(deal, brief):
    """The mission's confidential part, written as its client writes it."""
    with deal.unit(deal.client) as uow:
        row = uow.session.get_one(Mission, brief)
        write(uow, row, replace(stored_brief(uow.session, row), confidential=PART))
        uow.commit()
    return brief


def everything(deal, needle):
    """The tables with a row that holds ``needle``."""
    with deal.house.database.reading() as session:
        tables = inspect(session.get_bind()).get_table_names()
        return {
            t for t in tables for r in session.execute(text(f'SELECT * FROM "{t}"')) if any(needle in str(v) for v in r)
        }


def test_the_confidential_part_of_a_sealed_brief_lies_in_no_table(deal, part):
    assert everything(deal, PART) == set()


def test_it_opens_on_the_sealed_page_and_the_reading_is_recorded(deal, part, browse):
    page = browse(deal.client)
    assert PART not in page.get(f"/missions/{part}").text
    assert PART in page.get(f"/missions/{part}/sealed").text
    with deal.house.database.reading() as session:
        assert readings_of(session, "", mission=part)


def test_writing_the_same_part_again_changes_nothing(deal, part):
    with deal.unit(deal.client) as uow:
        brief = replace(
            stored_brief(uow.session, uow.session.get_one(Mission, part)), confidential=PART, secret_seal=""
        )
        assert sealing.unchanged_text(uow, part, brief) == stored_brief(uow.session, uow.session.get_one(Mission, part))


def test_a_part_that_is_taken_away_is_deleted(deal, part):
    with deal.unit(deal.client) as uow:
        row = uow.session.get_one(Mission, part)
        seal = stored_brief(uow.session, row).secret_seal
        write(uow, row, replace(stored_brief(uow.session, row), confidential="", secret_seal=""))
        assert uow.session.get_one(Seal, seal).token is None


def test_what_was_written_before_the_niche_sealed_briefs_is_sealed_by_the_worker(deal, brief):
    with deal.unit() as uow:
        uow.session.add(ConfidentialPart(mission_id=brief, text=PART))
        files.store(uow, data=PART.encode(), name="alarm.txt", purpose="confidential", owner_kind="mission",
                    owner_id=brief)  # fmt: skip
        uow.commit()
    sealing.catch_up(deal.house.database)
    assert everything(deal, PART) == set()
    assert everything(deal, "alarm.txt") <= {"files"}  # the row of the open file, taken away
    with deal.house.database.reading() as session:
        (kept,) = sealing.files_of(session, deal.house.ports.get(Ring), brief)
    assert kept.name == "alarm.txt"


def test_a_file_of_a_sealed_brief_is_encrypted_read_with_a_record_and_deleted(deal, brief, browse):
    page = browse(deal.client)
    sent = {"file": (BytesIO(PART.encode()), "alarm.txt")}
    assert page.post(f"/missions/{brief}/files", sent, content_type="multipart/form-data").status_code == 303
    assert everything(deal, "alarm.txt") == set()
    with deal.house.database.reading() as session:
        (kept,) = sealing.files_of(session, deal.house.ports.get(Ring), brief)
    assert PART.encode() not in deal.house.ports.get(Storage).get(kept.id)
    assert page.get(f"/files/{kept.id}").status_code == 404
    assert PART in page.get(f"/missions/{brief}/sealed/files/{kept.id}").text
    with deal.house.database.reading() as session:
        assert kept.seal in {r.seal for r in readings_of(session, "", mission=brief)}
    assert page.post(f"/missions/{brief}/files/{kept.id}/remove", {}).status_code == 303
    assert page.get(f"/missions/{brief}/sealed/files/{kept.id}").status_code == 404
