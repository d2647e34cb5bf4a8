"""Markdown that people write, as clean HTML: no raw HTML, no images, links marked as theirs."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_PARSER = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable(["image"])
_TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "h3", "h4", "h5", "a", "hr"}


@lru_cache(maxsize=2048)
def clean_markdown(text: str) -> Markup:
    """``text`` as safe HTML; headings begin at ``h3`` so that a page keeps one outline."""
    html = _PARSER.render(text)
    for level in (3, 2, 1):
        html = html.replace(f"<h{level}>", f"<h{level + 2}>").replace(f"</h{level}>", f"</h{level + 2}>")
    return Markup(  # noqa: S704  cleaned by nh3 on the line below
        nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"},
                  link_rel="nofollow ugc noopener noreferrer")
    )  # fmt: skip
