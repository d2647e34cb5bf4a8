"""Pricing: a quote is built line by line; rules see it so far and only add.

Amounts of a deal: work, work_tax, client_fee, client_fee_tax, freelancer_fee, freelancer_fee_tax (minor units).
The client pays work + work_tax + client_fee + client_fee_tax; the freelancer receives
work + work_tax - freelancer_fee - freelancer_fee_tax. Fees are computed on work, never on tax.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from marketwright.kernel.money import Money, total


class LineKind(StrEnum):
    """What a line of a quote is; the closed list of amounts of a deal."""

    WORK = "work"
    WORK_TAX = "work_tax"
    CLIENT_FEE = "client_fee"
    CLIENT_FEE_TAX = "client_fee_tax"
    FREELANCER_FEE = "freelancer_fee"
    FREELANCER_FEE_TAX = "freelancer_fee_tax"


Param = Money | date | int | str


@dataclass(frozen=True, slots=True)
class Line:
    """One line: ``amount`` (never negative), the sentence shown, and the rule that made it.

    ``label`` and ``why`` are English sentences that pages translate, with ``%(name)s`` places filled from ``params``
    (``Money``, ``date``, ``int`` or ``str``, shown in the reader's way) and ``%(rate)s`` from ``bps``, the rate in
    basis points where the line is a share of another. ``rule`` names the rule, as ``<plugin>.<rule>`` in a finished
    quote. ``part`` is the number, from 0, of the milestone or period that the line belongs to.
    """

    kind: LineKind
    label: str
    amount: Money
    part: int
    rule: str = ""
    why: str = ""
    bps: int | None = None
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a quote: country (ISO 3166 alpha-2) and VAT regime (``standard``, ``franchise``, ``none``)."""

    country: str
    vat_regime: str
    vat_number: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One milestone or period to be priced: its title and the work in it, before tax and fees (more than zero)."""

    title: str
    work: Money


@dataclass(frozen=True, slots=True)
class Deal:
    """What is being priced: the parts, both sides, and what is known of their relation on that day.

    ``cumulated`` is the work they agreed before this deal, minor units before tax; ``first_contract`` when they first
    signed; ``own_network`` that they met outside and owe no commission. ``marketplace`` is the operator's country.
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


class PricingRule(ABC):
    """One rule of the ordered list: sees the quote so far, only adds lines; same quote, same lines.

    Percentages go part by part through :func:`marketwright.plugin.share_bps`, so that parts sum to the whole.
    """

    name: ClassVar[str]

    def __init__(self, settings: Mapping[str, Any], desk: Any) -> None:
        self.settings, self.desk = settings, desk

    @abstractmethod
    def lines(self, quote: Quote) -> list[Line]:
        """Lines to add: whole minor units, the deal's currency, never negative, each naming its part."""
