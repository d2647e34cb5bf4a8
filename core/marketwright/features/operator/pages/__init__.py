"""The pages of the console, in modules by what staff comes for."""

from marketwright.features.operator.pages import (
    clients,
    contracts,
    fields,
    jobs,
    ledger,
    live,
    log,
    mails,
    missions,
    payments,
    people,
    plugins,
    settings,
    settings_history,
    staff,
    today,
    vetting,
)
from marketwright.features.operator.pages.base import pages

__all__ = ["clients", "contracts", "fields", "jobs", "ledger", "live", "log", "mails", "missions", "pages", "payments",
           "people", "plugins", "settings", "settings_history", "staff", "today", "vetting"]  # fmt: skip
