"""The notices that plugins may word, and the places that each fills."""

from collections.abc import Mapping
from typing import Final

from marketwright.features.contracts import events as c
from marketwright.features.missions import events as m
from marketwright.features.papers import events as papers
from marketwright.features.payments import events as p
from marketwright.features.proposals import events as offers
from marketwright.features.vetting import events as v

PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys((c.SENT, c.SIGNED, c.ACTIVE, c.ENDED, c.AMENDMENT_SENT, c.AMENDMENT_SIGNED,
                     c.AMENDMENT_WITHDRAWN, c.CONDITION_ADDED), ("title",)),
    **dict.fromkeys((c.FUNDED, c.DELIVERED, c.CHANGES_ASKED, c.APPROVED, c.RELEASED, c.REFUNDED, c.RETURNED,
                     c.DECISION_ASKED, c.DECIDED, c.BEGUN, c.APPROVAL_WAITING), ("part",)),
    c.MOVED: ("part",),
    c.REMINDER_DUE: ("part", "days"),
    **dict.fromkeys((p.FAILED, p.ABANDONED, p.RETURNED, p.PAYOUT_WAITS, p.PAID_OUT, p.PAYOUT_RETURNED, p.TAKEN_BACK,
                     p.DISPUTED, p.DISPUTE_WON, p.DISPUTE_LOST, p.REFUNDED_LATER), ("part",)),
    **dict.fromkeys((m.CHANGED, m.PAUSED, m.FILLED, m.CLOSED, m.INVITED), ("title",)),
    **dict.fromkeys((offers.PROPOSED, offers.COUNTERED, offers.ACCEPTED, offers.DECLINED, offers.WITHDRAWN),
                    ("who", "title")),
    offers.EXPIRED: ("title",),
    papers.ASKED: ("who", "site"),
    papers.REMINDED: ("site",),
    **dict.fromkeys((papers.REFUSED, papers.ANSWERED), ("who", "title")),
    **dict.fromkeys((papers.LAPSED, papers.PARTY_ASKED), ("title",)),
    **dict.fromkeys((v.DECIDED, v.REVOKED), ("what",)),
    v.ENDING: ("what", "days"),
}  # fmt: skip
