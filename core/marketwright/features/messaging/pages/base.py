"""What the pages of messaging share: faces, the text of a message as markup, uploads, the word on contact details."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any

from flask import request
from markupsafe import Markup, escape
from marshmallow import Schema

from marketwright.features.files import queries as files
from marketwright.features.files import service as file_service
from marketwright.features.files.uploads import received
from marketwright.features.messaging.leaks import Leak, find_leaks
from marketwright.features.messaging.service import LONGEST
from marketwright.features.relations.queries import relation
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.money import Money
from marketwright.web.fields import TextField
from marketwright.web.formats import show_round_money
from marketwright.web.forms import Form
from marketwright.web.house import reading, the_viewer, unit
from marketwright.web.i18n import gettext
from marketwright.web.portraits import portrait
from marketwright.web.routing import Pages

pages = Pages("messaging")
PURPOSE = "message"
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


class MessageSchema(Schema):
    """A message as typed."""

    text = TextField(longest=LONGEST, lines=True)


class ReasonSchema(Schema):
    """Why somebody says no."""

    reason = TextField(longest=LONGEST, lines=True, required=True)


@dataclass(frozen=True, slots=True)
class Face:
    """A person or organisation in a list: initials, and a photo's address or a drawing."""

    initials: str
    photo: str = ""
    portrait: str = ""


def initials(name: str) -> str:
    """Two letters for ``name``."""
    words = [w for w in name.replace("-", " ").split() if w[0].isalnum()]
    return ((words[0][0] + words[-1][0]) if len(words) > 1 else name[:2]).upper()


def face(name: str, seed: str, photo_file: str | None = None) -> Face:
    """The face of a person: their photo, else a drawing that is always the same."""
    letters = initials(name)
    if photo_file:
        return Face(letters, photo=f"/files/{photo_file}")
    return Face(letters, portrait=portrait(seed, letters))


def text_markup(text: str) -> Markup:
    """A message as it was written: paragraphs and line breaks kept, addresses of pages made into links."""
    paragraphs = [p for p in re.split(r"\n{2,}", text.strip()) if p.strip()]
    return Markup("").join(Markup("<p>") + _linked(p) + Markup("</p>") for p in paragraphs)


def _linked(paragraph: str) -> Markup:
    done, at = Markup(""), 0
    for match in _LINK.finditer(paragraph):
        link = Markup('<a href="{0}" rel="nofollow ugc noopener noreferrer">{0}</a>').format(match[0])
        done += escape(paragraph[at : match.start()]) + link
        at = match.end()
    return Markup("<br>").join((done + escape(paragraph[at:])).split("\n"))


def event_text(text: str, params: Mapping[str, Any], who: str) -> str:
    """What happened, in the reader's language; amounts in the reader's way, ``who`` as the reader knows them."""
    shown = {k: show_round_money(Money(v[0], v[1])) if isinstance(v, list) else v for k, v in params.items()}
    return gettext(text) % (shown | {"who": who})


@dataclass(frozen=True, slots=True)
class Draft:
    """A message about to be sent: its form, the files kept so far, the contact details found in it."""

    form: Form
    kept: tuple[files.FileRow, ...] = ()
    leaks: tuple[Leak, ...] = ()
    ready: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as the template wants it."""

    author: str
    mine: bool
    at: datetime
    text: Markup
    person: Face
    files: Sequence[tuple[str, str]] = ()
    seen: bool = False
    event: str = ""
    day: str = ""
    fresh: bool = field(default=False)
    note: str = ""  # what became of it, below its text
    report: str = ""  # where it is reported; '' for who wrote it


def take(schema: Schema, organisation: str, freelancer: str, *, watched: Sequence[str] = ("text",)) -> Draft:
    """What was sent by a form of ``schema``: checked, its files kept, contact details looked for before a contract.

    The draft is ``ready`` when it can be sent as it is: valid, and free of contact details or sent with
    ``as_is`` pressed. Nothing is altered, and nothing is lost when it is not.
    """
    form = Form(schema)
    valid = form.accept(request.form)
    kept = _kept(form)
    if form.errors or not valid:
        return Draft(form, kept)
    leaks = hint(organisation, freelancer, "\n".join(_words(form.value, watched)))
    return Draft(form, kept, leaks, ready=not leaks or request.form.get("as_is") == "1")


def _words(value: Mapping[str, Any], watched: Sequence[str]) -> list[str]:
    return [str(value.get(name) or "") for name in watched]


def hint(organisation: str, freelancer: str, text: str) -> tuple[Leak, ...]:
    """Contact details in ``text``, where the two have no contract yet."""
    found = find_leaks(text)
    if not found or relation(reading(), organisation, freelancer).has_contract:
        return ()
    return found


def _kept(form: Form) -> tuple[files.FileRow, ...]:
    """The files that came with the form: those kept by an earlier try and new ones. A refused one is said."""
    ids = [i for i in request.form.getlist("kept") if i not in request.form.getlist("drop")]
    for upload in request.files.getlist("files"):
        if not upload.filename:
            continue
        try:
            checked = received(upload, PURPOSE, "files")
        except InvalidInput as error:
            form.refuse(InvalidInput({"files": [m for ms in error.errors.values() for m in ms]}))
            continue
        with unit() as uow:
            ids.append(
                file_service.keep(
                    uow, checked=checked, purpose=PURPOSE, owner_kind="account", owner_id=the_viewer().account
                )
            )
            uow.commit()
    found = files.files_by_id(reading(), ids)
    return tuple(f for i in dict.fromkeys(ids) if (f := found.get(i)) and f.uploaded_by == the_viewer().account)
