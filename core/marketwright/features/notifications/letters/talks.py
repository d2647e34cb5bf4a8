"""Letters about conversations and proposals."""

from marketwright.features.messaging import events as m
from marketwright.features.messaging.queries import ThreadRow
from marketwright.features.messaging.queries import thread as find_thread
from marketwright.features.notifications.letters.kit import Letter, Reader, Told, members_with, name_of, people
from marketwright.features.proposals import events as p
from marketwright.features.proposals.tables import Proposal
from marketwright.kernel.text import Text, say
from marketwright.web.i18n import speaking
from marketwright.web.names import capital


def _others(told: Told, thread: ThreadRow) -> list[str]:
    """Everybody of both sides but the writer."""
    return [thread.freelancer, *members_with(told.session, thread.organisation, "buyer", "approver")]


def _name(told: Told, thread: ThreadRow, reader: Reader) -> str:
    """Who did it, as ``reader`` knows them: a client that is not named yet stays so towards the freelancer."""
    actor = told.actor_account
    if actor and actor != thread.freelancer and reader.account == thread.freelancer and thread.hides_client:
        with speaking(reader.locale, told.house.catalogues):
            return capital(thread.client(reader.locale))
    return name_of(told.session, actor) or told.marketplace.name


def _posted(told: Told) -> list[Letter]:
    thread = find_thread(told.session, told.event.subject)
    if thread is None:
        return []
    if told.event.name == m.THREAD_OPENED and told.event.payload.get("kind") == "application":
        return []  # told as an application, once
    paragraphs: tuple[Text, ...] = (say("Read it and answer on the site; files and history are there."),)
    if told.event.name == m.THREAD_DECLINED and thread.decline_reason:
        paragraphs = (say("The reason given: %(reason)s", reason=thread.decline_reason),)
    readers = people(told.session, _others(told, thread), but=told.actor_account)
    return [
        Letter(r, _subject(told.event.name, _name(told, thread, r), thread.mission_title), paragraphs,
               say("Open the conversation"), f"/threads/{thread.id}", notice=False)
        for r in readers
    ]  # fmt: skip


def _subject(event: str, who: str, title: str) -> Text:
    return {
        m.THREAD_OPENED: say("%(who)s began a conversation about “%(title)s”", who=who, title=title),
        m.APPLIED: say("%(who)s applied to “%(title)s”", who=who, title=title),
        m.MESSAGE_POSTED: say("%(who)s wrote about “%(title)s”", who=who, title=title),
        m.THREAD_DECLINED: say("%(who)s ended the conversation about “%(title)s”", who=who, title=title),
    }[event]


def _proposal(told: Told) -> list[Letter]:
    row = told.session.get(Proposal, told.event.subject)
    thread = find_thread(told.session, row.thread_id) if row is not None else None
    if row is None or thread is None:
        return []
    client = members_with(told.session, row.organisation_id, "buyer", "approver")
    ids = [row.freelancer_id, *client]
    if told.event.name == p.APPROVAL_ASKED:  # those alone who may accept the amount, and are members still
        ids = [one for one in client if one in (told.event.payload.get("approvers") or ())]
    path = f"/contracts/{row.contract_id}" if told.event.name == p.ACCEPTED and row.contract_id else ""
    action = say("Open the {contract}") if path else say("Open the {proposal}")
    found = []
    for reader in people(told.session, ids, but=told.actor_account):
        subject, text = _of_proposal(told, row, thread, reader)
        found.append(Letter(reader, subject, (text,), action, path or f"/proposals/{row.id}"))
    return found


def _of_proposal(told: Told, proposal: Proposal, thread: ThreadRow, reader: Reader) -> tuple[Text, Text]:
    who, title = _name(told, thread, reader), thread.mission_title
    if told.event.name == p.APPROVAL_ASKED and told.actor_account == proposal.freelancer_id:
        return (
            say("%(who)s accepted your side's offer for “%(title)s”", who=who, title=title),
            say("Its amount is above the limit of your colleague who made it. You may accept or decline it."),
        )
    return {
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


WRITERS = {
    m.THREAD_OPENED: _posted, m.APPLIED: _posted, m.MESSAGE_POSTED: _posted, m.THREAD_DECLINED: _posted,
    p.PROPOSED: _proposal, p.COUNTERED: _proposal, p.ACCEPTED: _proposal, p.DECLINED: _proposal,
    p.WITHDRAWN: _proposal, p.EXPIRED: _proposal, p.APPROVAL_ASKED: _proposal,
}  # fmt: skip
