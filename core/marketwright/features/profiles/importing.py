"""Importing profiles, with the accounts they belong to: whole, or without the bad rows."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from marketwright.features.accounts import service as accounts
from marketwright.features.accounts.mailboxes import checked_email
from marketwright.features.accounts.tables import Account
from marketwright.features.facets import forms as own_fields
from marketwright.features.profiles import service
from marketwright.features.profiles.claiming import claim_in_bulk, merged
from marketwright.features.profiles.claims import ClaimDraft
from marketwright.features.profiles.tables import Profile
from marketwright.features.skills.levels import LANGUAGE_LEVEL_NAMES
from marketwright.features.skills.tables import Skill
from marketwright.kernel.cells import Cells
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.rows import Fault, Report, Row
from marketwright.kernel.text import say
from marketwright.settings.marketplace import Marketplace
from marketwright.store.unit import UnitOfWork

COLUMNS = ("email", "name")


@dataclass(frozen=True, slots=True)
class _Person:
    email: str
    name: str
    account: str
    visible: bool
    values: dict[str, Any]
    claims: tuple[ClaimDraft, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rows are compared with."""

    accounts: dict[str, str]
    profiles: frozenset[str]
    skills: frozenset[str]
    fields: list[Any]
    currency: str
    locale: str


def import_profiles(
    uow: UnitOfWork, rows: Sequence[Row], *, skip_bad_rows: bool = False, notes: Sequence[str] = ()
) -> Report:
    """Make a profile for each row, and an account where there is none; nobody is told, nobody gets a password.

    Lists in a cell are parted by bars: skills ``key:level:years``, languages ``fr:native``, certificates
    ``name;issuer;number;2023-05;2026-05``, experience ``title;organisation;2020-01;2023-05;summary``.
    """
    known = _known(uow)
    people: list[_Person] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for row in rows:
        cells = Cells(row)
        person = _read(cells, known, seen)
        faults.extend(cells.faults)
        if not cells.faults:
            people.append(person)
    if faults and not skip_bad_rows:
        return Report(len(rows), skipped=len(rows), refused=True, faults=tuple(faults), notes=tuple(notes))
    _write(uow, people, known)
    uow.audit("profiles.imported", "", created=len(people), skipped=len(rows) - len(people))
    return Report(
        len(rows), created=len(people), skipped=len(rows) - len(people), faults=tuple(faults), notes=tuple(notes)
    )


def _known(uow: UnitOfWork) -> _Known:
    market = uow.ports.get(Marketplace)
    people = uow.session.execute(select(Account.email, Account.id))
    return _Known(
        {row.email: row.id for row in people}, frozenset(uow.session.scalars(select(Profile.id))),
        frozenset(uow.session.scalars(select(Skill.id))), service.declared_fields(uow), market.currency,
        market.languages[0],
    )  # fmt: skip


def _read(cells: Cells, known: _Known, seen: dict[str, int]) -> _Person:
    email = _email(cells, seen)
    account = known.accounts.get(email, "")
    if account in known.profiles:
        cells.wrong("email", say("There is {profile.a} for this address already."))
    values: dict[str, Any] = {
        "headline": cells.text("headline", longest=160), "bio": cells.text("bio", longest=6000),
        "language": cells.one_of("language", ("en", "fr"), known.locale), "city": cells.text("city", longest=100),
        "country": cells.text("country", longest=2).upper(),
        "remote": cells.one_of("remote", service.REMOTE, "hybrid"),
        "day_rate": cells.amount("day_rate", known.currency), "available_from": cells.day("available_from"),
        "days_a_week": cells.whole("days_a_week", 1, 7), "years": cells.whole("years", 0, 70),
        "fields": _own(cells, known),
    }  # fmt: skip
    claims = [*_skills(cells, known), *_languages(cells), *_certificates(cells), *_experience(cells)]
    return _Person(
        email, cells.text("name", longest=120, required=True), account, cells.yes("visible", default=False), values,
        tuple(merged(claims)),
    )  # fmt: skip


def _email(cells: Cells, seen: dict[str, int]) -> str:
    typed = cells.text("email", longest=254, required=True)
    try:
        email = checked_email(typed)
    except InvalidInput as error:
        if typed:
            cells.faults.extend(Fault(cells.row.number, "email", why) for why in error.errors["email"])
        return ""
    if email in seen:
        cells.wrong("email", say("This address stands in row %(row)s already.", row=seen[email]))
    seen.setdefault(email, cells.row.number)
    return email


def _own(cells: Cells, known: _Known) -> dict[str, Any]:
    try:
        return own_fields.check(known.fields, cells.own())
    except InvalidInput as error:
        for name, sentences in error.errors.items():
            cells.faults.append(Fault(cells.row.number, f"fields.{name}", sentences[0]))
        return {}


def _parts(item: Any, names: Sequence[str], mark: str) -> dict[str, str]:
    """One entry of a list as named texts, from an object or from text with ``mark`` between."""
    if isinstance(item, dict):
        return {n: "" if item.get(n) is None else str(item[n]).strip() for n in names}
    given = [p.strip() for p in str(item).split(mark)]
    return dict(zip(names, given + [""] * len(names), strict=False))


def _number(cells: Cells, column: str, text: str, most: int) -> int | None:
    if text and not (text.isascii() and text.isdigit() and int(text) <= most):
        cells.wrong(column, say("A whole number from %(least)s to %(most)s, please.", least=0, most=most))
        return None
    return int(text) if text else None


def _skills(cells: Cells, known: _Known) -> list[ClaimDraft]:
    found = []
    for item in cells.items("skills"):
        part = _parts(item, ("skill", "level", "years"), ":")
        if part["skill"] not in known.skills:
            cells.wrong("skills", say("There is no skill with the key %(key)s.", key=part["skill"]))
        level = _number(cells, "skills", part["level"], 4)
        years = _number(cells, "skills", part["years"], 70)
        found.append(ClaimDraft("skill", skill_id=part["skill"], level=level or None, years=years))
    return found


def _languages(cells: Cells) -> list[ClaimDraft]:
    found = []
    for item in cells.items("languages"):
        part = _parts(item, ("code", "level"), ":")
        if part["level"] not in LANGUAGE_LEVEL_NAMES:
            words = ", ".join(f"{part['code'] or 'fr'}:{name}" for name in LANGUAGE_LEVEL_NAMES)
            cells.wrong("languages", say("One of %(words)s, please.", words=words))
            continue
        found.append(ClaimDraft("language", label=part["code"][:5], level=LANGUAGE_LEVEL_NAMES[part["level"]]))
    return found


def _certificates(cells: Cells) -> list[ClaimDraft]:
    names = ("name", "issuer", "number", "issued", "expires")
    parts = [_parts(item, names, ";") for item in cells.items("certificates")]
    return [
        ClaimDraft(
            "certificate", label=p["name"][:200], issuer=p["issuer"][:160], number=p["number"][:80],
            issued=cells.month("certificates", p["issued"]), expires=cells.month("certificates", p["expires"]),
        )
        for p in parts
    ]  # fmt: skip


def _experience(cells: Cells) -> list[ClaimDraft]:
    names = ("title", "organisation", "from", "to", "summary")
    parts = [_parts(item, names, ";") for item in cells.items("experience")]
    return [
        ClaimDraft(
            "experience", label=p["title"][:200], organisation=p["organisation"][:160],
            from_month=cells.month("experience", p["from"]), to_month=cells.month("experience", p["to"]),
            summary=p["summary"][:1500],
        )
        for p in parts
    ]  # fmt: skip


def _write(uow: UnitOfWork, people: Sequence[_Person], known: _Known) -> None:
    claims: dict[str, Sequence[ClaimDraft]] = {}
    for person in people:
        account = person.account or accounts.create_account(
            uow, email=person.email, name=person.name, locale=person.values["language"] or known.locale,
            is_freelancer=True, confirmed=False,
        )  # fmt: skip
        _be_freelancer(uow, account)
        free: date | None = person.values["available_from"]
        visible = person.visible and bool(person.values["headline"])
        service.create_profile(uow, account=account, visible=visible, **(person.values | {"available_from": free}))
        claims[account] = person.claims
    claim_in_bulk(uow, claims)


def _be_freelancer(uow: UnitOfWork, account: str) -> None:
    person = uow.session.get(Account, account)
    if person is not None and not person.is_freelancer:
        accounts.become_freelancer(uow, account=account)
