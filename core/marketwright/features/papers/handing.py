"""What a side hands in for a condition: its form, its checks, its paper. All before a unit of work opens."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.mailboxes import checked_email
from marketwright.features.contracts.confidentiality import signed
from marketwright.features.contracts.drafting import draw, languages_of
from marketwright.features.contracts.needing import fields_of as mission_fields
from marketwright.features.contracts.paper import Paper
from marketwright.features.contracts.tables import Contract
from marketwright.features.facets import forms
from marketwright.features.vetting.queries import held
from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_, say
from marketwright.strategies.conditions import Condition, HandedIn, Outsider, Signatory
from marketwright.strategies.fields import Field, FieldForm
from marketwright.web.i18n import current_locale, gettext, speaking, translate

OWNER = "condition"


@dataclass(frozen=True, slots=True)
class Given:
    """What is ready to be stored: checked values, who signs, the drawn paper, until when."""

    values: Mapping[str, Any]
    signatories: tuple[Outsider, ...] = ()
    paper: Paper | None = None
    sign_by: datetime | None = None
    spans: tuple[tuple[datetime, datetime], ...] = ()


def fields_of(condition: Condition) -> list[Field]:
    """The condition's own fields, and a table of people for each kind of signatory, in the reader's language."""
    return [*condition.fields, *(_people(s) for s in condition.signatories)]


def _people(kind: Signatory) -> Field:
    spoken = current_locale()

    def column(name: str, label: str, *, required: bool = True) -> Field:
        return Field(OWNER, name, FieldForm.TEXT, {spoken: gettext(label)}, required=required)

    return Field(
        OWNER, kind.name, FieldForm.ROWS, {spoken: translate(kind.label)},
        hint={spoken: translate(kind.hint)} if kind.hint else None, required=kind.least > 0, most=kind.most,
        rows=(column("name", N_("Name")), column("company", N_("Signs for"), required=False),
              column("email", N_("E-mail"))),
    )  # fmt: skip


def given_by(condition: Condition, loaded: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Outsider, ...]]:
    """What the form's schema loaded: the values, and the people who are to sign."""
    people = tuple(
        Outsider(s.name, row["name"], row["email"], row.get("company") or "")
        for s in condition.signatories
        for row in loaded.get(forms.PREFIX + s.name) or ()
    )
    return forms.values(condition.fields, loaded), people


def prepare(
    session: Session, plugins: Plugins, entry: Entry[Condition], contract: Contract, values: Mapping[str, Any],
    people: tuple[Outsider, ...], *, now: datetime, zone: str,
) -> Given:  # fmt: skip
    """Check what is handed in and draw its paper; ``InvalidInput`` names what is wrong by the form's fields."""
    condition = entry.it
    checked = _checked_people(session, condition, contract, people)
    handed = HandedIn(
        values, checked, mission_fields(session, contract), contract.terms or {}, now, zone,
        confidentiality_signed=signed(session, contract.mission_id, contract.freelancer_id),
        held=held(session, "freelancer", contract.freelancer_id, condition.holding, now),
    )  # fmt: skip
    if condition.check is not None:
        found = entry.ask("check", lambda c: c.check(handed) if c.check else {}, answers=Mapping)
        if found:
            raise InvalidInput({forms.PREFIX + name if name else "": [why] for name, why in found.items()})
    sign_by = entry.ask("sign_by", lambda c: c.sign_by(handed) if c.sign_by else None)
    if sign_by is not None and sign_by <= now:
        raise InvalidInput({"": [say("There is no time left to sign it. Choose later dates.")]})
    paper = _drawn(plugins, condition, contract, handed) if condition.paper else None
    spans = entry.ask("spans", lambda c: tuple(c.spans(handed)) if c.spans else ())
    return Given(values, checked, paper, sign_by, spans)


def _checked_people(
    session: Session, condition: Condition, contract: Contract, people: tuple[Outsider, ...]
) -> tuple[Outsider, ...]:
    """Each with an address that mail can reach, no one twice in one capacity, and nobody for the other side's."""
    errors: dict[str, list[str]] = {}
    found: list[Outsider] = []
    freelancer = accounts.account(session, contract.freelancer_id)
    own = freelancer.email if freelancer else ""
    for kind in condition.signatories:
        named = [p for p in people if p.kind == kind.name]
        if not kind.least <= len(named) <= kind.most:
            why = say("From %(least)s to %(most)s people, please.", least=kind.least, most=kind.most)
            errors[forms.PREFIX + kind.name] = [why]
        seen: set[str] = set()
        for n, person in enumerate(named):
            where = f"{forms.PREFIX}{kind.name}-{n}-email"
            try:
                email = checked_email(person.email, where)
            except InvalidInput as error:
                errors |= error.errors
                continue
            if email in seen:
                errors[where] = [say("This address stands here twice.")]
            if email == own:
                errors[where] = [say("The {freelancer} cannot sign for somebody else.")]
            seen.add(email)
            found.append(Outsider(kind.name, person.name, email, person.company))
    if errors:
        raise InvalidInput(errors)
    return tuple(found)


def _drawn(plugins: Plugins, condition: Condition, contract: Contract, handed: HandedIn) -> Paper:
    known = languages_of(plugins, condition.paper)
    language = contract.language if contract.language in known or not known else known[0]
    with speaking(language):
        terms = {
            **handed.terms, "handed": dict(handed.values),
            "signatories": {
                s.name: [{"name": p.name, "company": p.company} for p in handed.signatories if p.kind == s.name]
                for s in condition.signatories
            },
            "condition": {"name": condition.name, "label": translate(condition.label)},
            "drawn_on": handed.now.date().isoformat(), "zone": handed.zone,
        }  # fmt: skip
        return draw(plugins, condition.paper, language, terms)
