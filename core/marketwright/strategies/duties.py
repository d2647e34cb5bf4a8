"""What a country's law asks of businesses beside the invoice itself, as dated data: papers, days, periods."""

from collections.abc import Mapping
from datetime import date

from marketwright.kernel.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Dated:
    """The days on which something holds (``until`` is the last one, ``None`` for no end), and its source.

    ``source`` is an address, ``read`` the day on which it was looked up.
    """

    since: date
    until: date | None
    source: str
    read: date

    def holds(self, on: date) -> bool:
        """Whether it holds on that day."""
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Obligation:
    """Papers that a client must hold of who works for them, once their work together reaches ``amount``.

    ``amount`` is in minor units of ``currency``, before tax, cumulated a pair; ``check`` names the vetting check that
    collects the papers, which are asked for again after ``months``.
    """

    check: str
    amount: int
    currency: str
    months: int
    dated: Dated


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which nobody is expected to work, and its names by language."""

    day: date
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Retention:
    """How many ``years`` something is kept at least, and why; ``what`` and ``why`` by language."""

    name: str
    what: Mapping[str, str]
    years: int
    dated: Dated


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """Days in which one business pays another: where nothing is agreed, and at most."""

    usual_days: int
    longest_days: int
    dated: Dated


@dataclass(frozen=True, slots=True)
class InvoiceDuty:
    """What is asked of electronic invoices from a day on: ``whom`` must do ``what``, both by language.

    ``name`` says which duty it is: ``receive``, ``issue`` or ``report``.
    """

    name: str
    whom: Mapping[str, str]
    what: Mapping[str, str]
    dated: Dated
