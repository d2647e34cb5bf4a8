"""What is being written, as visitors would see it: for staff alone."""

from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.content import queries
from marketwright.features.content.pages.base import pages
from marketwright.features.content.pages.front import LandingPage, front
from marketwright.features.content.pages.texts import TextContext, spoken
from marketwright.features.content.reader import LANDING, TextPage
from marketwright.features.content.service import blocks_of
from marketwright.features.content.sources import blocks_now
from marketwright.kernel.errors import NotFound
from marketwright.web.house import house, reading
from marketwright.web.i18n import current_locale, set_speech
from marketwright.web.policy import staff
from marketwright.web.render import render


@pages.get("/preview/<name>/<code>", staff("settings.read"))
def preview(name: str, code: str) -> BaseResponse:
    """The draft of a page in its own language; for the front page what is in force where there is no draft."""
    if code not in house().marketplace.languages:
        raise NotFound("There is no such page.")
    draft, spoke = queries.draft(reading(), name, code), current_locale()
    if draft is None and name != LANDING:
        raise NotFound("There is no draft of this page.")
    set_speech(code, house().catalogues)
    try:
        if name != LANDING and draft is not None:
            return render("content/text.html", TextContext(spoken(TextPage(name, draft.title, draft.text))))
        now = house().clock.business()
        blocks = blocks_of(draft.text) if draft else blocks_now(reading(), house().marketplace, code, now)
        return render("content/landing.html", LandingPage(front(blocks)))
    finally:
        set_speech(spoke, house().catalogues)
