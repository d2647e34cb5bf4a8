"""Every page that people reach by links, as each of them: nothing for axe, no sideways scroll, a quiet console.

Links are followed over HTTP until every kind of page was found; each is then opened in a browser once, language and
theme changing from page to page, squeezed and pulled through the widths, and read by axe as a phone or a desk shows it.
"""

import re
from collections import deque
from dataclasses import dataclass, field
from functools import cache
from html import unescape

import pytest
from axe_playwright_python.sync_playwright import Axe

from marketwright.testing.browser import Watch

PHONE, DESK = 390, 1440
WIDTHS = (320, PHONE, 768, 1024, DESK)
STYLES = (("en", "light"), ("en", "dark"), ("fr", "dark"), ("fr", "light"))
PARTS = {
    "anonymous": "", "freelancer": "deal F, freelancer", "client": "deal F, client",
    "staff": "staff, may do everything",
}  # fmt: skip
STARTS = {
    "anonymous": ("/", "/freelancers?q=zzzz", "/missions/new", "/sign-up", "/sign-in", "/forgot", "/nothing-here"),
    "freelancer": ("/", "/me/profile", "/me/matches", "/contracts", "/inbox"),
    "client": ("/", "/me/missions", "/contracts", "/inbox"),
    "staff": ("/console", "/"),
}  # fmt: skip
SKIPPED = re.compile(
    r"^/(language|files|static|theme|x|demo|notices)/|\.(csv|svg)$|/(download|pdf|xml)$|/healthz|/readyz"
)
# A card is one link: each must be what lies on top at its own place, or a click leads to another card.
COVERED = """() => [...document.querySelectorAll('a.cover')].filter(a => {
  a.scrollIntoView({block: 'center'});
  const r = a.getBoundingClientRect(), top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
  return top && top.closest('a') && top.closest('a') !== a; }).map(a => a.getAttribute('href'))"""
ID = re.compile(r"(?<=/)[0-9a-z]{16}(?=/|$)")
MANY = {"/contracts/<id>": 6, "/missions/<id>": 3, "/threads/<id>": 2, "/proposals/<id>": 3}  # each state its own look
HREF = re.compile(r'<a [^>]*href="(/[^"#]*)')


@dataclass
class Found:
    """What was seen of one person's pages."""

    opened: int = 0
    axe: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    covered: list[str] = field(default_factory=list)


@pytest.fixture(scope="module", params=[part for part in PARTS if part != "staff"])
def part(request):
    """Whose pages are walked; those of the staff have a file of their own, which another process may take."""
    return request.param


@pytest.fixture(scope="module")
def walked(site, browser):
    """Walk one person's pages, once a module; pages that an earlier person has seen already are left out."""
    people, seen = site.people(), set()

    @cache
    def walk(part):
        context = browser.new_context(base_url=site.url, reduced_motion="reduce")
        act_as(context, people, PARTS[part])
        found = Found()
        paths = crawl(context, STARTS[part], found)
        own = [p for p in paths if part != "staff" or p.startswith("/console")]
        fresh = [p for p in own if (pattern(p) in MANY or pattern(p) not in seen)]
        seen.update(pattern(p) for p in paths)
        state = context.storage_state()
        context.close()
        look(site, browser, state, fresh, found)
        return found

    return walk


def act_as(context, people, words):
    if not words:
        return
    chosen = next((id_ for name, id_ in people.items() if words in name), None)
    assert chosen, f"no persona is {words!r}: {sorted(people)}"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', context.request.get("/").text())[1]
    context.request.post("/demo/act-as", form={"csrf_token": token, "persona": chosen, "return_to": "/about"})


def pattern(path):
    return ID.sub("<id>", path.partition("?")[0])


def crawl(context, starts, found):
    """One address of each kind of page, in the order of discovery."""
    waiting, counts, paths, known = deque(starts), {}, [], set(starts)
    while waiting:
        path = waiting.popleft()
        kind = pattern(path)
        if counts.get(kind, 0) >= MANY.get(kind, 1) and path not in starts:
            continue
        answer = context.request.get(path, max_redirects=0)
        if answer.status >= 500 or (answer.status >= 400 and path not in starts):
            found.broken.append(f"{answer.status} {path}")
        if answer.status >= 300 and answer.status != 404:
            continue
        counts[kind] = counts.get(kind, 0) + 1
        paths.append(path)
        for link in (unescape(h) for h in HREF.findall(answer.text())):
            if link not in known and not SKIPPED.search(link.partition("?")[0]):
                known.add(link)
                waiting.append(link)
    return paths


def look(site, browser, state, paths, found):
    for style, (language, scheme) in enumerate(STYLES):
        context = browser.new_context(
            base_url=site.url, storage_state=state, color_scheme=scheme, reduced_motion="reduce",
            viewport={"width": PHONE, "height": 900},
        )  # fmt: skip
        context.request.get(f"/language/{language}?next=/about")
        watch = Watch((site.url,))
        page = watch.over(context).new_page()
        for number, path in enumerate(paths[style :: len(STYLES)]):
            visit(page, path, f"{path}, {language}, {scheme}", (PHONE, DESK)[number % 2], found)
        found.wrong += watch.wrong
        context.close()


def visit(page, path, where, read_at, found):
    page.set_viewport_size({"width": PHONE, "height": 900})
    answer = page.goto(path)
    found.opened += 1
    if answer.status >= 500:
        found.broken.append(f"{answer.status} {where}")
        return
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        reach = page.evaluate("document.documentElement.scrollWidth")
        if reach > width:
            found.wide.append(f"{where}: {reach} px in a window of {width}")
        if width == read_at:
            read(page, f"{where}, at {width}", found)


def read(page, where, found):
    for violation in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]:
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
