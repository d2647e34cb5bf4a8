"""Extending a contract: milestones to add, what they cost, the document that both sign."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, request, url_for
from markupsafe import Markup
from marshmallow import Schema, fields
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts import amendments, queries, service
from marketwright.features.contracts.drafting import draw
from marketwright.features.contracts.pages.base import PARTIES, Seen, find, pages
from marketwright.features.contracts.pages.papers import text_of
from marketwright.features.contracts.paper import Paper
from marketwright.features.contracts.queries import AmendmentRow, ContractRow
from marketwright.features.contracts.tables import Amendment
from marketwright.features.pricing.receipts import Truth, truth
from marketwright.features.proposals.dealing import quote_of
from marketwright.features.proposals.offers import Offer, OfferLine, days_line, from_json
from marketwright.features.proposals.schemas import typed
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import MAX_MINOR
from marketwright.kernel.text import say
from marketwright.strategies.pricing import Quote
from marketwright.web.fields import DateField, DaysField, MoneyField, TextField
from marketwright.web.forms import Form, flatten, gather
from marketwright.web.house import house, reading, unit
from marketwright.web.i18n import gettext, speaking
from marketwright.web.render import render, tell

MOST = 12


def amend_schema(currency: str) -> Schema:
    """The milestones to add, and why."""
    line = Schema.from_dict({
        "title": TextField(required=True, longest=160),
        "amount": MoneyField(currency, most=MAX_MINOR // 100), "rate": MoneyField(currency, most=MAX_MINOR // 10_000),
        "days": DaysField(), "due": DateField(), "detail": TextField(longest=1000, lines=True),
    })  # fmt: skip
    return Schema.from_dict({
        "reason": TextField(required=True, longest=2000, lines=True),
        "lines": fields.List(fields.Nested(line), load_default=list),
    })()  # fmt: skip


@dataclass(frozen=True, slots=True)
class AmendContext:
    """The form; once looked at, ``truth`` is the price and ``preview`` the document.

    ``again`` says that it takes the place of a change that can no longer be signed.
    """

    contract: ContractRow
    form: Form
    count: int
    truth: Truth | None
    preview: Markup
    labels: Mapping[str, str]
    most: int
    by_day: bool
    again: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """What is being written beside a contract; ``again`` as in :class:`AmendContext`."""

    seen: Seen
    form: Form
    again: bool


@pages.form("/contracts/<contract>/amend", PARTIES)
def amend(contract: str) -> BaseResponse:
    """Add milestones: look at the price, then send it for signature."""
    seen = find(contract)
    if seen.side == "operator":
        raise NotAllowed("One of the two sides extends the {contract}.")
    if seen.contract.state != "ACTIVE":
        raise Conflict("Only {contract.a} that is under way can be extended.", state=seen.contract.state)
    again = amendments.to_draw_again(reading(), service.get(reading(), seen.contract.id))
    form = Form(amend_schema(seen.contract.work.currency), _as_before(seen, again) if again else None)
    draft = Draft(seen, form, again=again is not None)
    if request.method == "GET":
        return _page(draft, _count(form))
    valid = form.accept(request.form)
    changed = _rows_changed(form)
    if changed is not None:
        form.errors = {}
        return _page(draft, changed)
    if not valid:
        return _page(draft, _count(form))
    try:
        return _take(draft)
    except InvalidInput as error:
        form.refuse(error)
        return _page(draft, _count(form))


def _as_before(seen: Seen, amendment: Amendment) -> dict[str, Any]:
    """What can no longer be signed, to be priced again."""
    offer = Offer(from_json(amendment.lines))
    return {"reason": amendment.reason, "lines": typed(offer, seen.contract.work.currency)["lines"]}


def _count(form: Form) -> int:
    return max(1, len(form.rows("lines")))


def _rows_changed(form: Form) -> int | None:
    """Add or remove a row when that button was pressed; the number of rows then, else ``None``."""
    rows = form.rows("lines")
    gone = request.form.get("lines_remove", type=int)
    if "lines_add" not in request.form and gone is None:
        return None
    if gone is not None:
        rows = [row for n, row in enumerate(rows) if n != gone]
    plain = {k: v for k, v in gather(form.values).items() if k != "lines"}
    form.values = flatten({**plain, "lines": rows})
    return min(MOST, max(1, len(rows) + (1 if "lines_add" in request.form else 0)))


def _take(draft: Draft) -> BaseResponse:
    seen, form = draft.seen, draft.form
    _check_priced(form.value["lines"], by_day=seen.process.by_day)
    lines = [_line(row) for row in form.value["lines"]]
    if not lines:
        nothing = {"lines-0-title": [gettext("Please say what this {milestone} is.")]}
        raise InvalidInput(nothing)
    quote, paper = _drawn(seen, lines, form.value["reason"])
    if "send" not in request.form:
        return _page(draft, len(lines), quote, paper)
    with unit() as uow:
        amendments.propose_amendment(
            uow, contract=seen.contract.id, reason=form.value["reason"], lines=lines, quote=quote, paper=paper
        )
        uow.commit()
    tell(gettext("The amendment waits for both signatures; the other side was told."))
    return redirect(url_for("contracts.show", contract=seen.contract.id), 303)


def _check_priced(rows: Sequence[Mapping[str, Any]], *, by_day: bool) -> None:
    """Each line has its price: an amount, or by the day days and a price a day."""
    wrong: dict[str, list[str]] = {}
    for n, row in enumerate(rows):
        if by_day and (row.get("days") is None or row.get("rate") is None):
            wrong[f"lines-{n}-days"] = [say("Work by the day needs days and a price a day.")]
        elif not by_day and row.get("amount") is None:
            wrong[f"lines-{n}-amount"] = [say("Please fill this in.")]
    if wrong:
        raise InvalidInput(wrong)


def _line(row: Mapping[str, Any]) -> OfferLine:
    days, rate, amount = row.get("days"), row.get("rate"), row.get("amount")
    if amount is None and days is not None and rate is not None:
        return days_line(row["title"], days, rate.amount, row.get("due"), row.get("detail") or "")
    return OfferLine(row["title"], amount.amount if amount else 0, days, None, row.get("due"), row.get("detail") or "")


def _drawn(seen: Seen, lines: Sequence[OfferLine], reason: str) -> tuple[Quote, Paper]:
    here, row = house(), seen.contract
    quote = quote_of(
        reading(), here.plugins, here.marketplace, client=row.organisation, freelancer=row.freelancer,
        lines=tuple(lines), currency=row.work.currency, on=here.today, mission=row.mission,
        process=row.process,
    )  # fmt: skip
    with speaking(row.language):
        terms = amendments.amendment_terms(
            reading(), service.get(reading(), row.id), lines, quote, reason=reason,
            at=here.marketplace.local(here.clock.business()),
        )  # fmt: skip
        return quote, draw(here.plugins, "amendment", row.language, terms)


def _page(draft: Draft, count: int, quote: Quote | None = None, paper: Paper | None = None) -> BaseResponse:
    seen, form = draft.seen, draft.form
    labels = {"reason": gettext("Why"), "lines": gettext("{Milestone.other}")}
    for n in range(count):
        for name, label in (("title", gettext("title")), ("amount", gettext("price")), ("due", gettext("due")),
                            ("days", gettext("days")), ("rate", gettext("Price a day").lower())):  # fmt: skip
            labels[f"lines-{n}-{name}"] = gettext("{Milestone} %(n)s, %(field)s", n=n + 1, field=label)
    context = AmendContext(
        contract=seen.contract, form=form, count=count, truth=truth(quote) if quote else None,
        preview=text_of(paper.body) if paper else Markup(""), labels=labels, most=MOST, by_day=seen.process.by_day,
        again=draft.again,
    )  # fmt: skip
    return render("contracts/amend.html", context, status=422 if form.errors else 200)


@pages.post("/contracts/<contract>/amendments/<amendment>/withdraw", PARTIES)
def withdraw_amendment(contract: str, amendment: str) -> BaseResponse:
    """Take an unsigned amendment back."""
    seen = find(contract)
    found: AmendmentRow | None = next(
        (a for a in queries.amendments_of(reading(), seen.contract.id) if a.id == amendment), None
    )
    if found is None:
        raise NotFound("There is no such change.")
    with unit() as uow:
        amendments.withdraw_amendment(uow, amendment=amendment)
        uow.commit()
    tell(gettext("The amendment was withdrawn; the {contract} stays as it was."), "info")
    return redirect(url_for("contracts.show", contract=contract), 303)
