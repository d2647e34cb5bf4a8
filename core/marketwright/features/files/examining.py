"""What a plugin's scanner says of an upload; where none is enabled, nothing is asked."""

import logging
from typing import cast

from marketwright.hooks.manager import Entry, Plugins
from marketwright.kernel.errors import InvalidInput, MarketwrightError
from marketwright.kernel.text import say
from marketwright.strategies.adapters import ScanAdapter

log = logging.getLogger("marketwright.files")
_SHOWN = 120  # characters of a scanner's answer


def examine(plugins: Plugins, *, data: bytes, name: str, media_type: str) -> None:
    """Have ``data`` examined as it was sent; ``InvalidInput`` for what is harmful, and where the scanner is silent."""
    entry = plugins.adapters.get("scan")
    if entry is None:
        return
    scanner = cast("Entry[ScanAdapter]", entry)
    try:
        found = scanner.ask("examine", lambda a: a.examine(data, name, media_type))
    except MarketwrightError as failed:
        raise InvalidInput({
            "file": [say("The file cannot be examined just now, so it was not kept. Send it again in a minute.")]
        }) from failed  # fmt: skip
    if found:
        harm = str(found)[:_SHOWN]
        log.warning("an upload was refused: %s found %r", entry.plugin, harm)
        raise InvalidInput({"file": [say("The file is harmful (%(harm)s), so it was not kept.", harm=harm)]})
