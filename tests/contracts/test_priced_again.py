"""A side's VAT changes after the price was agreed: nothing is sent or signed with taxes that are not theirs (C4)."""

import html
import re
from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from marketwright.features.accounts import service as accounts
from marketwright.features.contracts.amendments import amendment_terms, propose_amendment, sign_amendment
from marketwright.features.contracts.drafting import draw
from marketwright.features.contracts.paper import Paper
from marketwright.features.contracts.sendable import quote_today
from marketwright.features.contracts.service import send
from marketwright.features.contracts.tables import Amendment, Contract, ContractDocument, Milestone
from marketwright.features.contracts.verify import verify
from marketwright.features.payments import queries as payments
from marketwright.features.pricing.service import price
from marketwright.features.pricing.wire import quote_from_json
from marketwright.features.proposals.offers import OfferLine
from marketwright.kernel.errors import Conflict
from marketwright.testing.agreed import PASSWORD, quote_over

pytestmark = pytest.mark.plugins("standard_contracts", "commission", "sandbox", "country_fr")


def identify(stage, **more):
    """Give the freelancer another legal identity: a small business without VAT, unless told otherwise."""
    said = {"name": "Tomasz", "form": "EI", "registration_number": "732829320", "vat_regime": "franchise",
            "vat_number": "", "street": "1 rue des Prés", "postcode": "59000", "city": "Lille", "country": "FR"} | more
    with stage.unit() as uow:
        accounts.record_identity(uow, owner_kind="freelancer", owner_id=stage.freelancer, **said)
        uow.commit()


def words(stage, document):
    with stage.house.database.reading() as session:
        return plain(session.get_one(ContractDocument, document).body.decode())


def plain(page):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def test_a_freelancer_who_left_vat_before_the_text_was_sent_is_paid_without_vat(stage):
    stage.agree(100_000)
    identify(stage)
    stage.send()
    stage.sign(stage.freelancer)
    stage.sign(stage.client)
    stage.fund()
    with stage.house.database.reading() as session:
        assert payments.hold(session, stage.milestones[0]).amounts.work_tax == 0


def test_the_text_that_is_sent_has_the_amounts_of_today(stage):
    stage.agree(100_000)
    identify(stage)
    assert "€1,200.00" not in words(stage, stage.send())
    assert stage.row().terms["amounts"]["work_tax"] == 0


def test_a_text_drawn_with_the_old_amounts_is_not_sent(stage):
    stage.agree(100_000)
    stage.send()
    terms, old = stage.row().terms, stage.row().document_id
    identify(stage)
    with stage.house.database.reading() as session:
        kept = session.get_one(ContractDocument, old)
    with pytest.raises(Conflict, match="VAT has changed"), stage.unit(stage.client) as uow:
        send(uow, contract=stage.contract, paper=paper(kept), terms=terms, quote=quote_from_json(stage.row().quote))


def paper(row):
    return Paper(kind=row.kind, title=row.title, language=row.language, template=row.template,
                 template_version=row.template_version, body=row.body, sha256=row.sha256)  # fmt: skip


def test_a_text_is_not_signed_once_the_vat_of_a_side_is_another_one(stage):
    stage.agree(100_000)
    stage.send()
    identify(stage)
    with pytest.raises(Conflict, match="VAT has changed"):
        stage.sign(stage.client)
    assert stage.row().state == "SENT"


def test_another_vat_number_is_enough_to_draw_it_up_again(stage):
    stage.agree(100_000)
    stage.send()
    identify(stage, vat_regime="standard", vat_number="BE0403170701", country="BE", postcode="1000",
             registration_number="0403170701")  # fmt: skip
    with pytest.raises(Conflict, match="VAT has changed"):
        stage.sign(stage.client)


def test_drawn_up_again_both_sign_the_new_text_though_one_had_signed_the_old_one(stage):
    stage.agree(100_000)
    stage.send()
    stage.sign(stage.freelancer)
    identify(stage)
    stage.send()
    assert stage.sign(stage.client) == "SENT"
    assert stage.sign(stage.freelancer) == "ACTIVE"


def test_a_signed_text_is_still_not_replaced_while_nothing_has_changed(stage):
    stage.agree(100_000)
    stage.send()
    stage.sign(stage.freelancer)
    with pytest.raises(Conflict, match="no longer be replaced"):
        stage.send()


def test_the_price_before_tax_and_the_log_stay_as_they_were(stage):
    stage.agree(100_000, 50_001)
    identify(stage)
    stage.send()
    assert [stage.milestone(n).work for n in (0, 1)] == [100_000, 50_001]
    with stage.house.database.reading() as session:
        assert list(verify(session)) == []


def test_the_database_keeps_taxes_and_fees_of_a_signed_contract(stage):
    stage.signed(100_000)
    with pytest.raises(DBAPIError, match="C4"), stage.unit() as uow:
        uow.session.execute(text("UPDATE milestones SET work_tax = 0 WHERE id = :m"), {"m": stage.milestones[0]})


def test_the_database_keeps_the_work_of_a_milestone_before_too(stage):
    stage.agree(100_000)
    with pytest.raises(DBAPIError, match="C4"), stage.unit() as uow:
        uow.session.execute(text("UPDATE milestones SET work = 1 WHERE id = :m"), {"m": stage.milestones[0]})


def test_the_page_shows_the_new_amounts_before_they_are_sent(stage, browse):
    stage.agree(100_000)
    identify(stage)
    page = browse(stage.client).get(f"/contracts/{stage.contract}/send").get_data(as_text=True)
    assert "The amounts are new" in plain(page)
    sent = browse(stage.client).post(f"/contracts/{stage.contract}/send", {"language": "en"})
    assert (sent.status_code, stage.milestone().work_tax) == (303, 0)


def test_who_opens_an_old_text_to_sign_it_is_led_to_the_new_one(stage, browse):
    stage.agree(100_000)
    document = stage.send()
    identify(stage)
    page = browse(stage.client).get(f"/documents/{document}/sign").get_data(as_text=True)
    assert "Look at the new text" in plain(page)
    assert "Your password" not in plain(page)
    signed = browse(stage.client).post(f"/documents/{document}/sign", {
        "read": "1", "password": PASSWORD, "sha256": re.search(r"sha256 (\w{64})", page)[1],
    })  # fmt: skip
    assert signed.status_code == 409


def test_an_amendment_names_the_parties_for_whom_it_is_priced(stage):
    stage.signed(100_000)
    identify(stage)
    with stage.house.database.reading() as session:
        row = session.get_one(Contract, stage.contract)
        terms = amendment_terms(
            session, row, MORE, quote_over(50_000), reason="More",
            at=stage.house.marketplace.local(stage.house.clock.business()),
        )  # fmt: skip
    assert (row.terms["freelancer"]["vat_regime"], terms["freelancer"]["vat_regime"]) == ("standard", "franchise")


MORE = (OfferLine("More", 50_000, detail="More of it"),)


def amend(stage, quote):
    """Propose the amendment priced at ``quote`` as the freelancer; its id and its text."""
    with stage.house.database.reading() as session:
        row = session.get_one(Contract, stage.contract)
        terms = amendment_terms(
            session, row, MORE, quote, reason="More", at=stage.house.marketplace.local(stage.house.clock.business())
        )
    text_of_it = draw(stage.house.plugins, "amendment", "en", terms)
    with stage.unit(stage.freelancer) as uow:
        made = propose_amendment(
            uow, contract=stage.contract, reason="More", lines=MORE, quote=quote, paper=text_of_it
        )
        uow.commit()
    return made, text_of_it


def sign_change(stage, made, text_of_it, by):
    with stage.unit(by) as uow:
        state = sign_amendment(uow, amendment=made, sha256=text_of_it.sha256)
        uow.commit()
    return state


def as_now(stage, works=(50_000,)):
    """The quote over ``works`` for both sides as they are today."""
    with stage.house.database.reading() as session:
        row = session.get_one(Contract, stage.contract)
        deal = quote_over(*works).deal
        both = quote_today(session, stage.house.plugins, row).deal
    return price(stage.house.plugins, replace(deal, client=both.client, freelancer=both.freelancer))


def test_an_amendment_is_not_signed_once_the_vat_of_a_side_is_another_one(stage):
    stage.signed(100_000)
    made, text_of_it = amend(stage, quote_over(50_000))
    sign_change(stage, made, text_of_it, stage.client)
    identify(stage)
    with pytest.raises(Conflict, match="VAT has changed"):
        sign_change(stage, made, text_of_it, stage.freelancer)


def test_an_amendment_priced_for_another_vat_is_not_sent(stage):
    stage.signed(100_000)
    identify(stage)
    with pytest.raises(Conflict, match="VAT has just changed"):
        amend(stage, quote_over(50_000))


def test_a_new_amendment_takes_the_place_of_one_that_can_no_longer_be_signed(stage):
    stage.signed(100_000)
    old, _ = amend(stage, quote_over(50_000))
    identify(stage)
    made, text_of_it = amend(stage, as_now(stage))
    sign_change(stage, made, text_of_it, stage.client)
    assert sign_change(stage, made, text_of_it, stage.freelancer) == "signed"
    with stage.house.database.reading() as session:
        assert session.get_one(Amendment, old).state == "withdrawn"
        assert session.scalars(select(Milestone.work_tax).where(Milestone.amendment_id == made)).all() == [0]


def test_an_amendment_that_can_be_signed_is_not_replaced(stage):
    stage.signed(100_000)
    amend(stage, quote_over(50_000))
    with pytest.raises(Conflict, match="waits for signatures"):
        amend(stage, quote_over(50_000))


def test_who_opens_an_old_amendment_is_led_to_its_lines_with_the_price_of_today(stage, browse):
    stage.signed(100_000)
    made, _ = amend(stage, quote_over(50_000))
    identify(stage)
    with stage.house.database.reading() as session:
        document = session.get_one(Amendment, made).document_id
    page = browse(stage.client).get(f"/documents/{document}/sign").get_data(as_text=True)
    assert f"/contracts/{stage.contract}/amend" in page
    assert "Your password" not in plain(page)
    form = browse(stage.client).get(f"/contracts/{stage.contract}/amend").get_data(as_text=True)
    assert "The amounts are new" in plain(form)
    assert 'value="More"' in form
    sent = browse(stage.client).post(f"/contracts/{stage.contract}/amend", {
        "reason": "More", "lines-0-title": "More", "lines-0-amount": "500", "send": "1",
    })  # fmt: skip
    assert sent.status_code == 303


def test_the_page_of_the_contract_leads_on_from_an_old_amendment(stage, browse):
    stage.signed(100_000)
    amend(stage, quote_over(50_000))
    assert f"/contracts/{stage.contract}/amend\"" not in browse(stage.client).get(
        f"/contracts/{stage.contract}").get_data(as_text=True)  # fmt: skip
    identify(stage)
    page = browse(stage.client).get(f"/contracts/{stage.contract}").get_data(as_text=True)
    assert f"/contracts/{stage.contract}/amend\"" in page
