"""The list of contracts: whose turn it is in each, until when."""

from collections.abc import Sequence
from datetime import datetime

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.contracts import course, documents, queries, registry, view
from marketwright.features.contracts.pages.base import pages
from marketwright.features.contracts.queries import ContractRow, MilestoneRow
from marketwright.features.contracts.standing import DIRECTING, SIGNING, covers, member_roles
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_
from marketwright.strategies.processes import Process, Role
from marketwright.web.house import house, reading, the_viewer
from marketwright.web.i18n import gettext
from marketwright.web.policy import SIGNED_IN
from marketwright.web.render import render

STATES = {"DRAFT": "draft", "SENT": "sent", "SIGNED": "signed", "ACTIVE": "active", "ENDED": "ended"}
WAITS = {"DRAFT": N_("To be sent for signature"), "SENT": N_("To be signed")}


@dataclass(frozen=True, slots=True)
class Row:
    """One contract in the list; ``mine`` says whether it waits for the viewer."""

    url: str
    title: str
    other: str
    reference: str
    state: str
    state_label: str
    next: str
    mine: bool
    until: datetime | None
    amount: Money


@dataclass(frozen=True, slots=True)
class Asked:
    """A document that the viewer was invited to sign, without a part in its contract."""

    url: str
    title: str
    organisation: str
    signed: bool


@dataclass(frozen=True, slots=True)
class ListContext:
    """``rows`` of the chosen tab, those that wait for the viewer first; ``asked`` are a guest's documents."""

    asked: Sequence[Asked]
    rows: Sequence[Row]
    tabs: Sequence[tuple[str, str, bool, int | None]]
    chosen: str
    side: str


@pages.get("/contracts", SIGNED_IN)
def contracts() -> BaseResponse:
    """The viewer's contracts, on whichever side."""
    me, session = the_viewer(), reading()
    chosen = "ended" if request.args.get("show") == "ended" else "open"
    everything = queries.contracts_of(session, me.account)
    kept = [c for c in everything if (c.state == "ENDED") == (chosen == "ended")]
    parts = queries.milestones_of(session, [c.id for c in kept])
    known: dict[tuple[str, int], Process] = {}
    for c in kept:
        key = (c.process, c.process_version)
        known[key] = known.get(key) or registry.pinned(session, *key)
    signed = documents.sides_signed(session, [c.document for c in kept if c.state == "SENT"])
    rows = [
        _row(c, known[c.process, c.process_version], parts[c.id], signed.get(c.document, frozenset())) for c in kept
    ]
    rows.sort(key=lambda r: not r.mine)
    ended = sum(c.state == "ENDED" for c in everything)
    tabs = [
        (gettext(N_("Under way")), url_for("contracts.contracts"), chosen == "open", len(everything) - ended),
        (gettext(N_("Ended")), url_for("contracts.contracts", show="ended"), chosen == "ended", ended),
    ]
    return render("contracts/list.html", ListContext(_asked(), rows, tabs, chosen, me.side))


def _asked() -> list[Asked]:
    session, found = reading(), []
    for organisation, document in accounts.documents_to_sign(session, the_viewer().account):
        row, client = documents.document(session, document), accounts.organisation(session, organisation)
        if row is not None and client is not None:
            signed = any(s.side == "client" for s in row.signatures)
            found.append(Asked(url_for("contracts.document", document=document), row.title, client.name, signed))
    return found


def _waits_for(c: ContractRow, side: Role, held: frozenset[str], signed: frozenset[str]) -> bool:
    """Whether the viewer, of ``side``, is to send or sign; ``signed`` are the sides that have signed."""
    if c.state == "DRAFT":
        return side is Role.FREELANCER or bool(held & DIRECTING)
    return side not in signed and (side is Role.FREELANCER or bool(held & SIGNING))


def _row(c: ContractRow, process: Process, milestones: Sequence[MilestoneRow], signed: frozenset[str]) -> Row:
    mine_side = Role.FREELANCER if c.freelancer == the_viewer().account else Role.CLIENT
    other = c.client_name if mine_side is Role.FREELANCER else c.freelancer_name
    at_hand = view.current(process, milestones, view.Reader((mine_side,)))
    held = member_roles(reading(), c.organisation, the_viewer().account) if mine_side is Role.CLIENT else frozenset()
    label, until, mine = "", c.deadline_at, False
    if c.state in WAITS:
        label, mine = gettext(WAITS[c.state]), _waits_for(c, mine_side, held, signed)
    elif c.state == "ENDED":
        label, until = view.end_reason(c), None
    elif at_hand is not None:
        state = process.state(at_hand.state)
        place = course.Place(at_hand.state, at_hand.pending)
        able = mine_side is Role.FREELANCER or any(covers(held, t) for t in course.ways(process, place, mine_side))
        waits = view.opens_later(at_hand, house().clock.business())
        mine = able and course.turn(process, place) is mine_side and not waits
        label, until = gettext(state.next), at_hand.deadline_at
    return Row(
        url_for("contracts.show", contract=c.id), c.title, other, c.reference, STATES[c.state], "", label, mine,
        until, c.work,
    )  # fmt: skip
