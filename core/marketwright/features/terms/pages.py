"""The terms that are coming, with what changes; accepting new ones at sign-in."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.content import queries as content
from marketwright.features.content.diffs import Change, changes
from marketwright.features.content.queries import VersionRow
from marketwright.features.terms import queries, service
from marketwright.kernel.errors import Conflict, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.pages import local_path
from marketwright.web.policy import PUBLIC, SIGNED_IN
from marketwright.web.render import render, tell
from marketwright.web.routing import Pages

pages = Pages("terms")


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What changes from one version to the next; ``before`` is ``None`` for the first."""

    version: VersionRow
    before: VersionRow | None
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class AcceptPage:
    """New terms, asked once; ``target`` is where the person was going."""

    version: VersionRow
    before: VersionRow | None
    changes: list[Change]
    target: str


@pages.get("/terms/changes", PUBLIC)
def coming() -> BaseResponse:
    """The terms that are coming, and what changes."""
    market, now = house().marketplace, house().clock.business()
    version = queries.coming(reading(), market, current_locale(), now)
    version = version or queries.binding(reading(), market, current_locale(), now)
    if version is None:
        raise NotFound("There are no other terms than those in force.")
    before = _before(version)
    shown = changes(before.text if before else "", version.text)
    return render("terms/changes.html", ChangesPage(version, before, shown))


@pages.form("/terms/accept", SIGNED_IN)
def accept() -> BaseResponse:
    """Read what has changed, and accept it."""
    me, market = the_viewer(), house().marketplace
    target = local_path(request.values.get("next", "/"))
    version = queries.to_accept(reading(), market, me.account, me.locale, house().clock.business())
    if version is None:
        return redirect(target, 303)
    if request.method == "POST":
        try:
            with unit() as uow:
                service.accept(uow, account=me.account, language=version.language, way="sign_in",
                               shown=request.form.get("version", "") or "unread")  # fmt: skip
                uow.commit()
        except Conflict as changed:
            tell(gettext(changed.template), "error")
            return redirect(url_for("terms.accept", next=target), 303)
        return redirect(target, 303)
    before = queries.accepted(reading(), me.account)
    before = before if before and before.language == version.language else _before(version) if before else None
    shown = changes(before.text, version.text) if before else []
    return render("terms/accept.html", AcceptPage(version, before, shown, target))


def _before(version: VersionRow) -> VersionRow | None:
    """The version that ``version`` follows, in its language."""
    return next((v for v in content.versions(reading(), version.page, version.language)
                 if v.number < version.number), None)  # fmt: skip
