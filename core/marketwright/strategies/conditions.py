"""Conditions: what must be met before a transition, handed in by a side, on a paper that others sign."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from typing import Any

from marketwright.kernel.frozen import dataclass
from marketwright.strategies.fields import Field, FieldForm, all_fit
from marketwright.strategies.processes import Role


@dataclass(frozen=True, slots=True)
class Signatory:
    """A kind of outsider who signs a condition's paper: ``name`` is a word, ``label`` and ``hint`` for people.

    Whoever hands in names from ``least`` to ``most`` of them. Each gets a link by mail, needs no account, and signs
    for the organisation that was named with them.
    """

    name: str
    label: str
    hint: str = ""
    least: int = 1
    most: int = 5


@dataclass(frozen=True, slots=True)
class Outsider:
    """One person who is to sign: ``kind`` names the :class:`Signatory`."""

    kind: str
    name: str
    email: str
    company: str = ""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What was handed in for a condition, before anything is stored.

    ``values`` by field as stored (rows as lists of dictionaries, dates as ISO), ``mission`` the mission's own fields
    with what was declared since, ``terms`` those of the signed agreement, ``now`` business time (UTC), ``zone`` the
    IANA name of the marketplace's time zone, ``confidentiality_signed`` whether the freelancer has signed the mission's
    confidentiality agreement, ``held`` which checks that the condition names in ``holding`` the freelancer holds now.
    """

    values: Mapping[str, Any]
    signatories: tuple[Outsider, ...]
    mission: Mapping[str, Any]
    terms: Mapping[str, Any]
    now: datetime
    zone: str
    confidentiality_signed: bool = False
    held: frozenset[str] = frozenset()


Errors = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that must be met before a transition: ``name`` is ``plugin.word``, ``label`` and ``how`` for people.

    ``role`` is who can meet it (by handing in ``asks``: ``text``, ``file``, ``date``, and ``fields``); a plugin may
    also meet it. ``before`` lists transitions of any process that wait for it on every new contract of the
    marketplace; without it a process asks for the condition by name. With ``only_last`` only the last milestone waits.

    ``when`` names fields of the mission and the values of each that turn the condition on; all of them must fit, and
    empty means always. One of these fields may be declared after signature: then the condition joins the running
    contract. ``check`` says what is wrong with what is handed in, by field (``scope``, of rows ``scope-0-address``,
    of signatories ``<kind>-0-email``; '' is the form as a whole).

    ``paper`` is the kind of the :class:`ContractTemplate` that is drawn from what is handed in: its terms are those
    of the signed agreement, with ``handed`` (the values), ``signatories`` (by kind) and ``condition``. It is signed by
    the ``parties`` on the site and by ``signatories`` through a link, until ``sign_by`` at the latest (``None``: no
    limit); the condition is met when all have. With ``confidential`` the two sides alone read it; where one of its
    fields is ``sealed``, all that is handed in and the paper are (it is ``confidential`` then). ``example`` gives
    values for a day that pass ``check``, for rehearsals and tests.

    An ``early`` one is answered before any contract, by a freelancer who signed the mission's confidentiality agreement
    (a mission that turns it on has one): sealed, for the client alone, each reading recorded. The contract begins with
    the answer. ``check`` is shown no ``terms`` then. It is the freelancer's, sealed, and has no paper.

    ``holding`` names vetting checks, private ones too: ``check`` is shown which of them the freelancer holds, so that
    an answer rests on the verdict and not on a word. Such a condition is the freelancer's, and sealed. What the client
    reads is what was handed in: a check that was not passed is told to nobody.

    ``spans`` says from when to when (UTC, business time) what was handed in allows the transitions ``within``: at any
    other time they are refused, with the next span named.
    """

    name: str
    label: str
    how: str
    role: Role
    asks: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    only_last: bool = False
    when: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    fields: tuple[Field, ...] = ()
    check: Callable[[HandedIn], Errors] | None = None
    paper: str = ""
    parties: tuple[Role, ...] = ()
    signatories: tuple[Signatory, ...] = ()
    sign_by: Callable[[HandedIn], datetime | None] | None = None
    confidential: bool = False
    spans: Callable[[HandedIn], Sequence[tuple[datetime, datetime]]] | None = None
    within: tuple[str, ...] = ()
    example: Callable[[date], Mapping[str, Any]] | None = None
    early: bool = False
    holding: tuple[str, ...] = ()

    @property
    def sealed(self) -> bool:
        """Whether what is handed in, and its paper, are sealed."""
        return any(f.sealed for f in self.fields)

    def concerns(self, mission: Mapping[str, Any]) -> bool:
        """Whether the condition is on for a mission with these fields."""
        return all_fit(mission, self.when)


def faults_of(condition: Condition, mission_fields: Mapping[str, Field]) -> list[str]:
    """What is wrong with ``condition`` as a declaration, in sentences."""
    found: list[str] = []
    strangers = [name for name in condition.when if name not in mission_fields]
    if strangers:
        found.append(f"it depends on the field {strangers[0]!r}, which no mission has.")
    signs = condition.parties or condition.signatories
    if signs and not condition.paper:
        found.append("it names who signs, and no paper.")
    if condition.sealed and not condition.confidential:
        found.append("a field of it is sealed: say confidential=True.")
    if bool(condition.within) != (condition.spans is not None):
        found.append("it has `spans` and names no transition `within` them, or the other way round.")
    if condition.early and (condition.role is not Role.FREELANCER or not condition.sealed or condition.paper):
        found.append("it is early: then it is the freelancer's, has a sealed field, and no paper.")
    if condition.holding and (condition.role is not Role.FREELANCER or not condition.sealed):
        found.append("it names checks in `holding`: then it is the freelancer's, and has a sealed field.")
    kinds = [s.name for s in condition.signatories]
    if len(set(kinds)) < len(kinds):
        found.append("two of its signatories have one name.")
    if set(kinds) & {f.name for f in condition.fields}:
        found.append("a signatory has the name of a field.")
    if any(f.form is FieldForm.FILE for f in condition.fields):
        found.append("a field is a file: ask for it with asks=(\"file\",) instead.")
    if any(not 0 <= s.least <= s.most for s in condition.signatories):
        found.append("a signatory has fewer at most than at least.")
    if set(condition.parties) - {Role.CLIENT, Role.FREELANCER}:
        found.append("a party that signs is the client or the freelancer.")
    return found
