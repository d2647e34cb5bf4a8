"""Pages: what each says in each language, drafts, versions with a date of effect, and who accepted the terms."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask import redirect, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.content import queries, service
from marketwright.features.content.diffs import Change, changes
from marketwright.features.content.queries import DraftRow, VersionRow
from marketwright.features.content.reader import LANDING, PAGES, TERMS, TextPage, own_names, read_page
from marketwright.features.content.sources import folder, page_now
from marketwright.features.operator.pages.base import Pager, argument, page_number, pager, pages, show
from marketwright.features.terms import queries as terms
from marketwright.features.terms.queries import AcceptanceRow
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_, say
from marketwright.web.fields import Checkbox, DateField, TextField
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import _
from marketwright.web.policy import staff
from marketwright.web.render import tell
from marketwright.web.site import LANGUAGE_NAMES

READ = staff("settings.read")
CHANGE = staff("content.change")
Tabs = list[tuple[str, str, bool, int | None]]
WORDS = {
    LANDING: N_("Front page"), "about": N_("About"), "how-it-works": N_("How it works"), "terms": N_("Terms"),
    "privacy": N_("Privacy"), "legal": N_("Legal notice"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """One page in one language: where it comes from (console, file or ''), and whether a draft or a version waits."""

    code: str
    language: str
    source: str
    draft: bool
    waits: datetime | None
    edit: str


@dataclass(frozen=True, slots=True)
class PageLine:
    """One page in the list."""

    name: str
    title: str
    address: str
    standings: list[Standing]
    drafts: bool


@dataclass(frozen=True, slots=True)
class ListContext:
    """All pages; ``form`` names a new one."""

    lines: list[PageLine]
    form: Form
    editable: bool


@dataclass(frozen=True, slots=True)
class EditContext:
    """One page in one language as it is being written; ``theirs`` is the draft that somebody kept meanwhile."""

    name: str
    title: str
    code: str
    language: str
    form: Form
    seen: int
    source: str
    preview: str
    others: Tabs
    theirs: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What publishing changes in one language."""

    language: str
    title: str
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class PublishContext:
    """The drafts of a page before they are published; ``earliest`` is the first day for new terms."""

    name: str
    title: str
    waiting: list[Waiting]
    form: Form
    notice: bool
    earliest: str


@dataclass(frozen=True, slots=True)
class VersionsContext:
    """Every version of a page; the one in force, with what it changed."""

    name: str
    title: str
    versions: list[tuple[VersionRow, bool, list[Change]]]
    withdrawable: list[str]
    editable: bool


@dataclass(frozen=True, slots=True)
class AcceptancesContext:
    """Who accepted which version of the terms."""

    rows: list[AcceptanceRow]
    total: int
    pager: Pager
    search: str


class NewPage(Schema):
    """The name of a page of the operator's own."""

    name = TextField(longest=60, required=True)


class Writing(Schema):
    """A page as it is typed."""

    title = TextField(longest=200)
    text = TextField(longest=service.LONGEST, lines=True)


class Publishing(Schema):
    """When, why, and whether it only corrects."""

    starts = DateField()
    note = TextField(longest=300)
    correction = Checkbox()


def title_of(name: str) -> str:
    """The page's name in words."""
    return _(WORDS[name]) if name in WORDS else name


def known(name: str, code: str = "") -> str:
    """``name``, where such a page is or may be written; ``NotFound`` otherwise."""
    if code and code not in house().marketplace.languages:
        raise NotFound("There is no such page.")
    own = {*own_names(folder(house().marketplace), house().marketplace.languages), *queries.pages_kept(reading())}
    if name not in PAGES and name != LANDING and name not in own:
        raise NotFound("There is no such page.")
    return name


def edit_url(name: str, code: str) -> str:
    """Where a page is written."""
    if name == LANDING:
        return url_for("operator.texts_front", code=code)
    return url_for("operator.texts_edit", name=name, code=code)


def in_languages(name: str, code: str) -> Tabs:
    """The page in each language, as tabs."""
    return [(LANGUAGE_NAMES.get(c, c), edit_url(name, c), c == code, None) for c in house().marketplace.languages]


@pages.get("/pages", READ)
def texts() -> BaseResponse:
    """Every page, and where it stands in each language."""
    return _list(Form(NewPage()))


def _list(form: Form) -> BaseResponse:
    market = house().marketplace
    own = {*own_names(folder(market), market.languages), *queries.pages_kept(reading())} - set(PAGES) - {LANDING}
    lines = [_line(name) for name in (LANDING, *PAGES, *sorted(own))]
    context = ListContext(lines, form, the_viewer().may("content.change"))
    return show("texts.html", context, status=422 if form.errors else 200)


def _line(name: str) -> PageLine:
    session, market, now = reading(), house().marketplace, house().clock.business()
    kept = queries.in_force(session, name, market.languages, now)
    drafted = {d.language for d in queries.drafts(session, name)}
    later = {v.language: v.starts_at for v in queries.versions(session, name) if v.starts_at > now}
    standings = []
    for code in market.languages:
        row = kept.get(code)
        file = folder(market) / code / ("landing.toml" if name == LANDING else f"{name}.md")
        kept_here = row is not None and not row.withdrawn and row.source == "console"
        source = "console" if kept_here else "file" if file.is_file() else ""
        standings.append(Standing(code, LANGUAGE_NAMES.get(code, code), source, code in drafted, later.get(code),
                                  edit_url(name, code)))  # fmt: skip
    address = "/" if name == LANDING else f"/{name}" if name in PAGES else f"/pages/{name}"
    return PageLine(name, title_of(name), address, standings, bool(drafted))


@pages.post("/pages", CHANGE)
def texts_new() -> BaseResponse:
    """Begin a page of the operator's own."""
    form = Form(NewPage())
    if form.accept(request.form):
        name, code = form.value["name"], house().marketplace.languages[0]
        try:
            with unit() as uow:
                if name not in (*PAGES, LANDING) and queries.draft(uow.session, name, code) is None:
                    service.keep_draft(uow, page=name, language=code, title="", text="", seen=0)
                uow.commit()
            return redirect(edit_url(name, code), 303)
        except InvalidInput as error:
            form.refuse(error)
    return _list(form)


def _now(name: str, code: str) -> tuple[DraftRow | None, TextPage | None, str]:
    """The draft, what is in force, and where that comes from."""
    session, market = reading(), house().marketplace
    found = queries.draft(session, name, code)
    kept = queries.in_force(session, name, (code,), house().clock.business()).get(code)
    if kept is not None and not kept.withdrawn:
        return found, TextPage(name, kept.title, kept.text), kept.source
    file = read_page(folder(market), code, name, code)
    return found, file, "file" if file else ""


@pages.form("/pages/<name>/<code>", CHANGE)
def texts_edit(name: str, code: str) -> BaseResponse:
    """Write a page; nothing is shown to anybody before it is published."""
    if known(name, code) == LANDING:
        return redirect(edit_url(name, code), 303)
    draft, now, source = _now(name, code)
    shown = draft or now
    form = Form(Writing(), {"title": shown.title if shown else "", "text": shown.text if shown else ""})
    seen = draft.version if draft else 0
    if request.method == "POST" and form.accept(request.form):
        typed = request.form.get("seen", "")
        if _drafted(form, name, code, seen=int(typed) if typed.isdigit() else 0):
            return _on_from(name, code)
    context = EditContext(
        name, title_of(name), code, LANGUAGE_NAMES.get(code, code), form, seen, "draft" if draft else source,
        url_for("content.preview", name=name, code=code) if draft else "",
        in_languages(name, code), shown.text if shown and form.errors.get("") else "",
    )  # fmt: skip
    return show("text_edit.html", context, status=422 if form.errors else 200)


def _drafted(form: Form, name: str, code: str, *, seen: int) -> bool:
    """Whether the draft was kept; else the form says why, and still holds what was typed."""
    try:
        with unit() as uow:
            service.keep_draft(uow, page=name, language=code, **form.value, seen=seen)
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
    except Conflict:
        form.refuse(InvalidInput({"": [say("Somebody else has kept a draft since you opened this page. What you typed "
                                           "stands here, theirs below: keep yours in its place, or bring both "
                                           "together.")]}))  # fmt: skip
    return not form.errors


def _on_from(name: str, code: str) -> BaseResponse:
    """Where keeping a draft leads, as the button says."""
    if request.form.get("do") == "publish":
        return redirect(url_for("operator.texts_publish", name=name), 303)
    if request.form.get("do") == "preview":
        return redirect(url_for("content.preview", name=name, code=code), 303)
    tell(_("The draft is kept. Nobody else sees it yet."))
    return redirect(edit_url(name, code), 303)


@pages.post("/pages/<name>/<code>/discard", CHANGE)
def texts_discard(name: str, code: str) -> BaseResponse:
    """Throw the draft away."""
    typed = request.form.get("seen", "")
    with unit() as uow:
        service.throw_away(uow, page=known(name, code), language=code, seen=int(typed) if typed.isdigit() else 0)
        uow.commit()
    tell(_("The draft is gone."))
    return redirect(url_for("operator.texts"), 303)


@pages.form("/pages/<name>/publish", CHANGE)
def texts_publish(name: str) -> BaseResponse:
    """See what changes, then publish, now or from a day."""
    form = Form(Publishing())
    drafts = queries.drafts(reading(), known(name))
    if not drafts:
        tell(_("There is no draft of this page."), "info")
        return redirect(url_for("operator.texts"), 303)
    if request.method == "POST" and form.accept(request.form) and _published(form, name):
        return redirect(url_for("operator.texts_versions", name=name), 303)
    now = house().clock.business()
    waiting = [Waiting(LANGUAGE_NAMES.get(d.language, d.language), d.title, _change(d, now)) for d in drafts]
    earliest = service.first_day(now, ZoneInfo(house().marketplace.time_zone)).isoformat()
    notice = name == TERMS and queries.newest_number(reading(), name) > 0
    context = PublishContext(name, title_of(name), waiting, form, notice, earliest)
    return show("text_publish.html", context, status=422 if form.errors else 200)


def _change(draft: DraftRow, now: datetime) -> list[Change]:
    if draft.page == LANDING:
        return []
    before = page_now(reading(), house().marketplace, draft.page, draft.language, now)
    return changes(before.text if before else "", draft.text)


def _published(form: Form, name: str) -> bool:
    day, market = form.value.get("starts"), house().marketplace
    starts = datetime.combine(day, time(), ZoneInfo(market.time_zone)) if day else None
    if day is not None and day < house().clock.business().date():
        form.refuse(InvalidInput({"starts": [say("This day has passed. Leave it empty for now.")]}))
        return False
    try:
        with unit() as uow:
            service.publish(uow, page=name, starts=starts, note=form.value.get("note", ""),
                            correction=form.value.get("correction", False))  # fmt: skip
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return False
    if form.value.get("correction") and _terms_wait(name):
        tell(_("New terms wait to begin, and do not have this correction: correct them too."), "warn")
    tell(_("Published. It is in force from that day on.") if starts else _("Published, and in force."))
    return True


def _terms_wait(name: str) -> bool:
    now = house().clock.business()
    return name == TERMS and any(v.asks and v.starts_at > now for v in queries.versions(reading(), name))


@pages.get("/pages/<name>/versions", READ)
def texts_versions(name: str) -> BaseResponse:
    """Every version, with who, when and what changed."""
    rows = queries.versions(reading(), known(name))
    force = queries.in_force(reading(), name, house().marketplace.languages, house().clock.business())
    shown = []
    for row in rows:
        before = next((v for v in rows if v.language == row.language and v.number < row.number), None)
        moved = changes(before.text, row.text) if before and name != LANDING else []
        shown.append((row, force.get(row.language) == row, [c for c in moved if c.how != "kept"]))
    may = [] if name == TERMS else [code for code, row in force.items() if not row.withdrawn]
    return show("text_versions.html",
                VersionsContext(name, title_of(name), shown, may, the_viewer().may("content.change")))  # fmt: skip


@pages.post("/pages/<name>/<code>/withdraw", CHANGE)
def texts_withdraw(name: str, code: str) -> BaseResponse:
    """Give the page back to its file, or take it off."""
    with unit() as uow:
        service.withdraw(uow, page=known(name, code), language=code)
        uow.commit()
    tell(_("The page is what the file says again; without a file it is gone."))
    return redirect(url_for("operator.texts_versions", name=name), 303)


@pages.get("/terms", staff("audit.read"), endpoint="texts_terms")
def terms_log() -> BaseResponse:
    """Who accepted which version of the terms, when and how."""
    search, page = argument("search"), page_number()
    rows, total = terms.log(reading(), search=search, page=page)
    return show("terms.html", AcceptancesContext(rows, total, pager(total, page, terms.SIZE), search))
