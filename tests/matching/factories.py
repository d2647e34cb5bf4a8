"""People and missions as the index reads them, made without a database."""

from datetime import UTC, date, datetime

from marketwright.features.matching.loading import MissionData, PersonData

SEEN = datetime(2026, 5, 1, tzinfo=UTC)


def person(name="p", skills=(), languages=("en",), city="Paris", remote="hybrid", rate=70000, **more):
    claims = [("skill", s, level, years, "", "") for s, level, years in skills]
    claims += [("language", None, 3, None, code, "") for code in languages]
    given = {
        "name": name, "headline": "", "bio": "", "city": city, "country": "FR", "remote": remote, "day_rate": rate,
        "currency": "EUR", "available_from": date(2026, 5, 20), "days_a_week": 4, "years": 7, "claimed": 4,
        "proved": 1, "documents": 0, "rating_sum": 9, "rating_count": 2, "asked": 0, "answered": 0,
        "answer_hours": None, "created_at": SEEN, "listed": True,
        "updated_at": SEEN, "claims": claims, "facets": [],
    } | more  # fmt: skip
    return PersonData(id=name, **given)


def mission(name="m", skills=(), languages=(), city="Paris", remote="hybrid", **more):
    given = {
        "organisation": "o", "title": "", "description": "", "client": "", "city": city, "country": "FR",
        "remote": remote, "reach": "", "within_km": None, "budget_kind": "day_rate", "budget": 80000, "currency": "EUR",
        "start_on": date(2026, 6, 1), "duration_days": 10, "days_a_week": 3, "languages": list(languages),
        "visibility": "public", "state": "published", "published_at": SEEN, "skills": list(skills), "facets": [],
        "invited": frozenset(),
    } | more  # fmt: skip
    return MissionData(id=name, **given)
