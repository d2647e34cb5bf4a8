"""Every page that people reach by links, as each of them: nothing for axe, no sideways scroll, a quiet console.

Links are followed over HTTP until every kind of page was found; each is then opened in a browser once, language and
theme changing from page to page, squeezed and pulled through widths, and read by axe as a phone or a desk shows it.
The narrowest width is asked of each page, the others in turn; `--full` asks all of each.
"""

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from functools import cache
from html import unescape

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Error

from marketwright.testing.browser import Watch

NARROWEST, PHONE, DESK = 320, 390, 1440
BETWEEN = (768, 1024)
STYLES = (("en", "light"), ("en", "dark"), ("fr", "dark"), ("fr", "light"))
PARTS = {
    "anonymous": "", "freelancer": "F:freelancer", "client": "F:client",
    "desks": "admin", "settings": "admin",
}  # fmt: skip
STARTS = {
    "anonymous": ("/", "/freelancers?q=zzzz", "/missions/new", "/sign-up", "/sign-in", "/forgot", "/nothing-here"),
    "freelancer": ("/", "/me/profile", "/me/matches", "/contracts", "/inbox"),
    "client": ("/", "/me/missions", "/contracts", "/inbox"),
    "desks": ("/console",),
    "settings": ("/console/settings", "/console/plugins", "/console/pages", "/console/words", "/console/look"),
}  # fmt: skip
SETTINGS = r"/console/(settings|plugins|pages|words|look|front|terms|pricing|ranking)"
WITHIN = {"desks": rf"/console(?!{SETTINGS.removeprefix('/console')})", "settings": SETTINGS}
SKIPPED = re.compile(
    r"^/(language|files|static|theme|x|demo|notices)/|\.(csv|svg)$|/(download|pdf|xml)$|/healthz|/readyz"
)
# A card is one link: each must be what lies on top at its own place, or a click leads to another card.
COVERED = """() => [...document.querySelectorAll('a.cover')].filter(a => {
  a.scrollIntoView({block: 'center'});
  const r = a.getBoundingClientRect(), top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
  return top && top.closest('a') && top.closest('a') !== a; }).map(a => a.getAttribute('href'))"""
# What reaches beyond the window, the innermost first.
# Once its fonts are there: until then a page may be wider for a moment.
REACH = "() => document.fonts.ready.then(() => document.documentElement.scrollWidth)"
BEYOND = """() => [...document.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .map(e => `${e.tagName}.${e.className} to ${Math.round(e.getBoundingClientRect().right)}`).reverse().slice(0, 4)"""
ID = re.compile(r"(?<=/)[0-9a-z]{16}(?=/|$)")
# Pages drawn by one template from a name: a few of them; `--full` opens each.
NAME = re.compile(r"^(/console/(?:settings/group|settings/plugins|plugins|ledger/accounts|words|pages|front)/)[^/]+")
MANY = {
    "/contracts/<id>": 6, "/missions/<id>": 3, "/threads/<id>": 2, "/proposals/<id>": 3,  # each state its own look
    "/console/settings/group/<name>": 5, "/console/settings/plugins/<name>": 3, "/console/plugins/<name>": 2,
    "/console/ledger/accounts/<name>": 2,
}  # fmt: skip
HREF = re.compile(r'<a [^>]*href="(/[^"#]*)')
AXE = "axe.run({resultTypes: ['violations'], preload: false}).then(results => results.violations)"


@dataclass
class Found:
    """What was seen of one person's pages."""

    whole: bool = False  # whether each page is asked at every width
    opened: int = 0
    axe: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    covered: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=[part for part in PARTS if part not in WITHIN])
def part(request):
    """Whose pages are walked; those of the staff have files of their own, which another process may take."""
    return request.param


@pytest.fixture(scope="module")
def walked(site, browser, request):
    """Walk one person's pages, once a module; pages that an earlier person has seen already are left out."""
    people, seen = site.people(), set()
    whole = "not slow" not in request.config.getoption("markexpr")
    most = dict.fromkeys(MANY, 1000) if whole else MANY

    @cache
    def walk(part):
        entry = browser.new_context(base_url=site.url, reduced_motion="reduce")
        act_as(entry, people, PARTS[part])
        state = entry.storage_state()
        entry.close()
        found = Found(whole)
        watch = Watch((site.url,))
        pages = [opened(browser, site, state, watch, *style) for style in STYLES]
        within = re.compile(WITHIN.get(part, "/"))
        seen.update(crawl(pages, STARTS[part], within, most, frozenset(seen), found))
        found.wrong += watch.wrong
        for page in pages:
            page.context.close()
        return found

    return walk


def opened(browser, site, state, watch, language, scheme):
    """A page in which somebody reads in one language and scheme."""
    context = browser.new_context(
        base_url=site.url, storage_state=state, color_scheme=scheme, reduced_motion="reduce",
        viewport={"width": PHONE, "height": 900},
    )  # fmt: skip
    context.request.get(f"/language/{language}?next=/about")
    return watch.over(context).new_page()


def act_as(context, people, words):
    if not words:
        return
    chosen = next((id_ for name, id_ in people.items() if words in name), None)
    assert chosen, f"no persona is {words!r}: {sorted(people)}"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', context.request.get("/").text())[1]
    context.request.post("/demo/act-as", form={"csrf_token": token, "persona": chosen, "return_to": "/about"})


def pattern(path):
    return ID.sub("<id>", NAME.sub(r"\1<name>", path.partition("?")[0]))


def crawl(pages, starts, within, most, seen, found):
    """Open one address of each kind of page, in the order of discovery; returns the kinds."""
    waiting, counts, known = deque(starts), Counter(), set(starts)
    while waiting:
        path = waiting.popleft()
        kind = pattern(path)
        if counts[kind] >= most.get(kind, 1) and path not in starts:
            continue
        if kind in seen and kind not in most:
            counts[kind] += 1
            links = HREF.findall(pages[0].context.request.get(path).text())
        else:
            links = visit(pages[found.opened % len(pages)], path, path in starts, found)
            counts[kind] += links is not None
        for link in (unescape(h) for h in links or ()):
            if within.match(link) and link not in known and not SKIPPED.search(link.partition("?")[0]):
                known.add(link)
                waiting.append(link)
    return set(counts)


def visit(page, path, start, found):
    """Look at one page; returns its links, ``None`` where the address leads on to another."""
    language, scheme = STYLES[found.opened % len(STYLES)]
    turn, where = found.opened // len(STYLES), f"{path}, {language}, {scheme}"
    read_at = (PHONE, DESK)[turn % 2]
    widths = (NARROWEST, PHONE, *BETWEEN, DESK) if found.whole else (NARROWEST, read_at, BETWEEN[turn // 2 % 2])
    try:
        answer = page.goto(path)
    except Error as error:
        if "Download is starting" in str(error):
            return ()
        raise
    if answer.status >= 500 or (answer.status >= 400 and not start):
        found.broken.append(f"{answer.status} {where}")
        return ()
    if answer.request.redirected_from:
        return None
    found.opened += 1
    now = page.viewport_size["width"]
    for width in sorted(widths, reverse=now > PHONE):  # from where the page before left the window
        page.set_viewport_size({"width": width, "height": 900})
        reach = page.evaluate(REACH)
        if reach > width:
            found.wide.append(f"{where}: {reach} px in a window of {width}, by {page.evaluate(BEYOND)}")
        if width == read_at:
            read(page, f"{where}, at {width}", found)
    return HREF.findall(page.content())


def read(page, where, found):
    page.evaluate(AXE_SCRIPT)
    for violation in page.evaluate(AXE):
        nodes = "; ".join(f"{n['target']} {n['html'][:120]}" for n in violation["nodes"][:3])
        found.axe.append(f"{where}: {violation['id']} ({violation['help']}): {nodes}")
    found.covered += [f"{where}: {href}" for href in page.evaluate(COVERED)]


def nothing(found):
    assert not found, f"{len(found)} in all:\n" + "\n".join(found[:40])


def test_no_link_leads_to_an_error(walked, part):
    nothing(walked(part).broken)


def test_axe_finds_nothing_on_any_page(walked, part):
    found = walked(part)
    assert found.opened >= 10
    nothing(found.axe)


def test_no_page_scrolls_sideways_at_any_width(walked, part):
    nothing(walked(part).wide)


def test_no_page_writes_to_the_console_or_asks_another_origin(walked, part):
    nothing(walked(part).wrong)


def test_every_card_leads_where_it_says(walked, part):
    nothing(walked(part).covered)
