"""With other words the old ones are on no page that people reach by links: as everybody, in both languages."""

import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from werkzeug.exceptions import HTTPException

from marketwright.app import build_house, create_app
from marketwright.kernel.terms import FORMS, KEYS
from marketwright.settings.marketplace import Marketplace, Stage
from marketwright.testing.browse import Browse
from marketwright.testing.cast import make_cast

PLUGINS = ("core_matching", "commission", "standard_contracts", "evidence", "sandbox", "cybersecurity")
OLD = {
    "en": r"freelancers?|experts?|clients?|missions?|proposals?|contracts?|profiles?|organisations?|milestones?",
    "fr": r"freelances?|experts?|clients?|missions?|propositions?|contrats?|profils?|organisations?|jalons?",
}
SPOKEN = ("aria-label", "alt", "placeholder", "title", "content")
TWICE = 2  # so many pages of one kind
# Addresses, a kind of Open Graph, the names of the cast, and the rules that this operator has named.
THEIRS = re.compile(
    r"https?://\S+|^profile$|^\w+_fee\b|\bPerson (?:stranger |hidden )?\w+|\b(?:Business|Signatory) of \w+"
    r"|[“«]\s?(?:client|freelancer)\s?[”»]|^(?:[a-z_ ]+: [^;]+(?:; |$))+$"
)
# Documents are drawn once and kept: their own tests look at them. The others show codes of the log and of plugins.
ELSEWHERE = ("contracts.document", "contracts.send", "contracts.sign", "contracts.download",
             "contracts.confidentiality", "invoicing.", "operator.log", "operator.plugins",
             "operator.settings")  # fmt: skip


def other(language, key):
    word = f"zz{key}"
    forms = {"one": word, "other": word + "s", "a": f"a {word}", "un": f"un {word}", "le": f"le {word}",
             "du": f"du {word}", "au": f"au {word}", "de": f"de {word}", "gender": "m"}  # fmt: skip
    return {form: forms[form] for form in FORMS[language]}


class Said(HTMLParser):
    """What a page says to people: its text and what is read out; codes and what people wrote are left out."""

    def __init__(self):
        super().__init__()
        self.parts, self.links, self.silent = [], [], 0

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a" and (given.get("href") or "").startswith("/"):
            self.links.append(given["href"])
        if tag in ("script", "style", "code", "textarea", "blockquote"):
            self.silent += 1
        if not self.silent:
            self.parts += [given[name] for name in SPOKEN if given.get(name)]

    def handle_endtag(self, tag):
        if tag in ("script", "style", "code", "textarea", "blockquote"):
            self.silent -= 1

    def handle_data(self, data):
        if not self.silent and data.strip():
            self.parts.append(data.strip())


@pytest.fixture(scope="module")
def site(database_templates, tmp_path_factory):
    with database_templates.fresh() as url:
        market = Marketplace(
            folder=tmp_path_factory.mktemp("words"), name="Testing", slug="testing", stage=Stage.DEMO,
            languages=("en", "fr"), country="FR", currency="EUR", time_zone="Europe/Paris",
            base_url="http://localhost", theme="", database_url=url, secret_key="a-key-for-tests-only",
            plugins=PLUGINS, vocabulary={code: {key: other(code, key) for key in KEYS} for code in FORMS},
        )  # fmt: skip
        house = build_house(replace(market, deal=replace(market.deal, provider="sandbox")))
        app = create_app(house.marketplace, house)
        app.config["RATELIMIT_ENABLED"] = False
        yield app, make_cast(house)
        house.database.dispose()


def walk(app, visitor, start):
    """(path, words said) of the pages that links lead to, a few of each kind."""
    waiting, seen, kinds = list(start), set(), Counter()
    while waiting:
        path = waiting.pop(0)
        try:
            endpoint, _values = app.url_map.bind("").match(path.partition("?")[0].partition("#")[0], method="GET")
        except HTTPException:
            continue
        if path in seen or kinds[endpoint] >= TWICE or endpoint.startswith(("web.", "static", *ELSEWHERE)):
            continue
        seen.add(path)
        kinds[endpoint] += 1
        answer = visitor.get(path)
        if answer.status_code != 200 or "html" not in answer.content_type:
            continue
        said = Said()
        said.feed(answer.text)
        waiting += said.links
        yield path, said.parts


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("part", ["anonymous", "owner", "freelancer", "staff_admin"])
def test_no_page_says_an_old_word(site, part, language):
    app, cast = site
    visitor = Browse(app)
    if part != "anonymous":
        visitor.sign_in(cast.people[part])
    visitor.get(f"/language/{language}")
    old = re.compile(rf"\b({OLD[language]})\b", re.IGNORECASE)
    start = ["/", "/sign-up", "/missions/new", "/inbox", "/me", "/me/profile", "/me/missions", "/contracts", "/console"]
    told = [f"{path}: {text}" for path, parts in walk(app, visitor, start)
            for text in parts if old.search(THEIRS.sub("", text))]  # fmt: skip
    assert not told, "\n".join(dict.fromkeys(told))
