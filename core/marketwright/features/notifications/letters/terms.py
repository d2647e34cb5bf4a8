"""The letter about new terms: from when they apply, and what changes."""

from datetime import datetime

from marketwright.features.content import events as e
from marketwright.features.content import queries as content
from marketwright.features.content.diffs import changes
from marketwright.features.content.queries import VersionRow
from marketwright.features.content.reader import TERMS
from marketwright.features.notifications.letters.kit import Letter, Told, people
from marketwright.features.terms.queries import everybody_told
from marketwright.kernel.text import Text, say

MOST = 12  # changed paragraphs that a mail shows; the page shows all
LONGEST = 600


def _published(told: Told) -> list[Letter]:
    number = told.event.payload.get("number", 0)
    if told.event.subject != TERMS or not told.event.payload.get("asks") or number < 2:
        return []
    starts = datetime.fromisoformat(told.payload("starts"))
    rows = content.versions(told.session, TERMS)
    newest = {v.language: v for v in rows if v.number == number}
    texts = {code: _changes(v, rows) for code, v in newest.items()}
    letters = []
    for reader in people(told.session, everybody_told(told.session)):
        code = reader.locale if reader.locale in newest else next(iter(newest))
        letters.append(
            Letter(
                reader, say("New terms of %(site)s from %(day)s", site=told.marketplace.name, day=starts),
                (say("From %(day)s new terms apply on %(site)s. Until then those that you know stay in force.",
                     day=starts, site=told.marketplace.name),
                 *texts[code], say("When you sign in after that day you are asked to accept them. "
                                   "If you do not agree, you can close your account until then.")),
                say("Read what changes"), "/terms/changes",
            )
        )  # fmt: skip
    return letters


def _changes(version: VersionRow, rows: list[VersionRow]) -> list[Text]:
    before = next((v for v in rows if v.language == version.language and v.number < version.number), None)
    moved = [c for c in changes(before.text if before else "", version.text) if c.how != "kept"]
    told = [
        say("Added: %(text)s", text=c.text[:LONGEST]) if c.how == "added" else say("Removed: %(text)s",
                                                                                  text=c.text[:LONGEST])
        for c in moved[:MOST]
    ]  # fmt: skip
    return [*told, say("The page shows the other changes too.")] if len(moved) > MOST else told


WRITERS = {e.PUBLISHED: _published}
