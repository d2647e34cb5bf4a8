"""A whole site for ``bench search``: database, profiles, claims and index, from the synthetic base of the benches."""

import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from marketwright.cli.bench_base import LANGUAGES, SKILLS, Base, make_base
from marketwright.features.matching.lists import LEVEL, YEARS

if TYPE_CHECKING:
    from marketwright.web.house import House

WORKS = ("onsite", "hybrid", "remote")
TOML = """plugins = ["core_matching", "commission", "standard_contracts", "evidence", "sandbox", "newcomers"]
[marketplace]
name = "Bench"
slug = "bench"
stage = "test"
languages = ["en"]
country = "FR"
currency = "EUR"
[deal]
provider = "sandbox"
"""


def make_site(folder: Path, profiles: int, seed: int) -> dict[str, float]:
    """The site in ``folder``, its index built by the command; one that is there is used again, its schema renewed."""
    if (folder / "ready").is_file():
        _open(folder).database.dispose()
        return {}
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "marketplace.toml").write_text(TOML, "utf-8")
    began = perf_counter()
    _fill(folder, make_base(profiles, 2, seed))
    filled = perf_counter() - began
    began = perf_counter()
    words = [sys.executable, "-m", "marketwright", "-C", str(folder), "index", "build"]
    done = subprocess.run(words, check=False, capture_output=True, text=True)  # noqa: S603  our own interpreter
    if done.returncode:
        raise click.ClickException(done.stderr[-500:])
    (folder / "ready").write_text("", "utf-8")
    return {"fill_s": round(filled, 1), "index_s": round(perf_counter() - began, 1)}


def _open(folder: Path) -> "House":
    """The house of the site, its schema the newest."""
    import marketwright.tables  # noqa: F401  every room's tables
    from marketwright.app import open_house
    from marketwright.settings.loader import load_marketplace
    from marketwright.store.migrate import upgrade

    house = open_house(load_marketplace(folder))
    upgrade(house.database)
    return house


def _fill(folder: Path, base: Base) -> None:
    from sqlalchemy.engine import make_url

    from marketwright.features.accounts.tables import Account
    from marketwright.features.profiles.tables import Claim, Profile
    from marketwright.features.skills.tables import Skill

    house = _open(folder)
    path = make_url(house.database.url).database or ""
    house.database.dispose()
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript("PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA cache_size=-200000")
    now = "2026-05-04 08:00:00.000000"
    tables: Any = {"accounts": Account, "profiles": Profile, "claims": Claim, "skills": Skill}
    db.execute("BEGIN")
    for name, rows in _rows(base, now):
        given = {c.name: c.default.arg for c in tables[name].__table__.columns
                 if c.default is not None and not callable(c.default.arg)}  # fmt: skip
        _insert(db, name, given, rows)
    db.execute("DELETE FROM index_changes WHERE seq < (SELECT max(seq) FROM index_changes)")
    db.execute("COMMIT")
    db.execute("ANALYZE")
    db.close()


def _insert(db: sqlite3.Connection, name: str, given: dict[str, Any], rows: Any) -> None:
    columns, lines = rows
    fixed = {k: v for k, v in given.items() if k not in columns}
    names = [*columns, *fixed]
    tail = tuple(int(v) if isinstance(v, bool) else v for v in fixed.values())
    places = ", ".join("?" * len(names))
    quoted = ", ".join(f'"{n}"' for n in names)
    db.executemany(f"INSERT INTO {name} ({quoted}) VALUES ({places})", ((*line, *tail) for line in lines))  # noqa: S608


def _rows(base: Base, now: str) -> Any:
    """(table, (columns, rows)) of everything."""
    a, n = base.people.arrays, base.people.size
    ids = [one.decode() for one in a["id"].tolist()]
    towns = base.people.meta["towns"]
    yield "skills", (("id", "taxonomy", "label_en"), [(f"skill-{k:04d}", "bench", f"Skill {k}") for k in range(SKILLS)])
    yield "accounts", (("id", "email", "name", "is_freelancer", "confirmed_at", "created_at"), (
        (one, f"{one}@example.org", f"Person {k}", 1, now, now) for k, one in enumerate(ids)))  # fmt: skip
    held = np.bincount(a["entry.row"], minlength=n).tolist()
    days = a["available_from"].tolist()
    free = [(date(1970, 1, 1) + timedelta(days=int(d))).isoformat() if d else None for d in days]
    newest = [datetime.fromtimestamp(t, UTC).strftime("%Y-%m-%d %H:%M:%S.000000") for t in a["newest"].tolist()]
    columns = ("id", "headline", "city", "country", "remote", "day_rate", "currency", "available_from", "days_a_week",
               "years", "visible", "listed", "fields", "claims", "rating_sum", "rating_count", "created_at",
               "updated_at")  # fmt: skip
    yield "profiles", (columns, (
        (ids[k], f"Does the work number {k}", towns[place][0], towns[place][1], WORKS[remote], int(rate) or None, "EUR",
         free[k], week, years - 1 if years else None, 1, 1, "{}", held[k], stars, reviews, newest[k], newest[k])
        for k, (place, remote, rate, week, years, stars, reviews) in enumerate(zip(
            a["place"].tolist(), a["remote"].tolist(), a["day_rate"].tolist(), a["days_a_week"].tolist(),
            a["years"].tolist(), a["rating_sum"].tolist(), a["reviews"].tolist(), strict=True))))  # fmt: skip
    payload = a["entry.payload"].astype(int)
    level, years = (payload & LEVEL) - 1, (payload >> YEARS) - 1
    entries = zip(a["entry.row"].tolist(), a["entry.skill"].tolist(), level.tolist(), years.tolist(), strict=True)
    yield "claims", (("id", "profile_id", "kind", "position", "skill_id", "level", "years", "label", "declared_at"), (
        (f"c{k:015d}", ids[row], "skill", 0, f"skill-{skill:04d}", lv or None, y if y >= 0 else None, "", now)
        for k, (row, skill, lv, y) in enumerate(entries)))  # fmt: skip
    spoken = a["languages"].tolist()
    yield "claims", (("id", "profile_id", "kind", "position", "level", "label", "declared_at"), (
        (f"l{k:011d}{code}xx", ids[k], "language", 0, 3, code, now)
        for k in range(n) for bit, code in enumerate(LANGUAGES) if spoken[k] >> bit & 1))  # fmt: skip



