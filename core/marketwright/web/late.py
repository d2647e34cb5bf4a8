"""What a form says when somebody saved while it was being filled: nothing typed is lost, nothing there is hidden."""

from collections.abc import Mapping, Sequence
from typing import Any

from marketwright.kernel.errors import Overtaken
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.late import Began, begin, read_began
from marketwright.store.deeds import Deed, last_deed, newest
from marketwright.web.formats import show_datetime
from marketwright.web.forms import Form
from marketwright.web.house import reading, the_viewer
from marketwright.web.i18n import gettext

BEGAN = "began"  # the name under which a form sends what it began with


@dataclass(frozen=True, slots=True)
class Late:
    """What a form shows of the other save: (name, text) of what is there now, and the names of what it took over."""

    now: Sequence[tuple[str, str]]
    taken: Sequence[str]


@dataclass(frozen=True, slots=True)
class Deeds:
    """The deeds of the log that save a form: ``action`` on ``subject``."""

    action: str
    subject: str


def opened(form: Form, parts: Mapping[str, Any], deeds: Deeds) -> None:
    """Let ``form`` remember ``parts`` as they are stored while it is opened; before it accepts what was sent."""
    form.values[BEGAN] = str(begin(parts, newest(reading(), deeds.action, deeds.subject)))


def began_of(form: Form) -> Began | None:
    """What ``form`` began with, as it was sent."""
    return read_began(str(form.get(BEGAN)))


def overtaken(
    form: Form, error: Overtaken, *, stored: Mapping[str, Any], shown: Mapping[str, Any], texts: Mapping[str, str],
    deeds: Deeds, name: str = "",
) -> None:  # fmt: skip
    """Show ``form`` again as it was typed, with what stands there now; saving it again goes through.

    ``stored`` are the parts as they are now, ``shown`` the same as the form shows them, ``texts`` in words. ``name``
    stands for whoever did it where readers do not learn their name.
    """
    began = began_of(form)
    by = last_deed(reading(), deeds.action, deeds.subject, began.after) if began else None
    for part in error.taken:
        form.bring(part, shown.get(part))
    form.late = Late([(p, texts.get(p, "")) for p in error.parts], error.taken)
    kept = gettext("What you typed stands here, what is there now below: saving again puts yours in its place.")
    form.errors[""] = [f"{who_and_when(by, name)} {kept}"]
    opened(form, stored, deeds)


def who_and_when(by: Deed | None, name: str = "") -> str:
    """Who saved meanwhile, in a sentence to the reader; ``name`` instead of theirs."""
    who, when = (name or by.name, show_datetime(by.at)) if by else ("", "")
    if by and by.actor == f"person:{the_viewer().account}":
        return gettext("You changed this in another window while you were writing (%(when)s).", when=when)
    if not who:
        return gettext("Somebody changed this while you were writing.")
    return gettext("%(who)s changed this while you were writing (%(when)s).", who=who, when=when)


def saved_words(taken: Sequence[str]) -> str:
    """What a reader hears of a save that went through; ``taken`` are the parts that others changed meanwhile."""
    if taken:
        return gettext("Saved. What was changed elsewhere meanwhile is kept too.")
    return gettext("Saved.")
