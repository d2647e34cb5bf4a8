"""What a page's HTML holds, as far as a kit looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

QUIET = frozenset({"hidden", "submit", "button", "reset", "image"})
FETCHES = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "video": "src"}
DATA = frozenset({"application/ld+json", "application/json"})


@dataclass
class Seen:
    """One page: its first headings, what is inline, what is fetched from elsewhere, its inputs and their labels.

    A document that is set into a page as an ``article`` has headings of its own.
    """

    headings: int = 0
    inline: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    inputs: list[tuple[str, str]] = field(default_factory=list)  # (id, how it is named in the message)
    labels: set[str] = field(default_factory=set)

    def unlabelled(self) -> list[str]:
        """Inputs that no label is for."""
        return [name for id_, name in self.inputs if id_ not in self.labels]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen, self.inside_label, self.inside_article, self.of_articles = Seen(), 0, 0, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        self._count(tag, given)
        self.seen.inline += [f"{tag} {k}" for k in given if k == "style" or k.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in given and given.get("type") not in DATA):
            self.seen.inline.append(tag)
        where = given.get(FETCHES.get(tag, ""), "")
        if where.startswith(("http:", "https:", "//")) and given.get("rel") not in ("canonical", "alternate"):
            self.seen.fetched.append(f"{tag} {where}")

    def _count(self, tag: str, given: dict[str, str]) -> None:
        self.inside_article += tag == "article"
        if tag == "h1":
            self.seen.headings += not self.inside_article
            self.of_articles += self.inside_article > 0
        if tag == "label":
            self.inside_label += 1
            self.seen.labels.add(given.get("for", ""))
        named = any(given.get(k) for k in ("aria-label", "aria-labelledby", "title"))
        typed = tag in ("select", "textarea") or (tag == "input" and given.get("type", "text") not in QUIET)
        if typed and not named and not self.inside_label:
            self.seen.inputs.append((given.get("id", ""), given.get("name", "") or tag))

    def handle_endtag(self, tag: str) -> None:
        self.inside_label -= tag == "label" and self.inside_label > 0
        self.inside_article -= tag == "article" and self.inside_article > 0


def read_page(text: str) -> Seen:
    """What ``text`` holds."""
    reader = _Reader()
    reader.feed(text)
    reader.seen.labels.discard("")
    reader.seen.headings = reader.seen.headings or reader.of_articles
    return reader.seen


def shortened(found: Sequence[str]) -> str:
    """The first of ``found``, and how many more there are."""
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return f"{found[0]}{more}"
