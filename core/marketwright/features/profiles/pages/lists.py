"""Writing what comes in rows: skills, experience, certificates, languages."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from werkzeug.wrappers import Response as BaseResponse

from marketwright.features.missions import queries as missions
from marketwright.features.profiles.claiming import merged, replace_claims
from marketwright.features.profiles.claims import ClaimDraft
from marketwright.features.profiles.pages.base import my_claims, page, pages, save
from marketwright.features.profiles.queries import ClaimRow
from marketwright.features.profiles.schemas import (
    CertificatesSchema,
    ExperienceSchema,
    LanguagesSchema,
    SkillsSchema,
)
from marketwright.features.skills import picker
from marketwright.features.skills.levels import LANGUAGE_LEVELS, SKILL_LEVELS
from marketwright.store.unit import UnitOfWork
from marketwright.web.forms import Form
from marketwright.web.house import reading
from marketwright.web.i18n import current_locale, gettext
from marketwright.web.names import language_choices
from marketwright.web.policy import FREELANCER
from marketwright.web.rowlists import count, pressed, tidy


@pages.form("/me/profile/skills", FREELANCER)
def skills() -> BaseResponse:
    """Skills with level and years; words become rows."""
    locale = current_locale()
    form = Form(SkillsSchema(), {"skills": [_skill_row(c) for c in my_claims("skill")]})
    if request.method == "POST":
        form.accept(request.form)
        form.errors.clear()
        acted = picker.press(reading(), form, "skills", locale)
        if not acted and not form.errors and form.accept(_typed(form)):
            done = save(form, _skill_writer(form.value["skills"]))
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


def _skill_row(claim: ClaimRow) -> dict[str, Any]:
    return {"key": claim.skill_id, "level": claim.level, "years": claim.years}


def _skill_writer(rows: Sequence[Mapping[str, Any]]) -> Any:
    drafts = merged(ClaimDraft("skill", skill_id=r["key"], level=r["level"], years=r["years"]) for r in rows)
    return _writer("skill", drafts)


def _writer(kind: str, drafts: Sequence[ClaimDraft]) -> Any:
    def write(uow: UnitOfWork, account: str) -> None:
        replace_claims(uow, profile=account, claims=drafts, kind=kind)

    return write


@pages.form("/me/profile/experience", FREELANCER)
def experience() -> BaseResponse:
    """The way so far, one row a station."""
    rows = [
        {"title": c.title, "organisation": c.organisation, "from_month": c.from_month, "to_month": c.to_month,
         "summary": c.summary}
        for c in my_claims("experience")
    ]  # fmt: skip
    form = Form(ExperienceSchema(), {"jobs": rows})
    if request.method == "POST" and _sent(form, "jobs"):
        drafts = [
            ClaimDraft("experience", label=r["title"], organisation=r["organisation"], from_month=r["from_month"],
                       to_month=r["to_month"], summary=r["summary"])
            for r in form.value["jobs"]
        ]  # fmt: skip
        done = save(form, _writer("experience", merged(drafts)))
        if done:
            return done
    return page(form, "experience", claims="experience", rows=count(form, "jobs", least=1))


@pages.form("/me/profile/certificates", FREELANCER)
def certificates() -> BaseResponse:
    """Certificates; their numbers are seen by their owner and the staff alone."""
    rows = [
        {"name": c.title, "issuer": c.issuer, "number": c.number, "issued": c.issued, "expires": c.expires}
        for c in my_claims("certificate")
    ]
    form = Form(CertificatesSchema(), {"certificates": rows})
    if request.method == "POST" and _sent(form, "certificates"):
        drafts = [
            ClaimDraft("certificate", label=r["name"], issuer=r["issuer"], number=r["number"], issued=r["issued"],
                       expires=r["expires"])
            for r in form.value["certificates"]
        ]  # fmt: skip
        done = save(form, _writer("certificate", merged(drafts)))
        if done:
            return done
    return page(form, "certificates", claims="certificate", rows=count(form, "certificates", least=1))


@pages.form("/me/profile/languages", FREELANCER)
def languages() -> BaseResponse:
    """Languages and how well."""
    rows = [{"code": c.title, "level": c.level} for c in my_claims("language")]
    form = Form(LanguagesSchema(), {"languages": rows})
    if request.method == "POST" and _sent(form, "languages"):
        drafts = [ClaimDraft("language", label=r["code"], level=r["level"]) for r in form.value["languages"]]
        done = save(form, _writer("language", merged(drafts)))
        if done:
            return done
    levels = [(n, gettext(word)) for n, word in LANGUAGE_LEVELS]
    return page(form, "languages", rows=count(form, "languages", least=1), levels=levels, codes=language_choices())


def _sent(form: Form, name: str) -> bool:
    """Take the request; true when it is to be saved: valid, and not only a row added or taken away."""
    data = tidy(request.form, name)
    valid = form.accept(data)
    if pressed(data, name):
        form.errors.clear()
        return False
    return valid
