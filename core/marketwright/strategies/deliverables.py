"""Deliverables: what is agreed beforehand, what is handed over, its measure, and whether it is accepted by it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, ClassVar

from marketwright.kernel.frozen import dataclass
from marketwright.strategies.fields import Field

Errors = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class HandedFile:
    """A file in a field of what is handed over, its bytes with it: a plugin may measure them."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class HandedRows:
    """A list of rows in what is handed over, as findings or samples.

    ``label`` and ``one`` name the list and one row, by language. ``columns`` are typed; ``derived`` are what
    :meth:`Deliverable.derive` says of each row; ``fixed`` come from an earlier delivery (:meth:`Deliverable.carried`):
    with them rows are neither added nor taken away. ``least`` is how many there must be. ``chart`` names a choice among
    the columns, whose counts are drawn above the list in the order of its choices.
    """

    name: str
    label: Mapping[str, str]
    one: Mapping[str, str]
    columns: tuple[Field, ...]
    least: int = 0
    derived: tuple[Field, ...] = ()
    fixed: tuple[Field, ...] = ()
    chart: str = ""

    @property
    def every(self) -> tuple[Field, ...]:
        """All columns in the order that people read them: fixed, typed, derived."""
        return (*self.fixed, *self.columns, *self.derived)


@dataclass(frozen=True, slots=True)
class Handed:
    """What is handed over: ``values`` by field, ``rows`` by list; plain values as fields are stored.

    A number is int or float, an amount minor units, a date ISO text, several choices a list, a file
    :class:`HandedFile`. What was left empty is not there.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the measure says: ``met``, or ``None`` where people have to look.

    ``figures`` are (what, how much) and ``sentences`` whole sentences that both sides read; say them with
    :func:`~marketwright.kernel.text.say`, so that each reads them in their language.
    """

    met: bool | None = None
    figures: tuple[tuple[str, str], ...] = ()
    sentences: tuple[str, ...] = ()


class Deliverable(ABC):
    """One kind of thing that is handed over; a transition names it in ``delivers``.

    ``name`` is ``<plugin>.<word>``; ``label`` and ``summary`` are messages. ``agreed`` is asked wherever a proposal is
    written, printed in the contract and frozen with it; ``handed`` and ``rows`` are asked at delivery. What is
    ``sealed`` is encrypted, read by the two parties alone (by staff with an open case), and deleted on the date that
    the contract names. ``follows`` lists deliverables of the same milestone whose latest delivery its rows come from.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    summary: ClassVar[str] = ""
    agreed: ClassVar[tuple[Field, ...]] = ()
    handed: ClassVar[tuple[Field, ...]] = ()
    rows: ClassVar[tuple[HandedRows, ...]] = ()
    sealed: ClassVar[bool] = False
    follows: ClassVar[tuple[str, ...]] = ()

    def __init__(self, settings: Mapping[str, Any], desk: Any) -> None:
        self.settings, self.desk = settings, desk

    def check_agreed(self, agreed: Mapping[str, Any]) -> Errors:  # noqa: ARG002
        """What is wrong with ``agreed``, by field; empty where it can be agreed on. Forms are checked before."""
        return {}

    def check(self, agreed: Mapping[str, Any], handed: Handed) -> Errors:  # noqa: ARG002
        """What is wrong with ``handed``: by field, or ``<rows>-<number from 0>-<column>``; empty where it is whole."""
        return {}

    def derive(self, rows: str, row: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002
        """The derived columns of one row of the list ``rows``; asked after ``check`` found nothing."""
        return {}

    def carried(self, before: Handed) -> Mapping[str, Sequence[Mapping[str, Any]]]:  # noqa: ARG002
        """The rows, by list, that ``before`` (a delivery that this one follows) leaves to be answered."""
        return {}

    def judge(self, agreed: Mapping[str, Any], handed: Handed) -> Judgement:  # noqa: ARG002
        """Whether ``handed`` meets what was ``agreed``; the same values always give the same judgement."""
        return Judgement()

    @abstractmethod
    def example(self) -> tuple[Mapping[str, Any], Handed]:
        """What a rehearsal agrees on and hands over: valid, and met where there is a measure."""
