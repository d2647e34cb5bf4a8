"""Searching services."""

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.services import queries
from marketwright.features.services.pages.base import Card, cards, course, pages
from marketwright.features.services.queries import SIZE, SORTS, Wish
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import MAX_MINOR
from marketwright.kernel.text import N_
from marketwright.web.fields import IntField, MoneyField, TextField
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, viewer
from marketwright.web.i18n import gettext
from marketwright.web.policy import PUBLIC
from marketwright.web.render import render

SORT_WORDS = {"newest": N_("Newest first"), "price": N_("Lowest price first"), "days": N_("Fastest first")}


@dataclass(frozen=True, slots=True)
class ListContext:
    """A page of services; ``sells`` says whether the viewer may write one of their own."""

    form: Form
    cards: Sequence[Card]
    total: int
    sorts: Sequence[tuple[str, str]]
    currency: str
    asked: bool
    before: str
    after: str
    sells: bool


@dataclass(frozen=True, slots=True)
class MembersContext:
    """Where to come back to after signing in."""

    next: str


def _schema(currency: str) -> Schema:
    return Schema.from_dict({
        "words": TextField(longest=120), "price": MoneyField(currency, most=MAX_MINOR), "sort": TextField(longest=10),
        "days": IntField(least=1, most=365), "page": IntField(least=1, most=10_000),
    })()  # fmt: skip


@pages.get("/services", PUBLIC.objects("everybody where freelancers are public; members alone otherwise"))
def services() -> BaseResponse:
    """Search by words, price and time."""
    course()
    looker, market = viewer(), house().marketplace
    if looker is None and not market.access.public_freelancers:
        return render("services/members_only.html", MembersContext(request.full_path.rstrip("?")))
    form = Form(_schema(market.currency))
    valid = form.accept(request.args)
    value = form.value if valid else {}
    price = value.get("price")
    wish = Wish(
        value.get("words") or "", price.amount if price else None, value.get("days"),
        value["sort"] if value.get("sort") in SORTS else "newest", value.get("page") or 1,
    )  # fmt: skip
    rows, total = queries.search(reading(), wish)
    context = ListContext(
        form=form, cards=cards(rows), total=total, sorts=[(s, gettext(SORT_WORDS[s])) for s in SORTS],
        currency=market.currency, asked=any(request.args.get(n, "").strip() for n in ("words", "price", "days")),
        before=_page(wish.page - 1) if wish.page > 1 else "",
        after=_page(wish.page + 1) if total > wish.page * SIZE else "",
        sells=looker is not None and looker.is_freelancer,
    )  # fmt: skip
    return render("services/list.html", context, status=422 if form.errors else 200)


def _page(number: int) -> str:
    kept = {k: v for k, v in request.args.items() if k in ("words", "price", "days", "sort") and v}
    return f"{url_for('services.services')}?{urlencode({**kept, 'page': number})}"
