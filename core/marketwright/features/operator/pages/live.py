"""Going live: the list with its fixes, texts to approve, a test mail."""

import smtplib
from datetime import datetime
from typing import Any

from flask import redirect, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.live import queries, service, texts
from marketwright.features.live.check import Standing, check
from marketwright.features.live.outside import Internet
from marketwright.features.live.points import Point, Verdict
from marketwright.features.live.queries import TrialRow
from marketwright.features.live.reach import server_of
from marketwright.features.live.texts import Approvable
from marketwright.features.live.wording import spoken
from marketwright.features.notifications.post import compose, send_by_smtp
from marketwright.features.notifications.tables import Mail
from marketwright.features.operator.pages.base import pages, show
from marketwright.kernel.errors import InvalidInput, NotFound
from marketwright.kernel.frozen import dataclass
from marketwright.settings.marketplace import Stage
from marketwright.web.fields import TextField
from marketwright.web.forms import Form
from marketwright.web.house import house, reading, the_viewer, unit
from marketwright.web.i18n import _, current_locale, gettext
from marketwright.web.policy import staff
from marketwright.web.render import tell
from marketwright.web.site import LANGUAGE_NAMES

STATES = {Verdict.GOOD: "done", Verdict.MISSING: "todo", Verdict.UNKNOWN: "wait"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One point, in words."""

    name: str
    title: str
    state: str
    says: str
    details: list[str]
    fix: str
    command: str
    href: str


@dataclass(frozen=True, slots=True)
class ReadText:
    """One text to approve: by whom it was, or that it waits."""

    subject: str
    label: str
    language: str
    speaks: str
    version: str
    href: str
    approved: str
    note: str
    at: datetime | None
    changed: str


@dataclass(frozen=True, slots=True)
class LiveContext:
    """The whole page."""

    stage: str
    points: list[Shown]
    next: Shown | None
    done: int
    texts: list[ReadText]
    trial: TrialRow | None
    mail_set: bool
    mail_form: Form
    text_form: Form


class Trial(Schema):
    """Where a test mail goes."""

    address = TextField(longest=254, required=True)


class Approving(Schema):
    """Who has approved a text."""

    name = TextField(longest=200, required=True)
    note = TextField(longest=1000)


def shown(point: Point) -> Shown:
    """A point in the reader's language."""
    return Shown(
        point.name, spoken(point.title), STATES[point.verdict], spoken(point.says), [spoken(d) for d in point.details],
        spoken(point.fix) if point.fix else "", point.command, point.href,
    )  # fmt: skip


@pages.get("/live", staff("settings.read"))
def live() -> BaseResponse:
    """The list, asked of this machine and of the network."""
    return _page(Form(Trial(), {"address": the_viewer().email}), Form(Approving(), {"name": the_viewer().name}))


def _page(mail_form: Form, text_form: Form, status: int = 200) -> BaseResponse:
    session, market = reading(), house().marketplace
    standing: Standing = check(house(), session, Internet())
    first = standing.next
    context = LiveContext(
        stage=str(market.stage), points=[shown(p) for p in standing.points], next=shown(first) if first else None,
        done=len(standing.of(Verdict.GOOD)), texts=[_read(a) for a in _approvables()],
        trial=queries.newest_trial(session, sender=market.mail.sender, server=server_of(market.mail.smtp)),
        mail_set=bool(market.mail.smtp), mail_form=mail_form, text_form=text_form,
    )  # fmt: skip
    return show("live.html", context, status=status)


def _approvables() -> list[Approvable]:
    session, market, now = reading(), house().marketplace, house().clock.business()
    return [*texts.terms(session, market, now), *texts.templates(session, market, house().plugins)]


def _read(a: Approvable) -> ReadText:
    said = a.approved
    return ReadText(
        a.subject, spoken(a.label), a.language, LANGUAGE_NAMES.get(a.language, a.language), a.version, a.href,
        said.name if said else "", said.note if said else "", said.at if said else None,
        a.before.name if a.before else "",
    )  # fmt: skip


@pages.post("/live/mail", staff("settings.change"))
def live_mail() -> BaseResponse:
    """Send a test mail now; what the mail server says is said here."""
    form, market = Form(Trial()), house().marketplace
    if not form.accept(request.form):
        return _page(form, Form(Approving()), 422)
    if not market.mail.smtp:
        form.errors = {"address": [_("Set mail.smtp in marketplace.toml first.")]}
        return _page(form, Form(Approving()), 422)
    try:
        with unit() as uow:
            trial = service.ask_trial(uow, address=form.value["address"], sender=market.mail.sender,
                                      server=server_of(market.mail.smtp))  # fmt: skip
            uow.commit()
        send_by_smtp(market, compose(market, _letter(trial, form.value["address"])))
    except InvalidInput as error:
        form.refuse(error)
        return _page(form, Form(Approving()), 422)
    except (OSError, smtplib.SMTPException) as error:
        form.errors = {"address": [_("The mail server did not take it: %(why)s", why=str(error)[:300])]}
        return _page(form, Form(Approving()), 422)
    tell(_("Sent. Open the link in it."))
    return redirect(url_for("operator.live") + "#mail", 303)


def _letter(trial: str, address: str) -> Any:
    market = house().marketplace
    code = service.trial_code(trial, market.secret_key)
    return Mail(
        id=trial, address=address, locale=current_locale(), kind="live.trial",
        subject=gettext("A test mail from %(site)s", site=market.name),
        body=[gettext("If you read this, mails of the site arrive. Please say so by the link.")],
        action_label=gettext("Yes, it arrived"), action_url=f"{market.base_url}/live/mail/{code}",
    )  # fmt: skip


@pages.post("/live/approve", staff("settings.change"))
def live_approve() -> BaseResponse:
    """Record who approved a text; only the one that is in force now can be approved."""
    subject, language, digest = (request.form.get(k, "") for k in ("subject", "language", "version"))
    text = next((a for a in _approvables() if (a.subject, a.language) == (subject, language)), None)
    if text is None or text.version != digest:
        raise NotFound("There is no such text, or it has just changed. Look at the list again.")
    form = Form(Approving())
    if not form.accept(request.form):
        return _page(Form(Trial(), {"address": the_viewer().email}), form, 422)
    with unit() as uow:
        service.approve(uow, text=text, name=form.value["name"], note=form.value.get("note") or "")
        uow.commit()
    tell(_("Recorded."))
    return redirect(url_for("operator.live") + "#texts", 303)


@dataclass(frozen=True, slots=True)
class LiveCard:
    """The first page's part: ``whole`` lists every point (the test stage), else only what is missing."""

    stage: str
    done: int
    all: int
    next: Shown | None
    points: list[Shown]


def card() -> LiveCard | None:
    """What the first page says of going live; ``None`` where nothing is to be said. Asks nothing of the network."""
    stage = house().marketplace.stage
    if not the_viewer().may("settings.read"):
        return None
    standing = check(house(), reading())
    first = standing.next
    if stage is Stage.LIVE and first is None:
        return None
    return LiveCard(str(stage), len(standing.of(Verdict.GOOD)), len(standing.points), shown(first) if first else None,
                    [shown(p) for p in standing.points])  # fmt: skip
