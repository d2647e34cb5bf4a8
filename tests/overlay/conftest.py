"""A marketplace with an admin, whose settings are changed."""

import pytest

from marketwright.features.accounts import service as accounts
from marketwright.features.overlay import changing
from marketwright.kernel.actors import Actor, system


@pytest.fixture
def admin(house):
    with house.database.unit(system("tests")) as uow:
        made = accounts.create_account(uow, email="admin@example.org", name="Ada Min", locale="en", is_freelancer=False)
        accounts.join_staff(uow, account=made, roles=["admin"])
        uow.commit()
    return Actor(kind="person", id=made, name="Ada Min", staff=frozenset(["admin"]))


@pytest.fixture
def save(app, house, admin):
    """Change settings as the admin; the house is the one at work then."""

    def change(changes, **kw):
        from marketwright.running import running

        return changing.save(running(app).current.house, admin, changes, **kw)

    return change
