"""A marketplace in which something waits at every desk, and one person of staff for each role."""

from dataclasses import dataclass, field

import pytest

from marketwright.app import build_house
from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.permissions import ROLES
from marketwright.features.contracts.registry import processes
from marketwright.features.ledger.sealer import seal_all
from marketwright.features.missions.tables import Mission
from marketwright.features.notifications.tables import Mail
from marketwright.features.payments.tables import PaymentCommand
from marketwright.features.profiles import service as profiles
from marketwright.features.vetting import running
from marketwright.features.vetting import service as vetting
from marketwright.kernel.actors import Actor
from marketwright.kernel.ids import new_id
from marketwright.store.tables import JobRow
from marketwright.testing.agreed import Stage
from marketwright.testing.plugin import testing_marketplace, with_plugins
from marketwright.testing.remembered import remembered

PLUGINS = ("standard_contracts", "evidence", "sandbox")


def pytest_collection_modifyitems(items):
    for item in items:
        if "/operator/" in str(item.path) and not any(item.iter_markers("plugins")):
            item.add_marker(pytest.mark.plugins(*PLUGINS))


@dataclass
class Desk:
    """The marketplace, its staff by role, and the ids of what lies on each desk."""

    stage: Stage
    staff: dict[str, str] = field(default_factory=dict)
    run: str = ""
    command: str = ""
    mail: str = ""
    job: str = ""
    waiting: str = ""

    @property
    def house(self):
        return self.stage.house

    def actor(self, role):
        return Actor(kind="person", id=self.staff[role], name=role.title(), staff=frozenset([role]))


def hire(stage):
    staff = {}
    with stage.unit() as uow:
        for role in ROLES:
            staff[role] = accounts.create_account(
                uow, email=f"{role}@example.org", name=f"Person of {role}", locale="en", is_freelancer=False
            )
            accounts.join_staff(uow, account=staff[role], roles=[role])
        uow.commit()
    return staff


@pytest.fixture
def desk(house):
    return remembered(house, furnished)


@pytest.fixture(scope="module")
def shared_desk(database_templates, tmp_path_factory):
    """One desk for the tests of a module that only knock at doors."""
    with database_templates.fresh() as url:
        built = build_house(with_plugins(testing_marketplace(tmp_path_factory.mktemp("desk"), url), *PLUGINS))
        yield furnished(built)
        built.database.dispose()


def furnished(house):
    stage = Stage(house).meet()
    made = Desk(stage, hire(stage))
    with stage.unit() as uow:
        profiles.create_profile(uow, account=stage.freelancer, headline="Tests networks", visible=True)
        uow.commit()
    with stage.unit(stage.actor(stage.freelancer)) as uow:
        made.run = vetting.hand_in(uow, check="approval", kind="freelancer", owner=stage.freelancer)
        uow.commit()
    running.advance(house, made.run)
    stage.signed(100_000, 50_000)
    stage.fund()
    seal_all(house.database, house.marketplace.var)
    with stage.unit() as uow:
        made.command = uow.session.query(PaymentCommand.id).scalar()
        made.waiting, made.mail, made.job = new_id(), new_id(), new_id()
        mission = uow.session.get_one(Mission, stage.mission)
        columns = {c.key: getattr(mission, c.key) for c in Mission.__table__.columns}
        uow.session.add(Mission(**{**columns, "id": made.waiting, "state": "waiting", "title": "Read me first",
                                   "published_at": None}))  # fmt: skip
        uow.session.add(Mail(
            id=made.mail, event_id=new_id(), kind="account.reset_asked", account_id=stage.client,
            address="helene@example.org", locale="en", subject="Choose a new password", body=["One click does it."],
            action_label="Choose", action_url="http://localhost/reset/secret-token", state="kept", error="",
            created_at=uow.now,
        ))  # fmt: skip
        uow.session.add(JobRow(
            id=made.job, kind="mail.send", key="k", payload={"mail": "x"}, state="dead", run_at=uow.machine_now,
            attempts=8, fence=8, last_error="ConnectionRefusedError: no server", created_at=uow.machine_now,
            finished_at=uow.machine_now,
        ))  # fmt: skip
        uow.commit()
    return made


def disputed(desk):
    """Bring the first milestone to where the operator must decide."""
    stage = desk.stage
    stage.deliver()
    process = processes(stage.house.plugins)["milestones"]
    way = next(t.name for t in process.ways_from(stage.milestone().state) if t.name.startswith("ask_decision"))
    stage.take(way, stage.freelancer, note="We do not agree.")


@pytest.fixture
def disagreement(desk):
    disputed(desk)
    return desk


@pytest.fixture
def staff(house):
    return hire(Stage(house))
