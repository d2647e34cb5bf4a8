"""The towns that rows name, numbered, and how far each is from a point. Pure."""

from collections.abc import Iterable, Sequence
from math import cos, radians, sin
from typing import Any

import numpy as np

from marketwright.features.matching.places import town
from marketwright.strategies.matching import Array

EARTH_KM = 6371.0
FAR_KEPT = 256  # points of which the distances to every town are kept


class Towns:
    """The places that rows name, numbered; 0 is no place at all. It grows, and never forgets."""

    def __init__(self, named: Iterable[tuple[str, str]] = (("", ""),)) -> None:
        self.named: list[tuple[str, str]] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self._tables: dict[str, Array] = {}
        self._far: dict[tuple[float, float], Array] = {}
        for key, country in named:
            self.number(key, country)

    def number(self, key: str, country: str) -> int:
        """The number of a place; a new one is added."""
        found = self._numbers.get((key, country))
        if found is None:
            found = self._numbers[key, country] = len(self.named)
            self.named.append((key, country))
        return found

    def kilometres(self, latitude: float, longitude: float) -> Array:
        """From every town to a point, along the great circle, float32; those of the last points are kept."""
        points = self.table("points")
        found = self._far.get((latitude, longitude))
        if found is None or len(found) != len(points):
            apart = points - point(latitude, longitude)
            half = np.sqrt(np.einsum("ij,ij->i", apart, apart)) * 0.5
            found = (np.arcsin(np.minimum(half, 1.0)) * (2 * EARTH_KM)).astype(np.float32)
            if len(self._far) >= FAR_KEPT:
                self._far.clear()
            self._far[latitude, longitude] = found
        return found

    def table(self, name: str) -> Array:
        """``latitude``, ``longitude``, ``placed``, ``country``, ``in_country`` by number."""
        found = self._tables.get(name)
        if found is None or len(found) < len(self.named):  # one may be added meanwhile: each thread uses what it made
            self._tables = made = _tables(list(self.named))
            found = made[name]
        return found


def _tables(named: Sequence[tuple[str, str]]) -> dict[str, Array]:
    found = [town(key, country) if key else None for key, country in named]
    codes = [country_code(c) for _, c in named]
    latitude, longitude = ([getattr(t, side) if t else 0.0 for t in found] for side in ("latitude", "longitude"))
    return {
        "points": point(np.array(latitude, dtype=np.float32), np.array(longitude, dtype=np.float32)),
        "latitude": np.array(latitude, dtype=np.float32),
        "longitude": np.array(longitude, dtype=np.float32),
        "placed": np.array([t is not None for t in found], dtype=bool),
        "country": np.array(codes, dtype=np.int16),
        "in_country": np.array([c > 0 for c in codes], dtype=bool),
    }  # fmt: skip


def country_code(code: str) -> int:
    """A country (ISO 3166) as a small integer; 0 for none."""
    return (ord(code[0]) - 64) * 27 + ord(code[1]) - 64 if len(code) == 2 else 0


def point(latitude: Any, longitude: Any) -> Array:
    """A point on the unit sphere, or several; degrees."""
    if isinstance(latitude, float):
        north, east = radians(latitude), radians(longitude)
        return np.array((cos(north) * cos(east), cos(north) * sin(east), sin(north)))
    a, b = np.radians(np.asarray(latitude, dtype=np.float64)), np.radians(np.asarray(longitude, dtype=np.float64))
    return np.stack([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)], axis=-1)
