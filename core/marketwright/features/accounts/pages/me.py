"""What a person sets about themselves: the hub, name and language, the freelancer's business."""

from flask import redirect, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.accounts import queries, service
from marketwright.features.accounts.numbers import register_name
from marketwright.features.accounts.pages.base import pages, safe_next
from marketwright.features.accounts.ports import Gate
from marketwright.features.accounts.schemas import Identity, Settings, time_zone_choices
from marketwright.kernel.errors import InvalidInput
from marketwright.kernel.frozen import dataclass
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, translate
from marketwright.web.i18n import gettext as _
from marketwright.web.names import country_choices
from marketwright.web.policy import FREELANCER, SIGNED_IN
from marketwright.web.render import render, tell
from marketwright.web.site import LANGUAGE_NAMES
from marketwright.web.viewer import Membership


@dataclass(frozen=True, slots=True)
class HubContext:
    """The person's pages about themselves, and what is still to do.

    ``waits``: what stands between the freelancer and the lists, conversations and proposals; ``closed``: the
    organisations that may not publish or write to people yet.
    """

    me: queries.AccountRow
    organisations: tuple[Membership, ...]
    business: queries.IdentityRow | None
    sessions: int
    language: str
    plans: bool
    waits: tuple[str, ...]
    closed: frozenset[str]


@dataclass(frozen=True, slots=True)
class SettingsContext:
    """Name, language, time zone."""

    form: Form
    languages: list[tuple[str, str]]
    time_zones: list[tuple[str, list[tuple[str, str]]]]
    email: str
    is_freelancer: bool


@dataclass(frozen=True, slots=True)
class IdentityContext:
    """A legal identity's form; ``register`` is what the number is called in the chosen country.

    ``form_hint`` is what the country's pack says of the legal form, in the reader's language, '' for nothing.
    """

    form: Form
    countries: list[tuple[str, str]]
    register: str
    recorded: queries.IdentityRow | None
    action: str
    next: str = ""
    organisation: str = ""
    organisation_id: str = ""
    form_hint: str = ""


def my_account() -> queries.AccountRow:
    """The viewer's own row."""
    found = queries.account(reading(), the_viewer().account)
    if found is None:
        msg = "a signed-in account has no row"
        raise RuntimeError(msg)
    return found


@pages.get("/me", SIGNED_IN)
def me() -> BaseResponse:
    """Everything a person can set, on one page."""
    row, session, found = my_account(), reading(), the_viewer()
    context = HubContext(
        me=row, organisations=found.organisations, language=LANGUAGE_NAMES.get(row.locale, row.locale),
        business=queries.identity(session, "freelancer", row.id) if row.is_freelancer else None,
        sessions=len(queries.sessions(session, row.id, house().clock.machine())),
        plans=bool(house().marketplace.subscriptions.of("freelancer")),
        waits=_waits("freelancer", row.id, "appear", "contact", "propose") if row.is_freelancer else (),
        closed=frozenset(o.id for o in found.organisations if _waits("organisation", o.id, "publish", "contact")),
    )  # fmt: skip
    return render("accounts/me.html", context)


def _waits(kind: str, owner: str, *gates: str) -> tuple[str, ...]:
    """What ``gates`` still ask for, each once, in words."""
    gate, session = house().ports.get(Gate), reading()
    return tuple(dict.fromkeys(translate(m.label) for g in gates for m in gate.missing(session, g, kind, owner)))


@pages.form("/me/settings", SIGNED_IN)
def settings() -> BaseResponse:
    """Name, language and time zone."""
    row = my_account()
    form = Form(Settings(), {"name": row.name, "locale": row.locale, "time_zone": row.time_zone})
    if request.method == "POST" and form.accept(request.form) and _saved(form, row.id):
        cookie["locale"] = form.value["locale"]
        tell(_("Saved."))
        return redirect(url_for("accounts.me"), 303)
    languages = [(code, LANGUAGE_NAMES.get(code, code)) for code in house().marketplace.languages]
    context = SettingsContext(form, languages, time_zone_choices(), row.email, row.is_freelancer)
    return render("accounts/settings.html", context, status=422 if form.errors else 200)


def _saved(form: Form, account: str) -> bool:
    try:
        with unit() as uow:
            service.save_settings(uow, account=account, **form.value)
            uow.commit()
    except InvalidInput as error:
        form.refuse(error)
        return False
    return True


@pages.post("/me/freelancer", SIGNED_IN)
def become_freelancer() -> BaseResponse:
    """Offer one's own work too."""
    with unit() as uow:
        service.become_freelancer(uow, account=the_viewer().account)
        uow.commit()
    tell(_("You can offer your own work now. Begin with your {profile}."))
    return redirect(safe_next("/me/profile") or url_for("accounts.me"), 303)


@pages.form("/me/business", FREELANCER)
def business() -> BaseResponse:
    """The freelancer's legal identity, asked before the first proposal or signature."""
    found = the_viewer()
    recorded = queries.identity(reading(), "freelancer", found.account)
    return identity_page(
        Form(Identity(), identity_values(recorded, house().marketplace.country)), recorded,
        owner_kind="freelancer", owner_id=found.account, action=url_for("accounts.business"),
        done=url_for("accounts.me"), template="accounts/business.html", person=found.name,
    )  # fmt: skip


def identity_values(recorded: queries.IdentityRow | None, country: str) -> dict[str, str]:
    """What the form of a legal identity begins with."""
    if recorded is None:
        return {"country": country, "vat_regime": "", "purchase_order_rule": "none"}
    names = ("name", "form", "registration_number", "vat_regime", "vat_number", "street", "postcode", "city",
             "country", "signatory_name", "signatory_title", "billing_address", "purchase_order_rule")  # fmt: skip
    return {name: getattr(recorded, name) for name in names}


def identity_page(
    form: Form,
    recorded: queries.IdentityRow | None,
    *,
    owner_kind: str,
    owner_id: str,
    action: str,
    done: str,
    template: str,
    person: str = "",
    organisation: str = "",
) -> BaseResponse:
    """The form of a legal identity, shown or taken; goes to ``next`` or ``done`` when it is recorded."""
    target = safe_next(request.values.get("next"))
    if request.method == "POST" and form.accept(request.form):
        given = form.value if owner_kind == "organisation" else {**form.value, "signatory_name": person}
        try:
            with unit() as uow:
                service.record_identity(uow, owner_kind=owner_kind, owner_id=owner_id, **given)
                uow.commit()
        except InvalidInput as error:
            form.refuse(error)
        else:
            tell(_("Saved."))
            return redirect(target or done, 303)
    pack = house().plugins.identifiers.get(str(form.get("country")))
    context = IdentityContext(
        form, country_choices(), register_name(str(form.get("country")), house().plugins.identifiers), recorded,
        action, target, organisation,
        owner_id if owner_kind == "organisation" else "",
        pack.form_hint.get(current_locale(), "") if pack else "",
    )  # fmt: skip
    return render(template, context, status=422 if form.errors else 200)
