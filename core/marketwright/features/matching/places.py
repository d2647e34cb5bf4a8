"""Where towns lie (WGS84, about a kilometre), offline: ``cities.csv`` of our own making, names in several languages,
before ``towns.csv`` from GeoNames (scripts/towns.py): Europe's from 5,000 people on, the world's from 300,000 on."""

import csv
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

from babel import Locale

from marketwright.kernel.frozen import dataclass
from marketwright.kernel.words import fold

_OURS, _MORE = (Path(__file__).parent / "data" / name for name in ("cities.csv", "towns.csv"))


@dataclass(frozen=True, slots=True)
class Town:
    """One town: its usual name, country (ISO 3166), degrees north and east."""

    name: str
    country: str
    latitude: float
    longitude: float


def place_key(name: str) -> str:
    """``name`` as towns are compared: without accents, case, hyphens and dots."""
    folded = fold(name).replace("ø", "o").replace("ł", "l").replace("đ", "d")
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


@cache
def _towns() -> dict[str, list[Town]]:
    found: dict[str, list[Town]] = {}
    with _OURS.open(encoding="utf-8", newline="") as stream:
        for country, names, latitude, longitude in islice(csv.reader(stream), 1, None):
            usual, *others = names.split("|")
            town = Town(usual, country, float(latitude), float(longitude))
            for name in (usual, *others):
                found.setdefault(place_key(name), []).append(town)
    return found


@cache
def _more() -> dict[str, list[str]]:
    """Lines by key: most towns are never asked for, so their lines are read when they are."""
    found: dict[str, list[str]] = {}
    for line in _MORE.read_text("utf-8").splitlines()[1:]:
        found.setdefault(line.split(",", 2)[1], []).append(line)
    return found


def _known(key: str) -> Iterator[Town]:
    """Every town of that key, ours first, then the larger ones first."""
    yield from _towns().get(key, ())
    for country, _, name, latitude, longitude in csv.reader(_more().get(key, ())):
        yield Town(name, country, float(latitude), float(longitude))


@cache
def _countries() -> dict[str, str]:
    codes = {t.country for towns in _towns().values() for t in towns}
    codes |= {line[:2] for lines in _more().values() for line in lines}
    spoken = (Locale(language).territories for language in ("en", "fr"))
    return {place_key(names[code]): code for names in spoken for code in sorted(codes) if code in names}


def country(name: str) -> str:
    """The code of the country of that name, in English or French; '' for any other word."""
    return _countries().get(place_key(name), "")


def town(name: str, within: str = "") -> Town | None:
    """The town of that name, in any of its languages; in the country ``within`` where one is given."""
    return next((t for t in _known(place_key(name)) if within in ("", t.country)), None)


def names() -> list[tuple[str, str]]:
    """Every town of our own by its usual name, as places are compared, and its country; in the table's order."""
    return list(dict.fromkeys((place_key(t.name), t.country) for towns in _towns().values() for t in towns))
