"""Filing a notice, and deciding on it: once, by a person of the staff, with a reason that people read."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketwright.features.accounts import organisations
from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.mailboxes import checked_email
from marketwright.features.accounts.rights import need
from marketwright.features.messaging import moderating as messages
from marketwright.features.missions import moderating as missions
from marketwright.features.notices import events
from marketwright.features.notices.queries import open_of, was_restricted
from marketwright.features.notices.tables import ContentNotice, ContentStatement
from marketwright.features.notices.things import Thing, thing, visible
from marketwright.features.notices.words import CATEGORIES, DECISIONS, GROUNDS, RESTRICTED
from marketwright.features.profiles import service as profiles
from marketwright.features.reviews import service as reviews
from marketwright.features.services import moderating as services
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_id
from marketwright.kernel.text import N_, say
from marketwright.store.unit import UnitOfWork
from marketwright.web.viewer import Viewer

PERMISSION = "notices.decide"
LONGEST, LONGEST_REASON, LONGEST_NAME = 4000, 1000, 120
TWICE = N_("You have reported this already. Your first report is being looked at.")


@dataclass(frozen=True, slots=True)
class Words:
    """What a reporter says; ``name``, ``email`` and ``good_faith`` are a visitor's alone."""

    category: str
    explanation: str
    name: str = ""
    email: str = ""
    good_faith: bool = False


def file(uow: UnitOfWork, *, viewer: Viewer | None, kind: str, about: str, words: Words, locale: str) -> str:
    """Report the thing ``about`` as ``viewer`` sees it; returns the notice's id.

    ``NotFound`` for what the viewer does not see; ``Conflict`` while their first notice about it waits.
    """
    found = visible(uow.session, uow.ports, viewer, kind, about, uow.now)
    email = _checked(words, visitor=viewer is None)
    account = viewer.account if viewer else ""
    if open_of(uow.session, kind, found.id, account=account, email=email):
        raise Conflict(TWICE, state="open")
    row = ContentNotice(
        id=new_id(), kind=kind, thing=found.id, about=found.author, account_id=account or None,
        name="" if viewer else words.name.strip(), email=email, locale=locale, category=words.category,
        explanation=words.explanation.strip(), seen=_seen(found), at=uow.now, decision="", reason="",
        decided_by=None, decided_at=None,
    )  # fmt: skip
    uow.session.add(row)
    try:
        uow.flush()
    except IntegrityError:
        raise Conflict(TWICE, state="open") from None
    uow.emit(events.FILED, row.id)
    uow.audit("notice.filed", row.id, kind=kind, thing=found.id, category=words.category)
    return row.id


def _seen(found: Thing) -> str:
    return f"{found.title}\n\n{found.text}" if found.kind not in ("review", "message") else ""


def _checked(words: Words, *, visitor: bool) -> str:
    """The visitor's address in its one form, '' for who is signed in; raises ``InvalidInput``."""
    wrong: dict[str, list[str]] = {}
    if words.category not in CATEGORIES:
        wrong["category"] = [say("Please choose one of the list.")]
    said = words.explanation.strip()
    if not said:
        wrong["explanation"] = [say("Please say what is wrong.")]
    elif len(said) > LONGEST:
        wrong["explanation"] = [say("At most %(n)s characters, this has %(has)s.", n=LONGEST, has=len(said))]
    email = ""
    if visitor:
        try:
            email = checked_email(words.email)
        except InvalidInput as error:
            wrong |= {key: list(said) for key, said in error.errors.items()}
        if len(words.name.strip()) > LONGEST_NAME:
            wrong["name"] = [say("At most %(n)s characters.", n=LONGEST_NAME)]
        if not words.good_faith:
            wrong["good_faith"] = [say("Please confirm this: the law asks for it.")]
    if wrong:
        raise InvalidInput(wrong)
    return email


def decide(uow: UnitOfWork, *, notice: str, decision: str, reason: str, ground: str = "terms") -> None:
    """Decide on a notice, as a person with ``notices.decide``; ``restricted`` does it at once (see ``words.EFFECTS``).

    ``reason`` goes to who reported, and with ``ground`` (``law``, ``terms``) to whose content it is. ``Conflict`` for
    a second decision, and where the thing cannot be restricted here.
    """
    need(uow.actor, PERMISSION)
    if not uow.actor.is_person:
        raise NotAllowed("A person decides on what people report, never a machine.")
    row = uow.session.get(ContentNotice, notice, with_for_update=True)
    if row is None:
        raise NotFound("There is no such notice.")
    if row.decided_at is not None:
        raise Conflict("This notice was decided already.", state=row.decision)
    _check_decision(decision, reason, ground)
    found = thing(uow.session, row.kind, row.thing)
    need_stranger(uow.session, uow.actor.id, about=row.about, found=found, reporter=row.account_id or "")
    row.decision, row.reason, row.decided_by, row.decided_at = decision, reason.strip(), uow.actor.id, uow.now
    uow.flush()
    uow.audit("notice.decided", row.id, decision=decision, kind=row.kind, thing=row.thing, reason=row.reason)
    uow.emit(events.DECIDED, row.id)
    if decision == RESTRICTED:
        _restrict(uow, row, found, ground)


def _check_decision(decision: str, reason: str, ground: str) -> None:
    wrong: dict[str, list[str]] = {}
    if decision not in DECISIONS:
        wrong["decision"] = [say("Please choose one of the list.")]
    if not reason.strip():
        wrong["reason"] = [say("Please give a reason: people read it.")]
    elif len(reason.strip()) > LONGEST_REASON:
        wrong["reason"] = [say("At most %(n)s characters.", n=LONGEST_REASON)]
    if ground not in GROUNDS:
        wrong["ground"] = [say("Please choose one of the list.")]
    if wrong:
        raise InvalidInput(wrong)


def need_stranger(session: Session, account: str, *, about: str, found: Thing | None, reporter: str = "") -> None:
    """``NotAllowed`` for an account of the staff whose own content it is, or beside it, or who is the ``reporter``."""
    concerned = {about, reporter, *(found.owners if found else ())} - {""}
    if any(accounts.is_theirs(session, account, one) for one in concerned):
        raise NotAllowed("Nobody decides about themselves. Ask a colleague.")


def beyond_reach(session: Session, found: Thing) -> bool:
    """Whether restricting ``found`` would change nothing, though others see it: staff is shown where to go instead."""
    return found.stays and not (found.kind == "profile" and was_restricted(session, found.kind, found.id))


def _restrict(uow: UnitOfWork, row: ContentNotice, found: Thing | None, ground: str) -> None:
    """Restrict the thing, and write the statement of reasons. What others no longer see is left as it is."""
    if found is not None and beyond_reach(uow.session, found):
        raise Conflict("It cannot be restricted here: the page of the report says where.", state="stays")
    if found is None or not found.shown:
        return
    if row.kind == "profile":
        profiles.hide(uow, profile=row.thing)
    elif row.kind == "mission":
        missions.take_off(uow, mission=row.thing, reason=row.reason)
    elif row.kind == "service":
        services.take_off(uow, service=row.thing)
    elif row.kind == "client":
        organisations.take_off_about(uow, organisation=row.thing)
    elif row.kind == "review":
        reviews.hide(uow, review=row.thing, reason=row.reason)
    else:
        messages.hide(uow, message=row.thing, category=row.category)
    told = ContentStatement(
        id=new_id(), notice_id=row.id, account_id=row.about, kind=row.kind, thing=row.thing, category=row.category,
        ground=ground, reason=row.reason, by=uow.actor.id, at=uow.now,
    )  # fmt: skip
    uow.session.add(told)
    uow.flush()
    uow.emit(events.RESTRICTED, told.id)
