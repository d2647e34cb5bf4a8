"""The bar at the foot of every page of a demo stage."""

from time import monotonic

from flask import request

from marketwright.features.accounts import queries as accounts
from marketwright.features.demo.personas import persona_words
from marketwright.settings.marketplace import Stage
from marketwright.web.house import House, reading
from marketwright.web.i18n import gettext, translate
from marketwright.web.site import DemoBar
from marketwright.web.viewer import Viewer

KEEP_SECONDS = 20.0
PASSWORD = "demo-2026"  # noqa: S105  of every persona at the demo stage: it opens a demo, nothing else


class PersonaBar:
    """Answers the port ``DemoChrome``. The list of personas is read at most every twenty seconds."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._read_at = float("-inf")
        self._personas: list[tuple[str, str, str]] = []

    def __call__(self, viewer: Viewer | None) -> DemoBar | None:
        """The bar for this viewer; ``None`` above the demo stage."""
        if self._house.marketplace.stage is not Stage.DEMO:
            return None
        if monotonic() - self._read_at > KEEP_SECONDS:
            self._personas = [(p.id, p.name, p.persona) for p in accounts.personas(reading())]
            self._read_at = monotonic()
        current = viewer.account if viewer else ""
        path = request.full_path.rstrip("?") if request.method == "GET" else request.path
        return DemoBar(
            personas=[(key, f"{name}, {said(persona)}", key == current) for key, name, persona in self._personas],
            now=self._house.clock.business(), return_to=path, password=PASSWORD,
        )  # fmt: skip


def said(persona: str) -> str:
    """What a persona is about to do, in the reader's language: ``deal C, client: a contract to sign``."""
    letter, side, words = persona_words(persona)
    if not letter:
        return translate(words)
    who = gettext("{client}") if side == "client" else gettext("{freelancer}")
    return gettext("deal %(letter)s, %(who)s: %(what)s", letter=letter, who=who, what=translate(words))
