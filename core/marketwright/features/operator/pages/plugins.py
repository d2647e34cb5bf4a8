"""Plugins: which are enabled and in which order, what each brings, reads and calls, its errors and its time."""

from collections.abc import Callable

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
from marketwright.settings.overlay import why_fixed
from marketwright.web.house import House, actor, house, reading, the_viewer
from marketwright.web.i18n import _, translate
from marketwright.web.policy import staff
from marketwright.web.render import tell

READ = staff("settings.read")
CHANGE = staff("settings.change")
_NOTE = 300


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


def _one(name: str, errors: list[str]) -> BaseResponse:
    r, session = report(house(), name), reading()
    words = {
        "register_matching_criteria": _("Matching criteria"), "register_pricing_rules": _("Pricing rules"),
        "register_contract_templates": _("{Contract} templates"),
        "register_payment_providers": _("Payment providers"), "register_vetting_checks": _("Checks"),
        "register_processes": _("Courses of a deal"), "register_conditions": _("Conditions"),
        "register_fields": _("Fields"), "register_taxonomies": _("Taxonomies"), "register_jobs": _("Jobs"),
        "register_adapters": _("Adapters"), "register_blueprints": _("Pages of its own"),
        "register_commands": _("Commands"), "on_event": _("Hears events"),
    }  # fmt: skip
    named = dict(r.brings)
    hooks = [(words.get(h, h), named.get(h, _("yes"))) for h in r.hooks]
    declared = [
        (_("Hosts it calls"), r.hosts), (_("Personal data it reads"), r.personal_data),
        (_("Rows it reads"), r.reads), (_("What it may do"), r.acts), (_("Needs the plugins"), r.requires),
    ]  # fmt: skip
    context = PluginContext(
        r, hooks, [(title, ", ".join(v)) for title, v in declared if v],
        life.needs(session, house().plugins, name) if r.enabled else [], latest(session, name, most=20),
        url_for("operator.settings_plugin", name=name) if r.enabled and r.has_settings else "", _seen(session),
        the_viewer().may("settings.change") and not _fixed(), errors,
    )  # fmt: skip
    return show("plugin.html", context, status=422 if errors else 200)
