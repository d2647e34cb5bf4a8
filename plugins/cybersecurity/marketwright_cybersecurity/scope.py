"""The scope of a test as rows: targets, what of it is whose, exclusions, windows; and what is wrong with them. "
"Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from publicsuffixlist import PublicSuffixList

from marketwright.plugin import Field, FieldForm, say

Network = IPv4Network | IPv6Network
Row = Mapping[str, Any]
Errors = dict[str, str]
WIDEST = {4: 16, 6: 48}  # the shortest prefix that one owner's range has here
_PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")))
_LABEL = re.compile(r"^(?!-)[a-z0-9-]{1,63}(?<!-)$")
_HOUR = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")


def _field(name: str, form: FieldForm, en: str, fr: str, **more: Any) -> Field:
    return Field("condition", name, form, {"en": en, "fr": fr}, **more)


_KINDS = (
    ("domain", {"en": "Domain", "fr": "Domaine"}), ("address", {"en": "Address", "fr": "Adresse IP"}),
    ("range", {"en": "Range of addresses", "fr": "Plage d’adresses"}),
    ("application", {"en": "Application", "fr": "Application"}),
)  # fmt: skip
_HELD = (
    ("owned", {"en": "We own it", "fr": "Nous en sommes propriétaires"}),
    ("hosted", {"en": "A host runs it and confirms so", "fr": "Un hébergeur l’exploite et le confirme"}),
)
TARGETS = _field(
    "scope_targets", FieldForm.ROWS, "Targets", "Cibles", sealed=True, required=True, most=60,
    rows=(
        _field("kind", FieldForm.CHOICE, "Kind", "Nature", choices=_KINDS, required=True),
        _field("target", FieldForm.TEXT, "Target", "Cible", required=True,
               hint={"en": "shop.example.org, 198.51.100.7, 198.51.100.0/28, https://shop.example.org/pay",
                     "fr": "boutique.example.org, 198.51.100.7, 198.51.100.0/28, https://boutique.example.org/payer"}),
    ),
)  # fmt: skip
HOLDINGS = _field(
    "holdings", FieldForm.ROWS, "Whose it is", "À qui cela appartient", sealed=True, required=True, most=30,
    hint={"en": "Domains and ranges that every target lies in. What a host runs is signed by the host too.",
          "fr": "Les domaines et plages dont relève chaque cible. Ce qu’un hébergeur exploite est aussi signé par "
                "lui."},
    rows=(
        _field("what", FieldForm.TEXT, "Domain or range", "Domaine ou plage", required=True),
        _field("held", FieldForm.CHOICE, "Held by", "Détention", choices=_HELD, required=True),
    ),
)  # fmt: skip
EXCLUSIONS = _field(
    "exclusions", FieldForm.ROWS, "Excluded", "Exclusions", sealed=True, most=60,
    hint={"en": "Parts of the targets that nobody may touch.", "fr": "Parties des cibles auxquelles nul ne touche."},
    rows=(
        _field("excluded", FieldForm.TEXT, "What", "Quoi", required=True),
        _field("why_excluded", FieldForm.TEXT, "Why", "Pourquoi"),
    ),
)  # fmt: skip
WINDOWS = _field(
    "windows", FieldForm.ROWS, "Windows", "Fenêtres d’intervention", sealed=True, required=True, most=20,
    hint={"en": "When tests may run, in the time zone of this site. It must be signed before the first one opens.",
          "fr": "Quand les tests peuvent avoir lieu, au fuseau horaire de ce site. À signer avant l’ouverture de la "
                "première."},
    rows=(
        _field("opens_on", FieldForm.DATE, "Opens on", "Ouvre le", required=True),
        _field("opens_at", FieldForm.TEXT, "At", "À", required=True, hint={"en": "As 22:00", "fr": "Comme 22:00"}),
        _field("closes_on", FieldForm.DATE, "Closes on", "Ferme le", required=True),
        _field("closes_at", FieldForm.TEXT, "At", "À", required=True, hint={"en": "As 06:00", "fr": "Comme 06:00"}),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """What a target, holding or exclusion names: a domain (``names`` below it with ``below``) or a network.

    ``path`` is that of an application, without its last slash.
    """

    domain: str = ""
    network: Network | None = None
    below: bool = False
    path: str = ""

    def within(self, other: "Place") -> bool:
        """Whether all of this lies in ``other``."""
        if self.network is not None or other.network is not None:
            return _subnet(self.network, other.network) and _under(self.path, other.path)
        if self.domain == other.domain:
            return (not self.below or other.below) and _under(self.path, other.path)
        return other.below and self.domain.endswith(f".{other.domain}")

    def meets(self, other: "Place") -> bool:
        """Whether the two share anything."""
        return self.within(other) or other.within(self)


def _subnet(inner: Network | None, outer: Network | None) -> bool:
    if isinstance(inner, IPv4Network) and isinstance(outer, IPv4Network):
        return inner.subnet_of(outer)
    return isinstance(inner, IPv6Network) and isinstance(outer, IPv6Network) and inner.subnet_of(outer)


def _under(path: str, other: str) -> bool:
    return not other or path == other or path.startswith(f"{other}/")


class Refused(ValueError):
    """Why something typed is no place that may be named; its text is for people."""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def place(text: str, *, wide: bool = False) -> Place:
    """What ``text`` names; :class:`Refused` says why it may not. ``wide`` lets a bare domain stand for all below "
    "it."""
    typed = text.strip().rstrip(".")
    if "://" in typed:
        parts = urlsplit(typed)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise Refused(say("Type an application as https://host/path."))
        found = place(parts.hostname)
        return Place(found.domain, found.network, path=parts.path.rstrip("/"))
    if "/" in typed or _is_address(typed):
        return Place(network=_network(typed))
    return _domain(typed.lower(), wide=wide)


def _is_address(typed: str) -> bool:
    try:
        ip_address(typed)
    except ValueError:
        return False
    return True


def _network(typed: str) -> Network:
    try:
        found = ip_network(typed)
    except ValueError:
        raise Refused(say("This is no range. Type it as 198.51.100.0/28, its first address and its length.")) from None
    if found.is_loopback or found.is_multicast or found.is_link_local or found.is_unspecified:
        raise Refused(say("This address belongs to nobody: it means another machine to each reader."))
    if found.prefixlen < WIDEST[found.version]:
        raise Refused(say("This range is too wide to be one owner's. At most %(n)s.", n=f"/{WIDEST[found.version]}"))
    return found


def _domain(typed: str, *, wide: bool) -> Place:
    below = typed.startswith("*.")
    name = typed[2:] if below else typed
    try:
        name = name.encode("idna").decode() if name else ""
    except UnicodeError:
        raise Refused(say("This is neither a domain nor an address.")) from None
    if "*" in name or not name or not all(_LABEL.match(part) for part in name.split(".")):
        whole = not name or name == "*"
        raise Refused(say("A wildcard over everything names no target.") if whole and "*" in typed
                      else say("This is neither a domain nor an address."))  # fmt: skip
    if _suffixes().privatesuffix(name) is None:
        raise Refused(say("%(name)s is a whole zone with many owners. Name the domain that is yours.", name=name))
    return Place(domain=name, below=below or wide)


def check(values: Mapping[str, Any], *, now: datetime, zone: str) -> Errors:
    """What is wrong with a scope, by field and row."""
    errors: Errors = {}
    holdings = _places(values.get("holdings", ()), "holdings", "what", errors, wide=True)
    targets = _places(values.get("scope_targets", ()), "scope_targets", "target", errors)
    exclusions = _places(values.get("exclusions", ()), "exclusions", "excluded", errors)
    for n, row in enumerate(values.get("scope_targets", ())):
        if n in targets and f"scope_targets-{n}-target" not in errors:
            errors |= _of_target(n, row, targets[n], holdings.values())
    errors |= _of_exclusions(exclusions, targets)
    errors |= _of_windows(values.get("windows", ()), now, ZoneInfo(zone))
    return errors


def _places(rows: Sequence[Row], field: str, cell: str, errors: Errors, *, wide: bool = False) -> dict[int, Place]:
    found: dict[int, Place] = {}
    for n, row in enumerate(rows):
        try:
            found[n] = place(str(row.get(cell, "")), wide=wide)
        except Refused as refused:
            errors[f"{field}-{n}-{cell}"] = refused.args[0]
    return found


def _of_target(n: int, row: Row, found: Place, holdings: Iterable[Place]) -> Errors:
    kind, cell = row.get("kind"), f"scope_targets-{n}-target"
    single = found.network is not None and found.network.num_addresses == 1
    fits = {"domain": bool(found.domain) and not found.path, "address": single and not found.path,
            "range": found.network is not None and not single, "application": "://" in str(row["target"])}  # fmt: skip
    if not fits.get(str(kind), True):
        return {cell: say("This does not fit the kind that is chosen beside it.")}
    if any(found.within(held) for held in holdings):
        return {}
    if found.network is not None and any(_subnet(found.network, own) for own in _PRIVATE):
        return {cell: say("A private address says nothing of its owner. Name the network it lies in below, as owned or "
                          "hosted.")}  # fmt: skip
    return {cell: say("This lies outside all that is named below as owned or hosted: it may be a neighbour's.")}


def _of_exclusions(exclusions: Mapping[int, Place], targets: Mapping[int, Place]) -> Errors:
    errors: Errors = {}
    for n, found in exclusions.items():
        cell = f"exclusions-{n}-excluded"
        earlier = [m for m, other in exclusions.items() if m < n and found.meets(other)]
        if earlier:
            errors[cell] = say("This overlaps the exclusion in row %(n)s. Name each part once.", n=earlier[0] + 1)
        elif any(target.within(found) for target in targets.values()):
            errors[cell] = say("This excludes a whole target. Take the target off the list instead.")
        elif targets and not any(found.within(t) or _part_of(found, t) for t in targets.values()):
            errors[cell] = say("This is no part of a target, so there is nothing to exclude.")
    return errors


def _part_of(found: Place, target: Place) -> bool:
    """Whether an exclusion is a path or a name below a domain that is a target."""
    return bool(target.domain) and (found.domain == target.domain or found.domain.endswith(f".{target.domain}"))


def window_of(row: Row, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When the window of ``row`` opens and closes, UTC; ValueError for an hour that is none."""
    moments = []
    for end in ("opens", "closes"):
        hour = str(row[f"{end}_at"]).strip()
        if not _HOUR.match(hour):
            msg = end
            raise ValueError(msg)
        day = date.fromisoformat(str(row[f"{end}_on"]))
        moments.append(datetime.combine(day, time.fromisoformat(hour), zone).astimezone(UTC))
    return moments[0], moments[1]


def windows_of(values: Mapping[str, Any], zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """Every window of a scope that was checked."""
    return (window_of(row, zone) for row in values.get("windows", ()))


def _of_windows(rows: Sequence[Row], now: datetime, zone: ZoneInfo) -> Errors:
    errors: Errors = {}
    known: list[tuple[datetime, datetime]] = []
    for n, row in enumerate(rows):
        try:
            opens, closes = window_of(row, zone)
        except ValueError as wrong:
            end = str(wrong) if str(wrong) in ("opens", "closes") else "opens"
            errors[f"windows-{n}-{end}_at"] = say("Type the hour as 22:00.")
            continue
        if opens <= now:
            errors[f"windows-{n}-opens_on"] = say("This is past: everybody has to sign before the window opens.")
        elif closes <= opens:
            errors[f"windows-{n}-closes_on"] = say("The window closes before it opens.")
        elif any(opens < end and start < closes for start, end in known):
            errors[f"windows-{n}-opens_on"] = say("This window overlaps another one.")
        known.append((opens, closes))
    return errors
