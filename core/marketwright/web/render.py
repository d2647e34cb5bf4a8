"""Rendering: a template and a context dataclass become a page. Templates never see ORM rows."""

import logging
from dataclasses import fields, is_dataclass
from typing import Any

from flask import Flask, current_app, g, make_response, session
from flask.templating import Environment as FlaskEnvironment
from jinja2 import StrictUndefined, TemplateNotFound
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from marketwright.theming.loader import LayeredEnvironment, LayeredLoader
from marketwright.web import formats
from marketwright.web.i18n import current_locale, gettext, plural_form, translate
from marketwright.web.markdown import clean_markdown

log = logging.getLogger("marketwright.web")
CHROME = "marketwright.chrome"
CORE_ONLY = "marketwright.core_environment"


class PageEnvironment(LayeredEnvironment, FlaskEnvironment):
    """Flask's environment over layers, strict about names that are not there."""

    def __init__(self, app: Flask, **options: Any) -> None:
        options["undefined"] = StrictUndefined
        options["autoescape"] = True
        options["trim_blocks"] = False
        FlaskEnvironment.__init__(self, app, **options)


def furnish(environment: Any) -> None:
    """Give ``environment`` the globals and filters that templates may use."""
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    kit = {
        "money": formats.show_money, "round_money": formats.show_round_money, "date": formats.show_date,
        "datetime": formats.show_datetime, "ago": formats.show_ago, "number": formats.show_number,
        "percent": formats.show_percent, "markdown": clean_markdown, "tr": translate,
    }  # fmt: skip
    environment.globals.update(kit)
    environment.filters.update(kit)
    environment.globals.update({"_": template_gettext, "gettext": template_gettext, "ngettext": template_ngettext})


def template_gettext(message: str, **params: Any) -> str:
    """``_()`` in templates: safe as markup, its parameters escaped."""
    text = gettext(str(message))
    return Markup(text) % params if params else Markup(text)  # noqa: S704  messages are ours, parameters are escaped


def template_ngettext(singular: str, plural: str, n: int, **params: Any) -> str:
    """``ngettext()`` in templates; ``%(n)s`` and ``%(num)s`` are the number in the reader's way."""
    shown = formats.show_number(n)
    text = plural_form(singular, plural, n)
    return Markup(text) % {"n": shown, "num": shown, **params}  # noqa: S704  as above


def plain(context: Any) -> dict[str, Any]:
    """The fields of a context dataclass, one level deep; a dict passes as it is."""
    if is_dataclass(context) and not isinstance(context, type):
        return {f.name: getattr(context, f.name) for f in fields(context)}
    return dict(context or {})


def render_text(template: str, context: Any = None) -> str:
    """The text of ``template``; a failing override is rendered again from core's layer alone, and named."""
    values = {**current_app.extensions[CHROME](), **plain(context)}
    environment = current_app.jinja_env
    try:
        return environment.get_template(template).render(values)
    except TemplateNotFound:
        raise
    except Exception as error:
        core: Any = current_app.extensions[CORE_ONLY]
        loader = environment.loader
        if not isinstance(loader, LayeredLoader) or len(loader.layers) == 1 or current_app.testing:
            raise
        log.exception("the page %s failed (%s); rendering it from core's layer alone", template, error)
        return str(core.get_template(template).render(values))


def render(template: str, context: Any = None, *, status: int = 200, form_action: tuple[str, ...] = ()) -> BaseResponse:
    """A page. ``form_action`` are foreign origins that a form on this page may lead to (a provider's page)."""
    response = make_response(render_text(template, context), status)
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
