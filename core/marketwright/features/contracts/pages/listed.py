"""The papers of a contract as its page lists them, and which invoices it will have."""

from flask import url_for

from marketwright.features.contracts import documents
from marketwright.features.contracts.documents import DocumentRow
from marketwright.features.contracts.pages.base import Seen
from marketwright.features.contracts.pages.proofs import held, may_hold
from marketwright.features.contracts.queries import ContractRow
from marketwright.features.contracts.tables import Contract
from marketwright.features.invoicing import queries as invoicing
from marketwright.features.invoicing.owed import numbers
from marketwright.features.invoicing.planned import Planned, planned, signed_by
from marketwright.features.invoicing.sent import dues_of_contract
from marketwright.features.papers import queries as papers
from marketwright.features.pricing.wire import quote_from_json
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.web.formats import show_date, show_datetime
from marketwright.web.house import house, reading, the_viewer
from marketwright.web.i18n import gettext

KINDS = {
    "agreement": N_("{Contract}"), "amendment": N_("Amendment"), "confidentiality": N_("Confidentiality agreement"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper in the list."""

    title: str
    url: str
    note: str
    sha256: str = ""
    icon: str = "file"
    late: bool = False


def planned_of(row: ContractRow) -> Planned | None:
    """Which invoices there will be, while the deal goes on."""
    if row.state == "ENDED":
        return None
    here, contract = house(), reading().get_one(Contract, row.id)
    return planned(
        quote_from_json(contract.quote), here.plugins.countries, brand=here.marketplace.name, client=row.client_name,
        freelancer=row.freelancer_name, by=signed_by(contract.terms or {}),
        to_seller=the_viewer().account == contract.freelancer_id,
    )  # fmt: skip


def papers_of(seen: Seen) -> list[Paper]:
    """Documents, bills, invoices that the freelancer makes, and papers that the client must hold."""
    session, row = reading(), seen.contract
    found = [_paper(d, row) for d in documents.documents_of(session, row)]
    bills = invoicing.bills_of(session, row.id)
    issued = numbers(session, [bill.id for bill in bills])
    for bill in bills:
        states = {"open": N_("due on %(date)s"), "paid": N_("paid"), "unpaid": N_("closed unpaid")}
        note = gettext(states[bill.state]) % {"date": show_date(bill.due_at)}
        name = N_("Invoice %(number)s") if bill.id in issued else N_("Payment request %(number)s")
        title = gettext(name, number=issued.get(bill.id, bill.number))
        found.append(Paper(title, f"/bills/{bill.id}", note, icon="receipt"))
    found += _sellers_own(seen)
    if may_hold(seen) and (verdicts := held(row)):
        ends = verdicts[0].expires
        note = gettext(N_("good until %(date)s")) % {"date": show_date(ends)} if ends else ""
        title = gettext(N_("Papers that you must hold of the {freelancer}"))
        found.append(Paper(title, url_for("contracts.proofs", contract=row.id), note, icon="download"))
    return found


def _sellers_own(seen: Seen) -> list[Paper]:
    """The invoices and credit notes that the freelancer makes themselves: handed in, or still to come."""
    found = []
    for due, sent in dues_of_contract(reading(), seen.contract.id):
        if sent is not None:
            title = gettext(N_("Credit note %(number)s") if due.credit else N_("Invoice %(number)s"),
                            number=sent.number)  # fmt: skip
            note = gettext(N_("made by the {freelancer}, %(date)s"), date=show_date(sent.issued_on))
            found.append(Paper(title, f"/files/{sent.file}" if sent.file else "/accounting", note, icon="receipt"))
            continue
        title = gettext(N_("Credit note for “%(what)s”") if due.credit else N_("Invoice for “%(what)s”"),
                        what=due.title)  # fmt: skip
        mine = due.freelancer == the_viewer().account
        note = gettext(N_("to be made and handed in by you") if mine else N_("not handed in by the {freelancer} yet"))
        url = url_for("invoicing.hand_in", due=due.id) if mine else ""
        found.append(Paper(title, url, note, icon="receipt", late=mine))
    return found


def _paper(d: DocumentRow, row: ContractRow) -> Paper:
    if d.kind == "certificate":
        return Paper(d.title, url_for("contracts.document", document=d.id), gettext(N_("Additional service")), d.sha256)
    if d.kind not in KINDS:
        return _conditions_own(d)
    title = gettext(KINDS.get(d.kind, N_("Document")))
    if d.kind == "agreement" and d.id != row.document:
        note = gettext(N_("Replaced by a later text"))
    elif len(d.signatures) > 1 or (d.kind == "confidentiality" and d.signatures):
        who = gettext(N_("Signed by both, %(when)s") if len(d.signatures) > 1 else N_("Signed, %(when)s"))
        note = who % {"when": show_datetime(d.signatures[-1].at)}
    else:
        note = gettext(N_("Waits for signatures"))
    return Paper(title, url_for("contracts.document", document=d.id), note, d.sha256,
                 "lock" if d.kind == "confidentiality" else "file")  # fmt: skip


def _conditions_own(d: DocumentRow) -> Paper:
    """A paper that a condition asked for, with what became of it."""
    handing = papers.of_document(reading(), d.id)
    notes = {
        "waiting": N_("Waits for signatures"), "refused": N_("Refused"), "withdrawn": N_("Taken back"),
        "lapsed": N_("Not signed in time"),
    }  # fmt: skip
    note = gettext(notes[handing.state]) if handing and handing.state in notes else ""
    if handing is not None and handing.state == "met" and handing.closed_at is not None:
        note = gettext(N_("Signed, %(when)s")) % {"when": show_datetime(handing.closed_at)}
    return Paper(d.title, url_for("contracts.document", document=d.id), note, d.sha256)
