"""What the pages about one's own profile share."""

from collections.abc import Callable
from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.contracts.registry import service_process
from marketwright.features.profiles import queries, service
from marketwright.features.profiles.ports import Proofs
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.kernel.text import N_
from marketwright.store.unit import UnitOfWork
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext
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


def save(form: Form, write: Callable[[UnitOfWork, str], object]) -> BaseResponse | None:
    """Write in one unit and go back to the overview; ``None`` when the service refused, its reasons in the form."""
    account = the_viewer().account
    try:
        with unit() as uow:
            service.ensure_profile(uow, account=account)
            write(uow, account)
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return None
    tell(gettext("Saved."))
    return redirect(url_for("profiles.overview"), 303)
