"""Rendering: a template and a context dataclass become a page. Templates never see ORM rows."""

import logging
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast

from flask import Flask, current_app, g, make_response, session
from flask.templating import Environment as FlaskEnvironment
from jinja2 import StrictUndefined
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from marketwright.kernel.text import N_
from marketwright.theming.faults import Fault, Faults, blame
from marketwright.theming.loader import LayeredEnvironment, LayeredLoader
from marketwright.web import formats
from marketwright.web.i18n import current_locale, gettext, plural_form, translate
from marketwright.web.labels import begin_row, end_row, label_of, note_label
from marketwright.web.markdown import clean_markdown
from marketwright.web.names import country_name, language_name

log = logging.getLogger("marketwright.web")
CHROME = "marketwright.chrome"
CORE_ONLY = "marketwright.core_environment"
FAULTS = "marketwright.theme_faults"
FROM_CORE = "RENDER_FROM_CORE"
SHOWN_FROM_CORE = N_(
    "This page is shown as core draws it: the layer %(layer)s failed on it (%(file)s, line %(line)s: %(error)s)."
)


class PageEnvironment(LayeredEnvironment, FlaskEnvironment):
    """Flask's environment over layers, strict about names that are not there."""

    def __init__(self, app: Flask, **options: Any) -> None:
        options["undefined"] = StrictUndefined
        options["autoescape"] = True
        options["trim_blocks"] = False
        super().__init__(app, **options)


def furnish(environment: Any) -> None:
    """Give ``environment`` the globals and filters that templates may use."""
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    kit = {
        "money": formats.show_money, "round_money": formats.show_round_money, "date": formats.show_date,
        "datetime": formats.show_datetime, "days": formats.show_days,
        "currency_sign": formats.currency_sign,
        "ago": formats.show_ago, "number": formats.show_number,
        "percent": formats.show_percent, "markdown": clean_markdown, "tr": translate,
        "language_name": language_name, "country_name": country_name,
    }
    naming = {"note_label": note_label, "label_of": label_of, "begin_row": begin_row, "end_row": end_row}  # fmt: skip
    environment.globals.update(kit | naming)
    environment.filters.update(kit)
    environment.filters["striptags"] = without_tags
    environment.globals.update({"_": template_gettext, "gettext": template_gettext, "ngettext": template_ngettext})


def without_tags(value: object) -> str:
    """``value`` as plain text; the titles of pages, again and again."""
    return _without_tags(str(value))


@lru_cache(1024)
def _without_tags(text: str) -> str:
    return Markup(text).striptags()  # noqa: S704  what comes of it is escaped


def template_gettext(message: str, **params: Any) -> str:
    """``_()`` in templates: safe as markup, its parameters escaped."""
    text = gettext(str(message))
    return Markup(text) % params if params else Markup(text)  # noqa: S704  messages are ours, parameters are escaped


def template_ngettext(singular: str, plural: str, n: int, **params: Any) -> str:
    """``ngettext()`` in templates; ``%(n)s`` and ``%(num)s`` are the number in the reader's way."""
    shown = formats.show_number(n)
    text = plural_form(singular, plural, n)
    return Markup(text) % {"n": shown, "num": shown, **params} if params else _counted(text, shown)  # noqa: S704  as above


@lru_cache(1024)
def _counted(text: str, shown: str) -> Markup:
    return Markup(text) % {"n": shown, "num": shown}  # noqa: S704  as above


def plain(context: Any) -> dict[str, Any]:
    """The fields of a context dataclass, one level deep; ``None`` has none, anything else is a mistake of ours."""
    if context is None:
        return {}
    if is_dataclass(context) and not isinstance(context, type):
        return {f.name: getattr(context, f.name) for f in fields(context)}
    msg = f"a page is given a context dataclass, not {type(context).__name__}"
    raise TypeError(msg)


def render_text(template: str, context: Any = None, around: Mapping[str, Any] | None = None) -> str:
    """The text of ``template``; a failing override is rendered again from core's layer alone, and named.

    ``around`` is what a frame shows around the page (the console's navigation). In tests a failure stays one, unless
    the setting ``RENDER_FROM_CORE`` is on.
    """
    values = {**current_app.extensions[CHROME](), **(around or {}), **plain(context)}
    try:
        return current_app.jinja_env.get_template(template).render(values)
    except Exception as error:
        fault = _fault(template, error)
        if fault is None:
            raise
        log.exception("the layer %s failed on the page %s; it is shown from core's layer", fault.layer, template)
        if values.get("viewer") is not None and values["viewer"].is_staff:
            values["flashes"] = [*values.get("flashes", ()), ("error", _sentence(fault))]
        core: Any = current_app.extensions[CORE_ONLY]
        return str(core.get_template(template).render(values))


def _fault(template: str, error: Exception) -> Fault | None:
    """The fault of a layer above core, kept for the console; ``None`` where core is at fault or has no such page."""
    loader = current_app.jinja_env.loader
    if not isinstance(loader, LayeredLoader) or (current_app.testing and not current_app.config.get(FROM_CORE)):
        return None
    core: Any = current_app.extensions[CORE_ONLY]
    layer, file, line = blame(template, error, loader)
    if layer == "core" or core.loader.layers[0].find(template) is None:
        return None
    said = f"{type(error).__name__}: {error}"[:300]
    found = Fault(template, layer, file, line, said, datetime.now(UTC))
    return cast("Faults", current_app.extensions[FAULTS]).note(found)


def _sentence(fault: Fault) -> str:
    return gettext(
        SHOWN_FROM_CORE, layer=fault.layer, file=fault.file.rpartition("/")[2], line=fault.line, error=fault.error,
    )  # fmt: skip


def render(
    template: str, context: Any = None, *, status: int = 200, form_action: tuple[str, ...] = (),
    around: Mapping[str, Any] | None = None,
) -> BaseResponse:  # fmt: skip
    """A page. ``form_action`` are foreign origins that a form on this page may lead to (a provider's page)."""
    response = make_response(render_text(template, context, around), status)
    if form_action:
        g.form_action = form_action
    return response


def tell(message: str, category: str = "success") -> None:
    """Show ``message`` on the next page: success, info, warning or error."""
    session["flashes"] = [*session.get("flashes", []), (category, str(message))]


def take_flashes() -> list[tuple[str, str]]:
    """The messages waiting for this page; they are gone afterwards."""
    if "flashes" not in session:
        return []
    return [(c, m) for c, m in session.pop("flashes")]


def locale() -> str:
    """The language of this page."""
    return current_locale()
