"""Sending a draft for signature: language, purchase order, a look at the text first; or withdrawing it."""

from collections.abc import Sequence

from flask import request, url_for
from markupsafe import Markup
from marshmallow import Schema
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.contracts import service
from marketwright.features.contracts.drafting import draw, languages_of
from marketwright.features.contracts.ending import refuse_unsigned_end
from marketwright.features.contracts.pages.base import PARTIES, Seen, find, pages
from marketwright.features.contracts.pages.papers import text_of
from marketwright.features.contracts.paper import Paper
from marketwright.features.contracts.queries import ContractRow
from marketwright.features.contracts.sendable import quote_today
from marketwright.features.contracts.terms import agreement_terms
from marketwright.features.payments.queries import who_holds
from marketwright.features.pricing.receipts import Truth, truth
from marketwright.features.pricing.wire import quote_from_json
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, Missing, NotAllowed
from marketwright.kernel.frozen import dataclass
from marketwright.strategies.countries import Flag
from marketwright.strategies.pricing import Quote
from marketwright.web.errors import sentence
from marketwright.web.fields import TextField
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, unit
from marketwright.web.i18n import gettext, speaking
from marketwright.web.render import render, tell
from marketwright.web.site import LANGUAGE_NAMES


class SendSchema(Schema):
    """The language of the document, and the client's purchase order."""

    language = TextField(longest=5, required=True)
    purchase_order = TextField(longest=60)


@dataclass(frozen=True, slots=True)
class SendContext:
    """``preview`` is the drawn text; ``missing`` what keeps it from being drawn, ``flags`` what in it is risky.

    ``again`` says that the amounts are new: a side's country or VAT has changed since they were agreed.
    """

    contract: ContractRow
    form: Form
    languages: Sequence[tuple[str, str]]
    order_rule: str
    preview: Markup
    missing: Sequence[Missing]
    truth: Truth
    flags: Sequence[Flag]
    again: bool


@pages.form("/contracts/<contract>/send", PARTIES)
def send(contract: str) -> BaseResponse:
    """Look at the text in its language, then send it to both."""
    seen = find(contract)
    if seen.side == "operator":
        raise NotAllowed("One of the two sides sends the {contract}.")
    try:
        _refuse_settled(seen)
    except Conflict as settled:
        if request.method == "POST":
            raise
        tell(sentence(settled), "info")
        return redirect(url_for("contracts.show", contract=contract), 303)
    form = Form(SendSchema(), {"language": request.args.get("language") or seen.contract.language,
                               "purchase_order": seen.contract.purchase_order})  # fmt: skip
    if request.method == "POST" and form.accept(request.form) and "look" not in request.form and _sent(seen, form):
        tell(gettext("Sent for signature. Both sides can read and sign it now."))
        return redirect(url_for("contracts.sign", document=_document(contract)), 303)
    return _page(seen, form)


def _refuse_settled(seen: Seen) -> None:
    refuse_unsigned_end(seen.contract.state, seen.contract.signed_at)
    if seen.contract.state not in ("DRAFT", "SENT"):
        raise Conflict("This {contract} is signed; it changes by amendment alone.", state=seen.contract.state)


def _document(contract: str) -> str:
    return find(contract).contract.document


def _sent(seen: Seen, form: Form) -> bool:
    try:
        quote = quote_today(reading(), house().plugins, service.get(reading(), seen.contract.id))
        paper, terms = _drawn(seen, quote, form.value["language"], form.value["purchase_order"])
        with unit() as uow:
            service.send(uow, contract=seen.contract.id, paper=paper, terms=terms, quote=quote,
                         purchase_order=form.value["purchase_order"])  # fmt: skip
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return False
    except GateClosed:
        return False
    return True


def _drawn(seen: Seen, quote: Quote, language: str, order: str) -> tuple[Paper, dict[str, object]]:
    """The agreement at the price of ``quote`` in ``language``: its bytes and the terms it was drawn from."""
    here = house()
    holder = who_holds(here.plugins, seen.contract.provider) if seen.process.holds else ""
    with speaking(language):
        terms = agreement_terms(
            reading(), here.marketplace, service.get(reading(), seen.contract.id), seen.process, plugins=here.plugins,
            holder=holder, at=here.clock.business(), language=language, purchase_order=order, quote=quote,
        )  # fmt: skip
        return draw(here.plugins, "agreement", language, terms), terms


def _page(seen: Seen, form: Form) -> BaseResponse:
    missing: Sequence[Missing] = ()
    preview = Markup("")
    known = [c for c in languages_of(house().plugins, "agreement") if c in house().marketplace.languages]
    language = str(form.get("language"))
    own = quote_from_json(service.get(reading(), seen.contract.id).quote)
    quote = own
    try:
        quote = quote_today(reading(), house().plugins, service.get(reading(), seen.contract.id))
        preview = text_of(_drawn(seen, quote, language if language in known else known[0] if known else language,
                                 str(form.get("purchase_order")))[0].body)  # fmt: skip
    except GateClosed as closed:
        missing = closed.missing
    except InvalidInput as error:
        form.refuse(error)
    identity = accounts.identity(reading(), "organisation", seen.contract.organisation)
    entry = house().plugins.countries.get(house().marketplace.country)
    today = house().today
    flags = entry.it.flags(preview.striptags(), language=language, on=today) if entry is not None else []
    context = SendContext(
        contract=seen.contract, form=form, languages=[(c, LANGUAGE_NAMES.get(c, c)) for c in known],
        order_rule=identity.purchase_order_rule if identity else "none", preview=preview, missing=missing,
        truth=truth(quote), flags=flags, again=quote != own,
    )  # fmt: skip
    return render("contracts/send.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True, slots=True)
class WithdrawContext:
    """What is about to be withdrawn."""

    contract: ContractRow


@pages.form("/contracts/<contract>/withdraw", PARTIES)
def withdraw_contract(contract: str) -> BaseResponse:
    """End a contract that is not signed by both."""
    seen = find(contract)
    if request.method == "GET":
        return render("contracts/withdraw.html", WithdrawContext(seen.contract))
    if seen.side == "operator":
        raise NotAllowed("One of the two sides withdraws the {contract}.")
    with unit() as uow:
        service.withdraw(uow, contract=contract)
        uow.commit()
    tell(gettext("The {contract} was withdrawn. Nothing is owed by anybody."), "info")
    return redirect(url_for("contracts.show", contract=contract), 303)
