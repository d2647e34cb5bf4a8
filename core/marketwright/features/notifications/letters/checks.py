"""Letters about checks: what was decided and why, what ends soon, what has ended."""

from marketwright.features.notifications.letters.kit import Letter, Reader, Told, members_with, people
from marketwright.features.vetting import events as v
from marketwright.features.vetting import queries as vetting
from marketwright.features.vetting.checks import APPROVAL, ApprovalCheck
from marketwright.features.vetting.gate import checks_page
from marketwright.features.vetting.queries import Stands
from marketwright.features.vetting.subjects import subject
from marketwright.kernel.text import Text, say


def _readers(told: Told, verdict: Stands) -> list[Reader]:
    if verdict.kind == "freelancer":
        return people(told.session, [verdict.owner])
    if verdict.kind == "client":
        return people(told.session, members_with(told.session, verdict.owner, "buyer"))
    return []  # a mission's author hears from the mission


def _letters(told: Told, verdict: Stands, title: Text, *paragraphs: Text) -> list[Letter]:
    path, found = checks_page(verdict.kind, verdict.owner, verdict.check), []
    for reader in _readers(told, verdict):
        about = say("It is about: %(what)s.", what=_what(told, verdict, reader.locale))
        found.append(Letter(reader, title, (about, *paragraphs), say("Look at my checks"), path))
    return found


def _what(told: Told, verdict: Stands, locale: str) -> Text:
    if verdict.check == APPROVAL:
        return say(ApprovalCheck.label)
    claims = {c.id: c.label for c in subject(told.session, verdict.kind, verdict.owner, locale).claims}
    return Text(claims.get(verdict.about) or verdict.compared, {})


def _reason(verdict: Stands) -> tuple[Text, ...]:
    return (say("The reason given: %(reason)s", reason=verdict.reason),) if verdict.reason else ()


def _decided(told: Told) -> list[Letter]:
    verdict = vetting.verdict(told.session, told.event.subject)
    if verdict is None:
        return []
    if verdict.result == "passed":
        until = (say("It holds until %(when)s.", when=verdict.expires),) if verdict.expires else ()
        return _letters(told, verdict, say("A check of yours is done"), *_reason(verdict), *until)
    title = say("A check of yours was refused")
    if verdict.result == "revoked":
        title = say("The outcome of a check was taken back")
    return _letters(told, verdict, title, *_reason(verdict),
                    say("You can hand in something new whenever you like. "
                        "{Contract.other} under way go on."))  # fmt: skip


def _ending(told: Told) -> list[Letter]:
    verdict = vetting.verdict(told.session, told.event.subject)
    if verdict is None or verdict.expires is None or verdict.superseded:
        return []
    if told.event.name == v.EXPIRED:
        return _letters(told, verdict, say("A check of yours has expired"),
                        say("Some steps may ask for it again. {Contract.other} under way go on."))  # fmt: skip
    return _letters(
        told, verdict, say("A check of yours ends within %(days)s days", days=told.payload("days")),
        say("It holds until %(when)s.", when=verdict.expires),
        say("Hand in a new one in time: some steps may ask for it. {Contract.other} under way go on."),
    )  # fmt: skip


def _asked(told: Told) -> list[Letter]:
    kind, owner, check = told.payload("kind"), told.event.subject, told.payload("check")
    if kind == "freelancer":
        readers = people(told.session, [owner])
    else:
        readers = people(told.session, members_with(told.session, owner, "buyer")) if kind == "client" else []
    why = say("The reason given: %(reason)s", reason=told.payload("why"))
    path = checks_page(kind, owner, check)
    return [Letter(r, say("A document is asked of you"), (why,), say("Hand it in"), path) for r in readers]


WRITERS = {v.ASKED: _asked, v.DECIDED: _decided, v.REVOKED: _decided, v.ENDING: _ending, v.EXPIRED: _ending}
