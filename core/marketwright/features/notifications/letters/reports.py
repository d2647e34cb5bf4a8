"""Letters about reports: the receipt, the decision, and the statement of reasons to whose content was restricted."""

from marketwright.features.notices import events, queries
from marketwright.features.notices.queries import NoticeRow
from marketwright.features.notices.things import thing
from marketwright.features.notices.words import CATEGORIES, EFFECTS, GROUNDS, KINDS, RESTRICTED
from marketwright.features.notifications.letters.kit import Letter, Reader, Told, person
from marketwright.kernel.text import Text, say

MINE = "/me/reports"
OBJECT = say("You may object to this in writing, free of charge: answer this mail, and a person of our staff reads it.")


def _to_reporter(told: Told, row: NoticeRow, subject: Text, *paragraphs: Text) -> list[Letter]:
    """To an account, wherever its address is by now, or to the address of a visitor; never with words of theirs."""
    if not row.account:
        return [Letter(Reader(row.email, row.locale), subject, paragraphs, notice=False)]
    reader = person(told.session, row.account)
    return [Letter(reader, subject, paragraphs, say("My reports"), MINE)] if reader else []


def _filed(told: Told) -> list[Letter]:
    row = queries.notice(told.session, told.event.subject)
    if row is None:
        return []
    return _to_reporter(
        told, row, say("Your report has arrived: %(number)s", number=row.id),
        say("A person of our staff reads your report and decides; no machine does. You are told what was decided, and "
            "why. Its number is %(number)s.", number=row.id),
        say("If you reported nothing here, do nothing: somebody typed your address."),
    )  # fmt: skip


def _decided(told: Told) -> list[Letter]:
    row = queries.notice(told.session, told.event.subject)
    if row is None or not row.decision:
        return []
    came = say("A person of our staff has looked at it: it was restricted.") if row.decision == RESTRICTED else \
        say("A person of our staff has looked at it: nothing is wrong with it.")
    return _to_reporter(told, row, say("Your report was decided: %(number)s", number=row.id), came,
                        say("The reason given: %(reason)s", reason=row.reason), OBJECT)  # fmt: skip


def _restricted(told: Told) -> list[Letter]:
    row = queries.statement(told.session, told.event.subject)
    reader = person(told.session, row.account, suspended=True) if row else None
    if row is None or reader is None:
        return []
    found, what = thing(told.session, row.kind, row.thing), say(KINDS[row.kind])
    which = say("%(what)s: %(title)s", what=what, title=found.title) if found and found.title else what
    return [Letter(
        reader, say("Something of yours was restricted: %(what)s", what=what),
        (
            which,
            say(EFFECTS[row.kind]),
            say("Because of: %(category)s. Ground: %(ground)s.", category=say(CATEGORIES[row.category]),
                ground=say(GROUNDS[row.ground])),
            say("The reason given: %(reason)s", reason=row.reason),
            say("Somebody reported it, and a person of our staff decided. No machine had a part in it."),
            OBJECT,
        ),
        say("Read the decision"), MINE,
    )]  # fmt: skip


WRITERS = {events.FILED: _filed, events.DECIDED: _decided, events.RESTRICTED: _restricted}
