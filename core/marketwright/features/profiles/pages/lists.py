"""Writing what comes in rows: skills, experience, certificates, languages."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import request
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.missions import queries as missions
from marketwright.features.profiles.claiming import merged, replace_claims
from marketwright.features.profiles.claims import ClaimDraft
from marketwright.features.profiles.pages.base import Stored, edits, my_claims, page, pages, save
from marketwright.features.profiles.parts import LISTS, list_parts
from marketwright.features.profiles.queries import ClaimRow
from marketwright.features.profiles.schemas import (
    CertificatesSchema,
    ExperienceSchema,
    LanguagesSchema,
    SkillsSchema,
)
from marketwright.features.profiles.showing import month
from marketwright.features.skills import picker
from marketwright.features.skills.levels import LANGUAGE_LEVELS, SKILL_LEVELS, language_level, skill_level
from marketwright.kernel.late import Began
from marketwright.store.unit import UnitOfWork
from marketwright.web.forms import Form
from marketwright.web.house import reading, the_viewer
from marketwright.web.i18n import current_locale, gettext, ngettext
from marketwright.web.late import opened
from marketwright.web.names import language_choices, language_name
from marketwright.web.policy import FREELANCER
from marketwright.web.rowlists import count, pressed, tidy


@pages.form("/me/profile/skills", FREELANCER)
def skills() -> BaseResponse:
    """Skills with level and years; words become rows."""
    locale = current_locale()
    now = _skills_now()
    form = Form(SkillsSchema(), now.shown)
    opened(form, now.parts, edits())
    if request.method == "POST":
        form.accept(request.form)
        form.errors.clear()
        acted = picker.press(reading(), form, "skills", locale)
        if not acted and not form.errors and form.accept(_typed(form)):
            done = save(form, _skill_writer(form.value["skills"]), _skills_now)
            if done:
                return done
    shown = picker.picker(reading(), form, "skills", locale)
    often = [(r.id, r.label) for r in missions.often_asked(reading(), locale, 10)]
    there = {r.key for r in shown.rows}
    offered = shown.suggestions or [pair for pair in often if pair[0] not in there]
    levels = [(n, gettext(word)) for n, word in SKILL_LEVELS]
    return page(form, "skills", claims="skill", rows=shown.rows, suggestions=offered, all=shown.all, levels=levels)


def _typed(form: Form) -> Any:
    """The form's own values again, as a request would bring them."""
    from werkzeug.datastructures import MultiDict

    return MultiDict(form.values)


def _now(kind: str, row: Callable[[ClaimRow], dict[str, Any]], line: Callable[[ClaimRow], Sequence[str]]) -> Stored:
    """The claims of one kind as they are stored: as rows of the form, and a line of words each."""
    claims, name = my_claims(kind), LISTS[kind]
    parts = list_parts(reading(), the_viewer().account, kind)
    lines = [", ".join(word for word in line(c) if word) for c in claims]
    return Stored(parts, {name: [row(c) for c in claims]}, {name: "\n".join(lines)})


def _skills_now() -> Stored:
    return _now(
        "skill", lambda c: {"key": c.skill_id, "level": c.level, "years": c.years},
        lambda c: (c.title, _word(skill_level(c.level)),
                   ngettext("%(n)s year", "%(n)s years", c.years) if c.years else ""),
    )  # fmt: skip


def _word(level: str) -> str:
    return gettext(level) if level else ""


def _month(text: str) -> str:
    return month(text) if text else ""


def _skill_writer(rows: Sequence[Mapping[str, Any]]) -> Any:
    drafts = merged(ClaimDraft("skill", skill_id=r["key"], level=r["level"], years=r["years"]) for r in rows)
    return _writer("skill", drafts)


def _writer(kind: str, drafts: Sequence[ClaimDraft]) -> Any:
    def write(uow: UnitOfWork, account: str, began: Began | None) -> None:
        replace_claims(uow, profile=account, claims=drafts, kind=kind, began=began)

    return write


@pages.form("/me/profile/experience", FREELANCER)
def experience() -> BaseResponse:
    """The way so far, one row a station."""
    now = _jobs_now()
    form = Form(ExperienceSchema(), now.shown)
    opened(form, now.parts, edits())
    if request.method == "POST" and _sent(form, "jobs"):
        drafts = [
            ClaimDraft("experience", label=r["title"], organisation=r["organisation"], from_month=r["from_month"],
                       to_month=r["to_month"], summary=r["summary"])
            for r in form.value["jobs"]
        ]  # fmt: skip
        done = save(form, _writer("experience", merged(drafts)), _jobs_now)
        if done:
            return done
    return page(form, "experience", claims="experience", rows=count(form, "jobs", least=1))


def _jobs_now() -> Stored:
    return _now(
        "experience",
        lambda c: {"title": c.title, "organisation": c.organisation, "from_month": c.from_month,
                   "to_month": c.to_month, "summary": c.summary},
        lambda c: (c.title, c.organisation, " – ".join((_month(c.from_month), _month(c.to_month))).strip(" –"),
                   c.summary),
    )  # fmt: skip


@pages.form("/me/profile/certificates", FREELANCER)
def certificates() -> BaseResponse:
    """Certificates; their numbers are seen by their owner and the staff alone."""
    now = _certificates_now()
    form = Form(CertificatesSchema(), now.shown)
    opened(form, now.parts, edits())
    if request.method == "POST" and _sent(form, "certificates"):
        drafts = [
            ClaimDraft("certificate", label=r["name"], issuer=r["issuer"], number=r["number"], issued=r["issued"],
                       expires=r["expires"])
            for r in form.value["certificates"]
        ]  # fmt: skip
        done = save(form, _writer("certificate", merged(drafts)), _certificates_now)
        if done:
            return done
    return page(form, "certificates", claims="certificate", rows=count(form, "certificates", least=1))


def _certificates_now() -> Stored:
    return _now(
        "certificate",
        lambda c: {"name": c.title, "issuer": c.issuer, "number": c.number, "issued": c.issued, "expires": c.expires},
        lambda c: (c.title, c.issuer, c.number, " – ".join((_month(c.issued), _month(c.expires))).strip(" –")),
    )  # fmt: skip


@pages.form("/me/profile/languages", FREELANCER)
def languages() -> BaseResponse:
    """Languages and how well."""
    now = _languages_now()
    form = Form(LanguagesSchema(), now.shown)
    opened(form, now.parts, edits())
    if request.method == "POST" and _sent(form, "languages"):
        drafts = [ClaimDraft("language", label=r["code"], level=r["level"]) for r in form.value["languages"]]
        done = save(form, _writer("language", merged(drafts)), _languages_now)
        if done:
            return done
    levels = [(n, gettext(word)) for n, word in LANGUAGE_LEVELS]
    return page(form, "languages", rows=count(form, "languages", least=1), levels=levels, codes=language_choices())


def _languages_now() -> Stored:
    return _now(
        "language", lambda c: {"code": c.title, "level": c.level},
        lambda c: (language_name(c.title), _word(language_level(c.level))),
    )  # fmt: skip


def _sent(form: Form, name: str) -> bool:
    """Take the request; true when it is to be saved: valid, and not only a row added or taken away."""
    data = tidy(request.form, name)
    valid = form.accept(data)
    if pressed(data, name):
        form.errors.clear()
        return False
    return valid
