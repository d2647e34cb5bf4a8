"""Who letters are for, and by which name they call whom."""

import pytest
from sqlalchemy import select, update

from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.tables import Account, Organisation
from marketwright.features.messaging import service as messaging
from marketwright.features.missions.tables import Mission
from marketwright.features.notifications.letters.kit import Told, members_with, people, person
from marketwright.features.notifications.post import WRITERS
from marketwright.features.payments.events import PAID_OUT
from marketwright.features.proposals.offers import OfferLine
from marketwright.kernel.actors import system
from marketwright.store.tables import EventRow
from marketwright.testing.agreed import Stage
from marketwright.testing.negotiation import Negotiation
from marketwright.testing.remembered import remembered

pytestmark = pytest.mark.plugins("commission", "standard_contracts", "sandbox")


@pytest.fixture
def scene(house):
    return remembered(house, met)


def met(house):
    return Negotiation(house).meet()


def letters(house, name):
    """What is told of the newest event of this name."""
    with house.database.reading() as session:
        row = session.scalars(select(EventRow).where(EventRow.name == name).order_by(EventRow.at.desc())).first()
        return WRITERS[name](Told(row, session, house))


def told(house, name):
    """The subject by the reader's address, without its domain."""
    return {x.reader.address.partition("@")[0]: str(x.subject) for x in letters(house, name)}


def set_aside(house, account, **values):
    with house.database.unit(system("tests")) as uow:
        values = {"suspended_at": uow.now, "suspension_reason": "so"} | values
        uow.session.execute(update(Account).where(Account.id == account).values(**values))
        uow.commit()


def anonymous(scene, *, described=True):
    with scene.unit() as uow:
        uow.session.execute(update(Mission).where(Mission.id == scene.mission).values(named=False))
        if not described:
            uow.session.execute(update(Organisation).values(public_name_en="", public_name_fr="", sector="health"))
        uow.commit()


def test_who_was_invited_to_sign_a_document_hears_that_it_waits_for_them(scene, house):
    stage = Stage(house, scene.people["owner"], scene.people["freelancer"], scene.organisation, scene.mission)
    stage.agree(100_000)
    stage.send()
    document = stage.row().document_id
    with scene.unit() as uow:
        guest = accounts.create_account(uow, email="guest@example.org", name="Guest", locale="en",
                                        is_freelancer=False)  # fmt: skip
        accounts.add_member(uow, organisation=scene.organisation, account=guest, roles=["signatory"],
                            document=document)  # fmt: skip
        uow.commit()
    stage.sign(stage.freelancer)
    (letter,) = [x for x in letters(house, "contract.signed") if x.reader.address == "guest@example.org"]
    assert letter.path == f"/documents/{document}/sign"


def test_who_was_invited_to_sign_one_document_hears_of_no_other_contract(scene):
    with scene.unit() as uow:
        guest = accounts.create_account(uow, email="guest@example.org", name="Guest", locale="en", is_freelancer=False)
        accounts.add_member(uow, organisation=scene.organisation, account=guest, roles=["signatory"], document="d" * 16)
        uow.commit()
    with scene.house.database.reading() as session:
        assert members_with(session, scene.organisation, "signatory") == [scene.people["owner"]]


def test_the_erased_and_the_suspended_are_not_written_to(scene):
    gone, shut = scene.people["freelancer"], scene.people["buyer"]
    set_aside(scene.house, gone, email=f"{gone}@erased.invalid")
    set_aside(scene.house, shut)
    with scene.house.database.reading() as session:
        assert people(session, [gone, shut, scene.people["owner"]]) == people(session, [scene.people["owner"]])
        assert (person(session, gone, suspended=True), person(session, shut)) == (None, None)


def test_the_suspended_hear_why(scene):
    account = scene.people["freelancer"]
    set_aside(scene.house, account)
    with scene.unit() as uow:
        uow.emit("account.suspended", account)
        uow.commit()
    assert told(scene.house, "account.suspended") == {"freelancer": "Your account was suspended"}


def test_the_suspended_hear_of_their_money(house):
    stage = Stage(house).meet().signed(100_000)
    set_aside(house, stage.freelancer)
    with house.database.unit(system("tests")) as uow:
        uow.emit(PAID_OUT, stage.milestone().id, contract=stage.contract)
        uow.commit()
    assert [x.reader.account for x in letters(house, PAID_OUT)] == [stage.freelancer]


def test_an_anonymous_clients_people_are_not_named_to_the_freelancer(scene):
    anonymous(scene)
    scene.say(scene.talk(), "Hello", by="owner")
    found = told(scene.house, "message.posted")
    assert found["freelancer"] == "A hospital group, 400 people wrote about “Internal review”"
    assert found["buyer"] == "Owner wrote about “Internal review”"


def test_a_client_that_gives_its_name_has_people_with_names(scene):
    scene.say(scene.talk(), "Hello", by="owner")
    assert told(scene.house, "message.posted")["freelancer"] == "Owner wrote about “Internal review”"


def test_an_answer_of_an_anonymous_client_to_a_proposal_names_nobody(scene):
    anonymous(scene, described=False)
    scene.counter(scene.propose(), OfferLine("Test", 350_000), by="owner")
    assert told(scene.house, "proposal.countered")["freelancer"].startswith("Health care, 400 people made")


def test_an_approval_is_asked_only_of_who_may_give_it(scene):
    with scene.unit() as uow:
        able = accounts.create_account(uow, email="able@example.org", name="Able", locale="en", is_freelancer=False)
        accounts.add_member(uow, organisation=scene.organisation, account=able, roles=["approver"])
        uow.commit()
    dear = OfferLine("Test", 900_000)
    assert scene.accept(scene.propose(dear), dear, by="approver") == ""
    assert set(told(scene.house, "proposal.approval_asked")) == {"owner", "able"}


def test_a_client_that_described_itself_nowhere_is_called_by_sector_and_size(scene, browse):
    anonymous(scene, described=False)
    thread = scene.talk()
    with scene.unit("owner") as uow:
        messaging.decline(uow, thread=thread, reason="We found somebody.")
        uow.commit()
    inbox = browse(scene.people["freelancer"]).get("/inbox").text
    assert "Health care, 400 people said no." in inbox
    assert "Owner" not in inbox
