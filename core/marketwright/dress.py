"""What a site wears: its layers of templates and static files, its brand, and what stands around every page."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask, g, request, url_for

from marketwright.features.contracts.registry import service_process
from marketwright.features.files.drawings import check_drawing
from marketwright.hooks.manager import Plugins
from marketwright.kernel.errors import BadSetting, InvalidInput
from marketwright.rooms import FEATURES
from marketwright.settings.marketplace import Look, Marketplace
from marketwright.strategies.slots import REQUIRED_SLOTS
from marketwright.theming.blocks import check_layers
from marketwright.theming.brand import Brand, make_brand
from marketwright.theming.faults import Faults
from marketwright.theming.loader import Layer, LayeredLoader
from marketwright.theming.theme import Theme, chain, declared_tokens, fonts_of, installed_themes
from marketwright.web import pages as kit_pages
from marketwright.web import render as rendering
from marketwright.web.fragments import FRAGMENTS, Fragments, card, piece
from marketwright.web.house import House, reading, viewer
from marketwright.web.i18n import current_locale
from marketwright.web.ports import DemoChrome, Unread
from marketwright.web.render import furnish, take_flashes
from marketwright.web.site import Constant, make_constant, make_site, viewer_card
from marketwright.web.slots import required, slot

CORE = Path(__file__).parent
TOKENS_CSS = CORE / "web" / "static" / "css" / "tokens.css"
DRAFT = "draft"  # the argument by which staff look at a page in another look, as `brand=%23ff0000&round=3`


def known_tokens() -> frozenset[str]:
    """The tokens that there are."""
    return declared_tokens(TOKENS_CSS)


def themes_of(marketplace: Marketplace) -> tuple[Theme, ...]:
    """The theme of the marketplace and its parents, nearest first."""
    return chain(marketplace.theme, known_tokens())


def brand_of(marketplace: Marketplace, themes: tuple[Theme, ...], look: Look | None = None) -> Brand:
    """The brand in force, or as it would be with another ``look``."""
    chosen = marketplace.look if look is None else look
    fonts = fonts_of(installed_themes(known_tokens())) if chosen.font else {}
    return make_brand(TOKENS_CSS, themes, marketplace.folder / "theme" / "tokens.json", chosen, fonts)


def core_folders() -> tuple[Path, ...]:
    """The template folders of core: the kit's, then each room's."""
    return (CORE / "web" / "templates", *(CORE / "features" / room / "templates" for room in FEATURES))


def layers_of(marketplace: Marketplace, themes: tuple[Theme, ...], plugins: Plugins) -> tuple[Layer, ...]:
    """The layers of templates, first hit wins."""
    own = Layer("marketplace", (marketplace.folder / "theme" / "templates",))
    themed = tuple(Layer(f"theme.{t.name}", (t.folder / "templates",)) for t in themes)
    plugged = tuple(Layer(p.name, (p.folder / "templates",)) for p in plugins.enabled if p.folder)
    return (own, *themed, *plugged, Layer("core", core_folders()))


def _check_drawings(folders: Mapping[str, Path]) -> None:
    """``BadSetting`` for a logo or favicon that could do more than be looked at, as the console refuses it."""
    for folder in folders.values():
        for file in (folder / name for name in ("logo.svg", "favicon.svg")):
            if not file.is_file():
                continue
            try:
                check_drawing(file.read_bytes(), file.name)
            except InvalidInput as error:
                raise BadSetting(f"it cannot be shown. {error}", where=str(file),
                                 fix="Draw it with shapes alone.") from None  # fmt: skip


def dress(app: Flask, themes: tuple[Theme, ...], the_house: House) -> None:
    """Give ``app`` its static folders, its brand and the frame of its pages."""
    marketplace, brand = the_house.marketplace, the_house.ports.get(Brand)
    fonts = fonts_of(installed_themes(known_tokens()))
    folders = _static_folders(marketplace, themes, the_house.plugins, fonts)
    app.extensions[kit_pages.STATIC_FOLDERS] = folders
    app.extensions[kit_pages.BRAND] = brand
    app.extensions[kit_pages.FONTS] = tuple(fonts)
    app.extensions[kit_pages.HEADING] = _heading(themes, fonts.get(marketplace.look.font))
    app.extensions[kit_pages.DRAFTS] = lambda look: brand_of(marketplace, themes, look)
    sheets = [n for n, f in folders.items() if (f / "theme.css").is_file() and n in _worn(themes, the_house.plugins)]
    _check_drawings(folders)
    icon = next((n for n, f in folders.items() if (f / "favicon.svg").is_file()), "")
    mark = next((n for n in ("marketplace",) if n in folders and (folders[n] / "logo.svg").is_file()), "")
    stamp = _stamp()

    def asset(path: str) -> str:
        return f"/static/{path}?v={stamp}"

    names = " ".join(t.name for t in themes)
    app.extensions[FRAGMENTS] = Fragments(lambda: f"{names} {brand.stamp} {stamp}")
    app.extensions[rendering.CHROME] = _Chrome(the_house, sheets, icon, mark)
    furnish(app.jinja_env)
    app.jinja_env.globals.update({"asset": asset, "url": url_for, "theme_url": _theme_url,
                                  "slot": slot, "required": required, "card": card,
                                  "piece": piece})  # fmt: skip
    core_only = app.jinja_env.overlay()
    core_only.loader = LayeredLoader((Layer("core", core_folders()),))
    app.extensions[rendering.CORE_ONLY] = core_only
    app.extensions[rendering.FAULTS] = Faults()
    layers = layers_of(marketplace, themes, the_house.plugins)
    check_layers(app.jinja_env, LayeredLoader(layers), slots=REQUIRED_SLOTS)


class _Chrome:
    """What stands around every page of an application. It has one look and one catalogue: what they say is made once.

    ``sheets`` are layers with a stylesheet, ``icon`` and ``mark`` those with an icon and a logo, '' for none.
    """

    def __init__(self, the_house: House, sheets: Sequence[str], icon: str, mark: str) -> None:
        self._house, self._brand = the_house, the_house.ports.get(Brand)
        self._sheets, self._icon, self._mark = sheets, icon, mark
        self._unread, self._demo = the_house.ports.get(Unread), the_house.ports.get(DemoChrome)
        self._by_language: dict[str, Constant] = {}

    def __call__(self) -> dict[str, Any]:
        """The values that frame and layouts read."""
        found, draft = viewer(), _draft()
        scheme = dict(parse_qsl(draft)).get("scheme", "") if draft else self._brand.scheme
        locale = current_locale()
        constant = self._by_language.get(locale)
        if constant is None:
            constant = self._by_language[locale] = make_constant(self._house.marketplace, holder=self._holder)
        return {
            "site": make_site(
                self._house.marketplace, found, constant, favicon=self._favicon, logo=self._logo,
                stylesheets=[url_for("web.draft", look=draft), *self._own_sheets] if draft else self._stylesheets,
                scheme=scheme if scheme in ("light", "dark") else "", services=self._sells, draft=bool(draft),
            ),
            "viewer": viewer_card(found, self._unread(reading(), found.account), services=self._sells)
            if found else None,
            "locale": locale, "flashes": take_flashes(), "demo": None if draft else self._demo(found),
        }  # fmt: skip

    @cached_property
    def _own_sheets(self) -> list[str]:
        return [_theme_url(n, "theme.css") for n in reversed(self._sheets)]

    @cached_property
    def _stylesheets(self) -> list[str]:
        return [url_for("web.tokens", v=self._brand.stamp), *self._own_sheets]

    @cached_property
    def _favicon(self) -> str:
        return self._brand.favicon or (_theme_url(self._icon, "favicon.svg") if self._icon else "")

    @cached_property
    def _logo(self) -> str:
        return self._brand.logo or (_theme_url(self._mark, "logo.svg") if self._mark else "")

    @cached_property
    def _sells(self) -> bool:
        return service_process(self._house.plugins, self._house.marketplace) is not None

    @cached_property
    def _holder(self) -> str:
        """Who holds the clients' money, asked of the provider once: each asking is a change of threads."""
        entry = self._house.plugins.payment_providers.get(self._house.marketplace.deal.provider)
        return entry.ask("capabilities", lambda p: p.capabilities.holder) if entry else ""


def _heading(themes: tuple[Theme, ...], chosen: Theme | None) -> Path | None:
    """The file of the heading font: the chosen one's, else that of the nearest theme that brings one."""
    theme = chosen or next((t for t in themes if t.font_file), None)
    file = theme.folder / "static" / theme.font_file if theme else None
    return file if file and file.is_file() else None


def _static_folders(
    marketplace: Marketplace, themes: tuple[Theme, ...], plugins: Plugins, fonts: Mapping[str, Theme]
) -> dict[str, Path]:  # fmt: skip
    folders = {"marketplace": marketplace.folder / "theme" / "static"}
    folders |= {t.name: t.folder / "static" for t in themes}
    folders |= {p.name: p.folder / "static" for p in plugins.enabled if p.folder}
    for theme in fonts.values():
        folders.setdefault(theme.name, theme.folder / "static")  # its font may be chosen, nothing else of it is worn
    return {n: f for n, f in folders.items() if f.is_dir()}


def _worn(themes: tuple[Theme, ...], plugins: Plugins) -> frozenset[str]:
    return frozenset(("marketplace", *(t.name for t in themes), *(p.name for p in plugins.enabled)))


def _draft() -> str:
    """The look that staff want to see this page in, '' for everybody else and for one that is not valid."""
    asked, found = request.args.get(DRAFT, ""), viewer()
    if not asked or found is None or not found.may("settings.read") or kit_pages.draft_look(asked) is None:
        return ""
    g.framed = True
    return asked


def _theme_url(layer: str, name: str) -> str:
    return url_for("web.theme_static", layer=layer, name=name)


def _stamp() -> str:
    """A short word that changes with the stylesheets, so that browsers may keep them for long."""
    digest = sha256()
    for file in sorted((CORE / "web" / "static").rglob("*")):
        if file.suffix in (".css", ".js", ".svg"):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:10]
