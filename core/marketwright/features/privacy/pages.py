"""The person's own page about their data: all of it as a file, and the account's end."""

from collections.abc import Mapping
from datetime import date

from flask import Response, redirect, request, session, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.showing import shown_again
from marketwright.features.desk import people
from marketwright.features.privacy import queries, service
from marketwright.features.privacy.archive import archive
from marketwright.features.privacy.parts import GOES, PARTS, RECORD, SHARED, Part
from marketwright.features.privacy.periods import Stays, stays
from marketwright.features.privacy.queries import Blocker
from marketwright.kernel.errors import Conflict, InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.web.fields import Secret
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer
from marketwright.web.i18n import current_locale, translate
from marketwright.web.policy import PUBLIC, SIGNED_IN
from marketwright.web.render import render
from marketwright.web.routing import Pages

pages = Pages("privacy")


class Ending(Schema):
    """The end of an account, by whoever knows its password."""

    current = Secret(required=True)
    code = Secret()


@dataclass(frozen=True, slots=True)
class KeptPart:
    """One part: its title, how many rows, and what becomes of it."""

    title: str
    rows: int
    erasing: str


@dataclass(frozen=True, slots=True)
class Period:
    """What stays, until when ("" in ``why`` where no country pack names a law)."""

    name: str
    what: str
    years: int
    until: date | None


@dataclass(frozen=True, slots=True)
class DataPage:
    """All that is kept of a person, what would go, what would stay, and what stands in the way."""

    parts: list[KeptPart]
    plugins: list[str]
    failed: list[str]
    periods: list[Period]
    blockers: list[Blocker]
    form: Form
    code: bool
    persona: bool
    site: str


@dataclass(frozen=True, slots=True)
class Gone:
    """The account is deleted on ``marketplace``."""

    marketplace: str


@dataclass(frozen=True, slots=True)
class MyData:
    """The page: ``here`` is what it shows."""

    here: DataPage


def data_of(account: str, form: Form) -> DataPage:
    """What the pages about one person's data show, for themselves and for staff."""
    found = queries.counted(reading(), account)
    row = accounts.account(reading(), account)
    said = people.kept_of(house(), account)
    keeping = stays(reading(), account, service.pack_of(house()), house().marketplace.day_of)
    parts = [KeptPart(translate(p.title), found[p.name], erasing_of(p, found, kept=bool(keeping)))
             for p in PARTS if p.name in found]  # fmt: skip
    return DataPage(
        parts, sorted(said.gave), sorted({*said.failed, *said.silent}), [_period(s) for s in keeping],
        queries.blockers(reading(), account), form, code=bool(row and row.second_factor),
        persona=bool(row and row.persona), site=house().marketplace.name,
    )  # fmt: skip


def erasing_of(part: Part, found: Mapping[str, int], *, kept: bool) -> str:
    """What becomes of ``part``: where there never was a deal, what others had their share in still ``remains``."""
    if kept or part.erasing == RECORD:
        return part.erasing
    shared = part.name in SHARED or (part.name == "files" and "missions" in found)
    return "remains" if shared else GOES


def _period(one: Stays) -> Period:
    what = (one.law.what.get(current_locale()) or next(iter(one.law.what.values()))) if one.law else ""
    return Period(one.name, what, one.law.years if one.law else 0, one.until)


@pages.get("/me/data", SIGNED_IN)
def data() -> BaseResponse:
    """What is kept of me."""
    return render("privacy/data.html", MyData(data_of(the_viewer().account, Form(Ending()))))


@pages.get("/me/data.zip", SIGNED_IN.limited("exports"))
def download() -> Response:
    """All of it as one file."""
    return as_file(archive(house(), the_viewer().account), "my-data")


def as_file(made: bytes, name: str) -> Response:
    """A ZIP to save, kept by no cache."""
    response = Response(made, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.post("/me/data/erase", SIGNED_IN)
def erase() -> BaseResponse:
    """Delete my account."""
    me, form = the_viewer(), Form(Ending())
    if me.persona:
        form.refuse(InvalidInput({"": [say("People of the demo stay: others act as them too.")]}))
    elif form.accept(request.form):
        try:
            shown_again(me.account, lambda uow: service.erase(uow, house(), account=me.account),
                        password=form.value["current"], code=form.value["code"], field="current")  # fmt: skip
        except InvalidInput as error:
            form.refuse(error)
        except Conflict as standing:
            form.refuse(InvalidInput({"": [say(standing.template, **standing.params)]}))
    if form.errors:
        return render("privacy/data.html", MyData(data_of(me.account, form)), status=422)
    session.clear()
    return redirect(url_for("privacy.gone"), 303)


@pages.get("/account/deleted", PUBLIC)
def gone() -> BaseResponse:
    """The account is deleted."""
    return render("privacy/gone.html", Gone(house().marketplace.name))
