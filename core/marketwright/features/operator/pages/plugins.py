"""Plugins: which are enabled and in which order, what each brings, reads and calls, its errors and its time."""

from collections.abc import Callable, Sequence

from flask import request, url_for
from sqlalchemy.orm import Session
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.desk import life
from marketwright.features.desk.life import Need
from marketwright.features.desk.report import Report, report, reports
from marketwright.features.inbox.queries import MessageLine, latest
from marketwright.features.operator.pages.base import pages, show
from marketwright.features.overlay import queries
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.settings.overlay import why_fixed
from marketwright.web.house import House, actor, house, reading, the_viewer
from marketwright.web.i18n import _, translate
from marketwright.web.policy import staff
from marketwright.web.render import tell

READ = staff("settings.read")
CHANGE = staff("settings.change")
_NOTE = 300
HOOK_WORDS = {
    "register_matching_criteria": N_("Matching criteria"), "register_placements": N_("Places beside the ranking"),
    "register_embedders": N_("Sense of texts"), "register_pricing_rules": N_("Pricing rules"),
    "register_contract_templates": N_("{Contract} templates"),
    "register_payment_providers": N_("Payment providers"), "register_countries": N_("Rules of countries"),
    "register_journals": N_("Accounting journals"), "register_vetting_checks": N_("Checks"),
    "register_processes": N_("Courses of a deal"), "register_conditions": N_("Conditions"),
    "register_deliverables": N_("Deliverables"), "register_fields": N_("Fields"),
    "register_estimators": N_("Estimates"), "register_questionnaires": N_("Questionnaires"),
    "register_notices": N_("Words of notices"),
    "register_taxonomies": N_("Taxonomies"), "register_blueprints": N_("Pages of its own"),
    "register_slots": N_("Parts of pages"), "register_jobs": N_("Jobs"), "register_commands": N_("Commands"),
    "register_adapters": N_("Adapters"), "on_event": N_("Hears events"),
}  # fmt: skip
DECLARED_WORDS = {
    "profiles": N_("{profile.other}"), "missions": N_("{mission.other}"), "contracts": N_("{contract.other}"),
    "organisations": N_("{organisation.other}"), "verdicts": N_("outcomes of checks"), "evidence": N_("evidence"),
    "bills": N_("bills"), "name": N_("names"), "email": N_("mail addresses"), "phone": N_("phone numbers"),
    "address": N_("addresses"), "birth_date": N_("dates of birth"), "documents": N_("documents"),
    "messages": N_("messages"), "bank_account": N_("bank accounts"),
    "vat_number": N_("VAT numbers"), "record_verdict": N_("record outcomes of checks"),
    "meet_condition": N_("meet conditions"), "ask_for_document": N_("ask for documents"),
    "post": N_("write in conversations"), "notify": N_("notify people"),
    "take_transition": N_("move deals on"), "receive_payment": N_("receive payments"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PluginsContext:
    """Enabled plugins in their order, those that could be, what the site lacks; ``fixed``: why the list is fixed."""

    enabled: list[Report]
    others: list[Report]
    missing: list[str]
    seen: int
    editable: bool
    fixed: str
    errors: list[str]


@dataclass(frozen=True, slots=True)
class PluginContext:
    """One plugin; ``needs`` are the open contracts that keep it from being disabled."""

    r: Report
    hooks: list[tuple[str, str]]
    declared: list[tuple[str, str]]
    needs: list[Need]
    messages: list[MessageLine]
    settings_url: str
    seen: int
    editable: bool
    errors: list[str]


def _seen(session: Session) -> int:
    return queries.overlay(session, house().clock.business()).version


def _fixed() -> str:
    base = house().marketplace.source.base or house().marketplace
    return why_fixed(base, "plugins")


@pages.get("/plugins", READ)
def plugins() -> BaseResponse:
    """All plugins."""
    return _list([])


@pages.get("/plugins/<name>", READ.objects("plugins that are installed or enabled; none there is 404"))
def plugins_one(name: str) -> BaseResponse:
    """One plugin."""
    return _one(_known(name), [])


@pages.post("/plugins/<name>/enable", CHANGE.objects("plugins that are installed"))
def plugins_enable(name: str) -> BaseResponse:
    """Enable it, last in the order."""
    return _do(_known(name), lambda h, n, s: life.enable(h, actor(), name, note=n, seen=s), _("Enabled."))


@pages.post("/plugins/<name>/disable", CHANGE.objects("enabled plugins; refused while open contracts need it"))
def plugins_disable(name: str) -> BaseResponse:
    """Disable it."""
    return _do(_known(name), lambda h, n, s: life.disable(h, actor(), name, note=n, seen=s), _("Disabled."))


@pages.post("/plugins/<name>/move", CHANGE.objects("enabled plugins"))
def plugins_move(name: str) -> BaseResponse:
    """Move it one place up or down."""
    by = -1 if request.form.get("by") == "up" else 1
    return _do(_known(name), lambda h, n, s: life.reorder(h, actor(), name, by, note=n, seen=s), _("Moved."))


def _known(name: str) -> str:
    if name not in {*life.available(house()), *house().marketplace.plugins}:
        raise NotFound("There is no such plugin here.")
    return name


def _do(name: str, deed: Callable[[House, str, int | None], object], done: str) -> BaseResponse:
    seen, back = request.form.get("seen", ""), request.form.get("back") == "list"
    try:
        deed(house(), request.form.get("note", "")[:_NOTE], int(seen) if seen.isdigit() else None)
    except (InvalidInput, Conflict) as refused:
        given = [m for ms in refused.errors.values() for m in ms] if isinstance(refused, InvalidInput) else []
        errors = [translate(m) for m in given] or [translate(refused.template) % refused.params if refused.params
                                                   else translate(refused.template)]  # fmt: skip
        return _list(errors) if back else _one(name, errors)
    tell(done)
    return redirect(url_for("operator.plugins") if back else url_for("operator.plugins_one", name=name), 303)


def _list(errors: list[str]) -> BaseResponse:
    found = reports(house())
    context = PluginsContext(
        [r for r in found if r.enabled], [r for r in found if not r.enabled], list(house().missing),
        _seen(reading()), the_viewer().may("settings.change"), _fixed(), errors,
    )  # fmt: skip
    return show("plugins.html", context, status=422 if errors else 200)


def _said(declared: Sequence[str]) -> list[str]:
    """What a manifest declares, in the reader's words."""
    return [_(DECLARED_WORDS.get(one, one)) for one in declared]


def _one(name: str, errors: list[str]) -> BaseResponse:
    r, session = report(house(), name), reading()
    named = dict(r.brings)
    hooks = [(_(HOOK_WORDS.get(h, h)), named.get(h, _("yes"))) for h in r.hooks]
    declared = [
        (_("Hosts it calls"), r.hosts), (_("Personal data it reads"), _said(r.personal_data)),
        (_("Rows it reads"), _said(r.reads)), (_("What it may do"), _said(r.acts)),
        (_("Needs the plugins"), r.requires),
    ]  # fmt: skip
    context = PluginContext(
        r, hooks, [(title, ", ".join(v)) for title, v in declared if v],
        life.needs(session, house().plugins, name) if r.enabled else [], latest(session, name, most=20),
        url_for("operator.settings_plugin", name=name) if r.enabled and r.has_settings else "", _seen(session),
        the_viewer().may("settings.change") and not _fixed(), errors,
    )  # fmt: skip
    return show("plugin.html", context, status=422 if errors else 200)
