"""Letters about the steps of courses that plugins bring: what happened, whose turn it is now, until when."""

from marketwright.features.accounts.queries import staff
from marketwright.features.contracts.bundled import BUNDLED
from marketwright.features.contracts.registry import pinned
from marketwright.features.notifications.letters.kit import Letter, Told
from marketwright.features.notifications.letters.parties import Deal, client_of
from marketwright.features.notifications.letters.parties import tell as write
from marketwright.kernel.text import say
from marketwright.strategies.processes import Action, Role

OWN = frozenset(p.name for p in BUNDLED)


def tells(deal: Deal) -> bool:
    """Whether the steps of this deal are told here: core's own courses have letters of their own."""
    return deal.contract.process not in OWN


def moved(told: Told, deal: Deal) -> list[Letter]:
    """Both sides are told of a step that its process marks with ``Action.NOTIFY``; of a dispute also who decides."""
    if deal.milestone is None or not tells(deal):
        return []
    process = pinned(told.session, deal.contract.process, deal.contract.process_version)
    way = process.way(told.payload("transition"))
    if Action.NOTIFY not in way.actions:
        return []
    state = process.state(way.target)
    deciders = [s.account for s in staff(told.session) if {"finance", "admin"} & set(s.roles)]
    ids = [deal.contract.freelancer_id, *client_of(told, deal), *(deciders if state.owner is Role.OPERATOR else [])]
    what = say(way.did or way.label)
    subject = say("“%(part)s”: %(what)s", part=deal.milestone.title, what=what)
    texts = [say("Next: %(what)s.", what=say(state.next))] if state.next else []
    if deal.milestone.deadline_at is not None and not state.end:
        texts.append(say("Until %(when)s.", when=deal.milestone.deadline_at))
    texts.append(say(state.after or "The {contract}'s page says who moves next."))
    return write(told, deal, list(dict.fromkeys(ids)), subject, *texts, but=told.actor_account)
