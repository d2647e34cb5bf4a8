"""What a person's file holds is theirs: nobody finds in it what somebody else wrote."""

import pytest
from sqlalchemy import Text, select

import marketwright.tables  # noqa: F401  every room's tables
from marketwright.features.privacy.parts import PARTS, WHOSE, WRITTEN_BY
from marketwright.features.privacy.queries import kept_of
from marketwright.features.profiles.service import create_profile
from marketwright.features.reviews import service as reviews
from marketwright.features.reviews.tables import Review
from marketwright.store.base import Base
from marketwright.testing.agreed import Stage

# Rows of a deal or a check that both sides have, whoever wrote them down first.
RECORDS = {
    "amendments", "contract_conditions", "contract_declarations", "erasures", "extra_orders", "missions",
    "paper_handings", "proposals", "threads", "vetting_assessors", "vetting_runs", "vetting_verdicts",
}  # fmt: skip
offered = pytest.mark.plugins("core_matching", "commission", "standard_contracts", "sandbox")


def names_a_writer(column):
    return column.name == "by" or column.name.startswith("by_account") or column.name.endswith(("_by", "author_id"))


def test_every_table_with_somebodys_words_says_who_wrote_them():
    tables = [Base.metadata.tables[name] for part in PARTS for name in part.tables]
    written = {t.name for t in tables
               if any(map(names_a_writer, t.c)) and any(isinstance(c.type, Text) for c in t.c)}  # fmt: skip
    assert written - WHOSE.keys() - RECORDS == WRITTEN_BY.keys() & written
    assert WRITTEN_BY.keys() <= {t.name for t in tables}


@offered
def test_no_row_that_somebody_else_wrote_is_handed_out(house):
    stage = Stage(house).meet().signed(100_000, 50_000)
    stage.fund()
    stage.deliver()
    all_found = set()
    for account in (stage.client, stage.freelancer):
        with house.database.reading() as session:
            kept = {t: rows for part in kept_of(session, account).values() for t, rows in part.items()}
        found = {r[column] for table, column in WRITTEN_BY.items() for r in kept.get(table, ())}
        assert found <= {account, f"person:{account}"}
        all_found |= found
    assert all_found


@offered
def test_the_review_of_the_other_side_is_not_in_the_file(house):
    stage = Stage(house).meet()
    with stage.unit() as uow:
        create_profile(uow, account=stage.freelancer, headline="Networks")
        uow.commit()
    stage.signed(100_000, 50_000)
    stage.fund()
    stage.deliver()
    stage.answer(stage.take("approve", stage.client).command)
    with stage.unit(stage.client) as uow:
        reviews.write(uow, contract=stage.contract, rating=1, text="Late every day and rude to our staff, never again.")
        uow.commit()
    with house.database.reading() as session:
        assert session.scalar(select(Review.by_account)) == stage.client
        assert "reviews" not in kept_of(session, stage.freelancer)["deals"]
        assert len(kept_of(session, stage.client)["deals"]["reviews"]) == 1
