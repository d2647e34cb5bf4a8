"""The page of a freelancer, as everybody sees it."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask import url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries as accounts
from marketwright.features.facets import forms as own_fields
from marketwright.features.profiles import queries, service
from marketwright.features.profiles.cards import (
    REMOTE,
    PersonView,
    SkillView,
    drawn,
    free,
    initials,
    photo_url,
    place,
)
from marketwright.features.profiles.pages.base import pages, sells_services
from marketwright.features.profiles.ports import ProfileReviews, Proofs, Records, Review
from marketwright.features.profiles.queries import ClaimRow, ProfileRow
from marketwright.features.profiles.showing import (
    ClaimView,
    StationView,
    claim_view,
    claim_views,
    declared_skills,
    standing_view,
    stations,
    weeks,
)
from marketwright.features.profiles.sight import may_see
from marketwright.features.services.queries import ServiceRow, services_of
from marketwright.kernel.errors import NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.web.formats import show_date
from marketwright.web.head import describe
from marketwright.web.house import house, reading, viewer
from marketwright.web.i18n import current_locale, gettext, ngettext
from marketwright.web.names import capital, language_name
from marketwright.web.policy import PUBLIC
from marketwright.web.render import render
from marketwright.web.slugs import id_of, moved, with_slug
from marketwright.web.viewer import Viewer

FIRST_CLAIMS = 8
REVIEWS = 20


@dataclass(frozen=True, slots=True)
class ShowContext:
    """The public page of a freelancer. ``mine`` is true for its owner, who reads how others see it."""

    person: PersonView
    bio: str
    bio_language: str
    claims: list[ClaimView]
    more_claims: list[ClaimView]
    declared: list[SkillView]
    declared_on: date | None
    languages: list[ClaimView]
    stations: list[StationView]
    own: list[tuple[str, str, bool]]
    weeks: list[tuple[str, int]]
    said: date | None
    facts: list[tuple[str, str]]
    reviews: list[Review]
    tabs: list[tuple[str, str, int | None]]
    mine: bool
    listed: bool
    may_invite: bool
    invite_url: str
    edit_url: str
    services: list[ServiceRow]


_WHO = PUBLIC.objects("listed people are for everybody; others for themselves, staff and clients who talk with them")


@pages.get("/freelancers/<freelancer>", _WHO)
def show(freelancer: str) -> BaseResponse:
    """Everything they say, and how each thing is known."""
    session, ports, looker = reading(), house().ports, viewer()
    profile = queries.profile(session, id_of(freelancer))
    if profile is None or not may_see(session, ports, profile, looker):
        raise NotFound("There is no such {freelancer}.")
    path = url_for("profiles.show", freelancer=with_slug(profile.id, profile.name))
    elsewhere = moved(freelancer, path)
    if elsewhere is not None:
        return elsewhere
    context = _context(profile, looker.account if looker else "")
    _describe(profile, path, context)
    return render("profiles/show.html", context)


def _describe(profile: ProfileRow, path: str, context: ShowContext) -> None:
    """Tell search engines of a person whom everybody may see; nothing of the others."""
    market = house().marketplace
    if not profile.listed or profile.suspended or not market.access.public_freelancers:
        describe(path, index=False)
        return
    about: dict[str, Any] = {
        "@type": "Person", "name": profile.name, "url": market.base_url + path, "jobTitle": profile.headline,
        "knowsAbout": [c.title for c in (*context.claims, *context.more_claims) if c.kind == "skill"][:20],
        "knowsLanguage": [c.title for c in context.languages],
    }  # fmt: skip
    if profile.city:
        about["address"] = {"@type": "PostalAddress", "addressLocality": profile.city,
                            "addressCountry": profile.country}  # fmt: skip
    describe(path, kind="profile", data={"@type": "ProfilePage", "mainEntity": {k: v for k, v in about.items() if v}})


def _context(profile: ProfileRow, looker: str) -> ShowContext:
    session, ports, now = reading(), house().ports, house().clock.business()
    locale, found = current_locale(), viewer()
    claims = queries.claims(session, profile.id, locale)
    proofs = ports.get(Proofs).of(session, profile.id)
    standing = [standing_view(p, now) for p in ports.get(Proofs).standing(session, profile.id)]
    views = standing + claim_views(claims, proofs, now)
    declared, declared_on = declared_skills(claims, proofs)
    reviews = list(ports.get(ProfileReviews).about(session, profile.id, locale, REVIEWS))
    spoken = [claim_view(c, proofs.get(c.id), now) for c in claims if c.kind == "language"]
    way = stations(claims, proofs, now)
    free_weeks = weeks(profile.available_from, profile.days_a_week, now.date())
    return ShowContext(
        person=_person(profile, claims, len(standing)), bio=profile.bio, bio_language=profile.language,
        claims=views[:FIRST_CLAIMS], more_claims=views[FIRST_CLAIMS:], declared=declared, declared_on=declared_on,
        languages=spoken, stations=way,
        own=own_fields.shown(
            own_fields.of(house().plugins, service.OWNER), profile.fields, locale, private=looker == profile.id
        ),
        weeks=free_weeks, said=profile.available_said_at.date() if profile.available_said_at else None,
        facts=_facts(profile), reviews=reviews,
        tabs=_tabs(len(views) + len(declared), bool(profile.bio), bool(way), bool(free_weeks), profile.rating_count),
        mine=looker == profile.id, listed=profile.listed,
        may_invite=looker != profile.id and (found is None or _runs_missions(found)),
        invite_url=f"/freelancers/{profile.id}/invite", edit_url=url_for("profiles.overview"),
        services=services_of(session, profile.id, published=True) if sells_services() else [],
    )  # fmt: skip


def _person(profile: ProfileRow, claims: list[ClaimRow], standing: int) -> PersonView:
    today = house().clock.business().date()
    spoken = [language_name(c.title) for c in claims if c.kind == "language"]
    declared = max(0, profile.claims - profile.proved - profile.documents)
    made = PersonView(
        id=profile.id, name=profile.name, url=url_for("profiles.show", freelancer=profile.id),
        initials=initials(profile.name), headline=profile.headline, photo=photo_url(profile.photo_file),
        portrait=drawn(profile.id, profile.name, profile.photo_file),
        place=place(profile.city, profile.country, profile.remote), checked=profile.proved,
        documents=profile.documents, declared=declared, rating=profile.rating, reviews=profile.rating_count,
        rate=profile.rate, rate_unit=gettext("a day"), free=free(profile.available_from, today),
        busy=bool(profile.available_from and profile.available_from > today), skills=[],
        languages=capital(", ".join(spoken)),
    )  # fmt: skip
    return replace(made, checked=max(made.checked, standing))


def _facts(profile: ProfileRow) -> list[tuple[str, str]]:
    """The side column: (what, value)."""
    session = reading()
    business = accounts.identity(session, "freelancer", profile.id)
    record = house().ports.get(Records).of(session, profile.id)
    today = house().clock.business().date()
    regimes = {"standard": gettext("Charges VAT"), "franchise": gettext("No VAT, small business"),
               "none": gettext("No VAT")}  # fmt: skip
    days, years = profile.days_a_week, profile.years
    hours = record.answer_hours
    facts = [
        (gettext("Availability"), free(profile.available_from, today)),
        (gettext("Days a week"), ngettext("%(n)s day", "%(n)s days", days) if days else ""),
        (gettext("Where"), gettext(REMOTE[profile.remote])),
        (gettext("In the trade"), ngettext("%(n)s year", "%(n)s years", years) if years else ""),
        (gettext("Answers in"), _hours(hours) if hours is not None else ""),
        (gettext("{Contract.other} here"), str(record.contracts) if record.contracts else ""),
        (gettext("Business"), f"{business.name} {business.form}".strip() if business else ""),
        (gettext("VAT"), regimes.get(business.vat_regime, "") if business else ""),
        (gettext("Here since"), show_date(profile.created_at, "MMMM y")),
    ]
    return [(what, value) for what, value in facts if value]


def _runs_missions(looker: Viewer) -> bool:
    """Whether they may invite: owners and buyers of an organisation."""
    return any(o.roles & {"owner", "buyer"} for o in looker.organisations)


def _hours(hours: float) -> str:
    if hours < 48:
        return ngettext("%(n)s hour", "%(n)s hours", max(1, round(hours)))
    return ngettext("%(n)s day", "%(n)s days", round(hours / 24))


def _tabs(claims: int, bio: bool, way: bool, weeks_known: bool, reviews: int) -> list[tuple[str, str, int | None]]:  # noqa: FBT001
    entries: list[tuple[str, str, int | None, bool]] = [
        (gettext("What they say"), "#claims", claims, claims > 0),
        (gettext("About"), "#about", None, bio),
        (gettext("Way so far"), "#path", None, way),
        (gettext("Availability"), "#free", None, weeks_known),
        (gettext("Reviews"), "#reviews", reviews, reviews > 0),
    ]
    return [(label, href, n) for label, href, n, there in entries if there]
