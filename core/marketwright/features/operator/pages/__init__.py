"""The pages of the console, in modules by what staff comes for."""

from marketwright.features.operator.pages import (
    arrivals,
    assessors,
    clients,
    codes,
    contracts,
    corrections,
    country,
    fields,
    finance,
    front,
    invoices,
    jobs,
    ledger,
    live,
    log,
    look,
    mails,
    missions,
    payments,
    people,
    person_data,
    plans,
    plugins,
    pricing,
    ranking,
    settings,
    settings_history,
    staff,
    texts,
    today,
    vetting,
    words,
)
from marketwright.features.operator.pages.base import pages

__all__ = [
    "arrivals", "assessors", "clients", "codes", "contracts", "corrections", "country", "fields", "finance", "front",
    "invoices", "jobs", "ledger", "live", "log", "look", "mails", "missions", "pages", "payments", "people",
    "person_data", "plans", "plugins", "pricing", "ranking", "settings", "settings_history", "staff", "texts", "today",
    "vetting", "words",
]  # fmt: skip
