"""The services agreement in English, section by section."""

from collections.abc import Mapping
from typing import Any

from marketwright.plugin import Section
from marketwright_standard_contracts import courses
from marketwright_standard_contracts.words import day, operator, shown

LANG = "en"


def preamble(t: Mapping[str, Any]) -> tuple[str, ...]:
    """Why the parties meet."""
    return (
        f"The {{client}} looks for “{t['mission']['title']}”. It chose the {{freelancer}} on "
        f"{t['marketplace']['brand']} for "
        "their skills. The parties negotiated the content, the price and the dates freely; this agreement keeps what "
        "they agreed.",
    )


def sections(t: Mapping[str, Any], s: Mapping[str, Any]) -> tuple[Section, ...]:
    """All sections, in order."""
    return (
        _object(t), courses.deliverables(t, LANG), _acceptance(t), _price(t), _payment(t), _late(s), _independence(),
        _property(), _secrets(s), _data(), _liability(t, s), _marketplace(t), _end(t, s), _law(s),
    )  # fmt: skip


def _object(t: Mapping[str, Any]) -> Section:
    start = f" Work begins on {day(t['start'], LANG)}." if t["start"] else ""
    order = t["contract"]["purchase_order"]
    return Section("Object", (
        "The {freelancer} undertakes to work the days listed below for the {client}, with care and by the rules of the "
        f"trade, and the {{client}} to pay for those that are approved.{start}" if courses.by_day(t) else
        "The {freelancer} undertakes to produce and hand over the deliverables listed below, and the {client} to pay "
        f"their price.{start} The obligation is the result described for each deliverable, not a number of hours.",
        "This agreement prevails over any general terms of either party. It changes only by an amendment that both "
        "sign." + (f" The {{client}}’s purchase order is {order}." if order else ""),
    ))  # fmt: skip


def _acceptance(t: Mapping[str, Any]) -> Section:
    if courses.by_day(t):
        return courses.timesheets(t, LANG)
    days = t["process"]["silence_days"]
    silence = (
        f"If the {{client}} does neither within {days} days of the delivery, the deliverable counts as accepted; the "
        "{client} is reminded before. This period does not run while a request for changes is open."
        if days else "Silence never counts as acceptance."
    )  # fmt: skip
    return Section("Delivery and acceptance", (
        f"The {{freelancer}} hands each deliverable over on {t['marketplace']['brand']}. The {{client}} then accepts "
        "it, or "
        "asks for changes and says which part does not conform to this agreement.",
        silence,
        "Changes that go beyond this agreement are the subject of an amendment.",
    ))  # fmt: skip


def _price(t: Mapping[str, Any]) -> Section:
    a = t["amounts"]
    rows = [("Price of the work, before tax", shown(a["work"], t, LANG))]
    rows += [("Tax on the work", shown(a["work_tax"], t, LANG))] if a["work_tax"] else []
    for fee in t["fees"]:
        who = "borne by the {client}" if fee["side"] == "client" else "borne by the {freelancer}"
        rows.append((f"{fee['label']} ({who})", shown(fee["amount"], t, LANG)))
    tax = a["client_fee_tax"] + a["freelancer_fee_tax"]
    rows += [("Tax on the fees", shown(tax, t, LANG))] if tax else []
    rows += [("The {client} pays in all", shown(a["client_pays"], t, LANG)),
             ("The {freelancer} receives", shown(a["freelancer_receives"], t, LANG))]  # fmt: skip
    for extra in t.get("extras", ()):
        who = "ordered by the {client}" if extra["side"] == "client" else "ordered by the {freelancer}"
        rows.append((f"{extra['label']} ({who}, billed apart by {t['marketplace']['brand']}, tax included)",
                     shown(extra["amount"] + extra["tax"], t, LANG)))  # fmt: skip
    return Section("Price and fees", (
        "The price is firm. It covers all that the {freelancer} needs to produce the deliverables, and the transfer of "
        "rights below. Rates and amounts of the fees are fixed for this agreement by the day of its signature.",
    ), tuple(rows))  # fmt: skip


def _payment(t: Mapping[str, Any]) -> Section:
    m = t["marketplace"]
    mandate = (
        "The {freelancer} makes their own invoices for this agreement, by the law of their country, sends them to the "
        f"{{client}} and hands them in on {m['brand']}. {m['name']} invoices its fees itself."
    ) if courses.own_invoices(t) else (
        f"The {{freelancer}} gives {m['name']} a mandate to issue their invoices for this agreement, in their name "
        "and on "
        f"their behalf, and to collect its fees. The {{freelancer}} keeps full responsibility for invoicing and tax, "
        "and "
        "may contest an invoice within fifteen days of its issue."
    )
    if t["process"]["holds"]:
        return Section("Payment", (
            f"The {{client}} pays each milestone in before work on it begins. The money is held by {t['holder']}, a "
            f"payment provider, and never by {m['name']}. It is released to the {{freelancer}} when the deliverable is "
            "accepted, after deduction of the {freelancer}’s fees, and goes back to the {client} when the milestone is "
            "cancelled before delivery.",
            f"When the parties disagree about a delivery, either may ask {m['name']} to decide on the money held, "
            "after hearing both. The decision names its reasons and its author, and takes away nobody’s right to go to "
            "court.",
            *courses.released(t, LANG),
            mandate,
        ))  # fmt: skip
    return Section("Payment", (
        f"Each accepted deliverable is invoiced. The {{client}} pays the {{freelancer}} directly within "
        f"{t['process']['payment_days']} days of the invoice. {m['name']} holds no money; its fees are due from each "
        "party once the invoice is paid.",
        mandate,
    ))  # fmt: skip


def _late(s: Mapping[str, Any]) -> Section:
    return Section("Late payment", (
        "A sum paid late bears interest from the day after its due date, without notice, at the rate of the European "
        f"Central Bank’s latest refinancing operation plus {s['late_interest_points']} percentage points. A flat sum "
        f"of {s['late_flat_sum']} euros for recovery costs is added, and further costs on evidence.",
    ))  # fmt: skip


def _independence() -> Section:
    return Section("Independence", (
        "The {freelancer} works as an independent business. They organise their work, their hours, their tools and "
        "their "
        "place of work alone, within the constraints that access to premises or systems imposes. They receive no "
        "orders on how to work, take no part in the {client}’s hierarchy, and are free to serve other clients and to "
        "refuse other missions.",
        "The {freelancer} declares that they are duly registered, pay their own social contributions and taxes, and "
        "are "
        "insured for their professional liability. They provide the certificates that the law asks for before "
        "signature and every six months until the end.",
        "The {freelancer} may be helped by a subcontractor only with the {client}’s written consent, and answers for "
        "them.",
    ))  # fmt: skip


def _property() -> Section:
    return Section("Intellectual property", (
        "On full payment of a milestone the {freelancer} transfers to the {client}, exclusively, the economic rights "
        "in "
        "its deliverables: to reproduce, represent, adapt, translate and integrate them, on any medium and for any "
        "purpose of the {client}’s activity, for the whole world and for as long as the rights last. The price "
        "includes "
        "this transfer.",
        "What the {freelancer} knew or owned before, and tools that are not specific to the {client}, remain theirs; "
        "the "
        "{client} may use them, without exclusivity and without limit in time, as far as the deliverables need them. "
        "Free software keeps its own licence, which the {freelancer} names on delivery.",
    ))  # fmt: skip


def _secrets(s: Mapping[str, Any]) -> Section:
    return Section("Confidentiality", (
        "Each party keeps secret what it learns of the other through this agreement and is not public, uses it for "
        "this agreement alone, and protects it as it protects its own secrets. This lasts for the agreement and "
        f"{s['confidentiality_years']} years after it.",
        "What a law or an authority compels a party to disclose is excepted; it warns the other first where it may.",
    ))  # fmt: skip


def _data() -> Section:
    return Section("Personal data", (
        "Each party processes the other’s contact data for this agreement alone. Where the {freelancer} has to process "
        "personal data for the {client}, they do so on its documented instructions, keep it secure and confidential, "
        "involve nobody else without consent, help the {client} to answer requests and incidents, report a breach "
        "within 24 hours, and return or erase the data at the end.",
    ))  # fmt: skip


def _liability(t: Mapping[str, Any], s: Mapping[str, Any]) -> Section:
    cap = shown(t["amounts"]["work"] * s["liability_percent"] // 100, t, LANG)
    return Section("Liability", (
        f"Each party answers for the direct damage that its failure causes the other, up to {cap} in all. This limit "
        "does not apply to bodily harm, fraud, gross negligence, infringement of rights or breach of confidentiality.",
        "Nobody answers for an event of force majeure, for as long as it lasts; after thirty days either party may end "
        "the agreement.",
    ))  # fmt: skip


def _marketplace(t: Mapping[str, Any]) -> Section:
    m = t["marketplace"]
    who = operator(m)
    return Section(f"Role of {m['brand']}", (
        f"{m['brand']} is run by {m['name']}{f' ({who})' if who else ''}. It brings the parties together, keeps their "
        "documents and follows the course of the deal. It is no party to this agreement, gives the {freelancer} no "
        "instructions, and does not answer for either party’s obligations.",
        f"The course is “{t['process']['label']}”, version {t['process']['version']}, fixed for this agreement.",
    ))  # fmt: skip


def _end(t: Mapping[str, Any], s: Mapping[str, Any]) -> Section:
    return Section("End of the agreement", (
        "The agreement ends when the last milestone is settled. A milestone that is not yet paid in, or not yet begun, "
        "may be cancelled by either party, with a reason.",
        *courses.calling_off(t, LANG),
        f"If a party fails in a material obligation and has not mended it within {s['notice_days']} days of a written "
        "notice, the other may end the agreement. Deliverables accepted until then are paid; work under way is paid "
        "for the part that the {client} can use.",
    ))  # fmt: skip


def _law(s: Mapping[str, Any]) -> Section:
    return Section("Law, place and signature", (
        f"This agreement is governed by {s['law'][LANG]}. The parties first seek an amicable solution; failing that, "
        f"{s['court'][LANG]} decide.",
        "The parties sign electronically on the site, each with their own account and after proving who they are once "
        "more. They accept that the stored text, its hash, and the recorded time and name of each signature prove "
        "their consent.",
    ))  # fmt: skip
