"""Moving an account to another e-mail address: asked with the password, done by the link at the new address."""

from flask import request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import service, tokens
from marketwright.features.accounts.pages.base import browser, no_mail_leaves, pages, sign_browser_in
from marketwright.features.accounts.pages.me import my_account
from marketwright.features.accounts.schemas import Move
from marketwright.kernel.errors import Conflict, InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import gettext as _
from marketwright.web.limits import spend
from marketwright.web.policy import SIGNED_IN
from marketwright.web.render import render, tell


@dataclass(frozen=True, slots=True)
class MoveContext:
    """``asked`` is the address that a link was sent to, '' before; ``kept``: this site keeps its mails."""

    form: Form
    email: str
    asked: str = ""
    kept: bool = False
    spent: bool = False


@dataclass(frozen=True, slots=True)
class ArriveContext:
    """The link at the new address: one button."""

    token: str
    email: str
    new_email: str


@pages.form("/me/email", SIGNED_IN)
def change_email() -> BaseResponse:
    """Ask to be written to at another address."""
    form, found = Form(Move()), the_viewer()
    if request.method == "POST" and form.accept(request.form) and _asked(form, found.account):
        context = MoveContext(Form(Move()), found.email, form.value["email"], no_mail_leaves())
        return render("accounts/email.html", context)
    return render("accounts/email.html", MoveContext(form, my_account().email), status=422 if form.errors else 200)


def _asked(form: Form, account: str) -> bool:
    if not spend("password.account", account) or not spend("mail.address", form.value["email"]):
        form.refuse(InvalidInput({"": [say("Too many tries. Wait an hour, then try again.")]}))
        return False
    try:
        with unit() as uow:
            service.ask_move(uow, account=account, **form.value)
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
    return not form.errors


@pages.form("/me/email/<token>", SIGNED_IN.objects("the account that asked"))
def arrive(token: str) -> BaseResponse:
    """Make the new address the account's."""
    secret_key, found = house().marketplace.secret_key, the_viewer()
    meant = tokens.read_moving_token(reading(), token, secret_key)
    if meant is None or meant[0] != found.account:
        return render("accounts/email.html", MoveContext(Form(Move()), my_account().email, spent=True), status=404)
    if request.method == "GET":
        return render("accounts/email_arrive.html", ArriveContext(token, found.email, meant[1]))
    try:
        with unit() as uow:
            session = service.move(uow, account=found.account, token=token, secret_key=secret_key, **browser())
            uow.commit()
    except Conflict:
        return render("accounts/email.html", MoveContext(Form(Move()), my_account().email, spent=True), status=409)
    response = sign_browser_in(session, url_for("accounts.settings"))
    tell(_("Your address is changed, and every other browser is signed out."))
    return response
