"""Codes: make one, see how often each was used, end it. Below 5 % only with a signature: the password, and why."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for
from marshmallow import Schema, validate
from marshmallow.fields import Str
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts.showing import check_own
from marketwright.features.operator.pages.base import pages, show
from marketwright.features.operator.pages.pricing import areas
from marketwright.features.pricing import codes, vouchers
from marketwright.features.pricing.codes import VoucherRow
from marketwright.features.pricing.vouchers import NewVoucher
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.strategies.pricing import Override
from marketwright.web.fields import DateField, DecimalField, IntField, MoneyField, Secret, TextField
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import _
from marketwright.web.policy import staff
from marketwright.web.render import tell

_READ = staff("ledger.read")
_CHANGE = staff("pricing.change")


def code_schema(currency: str) -> Schema:
    """A new code as typed: a rate in percent, or an amount."""
    return Schema.from_dict(
        {
            "code": TextField(longest=60, required=True),
            "side": Str(load_default="client", validate=validate.OneOf(("client", "freelancer"))),
            "rate": DecimalField(least=0.01, most=15),
            "amount": MoneyField(currency),
            "starts_on": DateField(),
            "ends_on": DateField(),
            "quota": IntField(least=1, most=1_000_000),
            "note": TextField(longest=300),
            "why": TextField(longest=300),
            "password": Secret(),
        }
    )()


@dataclass(frozen=True, slots=True)
class Line:
    """One code and how it stands: ``open``, ``later``, ``over``, ``used_up`` or ``ended``."""

    row: VoucherRow
    standing: str


@dataclass(frozen=True, slots=True)
class CodesContext:
    """Every code, and the form of a new one."""

    areas: list[tuple[str, str, bool, int | None]]
    lines: list[Line]
    form: Form
    sides: list[tuple[str, str, str]]
    may_change: bool
    may_sign: bool


@pages.get("/pricing/codes", _READ)
def pricing_codes() -> BaseResponse:
    """Every code."""
    return _page(_empty())


@pages.post("/pricing/codes", _CHANGE)
def pricing_code_new() -> BaseResponse:
    """Make a code."""
    form = _empty()
    if form.accept(request.form) and _made(form):
        tell(_("The code can be used from its first day on."))
        return redirect(url_for("operator.pricing_codes"), 303)
    return _page(form, 422)


@pages.post("/pricing/codes/<voucher>/end", _CHANGE.objects("codes; none there is 404"))
def pricing_code_end(voucher: str) -> BaseResponse:
    """End a code."""
    with unit() as uow:
        vouchers.end(uow, voucher=voucher)
        uow.commit()
    tell(_("The code has ended. What was agreed with it stays."), "info")
    return redirect(url_for("operator.pricing_codes"), 303)


def _empty() -> Form:
    return Form(code_schema(house().marketplace.currency), {"side": "client"})


def _made(form: Form) -> bool:
    value: dict[str, Any] = {**dict.fromkeys(form.schema.fields), **form.value}
    try:
        signed = _signature(value)
        with unit() as uow:
            vouchers.make(uow, NewVoucher(
                value["code"], value["side"], house().marketplace.currency,
                bps=int((value["rate"] or 0) * 100), amount=value["amount"],
                starts_on=value["starts_on"], ends_on=value["ends_on"], quota=value["quota"], note=value["note"],
                override=signed,
            ))  # fmt: skip
            uow.commit()
    except InvalidInput as error:
        errors = {"rate" if key == "bps" else key: messages for key, messages in error.errors.items()}
        form.refuse(InvalidInput(errors))
        return False
    return True


def _signature(value: Mapping[str, Any]) -> Override | None:
    """The exception that staff signs by a reason and the own password; ``None`` where no reason is given."""
    if not value["why"]:
        return None
    check_own(the_viewer().account, value["password"], field="password", wrong=say("To sign, type your own password."))
    return Override(the_viewer().name, house().today, value["why"])


def _page(form: Form, status: int = 200) -> BaseResponse:
    me = the_viewer()
    context = CodesContext(
        areas=areas("codes"), lines=[Line(row, row.standing(house().today)) for row in codes.vouchers(reading())],
        form=form, may_change=me.may("pricing.change"), may_sign=me.may("pricing.sign"),
        sides=[("client", _("The {client}’s fee"), ""), ("freelancer", _("The {freelancer}’s fee"), "")],
    )  # fmt: skip
    return show("codes.html", context, status=status)
