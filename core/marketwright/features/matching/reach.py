"""Who may do a mission: who lives within so many kilometres, or works remotely from where it allows. Pure."""

from collections.abc import Collection

import numpy as np

from marketwright.features.matching.pairs import great_circle
from marketwright.features.missions.brief import REACHES
from marketwright.strategies.matching import Array, Columns

REMOTE = 2
NEAR, COUNTRY, UNION, ANYWHERE = (REACHES.index(name) for name in ("near", "country", "union", "anywhere"))


def reach_met(m: Columns, p: Columns, reach: Array, within_km: Array, union: Collection[int]) -> tuple[Array, Array]:
    """(1 where the person is within reach, where the mission asks for it at all); broadcasts, for both directions.

    ``union`` are the countries (``stored.country_code``) of the union. For a remote mission the town says nothing. Who
    does not say where they live is not within reach of a mission that asks for it.
    """
    placed = m.known("latitude") & p.known("latitude")
    km = great_circle(m["latitude"], m["longitude"], p["latitude"], p["longitude"])
    near = placed & (km <= within_km) & (m["remote"] != REMOTE)
    same = m.known("country") & p.known("country") & (m["country"] == p["country"])
    inside = p.known("country") & np.isin(p["country"], np.array(sorted(union), dtype=np.int64))
    remotely = (p["remote"] == REMOTE) | (m["remote"] == REMOTE)
    allowed = ((reach == COUNTRY) & same) | ((reach == UNION) & inside) | (reach == ANYWHERE)
    asked = (reach > 0) & ~((m["remote"] == REMOTE) & (reach == NEAR))
    met, known = np.broadcast_arrays(near | (remotely & allowed), asked)
    return met.astype(np.float32), known.copy()
