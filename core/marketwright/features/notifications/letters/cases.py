"""Letters about cases: both sides are told whenever staff may read what is sealed, and staff that they are named."""

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.permissions import permissions_of
from marketwright.features.cases import events
from marketwright.features.notifications.letters.kit import Letter, Told, people
from marketwright.features.notifications.letters.parties import client_of, deal_of
from marketwright.kernel.text import say


def _tell(told: Told) -> list[Letter]:
    deal = deal_of(told)
    if deal is None:
        return []
    title = deal.contract.title
    subject, text = {
        events.OPENED: (say("A case was opened on “%(title)s”", title=title),
                        say("Its page says why and until when. Staff who are named in it may read what is sealed; "
                            "each reading is recorded and shown to you.")),
        events.NAMED: (say("Somebody of the staff was named in the case on “%(title)s”", title=title),
                       say("They may read what is sealed until the case ends; each reading is recorded and shown to "
                           "you.")),
        events.CLOSED: (say("The case on “%(title)s” is closed", title=title),
                        say("Staff read nothing more of what is sealed.")),
    }[told.event.name]  # fmt: skip
    staff = [s.account for s in accounts.staff(told.session)
             if "contracts.decide" in permissions_of(frozenset(s.roles))]  # fmt: skip
    both = [deal.contract.freelancer_id, *client_of(told, deal)]
    ids = [*both, *(staff if told.event.name == events.OPENED else [])]
    path = f"/contracts/{deal.contract.id}/access"
    return [
        Letter(r, subject, (text,), say("Open the case"), path)
        for r in people(told.session, ids, but=told.actor_account)
    ]


WRITERS = dict.fromkeys((events.OPENED, events.NAMED, events.CLOSED), _tell)
