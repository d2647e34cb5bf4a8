"""Errors as pages: a code, a sentence, the request's id; never a traceback."""

import logging
from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, jsonify, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, MarketwrightError, Missing, Unavailable
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.starved import starved
from marketwright.kernel.text import N_
from marketwright.store.away import away
from marketwright.web.house import house
from marketwright.web.i18n import current_locale, gettext, translate
from marketwright.web.render import render

log = logging.getLogger("marketwright.web")
STALE = N_("This form is too old or was not made here. Go back, reload the page, send it again.")
STARVED = N_("Too much is going on at once; nothing was saved, please try again in a minute.")
PAGES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)


def sentence(error: MarketwrightError) -> str:
    """The refusal in the reader's language."""
    if isinstance(error, InvalidInput):
        return " ".join(translate(m) for messages in error.errors.values() for m in messages)
    params = {k: translate(v) if isinstance(v, str) else v for k, v in error.params.items()}
    return gettext(error.template, **params)


@dataclass(frozen=True, slots=True)
class ErrorContext:
    """An error: ``missing`` is what a gate still asks for, ``allowed`` what can be done in the state that it is in.

    ``back`` is the page of this site that the reader came from, ``again`` the address to try once more; '' for none.
    """

    code: int
    request_id: str
    detail: str
    missing: Sequence[Missing]
    allowed: Sequence[str]
    back: str = ""
    again: str = ""


def error_page(
    code: int, detail: str = "", *, missing: Sequence[Missing] = (), allowed: Sequence[str] = ()
) -> BaseResponse:
    """The page for ``code``; machines that ask for JSON get JSON."""
    request_id = g.get("request_id", "")
    g.refused = True
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        response = jsonify({"code": code, "detail": detail, "request_id": request_id})
        response.status_code = code
        return response
    known = code if code in PAGES else 400 if code < 500 else 500
    try:
        context = ErrorContext(code, request_id, detail, missing, allowed, _back(), _again())
        return render(f"errors/{known}.html", context, status=code)
    except (SQLAlchemyError, Unavailable, OSError, RuntimeError, MemoryError) as error:
        if isinstance(error, (OSError, RuntimeError, MemoryError)) and not starved(error):
            raise
        # menus and the like are in the database that does not answer, or in files that cannot be opened
        log.warning("request %s: the page of error %s is a bare one: %s", request_id, code, error)
        return _bare(code, detail, request_id)


def _again() -> str:
    """The address that was asked for, where asking once more does no harm."""
    return request.full_path.rstrip("?") if request.method == "GET" else ""


def _back() -> str:
    """The page of this site that led here: another one, or the form that was sent from this address."""
    came = urlsplit(request.referrer or "")
    if came.netloc != request.host or not came.path.startswith("/") or came.path.startswith("//"):
        return ""
    page = came.path + (f"?{came.query}" if came.query else "")
    return "" if page == _again() else page


def _bare(code: int, detail: str, request_id: str) -> BaseResponse:
    """An error without the frame of the site: what it says and how it looks comes from files alone."""
    try:
        page = current_app.jinja_env.get_template("errors/bare.html").render(
            code=code, detail=detail, request_id=request_id, lang=current_locale(), again=_again(),
            name=house().marketplace.name,
        )  # fmt: skip
    except OSError:  # not even that file can be opened
        return Response(f"{code}. {detail}\n{request_id}\n", status=code, mimetype="text/plain")
    return Response(page, status=code, mimetype="text/html")


def _note(error: MarketwrightError) -> None:
    """One line where something is away for a while, as there may be many; all that is known where we are at fault."""
    why = error.__cause__ or error
    log.error("request %s: %s (%s)", g.get("request_id", ""), error, f"{type(why).__name__}: {why}"[:300],
              exc_info=error if error.status == 500 else None)  # fmt: skip


def handle_errors(app: Flask) -> None:
    """Register a page for every kind of refusal."""

    @app.errorhandler(MarketwrightError)
    def _refused(error: MarketwrightError) -> BaseResponse:
        if error.status >= 500:
            _note(error)
        if error.status == 500:
            return error_page(500)
        if isinstance(error, GateClosed):
            return error_page(403, sentence(error), missing=error.missing)
        if isinstance(error, Conflict):
            return error_page(409, sentence(error), allowed=error.allowed)
        return error_page(error.status, sentence(error) if str(error) else "")

    @app.errorhandler(SQLAlchemyError)
    def _database(error: SQLAlchemyError) -> BaseResponse:
        refusal = away(error)
        return _unexpected(error) if refusal is None else _refused(refusal)

    @app.errorhandler(CSRFError)
    def _csrf(_error: CSRFError) -> BaseResponse:
        return error_page(400, gettext(STALE))

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> BaseResponse:
        return error_page(error.code or 500)

    @app.errorhandler(Exception)
    def _unexpected(error: Exception) -> BaseResponse:
        if starved(error):
            return _refused(Unavailable(STARVED))
        if app.testing:
            raise error
        log.error("request %s failed", g.get("request_id", ""), exc_info=error)
        return error_page(500)
