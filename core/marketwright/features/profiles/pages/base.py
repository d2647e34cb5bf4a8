"""What the pages about one's own profile share."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts.registry import service_process
from marketwright.features.profiles import queries, service
from marketwright.features.profiles.ports import Proofs
from marketwright.features.profiles.tables import Profile
from marketwright.kernel.errors import InvalidInput, Overtaken
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.late import Began
from marketwright.kernel.text import N_
from marketwright.store.unit import UnitOfWork
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.late import Deeds, began_of, overtaken, saved_words
from marketwright.web.render import render, tell
from marketwright.web.routing import Pages

pages = Pages("profiles")

SECTIONS: tuple[tuple[str, str], ...] = (
    ("about", N_("About you")),
    ("skills", N_("Skills")),
    ("availability", N_("Rate and availability")),
    ("experience", N_("Experience")),
    ("certificates", N_("Certificates")),
    ("languages", N_("Languages")),
    ("photo", N_("Photo")),
)


@dataclass(frozen=True, slots=True)
class EditContext:
    """One form about one's profile: its ``tabs``, the titles of ``proved`` entries, and what the form needs besides."""

    form: Form
    tabs: list[tuple[str, str, bool, int | None]]
    section: str
    title: str
    more: dict[str, Any]
    proved: list[str]


def tabs(current: str) -> list[tuple[str, str, bool, int | None]]:
    """The sections as tabs: (label, address, whether it is this one, a count)."""
    entries: list[tuple[str, str, bool, int | None]] = [
        (gettext("Overview"), url_for("profiles.overview"), current == "", None)
    ]
    entries += [(gettext(label), url_for(f"profiles.{name}"), name == current, None) for name, label in SECTIONS]
    if sells_services():
        entries.append((gettext("Services"), url_for("services.mine"), current == "services", None))
    return entries


def sells_services() -> bool:
    """Whether services are sold on this marketplace."""
    return service_process(house().plugins, house().marketplace) is not None


def my_profile() -> queries.ProfileRow | None:
    """The viewer's profile, if they have begun one."""
    return queries.profile(reading(), the_viewer().account)


def my_row() -> Profile | None:
    """The same as it is stored, for what a form began with."""
    return reading().get(Profile, the_viewer().account)


def edits() -> Deeds:
    """What the log calls an edit of it."""
    return Deeds("profile.edited", the_viewer().account)


def my_claims(kind: str) -> list[queries.ClaimRow]:
    """The viewer's claims of one kind, in their order."""
    return queries.claims(reading(), the_viewer().account, current_locale(), kind)


def my_proved(kind: str) -> list[str]:
    """The titles of the viewer's claims of one kind that a check stands behind."""
    proofs = house().ports.get(Proofs).of(reading(), the_viewer().account)
    return [c.title for c in my_claims(kind) if c.id in proofs and proofs[c.id].result == "passed"]


def page(form: Form, section: str, *, claims: str = "", **more: Any) -> BaseResponse:
    """The form of a section, of the kind ``claims`` where it is about claims; 422 where something is to be mended."""
    title = gettext(dict(SECTIONS)[section])
    context = EditContext(form, tabs(section), section, title, more, my_proved(claims) if claims else [])
    return render(f"profiles/edit_{section}.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True, slots=True)
class Stored:
    """What a form is made of as it is stored now: its ``parts``, the same as it shows them, and in words."""

    parts: Mapping[str, Any]
    shown: Mapping[str, Any]
    texts: Mapping[str, str]


def save(
    form: Form, write: Callable[[UnitOfWork, str, Began | None], object], stored: Callable[[], Stored] | None = None
) -> BaseResponse | None:
    """Write in one unit and go back to the overview; ``None`` when the service refused, its reasons in the form.

    ``write`` is given what the form began with, and may return the parts that others changed meanwhile; ``stored`` is
    asked where they changed the same ones.
    """
    account, began = the_viewer().account, began_of(form)
    taken: object = ()
    try:
        with unit() as uow:
            if queries.profile(uow.session, account) is None:
                service.ensure_profile(uow, account=account)
                began = None
            taken = write(uow, account, began)
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return None
    except Overtaken as error:
        reading().rollback()  # what was read before may be older than what was saved
        _overtaken(form, error, stored() if stored else Stored({}, {}, {}))
        return None
    tell(saved_words(taken if isinstance(taken, tuple) else ()))
    return redirect(url_for("profiles.overview"), 303)


def _overtaken(form: Form, error: Overtaken, now: Stored) -> None:
    team = gettext("The team of %(name)s", name=house().marketplace.name)
    overtaken(form, error, stored=now.parts, shown=now.shown, texts=now.texts, deeds=edits(), name=team)
