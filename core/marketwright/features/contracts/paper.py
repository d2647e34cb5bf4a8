"""A document's one canonical form: structure in, escaped HTML bytes out, the same for the same structure."""

import re
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256

from markupsafe import escape

from marketwright.kernel.frozen import dataclass
from marketwright.strategies.documents import Document, Section

STYLE = (
    "body{margin:2.5rem auto;max-width:46rem;padding:0 1.25rem;font:15px/1.6 Georgia,serif;color:#111;background:#fff}"
    "h1{font-size:1.7rem;line-height:1.2}h2{font-size:1.1rem;margin:1.6rem 0 .3rem}p{margin:.4rem 0}"
    "table{width:100%;border-collapse:collapse;margin:.5rem 0}td,th{padding:.3rem 0;border-bottom:1px solid #ccc;"
    "text-align:left;vertical-align:top}td+td,th+th{padding-left:1rem}td:last-child,th:last-child{text-align:right}"
    ".fine{font-size:.8rem;color:#444}.signatures{display:grid;grid-template-columns:1fr 1fr;gap:2rem;margin-top:2rem}"
    "table.words td:last-child,table.words th:last-child{text-align:left}@page{margin:2cm}"
)
_WORD = re.compile(r"[^\W\d_]{4}")  # what ends in words is no column of figures
_OPEN, _CLOSE = "<article>", "</article>"


@dataclass(frozen=True, slots=True)
class Paper:
    """A rendered document, ready to be stored: ``body`` is canonical HTML in UTF-8, ``sha256`` its hash."""

    kind: str
    title: str
    language: str
    template: str
    template_version: str
    body: bytes
    sha256: str


def make_paper(document: Document, *, kind: str, template: str) -> Paper:
    """``document`` as its canonical bytes; ``template`` names plugin and template."""
    body = canonical(document)
    return Paper(kind, document.title, document.language, template, document.version, body, digest(body))


def digest(body: bytes) -> str:
    """The hash that signatures carry: SHA-256, in hex."""
    return sha256(body).hexdigest()


def canonical(document: Document) -> bytes:
    """``document`` as a whole HTML page that stands alone: every text escaped, no script, no address to load."""
    title = escape(document.title)
    colon = "\u00a0: " if document.language == "fr" else ": "
    parts = [
        f'<!doctype html>\n<html lang="{escape(document.language)}">\n<head>\n<meta charset="utf-8">\n',
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{_OPEN}\n<h1>{title}</h1>\n",
        *(f'<p class="fine">{escape(k)}{colon}{escape(v)}</p>\n' for k, v in document.meta.items()),
        *(_paragraph(p) for p in document.preamble),
        *(_section(number, section) for number, section in enumerate(document.sections, start=1)),
        _signatures(document.signatures),
        *(f'<p class="fine">{escape(note)}</p>\n' for note in document.notes),
        f"{_CLOSE}\n</body>\n</html>\n",
    ]
    return "".join(parts).encode()


def article(body: bytes) -> str:
    """What stands between the covers of a stored document: escaped HTML, to be shown on a page of the site."""
    text = body.decode()
    return text[text.index(_OPEN) + len(_OPEN) : text.rindex(_CLOSE)].strip()


def with_clauses(document: Document, clauses: Iterable[Document]) -> Document:
    """``document`` with the sections of ``clauses`` after its own, before the signatures; versions are joined."""
    added = tuple(clauses)
    sections = document.sections + tuple(s for clause in added for s in clause.sections)
    version = "+".join([document.version, *(c.version for c in added)])
    return replace(document, sections=sections, version=version)


def _paragraph(text: str) -> str:
    lines = [str(escape(line)) for line in text.split("\n")]
    return f"<p>{'<br>'.join(lines)}</p>\n"


def _section(number: int, section: Section) -> str:
    body = "".join(_paragraph(p) for p in section.paragraphs)
    return f"<h2>{number}. {escape(section.heading)}</h2>\n{body}{_table(section.rows)}"


def _table(rows: tuple[tuple[str, ...], ...]) -> str:
    if not rows:
        return ""
    head, rest = (rows[0], rows[1:]) if len(rows[0]) > 2 else ((), rows)
    look = ' class="words"' if any(_WORD.search(row[-1]) for row in rest) else ""
    cells = "".join(f'<th scope="col">{escape(c)}</th>' for c in head)
    top = f"<thead><tr>{cells}</tr></thead>\n" if head else ""
    body = "".join(f"<tr>{''.join(f'<td>{escape(c)}</td>' for c in row)}</tr>\n" for row in rest)
    return f"<table{look}>\n{top}<tbody>\n{body}</tbody>\n</table>\n"


def _signatures(names: tuple[str, ...]) -> str:
    if not names:
        return ""
    blocks = "".join(f'<div class="signature">{_paragraph(name)}</div>\n' for name in names)
    return f'<div class="signatures">\n{blocks}</div>\n'
