"""Acting as a persona and moving time; neither exists above the demo stage."""

from datetime import timedelta

from flask import request, session
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from marketwright.features.accounts import queries as accounts
from marketwright.features.accounts.sessions import end_session, start_session
from marketwright.kernel.actors import Actor
from marketwright.kernel.errors import InvalidInput, NotFound
from marketwright.kernel.text import N_, say
from marketwright.settings.marketplace import Stage
from marketwright.store.database import move_clock
from marketwright.web.house import house, reading, unit
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.pages import local_path
from marketwright.web.policy import PUBLIC
from marketwright.web.render import tell
from marketwright.web.routing import Pages

pages = Pages("demo", prefix="/demo")
STEPS = {
    "1h": timedelta(hours=1), "1d": timedelta(days=1), "3d": timedelta(days=3), "7d": timedelta(days=7),
    "14d": timedelta(days=14), "30d": timedelta(days=30),
}  # fmt: skip
_POLICY = PUBLIC.objects("exists at the demo stage only")


def _only_demo() -> None:
    if house().marketplace.stage is not Stage.DEMO:
        raise NotFound(N_("There is nothing here."))


@pages.post("/act-as", _POLICY)
def act_as() -> Response:
    """Be a persona, or a visitor again."""
    _only_demo()
    chosen = request.form.get("persona", "")
    known = {p.id: p for p in accounts.personas(reading())}
    if chosen and chosen not in known:
        raise InvalidInput({"persona": [say("There is no such persona; choose one of the list.")]})
    token = session.pop("sid", None)
    language = current_locale()
    session.clear()
    session["locale"] = language
    with unit(Actor(kind="person", id=chosen, name=known[chosen].name) if chosen else None) as uow:
        if token:
            end_session(uow, token=token)
        if chosen:
            session["sid"] = start_session(
                uow, account=chosen, address=request.remote_addr or "", agent=str(request.user_agent)[:200]
            )
        uow.commit()
    return redirect(local_path(request.form.get("return_to", "/")), 303)


WOKEN = (  # whoever looks at days of business time; they come round by themselves only every few minutes
    "contracts.clock", "papers.clock", "proposals.expire", "vetting.expire", "vetting.advance", "payments.sweep",
    "corrections.due", "subscriptions.look_after", "reviews.show",
)  # fmt: skip


@pages.post("/move-time", _POLICY)
def move_time() -> Response:
    """Move business time forward; what became due happens in the worker."""
    _only_demo()
    step = STEPS.get(request.form.get("by", ""))
    if step is None:
        raise InvalidInput({"by": [say("Choose one of the steps of the list.")]})
    with unit() as uow:
        move_clock(uow, step)
        for job in WOKEN:
            uow.job(job, key="moved")
        uow.commit()
    house().database.clock.forget()
    tell(gettext(N_("Time was moved. What became due happens within a few seconds.")), "info")
    return redirect(local_path(request.form.get("return_to", "/")), 303)
