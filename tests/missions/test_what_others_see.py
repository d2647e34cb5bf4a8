"""What a mission that others see keeps and tells, and who sees it and its client."""

import io

import pytest
from sqlalchemy import delete, select, update

from marketwright.features.accounts.tables import Membership
from marketwright.features.missions import queries, service
from marketwright.features.missions.orders import Order, file_order
from marketwright.features.missions.ports import UnderContract
from marketwright.features.notifications.letters.kit import Told
from marketwright.features.notifications.post import WRITERS
from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.money import Money
from marketwright.settings.marketplace import Access
from marketwright.store.tables import EventRow
from marketwright.strategies.fields import Field, FieldForm

SCOPE = Field("mission", "scope", FieldForm.FILE, {"en": "Scope", "fr": "Périmètre"}, required=True)
WITH_A_FILE = pytest.mark.settings(fields=(SCOPE,))
APPROVAL = pytest.mark.settings(access=Access(missions="approval"))
STAFF = frozenset({"moderator"})


class Listening:
    """Contracts that hear of a mission that changed."""

    def __init__(self):
        self.heard = []

    def mission_changed(self, uow, mission):
        self.heard.append(mission)


def send(visitor, mission, content=b"the scope"):
    return visitor.post(f"/missions/{mission}/fields/scope", {"file": (io.BytesIO(content), "scope.txt")},
                        content_type="multipart/form-data")  # fmt: skip


@pytest.fixture
def with_a_file(people, browse):
    mission = people.draft()
    send(browse(people.clara), mission)
    people.do(lambda u: service.publish(u, mission=mission), people.clara)
    return mission


def told(people, mission):
    return people.read(lambda s: list(s.scalars(select(EventRow.name).where(EventRow.subject == mission))))


def readers(people, name):
    def question(session):
        row = session.scalars(select(EventRow).where(EventRow.name == name).order_by(EventRow.at.desc())).first()
        return [x.reader.account for x in WRITERS[name](Told(row, session, people.house))]

    return people.read(question)


@WITH_A_FILE
def test_a_file_that_is_needed_is_not_taken_from_what_others_see(people, browse, with_a_file):
    answer = browse(people.clara).post(f"/missions/{with_a_file}/fields/scope", {"remove": "1"}, follow_redirects=True)
    assert "it needs this file" in answer.text
    assert "scope" in people.mission(with_a_file).fields


@WITH_A_FILE
def test_a_file_that_is_needed_is_taken_from_a_draft(people, browse):
    mission = people.draft()
    send(browse(people.clara), mission)
    browse(people.clara).post(f"/missions/{mission}/fields/scope", {"remove": "1"})
    assert people.mission(mission).fields == {}


@WITH_A_FILE
def test_another_file_is_told_to_who_talks_about_it_and_to_its_contracts(people, browse, house, with_a_file):
    contracts = Listening()
    house.ports.fill(UnderContract, contracts)
    send(browse(people.clara), with_a_file, b"another scope")
    assert told(people, with_a_file)[-1] == "mission.changed"
    assert contracts.heard == [with_a_file]


@APPROVAL
def test_who_wrote_a_mission_and_left_does_not_read_why_it_was_sent_back(people):
    mission = people.published()
    people.do(lambda u: u.session.execute(update(Membership).where(Membership.account_id == people.fred)
                                          .values(roles=["buyer"])))  # fmt: skip
    people.do(lambda u: u.session.execute(delete(Membership).where(Membership.account_id == people.clara)))
    people.do(lambda u: service.refuse(u, mission=mission, reason="It names a customer."), people.stella, staff=STAFF)
    assert readers(people, "mission.refused") == [people.fred]


@APPROVAL
def test_the_buyers_hear_that_the_staff_published_it(people):
    mission = people.published()
    people.do(lambda u: u.session.execute(update(Membership).where(Membership.account_id == people.fred)
                                          .values(roles=["buyer"])))  # fmt: skip
    people.do(lambda u: service.approve(u, mission=mission), people.stella, staff=STAFF)
    assert sorted(readers(people, "mission.published")) == sorted([people.clara, people.fred])


def test_nobody_is_told_of_an_approval_that_there_was_not(people):
    mission = people.draft()
    people.do(lambda u: u.session.execute(update(Membership).where(Membership.account_id == people.fred)
                                          .values(roles=["buyer"])))  # fmt: skip
    people.do(lambda u: service.publish(u, mission=mission), people.fred)
    assert readers(people, "mission.published") == []


def test_a_reason_that_is_too_long_is_refused_with_the_count(people):
    mission = people.published()
    with pytest.raises(InvalidInput, match="At most 1000 characters, this has 1001"):
        people.do(lambda u: service.close(u, mission=mission, reason="x" * 1001), people.clara)


def test_an_order_is_seen_by_its_two_sides_alone(people, browse):
    order = Order(service="s" * 16, title="A review", text="Two accounts.", language="en", price=Money(90_000, "EUR"))
    buyer = Actor(kind="person", id=people.clara)
    with people.house.database.unit(buyer) as uow:
        mission = file_order(uow, organisation=people.organisation, freelancer=people.anna, order=order)
        uow.commit()
    assert [browse(p).get(f"/missions/{mission}").status_code for p in (people.clara, people.anna)] == [200, 200]
    assert browse(people.ben).get(f"/missions/{mission}").status_code == 404
    assert browse().get(f"/missions/{mission}").status_code == 404


def test_a_client_named_to_members_alone_has_no_page_for_visitors(people, browse):
    people.published(visibility="members", named=True)
    assert browse().get(f"/clients/{people.organisation}").status_code == 404
    assert browse(people.anna).get(f"/clients/{people.organisation}").status_code == 200


def client_page(people, browse, account):
    return browse(account).get(f"/clients/{people.organisation}").status_code


def test_a_client_named_to_those_it_invites_alone_has_a_page_for_them(people, browse):
    mission = people.published(visibility="invited", named=True)
    people.do(lambda u: service.invite(u, mission=mission, freelancer=people.anna), people.clara)
    assert f'href="/clients/{people.organisation}"' in browse(people.anna).get(f"/missions/{mission}").text
    assert client_page(people, browse, people.anna) == 200
    assert client_page(people, browse, people.ben) == 404


def test_a_client_that_invites_without_its_name_has_no_page(people, browse):
    mission = people.published(visibility="invited", named=False)
    people.do(lambda u: service.invite(u, mission=mission, freelancer=people.anna), people.clara)
    assert client_page(people, browse, people.anna) == 404


def test_who_bought_a_service_has_a_page_for_its_seller(people, browse):
    order = Order(service="s" * 16, title="A review", text="Two accounts.", language="en", price=Money(90_000, "EUR"))
    with people.house.database.unit(Actor(kind="person", id=people.clara)) as uow:
        file_order(uow, organisation=people.organisation, freelancer=people.anna, order=order)
        uow.commit()
    assert client_page(people, browse, people.anna) == 200


def test_a_client_named_in_public_has_a_page(people):
    people.published(named=True)
    assert people.read(lambda s: queries.was_named(s, people.organisation, members=False))
