"""One row a client-freelancer pair."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from marketwright.features.accounts import service as accounts
from marketwright.features.relations import service
from marketwright.features.relations.queries import relation
from marketwright.kernel.errors import NotAllowed
from marketwright.testing.negotiation import Negotiation


@pytest.fixture
def scene(house):
    return Negotiation(house).meet(identities=False)


def pair(scene):
    return {"organisation": scene.organisation, "freelancer": scene.people["freelancer"]}


def known(scene):
    with scene.house.database.reading() as session:
        return relation(session, **pair(scene))


def count(scene, work):
    with scene.unit() as uow:
        service.count_contract(uow, **pair(scene), work=work)
        uow.commit()


def test_people_who_never_met_have_nothing_between_them(scene):
    found = known(scene)
    assert (found.has_contract, found.cumulated, found.own_network, found.linked) == (False, 0, False, False)


def test_contracts_add_up_and_the_first_one_keeps_its_day(scene):
    count(scene, 100_00)
    first = known(scene).first_contract_at
    scene.move(days=40)
    count(scene, 50_00)
    found = known(scene)
    assert (found.cumulated, found.first_contract_at) == (150_00, first)
    assert scene.house.clock.business() - first > timedelta(days=39)


def test_nobody_but_staff_says_that_two_met_elsewhere(scene):
    with scene.unit("owner") as uow, pytest.raises(NotAllowed):
        service.set_own_network(uow, **pair(scene), own_network=True, reason="we are friends")
    with scene.unit() as uow:
        service.set_own_network(uow, **pair(scene), own_network=True, reason="invited by the client")
        uow.commit()
    assert known(scene).own_network


def test_a_member_of_the_client_is_linked_to_it(scene):
    with scene.unit() as uow:
        accounts.add_member(uow, organisation=scene.organisation, account=scene.people["freelancer"], roles=["buyer"])
        uow.commit()
    assert known(scene).linked


def test_the_database_refuses_a_negative_amount(scene):
    count(scene, 1)
    with scene.unit() as uow:
        service.count_contract(uow, **pair(scene), work=-2)
        with pytest.raises(IntegrityError):
            uow.flush()
