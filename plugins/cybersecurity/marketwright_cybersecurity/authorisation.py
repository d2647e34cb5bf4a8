"""The authorisation to test: the scope in the words of whoever owns and hosts the targets, signed before it opens."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from marketwright.plugin import N_, Condition, Field, FieldForm, HandedIn, Role, Signatory, SlotFill, say
from marketwright_cybersecurity import scope
from marketwright_cybersecurity.practice import TOUCHING

AUTHORISATION = "cybersecurity.authorisation_to_test"
PAPER = "authorisation_to_test"
_METHODS = (
    ("exploit", {"en": "Exploit what was found to prove it", "fr": "Exploiter ce qui est trouvé pour le prouver"}),
    ("credentials", {"en": "Try a limited number of passwords", "fr": "Essayer un nombre limité de mots de passe"}),
    ("social", {"en": "Deceive persons (social engineering)", "fr": "Tromper des personnes (ingénierie sociale)"}),
    ("physical", {"en": "Enter premises", "fr": "Pénétrer dans les locaux"}),
    ("denial", {"en": "Denial of service", "fr": "Déni de service"}),
    ("persistence", {"en": "Stay inside until the window closes", "fr": "Se maintenir jusqu’à la fin de la fenêtre"}),
)
METHODS = Field(
    "condition", "methods", FieldForm.CHOICES,
    {"en": "Allowed beyond observation", "fr": "Autorisé au-delà de l’observation"},
    hint={"en": "What is not ticked is forbidden.", "fr": "Ce qui n’est pas coché est interdit."}, choices=_METHODS,
    sealed=True,
)  # fmt: skip
CONTACT = Field(
    "condition", "emergency_contact", FieldForm.TEXT,
    {"en": "Whom to call at once, day and night", "fr": "Qui appeler immédiatement, jour et nuit"},
    hint={"en": "Name and telephone.", "fr": "Nom et téléphone."}, required=True, sealed=True,
)  # fmt: skip


def check(handed: HandedIn) -> Mapping[str, str]:
    """The scope is sound, and a host signs where one is named."""
    errors: dict[str, str] = dict(scope.check(handed.values, now=handed.now, zone=handed.zone))
    hosted = any(row.get("held") == "hosted" for row in handed.values.get("holdings", ()))
    hosts = [p for p in handed.signatories if p.kind == "host"]
    if hosted and not hosts:
        errors["host"] = say("A host runs some of this: name who signs for the host.")
    return errors


def first_opens(handed: HandedIn) -> datetime | None:
    """When the first window opens: by then everybody has signed, or another window is needed."""
    return min((opens for opens, _ in scope.windows_of(handed.values, ZoneInfo(handed.zone))), default=None)


def spans(handed: HandedIn) -> Sequence[tuple[datetime, datetime]]:
    """The windows: the tests open in one of them, and at no other time."""
    return tuple(scope.windows_of(handed.values, ZoneInfo(handed.zone)))


def example(day: date) -> Mapping[str, Any]:
    """A shop and its machines, two nights, a fortnight from ``day``."""
    first = day + timedelta(days=14)
    night = {"opens_at": "22:00", "closes_at": "05:30"}
    return {
        "scope_targets": [{"kind": "application", "target": "https://shop.example.org"},
                          {"kind": "range", "target": "198.51.100.0/28"}],
        "holdings": [{"what": "example.org", "held": "owned"}, {"what": "198.51.100.0/27", "held": "hosted"}],
        "exclusions": [{"excluded": "https://shop.example.org/pay", "why_excluded": "Run by the bank"},
                       {"excluded": "198.51.100.9", "why_excluded": "Telephony"}],
        "windows": [{**night, "opens_on": (first + timedelta(days=n)).isoformat(),
                     "closes_on": (first + timedelta(days=n + 1)).isoformat()} for n in (0, 1)],
        "methods": ["exploit"], "emergency_contact": "Sofia Lindqvist, +33 3 20 00 00 00",
    }  # fmt: skip


CONDITION = Condition(
    name=AUTHORISATION,
    label=N_("Authorisation to test"),
    how=N_(
        "The {client} says what may be tested, when, and whose it is. Whoever owns and whoever hosts the targets sign "
        "it through a link by mail, before the first window opens. Without it nobody touches a system."
    ),
    role=Role.CLIENT,
    before=("fund", "deliver"),
    when={"engagement": (*TOUCHING, None)},  # of what is not said, rather once too often
    fields=(scope.TARGETS, scope.HOLDINGS, scope.EXCLUSIONS, scope.WINDOWS, METHODS, CONTACT),
    check=check,
    paper=PAPER,
    signatories=(
        Signatory("owner", N_("Owner of the targets"),
                  N_("Who may decide over these systems; often the {client} itself."), most=8),
        Signatory("host", N_("Host of the targets"),
                  N_("Who runs machines or networks for the owner, if anybody does."), least=0, most=8),
    ),
    sign_by=first_opens,
    confidential=True,
    spans=spans,
    within=("open_tests", "resume", "open_retest"),
    example=example,
)  # fmt: skip


class WhatToHandIn(SlotFill):
    """Says above the form what an authorisation must name, so that it need not be asked for twice."""

    slot = "contract.condition"
    template = "cybersecurity/authorisation.html"

    def fill(self, ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """Beside the authorisation alone; other conditions show nothing."""
        return {AUTHORISATION: {}} if AUTHORISATION in ids else {}
