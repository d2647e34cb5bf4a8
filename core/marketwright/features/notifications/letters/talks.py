"""Letters about conversations and proposals."""

from sqlalchemy import select

from marketwright.features.messaging import events as m
from marketwright.features.messaging.tables import Thread
from marketwright.features.missions.tables import Mission
from marketwright.features.notifications.letters.kit import Letter, Told, members_with, people, person
from marketwright.features.proposals import events as p
from marketwright.features.proposals.tables import Proposal
from marketwright.kernel.text import Text, say


def _thread(told: Told) -> tuple[Thread, str] | None:
    row = told.session.execute(
        select(Thread, Mission.title)
        .join(Mission, Mission.id == Thread.mission_id)
        .where(Thread.id == told.event.subject)
    ).first()
    return (row[0], row[1]) if row else None


def _others(told: Told, thread: Thread) -> list[str]:
    """Everybody of both sides but the writer."""
    return [thread.freelancer_id, *members_with(told.session, thread.organisation_id, "buyer", "approver")]


def _name(told: Told) -> str:
    reader = person(told.session, told.actor_account)
    return reader.name if reader else told.marketplace.name


def _posted(told: Told) -> list[Letter]:
    found = _thread(told)
    if found is None:
        return []
    thread, title = found
    if told.event.name == m.THREAD_OPENED and told.event.payload.get("kind") == "application":
        return []  # told as an application, once
    subject = {
        m.THREAD_OPENED: say("%(who)s began a conversation about “%(title)s”", who=_name(told), title=title),
        m.APPLIED: say("%(who)s applied to “%(title)s”", who=_name(told), title=title),
        m.MESSAGE_POSTED: say("%(who)s wrote about “%(title)s”", who=_name(told), title=title),
        m.THREAD_DECLINED: say("%(who)s ended the conversation about “%(title)s”", who=_name(told), title=title),
    }[told.event.name]
    text = say("Read it and answer on the site; files and history are there.")
    paragraphs: tuple[Text, ...] = (text,)
    if told.event.name == m.THREAD_DECLINED and thread.decline_reason:
        paragraphs = (say("The reason given: %(reason)s", reason=thread.decline_reason),)
    readers = people(told.session, _others(told, thread), but=told.actor_account)
    return [
        Letter(r, subject, paragraphs, say("Open the conversation"), f"/threads/{thread.id}", notice=False)
        for r in readers
    ]


def _proposal(told: Told) -> list[Letter]:
    row = told.session.execute(
        select(Proposal, Mission.title)
        .join(Mission, Mission.id == Proposal.mission_id)
        .where(Proposal.id == told.event.subject)
    ).first()
    if row is None:
        return []
    proposal, title = row
    who = _name(told)
    subject, text = {
        p.PROPOSED: (say("%(who)s sent {proposal.a} for “%(title)s”", who=who, title=title),
                     say("It names each line, what you would pay and what the other side would receive.")),
        p.COUNTERED: (say("%(who)s made a counter-offer for “%(title)s”", who=who, title=title),
                      say("What changed stands beside the earlier rounds.")),
        p.ACCEPTED: (say("%(who)s accepted the {proposal} for “%(title)s”", who=who, title=title),
                     say("The {contract} is drawn up from it. Read it and sign.")),
        p.DECLINED: (say("%(who)s declined the {proposal} for “%(title)s”", who=who, title=title),
                     say("The reason given: %(reason)s", reason=proposal.reason or "–")),
        p.WITHDRAWN: (say("%(who)s withdrew the {proposal} for “%(title)s”", who=who, title=title),
                      say("Nothing more is to do.")),
        p.EXPIRED: (say("The {proposal} for “%(title)s” has expired", title=title),
                    say("Nobody answered in time. A new {proposal} can be made.")),
        p.APPROVAL_ASKED: (say("%(who)s asks you to accept the {proposal} for “%(title)s”", who=who, title=title),
                           say("Its amount is above their limit. You may accept or decline it.")),
    }[told.event.name]  # fmt: skip
    if told.event.name == p.APPROVAL_ASKED and told.actor_account == proposal.freelancer_id:
        subject = say("%(who)s accepted your side's offer for “%(title)s”", who=who, title=title)
        text = say("Its amount is above the limit of your colleague who made it. You may accept or decline it.")
    client = members_with(told.session, proposal.organisation_id, "buyer", "approver")
    ids = client if told.event.name == p.APPROVAL_ASKED else [proposal.freelancer_id, *client]
    path = f"/contracts/{proposal.contract_id}" if told.event.name == p.ACCEPTED and proposal.contract_id else ""
    return [
        Letter(r, subject, (text,), say("Open the {contract}") if path else say("Open the {proposal}"),
               path or f"/proposals/{proposal.id}")
        for r in people(told.session, ids, but=told.actor_account)
    ]  # fmt: skip


WRITERS = {
    m.THREAD_OPENED: _posted, m.APPLIED: _posted, m.MESSAGE_POSTED: _posted, m.THREAD_DECLINED: _posted,
    p.PROPOSED: _proposal, p.COUNTERED: _proposal, p.ACCEPTED: _proposal, p.DECLINED: _proposal,
    p.WITHDRAWN: _proposal, p.EXPIRED: _proposal, p.APPROVAL_ASKED: _proposal,
}  # fmt: skip
