"""Where a freelancer's money goes: shown, and changed with password and second factor (E13)."""

from datetime import datetime

from flask import redirect, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.showing import shown_again
from marketwright.features.payments import destinations
from marketwright.features.payments.destinations import COOLING, Destination
from marketwright.features.payments.pages.base import pages
from marketwright.kernel.errors import Conflict, InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.web.fields import Secret, TextField
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer
from marketwright.web.i18n import gettext as _
from marketwright.web.policy import FREELANCER
from marketwright.web.render import render, tell


class BankAccount(Schema):
    """Another bank account, and who says so."""

    holder = TextField(required=True, longest=140)
    iban = TextField(required=True, longest=60)
    current = Secret(required=True)
    code = Secret()


@dataclass(frozen=True, slots=True)
class DestinationPage:
    """``now``: where money goes; ``cooling`` while a change is young, which ends at ``until``.

    ``accounts``: every place where it goes, ``now`` the first, each with whether it is too young to be paid to.
    ``code``: a second factor is asked as well. ``blocked``: another account needs one, and there is none yet.
    """

    form: Form
    now: Destination | None
    cooling: bool
    accounts: list[tuple[Destination, bool]]
    until: datetime | None
    code: bool
    blocked: bool
    hours: int = int(COOLING.total_seconds() // 3600)


@pages.form("/account/payouts", FREELANCER)
def destination() -> BaseResponse:
    """The bank account that a freelancer is paid to."""
    me, form = the_viewer(), Form(BankAccount())
    found, now = destinations.destinations(reading(), me.account), house().clock.business()
    account = accounts.account(reading(), me.account)
    code = account is not None and account.second_factor
    typed = request.method == "POST" and form.accept(request.form)
    if typed and _changed(form, me.account, before=bool(found), code=code):
        return redirect(url_for("payments.destination"), 303)
    until = destinations.cooling_until(reading(), me.account, now)
    page = DestinationPage(
        form, next(iter(found), None), until is not None, [(d, d.ready_at > now) for d in found], until, code,
        blocked=bool(found) and not code,
    )  # fmt: skip
    return render("payments/destination.html", page, status=422 if form.errors else 200)


def _changed(form: Form, account: str, *, before: bool, code: bool) -> bool:
    value = form.value
    try:
        if before and not code:
            raise InvalidInput({"": [say("Set up a second factor first: a change of bank details asks for its code.")]})
        iban = destinations.compact(value["iban"])
        shown_again(
            account, lambda uow: destinations.change(uow, freelancer=account, holder=value["holder"], iban=iban),
            password=value["current"], code=value["code"], field="current",
        )  # fmt: skip
    except Conflict as same:
        form.refuse(InvalidInput({"iban": [say(same.template)]}))
    except InvalidInput as error:
        form.refuse(error)
    else:
        tell(_("Saved. A mail says so to your address.") if before else _("Saved. Your money goes there."))
    return not form.errors
