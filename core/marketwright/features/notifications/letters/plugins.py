"""Letters that a plugin asks for through its desk."""

from marketwright.features.notifications import events
from marketwright.features.notifications.letters.kit import Letter, Told, people
from marketwright.features.notifications.saying import restored
from marketwright.kernel.text import Text, say


def _announced(told: Told) -> list[Letter]:
    text = told.payload("text")
    places = told.event.payload.get("places")
    if places is not None:
        message = Text(text, restored(places))
        action = say("Open it") if told.payload("path") else None
        return [
            Letter(reader, message, (message,), action, told.payload("path"))
            for reader in people(told.session, [told.event.subject])
        ]
    first, _, rest = text.partition("\n")
    title = first if len(first) <= 120 else first[:119] + "…"
    shown = [rest] if title == first and rest.strip() else [text]
    paragraphs = tuple(Text("%(text)s", {"text": part}) for part in shown)
    path = told.payload("path")
    action = say("Open it") if path else None
    return [
        Letter(reader, Text("%(text)s", {"text": title}), paragraphs, action, path)
        for reader in people(told.session, [told.event.subject])
    ]


WRITERS = {events.ANNOUNCED: _announced}
