"""The annex of an agreement on its deliverables: what was agreed beforehand, how it is kept, when it is deleted."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketwright.features.facets import forms
from marketwright.features.proposals.agreed import Agreed, fields_of
from marketwright.features.proposals.tables import Round
from marketwright.hooks.deliverables import DELETE_ON
from marketwright.hooks.manager import Plugins
from marketwright.kernel.text import N_
from marketwright.strategies.documents import Document, Section
from marketwright.strategies.processes import Process
from marketwright.web.formats import read_date, show_date
from marketwright.web.i18n import current_locale, gettext, speaking

VERSION = "annex1"
PAPER_HEADS = (N_("Paper"), N_("Made by"), N_("To"), N_("VAT"))
KEEP_DAYS = 180  # that sealed things stay after the end, where the contract names no date


def agreed_in(session: Session, proposal: str) -> Agreed:
    """What the accepted offer says of its deliverables: rounds are append only, so it never changes."""
    newest = select(Round.agreed).where(Round.proposal_id == proposal).order_by(Round.number.desc()).limit(1)
    return session.scalar(newest) or {}


def deliverable_terms(plugins: Plugins, process: Process, agreed: Agreed) -> list[dict[str, Any]]:
    """The deliverables of ``process`` as a document names them, in the language being spoken.

    ``agreed`` are (label, value); ``values`` the same as plain values; ``delete_on`` is a date or ''.
    """
    found: list[dict[str, Any]] = []
    for name in process.deliverables:
        entry = plugins.deliverables.get(name)
        if entry is None:
            continue
        values = agreed.get(name, {})
        asked = [f for f in fields_of(entry.it) if f.name != DELETE_ON]
        found.append({
            "name": name, "label": gettext(entry.it.label), "summary": gettext(entry.it.summary),
            "sealed": entry.it.sealed, "values": dict(values), "delete_on": str(values.get(DELETE_ON, "")),
            "agreed": [[label, str(text)] for label, text, _ in
                       forms.shown(asked, values, current_locale(), private=True)],
            "judged": any(w.judged for t in process.transitions if t.delivers == name
                          for w in process.ways_from(t.target)),
        })  # fmt: skip
    return found


def latest_date(agreed: Agreed) -> date | None:
    """The latest date on which something sealed is deleted as it was agreed; ``None`` where none was."""
    dates = [str(d[DELETE_ON]) for d in agreed.values() if d.get(DELETE_ON)]
    return max((date.fromisoformat(d) for d in dates), default=None)


def sealed_terms(
    plugins: Plugins, process: Process, mission: Mapping[str, Any], delete_on: date | None
) -> dict[str, Any]:
    """What besides deliverables is kept sealed: labels in the language being spoken, and when it goes; {} for nothing.

    ``mission`` are its own fields as stored, ``delete_on`` the date that the deliverables agree on, if they do.
    """
    answers = [f for f in forms.of(plugins, "mission") if f.sealed and mission.get(f.name)]
    transitions = {name for t in process.transitions for name in (t.name, *t.needs)}
    papers = [
        e.it for e in plugins.conditions.values()
        if e.it.sealed and e.it.concerns(mission) and {e.it.name, *e.it.before} & transitions
    ]  # fmt: skip
    labels = [forms.word(f.label, current_locale()) for f in answers] + [gettext(c.label) for c in papers]
    if any(f.sealed for f in forms.of(plugins, "mission")):
        labels.append(gettext(N_("confidential part and files of the {mission}, where there are any")))
    on = delete_on.isoformat() if delete_on else ""
    return {"labels": labels, "delete_on": on, "days": KEEP_DAYS} if labels else {}


def annex(terms: Mapping[str, Any], language: str) -> Document | None:
    """The sections that say what is handed over and what is sealed; ``None`` where the terms name neither."""
    named: Sequence[Mapping[str, Any]] = terms.get("deliverables") or ()
    sealed: Mapping[str, Any] = terms.get("sealed") or {}
    if not named and not sealed:
        return None
    with speaking(language):
        sections = [_section(d) for d in named] + ([_sealed(sealed)] if sealed else [])
        return Document("", language, VERSION, tuple(sections))


def papers_annex(terms: Mapping[str, Any], language: str) -> Document | None:
    """The section that says which invoices there will be, who makes each, and how VAT stands on it."""
    papers: Mapping[str, Any] = terms.get("papers") or {}
    if not papers:
        return None
    with speaking(language):
        heads = tuple(gettext(head) for head in PAPER_HEADS)
        title = gettext(N_("Annex: invoices and VAT"))
        rows = (heads, *(tuple(str(cell) for cell in row) for row in papers["rows"]))
        return Document("", language, "papers1", (Section(title, (papers["note"],), rows),))


def unnamed_annex(terms: Mapping[str, Any], language: str) -> Document | None:
    """The section that says that the freelancer read a text without the client's name; ``None`` where they did not."""
    if not terms.get("unnamed"):
        return None
    with speaking(language):
        read = gettext(N_(
            "The {client} gives its name at the signature alone. The {freelancer} has read this text without the name, "
            "numbers, address and signatory of the {client}, and accepts as the other party whoever the signed text "
            "names above. Until the {client} gives its name itself, that name is confidential as well."
        ))  # fmt: skip
        return Document("", language, "unnamed1", (Section(gettext(N_("Annex: the {client}'s name")), (read,)),))


def _sealed(sealed: Mapping[str, Any]) -> Section:
    kept = gettext(N_(
        "The following is kept encrypted and is read by the two parties alone, and by whoever has to sign it: "
        "%(what)s. Staff of the marketplace read it only within a case opened on this {contract}, by the persons named "
        "in it; each reading is recorded and shown to both."
    ), what=", ".join(sealed["labels"]))  # fmt: skip
    gone = gettext(N_(
        "It is deleted on %(date)s, or on the day after the {contract} has ended if that is later, and not while a "
        "case on it is open. Each party keeps its own copy of what it signed; fingerprints (SHA-256) and records of "
        "signatures are kept."
    ), date=show_date(read_date(sealed["delete_on"]), "long")) if sealed["delete_on"] else gettext(N_(
        "It is deleted %(n)s days after the {contract} has ended, and not while a case on it is open. Each party keeps "
        "its own copy of what it signed; fingerprints (SHA-256) and records of signatures are kept."
    ), n=sealed["days"])  # fmt: skip
    return Section(gettext(N_("Annex: what is kept sealed")), (kept, gone))


def _section(d: Mapping[str, Any]) -> Section:
    paragraphs = [d["summary"]] if d["summary"] else []
    if d["agreed"]:
        paragraphs.append(gettext(N_(
            "The parties have agreed on the following beforehand; it changes by amendment alone."
        )))  # fmt: skip
        if d["judged"]:
            paragraphs.append(gettext(N_(
                "What is handed over is measured against it as the marketplace records it; both parties read the "
                "figures and the judgement. A party that disputes them says so before the term of acceptance ends."
            )))  # fmt: skip
    if d["sealed"]:
        paragraphs.append(gettext(N_(
            "It is kept encrypted and is read by the two parties alone. Staff of the marketplace read it only within a "
            "case opened on this {contract}, by the persons named in it; each reading is recorded and shown to both."
        )))  # fmt: skip
    if d["delete_on"]:
        paragraphs.append(gettext(N_(
            "It is deleted on %(date)s, or on the day after the {contract} has ended if that is later, and not while a "
            "case on it is open; the fingerprint (SHA-256) of what was handed over is kept, so that a copy can be "
            "compared with it."
        ), date=show_date(read_date(d["delete_on"]), "long")))  # fmt: skip
    title = gettext(N_("Annex: %(what)s"), what=d["label"])
    return Section(title, tuple(paragraphs), tuple((label, text) for label, text in d["agreed"]))
