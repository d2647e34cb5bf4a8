"""Who may do a mission: who lives within so many kilometres, or works remotely from where it allows. Pure."""

from collections.abc import Collection

import numpy as np

from marketwright.features.matching.pairs import great_circle
from marketwright.features.missions.brief import REACHES
from marketwright.strategies.matching import Array, Columns

REMOTE = 2
KM_A_DEGREE = 111.0  # of latitude; a little less than it is, so that nobody is left out by rounding
NEAR, COUNTRY, UNION, ANYWHERE = (REACHES.index(name) for name in ("near", "country", "union", "anywhere"))


def reach_met(m: Columns, p: Columns, reach: Array, within_km: Array, union: Collection[int]) -> tuple[Array, Array]:
    """(1 where the person is within reach, where the mission asks for it at all); broadcasts, for both directions.

    ``union`` are the countries (``towns.country_code``) of the union. For a remote mission the town says nothing. Who
    does not say where they live is not within reach of a mission that asks for it. The distance is reckoned for those
    alone whose latitude is near enough, and for whom nothing else decides.
    """
    same = m.known("country") & p.known("country") & (m["country"] == p["country"])
    inside = p.known("country") & np.isin(p["country"], np.array(sorted(union), dtype=np.int64))
    remotely = (p["remote"] == REMOTE) | (m["remote"] == REMOTE)
    allowed = ((reach == COUNTRY) & same) | ((reach == UNION) & inside) | (reach == ANYWHERE)
    asked = (reach > 0) & ~((m["remote"] == REMOTE) & (reach == NEAR))
    near = np.abs(p["latitude"] - m["latitude"]) * KM_A_DEGREE <= within_km
    placed = near & m.known("latitude") & p.known("latitude") & (m["remote"] != REMOTE)
    met, known, unsure = np.broadcast_arrays(remotely & allowed, asked, placed & asked & ~(remotely & allowed))
    met, at = met.astype(np.float32), np.flatnonzero(unsure)
    ends = [_at(side[name], at) for side in (m, p) for name in ("latitude", "longitude")]
    met[at] = great_circle(*ends) <= _at(within_km, at)
    return met, known.copy()


def _at(column: Array, rows: Array) -> Array:
    return column if len(column) == 1 else column[rows]
