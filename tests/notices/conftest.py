"""Two sides who talk, a moderator, and ways to report and to decide."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from marketwright.features.accounts import service as accounts
from marketwright.features.notices import service
from marketwright.features.notices.tables import ContentNotice
from marketwright.features.notifications.tables import Mail
from marketwright.kernel.actors import Actor
from marketwright.testing.negotiation import Negotiation
from marketwright.testing.remembered import remembered

SAID = "The diplomas belong to somebody else, whom I know."
WHY = "The school says that it never gave this diploma."
VISITOR = {"category": "fake", "explanation": SAID, "name": "Zoé Lambert", "email": "zoe@example.com",
           "good_faith": "1"}  # fmt: skip


@dataclass
class Desk:
    """The scene with a moderator, whose pages and services decide."""

    scene: Negotiation
    moderator: str

    @property
    def house(self):
        return self.scene.house

    def staff(self):
        return Actor(kind="person", id=self.moderator, name="Mo", staff=frozenset({"moderator"}))

    def notices(self):
        with self.house.database.reading() as session:
            return list(session.scalars(select(ContentNotice).order_by(ContentNotice.at)))

    def only(self):
        (notice,) = self.notices()
        return notice

    def decide(self, decision, reason=WHY, notice="", by=None):
        with self.house.database.unit(by or self.staff()) as uow:
            service.decide(uow, notice=notice or self.only().id, decision=decision, reason=reason)
            uow.commit()

    def mails(self, app, address):
        with app.app_context():
            self.house.worker.drain()
        with self.house.database.reading() as session:
            found = session.scalars(select(Mail).where(Mail.address == address).order_by(Mail.created_at, Mail.id))
            return [m for m in found if m.kind.startswith(("notice.", "content."))]


def hired(house):
    return hired_by(Negotiation(house).meet())


def hired_by(scene):
    with scene.unit() as uow:
        made = accounts.create_account(uow, email="mo@example.org", name="Mo", locale="en", is_freelancer=False)
        accounts.join_staff(uow, account=made, roles=["moderator"])
        uow.commit()
    return Desk(scene, made)


@pytest.fixture
def desk(house):
    return remembered(house, hired)


@pytest.fixture
def page(browse, desk):
    """Somebody of the scene, signed in."""
    return lambda part: browse(desk.scene.people[part])


@pytest.fixture
def profile(desk):
    return f"/report/profile/{desk.scene.people['freelancer']}"


@pytest.fixture
def rude(desk):
    """A message of the owner to the freelancer, and its conversation."""
    thread = desk.scene.talk()
    return desk.scene.say(thread, "You fool. Call me on 06 00 00 00 00."), thread


@pytest.fixture
def reported(page, rude):
    """The same, reported by the freelancer."""
    message, thread = rude
    sent = page("freelancer").post(f"/report/message/{message}", {"category": "hate", "explanation": "An insult."})
    assert sent.status_code == 303
    return message, thread
