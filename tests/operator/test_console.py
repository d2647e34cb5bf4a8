"""What the staff sees and does in the console."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import marketwright
from marketwright.features.accounts import queries as accounts
from marketwright.features.contracts import course
from marketwright.features.contracts.registry import processes
from marketwright.features.contracts.tables import Milestone
from marketwright.features.missions import queries as missions
from marketwright.features.operator.deeds import ACTIONS
from marketwright.features.operator.pages.base import NAVIGATION
from marketwright.features.payments import queries as payments
from marketwright.features.vetting import queries as vetting
from marketwright.kernel.money import Money
from marketwright.kernel.sheets import cell
from marketwright.settings.marketplace import DealSettings
from marketwright.store.tables import AuditRow, JobRow
from marketwright.strategies.processes import Action, Role


@pytest.fixture
def admin(desk, browse):
    return browse(desk.staff["admin"])


def audited(desk, action):
    with desk.house.database.reading() as session:
        return list(session.scalars(select(AuditRow).where(AuditRow.action == action)))


def test_the_first_page_counts_what_waits(desk, admin):
    page = admin.get("/console").text
    assert "1 check waits for a person" in page
    assert "1 mission waits to be read" in page
    assert "1 job has given up" in page


def test_the_first_page_shows_the_money_held(desk, admin):
    assert "€1,236" in admin.get("/console").text


def test_every_entry_of_the_navigation_opens_in_both_languages(app, desk, admin):
    addresses = {r.endpoint: r.rule for r in app.url_map.iter_rules() if not r.arguments}
    for language in ("en", "fr"):
        admin.get(f"/language/{language}")
        for _title, entries in NAVIGATION:
            for _label, name, *_more in entries:
                path = addresses[f"operator.{name}"]
                assert admin.get(path, follow_redirects=True).status_code == 200, path


# -- people ----------------------------------------------------------------------------------------------------


def test_people_are_found_by_a_part_of_their_name_or_address(desk, admin):
    assert "Tomasz Wiśniewski" in admin.get("/console/people?search=wiśni").text
    assert "Tomasz Wiśniewski" in admin.get("/console/people?search=tomasz@").text
    assert "Tomasz Wiśniewski" not in admin.get("/console/people?search=helene").text


def test_a_wildcard_finds_nobody_by_itself(desk, admin):
    assert "Nobody fits" in admin.get("/console/people?search=____").text


def test_a_person_is_shown_with_contracts_checks_and_sessions(desk, admin):
    page = admin.get(f"/console/people/{desk.stage.freelancer}").text
    assert "Admission by our team" in page
    assert "Internal review" in page


def test_a_person_is_suspended_with_a_reason_and_reinstated(desk, admin):
    path = f"/console/people/{desk.stage.freelancer}"
    assert admin.post(f"{path}/suspend", {"reason": "Forged papers."}).status_code == 303
    with desk.house.database.reading() as session:
        assert accounts.account(session, desk.stage.freelancer).suspension_reason == "Forged papers."
    assert "Forged papers." in admin.get(path).text
    assert admin.post(f"{path}/reinstate", {"reason": "A mistake of ours."}).status_code == 303
    with desk.house.database.reading() as session:
        assert accounts.account(session, desk.stage.freelancer).suspended_at is None


def test_nobody_is_suspended_without_a_reason(desk, admin):
    page = admin.post(f"/console/people/{desk.stage.freelancer}/suspend", {"reason": " "})
    assert page.status_code == 422
    assert "Please fill this in." in page.text


# -- missions --------------------------------------------------------------------------------------------------


def state(desk, mission):
    with desk.house.database.reading() as session:
        row = missions.mission(session, mission)
    return row.state, row.refusal


def test_a_waiting_mission_is_published_and_the_reason_is_kept_as_a_verdict(desk, admin):
    admin.post(f"/console/missions/{desk.waiting}/approve", {"reason": "Clear and lawful."})
    assert state(desk, desk.waiting)[0] == "published"
    with desk.house.database.reading() as session:
        [verdict] = vetting.standing(session, "mission", desk.waiting)
    assert (verdict.result, verdict.reason) == ("passed", "Clear and lawful.")


def test_a_waiting_mission_is_sent_back_with_a_reason(desk, admin):
    admin.post(f"/console/missions/{desk.waiting}/refuse", {"reason": "Say who owns the systems."})
    assert state(desk, desk.waiting) == ("draft", "Say who owns the systems.")


def test_a_published_mission_is_taken_off_with_a_reason(desk, admin):
    admin.post(f"/console/missions/{desk.stage.mission}/take-off", {"reason": "Asks for something unlawful."})
    assert state(desk, desk.stage.mission) == ("draft", "Asks for something unlawful.")


def test_a_mission_is_decided_only_with_a_reason(desk, admin):
    assert admin.post(f"/console/missions/{desk.waiting}/approve", {"reason": ""}).status_code == 422
    assert state(desk, desk.waiting)[0] == "waiting"


# -- vetting ---------------------------------------------------------------------------------------------------


def test_the_queue_shows_who_waits_for_what(desk, admin):
    page = admin.get("/console/vetting").text
    assert "Tomasz Wiśniewski" in page
    assert "Admission by our team" in page


def test_a_decision_is_written_with_reason_and_end(desk, browse):
    visitor = browse(desk.staff["vetter"])
    end = (desk.house.clock.business() + timedelta(days=90)).date().isoformat()
    data = {"decision": "passed", "reason": "Three clients vouch for him.", "expires": end}
    assert visitor.post(f"/console/vetting/{desk.run}", data).status_code == 303
    with desk.house.database.reading() as session:
        [verdict] = vetting.standing(session, "freelancer", desk.stage.freelancer)
    assert (verdict.result, verdict.by_name, verdict.reason) == (
        "passed", "Person of vetter", "Three clients vouch for him.")  # fmt: skip
    assert verdict.expires.date().isoformat() == end


def test_a_decision_keeps_what_was_typed_when_something_is_missing(desk, browse):
    page = browse(desk.staff["vetter"]).post(f"/console/vetting/{desk.run}", {"reason": "Half a thought"})
    assert page.status_code == 422
    assert "Half a thought" in page.text


def test_a_decision_that_ends_in_the_past_is_refused_at_its_field(desk, browse):
    data = {"decision": "passed", "reason": "Fine.", "expires": "2020-01-01"}
    page = browse(desk.staff["vetter"]).post(f"/console/vetting/{desk.run}", data)
    assert page.status_code == 422
    assert "Choose a day in the future." in page.text


def test_an_auditor_reads_evidence_but_decides_nothing(desk, browse):
    visitor = browse(desk.staff["auditor"])
    assert "Your decision" not in visitor.get(f"/console/vetting/{desk.run}").text
    assert visitor.post(f"/console/vetting/{desk.run}", {"decision": "passed", "reason": "x"}).status_code == 403


def test_a_verdict_is_taken_back_with_a_reason(desk, browse):
    visitor = browse(desk.staff["vetter"])
    visitor.post(f"/console/vetting/{desk.run}", {"decision": "passed", "reason": "Fine."})
    with desk.house.database.reading() as session:
        [verdict] = vetting.standing(session, "freelancer", desk.stage.freelancer)
    visitor.post(f"/console/vetting/verdicts/{verdict.id}/revoke", {"reason": "He lied."})
    with desk.house.database.reading() as session:
        [verdict] = vetting.standing(session, "freelancer", desk.stage.freelancer)
    assert (verdict.result, verdict.reason) == ("revoked", "He lied.")


# -- contracts and money ---------------------------------------------------------------------------------------


def test_a_contract_shows_its_course_and_its_money(desk, admin):
    page = admin.get(f"/console/contracts/{desk.stage.contract}").text
    assert "Held: €1,236.00" in page
    assert "Sambre Santé" in page


def test_without_a_disagreement_the_operator_decides_nothing_about_delivered_work(desk, admin):
    stage = desk.stage
    stage.deliver()
    path = f"/console/contracts/{stage.contract}/milestones/{stage.milestones[0]}/decide"
    assert admin.post(path, {"transition": "approve", "note": "Looks fine."}).status_code == 409


def way_to(stage, action):
    """The operator's transition that does ``action`` with the money of the first milestone."""
    process, row = processes(stage.house.plugins)["milestones"], stage.milestone()
    ways = course.ways(process, course.Place(row.state, row.pending), Role.OPERATOR)
    return next(w.name for w in ways if action in w.actions)


def test_a_disagreement_is_listed_and_decided_with_reasons(disagreement, browse):
    stage, visitor = disagreement.stage, browse(disagreement.staff["finance"])
    assert stage.row().reference in visitor.get("/console/contracts?state=DECIDE").text
    page = visitor.get(f"/console/contracts/{stage.contract}").text
    assert "Decide about it" in page
    way = way_to(stage, Action.RELEASE)
    path = f"/console/contracts/{stage.contract}/milestones/{stage.milestones[0]}/decide"
    assert visitor.post(path, {"transition": way, "note": ""}).status_code == 422
    assert visitor.post(path, {"transition": way, "note": "The report is complete."}).status_code == 303
    with stage.house.database.reading() as session:
        assert session.get_one(Milestone, stage.milestones[0]).pending == way
        [asked] = [c for c in payments.commands(session) if str(c.kind) == "release"]
    assert asked.cause.startswith("decision:")
    assert asked.ordered_by == f"person:{disagreement.staff['finance']}"


def test_d11_of_two_who_decide_differently_the_second_reads_what_the_first_decided(disagreement, browse):
    stage = disagreement.stage
    first, second = browse(disagreement.staff["finance"]), browse(disagreement.staff["admin"])
    release, refund = way_to(stage, Action.RELEASE), way_to(stage, Action.REFUND)
    path = f"/console/contracts/{stage.contract}/milestones/{stage.milestones[0]}/decide"
    assert first.post(path, {"transition": release, "note": "The report is complete."}).status_code == 303
    answer = second.post(path, {"transition": refund, "note": "Half of it is missing."})
    assert answer.status_code == 409
    assert "Somebody was quicker." in answer.text
    assert "Person of finance decided" in answer.text
    assert "The report is complete." in answer.text
    with stage.house.database.reading() as session:
        assert [str(c.kind) for c in payments.commands(session) if str(c.kind) != "fund"] == ["release"]


def test_a_milestone_of_another_contract_is_not_found(desk, admin):
    path = f"/console/contracts/{desk.stage.mission}/milestones/{desk.stage.milestones[0]}/decide"
    assert admin.post(path, {"transition": "approve", "note": "x"}).status_code == 404


def test_the_ledger_shows_balances_and_the_statement_of_a_hold(desk, admin):
    assert "€1,236.00" in admin.get("/console/ledger").text
    page = admin.get(f"/console/ledger/accounts/hold:{desk.stage.milestones[0]}").text
    assert "Paid in by the client" in page


def test_a_whole_ledger_says_so_and_the_look_is_logged(desk, admin):
    assert "The ledger is whole." in admin.get("/console/ledger/verify").text
    assert len(audited(desk, "ledger.verified")) == 1


def test_a_row_that_a_hand_edited_is_named_on_the_page(desk, admin):
    with desk.house.database.writes.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER ledger_legs_no_update")
        else:
            connection.exec_driver_sql("DROP TRIGGER ledger_legs_no_update ON ledger_legs")
        connection.exec_driver_sql("UPDATE ledger_legs SET amount = amount + 1 WHERE amount > 0")
    page = admin.get("/console/ledger/verify").text
    assert "The ledger is whole." not in page
    assert "edited by hand" in page


def test_payments_are_said_in_words(desk, admin):
    page = admin.get("/console/payments").text
    assert "Payment request" in page
    assert "done" in page


def test_money_is_frozen_with_a_reason_and_let_go_again(desk, browse):
    visitor, path = browse(desk.staff["finance"]), f"/console/payments/{desk.command}"
    visitor.post(f"{path}/freeze", {"reason": "The bank asked us to."})
    with desk.house.database.reading() as session:
        assert payments.hold(session, desk.stage.milestones[0]).frozen
    visitor.post(f"{path}/thaw", {"reason": "Cleared."})
    with desk.house.database.reading() as session:
        assert not payments.hold(session, desk.stage.milestones[0]).frozen


# -- mails, jobs, log, staff, settings -------------------------------------------------------------------------


def test_a_mail_is_read_and_the_look_is_logged(desk, admin):
    assert "One click does it." in admin.get(f"/console/mails/{desk.mail}").text
    assert [row.subject for row in audited(desk, "mail.read")] == [desk.mail]


def test_a_dead_job_is_tried_again(desk, admin):
    assert "ConnectionRefusedError" in admin.get(f"/console/jobs/{desk.job}").text
    admin.post(f"/console/jobs/{desk.job}/retry")
    with desk.house.database.reading() as session:
        assert session.get_one(JobRow, desk.job).state == "ready"


def test_a_job_that_is_not_dead_is_left_alone(desk, admin):
    admin.post(f"/console/jobs/{desk.job}/retry")
    assert admin.post(f"/console/jobs/{desk.job}/retry").status_code == 409


def test_the_log_is_filtered_by_deed_and_person(desk, admin):
    admin.post(f"/console/missions/{desk.waiting}/approve", {"reason": "Clear."})
    assert "approved a mission" in admin.get("/console/log?action=mission.&who=Person+of+admin").text
    assert "approved a mission" not in admin.get("/console/log?action=contract.").text


@pytest.mark.parametrize(
    ("value", "shown"),
    [("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("-2", "'-2"), ("plain", "plain"), (None, ""),
     ("＝1+1", "'＝1+1"), (" =1", "' =1"), ("\n=1", "'\n=1"),
     (Money(-123_45, "EUR"), "-123.45")],
)  # fmt: skip
def test_a_spreadsheet_runs_nothing_of_an_export(value, shown):
    assert cell(value) == shown


def test_staff_is_invited_by_mail(desk, admin):
    assert admin.post("/console/staff", {"email": "new@example.org", "roles": "vetter"}).status_code == 303
    assert "new@example.org" in admin.get("/console/staff").text


def test_an_invitation_without_a_role_is_refused_and_keeps_the_address(desk, admin):
    page = admin.post("/console/staff", {"email": "new@example.org"})
    assert page.status_code == 422
    assert "new@example.org" in page.text


def test_roles_are_changed_and_the_last_admin_stays(desk, admin):
    admin.post(f"/console/staff/{desk.staff['vetter']}", {"roles": ["vetter", "support"]})
    with desk.house.database.reading() as session:
        roles = next(s.roles for s in accounts.staff(session) if s.account == desk.staff["vetter"])
    assert roles == ("vetter", "support")
    assert admin.post(f"/console/staff/{desk.staff['admin']}", {"roles": "vetter"}).status_code == 409


def test_the_console_names_what_each_plugin_brings_and_no_secret(desk, admin):  # S48
    page = admin.get("/console/plugins/evidence").text + admin.get("/console/settings").text
    assert "documents" in page
    assert desk.house.marketplace.secret_key not in page


@pytest.mark.settings(plugins=(), deal=DealSettings())
def test_without_plugins_the_settings_say_what_is_missing(staff, browse):
    assert "payments (a plugin with a payment provider" in browse(staff["admin"]).get("/console/settings").text


def test_every_deed_of_core_reads_in_words_in_the_log():
    core = Path(marketwright.__file__).parent
    deeds = {d for f in core.rglob("*.py") for d in re.findall(r'\.audit\(\s*"([a-z_.]+)"', f.read_text("utf-8"))}
    assert deeds - set(ACTIONS) == set()
