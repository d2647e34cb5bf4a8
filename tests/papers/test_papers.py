"""Papers that conditions ask for: handed in, signed from outside by a mailed link, and refused when they must be."""

import re

import pytest
from sqlalchemy import select, text

from marketwright.features.contracts.needing import declare
from marketwright.features.contracts.tables import ContractCondition, ContractDocument
from marketwright.features.notifications.tables import Mail
from marketwright.features.papers import jobs, queries
from marketwright.features.papers.acting import meet_one, open_conditions
from marketwright.features.papers.tables import OutsideSignature
from marketwright.kernel.errors import GateClosed, InvalidInput
from marketwright.strategies.conditions import Condition, Signatory, faults_of
from marketwright.strategies.processes import Role
from marketwright.testing.browse import Browse

pytestmark = pytest.mark.either_engine


def mails(deal, address):
    deal.house.worker.drain()
    with deal.house.database.reading() as session:
        return session.scalars(select(Mail).where(Mail.address == address).order_by(Mail.created_at, Mail.id)).all()


def link(deal, address="ada@owners.example"):
    found = [m.action_url for m in mails(deal, address) if "/sign/" in m.action_url]
    return "/sign/" + found[-1].split("/sign/")[1]


def code(deal, address="ada@owners.example"):
    found = [m.subject for m in mails(deal, address) if re.search(r"\d{6}", m.subject)]
    return re.search(r"\d{6}", found[-1])[0]


def opened(deal, visitor, where):
    """The visitor's page with the paper: a code was asked for by mail and typed."""
    visitor.post(f"{where}/code")
    assert visitor.post(where, {"code": code(deal)}).status_code == 303
    return visitor.get(where).text


def answer(page, **more):
    digest = re.search(r'name="sha256" value="(\w+)"', page)[1]
    return {"name": "Ada Owner", "title": "Director", "read": "1", "sha256": digest} | more


def waiting(deal):
    with deal.house.database.reading() as session:
        return open_conditions(session, deal.contract)


@pytest.fixture
def sent(deal, permit, browse):
    """A permit that waits for its owner; the address behind the mailed link."""
    where, form = permit
    assert browse(deal.client).post(where, form | {"send": "1"}).status_code == 303
    return link(deal)


@pytest.fixture
def visitor(app):
    return Browse(app)


def test_what_the_plugin_refuses_is_said_at_its_cell_and_nothing_is_sent(deal, permit, browse):
    where, form = permit
    page = browse(deal.client).post(where, form | {"x_rooms-0-room": "Cellar", "send": "1"})
    assert page.status_code == 422
    assert "Nobody goes into the cellar." in page.text
    assert not mails(deal, "ada@owners.example")


@pytest.mark.parametrize(("wrong", "says"), [
    ({"x_owner-0-email": "ada"}, "not an e-mail address"), ({"x_opens": "2001-01-01"}, "no time left"),
    ({"x_owner-1-name": "Ada", "x_owner-1-email": "ADA@owners.example"}, "stands here twice"),
    ({"x_owner-0-name": ""}, "fill this in"),
])  # fmt: skip
def test_bad_input_gets_an_error_and_keeps_what_was_typed(deal, permit, browse, wrong, says):
    where, form = permit
    page = browse(deal.client).post(where, form | wrong | {"send": "1"})
    assert page.status_code == 422
    assert says in page.text
    assert "Owners Ltd" in page.text


def test_the_freelancer_cannot_sign_for_the_owner(deal, permit, browse):
    where, form = permit
    with deal.house.database.reading() as session:
        own = session.scalar(text("SELECT email FROM accounts WHERE id = :id").bindparams(id=deal.freelancer))
    page = browse(deal.client).post(where, form | {"x_owner-0-email": own, "send": "1"})
    assert "cannot sign for somebody else" in page.text


def test_the_paper_can_be_looked_at_before_it_is_sent(deal, permit, browse):
    where, form = permit
    page = browse(deal.client).post(where, form | {"look": "1"})
    assert page.status_code == 200
    assert "opens from" in page.text
    assert not mails(deal, "ada@owners.example")


def test_the_other_side_cannot_hand_it_in(deal, permit, browse):
    assert browse(deal.freelancer).post(permit[0], permit[1] | {"send": "1"}).status_code == 403


def test_an_outsider_signs_with_link_and_code_and_what_waited_goes_on(deal, sent, visitor):
    with pytest.raises(GateClosed):
        deal.take("fund", deal.client)
    page = opened(deal, visitor, sent)
    done = visitor.post(f"{sent}/signature", answer(page))
    assert "Thank you" in done.text
    assert "asking.permit" not in waiting(deal)
    deal.take("fund", deal.client)


@pytest.mark.both_engines
def test_the_signature_keeps_the_hash_the_mailbox_and_the_words(deal, sent, visitor):
    visitor.post(f"{sent}/signature", answer(opened(deal, visitor, sent)))
    with deal.house.database.reading() as session:
        row = session.scalars(select(OutsideSignature)).one()
        assert row.sha256 == session.get(ContractDocument, row.document_id).sha256
    assert (row.email, row.company, row.title) == ("ada@owners.example", "Owners Ltd", "Director")
    assert "Owners Ltd" in row.consent


@pytest.mark.both_engines
def test_a_signature_is_never_changed(deal, sent, visitor):
    visitor.post(f"{sent}/signature", answer(opened(deal, visitor, sent)))
    with pytest.raises(Exception, match="append only"), deal.unit() as uow:
        uow.session.execute(text("UPDATE outside_signatures SET name = 'Eve'"))


@pytest.mark.both_engines
def test_the_link_works_once_and_the_copy_opens(deal, sent, visitor):
    done = visitor.post(f"{sent}/signature", answer(opened(deal, visitor, sent)))
    assert visitor.get(sent).status_code == 404
    copy = visitor.get(re.search(r'href="(/signed/[^"]+)"', done.text)[1])
    assert "ada@owners.example" in copy.text


def test_without_the_code_nobody_reads_the_paper(sent, visitor):
    page = visitor.get(sent).text
    assert "Send me the code" in page
    assert "opens from" not in page
    assert visitor.post(f"{sent}/signature", {"sha256": "x"}).status_code == 303


@pytest.mark.both_engines
def test_a_wrong_code_opens_nothing_and_five_spoil_the_code(deal, sent, visitor):
    visitor.post(f"{sent}/code")
    right = code(deal)
    for _ in range(5):
        assert visitor.post(sent, {"code": "000000" if right != "000000" else "111111"}).status_code == 422
    assert visitor.post(sent, {"code": right}).status_code == 422


def test_a_forged_link_and_a_used_one_get_the_same_answer(deal, sent, visitor):
    visitor.post(f"{sent}/signature", answer(opened(deal, visitor, sent)))
    used, forged = visitor.get(sent), visitor.get("/sign/abc.def")
    assert (used.status_code, forged.status_code) == (404, 404)
    assert "This link opens nothing" in used.text
    assert "This link opens nothing" in forged.text


@pytest.mark.both_engines
def test_a_refusal_needs_a_reason_and_closes_the_paper_for_all(deal, sent, visitor, browse, permit):
    opened(deal, visitor, sent)
    assert visitor.post(f"{sent}/refusal", {"reason": " "}).status_code == 422
    assert "have not signed" in visitor.post(f"{sent}/refusal", {"reason": "Not my house."}).text
    assert "Not my house." in browse(deal.freelancer).get(f"/contracts/{deal.contract}").text
    again = browse(deal.client).get(permit[0]).text
    assert "Not my house." in again
    assert "Attic" in again


@pytest.mark.both_engines
def test_a_link_sent_again_replaces_the_earlier_one(deal, sent, visitor, browse, permit):
    with deal.house.database.reading() as session:
        handing = queries.latest(session, deal.contract, "asking.permit")
    again = f"/contracts/{deal.contract}/papers/{handing.id}/{handing.signers[0].id}/again"
    browse(deal.client).post(again, {"email": "office@owners.example"})
    assert visitor.get(sent).status_code == 404
    assert visitor.get(link(deal, "office@owners.example")).status_code == 200


def test_a_paper_taken_back_can_be_signed_by_nobody(deal, sent, visitor, browse, permit):
    with deal.house.database.reading() as session:
        handing = queries.latest(session, deal.contract, "asking.permit")
    browse(deal.client).post(f"/contracts/{deal.contract}/papers/{handing.id}/withdraw")
    assert visitor.get(sent).status_code == 404
    assert browse(deal.client).post(permit[0], permit[1] | {"send": "1"}).status_code == 303


@pytest.mark.both_engines
def test_signed_too_late_is_refused_and_both_are_told(deal, sent, visitor, browse):
    page = opened(deal, visitor, sent)
    deal.move(days=11)
    late = visitor.post(f"{sent}/signature", answer(page))
    assert late.status_code == 422
    assert "too late" in late.text
    jobs.run(deal.house.database)
    assert "not signed in time" in browse(deal.client).get(f"/contracts/{deal.contract}").text
    assert "asking.permit" in waiting(deal)


def test_who_has_yet_to_sign_is_reminded_with_a_link_that_works(deal, sent, visitor):
    deal.move(days=4)
    jobs.run(deal.house.database)
    jobs.run(deal.house.database)
    assert len([m for m in mails(deal, "ada@owners.example") if "still waits" in m.subject]) == 1
    assert visitor.get(link(deal)).status_code == 200


def test_both_sides_see_who_has_signed(deal, sent, browse):
    for side in (deal.client, deal.freelancer):
        assert "Ada Owner" in browse(side).get(f"/contracts/{deal.contract}").text


def test_strangers_never_find_the_page(deal, permit, browse, stranger):
    assert browse(stranger).get(permit[0]).status_code == 404


@pytest.fixture
def stranger(deal):
    from marketwright.features.accounts import service as accounts

    with deal.unit() as uow:
        made = accounts.create_account(uow, email="eve@example.org", name="Eve", locale="en", is_freelancer=True)
        uow.commit()
    return made


@pytest.mark.both_engines
def test_a_field_declared_after_signature_adds_its_condition_and_stops_what_waits(deal, browse):
    assert "asking.note" not in waiting(deal)
    page = browse(deal.freelancer).post(f"/contracts/{deal.contract}/declare", {"x_noise": "loud"})
    assert page.status_code == 303
    assert "asking.note" in waiting(deal)
    with deal.house.database.reading() as session:
        address = session.scalar(text("SELECT email FROM accounts WHERE id = :id").bindparams(id=deal.client))
    assert [m for m in mails(deal, address) if "needs something more" in m.subject]


def test_declaring_what_is_known_already_is_refused(deal):
    with deal.unit(deal.client) as uow:
        declare(uow, contract=deal.contract, values={"noise": "quiet"})
        with pytest.raises(InvalidInput):
            declare(uow, contract=deal.contract, values={"noise": "quiet"})


@pytest.mark.both_engines
def test_a_paper_of_both_sides_is_met_by_their_two_signatures(deal, browse):
    with deal.unit(deal.client) as uow:
        declare(uow, contract=deal.contract, values={"noise": "loud"})
        uow.commit()
    browse(deal.client).post(f"/contracts/{deal.contract}/conditions/asking.note/paper", {"send": "1"})
    with deal.house.database.reading() as session:
        handing = queries.latest(session, deal.contract, "asking.note")
        digest = session.get(ContractDocument, handing.document).sha256
    from marketwright.testing.agreed import PASSWORD

    for side in (deal.client, deal.freelancer):
        assert "asking.note" in waiting(deal)
        done = browse(side).post(f"/contracts/{deal.contract}/papers/{handing.id}/sign",
                                 {"read": "1", "password": PASSWORD, "sha256": digest})  # fmt: skip
        assert done.status_code == 303
    assert "asking.note" not in waiting(deal)


@pytest.mark.both_engines
def test_what_only_the_last_milestone_waits_for_stands_on_it_alone(deal):
    with deal.house.database.reading() as session:
        row = session.scalars(select(ContractCondition).where(ContractCondition.name == "asking.key")).one()
    assert row.milestone_id == deal.milestones[-1]


def test_staff_without_a_part_in_the_deal_cannot_open_a_confidential_paper(deal, sent, browse):
    from marketwright.features.accounts.tables import Staff

    with deal.house.database.reading() as session:
        handing = queries.latest(session, deal.contract, "asking.permit")
    with deal.unit() as uow:
        from marketwright.features.accounts import service as accounts

        staff = accounts.create_account(uow, email="s@example.org", name="S", locale="en", is_freelancer=False)
        uow.session.add(Staff(account_id=staff, roles=["admin"], since=uow.now))
        uow.commit()
    assert browse(staff).get(f"/documents/{handing.document}").status_code == 404
    assert browse(deal.freelancer).get(f"/documents/{handing.document}").status_code == 200


def test_rehearsals_meet_a_condition_with_its_example(deal):
    def act(role, deed):
        with deal.unit(deal.freelancer if role is Role.FREELANCER else deal.client) as uow:
            deed(uow)
            uow.commit()

    for name in waiting(deal):
        meet_one(deal.house, deal.contract, name, act)
    assert waiting(deal) == []


@pytest.mark.parametrize("bad", [
    {"when": {"colour": (1,)}}, {"signatories": (Signatory("a", "A"),)}, {"parties": (Role.OPERATOR,), "paper": "x"},
    {"paper": "x", "signatories": (Signatory("a", "A", least=3, most=1),)},
])  # fmt: skip
def test_a_condition_that_cannot_hold_is_refused_at_start(bad):
    assert faults_of(Condition("a.b", "B", "", Role.CLIENT, **bad), {})


def test_a_condition_depends_on_what_the_mission_says():
    condition = Condition("a.b", "B", "", Role.CLIENT, when={"noise": ("loud",), "night": (False,)})
    assert condition.concerns({"noise": "loud"})
    assert condition.concerns({"noise": ["quiet", "loud"]})
    assert not condition.concerns({"noise": "quiet"})
    assert not condition.concerns({"noise": "loud", "night": True})
