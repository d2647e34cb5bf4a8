"""Look: the brand's colour, fonts, corners and space, logo and favicon, seen on real pages before they are saved."""

from typing import Any
from urllib.parse import urlencode

from flask import current_app, g, redirect, request, url_for
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.files import service as files
from marketwright.features.files.uploads import sent_file
from marketwright.features.operator.meanwhile import began_with, left_alone, refusal, seen_now, sent_seen
from marketwright.features.operator.pages.base import chosen, pages, show
from marketwright.features.overlay import changing, queries
from marketwright.kernel.errors import Conflict, InvalidInput, NotFound, Overtaken
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.settings.look import LookTable
from marketwright.settings.marketplace import Look
from marketwright.settings.overlay import why_fixed
from marketwright.theming.brand import Brand, Pair
from marketwright.theming.faults import Fault
from marketwright.web.forms import Form
from marketwright.web.house import actor, house, the_viewer, unit
from marketwright.web.i18n import _
from marketwright.web.late import BEGAN, Late
from marketwright.web.pages import DRAFTS, FONTS
from marketwright.web.policy import staff
from marketwright.web.render import FAULTS, tell

READ, CHANGE = staff("settings.read"), staff("settings.change")
NAMES = ("brand", "tint", "round", "air", "density", "font", "scheme")
PLACES = (
    ("/", N_("Front page")), ("/freelancers", N_("{Freelancer.other}")), ("/missions", N_("{Mission.other}")),
    ("/sign-up", N_("Signing up")), ("/fees", N_("Fees")), ("/nowhere", N_("A page that is not there")),
)  # fmt: skip
TOKEN_WORDS = {
    "text": N_("text"), "text-muted": N_("quiet text"), "page": N_("the page"), "surface": N_("cards"),
    "sunken": N_("sunken areas"), "hover": N_("rows under the pointer"), "on-accent": N_("text of main buttons"),
    "accent": N_("main buttons"), "accent-hover": N_("main buttons under the pointer"),
    "accent-text": N_("text in the brand's colour"), "accent-soft": N_("soft ground of the brand"), "link": N_("links"),
    "on-inverse": N_("text on dark bands"), "on-inverse-muted": N_("quiet text on dark bands"),
    "inverse": N_("dark bands"), "inverse-accent": N_("the brand on dark bands"), "success-text": N_("good news"),
    "success-soft": N_("its ground"), "warning-text": N_("warnings"), "warning-soft": N_("their ground"),
    "danger-text": N_("bad news"), "danger-soft": N_("its ground"), "on-danger": N_("text of buttons that end things"),
    "danger-fill": N_("those buttons"), "info-text": N_("notes"), "info-soft": N_("their ground"),
    "accent-mark": N_("bars and checks"), "control-line": N_("lines of fields"),
    "focus": N_("the ring of the keyboard"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One contrast figure in words."""

    what: str
    on: str
    pair: Pair


@dataclass(frozen=True, slots=True)
class LookContext:
    """The form, the pages in the look that it says, and how well they can be read."""

    form: Form
    worn: str
    fonts: list[tuple[str, str]]
    swatches: list[tuple[str, str, str]]
    figures: list[Figure]
    short: list[Figure]
    least: float
    frame: str
    places: list[tuple[str, str]]
    draft: str
    logo: str
    favicon: str
    fixed: list[str]
    changed: bool
    editable: bool
    seen: int
    faults: list[Fault]


@pages.get("/look", READ)
def look() -> BaseResponse:
    """The look in force, or with arguments one to be looked at."""
    form = Form(LookTable(only=NAMES), _typed(house().marketplace.look))
    if set(request.args) & set(NAMES):
        form.accept(_filled(request.args))
    return _page(form)


def _filled(sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """What was sent of the look; an empty field is left as the theme has it."""
    return MultiDict({k: v.strip() for k, v in sent.items() if k in NAMES and v.strip()})


@pages.post("/look", CHANGE)
def look_save() -> BaseResponse:
    """Save what is typed, or give everything back to the theme."""
    form = Form(LookTable(only=NAMES), _typed(house().marketplace.look))
    if request.form.get("do") == "reset":
        names = (*NAMES, "logo", "favicon")
        return _saved(form, {f"look.{n}": changing.AS_THE_FILE for n in names}) or _page(form, 422)
    now = _typed(house().marketplace.look)
    sent = {**{n: request.form.get(n, "").strip() for n in NAMES}}
    typed = sent | {name: now[name] for name in left_alone(sent, now)}
    if not form.accept(_filled(MultiDict(typed))):
        return _page(form, 422)
    market = house().marketplace
    changes = {f"look.{n}": form.value.get(n) for n in NAMES
               if form.value.get(n) != getattr(market.look, n) and not why_fixed(market, f"look.{n}")}  # fmt: skip
    return _saved(form, changes) or _page(form, 422)


def _saved(form: Form, changes: dict[str, Any]) -> BaseResponse | None:
    try:
        changing.save(house(), actor(), changes, note=_("Look"), seen=sent_seen())
    except InvalidInput as error:
        form.refuse(InvalidInput({k.removeprefix("look."): v for k, v in error.errors.items()}))
        return None
    except Conflict as error:
        form.errors[""] = [refusal(error)]
        now, both = _typed(house().marketplace.look), error.parts if isinstance(error, Overtaken) else ()
        names = [key.removeprefix("look.") for key in both]
        form.late = Late([(n, now.get(n, "")) for n in names], ())
        return None
    tell(_("Saved, and in force."))
    return redirect(url_for("operator.look"), 303)


@pages.post("/look/<which>", CHANGE.objects("logo and favicon; anything else is 404"))
def look_upload(which: str) -> BaseResponse:
    """Store a logo or favicon, and wear it."""
    if which not in ("logo", "favicon"):
        raise NotFound("There is no such picture.")
    form = Form(LookTable(only=NAMES), _typed(house().marketplace.look))
    try:
        checked = sent_file(files.BRAND, which)
        with unit() as uow:
            stored = files.keep(uow, checked=checked, purpose=files.BRAND, owner_kind="site", owner_id=which)
            uow.commit()
    except InvalidInput as error:
        form.refuse(InvalidInput({which: next(iter(error.errors.values()))}))
        return _page(form, 422)
    return _saved(form, {f"look.{which}": stored}) or _page(form, 422)


def _typed(look: Look) -> dict[str, Any]:
    found = {n: getattr(look, n) for n in NAMES}
    return {n: "" if v is None else str(v) for n, v in found.items()}


def _page(form: Form, status: int = 200) -> BaseResponse:
    market, current = house().marketplace, house().ports.get(Brand)
    draft = {n: str(form.get(n)) for n in NAMES if str(form.get(n) or "")}
    try:
        wanted = Look(**LookTable(only=NAMES).load(draft))
    except ValidationError:
        wanted, draft = market.look, {}
    brand: Brand = current_app.extensions[DRAFTS](wanted)
    figures = [Figure(_(TOKEN_WORDS[p.text]), _(TOKEN_WORDS[p.ground]), p) for p in brand.pairs()]
    place = chosen("place", [p for p, _word in PLACES], "/")
    asked = urlencode({n: v for n, v in draft.items() if (n, v) != ("scheme", "auto")})
    with house().database.reading() as session:
        saved = queries.overlay(session, house().clock.business())
    if form.late or request.method == "GET":
        form.values[BEGAN] = began_with(_typed(market.look))
    else:
        form.values[BEGAN] = request.form.get(BEGAN, "")
    g.frames = True
    faults = current_app.extensions.get(FAULTS)
    context = LookContext(
        form=form, worn=brand.day["brand"],
        fonts=[("", _("As the theme has it")), *((f, f) for f in sorted(current_app.extensions[FONTS]))],
        swatches=[(_(TOKEN_WORDS[n]), brand.day[n], brand.night[n]) for n in ("accent", "accent-text", "page", "text")],
        figures=figures, short=[f for f in figures if not f.pair.holds],
        least=min(min(f.pair.day, f.pair.night) for f in figures if f.pair.least > 4),
        frame=f"{place}?{urlencode({'draft': asked or 'scheme=auto'})}", places=[(p, _(w)) for p, w in PLACES],
        draft=asked, logo=current.logo, favicon=current.favicon,
        fixed=[n for n in NAMES if why_fixed(market, f"look.{n}")],
        changed=any(k.startswith("look.") for k in saved.values), editable=the_viewer().may("settings.change"),
        seen=seen_now(late=form.late is not None), faults=list(faults.newest()) if faults else [],
    )  # fmt: skip
    return show("look.html", context, status=status)
