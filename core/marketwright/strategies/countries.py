"""Country packs: what one country's law says of invoices, as data. Core applies it and knows no country.

A pack is values and no code, so that a document can be drawn up inside the commit that numbers it. Every rule and
every sentence of the law carries the days between which it holds, and where it was read.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from enum import StrEnum
from itertools import product

from marketwright.kernel.frozen import dataclass
from marketwright.strategies.duties import Dated, Holiday, InvoiceDuty, Obligation, PaymentTerms, Retention

NEAR = 40  # characters before words that may turn them into their opposite
REGIMES = ("standard", "franchise", "none")


class Place(StrEnum):
    """Where the customer is, seen from the seller: the same country, the same VAT union, or neither."""

    DOMESTIC = "domestic"
    UNION = "union"
    OUTSIDE = "outside"


class TaxCategory(StrEnum):
    """The codes of EN 16931 (UNTDID 5305) that a service between businesses can have."""

    STANDARD = "S"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    OUTSIDE = "O"


class Tag(StrEnum):
    """When a mention is due; a document carries several of these. A tax row's own mention is named by the row."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    FOR_ANOTHER = "for_another"  # issued by the marketplace in the seller's name, under a mandate
    UNPAID = "unpaid"  # to be paid by a date, as against paid already


@dataclass(frozen=True, slots=True)
class Mention:
    """A sentence that the law asks for, by language, on documents with one of ``tags`` or that a tax row names.

    ``{issuer}`` stands for who issues in another's name. ``subject`` is the code of a note in an electronic invoice
    (UNTDID 4451, as ``PMD`` for penalties), '' for one without.
    """

    name: str
    texts: Mapping[str, str]
    dated: Dated
    tags: tuple[Tag, ...] = ()
    subject: str = ""

    def text(self, language: str) -> str:
        """The sentence in ``language``, else in the first that there is."""
        return self.texts.get(language) or next(iter(self.texts.values()))


@dataclass(frozen=True, slots=True)
class Supply:
    """What a decision is about: the seller's VAT regime, where the customer is, whether they have a VAT number."""

    regime: str
    place: Place
    vat_number: bool


@dataclass(frozen=True, slots=True)
class TaxRow:
    """One row of the decision table; an empty ``regimes`` or ``places`` and ``vat_number`` ``None`` fit everything.

    ``mention`` names the sentence that must stand on the document, ``code`` the reason of an exemption (VATEX list).
    A ``STANDARD`` row is charged at the country's standard rate, every other one at zero.
    """

    name: str
    category: TaxCategory
    regimes: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    vat_number: bool | None = None
    mention: str = ""
    code: str = ""

    def fits(self, supply: Supply) -> bool:
        """Whether the row is about ``supply``."""
        return (
            (not self.regimes or supply.regime in self.regimes)
            and (not self.places or supply.place in self.places)
            and self.vat_number in (None, supply.vat_number)
        )


@dataclass(frozen=True, slots=True)
class Rate:
    """The standard rate, in basis points."""

    bps: int
    dated: Dated


@dataclass(frozen=True, slots=True)
class Register:
    """How an electronic invoice names a business of the country.

    ``scheme`` (ISO 6523) is that of its number, the first ``digits`` digits of what was typed; ``address`` that of the
    address that invoices are sent to, '' for none.
    """

    scheme: str
    digits: int
    address: str = ""

    def number(self, typed: str) -> str:
        """The number alone, '' where ``typed`` has too few digits."""
        found = "".join(c for c in typed if c.isdigit())[: self.digits]
        return found if len(found) == self.digits else ""


@dataclass(frozen=True, slots=True)
class Identifiers:
    """The numbers of the country's businesses, checked by their keys.

    ``label`` is what people call the registration number; ``registration`` and ``vat`` name modules of python-stdnum,
    as ``eu.vat``: one of the first must accept the registration number. ``shared`` is how many characters, at the end
    of the VAT number, are those that the registration number begins with, 0 for none; ``shared_label`` names them.
    ``postcode`` is an example of a postcode, as ``75011`` or ``1011 AB``: others have digits, letters and spaces at the
    same places; '' leaves it free. ``form_hint`` says, by language, what invoices carry beside the legal form.
    """

    label: str
    registration: tuple[str, ...]
    vat: str
    shared: int = 0
    shared_label: str = ""
    postcode: str = ""
    form_hint: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Background:
    """What may be asked of a person's past: a paper that they obtain themselves and show; no copy of it is kept.

    ``paper`` names it and ``how`` says who obtains it and what is not asked, by language; ``months`` is how old it may
    be.
    """

    paper: Mapping[str, str]
    how: Mapping[str, str]
    months: int
    dated: Dated


@dataclass(frozen=True, slots=True)
class Mandate:
    """The mandate by which a freelancer lets the marketplace invoice in their name: its text by language.

    Paragraphs are separated by an empty line; ``{marketplace}`` and ``{days}`` are filled in. A changed text is a new
    ``version``, and is accepted anew.
    """

    version: str
    texts: Mapping[str, str]
    contest_days: int


@dataclass(frozen=True, slots=True)
class Risk:
    """Words in a contract that would read as something else than independent work.

    ``label`` names it by language. ``patterns`` are regular expressions by language, matched whatever the case;
    ``why`` says by language what they may be taken for, and what to write instead. ``unless`` are patterns by language
    of what, shortly before, turns the words into their opposite, as "no".
    """

    name: str
    label: Mapping[str, str]
    patterns: Mapping[str, tuple[str, ...]]
    why: Mapping[str, str]
    dated: Dated
    unless: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Flag:
    """A place in a text that a :class:`Risk` is about: its words as they stand, and why they are one."""

    name: str
    quote: str
    why: str


@dataclass(frozen=True, slots=True)
class Country:
    """The pack of one country (ISO 3166 alpha-2): how what its businesses sell is taxed and invoiced.

    ``union`` are the countries of its VAT union, itself among them; ``areas`` says of a territory whose VAT area it
    belongs to. ``identifiers`` are the numbers of its businesses; without them a registration number is taken as typed,
    and a VAT number checked as the Union's. ``needs`` are the fields of a seller's legal identity without which no
    invoice is issued.
    ``modes`` are codes of the business process that its electronic invoices name (BT-23), of one to be paid (``due``)
    and one paid already (``paid``). ``taxes`` are read from above, the first row that fits decides; every supply must
    fit one. What else a pack knows is optional: ``obligations`` of clients towards who works for them, ``risks`` in
    the wording of contracts, ``holidays``, ``retention`` periods, payment ``terms``,
    what may be asked of a person's past (``background``; where a country says nothing of it, nothing is asked), and
    from when on what must be done with ``electronic`` invoices. They are made in ``currency`` alone, where it is named:
    in another they would have to say the VAT in that one too, at a rate that is not kept. ``vat_check`` names the
    vetting check that asks whether a VAT number is valid: a document that leaves the tax to the customer keeps its
    answer, and waits where it is no.
    ``own_rate`` (basis points) is set by core where the operator has set a rate: it goes before ``rates``.
    """

    code: str
    taxes: tuple[TaxRow, ...]
    rates: tuple[Rate, ...]
    mentions: tuple[Mention, ...]
    mandate: Mandate
    union: frozenset[str] = frozenset()
    areas: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ("name", "registration_number")
    register: Register | None = None
    identifiers: Identifiers | None = None
    background: tuple[Background, ...] = ()
    modes: Mapping[str, str] = field(default_factory=dict)
    obligations: tuple[Obligation, ...] = ()
    risks: tuple[Risk, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    retention: tuple[Retention, ...] = ()
    terms: PaymentTerms | None = None
    electronic: tuple[InvoiceDuty, ...] = ()
    vat_check: str = ""
    currency: str = ""
    own_rate: int | None = None

    @property
    def name(self) -> str:
        """The code: no two packs are about one country."""
        return self.code

    def place(self, customer: str) -> Place:
        """Where a customer in the country ``customer`` is."""
        there = self.areas.get(customer, customer)
        if there == self.areas.get(self.code, self.code):
            return Place.DOMESTIC
        return Place.UNION if there in self.union and self.code in self.union else Place.OUTSIDE

    def decide(self, supply: Supply) -> TaxRow:
        """The row of the decision table for ``supply``."""
        return next(row for row in self.taxes if row.fits(supply))

    def rate(self, on: date) -> int | None:
        """The standard rate on a day, in basis points; ``None`` where the pack knows none."""
        if self.own_rate is not None:
            return self.own_rate
        return next((rate.bps for rate in self.rates if rate.dated.holds(on)), None)

    def mentions_for(self, *, tags: Sequence[Tag], named: str, on: date) -> list[Mention]:
        """What must stand on a document of that day, in the pack's order."""
        return [
            m for m in self.mentions
            if m.dated.holds(on) and (m.name == named or any(tag in m.tags for tag in tags))
        ]  # fmt: skip

    def may_ask(self, on: date) -> Background | None:
        """What may be asked of a person's past on a day, ``None`` for nothing."""
        return next((b for b in self.background if b.dated.holds(on)), None)

    def obligation(self, on: date) -> Obligation | None:
        """What clients must hold of who works for them, on a day."""
        return next((o for o in self.obligations if o.dated.holds(on)), None)

    def flags(self, text: str, *, language: str, on: date) -> list[Flag]:
        """What in ``text`` would read as something else than independent work, in the order of the text."""
        found = []
        for risk in (r for r in self.risks if r.dated.holds(on)):
            opposite = risk.unless.get(language, "")
            for pattern in risk.patterns.get(language, ()):
                for match in re.finditer(pattern, text, re.IGNORECASE):
                    before = text[max(0, match.start() - NEAR) : match.start()]
                    if opposite and re.search(opposite, before, re.IGNORECASE):
                        continue
                    start, end = max(0, match.start() - 30), min(len(text), match.end() + 30)
                    quote = " ".join(text[start:end].split())
                    found.append((match.start(), Flag(risk.name, quote, risk.why.get(language) or risk.why["en"])))
        return [flag for _at, flag in sorted(found, key=lambda one: one[0])]

    def holiday(self, day: date) -> Holiday | None:
        """The holiday on a day."""
        return next((h for h in self.holidays if h.day == day), None)

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday, and no holiday."""
        return day.weekday() < 5 and self.holiday(day) is None


def every_supply() -> list[Supply]:
    """All there is to decide."""
    return [Supply(*one) for one in product(REGIMES, Place, (True, False))]


def faults_of(country: Country) -> list[str]:
    """What is wrong with a pack, a sentence each: supplies that no row decides, rows never reached, unknown names."""
    supplies = every_supply()
    found = [f"no row of its taxes fits {s}" for s in supplies if not any(row.fits(s) for row in country.taxes)]
    decided = {country.decide(s).name for s in supplies} if not found else {row.name for row in country.taxes}
    found += [f"the row {row.name!r} of its taxes is never reached" for row in country.taxes if row.name not in decided]
    known = {m.name for m in country.mentions}
    found += [
        f"the row {row.name!r} names the mention {row.mention!r}, which is not there"
        for row in country.taxes if row.mention and row.mention not in known
    ]  # fmt: skip
    found += [
        f"the row {row.name!r} charges nothing and names no mention that says why"
        for row in country.taxes if row.category is not TaxCategory.STANDARD and not row.mention
    ]  # fmt: skip
    found += [f"the mention {m.name!r} has no text" for m in country.mentions if not any(m.texts.values())]
    if len(country.code) != 2 or not country.code.isupper():
        found.append(f"its code {country.code!r} is not two capital letters")
    for risk in country.risks:
        for pattern in (p for listed in risk.patterns.values() for p in listed):
            try:
                re.compile(pattern)
            except re.error as error:
                found.append(f"the pattern {pattern!r} of the risk {risk.name!r} is none: {error}")
    if not any(country.mandate.texts.values()):
        found.append("its mandate has no text")
    return found


__all__ = [
    "REGIMES", "Background", "Country", "Dated", "Flag", "Holiday", "Identifiers", "InvoiceDuty", "Mandate", "Mention",
    "Obligation", "PaymentTerms", "Place", "Rate", "Register", "Retention", "Risk", "Supply", "Tag", "TaxCategory",
    "TaxRow", "every_supply", "faults_of",
]  # fmt: skip
