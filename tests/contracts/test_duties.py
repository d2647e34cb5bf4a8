"""What the law makes a client hold of who works for them, and words that a country's pack points at."""

import io
import json
from zipfile import ZipFile

import pytest

from marketwright.features.accounts import service as accounts
from marketwright.features.files import service as files
from marketwright.features.vetting import queries, running
from marketwright.features.vetting import service as vetting
from marketwright.features.vetting.service import Handed
from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import GateClosed
from marketwright.strategies.vetting import Subject, SubjectKind, Submission
from marketwright.testing.agreed import Stage

pytestmark = [pytest.mark.either_engine, pytest.mark.plugins("standard_contracts", "country_fr", "sandbox")]


@pytest.fixture
def stage(house):
    return Stage(house).meet()


def test_words_that_read_as_employment_are_shown_before_it_is_sent(stage, browse):
    lines = [{"title": "Présence obligatoire de 9h à 18h", "detail": "", "amount": 50_000}]
    contract = stage.agree(50_000, lines=lines)
    page = browse(stage.client).get(f"/contracts/{contract}/send?language=fr").text
    assert "Some words may read as employment" in page
    assert "Présence obligatoire" in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_bundled_agreement_has_none(stage, browse, language):
    contract = stage.agree(50_000)
    page = browse(stage.client).get(f"/contracts/{contract}/send?language={language}").text
    assert "paper" in page
    assert "Some words may read as employment" not in page


def vetted(stage):
    """The papers, handed in by the freelancer and confirmed by Ada of the vetting staff."""
    today = stage.house.clock.business().date().isoformat()
    typed = {"certificate_on": today, "extract_on": today, "code": "ABCD1234EFGH567", "employees": "none"}
    check = stage.house.plugins.vetting_checks["vigilance"].it
    subject = Subject(SubjectKind.FREELANCER, stage.freelancer, "Tomasz", "FR")
    handed = []
    for ask in check.evidence(subject):
        if ask.form == "file" and ask.required:
            handed.append(Handed(ask, file=files.prepare(b"Issued today.", f"{ask.key}.txt", purpose="evidence")))
        elif ask.key in typed:
            handed.append(Handed(ask, typed[ask.key]))
    with stage.unit(stage.actor(stage.freelancer)) as uow:
        run = vetting.hand_in(uow, check="vigilance", kind="freelancer", owner=stage.freelancer, handed=handed)
        uow.commit()
    running.advance(stage.house, run)
    with stage.house.database.reading() as session:
        version = queries.run(session, run).version
    staff = Actor(kind="person", id="staff", name="Ada", staff=frozenset({"vetter"}))
    verdict = check.resume(subject, Submission(typed, decision="passed", reason="The code fits."))
    with stage.house.database.unit(staff) as uow:
        vetting.decide(uow, run=run, version=version, verdict=verdict)
        uow.commit()


def test_a_client_of_a_running_contract_holds_the_papers(stage, browse):
    vetted(stage)
    stage.signed(100_000)
    path = f"/contracts/{stage.contract}/proofs.zip"
    visitor = browse(stage.client)
    assert path in visitor.get(f"/contracts/{stage.contract}").text
    archive = ZipFile(io.BytesIO(visitor.get(path).data))
    [proof] = json.loads(archive.read("proofs.json"))
    assert (proof["check"], proof["decided_by"]) == ("vigilance", "Ada")
    assert len(archive.namelist()) == 3
    assert browse(stage.freelancer).get(path).status_code == 404


@pytest.mark.settings(gates={"sign_above": ("vigilance",)})
def test_from_five_thousand_euros_on_nobody_signs_without_them(stage):
    with pytest.raises(GateClosed, match="vigilance"):
        stage.signed(500_000)


@pytest.mark.settings(gates={"sign_above": ("vigilance",)})
def test_below_it_they_do(stage):
    stage.signed(499_900)
    assert stage.contract


def test_what_is_handed_in_after_the_end_is_none_of_that_clients(stage, browse):
    stage.signed(100_000)
    stage.fund()
    stage.deliver()
    stage.answer(stage.take("approve", stage.client).command)
    stage.move(days=400)
    vetted(stage)
    archive = ZipFile(io.BytesIO(browse(stage.client).get(f"/contracts/{stage.contract}/proofs.zip").data))
    assert archive.namelist() == ["proofs.json"]


@pytest.mark.parametrize(("role", "status"), [("support", 404), ("finance", 404), ("auditor", 200)])
def test_of_the_staff_those_who_see_evidence_hold_the_papers(stage, browse, role, status):
    vetted(stage)
    stage.signed(100_000)
    with stage.unit() as uow:
        who = accounts.create_account(uow, email="sup@example.org", name="Sup", locale="en", is_freelancer=False)
        accounts.join_staff(uow, account=who, roles=[role])
        uow.commit()
    assert browse(who).get(f"/contracts/{stage.contract}/proofs.zip").status_code == status
