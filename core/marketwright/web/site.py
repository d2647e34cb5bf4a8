"""What every page shows around its content: name, navigation, footer, languages, the viewer's menu, the demo bar."""

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import request

from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.settings.marketplace import Marketplace, Menu
from marketwright.web.addresses import addresses
from marketwright.web.fragments import Piece
from marketwright.web.head import Head, make_head
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.viewer import Viewer

LANGUAGE_NAMES = {"en": "English", "fr": "Français"}


@dataclass(frozen=True, slots=True)
class Site:
    """The marketplace as a page shows it; lists of (label, address). ``sheets`` and ``foot`` keep what is the same for
    every page of a language: the stylesheets as links, what the footer says.
    """

    name: str
    tagline: str
    nav: list[tuple[str, str, bool]]
    footer: list[tuple[str, list[tuple[str, str]]]]
    legal: list[str]
    languages: list[tuple[str, str, str, bool]]
    links: Mapping[str, str]
    stylesheets: list[str] = field(default_factory=list)
    logo: str = ""
    favicon: str = ""
    scheme: str = ""  # light or dark where the operator wants but one
    base_url: str = ""
    stage: str = ""
    head: Head = field(default_factory=Head)
    sheets: Piece = field(default_factory=Piece)
    foot: Piece = field(default_factory=Piece)


@dataclass(frozen=True, slots=True)
class Constant:
    """What an application shows on every page of a language, whoever looks: made once."""

    tagline: str
    footer: list[tuple[str, list[tuple[str, str]]]]
    legal: list[str]
    sheets: Piece = field(default_factory=Piece)
    foot: Piece = field(default_factory=Piece)


@dataclass(frozen=True, slots=True)
class ViewerCard:
    """The viewer as a page shows them."""

    name: str
    initials: str
    unread: int
    organisation: str
    side: str
    is_staff: bool
    is_freelancer: bool
    is_client: bool
    account: str
    menu: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class DemoBar:
    """The bar below the live stage: personas (key, label, current), business time, where to come back to."""

    personas: list[tuple[str, str, bool]]
    now: datetime
    return_to: str
    password: str = ""  # of every persona, for what asks for it again
    act_as_url: str = "/demo/act-as"
    move_time_url: str = "/demo/move-time"


LINKS = {
    "home": "/", "sign_in": "/sign-in", "sign_up": "/sign-up", "sign_out": "/sign-out", "inbox": "/inbox",
    "account": "/me", "console": "/console", "missions": "/missions", "freelancers": "/freelancers",
}  # fmt: skip

NAV_ANYONE: tuple[tuple[str, str], ...] = (
    (N_("{Freelancer.other}"), "/freelancers"), (N_("{Mission.other}"), "/missions"),
    (N_("How it works"), "/how-it-works"), (N_("Fees"), "/fees"),
)  # fmt: skip
LEGAL = ((N_("Terms"), "/terms"), (N_("Privacy"), "/privacy"), (N_("Legal notice"), "/legal"))
NAV_CLIENT = ((N_("{Freelancer.other}"), "/freelancers"), (N_("My {mission.other}"), "/me/missions"),
              (N_("{Contract.other}"), "/contracts"), (N_("Inbox"), "/inbox"))  # fmt: skip
NAV_FREELANCER = ((N_("{Mission.other}"), "/missions"), (N_("My matches"), "/me/matches"),
                  (N_("{Contract.other}"), "/contracts"), (N_("Inbox"), "/inbox"))  # fmt: skip

FOOTER = (
    (N_("{Client.other}"), ((N_("Find {freelancer.a}"), "/freelancers"), (N_("Post {mission.a}"), "/missions/new"),
                     (N_("What you pay"), "/fees"))),
    (N_("{Freelancer.other}"), ((N_("Find {mission.a}"), "/missions"),
                         (N_("Apply as {freelancer.a}"), "/sign-up?side=freelancer"),
                         (N_("What you receive"), "/fees"))),
    (N_("In the open"), ((N_("How we rank"), "/how-we-rank"), (N_("Market rates"), "/rates"),
                         (N_("How it works"), "/how-it-works"), (N_("About"), "/about"))),
)  # fmt: skip


SERVICES = (N_("Services"), "/services")


def navigation(
    viewer: Viewer | None, path: str, menu: Menu | None = None, *, services: bool = False
) -> list[tuple[str, str, bool]]:
    """The entries for this viewer: (label, address, whether the page is in it); ``menu`` is what visitors get.

    ``services`` says whether services are sold here.
    """
    entries: tuple[tuple[str, str], ...]
    if viewer is None or viewer.side in ("none", "staff"):
        own = menu.header if menu else None
        entries = NAV_ANYONE if own is None else tuple((link.label, link.href) for link in own)
    elif viewer.side == "freelancer":
        entries = NAV_FREELANCER
    elif viewer.side == "client":
        entries = NAV_CLIENT
    else:
        entries = (*NAV_CLIENT[:2], *NAV_FREELANCER)
    if services and entries[:1] == NAV_ANYONE[:1]:
        entries = (entries[0], SERVICES, *entries[1:])
    best = max((href for _, href in entries if path == href or path.startswith(href + "/")), key=len, default="")
    return [(gettext(label), href, href == best) for label, href in entries]


def viewer_card(viewer: Viewer, unread: int, *, services: bool = False) -> ViewerCard:
    """The viewer's name, unread count and menu."""
    menu = [(gettext(N_("Inbox")), "/inbox", "inbox"), (gettext(N_("{Contract.other}")), "/contracts", "file")]
    if viewer.is_freelancer or viewer.is_client:
        menu.append((gettext(N_("Invoices")), "/invoices", "receipt"))
    if viewer.is_freelancer:
        own = [(gettext(N_("My services")), "/me/services", "package")] if services else []
        menu += [(gettext(N_("My {profile}")), "/me/profile", "user"), *own,
                 (gettext(N_("My matches")), "/me/matches", "star"),
                 (gettext(N_("My {proposal.other}")), "/me/proposals", "list")]  # fmt: skip
    if viewer.is_client:
        menu += [(gettext(N_("My {mission.other}")), "/me/missions", "briefcase")]
        menu += [(o.name, f"/organisations/{o.id}", "building") for o in viewer.organisations[:5]]
    if viewer.is_freelancer or viewer.is_client:
        menu.append((gettext(N_("My alerts")), "/me/alerts", "bell"))
        menu.append((gettext(N_("Invoices and documents")), "/accounting", "wallet"))
    menu.append((gettext(N_("Account and security")), "/me", "settings"))
    return ViewerCard(
        name=viewer.name, initials=viewer.initials, unread=unread,
        organisation=viewer.organisation.name if viewer.organisation else "", side=viewer.side,
        is_staff=viewer.is_staff, is_freelancer=viewer.is_freelancer, is_client=viewer.is_client,
        account=viewer.account, menu=menu,
    )  # fmt: skip


def languages(marketplace: Marketplace) -> list[tuple[str, str, str, bool]]:
    """(code, name, address that switches to it, whether it is spoken now)."""
    if len(marketplace.languages) == 1:  # there is nothing to switch to
        return [(code, LANGUAGE_NAMES.get(code, code), f"/language/{code}", True) for code in marketplace.languages]
    back = urlencode({"next": request.full_path.rstrip("?") if request.method == "GET" else "/"}, safe="!$'()*,/:;?@")
    now = current_locale()
    return [
        (code, LANGUAGE_NAMES.get(code, code), f"/language/{code}?{back}", code == now)
        for code in marketplace.languages
    ]


def legal_lines(marketplace: Marketplace, holder: str) -> list[str]:
    """The footer's legal lines: who runs the site, who holds client money."""
    legal = marketplace.legal
    parts = [legal.full_name, legal.registration_number,
             f"{gettext('VAT')} {legal.vat_number}" if legal.vat_number else "", legal.address]  # fmt: skip
    lines = [gettext("%(site)s is run by %(who)s.", site=marketplace.name, who=", ".join(p for p in parts if p))]
    if legal.director:
        lines[0] += " " + gettext("Publication director: %(name)s.", name=legal.director)
    if legal.hosting:
        lines[0] += " " + gettext("Hosting: %(name)s.", name=legal.hosting)
    if holder:
        lines.append(
            gettext("{Client} money is held by %(holder)s, never by %(site)s.", holder=holder, site=marketplace.name)
        )
    return lines if legal.name else lines[1:]


def footer(menu: Menu | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """The columns of the footer, the operator's or the site's own; the last one always ends in what the law asks."""
    columns: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = FOOTER
    if menu and menu.footer is not None:
        columns = tuple((title, tuple((link.label, link.href) for link in links)) for title, links in menu.footer)
    made = [(gettext(t), [(gettext(label), href) for label, href in entries]) for t, entries in columns]
    named = {href for _title, links in made for _label, href in links}
    made[-1][1].extend((gettext(label), href) for label, href in LEGAL if href not in named)
    return made


def make_constant(marketplace: Marketplace, *, holder: str) -> Constant:
    """What every page shows in the current language; ``holder`` holds the clients' money."""
    lang, shown = current_locale(), addresses().shown
    columns = footer(marketplace.menus.get(lang))
    return Constant(
        tagline=marketplace.tagline.get(lang) or next(iter(marketplace.tagline.values()), ""),
        footer=[(t, [(label, shown(href, lang)) for label, href in links]) for t, links in columns],
        legal=legal_lines(marketplace, holder),
    )


def make_site(
    marketplace: Marketplace, viewer: Viewer | None, constant: Constant, *, stylesheets: list[str], favicon: str,
    logo: str = "", scheme: str = "", services: bool = False, draft: bool = False,
) -> Site:  # fmt: skip
    """The site for this request; a ``draft`` has stylesheets of its own."""
    lang = current_locale()
    menu, shown = marketplace.menus.get(lang), addresses().shown
    entries = navigation(viewer, request.path, menu, services=services)
    return Site(
        name=marketplace.name, tagline=constant.tagline,
        nav=[(label, shown(href, lang), here) for label, href, here in entries],
        footer=constant.footer, legal=constant.legal, languages=languages(marketplace), links=LINKS,
        stylesheets=stylesheets, favicon=favicon, logo=logo, scheme=scheme, base_url=marketplace.base_url,
        stage=str(marketplace.stage), head=make_head(marketplace),
        sheets=Piece() if draft else constant.sheets, foot=constant.foot,
    )  # fmt: skip


Chrome = Callable[[], dict[str, Any]]
