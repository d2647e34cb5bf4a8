"""What the pages of accounts share: their blueprint, the session cookie, where to go next."""

from contextlib import suppress
from typing import TypedDict, cast
from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, request, url_for
from flask import session as cookie
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts.sessions import stamp_seen
from marketwright.features.accounts.signed_in import SessionReader
from marketwright.kernel.actors import Actor, system
from marketwright.kernel.errors import Unavailable
from marketwright.settings.marketplace import Stage
from marketwright.web import limits
from marketwright.web.house import actor, house, unit
from marketwright.web.ports import SignedIn
from marketwright.web.routing import Pages, policy_of

pages = Pages("accounts")


@pages.blueprint.record_once
def _set_up(state: BlueprintSetupState) -> None:
    limits.set_up(cast("Flask", state.app))


@pages.blueprint.after_app_request
def _stamp(response: BaseResponse) -> BaseResponse:
    """Note when sessions were last used: at most once in a few minutes each, and never at a request's expense."""
    reader = house().ports.get(SignedIn) if "marketwright" in current_app.extensions else None
    if not isinstance(reader, SessionReader) or not reader.unstamped:
        return response
    ids = [reader.unstamped.popleft() for _ in range(len(reader.unstamped))]
    with suppress(Unavailable), unit(system("last-seen")) as uow:
        stamp_seen(uow.session, ids=ids, at=uow.machine_now)
        uow.commit()
    return response


def safe_next(target: str | None) -> str:
    """``target`` when it is a page of this site that can be opened, else '' (S44)."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return ""
    if any(ord(c) < 33 for c in target):
        return ""
    try:
        endpoint, _ = current_app.url_map.bind("localhost").match(urlsplit(target).path, method="GET")
    except (HTTPException, RequestRedirect, ValueError):
        return ""
    ours = endpoint in ("accounts.sign_in", "accounts.sign_up", "accounts.second_factor")
    return "" if ours or policy_of(endpoint, "GET") is None else target


def home() -> str:
    """Where somebody lands after signing in."""
    return safe_next("/inbox") or url_for("accounts.me")


def sign_browser_in(token: str, target: str = "") -> BaseResponse:
    """Put ``token`` into a fresh cookie (S12) and go on."""
    cookie.clear()
    cookie["sid"] = token
    return redirect(safe_next(target) or home(), 303)


def person(account: str) -> Actor:
    """Somebody who has just shown who they are, before their session exists."""
    by = actor()
    return Actor(kind="person", id=account, request_id=by.request_id, address=by.address)


class Browser(TypedDict):
    """What a session notes of a browser."""

    address: str
    agent: str


def browser() -> Browser:
    """The address and the User-Agent header of this request."""
    return {"address": request.remote_addr or "", "agent": request.user_agent.string}


def no_mail_leaves() -> bool:
    """Whether this is a demo whose mails are only kept in the console."""
    marketplace = house().marketplace
    return marketplace.stage is Stage.DEMO and not marketplace.mail.smtp
