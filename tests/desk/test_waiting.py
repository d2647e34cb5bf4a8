"""A vetting check that waits for an outside answer: asked over HTTP, answered by a signed message, or by the clock."""

import json
from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest

from marketwright.app import build_house, create_app
from marketwright.features.accounts import service as accounts
from marketwright.features.vetting import queries
from marketwright.kernel.actors import system
from marketwright.plugin import (
    HttpFailed,
    Inbox,
    Manifest,
    Result,
    SubjectKind,
    Verdict,
    VettingCheck,
    Waiting,
    hookimpl,
)
from marketwright.store.database import move_clock
from marketwright.testing.browse import Browse
from marketwright.testing.http import FakeHttp, answer, lost
from marketwright.testing.inbox import sign


class Register(VettingCheck):
    name, label = "register", "Asked at the register"

    def applies(self, subject):
        return subject.kind is SubjectKind.FREELANCER

    def evidence(self, subject):
        return ()

    def start(self, subject, submission):
        asked = self.desk.http.post("https://register.example.org/ask", json={"reference": submission.run})
        if not asked.ok:
            return Waiting(self.desk.clock.business() + timedelta(hours=1), note="The register is closed.")
        return Waiting(self.desk.clock.business() + timedelta(days=3))

    def resume(self, subject, submission):
        if submission.message is None:
            return Waiting(for_staff=True, note="The register has not answered for three days.")
        passed = submission.message.json()["found"]
        result = Result.PASSED if passed else Result.REFUSED
        return Verdict(result, "the name", "the register", "" if passed else "The register does not know the name.")

    def explain(self, verdict):
        return "The register was asked."


def register_module():
    made = ModuleType("register")
    made.manifest = Manifest(
        name="register", summary="Asks.", hosts=("register.example.org",), secrets=("REGISTER_SECRET",),
        inbox=Inbox(header="x-sign", secrets=("REGISTER_SECRET",), about="reference"),
    )  # fmt: skip
    made.register_vetting_checks = hookimpl(lambda settings: [Register])
    made.register_vetting_checks.__name__ = "register_vetting_checks"
    return made


class Site:
    def __init__(self, house, http, freelancer):
        self.house, self.http, self.freelancer = house, http, freelancer
        self.app = create_app(house.marketplace, house)
        self.app.testing = True

    def begin(self):
        visitor = Browse(self.app).sign_in(self.freelancer)
        return visitor.post("/me/checks/register", {})

    def page(self):
        return Browse(self.app).sign_in(self.freelancer).get("/me/checks/register").text

    def run(self):
        with self.house.database.reading() as session:
            return queries.runs_of(session, "freelancer", self.freelancer)[0]

    def standing(self):
        with self.house.database.reading() as session:
            return [(v.result, v.by) for v in queries.standing(session, "freelancer", self.freelancer)]

    def hear(self, found=True, name="m1", run=""):
        body = json.dumps({"id": name, "reference": run or self.run().id, "found": found}).encode()
        mark = sign(body, b"key", datetime.now(UTC).timestamp())
        answered = Browse(self.app).client.post("/in/register", data=body, headers={"x-sign": mark})
        assert answered.status_code == 200
        self.house.worker.drain()

    def pass_days(self, days):
        with self.house.database.unit(system("tests")) as uow:
            move_clock(uow, timedelta(days=days))
            uow.commit()
        self.house.clock.forget()
        with self.house.database.unit(system("tests")) as uow:
            uow.job("vetting.advance")
            uow.commit()
        self.house.worker.drain()


@pytest.fixture
def site(marketplace, monkeypatch):
    from dataclasses import replace

    monkeypatch.setenv("REGISTER_SECRET", "key")
    house = build_house(replace(marketplace, plugins=("register",)), {"register": register_module()})
    http = FakeHttp().on("POST", "/ask", answer({"taken": True}))
    check = house.plugins.vetting_checks["register"].it
    check.desk = replace(check.desk, transport=http)
    with house.database.unit(system("tests")) as uow:
        ada = accounts.create_account(uow, email="a@example.org", name="Ada", locale="en", is_freelancer=True)
        uow.commit()
    yield Site(house, http, ada)
    house.database.dispose()


def test_the_outside_service_is_told_which_run_its_answer_is_about(site):
    site.begin()
    assert json.loads(site.http.asked[0].body) == {"reference": site.run().id}


def test_the_person_reads_until_when_an_answer_is_awaited(site):
    site.begin()
    assert site.run().state == "outside"
    assert "Waits for an answer from outside" in site.page()
    assert "An answer is awaited until" in site.page()


def test_a_signed_message_ends_the_wait_with_a_verdict_of_the_plugin(site):
    site.begin()
    site.hear(found=True)
    assert site.standing() == [("passed", "plugin:register")]
    assert "the register" in site.page()


def test_a_refusal_has_the_reason_that_the_check_gave(site):
    site.begin()
    site.hear(found=False)
    assert "The register does not know the name." in site.page()


def test_the_same_message_again_and_a_second_one_change_nothing(site):
    site.begin()
    site.hear()
    site.hear()
    site.hear(found=False, name="m2")
    assert site.standing() == [("passed", "plugin:register")]


def test_without_an_answer_the_check_is_asked_again_when_its_time_has_come(site):
    site.begin()
    site.pass_days(2)
    assert site.run().state == "outside"
    site.pass_days(2)
    assert site.run().state == "staff"


def test_an_outage_is_a_wait_and_never_a_refusal(site):
    site.http.on("POST", "/ask", lost(sent=False))
    site.begin()
    assert site.run().state == "begun"
    assert site.standing() == []
    site.http.on("POST", "/ask", answer({"taken": True}))
    site.pass_days(1)
    assert site.run().state == "outside"


def test_a_message_about_nothing_of_ours_is_kept_and_left_alone(site):
    site.begin()
    site.hear(run="unknown")
    assert site.run().state == "outside"


def test_http_failed_is_what_the_fake_raises():
    assert isinstance(lost(), HttpFailed)
