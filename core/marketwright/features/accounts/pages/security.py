"""Password, second factor and browsers of a person."""

from collections.abc import Callable
from io import BytesIO

from flask import Response, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries, second_factor, service
from marketwright.features.accounts.agents import describe_agent, is_phone
from marketwright.features.accounts.pages.base import browser, pages, sign_browser_in
from marketwright.features.accounts.pages.me import my_account
from marketwright.features.accounts.passwords import verify_password
from marketwright.features.accounts.schemas import ChangePassword, Code, Present
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import Text, say
from marketwright.store.unit import UnitOfWork
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import gettext as _
from marketwright.web.limits import spend
from marketwright.web.policy import SIGNED_IN
from marketwright.web.render import render, tell


@dataclass(frozen=True, slots=True)
class BrowserRow:
    """One signed-in browser as shown: machine time, as it is no deal's."""

    info: queries.SessionInfo
    name: Text
    phone: bool
    here: bool


@dataclass(frozen=True, slots=True)
class SecurityContext:
    """The forms of the page: each keeps its own errors."""

    password: Form
    present: Form
    email: str
    second_factor: bool
    codes_left: int
    browsers: list[BrowserRow]


@dataclass(frozen=True, slots=True)
class SetUpContext:
    """The key to scan or type (in groups of four) and the form of its first code."""

    form: Form
    key: str


@dataclass(frozen=True, slots=True)
class CodesContext:
    """Recovery codes, shown this once."""

    codes: list[str]


def _show(password: Form | None = None, present: Form | None = None) -> BaseResponse:
    row, found, session = my_account(), the_viewer(), reading()
    browsers = [
        BrowserRow(info, describe_agent(info.agent), is_phone(info.agent), info.id == found.session)
        for info in queries.sessions(session, row.id, house().clock.machine())
    ]
    context = SecurityContext(
        password=password or Form(ChangePassword()), present=present or Form(Present()), email=row.email,
        second_factor=row.second_factor, browsers=sorted(browsers, key=lambda b: not b.here),
        codes_left=second_factor.recovery_codes_left(session, row.id),
    )  # fmt: skip
    refused = context.password.errors or context.present.errors
    return render("accounts/security.html", context, status=422 if refused else 200)


@pages.get("/me/security", SIGNED_IN)
def security() -> BaseResponse:
    """Password, second factor, browsers."""
    return _show()


@pages.post("/me/security/password", SIGNED_IN)
def change_password() -> BaseResponse:
    """A new password; every other browser is signed out."""
    form, found = Form(ChangePassword()), the_viewer()
    if not form.accept(request.form) or not _spend(form, found.account):
        return _show(password=form)
    try:
        with unit() as uow:
            token = service.change_password(uow, account=found.account, **form.value, **browser())
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return _show(password=form)
    return _back(token, _("Your password is changed, and every other browser is signed out."))


def _spend(form: Form, account: str) -> bool:
    if spend("password.account", account):
        return True
    form.refuse(InvalidInput({"current": [say("Too many tries. Wait ten minutes, then try again.")]}))
    return False


def _back(token: str, message: str) -> BaseResponse:
    response = sign_browser_in(token, url_for("accounts.security"))
    tell(message)
    return response


def _with_password(deed: Callable[[UnitOfWork, str], BaseResponse]) -> BaseResponse:
    """Do ``deed`` in a committed unit once the present password was typed; otherwise show the page with the error."""
    form, found = Form(Present()), the_viewer()
    if not form.accept(request.form) or not _spend(form, found.account):
        return _show(present=form)
    if not verify_password(reading(), found.account, form.value["current"]):
        form.refuse(InvalidInput({"current": [say("This is not your present password.")]}))
        return _show(present=form)
    with unit() as uow:
        response = deed(uow, found.account)
        uow.commit()
    return response


@pages.post("/me/security/second-factor/begin", SIGNED_IN)
def begin_second_factor() -> BaseResponse:
    """Draw a key for an authenticator app; asks for the password, as the key is worth as much."""

    def deed(uow: UnitOfWork, account: str) -> BaseResponse:
        second_factor.begin(uow, account=account)
        return redirect(url_for("accounts.set_up_second_factor"), 303)

    return _with_password(deed)


@pages.form("/me/security/second-factor", SIGNED_IN)
def set_up_second_factor() -> BaseResponse:
    """Scan the key, type its first code, keep the recovery codes."""
    found, secret_key = the_viewer(), house().marketplace.secret_key
    key = second_factor.pending_key(reading(), found.account, secret_key)
    if not key:
        return redirect(url_for("accounts.security"), 303)
    form = Form(Code())
    if request.method == "POST" and form.accept(request.form):
        if not spend("code.account", found.account):
            form.refuse(InvalidInput({"code": [say("Too many tries. Wait ten minutes, then try again.")]}))
        else:
            try:
                return _switched_on(found.account, form.value["code"], secret_key)
            except InvalidInput as error:
                form.refuse(error)
    groups = " ".join(key[i : i + 4] for i in range(0, len(key), 4))
    return render("accounts/set_up_second_factor.html", SetUpContext(form, groups), status=422 if form.errors else 200)


def _switched_on(account: str, code: str, secret_key: str) -> BaseResponse:
    with unit() as uow:
        codes = second_factor.switch_on(uow, account=account, code=code, secret_key=secret_key)
        token = service.start_session(uow, account=account, second_factor=True, **browser())
        uow.commit()
    sign_browser_in(token)
    return render("accounts/recovery_codes.html", CodesContext(codes))


@pages.get("/me/security/second-factor.svg", SIGNED_IN)
def second_factor_picture() -> BaseResponse:
    """The key as a QR code, while it waits for its first code."""
    import segno

    found, marketplace = the_viewer(), house().marketplace
    key = second_factor.pending_key(reading(), found.account, marketplace.secret_key)
    if not key:
        raise NotFound
    drawn = BytesIO()
    uri = second_factor.key_uri(key, email=found.email, site=marketplace.name)
    segno.make(uri, error="m").save(drawn, kind="svg", scale=6, border=2, xmldecl=False, svgclass=None, lineclass=None)
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


@pages.post("/me/security/second-factor/codes", SIGNED_IN)
def new_recovery_codes() -> BaseResponse:
    """Ten new recovery codes; the earlier ones stop working."""

    def deed(uow: UnitOfWork, account: str) -> BaseResponse:
        codes = second_factor.new_recovery_codes(uow, account=account)
        return render("accounts/recovery_codes.html", CodesContext(codes))

    return _with_password(deed)


@pages.post("/me/security/second-factor/off", SIGNED_IN)
def switch_second_factor_off() -> BaseResponse:
    """Sign in with the password alone from now on."""

    def deed(uow: UnitOfWork, account: str) -> BaseResponse:
        second_factor.switch_off(uow, account=account)
        token = service.start_session(uow, account=account, **browser())
        return _back(token, _("The second factor is off, and every other browser is signed out."))

    return _with_password(deed)


@pages.post("/me/security/browsers/<session>/revoke", SIGNED_IN.objects("only one's own browsers"))
def revoke_browser(session: str) -> BaseResponse:
    """Sign one browser out."""
    with unit() as uow:
        service.revoke_session(uow, account=the_viewer().account, session=session)
        uow.commit()
    tell(_("That browser is signed out."))
    return redirect(url_for("accounts.security"), 303)
