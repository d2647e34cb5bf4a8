"""From the accepted proposal to both signatures."""

from datetime import timedelta
from hashlib import sha256
from threading import Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from marketwright.features.accounts import service as accounts
from marketwright.features.contracts.log import verify_log
from marketwright.features.contracts.service import send, sign, withdraw
from marketwright.features.contracts.tables import ContractDocument, Signature
from marketwright.features.contracts.timers import run_clock
from marketwright.features.payments import queries as payments
from marketwright.features.pricing.wire import quote_from_json
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed


def test_an_accepted_proposal_becomes_a_draft_with_its_milestones(stage):
    stage.agree(156_000, 780_000)
    assert stage.row().state == "DRAFT"
    assert [stage.milestone(n).work for n in (0, 1)] == [156_000, 780_000]


def test_the_milestones_sum_to_the_price(stage):  # C5
    stage.agree(156_001, 780_002, 3)
    assert stage.row().work == sum(stage.milestone(n).work for n in range(3))


def test_a_proposal_becomes_one_contract_however_often_it_is_drawn_up(stage):
    from marketwright.features.contracts.service import draw_up

    first = stage.agree(100_000)
    with stage.unit() as uow:
        assert draw_up(uow, proposal=stage.row().proposal_id) == first


def test_the_document_is_kept_with_the_hash_of_its_bytes(stage):  # C4
    stage.agree(100_000)
    document = stage.send()
    with stage.house.database.reading() as session:
        row = session.get_one(ContractDocument, document)
        assert sha256(row.body).hexdigest() == row.sha256
        assert "Business of organisation" in row.body.decode()


def test_a_document_never_changes(stage):  # C4
    stage.agree(100_000)
    document = stage.send()
    with pytest.raises(DBAPIError, match="append only"), stage.unit() as uow:
        uow.session.execute(text("UPDATE documents SET body = body WHERE id = :d"), {"d": document})


def test_both_signatures_make_the_contract_active_and_open_its_holds(stage):  # C6
    stage.agree(100_000, 200_000)
    stage.send()
    assert stage.sign(stage.freelancer) == "SENT"
    with stage.house.database.reading() as session:
        assert payments.holds_of(session, stage.contract) == []
    assert stage.sign(stage.client) == "ACTIVE"
    with stage.house.database.reading() as session:
        assert {h.id for h in payments.holds_of(session, stage.contract)} == set(stage.milestones)


def test_two_who_sign_at_the_same_moment_bring_the_contract_on(stage):
    stage.agree(100_000)
    document = stage.send()
    with stage.unit(stage.client) as uow:
        read = uow.session.get_one(ContractDocument, document).sha256
        sign(uow, contract=stage.contract, sha256=read)
        other = Thread(target=stage.sign, args=(stage.freelancer, read))
        other.start()
        other.join(timeout=0.3)  # it waits for this one
        uow.commit()
    other.join()
    assert stage.row().state == "ACTIVE"
    with stage.house.database.reading() as session:
        assert verify_log(session) == []  # C2


def test_a_signature_keeps_who_when_where_and_what(stage):
    stage.signed(100_000)
    with stage.house.database.reading() as session:
        rows = session.query(Signature).all()
        assert {(r.side, r.account_id, r.address) for r in rows} == {
            ("client", stage.client, "192.0.2.7"), ("freelancer", stage.freelancer, "192.0.2.7"),
        }  # fmt: skip
        assert len({r.sha256 for r in rows}) == 1


def test_signing_another_text_than_the_one_kept_is_refused(stage):
    stage.agree(100_000)
    stage.send()
    with pytest.raises(Conflict):
        stage.sign(stage.client, sha256="0" * 64)


def test_the_database_refuses_a_signature_with_another_hash(stage):  # C4
    stage.agree(100_000)
    document = stage.send()
    with stage.unit() as uow:
        uow.session.add(Signature(
            document_id=document, side="client", account_id=stage.client, name="x", sha256="0" * 64, at=uow.now
        ))  # fmt: skip
        with pytest.raises(DBAPIError, match="C4"):
            uow.flush()


def test_nobody_signs_twice(stage):
    stage.agree(100_000)
    stage.send()
    stage.sign(stage.client)
    with pytest.raises(Conflict):
        stage.sign(stage.client)


def test_a_member_who_is_no_signatory_cannot_sign(stage):
    stage.agree(100_000)
    stage.send()
    with stage.unit() as uow:
        buyer = accounts.create_account(uow, email="b@example.org", name="B", locale="en", is_freelancer=False)
        accounts.add_member(uow, organisation=stage.organisation, account=buyer, roles=["buyer"])
        uow.commit()
    with pytest.raises(NotAllowed):
        stage.sign(buyer)


def test_a_signatory_of_this_document_alone_can_sign_it(stage):
    stage.agree(100_000)
    document = stage.send()
    with stage.unit() as uow:
        guest = accounts.create_account(uow, email="g@example.org", name="G", locale="en", is_freelancer=False)
        accounts.add_member(
            uow, organisation=stage.organisation, account=guest, roles=["signatory"], document=document
        )
        uow.commit()
    assert stage.sign(guest) == "SENT"


def test_a_text_that_one_side_signed_cannot_be_replaced(stage):
    stage.agree(100_000)
    stage.send()
    stage.sign(stage.freelancer)
    with pytest.raises(Conflict):
        stage.send(language="fr")


def test_an_unsigned_text_can_be_replaced_by_one_in_the_other_language(stage):
    stage.agree(100_000)
    first = stage.send()
    second = stage.send(language="fr")
    assert first != second
    assert stage.row().language == "fr"


def test_a_signed_contract_is_frozen_in_the_database(stage):  # C4
    stage.signed(100_000)
    for column, value in (("currency", "USD"), ("process_version", 9), ("document_id", "x"), ("quote", "{}")):
        with pytest.raises(DBAPIError, match="C4"), stage.unit() as uow:
            uow.session.execute(text(f"UPDATE contracts SET {column} = :v"), {"v": value})


def test_what_a_milestone_costs_is_frozen_in_the_database(stage):  # C4
    stage.agree(100_000)
    with pytest.raises(DBAPIError, match="C4"), stage.unit() as uow:
        uow.session.execute(text("UPDATE milestones SET work = work + 1"))


def test_a_required_purchase_order_is_asked_for(stage):
    with stage.unit() as uow:
        from marketwright.features.accounts.tables import LegalIdentity

        uow.session.query(LegalIdentity).filter_by(owner_id=stage.organisation).update(
            {"purchase_order_rule": "required"}
        )
        uow.commit()
    stage.agree(100_000)
    with pytest.raises(InvalidInput) as refused:
        stage.send()
    assert list(refused.value.errors) == ["purchase_order"]
    stage.send(purchase_order="PO-77")
    assert stage.row().purchase_order == "PO-77"


def test_without_both_legal_identities_nothing_is_sent(house):
    from marketwright.features.accounts.tables import LegalIdentity
    from marketwright.kernel.errors import GateClosed
    from marketwright.testing.agreed import Stage

    stage = Stage(house).meet()
    with stage.unit() as uow:
        uow.session.query(LegalIdentity).filter_by(owner_id=stage.freelancer).delete()
        uow.commit()
    stage.agree(100_000)
    with pytest.raises(GateClosed) as closed:
        stage.send()
    assert closed.value.missing[0].href == "/me/business"


@pytest.mark.plugins
def test_without_a_template_nothing_is_sent_and_the_reason_is_told(stage):
    from marketwright.kernel.errors import Unavailable

    stage.agree(100_000)
    with pytest.raises(Unavailable, match="template"):
        stage.send()


def test_either_side_may_withdraw_until_both_have_signed(stage):
    stage.agree(100_000)
    stage.send()
    with stage.unit(stage.freelancer) as uow:
        withdraw(uow, contract=stage.contract)
        uow.commit()
    assert (stage.row().state, stage.row().end_reason) == ("ENDED", "withdrawn")


def test_a_signed_contract_cannot_be_withdrawn(stage):
    stage.signed(100_000)
    with pytest.raises(Conflict), stage.unit(stage.client) as uow:
        withdraw(uow, contract=stage.contract)


def test_a_contract_that_nobody_signs_ends_by_itself_once(stage):  # C7
    stage.agree(100_000)
    stage.send()
    stage.move(days=13)
    run_clock(stage.house.database)
    assert stage.row().state == "SENT"
    stage.move(days=400)
    run_clock(stage.house.database)
    run_clock(stage.house.database)
    assert (stage.row().state, stage.row().end_reason) == ("ENDED", "not_signed")
    with stage.house.database.reading() as session:
        assert verify_log(session) == []


def test_every_open_contract_has_an_owner_a_next_action_and_a_deadline(stage):  # C8
    stage.agree(100_000)
    assert stage.row().deadline_at is not None
    stage.send()
    assert stage.row().deadline_at is not None
    stage.sign(stage.client)
    stage.sign(stage.freelancer)
    assert stage.milestone().deadline_at == stage.milestone().entered_at + timedelta(days=14)


def test_the_pair_is_counted_when_both_have_signed(stage):
    from marketwright.features.relations.queries import relation

    stage.agree(100_000)
    stage.send()
    stage.sign(stage.client)
    with stage.house.database.reading() as session:
        assert relation(session, stage.organisation, stage.freelancer).cumulated == 0
    stage.sign(stage.freelancer)
    with stage.house.database.reading() as session:
        assert relation(session, stage.organisation, stage.freelancer).cumulated == 100_000


def test_a_document_with_a_wrong_hash_is_never_kept(stage):
    from dataclasses import replace

    from marketwright.features.contracts.paper import make_paper
    from marketwright.kernel.errors import BrokenInvariant
    from marketwright.strategies.documents import Document

    stage.agree(100_000)
    paper = replace(make_paper(Document("T", "en", "1", ()), kind="agreement", template="x.y"), sha256="0" * 64)
    with pytest.raises(BrokenInvariant), stage.unit(stage.client) as uow:
        send(uow, contract=stage.contract, paper=paper, terms={}, quote=quote_from_json(stage.row().quote))


def test_nobody_signs_after_the_time_was_over_though_the_clock_has_not_come_by(stage):  # C7
    stage.agree(100_000)
    stage.send()
    stage.sign(stage.freelancer)
    stage.move(days=40)
    with pytest.raises(Conflict, match="is over"):
        stage.sign(stage.client)
    run_clock(stage.house.database)
    assert (stage.row().state, stage.row().end_reason) == ("ENDED", "not_signed")


def test_nobody_sends_a_draft_after_its_time_was_over(stage):  # C7
    stage.agree(100_000)
    stage.move(days=8)
    with pytest.raises(Conflict, match="is over"):
        stage.send()
