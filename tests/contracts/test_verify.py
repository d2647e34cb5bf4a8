"""What ``ledger verify`` finds in contracts that somebody changed behind the services' back."""

from sqlalchemy import text

from marketwright.features.contracts.registry import keep, pinned
from marketwright.features.contracts.verify import verify


def behind_the_back(stage, *statements):
    with stage.unit() as uow:
        for statement in statements:
            uow.session.execute(text(statement))
        uow.commit()


def drop(stage, trigger, table):
    on = "" if stage.house.database.writes.dialect.name == "sqlite" else f" ON {table}"
    behind_the_back(stage, f"DROP TRIGGER {trigger}{on}")


def found(stage):
    with stage.house.database.reading() as session:
        return {(f.rule, f.row.split()[0]) for f in verify(session)}


def test_a_contract_as_it_was_made_has_no_findings(stage):
    stage.signed(100_000, 200_000)
    assert found(stage) == set()


def test_a_changed_text_is_found(stage):  # C4
    stage.signed(100_000)
    drop(stage, "documents_no_update", "documents")
    behind_the_back(stage, f"UPDATE documents SET sha256 = '{'0' * 64}'")
    assert {("C4", "documents"), ("C4", "signatures"), ("C4", "trigger")} <= found(stage)


def test_a_changed_price_is_found(stage):  # C5
    stage.agree(100_000)
    drop(stage, "milestones_frozen", "milestones")
    behind_the_back(stage, "UPDATE milestones SET work = work + 1")
    assert ("C5", "contracts") in found(stage)


def test_a_contract_runs_on_when_the_plugin_of_its_process_is_gone(stage):  # P5
    from dataclasses import replace

    from marketwright.features.contracts.bundled import MILESTONES

    stage.agree(100_000)
    special = replace(MILESTONES, name="special", version=2, label="A course of a plugin that was removed")
    with stage.unit() as uow:
        keep(uow, special)
        uow.session.execute(text("UPDATE contracts SET process = 'special'"))
        uow.commit()
    stage.send()
    stage.sign(stage.client)
    stage.sign(stage.freelancer)
    stage.fund()
    stage.deliver()
    stage.answer(stage.take("approve", stage.client).command)
    assert stage.milestone().state == "released"
    with stage.house.database.reading() as session:
        assert pinned(session, "special", 2) == special
