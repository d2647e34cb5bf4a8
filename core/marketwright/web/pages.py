"""Pages of the kit itself: health, the language switch, tokens and static files of the theme."""

import hashlib
import posixpath
from urllib.parse import parse_qsl, urlsplit

from flask import Response, abort, current_app, redirect, request, send_from_directory, session
from marshmallow import ValidationError
from sqlalchemy import text
from werkzeug.wrappers import Response as BaseResponse

from marketwright.settings.look import LookTable
from marketwright.settings.marketplace import Look
from marketwright.theming.brand import Brand
from marketwright.web.house import house, reading
from marketwright.web.policy import PUBLIC, staff
from marketwright.web.routing import Pages
from marketwright.web.sharing import share_picture

pages = Pages("web")
STATIC_FOLDERS = "marketwright.static_folders"
BRAND = "marketwright.brand"
FONTS = "marketwright.fonts"  # families of headings that may be chosen
HEADING = "marketwright.heading_font"  # the file of the heading font, None for the text font
DRAFTS = "marketwright.brand_drafts"  # Look -> Brand


@pages.get("/healthz", PUBLIC)
def health() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@pages.get("/readyz", PUBLIC)
def ready() -> Response:
    """The database answers and its schema is there."""
    try:
        reading().execute(text("SELECT 1 FROM jobs LIMIT 1"))
    except Exception:  # noqa: BLE001  any failure means not ready
        return Response("the database does not answer\n", status=503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")


def local_path(target: str) -> str:
    """``target`` when it is a path of this site, else ``/`` (S44)."""
    if not target.startswith("/") or target.startswith(("//", "/\\")) or any(ord(c) < 33 for c in target):
        return "/"
    return target


@pages.get("/language/<code>", PUBLIC)
def language(code: str) -> BaseResponse:
    """Speak another language from now on; goes back to where the visitor was."""
    if code not in house().marketplace.languages:
        abort(404)
    session["locale"] = code
    return redirect(local_path(request.args.get("next", "/")), 303)


@pages.get("/theme/<layer>/<path:name>", PUBLIC)
def theme_static(layer: str, name: str) -> BaseResponse:
    """A static file of the theme, of the marketplace's folder or of a plugin."""
    folder = current_app.extensions[STATIC_FOLDERS].get(layer)
    if folder is None or posixpath.normpath(name).startswith(".."):
        abort(404)
    return send_from_directory(folder, name, max_age=86400)


@pages.get("/theme/tokens.css", PUBLIC)
def tokens() -> BaseResponse:
    """The brand's tokens as one stylesheet."""
    css = brand().css
    response = Response(css, mimetype="text/css")
    response.set_etag(hashlib.sha256(css.encode()).hexdigest()[:16])
    response.cache_control.max_age = 86400
    response.cache_control.public = True
    return response.make_conditional(request)


@pages.get("/theme/share-<code>.png", PUBLIC)
def share(code: str) -> BaseResponse:
    """The picture of a shared page in one language, in the brand."""
    market = house().marketplace
    if code not in market.languages:
        abort(404)
    host = urlsplit(market.base_url).netloc
    drawn = share_picture(
        market.name, market.tagline.get(code, ""), host, colours=brand().day, heading=current_app.extensions[HEADING]
    )
    response = Response(drawn, mimetype="image/png")
    response.set_etag(hashlib.sha256(drawn).hexdigest()[:16])
    response.cache_control.max_age = 86400
    response.cache_control.public = True
    return response.make_conditional(request)


@pages.get("/theme/draft.css", staff("settings.read"))
def draft() -> BaseResponse:
    """The tokens of a look that is not saved, for the preview of the console."""
    wanted = draft_look(request.args.get("look", ""))
    if wanted is None:
        abort(404)
    response = Response(current_app.extensions[DRAFTS](wanted).css, mimetype="text/css")
    response.cache_control.no_store = True
    return response


def brand() -> Brand:
    """The brand in force."""
    found: Brand = current_app.extensions[BRAND]
    return found


def draft_look(asked: str) -> Look | None:
    """The look that ``asked`` (``brand=%23ff0000&round=3``) says, or ``None`` when it says none that may be."""
    try:
        return Look(**LookTable().load({k: v for k, v in parse_qsl(asked) if v}))
    except ValidationError:
        return None
