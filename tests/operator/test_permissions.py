"""Each permission opens its pages and no others; strangers learn nothing of a console."""

import pytest

from marketwright.app import create_app
from marketwright.features.accounts.permissions import ROLES, permissions_of
from marketwright.features.operator.pages import pages


@pytest.fixture(scope="module")
def desk(shared_desk):
    return shared_desk


@pytest.fixture(scope="module")
def app(desk):
    made = create_app(desk.house.marketplace, desk.house)
    made.testing = True
    made.config["RATELIMIT_ENABLED"] = False
    return made


LISTS = {
    "/console/people": "people.read", "/console/clients": "people.read", "/console/missions": "missions.read",
    "/console/vetting": "vetting.read", "/console/contracts": "contracts.read", "/console/ledger": "ledger.read",
    "/console/ledger/verify": "ledger.read", "/console/ledger/balances.csv": "ledger.read",
    "/console/payments": "ledger.read", "/console/payments.csv": "ledger.read", "/console/mails": "mails.read",
    "/console/reviews": "reviews.moderate", "/console/notices": "notices.decide",
    "/console/jobs": "jobs.read", "/console/log": "audit.read", "/console/log.csv": "audit.read",
    "/console/staff": "staff.manage", "/console/settings": "settings.read",
}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_the_pages_of_its_permissions_and_no_others(desk, browse, role):
    visitor = browse(desk.staff[role])
    held = permissions_of(frozenset([role]))
    found = {path: visitor.get(path).status_code for path in LISTS}
    assert found == {path: 200 if permission in held else 403 for path, permission in LISTS.items()}


@pytest.mark.parametrize("role", ROLES)
def test_everybody_of_the_staff_has_the_first_page_and_sees_only_what_they_may_open(desk, browse, role):
    visitor = browse(desk.staff[role])
    page = visitor.get("/console")
    assert page.status_code == 200
    held = permissions_of(frozenset([role]))
    for path, permission in LISTS.items():
        if path.count("/") == 2 and "." not in path:
            assert (f'href="{path}"' in page.text) <= (permission in held), path


def test_to_people_outside_the_staff_no_page_of_the_console_exists(desk, browse):
    visitor = browse(desk.stage.client)
    assert {visitor.get(path).status_code for path in ("/console", *LISTS)} == {404}


def test_a_visitor_is_sent_to_sign_in(desk, browse):
    assert "/sign-in" in browse().get("/console/ledger").headers["Location"]


def test_every_page_asks_for_staff():
    assert {p.name.partition(":")[0] for p in pages.policies.values()} == {"staff"}


def test_every_deed_asks_for_more_than_reading():
    deeds = {
        (endpoint, policy.name) for (endpoint, method), policy in pages.policies.items() if method == "POST"
    }
    reading = {endpoint for endpoint, name in deeds if name.endswith(".read")}
    assert reading == {"operator.vetting_run"}  # its POST asks for vetting.decide besides


DEEDS = {
    "/console/people/{person}/erase": "people.erase",
    "/console/people/{person}/suspend": "people.suspend", "/console/people/{person}/admit": "vetting.decide",
    "/console/clients/{client}/admit": "vetting.decide", "/console/missions/{mission}/approve": "missions.moderate",
    "/console/missions/{mission}/refuse": "missions.moderate",
    "/console/missions/{mission}/take-off": "missions.moderate", "/console/vetting/{run}": "vetting.decide",
    "/console/contracts/{contract}/milestones/{milestone}/decide": "contracts.decide",
    "/console/payments/{command}/ask": "payments.decide", "/console/payments/{command}/freeze": "payments.decide",
    "/console/jobs/{job}/retry": "jobs.retry", "/console/reviews/0000000000000000/hide": "reviews.moderate",
    "/console/staff": "staff.manage",
}  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_is_refused_to_roles_without_its_permission(desk, browse, deed):
    stage = desk.stage
    path = deed.format(
        person=stage.freelancer, client=stage.organisation, mission=desk.waiting, run=desk.run,
        contract=stage.contract, milestone=stage.milestones[0], command=desk.command, job=desk.job,
    )  # fmt: skip
    for role in ROLES:
        if DEEDS[deed] not in permissions_of(frozenset([role])):
            assert browse(desk.staff[role]).post(path, {"reason": "x"}).status_code == 403, role


@pytest.mark.parametrize(
    "path",
    ["/console/people/0000000000000000", "/console/clients/0000000000000000", "/console/missions/0000000000000000",
     "/console/contracts/0000000000000000", "/console/vetting/0000000000000000", "/console/payments/0000000000000000",
     "/console/mails/0000000000000000", "/console/jobs/0000000000000000", "/console/staff/0000000000000000",
     "/console/reviews/0000000000000000",
     "/console/vetting/evidence/0000000000000000", "/console/ledger/accounts/hold:0000000000000000",
     "/console/ledger/accounts/nonsense", "/console/ledger/accounts/nonsense.csv"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(desk, browse, path):
    assert browse(desk.staff["admin"]).get(path).status_code == 404


def test_at_last_a_suspended_member_of_staff_is_out_at_once(desk, browse):
    from marketwright.features.accounts import service as accounts

    visitor = browse(desk.staff["support"])
    with desk.house.database.unit(desk.actor("admin")) as uow:
        accounts.suspend(uow, account=desk.staff["support"], reason="Left the company.")
        uow.commit()
    assert visitor.get("/console").status_code == 303
