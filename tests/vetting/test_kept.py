"""What is handed in: who opens it, that each look of staff is in the log, and that it goes when it is taken back."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import delete, select

from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.tables import Membership
from marketwright.features.files import queries as files
from marketwright.features.files import service as storing
from marketwright.features.privacy import service as privacy
from marketwright.features.profiles.claiming import replace_claims
from marketwright.features.profiles.claims import ClaimDraft
from marketwright.features.profiles.ports import Proofs
from marketwright.features.profiles.tables import Profile
from marketwright.features.vetting import queries, running, service
from marketwright.features.vetting.tables import CheckRun, Evidence
from marketwright.kernel.actors import Actor, system
from marketwright.plugin import Ask, Result, Verdict
from marketwright.store.tables import AuditRow

pytestmark = pytest.mark.plugins("evidence")
PAPER = b"a secret paper"


def handed_in(people, by=None, *, kind="freelancer"):
    """A run with a paper, its file and the id of that piece of evidence."""
    owner = people.freelancer if kind == "freelancer" else people.organisation
    by = by or (people.as_freelancer if kind == "freelancer" else people.as_client)
    about = people.claim if kind == "freelancer" else ""
    paper = storing.prepare(PAPER, "p.txt", purpose="evidence")
    handed = [service.Handed(Ask("document", "Paper", "file"), file=paper),
              service.Handed(Ask("number", "Number", "text"), "OS-101")]  # fmt: skip
    run = people.do(by, lambda u: service.hand_in(u, check="documents", kind=kind, owner=owner, about=about,
                                                  handed=handed))  # fmt: skip
    running.advance(people.house, run)
    with people.house.database.reading() as session:
        query = select(Evidence.file_id, Evidence.id).where(Evidence.run_id == run, Evidence.file_id.is_not(None))
        file, evidence = session.execute(query).one()
    return run, file, evidence


def looks(people):
    with people.house.database.reading() as session:
        return session.scalars(select(AuditRow.actor).where(AuditRow.action == "evidence.read")).all()


def test_a_vetter_opens_a_paper_by_the_address_that_is_logged(people, browse):
    _, _, evidence = handed_in(people)
    answer = browse(people.vetter).get(f"/console/vetting/evidence/{evidence}")
    assert (answer.status_code, answer.data) == (200, PAPER)
    assert looks(people) == [f"person:{people.vetter}"]


def test_who_is_shown_what_was_typed_is_in_the_log(people, browse):
    run, _, _ = handed_in(people)
    browse(people.vetter).get(f"/console/vetting/{run}")
    with people.house.database.reading() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "evidence.read")).one()
    assert (row.actor, row.subject, row.details) == (f"person:{people.vetter}", run, {"answers": ["number"]})


def test_a_run_of_which_nothing_is_left_to_read_adds_nothing_to_the_log(people, browse):
    run, _, _ = handed_in(people)
    people.do(people.as_freelancer, lambda u: service.withdraw(u, run=run))
    browse(people.vetter).get(f"/console/vetting/{run}")
    assert looks(people) == []


def test_a_vetter_opens_nothing_by_the_address_that_is_not(people, browse):
    _, file, _ = handed_in(people)
    assert browse(people.vetter).get(f"/files/{file}").status_code == 404


def test_a_buyer_who_left_opens_the_papers_of_the_client_no_more(people, browse):
    with people.house.database.unit(system("tests")) as uow:
        buyer = accounts.create_account(uow, email="b@example.org", name="B", locale="en", is_freelancer=False)
        accounts.add_member(uow, organisation=people.organisation, account=buyer, roles=["buyer"])
        uow.commit()
    _, file, _ = handed_in(people, people.actor(buyer, **{people.organisation: ("buyer",)}), kind="client")
    assert browse(buyer).get(f"/files/{file}").status_code == 200
    with people.house.database.unit(system("tests")) as uow:
        uow.session.execute(delete(Membership).where(Membership.account_id == buyer))
        uow.commit()
    assert browse(buyer).get(f"/files/{file}").status_code == 404
    assert browse(people.client).get(f"/files/{file}").status_code == 200


def test_what_was_taken_back_is_not_kept(people, browse):
    run, file, evidence = handed_in(people)
    people.do(people.as_freelancer, lambda u: service.withdraw(u, run=run))
    with people.house.database.reading() as session:
        assert files.file(session, file) is None
        assert set(session.scalars(select(Evidence.text).where(Evidence.run_id == run))) == {""}
    vera = browse(people.vetter)
    assert vera.get(f"/console/vetting/evidence/{evidence}").status_code == 404
    assert "OS-101" not in vera.get(f"/console/vetting/{run}").text


def test_who_was_erased_is_named_by_no_run_and_no_note(people):
    me = Actor(kind="person", id=people.freelancer, name="Ada Perrin")
    run, _, _ = handed_in(people, me)
    with people.house.database.unit(system("tests")) as uow:
        uow.session.get_one(CheckRun, run).note = "Ask the register about OS-101, Ada Perrin."
        uow.commit()
    people.decide(run)
    people.do(me, lambda u: privacy.erase(u, people.house, account=people.freelancer))
    with people.house.database.reading() as session:
        row = session.get_one(CheckRun, run)
        assert (row.note, row.started_name) == ("", "")


def test_with_a_claim_goes_what_was_handed_in_for_it_and_waits(people):
    run, file, _ = handed_in(people)
    people.do(people.as_freelancer, lambda u: replace_claims(u, profile=people.freelancer, claims=[]))
    with people.house.database.reading() as session:
        assert session.get_one(CheckRun, run).state == "withdrawn"
        assert files.file(session, file) is None


def test_an_end_that_staff_type_is_that_day_where_the_marketplace_is(people, browse):
    run, _, _ = handed_in(people)
    browse(people.vetter).post(f"/console/vetting/{run}", {"decision": "passed", "reason": "Read.",
                                                           "expires": "2037-06-30"})  # fmt: skip
    with people.house.database.reading() as session:
        (verdict,) = queries.standing(session, "freelancer", people.freelancer)
    assert verdict.expires == datetime(2037, 6, 30, 21, 59, tzinfo=UTC)  # a minute before midnight in Paris


def test_who_edits_a_checked_entry_reads_that_its_badge_would_go(people, browse):
    run, _, _ = handed_in(people)
    own = browse(people.freelancer)
    assert "its badge goes" not in own.get("/me/profile/certificates").text
    browse(people.vetter).post(f"/console/vetting/{run}", {"decision": "passed", "reason": "Read.",
                                                           "expires": "2037-06-30"})  # fmt: skip
    assert "its badge goes" in own.get("/me/profile/certificates").text


def test_a_picture_that_was_handed_in_stays_in_no_browser(people, browse, house):
    out = BytesIO()
    Image.new("RGB", (900, 600), "#0b5a43").save(out, "PNG")
    paper = storing.prepare(out.getvalue(), "p.png", purpose="evidence")
    run = people.do(people.as_freelancer, lambda u: service.hand_in(
        u, check="documents", kind="freelancer", owner=people.freelancer, about=people.claim,
        handed=[service.Handed(Ask("document", "Paper", "file"), file=paper)]))  # fmt: skip
    with house.database.reading() as session:
        (evidence,) = session.scalars(select(Evidence.id).where(Evidence.run_id == run, Evidence.file_id.is_not(None)))
    answer = browse(people.vetter).get(f"/console/vetting/evidence/{evidence}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


def test_a_rewritten_entry_is_counted_as_checked_no_more(people, browse, house):
    run, _, _ = handed_in(people)
    browse(people.vetter).post(f"/console/vetting/{run}", {"decision": "passed", "reason": "Read.",
                                                           "expires": "2037-06-30"})  # fmt: skip

    def counted():
        with house.database.reading() as session:
            row = session.get_one(Profile, people.freelancer)
            return row.proved + row.documents

    assert counted() == 1
    other = ClaimDraft("certificate", label="OSCE", issuer="OffSec")
    people.do(people.as_freelancer, lambda u: replace_claims(u, profile=people.freelancer, claims=[other]))
    assert counted() == 0


def test_of_two_checks_of_one_entry_that_which_holds_is_shown(people, house):
    now = house.clock.business()

    def passed(uow, check, *, document, ends):
        verdict = Verdict(Result.PASSED, "the name", "the register", "Seen.", ends, document=document)
        service.record(uow, check=check, kind="freelancer", owner=people.freelancer, about=people.claim,
                       by=service.By("x", "x"), verdict=verdict)  # fmt: skip

    people.do(system("tests"), lambda u: passed(u, "documents", document=True, ends=now + timedelta(days=90)))
    people.do(system("tests"), lambda u: passed(u, "register", document=False, ends=now - timedelta(days=1)))
    with house.database.reading() as session:
        (proof,) = house.ports.get(Proofs).of(session, people.freelancer).values()
    assert (proof.document, proof.until) == (True, now + timedelta(days=90))
