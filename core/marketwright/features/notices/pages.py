"""The form of a notice on everything that people write here, its receipt, and one's own notices."""

from collections.abc import Sequence

from flask import redirect, request, url_for
from flask import session as cookie
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.notices import queries, service
from marketwright.features.notices.queries import NoticeRow, StatementRow
from marketwright.features.notices.service import LONGEST, LONGEST_NAME, TWICE, Words
from marketwright.features.notices.things import Thing, thing, visible
from marketwright.features.notices.words import CATEGORIES, DECISIONS, EFFECTS, GROUNDS, KINDS
from marketwright.kernel.errors import Conflict, InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import say
from marketwright.web.fields import Checkbox, TextField
from marketwright.web.forms import Form
from marketwright.web.head import describe
from marketwright.web.house import house, reading, the_viewer, unit, viewer
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.limits import spend
from marketwright.web.policy import PUBLIC, SIGNED_IN
from marketwright.web.render import render, tell
from marketwright.web.routing import Pages

pages = Pages("notices")
_SEES = PUBLIC.objects("whoever sees the page of the thing, but not who wrote it; to others it is not there")
_READS = SIGNED_IN.objects("whoever reads the conversation, but not who wrote the message")


class Report(Schema):
    """What is wrong; the last three are asked of visitors. The service says what is missing, all at once."""

    category = TextField(longest=20)
    explanation = TextField(longest=LONGEST, lines=True)
    name = TextField(longest=LONGEST_NAME)
    email = TextField(longest=254)
    good_faith = Checkbox()


@dataclass(frozen=True, slots=True)
class ReportContext:
    """The form: ``what`` is the kind of ``thing`` in words; ``visitor`` where nobody is signed in."""

    thing: Thing
    what: str
    quoted: bool
    action: str
    form: Form
    categories: list[tuple[str, str]]
    visitor: bool
    longest: int


@dataclass(frozen=True, slots=True)
class ReceivedContext:
    """The receipt: the ``number`` of the notice, and where its reporter finds it ('' for a visitor)."""

    number: str
    mine: str


@dataclass(frozen=True, slots=True)
class MineContext:
    """My notices (notice, what, category, decision); what was restricted of mine (besides ground, effect, thing)."""

    reported: Sequence[tuple[NoticeRow, str, str, str]]
    restricted: Sequence[tuple[StatementRow, str, str, str, str, Thing | None]]


@pages.form("/report/profile/<freelancer>", _SEES)
def profile(freelancer: str) -> BaseResponse:
    """Report a profile."""
    return _report("profile", freelancer)


@pages.form("/report/mission/<mission>", _SEES)
def mission(mission: str) -> BaseResponse:
    """Report a mission."""
    return _report("mission", mission)


@pages.form("/report/service/<service>", _SEES)
def a_service(service: str) -> BaseResponse:
    """Report a service."""
    return _report("service", service)


@pages.form("/report/client/<client>", _SEES)
def client(client: str) -> BaseResponse:
    """Report what a client says of itself, or who it claims to be."""
    return _report("client", client)


@pages.form("/report/review/<review>", _SEES)
def review(review: str) -> BaseResponse:
    """Report a review."""
    return _report("review", review)


@pages.form("/report/message/<message>", _READS)
def message(message: str) -> BaseResponse:
    """Report a message."""
    return _report("message", message)


def _report(kind: str, about: str) -> BaseResponse:
    looker = viewer()
    found = visible(reading(), house().ports, looker, kind, about, house().clock.business())
    form = Form(Report())
    if request.method == "POST" and form.accept(request.form) and _filed(form, kind, about):
        return redirect(url_for("notices.received"), 303)
    if looker and request.method == "GET" and queries.open_of(reading(), kind, found.id, account=looker.account):
        tell(gettext(TWICE), "info")
        return redirect(url_for("notices.mine"), 303)
    describe(request.path, index=False)
    context = ReportContext(
        thing=found, what=gettext(KINDS[kind]), quoted=kind in ("review", "message"), action=request.path, form=form,
        categories=[(key, gettext(label)) for key, label in CATEGORIES.items()], visitor=looker is None,
        longest=LONGEST,
    )  # fmt: skip
    return render("notices/report.html", context, status=422 if form.errors else 200)


def _filed(form: Form, kind: str, about: str) -> bool:
    """Whether the notice was kept; the number of its receipt is remembered."""
    looker, said = viewer(), form.value
    words = Words(said["category"], said["explanation"], said["name"], said["email"], said["good_faith"])
    if not _within(words):
        form.refuse(InvalidInput({"": [say("Too many tries from here. Wait a while, then try again.")]}))
        return False
    try:
        with unit() as uow:
            made = service.file(uow, viewer=looker, kind=kind, about=about, words=words, locale=current_locale())
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return False
    except Conflict:
        form.errors.setdefault("", []).append(gettext(TWICE))
        return False
    cookie["reported"] = made
    return True


def _within(words: Words) -> bool:
    """Whether so many notices come from one account, or one browser; a receipt goes to an address only so often."""
    looker = viewer()
    if looker is not None:
        return spend("report", looker.account)
    return spend("report") and (not words.email or spend("mail.address", words.email.casefold()))


@pages.get("/report/received", PUBLIC)
def received() -> BaseResponse:
    """The receipt of the last notice of this browser."""
    number = cookie.get("reported")
    if not number:
        return redirect("/", 303)
    describe(request.path, index=False)
    return render("notices/received.html", ReceivedContext(number, url_for("notices.mine") if viewer() else ""))


@pages.get("/me/reports", SIGNED_IN)
def mine() -> BaseResponse:
    """What I reported and what came of it; what was restricted of mine, and why."""
    session, me = reading(), the_viewer().account
    reported = [
        (n, gettext(KINDS[n.kind]), gettext(CATEGORIES[n.category]),
         gettext(DECISIONS[n.decision]) if n.decision else "")
        for n in queries.notices_of(session, me)
    ]  # fmt: skip
    restricted = [
        (s, gettext(KINDS[s.kind]), gettext(CATEGORIES[s.category]), gettext(GROUNDS[s.ground]),
         gettext(EFFECTS[s.kind]), thing(session, s.kind, s.thing))
        for s in queries.statements_of(session, me)
    ]  # fmt: skip
    return render("notices/mine.html", MineContext(reported, restricted))
