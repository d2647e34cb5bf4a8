"""Markdown that people write, as clean HTML: no raw HTML, no images, links marked as theirs."""

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_PARSER = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable(["image"])
_TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "a", "hr"}
_TAGS |= {"h2", "h3", "h4", "h5", "h6"}
_HEADING = re.compile(r"<(/?)h([1-6])>")


@lru_cache(maxsize=2048)
def clean_markdown(text: str, top: int = 3) -> Markup:
    """``text`` as safe HTML. Its highest heading becomes ``h<top>`` and the next follow: a page keeps one outline."""
    html = _PARSER.render(text)
    used = sorted({level for _, level in _HEADING.findall(html)})
    html = _HEADING.sub(lambda m: f"<{m[1]}h{min(top + used.index(m[2]), 6)}>", html)
    return Markup(  # noqa: S704  cleaned by nh3 on the line below
        nh3.clean(html, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"},
                  link_rel="nofollow ugc noopener noreferrer")
    )  # fmt: skip
