"""One service: what it is, what it costs with which options, and its purchase."""

from collections.abc import Sequence

from flask import redirect, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.pricing.receipts import Truth, truth
from marketwright.features.profiles import queries as profiles
from marketwright.features.profiles.sight import may_see
from marketwright.features.proposals.dealing import quote_of
from marketwright.features.services import buying, queries
from marketwright.features.services.buying import CHANGED, LONGEST_BRIEF, Chosen
from marketwright.features.services.pages.base import Card, Seller, cards, course, pages, seller
from marketwright.features.services.queries import OptionRow, ServiceRow
from marketwright.kernel.errors import Conflict, GateClosed, InvalidInput, MarketwrightError, Missing, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.strategies.pricing import Quote
from marketwright.web.errors import sentence
from marketwright.web.fields import IntField, TextField
from marketwright.web.formats import show_days, show_money
from marketwright.web.forms import Form
from marketwright.web.head import describe
from marketwright.web.house import house, reading, the_viewer, unit, viewer
from marketwright.web.i18n import gettext, translate
from marketwright.web.policy import PUBLIC, SIGNED_IN
from marketwright.web.render import render, tell
from marketwright.web.viewer import Viewer

BUYING = frozenset({"owner", "buyer"})
_WHO = PUBLIC.objects("published services of listed people are for everybody; drafts for their freelancer and staff")


class BuySchema(Schema):
    """What a buyer chooses and says; ``pays`` and ``receives`` are the sums that they saw, ``version`` what they read.
    """

    options = fields.List(IntField(least=1, most=10), load_default=list)
    brief = TextField(longest=LONGEST_BRIEF, lines=True)
    organisation = TextField(longest=16)
    pays = IntField()
    receives = IntField()
    version = IntField()


@dataclass(frozen=True, slots=True)
class ServiceContext:
    """The page. ``buyers`` are the organisations that the viewer may buy for; ``truth`` what it comes to for them."""

    service: ServiceRow
    seller: Seller
    options: Sequence[tuple[str, str, str]]
    others: Sequence[Card]
    form: Form
    labels: dict[str, str]
    buyers: Sequence[tuple[str, str]]
    truth: Truth | None
    days: int
    pays: int
    receives: int
    trouble: str
    missing: Sequence[Missing]
    mine: bool
    client: bool
    silence: str


@pages.get("/services/<service>", _WHO)
def show(service: str) -> BaseResponse:
    """Read it; a client sees what it would pay."""
    form = Form(BuySchema(), {"organisation": _first_buyer()})
    return _page(_find(service), form)


@pages.post("/services/<service>/buy", SIGNED_IN.objects("owners and buyers of an organisation"), )
def buy(service: str) -> BaseResponse:
    """Look at the price, or buy: the contract is drawn up, to be signed by both."""
    row, form = _find(service), Form(BuySchema())
    valid = form.accept(request.form)
    if valid and form.value.get("version") != row.version:
        form.values["options"] = []  # their numbers may mean others by now
        form.errors.setdefault("", []).append(gettext(CHANGED))
    elif valid and "preview" not in request.form:
        try:
            contract = _bought(row, form)
        except InvalidInput as error:
            form.refuse(error)
        except GateClosed as closed:
            return _page(row, form, closed.missing)
        except Conflict as conflict:
            form.errors.setdefault("", []).append(sentence(conflict))
        else:
            tell(gettext("Ordered. Look at the {contract}, then send it to both for signature."))
            return redirect(url_for("contracts.send", contract=contract), 303)
    return _page(row, form)


def _bought(row: ServiceRow, form: Form) -> str:
    organisation = _organisation(form)
    chosen = buying.choose(reading(), row.id, form.value["options"])
    buying.check_seller(reading(), chosen.service)
    quote = _quote(chosen, organisation)
    seen = (form.value.get("pays"), form.value.get("receives"))
    if seen != (quote.client_pays().amount, quote.freelancer_receives().amount):
        raise InvalidInput({"": [say("The price is another one now. Look at it, then buy.")]})
    with unit() as uow:
        contract = buying.buy(
            uow, service=row.id, organisation=organisation, options=form.value["options"],
            brief=form.value.get("brief") or "", quote=quote, version=row.version,
        )  # fmt: skip
        uow.commit()
    return contract


def _find(service: str) -> ServiceRow:
    course()
    row, looker = queries.service(reading(), service), viewer()
    if row is None:
        raise NotFound("There is no such service.")
    mine = looker is not None and (looker.account == row.profile or looker.may("people.read"))
    profile = profiles.profile(reading(), row.profile)
    seen = row.open and profile is not None and may_see(reading(), house().ports, profile, looker)
    if not (mine or seen):
        raise NotFound("There is no such service.")
    return row


def _buyers(looker: Viewer | None) -> list[tuple[str, str]]:
    return [(o.id, o.name) for o in looker.organisations if o.roles & BUYING] if looker else []


def _first_buyer() -> str:
    return next((id_ for id_, _ in _buyers(viewer())), "")


def _organisation(form: Form) -> str:
    """The organisation bought for, one of the viewer's; ``InvalidInput`` for any other."""
    known = [id_ for id_, _ in _buyers(the_viewer())]
    chosen = str(form.get("organisation") or "") or (known[0] if known else "")
    if chosen not in known:
        raise InvalidInput({"organisation": [say("Only owners and buyers buy for an {organisation}.")]})
    return chosen


def _quote(chosen: Chosen, organisation: str) -> Quote:
    market = house().marketplace
    return quote_of(
        reading(), house().plugins, market, client=organisation, freelancer=chosen.service.profile,
        lines=chosen.offer.lines, currency=market.currency, on=house().today, process=course().name,
    )  # fmt: skip


def _page(row: ServiceRow, form: Form, missing: Sequence[Missing] = ()) -> BaseResponse:
    session, looker = reading(), viewer()
    options = queries.options_of(session, [row.id])[row.id]
    picked = {int(n) for n in _listed(form.get("options")) if n.isdigit()}
    chosen = Chosen(row, tuple(o for o in options if o.number in picked))
    quote, trouble = _shown(chosen, looker, form)
    others = [s for s in queries.services_of(session, row.profile, published=True) if s.id != row.id]
    _describe(row)
    context = ServiceContext(
        service=row, seller=seller(row), options=[_option(o) for o in options], others=cards(others[:3]), form=form,
        labels={"brief": gettext("What they need to know"), "options": gettext("Options"),
                "organisation": gettext("{Organisation}")},
        buyers=_buyers(looker), truth=truth(quote) if quote else None, days=chosen.days,
        pays=quote.client_pays().amount if quote else 0,
        receives=quote.freelancer_receives().amount if quote else 0, trouble=trouble, missing=missing,
        mine=looker is not None and looker.account == row.profile, client=looker is not None and looker.is_client,
        silence=translate(course().summary),
    )  # fmt: skip
    return render("services/show.html", context, status=422 if form.errors or missing else 200)


def _listed(value: object) -> list[str]:
    if isinstance(value, list):
        return [str(v) for v in value]
    return [str(value)] if value else []


def _shown(chosen: Chosen, looker: Viewer | None, form: Form) -> tuple[Quote | None, str]:
    """The price for the organisation chosen, or why there is none; nobody else is shown one."""
    buyers = _buyers(looker)
    if not buyers or (looker is not None and looker.account == chosen.service.profile):
        return None, ""
    known = {id_ for id_, _ in buyers}
    organisation = str(form.get("organisation") or "")
    try:
        buying.check_seller(reading(), chosen.service)
        return _quote(chosen, organisation if organisation in known else buyers[0][0]), ""
    except MarketwrightError as error:
        return None, sentence(error)


def _option(o: OptionRow) -> tuple[str, str, str]:
    price = f"+ {show_money(o.price)}" if o.price else gettext("at no extra price")
    days = gettext("%(days)s more", days=show_days(o.days)) if o.days else ""
    return str(o.number), o.label, ", ".join(p for p in (price, days) if p)


def _describe(row: ServiceRow) -> None:
    market, path = house().marketplace, url_for("services.show", service=row.id)
    if not row.open or not market.access.public_freelancers:
        describe(path, index=False)
        return
    describe(path, data={
        "@type": "Service", "name": row.title, "description": row.summary,
        "provider": {"@type": "Person", "name": row.name},
        "offers": {"@type": "Offer", "price": str(row.price.decimal), "priceCurrency": row.price.currency},
    })  # fmt: skip
