"""Signing up, in and out."""

from typing import Any
from urllib.parse import urlencode

from flask import redirect, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries, service, tokens
from marketwright.features.accounts.credentials import Known, check_credentials, still_holds
from marketwright.features.accounts.mailboxes import canonical_email
from marketwright.features.accounts.pages.base import (
    browser,
    home,
    no_mail_leaves,
    pages,
    person,
    safe_next,
    sign_browser_in,
)
from marketwright.features.accounts.people import sign_up_errors
from marketwright.features.accounts.ports import TermsOfUse
from marketwright.features.accounts.schemas import SIDES, Code, SignIn, SignUp
from marketwright.features.accounts.second_factor import code_opens
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.ids import new_token
from marketwright.kernel.text import say
from marketwright.settings.marketplace import Access
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, unit, viewer
from marketwright.web.i18n import current_locale
from marketwright.web.limits import spend, within
from marketwright.web.policy import PUBLIC, SIGNED_IN
from marketwright.web.render import render

SECOND_FACTOR_SECONDS = 600


@dataclass(frozen=True, slots=True)
class SignUpContext:
    """``sides``: which of work, hire, both are offered; ``read_first``: those that staff say yes to."""

    form: Form
    sides: tuple[str, ...]
    read_first: bool
    next: str


@dataclass(frozen=True, slots=True)
class SentContext:
    """``email``: where the mail went; ``shortcut``: on a demo, where the link in the mail leads."""

    email: str
    shortcut: str


@dataclass(frozen=True, slots=True)
class SignInContext:
    """``next``: where to go afterwards, '' for home."""

    form: Form
    next: str


@dataclass(frozen=True, slots=True)
class SecondFactorContext:
    """The form of one code."""

    form: Form


def sides_offered(access: Access) -> tuple[str, ...]:
    """Which sides a stranger may sign up for; a side by invitation only is left out."""
    work, hire = access.freelancers != "invitation", access.clients != "invitation"
    offered = {"work": work, "hire": hire, "both": work and hire}
    return tuple(side for side in SIDES if offered[side])


@pages.form("/sign-up", PUBLIC)
def sign_up() -> BaseResponse:
    """Make an account: one page, then a mail."""
    if viewer() is not None:
        return redirect(home(), 303)
    access = house().marketplace.access
    sides = sides_offered(access)
    wished = {"freelancer": "work", "client": "hire"}.get(request.args.get("side", ""), "")
    form = Form(SignUp(), {"side": wished if wished in sides else ""})
    target = safe_next(request.values.get("next"))
    if request.method == "POST" and _signed_up(form, sides, target):
        return redirect(url_for("accounts.sign_up_sent"), 303)
    context = SignUpContext(form, sides, "approval" in (access.freelancers, access.clients), target)
    return render("accounts/sign_up.html", context, status=422 if form.errors else 200)


def _signed_up(form: Form, sides: tuple[str, ...], target: str) -> bool:
    """Whether the form was good. What happens for a known address looks the same (S15)."""
    if not form.accept(request.form):
        return False
    typed = form.value
    if typed["side"] not in sides:
        form.errors["side"] = [str(say("Choose one."))]
        return False
    hires = typed["side"] != "work"
    errors = sign_up_errors(email=typed["email"], name=typed["name"], password=typed["password"])
    if hires and not typed["organisation_name"]:
        errors["organisation_name"] = [say("Please fill this in.")]
    if errors:
        form.refuse(InvalidInput(errors))
        return False
    if not spend("sign_up.browser") or not within("sign_ups", "site"):
        form.refuse(InvalidInput({"": [say("Too many tries from here. Wait a while, then try again.")]}))
        return False
    mark = new_token()
    try:
        with unit() as uow:
            service.sign_up(
                uow, email=typed["email"], name=typed["name"], password=typed["password"], locale=current_locale(),
                as_freelancer=typed["side"] != "hire", organisation_name=typed["organisation_name"] if hires else "",
                time_zone=house().marketplace.time_zone, mark=mark,
            )  # fmt: skip
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return False
    cookie["signing_up"] = {"email": canonical_email(typed["email"]), "mark": mark, "next": target}
    return True


@pages.get("/sign-up/sent", PUBLIC)
def sign_up_sent() -> BaseResponse:
    """A mail is under way."""
    waiting = cookie.get("signing_up")
    if not waiting:
        return redirect(url_for("accounts.sign_up"), 303)
    return render("accounts/sign_up_sent.html", SentContext(waiting["email"], _shortcut(waiting["email"])))


def _shortcut(email: str) -> str:
    """Where the mail's link leads, for a demo from which no mail leaves; '' elsewhere."""
    if not no_mail_leaves():
        return ""
    known = queries.account_by_email(reading(), email)
    token = tokens.confirm_token(reading(), known.id, house().marketplace.secret_key) if known else ""
    return url_for("accounts.confirm", token=token) if token else url_for("accounts.sign_in")


@pages.form("/sign-in", PUBLIC)
def sign_in() -> BaseResponse:
    """An address and a password, then perhaps a code."""
    target = safe_next(request.values.get("next"))
    if viewer() is not None:
        return redirect(target or home(), 303)
    form = Form(SignIn())
    if request.method == "POST" and form.accept(request.form):
        known = _known(form)
        if known is not None:
            return _enter(known, target)
    return render("accounts/sign_in.html", SignInContext(form, target), status=422 if form.errors else 200)


def _known(form: Form) -> Known | None:
    """Who typed the right password; otherwise the form says so in one sentence for every reason (S15)."""
    email = canonical_email(form.value["email"])
    within = spend("sign_in.browser") and spend("sign_in.account", email, request.remote_addr or "")
    if not within:
        form.refuse(InvalidInput({"": [say("Too many tries from here. Wait a few minutes, then try again.")]}))
        return None
    known = check_credentials(reading(), email, form.value["password"])
    if known is not None and known.suspended_reason:
        why = say("This account is suspended: %(reason)s", reason=known.suspended_reason)
        form.refuse(InvalidInput({"": [why]}))
        return None
    if known is None or not known.confirmed:
        if known is not None and spend("mail.address", email):
            with unit() as uow:
                service.ask_confirmation(uow, email=email)
                uow.commit()
        form.refuse(
            InvalidInput({"": [say("Address and password do not go together, or the address is not confirmed yet.")]})
        )
        return None
    return known


def _enter(known: Known, target: str) -> BaseResponse:
    if known.second_factor:
        cookie["half_in"] = {"account": known.account, "state": known.state, "next": target,
                             "at": int(house().clock.machine().timestamp())}  # fmt: skip
        return redirect(url_for("accounts.second_factor"), 303)
    with unit(person(known.account)) as uow:
        token = service.start_session(uow, account=known.account, **browser())
        uow.commit()
    return sign_browser_in(token, _onward(known.account, target))


def _onward(account: str, target: str) -> str:
    """``target``, by way of new terms that wait to be accepted."""
    asked = house().ports.get(TermsOfUse).asks(reading(), account)
    return f"{asked}?{urlencode({'next': target or home()})}" if asked else target


@pages.form("/second-factor", PUBLIC)
def second_factor() -> BaseResponse:
    """The code of the authenticator app, or a recovery code."""
    half = cookie.get("half_in")
    if not half or _stale(half) or not still_holds(reading(), half["account"], half["state"]):
        cookie.pop("half_in", None)
        return redirect(url_for("accounts.sign_in"), 303)
    form = Form(Code())
    if request.method == "POST" and form.accept(request.form):
        token = _second_step(form, half["account"])
        if token:
            return sign_browser_in(token, _onward(half["account"], half["next"]))
    return render("accounts/second_factor.html", SecondFactorContext(form), status=422 if form.errors else 200)


def _stale(half: dict[str, Any]) -> bool:
    return bool(house().clock.machine().timestamp() - half["at"] > SECOND_FACTOR_SECONDS)


def _second_step(form: Form, account: str) -> str:
    """A session's token when the code is right; the form says what is wrong."""
    if not spend("code.account", account):
        form.refuse(InvalidInput({"code": [say("Too many tries. Wait ten minutes, then try again.")]}))
        return ""
    token = ""
    with unit(person(account)) as uow:
        if code_opens(uow, account=account, code=form.value["code"], secret_key=house().marketplace.secret_key):
            token = service.start_session(uow, account=account, second_factor=True, **browser())
        uow.commit()
    if not token:
        form.refuse(InvalidInput({"code": [say("This code does not fit, or was used before. Take the next one.")]}))
    return token


@pages.post("/sign-out", PUBLIC)
def sign_out() -> BaseResponse:
    """Sign this browser out."""
    token = cookie.get("sid")
    if token:
        with unit() as uow:
            service.end_session(uow, token=token)
            uow.commit()
    cookie.clear()
    return redirect("/", 303)


@pages.post("/sign-out-everywhere", SIGNED_IN)
def sign_out_everywhere() -> BaseResponse:
    """Sign every browser of this person out, this one too."""
    found = viewer()
    with unit() as uow:
        service.end_sessions(uow, account=found.account if found else "")
        uow.commit()
    cookie.clear()
    return redirect(url_for("accounts.sign_in"), 303)
