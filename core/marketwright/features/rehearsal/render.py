"""The document of a rehearsal, as one HTML file in the brand's look and as Markdown."""

from datetime import datetime
from html.parser import HTMLParser

from flask import Flask
from markupsafe import Markup

from marketwright.features.rehearsal.script import Deal, Moment, Paper
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.settings.marketplace import Marketplace
from marketwright.theming.brand import Brand
from marketwright.web.formats import set_zone, show_datetime, show_money
from marketwright.web.house import House
from marketwright.web.i18n import gettext, speaking
from marketwright.web.render import render_text


@dataclass(frozen=True, slots=True)
class RehearsalPage:
    """What ``rehearsal/document.html`` shows."""

    name: str
    language: str
    style: Markup
    deals: list[Deal]
    marketplace: Marketplace
    made_at: datetime


def as_html(app: Flask, house: House, deals: list[Deal], *, language: str) -> str:
    """One HTML file that stands alone, without an address to load."""
    brand = house.ports.get(Brand)
    style = Markup(brand.plain_css.removeprefix(brand.faces))  # noqa: S704  tokens that were checked at the start
    page = RehearsalPage(house.marketplace.name, language, style, deals, house.marketplace, house.clock.machine())
    set_zone(house.marketplace.time_zone)
    with speaking(language, house.catalogues), app.test_request_context("/"):
        return render_text("rehearsal/document.html", page)


def as_markdown(house: House, deals: list[Deal], *, language: str) -> str:
    """The same as Markdown."""
    set_zone(house.marketplace.time_zone)
    with speaking(language, house.catalogues):
        parts = [f"# {house.marketplace.name} · {gettext('one deal of each process')}"]
        parts += [part for deal in deals for part in _deal(deal)]
    return "\n\n".join(parts) + "\n"


def _deal(deal: Deal) -> list[str]:
    parts = [f"## {deal.label}", deal.summary, gettext("Reference: %(what)s", what=deal.reference)]
    if deal.price:
        rows = [f"| {p.label} | {show_money(p.amount)} | {p.rule} |" for p in deal.price]
        head = f"| {gettext('What')} | {gettext('Amount')} | {gettext('Rule')} |\n|---|---:|---|"
        parts += [f"### {gettext('The price')}", "\n".join([head, *rows])]
    parts += [part for moment in deal.moments for part in _moment(moment)]
    if deal.waits:
        parts += [gettext("Invoices that could not be issued:"), "\n".join(f"- {w}" for w in deal.waits)]
    whole = gettext("Every rule of the ledger holds.")
    return [*parts, "\n".join(f"- {f}" for f in deal.findings) if deal.findings else whole]


def _moment(m: Moment) -> list[str]:
    state = f" → {m.state}" if m.state else ""
    parts = [f"### {show_datetime(m.at)} · {m.who} {m.what}{state}"]
    for entry in m.entries:
        rows = [f"| {leg.account} | {_debit(leg.amount)} | {_credit(leg.amount)} |" for leg in entry]
        head = f"| {gettext('Account')} | {gettext('Debit')} | {gettext('Credit')} |\n|---|---:|---:|"
        memo = entry[0].memo if entry else ""
        parts.append("\n".join(filter(None, [f"**{gettext('Ledger')}** {memo}\n", head, *rows])))
    for paper in m.papers:
        parts += [f"**{gettext('Document: %(title)s', title=paper.title)}**", _paper(paper)]
    for letter in m.letters:
        about = gettext("Mail to %(who)s: %(subject)s", who=letter.to, subject=letter.subject)
        lines = [f"> **{about}**", *(f"> {p}" for p in letter.paragraphs)]
        parts.append("\n>\n".join(lines + ([f"> [{letter.action}]"] if letter.action else [])))
    return parts


def _debit(amount: Money) -> str:
    return show_money(amount) if amount.amount > 0 else ""


def _credit(amount: Money) -> str:
    return show_money(Money(-amount.amount, amount.currency)) if amount.amount < 0 else ""


class _Plain(HTMLParser):
    """The text of our own canonical HTML, a block a line."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Begin a line where a block begins."""
        self.parts.append({"h2": "\n\n#### ", "p": "\n\n", "tr": "\n", "td": " ", "br": "\n"}.get(tag, ""))

    def handle_data(self, data: str) -> None:
        """Keep text."""
        self.parts.append(data.replace("\n", " "))


def _paper(paper: Paper) -> str:
    if paper.rows:
        return "\n".join(f"- {label} · {value}" for label, value in paper.rows)
    reader = _Plain()
    reader.feed(paper.html)
    return "".join(reader.parts).strip()
