"""One contract: its course, whose turn it is, where the money is, its papers, what happened."""

import csv
from collections.abc import Sequence
from datetime import datetime
from io import StringIO

from flask import Response, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts.ports import Gate
from marketwright.features.contracts import documents, queries, registry, view
from marketwright.features.contracts.amendments import to_draw_again
from marketwright.features.contracts.documents import DocumentRow
from marketwright.features.contracts.needing import declarable
from marketwright.features.contracts.pages.base import PARTIES, Seen, find, in_a_case, pages
from marketwright.features.contracts.pages.early import can_end
from marketwright.features.contracts.pages.extend import longer
from marketwright.features.contracts.pages.extras import has_ordered, may_order, offered
from marketwright.features.contracts.pages.listed import Paper, papers_of, planned_of
from marketwright.features.contracts.pages.parts import bar_of, buttons, part_lines, statement_of
from marketwright.features.contracts.queries import AmendmentRow, AskedRow, ConditionRow, ContractRow, MilestoneRow
from marketwright.features.contracts.service import may_sign_for
from marketwright.features.contracts.starting import has_begun, missing_to_start
from marketwright.features.contracts.statement import Statement
from marketwright.features.contracts.tables import Contract
from marketwright.features.contracts.view import Button, NextAction
from marketwright.features.files import queries as files
from marketwright.features.invoicing.planned import Planned
from marketwright.features.papers import queries as papers
from marketwright.features.papers.queries import HandingRow
from marketwright.features.payments import queries as payments
from marketwright.features.payments.payouts import waits
from marketwright.features.reviews import queries as reviews
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import Missing
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.sheets import cell
from marketwright.kernel.text import N_
from marketwright.strategies.conditions import Condition
from marketwright.strategies.processes import Role
from marketwright.web.formats import show_date, show_datetime
from marketwright.web.house import house, reading, the_viewer
from marketwright.web.i18n import gettext, translate
from marketwright.web.render import render


@dataclass(frozen=True, slots=True)
class Need:
    """One condition: met by whom, or how to meet it and where."""

    title: str
    state: str
    text: str
    url: str = ""
    link: str = ""
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ContractContext:
    """Everything of the page."""

    contract: ContractRow
    side: str
    other: str
    process: str
    version: int
    review_days: int
    end_reason: str
    stations: Sequence[view.Station]
    next: NextAction | None
    parts: Sequence[view.Part]
    bar: Sequence[tuple[str, Money]]
    statement: Statement
    held_by: str
    held_until: datetime | None
    holds: bool
    needs: Sequence[Need]
    approvals: Sequence[AskedRow]
    papers: Sequence[Paper]
    happened: Sequence[view.Happened]
    amendment: AmendmentRow | None
    deeds: Sequence[Button]
    frozen: bool
    by_day: bool
    planned: Planned | None


@pages.get("/contracts/<contract>", PARTIES)
def show(contract: str) -> BaseResponse:
    """The page of a contract."""
    seen = find(contract)
    session, row = reading(), seen.contract
    milestones = queries.milestones_of(session, [row.id])[row.id]
    steps = queries.log_of(session, row.id)
    holds = payments.holds_of(session, row.id)
    at_hand = view.current(seen.process, milestones, seen.reader) if row.state == "ACTIVE" else None
    amendment = next((a for a in queries.amendments_of(session, row.id) if a.state == "sent"), None)
    money = statement_of(seen, milestones)
    version, review_days = registry.version_of(seen.process)
    context = ContractContext(
        contract=row, side=seen.side, other=seen.other, process=gettext(seen.process.label), version=version,
        review_days=review_days,
        end_reason=view.end_reason(row), stations=view.stations(seen.process, row, at_hand or _last(milestones), steps),
        next=_next(seen, milestones, at_hand), parts=part_lines(seen, milestones, at_hand, steps),
        bar=bar_of(milestones, holds, by_day=seen.process.by_day), statement=money,
        held_by=payments.who_holds(house().plugins, row.provider) if money.sums.held else "",
        held_until=min((h.hold_until for h in holds if h.hold_until and h.held), default=None),
        holds=seen.process.holds, needs=_needs(seen, milestones, holds),
        approvals=queries.approvals_of(session, row.id),
        papers=papers_of(seen), happened=view.happened(seen.process, row, steps), amendment=amendment,
        deeds=_deeds(seen, amendment, holds, several=len(milestones) > 1),
        frozen=any(h.frozen for h in holds), by_day=seen.process.by_day, planned=planned_of(row),
    )  # fmt: skip
    return render("contracts/show.html", context)


def _last(milestones: Sequence[MilestoneRow]) -> MilestoneRow | None:
    """The milestone whose way an ended contract shows."""
    return milestones[-1] if milestones else None


def _next(seen: Seen, milestones: Sequence[MilestoneRow], at_hand: MilestoneRow | None) -> NextAction | None:
    row = seen.contract
    if row.state == "ENDED":
        return None
    if row.state in ("DRAFT", "SENT"):
        return _unsigned(seen)
    if at_hand is None:
        return None
    return view.next_action(
        seen.process, at_hand, seen.reader, buttons(seen, at_hand), several=len(milestones) > 1,
        now=house().clock.business(),
    )


def _unsigned(seen: Seen) -> NextAction:
    """A draft is to be sent, a sent one to be signed by whoever has not."""
    row = seen.contract
    until = view.until(row.deadline_at, house().clock.business())
    over = gettext(N_("If nobody does anything, the {contract} ends unsigned."))
    party = seen.side in ("client", "freelancer")
    if row.state == "DRAFT":
        button = Button(gettext(N_("Prepare the document")), url_for("contracts.send", contract=row.id), "main")
        title = gettext(N_("Look at the {contract}, then send it to both for signature"))
        return NextAction(title, over, until, mine=party, buttons=(button,) if party else ())
    signed = {s.side for s in _document(seen).signatures}
    mine = party and seen.side not in signed
    waits = gettext(view.OWNERS[Role.FREELANCER if "client" in signed else Role.CLIENT])
    read = Button(gettext(N_("Read the {contract}")), url_for("contracts.document", document=row.document))
    sign = Button(gettext(N_("Read and sign")), url_for("contracts.sign", document=row.document), "main")
    title = gettext(N_("Read the {contract}, then sign it")) if mine else gettext(N_("The other side has yet to sign"))
    return NextAction(title, over, until, mine=mine, who=waits, buttons=(sign,) if mine else (read,))


def _document(seen: Seen) -> DocumentRow:
    found = documents.document(reading(), seen.contract.document)
    assert found is not None
    return found


def _needs(seen: Seen, milestones: Sequence[MilestoneRow], holds: Sequence[payments.HoldRow]) -> list[Need]:
    known = house().ports.get(Plugins).conditions
    handed_in = {h.name: h for h in reversed(papers.handings_of(reading(), seen.contract.id))}
    found: list[Need] = []
    found += _gates(seen, milestones, holds)
    for c in queries.conditions_of(reading(), seen.contract.id):
        condition = known[c.name].it if c.name in known else None
        title = translate(condition.label) if condition else c.name
        if condition is not None and (condition.fields or condition.paper):
            found.append(_of_paper(seen, condition, c, handed_in.get(c.name)))
            continue
        row = files.file(reading(), c.file) if c.file else None
        handed = ((row.name, f"/files/{row.id}"),) if row else ()
        if c.met_at is not None:
            text = gettext(N_("Met by %(who)s on %(date)s.")) % {"who": c.met_name, "date": show_date(c.met_at)}
            found.append(Need(title, "done", f"{text} {view.shown(c.evidence)}".strip(), files=handed))
            continue
        mine = condition is not None and condition.role in seen.reader.roles and seen.contract.state != "ENDED"
        url = url_for("contracts.meet", contract=seen.contract.id, name=c.name) if mine else ""
        text = translate(condition.how) if condition else ""
        found.append(Need(title, "todo", text, url, gettext(N_("Hand it in")) if mine else ""))
    return found


def _of_paper(seen: Seen, condition: Condition, c: ConditionRow, last: HandingRow | None) -> Need:
    """A condition with a form or a paper: what is to be handed in, who has yet to sign, who has signed."""
    title, open_ = translate(condition.label), seen.contract.state != "ENDED"
    mine = condition.role in seen.reader.roles and open_
    read = not (condition.confidential and seen.side == "operator" and not in_a_case(seen.contract.id))
    url = url_for("papers.hand_in", contract=seen.contract.id, name=c.name) if read else ""
    if c.met_at is not None:
        by = last.by_name if last is not None and last.state == "met" else c.met_name
        text = gettext(N_("Met on %(date)s, handed in by %(who)s.")) % {"who": by, "date": show_date(c.met_at)}
        url = url if last is not None else ""
        signed = gettext(N_("Signed by %(who)s.")) % {"who": c.evidence} if c.evidence else ""
        return Need(title, "done", f"{text} {signed}".strip(), url, gettext(N_("Look at it")) if url else "")
    if last is not None and last.state == "waiting" and open_:
        left = [s.name for s in last.signers if s.state != "signed"]
        done = {side for side, _, _ in last.signed}
        names = {"client": seen.contract.client_name, "freelancer": seen.contract.freelancer_name}
        left += [names[side] for side in last.parties if side not in done]
        text = gettext(N_("Waits for the signature of %(who)s.")) % {"who": ", ".join(left)}
        return Need(title, "wait", text, url, gettext(N_("See who has signed")) if url else "")
    text = _why_again(last) or translate(condition.how)
    return Need(title, "todo", text, url if mine else "", gettext(N_("Hand it in")) if mine else "")


def _why_again(last: HandingRow | None) -> str:
    """Why what was handed in before does not stand."""
    if last is None or last.state not in ("refused", "lapsed"):
        return ""
    if last.state == "lapsed":
        return gettext(N_("It was not signed in time. Hand it in again, with other dates."))
    who = next((s.name for s in last.signers if s.state == "refused"), "")
    return gettext(N_("%(who)s refused to sign: %(why)s")) % {"who": who, "why": last.closed_why}


def _gates(seen: Seen, milestones: Sequence[MilestoneRow], holds: Sequence[payments.HoldRow]) -> list[Need]:
    """What the gates of the deal still ask for: of both before the work starts, of the freelancer before the payout."""
    if seen.contract.state not in ("SENT", "ACTIVE", "ENDED"):
        return []
    session, row = reading(), seen.contract
    gate, contract = house().ports.get(Gate), session.get_one(Contract, row.id)
    asked: dict[str, tuple[Missing, ...]] = {}
    if row.state != "ENDED" and not has_begun((m.state for m in milestones), seen.process):
        asked |= missing_to_start(session, gate, contract)
    if any(h.paid and not h.paid_out for h in holds) and waits(session, row.id):
        asked["freelancer"] = (*asked.get("freelancer", ()), *gate.missing(session, "be_paid", "freelancer",
                                                                           contract.freelancer_id))  # fmt: skip
    names = {"client": row.client_name, "freelancer": row.freelancer_name}
    found = []
    for side, missing in asked.items():
        for m in missing:
            if side == seen.side:
                link = gettext(N_("See what is asked")) if m.href else ""
                found.append(Need(translate(m.label), "todo", translate(m.how), m.href, link))
            else:
                title = gettext(N_("%(what)s of %(who)s")) % {"what": translate(m.label), "who": names[side]}
                found.append(Need(title, "wait", gettext(N_("They know what is asked of them."))))
    return found


def _declaring(seen: Seen) -> list[Button]:
    """The way to declare what conditions depend on, while the contract is not over."""
    row = seen.contract
    if row.state not in ("SENT", "ACTIVE") or seen.side == "operator" or not declarable(house().plugins):
        return []
    return [Button(gettext(N_("Declare a change")), url_for("papers.declare_change", contract=row.id), "quiet")]


def _deeds(
    seen: Seen, amendment: AmendmentRow | None, holds: Sequence[payments.HoldRow], *, several: bool
) -> list[Button]:
    """What can be done with the contract as a whole."""
    row, session = seen.contract, reading()
    found: list[Button] = []
    thread = queries.thread_of(session, row.proposal)
    if thread and seen.side != "operator":
        found.append(Button(gettext(N_("Messages")), f"/threads/{thread}"))
    if row.document:
        found.append(Button(gettext(N_("{Contract}")), url_for("contracts.document", document=row.document)))
    if row.state == "ACTIVE" and seen.side != "operator":
        found += _amending(row.id, amendment)
    if seen.side != "operator" and (row.state == "ACTIVE" or row.end_reason == "completed") and longer(seen):
        found.append(Button(gettext(N_("Go on in a longer {contract}")), url_for("contracts.extend", contract=row.id),
                            "main" if row.state == "ENDED" else "plain"))  # fmt: skip
    if seen.side != "operator" and row.end_reason != "completed" and _reviewable(seen, holds):
        found.append(Button(gettext(N_("Review the other side")), url_for("reviews.review", contract=row.id)))
    found += _declaring(seen)
    if several and can_end(seen):
        found.append(Button(gettext(N_("End it early")), url_for("contracts.end", contract=row.id), "quiet"))
    if any(house().plugins.deliverables[n].it.sealed for n in seen.process.deliverables
           if n in house().plugins.deliverables) and row.state in ("ACTIVE", "ENDED"):
        found.append(Button(gettext(N_("Who read what is sealed")), url_for("cases.access", contract=row.id), "quiet"))
    if may_order(row) and (offered(seen.side) or has_ordered(row.id, seen.side)):
        found.append(Button(gettext(N_("Additional services")), url_for("contracts.order_extras", contract=row.id)))
    if row.state in ("DRAFT", "SENT") and seen.side != "operator":
        found.append(Button(gettext(N_("Withdraw")), url_for("contracts.withdraw_contract", contract=row.id), "quiet"))
    return found


def _reviewable(seen: Seen, holds: Sequence[payments.HoldRow]) -> bool:
    """Whether a first milestone was paid: from then on both may review (C9)."""
    if seen.process.holds:
        return any(h.paid for h in holds)
    opened = reviews.opening(reading(), seen.contract.id)
    return opened is not None and bool(opened.milestone)


def _amending(contract: str, amendment: AmendmentRow | None) -> list[Button]:
    """Draw an amendment up, also in the place of one that can no longer be signed; or sign the one that waits."""
    if amendment is not None:
        whole = reading().get_one(Contract, contract)
        if to_draw_again(reading(), whole) is None:
            url = url_for("contracts.sign", document=amendment.document)
            return [Button(gettext(N_("Sign the amendment")), url, "main")] if _may_sign(whole, amendment) else []
    return [Button(gettext(N_("Extend it")), url_for("contracts.amend", contract=contract))]


def _may_sign(contract: Contract, amendment: AmendmentRow) -> bool:
    side = may_sign_for(reading(), contract, the_viewer().account, amendment.document)
    found = documents.document(reading(), amendment.document)
    return bool(side) and found is not None and side not in {s.side for s in found.signatures}


@pages.get("/contracts/<contract>/statement.csv", PARTIES.limited("exports"))
def download_statement(contract: str) -> BaseResponse:
    """The statement as a table for a spreadsheet; amounts in major units with a point."""
    seen = find(contract)
    milestones = queries.milestones_of(reading(), [contract])[contract]
    sheet = StringIO()
    writer = csv.writer(sheet)
    writer.writerow([gettext(N_("Date")), gettext(N_("What happened")), gettext(N_("Because")), gettext(N_("Amount")),
                     gettext(N_("Balance")), gettext(N_("Currency"))])  # fmt: skip
    for line in statement_of(seen, milestones).lines:
        told = (show_datetime(line.at, "y-MM-dd HH:mm"), translate(line.text), translate(line.because), line.amount,
                line.balance, line.amount.currency)  # fmt: skip
        writer.writerow([cell(value) for value in told])
    name = f"{seen.contract.reference}.csv"
    return Response("\ufeff" + sheet.getvalue(), mimetype="text/csv; charset=utf-8",
                    headers={"Content-Disposition": f'attachment; filename="{name}"'})  # fmt: skip


