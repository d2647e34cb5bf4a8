"""The chain of verdicts on one part of a subject: each is written behind the one before, and none is changed."""

from sqlalchemy import exists, insert, literal, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from marketwright.features.vetting import queries
from marketwright.features.vetting.tables import ExpiryMark, VerdictRow
from marketwright.kernel.errors import Conflict
from marketwright.kernel.ids import new_id
from marketwright.store.unit import UnitOfWork


def append(uow: UnitOfWork, **values: object) -> str:
    """Write a verdict behind the last on the same part; returns its id. ``Conflict`` where somebody was faster."""
    v = VerdictRow
    same = [getattr(v, name) == values[name] for name in ("check_name", "subject_kind", "subject_id", "about")]
    later = aliased(VerdictRow)
    before = uow.session.scalar(select(v.id).where(*same, ~exists().where(later.supersedes == v.id)).with_for_update())
    id_ = new_id()
    try:
        with uow.session.begin_nested():
            uow.session.execute(insert(v).values({"id": id_, "at": uow.now, "supersedes": before} | values))
    except IntegrityError as error:
        if "supersedes" not in str(error.orig) and "first" not in str(error.orig):
            raise
        raise Conflict("Somebody else decided at the same moment. Look at it again.") from None
    return id_


def holding(uow: UnitOfWork, check: str, kind: str, owner: str, about: str) -> queries.Stands | None:
    """What holds now on one part, if something does."""
    standing = queries.standing(uow.session, kind, owner)
    return next((v for v in standing if v.check == check and v.about == about and v.holds(uow.now)), None)


def say_again(uow: UnitOfWork, held: queries.Stands) -> None:
    """Append what ``held`` says once more, of its own day, and with whom was told of its end."""
    again = append(
        uow, run_id=held.run, check_name=held.check, subject_kind=held.kind, subject_id=held.owner, about=held.about,
        result=held.result, compared=held.compared, source=held.source, reason=held.reason, document=held.document,
        expires=held.expires, by=held.by, by_name=held.by_name, private=held.private, at=held.at,
    )  # fmt: skip
    marks = select(literal(again), ExpiryMark.days, ExpiryMark.at).where(ExpiryMark.verdict_id == held.id)
    uow.session.execute(insert(ExpiryMark).from_select(["verdict_id", "days", "at"], marks))
