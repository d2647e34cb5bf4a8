"""Services: packaged by a freelancer, found by everybody, bought by a client, delivered as any contract."""

import html
import re
from dataclasses import replace

import pytest
from sqlalchemy import delete, select

from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.tables import LegalIdentity
from marketwright.features.contracts.horizon import Horizon
from marketwright.features.contracts.tables import Contract
from marketwright.features.missions.queries import client_counts, missions_of
from marketwright.features.services import buying, queries, service
from marketwright.features.services.queries import Wish
from marketwright.features.services.service import Extra, Package
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, NotFound
from marketwright.kernel.money import Money
from marketwright.settings.marketplace import DealSettings
from marketwright.testing.agreed import quote_over

FORM = {
    "title": "A review of your cloud", "summary": "Two accounts, one report", "description": "What we look at.",
    "wants": "Read access", "language": "en", "price": "1500", "days": "10", "options-0-label": "A third account",
    "options-0-price": "400", "options-0-days": "3", "publish": "1",
}  # fmt: skip


def text(response, status=200):
    assert response.status_code == status, response.get_data(as_text=True)[:800]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))))


def package(**more):
    said = {"title": "A review", "summary": "Two accounts, one report", "description": "What we look at.",
            "language": "en", "price": Money(150_000, "EUR"), "days": 10} | more  # fmt: skip
    return Package(**said)


def publish(stage, **more):
    with stage.unit(stage.freelancer) as uow:
        made = service.write(uow, package=package(**more))
        service.publish(uow, service=made)
        uow.commit()
    return made


def found(stage, **wish):
    with stage.house.database.reading() as session:
        return [s.title for s in queries.search(session, Wish(**wish))[0]]


def seen(page):
    """What the form says of the service that was read: its version and what both sides pay and receive."""
    shown, names = page.get_data(as_text=True), ("pays", "receives", "version")
    return {n: re.search(rf'name="{n}" value="(\d+)"', shown)[1] for n in names}


def test_a_service_from_its_form_to_its_delivery(stage, browse):
    freelancer, client, stranger = browse(stage.freelancer), browse(stage.client), browse()
    assert "Package an offer" in text(freelancer.get("/me/services"))
    assert freelancer.post("/me/services/new", FORM).status_code == 303
    assert "A review of your cloud" in text(stranger.get("/services?words=cloud"))
    assert "Services" in text(stranger.get(f"/freelancers/{stage.freelancer}"))
    (row,) = _all(stage)
    page = client.get(f"/services/{row.id}")
    assert "+ €400.00, 3 days more" in text(page)
    bought = {"organisation": stage.organisation, "options": "1", "brief": "Two accounts, in Paris", **seen(page)}
    assert "price is another one now" in text(client.post(f"/services/{row.id}/buy", bought), 422)
    shown = client.post(f"/services/{row.id}/buy", bought | {"preview": "1"})
    assert "€1,900" in text(shown)
    done = client.post(f"/services/{row.id}/buy", bought | seen(shown))
    assert done.status_code == 303
    with stage.house.database.reading() as session:
        contract = session.scalar(select(Contract))
        assert (contract.process, contract.work, contract.title) == ("package", 190_000, "A review of your cloud")
        assert missions_of(session, [stage.organisation])[0].title == "Internal review"
        assert client_counts(session, stage.organisation).filled == 0
    stage.contract = contract.id
    stage.read_milestones()
    assert "A review of your cloud" in text(client.get(f"/contracts/{contract.id}/send"))
    stage.send()
    stage.sign(stage.client)
    stage.sign(stage.freelancer)
    stage.fund()
    assert (stage.milestone().due_on - stage.house.clock.business().date()).days == 13
    stage.deliver()
    stage.answer(stage.take("approve", stage.client).command)
    assert stage.row().end_reason == "completed"


def _all(stage):
    with stage.house.database.reading() as session:
        return queries.services_of(session, stage.freelancer)


def test_the_search_goes_by_words_price_and_time(stage):
    publish(stage, title="A review of clouds")
    publish(stage, title="Training in secure code", price=Money(90_000, "EUR"), days=2)
    assert set(found(stage)) == {"A review of clouds", "Training in secure code"}
    assert found(stage, words="CLOUD review") == ["A review of clouds"]
    assert found(stage, price=100_000) == ["Training in secure code"]
    assert found(stage, days=5) == ["Training in secure code"]
    assert found(stage, sort="price") == ["Training in secure code", "A review of clouds"]
    assert found(stage, words="100%_") == []


def test_drafts_and_what_was_removed_are_for_nobody_else(stage, browse):
    made = publish(stage)
    with stage.unit(stage.freelancer) as uow:
        service.withdraw(uow, service=made)
        uow.commit()
    assert found(stage) == []
    assert browse(stage.client).get(f"/services/{made}").status_code == 404
    assert "Only you see this service" in text(browse(stage.freelancer).get(f"/services/{made}"))
    with stage.unit(stage.freelancer) as uow:
        service.remove(uow, service=made)
        uow.commit()
    assert browse(stage.freelancer).get(f"/services/{made}").status_code == 404


def test_a_service_that_could_not_be_held_so_long_is_refused(stage):  # E12
    with stage.unit(stage.freelancer) as uow, pytest.raises(InvalidInput, match="money cannot be held"):
        service.write(uow, package=package(days=60, options=(Extra("More", Money(100, "EUR"), 60),)))


def test_nobody_writes_the_service_of_another(stage):
    made = publish(stage)
    with stage.unit(stage.client) as uow, pytest.raises(NotFound):
        service.publish(uow, service=made)


def test_a_service_needs_a_profile(stage):
    with stage.unit(stage.client) as uow, pytest.raises(Conflict, match="Begin your"):
        service.write(uow, package=package())


def test_who_may_not_buy_is_told_so_and_nothing_is_ordered(stage, browse):
    made = publish(stage)
    assert "Sign in to buy it" in text(browse().get(f"/services/{made}"))
    assert "Buy this service" not in text(browse(stage.freelancer).get(f"/services/{made}"))
    with stage.unit() as uow:
        finance = accounts.create_account(uow, email="f@example.org", name="F", locale="en", is_freelancer=False)
        accounts.add_member(uow, organisation=stage.organisation, account=finance, roles=["finance"])
        buyer = accounts.create_account(uow, email="b@example.org", name="B", locale="en", is_freelancer=False)
        accounts.add_member(uow, organisation=stage.organisation, account=buyer, roles=["buyer"], approval_limit=10_000)
        uow.commit()
    page = browse(buyer).get(f"/services/{made}")
    order = {"organisation": stage.organisation, "brief": "Please", **seen(page)}
    assert "Only owners and buyers" in text(browse(finance).post(f"/services/{made}/buy", order), 422)
    answer = browse(buyer).post(f"/services/{made}/buy", order)
    assert "above your limit" in text(answer, 422)
    with stage.house.database.reading() as session:
        assert session.scalar(select(Contract)) is None


def rewrite(stage, made, **more):
    with stage.unit(stage.freelancer) as uow:
        service.write(uow, service=made, package=package(**more))
        uow.commit()


THIRD, RETEST = (Extra(label, Money(40_000, "EUR"), 3) for label in ("A third account", "A retest in June"))


@pytest.mark.parametrize("more", [
    {"options": (RETEST, THIRD)}, {"options": (THIRD, RETEST), "summary": "One account, no report"},
    {"options": (THIRD, RETEST), "days": 60},
])  # fmt: skip
def test_a_service_that_was_changed_at_the_same_price_is_looked_at_again_before_it_is_bought(stage, browse, more):
    made, client = publish(stage, options=(THIRD, RETEST)), browse(stage.client)
    order = {"organisation": stage.organisation, "options": "1", "brief": "Two accounts"}
    shown = client.post(f"/services/{made}/buy", order | seen(client.get(f"/services/{made}")) | {"preview": "1"})
    rewrite(stage, made, **more)
    again = client.post(f"/services/{made}/buy", order | seen(shown))
    assert "has changed since you opened this page" in text(again, 422)
    assert ' checked' not in again.get_data(as_text=True)
    with stage.house.database.reading() as session:
        assert session.scalar(select(Contract)) is None
    chosen = client.post(f"/services/{made}/buy", order | seen(again) | {"preview": "1"})
    assert client.post(f"/services/{made}/buy", order | seen(chosen)).status_code == 303


def test_a_service_that_is_changed_while_it_is_bought_is_not_ordered(stage):
    made = publish(stage)
    with stage.house.database.reading() as session:
        read = buying.choose(session, made, [])
    rewrite(stage, made, summary="One account, no report")
    with pytest.raises(Conflict, match="has changed"), stage.unit(stage.client) as uow:
        buying.buy(uow, service=made, organisation=stage.organisation, options=[], brief="Please",
                   quote=quote_over(read.offer.work), version=read.service.version)  # fmt: skip


class Narrow(Horizon):
    """A provider that takes payments of 1,000.00 at most."""

    def choice(self, process, provider=""):
        return replace(super().choice(process, provider), most=100_000)


def test_a_service_that_costs_more_than_the_provider_takes_at_once_is_not_bought(stage, browse):
    stage.house.ports.fill(Horizon, Narrow(stage.house.marketplace, stage.house.plugins))
    made, client = publish(stage), browse(stage.client)
    order = {"organisation": stage.organisation, "brief": "Please"} | seen(client.get(f"/services/{made}"))
    assert "no payment over" in text(client.post(f"/services/{made}/buy", order), 422)
    with stage.house.database.reading() as session:
        assert session.scalar(select(Contract)) is None


def test_wrong_input_keeps_what_was_typed_and_names_the_field(stage, browse):
    wrong = {"price": "much", "options-0-price": "", "title": ""}
    answer = browse(stage.freelancer).post("/me/services/new", FORM | wrong)
    page = text(answer, 422)
    assert "What you sell: Please fill this in." in page
    assert "Price: This is not an amount" in page
    assert "Option 1, price: Please fill this in." in page
    assert "Two accounts, one report" in answer.get_data(as_text=True)
    assert _all(stage) == []


@pytest.mark.settings(deal=DealSettings(provider="sandbox"))
def test_where_no_course_sells_services_there_is_no_page_and_no_entry(stage, browse):
    assert browse(stage.freelancer).get("/services").status_code == 404
    assert browse(stage.freelancer).get("/me/services").status_code == 404
    assert "/services" not in browse().get("/missions").get_data(as_text=True)


def test_an_empty_list_says_what_comes(stage, browse):
    assert "No services yet" in text(browse().get("/services"))
    publish(stage)
    assert "No service fits" in text(browse().get("/services?words=boats"))


def unknown(stage):
    """Take the seller's legal identity away, as if it had never been given."""
    with stage.unit() as uow:
        uow.session.execute(delete(LegalIdentity).where(LegalIdentity.owner_id == stage.freelancer))
        uow.commit()


def test_a_service_goes_on_sale_only_with_the_legal_identity_of_its_seller(stage):
    unknown(stage)
    with pytest.raises(GateClosed, match="your legal identity"):
        publish(stage)


def test_a_seller_without_a_legal_identity_is_told_so_by_the_form(stage, browse):
    unknown(stage)
    assert "your legal identity" in text(browse(stage.freelancer).post("/me/services/new", FORM), 422)


def test_a_service_on_sale_whose_seller_has_no_legal_identity_is_shown_and_cannot_be_bought(stage, browse):
    made = publish(stage)
    client = browse(stage.client)
    order = {"organisation": stage.organisation, "brief": "Please"} | seen(client.get(f"/services/{made}"))
    unknown(stage)
    assert "has not given a legal identity yet" in text(client.get(f"/services/{made}"))
    assert "has not given a legal identity yet" in text(client.post(f"/services/{made}/buy", order), 422)
    with stage.house.database.reading() as session:
        assert session.scalar(select(Contract)) is None


def test_a_price_of_which_the_seller_would_receive_less_than_was_shown_is_asked_again(stage, browse):
    made = publish(stage)
    shown = seen(browse(stage.client).get(f"/services/{made}"))
    order = {"organisation": stage.organisation, "brief": "Please"} | shown | {"receives": "1"}
    assert "price is another one now" in text(browse(stage.client).post(f"/services/{made}/buy", order), 422)
