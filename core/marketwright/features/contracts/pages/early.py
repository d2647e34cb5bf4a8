"""Ending a contract early, on a page that says what becomes of each part."""

from collections.abc import Sequence

from flask import redirect, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts import queries
from marketwright.features.contracts.early import end_early, way_out
from marketwright.features.contracts.pages.base import PARTIES, Seen, find, pages
from marketwright.features.contracts.queries import ContractRow
from marketwright.kernel.errors import Conflict, InvalidInput, NotAllowed
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.kernel.text import N_
from marketwright.web.fields import TextField
from marketwright.web.forms import Form
from marketwright.web.house import reading, unit
from marketwright.web.i18n import gettext, ngettext
from marketwright.web.render import render, tell


class EndSchema(Schema):
    """Why."""

    note = TextField(longest=2000, lines=True, required=True)


@dataclass(frozen=True, slots=True)
class EndContext:
    """What becomes of each part: (title, what happens, its price, whether it is cancelled now)."""

    contract: ContractRow
    form: Form
    parts: Sequence[tuple[str, str, Money, bool]]


def can_end(seen: Seen) -> bool:
    """Whether something of the contract has not begun, so that a side may end it early."""
    return seen.contract.state == "ACTIVE" and seen.side != "operator" and any(gone for *_, gone in _parts(seen))


@pages.form("/contracts/<contract>/end", PARTIES)
def end(contract: str) -> BaseResponse:
    """Look at what ending early means, then do it."""
    seen = find(contract)
    if seen.side == "operator":
        raise NotAllowed("One of the two sides ends it.")
    if not can_end(seen):
        raise Conflict("Everything has begun already; what runs is ended step by step.", state=seen.contract.state)
    form = Form(EndSchema())
    if request.method == "POST" and form.accept(request.form):
        try:
            with unit() as uow:
                count = end_early(uow, contract=contract, note=form.value["note"])
                uow.commit()
        except InvalidInput as error:
            form.refuse(error)
        else:
            tell(ngettext("%(n)s {milestone} was cancelled; the other side was told.",
                          "%(n)s {milestone.other} were cancelled; the other side was told.", count))  # fmt: skip
            return redirect(url_for("contracts.show", contract=contract), 303)
    context = EndContext(seen.contract, form, _parts(seen))
    return render("contracts/end.html", context, status=422 if form.errors else 200)


def _parts(seen: Seen) -> list[tuple[str, str, Money, bool]]:
    found: list[tuple[str, str, Money, bool]] = []
    for m in queries.milestones_of(reading(), [seen.contract.id])[seen.contract.id]:
        state = seen.process.state(m.state)
        begun = not seen.process.holds and m.entered_at is not None
        gone = not begun and way_out(seen.process, m.state, m.pending, seen.reader.roles) is not None
        if state.end:
            text = gettext(state.label)
        elif gone:
            text = gettext(N_("Cancelled: nobody owes anything for it"))
        else:
            text = gettext(N_("Goes on to its end: %(now)s")) % {"now": gettext(state.label)}
        found.append((f"{m.number}. {m.title}", text, m.work, gone))
    return found
