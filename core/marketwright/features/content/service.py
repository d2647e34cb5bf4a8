"""Writing pages: drafts, and versions with a date of effect. A published version is never changed again."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from hashlib import sha256
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from marketwright.features.accounts.rights import need
from marketwright.features.content import queries
from marketwright.features.content.blocks import faults
from marketwright.features.content.events import PUBLISHED
from marketwright.features.content.reader import LANDING, NAME, TERMS, TextPage
from marketwright.features.content.tables import ContentDraft, ContentVersion
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import say
from marketwright.store.unit import UnitOfWork

NOTICE = timedelta(days=15)  # R10: new terms are told so long before they bind
LONGEST = 200_000
PERMISSION = "content.change"
RESERVED = ("new",)


def keep_draft(uow: UnitOfWork, *, page: str, language: str, title: str, text: str, seen: int) -> None:
    """Keep what is being written. ``seen`` is the draft's version that the form showed, 0 for none."""
    need(uow.actor, PERMISSION)
    check_name(page)
    _refuse_older(uow, page, language, seen)
    if len(text) > LONGEST:
        raise InvalidInput({"text": [say("At most %(n)s characters, this has %(has)s.", n=LONGEST, has=len(text))]})
    row = uow.session.get(ContentDraft, (page, language))
    if row is None:
        row = ContentDraft(page=page, language=language, version=0)
        uow.session.add(row)
    row.title, row.text, row.version = title, text, row.version + 1
    row.updated_at, row.actor_name = uow.now, uow.actor.name
    uow.audit("page.drafted", page, language=language)


def throw_away(uow: UnitOfWork, *, page: str, language: str, seen: int) -> None:
    """Throw a draft away; what is published stays."""
    need(uow.actor, PERMISSION)
    _refuse_older(uow, page, language, seen)
    uow.session.execute(delete(ContentDraft).where(ContentDraft.page == page, ContentDraft.language == language))
    uow.audit("page.draft_discarded", page, language=language)


def first_day(now: datetime, zone: tzinfo) -> date:
    """The first day in ``zone`` whose beginning is late enough for new terms."""
    return (now + NOTICE).astimezone(zone).date() + timedelta(days=1)


def publish(
    uow: UnitOfWork, *, page: str, starts: datetime | None = None, note: str = "", correction: bool = False
) -> int:
    """Publish the drafts of ``page``, in every language that has one, as one numbered version; returns the number.

    ``starts`` is business time, now by default; a refusal names a day of its zone. New terms are published 15 days or
    more before they start, unless they are the first ones or a ``correction`` that changes no meaning: of that nobody
    is told or asked.
    """
    need(uow.actor, PERMISSION)
    found = queries.drafts(uow.session, page)
    if not found:
        raise Conflict("There is no draft of this page.", state="published")
    begins = max(starts or uow.now, uow.now)
    number = queries.newest_number(uow.session, page) + 1
    asks = page == TERMS and not correction
    if asks and number > 1 and begins < uow.now + NOTICE:
        first = first_day(uow.now, begins.tzinfo or UTC)
        raise InvalidInput({"starts": [say("New terms are told 15 days before: the first day is %(day)s.",
                                           day=first.isoformat())]})  # fmt: skip
    for row in found:
        if not row.title.strip() or not row.text.strip():
            raise InvalidInput({"title": [say("The page has a title and a text in each language: look at “%(code)s”.",
                                              code=row.language)]})  # fmt: skip
        _add(uow, page, row.language, number, row.title, row.text, starts=begins, note=note, asks=asks)
    uow.session.execute(delete(ContentDraft).where(ContentDraft.page == page))
    _told(uow, page, number, begins, asks=asks, languages=[r.language for r in found])
    return number


def withdraw(uow: UnitOfWork, *, page: str, language: str, note: str = "") -> None:
    """Give a page back to its file, or take it off where there is none, from now on."""
    need(uow.actor, PERMISSION)
    if page == TERMS:
        raise NotAllowed("Terms are followed by newer terms; they are not taken off.")
    standing = queries.in_force(uow.session, page, (language,), uow.now).get(language)
    if standing is None or standing.withdrawn:
        raise Conflict("The console keeps no version of this page.", state="withdrawn")
    number = queries.newest_number(uow.session, page) + 1
    _add(uow, page, language, number, "", "", starts=uow.now, note=note, withdrawn=True)
    _told(uow, page, number, uow.now, asks=False, languages=[language])


def keep_file(uow: UnitOfWork, *, found: TextPage, language: str) -> int:
    """Keep the text of a file as a version, if it is a new one; returns the number of the newest in this language.

    For texts that bind: what somebody accepted must stay readable. The first binds at once, a later one in 15 days.
    """
    kept = queries.versions(uow.session, found.name, language)
    mark = _mark(found.title, found.text)
    files = [v for v in kept if v.source == "file"]
    if files and _mark(files[0].title, files[0].text) == mark:
        return kept[0].number
    others = queries.newest_number(uow.session, found.name)
    number = max(others, kept[0].number + 1 if kept else 1)
    starts = uow.now + NOTICE if kept else uow.now
    try:
        with uow.session.begin_nested():
            _add(uow, found.name, language, number, found.title, found.text, starts=starts, note="", asks=True,
                 source="file")  # fmt: skip
    except IntegrityError:  # another process kept it in the same moment
        return number
    if kept:
        _told(uow, found.name, number, starts, asks=True, languages=[language])
    return number


def check_name(page: str) -> None:
    """Refuse a name that could be no address."""
    if not NAME.match(page) or len(page) > 60 or page in RESERVED:
        raise InvalidInput({"name": [say("Small letters, digits and dashes alone, like “our-charter”.")]})


def blocks_of(text: str) -> list[dict[str, Any]]:
    """The blocks of a front page that the console keeps."""
    found: list[dict[str, Any]] = json.loads(text)
    return found


def landing_draft(uow: UnitOfWork, *, language: str, blocks: Sequence[Mapping[str, Any]], seen: int) -> None:
    """Keep the blocks of a front page that is being put together; each must be a good one."""
    wrong = faults(blocks)
    if wrong:
        raise InvalidInput({key: [say("%(why)s", why=" ".join(why))] for key, why in wrong.items()})
    title = next(str(b["title"]) for b in blocks if b["type"] == "hero").replace("\n", " ")[:200]
    text = json.dumps(blocks, ensure_ascii=False)
    keep_draft(uow, page=LANDING, language=language, title=title, text=text, seen=seen)


def _refuse_older(uow: UnitOfWork, page: str, language: str, seen: int) -> None:
    row = queries.draft(uow.session, page, language)
    if (row.version if row else 0) != seen:
        raise Conflict("Somebody changed this draft while you were writing. Look at it again.", state="changed")


def _add(uow: UnitOfWork, page: str, language: str, number: int, title: str, text: str, *, starts: datetime,
         note: str, asks: bool = False, withdrawn: bool = False, source: str = "console") -> None:  # fmt: skip
    uow.session.add(
        ContentVersion(
            id=new_id(), page=page, language=language, number=number, title=title, text=text, sha256=_mark(title, text),
            source=source, withdrawn=withdrawn, asks=asks, starts_at=starts, published_at=uow.now,
            actor=uow.actor.label, actor_name=uow.actor.name, note=note,
        )
    )  # fmt: skip
    uow.flush()


def _told(uow: UnitOfWork, page: str, number: int, starts: datetime, *, asks: bool, languages: list[str]) -> None:
    uow.audit("page.published", page, number=number, starts=starts.isoformat(), languages=languages)
    uow.emit(PUBLISHED, page, number=number, starts=starts.isoformat(), asks=asks, languages=languages)


def _mark(title: str, text: str) -> str:
    return sha256(f"{title}\n{text}".encode()).hexdigest()
