"""A freelancer's own services: the list, the form, publishing."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts.horizon import Horizon
from marketwright.features.profiles import queries as profiles
from marketwright.features.profiles.pages.base import tabs
from marketwright.features.services import queries, service
from marketwright.features.services.pages.base import course, pages
from marketwright.features.services.queries import ServiceRow
from marketwright.features.services.service import MOST_DAYS, MOST_OPTIONS, Extra, Package
from marketwright.kernel.errors import InvalidInput, MarketwrightError, NotFound, Overtaken
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import MAX_MINOR, Money
from marketwright.kernel.text import N_
from marketwright.store.unit import UnitOfWork
from marketwright.web.errors import sentence
from marketwright.web.fields import IntField, MoneyField, TextField
from marketwright.web.formats import show_days, show_money
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.late import Deeds, began_of, opened, overtaken
from marketwright.web.policy import FREELANCER
from marketwright.web.render import render, tell
from marketwright.web.site import LANGUAGE_NAMES

OWN = FREELANCER.objects("the freelancer whose service it is")
LABELS = {
    "title": N_("What you sell"), "summary": N_("In one sentence"), "description": N_("What the {client} gets"),
    "wants": N_("What you need from them"), "price": N_("Price"), "days": N_("Delivered within"),
    "language": N_("Written in"), "options": N_("Options"), "label": N_("What it adds"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MineContext:
    """The services of the viewer; ``listed`` says whether their profile is in the lists."""

    tabs: Sequence[tuple[str, str, bool, int | None]]
    services: Sequence[ServiceRow]
    listed: bool
    begun: bool


@dataclass(frozen=True, slots=True)
class EditContext:
    """The form of one service; ``service`` is empty for a new one."""

    form: Form
    service: str
    title: str
    options: int
    labels: Mapping[str, str]
    languages: Sequence[tuple[str, str]]
    currency: str
    most_days: int
    most_options: int


def _schema(currency: str, most_days: int) -> Schema:
    option = Schema.from_dict({
        "label": TextField(longest=160, required=True), "days": IntField(least=0, most=MOST_DAYS, load_default=0),
        "price": MoneyField(currency, least=0, most=MAX_MINOR // 100, required=True),
    })  # fmt: skip
    return Schema.from_dict({
        "title": TextField(longest=120, shortest=5, required=True),
        "summary": TextField(longest=240, shortest=10, required=True),
        "description": TextField(longest=6000, lines=True, required=True), "language": TextField(longest=5),
        "wants": TextField(longest=2000, lines=True),
        "price": MoneyField(currency, most=MAX_MINOR // 100, required=True),
        "days": IntField(least=1, most=most_days, required=True),
        "options": fields.List(fields.Nested(option), load_default=list),
    })()  # fmt: skip


def _form(initial: Mapping[str, Any] | None = None) -> Form:
    market = house().marketplace
    return Form(_schema(market.currency, _most_days()), initial)


def _most_days() -> int:
    return min(house().ports.get(Horizon).longest(course()) or MOST_DAYS, MOST_DAYS)


@pages.get("/me/services", FREELANCER)
def mine() -> BaseResponse:
    """One's own services, and what is missing before others find them."""
    course()
    session, me = reading(), the_viewer().account
    profile = profiles.profile(session, me)
    context = MineContext(
        tabs=tabs("services"), services=queries.services_of(session, me),
        listed=bool(profile and profile.listed), begun=profile is not None,
    )  # fmt: skip
    return render("services/mine.html", context)


@pages.form("/me/services/new", FREELANCER)
def new() -> BaseResponse:
    """Package an offer."""
    form = _form({"language": current_locale(), "options": [{"label": ""}]})
    return _edit(form, "")


@pages.form("/me/services/<service>/edit", OWN)
def edit(service: str) -> BaseResponse:
    """Write one anew; contracts keep what was bought."""
    shown, _texts = _now(_own(service))
    form = _form(shown)
    opened(form, queries.parts(reading(), service), Deeds("service.written", service))
    return _edit(form, service)


def _now(row: ServiceRow) -> tuple[dict[str, Any], dict[str, str]]:
    """What is stored as the form shows it, and in words."""
    found = queries.options_of(reading(), [row.id])[row.id]
    options = [
        {"label": o.label, "price": _typed(o.price), "days": str(o.days) if o.days else ""} for o in found
    ]
    plain = {
        "title": row.title, "summary": row.summary, "description": row.description, "wants": row.wants,
        "language": row.language, "days": str(row.days),
    }  # fmt: skip
    shown = plain | {"price": _typed(row.price), "options": options or [{"label": ""}]}
    lines = [f"{o.label}, {show_money(o.price)}" + (f", {show_days(o.days)}" if o.days else "") for o in found]
    return shown, plain | {
        "price": show_money(row.price), "days": show_days(row.days), "options": "\n".join(lines),
        "language": LANGUAGE_NAMES.get(row.language, row.language),
    }  # fmt: skip


def _typed(amount: Money) -> str:
    return show_money(amount, plain=True)


def _own(service: str) -> ServiceRow:
    course()
    row = queries.service(reading(), service)
    if row is None or row.profile != the_viewer().account:
        raise NotFound("There is no such service.")
    return row


def _edit(form: Form, service: str) -> BaseResponse:
    if request.method == "POST":
        valid = form.accept_rows(request.form, "options", "label", add="options_add", remove="options_remove")
        if valid and _saved(form, service):
            return redirect(url_for("services.mine"), 303)
    count = max(1, form.count("options"))
    labels = {name: gettext(label) for name, label in LABELS.items()}
    for n in range(count):
        for name in ("label", "price", "days"):
            labels[f"options-{n}-{name}"] = gettext("Option %(n)s, %(field)s", n=n + 1, field=labels[name].lower())
    market = house().marketplace
    context = EditContext(
        form=form, service=service, title=gettext("Change a service") if service else gettext("A new service"),
        options=count, labels=labels, languages=[(c, LANGUAGE_NAMES.get(c, c)) for c in market.languages],
        currency=market.currency, most_days=_most_days(), most_options=MOST_OPTIONS,
    )  # fmt: skip
    return render("services/edit.html", context, status=422 if form.errors else 200)


def _saved(form: Form, of: str) -> bool:
    value = form.value
    languages = house().marketplace.languages
    package = Package(
        title=value["title"], summary=value["summary"], description=value["description"],
        language=value["language"] if value["language"] in languages else languages[0], price=value["price"],
        days=value["days"], wants=value["wants"],
        options=tuple(Extra(o["label"], o["price"], o.get("days") or 0) for o in value["options"]),
    )  # fmt: skip
    try:
        with unit() as uow:
            kept = service.write(uow, package=package, service=of, began=began_of(form))
            if "publish" in request.form:
                service.publish(uow, service=kept)
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return False
    except Overtaken as error:
        reading().rollback()  # what was read before may be older than what was saved
        shown, texts = _now(_own(of))
        overtaken(form, error, stored=queries.parts(reading(), of), shown=shown, texts=texts,
                  deeds=Deeds("service.written", of))  # fmt: skip
        return False
    except MarketwrightError as error:
        form.errors.setdefault("", []).append(sentence(error))
        return False
    tell(gettext("Your service is published.") if "publish" in request.form else gettext("Saved."))
    return True


@pages.post("/me/services/<service>/publish", OWN)
def publish(service: str) -> BaseResponse:
    """Show it to everybody."""
    return _deed(service, "publish", gettext("Your service is published."))


@pages.post("/me/services/<service>/withdraw", OWN)
def withdraw(service: str) -> BaseResponse:
    """Take it out of the lists."""
    return _deed(service, "withdraw", gettext("Your service is out of the lists."))


@pages.post("/me/services/<service>/remove", OWN)
def remove(service: str) -> BaseResponse:
    """Take it away for good."""
    return _deed(service, "remove", gettext("Your service was removed. {Contract.other} drawn from it go on."))


def _deed(id_: str, what: str, said: str) -> BaseResponse:
    _own(id_)
    deeds: Mapping[str, Any] = {"publish": service.publish, "withdraw": service.withdraw, "remove": service.remove}
    with unit() as uow:
        _do(uow, deeds[what], id_)
        uow.commit()
    tell(said)
    return redirect(url_for("services.mine"), 303)


def _do(uow: UnitOfWork, deed: Any, id_: str) -> None:
    deed(uow, service=id_)
