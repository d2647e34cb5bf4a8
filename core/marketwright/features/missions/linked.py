"""A mission as search engines read it: schema.org's JobPosting."""

from typing import Any

from marketwright.features.missions.queries import MissionRow
from marketwright.web.markdown import clean_markdown

_UNITS = {"day_rate": "DAY"}


def job_posting(mission: MissionRow, *, address: str, employer: str, skills: list[str], country: str) -> dict[str, Any]:
    """The posting of a public mission; ``address`` is its own, ``employer`` the name that the page shows."""
    posting: dict[str, Any] = {
        "@type": "JobPosting", "title": mission.title, "url": address, "directApply": True,
        "description": str(clean_markdown(mission.description or mission.summary)),
        "identifier": {"@type": "PropertyValue", "name": employer, "value": mission.id},
        "employmentType": "CONTRACTOR", "hiringOrganization": {"@type": "Organization", "name": employer},
        "inLanguage": mission.language,
    }  # fmt: skip
    if mission.published_at is not None:
        posting["datePosted"] = mission.published_at.date().isoformat()
    if mission.start_on is not None:
        posting["jobStartDate"] = mission.start_on.isoformat()
    if skills:
        posting["skills"] = ", ".join(skills)
    return posting | _place(mission, country) | _pay(mission)


def _place(mission: MissionRow, country: str) -> dict[str, Any]:
    where = {"@type": "PostalAddress", "addressCountry": mission.country or country}
    if mission.remote == "remote":
        return {"jobLocationType": "TELECOMMUTE",
                "applicantLocationRequirements": {"@type": "Country", "name": mission.country or country}}  # fmt: skip
    if mission.city:
        where["addressLocality"] = mission.city
    return {"jobLocation": {"@type": "Place", "address": where}}


def _pay(mission: MissionRow) -> dict[str, Any]:
    price = mission.price
    if price is None or mission.budget_kind not in _UNITS:
        return {}
    value = {"@type": "QuantitativeValue", "value": float(price.decimal), "unitText": _UNITS[mission.budget_kind]}
    return {"baseSalary": {"@type": "MonetaryAmount", "currency": price.currency, "value": value}}
