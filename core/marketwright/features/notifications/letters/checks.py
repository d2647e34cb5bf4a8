"""Letters about checks: what was decided and why, what ends soon, what has ended."""

from collections.abc import Callable

from sqlalchemy import select

from marketwright.features.contracts.tables import Contract
from marketwright.features.notifications.letters.kit import Letter, Reader, Told, members_with, name_of, people
from marketwright.features.notifications.letters.parties import day_of
from marketwright.features.vetting import assessing
from marketwright.features.vetting import events as v
from marketwright.features.vetting import queries as vetting
from marketwright.features.vetting.checks import APPROVAL, ApprovalCheck, checks_of
from marketwright.features.vetting.following import FOLLOW_JOB
from marketwright.features.vetting.gate import checks_page
from marketwright.features.vetting.queries import Run, Stands
from marketwright.features.vetting.subjects import subject
from marketwright.features.vetting.tables import Assessor
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
    return (say("The reason given: %(reason)s", reason=say(verdict.reason)),) if verdict.reason else ()


def _decided(told: Told) -> list[Letter]:
    verdict = vetting.verdict(told.session, told.event.subject)
    if verdict is None:
        return []
    if verdict.result == "passed" and _unasked(told, verdict):
        return []
    if verdict.result == "passed":
        until = (say("It holds until %(when)s.", when=verdict.expires),) if verdict.expires else ()
        return _letters(told, verdict, say("A check of yours is done"), *_reason(verdict), *until)
    title = say("A check of yours was refused")
    if verdict.result == "revoked":
        title = say("The outcome of a check was taken back")
    holds = (say("What held before goes on holding."),) if _holds_still(told, verdict) else ()
    again = _again(told, verdict.check, verdict.kind, verdict.owner)
    return _letters(told, verdict, title, *_reason(verdict), *holds, again)


def _holds_still(told: Told, verdict: Stands) -> bool:
    """Whether the same part is proved all the same: a refused attempt takes nothing away."""
    now, standing = told.house.clock.business(), vetting.standing(told.session, verdict.kind, verdict.owner)
    return any(v.check == verdict.check and v.about == verdict.about and v.holds(now) for v in standing)


def _again(told: Told, check: str, kind: str, owner: str) -> Text:
    """When they can try again: an assessed check has days between two attempts."""
    entry = checks_of(told.house.plugins).get(check)
    rule = entry.it.assessment if entry is not None else None
    day = assessing.retry_from(told.session, check=check, kind=kind, owner=owner, assessment=rule) if rule else None
    if day is None or day <= told.house.clock.business():
        return say("You can hand in something new whenever you like. {Contract.other} under way go on.")
    return say("You can try again from %(day)s on. {Contract.other} under way go on.", day=day_of(told, day))


def _unasked(told: Told, verdict: Stands) -> bool:
    """Whether the worker began the check of its own accord."""
    run = vetting.run(told.session, verdict.run) if verdict.run else None
    return run is not None and run.started_by == f"system:{FOLLOW_JOB}"


def _ending(told: Told) -> list[Letter]:
    verdict = vetting.verdict(told.session, told.event.subject)
    if verdict is None or verdict.expires is None or verdict.superseded:
        return []
    if told.event.name == v.EXPIRED:
        return [
            *_letters(told, verdict, say("A check of yours has expired"),
                      say("Some steps may ask for it again. {Contract.other} under way go on.")),
            *_to_their_clients(told, verdict),
        ]  # fmt: skip
    return _letters(
        told, verdict, _soon(int(told.payload("days"))),
        say("It holds until %(when)s.", when=verdict.expires),
        say("Hand in a new one in time: some steps may ask for it. {Contract.other} under way go on."),
    )  # fmt: skip


def _soon(days: int) -> Text:
    if days == 1:
        return say("A check of yours ends within one day", days=days)
    return say("A check of yours ends within %(days)s days", days=days)


def _to_their_clients(told: Told, verdict: Stands) -> list[Letter]:
    """What a {profile} shows as proved is so no longer: word to whoever has a contract under way with this person."""
    if verdict.kind != "freelancer" or not verdict.about or verdict.private:
        return []
    who, c = name_of(told.session, verdict.owner), Contract
    running = select(c.id, c.organisation_id, c.title).where(c.freelancer_id == verdict.owner, c.state == "ACTIVE")
    return [
        Letter(
            reader, say("A proof of %(who)s has expired", who=who),
            (say("It is about: %(what)s.", what=_what(told, verdict, reader.locale)),
             say("“%(title)s” goes on as it was signed. Ask for the new proof where it matters to you.", title=title)),
            say("Open the {contract}"), f"/contracts/{contract}",
        )
        for contract, organisation, title in told.session.execute(running.order_by(c.id))
        for reader in people(told.session, members_with(told.session, organisation, "owner", "buyer"))
    ]  # fmt: skip


def _asked(told: Told) -> list[Letter]:
    kind, owner, check = told.payload("kind"), told.event.subject, told.payload("check")
    if kind == "freelancer":
        readers = people(told.session, [owner])
    else:
        readers = people(told.session, members_with(told.session, owner, "buyer")) if kind == "client" else []
    why = say("The reason given: %(reason)s", reason=told.payload("why"))
    path = checks_page(kind, owner, check)
    return [Letter(r, say("A document is asked of you"), (why,), say("Hand it in"), path) for r in readers]


def _assessor(told: Told) -> list[Letter]:
    row = told.session.get(Assessor, told.event.subject)
    token = assessing.link_token(told.session, told.event.subject, told.marketplace.secret_key)
    if row is None or not token:
        return []
    reader = Reader(row.email, row.locale, name=row.name)
    return [Letter(
        reader, say("%(site)s asks you to mark one task", site=told.marketplace.name),
        (say("You need no account. You read whose work it is, state that you have no interest in the outcome, and mark "
             "by the rubric."),
         say("The link is yours alone. It ends on %(when)s, and once the marks are in.", when=row.expires_at)),
        say("Open the task"), f"/assess/{token}", notice=False,
    )]  # fmt: skip


def _proposed(told: Told) -> list[Letter]:
    return _to_candidate(
        told, say("A time is proposed for the defence of your task"),
        lambda _run: say("Look at it and confirm it, or answer us."), say("Look at the time"),
    )  # fmt: skip


def _missed(told: Told) -> list[Letter]:
    return _to_candidate(
        told, say("Your attempt at a task is over: no time for its defence was confirmed"),
        lambda run: _again(told, run.check, run.kind, run.owner), say("Look at my checks"),
    )  # fmt: skip


def _to_candidate(told: Told, title: Text, text: Callable[[Run], Text], action: Text) -> list[Letter]:
    run = vetting.run(told.session, told.event.subject)
    if run is None or run.kind != "freelancer":
        return []
    path = checks_page(run.kind, run.owner, run.check)
    return [Letter(reader, title, (text(run),), action, path) for reader in people(told.session, [run.owner])]


WRITERS = {
    v.ASSESSOR_ASKED: _assessor, v.DEFENCE_SET: _proposed, v.DEFENCE_MISSED: _missed, v.ASKED: _asked,
    v.DECIDED: _decided, v.REVOKED: _decided, v.ENDING: _ending,
    v.EXPIRED: _ending,
}  # fmt: skip
