"""A mail as text and as HTML, in the brand's look."""

from dataclasses import field

from flask import current_app, has_request_context

from marketwright.features.notifications.tables import Mail
from marketwright.kernel.frozen import dataclass
from marketwright.settings.marketplace import Marketplace
from marketwright.theming.brand import Brand
from marketwright.web.house import house
from marketwright.web.i18n import gettext, speaking
from marketwright.web.render import render_text


@dataclass(frozen=True, slots=True)
class Colours:
    """The brand's colours as plain values, for mail readers."""

    page: str
    surface: str
    text: str
    muted: str
    line: str
    accent: str
    on_accent: str
    link: str


def colours_of(brand: Brand) -> Colours:
    """The colours of a letter: always the brand's by day."""
    names = ("sunken", "surface", "text", "text-muted", "line", "accent", "on-accent", "accent-text")
    return Colours(*(brand.day[name] for name in names))


@dataclass(frozen=True, slots=True)
class MailPage:
    """What ``notifications/letter.html`` shows."""

    subject: str
    paragraphs: list[str]
    action: tuple[str, str] | None
    colours: Colours
    why: str = ""
    settings_url: str = ""
    items: list[tuple[str, str, str]] = field(default_factory=list)
    leave_url: str = ""


def as_text(marketplace: Marketplace, mail: Mail) -> str:
    """The plain text."""
    parts = [*mail.body, *("\n".join(p for p in item if p) for item in mail.items or ())]
    if mail.action_url:
        parts.append(f"{mail.action_label}:\n{mail.action_url}")
    if mail.leave_url:
        with speaking(mail.locale):
            parts.append(gettext("Stop these mails: %(address)s", address=mail.leave_url))
    parts.append(f"-- \n{marketplace.name}\n{marketplace.base_url}")
    return "\n\n".join(parts) + "\n"


def as_html(mail: Mail) -> str:
    """The HTML; needs an application context (the worker has one)."""
    action = (mail.action_label, mail.action_url) if mail.action_url else None
    with speaking(mail.locale):
        why = gettext("You receive this because of your account.")
        items = [(title, line, url) for title, line, url in mail.items or ()]
        page = MailPage(mail.subject, list(mail.body), action, colours_of(house().ports.get(Brand)), why=why,
                        items=items, leave_url=mail.leave_url or "")  # fmt: skip
        if has_request_context():
            return render_text("notifications/letter.html", page)
        with current_app.test_request_context("/"):
            return render_text("notifications/letter.html", page)
