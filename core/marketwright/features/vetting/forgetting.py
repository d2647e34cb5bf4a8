"""Forgetting the evidence of a freelancer; verdicts stay, and say what was compared with what."""

from sqlalchemy import select, update

from marketwright.features.files.tables import StoredFile
from marketwright.features.vetting.tables import CheckRun, Evidence
from marketwright.store.unit import UnitOfWork

_OPEN = ("begun", "outside", "staff")


def withdraw_all(uow: UnitOfWork, *, freelancer: str) -> None:
    """End every check of ``freelancer`` that still runs."""
    uow.session.execute(
        update(CheckRun)
        .where(CheckRun.subject_kind == "freelancer", CheckRun.subject_id == freelancer, CheckRun.state.in_(_OPEN))
        .values(state="withdrawn", ended_at=uow.now, note="", version=CheckRun.version + 1)
    )


def forget(uow: UnitOfWork, *, freelancer: str) -> None:
    """Empty what was handed in about ``freelancer``, files too."""
    runs = select(CheckRun.id).where(CheckRun.subject_kind == "freelancer", CheckRun.subject_id == freelancer)
    files = select(Evidence.file_id).where(Evidence.run_id.in_(runs), Evidence.file_id.is_not(None))
    uow.session.execute(
        update(StoredFile).where(StoredFile.id.in_(files), StoredFile.removed_at.is_(None)).values(removed_at=uow.now)
    )
    uow.session.execute(update(Evidence).where(Evidence.run_id.in_(runs)).values(text="", shown=""))
