"""What a reader asks a list for, and the address that says it: the same list for whoever opens it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from marketwright.features.matching.columns import Taxonomy
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import exponent
from marketwright.kernel.text import Text, say
from marketwright.strategies.fields import Field, FieldForm
from marketwright.web.formats import read_date, read_decimal, read_money

KM, KM_CHOICES = 50, (20, 50, 100, 250)
MOST_PAGES = 10_000
FIELD = "x_"
Ranges = dict[str, tuple[float | None, float | None]]

MEASURES = (FieldForm.NUMBER, FieldForm.MONEY, FieldForm.DATE)


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to a list. Rates in minor units a day; ``free``: people free by then, missions that start later.

    ``or_remote`` lets those through as well who work remotely from the union, however far from ``place``.
    ``checks`` are names of checks whose verdict holds, all of them.
    ``fields`` are picked values of the niche's own fields, ``ranges`` from and to of its numbers, amounts (minor units)
    and dates (ordinals), ``typed`` the same as they were typed.
    """

    q: str = ""
    skills: tuple[str, ...] = ()
    rate_from: int | None = None
    rate_to: int | None = None
    free: date | None = None
    place: str = ""
    km: int = KM
    or_remote: bool = False
    remote: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    length: tuple[str, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    typed: Mapping[str, tuple[str, str]] = field(default_factory=dict, compare=False)
    sort: str = ""
    page: int = 1

    def pairs(self, currency: str) -> list[tuple[str, str]]:
        """Name and value of everything that is asked for, in a fixed order, without the page."""
        digits = exponent(currency)
        found: list[tuple[str, str]] = [("q", self.q), ("place", self.place)]
        found += [("free", self.free.isoformat() if self.free else "")]
        found += [("km", str(self.km) if self.place and self.km != KM else "")]
        found += [("or_remote", "1" if self.place and self.or_remote else "")]
        found += [("rate_from", _plain(self.rate_from, digits)), ("rate_to", _plain(self.rate_to, digits))]
        for name, values in self._several().items():
            found += [(name, value) for value in values]
        for name, (low, high) in sorted(self.ranges.items()):
            said = self.typed.get(name, (_plain(low), _plain(high)))
            found += [(f"{FIELD}{name}_from", said[0]), (f"{FIELD}{name}_to", said[1])]
        found.append(("sort", self.sort))
        return [(name, value) for name, value in found if value]

    def _several(self) -> dict[str, tuple[str, ...]]:
        own = {FIELD + name: values for name, values in sorted(self.fields.items())}
        return {
            "skill": self.skills, "remote": self.remote, "lang": self.languages, "sector": self.sectors,
            "proof": self.proof,
            "check": self.checks, "length": self.length, **own,
        }  # fmt: skip

    def address(self, path: str, currency: str) -> str:
        """The address of this question; pages from the second on are named."""
        pairs = self.pairs(currency) + ([("page", str(self.page))] if self.page > 1 else [])
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def named(self, taxonomy: Taxonomy) -> "Ask":
        """The same question with the ids that its skills have now."""
        skills = taxonomy.now(self.skills) if self.skills else ()
        return self if skills == self.skills else self.but(skills=skills, page=self.page)

    def but(self, **changed: object) -> "Ask":
        """The same question with something else, from its first page on."""
        return replace(self, **{"page": 1, **changed})  # type: ignore[arg-type]


def _plain(value: float | None, digits: int = 0) -> str:
    """As it is typed; ``digits`` of an amount in minor units stand behind the point."""
    if value is None:
        return ""
    said = f"{Decimal(repr(value)).scaleb(-digits):f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


class Reader:
    """Reads an :class:`Ask` from an address; what cannot be read is left out and told in ``notes``."""

    def __init__(self, args: MultiDict[str, str], currency: str) -> None:
        self._given, self.currency = args.to_dict(flat=False), currency
        self.notes: list[Text] = []

    def ask(self, fields: Iterable[Field], sorts: Sequence[str]) -> Ask:
        """Everything that the address says."""
        picked, ranges, typed = self._own(fields)
        sort = self._text("sort")
        return Ask(
            q=self._text("q"), skills=self._list("skill"), rate_from=self._rate("rate_from"),
            rate_to=self._rate("rate_to"), free=self._day("free"), place=self._text("place"), km=self._km(),
            or_remote=self._text("or_remote") == "1",
            remote=self._list("remote"), languages=self._list("lang"), sectors=self._list("sector"),
            proof=self._list("proof"), checks=self._list("check"), length=self._list("length"),
            fields=picked, ranges=ranges, typed=typed, sort=sort if sort in sorts else "", page=self._page(),
        )  # fmt: skip

    def _text(self, name: str) -> str:
        typed = self._given.get(name)
        return "".join([c for c in typed[0] if ord(c) >= 32]).strip()[:200] if typed else ""

    def _list(self, name: str) -> tuple[str, ...]:
        given = self._given.get(name)
        return tuple(dict.fromkeys([v for v in given[:20] if v and len(v) <= 200])) if given else ()

    def _rate(self, name: str) -> int | None:
        typed = self._text(name)
        try:
            return read_money(typed, self.currency).amount if typed else None
        except ValueError:
            self.notes.append(say("“%(typed)s” is not an amount, so it was left out.", typed=typed))
            return None

    def _day(self, name: str) -> date | None:
        typed = self._text(name)
        try:
            return read_date(typed) if typed else None
        except ValueError:
            self.notes.append(say("“%(typed)s” is not a date, so it was left out.", typed=typed))
            return None

    def _number(self, name: str) -> float | None:
        typed = self._text(name)
        try:
            return float(read_decimal(typed)) if typed else None
        except ValueError:
            self.notes.append(say("“%(typed)s” is not a number, so it was left out.", typed=typed))
            return None

    def _km(self) -> int:
        typed = self._text("km")
        return int(typed) if typed.isdecimal() and typed.isascii() and 0 < int(typed[:6]) <= 5000 else KM

    def _page(self) -> int:
        typed = self._text("page")
        return min(max(int(typed[:6]), 1), MOST_PAGES) if typed.isdecimal() and typed.isascii() else 1

    def _own(self, fields: Iterable[Field]) -> tuple[dict[str, tuple[str, ...]], Ranges, dict[str, tuple[str, str]]]:
        picked: dict[str, tuple[str, ...]] = {}
        ranges: Ranges = {}
        typed: dict[str, tuple[str, str]] = {}
        for one in fields:
            if one.form in MEASURES:
                names = (f"{FIELD}{one.name}_from", f"{FIELD}{one.name}_to")
                low, high = (self._measure(one, name) for name in names)
                if low is not None or high is not None:
                    ranges[one.name] = (low, high)
                    typed[one.name] = ("" if low is None else self._text(names[0]),
                                       "" if high is None else self._text(names[1]))  # fmt: skip
            elif values := self._list(FIELD + one.name):
                picked[one.name] = values
        return picked, ranges, typed

    def _measure(self, one: Field, name: str) -> float | None:
        if one.form is FieldForm.MONEY:
            amount = self._rate(name)
            return None if amount is None else float(amount)
        if one.form is FieldForm.DATE:
            day = self._day(name)
            return None if day is None else float(day.toordinal())
        return self._number(name)
