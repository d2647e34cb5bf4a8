"""Conditions, confidentiality agreements, amendments: what is signed or met besides the agreement."""

from datetime import date

import pytest
from sqlalchemy import select, text

from marketwright.features.accounts.ports import Gate
from marketwright.features.contracts.amendments import (
    amendment_terms,
    open_amendment,
    propose_amendment,
    sign_amendment,
    withdraw_amendment,
)
from marketwright.features.contracts.conditions import meet
from marketwright.features.contracts.confidentiality import confidentiality_terms, sign_confidentiality, signed
from marketwright.features.contracts.drafting import draw
from marketwright.features.contracts.log import verify_log
from marketwright.features.contracts.tables import Contract, ContractCondition, ContractDocument, Milestone
from marketwright.features.contracts.timers import run_clock
from marketwright.features.missions.ports import Confidentiality
from marketwright.features.proposals.dealing import deal_of
from marketwright.features.proposals.offers import OfferLine
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, Missing, NotAllowed, NotFound
from marketwright.testing.agreed import quote_over

SECURE = pytest.mark.plugins("standard_contracts", "permit")
CLAUSES = pytest.mark.plugins("standard_contracts", "cybersecurity")
PERMIT = "permit.to_enter"


def hand_in(stage, by, **given):
    with stage.unit(by) as uow:
        meet(uow, contract=stage.contract, name=PERMIT, **{"evidence": "Signed by the DSI", "file": "f" * 16, **given})
        uow.commit()


@SECURE
def test_an_unmet_condition_holds_the_transition_and_says_how_to_meet_it(stage):
    stage.signed(100_000)
    with pytest.raises(GateClosed) as closed:
        stage.take("fund", stage.client)
    (missing,) = closed.value.missing
    assert missing.label == "Permit to enter"
    assert "written permit" in missing.how


@SECURE
def test_a_met_condition_lets_through(stage):
    stage.signed(100_000)
    hand_in(stage, stage.client)
    stage.fund()
    stage.deliver()
    assert stage.milestone().state == "delivered"


@SECURE
def test_the_reserving_update_itself_refuses_an_unmet_condition(stage):  # E3
    from marketwright.features.contracts import registry, steps

    stage.signed(100_000)
    with stage.unit(stage.client) as uow:
        row, _, process = registry.load(uow.session, stage.milestones[0])
        way = process.way("fund")
        with pytest.raises(Conflict) as refused:
            steps._leave(uow, row, way, steps.Role.CLIENT, steps.Ask(), "c" * 16)
    assert refused.value.code == "E3"


@SECURE
def test_the_other_side_cannot_meet_it(stage):
    stage.signed(100_000)
    with pytest.raises(NotAllowed):
        hand_in(stage, stage.freelancer)


@SECURE
def test_what_a_condition_asks_for_must_be_given(stage):
    stage.signed(100_000)
    with pytest.raises(InvalidInput) as refused:
        hand_in(stage, stage.client, file="")
    assert list(refused.value.errors) == ["file"]


@SECURE
def test_a_condition_is_met_once(stage):
    stage.signed(100_000)
    hand_in(stage, stage.client)
    with pytest.raises(Conflict):
        hand_in(stage, stage.client)


@SECURE
def test_a_plugin_meets_its_own_condition_through_its_desk(stage):
    from dataclasses import replace

    stage.signed(100_000)
    desk = stage.house.plugins.plugin("permit").desk
    replace(desk, acts=("meet_condition",)).actions.meet_condition(stage.contract, PERMIT, "seen by the register")
    with stage.house.database.reading() as session:
        assert {c.met_by for c in session.scalars(select(ContractCondition))} == {"plugin:permit"}


@CLAUSES
def test_the_clauses_of_another_plugin_stand_in_the_agreement(stage):
    stage.agree(100_000)
    document = stage.send()
    with stage.house.database.reading() as session:
        row = session.get_one(ContractDocument, document)
    assert "rules of engagement" in row.body.decode()
    assert row.template_version == "3+4+annex1+papers1"


def test_without_the_niche_plugin_nothing_waits_for_its_condition(stage):
    stage.signed(100_000).fund()
    assert stage.milestone().state == "work"


# -- confidentiality ---------------------------------------------------------------------------------------------


def paper_for(stage, language="en"):
    with stage.house.database.reading() as session:
        terms = confidentiality_terms(session, stage.house.marketplace, stage.mission, stage.freelancer)
    return draw(stage.house.plugins, "confidentiality", language, terms)


def sign_it(stage, read=""):
    paper = paper_for(stage)
    with stage.unit(stage.freelancer) as uow:
        document = sign_confidentiality(uow, mission=stage.mission, paper=paper, read=read or paper.sha256)
        uow.commit()
    return document


def test_nothing_confidential_opens_before_the_agreement_is_signed(stage):
    port = stage.house.ports.get(Confidentiality)
    with stage.house.database.reading() as session:
        assert not port.signed(session, stage.mission, stage.freelancer)
    sign_it(stage)
    with stage.house.database.reading() as session:
        assert port.signed(session, stage.mission, stage.freelancer)
        assert not port.signed(session, stage.mission, stage.client)


def test_signing_it_twice_keeps_the_first(stage):
    assert sign_it(stage) == sign_it(stage)


def test_a_text_that_was_not_read_is_not_signed(stage):
    with pytest.raises(Conflict):
        sign_it(stage, read="0" * 64)
    with stage.house.database.reading() as session:
        assert not signed(session, stage.mission, stage.freelancer)


# -- amendments --------------------------------------------------------------------------------------------------

RETEST = [OfferLine("Retest", 78_000, 1, None, date(2026, 9, 1), "On site")]


def propose(stage, by="", lines=RETEST, reason="Two sites were added"):
    quote = quote_over(*(n.amount for n in lines))
    with stage.house.database.reading() as session:
        row = session.get_one(Contract, stage.contract)
        terms = amendment_terms(session, row, lines, quote, reason=reason, at=stage.house.clock.business())
    paper = draw(stage.house.plugins, "amendment", "en", terms)
    with stage.unit(by or stage.freelancer) as uow:
        amendment = propose_amendment(
            uow, contract=stage.contract, reason=reason, lines=lines, quote=quote, paper=paper
        )
        uow.commit()
    return amendment, paper


def sign_change(stage, amendment, paper, by):
    with stage.unit(by) as uow:
        state = sign_amendment(uow, amendment=amendment, sha256=paper.sha256)
        uow.commit()
    return state


def test_an_amendment_adds_its_milestones_when_both_have_signed(stage):  # C4
    stage.signed(100_000)
    amendment, paper = propose(stage)
    assert sign_change(stage, amendment, paper, stage.freelancer) == "sent"
    with stage.house.database.reading() as session:
        assert len(session.scalars(select(Milestone)).all()) == 1
    assert sign_change(stage, amendment, paper, stage.client) == "signed"
    with stage.house.database.reading() as session:
        rows = session.scalars(select(Milestone).order_by(Milestone.number)).all()
        assert [(m.number, m.work) for m in rows] == [(1, 100_000), (2, 78_000)]
        assert verify_log(session) == []
    assert stage.row().work == 178_000  # C5


def test_an_added_milestone_is_paid_in_when_its_turn_comes(stage):
    stage.signed(100_000)
    amendment, paper = propose(stage)
    for side in (stage.client, stage.freelancer):
        sign_change(stage, amendment, paper, side)
    with stage.house.database.reading() as session:
        stage.milestones.append(session.scalars(select(Milestone.id).where(Milestone.number == 2)).one())
    stage.take("cancel", stage.client, note="Not needed any more")
    stage.fund(n=1)
    assert stage.milestone(1).state == "work"


def test_one_amendment_waits_at_a_time(stage):
    stage.signed(100_000)
    propose(stage)
    with pytest.raises(Conflict):
        propose(stage)


def test_either_side_may_withdraw_an_unsigned_amendment(stage):
    stage.signed(100_000)
    amendment, _ = propose(stage)
    with stage.unit(stage.client) as uow:
        withdraw_amendment(uow, amendment=amendment)
        uow.commit()
    with stage.house.database.reading() as session:
        assert open_amendment(session, stage.contract) is None


def test_a_stranger_cannot_touch_an_amendment(stage):
    from marketwright.features.accounts import service as accounts

    stage.signed(100_000)
    amendment, _ = propose(stage)
    with stage.unit() as uow:
        stranger = accounts.create_account(uow, email="s@x.org", name="S", locale="en", is_freelancer=True)
        uow.commit()
    with pytest.raises(NotFound), stage.unit(stranger) as uow:
        withdraw_amendment(uow, amendment=amendment)


def test_an_amendment_falls_with_the_contract(stage):
    stage.signed(100_000)
    amendment, paper = propose(stage)
    stage.take("cancel", stage.client, note="No budget")
    with pytest.raises(Conflict):
        sign_change(stage, amendment, paper, stage.client)


@pytest.mark.parametrize(("lines", "reason"), [([], "Why"), (RETEST, " ")])
def test_an_amendment_needs_milestones_and_a_reason(stage, lines, reason):
    stage.signed(100_000)
    paper = draw_any(stage)
    with pytest.raises(InvalidInput), stage.unit(stage.client) as uow:
        propose_amendment(
            uow, contract=stage.contract, reason=reason, lines=lines, quote=quote_over(78_000), paper=paper
        )


def draw_any(stage):
    with stage.house.database.reading() as session:
        row = session.get_one(Contract, stage.contract)
        terms = amendment_terms(session, row, RETEST, quote_over(78_000), reason="r", at=stage.house.clock.business())
    return draw(stage.house.plugins, "amendment", "fr", terms)


def test_an_amendment_is_priced_with_what_the_pair_has_already_agreed(stage):
    stage.signed(100_000)
    with stage.house.database.reading() as session:
        deal = deal_of(
            session, stage.house.marketplace, client=stage.organisation, freelancer=stage.freelancer,
            lines=tuple(RETEST), currency="EUR", on=date(2026, 7, 1),
        )  # fmt: skip
    assert deal.cumulated == 100_000


# -- gates -------------------------------------------------------------------------------------------------------


class Closed:
    """A gate that asks one side for one thing."""

    def __init__(self, gate, kind):
        self.gate, self.kind = gate, kind

    def missing(self, session, gate, subject_kind, subject_id):
        return (Missing("urssaf", "URSSAF certificate"),) if (gate, subject_kind) == (self.gate, self.kind) else ()


def test_a_closed_gate_keeps_its_side_from_signing_and_not_the_other(stage):
    stage.house.ports.fill(Gate, Closed("sign", "freelancer"))
    stage.agree(100_000)
    stage.send()
    stage.sign(stage.client)
    with pytest.raises(GateClosed):
        stage.sign(stage.freelancer)


def test_the_vigilance_gate_opens_only_above_the_threshold_of_the_pair(stage):  # C11
    stage.house.ports.fill(Gate, Closed("sign_above", "freelancer"))
    stage.agree(499_999)
    stage.send()
    assert stage.sign(stage.freelancer) == "SENT"


def test_at_the_threshold_the_documents_are_asked_for(stage):  # C11
    stage.house.ports.fill(Gate, Closed("sign_above", "freelancer"))
    stage.agree(500_000)
    stage.send()
    with pytest.raises(GateClosed):
        stage.sign(stage.freelancer)


# -- plugins come and go -----------------------------------------------------------------------------------------


def test_a_contract_keeps_the_process_it_was_drawn_up_on(stage):  # P5
    from marketwright.features.contracts.bundled import BUNDLED
    from marketwright.features.contracts.registry import from_json, to_json

    for process in BUNDLED:
        assert from_json(to_json(process)) == process


def test_the_kept_process_is_append_only(stage):
    from sqlalchemy.exc import DBAPIError

    stage.agree(100_000)
    with pytest.raises(DBAPIError, match="append only"), stage.unit() as uow:
        uow.session.execute(text("UPDATE contract_processes SET version = 2"))


@pytest.mark.plugins("standard_contracts", "seal")
def test_a_condition_before_what_silence_does_holds_that_contract_alone_and_not_the_clock(stage):
    stage.signed(100_000).fund()
    stage.deliver()
    stage.move(days=30)
    assert run_clock(stage.house.database) == []
    assert stage.milestone().state == "delivered"
    with stage.unit(stage.client) as uow:
        meet(uow, contract=stage.contract, name="seal.on", evidence="The seal is on", file="")
        uow.commit()
    run_clock(stage.house.database)
    assert stage.milestone().pending
