"""Pricing: a quote is built line by line; rules see it so far and only add.

Amounts of a deal: work, work_tax, client_fee, client_fee_tax, freelancer_fee, freelancer_fee_tax (minor units).
The client pays work + work_tax + client_fee + client_fee_tax; the freelancer receives
work + work_tax - freelancer_fee - freelancer_fee_tax. Fees are computed on work, never on tax. What either side buys
beside the deal (an *extra*: insurance, legal help, training) stands in the quote too, and is billed by the marketplace
apart: it is never part of what is held.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar

from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money, total
from marketwright.strategies.countries import Country


class LineKind(StrEnum):
    """What a line of a quote is: the six amounts of a deal (:data:`AMOUNTS`), and what is billed beside them."""

    WORK = "work"
    WORK_TAX = "work_tax"
    CLIENT_FEE = "client_fee"
    CLIENT_FEE_TAX = "client_fee_tax"
    FREELANCER_FEE = "freelancer_fee"
    FREELANCER_FEE_TAX = "freelancer_fee_tax"
    CLIENT_EXTRA = "client_extra"
    CLIENT_EXTRA_TAX = "client_extra_tax"
    FREELANCER_EXTRA = "freelancer_extra"
    FREELANCER_EXTRA_TAX = "freelancer_extra_tax"


AMOUNTS = (
    LineKind.WORK, LineKind.WORK_TAX, LineKind.CLIENT_FEE, LineKind.CLIENT_FEE_TAX, LineKind.FREELANCER_FEE,
    LineKind.FREELANCER_FEE_TAX,
)  # fmt: skip  # what is held, released and refunded, in the order of every table that keeps them
Param = Money | date | int | str


@dataclass(frozen=True, slots=True)
class Override:
    """A signed exception to "both sides together pay from 5 to 15 %" (L11): who signed it, when, and why."""

    by: str
    on: date
    why: str


@dataclass(frozen=True, slots=True)
class Note:
    """One more reason of a line: a sentence and what fills its places, ``%(rate)s`` from ``bps``, as in a line."""

    text: str
    params: Mapping[str, Param] = field(default_factory=dict)
    bps: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line: ``amount`` (never negative), the sentence shown, and the rule that made it.

    ``label`` and ``why`` are English sentences that pages translate, with ``%(name)s`` places filled from ``params``
    (``Money``, ``date``, ``int`` or ``str``, shown in the reader's way, the code of a ``country`` as its name) and
    ``%(rate)s`` from ``bps``, the rate in basis points where the line is a share of another. ``rule`` names the rule,
    as ``<plugin>.<rule>`` in a finished quote. ``part`` is the number, from 0, of the milestone or period that the line
    belongs to. ``notes`` are further reasons, shown after ``why``. ``override`` is the signed exception by which a fee
    may leave 5 to 15 %.
    """

    kind: LineKind
    label: str
    amount: Money
    part: int
    rule: str = ""
    why: str = ""
    bps: int | None = None
    params: Mapping[str, Param] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a quote: country (ISO 3166 alpha-2) and VAT regime (``standard``, ``franchise``, ``none``).

    ``entitlements`` are the names of what its plan entitles it to on that day, such as ``lower_commission``.
    """

    country: str
    vat_regime: str
    vat_number: str = ""
    entitlements: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Voucher:
    """A code that makes the fee of ``side`` smaller: by ``bps`` of the work, or by ``amount`` on the whole deal.

    Without ``override`` it never takes both fees together below 5 % of the work.
    """

    code: str
    side: str
    bps: int = 0
    amount: Money | None = None
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class Extra:
    """What ``side`` buys of the marketplace beside the deal: ``amount`` before tax; ``taxed`` whether VAT is due."""

    name: str
    side: str
    label: str
    amount: Money
    taxed: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """One milestone or period to be priced: its title and the work in it, before tax and fees (more than zero)."""

    title: str
    work: Money


@dataclass(frozen=True, slots=True)
class Deal:
    """What is being priced: the parts, both sides, and what is known of their relation on that day.

    ``cumulated`` is the work they agreed before this deal, minor units before tax; ``first_contract`` when they first
    signed; ``own_network`` that they met outside and owe no commission. ``marketplace`` is the operator's country,
    ``regime`` its VAT regime ('' where nobody has said). ``countries`` are the country packs that are enabled, by code:
    their decision tables say how the invoices will be taxed. They are laid by core and never stored with a quote.
    ``categories`` are the ids of the skills that the mission asks for, with every broader one; ``process`` is the name
    of the course of the deal. ``vouchers`` are the codes that count, ``extras`` what was ordered beside the deal.
    """

    currency: str
    parts: tuple[Part, ...]
    client: Party
    freelancer: Party
    on: date
    own_network: bool = False
    first_contract: date | None = None
    cumulated: int = 0
    marketplace: str = ""
    categories: frozenset[str] = frozenset()
    process: str = ""
    vouchers: tuple[Voucher, ...] = ()
    extras: tuple[Extra, ...] = ()
    regime: str = ""
    countries: Mapping[str, Country] = field(default_factory=dict, compare=False, repr=False)

    @property
    def work(self) -> Money:
        """The work of all parts."""
        return total((p.work for p in self.parts), self.currency)


@dataclass(frozen=True, slots=True)
class Quote:
    """Fee truth: every line, and the sums that follow from them."""

    deal: Deal
    lines: tuple[Line, ...]

    def sum_of(self, *kinds: LineKind, part: int | None = None) -> Money:
        """The sum of the lines of ``kinds``, of one part or of all."""
        return total(
            (ln.amount for ln in self.lines if ln.kind in kinds and (part is None or ln.part == part)),
            self.deal.currency,
        )

    def client_pays(self, part: int | None = None) -> Money:
        """work + work_tax + client_fee + client_fee_tax."""
        k = LineKind
        return self.sum_of(k.WORK, k.WORK_TAX, k.CLIENT_FEE, k.CLIENT_FEE_TAX, part=part)

    def freelancer_receives(self, part: int | None = None) -> Money:
        """work + work_tax - freelancer_fee - freelancer_fee_tax."""
        k = LineKind
        return self.sum_of(k.WORK, k.WORK_TAX, part=part) - self.sum_of(
            k.FREELANCER_FEE, k.FREELANCER_FEE_TAX, part=part
        )

    def extras_of(self, side: str) -> Money:
        """What ``side`` (``client``, ``freelancer``) pays beside the deal, tax included."""
        k = LineKind
        kinds = (k.CLIENT_EXTRA, k.CLIENT_EXTRA_TAX) if side == "client" else (
            k.FREELANCER_EXTRA, k.FREELANCER_EXTRA_TAX)  # fmt: skip
        return self.sum_of(*kinds)

    @property
    def overrides(self) -> tuple[Override, ...]:
        """The signed exceptions at work, each once."""
        return tuple(dict.fromkeys(line.override for line in self.lines if line.override is not None))


class PricingRule(ABC):
    """One rule of the ordered list: sees the quote so far, only adds lines; same quote, same lines.

    Percentages go part by part through :func:`marketwright.plugin.share_bps`, so that parts sum to the whole.
    ``vat_rates`` are those that the operator has set for a country, in basis points: core has the country's pack say
    the same, so that what is no deal (a plan) is taxed alike.
    """

    name: ClassVar[str]
    vat_rates: Mapping[str, int] = MappingProxyType({})

    def __init__(self, settings: Mapping[str, Any], desk: Any) -> None:
        self.settings, self.desk = settings, desk

    @abstractmethod
    def lines(self, quote: Quote) -> list[Line]:
        """Lines to add: whole minor units, the deal's currency, never negative, each naming its part."""
