"""A file as a form sends it."""

from flask import request

from marketwright.features.files.checks import LARGEST, Checked
from marketwright.features.files.service import prepare
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.text import say


def sent_file(purpose: str, name: str = "file") -> Checked:
    """The file that the form sent under ``name``, checked and cleaned; raises ``InvalidInput``."""
    sent = request.files.get(name)
    if sent is None or not sent.filename:
        raise InvalidInput({name: [say("Choose a file first.")]})
    return prepare(sent.stream.read(LARGEST + 1), sent.filename, purpose=purpose)
