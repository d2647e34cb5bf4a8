"""What somebody may do ends with what gave it to them, at their next request (S8); forms write what they ask (S4)."""

import pytest

from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.tables import Organisation
from marketwright.features.profiles.tables import Profile


def do(cast, deed, **named):
    with cast.unit("owner" if "organisation" in named else "staff_admin") as uow:
        deed(uow, **named)
        uow.commit()


OF_THE_CLIENT = ["/organisations/{organisation}", "/contracts/{contract}", "/missions/{mission}/matches"]


@pytest.mark.parametrize("path", OF_THE_CLIENT)
def test_a_member_who_was_taken_out_reaches_nothing_of_the_clients_any_more(cast, browse_as, path):
    address = path.format(**cast.things)
    visitor, account = browse_as("buyer")
    assert visitor.get(address).status_code == 200
    do(cast, accounts.remove_member, organisation=cast.things["organisation"], account=account)
    assert visitor.get(address).status_code == 404
    with cast.unit() as uow:
        accounts.add_member(uow, organisation=cast.things["organisation"], account=account, roles=["buyer"])
        uow.commit()


def test_a_role_that_was_taken_away_opens_its_page_no_more(cast, browse_as):
    address = f"/organisations/{cast.things['organisation']}/edit"
    visitor, account = browse_as("buyer")
    assert visitor.get(address).status_code == 200
    do(cast, accounts.change_member, organisation=cast.things["organisation"], account=account, roles=["finance"],
       approval_limit=None)  # fmt: skip
    assert visitor.get(address).status_code == 403


def test_staff_with_another_role_lose_the_pages_of_the_one_before(cast, browse_as):
    visitor, account = browse_as("staff_finance")
    assert visitor.get("/console/ledger").status_code == 200
    do(cast, accounts.change_staff, account=account, roles=["vetter"])
    assert visitor.get("/console/ledger").status_code == 403


def test_whoever_left_the_staff_finds_no_console(cast, browse_as):
    visitor, account = browse_as("staff_support")
    assert visitor.get("/console").status_code == 200
    do(cast, accounts.change_staff, account=account, roles=[])
    assert visitor.get("/console").status_code == 404


def test_a_profile_form_writes_nothing_that_it_does_not_ask_for(cast, browse_as):
    visitor, account = browse_as("freelancer")
    held = {"proved": "99", "claims": "99", "documents": "99", "rating_sum": "500", "rating_count": "100",
            "listed": "", "id": "0" * 16, "claimed": "99"}  # fmt: skip
    before = columns(cast, Profile, account, held)
    asked = {"headline": "Another headline", "language": "en", "bio": "", "city": "", "country": "", "years": ""}
    assert visitor.post("/me/profile/about", asked | held).status_code == 303
    assert columns(cast, Profile, account, held) == before
    assert columns(cast, Profile, account, ["headline"]) == ["Another headline"]


def test_the_form_of_an_organisation_writes_nothing_that_it_does_not_ask_for(cast, browse_as):
    organisation = cast.things["organisation"]
    visitor, _ = browse_as("owner")
    held = {"id": "0" * 16, "created_at": "2001-01-01", "balance": "1000000", "bps": "0", "state": "checked"}
    before = columns(cast, Organisation, organisation, held)
    assert visitor.post(f"/organisations/{organisation}/edit", {"name": "Another name"} | held).status_code == 303
    assert columns(cast, Organisation, organisation, held) == before
    assert columns(cast, Organisation, organisation, ["name"]) == ["Another name"]


def columns(cast, table, id_, names):
    with cast.house.database.reading() as session:
        row = session.get(table, id_)
        return [getattr(row, name) for name in names if hasattr(row, name)]


@pytest.fixture
def browse_as(app, cast):
    from marketwright.testing.browse import Browse

    def make(part):
        return Browse(app).sign_in(cast.people[part]), cast.people[part]

    return make
