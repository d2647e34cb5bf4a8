"""A walk over every page that can be opened, as whoever may open it, with something of each kind to look at."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import field
from itertools import product
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from marketwright.kernel.frozen import dataclass
from marketwright.testing.browse import Browse
from marketwright.testing.castlist import Cast
from marketwright.web.routing import POLICIES

PARTS = ("anonymous", "owner", "freelancer", "staff_admin", "stranger_client", "stranger_freelancer")
BY_POLICY: Mapping[str, tuple[str, ...]] = {  # who is worth trying first, by the word a policy begins with
    "staff": ("staff_admin",), "client": ("owner", "stranger_client"),
    "freelancer": ("freelancer", "stranger_freelancer"),
    "signed_in": ("owner", "freelancer", "stranger_client", "stranger_freelancer"),
}  # fmt: skip
SAMPLES: Mapping[str, tuple[str, ...]] = {
    "mission": ("mission", "draft"),
    "contract": ("contract", "unsent_contract", "finished_contract", "sealed_contract"),
    "freelancer": ("freelancer", "hidden_freelancer"), "client": ("organisation", "quiet_organisation"),
    "account": ("buyer", "ledger_account"), "person": ("stranger_freelancer", "staff_vetter"),
    "run": ("run", "client_run"), "proposal": ("proposal",), "check": ("approval",),
    "transition": ("fund", "cancel", "deliver"),
}  # fmt: skip
WORDS = frozenset({"approval", "fund", "cancel", "deliver"})
NO_PAGE = ("static", "web.theme_static", "web.tokens", "web.share", "web.health", "web.ready", "files.read",
           "web.language")
FILE = re.compile(r"\.[a-z]+$|/pdf$")  # what an address ends in that gives a file and no page
BRIEFLY = {"Accept": "application/json"}  # refusals without a page around them
MORE = ("/nothing-here", "/freelancers?q=zzzz")


@dataclass(frozen=True, slots=True)
class Opened:
    """One page that was opened: by whom, and the template that drew it."""

    path: str
    part: str
    template: str
    text: str


@dataclass
class Walk:
    """What a walk found: the pages by template, and what could not be shown, by address."""

    pages: list[Opened] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


@dataclass
class Walker:
    """Walks ``app`` as the people of ``cast``; ``templates`` keeps it to pages that these draw."""

    app: Flask
    cast: Cast
    drawn: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        environment = self.app.jinja_env
        look_up = environment.get_template

        def noting(name: Any, parent: str | None = None, globals: Any = None) -> Any:  # noqa: A002  Jinja's word
            if parent is None and ":" not in str(name):
                self.drawn.append(str(name))
            return look_up(name, parent, globals)

        environment.get_template = noting  # type: ignore[method-assign]
        self.visitors = {p: Browse(self.app) for p in PARTS}
        for part, visitor in self.visitors.items():
            if part != "anonymous":
                visitor.sign_in(self.cast.people[part])

    def find(self, only: Collection[str] = ()) -> list[Opened]:
        """Each page once: for each route the first sample that somebody may open.

        The search ends when each template of ``only`` was seen, where such are named.
        """
        found = [] if only else self.walk([("anonymous", path) for path in MORE]).pages
        wanted = set(only)
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda rule: len(rule.arguments)):
            if only and not wanted:
                break
            if rule.endpoint in NO_PAGE or rule.endpoint.endswith(".static") or "GET" not in (rule.methods or ()):
                continue
            if FILE.search(rule.rule):
                continue
            opened = self._first(rule)
            wanted -= set(opened)
            found += opened.values()
        return found

    def _first(self, rule: Rule) -> dict[str, Opened]:
        found: dict[str, Opened] = {}
        policy = self.app.extensions[POLICIES][rule.endpoint, "GET"].name.partition(":")[0]
        for path in self._addresses(rule):
            for part in BY_POLICY.get(policy, PARTS):
                opened = self.open(part, path, Walk(), headers=BRIEFLY)
                if opened is not None:
                    found.setdefault(opened.template, opened)
                    break
        return found

    def _addresses(self, rule: Rule) -> Iterator[str]:
        names = sorted(rule.arguments)
        known = {**self.cast.people, **self.cast.things}
        known |= {f"condition {name}": name for name in self.cast.house.plugins.conditions}
        samples = [
            [s if s in WORDS else known[s] for s in self._samples(n, rule, known) if s in WORDS or s in known]
            for n in names
        ]
        for values in product(*samples):
            built = rule.build(dict(zip(names, values, strict=True)))
            if built is not None:
                yield built[1]

    def _samples(self, name: str, rule: Rule, known: Mapping[str, str]) -> tuple[str, ...]:
        if name == "name":
            return tuple(k for k in known if k.startswith("condition ") and "/conditions/" in rule.rule)
        return SAMPLES.get(name, (name,))

    def open(self, part: str, path: str, walk: Walk, **how: Any) -> Opened | None:
        """One page, noted in ``walk``; ``None`` where there is none for this person or it failed."""
        self.drawn.clear()
        try:
            answer = self.visitors[part].get(path, **how)
        except Exception as error:  # noqa: BLE001  whatever a theme's template does
            walk.failed[path] = f"{type(error).__name__}: {error}"
            return None
        with answer:
            return self._seen(answer, part, path, walk)

    def _seen(self, answer: TestResponse, part: str, path: str, walk: Walk) -> Opened | None:
        if answer.mimetype != "text/html" or answer.status_code in (301, 302, 303, 403) or not self.drawn:
            return None
        if answer.status_code >= 400 and path not in MORE:
            return None
        opened = Opened(path, part, self.drawn[0], answer.text)
        walk.pages.append(opened)
        return opened

    def walk(self, addresses: list[tuple[str, str]]) -> Walk:
        """Open each of ``addresses``."""
        walk = Walk()
        for part, path in addresses:
            self.open(part, path, walk)
        return walk
