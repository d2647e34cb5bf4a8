"""The filters of a list as its page shows them, each choice with how many it would leave."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from marketwright.features.accounts.sectors import SECTORS, sector_name
from marketwright.features.facets.forms import word
from marketwright.features.matching.asking import FIELD, MEASURES, Ask
from marketwright.features.matching.index import Index, Missions, People
from marketwright.features.matching.loading import SECTOR
from marketwright.features.matching.search import (
    Found,
    check_mask,
    field_mask,
    free_by,
    language_mask,
    length_mask,
    proof_mask,
    skill_counts,
)
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money, exponent
from marketwright.kernel.text import N_
from marketwright.strategies.fields import Field, FieldForm
from marketwright.strategies.matching import Array
from marketwright.web.formats import show_date, show_number, show_round_money
from marketwright.web.i18n import gettext
from marketwright.web.names import capital, language_name

SKILLS_SHOWN, BUCKETS, LANGUAGES_SHOWN, WORDS_SHOWN, SECTORS_SHOWN = 8, 14, 6, 8, 6
Choice = tuple[str, str, int | None]

REMOTE_LABELS = {"remote": N_("Remote"), "hybrid": N_("Partly on site"), "onsite": N_("On site")}
PROOF_LABELS = {
    "checked": N_("A claim compared with its source"), "half": N_("Half of the claims or more"),
    "document": N_("A document seen"),
}  # fmt: skip
LENGTH_LABELS = {"short": N_("Up to 10 days"), "medium": N_("11 to 40 days"), "long": N_("More than 40 days")}


@dataclass(frozen=True, slots=True)
class FacetView:
    """One group of filters: ``kind`` ``checks``, ``radios``, ``range`` or ``dates``.

    ``chosen`` are indexes of ``buckets``.
    """

    kind: str
    title: str
    name: str
    choices: list[Choice] = field(default_factory=list)
    picked: list[str] = field(default_factory=list)
    low: str = ""
    high: str = ""
    unit: str = ""
    buckets: list[int] = field(default_factory=list)
    chosen: tuple[int, int] | None = None


def people_facets(index: Index, found: Found, ask: Ask, fields: Sequence[Field], today: date, currency: str,
                  locale: str, checked: Mapping[str, Array] | None = None,
                  labels: Mapping[str, str] | None = None) -> list[FacetView]:  # fmt: skip
    """The filters of the list of freelancers; ``checked`` is who passed which check, ``labels`` name the checks."""
    people = index.people
    return [
        _skills(index, found, ask, locale),
        _rate(found, ask, "day_rate", gettext(N_("Day rate")), currency),
        _free(people, found, ask, today),
        _remote(found, ask),
        *_proofs(people, found, ask),
        *_verdicts(people, found, ask, checked or {}, labels or {}),
        _languages(index, found, ask),
        *_own(found, ask, fields, locale),
    ]  # fmt: skip


def mission_facets(index: Index, found: Found, ask: Ask, fields: Sequence[Field], currency: str, locale: str
                   ) -> list[FacetView]:  # fmt: skip
    """The filters of the list of missions."""
    missions: Missions = index.missions
    own = _own(found, ask, fields, locale)
    return [
        _skills(index, found, ask, locale),
        *own[:1],
        _rate(found, ask, "day_budget", gettext(N_("Budget a day")), currency),
        _remote(found, ask),
        _checks(found, ask.length, "length", gettext(N_("Length")), LENGTH_LABELS,
                lambda name: length_mask(missions, name)),
        *_sectors(found, ask, locale),
        _languages(index, found, ask),
        *own[1:],
    ]  # fmt: skip


def _skills(index: Index, found: Found, ask: Ask, locale: str) -> FacetView:
    left = found.left()
    counts = skill_counts(found.listing, left)
    numbers = [index.taxonomy.number[s] for s in ask.skills if s in index.taxonomy.number]
    common = [n for n in np.argsort(-counts, kind="stable")[: SKILLS_SHOWN * 3].tolist() if counts[n]]
    shown = numbers + [n for n in common if n not in numbers and counts[n] < max(int(left.sum()), 2)]
    return FacetView(
        "checks", gettext(N_("Skills")), "skill", picked=list(ask.skills),
        choices=[
            (index.taxonomy.ids[n], index.taxonomy.label(n, locale), int(counts[n]))
            for n in shown[: max(SKILLS_SHOWN, len(numbers))]
        ],
    )  # fmt: skip


def _rate(found: Found, ask: Ask, name: str, title: str, currency: str) -> FacetView:
    digits = 10 ** exponent(currency)
    side = found.listing.side
    known = side.values[name][found.left("rate") & side.known[name]]
    low, high = typed_amount(ask.rate_from, currency), typed_amount(ask.rate_to, currency)
    sign = show_round_money(Money(0, currency)).replace("0", "").strip()
    if len(known) < 2 or known.min() == known.max():
        return FacetView("range", title, "rate", low=low, high=high, unit=sign)
    step = max(digits * 50, round(float(known.max() - known.min()) / BUCKETS / digits / 10) * digits * 10)
    first = int(known.min() // step)
    last = int(known.max() // step)
    buckets = np.bincount((known // step).astype(int) - first, minlength=last - first + 1).tolist()
    begin = max(0, int((ask.rate_from or 0) // step) - first)
    end = int(ask.rate_to // step) - first if ask.rate_to is not None else len(buckets) - 1
    chosen = (begin, min(end, len(buckets) - 1)) if ask.rate_from is not None or ask.rate_to is not None else None
    return FacetView("range", title, "rate", low=low, high=high, unit=sign, buckets=buckets, chosen=chosen)


def typed_amount(minor: int | None, currency: str) -> str:
    """An amount as the reader would type it again."""
    if minor is None:
        return ""
    return show_number(Decimal(minor).scaleb(-exponent(currency)).normalize() + 0)


def _free(people: People, found: Found, ask: Ask, today: date) -> FacetView:
    days = [today, today + timedelta(days=30), today + timedelta(days=90)]
    if ask.free and ask.free not in days:
        days = sorted([*days, max(ask.free, today)])
    choices: list[Choice] = [
        (day.isoformat(), gettext("Now") if day == today else gettext("By %(date)s", date=show_date(day)),
         found.count("free", free_by(people, day, today)))
        for day in days
    ]  # fmt: skip
    choices.append(("", gettext(N_("Any time")), int(found.left("free").sum())))
    return FacetView("radios", gettext(N_("Available")), "free", choices, [ask.free.isoformat() if ask.free else ""])


def _remote(found: Found, ask: Ask) -> FacetView:
    where = found.listing.side.values["remote"]
    codes = {"remote": 2, "hybrid": 1, "onsite": 0}
    return _checks(found, ask.remote, "remote", gettext(N_("Where")), REMOTE_LABELS, lambda n: where == codes[n])


def _checks(found: Found, picked: Sequence[str], name: str, title: str, labels: dict[str, str],
            mask: Callable[[str], Array], *, together: bool = False) -> FacetView:  # fmt: skip
    """Choices with their counts; ``together`` where several picked ones must all hold."""
    group = "" if together else name
    choices: list[Choice] = [(v, gettext(label), found.count(group, mask(v))) for v, label in labels.items()]
    return FacetView("checks", title, name, choices, list(picked))


def _proofs(people: People, found: Found, ask: Ask) -> list[FacetView]:
    """How claims are known, as far as somebody has any that are; picked ones must all hold."""
    shown = {
        name: label for name, label in PROOF_LABELS.items()
        if name in ask.proof or (people.shown & proof_mask(people, name)).any()
    }  # fmt: skip
    if not shown:
        return []
    view = _checks(found, ask.proof, "proof", gettext(N_("How it is known")), shown,
                   lambda name: proof_mask(people, name), together=True)  # fmt: skip
    return [view]


def _verdicts(people: People, found: Found, ask: Ask, checked: Mapping[str, Array], labels: Mapping[str, str]
              ) -> list[FacetView]:  # fmt: skip
    """Each check that somebody has passed; picked ones must all hold."""
    shown = {
        name: label for name, label in labels.items()
        if name in ask.checks or (people.shown & check_mask(people, checked, name)).any()
    }  # fmt: skip
    if not shown:
        return []
    view = _checks(found, ask.checks, "check", gettext(N_("Checks that hold")), shown,
                   lambda name: check_mask(people, checked, name), together=True)  # fmt: skip
    return [view]


def _languages(index: Index, found: Found, ask: Ask) -> FacetView:
    counted = [(found.count("lang", language_mask(index, found.listing, code)), code) for code in index.languages]
    best = [code for n, code in sorted(counted, key=lambda p: (-p[0], p[1])) if n][:LANGUAGES_SHOWN]
    shown = [*best, *(code for code in ask.languages if code not in best)]
    numbers = {code: n for n, code in counted}
    choices: list[Choice] = [(c, capital(language_name(c)), numbers.get(c, 0)) for c in shown]
    return FacetView("checks", gettext(N_("Languages")), "lang", choices, list(ask.languages))


def _sectors(found: Found, ask: Ask, locale: str) -> list[FacetView]:
    """The sectors of the clients, those with most first; none where all are of one."""
    counted = [(found.count("sector", field_mask(found.listing, SECTOR, key)), key) for key in SECTORS]
    best = [key for n, key in sorted(counted, key=lambda p: -p[0]) if n][:SECTORS_SHOWN]
    shown = [*best, *(key for key in ask.sectors if key in SECTORS and key not in best)]
    if len(shown) < 2 and not ask.sectors:
        return []
    numbers = {key: n for n, key in counted}
    choices: list[Choice] = [(key, sector_name(key, locale), numbers[key]) for key in shown]
    return [FacetView("checks", gettext(N_("Sector")), "sector", choices, list(ask.sectors))]


def _own(found: Found, ask: Ask, fields: Sequence[Field], locale: str) -> list[FacetView]:
    return [view for one in fields if (view := _own_field(found, ask, one, locale)) is not None]


def _own_field(found: Found, ask: Ask, one: Field, locale: str) -> FacetView | None:
    title = word(one.label, locale)
    if one.form in MEASURES:
        return _own_range(found, ask, one, title)
    choices = field_choices(found, one, locale)
    if not choices:
        return None
    return FacetView("checks", title, FIELD + one.name, choices, list(ask.fields.get(one.name, ())))


def _own_range(found: Found, ask: Ask, one: Field, title: str) -> FacetView:
    """From and to, with how many lie where; a date asks with a date's box."""
    low, high = ask.typed.get(one.name, ("", ""))
    kind = "dates" if one.form is FieldForm.DATE else "range"
    unit = show_round_money(Money(0, one.unit)).replace("0", "").strip() if one.form is FieldForm.MONEY else one.unit
    numbers = found.listing.facets.number(one.name)[found.left(f"field:{one.name}")]
    numbers = numbers[~np.isnan(numbers)]
    view = FacetView(kind, title, FIELD + one.name, low=low, high=high, unit=unit)
    if len(numbers) < 2 or numbers.min() == numbers.max():
        return view
    counts, edges = np.histogram(numbers, bins=min(BUCKETS, max(2, len(np.unique(numbers)))))
    least, most = ask.ranges.get(one.name, (None, None))
    chosen = None
    if least is not None or most is not None:
        begin = 0 if least is None else int(np.clip(np.searchsorted(edges, least, "right") - 1, 0, len(counts) - 1))
        end = len(counts) - 1 if most is None else int(np.clip(np.searchsorted(edges, most) - 1, 0, len(counts) - 1))
        chosen = (begin, max(begin, end))
    return replace(view, buckets=counts.tolist(), chosen=chosen)


def field_choices(found: Found, one: Field, locale: str) -> list[Choice]:
    """The values of a field of the niche's own that somebody has: (value, label, count)."""
    if one.form is FieldForm.YES_NO:
        named = [("yes", gettext(N_("Yes")))]
    elif one.choices:
        named = [(value, word(labels, locale)) for value, labels in one.choices]
    elif one.form is FieldForm.TEXT:
        named = [(value, value) for value in found.listing.facets.common(one.name, WORDS_SHOWN)]
    else:
        return []
    group = f"field:{one.name}"
    counted = [(v, label, found.count(group, field_mask(found.listing, one.name, v))) for v, label in named]
    return [c for c in counted if c[2]]


def in_use(index: Index, ask: Ask, fields: Sequence[Field], locale: str, currency: str,
           labels: Mapping[str, str] | None = None) -> list[tuple[str, Ask]]:  # fmt: skip
    """Every filter in use: (label, the question without it); ``labels`` name the checks."""
    found: list[tuple[str, Ask]] = []
    if ask.q:
        found.append((gettext("“%(words)s”", words=ask.q), ask.but(q="")))
    for skill in ask.skills:
        number = index.taxonomy.number.get(skill)
        label = index.taxonomy.label(number, locale) if number is not None else skill
        found.append((label, ask.but(skills=_without(ask.skills, skill))))
    if ask.rate_from is not None:
        least = show_round_money(Money(ask.rate_from, currency))
        found.append((gettext("From %(amount)s", amount=least), ask.but(rate_from=None)))
    if ask.rate_to is not None:
        most = show_round_money(Money(ask.rate_to, currency))
        found.append((gettext("Up to %(amount)s", amount=most), ask.but(rate_to=None)))
    if ask.free:
        found.append((gettext("By %(date)s", date=show_date(ask.free)), ask.but(free=None)))
    if ask.place:
        label = gettext("%(place)s or remotely", place=ask.place) if ask.or_remote else ask.place
        found.append((label, ask.but(place="")))
    found += [
        (gettext((labels or {}).get(name, name)), ask.but(checks=_without(ask.checks, name))) for name in ask.checks
    ]
    return found + _several_in_use(ask, fields, locale)


def _several_in_use(ask: Ask, fields: Sequence[Field], locale: str) -> list[tuple[str, Ask]]:
    found: list[tuple[str, Ask]] = []
    groups: tuple[tuple[str, tuple[str, ...], dict[str, str]], ...] = (
        ("remote", ask.remote, REMOTE_LABELS), ("proof", ask.proof, PROOF_LABELS), ("length", ask.length, LENGTH_LABELS)
    )
    for name, picked, labels in groups:
        changed: Any
        for value in picked:
            changed = {name: _without(picked, value)}
            found.append((gettext(labels.get(value, value)), ask.but(**changed)))
    found += [(capital(language_name(c)), ask.but(languages=_without(ask.languages, c))) for c in ask.languages]
    found += [(sector_name(key, locale), ask.but(sectors=_without(ask.sectors, key))) for key in ask.sectors]
    return found + _own_in_use(ask, fields, locale)


def _own_in_use(ask: Ask, fields: Sequence[Field], locale: str) -> list[tuple[str, Ask]]:
    found: list[tuple[str, Ask]] = []
    declared = {f.name: f for f in fields}
    for name, values in ask.fields.items():
        for value in values:
            label = word(dict(declared[name].choices).get(value, {}), locale)
            label = label or (word(declared[name].label, locale) if value == "yes" else value)
            rest = _without(values, value)
            found.append((label, ask.but(fields={**ask.fields, name: rest} if rest else _drop(ask.fields, name))))
    for name in ask.ranges:
        label = f"{word(declared[name].label, locale)}: {' – '.join(ask.typed.get(name, ('', '')))}"
        found.append((label, ask.but(ranges=_drop(ask.ranges, name), typed=_drop(ask.typed, name))))
    return found


def _without(values: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(v for v in values if v != one)


def _drop(mapping: Any, name: str) -> dict[str, Any]:
    return {k: v for k, v in mapping.items() if k != name}
