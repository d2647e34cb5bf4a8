"""Forgetting what was handed in; verdicts stay, and say what was compared with what."""

from collections.abc import Sequence

from sqlalchemy import Select, literal, or_, select, update
from sqlalchemy.orm import Session

from marketwright.features.files.tables import StoredFile
from marketwright.features.vetting.tables import CheckRun, Evidence, TaskRow
from marketwright.store.unit import UnitOfWork

_OPEN = ("begun", "outside", "staff")


def withdraw_all(uow: UnitOfWork, *, freelancer: str) -> None:
    """End every check of ``freelancer`` that still runs, and take their name off every one that they began."""
    mine = (CheckRun.subject_kind == "freelancer") & (CheckRun.subject_id == freelancer)
    uow.session.execute(
        update(CheckRun)
        .where(mine, CheckRun.state.in_(_OPEN))
        .values(state="withdrawn", ended_at=uow.now, note="", version=CheckRun.version + 1)
    )
    uow.session.execute(
        update(CheckRun).where(or_(mine, CheckRun.started_by == f"person:{freelancer}")).values(started_name="")
    )


def withdraw_about(uow: UnitOfWork, *, freelancer: str, claims: Sequence[str]) -> None:
    """End what runs about ``claims`` of ``freelancer``, which are no more, and empty what was handed in for it."""
    runs = uow.session.execute(
        select(CheckRun.id, CheckRun.check_name).where(
            CheckRun.subject_kind == "freelancer", CheckRun.subject_id == freelancer, CheckRun.about.in_(claims),
            CheckRun.state.in_(_OPEN),
        )
    ).all()  # fmt: skip
    for run, check in runs:
        uow.session.execute(
            update(CheckRun)
            .where(CheckRun.id == run)
            .values(state="withdrawn", ended_at=uow.now, note="", version=CheckRun.version + 1)
        )
        forget_run(uow, run=run)
        uow.audit("check.withdrawn", run, check=check)


def forget(uow: UnitOfWork, *, freelancer: str) -> None:
    """Empty what was handed in about ``freelancer``, files too, and what checks noted of it while they waited."""
    runs = select(CheckRun.id).where(CheckRun.subject_kind == "freelancer", CheckRun.subject_id == freelancer)
    _empty(uow, runs)
    uow.session.execute(update(CheckRun).where(CheckRun.id.in_(runs)).values(note=""))


def forget_run(uow: UnitOfWork, *, run: str) -> None:
    """Empty what was handed in for one run, files too."""
    _empty(uow, select(CheckRun.id).where(CheckRun.id == run))


def left_behind(session: Session, *, but: Select[str], most: int) -> list[str]:
    """Up to ``most`` runs that were taken back and keep something still, of subjects other than ``but``.

    Older versions left it there. The work of a task whose defence was missed was handed in for good: it is none of it.
    """
    there = select(StoredFile.id).where(StoredFile.removed_at.is_(None))
    full = select(Evidence.run_id).where(
        or_(Evidence.text != "", Evidence.shown != "", Evidence.file_id.in_(there))
    )  # fmt: skip
    query = select(CheckRun.id).where(
        CheckRun.state == "withdrawn", CheckRun.id.not_in(select(TaskRow.run_id)), CheckRun.subject_id.not_in(but),
        or_(CheckRun.note != "", CheckRun.id.in_(full)),
    )  # fmt: skip
    return list(session.scalars(query.order_by(CheckRun.id).limit(most)))


def empty_left_behind(uow: UnitOfWork, *, runs: Sequence[str]) -> None:
    """Empty the notes of ``runs`` and what was handed in for them, files too."""
    for run in runs:
        forget_run(uow, run=run)
    uow.session.execute(update(CheckRun).where(CheckRun.id.in_(runs)).values(note=""))


def unname(uow: UnitOfWork, *, erased: Select[str], finished: Select[str]) -> None:
    """Take the names of ``erased`` people off runs where they still stand, and notes about those of ``finished``."""
    of_freelancers = CheckRun.subject_kind == "freelancer"
    began = or_(
        CheckRun.started_by.in_(select(literal("person:") + erased.subquery().c[0])),
        of_freelancers & CheckRun.subject_id.in_(erased),
    )
    named, noted = CheckRun.started_name != "", CheckRun.note != ""
    uow.session.execute(update(CheckRun).where(named, began).values(started_name=""))
    uow.session.execute(
        update(CheckRun).where(noted, of_freelancers, CheckRun.subject_id.in_(finished)).values(note="")
    )


def _empty(uow: UnitOfWork, runs: Select[str]) -> None:
    files = select(Evidence.file_id).where(Evidence.run_id.in_(runs), Evidence.file_id.is_not(None))
    uow.session.execute(
        update(StoredFile).where(StoredFile.id.in_(files), StoredFile.removed_at.is_(None)).values(removed_at=uow.now)
    )
    uow.session.execute(update(Evidence).where(Evidence.run_id.in_(runs)).values(text="", shown=""))
