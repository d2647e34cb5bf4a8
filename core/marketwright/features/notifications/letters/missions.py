"""Letters about missions: what changed, that it ended and why, that staff sent it back."""

from sqlalchemy import select

from marketwright.features.accounts import queries as accounts
from marketwright.features.contracts.tables import Contract
from marketwright.features.messaging.tables import Thread
from marketwright.features.missions import events as m
from marketwright.features.missions.tables import Mission
from marketwright.features.notifications.letters.kit import Letter, Told, members_with, people
from marketwright.features.questionnaires import events as q
from marketwright.kernel.text import Text, say


def _mission(told: Told) -> Mission | None:
    return told.session.get(Mission, told.event.subject)


def _applicants(told: Told, mission: Mission, *, but_hired: bool = False) -> list[str]:
    """Everybody in a conversation about the mission that has not been declined; without those who got a contract."""
    ids = list(told.session.scalars(
        select(Thread.freelancer_id).where(Thread.mission_id == mission.id, Thread.state == "open")
    ))  # fmt: skip
    if not but_hired:
        return ids
    hired = set(told.session.scalars(select(Contract.freelancer_id).where(Contract.mission_id == mission.id)))
    return [i for i in ids if i not in hired]


def _to_applicants(told: Told) -> list[Letter]:
    mission = _mission(told)
    if mission is None:
        return []
    title = mission.title
    subject, text = {
        m.CHANGED: (say("The {mission} “%(title)s” has changed", title=title),
                    say("Read it again; your conversation stays open.")),
        m.PAUSED: (say("The {mission} “%(title)s” is paused", title=title),
                   say("It takes no new applicants for now; your conversation goes on.")),
        m.FILLED: (say("The {mission} “%(title)s” has found somebody", title=title),
                   say("The {client} chose another person this time. Thank you for applying.")),
        m.CLOSED: (say("The {mission} “%(title)s” has ended", title=title),
                   say("The reason given: %(reason)s", reason=mission.close_reason or "–")),
    }[told.event.name]  # fmt: skip
    ids = _applicants(told, mission, but_hired=told.event.name in (m.FILLED, m.CLOSED))
    return _letters(told, ids, mission, subject, text)


def _letters(told: Told, ids: list[str], mission: Mission, subject: Text, text: Text) -> list[Letter]:
    path = f"/missions/{mission.id}"
    return [
        Letter(reader, subject, (text,), say("Open the {mission}"), path)
        for reader in people(told.session, ids, but=told.actor_account)
    ]


def _running(told: Told, mission: Mission) -> list[str]:
    """Who wrote the mission while they are a member, and the owners and buyers."""
    author = accounts.member(told.session, mission.organisation_id, mission.created_by)
    buyers = members_with(told.session, mission.organisation_id, "buyer")
    return buyers if author is None or author.document else [author.account, *buyers]


def _refused(told: Told) -> list[Letter]:
    mission = _mission(told)
    if mission is None:
        return []
    subject = say("Your {mission} “%(title)s” was sent back", title=mission.title)
    text = say("A member of our staff asks you to change it first: %(reason)s", reason=mission.refusal or "–")
    return _letters(told, _running(told, mission), mission, subject, text)


def _published(told: Told) -> list[Letter]:
    mission = _mission(told)
    if mission is None or not told.actor_account:
        return []
    if accounts.member(told.session, mission.organisation_id, told.actor_account) is not None:
        return []  # they published it themselves: nobody of the staff decides about their own organisation's
    subject = say("Your {mission} “%(title)s” is published", title=mission.title)
    text = say("A member of our staff has read and approved it.")
    return _letters(told, _running(told, mission), mission, subject, text)


def _invited(told: Told) -> list[Letter]:
    mission = _mission(told)
    if mission is None:
        return []
    subject = say("You are invited to the {mission} “%(title)s”", title=mission.title)
    text = say("The {client} asked for you by name. Read the brief, then apply or ask.")
    return _letters(told, [told.payload("freelancer")], mission, subject, text)


def _concluded(told: Told) -> list[Letter]:
    """A questionnaire came to something else: the client's people hear, and whoever talks or signed about it."""
    mission = _mission(told)
    if mission is None or not told.payload("before"):
        return []
    running = told.session.scalars(
        select(Contract.freelancer_id).where(Contract.mission_id == mission.id, Contract.state != "ENDED")
    )
    ids = [*members_with(told.session, mission.organisation_id, "buyer"), *running, *_applicants(told, mission)]
    subject = say("The answers about “%(title)s” come to something else now", title=mission.title)
    lines = (
        say(told.payload("headline")),
        say("A {contract} that runs may ask for more because of it; its page says what."),
    )
    path = f"/missions/{mission.id}/questionnaires/{told.payload('questionnaire')}"
    return [
        Letter(reader, subject, lines, say("Read why"), path)
        for reader in people(told.session, list(dict.fromkeys(ids)), but=told.actor_account)
    ]


WRITERS = {
    **dict.fromkeys((m.CHANGED, m.PAUSED, m.FILLED, m.CLOSED), _to_applicants),
    m.REFUSED: _refused, m.PUBLISHED: _published, m.INVITED: _invited,
    q.CONCLUDED: _concluded,
}  # fmt: skip
