"""One's own profile at a glance: what is missing and what it brings, and whether others see it."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts.ports import Gate
from marketwright.features.profiles import queries, service
from marketwright.features.profiles.advice import advise, share
from marketwright.features.profiles.cards import free, place
from marketwright.features.profiles.pages.base import SECTIONS, my_profile, pages, tabs
from marketwright.features.profiles.showing import claim_view
from marketwright.kernel.errors import InvalidInput, Missing
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.store.unit import UnitOfWork
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext, ngettext, translate
from marketwright.web.policy import FREELANCER
from marketwright.web.render import render, tell

_ICONS = {
    "about": "user", "skills": "tag", "availability": "calendar", "experience": "briefcase", "certificates": "verified",
    "languages": "language", "photo": "camera",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Todo:
    """A line of advice as ``lists.checklist`` takes it."""

    state: str
    title: str
    text: str
    url: str
    link: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section with what stands in it now."""

    title: str
    url: str
    icon: str
    lines: list[str]


@dataclass(frozen=True, slots=True)
class OverviewContext:
    """The hub of one's profile."""

    tabs: list[tuple[str, str, bool, int | None]]
    share: float
    todo: list[Todo]
    sections: list[SectionView]
    visible: bool
    listed: bool
    missing: tuple[Missing, ...]
    public_url: str
    name: str
    rate: Money | None


@pages.get("/me/profile", FREELANCER)
def overview() -> BaseResponse:
    """Where the profile stands, and what would help most."""
    session, account, profile = reading(), the_viewer().account, my_profile()
    claims = queries.claims(session, account, current_locale()) if profile else []
    advice = advise(profile, claims)
    todo = [
        Todo("todo", translate(a.title), translate(a.brings), url_for(f"profiles.{a.section}"), gettext("Fill in"))
        for a in advice
        if not a.done
    ]
    missing = house().ports.get(Gate).missing(session, "appear", "freelancer", account) if profile else ()
    context = OverviewContext(
        tabs=tabs(""), share=share(advice), todo=todo, sections=_sections(profile, claims),
        visible=bool(profile and profile.visible), listed=bool(profile and profile.listed), missing=missing,
        public_url=url_for("profiles.show", freelancer=account) if profile else "", name=the_viewer().name,
        rate=profile.rate if profile else None,
    )  # fmt: skip
    return render("profiles/overview.html", context)


def _sections(profile: queries.ProfileRow | None, claims: list[queries.ClaimRow]) -> list[SectionView]:
    now = house().clock.business()
    lines: dict[str, list[str]] = {name: [] for name, _ in SECTIONS}
    if profile:
        lines["about"] = [t for t in (profile.headline, place(profile.city, profile.country, "")) if t]
        days = profile.days_a_week
        week = ngettext("%(n)s day a week", "%(n)s days a week", days) if days else ""
        lines["availability"] = [t for t in (free(profile.available_from, now.date()), week) if t]
        lines["photo"] = [gettext("There is one.")] if profile.photo_file else []
    kinds = {"skill": "skills", "experience": "experience", "certificate": "certificates", "language": "languages"}
    for claim in claims:
        view = claim_view(claim, None, now)
        detail = view.detail if claim.kind in ("experience", "language") else ""
        lines[kinds[claim.kind]].append(", ".join(p for p in (view.title, detail) if p))
    return [
        SectionView(gettext(label), url_for(f"profiles.{name}"), _ICONS[name], lines[name]) for name, label in SECTIONS
    ]


@pages.post("/me/profile/visibility", FREELANCER)
def visibility() -> BaseResponse:
    """Enter the lists, or leave them."""
    account = the_viewer().account
    wanted = request.form.get("visible") == "1"
    try:
        with unit() as uow:
            service.ensure_profile(uow, account=account)
            missing = _set_visible(uow, account, visible=wanted)
            uow.commit()
    except InvalidInput as error:
        for sentences in error.errors.values():
            tell(" ".join(translate(s) for s in sentences), "error")
        return redirect(url_for("profiles.about"), 303)
    if not wanted:
        tell(gettext("Your {profile} is out of the lists. Conversations and {contract.other} go on."), "info")
    elif missing:
        tell(gettext("Almost: something is still to be checked before you are listed. See below what."), "info")
    else:
        tell(gettext("Your {profile} is in the lists now."))
    return redirect(url_for("profiles.overview"), 303)


def _set_visible(uow: UnitOfWork, account: str, *, visible: bool) -> tuple[Missing, ...]:
    if visible:
        return service.show(uow, profile=account)
    service.hide(uow, profile=account)
    return ()
