"""Confirming an address, and choosing a new password."""

from flask import redirect, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries, service, tokens
from marketwright.features.accounts.credentials import knows_browser
from marketwright.features.accounts.mailboxes import checked_email
from marketwright.features.accounts.pages.base import browser, no_mail_leaves, pages, person, sign_browser_in
from marketwright.features.accounts.passwords import verify_password
from marketwright.features.accounts.schemas import Email, NewPassword, Present
from marketwright.kernel.errors import Conflict, InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, unit
from marketwright.web.i18n import gettext as _
from marketwright.web.limits import spend
from marketwright.web.policy import PUBLIC
from marketwright.web.render import render, tell


@dataclass(frozen=True, slots=True)
class ConfirmContext:
    """``known_browser``: the password need not be asked, this browser has just signed up."""

    form: Form
    token: str
    email: str
    known_browser: bool


@dataclass(frozen=True, slots=True)
class AskContext:
    """A form of one address; ``spent``: the link that led here does not work any more."""

    form: Form
    spent: bool = False


@dataclass(frozen=True, slots=True)
class AskedContext:
    """Where the mail went; ``kept``: this is a demo, whose mails are only kept in the console."""

    email: str
    kept: bool


@dataclass(frozen=True, slots=True)
class ResetContext:
    """Whose password is chosen."""

    form: Form
    token: str
    email: str


@pages.form("/confirm/<token>", PUBLIC.objects("whoever holds the link of the mail"))
def confirm(token: str) -> BaseResponse:
    """The address is mine: one button in the browser that signed up, the password in another.

    The password keeps somebody who signed up with a stranger's address from having it confirmed by the stranger.
    """
    account = tokens.read_confirm_token(reading(), token, house().marketplace.secret_key)
    person_row = queries.account(reading(), account) if account else None
    if person_row is None:
        return render("accounts/confirm_again.html", AskContext(Form(Email()), spent=True), status=404)
    waiting = cookie.get("signing_up") or {}
    mark = waiting.get("mark", "") if waiting.get("email") == person_row.email else ""
    known_browser = knows_browser(reading(), person_row.id, mark)
    form = Form(Present())
    if request.method == "POST":
        right = known_browser or _right_password(form, person_row.id)
        if right:
            return _confirmed(person_row.id, waiting.get("next", "") if mark else "")
    context = ConfirmContext(form, token, person_row.email, known_browser)
    return render("accounts/confirm.html", context, status=422 if form.errors else 200)


def _right_password(form: Form, account: str) -> bool:
    if not form.accept(request.form):
        return False
    if not spend("password.account", account):
        form.refuse(InvalidInput({"current": [say("Too many tries. Wait ten minutes, then try again.")]}))
    elif verify_password(reading(), account, form.value["current"]):
        return True
    else:
        form.refuse(InvalidInput({"current": [say("This is not the password of this account: the one that was typed "
                                                  "first counts. You can choose another by mail.")]}))  # fmt: skip
    return False


def _confirmed(account: str, target: str) -> BaseResponse:
    with unit(person(account)) as uow:
        service.confirm(uow, account=account)
        token = service.start_session(uow, account=account, **browser())
        uow.commit()
    response = sign_browser_in(token, target or url_for("accounts.me"))
    tell(_("Your address is confirmed. Welcome!"))
    return response


@pages.form("/confirm", PUBLIC)
def confirm_again() -> BaseResponse:
    """Ask for the confirmation mail once more; the answer is the same for every address (S15)."""
    form = Form(Email(), {"email": (cookie.get("signing_up") or {}).get("email", "")})
    if request.method == "POST":
        email = _asked(form)
        if email:
            with unit() as uow:
                service.ask_confirmation(uow, email=email)
                uow.commit()
            return render("accounts/confirm_asked.html", AskedContext(form.value["email"], no_mail_leaves()))
    return render("accounts/confirm_again.html", AskContext(form), status=422 if form.errors else 200)


@pages.form("/forgot", PUBLIC)
def forgot() -> BaseResponse:
    """Ask for a mail to choose a new password; the answer is the same for every address (S15)."""
    form = Form(Email())
    if request.method == "POST":
        email = _asked(form)
        if email:
            with unit() as uow:
                service.ask_reset(uow, email=email)
                uow.commit()
            return render("accounts/forgot_sent.html", AskedContext(form.value["email"], no_mail_leaves()))
    return render("accounts/forgot.html", AskContext(form), status=422 if form.errors else 200)


def _asked(form: Form) -> str:
    """The address to write to, or '' when the form was refused."""
    if not form.accept(request.form):
        return ""
    try:
        email = checked_email(form.value["email"])
    except InvalidInput as error:
        form.refuse(error)
        return ""
    if not spend("mail.browser") or not spend("mail.address", email):
        form.refuse(InvalidInput({"email": [say("We have written several times already. Wait an hour, please.")]}))
        return ""
    return email


@pages.form("/reset/<token>", PUBLIC.objects("whoever holds the link of the mail"))
def reset(token: str) -> BaseResponse:
    """Choose a new password."""
    secret_key = house().marketplace.secret_key
    account = tokens.read_reset_token(reading(), token, secret_key)
    person_row = queries.account(reading(), account) if account else None
    if person_row is None:
        return render("accounts/forgot.html", AskContext(Form(Email()), spent=True), status=404)
    form = Form(NewPassword())
    if request.method == "POST" and form.accept(request.form):
        try:
            with unit(person(person_row.id)) as uow:
                service.reset_password(uow, token=token, secret_key=secret_key, password=form.value["password"])
                uow.commit()
        except InvalidInput as error:
            form.refuse(error)
        except Conflict:
            return render("accounts/forgot.html", AskContext(Form(Email()), spent=True), status=409)
        else:
            cookie.clear()
            tell(_("Your new password is set, and every browser is signed out. Sign in with it."))
            return redirect(url_for("accounts.sign_in"), 303)
    context = ResetContext(form, token, person_row.email)
    return render("accounts/reset.html", context, status=422 if form.errors else 200)
