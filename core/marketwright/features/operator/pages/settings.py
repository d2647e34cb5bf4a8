"""Settings in force, to read: the file, the plugins with what they bring, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.operator.pages.base import pages, show
from marketwright.features.vetting.checks import Asked
from marketwright.hooks.manager import Plugin, Plugins
from marketwright.kernel.text import N_
from marketwright.settings.marketplace import Marketplace
from marketwright.web.house import house
from marketwright.web.i18n import _, translate
from marketwright.web.policy import staff

GATE_KINDS = {"freelancer": N_("{freelancer.other}"), "client": N_("{client.other}"), "mission": N_("{mission.other}")}


@dataclass(frozen=True, slots=True)
class Brought:
    """One plugin: what it brings by subject, its settings in force."""

    name: str
    summary: str
    version: str
    brings: list[tuple[str, str]]
    settings: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SettingsContext:
    """Groups of (key, value) as they are in force; secrets are not among them."""

    groups: list[tuple[str, list[tuple[str, str]]]]
    gates: list[tuple[str, str, str]]
    plugins: list[Brought]
    missing: list[str]


@pages.get("/settings", staff("settings.read"))
def settings() -> BaseResponse:
    """What the marketplace runs on."""
    market, plugins = house().marketplace, house().plugins
    context = SettingsContext(
        groups=_groups(market), gates=_gates(), plugins=[_brought(p, plugins) for p in plugins.enabled],
        missing=list(house().missing),
    )
    return show("settings.html", context)


def _groups(m: Marketplace) -> list[tuple[str, list[tuple[str, str]]]]:
    engine = m.database_url.split(":", 1)[0].split("+", 1)[0]
    return [
        (_("The marketplace"), [("name", m.name), ("slug", m.slug), ("stage", str(m.stage)),
                                ("languages", ", ".join(m.languages)), ("country", m.country),
                                ("currency", m.currency), ("time_zone", m.time_zone), ("base_url", m.base_url),
                                ("theme", m.theme or "-"), ("database", engine)]),
        (_("Who may enter"), [("access.freelancers", m.access.freelancers), ("access.clients", m.access.clients),
                              ("access.missions", m.access.missions),
                              ("access.public_missions", _yes(value=m.access.public_missions)),
                              ("access.public_freelancers", _yes(value=m.access.public_freelancers))]),
        (_("Deals"), [("deal.processes", ", ".join(m.deal.processes)), ("deal.provider", m.deal.provider or "-"),
                      ("deal.proposal_days", str(m.deal.proposal_days)), ("deal.review_days", str(m.deal.review_days)),
                      ("deal.reauthenticate_above", str(m.deal.reauthenticate_above))]),
        (_("Legal notice"), [(f"legal.{k}", getattr(m.legal, k) or "-") for k in (
            "name", "form", "registration_number", "vat_number", "address", "director", "hosting")]),
        (_("Mail"), [("mail.sender", m.mail.sender),
                     ("mail.smtp", _("set") if m.mail.smtp else _("none: mails stay in the console"))]),
    ]  # fmt: skip


def _yes(*, value: bool) -> str:
    return _("yes") if value else _("no")


def _gates() -> list[tuple[str, str, str]]:
    asked = house().ports.get(Asked)
    return [
        (gate, _(GATE_KINDS.get(kind, kind)), ", ".join(translate(asked.labels[n]) for n in names))
        for (gate, kind), names in asked.by_gate.items()
    ]


def _brought(plugin: Plugin, plugins: Plugins) -> Brought:
    def of(entries: Any) -> str:
        rows = entries.values() if isinstance(entries, Mapping) else entries
        return ", ".join(str(getattr(e.it, "name", type(e.it).__name__)) for e in rows if e.plugin == plugin.name)

    listeners = _("yes") if plugin.name in plugins.listeners else ""
    own_pages = _("yes") if any(name == plugin.name for name, _b in plugins.blueprints) else ""
    brings = [
        (_("Matching criteria"), of(plugins.matching_criteria)), (_("Pricing rules"), of(plugins.pricing_rules)),
        (_("{Contract} templates"), of(plugins.contract_templates)),
        (_("Payment providers"), of(plugins.payment_providers)), (_("Checks"), of(plugins.vetting_checks)),
        (_("Courses of a deal"), of(plugins.processes)), (_("Conditions"), of(plugins.conditions)),
        (_("Fields"), of(plugins.fields)), (_("Taxonomies"), of(plugins.taxonomies)),
        (_("Pages of its own"), own_pages), (_("Hears events"), listeners),
    ]  # fmt: skip
    kept = [(k, _short(v)) for k, v in plugin.settings.items()]
    return Brought(plugin.name, plugin.manifest.summary, plugin.manifest.version, [b for b in brings if b[1]], kept)


def _short(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return text if len(text) <= 300 else text[:297] + "…"
