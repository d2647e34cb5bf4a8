"""The door for messages from outside: ``/in/<plugin>``."""

import logging

from flask import abort, request
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.inbox.service import LONGEST, receive
from marketwright.kernel.errors import PluginFailed
from marketwright.strategies.inbox import BadMessage, Message
from marketwright.web.house import house
from marketwright.web.policy import PUBLIC
from marketwright.web.routing import Pages
from marketwright.web.security import csrf

log = logging.getLogger("marketwright.inbox")
pages = Pages("inbox")


@pages.post("/in/<plugin>", PUBLIC.objects("whoever signs as the plugin's manifest says"))
def message(plugin: str) -> BaseResponse:
    """A message: stored, then answered. 400 for a bad signature, 413 for too much, 503 when it should come again."""
    if (request.content_length or 0) > LONGEST:
        abort(413)
    body = request.stream.read(LONGEST + 1)
    if len(body) > LONGEST:
        abort(413)
    headers = {name.lower(): value for name, value in request.headers.items() if name.lower() != "cookie"}
    try:
        receive(house(), plugin, Message(body, headers))
    except BadMessage as bad:
        log.warning("a message for %s was refused: %s", plugin, bad)
        house().plugins.meters.note(plugin, "inbox refused", 0.0, str(bad))
        return BaseResponse("bad signature\n", 400, content_type="text/plain")
    except PluginFailed:
        return BaseResponse("try again later\n", 503, content_type="text/plain")
    return BaseResponse("stored\n", 200, content_type="text/plain")


csrf.exempt(message)  # the sender has no session: its signature is what is checked
