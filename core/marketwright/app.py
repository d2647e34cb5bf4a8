"""The composition root: the only place that knows all rooms. Builds a house and the Flask application around it."""

import logging
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

from flask import Flask, Response, g, request, session
from sqlalchemy.engine import make_url
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header
from werkzeug.middleware.proxy_fix import ProxyFix

from marketwright.dress import brand_of, dress, layers_of, themes_of
from marketwright.features.content.reader import check_content
from marketwright.features.desk.laying import lay
from marketwright.features.desk.life import late
from marketwright.features.desk.meters import Keeper
from marketwright.features.desk.safe import only_own, without_absent
from marketwright.features.matching.renewing import Indexes
from marketwright.features.matching.weighing import Criteria, weigh
from marketwright.features.overlay.ports import LiveSite
from marketwright.features.overlay.queries import Overlay, overlay
from marketwright.features.overlay.queries import exists as overlay_exists
from marketwright.hooks.desk import Desk
from marketwright.hooks.local import load_local
from marketwright.hooks.manager import Plugins, load_plugins
from marketwright.hooks.manifest import Manifest
from marketwright.kernel.errors import BadSetting
from marketwright.kernel.ports import Ports
from marketwright.rooms import FEATURES, fill_ports, room_pages, wire_jobs
from marketwright.running import RUNNING, Candidate, Running, running
from marketwright.settings.loader import load_marketplace
from marketwright.settings.marketplace import Marketplace
from marketwright.settings.overlay import covering, overlaid
from marketwright.settings.places import placed
from marketwright.store.database import Database
from marketwright.store.identity import refuse_other
from marketwright.store.jobs import Worker
from marketwright.store.places import refuse_shared_folder
from marketwright.theming.brand import Brand
from marketwright.theming.loader import Layer, LayeredLoader
from marketwright.theming.theme import Theme
from marketwright.web import pages as kit_pages
from marketwright.web.addresses import ADDRESSES, LANGUAGE, Addressed, Addresses, check_addresses
from marketwright.web.errors import handle_errors
from marketwright.web.formats import set_currency, set_zone
from marketwright.web.house import House, db, house, reading
from marketwright.web.i18n import Catalogues, set_speech
from marketwright.web.limits import LIMITER
from marketwright.web.policy import PUBLIC
from marketwright.web.ports import SignedIn
from marketwright.web.render import PageEnvironment
from marketwright.web.routing import POLICIES, Pages, enforce
from marketwright.web.rules import LateRule
from marketwright.web.security import protect
from marketwright.web.vocabulary import check_files, vocabulary

log = logging.getLogger("marketwright")
CORE = Path(__file__).parent
SHORT = 100  # letters of what a browser says of languages; the answer to what is longer is not kept


def open_house(marketplace: Marketplace) -> House:
    """The house of ``marketplace`` with what the console has saved; the file alone where there is no database yet."""
    database, saved = saved_settings(marketplace)
    if database is None:
        return build_house(marketplace)
    try:
        made = build_house(overlaid(marketplace, saved.values) if saved.saved else marketplace, beside=database)
    except BadSetting as error:
        database.dispose()
        raise _say_who(error, saved) from error
    made.stamp = saved.stamp
    return made


def saved_settings(marketplace: Marketplace) -> tuple[Database | None, Overlay]:
    """The database of ``marketplace``, where there is one, and what the console has saved in it."""
    url = make_url(marketplace.database_url)
    refuse_shared_folder(marketplace.database_url)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        return None, Overlay()
    database = Database(marketplace.database_url, moves=marketplace.movable_clock)
    with database.reading() as session:
        try:
            refuse_other(session, marketplace)
        except BadSetting:
            database.dispose()
            raise
        return database, overlay(session, database.clock.business()) if overlay_exists(session) else Overlay()


def _say_who(error: BadSetting, saved: Overlay) -> BadSetting:
    """The refusal with the way back, where the console said what is wrong."""
    found = next((s for k, s in saved.saved.items() if any(covering({k: None}, e) for e in error.errors)), None)
    if found is None:
        return error
    way = f"{found.by} saved it as version {found.version}: marketwright config undo {found.version}"
    return BadSetting(error.sentence, where=error.where, fix=f"{error.fix} {way}".strip(), errors=error.errors)


def build_house(
    marketplace: Marketplace, modules: Mapping[str, ModuleType] | None = None, *, beside: Database | None = None
) -> House:
    """Settings, database, plugins, ports and worker, put together as ``marketplace`` says.

    ``modules`` replaces plugins (tests); ``beside`` is a database that lends its engines.
    """
    asked, marketplace = marketplace, only_own(marketplace) if marketplace.safe else marketplace
    ports = Ports()
    database = Database(marketplace.database_url, ports=ports, moves=marketplace.movable_clock, beside=beside)

    def make_desk(manifest: Manifest, settings: Mapping[str, Any]) -> Desk:
        return lay(marketplace, database, ports, manifest, settings)

    found = load_local(marketplace.folder, marketplace.plugins) | dict(modules or {})
    try:
        plugins = load_plugins(marketplace.plugins, marketplace.plugin_settings, make_desk, found)
        source = "the console" if "fields" in marketplace.source.overlay else "marketplace.toml"
        plugins.add_fields(source, marketplace.fields, currency=marketplace.currency)
        criteria = weigh(plugins, marketplace)
    except BadSetting as error:
        raise placed(error, marketplace) from error
    marketplace = without_absent(marketplace, plugins) if marketplace.safe else marketplace
    ports.fill(Plugins, plugins)
    ports.fill(Criteria, criteria)
    ports.fill(Marketplace, marketplace)
    themes = themes_of(marketplace)
    ports.fill(Brand, brand_of(marketplace, themes))
    said = vocabulary(_vocabularies(marketplace, themes, plugins), marketplace.languages, marketplace.vocabulary)
    translations = _translations(marketplace, themes, plugins)
    check_files(translations[1 + len(FEATURES) :], said)
    catalogues = Catalogues(translations, said)
    built = House(marketplace, database, plugins, ports, Worker(database), catalogues, modules=modules)
    check_content(marketplace.folder / "content", marketplace.languages)
    fill_ports(built)
    wire_jobs(built)
    built.missing.extend(_missing(plugins, marketplace))
    built.missing.extend(f"keep the tables of {p.name} (run: marketwright db upgrade)" for p in late(built))
    built.left_out = tuple(n for n in asked.plugins if n not in marketplace.plugins)
    return built


def _missing(plugins: Plugins, marketplace: Marketplace) -> list[str]:
    legal = marketplace.legal
    wanted = (
        (plugins.matching_criteria, "ranking (a plugin with matching criteria, such as core_matching)"),
        (plugins.pricing_rules, "commission (a plugin with pricing rules, such as commission)"),
        (plugins.contract_templates, "contracts (a plugin with contract templates, such as standard_contracts)"),
        (plugins.payment_providers, "payments (a plugin with a payment provider, such as sandbox)"),
        (plugins.vetting_checks, "vetting (a plugin with checks, such as evidence)"),
        (legal.vat_number or legal.vat_regime != "standard",
         "invoices with VAT (legal.vat_number, which legal.vat_regime = \"standard\" asks for)"),
    )  # fmt: skip
    return [sentence for brought, sentence in wanted if not brought]


def create_app(marketplace: Marketplace | Path | str, built: House | None = None) -> Flask:
    """The web application of one marketplace, which follows its settings; two in one process share nothing."""
    if not isinstance(marketplace, Marketplace):
        marketplace = load_marketplace(marketplace)
    the_house = built or open_house(marketplace)
    try:
        app = _application(marketplace if built else the_house.marketplace, the_house)
    except BaseException:
        if built is None:
            the_house.database.dispose()
        raise
    site = Running(Candidate(the_house, app, app.wsgi_app), partial(_beside, app), the_house.stamp)
    _join(app, the_house, site)
    app.wsgi_app = site  # type: ignore[method-assign]
    return app


def _join(app: Flask, the_house: House, site: Running) -> None:
    app.extensions[RUNNING] = site
    the_house.ports.fill(LiveSite, site)


def _beside(front: Flask, now: House, values: Mapping[str, Any]) -> Candidate:
    """House and application of the same site with other settings: one database, the counters of tries kept."""
    base = now.marketplace.source.base or now.marketplace
    made = build_house(overlaid(base, values), now.modules, beside=now.database)
    if [e.it for e in made.plugins.fields] == [e.it for e in now.plugins.fields]:
        made.ports.fill(Indexes, now.ports.get(Indexes))  # what is in memory stays so
    app = _application(made.marketplace, made)
    app.testing = front.testing
    app.config.update({k: v for k, v in front.config.items() if k.startswith(("RATELIMIT_", "WTF_CSRF_ENABLED"))})
    app.extensions[LIMITER] = front.extensions[LIMITER]
    _join(app, made, running(front))
    return Candidate(made, app, app.wsgi_app)


def _application(marketplace: Marketplace, the_house: House) -> Flask:
    app = _Application("marketwright", static_folder=str(CORE / "web" / "static"), static_url_path="/static")
    themes = themes_of(marketplace)
    app.layers = layers_of(marketplace, themes, the_house.plugins)
    app.extensions["marketwright"] = the_house
    app.extensions[POLICIES] = {("static", "GET"): PUBLIC}
    app.config.update(SQLALCHEMY_ENGINES={}, SQLALCHEMY_DATABASE_URI="sqlite://", TEMPLATES_AUTO_RELOAD=False)
    _connect_reads(app, the_house.database)
    app.before_request(_arrive)
    protect(app, marketplace)
    app.before_request(enforce)
    for pages in (kit_pages.pages, *room_pages()):
        _register(app, pages)
    _register_plugin_pages(app, the_house.plugins)
    dress(app, themes, the_house)
    handle_errors(app)
    app.after_request(partial(_count, the_house.ports.get(Keeper)))
    check_addresses(marketplace, partial(_answers, app))
    app.extensions[ADDRESSES] = own = Addresses(marketplace.languages, marketplace.addresses)
    app.wsgi_app = Addressed(app.wsgi_app, own)  # type: ignore[method-assign]
    if marketplace.base_url.startswith("https://"):
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=0)  # type: ignore[method-assign]
    return app


def _answers(app: Flask, path: str) -> bool:
    """Whether ``path`` is a page of the site that anybody may open."""
    try:
        endpoint, _values = app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    policy = app.extensions[POLICIES].get((endpoint, "GET"))
    return policy is not None and policy.name == PUBLIC.name


class _Application(Flask):
    jinja_environment = PageEnvironment  # type: ignore[assignment]
    url_rule_class = LateRule
    layers: tuple[Layer, ...] = ()

    def __init__(self, *args: Any, **options: Any) -> None:
        self._plain: set[Callable[..., Any]] = set()
        super().__init__(*args, **options)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As Flask's, which asks of each function at each request whether it is a coroutine."""
        if func in self._plain:
            return func
        made = super().ensure_sync(func)
        if made is func:
            self._plain.add(func)
        return made

    def create_global_jinja_loader(self) -> LayeredLoader:  # type: ignore[override]
        return LayeredLoader(self.layers)


def _connect_reads(app: Flask, database: Database) -> None:
    """Bind Flask-SQLAlchemy's session to the reading engine, which cannot write."""
    db.init_app(app)
    with app.app_context():
        db._app_engines[app] = {None: database.reads}  # noqa: SLF001  its engines are ours: read-only by construction


def _translations(marketplace: Marketplace, themes: tuple[Theme, ...], plugins: Plugins) -> list[Path]:
    folders = [CORE / "web" / "translations", *(CORE / "features" / room / "translations" for room in FEATURES)]
    folders += [p.folder / "translations" for p in plugins.enabled if p.folder]
    folders += [t.folder / "translations" for t in reversed(themes)]
    return [*folders, marketplace.folder / "translations"]


def _vocabularies(marketplace: Marketplace, themes: tuple[Theme, ...], plugins: Plugins) -> list[Path]:
    folders = [CORE / "web" / "vocabulary", *(p.folder / "vocabulary" for p in plugins.enabled if p.folder)]
    return [*folders, *(t.folder / "vocabulary" for t in reversed(themes)), marketplace.folder / "vocabulary"]


def _arrive() -> None:
    """Know the request: its id, who sends it, which language and time zone they read."""
    g.request_id = uuid4().hex[:12]
    the_house = house()
    token = session.get("sid")
    g.viewer = None
    if token and request.endpoint not in ("static", "web.theme_static", "web.tokens", "web.health"):
        g.viewer = the_house.ports.get(SignedIn)(reading(), token)
    spoken = request.environ.get(LANGUAGE)
    if spoken and g.viewer is None and session.get("locale") != spoken:
        session["locale"] = spoken  # the next page, at a stable address, goes on in the language of this one
    set_speech(_language(the_house.marketplace), the_house.catalogues)
    set_currency(the_house.marketplace.currency)
    set_zone(g.viewer.time_zone if g.viewer else the_house.marketplace.time_zone)


def _language(marketplace: Marketplace) -> str:
    spoken = request.environ.get(LANGUAGE)
    if spoken:
        return str(spoken)
    chosen = session.get("locale") or (g.viewer.locale if g.viewer else None)
    if chosen in marketplace.languages:
        return str(chosen)
    accepted = request.headers.get("Accept-Language", "")
    return (_kept_best if len(accepted) <= SHORT else _best)(accepted, marketplace.languages)


def _best(accepted: str, languages: tuple[str, ...]) -> str:
    return parse_accept_header(accepted, LanguageAccept).best_match(languages) or languages[0]


_kept_best = lru_cache(512)(_best)


def _count(keeper: Keeper, response: Response) -> Response:
    """Keep now and then what was counted of plugins."""
    keeper.maybe()
    return response


def _register(app: Flask, pages: Pages) -> None:
    app.register_blueprint(pages.blueprint)
    app.extensions[POLICIES].update(pages.policies)


def _register_plugin_pages(app: Flask, plugins: Plugins) -> None:
    for name, blueprint in plugins.blueprints:
        before = {r.endpoint for r in app.url_map.iter_rules()}
        app.register_blueprint(blueprint, url_prefix=f"/x/{name}", name=f"x-{name}")
        for rule in app.url_map.iter_rules():
            if rule.endpoint not in before:
                for method in (rule.methods or set()) & {"GET", "POST"}:
                    app.extensions[POLICIES][rule.endpoint, method] = PUBLIC.objects(f"as the plugin {name} decides")
