"""A file as a form sends it."""

from flask import request
from werkzeug.datastructures import FileStorage

from marketwright.features.files.checks import LARGEST, Checked
from marketwright.features.files.examining import examine
from marketwright.features.files.service import prepare
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.text import say
from marketwright.web.house import house
from marketwright.web.limits import keep_within


def sent_file(purpose: str, name: str = "file") -> Checked:
    """The file that the form sent under ``name``, checked and cleaned; raises ``InvalidInput``."""
    sent = request.files.get(name)
    if sent is None or not sent.filename:
        raise InvalidInput({name: [say("Choose a file first.")]})
    return received(sent, purpose, name)


def received(sent: FileStorage, purpose: str, name: str = "file") -> Checked:
    """A file as it was sent, checked, cleaned and examined; raises ``InvalidInput`` under ``name`` or ``file``."""
    keep_within("uploads", name)
    return inspected(sent, purpose)


def inspected(sent: FileStorage, purpose: str) -> Checked:
    """As :func:`received`, for a page that counts its uploads itself."""
    data = sent.stream.read(LARGEST + 1)
    checked = prepare(data, sent.filename or "", purpose=purpose)
    examine(house().plugins, data=data, name=checked.name, media_type=checked.media_type)
    return checked
