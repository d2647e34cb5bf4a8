"""Whose database this is: begun for one marketplace at one stage, and never used for another (L16).

Money of a test stage is play money; that of a live one is real. A database therefore never changes its stage.
"""

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from marketwright.kernel.actors import system
from marketwright.kernel.errors import BadSetting
from marketwright.settings.marketplace import Marketplace
from marketwright.store.database import Database
from marketwright.store.tables import StageRow


def begin(database: Database, marketplace: Marketplace) -> None:
    """Write down for whom the database was begun, once; ``BadSetting`` when it was begun for somebody else."""
    with database.unit(system("begin")) as uow:
        if uow.session.get(StageRow, 1) is None:
            uow.session.add(
                StageRow(id=1, slug=marketplace.slug, stage=str(marketplace.stage), since=uow.machine_now)
            )
            uow.commit()
    with database.reading() as session:
        refuse_other(session, marketplace)


def refuse_other(session: Session, marketplace: Marketplace) -> None:
    """Stop the start on a database of another marketplace or another stage."""
    if not inspect(session.connection()).has_table(StageRow.__tablename__):
        return
    row = session.execute(select(StageRow.slug, StageRow.stage)).first()
    if row is None:
        return
    if row.slug != marketplace.slug:
        raise BadSetting(
            f"it belongs to the marketplace {row.slug!r}, not to {marketplace.slug!r}.", where="database",
            fix="Give each marketplace a database of its own (marketplace.database), or set the slug back.",
        )  # fmt: skip
    if row.stage != marketplace.stage:
        money = "its money is real" if row.stage == "live" else "its people and its money are not real"
        raise BadSetting(
            f"it was begun at the stage {row.stage!r} ({money}) and cannot be used at {str(marketplace.stage)!r}.",
            where="database",
            fix="Give each stage a database of its own: set marketplace.database (or MARKETWRIGHT_DATABASE_URL) to a "
                "new one, then run: marketwright db upgrade.",
        )  # fmt: skip
